// What the screen in front of the person is about.
import type { HistoryEntry } from "../host";
import { history, runs } from "../screens/history/state.svelte";
import { subjects } from "../screens/subjects/state.svelte";
import { app } from "./app.svelte";
import { issue } from "./issue.svelte";

export function entryInView(): HistoryEntry | null {
  switch (app.screen) {
    case "issue":
      // A panel lies over it.
      return subjects.open ? null : issue.entry;
    case "runs":
      return runs.selected;
    case "history":
      return history.selected;
    default:
      return null;
  }
}

/** Whether an entry is shown with what it is and whom it is for, rather than as a row that may be scrolled away. */
export function isInView(entry: HistoryEntry): boolean {
  const list = { history, runs }[app.screen as string];
  return entryInView()?.id === entry.id && (list === undefined || list.open);
}

/** The run that is worth the closest watch. */
export function runInView(): string | null {
  const entry = entryInView();
  return entry?.run?.state === "open" ? entry.id : null;
}

/** Opens an entry's run on the Runs screen. */
export function showRun(entry: HistoryEntry) {
  runs.showEntry(entry);
  app.go("runs");
}
