import { EXPIRING_MS, type HistoryEntry } from "../host";

const LIST_STEP = 10_000;

/** Whether an end is so near, or just past, that seconds count. */
function endsSoon(expiresAt: number, now: number): boolean {
  const left = expiresAt - now;
  return left > -LIST_STEP && left <= EXPIRING_MS + LIST_STEP;
}

/** The first instant of the local day. */
function startOfDay(ms: number): number {
  const at = new Date(ms);
  return at.setHours(0, 0, 0, 0);
}

// The wall clock: once a second while somebody can see it, and at once when the window comes back.
class Clock {
  now = $state(Date.now());
  /** An instant of today, for what is written anew with the day and not with the second. */
  day = $derived(startOfDay(this.now));
  /** The same by steps of some seconds. */
  #coarse = $derived(Math.floor(this.now / LIST_STEP) * LIST_STEP);

  /**
   * The time for a row of a list. Where the next second would show it is exact, else it goes by steps that all rows
   * take at once: drawing one row costs as much as drawing all, and rows that count apart draw all the time.
   */
  forRow(entry: Pick<HistoryEntry, "expiresAt" | "run">): number {
    const coarse = this.#coarse;
    const ends = entry.expiresAt !== null && endsSoon(entry.expiresAt, coarse);
    const began = entry.run?.state === "open" && coarse - entry.run.startedAt < LIST_STEP;
    return ends || began ? this.now : coarse;
  }

  start(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      this.now = Date.now();
      if (document.visibilityState === "hidden") return;
      timer = setTimeout(tick, 1000 - (this.now % 1000) + 4);
    };
    tick();
    window.addEventListener("focus", tick);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", tick);
      document.removeEventListener("visibilitychange", tick);
    };
  }
}

export const clock = new Clock();
