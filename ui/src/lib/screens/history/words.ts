// How the filters are called.
import type { EntryKind, StatusFilter, Workspace } from "../../host";
import { PERIODS, type EntryList } from "./state.svelte";

/** A status to filter by, which is also what is counted under it. */
export interface Chip {
  value: StatusFilter;
  name: string;
}
export const STATUS_FILTERS: Chip[] = [
  { value: "all", name: "All" },
  { value: "live", name: "Live" },
  { value: "running", name: "Running" },
  { value: "completed", name: "Completed" },
  { value: "used", name: "Used" },
  { value: "expired", name: "Expired" },
  { value: "failed", name: "Failed" },
  { value: "unknown", name: "Unknown" },
];
export const RUN_FILTERS: Chip[] = [
  { value: "all", name: "All" },
  { value: "open", name: "Open" },
  { value: "completed", name: "Completed" },
  { value: "failed", name: "Failed or ended" },
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
