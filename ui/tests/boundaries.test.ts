// A fault costs one pane, is told in its place with what to do, and the token can still be copied.
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { history } from "../src/lib/screens/history/state.svelte";
import { subjects } from "../src/lib/screens/subjects/state.svelte";
import { webhooks } from "../src/lib/screens/webhooks/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { toasts } from "../src/lib/state/toasts.svelte";
import Preview from "../src/preview/Preview.svelte";
import { appState, entry, liveOf, openApp, run } from "./host";

/** What no pane can draw: whatever is read of it throws. */
const undrawable = () =>
  new Proxy(
    // Of a class, so that the state keeps it as it is.
    new (class Odd {})(),
    {
      get(_, name) {
        // Svelte's development build looks for marks of its own.
        if (typeof name === "symbol") return undefined;
        throw new Error("eyJhbGciOi secret in a message");
      },
    },
  ) as never;

type View = Awaited<ReturnType<typeof openApp>>;
const faultOf = async (view: View, pane: string) => {
  const find = () => view.queryAllByTestId("pane-fault").find((fault) => fault.dataset.pane === pane);
  await waitFor(() => expect(find(), pane).toBeTruthy());
  const fault = find() as HTMLElement;
  expect(fault.textContent).toContain(`The ${pane} could not be shown`);
  expect(fault.textContent).toContain("Try again");
  expect(fault.textContent).not.toContain("eyJhbGciOi");
  return fault;
};

const copied = { clearedAfterSeconds: 60 };

describe("on the issue screen", () => {
  it("a token whose card cannot be drawn is copied all the same, and the form goes on", async () => {
    app.screen = "issue";
    const view = await openApp({ copy_from_entry: () => copied });
    issue.show(entry({ claims: null as never }));
    const fault = await faultOf(view, "token's card");
    await fireEvent.click(view.getByTestId("rescue-token"));
    expect(view.callsOf("copy_from_entry")).toEqual([{ id: "e0", kind: "token" }]);
    expect(view.getByTestId("issue-submit")).toBeTruthy();
    expect(fault.closest(".side-pane")?.querySelector("[data-testid=issue-again]")).toBeTruthy();

    // Another entry is drawn by itself.
    issue.show(entry({ id: "e1" }));
    await waitFor(() => expect(view.getByTestId("token-card").dataset.entry).toBe("e1"));
    expect(view.queryByTestId("pane-fault")).toBeNull();
  });

  it.each([
    ["list of claims", { claims: [undrawable()] }],
    ["run", { run: run({ seen: [], problem: undrawable(), runId: undrawable() }) }],
  ])("the %s costs no more than itself", async (pane, changes) => {
    app.screen = "issue";
    const view = await openApp();
    issue.show(entry(changes));
    await faultOf(view, pane);
    expect(view.getByTestId("copy-token")).toBeTruthy();
    expect(view.queryAllByTestId("pane-fault").length).toBe(1);
  });

  it("a form that cannot be drawn leaves the token", async () => {
    app.screen = "issue";
    const view = await openApp();
    issue.show(entry());
    await view.findByTestId("copy-token");
    const known = issue.known;
    issue.known = undrawable();
    await faultOf(view, "form");
    expect(view.getByTestId("copy-token")).toBeTruthy();
    issue.known = known;
    await fireEvent.click(view.getByTestId("pane-retry"));
    await view.findByTestId("issue-submit");
  });

  it("a record that cannot be drawn is closed, and the form is as it was", async () => {
    app.screen = "issue";
    const view = await openApp();
    issue.label = "kept";
    subjects.open = true;
    await view.findByTestId("subject-panel");
    const draft = subjects.draft;
    Object.defineProperty(draft, "errorOnTop", { get: () => undrawable(), configurable: true });
    draft.turn("find");
    draft.turn("new");
    subjects.close();
    subjects.open = true;
    await faultOf(view, "record or case");
    await fireEvent.click(view.getByTestId("pane-close"));
    expect(view.queryByTestId("pane-fault")).toBeNull();
    expect((view.getByTestId("field-label") as HTMLInputElement).value).toBe("kept");
  });
});

describe("in the history", () => {
  const summary = () => ({
    total: 1,
    days: [{ day: "2026-10-09", count: 1 }],
    counts: { all: 1 },
  });
  const open = async (shown: unknown) => {
    const view = await openApp({
      history_summary: summary,
      history_page: () => [shown],
      copy_from_entry: () => copied,
    });
    app.go("history");
    return view;
  };

  it("an entry whose details cannot be drawn is copied and closed, beside a list that goes on", async () => {
    const view = await open(entry());
    await view.findByTestId("history-row");
    history.selected = entry({ run: null, error: undrawable() });
    history.open = true;
    await faultOf(view, "entry");
    await fireEvent.click(view.getByTestId("rescue-token"));
    expect(view.callsOf("copy_from_entry").length).toBe(1);
    expect(view.getByTestId("history-table")).toBeTruthy();
    await fireEvent.click(view.getByTestId("pane-close"));
    await waitFor(() => expect(view.queryByTestId("pane-fault")).toBeNull());
  });

  it("a list that cannot be drawn leaves the search and the sidebar", async () => {
    const view = await open(entry());
    await view.findByTestId("history-table");
    history.failure = undrawable();
    await faultOf(view, "list");
    expect(view.getByTestId("nav-issue")).toBeTruthy();
    expect(view.getByTestId("history-search")).toBeTruthy();
  });
});

describe("elsewhere", () => {
  it("a verdict that cannot be drawn leaves the form of the check", async () => {
    webhooks.tab = "received";
    const view = await openApp({ received_webhooks: () => [], listener: () => ({ state: "off" }) });
    app.go("webhooks");
    await view.findByTestId("received-empty");
    const good = webhooks.list;
    webhooks.list = [
      { id: 1, at: 0, attempt: 1, summary: "", runEntryId: null, report: undrawable() } as never,
    ];
    webhooks.selectedId = 1;
    await faultOf(view, "verdict");
    await faultOf(view, "list of webhooks");
    expect(view.getByTestId("nav-issue")).toBeTruthy();
    webhooks.list = good;
    webhooks.selectedId = null;
    await waitFor(() => expect(view.queryByTestId("pane-fault")).toBeNull());
    webhooks.tab = "check";
  });

  it("settings that cannot be drawn leave the way to the other screens", async () => {
    const view = await openApp({
      app_state: () => appState({ storage: { state: "failed", error: null as never } }),
    });
    app.go("settings");
    await faultOf(view, "screen");
    await fireEvent.click(view.getByTestId("nav-issue"));
    await view.findByTestId("issue-submit");
    expect(view.queryAllByTestId("pane-fault").map((fault) => fault.dataset.pane)).not.toContain("screen");
  });

  it("a dialog that cannot be drawn is closed", async () => {
    app.screen = "issue";
    const view = await openApp();
    app.handOverOf = entry({ expiresAt: undrawable(), link: undrawable() });
    await waitFor(() => expect(view.queryAllByTestId("pane-fault").length).toBeGreaterThan(0));
    const close = view.getAllByTestId("pane-close")[0] as HTMLElement;
    await fireEvent.click(close);
    expect(app.handOverOf).toBeNull();
    await waitFor(() => expect(view.queryByTestId("pane-fault")).toBeNull());
    expect(view.getByTestId("issue-submit")).toBeTruthy();
  });

  it("a message that cannot be drawn costs the messages only", async () => {
    app.screen = "issue";
    const view = await openApp();
    toasts.list = [undrawable()];
    await faultOf(view, "messages");
    expect(view.getByTestId("issue-submit")).toBeTruthy();
    toasts.list = [];
    await waitFor(() => expect(view.queryByTestId("pane-fault")).toBeNull());
  });

  it("a live entry that cannot be drawn costs the sidebar, and the keys lead on", async () => {
    const view = await openApp({ live_tokens: () => ({ ...liveOf([]), entries: [undrawable()] }) });
    await faultOf(view, "sidebar");
    expect(view.getByTestId("issue-submit")).toBeTruthy();
    await fireEvent.keyDown(window, { key: "5", ctrlKey: true });
    await view.findByTestId("workspace-list");
    app.live = liveOf([]);
    await view.findByTestId("nav-issue");
  });
});

describe("in the preview", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("a line of the log that cannot be drawn leaves the widget", async () => {
    let say: (event: { data: string }) => void = () => undefined;
    class Events {
      set onmessage(listener: typeof say) {
        say = listener;
      }
      close() {}
    }
    vi.stubGlobal("EventSource", Events);
    const state = {
      workspaceName: "Demo",
      workflowName: "KYC",
      demo: true,
      lang: "ro",
      hostUrl: "http://127.0.0.1:1/host",
      hostOrigin: "http://127.0.0.1:1",
      hosted: true,
      allowedHosts: null,
      nowMs: 0,
      token: {
        entryId: "e",
        expiresAtMs: Date.now() + 60_000,
        lifetimeMs: 60_000,
        elapsedMs: 1,
        own: true,
        opened: false,
      },
    };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(state)));
    const view = render(Preview);
    await view.findByTitle("Widget");
    // A language that the preview's own short list did not have was an empty box.
    const language = view.getByTestId("preview-language") as HTMLSelectElement;
    expect([language.value, language.selectedOptions[0]?.textContent]).toEqual(["ro", "română"]);
    say({ data: JSON.stringify({ at: 1, title: "x", action: { kind: "allow", host: "h" } }) });
    const fault = await view.findByTestId("pane-fault");
    expect(fault.dataset.pane).toBe("log");
    expect(view.getByTitle("Widget")).toBeTruthy();
    expect(view.getByTestId("preview-reload")).toBeTruthy();
  });
});
