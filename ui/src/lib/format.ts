// How ids, times and days are written.
import type { Claim } from "./host";

/** An id cut in the middle: 7c1e40b2…a94f. */
export function shortId(id: string, head = 8, tail = 4): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

const two = (value: number) => String(value).padStart(2, "0");

// Making one takes far longer than using it, and rows are written each second.
const numbers = new Intl.NumberFormat("en-GB");
const longDays = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const shortDays = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** What is not known as a number, where one is to be written. */
export const UNKNOWN = "–";

/** 1,234, and nothing that throws, whatever came. */
export const numberWords = (value: number) => (Number.isFinite(value) ? numbers.format(value) : UNKNOWN);

const MAX_DATE = 8_640_000_000_000_000;

/** Whether a number of milliseconds is a date at all. Formatters write one that is not as it came. */
export const isDate = (ms: number) => Number.isFinite(ms) && Math.abs(ms) <= MAX_DATE;

const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;

/** Whether it is a date with a year of up to four digits: what is beyond was not meant as one. */
export const isLikelyDate = (ms: number) => isDate(ms) && ms >= YEAR_1 && ms < YEAR_10000;

export function clockTime(ms: number, part: "minutes" | "seconds" | "tenths" = "seconds"): string {
  if (!isDate(ms)) return String(ms);
  const at = new Date(ms);
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (part === "minutes") return minutes;
  const seconds = `${minutes}:${two(at.getSeconds())}`;
  return part === "seconds" ? seconds : `${seconds}.${Math.floor(at.getMilliseconds() / 100)}`;
}

/** The seconds after {@link clockTime}'s minutes, where there is room for them: ":41". */
export const secondsTail = (ms: number) => (isDate(ms) ? `:${two(new Date(ms).getSeconds())}` : "");

/** The local day, YYYY-MM-DD. */
export function dayOf(ms: number): string {
  if (!isDate(ms)) return String(ms);
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** An instant in the form programs read. */
export const isoTime = (ms: number) => (isDate(ms) ? new Date(ms).toISOString() : String(ms));

export function dayTitle(day: string, now: number): { name: string; date: string } {
  const [, year = 0, month = 1, date = 1] = (/^(-?\d+)-(\d+)-(\d+)$/.exec(day) ?? []).map(Number);
  const at = new Date(year, month - 1, date);
  if (!day.includes("-") || !isDate(at.getTime())) return { name: day, date: "" };
  const long = longDays.format(at);
  const withYear = new Date(now).getFullYear() === year ? long : `${long} ${year}`;
  if (day === dayOf(now)) return { name: "Today", date: withYear };
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === dayOf(yesterday.getTime())) return { name: "Yesterday", date: withYear };
  return { name: withYear, date: "" };
}

/** today 14:02:41, or the date before the time. */
export function dayAndTime(ms: number, now: number): string {
  if (!isDate(ms)) return String(ms);
  const day = dayOf(ms);
  const title = dayTitle(day, now);
  const name = title.date ? title.name.toLowerCase() : day;
  return `${name} ${clockTime(ms)}`;
}

export function ago(ms: number, now: number): string {
  if (!isDate(ms)) return String(ms);
  const minutes = Math.floor(Math.max(0, now - ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} d ago`;
}

/** just now, 20 s ago, 3 min ago: what is looked at often, counted by ten seconds at first. */
export function lately(ms: number, now: number): string {
  if (!isDate(ms)) return String(ms);
  const seconds = Math.floor(Math.max(0, now - ms) / 1000);
  if (seconds < 10) return "just now";
  return seconds < 60 ? `${Math.floor(seconds / 10) * 10} s ago` : ago(ms, now);
}

/** A time of today bare, of another day with its date. */
export function timeOrDay(ms: number, now: number): string {
  return dayOf(ms) === dayOf(now) ? clockTime(ms) : dayAndTime(ms, now);
}

/** 15:02 of today, 7 Oct 15:02 of another day. */
export function shortTime(ms: number, now: number): string {
  if (!isDate(ms)) return String(ms);
  const time = clockTime(ms, "minutes");
  if (dayOf(ms) === dayOf(now)) return time;
  return `${shortDays.format(ms)} ${time}`;
}

/** Whether the numbers of a language have a decimal comma. The language of a bare system, `C`, is none at all. */
export function hasDecimalComma(language: string): boolean {
  try {
    return new Intl.NumberFormat(language).format(0.5).includes(",");
  } catch {
    return false;
  }
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numberWords(count)} ${count === 1 ? one : many}`;
}

/** Nothing where the clock is right, as far as the server tells. */
export function clockWords(offsetMs: number): string | null {
  if (offsetMs === 0 || !Number.isFinite(offsetMs)) return null;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  const span = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `This computer's clock is ${span} ${offsetMs > 0 ? "behind" : "ahead of"} the server's`;
}

/** A host as people write it; what is not HTTPS keeps its scheme. */
export const bareHost = (host: string) => host.replace(/^https:\/\//, "").replace(/\/$/, "");

const FIRST_CLAIMS = ["customerId", "partyId", "workspaceId", "iat", "exp"];

/** What people look for first, then the rest as it came. */
export function inOrder(claims: Claim[]): Claim[] {
  const place = ({ name }: Claim) =>
    FIRST_CLAIMS.includes(name) ? FIRST_CLAIMS.indexOf(name) : FIRST_CLAIMS.length;
  return [...claims].sort((a, b) => place(a) - place(b));
}
