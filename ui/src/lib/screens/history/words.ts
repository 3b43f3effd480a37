// How the filters are called.
import type { EntryKind, StatusCounts, Workspace } from "../../host";
import { PERIODS, type EntryList, type ListStatus } from "./state.svelte";

export interface Chip {
  value: ListStatus;
  name: string;
  /** What is counted under it. */
  of: (keyof StatusCounts)[];
}
export const STATUS_FILTERS: Chip[] = [
  { value: "all", name: "All", of: ["all"] },
  { value: "live", name: "Live", of: ["live"] },
  { value: "running", name: "Running", of: ["running"] },
  { value: "completed", name: "Completed", of: ["completed"] },
  { value: "used", name: "Used", of: ["used"] },
  { value: "expired", name: "Expired", of: ["expired"] },
  { value: "failed", name: "Failed", of: ["failed"] },
  { value: "unknown", name: "Unknown", of: ["unknown"] },
];
export const RUN_FILTERS: Chip[] = [
  { value: "all", name: "All", of: ["all"] },
  { value: "open", name: "Open", of: ["live", "running"] },
  { value: "completed", name: "Completed", of: ["completed"] },
  { value: "failed", name: "Ended", of: ["failed"] },
];

export const KINDS: { value: EntryKind | null; name: string }[] = [
  { value: null, name: "All kinds" },
  { value: "token", name: "Tokens" },
  { value: "run", name: "Runs" },
  { value: "link", name: "Links" },
];

/** The filters set, in words: “48213”, Failed, Runs, Demo, Last 7 days. */
export function filterWords(list: EntryList, workspaces: Workspace[]): string[] {
  const words: string[] = [];
  const chips = list.only === "run" ? RUN_FILTERS : STATUS_FILTERS;
  if (list.search.trim()) words.push(`“${list.search.trim()}”`);
  if (list.status !== "all") words.push(chips.find((f) => f.value === list.status)?.name ?? list.status);
  if (list.previewsOnly) words.push("Previews");
  if (list.kind !== null) words.push(KINDS.find((k) => k.value === list.kind)?.name ?? list.kind);
  const workspace = workspaces.find((w) => w.id === list.workspaceId);
  if (workspace) words.push(workspace.name);
  if (list.period !== "all") words.push(PERIODS.find((p) => p.value === list.period)?.name ?? "");
  return words.filter(Boolean);
}
