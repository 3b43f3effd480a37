// Webhooks as the host would report them, and their screen by itself.
import { fireEvent, render, waitFor } from "@testing-library/svelte";
import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { expect } from "vitest";
import Toasts from "../src/lib/components/Toasts.svelte";
import type { ListenerState, ReceivedWebhook, Tree, WebhookReport } from "../src/lib/host";
import { webhooks } from "../src/lib/screens/webhooks/state.svelte";
import WebhooksScreen from "../src/lib/screens/webhooks/WebhooksScreen.svelte";
import { app } from "../src/lib/state/app.svelte";
import { toasts } from "../src/lib/state/toasts.svelte";
import { appState } from "./host";

const KID = "070725bf-7dac-4712-b61a-420ba3701263";
export const RUN = "d81f37aa-0000-4000-8000-000000006c02";

export function tree(fields: Record<string, string>): Tree {
  const nodes = Object.entries(fields).map(([name, text]) => ({
    depth: 0,
    name,
    kind: "string" as const,
    text,
    children: 0,
  }));
  return { nodes, truncated: false, bytes: 1 };
}

export function report(changes: Partial<WebhookReport> = {}): WebhookReport {
  return {
    verdict: "valid",
    reason: "Signed with this key, and not changed since.",
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

export function received(id: number, changes: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
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

export type Answers = Record<string, (args: Record<string, never>) => unknown>;

/** The screen by itself, on a host that gives these answers. */
export async function openScreen(answers: Answers = {}) {
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

export type View = Awaited<ReturnType<typeof openScreen>>;

export async function fill(view: View, body: string, signature = "h..s") {
  await fireEvent.input(view.getByTestId("webhook-text"), { target: { value: body } });
  await fireEvent.input(view.getByTestId("webhook-signature"), { target: { value: signature } });
}

/** The screen's state lives as long as its modules; each test begins with it as new. */
export function startOver() {
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
  webhooks.listenerFailure = null;
  webhooks.selectedId = null;
  toasts.list = [];
}
