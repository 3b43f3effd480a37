// Under colours that the person chose, a background or a shadow tells nothing: each focus, choice and state that the
// components show by one has a rule of its own.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const files = (readdirSync(SRC, { recursive: true }) as string[])
  .filter((name) => /\.(svelte|css)$/.test(name) && !name.endsWith("forced-colors.css"))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), "utf8") }));
const sheet = readFileSync(join(SRC, "forced-colors.css"), "utf8");

/** Whether an element as the components have it meets a selector of the sheet with this in it. */
const covers = (element: Element, declares: RegExp) => {
  const style = document.createElement("style");
  style.textContent = sheet.replace(/^[\s\S]*@media[^{]*\{/, "").replace(/\}\s*$/, "");
  document.head.append(style);
  const rules = [...(style.sheet?.cssRules ?? [])] as CSSStyleRule[];
  style.remove();
  return rules.some((rule) => {
    try {
      return declares.test(rule.style.cssText) && element.matches(rule.selectorText);
    } catch {
      return false;
    }
  });
};
const made = (html: string) => {
  const box = document.createElement("div");
  box.innerHTML = html;
  document.body.append(box);
  return box.querySelector("[data-it]") ?? (box.firstElementChild as Element);
};

describe("a choice is told by the highlight", () => {
  it.each([
    '<div role="row" aria-selected="true">',
    '<div role="treeitem" aria-selected="true">',
    '<div role="option" aria-selected="true">',
    '<button role="radio" aria-checked="true">',
    '<button aria-pressed="true">',
    '<button aria-current="page">',
    '<div class="menu-item" data-highlighted>',
    '<li class="menu-item on">',
    '<button class="chip on">',
    '<button class="scenario on">',
    '<button role="switch" aria-checked="true">',
  ])("%s", (html) => {
    expect(covers(made(html), /background: ?highlight/i)).toBe(true);
    expect(
      covers(
        made(html.replace(/="true"|="page"/, '="false"').replace(/ on"| data-highlighted/, '"')),
        /background: ?highlight/i,
      ),
    ).toBe(false);
  });

  it("every class and attribute that marks one in a component is in the sheet", () => {
    const marks = new Set<string>();
    for (const { text } of files) {
      for (const [, name] of text.matchAll(/\.([a-z-]+)(?:\.on)\b/g)) if (name) marks.add(name);
    }
    // A row and an item of the sidebar have aria-selected and aria-current besides.
    for (const name of marks)
      expect(["row", "item"].includes(name) || sheet.includes(`.${name}.on`), name).toBe(true);
  });
});

describe("the focus is told by an outline", () => {
  it("wherever a component takes the outline away", () => {
    const taken = files.flatMap(({ name, text }) =>
      /outline: (none|0)/.test(text) ? [name.split("/").at(-1)] : [],
    );
    // One more here needs its own rule in the sheet, or one that there is already.
    expect(taken.sort()).toEqual(
      [
        "Attachments.svelte",
        "CustomerText.svelte",
        "HistoryTable.svelte",
        "ReceivedList.svelte",
        "Select.svelte",
        "SubjectPanel.svelte",
        "TextArea.svelte",
        "TypedRow.svelte",
        "app.css",
        "controls.css",
      ].sort(),
    );
    for (const selector of [
      ".input:focus-within",
      "textarea:focus",
      "select:focus-visible",
      "input:focus-visible",
      '[role="listbox"]:focus-visible',
      '[role="tree"]:focus-visible',
      '[role="grid"]:focus-visible',
      '[role="region"]:focus-visible',
      ".dialog:focus-visible",
    ])
      expect(sheet).toContain(selector);
  });

  it("for an input, an area, a list and a button", () => {
    for (const html of [
      "<input>",
      "<textarea></textarea>",
      "<button>x</button>",
      '<div class="input"><input data-it></div>',
    ]) {
      const element = made(html);
      (element as HTMLElement).focus();
      const frame = element.closest(".input") ?? element;
      expect(covers(frame, /outline: ?2px solid highlight/i), html).toBe(true);
    }
  });
});

it("is part of both pages", () => {
  for (const main of ["main.ts", "preview/main.ts"])
    expect(readFileSync(join(SRC, main), "utf8")).toContain("forced-colors.css");
});
