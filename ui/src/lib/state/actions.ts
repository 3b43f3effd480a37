// What can be done with a history entry, from wherever it is shown.
import { host, type CopyKind, type ExportFormat, type HistoryEntry, type HistoryFilter } from "../host";
import { sameLabelOther, whose } from "../entries";
import { plural, shortId } from "../format";
import { app } from "./app.svelte";
import { toasts } from "./toasts.svelte";

const COPIED: Record<CopyKind, string> = {
  token: "Token",
  embed: "Embed snippet",
  curl: "cURL",
  link: "Link",
};

/** Says whose it is: what is shown and what the person has in mind may be two. */
function ofWhom(entry: HistoryEntry): string {
  const who = whose(entry);
  if (!who) return "";
  const twin = entry.subject && entry.label && sameLabelOther(app.live.entries, entry);
  return ` of ${who}${twin ? `, ${shortId(entry.subject ?? "")},` : ""}`;
}

export async function copyEntry(entry: HistoryEntry, kind: CopyKind = "token"): Promise<boolean> {
  try {
    const copied = await host.copyFromEntry(entry.id, kind);
    toasts.copied(`${COPIED[kind]}${ofWhom(entry)} copied.`, copied.clearedAfterSeconds);
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
    toasts.copied(`Text${ofWhom(entry)} copied.`, copied.clearedAfterSeconds);
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
