// The keys of the whole window.
import { canPreview, linkWorks, mainCopy } from "./entries";
import { isLive, statusOf } from "./expiry";
import { inTextField, overlayOpen, withMod } from "./keys";
import { copyEntry, openPreview } from "./state/actions";
import { app } from "./state/app.svelte";
import { issue } from "./state/issue.svelte";
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

/** Before anything else hears of the key. */
export function onkeydowncapture(event: KeyboardEvent): void {
  if (isWebViewKey(event)) event.preventDefault();
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
  if (issue.busy && app.screen === "issue") void issue.cancel();
}

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
    void issue.issueAgain(entry);
  } else if (key === "enter" && !event.shiftKey && app.screen === "issue") {
    done();
    void issue.submit();
  } else if (key === "c" && event.shiftKey) {
    done();
    const kind = entry && mainCopy(entry, Date.now());
    if (kind) void copyEntry(entry, kind);
  } else if (entry && onEntryKey(key, event.shiftKey, entry)) done();
}

function onEntryKey(key: string, shift: boolean, entry: HistoryEntry): boolean {
  const status = statusOf(entry, Date.now());
  if (key === "p") {
    if (isLive(status) && canPreview(entry)) void openPreview(entry);
  } else if (key === "l") {
    if (linkWorks(entry, status)) app.linkOf = entry;
  } else if (key === "h" && shift) {
    if (entry.state === "issued" && app.knows(entry.workspaceId)) app.handOverOf = entry;
  } else return false;
  return true;
}
