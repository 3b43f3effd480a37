// The event log: lines from the app (server-sent) and from the host page (postMessage).

export type Level = "info" | "warn" | "error";
export type Icon = "token" | "page" | "widget" | "run" | "window" | "camera" | "blocked";
export type Action = { kind: "open"; id: number } | { kind: "allow"; host: string };

export interface Line {
  at: number;
  level: Level;
  icon: Icon;
  title: string;
  detail?: string | null;
  code?: boolean;
  action?: Action | null;
}

export interface Folded extends Line {
  key: number;
  count: number;
}

export const limit = 500;
const textLimit = 300;

/** Text of a stranger: a string, cut, without control characters. */
export function text(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "";
  // eslint-disable-next-line no-control-regex
  const unseen = /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]+/g;
  return String(value).replace(unseen, " ").slice(0, textLimit);
}

/** Puts a line in its place in time and drops the oldest above the limit. */
export function add(lines: Line[], line: Line): Line[] {
  let place = lines.length;
  while (place > 0 && (lines[place - 1]?.at ?? 0) > line.at) place -= 1;
  return [...lines.slice(0, place), line, ...lines.slice(place)].slice(-limit);
}

/** Folds a run of equal lines into one with a count. */
export function fold(lines: Line[]): Folded[] {
  const folded: Folded[] = [];
  for (const line of lines) {
    const last = folded.at(-1);
    const same =
      last &&
      last.level === line.level &&
      last.title === line.title &&
      (last.detail ?? "") === (line.detail ?? "") &&
      last.action?.kind !== "open";
    if (last && same) last.count += 1;
    else folded.push({ ...line, key: folded.length, count: 1 });
  }
  return folded;
}

export function time(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

export function asText(lines: Folded[]): string {
  return lines
    .map((line) =>
      [time(line.at), line.level, line.title, line.detail, line.count > 1 ? `x${line.count}` : ""]
        .filter(Boolean)
        .join("  "),
    )
    .join("\n");
}

export interface Message {
  type: string;
  [key: string]: unknown;
}

/** A message of the host page, or nothing where it is something else (a widget posts as it likes). */
export function asMessage(data: unknown): Message | null {
  if (typeof data !== "object" || data === null) return null;
  const message = data as Record<string, unknown>;
  if (message.source !== "tokendesk-preview" || typeof message.type !== "string") return null;
  return message as Message;
}

const hostName = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/i;
const widened = ["connect-src", "style-src", "style-src-elem", "font-src"];

/** The line for a message of the host page; null for one that is not known. */
export function lineOf(message: Message, at: number): Line | null {
  const ms = `${text(message.ms)} ms`;
  const said = text(message.text);
  const line = (title: string, rest: Partial<Line> = {}): Line => ({
    at,
    level: "info",
    icon: "widget",
    title,
    ...rest,
  });
  switch (message.type) {
    case "script-loaded":
      return line("Widget script loaded", { icon: "page", detail: ms });
    case "script-failed":
      return line("Widget script failed to load", { icon: "page", level: "error", detail: `after ${ms}` });
    case "load-timeout":
      return line("Widget did not get ready in 15 s", { level: "error" });
    case "ready":
      return line("transactionlink_ready", { code: true });
    case "set-options": {
      const lang = text(message.lang);
      return line("setOptions", {
        code: true,
        detail: `inline: ${text(message.inline)}, token hidden${lang ? `, lang: ${lang}` : ""}`,
      });
    }
    case "open":
      return line("open", { code: true });
    case "start-failed":
      return line("Widget could not be started", { level: "error", detail: said });
    case "no-events":
      return line("This widget reports no events", { detail: "It has no `on`." });
    case "widget-event": {
      const name = text(message.name);
      return line(name, { code: true, detail: said, level: name === "error" ? "error" : "info" });
    }
    case "script-error":
      return line("Script error", { level: "error", detail: said });
    case "rejection":
      return line("Unhandled rejection", { level: "error", detail: said });
    case "camera-refused":
      return message.video
        ? line("Camera refused in this window", {
            icon: "camera",
            level: "warn",
            detail: "Open in browser to photograph a document.",
          })
        : line("Microphone refused in this window", { icon: "camera", level: "warn", detail: said });
    case "blocked": {
      const host = text(message.host);
      const directive = text(message.directive);
      const allow = message.secure === true && hostName.test(host) && widened.includes(directive);
      return line(`Blocked: ${host}`, {
        icon: "blocked",
        level: "warn",
        detail: directive,
        action: allow ? { kind: "allow", host } : null,
      });
    }
    case "hosted-opened":
      return line("Hosted page opened", {
        icon: "window",
        detail: "If it stays empty, it refuses frames: open it in the browser.",
      });
    case "hosted-loaded":
      return line("Hosted page loaded", { icon: "window" });
    case "no-hosted-page":
      return line("This workspace has no hosted page", { icon: "window", level: "error" });
    default:
      return null;
  }
}
