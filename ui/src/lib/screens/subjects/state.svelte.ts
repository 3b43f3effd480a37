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
  busy = $state(false);
  error = $state.raw<AppError | null>(null);
  /** What is shown as faulty, for it was touched or sent. */
  touched = $state<Partial<Record<Field, boolean>>>({});
  pressed = $state(false);
  /** A field to put the focus on, once. */
  focusField = $state<Field | null>(null);

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
      this.tab === "find" ? ["subject", "table"] : ["table", "fields", "email", "phone", "file"];
    return this.error && !fields.includes(this.error.field) ? this.error : null;
  }

  edited(field: Field) {
    this.touched = { ...this.touched, [field]: true };
    if (this.error?.field === field) this.error = null;
  }

  turn(tab: Tab) {
    this.tab = tab;
    this.error = null;
    this.pressed = false;
  }

  async submit(): Promise<void> {
    if (this.busy || subjects.moving) return;
    const [faulty] = Object.keys(this.faults) as Field[];
    if (faulty) {
      this.pressed = true;
      this.focusField = faulty;
      return;
    }
    this.busy = true;
    this.error = null;
    try {
      await (this.tab === "new" ? this.#create() : this.#lookUp());
      this.pressed = false;
    } catch (reason) {
      this.error = toAppError(reason);
      this.focusField = this.error.field;
    } finally {
      this.busy = false;
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
    this.found = null;
    this.attachments = null;
    this.attachmentsError = null;
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
    await subjects.move(this, async () => {
      this.case.documents.push(...(await host.uploadDocuments(this.workspaceId)));
    });
  }

  removeDocument(resourceId: string) {
    const at = this.case.documents.findIndex((document) => document.resourceId === resourceId);
    const gone = $state.snapshot(this.case.documents[at]);
    if (!gone) return;
    this.case.documents.splice(at, 1);
    toasts.undoable(`${gone.name} was removed.`, () => this.case.documents.splice(at, 0, gone));
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
  /** Whether a file is on its way, or about to be chosen. */
  moving = $state(false);
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
    if (tab === "find" && issue.subject && !draft.found) draft.id = issue.subject;
    this.open = true;
  }

  close() {
    this.open = false;
  }

  /** Fills the form's field with an id, and says so. */
  use(draft: Draft, id: string, said: string) {
    if (app.workspace?.id === draft.workspaceId && this.kind === draft.kind) {
      issue.setSubject(id);
      issue.edited("subject");
      this.close();
      toasts.show({ title: said, detail: id });
    } else toasts.show({ title: `The ${draft.kind} was created.`, detail: id }, 20_000);
  }

  /** Runs what moves a file, one at a time, and follows how far it is. */
  async move(draft: Draft, run: () => Promise<void>): Promise<void> {
    if (this.moving) return;
    this.moving = true;
    this.transfer = null;
    draft.error = null;
    const stop = onEvent("transfer", (transfer) => (this.transfer = transfer));
    try {
      await run();
    } catch (reason) {
      const error = toAppError(reason);
      if (error.code !== "cancelled") draft.error = { ...error, field: error.field ?? "file" };
    } finally {
      stop();
      this.moving = false;
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

  /** Forgets what was typed, in every workspace. */
  startOver() {
    this.open = false;
    this.#drafts.clear();
  }
}

export const subjects = new Subjects();
