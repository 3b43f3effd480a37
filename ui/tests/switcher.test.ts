import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { monograms } from "../src/lib/monograms";
import { app } from "../src/lib/state/app.svelte";
import { indexOfTyped } from "../src/lib/switching";
import { appState, demo, openApp, velmora } from "./host";

const named = (...names: string[]) => names.map((name, at) => ({ ...velmora, id: `w${at}`, name }));

describe("the workspace switcher", () => {
  async function open(...names: string[]) {
    const view = await openApp({ app_state: () => appState({ workspaces: [demo, ...named(...names)] }) });
    app.switcherOpen = true;
    const menu = await view.findByTestId("switcher-menu");
    await waitFor(() => expect(menu.contains(document.activeElement)).toBe(true));
    return { ...view, menu, highlighted: () => document.activeElement?.textContent?.trim() ?? "" };
  }

  it.each([
    ["stand", "Stand-in KS"],
    ["stand-in o", "Stand-in OT"],
    ["acme p", "Acme Production"],
    ["łó", "Łódź"],
    ["prod", "Acme Production"],
  ])("highlights what is typed: %s", async (typed, name) => {
    const view = await open("Sim", "Stand-in KS", "Stand-in OT", "Acme Test", "Acme Production", "Łódź");
    for (const key of typed) await fireEvent.keyDown(document.activeElement ?? view.menu, { key, code: "" });
    expect(view.highlighted()).toMatch(new RegExp(`^${name}`));
    expect(app.switcherOpen).toBe(true);
  });

  it("chooses nothing where nothing has the name that is typed", async () => {
    const view = await open("Sim", "Stand-in KS");
    for (const key of "simx") await fireEvent.keyDown(document.activeElement ?? view.menu, { key });
    const before = app.workspace?.id;
    await fireEvent.keyDown(document.activeElement ?? view.menu, { key: "Enter" });
    expect(app.switcherOpen).toBe(true);
    expect(app.workspace?.id).toBe(before);
  });
});

describe("finding a workspace", () => {
  it("prefers the name that begins so", () => {
    expect(indexOfTyped(["Velmora test", "Test"], "test")).toBe(1);
    expect(indexOfTyped(["Velmora – production"], "PROD")).toBe(0);
    expect(indexOfTyped(["Velmora"], "elm")).toBe(-1);
  });
});

describe("the letters of workspaces", () => {
  it("tell all of them apart", () => {
    const names = [
      "Demo",
      "Sim",
      "Stand-in KS",
      "Stand-in OT",
      "S",
      "Simulator",
      "Simulation",
      "🦊 fox",
      "Ł",
    ];
    const letters = monograms(names);
    expect(letters.get("Demo")).toBe("D");
    expect(letters.get("Stand-in KS")).toBe("SK");
    expect(letters.get("Stand-in OT")).toBe("SO");
    expect(new Set(letters.values()).size).toBe(names.length);
    expect([...letters.values()].every((two) => Array.from(two).length <= 2)).toBe(true);
  });
});
