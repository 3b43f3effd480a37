// What an entry is called, and what of it can be handed on.
import { isOpen, statusOf, type Status } from "./expiry";
import { shortId } from "./format";
import type { CopyKind, HistoryEntry, IssueRequest } from "./host";

export const nameOf = (entry: HistoryEntry): string =>
  entry.label || entry.workflowName || shortId(entry.workflowId);

/** Run, Link, or the generation of the API a token is of. */
export function kindWord(entry: Pick<HistoryEntry, "kind" | "api">): string {
  if (entry.kind === "run") return entry.api === "workflows" ? "Run" : `Run ${entry.api}`;
  return entry.kind === "link" ? "Link" : entry.api;
}

/** Who an entry is for, in few words: its label, else its subject; null where it names nobody. */
export function whose(entry: Pick<HistoryEntry, "label" | "subject">): string | null {
  const label = entry.label?.trim();
  if (label) return label.length > WHOSE_MAX ? `${label.slice(0, WHOSE_MAX - 1)}…` : label;
  return entry.subject ? shortId(entry.subject) : null;
}
const WHOSE_MAX = 48;

const same = (a: string | null, b: string | null) =>
  (a ?? "").trim().toLowerCase() === (b ?? "").trim().toLowerCase();

/** Whether a form names somebody, and that is not who the entry is for. */
export function namesAnother(
  form: Pick<IssueRequest, "workspaceId" | "subject" | "label">,
  entry: HistoryEntry,
): boolean {
  if (!form.subject && !form.label) return false;
  if (form.workspaceId !== entry.workspaceId) return true;
  return form.subject ? !same(form.subject, entry.subject) : !same(form.label, entry.label);
}

/** An entry of the same label, but for somebody else: by the label they cannot be told apart. */
export const sameLabelOther = (
  entries: HistoryEntry[],
  form: { workspaceId: string; subject: string | null; label: string | null },
): HistoryEntry | undefined =>
  form.label?.trim()
    ? entries.find(
        (other) =>
          other.workspaceId === form.workspaceId &&
          same(other.label, form.label) &&
          !same(other.subject, form.subject),
      )
    : undefined;

export const subjectWord = (entry: Pick<HistoryEntry, "api">) => (entry.api === "v1" ? "Case" : "Record");

/** A run that nobody goes through: it never had a token. */
export const inBackground = (entry: HistoryEntry) => entry.run !== null && !entry.run.interactive;

/** Whether its token, if it has one, still lets somebody in. */
export const tokenWorks = (entry: HistoryEntry, status: Status) =>
  entry.hasToken && (status === "active" || status === "expiring");

/** A run's link still leads somewhere while the run goes on, whether its token was used or not. */
export const linkWorks = (entry: HistoryEntry, status: Status) => entry.hasLink && isOpen(status);

/** A preview issues a token of its own from the same inputs; a link and a run in the background have none. */
export const canPreview = (entry: HistoryEntry) =>
  entry.kind !== "link" && (entry.run === null || entry.run.interactive);

/** What C and Ctrl+Shift+C copy. */
export function mainCopy(entry: HistoryEntry, now: number): CopyKind | null {
  const status = statusOf(entry, now);
  if (tokenWorks(entry, status)) return "token";
  return linkWorks(entry, status) ? "link" : null;
}
