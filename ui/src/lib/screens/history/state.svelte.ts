// A list of entries: its filter, its counts, the pages loaded so far and the chosen row. The history
// is one such list, its runs are another.
import {
  host,
  toAppError,
  type AppError,
  type EntryKind,
  type HistoryEntry,
  type HistoryFilter,
  type HistorySummary,
  type StatusFilter,
} from "../../host";
import { toasts } from "../../state/toasts.svelte";
import { layOut, PAGE } from "./layout";

export type Period = "day" | "week" | "month" | "all";
export const PERIODS: { value: Period; name: string; short: string; days: number | null }[] = [
  { value: "day", name: "Last 24 hours", short: "24 hours", days: 1 },
  { value: "week", name: "Last 7 days", short: "7 days", days: 7 },
  { value: "month", name: "Last 30 days", short: "30 days", days: 30 },
  { value: "all", name: "All time", short: "All time", days: null },
];
const USUAL_PERIOD: Period = "month";
export const EVERYTHING: HistoryFilter = {
  search: "",
  status: "all",
  previewsOnly: false,
  workspaceId: null,
  since: null,
  kind: null,
};
/** Pages kept around the last one read, so that any history fits. */
const PAGES_KEPT = 40;
const READ_AT_ONCE = 3;

export class EntryList {
  search = $state("");
  status = $state<StatusFilter>("all");
  previewsOnly = $state(false);
  workspaceId = $state<string | null>(null);
  kind = $state<EntryKind | null>(null);
  period = $state<Period>(USUAL_PERIOD);

  summary = $state.raw<HistorySummary | null>(null);
  /** Whether there is nothing at all, whatever the filter. */
  empty = $state(false);
  failure = $state.raw<AppError | null>(null);
  slow = $state(false);
  pages = $state.raw<ReadonlyMap<number, HistoryEntry[]>>(new Map());
  /** Grows when the list starts anew, at its top. */
  anew = $state(0);
  /** The row with the bar, by its place. */
  at = $state(-1);
  selected = $state.raw<HistoryEntry | null>(null);
  open = $state(false);

  layout = $derived(layOut(this.summary?.days ?? []));

  #generation = 0;
  /** Whether the last reload is under way, and whether another is to follow it. */
  #reading = false;
  #again = false;
  #loading = new Map<number, Promise<HistoryEntry[]>>();
  /** What counts and rows were read by. A later page is read by the same, since its period began. */
  #filter: HistoryFilter = EVERYTHING;
  #visible: number[] = [0];
  /** The place, or the entry, to open once the list is read anew. */
  #reopen: { at: number; open: boolean } | { entry: HistoryEntry } | null = null;

  /** A list of one kind of entry shows no other, whatever is cleared. */
  constructor(readonly only: EntryKind | null = null) {}

  /** What there is when nothing is filtered out. */
  get everything(): HistoryFilter {
    return { ...EVERYTHING, kind: this.only };
  }

  filter(): HistoryFilter {
    const days = PERIODS.find((p) => p.value === this.period)?.days ?? null;
    return {
      search: this.search.trim(),
      status: this.status,
      previewsOnly: this.previewsOnly,
      workspaceId: this.workspaceId,
      since: days === null ? null : Date.now() - days * 86_400_000,
      kind: this.only ?? this.kind,
    };
  }

  /** Reads counts and rows again: those in view when `keep`, else from the top. */
  async reload(keep: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.#reading = true;
    const slow = setTimeout(() => (this.slow = this.summary === null), 150);
    const filter = this.filter();
    const wanted = keep && this.summary ? this.#visible : [0];
    try {
      const [summary, ...pages] = await Promise.all([
        host.historySummary(filter),
        ...wanted.map((page) => host.historyPage(filter, page * PAGE, PAGE)),
      ]);
      const empty = summary.counts.all === 0 && (await host.historySummary(this.everything)).counts.all === 0;
      if (generation !== this.#generation) return;
      this.#loading.clear();
      this.pages = new Map(wanted.map((page, index) => [page, pages[index] ?? []]));
      this.#filter = filter;
      this.summary = summary;
      this.empty = empty;
      this.failure = null;
      if (!keep) this.#startAnew();
      const reopen = this.#reopen;
      this.#reopen = null;
      if (reopen && "entry" in reopen) await this.#open(reopen.entry);
      else if (reopen) await this.select(reopen.at, reopen.open);
      else if (keep) await this.#refreshSelected();
    } catch (reason) {
      if (generation === this.#generation) this.failure = toAppError(reason);
    } finally {
      clearTimeout(slow);
      if (generation === this.#generation) {
        this.slow = false;
        this.#reading = false;
        if (this.#again) this.refresh();
      }
    }
  }

  /** Reads what is in view again, once what is being read has come: changes may be faster than that. */
  refresh() {
    this.#again = this.#reading;
    if (!this.#reading) void this.reload(true);
  }

  #startAnew() {
    this.at = -1;
    this.selected = null;
    this.open = false;
    this.anew += 1;
  }

  /** Says which pages are in view, and reads those that are missing. */
  show(pages: number[]) {
    this.#visible = pages.length > 0 ? pages : [0];
    this.#fill();
  }

  /** Few at a time: pages that a fast scroll has left behind are never asked for. */
  #fill() {
    if (this.failure || !this.summary) return;
    for (const page of this.#visible)
      if (!this.pages.has(page) && !this.#loading.has(page) && this.#loading.size < READ_AT_ONCE)
        void this.#page(page).then(() => this.#fill());
  }

  #page(page: number): Promise<HistoryEntry[]> {
    const have = this.pages.get(page);
    if (have) return Promise.resolve(have);
    const under = this.#loading.get(page);
    if (under) return under;
    const reading = this.#read(page, this.#generation);
    this.#loading.set(page, reading);
    return reading;
  }

  async #read(page: number, generation: number): Promise<HistoryEntry[]> {
    try {
      const rows = await host.historyPage(this.#filter, page * PAGE, PAGE);
      if (generation !== this.#generation) return rows;
      const pages = new Map(this.pages).set(page, rows);
      if (pages.size > PAGES_KEPT)
        for (const key of pages.keys()) if (Math.abs(key - page) > PAGES_KEPT / 2) pages.delete(key);
      this.pages = pages;
      return rows;
    } catch (reason) {
      if (generation === this.#generation) this.failure = toAppError(reason);
      return [];
    } finally {
      if (generation === this.#generation) this.#loading.delete(page);
    }
  }

  row(index: number): HistoryEntry | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  async select(index: number, open = this.open): Promise<void> {
    if (this.layout.total === 0) return;
    this.at = Math.max(0, Math.min(this.layout.total - 1, index));
    const wanted = this.at;
    const entry = this.row(wanted) ?? (await this.#page(Math.floor(wanted / PAGE)))[wanted % PAGE];
    if (this.at !== wanted) return;
    this.selected = entry ?? null;
    this.open = open && entry !== undefined;
  }

  /** Takes a changed entry over without reading the list again. */
  replace(entry: HistoryEntry) {
    if (this.selected?.id === entry.id) this.selected = entry;
    const swap = (rows: HistoryEntry[]) => rows.map((row) => (row.id === entry.id ? entry : row));
    this.pages = new Map([...this.pages].map(([page, rows]) => [page, swap(rows)]));
  }

  /** After entries went, the bar is on the one that took the place. */
  async afterForgetting(): Promise<void> {
    if (this.at >= 0) this.#reopen = { at: this.at, open: this.open };
    this.selected = null;
    this.open = false;
    await this.reload(true);
  }

  async #refreshSelected(): Promise<void> {
    const id = this.selected?.id;
    if (!id) return;
    this.#anchor();
    const there = this.row(this.at);
    if (!this.open && there && there.id !== id) {
      // It left the list, and no drawer shows it: no key may reach it.
      this.selected = null;
      this.at = -1;
      return;
    }
    try {
      const entry = await host.historyEntry(id);
      if (this.selected?.id === id) this.selected = entry;
    } catch {
      if (this.selected?.id !== id) return;
      this.selected = null;
      this.open = false;
      this.at = -1;
    }
  }

  /** New entries push the chosen one down: its place follows it. */
  #anchor() {
    const id = this.selected?.id;
    for (const [page, rows] of this.pages) {
      const place = rows.findIndex((row) => row.id === id);
      if (place >= 0) this.at = page * PAGE + place;
    }
  }

  close() {
    this.open = false;
  }

  clearFilters() {
    this.search = "";
    this.status = "all";
    this.previewsOnly = false;
    this.workspaceId = null;
    this.kind = null;
    this.period = "all";
  }

  /** Opens an entry that may be anywhere in the list, beyond what is read of it. */
  showEntry(entry: HistoryEntry) {
    const { search, status, previewsOnly, workspaceId, kind, period } = this;
    const filters = { search, status, previewsOnly, workspaceId, kind, period };
    this.clearFilters();
    const usual = period === USUAL_PERIOD || period === this.period;
    if (search.trim() || status !== "all" || previewsOnly || workspaceId || kind || !usual)
      toasts.undoable("The filters were cleared.", () => Object.assign(this, filters), "To show this entry.");
    this.#reopen = { entry };
    this.selected = entry;
    this.open = true;
  }

  async #open(entry: HistoryEntry): Promise<void> {
    this.at = -1;
    this.selected = entry;
    this.open = true;
    await this.#refreshSelected();
  }
}

export const history = new EntryList();
export const runs = new EntryList("run");
