import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Claim, HistoryEntry, InstantUnit } from "../src/lib/host";
import { clockTime } from "../src/lib/format";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { appState, demo, entry, error, openApp, velmora } from "./host";

beforeEach(() => {
  app.screen = "issue";
});

const ready = (view: Awaited<ReturnType<typeof openApp>>) =>
  waitFor(() =>
    expect((view.getByTestId("field-workflow") as HTMLInputElement).value).toBe("KYC individual – Poland"),
  );
const gone = { workspaceId: "w9", workspaceName: "Orrin", workspaceKind: "live" } as const;

/** A host that answers an issue when it is told to. */
function later() {
  let come: (entry: HistoryEntry) => void = () => undefined;
  let refuse: (reason: unknown) => void = () => undefined;
  const issue_token = () =>
    new Promise((resolve, reject) => {
      come = resolve;
      refuse = reject;
    });
  return {
    answers: { issue_token },
    come: (e: HistoryEntry) => come(e),
    refuse: (reason: unknown) => refuse(reason),
  };
}

describe("the token of another workspace", () => {
  it("is never issued again on the demo once its own was forgotten", async () => {
    const view = await openApp({ issue_token: () => entry() });
    issue.show(entry(gone));
    const again = (await view.findByTestId("issue-again")) as HTMLButtonElement;
    expect(again.disabled).toBe(true);
    await fireEvent.keyDown(window, { key: "Enter", ctrlKey: true, shiftKey: true });
    expect((await view.findByTestId("toast")).textContent).toContain("The workspace Orrin was forgotten.");
    expect(view.callsOf("issue_token")).toEqual([]);
    expect(app.workspace?.id).toBe("demo");
  });

  it("says which workspace it is of, and is earlier, after a switch", async () => {
    const view = await openApp({ issue_token: () => entry() });
    await ready(view);
    await fireEvent.click(view.getByTestId("issue-submit"));
    await view.findByTestId("token-card");
    expect(view.queryByTestId("token-workspace")).toBeNull();
    expect(issue.fresh).toBe(true);
    app.choose("w1");
    expect((await view.findByTestId("token-workspace")).textContent).toBe("Demo");
    await waitFor(() => expect(issue.fresh).toBe(false));
  });

  it("puts no error into the form of the one chosen meanwhile", async () => {
    const host = later();
    const view = await openApp(host.answers);
    await ready(view);
    await fireEvent.click(view.getByTestId("issue-submit"));
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    app.choose("w1");
    await waitFor(() => expect((view.getByTestId("field-workflow") as HTMLInputElement).value).toBe(""));
    host.refuse(error());
    expect((await view.findByTestId("toast")).textContent).toContain("Record not found");
    expect(view.queryByTestId("error-block")).toBeNull();
    expect(document.activeElement).not.toBe(view.getByTestId("field-subject"));
  });

  it("is not called fresh when it comes after a switch", async () => {
    const host = later();
    const view = await openApp(host.answers);
    await ready(view);
    await fireEvent.click(view.getByTestId("issue-submit"));
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    app.choose("w1");
    host.come(entry());
    expect((await view.findByTestId("token-workspace")).textContent).toBe("Demo");
    expect(issue.fresh).toBe(false);
  });
});

describe("while a token is issued", () => {
  it("says how far it is above the earlier one, and that it came", async () => {
    const host = later();
    const view = await openApp(host.answers);
    await ready(view);
    await fireEvent.click(view.getByTestId("issue-submit"));
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    host.come(entry());
    await view.findByTestId("token-card");
    expect(view.getByTestId("phase").textContent).toBe("Token issued");
    issue.justIssued.forget();
    await fireEvent.click(view.getByTestId("issue-submit"));
    const notice = await view.findByTestId("issuing");
    expect(notice.textContent).toMatch(/Signing in…\s+0 s/);
    expect(view.getByTestId("token-card")).toBeTruthy();
    expect((view.getByTestId("issue-again") as HTMLButtonElement).disabled).toBe(true);
    await emit("issue-phase", { phase: "sending" });
    await waitFor(() => expect(notice.textContent).toContain("Waiting for the token…"));
    // The form may be about another thing meanwhile.
    await fireEvent.click(view.getByTestId("field-api-workflows"));
    expect(issue.kind).toBe("run");
    expect(notice.textContent).toContain("Waiting for the token…");
    host.come(entry({ id: "e1" }));
    await waitFor(() => expect(view.queryByTestId("issuing")).toBeNull());
  });

  it("says that it waits for the keychain", async () => {
    const host = later();
    const loading = { ...velmora, credential: { state: "loading" as const } };
    const view = await openApp({
      ...host.answers,
      app_state: () => appState({ workspaces: [demo, loading] }),
    });
    app.choose("w1");
    const workflow = view.getByTestId("field-workflow") as HTMLInputElement;
    await waitFor(() => expect(workflow.value).toBe(""));
    await fireEvent.input(workflow, { target: { value: "some-workflow" } });
    await fireEvent.click(view.getByTestId("issue-submit"));
    expect((await view.findByTestId("issuing")).textContent).toContain("Waiting for your keychain…");
  });

  it("brings an error with no field into view", async () => {
    const view = await openApp({
      issue_token: () => Promise.reject(error({ code: "server_error", field: null })),
    });
    await ready(view);
    const scroller = view.getByTestId("field-label").closest(".scroll") as HTMLElement;
    scroller.scrollTop = 120;
    await fireEvent.click(view.getByTestId("issue-submit"));
    await view.findByTestId("error-block");
    await waitFor(() => expect(scroller.scrollTop).toBe(0));
  });
});

describe("the token's card", () => {
  it("says when it was used, not until when", async () => {
    const usedAt = Date.now() - 60_000;
    const view = await openApp();
    issue.show(entry({ usedAt }));
    const facts = (await view.findByTestId("token-status")).parentElement;
    expect(facts?.textContent).toMatch(new RegExp(`Used\\s+at .*${clockTime(usedAt)}`));
    expect(facts?.textContent).not.toContain("until");
  });

  it("says that a token was not written down, and keeps it when the history has none", async () => {
    const unwritten = error({ code: "storage", title: "Issued, but not written down", field: null });
    const view = await openApp({
      issue_token: () => entry({ error: unwritten }),
      history_entry: () => Promise.reject(error({ code: "no_such_thing" })),
    });
    await ready(view);
    await fireEvent.click(view.getByTestId("issue-submit"));
    const card = await view.findByTestId("token-card");
    expect(card.textContent).toContain("Issued, but not written down");
    await emit("history-changed", null);
    await waitFor(() => expect(view.callsOf("live_tokens").length).toBeGreaterThan(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(view.getByTestId("copy-token")).toBeTruthy();
  });

  it("shows the claims people look for first, and authorising no longer than it took", async () => {
    const claims = ["exp", "aud", "workspaceId", "iat", "customerId", "partyId", "jti"].map((name) => ({
      name,
      value: "1",
      kind: "number" as const,
      at: null,
      unit: null,
    }));
    const view = await openApp();
    issue.show(entry({ claims, authorizedMs: 6, requestMs: 407 }));
    const card = await view.findByTestId("claims");
    expect([...card.querySelectorAll("dt")].map((name) => name.textContent)).toEqual([
      "customerId",
      "partyId",
      "workspaceId",
      "iat",
      "exp",
      "aud",
      "jti",
    ]);
    const bar = view.getByTestId("timing-authorized");
    expect([bar.style.flexGrow, (bar.nextElementSibling as HTMLElement).style.flexGrow]).toEqual([
      "6",
      "407",
    ]);
  });
});

describe("An instant in a claim", () => {
  it("is a date where it can be read, and is told where it is not in seconds", async () => {
    const at = Date.now() + 300_000;
    const claim = (name: string, value: string, at: number | null, unit: InstantUnit | null): Claim => ({
      name,
      value,
      kind: "number",
      at,
      unit,
    });
    const claims = [
      claim("iat", String(at / 1000), at, "seconds"),
      claim("exp", String(at), at, "milliseconds"),
      claim("nbf", "253402300799999", null, "unclear"),
      claim("nbf", "9007199254740991", 9007199254740991000, null),
    ];
    const view = await openApp();
    issue.show(entry({ claims }));
    const card = await view.findByTestId("claims");
    const rows = [...card.querySelectorAll(".row")].map((row) => row.textContent);
    expect(rows[0]).toMatch(/today \d\d:\d\d:\d\d\s*$/);
    expect(rows[1]).toMatch(/today \d\d:\d\d:\d\d\s*not in seconds\?/);
    expect(rows[2]).toMatch(/253402300799999.*not in seconds\?/);
    expect(rows[2]).not.toMatch(/\d\d:\d\d/);
    expect(rows[3]).toMatch(/9007199254740991.*not in seconds\?/);
  });
});

describe("Copied", () => {
  it("is said of the token that was copied only, and takes the countdown of another copy away", async () => {
    const view = await openApp({
      copy_from_entry: ({ kind }) => ({ clearedAfterSeconds: kind === "token" ? 40 : 0 }),
    });
    issue.show(entry());
    await fireEvent.click(await view.findByTestId("copy-token"));
    await waitFor(() => expect(view.getByTestId("copy-token").textContent).toContain("Copied"));
    expect(view.getByTestId("toast").textContent).toContain("The clipboard is cleared in 40 s.");
    issue.show(entry({ id: "e1" }));
    await waitFor(() => expect(view.getByTestId("copy-token").textContent).not.toContain("Copied"));

    await fireEvent.click(view.getByTestId("copy-curl"));
    await waitFor(() => expect(view.getByTestId("toast").textContent).toContain("cURL copied."));
    expect(view.getAllByTestId("toast")).toHaveLength(1);
  });

  it("counts its two seconds from the last press", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const view = await openApp({ copy_from_entry: () => ({ clearedAfterSeconds: 0 }) });
    issue.show(entry());
    const copy = await view.findByTestId("copy-token");
    await fireEvent.click(copy);
    await vi.advanceTimersByTimeAsync(1500);
    await fireEvent.click(copy);
    await vi.advanceTimersByTimeAsync(1000);
    expect(copy.textContent).toContain("Copied");
    await vi.advanceTimersByTimeAsync(1100);
    expect(copy.textContent).not.toContain("Copied");
  });

  it("of an id takes the countdown away too, and the countdown can be dismissed", async () => {
    const view = await openApp({
      copy_from_entry: () => ({ clearedAfterSeconds: 40 }),
      copy_text: () => null,
    });
    issue.show(entry({ subject: "11111111-2222-3333-4444-555555555555" }));
    await fireEvent.click(await view.findByTestId("copy-token"));
    const toast = await view.findByTestId("toast");
    await fireEvent.click(within(toast).getByRole("button", { name: "Dismiss" }));
    await waitFor(() => expect(toast.isConnected).toBe(false));
    await fireEvent.click(view.getByTestId("copy-token"));
    await view.findByTestId("toast-action");
    await fireEvent.click(view.getByRole("button", { name: "Copy id" }));
    await waitFor(() => expect(view.getByTestId("toast").textContent).toContain("Id copied."));
    expect(view.queryByTestId("toast-action")).toBeNull();
  });
});
