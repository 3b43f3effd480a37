// How the filters are called.
import type { StatusFilter, Workspace } from "../../host";
import { history, PERIODS } from "./state.svelte";

export const STATUS_FILTERS: { value: StatusFilter; name: string }[] = [
  { value: "all", name: "All" },
  { value: "live", name: "Live" },
  { value: "used", name: "Used" },
  { value: "expired", name: "Expired" },
  { value: "failed", name: "Failed" },
  { value: "unknown", name: "Unknown" },
];

/** The filters set, in words: “48213”, Failed, Demo, Last 7 days. */
export function filterWords(workspaces: Workspace[]): string[] {
  const words: string[] = [];
  if (history.search.trim()) words.push(`“${history.search.trim()}”`);
  if (history.status !== "all")
    words.push(STATUS_FILTERS.find((f) => f.value === history.status)?.name ?? history.status);
  if (history.previewsOnly) words.push("Previews");
  const workspace = workspaces.find((w) => w.id === history.workspaceId);
  if (workspace) words.push(workspace.name);
  if (history.period !== "all") words.push(PERIODS.find((p) => p.value === history.period)?.name ?? "");
  return words.filter(Boolean);
}
