// The texts as they are being written, kept while the app runs: a closed dialog loses nothing.
import type { HistoryEntry } from "../../host";
import { languageFor, textFor } from "./texts";
import { OWN_ZONE } from "./zones";

export interface Draft {
  language: string;
  zone: string;
  text: string;
  /** Whether a person changed the text. */
  edited: boolean;
}

class Drafts {
  #kept = $state.raw<ReadonlyMap<string, Draft>>(new Map());
  /** The zone chosen last, for the next one. */
  #zone = OWN_ZONE;

  of(entry: HistoryEntry): Draft {
    const kept = this.#kept.get(entry.id);
    if (kept?.edited) return kept;
    const language = kept?.language ?? languageFor(entry, navigator.languages);
    const zone = kept?.zone ?? this.#zone;
    return { language, zone, text: textFor(entry, language, zone), edited: false };
  }

  put(entry: HistoryEntry, draft: Draft) {
    this.#zone = draft.zone;
    this.#kept = new Map(this.#kept).set(entry.id, draft);
  }

  /** Another language or zone writes the text anew; what was written by hand is given back. */
  rewrite(entry: HistoryEntry, change: Partial<Pick<Draft, "language" | "zone">>): Draft | null {
    const before = this.of(entry);
    const { language, zone } = { ...before, ...change };
    this.put(entry, { language, zone, text: textFor(entry, language, zone), edited: false });
    return before.edited ? before : null;
  }
}

export const drafts = new Drafts();
