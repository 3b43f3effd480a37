import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { AppState } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { appState, CASE_ID, demo, error, openApp, velmora, WORKFLOW_ID } from "./host";

const locked = appState({
  keychain: { state: "locked", hint: "Unlock it." },
  storage: { state: "waiting" },
  workspaces: [demo],
});

/** Opens the window with a live workspace chosen last, and nothing known of it but its name. */
async function openWaiting(answers: Parameters<typeof openApp>[0] = {}) {
  let state: AppState = locked;
  const kept: Record<string, unknown> = {
    workspaceId: "w1",
    workspaceName: "Velmora",
    inputs: { w1: { api: "v2", workflowId: WORKFLOW_ID, parametersId: "", lang: "pl" } },
  };
  app.screen = "issue";
  const view = await openApp({
    "plugin:store|get": (args) => [kept[args["key"] ?? ""] ?? null, (args["key"] ?? "") in kept],
    app_state: () => state,
    ...answers,
  });
  return {
    ...view,
    field: (name: string) => view.getByTestId(`field-${name}`) as HTMLInputElement,
    become: async (next: AppState) => {
      state = next;
      await emit("state-changed", null);
    },
  };
}

describe("before the database is open", () => {
  it("the live workspace of last time is no demo, and its keychain is said to be locked", async () => {
    const view = await openWaiting();
    const switcher = view.getByTestId("workspace-switcher");
    expect(switcher.textContent).toMatch(/Velmora\s*locked/);
    expect(view.queryByTestId("demo-strip")).toBeNull();
    expect(view.queryByTestId("demo-banner")).toBeNull();
    expect(view.container.textContent).not.toContain("DEMO");
  });

  it("the form can be filled in, and issuing says what it waits for", async () => {
    const view = await openWaiting({
      issue_token: () =>
        Promise.reject(error({ code: "keychain_locked", title: "Waiting for your keychain", field: null })),
    });
    await fireEvent.input(view.field("workflow"), { target: { value: WORKFLOW_ID } });
    await fireEvent.input(view.field("subject"), { target: { value: CASE_ID } });
    await fireEvent.click(view.getByTestId("issue-submit"));
    expect((await view.findByTestId("error-block")).textContent).toContain("Waiting for your keychain");
    expect(view.callsOf("issue_token")[0]).toMatchObject({ request: { workspaceId: "w1" } });

    await view.become(appState());
    await waitFor(() => expect(view.getByTestId("workspace-switcher").textContent).toMatch(/Velmora\s*LIVE/));
    expect(app.workspace?.apiHost).toBe(velmora.apiHost);
    expect([view.field("workflow").value, view.field("subject").value]).toEqual([WORKFLOW_ID, CASE_ID]);
  });

  it("it is the demo once the database turns out not to have it", async () => {
    const view = await openWaiting();
    await view.become(appState({ workspaces: [demo] }));
    await view.findByTestId("demo-strip");
    expect(app.workspace?.id).toBe("demo");
  });

  it("the name of the chosen workspace is kept for the next start", async () => {
    const view = await openWaiting();
    await view.become(appState({ workspaces: [demo, { ...velmora, name: "Velmora 2" }] }));
    await waitFor(() =>
      expect(view.callsOf("plugin:store|set")).toContainEqual(
        expect.objectContaining({ key: "workspaceName", value: "Velmora 2" }),
      ),
    );
  });
});
