// JSON as it is written: the numbers, the order and the spelling of a text stay as they are, which
// JSON.parse does not promise (1e400 becomes Infinity, 12345678901234567890 another number).

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** Why a text is no JSON, and where; line and column count from 1. */
export interface JsonFault {
  message: string;
  line: number;
  column: number;
  /** The place as an index into the text. */
  at: number;
}

/** A value with the text it was written as; an object's members by key. */
export interface JsonValue {
  kind: JsonKind;
  raw: string;
  /** What stands directly in an object; empty for other values. */
  members: { key: string; value: JsonValue; at: number }[];
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// A character that must be escaped ends the run; so does the quotation mark.
// eslint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** As deep as the host reads. */
const DEEPEST = 120;

/** Whether a text is one number by JSON's grammar. */
export function isJsonNumber(text: string): boolean {
  NUMBER.lastIndex = 0;
  return NUMBER.exec(text)?.[0].length === text.length && text.length > 0;
}

class Stop extends Error {
  constructor(
    readonly words: string,
    readonly at: number,
  ) {
    super(words);
  }
}

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  space() {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? "")) this.at += 1;
  }

  take(what: RegExp): string | null {
    what.lastIndex = this.at;
    const found = what.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  stop(words: string, at = this.at): never {
    throw new Stop(at >= this.text.length ? `${words}, but the text ends` : words, at);
  }

  value(depth: number): JsonValue {
    const start = this.at;
    const first = this.text[start] ?? "";
    const made = (kind: JsonKind, members: JsonValue["members"] = []): JsonValue => ({
      kind,
      raw: this.text.slice(start, this.at),
      members,
    });
    if (first === "{" || first === "[") {
      if (depth >= DEEPEST) this.stop("Nested too deep");
      return first === "{" ? made("object", this.members(depth)) : made("array", this.items(depth));
    }
    if (first === '"') {
      this.string("A string");
      return made("string");
    }
    if (/[-\d]/.test(first)) {
      if (this.take(NUMBER) === null || /[\w.+-]/.test(this.text[this.at] ?? ""))
        this.stop("Not a number", start);
      return made("number");
    }
    const word = this.take(/[A-Za-z_$][\w$]*/y);
    if (word === "true" || word === "false") return made("boolean");
    if (word === "null") return made("null");
    return this.stop(
      word ? `${word} is no value; text stands in "quotation marks"` : "A value is expected",
      start,
    );
  }

  string(what: string): string {
    const start = this.at;
    const found = this.take(STRING);
    if (found === null) this.stop(`${what} in "quotation marks" is not complete`, this.broken(start));
    return JSON.parse(found) as string;
  }

  /** Where a string that is no string goes wrong. */
  broken(start: number): number {
    // eslint-disable-next-line no-control-regex
    const sound = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
    sound.lastIndex = start;
    return start + (sound.exec(this.text)?.[0].length ?? 0);
  }

  members(depth: number): JsonValue["members"] {
    const all: JsonValue["members"] = [];
    this.at += 1;
    this.space();
    if (this.take(/\}/y)) return all;
    for (;;) {
      const at = this.at;
      if (this.text[at] !== '"') this.stop('A key in "quotation marks" is expected');
      const key = this.string("A key");
      this.space();
      if (!this.take(/:/y)) this.stop("A colon is expected after the key");
      this.space();
      all.push({ key, value: this.value(depth + 1), at });
      this.space();
      if (this.take(/\}/y)) return all;
      if (!this.take(/,/y)) this.stop("A comma or } is expected");
      this.space();
    }
  }

  items(depth: number): [] {
    this.at += 1;
    this.space();
    if (this.take(/\]/y)) return [];
    for (;;) {
      this.value(depth + 1);
      this.space();
      if (this.take(/\]/y)) return [];
      if (!this.take(/,/y)) this.stop("A comma or ] is expected");
      this.space();
    }
  }
}

export const isFault = (answer: JsonValue | JsonFault): answer is JsonFault => "message" in answer;

export function faultAt(text: string, at: number, message: string): JsonFault {
  const before = text.slice(0, at).split("\n");
  return { message, line: before.length, column: (before.at(-1) ?? "").length + 1, at };
}

/** Reads one JSON value, or says where the text is none. */
export function readJson(text: string): JsonValue | JsonFault {
  const reader = new Reader(text);
  // A byte-order mark before a pasted text is no part of it.
  while (text[reader.at] === "\ufeff") reader.at += 1;
  try {
    reader.space();
    const value = reader.value(0);
    reader.space();
    if (reader.at < text.length) reader.stop("Nothing more is expected here");
    return value;
  } catch (reason) {
    if (reason instanceof Stop) return faultAt(text, reason.at, reason.words);
    throw reason;
  }
}

/** What a JSON text consists of, its white space left out. */
function* tokens(text: string): Generator<string> {
  // eslint-disable-next-line no-control-regex
  yield* text.match(/"(?:[^"\\\u0000-\u001f]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+|"/g) ?? [];
}

/** The same JSON without white space. For JSON only. */
export const compact = (text: string) => [...tokens(text)].join("");

/** The same JSON laid out for reading. For JSON only. */
export function pretty(text: string): string {
  let out = "";
  let depth = 0;
  let before = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const token of tokens(text)) {
    const opened = before === "{" || before === "[";
    if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      out += opened ? token : line() + token;
    } else if (token === ",") out += token;
    else if (token === ":") out += ": ";
    else {
      out += (opened || before === ",") && out ? line() + token : token;
      if (token === "{" || token === "[") depth += 1;
    }
    before = token;
  }
  return out;
}
