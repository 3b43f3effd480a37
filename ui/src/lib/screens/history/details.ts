// What the drawer says of an entry: its steps, and a text to send to a colleague.
import { statusText } from "../../errors";
import { kindWord, subjectWord } from "../../entries";
import { statusOf, STATUS_WORD } from "../../expiry";
import { clockTime, dayAndTime, dayOf, isoTime } from "../../format";
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
  const later = [...runSteps(entry), ...tokenSteps(entry, now)].sort((a, b) => a.at - b.at);
  for (const { at, name, look } of later) steps.push({ name, figure: time(at), look });
  return steps;
}

interface Later {
  at: number;
  name: string;
  look: Step["look"];
}

function tokenSteps(entry: HistoryEntry, now: number): Later[] {
  const dated: [number | null | undefined, string][] = [
    [
      entry.copiedAt,
      entry.kind === "link" ? "Link copied" : entry.tokenLength === null ? "Copied" : "Token copied",
    ],
    [entry.usedAt, entry.run ? "Token used" : "Used"],
    [entry.link?.supersededAt, "Superseded by a newer link"],
    // What a newer link ended has no other end.
    [entry.link?.supersededAt ? null : entry.expiresAt, expiryName(entry, now)],
  ];
  return dated.flatMap(([at, name]) => (typeof at === "number" ? [{ at, name, look: "note" as const }] : []));
}

/** Every status that was seen, and the run's own end while that is to come. */
function runSteps(entry: HistoryEntry): Later[] {
  const run = entry.run;
  if (!run) return [];
  const seen = run.seen.map(({ status, at }, nth): Later => {
    const last = nth === run.seen.length - 1;
    return { at, name: `Run ${status}`, look: last && run.state === "ended" ? "failed" : "done" };
  });
  if (run.endsAt === null || run.state !== "open") return seen;
  return [...seen, { at: run.endsAt, name: "Run ends", look: "note" }];
}

const CAME: Record<HistoryEntry["kind"], string> = {
  token: "Issued",
  run: "Started",
  link: "Link made",
};

function outcomeOf(entry: HistoryEntry): Step {
  const took = entry.requestMs === null ? "" : `+${entry.requestMs} ms`;
  const http = entry.httpStatus === null ? "" : `, HTTP ${entry.httpStatus}`;
  switch (entry.state) {
    case "issued":
      return { name: `${CAME[entry.kind]}${http}`, figure: took, look: "done" };
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
  const what = entry.run ? "Token expire" : "Expire";
  const name = over ? `${what}d` : `${what}s`;
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
    ["Requested", isoTime(entry.requestedAt)],
    ["Workspace", entry.workspaceName],
    ["Kind", entry.kind === "token" ? `Token ${entry.api}` : kindWord(entry)],
    ["Workflow", entry.workflowName ? `${entry.workflowName} (${entry.workflowId})` : entry.workflowId],
    [subjectWord(entry), entry.subject],
    ["Parameters id", entry.parametersId],
    ["Language", entry.lang],
    ["Label", entry.label],
    ["Run", entry.run?.runId],
    ["Run status", entry.run?.status],
    ["Parameters", entry.parameters],
    ["Error", error && [error.title, error.detail].filter(Boolean).join(": ")],
    ["HTTP", status === null ? null : statusText(status)],
    ["Code", error?.apiCode],
    ["Fingerprint", error?.fingerprint],
    ["Token fingerprint", entry.tokenFingerprint],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}
