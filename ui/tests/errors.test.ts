import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { handlingOf, KNOWN_CODES } from "../src/lib/errors";
import { error } from "./host";

// Vitest runs in `ui`.
const RUST = resolve("../src-tauri/crates/core/src/error/mod.rs");

function rustCodes(): string[] {
  const source = readFileSync(RUST, "utf8");
  const body = /pub enum Code \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? "";
  const variants = [...body.matchAll(/^ {4}([A-Z][A-Za-z0-9]*),$/gm)].map((match) => match[1] ?? "");
  return variants.map((name) => name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase());
}

describe("the table of errors", () => {
  it("is read from a Rust enum that is really there", () => {
    expect(rustCodes().length).toBeGreaterThan(15);
    expect(rustCodes()).toContain("wrong_credentials");
  });

  it("has every code of the Rust enum, and no other", () => {
    expect([...KNOWN_CODES].sort()).toEqual(rustCodes().sort());
  });

  it("offers a retry for an unknown code only where the host says so", () => {
    expect(handlingOf(error({ code: "internal", retryable: true })).remedy).toBe("retry");
    expect(handlingOf(error({ code: "internal", retryable: false })).remedy).toBe("none");
  });
});
