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
