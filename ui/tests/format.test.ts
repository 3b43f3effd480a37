import { afterEach, describe, expect, it, vi } from "vitest";
import { bytesWords } from "../src/lib/bytes";
import {
  elapsedWords,
  formatElapsed,
  formatLeft,
  fractionLeft,
  shortElapsed,
  statusOf,
} from "../src/lib/expiry";
import * as format from "../src/lib/format";
import { inWords, promisedEnd, textFor } from "../src/lib/screens/handover/texts";
import { zones } from "../src/lib/screens/handover/zones";
import { detailsText, stepsOf } from "../src/lib/screens/history/details";
import { longAgo } from "../src/lib/screens/issue/words";
import { deliveryWords } from "../src/lib/screens/webhooks/words";
import { clock } from "../src/lib/state/clock.svelte";
import { time } from "../src/preview/events";
import { entry, run } from "./host";

const NOW = new Date(2026, 9, 9, 14, 3).getTime();
/** What a server may call an instant: of no calendar, or of one far away. */
const NO_DATES = [
  253402300799999000,
  1764230000000000000,
  9007199254740991,
  -9007199254740991,
  8_640_000_000_000_001,
  Infinity,
  -Infinity,
  NaN,
  undefined,
  "soon",
  {},
] as unknown as number[];
const FAR = [
  0,
  -1,
  0.5,
  8_640_000_000_000_000,
  -8_640_000_000_000_000,
  1764230000000000,
  null,
] as unknown as number[];

describe("an instant that is no date", () => {
  const formats: [string, (at: number) => string][] = [
    ["clockTime", (at) => format.clockTime(at)],
    ["clockTime in tenths", (at) => format.clockTime(at, "tenths")],
    ["dayOf", (at) => format.dayOf(at)],
    ["isoTime", (at) => format.isoTime(at)],
    ["dayAndTime", (at) => format.dayAndTime(at, NOW)],
    ["timeOrDay", (at) => format.timeOrDay(at, NOW)],
    ["shortTime", (at) => format.shortTime(at, NOW)],
    ["ago", (at) => format.ago(at, NOW)],
    ["lately", (at) => format.lately(at, NOW)],
    ["inWords", (at) => inWords(at, "pl", "Europe/Warsaw")],
    ["time of a preview's line", (at) => time(at)],
  ];
  it.each(formats)("is written as it came by %s", (_, write) => {
    for (const at of NO_DATES) expect(write(at)).toBe(String(at));
    for (const at of FAR) expect(write(at).length).toBeGreaterThan(3);
  });

  it("throws nowhere else either", () => {
    for (const at of [...NO_DATES, ...FAR]) {
      const odd = entry({
        requestedAt: at,
        issuedAt: at,
        expiresAt: at,
        lifetimeMs: at,
        usedAt: at,
        requestMs: at,
        run: run({ startedAt: at, statusAt: at, endsAt: at, seen: [{ status: "X", at }] }),
      });
      for (const words of [
        formatLeft(at),
        formatElapsed(at),
        shortElapsed(at),
        elapsedWords({ state: "open", startedAt: at, statusAt: at }, NOW),
        format.secondsTail(at),
        format.plural(at, "entry", "entries"),
        format.clockWords(at) ?? "",
        format.dayTitle(String(at), NOW).name,
        format.dayTitle("0-0-0", NOW).name,
        longAgo(at, NOW),
        bytesWords(at),
        deliveryWords({ attempt: at }),
        textFor(odd, "pl", "Europe/Warsaw"),
        detailsText(odd, NOW),
        statusOf(odd, NOW),
        String(fractionLeft(odd, NOW)),
        String(stepsOf(odd, NOW).length),
        zones(at)[1]?.note,
      ])
        expect(typeof words).toBe("string");
    }
  });

  it("is promised to no customer, and neither is the year 57876", () => {
    for (const expiresAt of [9007199254740991, 1764230000000000, NaN])
      expect(promisedEnd({ expiresAt, expirySource: "server", run: null })).toBeNull();
    expect(promisedEnd({ expiresAt: NOW, expirySource: "server", run: null })).toBe(NOW);
  });

  it("is one from the year 1 to 9999 only where a claim is read", () => {
    expect([NOW, 0, 253402300799999].map(format.isLikelyDate)).toEqual([true, true, true]);
    expect([253402300800000, 1764230000000000, NaN, -1e15].map(format.isLikelyDate)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("formatters", () => {
  afterEach(() => vi.restoreAllMocks());

  it("are made once, not with each row", () => {
    const made = [vi.spyOn(Intl, "DateTimeFormat"), vi.spyOn(Intl, "NumberFormat")];
    for (let n = 0; n < 100; n += 1) {
      format.dayAndTime(NOW - n * 3_600_000, NOW);
      format.shortTime(NOW - n * 86_400_000, NOW);
      format.plural(n, "entry");
    }
    for (const one of made) expect(one).not.toHaveBeenCalled();
  });

  it("of zones are made for those that are read", () => {
    zones(NOW);
    const Real = Intl.DateTimeFormat;
    const made = vi.spyOn(Intl, "DateTimeFormat").mockImplementation(function (...args) {
      return new Real(...args);
    } as typeof Intl.DateTimeFormat);
    const list = zones(NOW + 1);
    expect(made).not.toHaveBeenCalled();
    for (const zone of list.slice(10, 15)) expect(zone.note).toMatch(/GMT/);
    expect(made.mock.calls.length).toBeLessThanOrEqual(5);
    const again = zones(NOW + 2);
    for (const zone of again.slice(10, 15)) expect(zone.note).toMatch(/GMT/);
    expect(made.mock.calls.length).toBeLessThanOrEqual(5);
  });
});

describe("the clock", () => {
  const see = (state: DocumentVisibilityState) => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  afterEach(() => vi.restoreAllMocks());

  it("stands still while nobody sees it, and is right at once when somebody does", () => {
    vi.useFakeTimers({ now: NOW });
    const stop = clock.start();
    vi.advanceTimersByTime(2_100);
    expect(clock.now).toBeGreaterThanOrEqual(NOW + 2_000);
    see("hidden");
    const then = clock.now;
    vi.advanceTimersByTime(60_000);
    expect(clock.now).toBe(then);
    expect(vi.getTimerCount()).toBe(0);
    see("visible");
    expect(clock.now).toBe(NOW + 62_100);
    vi.advanceTimersByTime(1_100);
    expect(clock.now).toBeGreaterThan(NOW + 62_100);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has a day that changes with the day only", () => {
    vi.useFakeTimers({ now: NOW });
    const stop = clock.start();
    const day = clock.day;
    expect(format.dayOf(day)).toBe(format.dayOf(NOW));
    vi.advanceTimersByTime(5_000);
    expect(clock.day).toBe(day);
    vi.setSystemTime(NOW + 86_400_000);
    window.dispatchEvent(new Event("focus"));
    expect(format.dayOf(clock.day)).toBe(format.dayOf(NOW + 86_400_000));
    stop();
  });
});

describe("a decimal comma", () => {
  it.each([
    ["pl", true],
    ["de-AT", true],
    ["en-GB", false],
    ["C", false],
    ["c", false],
    ["", false],
    ["en_US.UTF-8", false],
  ])("of the language %s: %s", (language, comma) => expect(format.hasDecimalComma(language)).toBe(comma));
});
