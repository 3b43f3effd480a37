// Generated from Rust by `cargo xtask bindings`. Do not edit.

/** The generation of the API a token was asked of. */
export type ApiGeneration = "v1" | "v2";

/** An error as a person reads it. Never holds a secret or a raw answer. */
export type AppError = { 
/** Which case this is. */
code: string, 
/** One short line. */
title: string, 
/** What happened. */
detail: string, 
/** What to do about it; may be empty. */
hint: string, 
/** Whether the same again may well work. */
retryable: boolean, 
/** The vendor's id of this error instance. */
fingerprint: string | null, 
/** The HTTP status, where an answer came. */
httpStatus: number | null, 
/** The vendor's error code. */
apiCode: string | null, 
/** The form field it belongs to. */
field: Field | null, };

/** What every screen needs to know. */
export type AppState = { 
/** The app's version. */
version: string, 
/** Where its files are. */
dataFolder: string, 
/** The keychain. */
keychain: KeychainState, 
/** The history. */
storage: StorageState, 
/** The demo's simulator. */
demo: DemoState, 
/** The demo and every workspace. */
workspaces: Array<Workspace>, 
/** The demo's workflows. */
scenarios: Array<DemoScenario>, 
/** Where an unreadable history went. */
movedAside: string | null, 
/** How far the server is ahead of this computer, in milliseconds. */
clockOffsetMs: number, };

/** How a workspace authenticates. */
export type AuthKind = "organizationToken" | "keySecret";

/** One claim, ready to be shown. */
export type Claim = { 
/** Its name, cut at 64 characters. */
name: string, 
/** Its value as text, cut at 512 characters. */
value: string, 
/** The instant it names, for `iat`, `exp` and `nbf`. */
at: number | null, };

/** What became of a copy. */
export type Copied = { 
/** Seconds until it is cleared; 0 for never before quitting. */
clearedAfterSeconds: number, };

/** What to copy of an entry. */
export type CopyKind = "token" | "embed" | "curl";

/** What is known of a workspace's credential. Never the credential. */
export type CredentialState = { "state": "present", 
/** The end of the secret or token. */
lastFour: string, 
/** Where it lives. */
keptIn: string, 
/** Since when. */
since: number, 
/** Gone with the app. */
sessionOnly: boolean, } | { "state": "missing" } | { "state": "loading" } | { "state": "locked" } | { "state": "unavailable", 
/** Why. */
detail: string, };

/** The entries of one day. */
export type DayGroup = { 
/** The local day, `YYYY-MM-DD`. */
day: string, 
/** How many. */
count: number, };

/** A workflow of the demo. */
export type DemoScenario = { 
/** Its id. */
workflowId: string, 
/** Its name. */
name: string, 
/** What happens. */
summary: string, 
/** How it ends. */
tone: Tone, };

/** How the demo's simulator is doing. */
export type DemoState = { "state": "starting" } | { "state": "running", 
/** Where. */
address: string, } | { "state": "failed", 
/** Why. */
detail: string, };

/** How far an attempt came. */
export type EntryState = "pending" | "issued" | "failed" | "unknown";

/** Where the knowledge of the end comes from. */
export type ExpirySource = "server" | "jwt" | "assumed";

/** The form of an export. */
export type ExportFormat = "csv" | "json";

/** The field of a form an error belongs to. */
export type Field = "name" | "apiHost" | "widgetHost" | "key" | "secret" | "organizationToken" | "workflow" | "subject" | "parametersId" | "lang" | "label";

/** One attempt, without the token itself. */
export type HistoryEntry = { 
/** Its id on this computer. */
id: string, 
/** The workspace it was issued in. */
workspaceId: string, 
/** The workspace's name at that time. */
workspaceName: string, 
/** Demo or live. */
workspaceKind: WorkspaceKind, 
/** The API generation. */
api: ApiGeneration, 
/** `workflowDefinitionId`. */
workflowId: string, 
/** Its name, where one is known. */
workflowName: string | null, 
/** The case or record. */
subject: string | null, 
/** `parametersId`. */
parametersId: string | null, 
/** `lang`. */
lang: string | null, 
/** A person's own words. */
label: string | null, 
/** What for. */
purpose: Purpose, 
/** How far it came. */
state: EntryState, 
/** When it was asked for. */
requestedAt: number, 
/** When the token came. */
issuedAt: number | null, 
/** When it ends. */
expiresAt: number | null, 
/** Its whole life in milliseconds. */
lifetimeMs: number | null, 
/** Who says so. */
expirySource: ExpirySource | null, 
/** When it was used. */
usedAt: number | null, 
/** When it was last copied. */
copiedAt: number | null, 
/** The HTTP status of the answer. */
httpStatus: number | null, 
/** Milliseconds authorising took. */
authorizedMs: number | null, 
/** Whether the access token was there already. */
authorizedFromCache: boolean, 
/** Milliseconds the request itself took. */
requestMs: number | null, 
/** The token's ends, with the middle hidden. */
tokenMasked: string | null, 
/** The token's length in characters. */
tokenLength: number | null, 
/** Whether its body is still kept. */
hasToken: boolean, 
/** The start of its SHA-256, to recognise it by. */
tokenFingerprint: string | null, 
/** What it says about itself, unverified. */
claims: Array<Claim>, 
/** Why it failed. */
error: AppError | null, };

/** What to show; the parts combine by AND. */
export type HistoryFilter = { 
/** Part of a label, workflow, subject, fingerprint or workspace name. */
search: string, 
/** The status. */
status: StatusFilter, 
/** Only tokens issued for a preview. */
previewsOnly: boolean, 
/** Only this workspace. */
workspaceId: string | null, 
/** Only what was asked for since. */
since: number | null, };

/** What a list needs to know before it loads a page. */
export type HistorySummary = { 
/** Per status, under search, workspace and period. */
counts: StatusCounts, 
/** How many entries the whole filter leaves. */
total: number, 
/** The same by day, newest first. */
days: Array<DayGroup>, };

/** The form as it is typed. */
export type IssueRequest = { 
/** The workspace to issue in. */
workspaceId: string, 
/** The API generation. */
api: ApiGeneration, 
/** `workflowDefinitionId`. */
workflowId: string, 
/** The case (v1) or the record (v2, optional). */
subject: string, 
/** `parametersId`; empty for none. */
parametersId: string, 
/** `lang`; empty for none. */
lang: string, 
/** A person's own words; empty for none. */
label: string, 
/** What for. */
purpose: Purpose, };

/** What the person is told about the keychain. */
export type KeychainState = { "state": "loading" } | { "state": "ready", 
/** The name people know it by. */
name: string, } | { "state": "locked", 
/** What to do. */
hint: string, } | { "state": "unavailable", 
/** Why. */
detail: string, 
/** What to do. */
hint: string, };

/** A workflow to pick. */
export type KnownWorkflow = { 
/** Its id. */
workflowId: string, 
/** Its name, where one is known. */
name: string | null, };

/** The window that was opened. */
export type PreviewOpened = { 
/** Its label. */
label: string, 
/** Its page's address on this computer. */
address: string, };

/** What a token was issued for. */
export type Purpose = "handOver" | "preview";

/** The request as it would go out, secrets hidden. */
export type RequestPreview = { 
/** The HTTP method. */
method: string, 
/** The path. */
path: string, 
/** The headers, the credential as a placeholder. */
headers: Array<[string, string]>, 
/** The body, byte for byte. */
body: string, 
/** The length of the body in bytes. */
bytes: number, };

/** Choices that change what is written to disk or the clipboard, kept in the encrypted database. */
export type Settings = { 
/** Whether a token's body is written to disk at all, until it expires. */
keepTokens: boolean, 
/** Seconds until a copied token is cleared from the clipboard; 0 keeps it there. */
clipboardClearSeconds: number, };

/** How many entries there are of each status, under the other filters. */
export type StatusCounts = { all: number, live: number, used: number, expired: number, failed: number, unknown: number, previews: number, };

/** Which statuses to show. */
export type StatusFilter = "all" | "live" | "used" | "expired" | "failed" | "unknown";

/** Where the history is kept now. */
export type StorageState = { "state": "opening" } | { "state": "waiting" } | { "state": "encrypted", 
/** The file's path. */
keptIn: string, } | { "state": "sessionOnly", 
/** Why. */
reason: string, } | { "state": "failed", 
/** What went wrong. */
error: AppError, };

/** How a step ended. */
export type TestOutcome = "passed" | "warned" | "failed";

/** What a connection test found. */
export type TestReport = { 
/** Whether tokens can be expected to be issued. */
ok: boolean, 
/** The outcome in a line. */
headline: string, 
/** What was tried, in order. */
steps: Array<TestStep>, 
/** Why it does not work. */
error: AppError | null, };

/** One thing that was tried. */
export type TestStep = { 
/** What it found. */
name: string, 
/** How it ended. */
outcome: TestOutcome, 
/** A figure or a reason. */
detail: string, };

/** How the last connection test ended. */
export type TestSummary = { 
/** When. */
at: number, 
/** Whether it worked. */
ok: boolean, };

/** How the windows look. */
export type Theme = "system" | "light" | "dark";

/** How a demo scenario ends, for its glyph. */
export type Tone = "success" | "expiring" | "failed" | "slow";

/** A named connection. */
export type Workspace = { 
/** Its id on this computer. */
id: string, 
/** Its name, unique on this computer. */
name: string, 
/** Demo or live. */
kind: WorkspaceKind, 
/** Where the API answers. */
apiHost: string, 
/** Where the widget's script comes from. */
widgetHost: string, 
/** How it authenticates. */
authKind: AuthKind, 
/** When it was added. */
createdAt: number, 
/** How the last test ended. */
lastTest: TestSummary | null, 
/** Hosts that a preview may call beyond the vendor's. */
allowedHosts: Array<string>, 
/** What is known of its credential. */
credential: CredentialState, };

/** What the dialog holds. Empty secret fields keep the credential there was. */
export type WorkspaceDraft = { 
/** The name to be. */
name: string, 
/** Where the API answers. */
apiHost: string, 
/** Where the widget's script comes from. */
widgetHost: string, 
/** How to authenticate. */
authKind: AuthKind, 
/** The API key. */
key: string, 
/** The API secret. */
secret: string, 
/** The organization token. */
organizationToken: string, 
/** Do not write the credential to the keychain. */
sessionOnly: boolean, };

/** Whether a workspace is the built-in one. */
export type WorkspaceKind = "demo" | "live";

/** A token is expiring when less than this is left, in milliseconds. */
export const EXPIRING_MS = 300000;
