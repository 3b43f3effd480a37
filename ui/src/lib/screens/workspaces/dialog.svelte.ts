// What the workspace dialog holds, and what it may do with it.
import {
  host,
  toAppError,
  type AppError,
  type Field,
  type TestReport,
  type Workspace,
  type WorkspaceDraft,
} from "../../host";
import { bareHost } from "../../format";
import { credential, trimmed } from "../../pasted";
import { hostOrigin, workspaceFaults } from "../../validation";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";

export const API_HOST = "api.transactionlink.io";
export const WIDGET_HOST = "widget.transactionlink.io";

const FIELDS: Field[] = ["name", "apiHost", "widgetHost", "organizationToken", "key", "secret"];
/** What a test depends on. */
const TESTED: Field[] = ["apiHost", "organizationToken", "key", "secret"];

/** A host as it is shown for editing: typed again it has to mean the same. */
function typedHost(origin: string): string {
  const bare = bareHost(origin);
  return hostOrigin(bare) === origin ? bare : origin;
}

export class WorkspaceForm {
  readonly before: Workspace | null = null;
  /** Only the credential is asked for. */
  readonly rotating: boolean = false;

  draft: WorkspaceDraft = $state({
    name: "",
    apiHost: API_HOST,
    widgetHost: WIDGET_HOST,
    authKind: "organizationToken",
    key: "",
    secret: "",
    organizationToken: "",
    sessionOnly: false,
  });
  touched = $state<Partial<Record<Field, boolean>>>({});
  error = $state.raw<AppError | null>(null);
  report = $state.raw<TestReport | null>(null);
  testing = $state(false);
  saving = $state(false);
  /** Save was pressed with no keychain and no choice to go without. */
  unkept = $state(false);
  focusField = $state<Field | "session" | null>(null);
  #first: string;
  #test = 0;

  constructor(before: Workspace | null, rotating: boolean) {
    this.before = before;
    this.rotating = rotating;
    if (before) {
      this.draft.name = before.name;
      this.draft.apiHost = typedHost(before.apiHost);
      this.draft.widgetHost = typedHost(before.widgetHost);
      this.draft.authKind = before.authKind;
      this.draft.sessionOnly = before.credential.state === "present" && before.credential.sessionOnly;
    }
    this.#first = JSON.stringify(this.draft);
  }

  /** Whether empty secret fields stand for the credential there is. */
  get kept(): boolean {
    return this.#couldBeKept && !this.hostChanged;
  }

  get #couldBeKept(): boolean {
    if (this.rotating || !this.before || this.before.credential.state === "missing") return false;
    return this.before.authKind === this.draft.authKind;
  }

  /** The host of the credential there is, where the form names another: it is sent to no other. */
  get keptForHost(): string | null {
    return this.#couldBeKept && this.hostChanged && this.before ? bareHost(this.before.apiHost) : null;
  }

  get hostChanged(): boolean {
    return this.before !== null && hostOrigin(this.draft.apiHost) !== this.before.apiHost;
  }

  get dirty(): boolean {
    return JSON.stringify(this.draft) !== this.#first;
  }

  faults = $derived(workspaceFaults(this.draft, this.kept));
  keychain = $derived(app.state?.keychain ?? { state: "loading" as const });
  /** Whether a credential is to be kept at all, now. */
  entersCredential = $derived(
    Boolean(
      this.draft.authKind === "organizationToken"
        ? credential(this.draft.organizationToken)
        : credential(this.draft.key) || credential(this.draft.secret),
    ),
  );

  /** The credential there is, where nothing takes its place. */
  staying = $derived(
    this.kept && !this.entersCredential && this.before?.credential.state === "present"
      ? this.before.credential
      : null,
  );

  faultAt(field: Field): string | null {
    return this.touched[field] ? (this.faults[field] ?? null) : null;
  }

  errorAt(field: Field): AppError | null {
    return this.error?.field === field ? this.error : null;
  }

  wrong(field: Field): boolean {
    return this.faultAt(field) !== null || this.errorAt(field) !== null;
  }

  get errorOnTop(): AppError | null {
    const field = this.error?.field;
    return this.error && (!field || !FIELDS.includes(field)) ? this.error : null;
  }

  edited(field: Field) {
    this.touched = { ...this.touched, [field]: true };
    if (this.error?.field === field || !this.error?.field) this.error = null;
    if (TESTED.includes(field)) this.forgetReport();
  }

  /** What was tested is not what is in the fields any more. */
  forgetReport() {
    this.report = null;
    this.testing = false;
    this.#test += 1;
  }

  /** Whether all is well; else the first faulty field gets the focus. */
  #ready(but: Field[] = []): boolean {
    const faulty = FIELDS.find((field) => this.faults[field] && !but.includes(field));
    if (!faulty) return true;
    this.touched = { ...this.touched, ...Object.fromEntries(FIELDS.map((f) => [f, !but.includes(f)])) };
    this.focusField = faulty;
    return false;
  }

  #failed(reason: unknown) {
    this.error = toAppError(reason);
    const field = this.error.field;
    if (field && FIELDS.includes(field)) this.focusField = field;
  }

  async test(): Promise<void> {
    if (this.testing || !this.#ready(["name"])) return;
    const mine = ++this.#test;
    this.testing = true;
    this.error = null;
    // A connection may be tried before it has a name.
    const draft = { ...this.draft, name: trimmed(this.draft.name) || "New workspace" };
    try {
      const report = await host.testDraft(draft, this.before?.id ?? null);
      if (mine === this.#test) this.report = report;
    } catch (reason) {
      if (mine === this.#test) this.#failed(reason);
    } finally {
      if (mine === this.#test) this.testing = false;
    }
  }

  async save(): Promise<boolean> {
    if (this.saving || !this.#ready()) return false;
    if (this.keychain.state === "unavailable" && !this.draft.sessionOnly && this.entersCredential) {
      this.unkept = true;
      this.focusField = "session";
      return false;
    }
    this.saving = true;
    this.error = null;
    try {
      const draft = { ...this.draft, name: trimmed(this.draft.name) };
      const saved = this.before
        ? await host.updateWorkspace(this.before.id, draft)
        : await host.addWorkspace(draft);
      await app.refresh();
      if (!this.before) app.choose(saved.id);
      const kept = saved.credential;
      toasts.show({
        title: `${saved.name} saved.`,
        detail: [
          kept.state === "present"
            ? kept.sessionOnly
              ? "For this session only."
              : `Kept in ${kept.keptIn}.`
            : "",
          saved.lastTest?.ok === false ? "Its last connection test failed." : "",
        ]
          .filter(Boolean)
          .join(" "),
      });
      return true;
    } catch (reason) {
      this.#failed(reason);
      return false;
    } finally {
      this.saving = false;
    }
  }
}
