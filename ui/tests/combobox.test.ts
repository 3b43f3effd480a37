// What is typed to search is not the value: it becomes one where it can mean one thing only.
import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { isLanguage, LANGUAGES, languageName, ownLanguageName, ownLanguages } from "../src/lib/languages";
import { LANGUAGES as TEXTS } from "../src/lib/screens/handover/texts";
import { issue } from "../src/lib/state/issue.svelte";
import { openForm, type } from "./form";
import { WORKFLOW_ID } from "./host";

const open = async () => {
  const view = await openForm({
    known_workflows: () => [
      { workflowId: "11111111-0000-4000-8000-000000000001", name: "KYC company", saved: true, lastUsedAt: 0 },
    ],
  });
  await waitFor(() => expect(issue.options.length).toBe(2));
  const leave = (name: string) => fireEvent.blur(view.field(name));
  const fault = (name: string) => view.queryByTestId(`issue-${name}-fault`)?.textContent?.trim();
  return { ...view, leave, fault };
};

describe("the language", () => {
  it("of several that are meant is none: nothing is sent, and it is said", async () => {
    const view = await open();
    await fireEvent.focus(view.field("lang"));
    await type(view.field("lang"), "po");
    expect(view.fault("lang")).toBeUndefined();
    await fireEvent.keyDown(view.field("lang"), { key: "Enter" });
    await view.press();
    expect(view.fault("lang")).toBe("Not a known language; pick one or type a code");
    expect(view.callsOf("issue_token")).toEqual([]);
    expect(view.field("lang").value).toBe("po");
  });

  it.each([
    ["Poli", "pl", "Polish"],
    ["germ", "de", "German"],
    ["POLISH", "pl", "Polish"],
    ["pt-BR", "pt-BR", "pt-BR"],
    ["ee", "ee", "ee"],
  ])("%s is %s once the field is left", async (typed, value, shown) => {
    const view = await open();
    await type(view.field("lang"), typed);
    await view.leave("lang");
    expect(view.field("lang").value).toBe(shown);
    expect(view.fault("lang")).toBeUndefined();
    await view.press();
    expect(view.request().lang).toBe(value);
  });

  it("is found by the shortcut that issues, too", async () => {
    const view = await open();
    await type(view.field("lang"), "lithu");
    await fireEvent.keyDown(view.field("lang"), { key: "Enter", ctrlKey: true });
    expect(view.request().lang).toBe("lt");
    expect(view.field("lang").value).toBe("Lithuanian");
  });

  it("that nobody speaks is refused when it is left", async () => {
    const view = await open();
    await type(view.field("lang"), "klingonese");
    await view.leave("lang");
    expect(view.fault("lang")).toBe("Not a known language; pick one or type a code");
  });
});

describe("the workflow", () => {
  it("is no half-typed name", async () => {
    const view = await open();
    await type(view.field("workflow"), "zzz");
    expect(view.fault("workflow")).toBeUndefined();
    await view.leave("workflow");
    expect(view.fault("workflow")).toBe("No workflow of this name; paste an id");
    await type(view.field("workflow"), "KYC");
    await view.press();
    expect(view.fault("workflow")).toContain("pick one");
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("is the only one that is meant", async () => {
    const view = await open();
    await type(view.field("workflow"), "individ");
    await view.leave("workflow");
    expect(view.field("workflow").value).toBe("KYC individual – Poland");
    await view.press();
    expect(view.request().workflowId).toBe(WORKFLOW_ID);
  });

  it.each(["freeze", "bom"])("is any text that is pasted: %s", async (id) => {
    const view = await open();
    const field = view.field("workflow");
    field.value = id;
    await fireEvent(field, new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
    await view.leave("workflow");
    expect(view.fault("workflow")).toBeUndefined();
    await view.press();
    expect(view.request().workflowId).toBe(id);
  });

  it("is any text that is said to be its id", async () => {
    const view = await open();
    await type(view.field("workflow"), "freeze");
    const option = await view.findByTestId("field-workflow-option");
    expect(option.textContent).toContain("Use “freeze” as the id");
    await fireEvent.keyDown(view.field("workflow"), { key: "ArrowDown" });
    await fireEvent.keyDown(view.field("workflow"), { key: "Enter" });
    await view.press();
    expect(view.request().workflowId).toBe("freeze");
  });
});

it("draws of a long list only what somebody comes to", async () => {
  const view = await openForm({
    known_workflows: () =>
      Array.from({ length: 400 }, (_, n) => ({
        workflowId: `w-${n}`,
        name: `W ${n}`,
        saved: true,
        lastUsedAt: 0,
      })),
  });
  await waitFor(() => expect(issue.options.length).toBe(401));
  issue.giveWorkflow("w-0");
  await fireEvent.click(view.field("workflow"));
  const drawn = () => view.getAllByTestId("field-workflow-option").length;
  expect(drawn()).toBeLessThan(100);
  await fireEvent.keyDown(view.field("workflow"), { key: "ArrowUp" });
  expect(
    view.getAllByTestId("field-workflow-option").some((o) => o.getAttribute("aria-setsize") === "401"),
  ).toBe(true);
  await fireEvent.keyDown(view.field("workflow"), { key: "ArrowUp" });
  await fireEvent.keyDown(view.field("workflow"), { key: "Enter" });
  expect(issue.workflowId).toMatch(/^w-/);
});

describe("one list of languages", () => {
  it("has every language that there is a text in", () => {
    for (const { value } of TEXTS) expect(LANGUAGES.map((language) => language.value)).toContain(value);
    expect(TEXTS.every(({ name, own }) => name.length > 2 && own.length > 2)).toBe(true);
  });

  it("names any code without throwing", () => {
    for (const code of ["", "!!", "x", "po", "pt_BR", "\u202e", "x".repeat(300)]) {
      expect(typeof languageName(code)).toBe("string");
      expect(typeof ownLanguageName(code)).toBe("string");
      expect(typeof isLanguage(code)).toBe("boolean");
    }
    expect(languageName("pt_BR")).toBe("Brazilian Portuguese");
  });

  it("holds the one that was asked for, for the preview", () => {
    for (const code of ["ro", "sk", "pt-BR", "szl", "po"])
      expect(ownLanguages(code, null, "").filter(({ id }) => id === code).length).toBe(1);
    expect(ownLanguages("ro").length).toBe(LANGUAGES.length);
  });
});
