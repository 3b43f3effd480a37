// What a history entry is worth now, and how times are counted.
import { UNKNOWN } from "./format";
import { EXPIRING_MS, type HistoryEntry, type RunFacts } from "./host";

export { EXPIRING_MS };
export type Status =
  | "active"
  | "expiring"
  | "expired"
  | "used"
  | "failed"
  | "unknown"
  | "pending"
  | "running"
  | "completed"
  | "ended"
  | "superseded";

export const STATUS_WORD: Record<Status, string> = {
  active: "Active",
  expiring: "Expiring",
  expired: "Expired",
  used: "Used",
  failed: "Failed",
  unknown: "Unknown",
  pending: "Pending",
  running: "Running",
  completed: "Completed",
  ended: "Ended",
  superseded: "Superseded",
};

type Dated = Pick<HistoryEntry, "state" | "usedAt" | "expiresAt" | "run" | "link">;

/** The same as `HistoryEntry::status` of the core: each entry is of one status. */
export function statusOf(entry: Dated, now: number): Status {
  if (entry.state !== "issued") return entry.state;
  if (entry.run?.state === "completed") return "completed";
  if (entry.run?.state === "ended") return "ended";
  // An open run goes on after its token, whether that was used or not.
  if (entry.run && (entry.usedAt !== null || entry.expiresAt === null || entry.expiresAt <= now))
    return "running";
  if (entry.usedAt !== null) return "used";
  if (entry.link && entry.link.supersededAt !== null) return "superseded";
  if (entry.expiresAt === null || entry.expiresAt <= now) return "expired";
  return entry.expiresAt - now < EXPIRING_MS ? "expiring" : "active";
}

/** Whether it still lets somebody in. */
export const isLive = (status: Status) => status === "active" || status === "expiring";
/** Whether something may still come of it. */
export const isOpen = (status: Status) => isLive(status) || status === "running";

export function msLeft(entry: Pick<HistoryEntry, "expiresAt">, now: number): number {
  return entry.expiresAt === null ? 0 : Math.max(0, entry.expiresAt - now);
}

/** How many of these ends, soonest first, are still to come. */
export function endsAfter(ends: readonly number[], now: number): number {
  let [from, to] = [0, ends.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ends[middle] as number) <= now) from = middle + 1;
    else to = middle;
  }
  return ends.length - from;
}

/** How much of the lifetime is left, from 0 to 1. */
export function fractionLeft(entry: Pick<HistoryEntry, "expiresAt" | "lifetimeMs">, now: number): number {
  const left = msLeft(entry, now);
  if (left === 0) return 0;
  if (entry.lifetimeMs === null || entry.lifetimeMs <= 0) return 1;
  return Math.min(1, left / entry.lifetimeMs);
}

/** A span that grows while somebody looks, by ten seconds after the first ten: each change draws the window anew. */
export function inSteps(ms: number): number {
  return ms < 10_000 ? ms : Math.floor(ms / 10_000) * 10_000;
}

/** A share, from 0 to 1, in this many steps. One that is not over has a step left. */
export function wholeSteps(fraction: number, steps: number): number {
  const whole = Math.max(1, Math.round(steps));
  return Math.ceil(Math.max(0, Math.min(1, fraction)) * whole) / whole;
}

/** How long a run has gone on; of one that is over the most it took: its end is when it was first seen. */
export function runFor(run: Pick<RunFacts, "state" | "startedAt" | "statusAt">, now: number): number {
  const until = run.state === "open" ? now : (run.statusAt ?? run.startedAt);
  return Math.max(0, until - run.startedAt);
}

const two = (value: number) => String(value).padStart(2, "0");

/** 57:12, from an hour 2 h 05, from a day 29 d 23 h. */
export function formatLeft(ms: number): string {
  if (!Number.isFinite(ms)) return UNKNOWN;
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours >= 1) return `${hours} h ${two(Math.floor((seconds % 3600) / 60))}`;
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

function elapsed(ms: number, full: boolean): string {
  if (!Number.isFinite(ms)) return UNKNOWN;
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)} d${full ? ` ${hours % 24} h` : ""}`;
  if (hours >= 1) return `${hours} h ${two(minutes % 60)}${full ? " min" : ""}`;
  if (minutes >= 1) return `${minutes} min${full ? ` ${two(seconds % 60)} s` : ""}`;
  return `${seconds} s`;
}

/**
 * The same in a list: 57 min, and from five minutes before the end 04:38. Seconds that change in every row draw the
 * whole list anew once a second.
 */
export function formatLeftBriefly(ms: number): string {
  const minutes = Math.floor(Math.ceil(Math.max(0, ms) / 1000) / 60);
  return ms < EXPIRING_MS || minutes >= 60 ? formatLeft(ms) : `${minutes} min`;
}

/** 4 s, 3 min 12 s, from an hour 2 h 05 min, from a day 3 d 4 h. */
export const formatElapsed = (ms: number) => elapsed(ms, true);

/** The same where there is little room: 4 s, 3 min, 2 h 05, 3 d. */
export const shortElapsed = (ms: number) => elapsed(ms, false);

/** How long a run has gone on, as it is; how long it took with ≤ before it, see {@link runFor}. */
export function elapsedWords(
  run: Pick<RunFacts, "state" | "startedAt" | "statusAt">,
  now: number,
  format = formatElapsed,
): string {
  const span = format(runFor(run, now));
  return run.state === "open" ? span : `≤ ${span}`;
}
