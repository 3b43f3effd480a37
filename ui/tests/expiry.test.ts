import { fireEvent } from "@testing-library/svelte";
import { tick } from "svelte";
import { describe, expect, it, vi } from "vitest";
import {
  elapsedWords,
  formatElapsed,
  formatLeft,
  formatLeftBriefly,
  inSteps,
  fractionLeft,
  runFor,
  shortElapsed,
  statusOf,
  wholeSteps,
} from "../src/lib/expiry";
import { issue } from "../src/lib/state/issue.svelte";
import { entry, openApp, run } from "./host";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("the time left", () => {
  it.each([
    [0, "00:00"],
    [-5, "00:00"],
    [1, "00:01"],
    [999, "00:01"],
    [1001, "00:02"],
    [57 * MINUTE + 12_000, "57:12"],
    [HOUR - 1, "1 h 00"],
    [2 * HOUR + 5 * MINUTE, "2 h 05"],
    [DAY - 1000, "23 h 59"],
    [DAY, "1 d 0 h"],
    [30 * DAY - 1, "30 d 0 h"],
    [29 * DAY + 23 * HOUR + 59 * MINUTE, "29 d 23 h"],
  ])("of %i ms is %s", (ms, words) => expect(formatLeft(ms)).toBe(words));

  it.each([
    [0, "00:00"],
    [5 * MINUTE - 1, "05:00"],
    [5 * MINUTE, "5 min"],
    [57 * MINUTE + 12_000, "57 min"],
    [HOUR - 1000, "59 min"],
    [HOUR - 1, "1 h 00"],
    [30 * DAY - 1, "30 d 0 h"],
  ])("of %i ms is %s in a list", (ms, words) => expect(formatLeftBriefly(ms)).toBe(words));

  it("grows by ten seconds after the first ten", () => {
    const shown = [0, 4_200, 9_999, 10_000, 19_999, 192_000, NaN].map(inSteps);
    expect(shown).toEqual([0, 4_200, 9_999, 10_000, 10_000, 190_000, NaN]);
  });

  it("moves by whole steps, and is gone only at the end", () => {
    const shown = [1, 0.99, 0.5, 0.001, 0, -1, 2].map((fraction) => wholeSteps(fraction, 40));
    expect(shown).toEqual([1, 1, 0.5, 0.025, 0, 0, 1]);
  });

  it("is a share of the lifetime, never above the whole", () => {
    const token = { expiresAt: 1000, lifetimeMs: 1000 };
    expect([fractionLeft(token, 250), fractionLeft(token, -500), fractionLeft(token, 1000)]).toEqual([
      0.75, 1, 0,
    ]);
    expect(fractionLeft({ expiresAt: 1000, lifetimeMs: null }, 0)).toBe(1);
  });
});

describe("the time a run took", () => {
  it.each([
    [-5, "0 s", "0 s"],
    [59_999, "59 s", "59 s"],
    [192_000, "3 min 12 s", "3 min"],
    [2 * HOUR + 5 * MINUTE, "2 h 05 min", "2 h 05"],
    [3 * DAY + 4 * HOUR, "3 d 4 h", "3 d"],
  ])("of %i ms is %s, or %s", (ms, full, short) => {
    expect([formatElapsed(ms), shortElapsed(ms)]).toEqual([full, short]);
  });

  it("goes on while it is open and stands still at its last status", () => {
    const facts = { startedAt: 1000, statusAt: 4000 };
    expect(runFor({ ...facts, state: "open" }, 9000)).toBe(8000);
    expect(runFor({ ...facts, state: "completed" }, 9000)).toBe(3000);
    expect(runFor({ ...facts, state: "open" }, 0)).toBe(0);
    // Its end is when somebody first saw it, so it took that long at most.
    expect(elapsedWords({ ...facts, state: "open" }, 9000)).toBe("8 s");
    expect(elapsedWords({ ...facts, state: "ended" }, 9000)).toBe("≤ 3 s");
  });
});

describe("the status", () => {
  const token = entry({ expiresAt: HOUR });
  it.each([
    [HOUR - 5 * MINUTE, "active"],
    [HOUR - 5 * MINUTE + 1, "expiring"],
    [HOUR - 1, "expiring"],
    [HOUR, "expired"],
  ])("at %i is %s", (now, status) => expect(statusOf(token, now)).toBe(status));

  it.each([
    ["open", null, HOUR, "active"],
    ["open", null, 1, "running"],
    ["open", null, 2, "running"],
    ["open", 5, HOUR, "running"],
    ["open", 5, 1, "running"],
    ["open", null, null, "running"],
    ["completed", null, HOUR, "completed"],
    ["completed", 5, 1, "completed"],
    ["ended", null, HOUR, "ended"],
    ["ended", 5, null, "ended"],
  ] as const)(
    "of a run that is %s, its token used at %s, ending at %s, is %s",
    (state, usedAt, expiresAt, status) => {
      const at = 2;
      expect(statusOf(entry({ kind: "run", run: run({ state }), usedAt, expiresAt }), at)).toBe(status);
      // A run that was never started has no status of its own.
      expect(
        statusOf(entry({ kind: "run", run: run({ state }), usedAt, expiresAt, state: "failed" }), at),
      ).toBe("failed");
    },
  );

  it("of a link is superseded until it was used", () => {
    const link = { masked: "https://x/…", supersededAt: 7 };
    const is = (changes: Parameters<typeof entry>[0]) => statusOf(entry({ kind: "link", ...changes }), 8);
    expect(is({ link, expiresAt: HOUR })).toBe("superseded");
    expect(is({ link, expiresAt: 1 })).toBe("superseded");
    expect(is({ link, expiresAt: HOUR, usedAt: 3 })).toBe("used");
    expect(is({ link: { ...link, supersededAt: null }, expiresAt: HOUR })).toBe("active");
  });

  it("used, failed and unknown do not depend on the time", () => {
    for (const now of [0, 2 * HOUR]) {
      expect(statusOf({ ...token, usedAt: 5 }, now)).toBe("used");
      expect(statusOf({ ...token, state: "failed" }, now)).toBe("failed");
      expect(statusOf({ ...token, state: "unknown" }, now)).toBe("unknown");
      expect(statusOf({ ...token, state: "pending" }, now)).toBe("pending");
    }
  });
});

describe("the token card", () => {
  const START = new Date(2026, 9, 6, 14, 0, 0).getTime();

  async function cardOf(lifetimeMs: number) {
    vi.useFakeTimers({ now: START, toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
    const view = await openApp();
    issue.show(entry({ expiresAt: START + lifetimeMs, lifetimeMs }));
    await view.findByTestId("token-card");
    const card = () => view.getByTestId("token-card");
    const left = () => view.getByTestId("time-left").textContent?.trim();
    const status = () => card().querySelector("[data-testid=token-status]")?.getAttribute("data-status");
    /** Lets the clock run, as it does while the window is open. */
    const run = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      await tick();
    };
    return { ...view, card, left, status, run };
  }

  it("counts down, turns to expiring under 5:00 and to expired at the end", async () => {
    const { left, status, run, card, getByTestId, queryByTestId } = await cardOf(10 * MINUTE);
    expect(status()).toBe("active");
    const begun = left();
    expect(begun).toMatch(/^(10:00|09:5\d)$/);
    await run(3000);
    expect(left()).not.toBe(begun);

    vi.setSystemTime(START + 5 * MINUTE - 500);
    await run(1600);
    expect(status()).toBe("expiring");
    expect(left()).toMatch(/^04:5\d$/);
    expect(card().textContent).toContain("Less than five minutes left");
    expect(getByTestId("copy-token")).toBeTruthy();

    vi.setSystemTime(START + 10 * MINUTE - 500);
    await run(1600);
    expect(status()).toBe("expired");
    expect(left()).toBe("Expired");
    expect(card().textContent).toContain("at 14:10");
    expect(queryByTestId("copy-token")).toBeNull();
    expect(queryByTestId("preview")).toBeNull();
    expect(card().textContent).toContain("Issue again");
  });

  it("is right at once after the computer slept", async () => {
    const { left, status } = await cardOf(30 * MINUTE);
    expect(status()).toBe("active");
    // No timer fires in sleep: the clock jumps, and the window gets the focus.
    vi.setSystemTime(START + 27 * MINUTE);
    await fireEvent(window, new Event("focus"));
    await tick();
    expect(status()).toBe("expiring");
    expect(left()).toMatch(/^0[23]:\d\d$/);
    vi.setSystemTime(START + 3 * HOUR);
    await fireEvent(document, new Event("visibilitychange"));
    await tick();
    expect(status()).toBe("expired");
  });

  it("says about where the end is assumed", async () => {
    const { card } = await cardOf(HOUR);
    expect(card().textContent).toMatch(/until\s+15:00:00/);
    issue.show(entry({ expiresAt: START + HOUR, expirySource: "assumed" }));
    await tick();
    expect(card().textContent).toMatch(/until\s+about 15:00:00/);
  });
});
