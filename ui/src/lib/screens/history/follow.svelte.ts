// Keeps a list as its filter says, and as the history is.
import { untrack } from "svelte";
import { endsAfter } from "../../expiry";
import { app } from "../../state/app.svelte";
import { clock } from "../../state/clock.svelte";
import type { EntryList } from "./state.svelte";

/** To be called while a screen that shows the list is set up. */
export function follow(list: EntryList): void {
  /** Falls when a token expires in view: then counts and rows have changed. */
  const live = $derived(endsAfter(app.live.ends, clock.now));

  let typed = untrack(() => list.search);
  let started = false;
  $effect(() => {
    const filter = list.filter();
    void list.status;
    const soon = filter.search !== typed.trim();
    typed = filter.search;
    // Coming back to the screen, rows and place are as they were left.
    const keep = !started && untrack(() => list.summary) !== null;
    started = true;
    if (!soon) {
      untrack(() => void list.reload(keep));
      return;
    }
    const timer = setTimeout(() => void list.reload(false), 90);
    return () => clearTimeout(timer);
  });

  let seen = untrack(() => `${app.historyVersion} ${live}`);
  $effect(() => {
    const now = `${app.historyVersion} ${live}`;
    if (now === seen) return;
    seen = now;
    untrack(() => list.refresh());
  });
}
