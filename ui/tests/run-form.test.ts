import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { IssueRequest, Preset } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { clock } from "../src/lib/state/clock.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { CASE_ID, demo, entry, error, openApp, appState, velmora, WORKFLOW_ID } from "./host";

const type = (input: HTMLElement, value: string) => fireEvent.input(input, { target: { value } });
const choose = (select: HTMLElement, value: string) => fireEvent.change(select, { target: { value } });

async function openForm(answers: Parameters<typeof openApp>[0] = {}) {
  app.screen = "issue";
  const view = await openApp({ issue_token: () => entry(), ...answers });
  const field = (name: string) => view.getByTestId(`field-${name}`) as HTMLInputElement;
  await waitFor(() => expect(field("workflow").value).toBe("KYC individual – Poland"));
  const request = () => view.callsOf("issue_token").at(-1)?.request as IssueRequest;
  const choice = (name: string) => fireEvent.click(view.getByTestId(name));
  const undo = async (words: string) => {
    const toast = (await view.findAllByTestId("toast")).find((toast) => toast.textContent?.includes(words));
    await fireEvent.click(within(toast as HTMLElement).getByTestId("toast-action"));
  };
  const menu = async (name: string, item: string, at = 0) => {
    await fireEvent.keyDown(view.getByTestId(name), { key: "Enter" });
    await fireEvent.click((await view.findAllByTestId(item))[at] as HTMLElement);
  };
  return { ...view, field, request, choice, undo, menu, press: () => choice("issue-submit") };
}

const addRow = async (
  view: Awaited<ReturnType<typeof openForm>>,
  key: string,
  kind: string,
  value: string,
) => {
  await fireEvent.click(view.getByTestId("parameters-add"));
  const row = within((await view.findAllByTestId("parameters-row")).at(-1) as HTMLElement);
  await waitFor(() => expect(document.activeElement).toBe(row.getByTestId("parameters-key")));
  await type(row.getByTestId("parameters-key"), key);
  if (kind !== "string") await choose(row.getByTestId("parameters-type"), kind);
  if (kind === "boolean") await fireEvent.click(row.getByTestId("parameters-value"));
  else await type(row.getByTestId("parameters-value"), value);
};

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

describe("a link", () => {
  const old = () => entry({ id: "old", kind: "link", issuedAt: Date.now() - 12.5 * 60_000 });
  const openLink = async (answers: Parameters<typeof openApp>[0] = {}) => {
    const view = await openForm({ link_in_force: () => old(), ...answers });
    await view.choice("field-give-link");
    await type(view.field("subject"), CASE_ID);
    return view;
  };

  it("warns before it ends another, and asks", async () => {
    const view = await openLink();
    const said = await view.findByTestId("link-ends");
    expect(said.textContent).toBe("This ends the link issued 12 minutes ago.");
    clock.now = Date.now() + 60_000;
    await waitFor(() => expect(said.textContent).toContain("13 minutes ago"));
    clock.now = Date.now();
    await view.press();
    const confirm = await view.findByTestId("confirm");
    expect(confirm.textContent).toContain("This ends the link issued 12 minutes ago.");
    await view.choice("confirm-no");
    expect(view.callsOf("issue_token")).toEqual([]);
    await view.press();
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    expect(view.request()).toMatchObject({ kind: "link", subject: CASE_ID });
    expect(view.callsOf("link_in_force")[0]).toEqual({ workspaceId: "demo", subject: CASE_ID });
  });

  it("asks also where the button is faster than the warning", async () => {
    const view = await openLink();
    await view.press();
    await view.findByTestId("confirm");
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("asks nothing of a token, or of half an id, and goes on where it cannot be told", async () => {
    const view = await openLink({ link_in_force: () => Promise.reject(error()) });
    await view.choice("field-give-token");
    await new Promise((done) => setTimeout(done, 300));
    expect(view.callsOf("link_in_force")).toEqual([]);
    await view.choice("field-give-link");
    await type(view.field("subject"), CASE_ID.slice(0, 20));
    await new Promise((done) => setTimeout(done, 300));
    expect(view.callsOf("link_in_force")).toEqual([]);
    await type(view.field("subject"), CASE_ID);
    await view.press();
    await waitFor(() => expect(view.request()).toMatchObject({ kind: "link" }));
    expect(view.queryByTestId("confirm")).toBeNull();
  });
});

describe("workflows", () => {
  it("are named, picked by name, renamed and forgotten, and the name comes back", async () => {
    const saved = new Map<string, string>([["zzz", "Alpha"]]);
    const view = await openForm({
      known_workflows: () => [
        ...[...saved].map(([workflowId, name]) => ({ workflowId, name, saved: true })),
        { workflowId: "used", name: null, saved: false },
      ],
      save_workflow: (args) => {
        const { workflowId, name } = args as Record<string, string>;
        saved.set(workflowId ?? "", name ?? "");
      },
      forget_workflow: (args) => saved.delete((args as Record<string, string>).workflowId ?? ""),
    });
    await fireEvent.click(view.field("workflow"));
    expect((await view.findAllByTestId("field-workflow-option")).map(({ dataset }) => dataset.value)).toEqual(
      ["zzz", WORKFLOW_ID, "used"],
    );
    expect(view.queryByTestId("workflow-name-it")).toBeNull();
    await type(view.field("workflow"), "wf-new");
    await fireEvent.click(await view.findByTestId("workflow-name-it"));
    const name = await view.findByTestId("workflow-name");
    // Two of a name could not be told apart.
    await type(name, " alpha ");
    await fireEvent.click(view.getByTestId("workflow-name-save"));
    expect((await view.findByTestId("workflow-name-fault")).textContent).toBe(
      "Another workflow has this name",
    );
    await type(name, "Beta");
    await fireEvent.click(view.getByTestId("workflow-name-save"));
    await waitFor(() => expect(saved.get("wf-new")).toBe("Beta"));
    await fireEvent.blur(view.field("workflow"));
    await waitFor(() => expect(view.field("workflow").value).toBe("Beta"));
    await waitFor(() => expect(view.queryByTestId("workflow-name-dialog")).toBeNull());

    await view.menu("workflow-menu", "workflow-rename");
    await type(await view.findByTestId("workflow-name"), "Gamma");
    await fireEvent.keyDown(view.getByTestId("workflow-name"), { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(view.field("workflow").value).toBe("Gamma"));
    await waitFor(() => expect(view.queryByTestId("workflow-name-dialog")).toBeNull());

    await view.menu("workflow-menu", "workflow-forget");
    await waitFor(() => expect(saved.has("wf-new")).toBe(false));
    await waitFor(() => expect(view.field("workflow").value).toBe("wf-new"));
    await view.undo("The name Gamma was forgotten.");
    await waitFor(() => expect(view.field("workflow").value).toBe("Gamma"));
  });
});

describe("presets", () => {
  const request = (changes: Partial<IssueRequest> = {}): IssueRequest => ({
    workspaceId: "demo",
    api: "workflows",
    kind: "run",
    workflowId: WORKFLOW_ID,
    subject: "",
    parametersId: "",
    lang: "pl",
    parameters: '{"limit":1.10}',
    minutes: 240,
    send: false,
    label: "",
    purpose: "handOver",
    ...changes,
  });
  function shelf() {
    let list: Preset[] = [
      { id: "p1", name: "Poland", workspaceId: "demo", request: request(), createdAt: 1 },
    ];
    let last = 1;
    return {
      names: () => list.map(({ name }) => name),
      answers: {
        presets: () => [...list],
        save_preset: (args: { name: string; request: IssueRequest }) => {
          const same = list.find(({ name }) => name.toLowerCase() === args.name.toLowerCase());
          const made = {
            id: same?.id ?? `p${++last}`,
            name: args.name,
            workspaceId: "demo",
            request: args.request,
            createdAt: 1,
          };
          list = [...list.filter(({ id }) => id !== made.id), made];
          return made;
        },
        forget_preset: (args: { id: string }) => {
          const gone = list.find(({ id }) => id === args.id);
          list = list.filter(({ id }) => id !== args.id);
          return gone;
        },
        export_presets: () => "/home/x/presets.json",
        import_presets: () => {
          list = [
            ...list,
            { id: "p9", name: "Poland (2)", workspaceId: "demo", request: request(), createdAt: 2 },
          ];
          return { added: 1, names: ["Poland (2)"] };
        },
      } as unknown as Parameters<typeof openApp>[0],
    };
  }

  it("fill the form in, and what was typed can be had back", async () => {
    const view = await openForm(shelf().answers);
    await type(view.field("label"), "typed");
    await type(view.field("subject"), CASE_ID);
    await view.menu("presets", "preset-apply");
    await view.findByTestId("parameters-row");
    expect([view.field("duration").value, view.field("label").value, view.field("subject").value]).toEqual([
      "240",
      "",
      "",
    ]);
    await view.press();
    await waitFor(() => expect(view.request()).toEqual(request()));
    await view.undo("Filled in from Poland.");
    await waitFor(() => expect(view.field("label").value).toBe("typed"));
    expect(view.field("subject").value).toBe(CASE_ID);
    expect(view.getByTestId("field-api-v2").getAttribute("aria-checked")).toBe("true");
  });

  it("fill the form in by Alt and their number, but not over a dialog", async () => {
    const view = await openForm(shelf().answers);
    await waitFor(() => expect(view.callsOf("presets").length).toBeGreaterThan(0));
    const alt = (code: string) => fireEvent.keyDown(view.field("label"), { code, key: "¡", altKey: true });
    await alt("Digit2");
    expect(view.queryByTestId("parameters")).toBeNull();
    app.shortcutsOpen = true;
    await view.findByRole("dialog");
    await alt("Digit1");
    expect(view.queryByTestId("parameters")).toBeNull();
    app.shortcutsOpen = false;
    await waitFor(() => expect(view.queryByRole("dialog")).toBeNull());
    await alt("Digit1");
    await view.findByTestId("parameters-row");
  });

  it("take the whole form, and say that they replace one", async () => {
    const { answers, names } = shelf();
    const view = await openForm(answers);
    await type(view.field("label"), "ticket 1");
    await view.menu("presets", "preset-save");
    await type(await view.findByTestId("preset-name"), "poland");
    expect(view.getByTestId("preset-name-dialog").textContent).toContain("This replaces Poland.");
    await fireEvent.click(view.getByTestId("preset-name-save"));
    await waitFor(() => expect(view.queryByTestId("preset-name-dialog")).toBeNull());
    expect(view.callsOf("save_preset")).toEqual([
      { name: "poland", request: expect.objectContaining({ api: "v2", label: "ticket 1" }) },
    ]);
    await view.undo("poland was replaced.");
    await waitFor(() => expect(names()).toEqual(["Poland"]));
    expect(view.callsOf("save_preset").at(-1)).toEqual({ name: "Poland", request: request() });
  });

  it("shows the host's error at the name, and keeps the dialog", async () => {
    const refusal = error({ code: "invalid_input", field: "presetName", title: "Not a name" });
    const view = await openForm({ save_preset: () => Promise.reject(refusal) });
    await view.menu("presets", "preset-save");
    await fireEvent.click(await view.findByTestId("preset-name-save"));
    expect((await view.findByTestId("preset-name-fault")).textContent).toBe("Give it a name");
    await type(view.getByTestId("preset-name"), "One");
    await fireEvent.click(view.getByTestId("preset-name-save"));
    const block = await within(view.getByTestId("preset-name-dialog")).findByTestId("error-block");
    expect(block.textContent).toContain("Not a name");
    expect((view.getByTestId("preset-name") as HTMLInputElement).value).toBe("One");
  });

  it("are renamed, deleted with a way back, exported and imported", async () => {
    const { answers, names } = shelf();
    const view = await openForm(answers);
    await view.menu("presets", "preset-manage");
    await fireEvent.click(await view.findByTestId("preset-rename"));
    await type(await view.findByTestId("preset-new-name"), "Polska");
    await fireEvent.click(view.getByTestId("preset-new-name-save"));
    await waitFor(() => expect(names()).toEqual(["Polska"]));
    await fireEvent.click(view.getByTestId("presets-import"));
    await waitFor(() => expect(view.getAllByTestId("preset-row")).toHaveLength(2));
    await waitFor(() => expect(view.getByTestId("presets-import").getAttribute("aria-busy")).toBe("false"));
    await fireEvent.click(view.getByTestId("presets-export"));
    await waitFor(() => expect(view.callsOf("export_presets")).toEqual([{ workspaceId: "demo" }]));
    await fireEvent.click(view.getAllByTestId("preset-delete")[0] as HTMLElement);
    await waitFor(() => expect(names()).toEqual(["Poland (2)"]));
    await view.undo("Polska was deleted.");
    await waitFor(() => expect(names()).toEqual(["Poland (2)", "Polska"]));
    await waitFor(() => expect(view.getAllByTestId("preset-row")).toHaveLength(2));
  });
});

describe("what is typed", () => {
  it("comes back after a reset and after the form was filled from the history", async () => {
    const view = await openForm();
    await type(view.field("label"), "typed");
    await view.choice("issue-reset");
    expect(view.field("label").value).toBe("");
    await view.undo("The form was reset.");
    await waitFor(() => expect(view.field("label").value).toBe("typed"));
    issue.fillFrom(entry({ label: "of the entry" }));
    await waitFor(() => expect(view.field("label").value).toBe("of the entry"));
    await view.undo("The form was filled in anew.");
    await waitFor(() => expect(view.field("label").value).toBe("typed"));
  });

  it("is not offered back where nothing was lost", async () => {
    const view = await openForm();
    await type(view.field("label"), "sent");
    await view.press();
    await view.findByTestId("token-card");
    await view.choice("issue-reset");
    expect(view.queryAllByTestId("toast")).toEqual([]);
  });
});
