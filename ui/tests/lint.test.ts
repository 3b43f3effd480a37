// The rules of this project's own, and the bundle they are there for.
import { ESLint, Linter } from "eslint";
import * as svelteParser from "svelte-eslint-parser";
import { build } from "vite";
import { describe, expect, it } from "vitest";
import eachKey from "../lint/each-key.js";
import oldWebkit, { unreadable } from "../lint/old-webkit.js";
import quietEffect from "../lint/quiet-effect.js";

const plugins = {
  own: { rules: { "each-key": eachKey, "old-webkit": oldWebkit, "quiet-effect": quietEffect } },
} as never;

function faultsOf(code: string, rule: string, languageOptions: Linter.LanguageOptions = {}) {
  const config = {
    files: ["**/*"],
    plugins,
    languageOptions,
    rules: { [`own/${rule}`]: 2 },
  } as Linter.Config;
  return new Linter().verify(code, config, "file.js");
}

describe("each-blocks", () => {
  const faults = (each: string) =>
    faultsOf(`{#each ${each}}x{/each}`, "each-key", { parser: svelteParser as never }).length;

  it.each(["claims as claim, index (index)", "list as entry (entry.id)", "Array.from(a) as b, at (at)"])(
    "may be: %s",
    (each) => expect(faults(each)).toBe(0),
  );
  it.each([
    "claims as claim (claim.name)",
    "tags as tag (tag)",
    "list as [name, value] (name)",
    "attachments as attachment (attachment.id)",
    "list as one, index (one.id + index)",
  ])("are not keyed by what a server sends: %s", (each) => expect(faults(each)).toBe(1));
});

describe("effects", () => {
  const faults = (body: string) => faultsOf(`$effect(() => { ${body} });`, "quiet-effect").length;

  it.each([
    "if (app.version > 0) void issue.refreshEntry();",
    "return void read(id);",
    "read(id).then(show);",
    "untrack(() => version); void read(id);",
    "for (const id of ids) void read(id).catch(tell);",
    "host.liveTokens();",
    "tick().then(focus); void read(id);",
  ])("start no work that may feed itself: %s", (body) => expect(faults(body)).toBe(1));
  it.each([
    "const of = id; untrack(() => void read(of));",
    "void app.version;",
    "void tick().then(() => field.focus());",
    "const timer = setTimeout(() => void list.reload(), 90); return () => clearTimeout(timer);",
    "list.refresh();",
  ])("may: %s", (body) => expect(faults(body)).toBe(0));
  it("are not asynchronous themselves, before the page is drawn or after", () => {
    expect(faultsOf("$effect(async () => { await read(); });", "quiet-effect").length).toBe(1);
    expect(faultsOf("$effect.pre(() => void read());", "quiet-effect").length).toBe(1);
  });
});

describe("regular expressions for macOS 13.0 to 13.2", () => {
  it.each([
    "/(?<= min) \\d\\d s$/",
    "/(?<!a)b/",
    'new RegExp("(?<= d) x")',
    "RegExp(`(?<!${a})b`)",
    'new RegExp("[a-z]", "v")',
    "/[a--b]/v",
    "/(?i:a)b/",
    "/(?<a>x)|(?<a>y)/",
    'const form = "(?<=a)b"; new RegExp(form)',
  ])("refuse %s", (code) =>
    expect(faultsOf(code, "old-webkit", { ecmaVersion: 2025 }).length).toBeGreaterThan(0),
  );
  it.each([
    "/(?<year>\\d+)-(?<month>\\d+)/u",
    "/\\(\\?<=/",
    "/[(?<=]/",
    "/(?:a)(?=b)(?!c)/",
    'new RegExp("a+", "g")',
  ])("take %s", (code) => expect(faultsOf(code, "old-webkit")).toEqual([]));
  it("says what is in the way", () => {
    expect(unreadable("(?<=a)")).toBe("lookbehind");
    expect(unreadable("a", "gv")).toBe("the flag v");
    expect(unreadable("a", "giu")).toBeNull();
  });
});

it("lints the sources with both", async () => {
  const config = (await new ESLint().calculateConfigForFile("src/lib/expiry.ts")) as Linter.Config;
  expect(config.rules).toMatchObject({ "tokendesk/each-key": [2], "tokendesk/old-webkit": [2] });
});

it(
  "the built bundle can be read by WebKit 16.1, whatever came with the packages",
  { timeout: 120_000 },
  async () => {
    const built = await build({ logLevel: "silent", build: { write: false } });
    const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
      "output" in one ? one.output : [],
    );
    const scripts = outputs.flatMap((part) => (part.type === "chunk" ? [part] : []));
    expect(scripts.length).toBeGreaterThan(1);
    for (const { code, fileName } of scripts) {
      expect(
        faultsOf(code, "old-webkit").map(
          ({ message, line, column }) =>
            `${message} ${code.split("\n")[line - 1]?.slice(column - 1, column + 60)}`,
        ),
        fileName,
      ).toEqual([]);
      // Came with Safari 16.4 or later, and are not written out by the bundler.
      expect(
        code.match(
          /\bPromise\.withResolvers\b|\bObject\.groupBy\b|\bArray\.fromAsync\b|\bURL\.canParse\b|\bAbortSignal\.any\b/g,
        ) ?? [],
        fileName,
      ).toEqual([]);
    }
  },
);
