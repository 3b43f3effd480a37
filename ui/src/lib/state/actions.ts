// What can be done with a history entry, from wherever it is shown.
import { host, type CopyKind, type ExportFormat, type HistoryEntry, type HistoryFilter } from "../host";
import { plural } from "../format";
import { toasts } from "./toasts.svelte";

const COPIED: Record<CopyKind, string> = {
  token: "Token copied.",
  embed: "Embed snippet copied.",
  curl: "cURL copied.",
  link: "Link copied.",
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

/** Copies a text with the link put in, which the window itself never holds. */
export async function copyWithLink(entry: HistoryEntry, text: string): Promise<boolean> {
  try {
    const copied = await host.copyWithLink(entry.id, text);
    toasts.copied("Text copied.", copied.clearedAfterSeconds);
    return true;
  } catch (reason) {
    toasts.failed(reason);
    return false;
  }
}

export async function copyPlain(text: string, what: string): Promise<boolean> {
  try {
    await host.copyText(text);
    toasts.copied(`${what} copied.`);
    return true;
  } catch (reason) {
    toasts.failed(reason);
    return false;
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

/** One look at a run, out of turn. */
export async function lookAtRun(entry: HistoryEntry): Promise<HistoryEntry | null> {
  try {
    return await host.lookAtRun(entry.id);
  } catch (reason) {
    toasts.failed(reason);
    return null;
  }
}

function offerUndo(ids: string[], title: string) {
  toasts.undoable(title, () => host.restoreEntries(ids).catch((reason) => toasts.failed(reason)));
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

/** Says where a file went; nothing when the person chose no place. */
async function saved(file: Promise<string | null>, title: string): Promise<void> {
  try {
    const path = await file;
    if (path) toasts.show({ title, detail: path });
  } catch (reason) {
    toasts.failed(reason);
  }
}

export const exportHistory = (filter: HistoryFilter, format: ExportFormat) =>
  saved(host.exportHistory(filter, format), "Exported.");

export const exportPostman = (entry: HistoryEntry) =>
  saved(host.exportPostman(entry.id), "Postman collection saved.");

export const exportResult = (entry: HistoryEntry) => saved(host.exportResult(entry.id), "Result exported.");
