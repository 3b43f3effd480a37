import { describe, expect, it } from "vitest";
import { inTextField, overlayOpen, takesText } from "../src/lib/keys";

describe("a field's own keys", () => {
  it.each([
    ["input", "text", true, true],
    ["input", "search", true, true],
    ["textarea", "", true, true],
    ["select", "", true, false],
    ["input", "checkbox", false, false],
    ["input", "radio", false, false],
    ["input", "file", false, false],
    ["button", "", false, false],
  ])("of <%s> %s", (name, type, field, text) => {
    const element = document.createElement(name);
    if (name === "input") element.setAttribute("type", type);
    expect([inTextField(element), takesText(element)]).toEqual([field, text]);
  });
});

describe("an overlay has the keys", () => {
  it.each([
    ["dialog", null, true],
    ["alertdialog", "open", true],
    ["menu", "open", true],
    // It stays in the page until it has faded.
    ["menu", "closed", false],
    ["region", null, false],
  ])("%s, %s", (role, state, open) => {
    const element = document.createElement("div");
    element.setAttribute("role", role);
    if (state) element.dataset.state = state;
    document.body.append(element);
    expect(overlayOpen()).toBe(open);
    element.remove();
    expect(overlayOpen()).toBe(false);
  });
});
