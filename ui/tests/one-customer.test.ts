// What goes out by one press is for the customer the person sees, once, and asked where it cannot be taken back.
import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../src/lib/host";
import { history } from "../src/lib/screens/history/state.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { openForm, type, type Answers } from "./form";
import { appState, CASE_ID, demo, entry, error, liveOf, velmora } from "./host";

const OTHER_ID = CASE_ID.replace(/^1/, "2");
const key = (name: string, also: KeyboardEventInit = {}) =>
  fireEvent.keyDown(window, { key: name, ctrlKey: true, ...also });
const copyKey = () => key("C", { shiftKey: true });
const again = () => key("Enter", { shiftKey: true });
const copies = { copy_from_entry: () => ({ clearedAfterSeconds: 60 }) };

/** A host that issues what it is asked for. */
function issuing(answers: Answers = {}): Answers {
  let last = 0;
  const issue_token = ({ request }: Record<string, never>) => {
    const { subject, label, kind, send, api } = request as unknown as HistoryEntry;
    return entry({ id: `e${++last}`, subject: subject || null, label: label || null, kind, send, api });
  };
  return { ...copies, issue_token, ...answers };
}

async function issued(answers: Answers = {}, label = "Subject 01") {
  const view = await openForm(issuing(answers));
  await type(view.field("subject"), CASE_ID);
  await type(view.field("label"), label);
  await view.press();
  await view.findByTestId("token-card");
  issue.justIssued.forget();
  return view;
}
const toastWith = async (view: Awaited<ReturnType<typeof openForm>>, words: string) =>
  waitFor(() => {
    const toast = view.queryAllByTestId("toast").find(({ textContent }) => textContent?.includes(words));
    expect(toast, words).toBeTruthy();
    return toast as HTMLElement;
  });

describe("the token shown", () => {
  it("is copied by key with the name of whom it is for", async () => {
    const view = await issued();
    expect(view.queryByTestId("card-for")).toBeNull();
    await copyKey();
    await toastWith(view, "Token of Subject 01 copied.");
  });

  it.each([
    [
      "a bad id was refused in the form",
      async (view) => void (await type(view.field("subject"), "7c1e")),
      true,
    ],
    ["the form names another", async (view) => void (await type(view.field("subject"), OTHER_ID)), false],
  ] as [string, (view: Awaited<ReturnType<typeof openForm>>) => Promise<void>, boolean][])(
    "is no key away once %s",
    async (_, change, press) => {
      const view = await issued();
      await change(view);
      if (press) await key("Enter");
      expect((await view.findByTestId("card-for")).textContent).toContain("For Subject 01");
      await copyKey();
      const toast = await toastWith(view, "Nothing was copied.");
      expect(toast.textContent).toContain("for Subject 01");
      expect(view.callsOf("copy_from_entry")).toEqual([]);
      await fireEvent.click(within(toast).getByTestId("toast-action"));
      await toastWith(view, "Token of Subject 01 copied.");
    },
  );

  it("is no key away while another is issued, nor after that failed", async () => {
    let answer: () => unknown = () => entry({ subject: CASE_ID, label: "Subject 01" });
    const view = await issued({ issue_token: () => answer() });
    let refuse: (reason: unknown) => void = () => undefined;
    answer = () => new Promise((_, reject) => (refuse = reject));
    await view.press();
    await view.findByTestId("card-for");
    await copyKey();
    await toastWith(view, "another is being issued");
    refuse(error({ field: null }));
    await toastWith(view, "Nothing was copied.");
    await waitFor(() => expect(view.queryByTestId("issuing")).toBeNull());
    await copyKey();
    await toastWith(view, "the last attempt came to nothing");
    expect(view.callsOf("copy_from_entry")).toEqual([]);
  });

  it("is not copied from under a panel", async () => {
    const view = await issued();
    await fireEvent.click(view.getByTestId("subject-look-up"));
    await copyKey();
    expect(view.callsOf("copy_from_entry")).toEqual([]);
  });
});

describe("after an issue", () => {
  it("the record is selected, and the label goes with it and comes back with it", async () => {
    const view = await issued();
    const subject = view.field("subject");
    await waitFor(() => expect(document.activeElement).toBe(subject));
    expect([subject.selectionStart, subject.selectionEnd]).toEqual([0, CASE_ID.length]);
    await type(subject, OTHER_ID);
    expect(view.field("label").value).toBe("");
    await type(subject, CASE_ID);
    expect(view.field("label").value).toBe("Subject 01");
    await type(view.field("label"), "Subject 02");
    await type(subject, OTHER_ID);
    expect(view.field("label").value).toBe("Subject 02");
  });

  it("a label that something live of another subject has is told", async () => {
    const live = entry({ id: "l", label: "subject 02", subject: OTHER_ID });
    const view = await openForm({ live_tokens: () => liveOf([live]) });
    await type(view.field("subject"), CASE_ID);
    await type(view.field("label"), "Subject 02 ");
    expect((await view.findByTestId("label-twin")).textContent).toContain("has this label too");
    await type(view.field("subject"), OTHER_ID);
    await waitFor(() => expect(view.queryByTestId("label-twin")).toBeNull());
    expect((await view.findByTestId("subject-live")).textContent).toContain(
      "A token for this record is live",
    );
  });

  it("a second press within a moment issues nothing twice, by button or key", async () => {
    const view = await openForm(issuing());
    await type(view.field("subject"), CASE_ID);
    await type(view.field("label"), "Subject 01");
    await key("Enter");
    await view.findByTestId("token-card");
    await key("Enter");
    await view.press();
    await again();
    await toastWith(view, "Nothing was issued a second time.");
    expect(view.callsOf("issue_token")).toHaveLength(1);
    // Another subject is no slip.
    await type(view.field("subject"), OTHER_ID);
    await view.press();
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(2));
  });

  it("a link is sent once only: the next one is asked for anew, also at the next start", async () => {
    const inForce: HistoryEntry[] = [];
    const view = await openForm(issuing({ link_in_force: () => inForce[0] ?? null }));
    await view.choice("field-give-link");
    await view.choice("field-send");
    await type(view.field("subject"), CASE_ID);
    await view.press();
    await waitFor(() => expect(view.request()).toMatchObject({ kind: "link", send: true }));
    await waitFor(() => expect(view.getByTestId("field-send").getAttribute("aria-checked")).toBe("false"));
    const kept = view.callsOf("plugin:store|set").filter(({ key }) => key === "inputs");
    expect(JSON.stringify(kept.at(-1))).not.toContain("send");
    issue.justIssued.forget();
    inForce.push(entry({ kind: "link", subject: CASE_ID }));
    await view.choice("field-send");
    await view.press();
    const question = await view.findByTestId("confirm");
    expect(question.textContent).toContain("another message goes out");
    expect(view.getByTestId("confirm-yes").textContent).toBe("End the old one and send");
    expect(view.callsOf("issue_token")).toHaveLength(1);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(2));
  });
});

describe("issue again", () => {
  const both = { app_state: () => appState({ workspaces: [demo, velmora] }) };
  const live = (changes: Partial<HistoryEntry> = {}) =>
    entry({
      workspaceId: "w1",
      workspaceName: "Velmora",
      workspaceKind: "live",
      subject: CASE_ID,
      ...changes,
    });

  async function onHistory(chosen: HistoryEntry, open = false) {
    const view = await openForm(issuing({ ...both, link_in_force: () => null, open_preview: () => ({}) }));
    history.selected = chosen;
    app.screen = "history";
    history.selected = chosen;
    history.open = open;
    return view;
  }

  it.each([
    ["a token that no drawer shows", live({ label: "Subject 01" }), false, "For Subject 01"],
    [
      "a link that is sent",
      live({ kind: "link", send: true, label: "Subject 01" }),
      true,
      "another message goes out",
    ],
    ["a run of a real workspace", live({ kind: "run", api: "workflows" }), true, "starts a real run"],
  ])("asks before it issues %s", async (_, chosen, open, words) => {
    const view = await onHistory(chosen, open);
    await again();
    const question = await view.findByTestId("confirm");
    expect(question.textContent).toContain(words);
    expect(view.callsOf("issue_token")).toEqual([]);
    expect(app.screen).toBe("history");
    await fireEvent.click(view.getByTestId("confirm-no"));
    await waitFor(() => expect(view.queryByTestId("confirm")).toBeNull());
    expect([view.callsOf("issue_token").length, app.screen]).toEqual([0, "history"]);
    history.selected = chosen;
    history.open = open;
    await again();
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(view.request()).toMatchObject({ workspaceId: "w1", send: chosen.send }));
  });

  it("is quick for a token in view", async () => {
    const view = await openForm(issuing(both));
    issue.show(live());
    await again();
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
  });

  it("is asked before a preview starts another real run, and not for the demo's", async () => {
    const view = await openForm(issuing({ ...both, open_preview: () => ({}) }));
    issue.show(live({ kind: "run", api: "workflows", run: null }));
    await key("p");
    expect((await view.findByTestId("confirm")).textContent).toContain("starts a real run");
    expect(view.callsOf("open_preview")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("open_preview")).toHaveLength(1));
    await waitFor(() => expect(view.queryByTestId("confirm")).toBeNull());
    issue.show(entry({ kind: "run", api: "workflows" }));
    await key("p");
    await waitFor(() => expect(view.callsOf("open_preview")).toHaveLength(2));
  });

  it("is decided in one place: nothing else in the window calls what goes out", () => {
    const files = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((file) =>
        file.isDirectory() ? files(join(folder, file.name)) : [join(folder, file.name)],
      );
    const callers = (command: string) =>
      files("src/lib")
        .filter((file) => readFileSync(file, "utf8").includes(`host.${command}(`))
        .map((file) => file.replace("src/lib/", ""));
    expect(callers("issueToken")).toEqual(["state/issue.svelte.ts"]);
    expect(callers("openPreview")).toEqual(["state/outward.ts"]);
  });
});

describe("an attempt that may have been carried out", () => {
  const attempt = entry({ id: "a1", state: "failed", label: "the attempt" });
  const found = {
    history_entry: () => attempt,
    history_page: () => [attempt],
    history_summary: () => ({
      counts: { all: 1, active: 0, expiring: 0, used: 0, expired: 0, failed: 1, live: 0, previews: 0 },
      days: [],
      soonest: null,
    }),
  } as unknown as Answers;

  it("is told when it was cancelled, and shown", async () => {
    let stop: (reason: unknown) => void = () => undefined;
    const view = await openForm({
      ...found,
      issue_token: () => new Promise((_, reject) => (stop = reject)),
      cancel_issue: () =>
        stop(
          error({
            code: "cancelled",
            title: "Cancelled",
            detail: "The request had left: it may have been carried out all the same.",
            field: null,
            entryId: "a1",
          }),
        ),
    });
    history.status = "used";
    await view.press();
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    await fireEvent.keyDown(window, { key: "Escape" });
    const toast = await toastWith(view, "may have been carried out");
    await fireEvent.click(within(toast).getByTestId("toast-action"));
    expect((await view.findByTestId("history-drawer")).dataset.entry).toBe("a1");
    expect(history.status).toBe("all");
    const cleared = await toastWith(view, "The filters were cleared.");
    await fireEvent.click(within(cleared).getByTestId("toast-action"));
    expect(history.status).toBe("used");
  });

  it("that timed out is the one its remedy shows, whatever is newest", async () => {
    const timedOut = error({ code: "timed_out", field: null, entryId: "a1", httpStatus: null });
    const view = await openForm({ ...found, issue_token: () => Promise.reject(timedOut) });
    await view.press();
    await fireEvent.click(await view.findByTestId("error-history"));
    expect((await view.findByTestId("history-drawer")).dataset.entry).toBe("a1");
    expect(view.callsOf("history_entry")[0]).toEqual({ id: "a1" });
  });
});

describe("what is known and typed", () => {
  it("stays when the list of another workspace's workflows fails late", async () => {
    const fail: Record<string, (reason: unknown) => void> = {};
    const view = await openForm({
      app_state: () => appState({ workspaces: [demo, velmora] }),
      known_workflows: ({ workspaceId }: { workspaceId: string }) =>
        workspaceId === "demo"
          ? new Promise((_, reject) => (fail[workspaceId] = reject))
          : [{ workflowId: "zzz", name: "Alpha", saved: true }],
    } as unknown as Answers);
    app.choose("w1");
    await waitFor(() => expect(issue.known).toHaveLength(1));
    fail.demo?.(error());
    await new Promise((resolve) => setTimeout(resolve));
    expect(issue.known).toHaveLength(1);
    expect(view.callsOf("known_workflows").length).toBeGreaterThan(1);
  });

  it("leaves the form's error where it is while a live token is looked at", async () => {
    const view = await openForm({
      issue_token: () => Promise.reject(error()),
      live_tokens: () => liveOf([entry({ id: "l" })]),
    });
    await type(view.field("subject"), CASE_ID);
    await view.press();
    await view.findByTestId("error-block");
    await fireEvent.click(await view.findByTestId("live-token"));
    await view.findByTestId("token-card");
    expect(view.getByTestId("error-block").textContent).toContain("Record not found");
  });
});
