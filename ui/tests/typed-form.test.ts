import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { addRow, openForm, type } from "./form";
import { appState, CASE_ID, demo, entry, velmora } from "./host";

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

  it("stays in the form of its own workspace when a removed parameter is given back", async () => {
    const view = await openForm({ app_state: () => appState({ workspaces: [demo, velmora] }) });
    await view.choice("field-api-workflows");
    await addRow(view, "pesel", "string", "44051401458");
    await fireEvent.click(view.getByTestId("parameters-remove"));
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(false));
    await view.undo("The parameter pesel was removed.");
    expect(view.queryByTestId("parameters-row")).toBeNull();
    expect(issue.request().parameters).toBe("");
    // The way back stays open, and leads to where the row was.
    expect(view.getByTestId("toast").textContent).toContain("Other values stand here now.");
    app.choose("demo");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(true));
    await view.undo("The parameter pesel was removed.");
    await waitFor(() => expect(issue.request().parameters).toBe('{"pesel":"44051401458"}'));
    expect(view.queryByTestId("toast")).toBeNull();
  });

  it("is given back to JSON once that is mended", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "a", "number", "1");
    await fireEvent.click(view.getByTestId("parameters-remove"));
    await view.choice("parameters-mode");
    const area = await view.findByTestId("parameters-json");
    await type(area, '{"b": }');
    await view.undo("The parameter a was removed.");
    expect(view.getByTestId("toast").textContent).toContain("The JSON has to be mended first.");
    await type(area, '{"b": 2}');
    await view.undo("The parameter a was removed.");
    await waitFor(() => expect(issue.request().parameters).toBe('{"a":1,"b":2}'));
  });

  it("does not go along into the form of another workspace that an entry fills", async () => {
    const view = await openForm({ app_state: () => appState({ workspaces: [demo, velmora] }) });
    // Typed for Velmora, and put away.
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(false));
    await view.choice("field-api-v1");
    await type(view.field("subject"), "typed for Velmora");
    app.choose("demo");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(true));
    await view.choice("field-api-v1");
    await type(view.field("subject"), CASE_ID);
    issue.fillFrom(entry({ workspaceId: "w1", api: "v2", label: "of the entry" }));
    await waitFor(() => expect(view.field("label").value).toBe("of the entry"));
    await view.choice("field-api-v1");
    await waitFor(() => expect(view.field("subject").value).toBe("typed for Velmora"));
  });

  it("is forgotten with its workspace", async () => {
    let workspaces = [demo, velmora];
    const view = await openForm({
      app_state: () => appState({ workspaces }),
      forget_workspace: () => void (workspaces = [demo]),
    });
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(false));
    await view.choice("field-api-v1");
    await type(view.field("subject"), CASE_ID);
    await view.choice("subject-create");
    await type(await view.findByTestId("case-firstName"), "Jan");
    app.go("workspaces");
    const row = (await view.findByText("Velmora", { selector: "li *" })).closest("li") as HTMLElement;
    await fireEvent.keyDown(within(row).getByTestId("workspace-menu"), { key: "Enter" });
    await fireEvent.click(await view.findByTestId("workspace-forget"));
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(app.workspaces).toHaveLength(1));
    // Were it to come back under the same id, nobody would find what was typed before.
    workspaces = [demo, velmora];
    await app.refresh();
    app.choose("w1");
    app.go("issue");
    await waitFor(() => expect(view.queryByTestId("field-workflow")).not.toBeNull());
    await view.choice("field-api-v1");
    expect(view.field("subject").value).toBe("");
    await view.choice("subject-create");
    expect(((await view.findByTestId("case-firstName")) as HTMLInputElement).value).toBe("");
    app.choose("demo");
  });

  it("is not red before it is typed, once a form with faults was sent after all", async () => {
    const view = await openForm();
    await view.choice("field-api-workflows");
    await addRow(view, "a", "number", "x");
    await view.press();
    await view.findByTestId("parameters-row-fault");
    await type(view.getByTestId("parameters-value"), "1");
    await view.press();
    await view.findByTestId("token-card");
    await view.choice("parameters-add");
    await waitFor(() => expect(view.getAllByTestId("parameters-row")).toHaveLength(2));
    expect(view.queryByTestId("parameters-row-fault")).toBeNull();
  });
});
