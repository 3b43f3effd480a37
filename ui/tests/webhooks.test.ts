import { emit } from "@tauri-apps/api/event";
import { fireEvent, render, waitFor, within } from "@testing-library/svelte";
import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { beforeEach, describe, expect, it } from "vitest";
import Toasts from "../src/lib/components/Toasts.svelte";
import type { ListenerState, ReceivedWebhook, Tree, WebhookReport } from "../src/lib/host";
import { readBody, LARGEST } from "../src/lib/screens/webhooks/file";
import { webhooks } from "../src/lib/screens/webhooks/state.svelte";
import { deliveryWords, runOf } from "../src/lib/screens/webhooks/words";
import WebhooksScreen from "../src/lib/screens/webhooks/WebhooksScreen.svelte";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { toasts } from "../src/lib/state/toasts.svelte";
import { appState, entry, error } from "./host";

const KID = "070725bf-7dac-4712-b61a-420ba3701263";
const RUN = "d81f37aa-0000-4000-8000-000000006c02";

function tree(fields: Record<string, string>): Tree {
  const nodes = Object.entries(fields).map(([name, text]) => ({
    depth: 0,
    name,
    kind: "string" as const,
    text,
    children: 0,
  }));
  return { nodes, truncated: false, bytes: 1 };
}

function report(changes: Partial<WebhookReport> = {}): WebhookReport {
  return {
    verdict: "valid",
    reason: "Signed by TransactionLink, and not changed since.",
    header: tree({ alg: "RS256", kid: KID, typ: "JWT" }),
    headerText: `{"alg":"RS256","kid":"${KID}","typ":"JWT"}`,
    kid: KID,
    algorithm: "RS256",
    keyFingerprint: "9f2c00aa11bb22cc",
    body: tree({ eventType: "WORKFLOW_COMPLETED", workflowId: RUN }),
    bodyText: `{"eventType":"WORKFLOW_COMPLETED","workflowId":"${RUN}"}`,
    bytes: 78,
    error: null,
    ...changes,
  };
}

function received(id: number, changes: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
  return {
    id,
    at: Date.now() - 1000 * (10 - id),
    report: report(),
    attempt: 1,
    summary: "WORKFLOW_COMPLETED",
    runEntryId: null,
    ...changes,
  };
}

type Answers = Record<string, (args: Record<string, never>) => unknown>;

/** The screen by itself, on a host that gives these answers. */
async function openScreen(answers: Answers = {}) {
  const calls: { name: string; args: Record<string, unknown> }[] = [];
  const all: Answers = {
    listener: () => ({ state: "off" }) satisfies ListenerState,
    received_webhooks: () => [],
    copy_text: () => null,
    "plugin:store|load": () => 1,
    "plugin:store|set": () => null,
    ...answers,
  };
  mockWindows("main");
  mockIPC(
    (name, args) => {
      calls.push({ name, args: (args ?? {}) as Record<string, unknown> });
      const answer = all[name];
      if (!answer) throw new Error(`The test has no answer to ${name}`);
      return answer(args as Record<string, never>);
    },
    { shouldMockEvents: true },
  );
  render(Toasts);
  const view = render(WebhooksScreen);
  await waitFor(() => expect(webhooks.list).not.toBeNull());
  return { ...view, callsOf: (name: string) => calls.filter((c) => c.name === name).map((c) => c.args) };
}

type View = Awaited<ReturnType<typeof openScreen>>;

async function fill(view: View, body: string, signature = "h..s") {
  await fireEvent.input(view.getByTestId("webhook-text"), { target: { value: body } });
  await fireEvent.input(view.getByTestId("webhook-signature"), { target: { value: signature } });
}

const drop = (view: View, file: File) =>
  fireEvent.drop(view.getByTestId("webhooks-check"), { dataTransfer: { types: ["Files"], files: [file] } });

beforeEach(() => {
  app.state = appState();
  app.workspaceId = "demo";
  app.screen = "webhooks";
  webhooks.cancel();
  webhooks.tab = "check";
  webhooks.text = "";
  webhooks.file = null;
  webhooks.signature = "";
  webhooks.outcome = null;
  webhooks.faults = {};
  webhooks.focusField = null;
  webhooks.list = null;
  webhooks.listError = null;
  webhooks.listener = null;
  webhooks.listenerError = null;
  webhooks.selectedId = null;
  issue.entry = null;
  toasts.list = [];
});

describe("checking a webhook", () => {
  it("sends pasted text as it is, and shows verdict, key, header and body", async () => {
    const view = await openScreen({ verify_webhook: () => report() });
    await fill(view, '{"a": 1}\n', " h..s ");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    const verdict = await view.findByTestId("verdict");
    expect(view.callsOf("verify_webhook")).toEqual([
      { workspaceId: "demo", body: { form: "text", text: '{"a": 1}\n' }, signature: " h..s " },
    ]);
    expect(verdict.dataset.verdict).toBe("valid");
    expect(view.getByTestId("verdict-title").textContent).toContain("Valid");
    expect(view.getByTestId("verdict-facts").textContent).toContain("RS256");
    expect(within(verdict).getByTitle("9f2c00aa11bb22cc")).toBeTruthy();
    expect(within(verdict).getAllByTestId("tree")).toHaveLength(2);
    expect(view.getByTestId("webhook-said").textContent).toContain("Valid. Signed by TransactionLink");
    await fireEvent.click(view.getByTestId("verdict-view-raw"));
    expect(view.getByTestId("verdict-raw").textContent).toBe(report().bodyText);
  });

  it("sends a dropped file byte for byte, whatever is in it", async () => {
    const bytes = new Uint8Array([0, 0xff, 0x0d, 0x0a, 0x7b, 0x7d, 0xc3]);
    const view = await openScreen({ verify_webhook: () => report() });
    await fill(view, "typed before");
    await drop(view, new File([bytes], "hook.json"));
    const shown = await view.findByTestId("webhook-file");
    expect(shown.textContent).toContain("hook.json");
    expect(view.getByTestId("webhook-file-bytes").textContent).toContain("7 bytes");
    await fireEvent.keyDown(window, { key: "Enter", ctrlKey: true });
    await view.findByTestId("verdict");
    const [call] = view.callsOf("verify_webhook") as { body: { form: string; base64: string } }[];
    expect(call?.body.form).toBe("base64");
    expect([...atob(call?.body.base64 ?? "")].map((c) => c.charCodeAt(0))).toEqual([...bytes]);
    // What was typed before waits behind the file.
    await fireEvent.click(view.getByTestId("webhook-file-remove"));
    expect((view.getByTestId("webhook-text") as HTMLTextAreaElement).value).toBe("typed before");
  });

  it("takes a chosen file too, and shows where to drop one", async () => {
    const view = await openScreen();
    const pane = view.getByTestId("webhooks-check");
    await fireEvent.dragEnter(pane, { dataTransfer: { types: ["text/plain"] } });
    expect(view.queryByTestId("webhook-drop")).toBeNull();
    await fireEvent.dragEnter(pane, { dataTransfer: { types: ["Files"] } });
    expect(view.getByTestId("webhook-drop")).toBeTruthy();
    await fireEvent.dragLeave(pane, { dataTransfer: { types: ["Files"] } });
    expect(view.queryByTestId("webhook-drop")).toBeNull();
    const files = [new File([""], "empty.json")];
    await fireEvent.change(view.getByTestId("webhook-picker"), { target: { files } });
    expect((await view.findByTestId("webhook-file-bytes")).textContent).toContain("0 bytes");
  });

  it("says at the field what is missing, and goes there", async () => {
    const view = await openScreen();
    await fireEvent.click(view.getByTestId("webhook-verify"));
    expect(view.getByTestId("webhook-body-fault").textContent).toContain("Paste the body");
    expect(view.getByTestId("webhook-signature-fault").textContent).toContain("JWS-SIGNATURE");
    await waitFor(() => expect(document.activeElement).toBe(view.getByTestId("webhook-text")));
    await fireEvent.input(view.getByTestId("webhook-text"), { target: { value: "{}" } });
    expect(view.queryByTestId("webhook-body-fault")).toBeNull();
    await fireEvent.click(view.getByTestId("webhook-verify"));
    await waitFor(() => expect(document.activeElement).toBe(view.getByTestId("webhook-signature")));
    expect(view.callsOf("verify_webhook")).toEqual([]);
  });

  it("keeps a verdict for the input it is about", async () => {
    const view = await openScreen({ verify_webhook: () => report() });
    await fill(view, "one");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    await view.findByTestId("verdict");
    expect(view.queryByTestId("verdict-stale")).toBeNull();
    await fill(view, "two");
    expect(view.getByTestId("verdict-stale").textContent).toContain("For the earlier input");
    expect(view.getByTestId("webhook-said").textContent?.trim()).toBe("");
    await fill(view, "one");
    expect(view.queryByTestId("verdict-stale")).toBeNull();
    // Another workspace has other keys.
    app.workspaceId = "w1";
    expect(await view.findByTestId("verdict-stale")).toBeTruthy();
    expect(view.callsOf("verify_webhook")).toHaveLength(1);
  });

  it("tells an unknown key and an invalid signature apart, with what may help", async () => {
    const answers = [
      report({ verdict: "invalid", reason: "The signature does not belong to this body." }),
      report({ verdict: "unknownKey", reason: "No key of this id.", keyFingerprint: null }),
      report({ verdict: "invalid", reason: "It says none.", keyFingerprint: null, body: null, bytes: 3 }),
    ];
    const view = await openScreen({ verify_webhook: () => answers.shift() });
    await fill(view, "x");
    const verify = () => fireEvent.click(view.getByTestId("webhook-verify"));
    await verify();
    await waitFor(() => expect(view.getByTestId("verdict").dataset.verdict).toBe("invalid"));
    expect(view.getByTestId("verdict-hint").textContent).toContain("line ends");
    await verify();
    await waitFor(() => expect(view.getByTestId("verdict").dataset.verdict).toBe("unknownKey"));
    expect(view.queryByTestId("verdict-hint")).toBeNull();
    await verify();
    await waitFor(() => expect(view.getByTestId("verdict-reason").textContent).toBe("It says none."));
    // The bytes were never compared, so nothing is said about them.
    expect(view.queryByTestId("verdict-hint")).toBeNull();
    expect(view.getByTestId("verdict").textContent).toContain("It is no JSON.");
    expect(view.queryByTestId("verdict-view")).toBeNull();
  });

  it("offers another try where the key could not be fetched", async () => {
    const away = error({ code: "connect_failed", title: "No connection", field: null });
    const answers = [report({ verdict: "unchecked", keyFingerprint: null, error: away }), report()];
    const view = await openScreen({ verify_webhook: () => answers.shift() });
    await fill(view, "{}");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    expect((await view.findByTestId("error-block")).textContent).toContain("No connection");
    await fireEvent.click(view.getByTestId("verdict-retry"));
    await waitFor(() => expect(view.getByTestId("verdict").dataset.verdict).toBe("valid"));
    expect(view.queryByTestId("error-block")).toBeNull();
  });

  it("puts the host's refusal in place, or at its field until that is changed", async () => {
    const refusals = [
      error({ code: "credential_missing", title: "No credential", field: null }),
      error({ code: "invalid_input", title: "Not Base64", detail: "Choose it again.", field: "body" }),
    ];
    const view = await openScreen({ verify_webhook: () => Promise.reject(refusals.shift()) });
    await fill(view, "{}");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    expect((await view.findByTestId("error-block")).textContent).toContain("No credential");
    await fireEvent.click(view.getByTestId("webhook-retry"));
    expect((await view.findByTestId("webhook-body-fault")).textContent).toContain("Not Base64");
    await fill(view, "{} ");
    expect(view.queryByTestId("webhook-body-fault")).toBeNull();
  });

  it("stops waiting on Escape, and takes no notice of what comes then", async () => {
    let answer: (report: WebhookReport) => void = () => undefined;
    const view = await openScreen({ verify_webhook: () => new Promise((resolve) => (answer = resolve)) });
    await fill(view, "{}");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    expect(view.getByTestId("webhook-verify").getAttribute("aria-busy")).toBe("true");
    await fireEvent.keyDown(window, { key: "Escape" });
    expect(view.getByTestId("webhook-verify").getAttribute("aria-busy")).toBe("false");
    answer(report());
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(view.queryByTestId("verdict")).toBeNull();
  });

  it("gives back what was cleared", async () => {
    const view = await openScreen({ verify_webhook: () => report() });
    expect(view.queryByTestId("webhook-reset")).toBeNull();
    await fill(view, "{}", "a..b");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    await view.findByTestId("verdict");
    await fireEvent.click(view.getByTestId("webhook-reset"));
    expect((view.getByTestId("webhook-text") as HTMLTextAreaElement).value).toBe("");
    expect(view.queryByTestId("verdict")).toBeNull();
    await fireEvent.click(await view.findByTestId("toast-action"));
    expect((view.getByTestId("webhook-text") as HTMLTextAreaElement).value).toBe("{}");
    expect(view.getByTestId("verdict").dataset.stale).toBe("false");
  });

  it("keeps what was put in while another screen is shown", async () => {
    const view = await openScreen();
    await fill(view, "{}", "a..b");
    view.unmount();
    const again = await openScreen();
    expect((again.getByTestId("webhook-text") as HTMLTextAreaElement).value).toBe("{}");
    expect((again.getByTestId("webhook-signature") as HTMLInputElement).value).toBe("a..b");
  });
});

describe("a file", () => {
  it("that is too large, or none, is refused in words", async () => {
    const large = new File([], "large.bin");
    Object.defineProperty(large, "size", { value: LARGEST + 1 });
    await expect(readBody(large)).rejects.toThrow("at most 5 MiB");
    const view = await openScreen();
    await drop(view, large);
    expect((await view.findByTestId("webhook-body-fault")).textContent).toContain("not that large");
    expect(view.queryByTestId("webhook-file")).toBeNull();
  });
});

describe("the listener", () => {
  const ON: ListenerState = {
    state: "on",
    address: "http://127.0.0.1:41999/0123456789abcdef0123456789abcdef/",
    workspaceId: "demo",
  };

  async function openReceived(answers: Answers = {}) {
    const view = await openScreen(answers);
    await fireEvent.click(view.getByTestId("webhooks-tab-received"));
    return view;
  }

  it("is off until it is turned on, and then says where it is", async () => {
    const view = await openReceived({ start_listener: () => ON, stop_listener: () => ({ state: "off" }) });
    const toggle = view.getByTestId("listener-switch");
    expect(toggle.getAttribute("aria-checked")).toBe("false");
    expect(view.queryByTestId("listener-address")).toBeNull();
    expect(view.getByTestId("received-empty").textContent).toContain("Turn the listener on");
    await fireEvent.click(toggle);
    expect((await view.findByTestId("listener-address")).textContent).toBe(ON.address);
    expect(view.callsOf("start_listener")).toEqual([{ workspaceId: "demo" }]);
    expect(view.getByTestId("received-empty").textContent).toContain("finish it in the widget");
    await fireEvent.click(view.getByTestId("listener-copy"));
    expect(view.callsOf("copy_text")).toEqual([{ text: ON.address }]);
    await fireEvent.click(toggle);
    await waitFor(() => expect(toggle.getAttribute("aria-checked")).toBe("false"));
    expect(view.queryByTestId("listener-address")).toBeNull();
  });

  it("says why it did not start, and tries again", async () => {
    let refuse = true;
    const view = await openReceived({
      start_listener: () =>
        refuse ? Promise.reject(error({ title: "The listener did not start", field: null })) : ON,
    });
    await fireEvent.click(view.getByTestId("listener-switch"));
    expect((await view.findByTestId("error-block")).textContent).toContain("did not start");
    expect(view.getByTestId("listener-switch").getAttribute("aria-checked")).toBe("false");
    refuse = false;
    await fireEvent.click(view.getByTestId("listener-retry"));
    await view.findByTestId("listener-address");
    expect(view.queryByTestId("error-block")).toBeNull();
  });

  it("can be moved to the workspace on screen", async () => {
    app.workspaceId = "w1";
    const view = await openReceived({
      listener: () => ON,
      start_listener: () => ({ ...ON, workspaceId: "w1" }),
    });
    await fireEvent.click(await view.findByTestId("listener-move"));
    expect(view.callsOf("start_listener")).toEqual([{ workspaceId: "w1" }]);
    await waitFor(() => expect(view.queryByTestId("listener-move")).toBeNull());
    expect(view.getByTestId("listener").textContent).toContain("Verified with the keys of Velmora");
  });

  it("shows what comes as it comes, the newest unless one was chosen", async () => {
    let list: ReceivedWebhook[] = [];
    const view = await openReceived({ listener: () => ON, received_webhooks: () => list });
    list = [received(1)];
    await emit("webhooks-changed");
    expect(await view.findAllByTestId("received-row")).toHaveLength(1);
    expect(view.getByTestId("verdict").dataset.verdict).toBe("valid");
    expect(view.getByTestId("received-said").textContent).toContain("WORKFLOW_COMPLETED received, valid");
    const invalid = report({ verdict: "invalid", reason: "Changed.", body: null });
    list = [received(2, { report: invalid, summary: "", attempt: 2 }), ...list];
    await emit("webhooks-changed");
    await waitFor(() => expect(view.getAllByTestId("received-row")).toHaveLength(2));
    const [newest, oldest] = view.getAllByTestId("received-row");
    expect(newest?.dataset.verdict).toBe("invalid");
    expect(newest?.textContent).toContain("no event named");
    expect(newest?.textContent).toContain("2nd delivery");
    expect(oldest?.textContent).not.toContain("delivery");
    expect(view.getByTestId("verdict").dataset.verdict).toBe("invalid");
    await fireEvent.click(oldest as HTMLElement);
    list = [received(3, { report: report({ verdict: "unknownKey" }) }), ...list];
    await emit("webhooks-changed");
    await waitFor(() => expect(view.getAllByTestId("received-row")).toHaveLength(3));
    expect(view.getByTestId("verdict").dataset.verdict).toBe("valid");
  });

  it("is walked by keys, and leads to the run", async () => {
    const list = [received(3), received(2), received(1, { runEntryId: "e1" })];
    const view = await openReceived({
      received_webhooks: () => list,
      history_entry: ({ id }) => entry({ id, label: "ticket 1" }),
    });
    const rows = await view.findAllByTestId("received-row");
    expect(view.queryByTestId("webhook-run")).toBeNull();
    const box = view.getByTestId("received-list");
    await fireEvent.keyDown(box, { key: "End" });
    expect(rows[2]?.getAttribute("aria-selected")).toBe("true");
    await fireEvent.keyDown(box, { key: "ArrowUp" });
    expect(rows[1]?.getAttribute("aria-selected")).toBe("true");
    expect(box.getAttribute("aria-activedescendant")).toBe(rows[1]?.id);
    await fireEvent.keyDown(box, { key: "End" });
    await fireEvent.click(view.getByTestId("webhook-run"));
    await waitFor(() => expect(issue.entry?.id).toBe("e1"));
    expect(app.screen).toBe("issue");
  });

  it("asks before the list is cleared", async () => {
    let list = [received(1)];
    const view = await openReceived({
      received_webhooks: () => list,
      clear_webhooks: () => {
        list = [];
        return null;
      },
    });
    await fireEvent.click(await view.findByTestId("received-clear"));
    await view.findByTestId("confirm");
    expect(view.callsOf("clear_webhooks")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    expect(await view.findByTestId("received-empty")).toBeTruthy();
    expect(view.callsOf("clear_webhooks")).toHaveLength(1);
    expect(view.queryByTestId("verdict")).toBeNull();
  });

  it("keeps the list that was read when reading it again fails", async () => {
    let fail = false;
    const view = await openReceived({
      received_webhooks: () => (fail ? Promise.reject(error({ title: "Gone" })) : [received(1)]),
    });
    await view.findAllByTestId("received-row");
    fail = true;
    await emit("webhooks-changed");
    expect((await view.findByTestId("error-block")).textContent).toContain("Gone");
    expect(view.getAllByTestId("received-row")).toHaveLength(1);
    fail = false;
    await fireEvent.click(view.getByTestId("received-retry"));
    await waitFor(() => expect(view.queryByTestId("error-block")).toBeNull());
  });
});

describe("its words", () => {
  it("count deliveries", () => {
    const said = [1, 2, 3, 4, 11, 21, 22].map((attempt) => deliveryWords({ attempt }));
    expect(said).toEqual([
      "",
      "2nd delivery",
      "3rd delivery",
      "4th delivery",
      "11th delivery",
      "21st delivery",
      "22nd delivery",
    ]);
  });

  it("find the run only where the body names it at its top", () => {
    expect(runOf(report())).toBe(RUN);
    expect(runOf(report({ body: null }))).toBe("");
    const deep = { ...tree({ workflowId: "x" }) };
    deep.nodes = deep.nodes.map((node) => ({ ...node, depth: 1 }));
    expect(runOf(report({ body: deep }))).toBe("");
  });
});
