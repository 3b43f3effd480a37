// What a history entry is worth now, and how the time left is written.
import { EXPIRING_MS, type HistoryEntry } from "./host";

export { EXPIRING_MS };
export type Status = "active" | "expiring" | "expired" | "used" | "failed" | "unknown" | "pending";

export const STATUS_WORD: Record<Status, string> = {
  active: "Active",
  expiring: "Expiring",
  expired: "Expired",
  used: "Used",
  failed: "Failed",
  unknown: "Unknown",
  pending: "Pending",
};

type Dated = Pick<HistoryEntry, "state" | "usedAt" | "expiresAt">;

export function statusOf(entry: Dated, now: number): Status {
  if (entry.state !== "issued") return entry.state;
  if (entry.usedAt !== null) return "used";
  if (entry.expiresAt === null || entry.expiresAt <= now) return "expired";
  return entry.expiresAt - now < EXPIRING_MS ? "expiring" : "active";
}

export const isLive = (status: Status) => status === "active" || status === "expiring";

export function msLeft(entry: Pick<HistoryEntry, "expiresAt">, now: number): number {
  return entry.expiresAt === null ? 0 : Math.max(0, entry.expiresAt - now);
}

/** How much of the lifetime is left, from 0 to 1. */
export function fractionLeft(entry: Pick<HistoryEntry, "expiresAt" | "lifetimeMs">, now: number): number {
  const left = msLeft(entry, now);
  if (left === 0) return 0;
  if (entry.lifetimeMs === null || entry.lifetimeMs <= 0) return 1;
  return Math.min(1, left / entry.lifetimeMs);
}

const two = (value: number) => String(value).padStart(2, "0");

/** 57:12, from an hour 2 h 05, from a day 6 d. */
export function formatLeft(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)} d`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))}`;
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
