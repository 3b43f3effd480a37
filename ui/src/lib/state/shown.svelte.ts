// What the dialogs over the screens are about, as the history has it now.
import { untrack } from "svelte";
import { host, toAppError } from "../host";
import { app } from "./app.svelte";
import { notWritten } from "./issue.svelte";

/** Keeps the dialogs' entries up to date. To be called while the window is set up. */
export function followShown(): void {
  $effect(() => {
    void app.historyVersion;
    untrack(() => {
      void readAgain("linkOf");
      void readAgain("handOverOf");
    });
  });
}

/** Reads an entry again by its id. One that was forgotten meanwhile is shown no more. */
async function readAgain(which: "linkOf" | "handOverOf"): Promise<void> {
  const shown = app[which];
  // What could not be written down is in no history to be read.
  if (!shown || notWritten(shown)) return;
  try {
    const current = await host.historyEntry(shown.id);
    if (app[which]?.id === shown.id) app[which] = current;
  } catch (reason) {
    if (toAppError(reason).code === "no_such_thing" && app[which]?.id === shown.id) app[which] = null;
  }
}
