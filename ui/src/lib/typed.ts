// Keys with typed values, as rows of a form and as the JSON object they stand for.
import {
  compact,
  faultAt,
  isFault,
  isJsonNumber,
  pretty,
  readJson,
  type JsonFault,
  type JsonKind,
} from "./json";

/** The types of the vendor's parameters; null besides, for a column that is to be empty. */
export type ValueType = "string" | "number" | "boolean" | "object" | "list" | "null";
export const TYPES: ValueType[] = ["string", "number", "boolean", "object", "list"];

export interface Row {
  id: number;
  key: string;
  type: ValueType;
  /** What is typed: the string itself, the number's digits, or JSON for object and list. */
  text: string;
  /** The value of a boolean; the text stays beside it for a type that shows it again. */
  on: boolean;
}

export interface RowFault {
  key?: string;
  value?: string;
}

const TYPE_OF: Record<JsonKind, ValueType> = {
  object: "object",
  array: "list",
  string: "string",
  number: "number",
  boolean: "boolean",
  null: "null",
};

let last = 0;
export const newRow = (given: Partial<Row> = {}): Row => ({
  key: "",
  type: "string",
  text: "",
  on: false,
  ...given,
  id: ++last,
});

/** The object a text holds as rows; a fault where it holds none. Empty is no row. */
export function rowsOf(text: string): Row[] | JsonFault {
  const fault = objectFault(text);
  if (fault) return fault;
  if (!text.trim()) return [];
  const whole = readJson(text);
  if (isFault(whole)) return whole;
  return whole.members.map(({ key, value }) => {
    const type = TYPE_OF[value.kind];
    if (type === "string") return newRow({ key, type, text: JSON.parse(value.raw) as string });
    if (type === "boolean") return newRow({ key, type, on: value.raw === "true" });
    if (type === "null") return newRow({ key, type });
    return newRow({ key, type, text: type === "number" ? value.raw : pretty(value.raw) });
  });
}

/** Why a text is not one object with keys of their own; null when it is, or when it is empty. */
export function objectFault(text: string): JsonFault | null {
  if (!text.trim()) return null;
  const whole = readJson(text);
  if (isFault(whole)) return whole;
  const start = text.search(/\S/);
  if (whole.kind !== "object")
    return faultAt(text, start, "A JSON object is expected: { with keys and values in it }");
  const seen = new Set<string>();
  for (const { key, at } of whole.members) {
    if (!key.trim()) return faultAt(text, at, "A key is empty");
    if (seen.has(key)) return faultAt(text, at, `The key "${key}" stands there twice`);
    seen.add(key);
  }
  return null;
}

function valueText(row: Row): string {
  if (row.type === "string") return JSON.stringify(row.text);
  if (row.type === "boolean") return String(row.on);
  if (row.type === "null") return "null";
  return row.type === "number" ? row.text.trim() : row.text;
}

/** The JSON of the rows, as typed: what is faulty in a row is faulty in it too, so that nothing is lost. */
export function jsonOf(rows: Row[]): string {
  return `{${rows.map((row) => `${JSON.stringify(row.key.trim())}:${valueText(row)}`).join(",")}}`;
}

/** The JSON to be sent: without the white space of its rows. */
export const sentJson = (rows: Row[]) => (rows.length === 0 ? "" : compact(jsonOf(rows)));

/** The JSON to be read and edited, laid out where it is sound. */
export function shownJson(rows: Row[]): string {
  if (rows.length === 0) return "{}";
  const text = jsonOf(rows);
  if (!isFault(readJson(text))) return pretty(text);
  return `{\n${rows.map((row) => `  ${JSON.stringify(row.key.trim())}: ${valueText(row)}`).join(",\n")}\n}`;
}

function valueFault({ type, text }: Row): string | undefined {
  if (type === "number") {
    if (!text.trim()) return "Enter a number";
    return isJsonNumber(text.trim()) ? undefined : "Not a number, for example 12, -0.5 or 1e6";
  }
  if (type !== "object" && type !== "list") return undefined;
  const sample = type === "object" ? '{"city": "Gdynia"}' : '["pl", "en"]';
  const what = type === "object" ? "an object" : "a list";
  if (!text.trim()) return `Enter ${what} as JSON, for example ${sample}`;
  const value = readJson(text);
  if (isFault(value)) return `${value.message} (${placeOf(value)})`;
  return TYPE_OF[value.kind] === type ? undefined : `This is not ${what}, for example ${sample}`;
}

export const placeOf = ({ line, column }: JsonFault) => `line ${line}, column ${column}`;

/** What is wrong with each row, by its id; rows in order are left out. */
export function rowFaults(rows: Row[]): Map<number, RowFault> {
  const count = new Map<string, number>();
  for (const { key } of rows) count.set(key.trim(), (count.get(key.trim()) ?? 0) + 1);
  const faults = new Map<number, RowFault>();
  for (const row of rows) {
    const name = row.key.trim();
    const key = !name
      ? "Name the key"
      : (count.get(name) ?? 0) > 1
        ? `The key ${name} stands here twice`
        : undefined;
    const value = valueFault(row);
    if (key || value) faults.set(row.id, { ...(key && { key }), ...(value && { value }) });
  }
  return faults;
}
