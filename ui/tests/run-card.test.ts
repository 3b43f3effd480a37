import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryEntry } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { entry, error, openApp } from "./host";
import { BACKGROUND, completed, MINUTE, runEntry } from "./some-runs";

beforeEach(() => {
  app.screen = "issue";
});

describe("the card of a run", () => {
  it("has both clocks, the run's id, and the vendor's own word", async () => {
    const view = await openApp({ copy_text: () => null });
    issue.show(runEntry({}, { status: "AWAITING_REVIEW" }));
    const row = await view.findByTestId("run-row");
    expect(view.getByTestId("time-left").textContent).toMatch(/^(1 h 00|59:5\d)$/);
    expect(view.getByTestId("token-status").dataset.status).toBe("active");
    expect(view.getByTestId("run-status").textContent).toBe("AWAITING_REVIEW");
    expect(row.textContent).toMatch(/Going on\s*3 min 1\d s/);
    expect(row.textContent).toMatch(/Looked\s*just now/);
    expect(row.textContent).toMatch(/Ends/);
    await fireEvent.click(view.getByTestId("copy-run-id"));
    await waitFor(() =>
      expect(view.callsOf("copy_text")).toEqual([{ text: "d81f37aa-6be1-4c33-8d57-10f9c4be6c02" }]),
    );
    for (const kind of ["token", "link", "embed", "curl"])
      expect(view.getByTestId(`copy-${kind}`)).toBeTruthy();
  });

  it("says when somebody last looked without asking the host", async () => {
    const view = await openApp();
    issue.show(runEntry({}, { checkedAt: Date.now() - 54_000 }));
    const row = await view.findByTestId("run-row");
    expect(row.textContent).toMatch(/Looked\s*50 s ago/);
    const reads = () => ["history_entry", "live_tokens"].map((name) => view.callsOf(name).length);
    const before = reads();
    await emit("run-checked", { entryId: "r0", checkedAt: Date.now() - 1_000 });
    await waitFor(() => expect(row.textContent).toMatch(/Looked\s*just now/));
    expect(reads()).toEqual(before);
  });

  it("keeps the link when the token was used, and says that the run goes on", async () => {
    const view = await openApp({ copy_from_entry: () => ({ clearedAfterSeconds: 30 }) });
    issue.show(runEntry({ usedAt: Date.now() - MINUTE, hasToken: false }));
    await view.findByTestId("token-card");
    expect(view.getByTestId("token-status").dataset.status).toBe("running");
    expect(view.getByTestId("time-left").textContent).toBe("Used");
    expect(view.queryByTestId("copy-token")).toBeNull();
    expect(view.queryByTestId("preview")).toBeNull();
    await fireEvent.keyDown(window, { key: "c", ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(view.callsOf("copy_from_entry")).toEqual([{ id: "r0", kind: "link" }]));
  });

  it("looks on request, once at a time, and shows what came of it", async () => {
    let come: (e: HistoryEntry) => void = () => undefined;
    const view = await openApp({ look_at_run: () => new Promise((resolve) => (come = resolve)) });
    issue.show(runEntry());
    const look = await view.findByTestId("look-now");
    await fireEvent.click(look);
    await fireEvent.click(look);
    expect(look.getAttribute("aria-busy")).toBe("true");
    expect(view.callsOf("look_at_run")).toEqual([{ id: "r0" }]);
    come(completed({ id: "r0" }));
    await waitFor(() => expect(view.getByTestId("run-status").textContent).toBe("COMPLETED"));
    expect(view.queryByTestId("look-now")).toBeNull();
    expect(view.getByTestId("run-open").textContent).toContain("Show result");
  });

  it("takes an answer over for the entry it is about only, and looks at each by itself", async () => {
    const come: Record<string, (e: HistoryEntry) => void> = {};
    const view = await openApp({
      look_at_run: ({ id }) => new Promise((resolve) => (come[String(id)] = resolve)),
    });
    issue.show(runEntry({ id: "a" }));
    await fireEvent.click(await view.findByTestId("look-now"));
    issue.show(runEntry({ id: "b" }));
    await waitFor(() => expect(view.getByTestId("token-card").dataset.entry).toBe("b"));
    const look = view.getByTestId("look-now");
    expect(look.getAttribute("aria-busy")).toBe("false");
    await fireEvent.click(look);
    expect(view.callsOf("look_at_run")).toEqual([{ id: "a" }, { id: "b" }]);
    come.a?.(completed({ id: "a" }));
    await new Promise((resolve) => setTimeout(resolve));
    expect(issue.entry?.id).toBe("b");
    expect(look.getAttribute("aria-busy")).toBe("true");
    come.b?.(completed({ id: "b" }));
    await waitFor(() => expect(view.getByTestId("run-status").textContent).toBe("COMPLETED"));
    expect(issue.entry?.id).toBe("b");
  });

  it("claims no status that was not said, and no duration that was not seen", async () => {
    const view = await openApp();
    issue.show(runEntry({}, { status: null }));
    expect((await view.findByTestId("run-status")).textContent).toBe("no status yet");
    issue.show(completed());
    await waitFor(() => expect(view.getByTestId("run-row").textContent).toMatch(/Took at most\s*2 s/));
  });

  it("goes on when its token expired unused", async () => {
    const view = await openApp();
    issue.show(runEntry({ expiresAt: Date.now() - MINUTE, hasToken: false }));
    await view.findByTestId("token-card");
    expect(view.getByTestId("token-status").dataset.status).toBe("running");
    expect(view.getByTestId("time-left").textContent).toBe("Expired");
    expect(view.getByTestId("card-says").textContent).toBe(
      "The token expired. The link leads back into the run.",
    );
  });

  it("shows a secret no more once another entry was shown", async () => {
    let come: (token: string) => void = () => undefined;
    const view = await openApp({ reveal_token: () => new Promise((resolve) => (come = resolve)) });
    const a = runEntry({ id: "a" });
    const b = runEntry({ id: "b" });
    const shows = async (e: HistoryEntry) => {
      issue.show(e);
      await waitFor(() => expect(view.getByTestId("token-card").dataset.entry).toBe(e.id));
    };
    await shows(a);
    await fireEvent.click(view.getByTestId("reveal-token"));
    come("secret of a");
    await view.findByTestId("token-text");
    await shows(b);
    await shows(a);
    expect(view.queryByTestId("token-text")).toBeNull();
    // Nor does an answer that comes to another entry wait for its own.
    await fireEvent.click(view.getByTestId("reveal-token"));
    await shows(b);
    come("secret of a");
    await new Promise((resolve) => setTimeout(resolve));
    await shows(a);
    expect(view.queryByTestId("token-text")).toBeNull();
  });

  it("says that it is paused, and why the last look failed", async () => {
    const view = await openApp();
    const problem = error({ code: "connect_failed", title: "No connection", hint: "Check the network." });
    issue.show(runEntry({}, { following: false, problem }));
    const row = await view.findByTestId("run-row");
    expect(row.textContent).toContain("paused");
    expect(view.getByTestId("run-problem").textContent).toContain("No connection. Check the network.");
  });

  it("of a run in the background has no ring and no token, but how long it goes on", async () => {
    const view = await openApp();
    issue.show(runEntry({ api: "v2", hasLink: false, ...BACKGROUND }, { interactive: false }));
    await view.findByTestId("token-card");
    expect(view.queryByTestId("time-left")).toBeNull();
    expect(view.getByTestId("run-elapsed").textContent).toMatch(/3 min 1\d s/);
    for (const id of ["copy-token", "copy-link", "preview", "link-qr", "reveal-token"])
      expect(view.queryByTestId(id)).toBeNull();
    expect(view.getByTestId("hand-over-open")).toBeTruthy();
  });
});

describe("the card of a link", () => {
  const link = (changes: Partial<HistoryEntry> = {}) =>
    entry({
      id: "l0",
      kind: "link",
      tokenMasked: null,
      tokenLength: null,
      hasToken: false,
      hasLink: true,
      link: { masked: "https://app.example/l/8f…2c", supersededAt: null },
      send: true,
      expiresAt: Date.now() + 30 * 86_400_000 - MINUTE,
      expirySource: "assumed",
      ...changes,
    });

  it("shows it masked, copies and reveals it, and says that it was sent", async () => {
    const view = await openApp({
      copy_from_entry: () => ({ clearedAfterSeconds: 30 }),
      reveal_link: () => "https://app.example/l/8f-secret-2c",
    });
    issue.show(link());
    const card = await view.findByTestId("token-card");
    expect(card.textContent).toContain("https://app.example/l/8f…2c");
    expect(card.textContent).not.toContain("secret");
    expect(view.getByTestId("time-left").textContent).toBe("29 d 23 h");
    expect(view.getByTestId("link-sent")).toBeTruthy();
    expect(view.queryByTestId("preview")).toBeNull();
    await fireEvent.click(view.getByTestId("copy-link"));
    expect(view.callsOf("copy_from_entry")).toEqual([{ id: "l0", kind: "link" }]);
    await fireEvent.click(view.getByTestId("reveal-link"));
    expect((await view.findByTestId("link-text")).textContent).toContain("secret");
    issue.show(link({ id: "l1" }));
    await waitFor(() => expect(view.queryByTestId("link-text")).toBeNull());
  });

  it("that a newer one ended can only be issued again", async () => {
    const view = await openApp();
    const at = Date.now() - MINUTE;
    issue.show(link({ link: { masked: "https://app.example/l/8f…2c", supersededAt: at }, send: false }));
    await view.findByTestId("token-card");
    expect(view.getByTestId("token-status").dataset.status).toBe("superseded");
    expect(view.getByTestId("card-says").textContent).toContain("A newer link for the same subject ended it");
    for (const id of ["copy-link", "reveal-link", "link-qr", "link-sent"])
      expect(view.queryByTestId(id)).toBeNull();
    expect(within(view.getByTestId("token-card")).getByText("Issue again")).toBeTruthy();
  });
});
