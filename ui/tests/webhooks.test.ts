import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { readBody, LARGEST } from "../src/lib/screens/webhooks/file";
import { deliveryWords, runOf } from "../src/lib/screens/webhooks/words";
import type { WebhookReport } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { error } from "./host";
import { fill, openScreen, report, RUN, startOver, tree, type View } from "./some-webhooks";

const drop = (view: View, file: File) =>
  fireEvent.drop(view.getByTestId("webhooks-check"), { dataTransfer: { types: ["Files"], files: [file] } });

beforeEach(startOver);

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
    expect(view.getByTestId("webhook-said").textContent).toContain("Valid. Signed with this key");
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

  it("says that only the beginning of a long body can be copied", async () => {
    const long = report({ body: null, bodyText: "x".repeat(64 * 1024), bytes: 64 * 1024 + 1 });
    const answers = [report(), long];
    const view = await openScreen({ verify_webhook: () => answers.shift() });
    await fill(view, "{}");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    expect((await view.findByTestId("verdict-copy-body")).title).toBe("Copy body");
    await fireEvent.click(view.getByTestId("webhook-verify"));
    await waitFor(() =>
      expect(view.getByTestId("verdict-copy-body").title).toBe("Copy first 64 KiB of the body"),
    );
    await fireEvent.click(view.getByTestId("verdict-copy-body"));
    expect((await view.findByTestId("toast")).textContent).toContain("First 64 KiB of the body copied.");
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
