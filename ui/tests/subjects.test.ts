import { emit } from "@tauri-apps/api/event";
import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Attachment, Document, FoundRecord, Tree, UploadedDocuments } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { CASE_ID, entry, error, openApp } from "./host";

const RECORD_ID = "7c1e40b2-93d5-4f0a-8a6e-5d20b1f4a94f";
const type = (input: HTMLElement, value: string) => fireEvent.input(input, { target: { value } });
const tree: Tree = {
  nodes: [{ depth: 0, name: "city", kind: "string", text: "Gdynia", children: 0 }],
  truncated: false,
  bytes: 17,
};
const record: FoundRecord = {
  id: RECORD_ID,
  version: 3,
  createdAt: 1_790_000_000_000,
  updatedAt: null,
  tree,
};
const passport: Document = {
  resourceId: "r1",
  name: "passport.pdf",
  path: "resources/x/r1/passport.pdf",
  bytes: 1449,
};
const attachment = (changes: Partial<Attachment> = {}): Attachment => ({
  id: "a1",
  name: "contract.pdf",
  mediaType: "application/pdf",
  size: 20_480,
  createdAt: null,
  tags: ["signed"],
  ...changes,
});

async function openForm(answers: Parameters<typeof openApp>[0] = {}, api = "v2") {
  app.screen = "issue";
  const view = await openApp({ attachments: () => [], link_in_force: () => null, ...answers });
  const field = (name: string) => view.getByTestId(name) as HTMLInputElement;
  await waitFor(() => expect(field("field-workflow").value).toBe("KYC individual – Poland"));
  if (api !== "v2") await fireEvent.click(view.getByTestId(`field-api-${api}`));
  return { ...view, field, click: (name: string) => fireEvent.click(view.getByTestId(name)) };
}

describe("a case", () => {
  it("is made with all of its fields and documents, and its id fills the form", async () => {
    let uploaded: (came: UploadedDocuments) => void = () => undefined;
    const view = await openForm(
      {
        upload_documents: () => new Promise((done) => (uploaded = done)),
        create_case: () => ({ id: RECORD_ID, createdAt: null, partyId: null, tree }),
      },
      "v1",
    );
    await type(view.field("field-label"), "ticket 1");
    await view.click("subject-create");
    await view.findByTestId("subject-panel");
    await waitFor(() => expect(document.activeElement).toBe(view.field("case-firstName")));
    const draft = {
      firstName: "Jan",
      lastName: "Kowalski",
      personalNumber: "44051401458",
      email: "jan@example.com",
      phoneCountryCode: "+48",
      phoneNumber: "600 100 200",
      companyName: "Velmora",
      companyNumber: "0000123",
      companyAddress: "Gdynia",
    };
    for (const [name, value] of Object.entries(draft)) await type(view.field(`case-${name}`), value);
    await view.click("case-documents-add");
    await view.findByTestId("case-upload");
    await emit("transfer", { name: "passport.pdf", done: 500, total: 1449 });
    await waitFor(() => expect(view.getByTestId("case-upload").textContent).toContain("500 B of 1.4 kB"));
    expect(view.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("35");
    uploaded({ documents: [passport], error: null });
    expect((await view.findByTestId("case-document")).textContent).toContain("passport.pdf");
    expect(view.queryByTestId("case-upload")).toBeNull();
    await view.click("subject-submit");
    await waitFor(() => expect(view.queryByTestId("subject-panel")).toBeNull());
    expect(view.callsOf("create_case")).toEqual([
      { workspaceId: "demo", draft: { ...draft, documents: [passport] } },
    ]);
    expect(view.field("field-subject").value).toBe(RECORD_ID);
    expect(view.field("field-label").value).toBe("ticket 1");
    expect(view.getByTestId("toast").textContent).toContain("its id is in the form");
    // What was used is not there to be used again.
    await view.click("subject-create");
    await view.findByTestId("subject-panel");
    expect(view.field("case-firstName").value).toBe("");
    expect(view.queryByTestId("case-document")).toBeNull();
  });

  it("keeps what is typed when it is closed, and the form beside it stays in use", async () => {
    const view = await openForm({ issue_token: () => entry() }, "v1");
    await view.click("subject-create");
    await type(await view.findByTestId("case-firstName"), "Jan");
    await type(view.field("field-label"), "typed beside it");
    await fireEvent.keyDown(view.field("case-firstName"), { key: "Escape" });
    await waitFor(() => expect(view.queryByTestId("subject-panel")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(view.field("field-subject")));
    expect(view.field("field-label").value).toBe("typed beside it");
    await view.click("subject-create");
    await view.findByTestId("subject-panel");
    expect(view.field("case-firstName").value).toBe("Jan");
    // The other generation has a panel of its own.
    await view.click("field-api-v2");
    await waitFor(() => expect(view.queryByTestId("case-firstName")).toBeNull());
    expect(view.getByTestId("record-table")).toBeTruthy();
    await view.click("field-api-v1");
    await waitFor(() => expect(view.field("case-firstName").value).toBe("Jan"));
    // Ctrl+Enter is for where the focus is.
    await fireEvent.keyDown(view.field("field-label"), { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(view.callsOf("issue_token")).toHaveLength(1));
    expect(view.callsOf("create_case")).toEqual([]);
  });

  it("says what is wrong at its field, the app's and the host's", async () => {
    const refusal = error({ code: "invalid_input", field: "email", title: "Not an address" });
    const view = await openForm({ create_case: () => Promise.reject(refusal) }, "v1");
    await view.click("subject-create");
    await type(await view.findByTestId("case-email"), "jan");
    await type(view.field("case-phoneNumber"), "600");
    await view.click("subject-submit");
    expect((await view.findByTestId("case-email-fault")).textContent).toContain("Not an e-mail address");
    expect(view.getByTestId("case-phoneCountryCode-fault").textContent).toContain("country code is missing");
    await waitFor(() => expect(document.activeElement).toBe(view.field("case-email")));
    expect(view.callsOf("create_case")).toEqual([]);
    await type(view.field("case-email"), "jan@example.com");
    await type(view.field("case-phoneCountryCode"), "+48");
    await fireEvent.keyDown(view.field("case-email"), { key: "Enter", ctrlKey: true });
    const block = await view.findByTestId("error-block");
    expect(block.closest("[data-field]")?.getAttribute("data-field")).toBe("email");
    expect(view.field("case-email").value).toBe("jan@example.com");
  });

  it("stops an upload, and gives a removed document back", async () => {
    let stop: (reason: unknown) => void = () => undefined;
    let answer: () => unknown = () => ({ documents: [passport], error: null });
    const view = await openForm(
      {
        upload_documents: () => answer(),
        cancel_transfer: () => stop(error({ code: "cancelled", field: null })),
      },
      "v1",
    );
    await view.click("subject-create");
    await view.click("case-documents-add");
    await view.findByTestId("case-document");
    // What came before the stop is kept.
    const second = { ...passport, resourceId: "r2", name: "proof.png" };
    answer = () => new Promise((done) => (stop = (reason) => done({ documents: [second], error: reason })));
    await view.click("case-documents-add");
    await fireEvent.click(await view.findByTestId("case-upload-cancel"));
    await waitFor(() => expect(view.queryByTestId("case-upload")).toBeNull());
    expect(view.queryByTestId("error-block")).toBeNull();
    expect(view.getAllByTestId("case-document")).toHaveLength(2);
    await fireEvent.click(view.getAllByTestId("case-document-remove")[1] as HTMLElement);
    await fireEvent.click(view.getByTestId("case-document-remove"));
    expect(view.queryByTestId("case-document")).toBeNull();
    await fireEvent.click(view.getAllByTestId("toast-action")[1] as HTMLElement);
    await view.findByTestId("case-document");
    answer = () => Promise.reject(error({ code: "invalid_input", field: "file", title: "File too large" }));
    await view.click("case-documents-add");
    expect((await view.findByTestId("error-block")).textContent).toContain("File too large");
  });

  it("is looked up, and used on request only", async () => {
    const found = { id: CASE_ID, createdAt: 1_790_000_000_000, partyId: RECORD_ID, tree };
    let answer: () => unknown = () => Promise.reject(error({ title: "Case not found" }));
    const view = await openForm({ look_up_case: () => answer() }, "v1");
    await type(view.field("field-subject"), "");
    await view.click("subject-look-up");
    await view.click("find-submit");
    expect((await view.findByTestId("find-id-fault")).textContent).toBe("Enter an id");
    await type(view.field("find-id"), CASE_ID);
    await view.click("find-submit");
    const block = await view.findByTestId("error-block");
    expect(block.closest("[data-field]")?.getAttribute("data-field")).toBe("subject");
    answer = () => found;
    await view.click("find-submit");
    await view.findByTestId("found");
    expect(view.getByTestId("found").textContent).toContain("Gdynia");
    expect(view.field("field-subject").value).toBe("");
    await view.click("found-use");
    await waitFor(() => expect(view.field("field-subject").value).toBe(CASE_ID));
    expect(view.queryByTestId("subject-panel")).toBeNull();
    expect(view.callsOf("look_up_case").at(-1)).toEqual({ workspaceId: "demo", id: CASE_ID });
  });
});

describe("a record", () => {
  it("is made with typed columns, and remembers the table", async () => {
    const view = await openForm({ create_record: () => record });
    await view.click("subject-create");
    await view.findByTestId("subject-panel");
    await view.click("subject-submit");
    expect((await view.findByTestId("record-table-fault")).textContent).toBe("Enter the id of the table");
    await waitFor(() => expect(document.activeElement).toBe(view.field("record-table")));
    await type(view.field("record-table"), "customers");
    await view.click("columns-add");
    await type(await view.findByTestId("columns-key"), "amount");
    await fireEvent.change(view.getByTestId("columns-type"), { target: { value: "number" } });
    await type(view.field("columns-value"), "1.10");
    await view.click("subject-submit");
    await waitFor(() => expect(view.field("field-subject").value).toBe(RECORD_ID));
    expect(view.callsOf("create_record")).toEqual([
      { workspaceId: "demo", table: "customers", fields: '{"amount":1.10}' },
    ]);
    const kept = view
      .callsOf("plugin:store|set")
      .filter(({ key }) => key === "inputs")
      .at(-1);
    expect(kept?.value).toMatchObject({ demo: { tables: ["customers"] } });
    await view.click("subject-look-up");
    await type(await view.findByTestId("record-table"), "");
    await fireEvent.click(view.field("record-table"));
    expect((await view.findByTestId("record-table-option")).dataset.value).toBe("customers");
    // What is in the form is what is looked up.
    expect(view.field("find-id").value).toBe(RECORD_ID);
  });

  it("is offered where the form's was not found", async () => {
    const view = await openForm({ issue_token: () => Promise.reject(error()) });
    await type(view.field("field-subject"), CASE_ID);
    await view.click("issue-submit");
    await fireEvent.click(await view.findByTestId("error-create"));
    expect(await view.findByTestId("columns")).toBeTruthy();
    expect(view.field("field-subject").value).toBe(CASE_ID);
  });

  it("shows its attachments, saves them and takes new ones", async () => {
    let list: () => unknown = () => Promise.reject(error({ title: "No answer", field: null }));
    const view = await openForm({
      look_up_record: () => record,
      attachments: () => list(),
      save_attachment: () => "/home/x/contract.pdf",
      upload_attachment: () => attachment({ id: "a2", name: "new.png", tags: ["front", "id"] }),
    });
    await view.click("subject-look-up");
    await type(await view.findByTestId("record-table"), "customers");
    await type(view.field("find-id"), RECORD_ID);
    await view.click("find-submit");
    expect((await view.findByTestId("error-block")).textContent).toContain("No answer");
    list = () => [attachment()];
    await fireEvent.click(view.getByText("Try again"));
    const row = await view.findByTestId("attachment");
    expect(row.textContent?.replace(/\s+/g, " ")).toContain("contract.pdf 20 kB · application/pdf signed");
    // The record is where it was found, whatever the field says now.
    await type(view.field("record-table"), "others");
    await view.click("attachment-save");
    await waitFor(() => expect(view.callsOf("save_attachment")).toHaveLength(1));
    expect(view.callsOf("save_attachment")[0]).toMatchObject({ table: "customers", record: RECORD_ID });
    await type(await view.findByTestId("attachment-tags"), " front, id,, front ");
    await view.click("attachment-add");
    await waitFor(() => expect(view.getAllByTestId("attachment")).toHaveLength(2));
    expect(view.callsOf("upload_attachment")).toEqual([
      { workspaceId: "demo", table: "customers", record: RECORD_ID, tags: ["front", "id"] },
    ]);
  });

  it("does not go into the form of another workspace", async () => {
    let made: (record: FoundRecord) => void = () => undefined;
    const view = await openForm({ create_record: () => new Promise((done) => (made = done)) });
    await view.click("subject-create");
    await type(await view.findByTestId("record-table"), "customers");
    await view.click("subject-submit");
    app.choose("w1");
    await waitFor(() => expect(view.field("record-table").value).toBe(""));
    made(record);
    await waitFor(() => expect(view.getByTestId("toast").textContent).toContain("The record was created."));
    expect(view.field("field-subject").value).toBe("");
    app.choose("demo");
  });
});
