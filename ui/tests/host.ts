// A host to test against: the boundary is mocked, everything on this side of it is real.
import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { render } from "@testing-library/svelte";
import { afterEach, expect } from "vitest";
import App from "../src/App.svelte";
import { isLive, statusOf } from "../src/lib/expiry";
import type { AppError, AppState, HistoryEntry, LiveEntries, RunFacts, Workspace } from "../src/lib/host";
import { history, runs, type EntryList } from "../src/lib/screens/history/state.svelte";
import { subjects } from "../src/lib/screens/subjects/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { questions } from "../src/lib/state/questions.svelte";
import { toasts } from "../src/lib/state/toasts.svelte";

export const CASE_ID = "11111111-2222-3333-4444-555555555555";
export const WORKFLOW_ID = "3d8a51f6-0000-4000-8000-00000000c5b8";

export const demo: Workspace = {
  id: "demo",
  name: "Demo",
  kind: "demo",
  apiHost: "http://127.0.0.1:41873",
  widgetHost: "http://127.0.0.1:41873",
  authKind: "keySecret",
  createdAt: 0,
  lastTest: null,
  allowedHosts: [],
  credential: { state: "present", lastFour: "", keptIn: "this app", since: 0, sessionOnly: true },
};

export const velmora: Workspace = {
  ...demo,
  id: "w1",
  name: "Velmora",
  kind: "live",
  apiHost: "https://api.transactionlink.io",
  widgetHost: "https://widget.transactionlink.io",
  authKind: "organizationToken",
  credential: { state: "present", lastFour: "9f2c", keptIn: "GNOME Keyring", since: 1, sessionOnly: false },
};

export function appState(changes: Partial<AppState> = {}): AppState {
  return {
    version: "0.1.0",
    dataFolder: "/data",
    keychain: { state: "ready", name: "GNOME Keyring" },
    storage: { state: "encrypted", keptIn: "/data/history.db" },
    demo: { state: "running", address: "127.0.0.1:41873" },
    workspaces: [demo, velmora],
    scenarios: [
      {
        workflowId: WORKFLOW_ID,
        name: "KYC individual – Poland",
        summary: "issues a token",
        tone: "success",
      },
    ],
    historyNotice: null,
    clockOffsetMs: 0,
    ...changes,
  };
}

export function entry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const now = Date.now();
  return {
    id: "e0",
    workspaceId: "demo",
    workspaceName: "Demo",
    workspaceKind: "demo",
    api: "v2",
    workflowId: WORKFLOW_ID,
    workflowName: "KYC individual – Poland",
    subject: null,
    parametersId: null,
    lang: "en",
    label: null,
    purpose: "handOver",
    state: "issued",
    requestedAt: now - 215,
    issuedAt: now,
    expiresAt: now + 3_600_000,
    lifetimeMs: 3_600_000,
    expirySource: "server",
    usedAt: null,
    copiedAt: null,
    httpStatus: 200,
    authorizedMs: 84,
    authorizedFromCache: false,
    requestMs: 131,
    tokenMasked: "eyJhbGciOiJS…kq3ZwVQ",
    tokenLength: 812,
    hasToken: true,
    tokenFingerprint: "00c0ffee",
    claims: [],
    error: null,
    kind: "token",
    parameters: null,
    run: null,
    link: null,
    hasLink: false,
    minutes: null,
    send: false,
    ...changes,
  };
}

/** What the host says is live of these entries; `more` stand in no list, but are counted. */
export function liveOf(entries: HistoryEntry[], more: Partial<LiveEntries> = {}): LiveEntries {
  const now = Date.now();
  const ends = (all: HistoryEntry[]) =>
    all
      .filter((e) => isLive(statusOf(e, now)))
      .map((e) => e.expiresAt ?? 0)
      .sort((a, b) => a - b);
  return {
    entries,
    ends: ends(entries),
    runEnds: ends(entries.filter((e) => e.kind === "run")),
    running: entries.filter((e) => statusOf(e, now) === "running").length,
    ...more,
  };
}

/** An open interactive run, its token used, unless the changes say otherwise. */
export function run(changes: Partial<RunFacts> = {}): RunFacts {
  const now = Date.now();
  return {
    runId: "d81f37aa-6be1-4c33-8d57-10f9c4be6c02",
    status: "RUNNING",
    state: "open",
    interactive: true,
    startedAt: now - 192_000,
    statusAt: now - 190_000,
    checkedAt: now - 4_000,
    endsAt: now + 3_600_000,
    seen: [{ status: "RUNNING", at: now - 190_000 }],
    following: true,
    problem: null,
    resultKept: false,
    ...changes,
  };
}

export function error(changes: Partial<AppError> = {}): AppError {
  return {
    code: "not_found",
    title: "Record not found",
    detail: "There is no record with this id.",
    hint: "Check the id.",
    retryable: false,
    fingerprint: "9b2e7f4c-51d8-4a02-8f3b-c1d2e3d81042",
    httpStatus: 404,
    apiCode: "RESOURCE_NOT_FOUND",
    field: "subject",
    retryAfterMs: null,
    entryId: null,
    ...changes,
  };
}

type Arguments = Record<string, never>;
type Answers = Record<string, (args: Arguments) => unknown>;

const USUAL: Answers = {
  "plugin:store|load": () => 1,
  "plugin:store|get": () => [null, false],
  "plugin:store|set": () => null,
  app_state: () => appState(),
  settings: () => ({ keepTokens: true, clipboardClearSeconds: 60 }),
  live_tokens: () => liveOf([]),
  known_workflows: () => [],
  presets: () => [],
  watch_runs: () => null,
  request_preview: () => ({ method: "POST", path: "/token", headers: [], body: "{}", bytes: 2 }),
};

/** What the window asked of the host. */
export class Calls {
  /** No person causes one command more often than this in {@link Calls.WITHIN} milliseconds. */
  static readonly MOST = 20;
  static readonly WITHIN = 200;
  readonly all: { name: string; args: Record<string, unknown>; at: number }[] = [];

  add(name: string, args: Record<string, unknown>, at = performance.now()) {
    this.all.push({ name, args, at });
  }

  /** The commands that something calls in a circle. */
  tooOften(): string[] {
    const names = new Set(this.all.map((call) => call.name));
    return [...names].filter((name) => {
      const times = this.all.filter((call) => call.name === name).map((call) => call.at);
      return times.some((at, index) => {
        const later = times[index + Calls.MOST];
        return later !== undefined && later - at < Calls.WITHIN;
      });
    });
  }
}

let opened: Calls | null = null;

// A window that calls a command in a circle fails its test, whatever else that was about.
afterEach(() => {
  const circles = opened?.tooOften() ?? [];
  opened = null;
  expect(circles, "called more often than a person could cause").toEqual([]);
});

/** Opens the window on a host that gives these answers; the rest is as usual, the unknown an error. */
export async function openApp(answers: Answers = {}) {
  const calls = (opened = new Calls());
  const all: Answers = { ...USUAL, ...answers };
  mockWindows("main");
  mockIPC(
    (name, args) => {
      calls.add(name, (args ?? {}) as Record<string, unknown>);
      const answer = all[name];
      if (!answer) throw new Error(`The test has no answer to ${name}`);
      return answer(args as Arguments);
    },
    { shouldMockEvents: true },
  );
  startOver();
  const view = render(App);
  await view.findByRole("navigation");
  issue.reset();
  return {
    ...view,
    callsOf: (name: string) => calls.all.filter((call) => call.name === name).map((call) => call.args),
  };
}

/** The state of the window lives as long as its modules; each test begins with it as new. */
function startOver() {
  app.state = null;
  app.failure = null;
  app.editing = null;
  app.rotating = false;
  app.shortcutsOpen = false;
  app.switcherOpen = false;
  issue.entry = null;
  issue.failedAt = null;
  issue.fresh = false;
  issue.busy = false;
  issue.refused = false;
  issue.justIssued.forget();
  questions.drop();
  subjects.close();
  for (const { id } of [demo, velmora]) {
    issue.forget(id);
    subjects.forget(id);
  }
  app.linkOf = null;
  app.handOverOf = null;
  for (const list of [history, runs]) asNew(list);
  toasts.list = [];
}

function asNew(list: EntryList) {
  list.clearFilters();
  list.summary = null;
  list.pages = new Map();
  list.failure = null;
  list.selected = null;
  list.open = false;
  list.at = -1;
}
