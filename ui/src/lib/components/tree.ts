// What a tree shows of its nodes, where each row stands, and how a value is written for the clipboard.
import type { Tree, TreeNode } from "../host";

export const TREE_ROW = 24;
/** A text longer than this is cut until it is opened. */
const LONG = 120;
/** A tree opens its first levels as long as no more rows than these come of it. */
const ROWS_AT_FIRST = 60;

export const isBranch = (node: TreeNode) => node.kind === "object" || node.kind === "array";
export const isLong = (node: TreeNode) =>
  node.kind === "string" && (node.text.length > LONG || /[\n\r]/.test(node.text));
/** Whether there is more to a node than its row. */
export const opens = (node: TreeNode) => (isBranch(node) ? node.children > 0 : isLong(node));

export interface Row {
  /** The place of the node in the tree. */
  at: number;
  node: TreeNode;
  open: boolean;
  /** Of its siblings: which one, and of how many. */
  place: number;
  of: number;
  /** The place of the node it is in; -1 at the top. */
  parent: number;
}

/** The rows of what is open, in order. */
export function rowsOf(tree: Tree, open: ReadonlySet<number>): Row[] {
  const { nodes } = tree;
  const top = nodes.reduce((sum, node) => sum + (node.depth === 0 ? 1 : 0), 0);
  const rows: Row[] = [];
  // The branches that lead to the node at hand, and how many of their children came so far.
  const above: { at: number; came: number; of: number }[] = [{ at: -1, came: 0, of: top }];
  let hidden = Infinity;
  for (const [at, node] of nodes.entries()) {
    if (node.depth > hidden) continue;
    hidden = Infinity;
    above.length = node.depth + 1;
    const parent = above[node.depth];
    if (!parent) continue;
    parent.came += 1;
    const isOpen = opens(node) && open.has(at);
    rows.push({ at, node, open: isOpen, place: parent.came, of: parent.of, parent: parent.at });
    if (isBranch(node) && !isOpen) hidden = node.depth;
    above[node.depth + 1] = { at, came: 0, of: node.children };
  }
  return rows;
}

/** Which branches are open at first: level by level, as long as it stays a short list. */
export function openAtFirst(tree: Tree): Set<number> {
  const open = new Set<number>();
  let rows = tree.nodes.filter((node) => node.depth === 0).length;
  for (let depth = 0; depth < 3; depth += 1) {
    const level = [...tree.nodes.entries()].filter(([, node]) => node.depth === depth && isBranch(node));
    const more = level.reduce((sum, [, node]) => sum + node.children, 0);
    if (level.length === 0 || rows + more > ROWS_AT_FIRST) break;
    for (const [at] of level) open.add(at);
    rows += more;
  }
  return open;
}

/** Where each row stands; the last one is where the list ends. Open texts are as high as was measured. */
export function topsOf(rows: Row[], heights: ReadonlyMap<number, number>): number[] {
  const tops = [0];
  let top = 0;
  for (const row of rows) {
    const more = row.open && !isBranch(row.node) ? (heights.get(row.at) ?? 4 * TREE_ROW) : 0;
    top += TREE_ROW + more;
    tops.push(top);
  }
  return tops;
}

/** The row at a height. */
export function rowAt(tops: number[], height: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The place after the last node within a node. */
export function endOf(tree: Tree, at: number): number {
  const depth = tree.nodes[at]?.depth ?? 0;
  let end = at + 1;
  while (end < tree.nodes.length && (tree.nodes[end]?.depth ?? 0) > depth) end += 1;
  return end;
}

/** Whether all of a value is there: of a tree that was cut, its last branches may not be. */
export function isWhole(tree: Tree, at: number): boolean {
  const node = tree.nodes[at];
  return node !== undefined && (!isBranch(node) || !tree.truncated || endOf(tree, at) < tree.nodes.length);
}

/** A value as a person would paste it: a text bare, the rest as JSON. Numbers stay as they are written. */
export function valueOf(tree: Tree, at: number): string {
  const node = tree.nodes[at];
  if (!node) return "";
  return isBranch(node) ? jsonOf(tree, at, "") : node.text;
}

function jsonOf(tree: Tree, at: number, indent: string): string {
  const node = tree.nodes[at];
  if (!node) return "null";
  if (node.kind === "string") return JSON.stringify(node.text);
  if (!isBranch(node)) return node.text;
  const deeper = `${indent}  `;
  const members: string[] = [];
  const end = endOf(tree, at);
  for (let child = at + 1; child < end; child = endOf(tree, child)) {
    const name = node.kind === "object" ? `${JSON.stringify(tree.nodes[child]?.name ?? "")}: ` : "";
    members.push(`${deeper}${name}${jsonOf(tree, child, deeper)}`);
  }
  const [before, after] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
  return members.length === 0 ? before + after : `${before}\n${members.join(",\n")}\n${indent}${after}`;
}
