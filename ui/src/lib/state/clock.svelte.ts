// The wall clock, once a second, and at once when the window comes back.
class Clock {
  now = $state(Date.now());

  start(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      this.now = Date.now();
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
