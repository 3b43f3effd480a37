// The keys of the whole window.
import { linkWorks } from "./entries";
import { statusOf } from "./expiry";
import { inTextField, overlayOpen, takesText, withMod } from "./keys";
import { subjects } from "./screens/subjects/state.svelte";
import { app } from "./state/app.svelte";
import { issue } from "./state/issue.svelte";
import { copyShown, issueAgain, previewShown } from "./state/outward";
import { toasts } from "./state/toasts.svelte";
import { entryInView } from "./state/view";
import type { HistoryEntry } from "./host";

const SCREENS = {
  "1": "issue",
  "2": "runs",
  "3": "history",
  "4": "webhooks",
  "5": "workspaces",
  ",": "settings",
} as const;

/** The web view's own print, find and reload never fire. */
function isWebViewKey(event: KeyboardEvent): boolean {
  return (withMod(event) && /^[rpfg]$/i.test(event.key)) || /^F[357]$/.test(event.key);
}

/** A text has its own way back. */
const isUndoKey = (event: KeyboardEvent) =>
  withMod(event) && !event.shiftKey && event.key.toLowerCase() === "z" && !takesText(event.target);

/** Before anything else hears of the key. */
export function onkeydowncapture(event: KeyboardEvent): void {
  if (isWebViewKey(event)) event.preventDefault();
  // The messages lie outside of a dialog, which keeps the focus.
  if (isUndoKey(event) && toasts.undo()) event.preventDefault();
  if (overlayOpen()) return;
  if (withMod(event)) onModKey(event);
  else if (event.key === "?" && !inTextField(event.target)) {
    event.preventDefault();
    app.shortcutsOpen = true;
  }
}

/** Once nothing else wanted the key: what is open closes first. */
export function onkeydown(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented || overlayOpen()) return;
  // A panel over the token closes first.
  if (issue.busy && app.screen === "issue" && !subjects.open) void issue.cancel();
}

/** What is typed beside the form is sent by itself. */
const submitsItself = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[data-own-submit]") !== null;

function onModKey(event: KeyboardEvent): void {
  const done = () => event.preventDefault();
  const key = event.key.toLowerCase();
  const entry = entryInView();
  if (key in SCREENS) {
    done();
    app.go(SCREENS[key as keyof typeof SCREENS]);
  } else if (key === "k") {
    done();
    app.switcherOpen = true;
  } else if (key === "enter" && event.shiftKey && entry) {
    done();
    if (!event.repeat) void issueAgain(entry);
  } else if (key === "enter" && !event.shiftKey && app.screen === "issue") {
    if (submitsItself(event.target)) return;
    done();
    if (!event.repeat) void issue.submit();
  } else if (key === "c" && event.shiftKey) {
    done();
    if (entry) copyShown(entry);
  } else if (entry && onEntryKey(key, event.shiftKey, entry)) done();
}

function onEntryKey(key: string, shift: boolean, entry: HistoryEntry): boolean {
  const status = statusOf(entry, Date.now());
  if (key === "p") {
    previewShown(entry);
  } else if (key === "l") {
    if (linkWorks(entry, status)) app.linkOf = entry;
  } else if (key === "h" && shift) {
    if (entry.state === "issued" && app.knows(entry.workspaceId)) app.handOverOf = entry;
  } else return false;
  return true;
}
