// A window that is left alone does nothing: nothing turns, and the host is not asked again and again.
import { readdirSync, readFileSync } from "node:fs";
import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { Screen } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { clock } from "../src/lib/state/clock.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { appState, Calls, entry, openApp, run, WORKFLOW_ID } from "./host";

const SCREENS: Screen[] = ["issue", "runs", "history", "webhooks", "workspaces", "settings"];
const tones = ["success", "expiring", "failed", "slow"] as const;
const scenarios = tones.map((tone) => ({ workflowId: WORKFLOW_ID + tone, name: tone, summary: tone, tone }));
const summary = { total: 0, days: [], counts: {} };

beforeEach(() => {
  app.screen = "issue";
});

describe("left alone", () => {
  it("nothing turns on any screen", async () => {
    const view = await openApp({
      app_state: () => appState({ scenarios }),
      history_summary: () => summary,
      history_page: () => [],
      listener: () => ({ state: "off" }),
      received_webhooks: () => [],
    });
    expect(view.getAllByTestId("scenario").length).toBe(tones.length);
    for (const screen of SCREENS) {
      app.go(screen);
      await waitFor(() => expect(view.container.querySelector(".spin")).toBeNull());
    }
  });

  it("an entry is read once for each change of the history", async () => {
    // An answer is another object each time, as it is from the host.
    const view = await openApp({ history_entry: () => entry() });
    issue.show(entry());
    await view.findByTestId("token-card");
    for (const reads of [1, 2, 3]) {
      await emit("history-changed", null);
      await waitFor(() => expect(view.callsOf("history_entry").length).toBe(reads));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(view.callsOf("history_entry").length).toBe(3);
  });
});

describe("what turns", () => {
  it("turns while something is under way", async () => {
    const view = await openApp({ issue_token: () => new Promise(() => undefined) });
    await fireEvent.click(view.getByTestId("issue-submit"));
    await waitFor(() => expect(view.container.querySelector(".spin")).not.toBeNull());
  });

  it("has one class for all that turns without end", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" });
    const endless = files
      .filter((file) => /\.(svelte|css)$/.test(file))
      .flatMap((file) => [...readFileSync(`src/${file}`, "utf8").matchAll(/([^{}]*)\{[^{}]*\binfinite\b/g)])
      .map(([, rule]) => rule?.trim());
    expect(endless.sort()).toEqual([".spin", ".turning"]);
  });
});

describe("the time of a row", () => {
  const at = (now: number, changes: Parameters<typeof entry>[0]) => {
    clock.now = now;
    return clock.forRow(entry(changes));
  };
  const HOUR = 3_600_000;

  it("goes by steps while no second would be seen", () => {
    const times = [0, 1_000, 9_999, 10_000].map((now) => at(now, { expiresAt: HOUR }));
    expect(times).toEqual([0, 0, 0, 10_000]);
    expect(at(HOUR + 20_500, { expiresAt: HOUR })).toBe(HOUR + 20_000);
  });
  it("is exact about the end and at the beginning of a run", () => {
    const soon = HOUR - 5 * 60_000;
    expect(at(soon - 500, { expiresAt: HOUR })).toBe(soon - 500);
    expect(at(HOUR - 1, { expiresAt: HOUR })).toBe(HOUR - 1);
    expect(at(HOUR + 500, { expiresAt: HOUR })).toBe(HOUR + 500);
    expect(at(8_500, { expiresAt: null, run: run({ startedAt: 0 }) })).toBe(8_500);
    expect(at(31_500, { expiresAt: null, run: run({ startedAt: 0 }) })).toBe(30_000);
  });
});

describe("the guard of every test", () => {
  it("tells a command that is called again and again", () => {
    const calls = new Calls();
    for (let time = 0; time < 40; time += 1) calls.add("history_entry", {}, time * 5);
    expect(calls.tooOften()).toEqual(["history_entry"]);
  });

  it("lets a person be quick", () => {
    const calls = new Calls();
    for (let time = 0; time < 40; time += 1) calls.add("history_page", {}, time * 100);
    expect(calls.tooOften()).toEqual([]);
  });
});
