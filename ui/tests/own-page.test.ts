// Nothing that a web view does by itself takes the page, and what is typed in it, away.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openForm } from "./form";

/** Whether the window kept the web view from doing what it does with this event. */
function kept(target: EventTarget, event: Event): boolean {
  target.dispatchEvent(event);
  return event.defaultPrevented;
}
const of = (name: string, init: object = {}) =>
  Object.assign(new Event(name, { bubbles: true, cancelable: true }), init);
const key = (name: string, init: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init });
const mouse = (name: string, button: number) =>
  new MouseEvent(name, { button, bubbles: true, cancelable: true });
const dragged = (name: string, type: string) =>
  of(name, { dataTransfer: { types: [type], dropEffect: "copy" } });

describe("the web view", () => {
  it("shows its own menu, with Reload, in texts and on selected text only", async () => {
    const view = await openForm();
    const heading = view.getByRole("heading", { level: 1 });
    for (const target of [
      document.body,
      heading,
      view.getByTestId("issue-submit"),
      view.getByTestId("nav-runs"),
    ])
      expect(kept(target, mouse("contextmenu", 2))).toBe(true);
    expect(kept(view.field("label"), mouse("contextmenu", 2))).toBe(false);
    document.getSelection()?.selectAllChildren(heading);
    expect(kept(heading, mouse("contextmenu", 2))).toBe(false);
    for (const target of [view.getByTestId("nav-runs"), document.body])
      expect(kept(target, mouse("contextmenu", 2))).toBe(true);
    document.getSelection()?.removeAllRanges();
  });

  it.each([
    ["F5", {}],
    ["F5", { ctrlKey: true }],
    ["r", { ctrlKey: true }],
    ["R", { ctrlKey: true, shiftKey: true }],
    ["ArrowLeft", { altKey: true }],
    ["ArrowRight", { altKey: true }],
    ["BrowserBack", {}],
    ["BrowserRefresh", {}],
  ] as [string, KeyboardEventInit][])("neither reloads nor goes back by %s %o", async (name, init) => {
    const view = await openForm();
    expect(kept(view.field("label"), key(name, init))).toBe(true);
    expect(kept(document.body, key(name, init))).toBe(true);
  });

  it("leaves the keys of a text alone, and goes nowhere by the mouse's own buttons", async () => {
    const view = await openForm();
    for (const name of ["ArrowLeft", "Home", "a"]) expect(kept(view.field("label"), key(name))).toBe(false);
    for (const name of ["mousedown", "mouseup", "auxclick"])
      for (const button of [3, 4]) expect(kept(document.body, mouse(name, button))).toBe(true);
    expect(kept(document.body, mouse("mousedown", 0))).toBe(false);
  });

  it("opens no file and no link that is dropped on it, and takes a text into a text", async () => {
    const view = await openForm();
    for (const name of ["dragover", "drop"]) {
      for (const type of ["Files", "text/uri-list"])
        expect(kept(document.body, dragged(name, type))).toBe(true);
      expect(kept(view.field("label"), dragged(name, "Files"))).toBe(true);
      expect(kept(view.field("label"), dragged(name, "text/plain"))).toBe(false);
    }
  });

  it("is kept so in the preview too", () => {
    expect(readFileSync("src/preview/main.ts", "utf8")).toContain("keepOwnPage()");
  });
});
