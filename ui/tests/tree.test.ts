import { mockIPC } from "@tauri-apps/api/mocks";
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import TreeView from "../src/lib/components/TreeView.svelte";
import { openAtFirst, rowAt, rowsOf, topsOf, TREE_ROW, valueOf } from "../src/lib/components/tree";
import type { NodeKind, Tree, TreeNode } from "../src/lib/host";

/** The tree of a JSON value, as the host makes it. Numbers are given as their text. */
class Num {
  constructor(readonly text: string) {}
}
function treeOf(value: object, truncated = false): Tree {
  const nodes: TreeNode[] = [];
  const put = (name: string, of: unknown, depth: number) => {
    const add = (kind: NodeKind, text: string, children = 0) =>
      nodes.push({ depth, name, kind, text, children });
    if (of instanceof Num) add("number", of.text);
    else if (typeof of === "object" && of !== null) {
      const members = Object.entries(of);
      const list = Array.isArray(of);
      add(list ? "array" : "object", `${members.length} ${list ? "items" : "fields"}`, members.length);
      for (const [key, member] of members) put(key, member, depth + 1);
    } else add(of === null ? "null" : (typeof of as NodeKind), String(of));
  };
  for (const [name, of] of Object.entries(value)) put(name, of, 0);
  return { nodes, truncated, bytes: 10 };
}

const LONG = "A long remark. ".repeat(20).trim();
const SOME = {
  status: "COMPLETED",
  score: new Num("12345678901234567890"),
  person: { name: 'Zoë "Z"', note: LONG, pep: null, ids: [new Num("1e400"), true] },
  none: {},
};

function show(tree: Tree) {
  const copied: string[] = [];
  mockIPC((name, args) => {
    if (name !== "copy_text") throw new Error(name);
    copied.push((args as { text: string }).text);
    return null;
  });
  const view = render(TreeView, { tree, label: "Result" });
  const box = view.getByTestId("tree");
  const names = () => view.getAllByTestId("tree-row").map((row) => row.dataset.name);
  const active = () => box.querySelector<HTMLElement>('[aria-selected="true"]')?.dataset.name;
  const press = async (...keys: string[]) => {
    for (const key of keys) await fireEvent.keyDown(box, { key });
  };
  return { ...view, box, names, active, press, copied };
}

describe("what a tree shows", () => {
  const tree = treeOf(SOME);
  const all = new Set(tree.nodes.keys());

  it("is what is open, with the place among its siblings and what it is in", () => {
    expect(rowsOf(tree, new Set()).map((row) => [row.node.name, row.place, row.of])).toEqual([
      ["status", 1, 4],
      ["score", 2, 4],
      ["person", 3, 4],
      ["none", 4, 4],
    ]);
    const ids = rowsOf(tree, all).find((row) => row.node.name === "ids");
    expect([ids?.place, ids?.of, tree.nodes[ids?.parent ?? -1]?.name]).toEqual([4, 4, "person"]);
    // Nothing within a closed branch, whatever is open in there.
    const inner = rowsOf(tree, new Set([7]));
    expect(inner.map((row) => row.node.name)).not.toContain("ids");
  });

  it("opens at first what makes a short list, and no more", () => {
    expect(rowsOf(tree, openAtFirst(tree))).toHaveLength(tree.nodes.length);
    const wide = treeOf({ list: Array.from({ length: 500 }, (_, n) => ({ n: new Num(String(n)) })) });
    expect(rowsOf(wide, openAtFirst(wide))).toHaveLength(1);
  });

  it("stands at the height of the rows above, open texts measured", () => {
    const rows = rowsOf(tree, all);
    const note = rows.findIndex((row) => row.node.name === "note");
    const at = rows[note]?.at ?? -1;
    const tops = topsOf(rows, new Map([[at, 100]]));
    expect(tops[note]).toBe(note * TREE_ROW);
    expect(tops[note + 1]).toBe((note + 1) * TREE_ROW + 100);
    for (const [index, top] of tops.slice(0, -1).entries()) expect(rowAt(tops, top)).toBe(index);
    expect(rowAt(tops, (tops[note + 1] ?? 0) - 1)).toBe(note);
    expect(rowAt(tops, 1e9)).toBe(rows.length - 1);
    expect(rowAt(topsOf([], new Map()), 5)).toBe(0);
  });

  it("is copied as it is: a text bare, a branch as JSON, numbers untouched", () => {
    const at = (name: string) => tree.nodes.findIndex((node) => node.name === name);
    expect(valueOf(tree, at("status"))).toBe("COMPLETED");
    expect(valueOf(tree, at("score"))).toBe("12345678901234567890");
    expect(valueOf(tree, at("none"))).toBe("{}");
    const person = valueOf(tree, at("person"));
    expect(person).toContain('"ids": [\n    1e400,\n    true\n  ]');
    expect(JSON.parse(person)).toMatchObject({ name: 'Zoë "Z"', note: LONG, pep: null });
  });
});

describe("the tree", () => {
  it("opens, closes and moves by keyboard, and the list around it hears nothing of that", async () => {
    const view = show(treeOf(SOME));
    let heard = 0;
    const listen = () => (heard += 1);
    window.addEventListener("keydown", listen);
    expect(view.active()).toBe("status");
    await view.press("ArrowDown", "ArrowDown", "ArrowLeft");
    expect(view.names()).toEqual(["status", "score", "person", "none"]);
    await view.press("ArrowRight", "ArrowRight");
    expect(view.active()).toBe("name");
    await view.press("ArrowLeft");
    expect(view.active()).toBe("person");
    await view.press("End");
    expect(view.active()).toBe("none");
    await view.press("ArrowDown", "Home", "ArrowUp");
    expect(view.active()).toBe("status");
    expect(heard).toBe(0);
    await view.press("Escape");
    expect(heard).toBe(1);
    window.removeEventListener("keydown", listen);
    const item = view.box.querySelector('[data-name="person"]');
    expect([item?.getAttribute("aria-level"), item?.getAttribute("aria-expanded")]).toEqual(["1", "true"]);
  });

  it("cuts a long text, and shows the whole of it when opened", async () => {
    const view = show(treeOf(SOME));
    expect(view.queryByTestId("tree-long")).toBeNull();
    const note = view.box.querySelector('[data-name="note"] .line');
    await fireEvent.click(note as Element);
    expect(view.getByTestId("tree-long").textContent).toBe(LONG);
    await view.press("Enter");
    expect(view.queryByTestId("tree-long")).toBeNull();
  });

  it("copies by key and by button", async () => {
    const view = show(treeOf(SOME));
    await view.press("ArrowDown", "c");
    const copy = view.box.querySelector('[data-name="ids"] [data-testid="tree-copy"]');
    await fireEvent.click(copy as Element);
    await waitFor(() => expect(view.copied).toEqual(["12345678901234567890", "[\n  1e400,\n  true\n]"]));
  });

  it("draws few of 5,000 rows", async () => {
    const list = Array.from({ length: 4999 }, (_, n) => new Num(String(n)));
    const view = show(treeOf({ list }));
    await view.press("ArrowRight");
    expect(view.getAllByTestId("tree-row").length).toBeLessThan(60);
    await view.press("End");
    expect(view.box.getAttribute("aria-activedescendant")).toMatch(/-4999$/);
    expect((view.box.firstElementChild as HTMLElement).style.height).toBe(`${5000 * TREE_ROW}px`);
  });

  it("says that it was cut, and offers no half of a branch", () => {
    const view = show(treeOf({ whole: { a: true }, half: { b: true } }, true));
    expect(view.getByTestId("tree-truncated").textContent).toContain("first 4 values");
    const copies = (name: string) => view.box.querySelectorAll(`[data-name="${name}"] [data-copy]`).length;
    expect([copies("whole"), copies("half"), copies("b")]).toEqual([1, 0, 1]);
  });

  it("says that there is nothing in it", () => {
    const view = render(TreeView, { tree: { nodes: [], truncated: false, bytes: 2 }, label: "Result" });
    expect(view.getByTestId("tree-empty")).toBeTruthy();
  });
});
