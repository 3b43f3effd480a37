// The side panel in which a case or a record is made or looked up, for the form to use.
import {
  host,
  onEvent,
  toAppError,
  type AppError,
  type Attachment,
  type CaseDraft,
  type Field,
  type FoundCase,
  type FoundRecord,
  type Transfer,
} from "../../host";
import { app } from "../../state/app.svelte";
import { issue } from "../../state/issue.svelte";
import { keepTable } from "../../state/kept";
import { toasts } from "../../state/toasts.svelte";
import { TypedFields } from "../../typed.svelte";
import { emailFault, phoneFault, subjectFault, tableFault, type Faults } from "../../validation";

export type Tab = "new" | "find";
export type Kind = "case" | "record";

const NOTHING: CaseDraft = {
  firstName: "",
  lastName: "",
  personalNumber: "",
  email: "",
  phoneCountryCode: "",
  phoneNumber: "",
  companyName: "",
  companyNumber: "",
  companyAddress: "",
  documents: [],
};
export const emptyCase = (): CaseDraft => ({ ...NOTHING, documents: [] });

/** What is in the panel for one workspace and kind of subject. It stays until it is used. */
export class Draft {
  tab = $state<Tab>("new");
  case = $state<CaseDraft>(emptyCase());
  table = $state("");
  readonly columns = new TypedFields();
  id = $state("");
  found = $state.raw<FoundCase | FoundRecord | null>(null);
  /** Where the record that was found is, however the field is changed since. */
  foundIn = $state("");
  attachments = $state.raw<Attachment[] | null>(null);
  attachmentsError = $state.raw<AppError | null>(null);
  /** Tags of the next attachment, as they are typed. */
  tags = $state("");
  /** Which of the tabs is waiting for its answer. */
  #busy = $state<Record<Tab, boolean>>({ new: false, find: false });
  #failure = $state.raw<{ tab: Tab; error: AppError } | null>(null);
  /** What is shown as faulty, for it was touched or sent. */
  touched = $state<Partial<Record<Field, boolean>>>({});
  pressed = $state(false);
  /** A field to put the focus on, once. */
  focusField = $state<Field | null>(null);
  /** The form's subject as the panel took it over last. */
  #taken = "";

  constructor(
    readonly workspaceId: string,
    readonly kind: Kind,
  ) {}

  faults: Faults = $derived.by(() => {
    const faults: Faults = {};
    const find = (field: Field, fault: string | null) => {
      if (fault) faults[field] = fault;
    };
    if (this.kind === "record") find("table", tableFault(this.table));
    if (this.tab === "find") find("subject", subjectFault(this.id));
    else if (this.kind === "record") find("fields", this.columns.fault);
    else {
      find("email", emailFault(this.case.email));
      find("phone", phoneFault(this.case.phoneCountryCode, this.case.phoneNumber));
    }
    return faults;
  });

  /** Whether the tab that is shown waits for its answer. */
  get busy(): boolean {
    return this.#busy[this.tab];
  }
  /** Whether the case is being made of what stands here. */
  get creating(): boolean {
    return this.#busy.new;
  }

  /** What failed in the tab that is shown. */
  get error(): AppError | null {
    return this.#failure?.tab === this.tab ? this.#failure.error : null;
  }

  /** Why the button has to wait; empty when it has not. */
  get waiting(): string {
    if (subjects.movingFor !== this) return "";
    if (this.kind === "case") return this.tab === "new" ? "Its documents are still on their way." : "";
    return this.tab === "find" ? "A file of this record is still on its way." : "";
  }

  faultAt(field: Field): string | null {
    return this.touched[field] || this.pressed ? (this.faults[field] ?? null) : null;
  }
  errorAt(field: Field): AppError | null {
    return this.error?.field === field ? this.error : null;
  }
  wrong(field: Field): boolean {
    return this.faultAt(field) !== null || this.errorAt(field) !== null;
  }
  get errorOnTop(): AppError | null {
    const fields: (Field | null)[] =
      this.tab === "find" ? ["subject", "table"] : ["table", "fields", "email", "phone"];
    if (this.tab === "new" ? this.kind === "case" : this.kind === "record" && this.found) fields.push("file");
    return this.error && !fields.includes(this.error.field) ? this.error : null;
  }

  edited(field: Field) {
    this.touched = { ...this.touched, [field]: true };
    if (this.error?.field === field) this.#failure = null;
  }

  turn(tab: Tab) {
    // What failed in the other one meanwhile is still to be seen there.
    if (this.error) this.#failure = null;
    this.tab = tab;
    this.pressed = false;
  }

  /** Says what went wrong where it was asked for, or in a message when that is out of sight. */
  fail(tab: Tab, error: AppError) {
    this.#failure = { tab, error };
    if (!subjects.shows(this) || this.tab !== tab) toasts.failed(error);
    else this.focusField = error.field;
  }

  /** Takes the form's subject over to be looked up, unless it did so before. */
  takeOver(id: string) {
    if (!id || id === this.#taken || this.#busy.find) return;
    this.#taken = id;
    this.id = id;
    if (this.found?.id !== id) this.#forgetFound();
  }

  #forgetFound() {
    this.found = null;
    this.attachments = null;
    this.attachmentsError = null;
  }

  async submit(): Promise<void> {
    if (this.busy || this.waiting) return;
    const tab = this.tab;
    const [faulty] = Object.keys(this.faults) as Field[];
    if (faulty) {
      this.pressed = true;
      this.focusField = faulty;
      return;
    }
    this.#busy[tab] = true;
    this.#failure = null;
    try {
      await (tab === "new" ? this.#create() : this.#lookUp());
      if (this.tab === tab) this.pressed = false;
    } catch (reason) {
      this.fail(tab, toAppError(reason));
    } finally {
      this.#busy[tab] = false;
    }
  }

  async #create() {
    const table = this.table.trim();
    if (this.kind === "case") {
      const made = await host.createCase(this.workspaceId, $state.snapshot(this.case));
      this.case = emptyCase();
      subjects.use(this, made.id, "The case was created, and its id is in the form.");
    } else {
      const made = await host.createRecord(this.workspaceId, table, this.columns.json || "{}");
      keepTable(this.workspaceId, table);
      this.columns.load("");
      subjects.use(this, made.id, "The record was created, and its id is in the form.");
    }
    this.touched = {};
  }

  async #lookUp() {
    const [id, table] = [this.id.trim(), this.table.trim()];
    this.#forgetFound();
    if (this.kind === "case") this.found = await host.lookUpCase(this.workspaceId, id);
    else {
      this.found = await host.lookUpRecord(this.workspaceId, table, id);
      this.foundIn = table;
      keepTable(this.workspaceId, table);
      void this.readAttachments();
    }
  }

  async readAttachments(): Promise<void> {
    const record = this.found?.id;
    if (!record) return;
    this.attachmentsError = null;
    try {
      const list = await host.attachments(this.workspaceId, this.foundIn, record);
      if (this.found?.id === record) this.attachments = list;
    } catch (reason) {
      if (this.found?.id === record) this.attachmentsError = toAppError(reason);
    }
  }

  /** Asks for files and uploads them for the case. */
  async addDocuments(): Promise<void> {
    // What is sent already takes no more of them.
    if (this.creating) return;
    await subjects.move(this, async () => {
      const { documents, error } = await host.uploadDocuments(this.workspaceId);
      this.case.documents.push(...documents);
      if (error) throw error;
    });
  }

  removeDocument(resourceId: string) {
    const of = this.case;
    const at = of.documents.findIndex((document) => document.resourceId === resourceId);
    const gone = $state.snapshot(of.documents[at]);
    if (!gone) return;
    of.documents.splice(at, 1);
    toasts.undoable(`${gone.name} was removed.`, () => {
      if (this.creating) return "The case is being created.";
      if (this.case !== of) return "The case was created without it.";
      of.documents.splice(at, 0, gone);
      return null;
    });
  }

  /** Asks for a file and attaches it to the record that was found. */
  async attach(): Promise<void> {
    const record = this.found?.id;
    if (!record) return;
    const tags = this.tags.split(",").map((tag) => tag.trim());
    await subjects.move(this, async () => {
      const added = await host.uploadAttachment(
        this.workspaceId,
        this.foundIn,
        record,
        tags.filter((tag, at) => tag && tags.indexOf(tag) === at),
      );
      if (!added) return;
      this.tags = "";
      if (this.found?.id === record) this.attachments = [...(this.attachments ?? []), added];
      toasts.show({ title: `${added.name} was attached.` }, 4000);
    });
  }

  /** Asks where to, and saves an attachment there. */
  async saveAttachment(attachment: Attachment): Promise<void> {
    const record = this.found?.id;
    if (!record) return;
    await subjects.move(this, async () => {
      const path = await host.saveAttachment(this.workspaceId, this.foundIn, record, attachment);
      if (path) toasts.show({ title: `${attachment.name} was saved.`, detail: path });
    });
  }
}

class Subjects {
  open = $state(false);
  /** What a file is on its way for, or about to be chosen; one at a time. */
  movingFor = $state.raw<Draft | null>(null);
  transfer = $state.raw<Transfer | null>(null);
  #drafts = new Map<string, Draft>();

  kind: Kind = $derived(issue.api === "v1" ? "case" : "record");
  /** What the panel shows: of the workspace and the kind of subject in the form. */
  draft: Draft = $derived(this.#draftOf(app.workspace?.id ?? "", this.kind));

  #draftOf(workspaceId: string, kind: Kind): Draft {
    const key = `${kind} ${workspaceId}`;
    const draft = this.#drafts.get(key) ?? new Draft(workspaceId, kind);
    this.#drafts.set(key, draft);
    return draft;
  }

  /** Opens the panel; what stands in the form is what is looked up. */
  show(tab: Tab) {
    const draft = this.draft;
    draft.turn(tab);
    if (tab === "find") draft.takeOver(issue.subject);
    this.open = true;
  }

  /** Whether a draft is in view. */
  shows(draft: Draft): boolean {
    return this.open && app.screen === "issue" && this.draft === draft;
  }

  close() {
    this.open = false;
  }

  /** Fills the form's field with an id, and says so. */
  use(draft: Draft, id: string, said: string) {
    if (app.workspace?.id === draft.workspaceId && this.kind === draft.kind) {
      const before = issue.subject;
      issue.setSubject(id);
      issue.edited("subject");
      this.close();
      if (!before || before === id) toasts.show({ title: said, detail: id });
      else toasts.undoable(said, () => this.#putBack(draft, id, before), id, "Put the old id back");
    } else toasts.show({ title: `The ${draft.kind} was created.`, detail: id }, 20_000);
  }

  #putBack(draft: Draft, id: string, before: string): string | null {
    const here = app.workspace?.id === draft.workspaceId && this.kind === draft.kind;
    if (!here || issue.subject !== id) return "Another id stands in the form now.";
    issue.setSubject(before);
    issue.edited("subject");
    return null;
  }

  /** Runs what moves a file, one at a time, and follows how far it is. */
  async move(draft: Draft, run: () => Promise<void>): Promise<void> {
    if (this.movingFor) return;
    const tab = draft.tab;
    this.movingFor = draft;
    this.transfer = null;
    if (draft.errorAt("file")) draft.edited("file");
    const stop = onEvent("transfer", (transfer) => (this.transfer = transfer));
    try {
      await run();
    } catch (reason) {
      const error = toAppError(reason);
      if (error.code !== "cancelled") draft.fail(tab, { ...error, field: error.field ?? "file" });
    } finally {
      stop();
      this.movingFor = null;
      this.transfer = null;
    }
  }

  async cancel(): Promise<void> {
    try {
      await host.cancelTransfer();
    } catch {
      // It will come to its own end.
    }
  }

  /** Forgets what was typed for a workspace, as that is forgotten. */
  forget(workspaceId: string) {
    for (const [key, draft] of this.#drafts) if (draft.workspaceId === workspaceId) this.#drafts.delete(key);
  }
}

export const subjects = new Subjects();
