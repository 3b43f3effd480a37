import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { FoundRecord, Tree } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { openForm, type } from "./form";
import { CASE_ID, entry, error } from "./host";

const RECORD_ID = "7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f";
const OTHER_ID = "0b6d3f5e-5a0e-4a53-8f0c-2d9c9a4be111";
const tree: Tree = { nodes: [], truncated: false, bytes: 2 };
const found = (id = RECORD_ID) => ({ id, createdAt: null, partyId: null, tree });
const record: FoundRecord = { id: RECORD_ID, version: 1, createdAt: null, updatedAt: null, tree };
const document = (name: string) => ({ resourceId: name, name, path: `resources/${name}`, bytes: 1 });

/** An answer that comes when the test says so. */
function later() {
  let done: (value: unknown) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const answer = () => new Promise((resolve, reject) => ([done, fail] = [resolve, reject]));
  return { answer, done: (value: unknown) => done(value), fail: (reason: unknown) => fail(reason) };
}

async function openPanel(
  tab: "create" | "look-up",
  answers: Parameters<typeof openForm>[0] = {},
  api = "v1",
) {
  const view = await openForm({ attachments: () => [], link_in_force: () => null, ...answers });
  if (api !== "v2") await view.choice(`field-api-${api}`);
  const open = async (tab: string) => {
    await view.choice(`subject-${tab}`);
    await view.findByTestId("subject-panel");
  };
  const input = (name: string) => view.getByTestId(name) as HTMLInputElement;
  await open(tab);
  return { ...view, open, input };
}

describe("a case being created", () => {
  it("is not changed meanwhile, and takes no more files", async () => {
    const making = later();
    const view = await openPanel("create", { create_case: making.answer, upload_documents: () => null });
    await type(view.input("case-firstName"), "Jan");
    view.input("case-firstName").focus();
    await fireEvent.keyDown(view.input("case-firstName"), { key: "Enter", ctrlKey: true });
    const panel = view.getByTestId("subject-panel");
    const fields = panel.querySelector(".fields") as HTMLElement;
    await waitFor(() => expect(fields.inert).toBe(true));
    expect(window.document.activeElement).toBe(panel);
    expect((view.getByTestId("case-documents-add") as HTMLButtonElement).disabled).toBe(true);
    // A second press is neither a second case nor the form's.
    await fireEvent.keyDown(panel, { key: "Enter", ctrlKey: true });
    expect(view.callsOf("create_case")).toHaveLength(1);
    expect(view.callsOf("issue_token")).toEqual([]);
    making.fail(error({ field: null, title: "No answer" }));
    expect((await view.findByTestId("error-block")).textContent).toContain("No answer");
    expect(fields.inert).toBe(false);
    await waitFor(() => expect(window.document.activeElement).toBe(view.input("case-firstName")));
    expect(view.input("case-firstName").value).toBe("Jan");
  });

  it("waits for its documents, and says so", async () => {
    const upload = later();
    const view = await openPanel("create", {
      upload_documents: upload.answer,
      create_case: () => found(),
    });
    await view.choice("case-documents-add");
    const submit = view.getByTestId("subject-submit") as HTMLButtonElement;
    await waitFor(() => expect(submit.disabled).toBe(true));
    expect(view.getByTestId("subject-hint").textContent).toBe("Its documents are still on their way.");
    await fireEvent.keyDown(view.input("case-firstName"), { key: "Enter", ctrlKey: true });
    expect(view.callsOf("create_case")).toEqual([]);
    upload.done({
      documents: [document("a.png")],
      error: error({ field: "file", title: "b.png is too large" }),
    });
    await view.findByTestId("case-document");
    const block = await view.findByTestId("error-block");
    expect(block.textContent).toContain("b.png is too large");
    expect(view.getAllByTestId("error-block")).toHaveLength(1);
    expect(submit.disabled).toBe(false);
    await view.choice("subject-submit");
    await waitFor(() =>
      expect(view.callsOf("create_case")[0]?.draft).toMatchObject({ documents: [document("a.png")] }),
    );
  });

  it("does not get a document back that was removed from the one before", async () => {
    const view = await openPanel("create", {
      upload_documents: () => ({ documents: [document("a.png")], error: null }),
      create_case: () => found(),
    });
    await view.choice("case-documents-add");
    await fireEvent.click(await view.findByTestId("case-document-remove"));
    await view.choice("subject-submit");
    await waitFor(() => expect(view.queryByTestId("subject-panel")).toBeNull());
    await view.undo("a.png was removed.");
    await view.open("create");
    expect(view.queryByTestId("case-document")).toBeNull();
  });

  it("is not held up by a file of another workspace, whose progress is not its own", async () => {
    const upload = later();
    const view = await openPanel("create", {
      upload_documents: upload.answer,
      create_case: () => found(),
    });
    await view.choice("case-documents-add");
    await view.findByTestId("case-upload");
    app.choose("w1");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(false));
    await view.choice("field-api-v1");
    await waitFor(() => expect(view.queryByTestId("case-firstName")).not.toBeNull());
    expect(view.queryByTestId("case-upload")).toBeNull();
    expect(view.getByTestId("case-documents-add").title).toBe("Another file is on its way");
    await view.choice("subject-submit");
    await waitFor(() => expect(view.callsOf("create_case")).toHaveLength(1));
    // What came for the other stays with it; what went wrong is said, for it is out of sight.
    upload.done({ documents: [document("a.png")], error: error({ field: "file", title: "Too large" }) });
    await view.findByText("Too large");
    app.choose("demo");
    await waitFor(() => expect(view.getByTestId("window").classList.contains("demo")).toBe(true));
    await view.open("create");
    await view.findByTestId("case-document");
  });

  it("puts its id in place of one that can be had back", async () => {
    const view = await openPanel("create", { create_case: () => found() });
    expect(view.field("subject").value).toBe(CASE_ID);
    await view.choice("subject-submit");
    await waitFor(() => expect(view.field("subject").value).toBe(RECORD_ID));
    await view.undo("its id is in the form");
    await waitFor(() => expect(view.field("subject").value).toBe(CASE_ID));
  });
});

describe("a look-up", () => {
  it("takes the form's id over when that changed, and else leaves what is typed", async () => {
    const view = await openPanel("look-up", {
      look_up_case: (args) => found((args as unknown as { id: string }).id),
    });
    expect(view.input("find-id").value).toBe(CASE_ID);
    await type(view.input("find-id"), OTHER_ID);
    await view.choice("subject-close");
    await view.open("look-up");
    expect(view.input("find-id").value).toBe(OTHER_ID);
    await view.choice("find-submit");
    await view.findByTestId("found");
    await view.choice("subject-close");
    await view.open("look-up");
    expect(view.getByTestId("found").dataset.id).toBe(OTHER_ID);
    // Another id in the form is another case.
    await type(view.field("subject"), RECORD_ID);
    await view.choice("subject-close");
    await view.open("look-up");
    expect(view.input("find-id").value).toBe(RECORD_ID);
    expect(view.queryByTestId("found")).toBeNull();
  });

  it("that fails is told of in its own tab", async () => {
    const looking = later();
    const view = await openPanel("look-up", { look_up_case: looking.answer });
    await view.choice("find-submit");
    await view.choice("subject-tab-new");
    expect(view.getByTestId("subject-submit").getAttribute("aria-busy")).toBe("false");
    looking.fail(error({ field: null, title: "No such case" }));
    expect((await view.findByTestId("toast")).textContent).toContain("No such case");
    expect(view.queryByTestId("error-block")).toBeNull();
    await view.choice("subject-tab-find");
    expect((await view.findByTestId("error-block")).textContent).toContain("No such case");
  });

  it("says once that an attachment did not get there", async () => {
    const upload = later();
    const view = await openPanel(
      "look-up",
      { look_up_record: () => record, upload_attachment: upload.answer },
      "v2",
    );
    await type(view.input("record-table"), "customers");
    await type(view.input("find-id"), RECORD_ID);
    await view.choice("find-submit");
    await fireEvent.click(await view.findByTestId("attachment-add"));
    await view.findByTestId("attachment-transfer");
    expect((view.getByTestId("find-submit") as HTMLButtonElement).disabled).toBe(true);
    expect(view.getByTestId("subject-panel").textContent).toContain(
      "A file of this record is still on its way.",
    );
    upload.fail(error({ field: "file", title: "File too large" }));
    const block = await view.findByTestId("error-block");
    expect(view.getAllByTestId("error-block")).toEqual([block]);
    expect(block.closest("section")?.getAttribute("aria-labelledby")).toBe("attachments-title");
  });
});

describe("the panel", () => {
  it("covers the token, and leaves the window its keys", async () => {
    const view = await openPanel("create", { issue_token: () => entry() });
    const panel = view.getByTestId("subject-panel");
    const token = view.getByRole("region", { name: "Token", hidden: true });
    expect(token.inert).toBe(true);
    expect(panel.getAttribute("role")).toBe("region");
    await fireEvent.keyDown(view.input("case-firstName"), { key: "2", ctrlKey: true });
    expect(app.screen).toBe("runs");
    await fireEvent.keyDown(window, { key: "1", ctrlKey: true });
    await view.findByTestId("subject-panel");
    await fireEvent.keyDown(view.field("label"), { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("subject-panel")).toBeNull());
    expect(view.getByRole("region", { name: "Token" }).inert).toBe(false);
  });

  it("makes room for what the form asked for, and keeps what is typed in it", async () => {
    const view = await openPanel("create", { issue_token: () => entry() });
    await type(view.input("case-firstName"), "Jan");
    await fireEvent.keyDown(view.field("label"), { key: "Enter", ctrlKey: true });
    await view.findByTestId("token-card");
    expect(view.queryByTestId("subject-panel")).toBeNull();
    await view.open("create");
    expect(within(view.getByTestId("subject-panel")).getByTestId("case-firstName")).toHaveProperty(
      "value",
      "Jan",
    );
  });
});
