// What the drawer says of an entry: its steps, and a text to send to a colleague.
import { statusText } from "../../errors";
import { statusOf, STATUS_WORD } from "../../expiry";
import { clockTime, dayAndTime, dayOf } from "../../format";
import type { HistoryEntry } from "../../host";

export interface Step {
  name: string;
  /** A time or a span. */
  figure: string;
  look: "done" | "failed" | "waiting" | "note";
}

/** What happened to an entry, and what is to come, in order. */
export function stepsOf(entry: HistoryEntry, now: number): Step[] {
  const steps: Step[] = [{ name: "Requested", figure: clockTime(entry.requestedAt, "tenths"), look: "done" }];
  if (entry.authorizedFromCache)
    steps.push({
      name: "Authorised, token from cache",
      figure: `${entry.authorizedMs ?? 0} ms`,
      look: "done",
    });
  else if (entry.authorizedMs !== null)
    steps.push({ name: "Authorised", figure: `+${entry.authorizedMs} ms`, look: "done" });
  steps.push(outcomeOf(entry));
  const day = dayOf(entry.requestedAt);
  const time = (at: number) => (dayOf(at) === day ? clockTime(at) : dayAndTime(at, now));
  const later: [number | null, string][] = [
    [entry.copiedAt, "Token copied"],
    [entry.usedAt, "Used"],
    [entry.expiresAt, expiryName(entry, now)],
  ];
  for (const [at, name] of later.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)))
    if (at !== null) steps.push({ name, figure: time(at), look: "note" });
  return steps;
}

function outcomeOf(entry: HistoryEntry): Step {
  const took = entry.requestMs === null ? "" : `+${entry.requestMs} ms`;
  const http = entry.httpStatus === null ? "" : `, HTTP ${entry.httpStatus}`;
  switch (entry.state) {
    case "issued":
      return { name: `Issued${http}`, figure: took, look: "done" };
    case "failed":
      if (entry.error?.code === "cancelled") return { name: "Cancelled", figure: took, look: "failed" };
      return { name: http ? `Refused${http}` : "No answer", figure: took, look: "failed" };
    case "unknown":
      return { name: "The answer never came", figure: "", look: "failed" };
    case "pending":
      return { name: "Waiting for the answer", figure: "", look: "waiting" };
  }
}

function expiryName(entry: HistoryEntry, now: number): string {
  const over = entry.expiresAt !== null && entry.expiresAt <= now;
  const name = over ? "Expired" : "Expires";
  return entry.expirySource === "assumed" ? `${name}, assumed` : name;
}

/** Milliseconds of authorising and request together; null where nothing was measured. */
export function tookInAll(entry: HistoryEntry): number | null {
  if (entry.requestMs === null) return null;
  return entry.requestMs + (entry.authorizedFromCache ? 0 : (entry.authorizedMs ?? 0));
}

/** An entry as text, without the token. */
export function detailsText(entry: HistoryEntry, now: number): string {
  const error = entry.error;
  const status = error?.httpStatus ?? entry.httpStatus;
  const lines: [string, string | null | undefined][] = [
    ["Status", STATUS_WORD[statusOf(entry, now)]],
    ["Requested", new Date(entry.requestedAt).toISOString()],
    ["Workspace", entry.workspaceName],
    ["Kind", `Token ${entry.api}`],
    ["Workflow", entry.workflowName ? `${entry.workflowName} (${entry.workflowId})` : entry.workflowId],
    [entry.api === "v1" ? "Case" : "Record", entry.subject],
    ["Parameters id", entry.parametersId],
    ["Language", entry.lang],
    ["Label", entry.label],
    ["Error", error && [error.title, error.detail].filter(Boolean).join(": ")],
    ["HTTP", status === null ? null : statusText(status)],
    ["Code", error?.apiCode],
    ["Fingerprint", error?.fingerprint],
    ["Token fingerprint", entry.tokenFingerprint],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}
