// What an entry is called, and what of it can be handed on.
import { isOpen, statusOf, type Status } from "./expiry";
import { shortId } from "./format";
import type { CopyKind, HistoryEntry } from "./host";

export const nameOf = (entry: HistoryEntry): string =>
  entry.label || entry.workflowName || shortId(entry.workflowId);

/** Run, Link, or the generation of the API a token is of. */
export function kindWord(entry: Pick<HistoryEntry, "kind" | "api">): string {
  if (entry.kind === "run") return entry.api === "workflows" ? "Run" : `Run ${entry.api}`;
  return entry.kind === "link" ? "Link" : entry.api;
}

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
