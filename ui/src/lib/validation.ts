// What the form says before the host is asked.
import type { AuthKind, ApiGeneration, Field } from "./host";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (value: string) => UUID.test(value.trim());

function idFault(value: string): string | null {
  const text = value.trim();
  if (isUuid(text)) return null;
  if (/^[0-9a-f-]*$/i.test(text) && text.length < 36) return "Too short for an id";
  return "Not an id: 32 hexadecimal digits in five groups";
}

/** An id whose form the vendor does not promise. */
function plainIdFault(value: string): string | null {
  const text = value.trim();
  return text.length > 200 || /\s/.test(text) ? "An id has no spaces and up to 200 characters" : null;
}

export const LABEL_MAX = 200;
export type Faults = Partial<Record<Field, string>>;

export interface IssueInputs {
  api: ApiGeneration;
  workflowId: string;
  recordId: string;
  caseId: string;
  parametersId: string;
  lang: string;
  label: string;
}

/** Faults in the order of the fields. */
export function issueFaults(inputs: IssueInputs): Faults {
  const faults: Faults = {};
  const workflow = inputs.workflowId.trim()
    ? plainIdFault(inputs.workflowId)
    : "Choose a workflow, or paste its id";
  if (workflow) faults.workflow = workflow;
  const subject = inputs.api === "v1" ? inputs.caseId : inputs.recordId;
  const required = inputs.api === "v1" ? "Token v1 needs a case id" : null;
  const subjectFault = subject.trim() ? idFault(subject) : required;
  if (subjectFault) faults.subject = subjectFault;
  const parameters = plainIdFault(inputs.parametersId);
  if (parameters) faults.parametersId = parameters;
  if (inputs.lang.trim() && !/^[a-z0-9_-]{1,35}$/i.test(inputs.lang.trim()))
    faults.lang = "A language code, for example pl or pt-BR";
  if (inputs.label.trim().length > LABEL_MAX) faults.label = `At most ${LABEL_MAX} characters`;
  return faults;
}

export interface WorkspaceInputs {
  name: string;
  apiHost: string;
  widgetHost: string;
  authKind: AuthKind;
  key: string;
  secret: string;
  organizationToken: string;
}

function hostFault(value: string): string | null {
  const text = value.trim();
  if (!text) return "Name the host";
  const bare = text.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  return /^[a-z0-9.-]+(:\d{1,5})?$/i.test(bare) ? null : "Only a host, for example api.transactionlink.io";
}

/** As the host checks it, so that the fault is said as it is typed. */
function secretFault(value: string, what: string): string | null {
  const text = value.trim();
  if (!text) return `The ${what} is missing`;
  return /\s/.test(text) || text.length > 1200
    ? `The ${what} has no spaces and up to 1,200 characters`
    : null;
}

/** `kept` is true when a credential is there already and empty fields keep it. */
export function workspaceFaults(inputs: WorkspaceInputs, kept: boolean): Faults {
  const faults: Faults = {};
  const name = inputs.name.trim();
  if (!name) faults.name = "Give it a name";
  else if (name.length > 80) faults.name = "At most 80 characters";
  else if (name.toLowerCase() === "demo") faults.name = "The built-in workspace has this name";
  const api = hostFault(inputs.apiHost);
  if (api) faults.apiHost = api;
  const widget = hostFault(inputs.widgetHost);
  if (widget) faults.widgetHost = widget;
  if (inputs.authKind === "organizationToken") {
    const token = inputs.organizationToken.trim();
    if (!token && !kept) faults.organizationToken = "Paste the organization token";
    else if (token && !token.startsWith("tot_"))
      faults.organizationToken = "Organization tokens start with tot_";
    else if (token) {
      const fault = secretFault(token, "token");
      if (fault) faults.organizationToken = fault;
    }
  } else if (!kept || inputs.key.trim() || inputs.secret.trim()) {
    const key = secretFault(inputs.key, "key");
    if (key) faults.key = key;
    const secret = secretFault(inputs.secret, "secret");
    if (secret) faults.secret = secret;
  }
  return faults;
}
