// The keys of a list of entries: History and Runs.
import { mainCopy } from "../../entries";
import { inTextField, overlayOpen, withMod } from "../../keys";
import { copyEntry, lookAtRun } from "../../state/actions";
import type { EntryList } from "./state.svelte";

interface Parts {
  search: () => HTMLInputElement | undefined;
  table: () => HTMLElement | undefined;
  forget: () => void;
}

const MOVES: Record<string, (at: number, page: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => Math.max(0, at - 1),
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => Math.max(0, at - page),
  Home: () => 0,
  End: () => Infinity,
};

const ROWS_A_PAGE = 15;

function isSearchKey(event: KeyboardEvent): boolean {
  if (withMod(event)) return event.key.toLowerCase() === "f" && !event.shiftKey;
  return event.key === "/" && !inTextField(event.target);
}

export function listKeys(list: EntryList, parts: Parts): (event: KeyboardEvent) => void {
  const { search, table, forget } = parts;

  function onEscape() {
    if (list.open) {
      list.close();
      table()?.focus();
    }
  }

  function inSearch(event: KeyboardEvent) {
    if (event.key === "Escape" && list.search) list.search = "";
    else if (event.key === "Escape") table()?.focus();
    else if (event.key === "ArrowDown" || event.key === "Enter") {
      table()?.focus();
      void list.select(Math.max(0, list.at));
    } else return;
    event.preventDefault();
  }

  return (event) => {
    if (overlayOpen()) return;
    const target = event.target;
    if (isSearchKey(event)) {
      event.preventDefault();
      search()?.focus();
      search()?.select();
      return;
    }
    if (withMod(event) || event.altKey || event.defaultPrevented) return;
    if (target === search()) return inSearch(event);
    if (inTextField(target)) return;
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      void list.select(move(list.at, ROWS_A_PAGE));
    } else if (event.key === "Escape") onEscape();
    else if (event.key === "Enter" && (target === table() || target === document.body)) {
      event.preventDefault();
      void list.select(Math.max(0, list.at), true);
    } else onEntryKey(list, event, forget);
  };
}

function onEntryKey(list: EntryList, event: KeyboardEvent, forget: () => void) {
  const entry = list.selected;
  if (!entry) return;
  const key = event.key.toLowerCase();
  if (event.key === "Delete") {
    event.preventDefault();
    forget();
  } else if (key === "c") {
    const kind = mainCopy(entry, Date.now());
    if (!kind) return;
    event.preventDefault();
    void copyEntry(entry, kind);
  } else if (key === "l" && entry.run?.state === "open") {
    event.preventDefault();
    void lookAtRun(entry).then((changed) => changed && list.replace(changed));
  }
}
