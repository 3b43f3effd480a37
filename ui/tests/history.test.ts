import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { HistoryEntry, HistoryFilter } from "../src/lib/host";
import { dayOf } from "../src/lib/format";
import { history } from "../src/lib/screens/history/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { clock } from "../src/lib/state/clock.svelte";
import { appState, demo, entry, error, liveOf, openApp } from "./host";

const HOUR = 3_600_000;

/** A history as the host would answer for it. */
function store(entries: HistoryEntry[]) {
  let all = entries;
  const matching = (filter: HistoryFilter) =>
    all.filter(
      (e) =>
        (filter.since === null || e.requestedAt >= filter.since) &&
        (filter.status === "all" || e.state === filter.status) &&
        (!filter.search || (e.label ?? "").includes(filter.search)),
    );
  return {
    history_summary: ({ filter }: { filter: HistoryFilter }) => {
      const rows = matching(filter);
      const base = matching({ ...filter, status: "all" });
      const days = new Map<string, number>();
      for (const row of rows) days.set(dayOf(row.requestedAt), (days.get(dayOf(row.requestedAt)) ?? 0) + 1);
      const failed = base.filter((e) => e.state === "failed").length;
      return {
        counts: {
          all: base.length,
          live: 0,
          used: 0,
          expired: 3,
          failed,
          unknown: 0,
          previews: 0,
          running: 0,
          completed: 0,
          open: 0,
        },
        total: rows.length,
        days: [...days].map(([day, count]) => ({ day, count })),
      };
    },
    history_page: (args: { filter: HistoryFilter; offset: number; limit: number }) =>
      matching(args.filter).slice(args.offset, args.offset + args.limit),
    history_entry: ({ id }: { id: string }) => all.find((e) => e.id === id) ?? Promise.reject(error()),
    forget_entries: ({ ids }: { ids: string[] }) => {
      all = all.filter((e) => !ids.includes(e.id));
      return ids.length;
    },
    restore_entries: () => 1,
    clear_expired: () => ["a", "b", "c"],
    set_label: ({ id, label }: { id: string; label: string }) => {
      all = all.map((e) => (e.id === id ? { ...e, label } : e));
      return all.find((e) => e.id === id);
    },
    copy_from_entry: () => ({ clearedAfterSeconds: 60 }),
  } as unknown as Record<string, (args: Record<string, never>) => unknown>;
}

const some = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    entry({
      id: `e${n}`,
      label: `ticket ${n}`,
      requestedAt: Date.now() - n * HOUR,
      ...(n % 3 === 2 ? { state: "failed", hasToken: false, httpStatus: 404, error: error() } : {}),
    }),
  );

const key = (name: string, more = {}) =>
  fireEvent.keyDown(document.activeElement ?? window, { key: name, ...more });

async function openHistory(entries: HistoryEntry[], answers = {}) {
  const view = await openApp({ ...store(entries), ...answers });
  app.go("history");
  const drawer = () => view.queryByTestId("history-drawer")?.dataset.entry;
  return { ...view, drawer };
}

beforeEach(() => {
  app.screen = "issue";
});

describe("the history", () => {
  it("draws the rows in view, under their days", async () => {
    const view = await openHistory(some(500));
    const rows = await view.findAllByTestId("history-row");
    expect(rows[0]?.textContent).toContain("ticket 0");
    expect(rows.length).toBeLessThan(80);
    expect(view.getByTestId("history-table").getAttribute("aria-rowcount")).toBe("501");
    expect(view.getAllByTestId("history-day")[0]?.textContent).toContain("Today");
  });

  it("moves by keyboard, opens, copies, closes", async () => {
    const view = await openHistory(some(300));
    await view.findAllByTestId("history-row");
    view.getByTestId("history-table").focus();
    await key("Home");
    await key("ArrowDown");
    expect(view.drawer()).toBeUndefined();
    await key("Enter");
    await waitFor(() => expect(view.drawer()).toBe("e1"));
    await key("ArrowUp");
    await waitFor(() => expect(view.drawer()).toBe("e0"));
    await key("c");
    await waitFor(() => expect(view.callsOf("copy_from_entry")).toEqual([{ id: "e0", kind: "token" }]));
    // The last row is on a page that has to be read first.
    await key("End");
    await waitFor(() => expect(view.drawer()).toBe("e299"));
    await key("Escape");
    await waitFor(() => expect(view.drawer()).toBeUndefined());
  });

  it("waits for a page that is on its way, whichever row of it is meant", async () => {
    const answers = store(some(300));
    let come = () => undefined as void;
    const arrived = new Promise<void>((resolve) => (come = resolve));
    const view = await openHistory([], {
      ...answers,
      history_page: async (args: { offset: number }) => {
        if (args.offset >= 200) await arrived;
        return answers.history_page?.(args as unknown as Record<string, never>);
      },
    });
    await fireEvent.click((await view.findAllByText("ticket 0"))[0] as HTMLElement);
    await waitFor(() => expect(view.drawer()).toBe("e0"));
    await key("End");
    await key("ArrowUp");
    come();
    await waitFor(() => expect(view.drawer()).toBe("e298"));
  });

  it("searches from / and Ctrl+F, and a letter typed there is a letter", async () => {
    const view = await openHistory(some(30));
    await view.findAllByTestId("history-row");
    await key("/");
    const search = view.getByTestId("history-search");
    expect(document.activeElement).toBe(search);
    await fireEvent.input(search, { target: { value: "ticket 7" } });
    await waitFor(() => expect(view.getAllByTestId("history-row")).toHaveLength(1));
    await key("c");
    await key("Delete");
    expect(view.callsOf("copy_from_entry")).toEqual([]);
    expect(view.queryByTestId("confirm")).toBeNull();
    await key("Escape");
    await waitFor(() => expect(view.getAllByTestId("history-row").length).toBeGreaterThan(1));
    search.blur();
    await key("f", { ctrlKey: true });
    expect(document.activeElement).toBe(search);
  });

  it("asks before it forgets, and then offers the way back", async () => {
    const view = await openHistory(some(10));
    await fireEvent.click((await view.findAllByText("ticket 3"))[0] as HTMLElement);
    await waitFor(() => expect(view.drawer()).toBe("e3"));
    await key("Delete");
    await view.findByTestId("confirm");
    expect(view.callsOf("forget_entries")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("forget_entries")).toEqual([{ ids: ["e3"] }]));
    // The next one is in its place.
    await waitFor(() => expect(view.drawer()).toBe("e4"));
    await fireEvent.click(await view.findByTestId("toast-action"));
    expect(view.callsOf("restore_entries")).toEqual([{ ids: ["e3"] }]);
  });

  it("acts on no entry that the filters took away", async () => {
    const view = await openHistory(some(30), { issue_token: () => entry() });
    await fireEvent.click((await view.findAllByText("ticket 3"))[0] as HTMLElement);
    await waitFor(() => expect(view.drawer()).toBe("e3"));
    await key("Escape");
    await waitFor(() => expect(view.drawer()).toBeUndefined());
    await fireEvent.click(view.getByTestId("filter-failed"));
    await waitFor(() => expect(view.queryByText("ticket 3")).toBeNull());
    view.getByTestId("history-table").blur();
    await key("Delete");
    await key("c");
    await key("c", { ctrlKey: true, shiftKey: true });
    await key("Enter", { ctrlKey: true, shiftKey: true });
    expect(view.queryByTestId("confirm")).toBeNull();
    expect([...view.callsOf("copy_from_entry"), ...view.callsOf("issue_token")]).toEqual([]);
  });

  it("acts on no entry that left the list by itself", async () => {
    const rows = some(30);
    const view = await openHistory(rows);
    await fireEvent.click((await view.findAllByText("ticket 3"))[0] as HTMLElement);
    await key("Escape");
    await waitFor(() => expect(view.drawer()).toBeUndefined());
    rows.splice(3, 1);
    await emit("history-changed", null);
    await waitFor(() => expect(view.queryByText("ticket 3")).toBeNull());
    await key("Delete");
    expect(view.queryByTestId("confirm")).toBeNull();
  });

  it("names the entry before it forgets it", async () => {
    const view = await openHistory(some(5));
    await fireEvent.click((await view.findAllByText("ticket 3"))[0] as HTMLElement);
    await waitFor(() => expect(view.drawer()).toBe("e3"));
    await fireEvent.click(view.getByTestId("drawer-forget"));
    expect((await view.findByTestId("confirm")).textContent).toMatch(/“ticket 3”, .+ \d\d:\d\d:\d\d/);
  });

  it("leaves the focus on the table when the drawer is closed by its cross", async () => {
    const view = await openHistory(some(5));
    await fireEvent.click((await view.findAllByText("ticket 3"))[0] as HTMLElement);
    const cross = await view.findByTestId("drawer-close");
    cross.focus();
    await fireEvent.click(cross);
    expect(document.activeElement).toBe(view.getByTestId("history-table"));
  });

  it("no longer filters by a workspace that was forgotten", async () => {
    let state = appState();
    const view = await openHistory(some(5), { app_state: () => state });
    history.workspaceId = "w1";
    await waitFor(() => expect(view.getByTestId("filter-workspace").textContent).toContain("Velmora"));
    state = appState({ workspaces: [demo] });
    await emit("state-changed", null);
    await waitFor(() => expect(view.getByTestId("filter-workspace").textContent).toContain("All workspaces"));
    expect(history.workspaceId).toBeNull();
  });

  it("asks with the number before it clears what has expired", async () => {
    const view = await openHistory(some(10));
    await fireEvent.click(await view.findByTestId("clear-expired"));
    const question = (await view.findByTestId("confirm")).textContent;
    expect(question).toContain("3 expired entries");
    expect(question).toContain("Runs stay, all of them");
    expect(view.callsOf("clear_expired")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("clear_expired")).toHaveLength(1));
    expect((await view.findByTestId("toast")).textContent).toContain("3 expired entries forgotten.");
  });

  it("shows why an attempt failed, and its answer", async () => {
    const view = await openHistory(some(10));
    await fireEvent.click((await view.findAllByText("ticket 2"))[0] as HTMLElement);
    const answer = await view.findByTestId("drawer-answer");
    expect(answer.textContent).toContain("404 Not Found");
    expect(answer.textContent).toContain("RESOURCE_NOT_FOUND");
    expect(view.getByTestId("drawer-timeline").textContent).toContain("Refused, HTTP 404");
    expect(view.queryByTestId("drawer-copy-token")).toBeNull();
  });

  it("edits a label in place", async () => {
    const view = await openHistory(some(5));
    await fireEvent.click((await view.findAllByText("ticket 0"))[0] as HTMLElement);
    await fireEvent.click(await view.findByTestId("label-edit"));
    const input = await view.findByTestId("label-input");
    // The list's keys are letters and moves of the cursor here.
    for (const name of ["Delete", "c", "ArrowDown", "/"]) await fireEvent.keyDown(input, { key: name });
    expect(view.queryByTestId("confirm")).toBeNull();
    expect(view.drawer()).toBe("e0");
    expect(view.callsOf("copy_from_entry")).toEqual([]);
    expect(document.activeElement).toBe(input);
    await fireEvent.input(input, { target: { value: "x".repeat(201) } });
    await fireEvent.keyDown(input, { key: "Enter" });
    expect(view.callsOf("set_label")).toEqual([]);
    await fireEvent.input(input, { target: { value: "branch desk" } });
    await fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(view.getByTestId("drawer-label").textContent?.trim()).toBe("branch desk"));
    expect(view.callsOf("set_label")).toEqual([{ id: "e0", label: "branch desk" }]);
  });

  it.each([
    ["too long", "x".repeat(201), "At most 200 characters"],
    ["refused by the host", "branch desk", "The history could not be used"],
    ["not heard of yet", "branch desk", ""],
  ])("keeps a label that is %s for when its entry is chosen again", async (_, typed, why) => {
    const refusal = error({ code: "storage", title: "The history could not be used", field: null });
    const set_label = () => (why ? Promise.reject(refusal) : new Promise(() => undefined));
    const view = await openHistory(some(5), { set_label });
    await fireEvent.click((await view.findAllByText("ticket 0"))[0] as HTMLElement);
    await fireEvent.click(await view.findByTestId("label-edit"));
    const input = await view.findByTestId("label-input");
    await fireEvent.input(input, { target: { value: typed } });
    await fireEvent.blur(input);
    if (why) expect((await view.findByTestId("toast")).textContent).toContain(why);
    await fireEvent.click(view.getByTestId("drawer-next"));
    await waitFor(() => expect(view.drawer()).toBe("e1"));
    expect(view.queryByTestId("label-input")).toBeNull();
    await fireEvent.click(view.getByTestId("drawer-previous"));
    await waitFor(() => expect(view.drawer()).toBe("e0"));
    const back = (await view.findByTestId("label-input")) as HTMLInputElement;
    expect(back.value).toBe(typed);
    await fireEvent.keyDown(back, { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("label-input")).toBeNull());
  });

  it("tells an empty history from filters that leave nothing", async () => {
    const empty = await openHistory([]);
    await empty.findByTestId("history-empty");
    empty.unmount();

    const view = await openHistory(some(10));
    await view.findAllByTestId("history-row");
    await fireEvent.input(view.getByTestId("history-search"), { target: { value: "no such" } });
    await fireEvent.click(view.getByTestId("filter-failed"));
    const nothing = await view.findByTestId("history-nothing");
    expect(nothing.textContent).toContain("“no such”, Failed");
    await fireEvent.click(view.getByTestId("clear-filters"));
    await waitFor(() => expect(view.getAllByTestId("history-row")).toHaveLength(10));
  });

  it("says that it failed, and tries again", async () => {
    let broken = true;
    const answers = store(some(3));
    const view = await openHistory([], {
      ...answers,
      history_summary: (args: Record<string, never>) =>
        broken
          ? Promise.reject(error({ code: "storage", title: "The history could not be used" }))
          : answers.history_summary?.(args),
    });
    expect((await view.findByTestId("error-block")).textContent).toContain("The history could not be used");
    broken = false;
    await fireEvent.click(view.getByTestId("history-retry"));
    await waitFor(() => expect(view.getAllByTestId("history-row")).toHaveLength(3));
  });

  it("shows no skeleton before 150 ms, and one after", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const view = await openHistory([], { history_summary: () => new Promise(() => undefined) });
    await view.findByTestId("history-table");
    await vi.advanceTimersByTimeAsync(60);
    expect(view.queryByTestId("history-loading")).toBeNull();
    await vi.advanceTimersByTimeAsync(160);
    expect(view.getByTestId("history-loading")).toBeTruthy();
  });
});

describe("what is live", () => {
  const MINUTE = 60_000;
  /** 50 listed of 312: three end within five minutes, two of all are runs. */
  function many() {
    const now = Date.now();
    const ends = Array.from({ length: 310 }, (_, n) => now + (n < 3 ? (n + 1) * MINUTE : n * HOUR));
    const listed = ends
      .slice(0, 50)
      .map((expiresAt, n) => entry({ id: `l${n}`, label: `live ${n}`, expiresAt }));
    return liveOf(listed, { ends, runEnds: ends.slice(-2), running: 2 });
  }

  it("is counted whole, and its soonest end is told, however long the list", async () => {
    const view = await openHistory(some(3), { live_tokens: many });
    const section = await view.findByTestId("live-tokens");
    expect(section.querySelector("h2")?.textContent).toMatch(/312$/);
    expect(view.getAllByTestId("live-token")).toHaveLength(50);
    const status = await view.findByTestId("history-status");
    await waitFor(() => expect(status.textContent).toContain("310 live"));
    expect(status.textContent).toContain("2 running");
    expect(status.textContent).toMatch(/3 expire, the first in\s+0[01]:\d\d/);
    expect(view.getByTestId("live-more").textContent).toContain("262 more");
    await fireEvent.click(view.getByTestId("live-more"));
    await waitFor(() => expect(history.status).toBe("live"));
    expect(app.screen).toBe("history");
    history.clearFilters();
  });

  it("is counted down where one that is not listed ends", async () => {
    const later = { ends: [Date.now() + 1500, Date.now() + HOUR], runEnds: [], running: 0 };
    const view = await openHistory(some(3), { live_tokens: () => ({ ...later, entries: [] }) });
    const status = await view.findByTestId("history-status");
    await waitFor(() => expect(status.textContent).toContain("2 live"));
    const before = view.callsOf("history_summary").length;
    clock.now = Date.now() + 2000;
    await waitFor(() => expect(status.textContent).toContain("1 live"));
    await waitFor(() => expect(view.callsOf("history_summary").length).toBeGreaterThan(before));
  });
});

describe("an export for a spreadsheet", () => {
  it.each([
    ["pl-PL", ["csvSemicolon", "csv"]],
    ["de", ["csvSemicolon", "csv"]],
    ["en-GB", ["csv", "csvSemicolon"]],
  ])("in %s has first what its region reads", async (language, formats) => {
    const spy = vi.spyOn(navigator, "language", "get").mockReturnValue(language);
    const view = await openHistory(some(3), { export_history: () => null });
    for (const place of [0, 1]) {
      await view.findAllByTestId("history-row");
      await fireEvent.keyDown(view.getByTestId("history-export"), { key: "Enter" });
      const items = await view.findAllByRole("menuitem");
      await fireEvent.keyDown(items[place] as HTMLElement, { key: "Enter" });
      await waitFor(() => expect(view.callsOf("export_history").length).toBe(place + 1));
    }
    expect(view.callsOf("export_history").map((call) => call.format)).toEqual(formats);
    spy.mockRestore();
  });
});

describe("a list left open", () => {
  it("keeps its tail: a page that is read later goes by the same period", async () => {
    const day = 24 * HOUR;
    const start = Date.now();
    const near = expect.closeTo(start - day, -5) as number;
    // The last 100 leave the period within two hours.
    const rows = Array.from({ length: 250 }, (_, n) =>
      entry({
        id: `e${n}`,
        label: `row ${n}`,
        requestedAt: start - (n < 150 ? n * 1000 : day - 7_000_000 + n),
      }),
    );
    const view = await openHistory(rows);
    history.period = "day";
    await view.findAllByTestId("history-row");
    await waitFor(() =>
      expect(view.callsOf("history_summary").at(-1)?.filter).toMatchObject({ since: near }),
    );
    const later = vi.spyOn(Date, "now").mockReturnValue(start + 2 * HOUR);
    try {
      view.getByTestId("history-table").focus();
      await key("End");
      await waitFor(() => expect(history.selected?.id).toBe("e249"));
    } finally {
      later.mockRestore();
      history.clearFilters();
    }
  });
});
