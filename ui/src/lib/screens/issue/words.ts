// What the form says of what it asks for.
import { formatLeftBriefly, msLeft, statusOf } from "../../expiry";
import { isDate } from "../../format";
import type { ApiGeneration, EntryKind, HistoryEntry } from "../../host";

export interface Asked {
  api: ApiGeneration;
  kind: EntryKind;
  send: boolean;
}

/** The endpoint, and what it gives. */
export function endpointWords({ api, kind, send }: Asked): { post: string; hint: string } {
  if (api === "workflows")
    return { post: "POST /workflows", hint: "starts a run; an interactive one comes with token and link" };
  const subject = api === "v1" ? "for a case" : "for a record, or with none of your own";
  const old = api === "v1" ? ". TransactionLink is phasing this generation out, prefer v2." : "";
  if (kind === "run")
    return { post: "POST /workflows/run", hint: `runs in the background ${subject}; no token${old}` };
  if (kind === "token") return { post: "POST /token", hint: subject + old };
  return {
    post: send ? "POST /link/send" : "POST /link",
    hint: `makes a link that works once, ${subject}${old}`,
  };
}

/** The words of the button, at rest and at work. */
export function buttonWords({ kind, send }: Asked): { name: string; busyName: string } {
  if (kind === "run") return { name: "Start run", busyName: "Starting…" };
  if (kind === "token") return { name: "Issue token", busyName: "Issuing…" };
  return send
    ? { name: "Issue and send link", busyName: "Sending…" }
    : { name: "Issue link", busyName: "Issuing…" };
}

export const titleWords = ({ kind }: Asked) =>
  ({ run: "Start a run", token: "Issue a token", link: "Issue a link" })[kind];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** 12 minutes ago. */
export function longAgo(ms: number, now: number): string {
  if (!isDate(ms)) return `at ${ms}`;
  const minutes = Math.floor(Math.max(0, now - ms) / 60_000);
  if (minutes < 1) return "less than a minute ago";
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 1440) return relative.format(-Math.floor(minutes / 60), "hour");
  return relative.format(-Math.floor(minutes / 1440), "day");
}

/** What is live already for the subject in the form. */
export function liveWords(entry: HistoryEntry, subject: string, now: number): string {
  const status = statusOf(entry, now);
  if (status === "running") return `A run for this ${subject} is under way.`;
  const what = entry.kind === "run" ? "run's token" : "token";
  return `A ${what} for this ${subject} is live, ${formatLeftBriefly(msLeft(entry, now))} left.`;
}

/** What issuing a new link does to the one in force. */
export const endsLink = (link: HistoryEntry, now: number) =>
  `This ends the link issued ${longAgo(link.issuedAt ?? link.requestedAt, now)}.`;

/** What a link that is sent along does. */
export const SENDS = "TransactionLink sends the new one to the customer: another message goes out.";

/**
 * What is said of a link before it is issued: null where there is none in force, undefined where that could not be
 * looked for.
 */
export function linkWords(link: HistoryEntry | null | undefined, send: boolean, now: number): string {
  const unknown = "It could not be checked whether this ends a link that was issued before.";
  const ends = link === null ? "" : link ? endsLink(link, now) : unknown;
  return [ends, send ? SENDS : ""].filter(Boolean).join(" ");
}

/** The question before a link is issued that ends another, or may. */
export const asksLink = (link: HistoryEntry | undefined, send: boolean, now: number) => ({
  title: send ? "Send a new link?" : "Issue a new link?",
  text: linkWords(link, send, now),
  action: !send ? "Issue new link" : link ? "End the old one and send" : "Issue and send link",
  cancel: link ? "Keep the old one" : "Cancel",
});
