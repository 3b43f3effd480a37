// What a server sends may hold the same thing twice, and Svelte throws on two equal keys, also in a release
// build. So a block is keyed by its index, or by an id that this app makes itself.
const OWN_IDS = new Set([
  "entry.id",
  "workspace.id",
  "preset.id",
  "toast.id",
  "webhook.id",
  // A row of an editor or a tree, a line of the log, a section and a place of a list: all counted here.
  "row.id",
  "row.at",
  "line.key",
  "section.index",
  "place",
]);

export default {
  meta: {
    type: "problem",
    docs: { description: "Key each-blocks by their index, or by an id that this app makes." },
    messages: {
      foreign: "Key this by its index: {{key}} may come twice, and then nothing is drawn.",
    },
    schema: [],
  },
  create(context) {
    return {
      SvelteEachBlock(node) {
        if (!node.key) return;
        const key = context.sourceCode.getText(node.key);
        if (node.index && key === node.index.name) return;
        if (!OWN_IDS.has(key)) context.report({ node: node.key, messageId: "foreign", data: { key } });
      },
    };
  },
};
