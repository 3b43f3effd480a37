// What stands in the form of the Issue screen, whatever becomes of it.
import type { ApiGeneration, EntryKind, HistoryEntry, IssueRequest, KeptInputs } from "../host";
import { durationOf, minutesOf, type Duration } from "../screens/issue/duration";
import { TypedFields, type TypedDraft } from "../typed.svelte";
import { LANGUAGES, meansItself } from "../languages";
import { meant, type Option } from "../matching";
import { asksFor, issueFaults, looksLikeId, type IssueInputs } from "../validation";

/** All that is typed, to be put back later. */
export interface Draft {
  api: ApiGeneration;
  give: EntryKind;
  send: boolean;
  workflowId: string;
  workflowGiven: string;
  recordId: string;
  caseId: string;
  parametersId: string;
  lang: string;
  label: string;
  duration: Duration;
  parameters: TypedDraft;
}

/** The inputs an earlier attempt was made with. */
export function requestOf(entry: HistoryEntry): IssueRequest {
  return {
    workspaceId: entry.workspaceId,
    api: entry.api,
    kind: entry.kind,
    workflowId: entry.workflowId,
    subject: entry.subject ?? "",
    parametersId: entry.parametersId ?? "",
    lang: entry.lang ?? "",
    parameters: entry.parameters ?? "",
    minutes: entry.minutes,
    send: entry.send,
    label: entry.label ?? "",
    purpose: "handOver",
  };
}

export class Inputs {
  api = $state<ApiGeneration>("v2");
  /** What Token v1 and v2 are to give out. */
  give = $state<EntryKind>("token");
  send = $state(false);
  workflowId = $state("");
  /** The id that was picked, pasted or filled in, rather than typed. */
  workflowGiven = $state("");
  recordId = $state("");
  caseId = $state("");
  parametersId = $state("");
  lang = $state("en");
  label = $state("");
  duration = $state<Duration>(durationOf(null));
  readonly parameters = new TypedFields();

  kind: EntryKind = $derived(this.api === "workflows" ? "run" : this.give);
  minutes = $derived(minutesOf(this.duration));
  subject = $derived((this.api === "v1" ? this.caseId : this.recordId).trim());
  inputs: IssueInputs = $derived({
    api: this.api,
    kind: this.kind,
    workflowId: this.workflowId,
    workflowGiven: this.workflowGiven,
    workflows: this.workflows,
    recordId: this.recordId,
    caseId: this.caseId,
    parametersId: this.parametersId,
    lang: this.lang,
    label: this.label,
    parametersFault: this.parameters.fault,
    minutesFault: this.minutes.fault,
  });
  faults = $derived(issueFaults(this.inputs));

  /** The workflows to choose from. */
  get workflows(): Option[] {
    return [];
  }

  giveWorkflow(id: string) {
    this.workflowId = id;
    this.workflowGiven = id;
  }

  /** What is typed in a search becomes what it means, where that is one thing only. */
  settleSearches() {
    const workflow = looksLikeId(this.workflowId.trim()) ? undefined : meant(this.workflowId, this.workflows);
    if (workflow) this.giveWorkflow(workflow.value);
    const language = meansItself(this.lang) ? undefined : meant(this.lang, LANGUAGES);
    if (language && this.lang.trim()) this.lang = language.value;
  }

  requestFor(workspaceId: string): IssueRequest {
    const run = this.api === "workflows";
    return {
      workspaceId,
      api: this.api,
      kind: this.kind,
      workflowId: this.workflowId.trim(),
      subject: this.subject,
      parametersId: run ? "" : this.parametersId.trim(),
      lang: asksFor("lang", this) ? this.lang.trim() : "",
      parameters: run ? this.parameters.json : "",
      minutes: run ? this.minutes.minutes : null,
      send: this.kind === "link" && this.send,
      label: this.label.trim(),
      purpose: "handOver",
    };
  }

  setSubject(id: string) {
    if (this.api === "v1") this.caseId = id;
    else this.recordId = id;
    this.#labelFollows();
  }

  /** The label that is known to be of a subject, and so of no other. */
  #labelled = $state.raw({ subject: "", label: "" });
  /** Whether it was taken out of the form as another subject was put in. */
  #takenOut = $state(false);

  /** The label that went with its subject, while its place is empty. */
  labelTakenOut = $derived(this.#takenOut && this.label === "" ? this.#labelled.label : null);

  /** Takes down which subject the label in the form is of. */
  belongs({ subject, label }: Pick<IssueRequest, "subject" | "label">) {
    this.#labelled = { subject, label: label.trim() };
    this.#takenOut = false;
  }

  /** A label stays with its subject: it goes as that is changed, and comes back with it. */
  #labelFollows() {
    const { subject, label } = this.#labelled;
    if (!subject || !label) return;
    if (this.subject !== subject && this.label.trim() === label) {
      this.label = "";
      this.#takenOut = true;
    } else if (this.subject === subject && this.labelTakenOut !== null) {
      this.label = label;
      this.#takenOut = false;
    }
  }

  /** Fills the form with a request, such as a preset's. */
  take(request: IssueRequest) {
    this.api = request.api;
    if (request.api !== "workflows") this.give = request.kind;
    this.send = request.send;
    this.giveWorkflow(request.workflowId);
    this.setSubject(request.subject);
    this.parametersId = request.parametersId;
    this.lang = request.lang || (request.api === "workflows" ? "en" : "");
    this.label = request.label;
    this.duration = durationOf(request.minutes);
    this.parameters.load(request.parameters === "{}" ? "" : request.parameters);
    this.belongs(request);
  }

  /** What may be remembered in the clear. */
  kept(): KeptInputs {
    return {
      api: this.api,
      kind: this.give,
      workflowId: this.workflowId.trim(),
      parametersId: this.parametersId.trim(),
      lang: this.lang.trim(),
      minutes: this.minutes.minutes,
    };
  }

  /** An empty form, but for what was kept and these. */
  start(kept: KeptInputs | null, given: Pick<Draft, "api" | "workflowId" | "caseId">) {
    this.api = kept?.api ?? given.api;
    this.give = kept?.kind ?? "token";
    this.send = false;
    this.giveWorkflow(kept?.workflowId || given.workflowId);
    this.recordId = "";
    this.caseId = given.caseId;
    this.parametersId = kept?.parametersId ?? "";
    this.lang = kept?.lang ?? "en";
    this.label = "";
    this.duration = durationOf(kept?.minutes ?? null);
    this.parameters.load("");
    this.belongs({ subject: "", label: "" });
  }

  draft(): Draft {
    return {
      api: this.api,
      give: this.give,
      send: this.send,
      workflowId: this.workflowId,
      workflowGiven: this.workflowGiven,
      recordId: this.recordId,
      caseId: this.caseId,
      parametersId: this.parametersId,
      lang: this.lang,
      label: this.label,
      duration: $state.snapshot(this.duration),
      parameters: this.parameters.draft(),
    };
  }

  restore({ parameters, duration, ...rest }: Draft) {
    Object.assign(this, rest);
    this.duration = { ...duration };
    this.parameters.restore(parameters);
    this.belongs({ subject: "", label: "" });
  }
}
