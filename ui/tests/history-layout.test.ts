import { describe, expect, it } from "vitest";
import { GROUP, layOut, PAGE, pagesOf, ROW, shownBetween, topOfRow } from "../src/lib/screens/history/layout";

/** Numbers that look random and are the same in each run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function shape(seed: number) {
  const next = numbers(seed);
  const days = Array.from({ length: 1 + next(40) }, (_, n) => ({
    day: `day ${n}`,
    count: 1 + next(seed % 3 === 0 ? 2000 : 12),
  }));
  return { days, next };
}

describe("the layout of the history", () => {
  it("has nothing for nothing", () => {
    const layout = layOut([]);
    expect(layout).toEqual({ sections: [], height: 0, total: 0 });
    expect(shownBetween(layout, 0, 1000)).toEqual([]);
    expect(pagesOf([])).toEqual([]);
    expect(topOfRow(layout, 0)).toBe(0);
  });

  it.each(Array.from({ length: 60 }, (_, n) => n + 1))("holds together, shape %i", (seed) => {
    const { days, next } = shape(seed);
    const layout = layOut(days);
    const total = days.reduce((sum, day) => sum + day.count, 0);
    expect(layout.total).toBe(total);
    expect(layout.height).toBe(days.length * GROUP + total * ROW);

    // Sections follow each other without gap or overlap.
    let top = 0;
    let first = 0;
    for (const section of layout.sections) {
      expect([section.top, section.first]).toEqual([top, first]);
      top += section.height;
      first += section.count;
    }

    // Rows stand below each other, each in its own section.
    for (let n = 0; n < 20; n += 1) {
      const index = next(total);
      const at = topOfRow(layout, index);
      const section = layout.sections.find((s) => at >= s.top + GROUP && at < s.top + s.height);
      expect(section?.first).toBeLessThanOrEqual(index);
      expect((section?.first ?? 0) + (section?.count ?? 0)).toBeGreaterThan(index);
      if (index > 0) expect([ROW, ROW + GROUP]).toContain(at - topOfRow(layout, index - 1));
    }

    // Whatever the view, what is in it is drawn, not much more, and its pages are asked for.
    for (let n = 0; n < 20; n += 1) {
      const height = 200 + next(1200);
      const around = next(2) * 8;
      const from = next(Math.max(1, layout.height));
      const shown = shownBetween(layout, from, from + height, around);
      const drawn = new Set<number>();
      for (const { section, from: low, to } of shown) {
        expect(low).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(section.count);
        for (let place = low; place < to; place += 1) drawn.add(section.first + place);
      }
      expect(drawn.size).toBeLessThanOrEqual(Math.ceil(height / ROW) + 2 * around + 2);
      const pages = pagesOf(shown);
      for (const index of drawn) expect(pages).toContain(Math.floor(index / PAGE));
      expect(pages.every((page) => [...drawn].some((index) => Math.floor(index / PAGE) === page))).toBe(true);
      for (const section of layout.sections)
        for (let place = 0; place < Math.min(section.count, 200); place += 1) {
          const at = section.top + GROUP + place * ROW;
          if (at + ROW > from && at < from + height) expect(drawn.has(section.first + place)).toBe(true);
        }
    }
  });

  it("reaches the last of 100,000 rows", () => {
    const days = Array.from({ length: 400 }, (_, n) => ({ day: `day ${n}`, count: 250 }));
    const layout = layOut(days);
    expect(layout.total).toBe(100_000);
    expect(topOfRow(layout, 99_999)).toBe(layout.height - ROW);
    const shown = shownBetween(layout, layout.height - 700, layout.height);
    expect(pagesOf(shown)).toEqual([999]);
    expect(shown.at(-1)?.to).toBe(250);
  });
});
