// The form of the Issue screen, and the token it stands beside.
import {
  host,
  onEvent,
  toAppError,
  type AppError,
  type AuthKind,
  type Field,
  type HistoryEntry,
  type IssueRequest,
  type KeptInputs,
  type KnownWorkflow,
  type Preset,
} from "../host";
import { namesAnother } from "../entries";
import { handlingOf } from "../errors";
import { asksLink } from "../screens/issue/words";
import { asksFor } from "../validation";
import { app } from "./app.svelte";
import { tellOfAttempt } from "./attempt";
import { clock } from "./clock.svelte";
import { Inputs, requestOf, type Draft } from "./inputs.svelte";
import { JustIssued } from "./just-issued";
import { keepInputs, keptInputs } from "./kept";
import { workflowOptions } from "./options";
import { questions } from "./questions.svelte";
import { toasts } from "./toasts.svelte";

/** The demo's case for Token v1, so that its form is ready to issue. */
const DEMO_CASE = "11111111-2222-3333-4444-555555555555";

/** Whether the token came, but is in no history. */
export const notWritten = (entry: HistoryEntry) => entry.state === "issued" && entry.error !== null;

const FIELD_ORDER: Field[] = [
  "workflow",
  "subject",
  "parameters",
  "parametersId",
  "lang",
  "minutes",
  "label",
];

/** A form put away for another workspace's. */
interface PutAway {
  draft: Draft;
  dirty: boolean;
  ownApi: boolean;
}

/** The form at the moment its button was pressed. */
interface Sending {
  request: IssueRequest;
  kept: KeptInputs;
  /** The draft as text, to see whether the form was changed since. */
  draft: string;
}

/** Why what is shown may not be taken for what the form is about. */
export type Doubt = "issuing" | "refused" | "another";

class IssueState extends Inputs {
  known = $state.raw<KnownWorkflow[]>([]);
  touched = $state<Partial<Record<Field, boolean>>>({});
  busy = $state(false);
  /** The workspace that was asked last. */
  sentTo = $state("");
  /** What it was asked for. */
  sentKind = $state<IssueRequest["kind"]>("token");
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
  /** A field whose text is selected once, to be typed over. */
  selectField = $state<Field | null>(null);
  /** Whether the button was pressed while something was wrong, so that every fault is shown. */
  pressed = $state(false);
  /** The link that the one in the form would end, as far as it is known. */
  linkEnds = $state.raw<HistoryEntry | null>(null);
  /** Whether the last press came to nothing, so that what is shown is of before. */
  refused = $state(false);
  doubt: Doubt | null = $derived.by(() => {
    if (!this.entry) return null;
    if (this.busy) return "issuing";
    if (this.refused) return "refused";
    const form = { workspaceId: app.workspace?.id ?? "", subject: this.subject, label: this.label.trim() };
    return namesAnother(form, this.entry) ? "another" : null;
  });
  #looking = false;
  readonly justIssued = new JustIssued();
  #preparedFor: string | null = null;
  /** Whether the generation was chosen, or kept, rather than the workspace's usual one. */
  #ownApi = false;
  #clean = "";
  #putAway = new Map<string, PutAway>();

  saved = $derived(this.known.filter((known) => known.saved));
  options = $derived(workflowOptions(this.known, app.isDemo ? (app.state?.scenarios ?? []) : []));

  override get workflows() {
    return this.options;
  }

  request(): IssueRequest {
    return this.requestFor(app.workspace?.id ?? "");
  }

  /** Whether there is something in the form that is nowhere else. */
  get dirty(): boolean {
    return JSON.stringify(this.draft()) !== this.#clean;
  }

  #settled() {
    this.#clean = JSON.stringify(this.draft());
  }

  chooseApi(api: IssueRequest["api"]) {
    this.api = api;
    this.#ownApi = true;
    this.chosen();
  }

  /** Another thing is asked for: an error at a field was about the one before. */
  chosen() {
    if (this.error?.field) this.error = null;
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
    return this.error && (!field || !this.#shows(field)) ? this.error : null;
  }

  #shows(field: Field): boolean {
    return FIELD_ORDER.includes(field) && asksFor(field, this);
  }

  /** Fills the form for a workspace with what was in it, or was kept of it. */
  async prepare(workspaceId: string): Promise<void> {
    if (this.#preparedFor === workspaceId) return;
    if (this.#preparedFor !== null) this.fresh = false;
    this.#turnTo(workspaceId);
    const before = this.#putAway.get(workspaceId);
    this.#afresh();
    if (before) {
      this.restore(before.draft);
      this.#ownApi = before.ownApi;
      if (!before.dirty) this.#settled();
    } else this.#fill(true);
    await this.readKnown(workspaceId);
  }

  /** Keeps what is typed for the workspace it was typed for. */
  #turnTo(workspaceId: string) {
    if (this.#preparedFor === workspaceId) return;
    if (this.#preparedFor !== null)
      this.#putAway.set(this.#preparedFor, { draft: this.draft(), dirty: this.dirty, ownApi: this.#ownApi });
    this.#preparedFor = workspaceId;
    this.known = [];
  }

  /** Forgets what was typed for a workspace, as that is forgotten. */
  forget(workspaceId: string) {
    this.#putAway.delete(workspaceId);
    if (this.#preparedFor !== workspaceId) return;
    this.reset();
    this.fresh = false;
    this.#preparedFor = null;
  }

  #afresh() {
    this.error = null;
    this.touched = {};
    this.pressed = false;
    this.refused = false;
    this.linkEnds = null;
    questions.drop();
  }

  #fill(withKept: boolean) {
    const kept = withKept && this.#preparedFor ? keptInputs(this.#preparedFor) : null;
    this.#ownApi = kept?.api !== undefined;
    this.start(kept, {
      api: usualApi(app.workspace?.authKind),
      workflowId: app.isDemo ? (app.state?.scenarios[0]?.workflowId ?? "") : "",
      caseId: app.isDemo ? DEMO_CASE : "",
    });
    this.#settled();
  }

  /** How a workspace authenticates is known late, or changes: its usual generation follows. */
  settle(authKind: AuthKind) {
    if (this.#ownApi || this.api === usualApi(authKind)) return;
    const dirty = this.dirty;
    this.api = usualApi(authKind);
    if (!dirty) this.#settled();
  }

  async readKnown(workspaceId: string): Promise<void> {
    try {
      const known = await host.knownWorkflows(workspaceId);
      if (this.#preparedFor === workspaceId) this.known = known;
    } catch {
      // What is known of them stays, and is read again with the next issue.
    }
  }

  reset() {
    this.#fill(false);
    this.#afresh();
  }

  /** Empties the form; what was in it can be had back. */
  clear() {
    const before = this.dirty ? this.draft() : null;
    this.reset();
    if (before) this.#offer("The form was reset.", before);
  }

  #offer(title: string, before: Draft, detail = "") {
    const workspaceId = this.#preparedFor;
    toasts.undoable(
      title,
      () => {
        if (this.#preparedFor === workspaceId) {
          this.restore(before);
          this.#afresh();
        } else if (workspaceId && app.knows(workspaceId))
          this.#putAway.set(workspaceId, { draft: before, dirty: true, ownApi: true });
      },
      detail,
    );
  }

  /** Fills the form with a preset of this workspace; what was in it can be had back. */
  apply(preset: Preset) {
    const before = this.dirty ? this.draft() : null;
    // With the customer of before, a message would be two keys away.
    this.take({ ...preset.request, send: preset.request.send && !preset.request.subject });
    this.#ownApi = true;
    this.#afresh();
    this.#settled();
    if (before) this.#offer(`Filled in from ${preset.name}.`, before);
  }

  /** Takes the inputs of an earlier attempt over, unless there is nowhere to issue them. It is sent only if asked. */
  fillFrom(entry: HistoryEntry, send = false): boolean {
    if (!app.knows(entry.workspaceId)) {
      toasts.show({ tone: "note", title: `The workspace ${entry.workspaceName} was forgotten.` });
      return false;
    }
    const here = this.#preparedFor === entry.workspaceId;
    if (!here) this.fresh = false;
    app.choose(entry.workspaceId);
    this.#turnTo(entry.workspaceId);
    const away = this.#putAway.get(entry.workspaceId);
    const before = here ? (this.dirty ? this.draft() : null) : away?.dirty ? away.draft : null;
    void this.readKnown(entry.workspaceId);
    // What the entry says nothing of stays as it was in its own workspace, not in this one.
    if (!here && away) this.restore(away.draft);
    else if (!here) this.#fill(true);
    this.take({ ...requestOf(entry), send });
    this.#ownApi = true;
    this.#afresh();
    this.#settled();
    if (before) this.#offer("The form was filled in anew.", before);
    return true;
  }

  show(entry: HistoryEntry) {
    // Why the form was refused still stands in the form: looking is not editing.
    this.entry = entry;
    this.fresh = false;
    this.failedAt = null;
    this.refused = false;
  }

  /** Takes a changed entry over, unless another is shown by now. */
  replace(changed: HistoryEntry) {
    if (this.entry?.id === changed.id) this.entry = changed;
  }

  edited(field: Field) {
    this.touched = { ...this.touched, [field]: true };
    if (this.error?.field === field) this.error = null;
  }

  /** What is typed to search is not wrong before it is left. */
  searched(field: Field) {
    this.touched = { ...this.touched, [field]: false };
    if (this.error?.field === field) this.error = null;
  }

  /** Sends the form, once the person agreed to what that ends or sends: `agreed`, if they did so before. */
  async submit(agreed = false): Promise<void> {
    if (this.busy || this.#looking || !app.workspace) return;
    this.settleSearches();
    const faulty = FIELD_ORDER.find((field) => this.faults[field]);
    if (faulty) {
      this.touched = Object.fromEntries(FIELD_ORDER.map((field) => [field, true]));
      this.pressed = true;
      this.refused = true;
      this.focusField = faulty;
      return;
    }
    const sending: Sending = {
      request: this.request(),
      kept: this.kept(),
      draft: JSON.stringify(this.draft()),
    };
    const { request } = sending;
    if (this.justIssued.isSlip(request)) {
      toasts.show({
        tone: "note",
        title: "Issued a moment ago.",
        detail: "Nothing was issued a second time.",
      });
      return;
    }
    const link = agreed ? null : await this.linkEndedBy(request);
    if (app.workspace?.id !== request.workspaceId)
      toasts.show({
        tone: "note",
        title: "No link was issued.",
        detail: "Another workspace was chosen first.",
      });
    else if (link === null) await this.#send(sending);
    else
      questions.ask({
        ...asksLink(link, request.send, clock.now),
        run: () => void (this.busy || this.#send(sending)),
      });
  }

  /** The link in force that a request ends; undefined where that cannot be found out. */
  async linkEndedBy({ workspaceId, kind, subject }: IssueRequest): Promise<HistoryEntry | null | undefined> {
    if (kind !== "link" || !subject) return null;
    this.#looking = true;
    try {
      return await host.linkInForce(workspaceId, subject);
    } catch {
      return undefined;
    } finally {
      this.#looking = false;
    }
  }

  async #send({ request, kept, draft }: Sending): Promise<void> {
    this.busy = true;
    this.sentTo = request.workspaceId;
    this.sentKind = request.kind;
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
      this.refused = false;
      this.justIssued.note(request);
      if (stillHere()) {
        const unchanged = JSON.stringify(this.draft()) === draft;
        this.#clean = draft;
        this.#forTheNext(request, unchanged);
        if (unchanged) this.#settled();
      }
      keepInputs(request.workspaceId, kept);
    } catch (reason) {
      const error = toAppError(reason);
      this.fresh = false;
      this.refused = true;
      if (handlingOf(error).remedy === "history") this.justIssued.note(request);
      if (error.code === "cancelled") tellOfAttempt("note", error);
      else if (!stillHere()) tellOfAttempt("failed", error);
      else {
        this.error = error;
        this.failedAt = Date.now();
        if (error.field && this.#shows(error.field)) this.focusField = error.field;
      }
    } finally {
      stop();
      this.busy = false;
    }
    void this.readKnown(request.workspaceId);
  }

  /** After an issue, what is typed from now on is about the next one. */
  #forTheNext(request: IssueRequest, unchanged: boolean) {
    this.touched = {};
    this.pressed = false;
    // Each message to a customer is asked for by itself.
    if (request.send) this.send = false;
    this.belongs(request);
    if (!unchanged) return;
    this.selectField = request.subject ? "subject" : request.label ? "label" : null;
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

/** The generation a workspace asks unless another is chosen: runs need an organization token. */
const usualApi = (authKind: AuthKind | undefined) =>
  authKind === "organizationToken" ? ("workflows" as const) : ("v2" as const);

export const issue = new IssueState();
