// The keys of the whole window.
import { isLive, statusOf } from "./expiry";
import { inTextField, overlayOpen, withMod } from "./keys";
import { copyEntry, openPreview } from "./state/actions";
import { app } from "./state/app.svelte";
import { issue } from "./state/issue.svelte";
import { history } from "./screens/history/state.svelte";
import type { HistoryEntry } from "./host";

const SCREENS = { "1": "issue", "2": "history", "3": "workspaces", ",": "settings" } as const;

/** The token the screen is about. */
function entryInView(): HistoryEntry | null {
  if (app.screen === "issue") return issue.entry;
  return app.screen === "history" ? history.selected : null;
}

function liveEntry(): HistoryEntry | null {
  const entry = entryInView();
  return entry && isLive(statusOf(entry, Date.now())) ? entry : null;
}

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
  } else if (key === "enter") {
    done();
    if (event.shiftKey && entry) void issue.issueAgain(entry);
    else if (!event.shiftKey && app.screen === "issue") void issue.submit();
  } else if (key === "c" && event.shiftKey) {
    done();
    const live = liveEntry();
    if (live) void copyEntry(live);
  } else if (key === "p") {
    const live = liveEntry();
    if (live) void openPreview(live);
  }
}
