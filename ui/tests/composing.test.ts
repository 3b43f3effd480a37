// The Enter and Escape of an input method end or drop a composition, and are no commands.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { history } from "../src/lib/screens/history/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { openForm, type } from "./form";
import { entry, openApp } from "./host";

/** As most engines tell of it, and as WebKit does, after the composition's end. */
const COMPOSING = [
  ["while it composes", { isComposing: true }],
  ["as WebKit ends it", { keyCode: 229 }],
] as const;
const KEYS = ["Enter", "Escape", "ArrowDown", "ArrowUp", "Delete", "c", "?", "/", "1"];

describe.each(COMPOSING)("a key %s", (_, mark) => {
  const press = async (target: Element | Window, key: string, more: object = {}) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...mark, ...more });
    await fireEvent(target, event);
    return event;
  };

  it("reaches no listener, whoever adds it", async () => {
    const view = await openForm();
    const heard = vi.fn();
    const field = view.field("label");
    for (const target of [window, document, document.body, field])
      for (const capture of [true, false]) target.addEventListener("keydown", heard, { capture });
    for (const key of KEYS)
      for (const more of [{}, { ctrlKey: true }, { ctrlKey: true, shiftKey: true }, { altKey: true }])
        expect((await press(field, key, more)).defaultPrevented).toBe(false);
    expect(heard).not.toHaveBeenCalled();
    await fireEvent.keyDown(field, { key: "x" });
    expect(heard).toHaveBeenCalled();
    for (const target of [window, document, document.body])
      for (const capture of [true, false]) target.removeEventListener("keydown", heard, { capture });
  });

  it("picks nothing in a box, and issues nothing", async () => {
    const view = await openForm();
    await type(view.field("lang"), "germ");
    await press(view.field("lang"), "Enter");
    await press(view.field("lang"), "Enter", { ctrlKey: true });
    expect(view.field("lang").value).toBe("germ");
    expect(issue.lang).toBe("germ");
    await press(view.field("lang"), "Escape");
    expect(view.getAllByTestId("field-lang-option").length).toBe(1);
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("saves no label, and drops none", async () => {
    const view = await openApp({
      history_summary: () => ({ total: 1, days: [{ day: "2026-10-09", count: 1 }], counts: { all: 1 } }),
      history_page: () => [entry()],
      set_label: () => entry(),
    });
    app.go("history");
    await view.findByTestId("history-row");
    await history.select(0, true);
    await fireEvent.click(await view.findByTestId("label-edit"));
    const input = (await view.findByTestId("label-input")) as HTMLInputElement;
    await type(input, "にほ");
    await press(input, "Enter");
    await press(input, "Escape");
    expect(view.callsOf("set_label")).toEqual([]);
    expect((view.getByTestId("label-input") as HTMLInputElement).value).toBe("にほ");
    await fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(view.callsOf("set_label")).toEqual([{ id: "e0", label: "にほ" }]));
  });

  it("closes no dialog", async () => {
    const view = await openForm();
    app.shortcutsOpen = true;
    const dialog = await view.findByTestId("shortcuts");
    await press(dialog, "Escape");
    expect(app.shortcutsOpen).toBe(true);
    await fireEvent.keyDown(dialog, { key: "Escape" });
    await waitFor(() => expect(app.shortcutsOpen).toBe(false));
  });
});

beforeEach(() => {
  app.shortcutsOpen = false;
});
