// What can be done with a history entry, from wherever it is shown.
import { host, type CopyKind, type HistoryEntry } from "../host";
import { plural } from "../format";
import { toasts } from "./toasts.svelte";

const COPIED: Record<CopyKind, string> = {
  token: "Token copied.",
  embed: "Embed snippet copied.",
  curl: "cURL copied.",
};

export async function copyEntry(entry: HistoryEntry, kind: CopyKind = "token"): Promise<boolean> {
  try {
    const copied = await host.copyFromEntry(entry.id, kind);
    toasts.copied(COPIED[kind], copied.clearedAfterSeconds);
    return true;
  } catch (reason) {
    toasts.failed(reason);
    return false;
  }
}

export async function copyPlain(text: string, what: string): Promise<void> {
  try {
    await host.copyText(text);
    toasts.copied(`${what} copied.`);
  } catch (reason) {
    toasts.failed(reason);
  }
}

export async function openPreview(entry: HistoryEntry, useThisToken = false): Promise<void> {
  try {
    await host.openPreview(entry.id, useThisToken);
  } catch (reason) {
    toasts.failed(reason);
  }
}

export async function markUsed(entry: HistoryEntry): Promise<HistoryEntry | null> {
  try {
    return await host.markUsed(entry.id);
  } catch (reason) {
    toasts.failed(reason);
    return null;
  }
}

function offerUndo(ids: string[], title: string) {
  const toast = toasts.show(
    {
      title,
      action: {
        label: "Undo",
        run: () => {
          toasts.dismiss(toast);
          host.restoreEntries(ids).catch((reason) => toasts.failed(reason));
        },
      },
    },
    10_000,
  );
}

export async function forget(ids: string[]): Promise<boolean> {
  try {
    const count = await host.forgetEntries(ids);
    offerUndo(ids, `${plural(count, "entry", "entries")} forgotten.`);
    return true;
  } catch (reason) {
    toasts.failed(reason);
    return false;
  }
}

export async function clearExpired(): Promise<void> {
  try {
    const ids = await host.clearExpired();
    if (ids.length === 0) toasts.show({ tone: "note", title: "Nothing has expired." });
    else offerUndo(ids, `${plural(ids.length, "expired entry", "expired entries")} forgotten.`);
  } catch (reason) {
    toasts.failed(reason);
  }
}

export async function exportHistory(
  filter: Parameters<typeof host.exportHistory>[0],
  format: "csv" | "json",
): Promise<void> {
  try {
    const path = await host.exportHistory(filter, format);
    if (path) toasts.show({ title: "Exported.", detail: path });
  } catch (reason) {
    toasts.failed(reason);
  }
}
