// Generated from Rust by `cargo xtask bindings`. Do not edit.

/** The generation of the API a token was asked of. */
export type ApiGeneration = "v1" | "v2" | "workflows";

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
field: Field | null, 
/** How long the server asks to wait, in milliseconds. */
retryAfterMs: number | null, 
/** The attempt in the history that this is about. */
entryId: string | null, };

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
/** What was done about the history's file since the start. */
historyNotice: HistoryNotice | null, 
/** How far the server is ahead of this computer, in milliseconds. */
clockOffsetMs: number, };

/** A file at a record. */
export type Attachment = { 
/** The vendor's id of it. */
id: string, 
/** Its name. */
name: string, 
/** Its MIME type. */
mediaType: string | null, 
/** Its size in bytes. */
size: number | null, 
/** When it was added. */
createdAt: number | null, 
/** What it was marked with. */
tags: Array<string>, };

/** How a workspace authenticates. */
export type AuthKind = "organizationToken" | "keySecret";

/** A case as it is typed; empty fields are not sent. */
export type CaseDraft = { firstName: string, lastName: string, personalNumber: string, email: string, phoneCountryCode: string, phoneNumber: string, companyName: string, companyNumber: string, companyAddress: string, documents: Array<Document>, };

/** One claim, ready to be shown. */
export type Claim = { 
/** Its name, cut at 200 characters; one that is taken gets a number. */
name: string, 
/** Its value: a text as it reads, all else as the JSON it was; cut at 2,048 characters. */
value: string, 
/** The type of its value; a text where only the start of it is kept. */
kind: NodeKind, 
/** The instant it names, for `iat`, `exp` and `nbf`. */
at: number | null, 
/** How that instant is written. */
unit: InstantUnit | null, };

/** What became of a copy. */
export type Copied = { 
/** Seconds until it is cleared; 0 for never before quitting. */
clearedAfterSeconds: number, };

/** What to copy of an entry. */
export type CopyKind = "token" | "embed" | "curl" | "link";

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

/** A file that was uploaded to be part of a case. */
export type Document = { 
/** The vendor's id of it. */
resourceId: string, 
/** Its name. */
name: string, 
/** The vendor's path of it. */
path: string, 
/** Its size in bytes. */
bytes: number, };

/** What was asked for. */
export type EntryKind = "token" | "run" | "link";

/** How far an attempt came. */
export type EntryState = "pending" | "issued" | "failed" | "unknown";

/** Where the knowledge of the end comes from. */
export type ExpirySource = "server" | "jwt" | "assumed";

/** The form of an export. */
export type ExportFormat = "csv" | "csvSemicolon" | "json";

/** The field of a form an error belongs to. */
export type Field = "name" | "apiHost" | "widgetHost" | "key" | "secret" | "organizationToken" | "workflow" | "subject" | "parametersId" | "lang" | "label" | "parameters" | "minutes" | "table" | "fields" | "file" | "email" | "phone" | "presetName" | "workflowName" | "signature" | "body" | "port";

/** A case at the vendor. */
export type FoundCase = { 
/** Its id. */
id: string, 
/** When it was made. */
createdAt: number | null, 
/** The vendor's id of the party. */
partyId: string | null, 
/** The whole of it. */
tree: Tree, };

/** A record at the vendor. */
export type FoundRecord = { 
/** Its id. */
id: string, 
/** How often it was changed. */
version: number | null, 
/** When it was made. */
createdAt: number | null, 
/** When it was last changed. */
updatedAt: number | null, 
/** The whole of it. */
tree: Tree, };

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
error: AppError | null, 
/** What was asked for. */
kind: EntryKind, 
/** The parameters of a run as they were sent: a JSON object. */
parameters: string | null, 
/** How long its run was asked to take, in minutes. */
minutes: number | null, 
/** Whether the vendor was asked to send the link. */
send: boolean, 
/** The run it started. */
run: RunFacts | null, 
/** The link it is. */
link: LinkFacts | null, 
/** Whether a link is still kept, its own or its run's. */
hasLink: boolean, };

/** What to show; the parts combine by AND. */
export type HistoryFilter = { 
/** Part of a label, workflow, subject, fingerprint, run id or workspace name. */
search: string, 
/** The status. */
status: StatusFilter, 
/** Only tokens issued for a preview. */
previewsOnly: boolean, 
/** Only this workspace. */
workspaceId: string | null, 
/** Only what was asked for since. */
since: number | null, 
/** Only this kind. */
kind: EntryKind | null, };

/** Something about the history's file that a person is told once. */
export type HistoryNotice = { 
/** What happened and what was done, in a sentence or two. */
text: string, 
/** Where the old file is now. */
path: string | null, };

/** What a list needs to know before it loads a page. */
export type HistorySummary = { 
/** Per status, under search, workspace and period. */
counts: StatusCounts, 
/** How many entries the whole filter leaves. */
total: number, 
/** The same by day, newest first. */
days: Array<DayGroup>, };

/** How a claim writes an instant. */
export type InstantUnit = "seconds" | "milliseconds" | "unclear";

/** The form as it is typed. */
export type IssueRequest = { 
/** The workspace to issue in. */
workspaceId: string, 
/** The API generation. */
api: ApiGeneration, 
/** What to ask for. `POST /workflows` starts a run whatever this says. */
kind: EntryKind, 
/** `workflowDefinitionId`. */
workflowId: string, 
/** The case (v1) or the record (v2 and runs, optional). */
subject: string, 
/** `parametersId`; empty for none. Not for `POST /workflows`. */
parametersId: string, 
/** The parameters of `POST /workflows`: a JSON object, empty for `{}`. */
parameters: string, 
/** How long a run of `POST /workflows` may take, in minutes; `None` leaves it to the vendor. */
minutes: number | null, 
/** `lang`, or the `locale` of a run; empty for none. */
lang: string, 
/** Whether the vendor is asked to send the link (`POST /link/send`). */
send: boolean, 
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
name: string | null, 
/** Whether a person named it. */
saved: boolean, };

/** The link an entry is. */
export type LinkFacts = { 
/** Its host, with the rest hidden. */
masked: string, 
/** When a newer link for the same subject ended it. */
supersededAt: number | null, };

/** Whether webhooks are received. */
export type ListenerState = { "state": "off" } | { "state": "on", 
/** The whole address, for whoever sends them. */
address: string, 
/** Whose keys they are verified with. */
workspaceId: string, };

/** What still lets somebody in, and the runs that go on. */
export type LiveEntries = { 
/** Up to 50 of them: what ends soonest first, then the runs that need no token, newest first. */
entries: Array<HistoryEntry>, 
/** The ends of all that let somebody in, soonest first. */
ends: Array<number>, 
/** Those of runs among them. */
runEnds: Array<number>, 
/** How many runs go on that need no token. */
running: number, };

/** The type of a JSON value. */
export type NodeKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** Saved inputs of the form. */
export type Preset = { 
/** Its id on this computer. */
id: string, 
/** Its name, unique in its workspace. */
name: string, 
/** The workspace it is for. */
workspaceId: string, 
/** The form. Unless it was saved with its subject, case or record and label are empty. */
request: IssueRequest, 
/** Whether it was saved with case or record and label, as a person asked for. */
withSubject: boolean, 
/** When it was saved. */
createdAt: number, };

/** What an import brought. */
export type PresetsImported = { 
/** How many presets. */
added: number, 
/** Their names here; one that was taken got a number. */
names: Array<string>, };

/** The window that was opened. */
export type PreviewOpened = { 
/** Its label. */
label: string, 
/** Its page's address on this computer. */
address: string, };

/** What a token was issued for. */
export type Purpose = "handOver" | "preview";

/** A QR code. */
export type Qr = { 
/** Its side in modules, with the free border. */
size: number, 
/** Its dark modules as the data of an SVG path, a module being 1 by 1. */
path: string, };

/** A webhook that came to the listener. */
export type ReceivedWebhook = { 
/** Its number since the app was started. */
id: number, 
/** When it came. */
at: number, 
/** What its signature says. */
report: WebhookReport, 
/** The how-manieth delivery of the same it is, from 1. */
attempt: number, 
/** The event it tells of; empty where the body does not say. */
summary: string, 
/** The history entry of the run it tells of, if that is ours. */
runEntryId: string | null, };

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

/** The run an entry started. */
export type RunFacts = { 
/** The vendor's id of it. */
runId: string, 
/** Its status in the vendor's word. */
status: string | null, 
/** What that amounts to. */
state: RunState, 
/** Whether a person has to go through a widget. */
interactive: boolean, 
/** When it was started. */
startedAt: number, 
/** When its status was first seen. */
statusAt: number | null, 
/** When it was last looked at. */
checkedAt: number | null, 
/** The end the vendor set it. */
endsAt: number | null, 
/** Every status that was seen, the first one first. */
seen: Array<RunSeen>, 
/** Whether it is looked at from time to time. */
following: boolean, 
/** Why the last look failed. */
problem: AppError | null, 
/** Whether its result is kept with the entry. */
resultKept: boolean, };

/** What a run came to. */
export type RunResult = { 
/** The entry of the run. */
entryId: string, 
/** The vendor's answer. */
tree: Tree, 
/** When it was fetched. */
fetchedAt: number, 
/** Whether it is kept with the entry. */
kept: boolean, };

/** A status and when it was first seen. */
export type RunSeen = { 
/** The vendor's word. */
status: string, 
/** When. */
at: number, };

/** What a run's status amounts to. */
export type RunState = "open" | "completed" | "ended";

/** Choices that change what is written to disk or the clipboard, kept in the encrypted database. */
export type Settings = { 
/** Whether a token's body is written to disk at all, until it expires. */
keepTokens: boolean, 
/** Seconds until a copied token is cleared from the clipboard; 0 keeps it there. */
clipboardClearSeconds: number, };

/** How many entries there are of each status, under the other filters. */
export type StatusCounts = { all: number, live: number, used: number, expired: number, failed: number, unknown: number, previews: number, running: number, completed: number, open: number, };

/** Which statuses to show. */
export type StatusFilter = "all" | "live" | "used" | "expired" | "failed" | "unknown" | "running" | "open" | "completed";

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
/** When. */
at: number, 
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

/** A JSON value to be read by a person. */
export type Tree = { 
/** Its values, each before what stands in it. */
nodes: Array<TreeNode>, 
/** Whether more is there than is shown. */
truncated: boolean, 
/** The length of the JSON in bytes. */
bytes: number, };

/** One value in a tree. */
export type TreeNode = { 
/** 0 for what stands directly in the whole. */
depth: number, 
/** Its key, or its place in a list. */
name: string, 
/** Its type. */
kind: NodeKind, 
/** The value; for an object or a list how much is in it. */
text: string, 
/** How many values stand directly in it. */
children: number, };

/** What became of files that were to be uploaded. */
export type UploadedDocuments = { 
/** Those that were, in their order. */
documents: Array<Document>, 
/** Why the next one was not. */
error: AppError | null, };

/** What a check came to. */
export type Verdict = "valid" | "invalid" | "unknownKey" | "unchecked";

/** The body of a webhook. A file comes as its very bytes; pasted text may have lost line ends. */
export type WebhookBody = { "form": "text", 
/** The text. */
text: string, } | { "form": "base64", 
/** Them in Base64, with padding. */
base64: string, };

/** A webhook and what a check of it found. */
export type WebhookReport = { 
/** The outcome. */
verdict: Verdict, 
/** The outcome in a line. */
reason: string, 
/** The signature's header. */
header: Tree | null, 
/** The same as JSON. */
headerText: string, 
/** The id of the key it names. */
kid: string | null, 
/** The algorithm it names. */
algorithm: string | null, 
/** The start of the key's SHA-256. */
keyFingerprint: string | null, 
/** The body, where it is JSON. */
body: Tree | null, 
/** The body as text, cut at 64 KiB. */
bodyText: string, 
/** The length of the body in bytes. */
bytes: number, 
/** Why the key could not be fetched. */
error: AppError | null, };

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
