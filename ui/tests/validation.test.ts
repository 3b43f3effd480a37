import { describe, expect, it } from "vitest";
import hosts from "../../tests/fixtures/hosts.json";
import {
  emailFault,
  hostOrigin,
  issueFaults,
  phoneFault,
  workspaceFaults,
  type IssueInputs,
  type WorkspaceInputs,
} from "../src/lib/validation";
import { CASE_ID } from "./host";

const inputs = (changes: Partial<IssueInputs> = {}): IssueInputs => ({
  api: "v2",
  kind: "token",
  workflowId: "3d8a51f6-0000-4000-8000-00000000c5b8",
  workflowGiven: "",
  workflows: [
    { value: "w-1", name: "KYC individual – Poland", note: "" },
    { value: "w-2", name: "KYC company – Poland", note: "" },
  ],
  recordId: "",
  caseId: "",
  parametersId: "",
  lang: "en",
  label: "",
  parametersFault: null,
  minutesFault: null,
  ...changes,
});

describe("the issue form", () => {
  it.each([
    ["KYC", "Not a workflow yet; pick one from the list or paste an id"],
    ["KYC individual – Poland", "Not a workflow yet; pick one from the list or paste an id"],
    ["zzz", "No workflow of this name; paste an id"],
    ["Zażółć", "No workflow of this name; paste an id"],
    ["w-1", undefined],
    ["exp-9999ms", undefined],
    ["7c1e40b2-aaaa-4bbb-8ccc-ddddeeeeffff", undefined],
  ])("tells a search from a workflow: %s", (workflowId, fault) => {
    expect(issueFaults(inputs({ workflowId })).workflow).toBe(fault);
    if (!workflowId.includes(" "))
      expect(issueFaults(inputs({ workflowId, workflowGiven: workflowId })).workflow).toBeUndefined();
  });

  it.each(["pl", "PL", "pt-BR", "pt_BR", "pol", "szl", "zh-Hant-TW", "uk"])("takes the language %s", (lang) =>
    expect(issueFaults(inputs({ lang })).lang).toBeUndefined(),
  );
  it.each(["po", "Poli", "Polish", "xx", "zz-PL", "p", "-", "pl pl", "12", "x".repeat(40), "\u202epl"])(
    "takes no half-typed name for a language: %s",
    (lang) =>
      expect(issueFaults(inputs({ lang })).lang).toBe("Not a known language; pick one or type a code"),
  );

  it("is content with a workflow alone", () => expect(issueFaults(inputs())).toEqual({}));

  it("needs a workflow", () => {
    expect(issueFaults(inputs({ workflowId: "  " }))).toHaveProperty("workflow");
    expect(issueFaults(inputs({ workflowId: "a b" }))).toHaveProperty("workflow");
  });

  it("needs a case id for v1 and none for v2", () => {
    expect(issueFaults(inputs({ api: "v1" }))).toEqual({ subject: "Token v1 needs a case id" });
    expect(issueFaults(inputs({ api: "v1", caseId: CASE_ID }))).toEqual({});
    // What the other generation holds does not count.
    expect(issueFaults(inputs({ api: "v1", recordId: CASE_ID }))).toHaveProperty("subject");
    expect(issueFaults(inputs({ api: "v2", caseId: "nonsense" }))).toEqual({});
  });

  it.each([
    ["7c1e40b2-93d5", "Too short for an id"],
    ["not an id", "Not an id: 32 hexadecimal digits in five groups"],
    [`${CASE_ID}0`, "Not an id: 32 hexadecimal digits in five groups"],
    ["1111111122223333444455555555555555555", "Not an id: 32 hexadecimal digits in five groups"],
  ])("says what is wrong with the id %s", (recordId, words) => {
    expect(issueFaults(inputs({ recordId })).subject).toBe(words);
  });

  it("takes ids in capitals and with spaces around them", () => {
    expect(issueFaults(inputs({ recordId: ` ${CASE_ID.toUpperCase()} ` }))).toEqual({});
  });

  it("bounds language, parameters and label", () => {
    expect(issueFaults(inputs({ lang: "pt-BR" }))).toEqual({});
    expect(issueFaults(inputs({ lang: "po lish" }))).toHaveProperty("lang");
    expect(issueFaults(inputs({ parametersId: "x".repeat(201) }))).toHaveProperty("parametersId");
    expect(issueFaults(inputs({ label: "x".repeat(200) }))).toEqual({});
    expect(issueFaults(inputs({ label: "x".repeat(201) }))).toHaveProperty("label");
  });
});

describe("what the form asks for", () => {
  it("needs a language for a run, and takes its parameters' and its duration's faults", () => {
    const run = { api: "workflows", kind: "run" } as const;
    expect(issueFaults(inputs(run))).toEqual({});
    expect(issueFaults(inputs({ ...run, lang: "" }))).toEqual({
      lang: "A run needs a language, for example en",
    });
    expect(issueFaults(inputs({ ...run, parametersFault: "p", minutesFault: "m" }))).toEqual({
      parameters: "p",
      minutes: "m",
    });
  });

  it("minds no field that is not asked for", () => {
    const faulty = { parametersFault: "p", minutesFault: "m", parametersId: "a b", lang: "po lish" };
    expect(Object.keys(issueFaults(inputs(faulty)))).toEqual(["parametersId", "lang"]);
    expect(Object.keys(issueFaults(inputs({ ...faulty, kind: "run" })))).toEqual(["parametersId"]);
    expect(Object.keys(issueFaults(inputs({ ...faulty, api: "workflows", kind: "run" })))).toEqual([
      "parameters",
      "lang",
      "minutes",
    ]);
  });
});

describe("a case", () => {
  it.each(["", " ", "jan@example.com", "a+b@x.co.uk"])("takes %o for an e-mail address", (text) =>
    expect(emailFault(text)).toBeNull(),
  );
  it.each(["jan", "jan@example", "ja n@example.com", "@example.com"])("does not take %o for one", (text) =>
    expect(emailFault(text)).not.toBeNull(),
  );
  it("needs both parts of a phone number or none", () => {
    expect(phoneFault("", "")).toBeNull();
    expect(phoneFault("+48", "600 100-200")).toBeNull();
    expect(phoneFault("48", "600100200")).toBeNull();
    expect(phoneFault("", "600100200")).toContain("country code is missing");
    expect(phoneFault("+48", "")).toContain("number is missing");
    expect(phoneFault("PL", "600100200")).toContain("digits");
    expect(phoneFault("+48", "six")).toContain("digits");
  });
});

const workspace = (changes: Partial<WorkspaceInputs> = {}): WorkspaceInputs => ({
  name: "Velmora",
  apiHost: "api.transactionlink.io",
  widgetHost: "https://widget.transactionlink.io/",
  authKind: "organizationToken",
  key: "",
  secret: "",
  organizationToken: "tot_abc",
  ...changes,
});

describe("the workspace dialog", () => {
  it("is content with a name and a credential", () =>
    expect(workspaceFaults(workspace(), false)).toEqual({}));

  it.each([
    [{ name: " " }, "name"],
    [{ name: "x".repeat(81) }, "name"],
    [{ name: "DEMO" }, "name"],
    [{ apiHost: "" }, "apiHost"],
    [{ apiHost: "api.transactionlink.io/v2/token" }, "apiHost"],
    [{ widgetHost: "two words" }, "widgetHost"],
    [{ organizationToken: "" }, "organizationToken"],
    [{ organizationToken: "eyJhbGciOi" }, "organizationToken"],
    [{ organizationToken: "tot_a b" }, "organizationToken"],
    [{ authKind: "keySecret", key: "k" }, "secret"],
    [{ authKind: "keySecret", secret: "s" }, "key"],
    [{ authKind: "keySecret", key: "k", secret: "s\ts" }, "secret"],
  ] as [Partial<WorkspaceInputs>, string][])("finds the fault in %o", (changes, field) => {
    expect(Object.keys(workspaceFaults(workspace(changes), false))).toEqual([field]);
  });

  it("keeps a credential where nothing is typed, but not half of a new one", () => {
    const pair = workspace({ authKind: "keySecret", organizationToken: "" });
    expect(workspaceFaults(pair, true)).toEqual({});
    expect(Object.keys(workspaceFaults(pair, false)).sort()).toEqual(["key", "secret"]);
    expect(workspaceFaults({ ...pair, key: "k" }, true)).toHaveProperty("secret");
    expect(workspaceFaults(workspace({ organizationToken: "" }), true)).toEqual({});
  });
});

describe("a host", () => {
  it.each(hosts)("is read as in Rust: $given", ({ given, origin }) => expect(hostOrigin(given)).toBe(origin));
});

describe("what is pasted", () => {
  const workspace: WorkspaceInputs = {
    name: "Velmora",
    apiHost: "api.transactionlink.io",
    widgetHost: "widget.transactionlink.io",
    authKind: "organizationToken",
    key: "",
    secret: "",
    organizationToken: "tot_abc",
  };
  const found = (changes: Partial<WorkspaceInputs>) => workspaceFaults({ ...workspace, ...changes }, false);

  it("is taken as the credential it holds", () => {
    for (const organizationToken of ["\ufefftot_abc\r\n", "Bearer tot_abc", "„tot_abc”"])
      expect(found({ organizationToken })).toEqual({});
  });

  it("is refused with its odd character and the place", () => {
    expect(found({ organizationToken: "tot_\u200babc" }).organizationToken).toContain(
      "U+200B zero width space at position 5",
    );
    const pair = found({ authKind: "keySecret", key: "k-1", secret: "s\u00a01" });
    expect(pair).toEqual({
      secret: expect.stringContaining("U+00A0 no-break space at position 2") as string,
    });
    expect(issueFaults(inputs({ workflowId: "wf\u200b1" })).workflow).toContain("U+200B zero width space");
    expect(issueFaults(inputs({ recordId: `\u200b"${CASE_ID}"\r\n` }))).toEqual({});
  });
});
