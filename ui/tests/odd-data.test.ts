// Whatever a server or a file may hold, each pane draws it: no fault, and the token can be copied.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import type { HistoryEntry } from "../src/lib/host";
import { history } from "../src/lib/screens/history/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { webhooks } from "../src/lib/screens/webhooks/state.svelte";
import { demo, entry, error, liveOf, openApp, run } from "./host";

const LONG = "x".repeat(10_000);
const TEXTS = [
  "",
  " ",
  LONG,
  "\u202eevil\u202c",
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "\u0000\u0007",
  "<b>&amp;{@html}",
  "\ud800",
  "a\nb",
  "…••**...",
  "__proto__",
];
const NUMBERS = [
  0,
  -1,
  1e15,
  253402300799999,
  8.64e15 + 1,
  9007199254740991,
  -9007199254740991,
  NaN,
  0.1,
  Infinity,
];

const ofText = (text: string): Partial<HistoryEntry> => ({
  label: text,
  subject: text,
  workflowId: text,
  workflowName: text,
  workspaceName: text,
  parametersId: text,
  parameters: text,
  lang: text,
  tokenMasked: text,
  tokenFingerprint: text,
  claims: Array.from({ length: 3 }, () => ({
    name: text,
    value: text,
    at: null,
    kind: "string",
    unit: null,
  })),
  run: run({
    runId: text,
    status: text,
    seen: [
      { status: text, at: 1 },
      { status: text, at: 1 },
    ],
  }),
});
const ofNumber = (n: number): Partial<HistoryEntry> => ({
  requestedAt: n,
  issuedAt: n,
  expiresAt: Number.isFinite(n) && n > Date.now() ? n : Date.now() + 60_000,
  lifetimeMs: n,
  copiedAt: n,
  httpStatus: n,
  authorizedMs: n,
  requestMs: n,
  tokenLength: n,
  minutes: n,
  claims: [
    { name: "exp", value: String(n), at: n, kind: "number", unit: "seconds" },
    { name: "exp", value: String(n), at: n, kind: "number", unit: "seconds" },
  ],
  run: run({ startedAt: n, statusAt: n, checkedAt: n, endsAt: n, seen: [{ status: "A", at: n }] }),
});
const TABLE: [string, Partial<HistoryEntry>][] = [
  ...TEXTS.map((text): [string, Partial<HistoryEntry>] => [JSON.stringify(text.slice(0, 16)), ofText(text)]),
  ...NUMBERS.map((n): [string, Partial<HistoryEntry>] => [String(n), ofNumber(n)]),
  [
    "a failed one",
    {
      state: "failed",
      error: error({ title: "", detail: LONG, hint: "\u202e", httpStatus: -1, apiCode: "" }),
    },
  ],
];

vi.setConfig({ testTimeout: 20_000 });

describe.each(TABLE)("an entry of %s", (_, changes) => {
  const none = (view: Awaited<ReturnType<typeof openApp>>) =>
    expect(
      view.queryAllByTestId("pane-fault").map((fault) => `${fault.dataset.pane}: ${fault.textContent}`),
    ).toEqual([]);

  it("is drawn as a card, in the sidebar, a list and its details", async () => {
    const odd = { ...entry(), ...changes };
    const view = await openApp({
      live_tokens: () => liveOf([odd]),
      history_summary: () => ({
        total: 1,
        days: [
          { day: "2026-10-09", count: 1 },
          { day: "2026-10-09", count: 0 },
          { day: "NaN", count: 0 },
        ],
        counts: { all: 1 },
      }),
      history_page: () => [odd],
      history_entry: () => odd,
      run_result: () => {
        throw error({ title: "" });
      },
    });
    issue.show(odd);
    await view.findByTestId("token-card");
    if (odd.state === "issued") expect(view.getByTestId("copy-token")).toBeTruthy();
    none(view);
    app.go("history");
    await view.findByTestId("history-row");
    await history.select(0, true);
    await view.findByTestId("history-drawer");
    none(view);
    app.go("runs");
    await waitFor(() => expect(view.queryByRole("region", { name: "Runs" })).not.toBeNull());
    none(view);
    app.go("issue");
    app.handOverOf = odd;
    await view.findByRole("dialog");
    none(view);
    app.handOverOf = null;
  });
});

it("a workspace and a webhook of odd texts and numbers are drawn", async () => {
  for (const text of TEXTS.slice(0, 6)) {
    const odd = {
      ...demo,
      id: text || "w",
      name: text,
      apiHost: text,
      allowedHosts: [text, text],
      lastTest: { at: 9e15, ok: false },
    };
    const view = await openApp({
      received_webhooks: () =>
        [1, 2].map((id) => ({
          id,
          at: 9e15 * id,
          attempt: NaN,
          summary: text,
          runEntryId: text,
          report: {
            verdict: "invalid",
            reason: text,
            algorithm: text,
            kid: text,
            keyFingerprint: text,
            bodyLength: NaN,
            body: null,
            text,
            error: null,
            at: NaN,
          },
        })),
      listener: () => ({ state: "off" }),
    });
    app.state = { ...(app.state as NonNullable<typeof app.state>), workspaces: [odd as never] };
    for (const screen of ["workspaces", "settings", "webhooks"] as const) {
      app.go(screen);
      await waitFor(() =>
        expect(view.getByTestId(`nav-${screen}`).getAttribute("aria-current")).toBe("page"),
      );
      if (screen === "webhooks") webhooks.tab = "received";
      if (screen === "webhooks")
        await fireEvent.click((await view.findAllByTestId("received-row"))[0] as HTMLElement);
    }
    expect(
      view.queryAllByTestId("pane-fault").map((fault) => `${fault.dataset.pane}: ${fault.textContent}`),
    ).toEqual([]);
    webhooks.tab = "check";
    view.unmount();
  }
});
