// A secret that is shown is copied only in the way that clears it again, and is not left in view.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { entry, openApp } from "./host";

const SECRET = "eyJhbGciOiJSUzI1NiJ9.secret.sig";

async function reveal() {
  const view = await openApp({
    reveal_token: () => SECRET,
    copy_from_entry: () => ({ clearedAfterSeconds: 60 }),
  });
  issue.show(entry());
  await fireEvent.click(await view.findByTestId("reveal-token"));
  const text = await view.findByTestId("token-text");
  const copy = async () => {
    const event = new Event("copy", { bubbles: true, cancelable: true });
    await fireEvent(document.getSelection()?.anchorNode?.parentElement ?? document.body, event);
    return event.defaultPrevented;
  };
  const select = (node: Node, from?: number, to?: number) => {
    const range = document.createRange();
    if (from === undefined) range.selectNodeContents(node);
    else {
      range.setStart(node.firstChild as Node, from);
      range.setEnd(node.firstChild as Node, to ?? from);
    }
    document.getSelection()?.removeAllRanges();
    document.getSelection()?.addRange(range);
  };
  return { ...view, text, copy, select };
}

beforeEach(() => (app.screen = "issue"));
afterEach(() => {
  vi.restoreAllMocks();
  document.getSelection()?.removeAllRanges();
});

it("copied by hand it goes through the host, whole or in part, alone or with what is around it", async () => {
  const view = await reveal();
  view.select(view.text);
  expect(await view.copy()).toBe(true);
  view.select(view.text, 3, 9);
  expect(await view.copy()).toBe(true);
  view.select(document.body);
  expect(await view.copy()).toBe(true);
  expect(view.callsOf("copy_from_entry")).toEqual(Array(3).fill({ id: "e0", kind: "token" }));
  await waitFor(() => expect(view.getAllByTestId("toast")[0]?.textContent).toContain("Token copied"));
});

it("leaves other texts to the web view", async () => {
  const view = await reveal();
  view.select(view.getByTestId("endpoint"));
  expect(await view.copy()).toBe(false);
  document.getSelection()?.removeAllRanges();
  expect(await view.copy()).toBe(false);
  await fireEvent.click(view.getByTestId("reveal-token"));
  view.select(document.body);
  expect(await view.copy()).toBe(false);
  expect(view.callsOf("copy_from_entry")).toEqual([]);
});

it("cannot be dragged out", async () => {
  const view = await reveal();
  const event = new Event("dragstart", { bubbles: true, cancelable: true });
  await fireEvent(view.text, event);
  expect(event.defaultPrevented).toBe(true);
});

it("is hidden again once the window is hidden, or was left for half a minute", async () => {
  const view = await reveal();
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await fireEvent(document, new Event("visibilitychange"));
  await waitFor(() => expect(view.queryByTestId("token-text")).toBeNull());
  vi.restoreAllMocks();

  await fireEvent.click(view.getByTestId("reveal-token"));
  await view.findByTestId("token-text");
  vi.useFakeTimers();
  await fireEvent.blur(window);
  vi.advanceTimersByTime(20_000);
  await fireEvent.focus(window);
  vi.advanceTimersByTime(60_000);
  expect(view.queryByTestId("token-text")).not.toBeNull();
  await fireEvent.blur(window);
  vi.advanceTimersByTime(30_001);
  vi.useRealTimers();
  await waitFor(() => expect(view.queryByTestId("token-text")).toBeNull());
});
