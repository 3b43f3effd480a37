import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { IssueRequest, Preset } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { addRow, choose, openForm, type, type Answers } from "./form";
import { CASE_ID, error, WORKFLOW_ID } from "./host";

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
      { id: "p1", name: "Poland", workspaceId: "demo", request: request(), withSubject: false, createdAt: 1 },
    ];
    let last = 1;
    return {
      names: () => list.map(({ name }) => name),
      answers: {
        presets: () => [...list],
        save_preset: (args: { name: string; request: IssueRequest; withSubject: boolean }) => {
          const same = list.find(({ name }) => name.toLowerCase() === args.name.toLowerCase());
          const made = {
            id: same?.id ?? `p${++last}`,
            name: args.name,
            workspaceId: "demo",
            request: args.request,
            withSubject: args.withSubject,
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
            {
              id: "p9",
              name: "Poland (2)",
              workspaceId: "demo",
              request: request(),
              withSubject: false,
              createdAt: 2,
            },
          ];
          return { added: 1, names: ["Poland (2)"] };
        },
      } as unknown as Answers,
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
      {
        name: "poland",
        request: expect.objectContaining({ api: "v2", label: "ticket 1" }),
        withSubject: false,
      },
    ]);
    await view.undo("poland was replaced.");
    await waitFor(() => expect(names()).toEqual(["Poland"]));
    expect(view.callsOf("save_preset").at(-1)).toEqual({
      name: "Poland",
      request: request(),
      withSubject: false,
    });
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

  it("are deleted with a way back by mouse or key, while their dialog stays open", async () => {
    const { answers, names } = shelf();
    const view = await openForm(answers);
    await view.menu("presets", "preset-manage");
    await fireEvent.click(await view.findByTestId("preset-delete"));
    await waitFor(() => expect(names()).toEqual([]));
    const undo = await view.findByTestId("toast-action");
    // jsdom's pointer events have no place.
    const pressed = () =>
      new MouseEvent("pointerdown", { bubbles: true, cancelable: true, clientX: 5, clientY: 5 });
    await fireEvent(undo, pressed());
    // A press outside counts a moment later, as does the click of a finger.
    await new Promise((done) => setTimeout(done, 50));
    await fireEvent.click(undo);
    await waitFor(() => expect(names()).toEqual(["Poland"]));
    expect(view.getByTestId("presets-dialog")).toBeTruthy();
    await waitFor(() => expect(view.getAllByTestId("preset-row")).toHaveLength(1));

    await fireEvent.click(view.getByTestId("preset-delete"));
    await waitFor(() => expect(names()).toEqual([]));
    await view.findByTestId("toast-action");
    await fireEvent.keyDown(view.getByTestId("presets-close"), { key: "z", ctrlKey: true });
    await waitFor(() => expect(names()).toEqual(["Poland"]));
    expect(view.getByTestId("presets-dialog")).toBeTruthy();

    const veil = document.querySelector(".dialog-veil") as HTMLElement;
    await fireEvent(veil, pressed());
    await waitFor(() => expect(view.queryByTestId("presets-dialog")).toBeNull());
  });

  it("are not taken of a form with faults", async () => {
    const view = await openForm(shelf().answers);
    await view.choice("field-api-workflows");
    await choose(view.field("duration"), "custom");
    await choose(await view.findByTestId("field-unit"), "minutes");
    await type(view.field("minutes"), "20");
    await addRow(view, "address", "object", '{"city": "Gdy');
    const saveAs = async (name: string) => {
      await view.menu("presets", "preset-save");
      await type(await view.findByTestId("preset-name"), name);
      await fireEvent.click(view.getByTestId("preset-name-save"));
      return (await view.findByTestId("preset-name-fault")).textContent;
    };
    expect(await saveAs("One")).toContain("Mend the parameters first: A string");
    await view.choice("preset-name-cancel");
    await waitFor(() => expect(view.queryByTestId("preset-name-dialog")).toBeNull());
    await type(view.getByTestId("parameters-value"), '{"city": "Gdynia"}');
    expect(await saveAs("One")).toContain("Mend “Ends after” first: At least 30 minutes");
    expect(view.callsOf("save_preset")).toEqual([]);
  });

  it("keep their dialog open while they are saved, and say why they were not", async () => {
    let refuse: (reason: unknown) => void = () => undefined;
    const view = await openForm({ save_preset: () => new Promise((_, reject) => (refuse = reject)) });
    await view.menu("presets", "preset-save");
    const name = await view.findByTestId("preset-name");
    await type(name, "One");
    await fireEvent.click(view.getByTestId("preset-name-save"));
    await waitFor(() => expect(view.getByTestId("preset-name-save").getAttribute("aria-busy")).toBe("true"));
    await fireEvent.keyDown(name, { key: "Escape" });
    expect(view.getByTestId("preset-name-dialog")).toBeTruthy();
    refuse(error({ field: null, title: "The disk is full" }));
    const block = await within(view.getByTestId("preset-name-dialog")).findByTestId("error-block");
    expect(block.textContent).toContain("The disk is full");
    await fireEvent.keyDown(name, { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("preset-name-dialog")).toBeNull());
  });
});
