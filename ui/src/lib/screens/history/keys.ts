// The keys of the History screen.
import { inTextField, overlayOpen, withMod } from "../../keys";
import { copyEntry } from "../../state/actions";
import { isLive, statusOf } from "../../expiry";
import { history } from "./state.svelte";

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

export function historyKeys({ search, table, forget }: Parts): (event: KeyboardEvent) => void {
  function onEscape() {
    if (history.open) {
      history.close();
      table()?.focus();
    }
  }

  function inSearch(event: KeyboardEvent) {
    if (event.key === "Escape" && history.search) history.search = "";
    else if (event.key === "Escape") table()?.focus();
    else if (event.key === "ArrowDown" || event.key === "Enter") {
      table()?.focus();
      void history.select(Math.max(0, history.at));
    } else return;
    event.preventDefault();
  }

  return (event) => {
    if (overlayOpen() || (event.defaultPrevented && event.key === "Escape")) return;
    const target = event.target;
    if (isSearchKey(event)) {
      event.preventDefault();
      search()?.focus();
      search()?.select();
      return;
    }
    if (withMod(event) || event.altKey) return;
    if (target === search()) return inSearch(event);
    if (inTextField(target)) return;
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      void history.select(move(history.at, ROWS_A_PAGE));
    } else if (event.key === "Escape") onEscape();
    else if (event.key === "Enter" && (target === table() || target === document.body)) {
      event.preventDefault();
      void history.select(Math.max(0, history.at), true);
    } else onEntryKey(event, forget);
  };
}

function onEntryKey(event: KeyboardEvent, forget: () => void) {
  const entry = history.selected;
  if (!entry) return;
  if (event.key === "Delete") {
    event.preventDefault();
    forget();
  } else if (event.key.toLowerCase() === "c" && entry.hasToken && isLive(statusOf(entry, Date.now()))) {
    event.preventDefault();
    void copyEntry(entry);
  }
}
