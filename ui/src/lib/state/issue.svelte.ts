// The form of the Issue screen, and the token it stands beside.
import {
  host,
  keepPreference,
  onEvent,
  toAppError,
  type ApiGeneration,
  type AppError,
  type Field,
  type HistoryEntry,
  type IssueRequest,
  type KeptInputs,
  type KnownWorkflow,
} from "../host";
import { issueFaults, type IssueInputs } from "../validation";
import { app } from "./app.svelte";
import { toasts } from "./toasts.svelte";

/** The demo's case for Token v1, so that its form is ready to issue. */
const DEMO_CASE = "11111111-2222-3333-4444-555555555555";

export interface Option {
  value: string;
  name: string;
  note: string;
}

/** Whether the token came, but is in no history. */
export const notWritten = (entry: HistoryEntry) => entry.state === "issued" && entry.error !== null;

const FIELD_ORDER: Field[] = ["workflow", "subject", "parametersId", "lang", "label"];

class IssueState {
  api = $state<ApiGeneration>("v2");
  workflowId = $state("");
  recordId = $state("");
  caseId = $state("");
  parametersId = $state("");
  lang = $state("en");
  label = $state("");

  known = $state.raw<KnownWorkflow[]>([]);
  touched = $state<Partial<Record<Field, boolean>>>({});
  busy = $state(false);
  /** The workspace that was asked last. */
  sentTo = $state("");
  startedAt = $state(0);
  phase = $state<"authorizing" | "sending">("authorizing");
  error = $state.raw<AppError | null>(null);
  failedAt = $state<number | null>(null);
  /** The token on the right. */
  entry = $state.raw<HistoryEntry | null>(null);
  /** Whether it came from the last press of the button. */
  fresh = $state(false);
  /** A field to put the focus on, once. */
  focusField = $state<Field | null>(null);
  #preparedFor: string | null = null;

  inputs: IssueInputs = $derived({
    api: this.api,
    workflowId: this.workflowId,
    recordId: this.recordId,
    caseId: this.caseId,
    parametersId: this.parametersId,
    lang: this.lang,
    label: this.label,
  });
  faults = $derived(issueFaults(this.inputs));

  options: Option[] = $derived.by(() => {
    const list: Option[] = app.isDemo
      ? (app.state?.scenarios ?? []).map((s) => ({ value: s.workflowId, name: s.name, note: s.summary }))
      : [];
    for (const known of this.known)
      if (!list.some((option) => option.value === known.workflowId))
        list.push({ value: known.workflowId, name: known.name ?? known.workflowId, note: "used before" });
    return list;
  });

  request(): IssueRequest {
    return {
      workspaceId: app.workspace?.id ?? "",
      api: this.api,
      workflowId: this.workflowId.trim(),
      subject: (this.api === "v1" ? this.caseId : this.recordId).trim(),
      parametersId: this.parametersId.trim(),
      lang: this.lang.trim(),
      label: this.label.trim(),
      purpose: "handOver",
    };
  }

  setSubject(id: string) {
    if (this.api === "v1") this.caseId = id;
    else this.recordId = id;
  }

  /** What to show under a field: a fault once it was touched, else nothing. */
  faultAt(field: Field): string | null {
    return this.touched[field] ? (this.faults[field] ?? null) : null;
  }

  wrong(field: Field): boolean {
    return this.faultAt(field) !== null || this.errorAt(field) !== null;
  }

  errorAt(field: Field): AppError | null {
    return this.error?.field === field ? this.error : null;
  }

  get errorOnTop(): AppError | null {
    const field = this.error?.field;
    return this.error && (!field || !FIELD_ORDER.includes(field)) ? this.error : null;
  }

  /** Fills the form for a workspace with what was kept of it. */
  async prepare(workspaceId: string): Promise<void> {
    if (this.#preparedFor === workspaceId) return;
    const changed = this.#preparedFor !== null;
    this.#preparedFor = workspaceId;
    if (changed) {
      this.recordId = "";
      this.label = "";
      this.fresh = false;
    }
    this.error = null;
    this.touched = {};
    this.#fill(app.preferences?.inputs[workspaceId] ?? null);
    await this.readKnown(workspaceId);
  }

  #fill(kept: KeptInputs | null) {
    const first = app.isDemo ? (app.state?.scenarios[0]?.workflowId ?? "") : "";
    this.api = kept?.api ?? "v2";
    this.workflowId = kept?.workflowId || first;
    this.parametersId = kept?.parametersId ?? "";
    this.lang = kept?.lang ?? "en";
    this.caseId = app.isDemo ? DEMO_CASE : "";
  }

  async readKnown(workspaceId: string): Promise<void> {
    try {
      const known = await host.knownWorkflows(workspaceId);
      if (this.#preparedFor === workspaceId) this.known = known;
    } catch {
      this.known = [];
    }
  }

  reset() {
    this.#fill(null);
    this.recordId = "";
    this.label = "";
    this.error = null;
    this.touched = {};
  }

  /** Takes the inputs of an earlier attempt over, unless there is nowhere to issue them. */
  fillFrom(entry: HistoryEntry): boolean {
    if (!app.knows(entry.workspaceId)) {
      toasts.show({ tone: "note", title: `The workspace ${entry.workspaceName} was forgotten.` });
      return false;
    }
    if (this.#preparedFor !== entry.workspaceId) this.fresh = false;
    app.choose(entry.workspaceId);
    this.#preparedFor = entry.workspaceId;
    void this.readKnown(entry.workspaceId);
    this.api = entry.api;
    this.workflowId = entry.workflowId;
    if (entry.api === "v1") this.caseId = entry.subject ?? "";
    else this.recordId = entry.subject ?? "";
    this.parametersId = entry.parametersId ?? "";
    this.lang = entry.lang ?? "";
    this.label = entry.label ?? "";
    this.error = null;
    this.touched = {};
    return true;
  }

  show(entry: HistoryEntry) {
    this.entry = entry;
    this.fresh = false;
    this.error = null;
    this.failedAt = null;
  }

  edited(field: Field) {
    this.touched = { ...this.touched, [field]: true };
    if (this.error?.field === field) this.error = null;
  }

  async submit(): Promise<void> {
    if (this.busy || !app.workspace) return;
    const faulty = FIELD_ORDER.find((field) => this.faults[field]);
    if (faulty) {
      this.touched = Object.fromEntries(FIELD_ORDER.map((field) => [field, true]));
      this.focusField = faulty;
      return;
    }
    await this.#send(this.request());
  }

  async issueAgain(entry: HistoryEntry): Promise<void> {
    if (this.busy || !this.fillFrom(entry)) return;
    app.go("issue");
    await this.submit();
  }

  async #send(request: IssueRequest): Promise<void> {
    this.busy = true;
    this.sentTo = request.workspaceId;
    this.startedAt = Date.now();
    this.phase = "authorizing";
    this.error = null;
    // Another workspace may be chosen before the answer comes: its form is none of this one's.
    const stillHere = () => app.workspace?.id === request.workspaceId;
    const stop = onEvent("issue-phase", (payload) => (this.phase = payload.phase));
    try {
      this.entry = await host.issueToken(request);
      this.fresh = stillHere();
      this.failedAt = null;
      this.#keep(request);
    } catch (reason) {
      const error = toAppError(reason);
      this.fresh = false;
      if (error.code !== "cancelled" && !stillHere()) toasts.failed(error);
      else if (error.code !== "cancelled") {
        this.error = error;
        this.failedAt = Date.now();
        if (error.field && FIELD_ORDER.includes(error.field)) this.focusField = error.field;
      }
    } finally {
      stop();
      this.busy = false;
    }
    void this.readKnown(request.workspaceId);
  }

  #keep({ workspaceId, api, workflowId, parametersId, lang }: IssueRequest) {
    if (!app.preferences) return;
    const inputs = { ...app.preferences.inputs, [workspaceId]: { api, workflowId, parametersId, lang } };
    app.preferences = { ...app.preferences, inputs };
    void keepPreference("inputs", inputs);
  }

  async cancel(): Promise<void> {
    if (!this.busy) return;
    try {
      await host.cancelIssue();
    } catch {
      // The answer will come, or not, by itself.
    }
  }

  /** Reads the shown entry again after the history changed. */
  async refreshEntry(): Promise<void> {
    const shown = this.entry;
    // A token that could not be written down is not in the history to be read.
    if (!shown || notWritten(shown)) return;
    try {
      const current = await host.historyEntry(shown.id);
      if (this.entry?.id === shown.id) this.entry = current;
    } catch (reason) {
      if (toAppError(reason).code === "no_such_thing" && this.entry?.id === shown.id) this.entry = null;
    }
  }
}

export const issue = new IssueState();
