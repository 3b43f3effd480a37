import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { clock } from "../src/lib/state/clock.svelte";
import { openForm, type, type Answers } from "./form";
import { CASE_ID, entry, error } from "./host";

describe("a link", () => {
  const old = () => entry({ id: "old", kind: "link", issuedAt: Date.now() - 12.5 * 60_000 });
  const openLink = async (answers: Answers = {}) => {
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

  it("asks nothing of a token, or of half an id", async () => {
    const view = await openLink();
    await view.choice("field-give-token");
    await new Promise((done) => setTimeout(done, 300));
    expect(view.callsOf("link_in_force")).toEqual([]);
    await view.choice("field-give-link");
    await type(view.field("subject"), CASE_ID.slice(0, 20));
    await new Promise((done) => setTimeout(done, 300));
    expect(view.callsOf("link_in_force")).toEqual([]);
  });

  it("asks too where it could not be checked whether there is another", async () => {
    const view = await openLink({ link_in_force: () => Promise.reject(error()) });
    await view.press();
    expect((await view.findByTestId("confirm")).textContent).toContain("It could not be checked");
    expect(view.callsOf("issue_token")).toEqual([]);
    await view.choice("confirm-yes");
    await waitFor(() => expect(view.request()).toMatchObject({ kind: "link", subject: CASE_ID }));
  });

  it("is sent as it was when the button was pressed, and kept so", async () => {
    let look: (link: unknown) => void = () => undefined;
    const view = await openLink({ link_in_force: () => new Promise((done) => (look = done)) });
    await type(view.field("parameters"), "first");
    await view.press();
    await waitFor(() => expect(view.callsOf("link_in_force")).toHaveLength(1));
    await type(view.field("parameters"), "second");
    look(null);
    await waitFor(() => expect(view.request()?.parametersId).toBe("first"));
    const kept = () =>
      view
        .callsOf("plugin:store|set")
        .filter(({ key }) => key === "inputs")
        .at(-1)?.value;
    await waitFor(() => expect(kept()).toMatchObject({ demo: { parametersId: "first" } }));
    // What was typed since is nowhere else.
    await view.choice("issue-reset");
    await view.undo("The form was reset.");
    await waitFor(() => expect(view.field("parameters").value).toBe("second"));
  });

  it("is not asked about over another workspace's form", async () => {
    let look: (link: unknown) => void = () => undefined;
    const view = await openLink({ link_in_force: () => new Promise((done) => (look = done)) });
    await view.press();
    await waitFor(() => expect(view.callsOf("link_in_force")).toHaveLength(1));
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(false));
    look(old());
    expect((await view.findByTestId("toast")).textContent).toContain("No link was issued.");
    expect(view.queryByTestId("confirm")).toBeNull();
    expect(view.callsOf("issue_token")).toEqual([]);
    app.choose("demo");
  });

  it("is looked for once a subject, and what was said of another is gone at once", async () => {
    const view = await openLink();
    await view.findByTestId("link-ends");
    const asked = view.callsOf("link_in_force").length;
    await type(view.field("label"), "ticket 1");
    await new Promise((done) => setTimeout(done, 300));
    expect(view.callsOf("link_in_force")).toHaveLength(asked);
    await type(view.field("subject"), CASE_ID.replace("1", "2"));
    expect(view.queryByTestId("link-ends")).toBeNull();
    await view.findByTestId("link-ends");
  });
});
