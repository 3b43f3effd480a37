// macOS 13.0 to 13.2 has WebKit 16.1 to 16.3. It cannot read these, and a script with one of them in it ends
// where it stands: at once for a literal, when it is drawn for `new RegExp`.
const UNREADABLE = [
  [/\(\?<[=!]/, "lookbehind"],
  [/\(\?(?:[ims]+(?:-[ims]*)?|-[ims]+):/, "flags inside an expression"],
];

/** What WebKit 16.1 cannot read in a regular expression; null where it can. */
export function unreadable(pattern, flags = "") {
  if (flags.includes("v")) return "the flag v";
  // An escaped bracket opens no group, and within a class nothing does.
  const bare = pattern.replace(/\\[\s\S]/g, "").replace(/\[[^\]]*\]/g, "");
  const found = UNREADABLE.find(([form]) => form.test(bare));
  if (found) return found[1];
  const names = [...bare.matchAll(/\(\?<([^>=!]+)>/g)].map(([, name]) => name);
  return new Set(names).size < names.length ? "one name for two groups" : null;
}

/** The text of a literal or of a template without anything put in. */
function textOf(node) {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral") return node.quasis.map(({ value }) => value.cooked).join(" ");
  return null;
}

export default {
  meta: {
    type: "problem",
    docs: { description: "Use only regular expressions that WebKit 16.1 can read." },
    messages: { unreadable: "macOS 13.0 to 13.2 cannot read this regular expression: {{what}}." },
    schema: [],
  },
  create(context) {
    const check = (node, pattern, flags) => {
      const what = unreadable(pattern, flags);
      if (what) context.report({ node, messageId: "unreadable", data: { what } });
    };
    const made = (node) => {
      if (node.callee.type !== "Identifier" || node.callee.name !== "RegExp") return;
      const [pattern, flags] = node.arguments;
      check(node, textOf(pattern) ?? "", textOf(flags) ?? "");
    };
    return {
      Literal(node) {
        if (node.regex) check(node, node.regex.pattern, node.regex.flags);
        // A text that becomes an expression somewhere else is the same fault, only later.
        else if (typeof node.value === "string" && /\(\?<[=!]/.test(node.value)) check(node, node.value, "");
      },
      TemplateElement(node) {
        check(node, node.value.cooked ?? "", "");
      },
      NewExpression: made,
      CallExpression: made,
    };
  },
};
