import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { AppState, Workspace, WorkspaceDraft } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { keepInputs } from "../src/lib/state/kept";
import { appState, demo, error, openApp, velmora } from "./host";

const type = (input: HTMLElement, value: string) => fireEvent.input(input, { target: { value } });
const report = {
  at: 1,
  ok: true,
  headline: "Connection works",
  steps: [{ name: "Host answers", outcome: "passed", detail: "" }],
  error: null,
};

async function openDialog(answers: Parameters<typeof openApp>[0] = {}, id = "new", rotate = false) {
  app.screen = "workspaces";
  const view = await openApp(answers);
  app.edit(id, rotate);
  await view.findByTestId("workspace-dialog");
  const field = (name: string) => view.getByTestId(`workspace-${name}`) as HTMLInputElement;
  return { ...view, field, save: () => fireEvent.click(view.getByTestId("workspace-save")) };
}

describe("the workspace dialog", () => {
  it("begins at the name, with the vendor's hosts and an organization token", async () => {
    const view = await openDialog();
    await waitFor(() => expect(document.activeElement).toBe(view.field("name")));
    expect(view.field("hosts").textContent).toContain("api.transactionlink.io, widget.transactionlink.io");
    expect(view.field("organization-token").type).toBe("password");
    expect(view.field("keeping").textContent).toContain("Will be kept in GNOME Keyring");
  });

  it("saves nothing that is faulty, and says where", async () => {
    const view = await openDialog();
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("name")));
    expect(view.getByTestId("workspace-name-fault").textContent).toBe("Give it a name");
    await type(view.field("name"), "Velmora");
    await waitFor(() => expect(view.queryByTestId("workspace-name-fault")).toBeNull());
    await fireEvent.click(view.getByTestId("workspace-auth-keySecret"));
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("key")));
    expect(view.getByTestId("workspace-secret-fault").textContent).toBe("The secret is missing");
    expect(view.callsOf("add_workspace")).toEqual([]);
  });

  it("opens the hosts where their fault is", async () => {
    const view = await openDialog();
    await fireEvent.click(view.field("hosts"));
    await type(view.field("api-host"), "two words");
    await type(view.field("name"), "Velmora");
    await type(view.field("organization-token"), "tot_abc");
    await fireEvent.click(view.field("hosts"));
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("api-host")));
    expect(view.callsOf("add_workspace")).toEqual([]);
  });

  it("saves on Ctrl+Enter, and the new workspace is the chosen one", async () => {
    const added: Workspace = { ...velmora, id: "w2", name: "Tarnwell" };
    let known: AppState = appState();
    const view = await openDialog({
      app_state: () => known,
      add_workspace: () => {
        known = appState({ workspaces: [demo, velmora, added] });
        return added;
      },
    });
    await type(view.field("name"), " Tarnwell ");
    await type(view.field("organization-token"), "tot_abc");
    await fireEvent.keyDown(view.field("name"), { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(view.queryByTestId("workspace-dialog")).toBeNull());
    const draft = view.callsOf("add_workspace")[0]?.draft as WorkspaceDraft;
    expect(draft).toMatchObject({ name: "Tarnwell", organizationToken: "tot_abc", sessionOnly: false });
    expect(app.workspace?.id).toBe("w2");
    expect((await view.findByTestId("toast")).textContent).toContain("Kept in GNOME Keyring.");
  });

  it("keeps what was typed when the host refuses, with the error at its field", async () => {
    const view = await openDialog({
      add_workspace: () =>
        Promise.reject(error({ code: "invalid_input", title: "The name is taken", field: "name" })),
    });
    await type(view.field("name"), "Velmora");
    await type(view.field("organization-token"), "tot_abc");
    await view.save();
    const block = await view.findByTestId("error-block");
    expect(block.closest(".field")?.contains(view.field("name"))).toBe(true);
    expect([view.field("name").value, view.field("organization-token").value]).toEqual([
      "Velmora",
      "tot_abc",
    ]);
    expect(app.editing).toBe("new");
  });

  it("tests what is typed, before it has a name, and forgets the report when that changes", async () => {
    const view = await openDialog({ test_draft: () => report });
    await fireEvent.click(view.field("test"));
    await waitFor(() => expect(document.activeElement).toBe(view.field("organization-token")));
    expect(view.callsOf("test_draft")).toEqual([]);
    await type(view.field("organization-token"), "tot_abc");
    await fireEvent.click(view.field("test"));
    expect((await view.findByTestId("test-report")).textContent).toContain("Host answers");
    expect(view.callsOf("test_draft")[0]).toMatchObject({
      id: null,
      draft: { organizationToken: "tot_abc" },
    });
    await type(view.field("organization-token"), "tot_abcd");
    await waitFor(() => expect(view.queryByTestId("test-report")).toBeNull());
  });

  it("asks before it throws away what was typed, and only then", async () => {
    const view = await openDialog();
    await fireEvent.click(view.field("cancel"));
    await waitFor(() => expect(view.queryByTestId("workspace-dialog")).toBeNull());
    expect(view.queryByTestId("confirm")).toBeNull();
    app.edit("new");
    await view.findByTestId("workspace-dialog");
    await type(view.field("name"), "V");
    await fireEvent.keyDown(view.field("name"), { key: "Escape" });
    await view.findByTestId("confirm");
    await fireEvent.click(view.getByTestId("confirm-no"));
    await waitFor(() => expect(view.queryByTestId("confirm")).toBeNull());
    expect(view.field("name").value).toBe("V");
    await fireEvent.keyDown(view.field("name"), { key: "Escape" });
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(view.queryByTestId("workspace-dialog")).toBeNull());
  });

  it("keeps nothing for the session unasked where there is no keychain", async () => {
    const view = await openDialog({
      app_state: () => appState({ keychain: { state: "unavailable", detail: "none", hint: "Start one." } }),
      add_workspace: () => velmora,
    });
    await type(view.field("name"), "Velmora");
    await type(view.field("organization-token"), "tot_abc");
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("session-only")));
    expect(view.callsOf("add_workspace")).toEqual([]);
    await fireEvent.click(view.field("session-only"));
    await view.save();
    await waitFor(() => expect(view.callsOf("add_workspace")[0]?.draft).toMatchObject({ sessionOnly: true }));
  });

  it("edits without asking for the credential again, and rotates it alone", async () => {
    const view = await openDialog({ update_workspace: () => velmora }, "w1");
    app.choose("demo");
    expect(view.field("name").value).toBe("Velmora");
    await type(view.field("name"), "Velmora 2");
    await view.save();
    await waitFor(() =>
      expect(view.callsOf("update_workspace")[0]).toMatchObject({
        id: "w1",
        draft: { name: "Velmora 2", organizationToken: "", apiHost: "api.transactionlink.io" },
      }),
    );
    await waitFor(() => expect(view.queryByTestId("workspace-dialog")).toBeNull());
    expect(app.workspace?.id).toBe("demo");
    app.edit("w1", true);
    await view.findByTestId("workspace-dialog");
    expect(view.queryByTestId("workspace-name")).toBeNull();
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("organization-token")));
    expect(view.callsOf("update_workspace")).toHaveLength(1);
  });
});

describe("the list of workspaces", () => {
  it("says where each credential is, and asks before it forgets one", async () => {
    app.screen = "workspaces";
    const missing: Workspace = { ...velmora, id: "w2", name: "Orrin", credential: { state: "missing" } };
    const view = await openApp({
      app_state: () => appState({ workspaces: [demo, velmora, missing] }),
      forget_workspace: () => null,
    });
    app.go("workspaces");
    const rows = await view.findAllByTestId("workspace-row");
    expect(rows.map((row) => row.dataset.credential)).toEqual(["present", "present", "missing"]);
    expect(rows[1]?.textContent).toMatch(/Ends in 9f2c\s+Kept in GNOME Keyring/);
    expect(rows[2]?.textContent).toContain("Enter credential…");
    await fireEvent.keyDown(view.getAllByTestId("workspace-menu")[0] as HTMLElement, { key: "Enter" });
    await fireEvent.click(await view.findByTestId("workspace-forget"));
    expect((await view.findByTestId("confirm")).textContent).toContain("Forget Velmora?");
    expect(view.callsOf("forget_workspace")).toEqual([]);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("forget_workspace")).toEqual([{ id: "w1" }]));
  });
});

describe("a kept credential and its host", () => {
  it("is asked for again when the host changes, and kept when it is only written otherwise", async () => {
    const view = await openDialog({ update_workspace: () => velmora }, "w1");
    await fireEvent.click(view.field("hosts"));
    await type(view.field("api-host"), "api.elsewhere.example");
    expect((await view.findByTestId("workspace-kept-for-host")).textContent).toContain(
      "api.transactionlink.io",
    );
    await view.save();
    await waitFor(() => expect(document.activeElement).toBe(view.field("organization-token")));
    expect(view.callsOf("update_workspace")).toEqual([]);
    await type(view.field("api-host"), " https://API.transactionlink.io/ ");
    await waitFor(() => expect(view.queryByTestId("workspace-kept-for-host")).toBeNull());
    await view.save();
    await waitFor(() => expect(view.callsOf("update_workspace")).toHaveLength(1));
  });

  it("shows a host so that it means the same when it is saved again", async () => {
    const local = { ...velmora, apiHost: "https://127.0.0.1:9460", widgetHost: "http://127.0.0.1:9460" };
    const view = await openDialog({ app_state: () => appState({ workspaces: [demo, local] }) }, "w1");
    expect(view.field("api-host").value).toBe("https://127.0.0.1:9460");
    expect(view.field("widget-host").value).toBe("http://127.0.0.1:9460");
  });
});

describe("how a workspace was tested", () => {
  const tested = (at: number, ok: boolean): Workspace => ({ ...velmora, lastTest: { at, ok } });
  const failed = {
    ...report,
    at: 5,
    ok: false,
    headline: "Connection does not work",
    steps: [{ name: "Credential not accepted", outcome: "failed", detail: "HTTP 401" }],
  };

  it.each([
    [null, "Not tested yet"],
    [{ at: 1, ok: false }, "Last test failed"],
    [{ at: 1, ok: true }, "Ready"],
  ])("is what the sidebar says of it: %j", async (lastTest, words) => {
    const view = await openApp({
      app_state: () => appState({ workspaces: [demo, { ...velmora, lastTest }] }),
    });
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("connection").textContent).toContain(words));
  });

  it("is told when a workspace is saved whose test failed", async () => {
    const view = await openDialog({ update_workspace: () => tested(5, false) }, "w1");
    await type(view.field("name"), "Velmora 2");
    await view.save();
    expect((await view.findByTestId("toast")).textContent).toContain("Its last connection test failed.");
  });

  it("is shown beside what was tested and not beside what came after", async () => {
    app.screen = "workspaces";
    let known = velmora;
    const view = await openApp({
      app_state: () => appState({ workspaces: [demo, known] }),
      test_workspace: () => {
        known = tested(5, false);
        return failed;
      },
    });
    app.go("workspaces");
    const buttons = await view.findAllByTestId("workspace-row-test");
    await fireEvent.click(buttons[1] as HTMLElement);
    expect((await view.findByTestId("test-report")).textContent).toContain("Credential not accepted");
    // A new credential was saved, tested in the dialog or not at all.
    for (const after of [tested(9, true), velmora]) {
      known = after;
      await app.refresh();
      await waitFor(() => expect(view.queryByTestId("test-report")).toBeNull());
    }
  });

  it("leaves no ids of a forgotten workspace behind", async () => {
    app.screen = "workspaces";
    const view = await openApp({ forget_workspace: () => null });
    keepInputs("w1", { tables: ["a-table-id"] });
    keepInputs("demo", { tables: ["another"] });
    app.go("workspaces");
    await fireEvent.keyDown((await view.findAllByTestId("workspace-menu"))[0] as HTMLElement, {
      key: "Enter",
    });
    await fireEvent.click(await view.findByTestId("workspace-forget"));
    await fireEvent.click(await view.findByTestId("confirm-yes"));
    await waitFor(() => expect(Object.keys(app.preferences?.inputs ?? {})).toEqual(["demo"]));
  });
});
