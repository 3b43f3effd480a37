// Where each day and row of the history stands, and which of them a view shows.
import type { DayGroup } from "../../host";

export const ROW = 32;
export const GROUP = 28;
export const PAGE = 100;

export interface Section {
  /** Which one it is; what tells it from the others even where two have the same day. */
  index: number;
  day: string;
  count: number;
  /** From the top of the list. */
  top: number;
  height: number;
  /** The place of its first row among all rows. */
  first: number;
}

export interface Layout {
  sections: Section[];
  height: number;
  total: number;
}

export function layOut(days: DayGroup[]): Layout {
  let top = 0;
  let first = 0;
  const sections = days.map(({ day, count }, index) => {
    const section = { index, day, count, top, first, height: GROUP + count * ROW };
    top += section.height;
    first += count;
    return section;
  });
  return { sections, height: top, total: first };
}

export interface Shown {
  section: Section;
  /** Rows of the section that are drawn: from, to (not included). */
  from: number;
  to: number;
}

/** The sections and rows between two heights, and a few rows around. */
export function shownBetween(layout: Layout, from: number, to: number, around = 8): Shown[] {
  const low = from - around * ROW;
  const high = to + around * ROW;
  const shown: Shown[] = [];
  for (const section of layout.sections) {
    if (section.top + section.height <= low) continue;
    if (section.top >= high) break;
    const start = Math.floor((low - section.top - GROUP) / ROW);
    const end = Math.ceil((high - section.top - GROUP) / ROW);
    shown.push({
      section,
      from: Math.max(0, Math.min(section.count, start)),
      to: Math.max(0, Math.min(section.count, end)),
    });
  }
  return shown;
}

/** The pages that hold the rows shown. */
export function pagesOf(shown: Shown[]): number[] {
  const pages = new Set<number>();
  for (const { section, from, to } of shown) {
    if (to <= from) continue;
    const last = Math.floor((section.first + to - 1) / PAGE);
    for (let page = Math.floor((section.first + from) / PAGE); page <= last; page += 1) pages.add(page);
  }
  return [...pages];
}

/** The top of a row from its place among all rows. */
export function topOfRow(layout: Layout, index: number): number {
  const section = layout.sections.find((s) => index < s.first + s.count);
  return section ? section.top + GROUP + (index - section.first) * ROW : 0;
}
