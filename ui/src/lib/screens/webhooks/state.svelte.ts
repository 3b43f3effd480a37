// What was put in to be checked, and what the listener received. It stays while other screens are shown.
import {
  host,
  toAppError,
  type AppError,
  type ListenerState,
  type ReceivedWebhook,
  type WebhookReport,
} from "../../host";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";
import { showRun } from "../../state/view";
import { readBody, type BodyFile } from "./file";

export type Tab = "check" | "received";
export type Faulty = "body" | "signature";

interface Input {
  workspaceId: string;
  text: string;
  file: BodyFile | null;
  signature: string;
}

/** A verdict, or why there is none, and what it is about. */
interface Outcome {
  input: Input;
  report: WebhookReport | null;
  error: AppError | null;
}

function same(one: Input, other: Input): boolean {
  return (
    one.workspaceId === other.workspaceId &&
    one.signature === other.signature &&
    // Text that waits behind a file is not what is checked.
    (one.file || other.file ? one.file === other.file : one.text === other.text)
  );
}

class Webhooks {
  tab = $state<Tab>("check");

  text = $state("");
  file = $state.raw<BodyFile | null>(null);
  signature = $state("");
  busy = $state(false);
  outcome = $state.raw<Outcome | null>(null);
  /** What is missing or wrong in the form, shown once it was sent off. */
  faults = $state.raw<Partial<Record<Faulty, string>>>({});
  focusField = $state<Faulty | null>(null);

  listener = $state.raw<ListenerState | null>(null);
  /** What was to be done with the listener and could not be, to be tried again. */
  listenerFailure = $state.raw<{ doing: "read" | "on" | "off"; error: AppError } | null>(null);
  switching = $state(false);
  list = $state.raw<ReceivedWebhook[] | null>(null);
  listError = $state.raw<AppError | null>(null);
  /** None while the newest is shown, whichever that is. */
  selectedId = $state<number | null>(null);

  input: Input = $derived({
    workspaceId: app.workspace?.id ?? "",
    text: this.text,
    file: this.file,
    signature: this.signature,
  });
  stale = $derived(this.outcome !== null && !same(this.outcome.input, this.input));
  untouched = $derived(this.text === "" && this.file === null && this.signature === "");
  selected: ReceivedWebhook | null = $derived(
    this.list?.find((webhook) => webhook.id === this.selectedId) ?? this.list?.[0] ?? null,
  );
  /** The fault of a field: the host's, while it is about what stands there, else the form's own. */
  faultAt(field: Faulty): string | null {
    const error = this.outcome?.error;
    if (error?.field === field && !this.stale) return [error.title, error.detail].join(". ");
    return this.faults[field] ?? null;
  }

  #generation = 0;
  #reading = 0;
  #listing = 0;
  #listener = 0;

  edited(field: Faulty) {
    if (this.faults[field]) this.faults = { ...this.faults, [field]: undefined };
  }

  async choose(file: File): Promise<void> {
    const reading = ++this.#reading;
    try {
      const read = await readBody(file);
      if (reading !== this.#reading) return;
      this.file = read;
      this.edited("body");
    } catch (reason) {
      if (reading !== this.#reading) return;
      this.faults = { ...this.faults, body: reason instanceof Error ? reason.message : String(reason) };
    }
  }

  removeFile() {
    this.#reading += 1;
    this.file = null;
    this.edited("body");
  }

  async verify(): Promise<void> {
    if (this.busy || !app.workspace) return;
    const faults: typeof this.faults = {};
    if (!this.file && this.text === "") faults.body = "Paste the body, or choose the file that holds it.";
    if (this.signature.trim() === "") faults.signature = "Paste what came in the header JWS-SIGNATURE.";
    this.faults = faults;
    this.focusField = faults.body ? "body" : faults.signature ? "signature" : null;
    if (this.focusField) return;
    const generation = ++this.#generation;
    const input = this.input;
    const body = input.file
      ? { form: "base64" as const, base64: input.file.base64 }
      : { form: "text" as const, text: input.text };
    this.busy = true;
    try {
      const report = await host.verifyWebhook(input.workspaceId, body, input.signature);
      if (generation === this.#generation) this.outcome = { input, report, error: null };
    } catch (reason) {
      if (generation !== this.#generation) return;
      const error = toAppError(reason);
      this.outcome = { input, report: null, error };
      if (error.field === "body" || error.field === "signature") this.focusField = error.field;
    } finally {
      if (generation === this.#generation) this.busy = false;
    }
  }

  /** Stops waiting. Nothing was changed anywhere, so the answer may come to nobody. */
  cancel() {
    this.#generation += 1;
    this.busy = false;
  }

  reset() {
    this.cancel();
    const before = { ...this.input, outcome: this.outcome };
    this.removeFile();
    this.text = "";
    this.signature = "";
    this.outcome = null;
    this.faults = {};
    toasts.undoable("Cleared.", () => {
      this.text = before.text;
      this.file = before.file;
      this.signature = before.signature;
      this.outcome = before.outcome;
    });
  }

  /** Reads listener and list, as when the screen is opened. */
  async refresh(): Promise<void> {
    await Promise.all([this.#readListener(), this.readList()]);
  }

  async #readListener(): Promise<void> {
    const reading = ++this.#listener;
    try {
      const listener = await host.listener();
      if (reading !== this.#listener) return;
      this.listener = listener;
      if (this.listenerFailure?.doing === "read") this.listenerFailure = null;
    } catch (reason) {
      if (reading === this.#listener) this.listenerFailure = { doing: "read", error: toAppError(reason) };
    }
  }

  async readList(): Promise<void> {
    const listing = ++this.#listing;
    try {
      const list = await host.receivedWebhooks();
      if (listing !== this.#listing) return;
      this.list = list;
      this.listError = null;
      if (!list.some((webhook) => webhook.id === this.selectedId)) this.selectedId = null;
    } catch (reason) {
      if (listing === this.#listing) this.listError = toAppError(reason);
    }
  }

  /** Listens for the workspace on screen, or no more. */
  async switchTo(on: boolean): Promise<void> {
    if (this.switching || !app.workspace) return;
    this.switching = true;
    try {
      this.listener = on ? await host.startListener(app.workspace.id) : await host.stopListener();
      // What was asked before that is late.
      this.#listener += 1;
      this.listenerFailure = null;
    } catch (reason) {
      this.listenerFailure = { doing: on ? "on" : "off", error: toAppError(reason) };
    } finally {
      this.switching = false;
    }
  }

  /** Tries again what failed. */
  async retryListener(): Promise<void> {
    const doing = this.listenerFailure?.doing;
    if (doing === "read") await this.#readListener();
    else if (doing) await this.switchTo(doing === "on");
  }

  /** The one above or below; `Infinity` is the last. */
  move(step: number) {
    const list = this.list ?? [];
    const at = list.findIndex((webhook) => webhook.id === this.selected?.id);
    this.selectedId = list[Math.max(0, Math.min(list.length - 1, at + step))]?.id ?? null;
  }

  async clear(): Promise<void> {
    try {
      await host.clearWebhooks();
      this.selectedId = null;
      await this.readList();
    } catch (reason) {
      toasts.failed(reason);
    }
  }
}

export const webhooks = new Webhooks();

/** Opens the run a webhook tells of. */
export async function showRunOf(entryId: string): Promise<void> {
  try {
    showRun(await host.historyEntry(entryId));
  } catch (reason) {
    toasts.failed(reason);
  }
}
