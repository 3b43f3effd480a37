import { describe, expect, it } from "vitest";
import { bytesWords } from "../src/lib/bytes";
import { compact, isFault, isJsonNumber, pretty, readJson } from "../src/lib/json";
import { durationOf, minutesOf } from "../src/lib/screens/issue/duration";
import { longAgo } from "../src/lib/screens/issue/words";
import { newRow, objectFault, rowFaults, rowsOf, sentJson, shownJson, type Row } from "../src/lib/typed";
import { TypedFields } from "../src/lib/typed.svelte";

const rows = (text: string): Row[] => {
  const found = rowsOf(text);
  if (!Array.isArray(found)) throw new Error(found.message);
  return found;
};
/** Numbers and spellings that JSON.parse or a float would change. */
const EXACT = '{"a":1e400,"b":12345678901234567890,"c":1.10,"d":-0,"e":0.1e-7,"__proto__":1,"1":2}';

describe("JSON as it is written", () => {
  it.each(["0", "-0", "12", "-0.5", "1e400", "1E+5", "1.10", "12345678901234567890"])(
    "takes the number %s",
    (text) => expect(isJsonNumber(text)).toBe(true),
  );
  it.each(["", "01", "+1", ".5", "5.", "1e", "0x1", "NaN", "Infinity", "1,5", "1 ", "--1"])(
    "does not take %o for a number",
    (text) => expect(isJsonNumber(text)).toBe(false),
  );

  it.each([
    ["", "A value is expected, but the text ends", 1, 1],
    ['{\n  "a": }', "A value is expected", 2, 8],
    ['{"a": 1,}', 'A key in "quotation marks" is expected', 1, 9],
    ['{"a" 1}', "A colon is expected after the key", 1, 6],
    ['{"a": 01}', "Not a number", 1, 7],
    ['{"a": 1 "b": 2}', "A comma or } is expected", 1, 9],
    ["[1 2]", "A comma or ] is expected", 1, 4],
    ['{"a": 1', "A comma or } is expected, but the text ends", 1, 8],
    ['{\n"a": "x\ny"}', 'A string in "quotation marks" is not complete', 2, 8],
    ['"\\x"', 'A string in "quotation marks" is not complete', 1, 2],
    ["{} {}", "Nothing more is expected here", 1, 4],
    ["tru", 'tru is no value; text stands in "quotation marks"', 1, 1],
    ["{'a': 1}", 'A key in "quotation marks" is expected', 1, 2],
  ])("says what is wrong with %o, and where", (text, message, line, column) => {
    expect(readJson(text)).toMatchObject({ message, line, column });
    expect(() => JSON.parse(text)).toThrow();
  });

  it("lets a byte-order mark before a pasted text pass, and nowhere else", () => {
    expect(isFault(readJson('\ufeff{"a":1}'))).toBe(false);
    expect(rows('\ufeff{"a":1}').map((row) => row.key)).toEqual(["a"]);
    for (const wrong of ['{\ufeff"a":1}', '{"a":1}\ufeff']) expect(isFault(readJson(wrong))).toBe(true);
  });

  it("agrees with JSON.parse on what is JSON", () => {
    for (const text of [EXACT, "[]", "{}", ' { "a" : [ 1 , { "b\\"" : null } ] } ', '"\\u00e9\\n"', "true"]) {
      expect(isFault(readJson(text)), text).toBe(false);
      expect(JSON.parse(compact(text))).toEqual(JSON.parse(text));
      expect(JSON.parse(pretty(text))).toEqual(JSON.parse(text));
    }
  });

  it("lays out and closes up without a change to what is in it", () => {
    const text = '{"a":[1,{"b":" x, {} "},[],{}],"n":1.0}';
    expect(pretty(text)).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": " x, {} "\n    },\n    [],\n    {}\n  ],\n  "n": 1.0\n}',
    );
    expect(compact(pretty(text))).toBe(text);
  });

  it("is not brought down by depth", () => {
    expect(readJson("[".repeat(100_000))).toMatchObject({ message: "Nested too deep" });
  });
});

describe("rows of typed values", () => {
  it("keep every number and the order as it was written", () => {
    expect(rows(EXACT).map(({ key, text }) => `${key} ${text}`)).toEqual([
      "a 1e400",
      "b 12345678901234567890",
      "c 1.10",
      "d -0",
      "e 0.1e-7",
      "__proto__ 1",
      "1 2",
    ]);
    expect(sentJson(rows(EXACT))).toBe(EXACT);
  });

  it("know all types, and give them back", () => {
    const text = '{"s":"\\"ł\\n","n":2,"b":true,"o":{"x":[1]},"l":[1,"2"],"z":null}';
    expect(rows(text).map(({ type }) => type)).toEqual([
      "string",
      "number",
      "boolean",
      "object",
      "list",
      "null",
    ]);
    expect(rows(text)[0]?.text).toBe('"ł\n');
    expect(sentJson(rows(text))).toBe(text);
    expect(compact(shownJson(rows(text)))).toBe(text);
  });

  it("find empty and double keys, and values that are not of their type", () => {
    const row = (key: string, type: Row["type"], text: string) => newRow({ key, type, text });
    const all = [
      row("a", "number", "1e"),
      row("b", "number", ""),
      row("c", "object", "[1]"),
      row("d", "object", ""),
      row("e", "list", "[1,]"),
      row(" f ", "string", ""),
      row("f", "string", "x"),
      row(" ", "string", "x"),
      row("ok", "number", " 12345678901234567890 "),
      row("fine", "list", "[]"),
    ];
    const faults = rowFaults(all);
    const said = all.map(({ id }) => faults.get(id)?.key ?? faults.get(id)?.value ?? "");
    expect(said).toEqual([
      "Not a number, for example 12, -0.5 or 1e6",
      "Enter a number",
      'This is not an object, for example {"city": "Gdynia"}',
      'Enter an object as JSON, for example {"city": "Gdynia"}',
      "A value is expected (line 1, column 4)",
      "The key f stands here twice",
      "The key f stands here twice",
      "Name the key",
      "",
      "",
    ]);
  });

  it.each([
    ["[1]", 1],
    ['{"a":1,\n"a":2}', 2],
    ['{"":1}', 1],
    ["12", 1],
  ])("are not made of %o", (text, line) => expect(objectFault(text)?.line).toBe(line));
});

describe("the editor's two forms", () => {
  it("turns to JSON and back with nothing lost, also what is beside a boolean", () => {
    const fields = new TypedFields();
    fields.load(EXACT);
    Object.assign(fields.add(), { key: "word", text: "kept" });
    fields.rows[fields.rows.length - 1]!.type = "boolean";
    fields.toJson();
    expect(fields.text).toContain('"b": 12345678901234567890');
    expect(fields.toForm()).toBe(true);
    expect(fields.rows.at(-1)?.text).toBe("kept");
    expect(fields.json).toBe(EXACT.replace(/}$/, ',"word":false}'));
  });

  it("keeps what is no JSON in view, and says where it fails", () => {
    const fields = new TypedFields();
    fields.toJson();
    fields.text = '{\n  "a": 1e400,\n  "b" 2\n}';
    expect(fields.toForm()).toBe(false);
    expect(fields.mode).toBe("json");
    expect(fields.text).toContain('"b" 2');
    expect(fields.fault).toBe("A colon is expected after the key (line 3, column 7)");
    fields.text = fields.text.replace('"b"', '"b":');
    expect(fields.fault).toBeNull();
    expect(fields.toForm()).toBe(true);
    expect(fields.json).toBe('{"a":1e400,"b":2}');
  });

  it("takes faulty rows to JSON as they are typed", () => {
    const fields = new TypedFields();
    Object.assign(fields.add(), { key: "n", type: "number", text: "12a" });
    fields.toJson();
    expect(fields.text).toContain('"n": 12a');
    expect(fields.jsonFault).toMatchObject({ message: "Not a number", line: 2, column: 8 });
    expect(fields.toForm()).toBe(true);
    expect(fields.rows[0]?.text).toBe("12a");
  });

  it("puts a removed row back where it was", () => {
    const fields = new TypedFields();
    fields.load('{"a":1,"b":2,"c":3}');
    const putBack = fields.remove(fields.rows[1]!);
    expect(fields.json).toBe('{"a":1,"c":3}');
    putBack();
    expect(fields.json).toBe('{"a":1,"b":2,"c":3}');
  });

  it("puts a removed row back into the values it was taken from only", () => {
    const fields = new TypedFields();
    fields.load('{"a":1,"b":2}');
    const putBack = fields.remove(fields.rows[0]!);
    const draft = fields.draft();
    fields.load('{"c":3}');
    expect(putBack()).toBe("Other values stand here now.");
    expect(fields.json).toBe('{"c":3}');
    fields.restore(draft);
    fields.toJson();
    fields.text = '{"b": }';
    expect(putBack()).toBe("The JSON has to be mended first.");
    expect(fields.text).toBe('{"b": }');
    fields.text = '{"b": 3}';
    expect(putBack()).toBeNull();
    expect(fields.json).toBe('{"a":1,"b":3}');
  });

  it("sends nothing for an empty object", () => {
    const fields = new TypedFields();
    expect(fields.json).toBe("");
    fields.toJson();
    expect(fields.text).toBe("{}");
    expect(fields.json).toBe("");
  });
});

describe("how long a run may take", () => {
  const custom = (amount: string, unit: "minutes" | "hours" | "days") =>
    minutesOf({ choice: "custom", amount, unit });
  it.each([
    ["30", "minutes", 30],
    ["1.5", "hours", 90],
    ["0,5", "hours", 30],
    ["30", "days", 43_200],
    ["720", "hours", 43_200],
    ["0.1", "days", 144],
  ] as const)("takes %s %s", (amount, unit, minutes) =>
    expect(custom(amount, unit)).toEqual({ minutes, fault: null }),
  );
  it.each([
    ["29", "minutes", "At least 30 minutes"],
    ["0", "days", "At least 30 minutes"],
    ["43201", "minutes", "At most 30 days"],
    ["31", "days", "At most 30 days"],
    ["1.01", "hours", "Whole minutes only"],
    ["an hour", "hours", "Not a number, for example 90"],
    ["-60", "minutes", "Not a number, for example 90"],
    [" ", "minutes", "Enter how long, from 30 minutes to 30 days"],
  ] as const)("refuses %s %s", (amount, unit, fault) =>
    expect(custom(amount, unit)).toEqual({ minutes: null, fault }),
  );
  it("comes back as the choice it was", () => {
    for (const minutes of [null, 30, 60, 90, 120, 1440, 2880, 43_199, 43_200])
      expect(minutesOf(durationOf(minutes))).toEqual({ minutes, fault: null });
    expect(durationOf(2880)).toEqual({ choice: "custom", amount: "2", unit: "days" });
  });
});

describe("words", () => {
  it("count bytes and time", () => {
    expect([0, 999, 1000, 1449, 9_960, 999_499, 999_500, 12_345_678].map(bytesWords)).toEqual([
      "0 B",
      "999 B",
      "1 kB",
      "1.4 kB",
      "10 kB",
      "999 kB",
      "1 MB",
      "12 MB",
    ]);
    expect([0, 59, 60, 720, 3600, 90_000].map((s) => longAgo(0, s * 1000))).toEqual([
      "less than a minute ago",
      "less than a minute ago",
      "1 minute ago",
      "12 minutes ago",
      "1 hour ago",
      "1 day ago",
    ]);
  });
});
