// What is told of an attempt away from its form, and the way to it in the history.
import { host, type AppError } from "../host";
import { history } from "../screens/history/state.svelte";
import { app } from "./app.svelte";
import { toasts, type Toast } from "./toasts.svelte";

/** Opens an attempt in the history, wherever it is in there and whatever is filtered. */
export async function showInHistory(entryId: string): Promise<void> {
  try {
    history.showEntry(await host.historyEntry(entryId));
    app.go("history");
  } catch (reason) {
    toasts.failed(reason);
  }
}

/** Says what became of an attempt. */
export function tellOfAttempt(tone: Toast["tone"], error: AppError): void {
  const { entryId } = error;
  const run = () => {
    toasts.dismiss(id);
    if (entryId) void showInHistory(entryId);
  };
  const detail = [error.detail, error.hint].filter(Boolean).join(" ");
  const action = entryId ? { label: "Show in history", run } : null;
  const id = toasts.show({ tone, title: error.title, detail, action }, 12_000);
}
