import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { app } from "../src/lib/state/app.svelte";
import { issue } from "../src/lib/state/issue.svelte";
import { CASE_ID, entry, error, openApp, WORKFLOW_ID } from "./host";

const refuse = (reason: unknown) => () => Promise.reject(reason);
const type = (input: HTMLElement, value: string) => fireEvent.input(input, { target: { value } });

async function openForm(answers: Parameters<typeof openApp>[0] = {}) {
  app.screen = "issue";
  const view = await openApp(answers);
  const field = (name: string) => view.getByTestId(`field-${name}`) as HTMLInputElement;
  await waitFor(() => expect(field("workflow").value).toBe("KYC individual – Poland"));
  return { ...view, field, press: () => fireEvent.click(view.getByTestId("issue-submit")) };
}

describe("the issue form", () => {
  it("is ready on the demo workspace, and sends what is in it", async () => {
    const view = await openForm({ issue_token: () => entry({ label: "ticket 1" }) });
    await type(view.field("subject"), ` ${CASE_ID} `);
    await type(view.field("label"), "ticket 1");
    await view.press();
    await view.findByTestId("token-card");
    expect(view.callsOf("issue_token")).toEqual([
      {
        request: {
          workspaceId: "demo",
          api: "v2",
          kind: "token",
          workflowId: WORKFLOW_ID,
          subject: CASE_ID,
          parametersId: "",
          lang: "en",
          parameters: "",
          minutes: null,
          send: false,
          label: "ticket 1",
          purpose: "handOver",
        },
      },
    ]);
  });

  it("puts the focus on the first faulty field, and calls nothing", async () => {
    const view = await openForm();
    await type(view.field("subject"), "7c1e40b2-93d5");
    await type(view.field("label"), "x".repeat(201));
    await view.press();
    await waitFor(() => expect(document.activeElement).toBe(view.field("subject")));
    expect(view.getByTestId("issue-subject-fault").textContent).toBe("Too short for an id");
    expect(view.getByTestId("issue-label-fault").textContent).toBe("At most 200 characters");
    expect(view.field("subject").getAttribute("aria-invalid")).toBe("true");
    expect(view.callsOf("issue_token")).toEqual([]);
    // The way out: the fault goes as it is mended, and then it is sent.
    await type(view.field("subject"), "");
    await waitFor(() => expect(view.queryByTestId("issue-subject-fault")).toBeNull());
  });

  it("asks v1 for a case id", async () => {
    const view = await openForm();
    await fireEvent.click(view.getByTestId("field-api-v1"));
    await type(view.field("subject"), "");
    await view.press();
    await waitFor(() => expect(document.activeElement).toBe(view.field("subject")));
    expect(view.getByTestId("issue-subject-fault").textContent).toBe("Token v1 needs a case id");
    expect(view.callsOf("issue_token")).toEqual([]);
  });

  it("shows the host's error at its field, and keeps all input", async () => {
    const view = await openForm({ issue_token: refuse(error()) });
    await type(view.field("subject"), CASE_ID);
    await type(view.field("label"), "ticket 1");
    await view.press();
    const block = await view.findByTestId("error-block");
    expect(block.closest(".field")?.contains(view.field("subject"))).toBe(true);
    for (const part of [
      "Record not found",
      "There is no record with this id.",
      "404 RESOURCE_NOT_FOUND",
      "9b2e7f4c…1042",
    ])
      expect(block.textContent).toContain(part);
    expect([view.field("subject").value, view.field("label").value]).toEqual([CASE_ID, "ticket 1"]);
    await waitFor(() => expect(document.activeElement).toBe(view.field("subject")));
    // It is gone once the field is changed.
    await type(view.field("subject"), "");
    await waitFor(() => expect(view.queryByTestId("error-block")).toBeNull());
  });

  it("shows an error with no field at the top, with a way on, beside the token of before", async () => {
    let answer: () => unknown = () => entry();
    const view = await openForm({ issue_token: () => answer() });
    await view.press();
    await view.findByTestId("token-card");
    answer = refuse(error({ code: "server_error", title: "The API failed", field: null, httpStatus: 500 }));
    // The same again within a moment would be a slip, and issue nothing.
    issue.justIssued.forget();
    await view.press();
    const block = await view.findByTestId("error-block");
    expect(block.closest(".field")).toBeNull();
    expect(view.getByTestId("token-card")).toBeTruthy();
    expect(view.getByTestId("attempt-failed").textContent).toContain("Last attempt failed");
    answer = () => entry({ id: "e1" });
    await fireEvent.click(view.getByTestId("error-retry"));
    await waitFor(() => expect(view.getByTestId("token-card").dataset.entry).toBe("e1"));
    expect(view.queryByTestId("attempt-failed")).toBeNull();
  });

  it("is busy while it waits, sends once, and Escape cancels", async () => {
    let stop: (reason: unknown) => void = () => undefined;
    const view = await openForm({
      issue_token: () => new Promise((_, reject) => (stop = reject)),
      cancel_issue: () => stop(error({ code: "cancelled", field: null })),
    });
    await fireEvent.keyDown(window, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(view.getByTestId("issue-submit").getAttribute("aria-busy")).toBe("true"));
    await view.press();
    expect(view.callsOf("issue_token")).toHaveLength(1);
    await fireEvent.keyDown(window, { key: "Escape" });
    await waitFor(() => expect(view.getByTestId("issue-submit").getAttribute("aria-busy")).toBe("false"));
    expect(view.queryByTestId("error-block")).toBeNull();
  });

  it("goes on when Escape is for something else", async () => {
    const view = await openForm({
      issue_token: () => new Promise(() => undefined),
      cancel_issue: () => null,
    });
    await view.press();
    await waitFor(() => expect(view.getByTestId("issue-submit").getAttribute("aria-busy")).toBe("true"));
    await fireEvent.click(view.field("lang"));
    await view.findAllByTestId("field-lang-option");
    await fireEvent.keyDown(view.field("lang"), { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("field-lang-option")).toBeNull());
    app.go("history");
    await fireEvent.keyDown(await view.findByTestId("history-search"), { key: "Escape" });
    expect(view.callsOf("cancel_issue")).toEqual([]);
    app.go("issue");
    await fireEvent.keyDown(await view.findByTestId("field-lang"), { key: "Escape" });
    expect(view.callsOf("cancel_issue")).toHaveLength(1);
  });

  it("takes what a search leaves alone on Enter, and sends no search text", async () => {
    const view = await openForm();
    await type(view.field("workflow"), "poland");
    await view.findByTestId("field-workflow-option");
    await fireEvent.keyDown(view.field("workflow"), { key: "Enter" });
    await waitFor(() => expect(view.field("workflow").value).toBe("KYC individual – Poland"));
    await type(view.field("lang"), "pol");
    await fireEvent.keyDown(view.field("lang"), { key: "Enter" });
    await waitFor(() => expect(view.field("lang").value).toBe("Polish"));
    expect(view.queryByTestId("field-lang-option")).toBeNull();
    // Several are left: what is typed stays.
    await type(view.field("lang"), "e");
    await fireEvent.keyDown(view.field("lang"), { key: "Enter" });
    expect(view.field("lang").value).toBe("e");
    expect(issue.lang).toBe("e");
    await fireEvent.keyDown(view.field("lang"), { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(view.queryByTestId("field-lang-option")).toBeNull());
  });

  it("asks before a preview uses up the token shown", async () => {
    const view = await openForm({
      issue_token: () => entry(),
      open_preview: () => ({ label: "preview-1", address: "http://localhost:1/" }),
    });
    await view.press();
    await fireEvent.click(await view.findByTestId("preview"));
    expect(view.callsOf("open_preview")).toEqual([{ entryId: "e0", useThisToken: false }]);
    await fireEvent.keyDown(view.getByTestId("entry-menu"), { key: "Enter" });
    await fireEvent.click(await view.findByTestId("preview-this-token"));
    expect((await view.findByTestId("confirm")).textContent).toContain("uses up the token you may have sent");
    expect(view.callsOf("open_preview")).toHaveLength(1);
    await fireEvent.click(view.getByTestId("confirm-yes"));
    await waitFor(() => expect(view.callsOf("open_preview")).toHaveLength(2));
    expect(view.callsOf("open_preview")[1]).toEqual({ entryId: "e0", useThisToken: true });
  });
});
