import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { addRow, choose, openForm, type } from "./form";
import { appState, CASE_ID, demo, entry, error, velmora } from "./host";

describe("what is asked for", () => {
  it("is a run where the workspace has an organization token, a token else", async () => {
    const view = await openForm({ app_state: () => appState({ workspaces: [demo, velmora] }) });
    expect(view.getByTestId("field-api-v2").getAttribute("aria-checked")).toBe("true");
    await type(view.field("label"), "typed here");
    app.choose("w1");
    await waitFor(() =>
      expect(view.getByTestId("field-api-workflows").getAttribute("aria-checked")).toBe("true"),
    );
    expect(view.queryByTestId("field-give")).toBeNull();
    expect(view.field("label").value).toBe("");
    // What is typed waits for its workspace.
    app.choose("demo");
    await waitFor(() => expect(view.field("label").value).toBe("typed here"));
    expect(view.getByTestId("field-api-v2").getAttribute("aria-checked")).toBe("true");
  });

  it("is named by the button and the endpoint", async () => {
    const view = await openForm();
    const said = () => [
      view
        .getByTestId("issue-submit")
        .textContent?.replace(/(Ctrl|⌘) ↵/, "")
        .trim(),
      view.getByTestId("endpoint").querySelector(".mono")?.textContent,
    ];
    expect(said()).toEqual(["Issue token", "POST /token"]);
    await view.choice("field-give-link");
    expect(said()).toEqual(["Issue link", "POST /link"]);
    await view.choice("field-send");
    expect(said()).toEqual(["Issue and send link", "POST /link/send"]);
    await view.press();
    await waitFor(() => expect(view.request()).toMatchObject({ api: "v2", kind: "link", send: true }));
    await view.choice("field-give-run");
    expect(said()).toEqual(["Start run", "POST /workflows/run"]);
    expect(view.queryByTestId("field-lang")).toBeNull();
    await view.press();
    await waitFor(() => expect(view.request()).toMatchObject({ kind: "run", send: false, lang: "" }));
    await view.choice("field-api-workflows");
    expect(said()).toEqual(["Start run", "POST /workflows"]);
    expect(view.queryByTestId("field-parameters")).toBeNull();
    await view.press();
    await waitFor(() => expect(view.request()).toMatchObject({ api: "workflows", kind: "run", lang: "en" }));
  });

  it("is remembered per workspace, but for who it was for", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await choose(view.field("duration"), "240");
    await type(view.field("subject"), CASE_ID);
    await addRow(view, "pesel", "string", "44051401458");
    await view.press();
    await waitFor(() => expect(view.request().minutes).toBe(240));
    const kept = () =>
      view
        .callsOf("plugin:store|set")
        .filter(({ key }) => key === "inputs")
        .at(-1)?.value;
    await waitFor(() => expect(kept()).toMatchObject({ demo: { api: "workflows", minutes: 240 } }));
    for (const person of [CASE_ID, "pesel", "44051401458"])
      expect(JSON.stringify(kept())).not.toContain(person);
  });
});

describe("a run", () => {
  it("is sent with typed parameters, numbers as they were typed", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "product", "string", 'per"sonal');
    await addRow(view, "limit", "number", "12345678901234567890.10");
    await addRow(view, "aml", "boolean", "");
    await addRow(view, "address", "object", '{\n  "city": "Łódź",\n  "n": 1e400\n}');
    await addRow(view, "langs", "list", '["pl"]');
    await choose(view.field("duration"), "custom");
    await waitFor(() => expect(document.activeElement).toBe(view.field("minutes")));
    await type(view.field("minutes"), "1.5");
    await view.press();
    await waitFor(() => expect(view.request()?.minutes).toBe(90));
    expect(view.request().parameters).toBe(
      '{"product":"per\\"sonal","limit":12345678901234567890.10,"aml":true,"address":{"city":"Łódź","n":1e400},"langs":["pl"]}',
    );
  });

  it("is not sent with faulty rows: the first is said and has the focus", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "a", "number", "1e");
    await addRow(view, "a", "string", "x");
    await view.press();
    const rows = view.getAllByTestId("parameters-row");
    await waitFor(() =>
      expect(document.activeElement).toBe(within(rows[0] as HTMLElement).getByTestId("parameters-key")),
    );
    expect(view.getAllByTestId("parameters-row-fault").map((fault) => fault.textContent)).toEqual([
      "The key a stands here twice",
      "Not a number, for example 12, -0.5 or 1e6",
      "The key a stands here twice",
    ]);
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("takes Enter in the last row for a new one, and gives a removed one back", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "a", "string", "1");
    await fireEvent.keyDown(view.getByTestId("parameters-value"), { key: "Enter" });
    await waitFor(() => expect(view.getAllByTestId("parameters-row")).toHaveLength(2));
    await waitFor(() => expect(document.activeElement).toBe(view.getAllByTestId("parameters-key")[1]));
    // An empty row is added to no other, and Enter sends nothing.
    await fireEvent.keyDown(view.getAllByTestId("parameters-key")[1] as HTMLElement, { key: "Enter" });
    expect(view.getAllByTestId("parameters-row")).toHaveLength(2);
    expect(view.callsOf("issue_token")).toEqual([]);
    await fireEvent.click(view.getAllByTestId("parameters-remove")[0] as HTMLElement);
    expect(view.getAllByTestId("parameters-row")).toHaveLength(1);
    await view.undo("The parameter a was removed.");
    await waitFor(() =>
      expect(view.getAllByTestId("parameters-key").map((key) => (key as HTMLInputElement).value)).toEqual([
        "a",
        "",
      ]),
    );
  });

  it("keeps broken JSON in view, and says where it breaks", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "a", "number", "1e400");
    await view.choice("parameters-mode");
    const area = (await view.findByTestId("parameters-json")) as HTMLTextAreaElement;
    expect(area.value).toBe('{\n  "a": 1e400\n}');
    await type(area, '{\n  "a": 1e400,\n}');
    await view.choice("parameters-mode");
    expect((view.getByTestId("parameters-json") as HTMLTextAreaElement).value).toBe('{\n  "a": 1e400,\n}');
    expect(view.getByTestId("parameters-fault").textContent).toContain("line 3, column 1");
    await view.press();
    await waitFor(() => expect(document.activeElement).toBe(view.getByTestId("parameters-json")));
    expect(view.callsOf("issue_token")).toEqual([]);
    await type(area, '{"a": 1e400, "b": [1]}');
    await view.choice("parameters-mode");
    await waitFor(() => expect(view.getAllByTestId("parameters-row")).toHaveLength(2));
    await view.press();
    await waitFor(() => expect(view.request()?.parameters).toBe('{"a":1e400,"b":[1]}'));
  });

  it("shows the host's error at the parameters", async () => {
    const refusal = error({ code: "invalid_input", field: "parameters", title: "Not allowed" });
    const view = await openForm({ issue_token: () => Promise.reject(refusal) });
    await view.choice("field-api-workflows");
    await view.press();
    const block = await view.findByTestId("error-block");
    expect(view.getByTestId("parameters").contains(block)).toBe(true);
    // It was about a run.
    await view.choice("field-api-v2");
    expect(view.queryByTestId("error-block")).toBeNull();
  });

  it.each([
    ["29", "At least 30 minutes"],
    ["43201", "At most 30 days"],
  ])("may not take %s minutes", async (amount, fault) => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await choose(view.field("duration"), "custom");
    await choose(await view.findByTestId("field-unit"), "minutes");
    await type(view.field("minutes"), amount);
    await view.press();
    expect((await view.findByTestId("issue-minutes-fault")).textContent).toBe(fault);
    await waitFor(() => expect(document.activeElement).toBe(view.field("minutes")));
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("comes back from the history as it was asked for", async () => {
    const view = await openForm();
    const asked = entry({
      api: "workflows",
      kind: "run",
      subject: CASE_ID,
      parameters: '{"n":12345678901234567890}',
      lang: "pl",
      minutes: 90,
    });
    issue.fillFrom(asked);
    await view.findByTestId("parameters-row");
    await view.press();
    await waitFor(() =>
      expect(view.request()).toMatchObject({
        api: "workflows",
        kind: "run",
        subject: CASE_ID,
        parameters: '{"n":12345678901234567890}',
        minutes: 90,
        lang: "pl",
      }),
    );
  });
});
