// An asynchronous method that is called in an effect reads state before its first `await`. What it reads becomes
// what the effect depends on, and when its answer is put there the effect runs again, without end. So work that is
// started in an effect is started in `untrack`, and what the effect depends on is read outside.
const EFFECTS = new Set(["$effect", "$effect.pre", "$effect.root"]);
const CONTINUATIONS = new Set(["then", "catch", "finally"]);
const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"]);

/** The first call of a chain: `tick` of `tick().then(…)`. */
function firstOf(node, source) {
  let first = node;
  while (first.type === "CallExpression" && first.callee.type === "MemberExpression") {
    if (first.callee.object.type !== "CallExpression") break;
    first = first.callee.object;
  }
  return first.type === "CallExpression" ? source.getText(first.callee) : "";
}

export default {
  meta: {
    type: "problem",
    docs: { description: "Start no asynchronous work in an effect but in `untrack`." },
    messages: {
      async: "This may feed itself: read what the effect depends on, then start the work in `untrack`.",
    },
    schema: [],
  },
  create(context) {
    const source = context.sourceCode;
    const keys = source.visitorKeys;

    const starts = (node) => {
      if (node.type === "AwaitExpression") return true;
      const call = node.type === "UnaryExpression" && node.operator === "void" ? node.argument : node;
      if (call.type !== "CallExpression") return false;
      // It waits for the page, and reads nothing.
      if (firstOf(call, source) === "tick") return false;
      if (call !== node) return true;
      const callee = call.callee;
      if (callee.type !== "MemberExpression") return false;
      return CONTINUATIONS.has(callee.property.name) || source.getText(callee.object) === "host";
    };
    // What a function that is handed on does is done later, when nothing is tracked any more.
    const look = (node) => {
      if (!node || FUNCTIONS.has(node.type)) return;
      if (starts(node)) return context.report({ node, messageId: "async" });
      for (const key of keys[node.type] ?? []) for (const child of [node[key]].flat()) look(child);
    };
    return {
      CallExpression(node) {
        if (!EFFECTS.has(source.getText(node.callee))) return;
        const [effect] = node.arguments;
        if (!effect || !FUNCTIONS.has(effect.type)) return;
        if (effect.async) context.report({ node: effect, messageId: "async" });
        else look(effect.body);
      },
    };
  },
};
