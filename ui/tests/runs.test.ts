import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { stepsOf } from "../src/lib/screens/history/details";
import { history, runs } from "../src/lib/screens/history/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { entry, error, liveOf, openApp, velmora } from "./host";
import { BACKGROUND, completed, MINUTE, runEntry, SOME, store, TREE } from "./some-runs";

async function openRunsScreen(entries = SOME(), answers = {}) {
  const view = await openApp({ ...store(entries), ...answers });
  app.go("runs");
  return { ...view, drawer: () => view.queryByTestId("runs-drawer")?.dataset.entry };
}

beforeEach(() => {
  app.screen = "issue";
});

describe("the Runs screen", () => {
  it("lists runs only, newest first, with the vendor's words", async () => {
    const view = await openRunsScreen();
    const rows = await view.findAllByTestId("runs-row");
    expect(rows.map((row) => row.dataset.entry)).toEqual(["r0", "r1", "r2", "r3"]);
    expect(rows.map((row) => row.dataset.status)).toEqual(["active", "completed", "running", "ended"]);
    expect(rows[2]?.textContent).toContain("AWAITING_REVIEW");
    expect(view.getByTestId("runs-filter-open").textContent).toMatch(/Open\s*2/);
  });

  it("filters the open ones", async () => {
    const view = await openRunsScreen();
    await view.findAllByTestId("runs-row");
    const listed = () => view.queryAllByTestId("runs-row").map((row) => row.dataset.entry);
    await fireEvent.click(view.getByTestId("runs-filter-open"));
    await waitFor(() => expect(listed()).toEqual(["r0", "r2"]));
    expect(view.getByTestId("runs-total").textContent).toBe("2 of 4 runs");
    await fireEvent.click(view.getByTestId("runs-filter-completed"));
    await waitFor(() => expect(listed()).toEqual(["r1"]));
    await fireEvent.click(view.getByTestId("runs-filter-failed"));
    await waitFor(() => expect(listed()).toEqual(["r3"]));
  });

  it("reads the result of a completed run, keeps and exports it when asked", async () => {
    const view = await openRunsScreen(SOME(), {
      keep_result: () => null,
      export_result: () => "/home/a/result.json",
    });
    await fireEvent.click(await view.findByText("done"));
    const result = await view.findByTestId("run-result");
    await waitFor(() => expect(result.textContent).toContain("12345678901234567890"));
    expect(view.callsOf("run_result")).toEqual([{ id: "r1" }]);
    expect(view.getByTestId("result-kept").textContent).toBe("Not stored");
    await fireEvent.click(view.getByTestId("keep-result"));
    await waitFor(() => expect(view.getByTestId("result-kept").textContent).toBe("Stored, encrypted"));
    expect(view.callsOf("keep_result")).toEqual([{ id: "r1", keep: true }]);
    await fireEvent.click(view.getByTestId("export-result"));
    await waitFor(() => expect(document.body.textContent).toContain("/home/a/result.json"));
  });

  it("asks for no result of the runs that are only passed by", async () => {
    const many = Array.from({ length: 5 }, (_, n) =>
      completed({ id: `c${n}`, label: `run ${n}`, requestedAt: Date.now() - n * MINUTE }),
    );
    const view = await openRunsScreen(many);
    await fireEvent.click(await view.findByText("run 0"));
    for (let n = 0; n < 4; n += 1) {
      await fireEvent.keyDown(window, { key: "ArrowDown" });
      await waitFor(() => expect(view.drawer()).toBe(`c${n + 1}`));
    }
    await waitFor(() => expect(view.callsOf("run_result")).toEqual([{ id: "c4" }]));
  });

  it("leaves a result unkept when that failed, and says why one cannot be read", async () => {
    let broken = true;
    const view = await openRunsScreen(SOME(), {
      run_result: () =>
        broken
          ? Promise.reject(error({ title: "No result", field: null }))
          : { entryId: "r1", tree: TREE, fetchedAt: 1, kept: false },
      keep_result: () => Promise.reject(error({ code: "storage", title: "The history could not be used" })),
    });
    await fireEvent.click(await view.findByText("done"));
    expect((await view.findByTestId("error-block")).textContent).toContain("No result");
    broken = false;
    await fireEvent.click(view.getByTestId("result-retry"));
    await fireEvent.click(await view.findByTestId("keep-result"));
    expect((await view.findByTestId("toast")).textContent).toContain("The history could not be used");
    expect((view.getByTestId("keep-result") as HTMLInputElement).checked).toBe(false);
    expect(view.getByTestId("result-kept").textContent).toBe("Not stored");
  });

  it("writes what is kept to the run it was asked for", async () => {
    let come: () => void = () => undefined;
    const rows = [completed({ id: "a", label: "run a" }), completed({ id: "b", label: "run b" })];
    const view = await openRunsScreen(rows, { keep_result: () => new Promise<void>((r) => (come = r)) });
    await fireEvent.click(await view.findByText("run a"));
    await fireEvent.click(await view.findByTestId("keep-result"));
    await fireEvent.keyDown(window, { key: "ArrowDown" });
    await waitFor(() => expect(view.drawer()).toBe("b"));
    expect(((await view.findByTestId("keep-result")) as HTMLInputElement).disabled).toBe(false);
    come();
    await waitFor(() => expect(runs.row(0)?.run?.resultKept).toBe(true));
    expect(runs.row(0)?.id).toBe("a");
    expect([runs.row(1)?.id, runs.row(1)?.run?.resultKept]).toEqual(["b", false]);
    expect([runs.selected?.id, runs.selected?.run?.resultKept]).toEqual(["b", false]);
  });

  it("asks before it erases a result that cannot be read again, and knows no time it was not told", async () => {
    const kept = completed({ workspaceId: "gone", label: "kept" }, { resultKept: true });
    const view = await openRunsScreen([kept], {
      run_result: () => ({ entryId: "r1", tree: TREE, fetchedAt: null, kept: true }),
      keep_result: () => null,
    });
    await fireEvent.click(await view.findByText("kept"));
    await fireEvent.click(await view.findByTestId("keep-result"));
    expect(view.getByTestId("result-since").textContent).toBe("kept");
    expect((await view.findByTestId("confirm")).textContent).toContain("cannot be read again");
    await fireEvent.click(view.getByTestId("confirm-no"));
    await waitFor(() => expect(view.queryByTestId("confirm")).toBeNull());
    expect(view.callsOf("keep_result")).toEqual([]);
    expect((view.getByTestId("keep-result") as HTMLInputElement).checked).toBe(true);
    await fireEvent.click(view.getByTestId("keep-result"));
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("keep_result")).toEqual([{ id: "r1", keep: false }]));
    await waitFor(() => expect(view.getByTestId("run-result").textContent).toContain("was not kept"));
  });

  it("marks the runs of previews, and calls those that failed or ended so", async () => {
    const view = await openRunsScreen([runEntry({ purpose: "preview" }), completed()]);
    const rows = await view.findAllByTestId("runs-row");
    expect(rows.map((row) => row.textContent?.includes("preview"))).toEqual([true, false]);
    expect(rows[1]?.textContent).toContain("≤ 2 s");
    expect(view.getByTestId("runs-filter-failed").textContent).toContain("Failed or ended");
  });

  it("comes up to date although changes come faster than answers", async () => {
    const rows = SOME();
    const usual = store(rows);
    const waiting: (() => void)[] = [];
    let slow = false;
    const view = await openRunsScreen(rows, {
      history_summary: async (args: Record<string, never>) => {
        if (slow) await new Promise<void>((resolve) => waiting.push(resolve));
        return usual.history_summary?.(args);
      },
    });
    await view.findAllByTestId("runs-row");
    slow = true;
    const before = view.callsOf("history_summary").length;
    const statuses = () => view.getAllByTestId("runs-row").map((row) => row.dataset.status);
    rows[0] = completed({ id: "r0", label: "waits", requestedAt: Date.now() - MINUTE });
    for (let n = 0; n < 10; n += 1) {
      await emit("history-changed", null);
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(view.callsOf("history_summary")).toHaveLength(before + 1);
    rows[3] = completed({ id: "r2", label: "goes on", requestedAt: Date.now() - 4 * MINUTE });
    waiting.shift()?.();
    await waitFor(() => expect(statuses()).toEqual(["completed", "completed", "running", "ended"]));
    // One more sees what the first may have missed.
    await waitFor(() => expect(waiting).toHaveLength(1));
    waiting.shift()?.();
    await waitFor(() => expect(statuses()).toEqual(["completed", "completed", "completed", "ended"]));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(view.callsOf("history_summary")).toHaveLength(before + 2);
  });

  it("shows the status as it changes", async () => {
    const rows = SOME();
    const view = await openRunsScreen(rows);
    await view.findAllByTestId("runs-row");
    rows[0] = completed({ id: "r0", label: "waits", requestedAt: Date.now() - MINUTE });
    await emit("history-changed", null);
    await waitFor(() => expect(view.getAllByTestId("runs-row")[0]?.dataset.status).toBe("completed"));
  });

  it("opens what the card is about, wherever in the list that is", async () => {
    const far = runEntry({ id: "far", label: "far away", requestedAt: Date.now() - 400 * 86_400_000 });
    const many = Array.from({ length: 300 }, (_, n) =>
      runEntry({ id: `n${n}`, label: `run ${n}`, requestedAt: Date.now() - n * MINUTE }),
    );
    const view = await openApp(store([...many, far]));
    issue.show(far);
    runs.status = "completed";
    await fireEvent.click(await view.findByTestId("run-open"));
    const drawer = await view.findByTestId("runs-drawer");
    expect(drawer.dataset.entry).toBe("far");
    await waitFor(() => expect(view.getAllByTestId("runs-row").length).toBeGreaterThan(10));
    expect(view.getByTestId("runs-drawer").dataset.entry).toBe("far");
    expect(runs.status).toBe("all");
  });

  it("says how to start one when there is none, and has keys of its own", async () => {
    const view = await openRunsScreen([entry()]);
    await fireEvent.click(await view.findByTestId("runs-to-issue"));
    expect(app.screen).toBe("issue");
    for (const [key, screen] of [
      ["2", "runs"],
      ["3", "history"],
      ["4", "webhooks"],
      ["5", "workspaces"],
      [",", "settings"],
      ["1", "issue"],
    ]) {
      await fireEvent.keyDown(window, { key, ctrlKey: true });
      expect(app.screen).toBe(screen);
      expect(view.getByTestId(`nav-${screen}`).getAttribute("aria-current")).toBe("page");
      expect(view.getByTestId(`nav-${screen}`).textContent).toContain(key);
    }
  });
});

describe("the history of runs and links", () => {
  it("filters by kind and names the kind", async () => {
    const link = entry({ id: "l0", kind: "link", label: "a link", requestedAt: Date.now() - 10 * MINUTE });
    const view = await openApp(store([...SOME(), link]));
    app.go("history");
    const listed = () => view.queryAllByTestId("history-row").map((row) => row.dataset.entry);
    await waitFor(() => expect(listed()).toHaveLength(6));
    const kinds = view
      .getAllByTestId("history-row")
      .map((row) => row.querySelector(".cell-kind")?.textContent?.trim());
    expect(kinds).toEqual(["Run", "v2", "Run", "Run v2", "Run", "Link"]);
    history.kind = "link";
    await waitFor(() => expect(listed()).toEqual(["l0"]));
    expect(view.getByTestId("filter-kind").textContent).toContain("Links");
    await fireEvent.click(view.getByTestId("filter-completed"));
    expect((await view.findByTestId("history-nothing")).textContent).toContain("Completed, Links");
    history.kind = null;
    await waitFor(() => expect(listed()).toEqual(["r1"]));
    await fireEvent.click(view.getByTestId("filter-completed"));
    await fireEvent.click(view.getByTestId("filter-running"));
    await waitFor(() => expect(listed()).toEqual(["r2"]));
  });

  it("shows parameters as they were written, and asks for the request with all of them", async () => {
    const parameters = '{"big":12345678901234567890}';
    const body = `{"locale":"pl","parameters":${parameters}}`;
    const view = await openApp({
      ...store([runEntry({ parameters, label: "with parameters", lang: "pl", minutes: 60 })]),
      request_preview: () => ({ method: "POST", path: "/workflows", headers: [], body, bytes: body.length }),
    });
    app.go("history");
    await fireEvent.click(await view.findByText("with parameters"));
    expect((await view.findByTestId("drawer-parameters")).querySelector("pre")?.textContent).toBe(
      '{\n  "big": 12345678901234567890\n}',
    );
    await waitFor(() =>
      expect(view.callsOf("request_preview").at(-1)).toMatchObject({
        request: { kind: "run", api: "workflows", parameters, minutes: 60, send: false },
      }),
    );
    const request = await view.findByTestId("drawer-request");
    expect(request.textContent).toBe(`{ "locale": "pl",\n  "parameters": ${parameters} }`);
  });

  it("puts what was seen of a run between the token's steps, in order", () => {
    const at = new Date(2026, 9, 6, 14, 0).getTime();
    const steps = stepsOf(
      runEntry(
        { requestedAt: at, usedAt: at + 2 * MINUTE, expiresAt: at + 60 * MINUTE },
        {
          seen: [
            { status: "RUNNING", at: at + MINUTE },
            { status: "AWAITING_REVIEW", at: at + 3 * MINUTE },
          ],
          endsAt: at + 90 * MINUTE,
        },
      ),
      at + 5 * MINUTE,
    ).map((step) => step.name);
    expect(steps).toEqual([
      "Requested",
      "Authorised",
      "Started, HTTP 200",
      "Run RUNNING",
      "Token used",
      "Run AWAITING_REVIEW",
      "Token expires",
      "Run ends",
    ]);
    const ended = stepsOf(runEntry({}, { state: "ended", seen: [{ status: "FAILED", at }] }), at);
    expect(ended.find((step) => step.name === "Run FAILED")?.look).toBe("failed");
    expect(ended.map((step) => step.name)).not.toContain("Run ends");
  });
});

describe("watching", () => {
  it("tells the host whether somebody looks, and at which open run", async () => {
    const view = await openApp(store(SOME()));
    await waitFor(() => expect(view.callsOf("watch_runs")).toEqual([{ looking: true, focus: null }]));
    issue.show(runEntry());
    await waitFor(() => expect(view.callsOf("watch_runs").at(-1)).toEqual({ looking: true, focus: "r0" }));
    const visible = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await fireEvent(document, new Event("visibilitychange"));
    await waitFor(() => expect(view.callsOf("watch_runs").at(-1)).toEqual({ looking: false, focus: "r0" }));
    visible.mockReturnValue("visible");
    await fireEvent(document, new Event("visibilitychange"));
    await waitFor(() => expect(view.callsOf("watch_runs").at(-1)).toEqual({ looking: true, focus: "r0" }));
    // What has ended needs no watch.
    issue.show(completed());
    await waitFor(() => expect(view.callsOf("watch_runs").at(-1)).toEqual({ looking: true, focus: null }));
    const before = view.callsOf("watch_runs").length;
    app.go("settings");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(view.callsOf("watch_runs")).toHaveLength(before);
    visible.mockRestore();
  });

  it("is said again after it failed", async () => {
    let broken = true;
    const view = await openApp({ watch_runs: () => (broken ? Promise.reject(error()) : null) });
    await waitFor(() => expect(view.callsOf("watch_runs")).toHaveLength(1));
    broken = false;
    issue.show(runEntry());
    issue.show(completed());
    await waitFor(() => expect(view.callsOf("watch_runs").at(-1)).toEqual({ looking: true, focus: null }));
  });
});

describe("the sidebar", () => {
  it("shows open runs and links beside the tokens, with what is left or went by", async () => {
    const live = [
      runEntry({ id: "r2", label: "goes on", hasLink: false, ...BACKGROUND }, { interactive: false }),
      entry({
        id: "l0",
        kind: "link",
        label: "a link",
        expiresAt: Date.now() + 20 * 86_400_000,
        hasLink: true,
      }),
      entry({ id: "t0", label: "a token", workspaceId: velmora.id }),
      completed({ label: "done" }),
    ];
    const view = await openApp({ live_tokens: () => liveOf(live) });
    const items = await view.findAllByTestId("live-token");
    expect(items.map((item) => [item.dataset.kind, item.dataset.status])).toEqual([
      ["run", "running"],
      ["link", "active"],
      ["token", "active"],
    ]);
    expect(items[0]?.textContent).toMatch(/goes on.*3 min$/);
    expect(items[0]?.title).toMatch(/goes on, going on for 3 min 1\d s/);
    expect(items[1]?.textContent).toMatch(/a link.*(19|20) d$/);
    await fireEvent.click(items[0] as HTMLElement);
    expect((await view.findByTestId("token-card")).dataset.entry).toBe("r2");
  });
});
