// What the form says before the host is asked.
import { isLanguage } from "./languages";
import { matching, named, type Option } from "./matching";
import type { ApiGeneration, AuthKind, EntryKind, Field } from "./host";
import { credential, nonAsciiCharacter, oddCharacter, trimmed, unquoted } from "./pasted";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (value: string) => UUID.test(unquoted(value));

function idFault(value: string): string | null {
  const text = unquoted(value);
  if (isUuid(text)) return null;
  const odd = oddCharacter(value, text);
  // A space is seen; what is not has to be named.
  if (odd && !odd.startsWith("U+0020")) return `An id has no ${odd}`;
  if (/^[0-9a-f-]*$/i.test(text) && text.length < 36) return "Too short for an id";
  return "Not an id: 32 hexadecimal digits in five groups";
}

/** An id whose form the vendor does not promise. */
function plainIdFault(value: string): string | null {
  const text = unquoted(value);
  const odd = oddCharacter(value, text);
  if (odd) return `An id has no ${odd}`;
  return text.length > 200 ? "An id has up to 200 characters" : null;
}

export const LABEL_MAX = 200;
export type Faults = Partial<Record<Field, string>>;

/** Whether a text is an id rather than what somebody searches a workflow by. */
export const looksLikeId = (text: string) => isUuid(text) || /^[^\s]*[\d_.:-][^\s]*$/.test(text);

/** What is typed to find a workflow is not its id: it would be asked of the vendor, and fail or cost there. */
function workflowFault({ workflowId, workflowGiven, workflows }: IssueInputs): string | null {
  const text = unquoted(workflowId);
  if (!text) return "Choose a workflow, or paste its id";
  if (text === unquoted(workflowGiven) || isUuid(text) || workflows.some(({ value }) => value === text))
    return plainIdFault(workflowId);
  if (named(text, workflows) || matching(text, workflows).length > 0)
    return "Not a workflow yet; pick one from the list or paste an id";
  return looksLikeId(text) ? plainIdFault(workflowId) : "No workflow of this name; paste an id";
}

export interface IssueInputs {
  api: ApiGeneration;
  kind: EntryKind;
  workflowId: string;
  /** The id that was picked, pasted or filled in, whatever its form. */
  workflowGiven: string;
  /** The workflows to choose from. */
  workflows: Option[];
  recordId: string;
  caseId: string;
  parametersId: string;
  lang: string;
  label: string;
  /** What is wrong with a run's parameters and with how long it may take, as their editors find it. */
  parametersFault: string | null;
  minutesFault: string | null;
}

/** Whether a field is asked for at all; what a field holds that is not, does not count. */
export function asksFor(field: Field, { api, kind }: Pick<IssueInputs, "api" | "kind">): boolean {
  if (field === "parameters" || field === "minutes") return api === "workflows";
  if (field === "parametersId") return api !== "workflows";
  // POST /workflows/run takes no language.
  if (field === "lang") return api === "workflows" || kind !== "run";
  return true;
}

/** Faults in the order of the fields. */
export function issueFaults(inputs: IssueInputs): Faults {
  const faults: Faults = {};
  const find = (field: Field, fault: string | null) => {
    if (fault && asksFor(field, inputs)) faults[field] = fault;
  };
  find("workflow", workflowFault(inputs));
  const v1 = inputs.api === "v1";
  const subject = v1 ? inputs.caseId : inputs.recordId;
  find("subject", unquoted(subject) ? idFault(subject) : v1 ? "Token v1 needs a case id" : null);
  find("parameters", inputs.parametersFault);
  find("parametersId", plainIdFault(inputs.parametersId));
  const lang = inputs.lang.trim();
  if (!lang && inputs.api === "workflows") find("lang", "A run needs a language, for example en");
  else if (lang && !isLanguage(lang)) find("lang", "Not a known language; pick one or type a code");
  find("minutes", inputs.minutesFault);
  if (inputs.label.trim().length > LABEL_MAX) find("label", `At most ${LABEL_MAX} characters`);
  return faults;
}

/** An address as forms ask for it; the vendor promises no rule, so only the plainly wrong is refused. */
export const emailFault = (value: string): string | null =>
  !value.trim() || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())
    ? null
    : "Not an e-mail address, for example jan@example.com";

/** A country code with or without +, and a number; one does not go without the other. */
export function phoneFault(countryCode: string, number: string): string | null {
  const [code, rest] = [countryCode.trim(), number.trim()];
  if (!code && !rest) return null;
  if (!code) return "The country code is missing, for example +48";
  if (!/^\+?\d{1,4}$/.test(code)) return "A country code has up to 4 digits, for example +48";
  if (!rest) return "The number is missing";
  return /^[\d\s()./-]{3,24}$/.test(rest) ? null : "Only digits and spaces in the number";
}

/** The id of a table; the vendor does not promise its form. */
export const tableFault = (value: string): string | null =>
  unquoted(value) ? plainIdFault(value) : "Enter the id of the table";

/** The id of a subject that is looked up. */
export const subjectFault = (value: string): string | null =>
  unquoted(value) ? idFault(value) : "Enter an id";

export interface WorkspaceInputs {
  name: string;
  apiHost: string;
  widgetHost: string;
  authKind: AuthKind;
  key: string;
  secret: string;
  organizationToken: string;
}

const LOOPBACK = /^(localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The address a host stands for, as Rust reads it; null where it is none. */
export function hostOrigin(value: string): string | null {
  const text = unquoted(value);
  if (/[\s?#]/.test(text)) return null;
  try {
    if (!text.includes("://") && /^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i.test(text))
      return hostOrigin(`[${text}]`);
    const named = text.includes("://");
    let url = new URL(named ? text : `https://${text}`);
    const here = LOOPBACK.test(url.hostname);
    // On this computer plain http is what is meant.
    if (!named && here) url = new URL(`http://${text}`);
    const secure = url.protocol === "https:" || (url.protocol === "http:" && here);
    const bare = !url.username && !url.password && ["", "/"].includes(url.pathname);
    return secure && bare ? url.origin : null;
  } catch {
    return null;
  }
}

function hostFault(value: string): string | null {
  const text = unquoted(value);
  if (!text) return "Name the host";
  if (hostOrigin(value)) return null;
  const odd = oddCharacter(value, text);
  if (odd) return `A host has no ${odd}`;
  if (/^http:\/\//i.test(text)) return "Only https, except to this computer itself";
  return "Only a host, for example api.transactionlink.io";
}

/** As the host checks it, so that the fault is said as it is typed. */
function secretFault(value: string, what: string, odd: typeof oddCharacter): string | null {
  const text = credential(value);
  if (!text) return `The ${what} is missing`;
  const character = odd(value, text);
  if (character) return `It has ${character}, which no ${what} has. Copy it anew`;
  return text.length > 1200 ? `The ${what} has up to 1,200 characters` : null;
}

/** `kept` is true when a credential is there already and empty fields keep it. */
export function workspaceFaults(inputs: WorkspaceInputs, kept: boolean): Faults {
  const faults: Faults = {};
  const name = trimmed(inputs.name);
  if (!name) faults.name = "Give it a name";
  else if (Array.from(name).length > 80) faults.name = "At most 80 characters";
  else if (name.normalize("NFKC").toLowerCase() === "demo")
    faults.name = "The built-in workspace has this name";
  const api = hostFault(inputs.apiHost);
  if (api) faults.apiHost = api;
  const widget = hostFault(inputs.widgetHost);
  if (widget) faults.widgetHost = widget;
  if (inputs.authKind === "organizationToken") {
    const token = credential(inputs.organizationToken);
    if (!token && !kept) faults.organizationToken = "Paste the organization token";
    else if (token) {
      const fault =
        secretFault(inputs.organizationToken, "token", nonAsciiCharacter) ??
        (token.startsWith("tot_") ? null : "Organization tokens start with tot_");
      if (fault) faults.organizationToken = fault;
    }
  } else if (!kept || credential(inputs.key) || credential(inputs.secret)) {
    const key = secretFault(inputs.key, "key", oddCharacter);
    if (key) faults.key = key;
    const secret = secretFault(inputs.secret, "secret", oddCharacter);
    if (secret) faults.secret = secret;
  }
  return faults;
}
