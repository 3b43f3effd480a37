import { describe, expect, it } from "vitest";
import cases from "../../tests/fixtures/pasted.json";
import { credential, nonAsciiCharacter, oddCharacter, trimmed, unquoted } from "../src/lib/pasted";

describe("what is pasted is cleaned or its odd character named, as in Rust", () => {
  it.each(cases.names)("name $given", ({ given, text }) => {
    expect(trimmed(given)).toBe(text);
  });
  it.each(cases.ids)("id $given", ({ given, text, odd }) => {
    expect(unquoted(given)).toBe(text);
    expect(oddCharacter(given, text)).toBe(odd);
  });
  it.each(cases.credentials)("credential $given", ({ given, text, odd }) => {
    expect(credential(given)).toBe(text);
    expect(oddCharacter(given, text)).toBe(odd);
  });
  it.each(cases.tokens)("token $given", ({ given, text, odd }) => {
    expect(credential(given)).toBe(text);
    expect(nonAsciiCharacter(given, text)).toBe(odd);
  });
});
