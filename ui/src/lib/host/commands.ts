// Generated from Rust by `cargo xtask bindings`. Do not edit.
import { invoke } from "@tauri-apps/api/core";
import type { AppState, Attachment, CaseDraft, Copied, CopyKind, ExportFormat, FoundCase, FoundRecord, HistoryEntry, HistoryFilter, HistorySummary, IssueRequest, KnownWorkflow, ListenerState, LiveEntries, Preset, PresetsImported, PreviewOpened, Qr, ReceivedWebhook, RequestPreview, RunResult, Settings, TestReport, Theme, UploadedDocuments, WebhookBody, WebhookReport, Workspace, WorkspaceDraft } from "./types";

export const appState = () => invoke<AppState>("app_state");

export const retryKeychain = () => invoke<null>("retry_keychain");

export const beginNewHistory = () => invoke<null>("begin_new_history");

export const useSessionOnly = () => invoke<null>("use_session_only");

export const settings = () => invoke<Settings>("settings");

export const saveSettings = (settings: Settings) => invoke<null>("save_settings", { settings });

export const setTheme = (theme: Theme) => invoke<null>("set_theme", { theme });

export const addWorkspace = (draft: WorkspaceDraft) => invoke<Workspace>("add_workspace", { draft });

export const updateWorkspace = (id: string, draft: WorkspaceDraft) => invoke<Workspace>("update_workspace", { id, draft });

export const forgetWorkspace = (id: string) => invoke<null>("forget_workspace", { id });

export const testDraft = (draft: WorkspaceDraft, id: string | null) => invoke<TestReport>("test_draft", { draft, id });

export const testWorkspace = (id: string) => invoke<TestReport>("test_workspace", { id });

export const issueToken = (request: IssueRequest) => invoke<HistoryEntry>("issue_token", { request });

export const cancelIssue = () => invoke<null>("cancel_issue");

export const requestPreview = (request: IssueRequest) => invoke<RequestPreview>("request_preview", { request });

export const linkInForce = (workspaceId: string, subject: string) => invoke<HistoryEntry | null>("link_in_force", { workspaceId, subject });

export const revealToken = (id: string) => invoke<string>("reveal_token", { id });

export const copyFromEntry = (id: string, kind: CopyKind) => invoke<Copied>("copy_from_entry", { id, kind });

export const copyText = (text: string) => invoke<null>("copy_text", { text });

export const clearClipboard = () => invoke<null>("clear_clipboard");

export const knownWorkflows = (workspaceId: string) => invoke<Array<KnownWorkflow>>("known_workflows", { workspaceId });

export const saveWorkflow = (workspaceId: string, workflowId: string, name: string) => invoke<null>("save_workflow", { workspaceId, workflowId, name });

export const forgetWorkflow = (workspaceId: string, workflowId: string) => invoke<null>("forget_workflow", { workspaceId, workflowId });

export const presets = (workspaceId: string) => invoke<Array<Preset>>("presets", { workspaceId });

export const savePreset = (name: string, request: IssueRequest, withSubject: boolean) => invoke<Preset>("save_preset", { name, request, withSubject });

export const forgetPreset = (id: string) => invoke<Preset>("forget_preset", { id });

export const exportPresets = (workspaceId: string) => invoke<string | null>("export_presets", { workspaceId });

export const importPresets = (workspaceId: string) => invoke<PresetsImported | null>("import_presets", { workspaceId });

export const createCase = (workspaceId: string, draft: CaseDraft) => invoke<FoundCase>("create_case", { workspaceId, draft });

export const lookUpCase = (workspaceId: string, id: string) => invoke<FoundCase>("look_up_case", { workspaceId, id });

export const uploadDocuments = (workspaceId: string) => invoke<UploadedDocuments>("upload_documents", { workspaceId });

export const createRecord = (workspaceId: string, table: string, fields: string) => invoke<FoundRecord>("create_record", { workspaceId, table, fields });

export const lookUpRecord = (workspaceId: string, table: string, id: string) => invoke<FoundRecord>("look_up_record", { workspaceId, table, id });

export const attachments = (workspaceId: string, table: string, record: string) => invoke<Array<Attachment>>("attachments", { workspaceId, table, record });

export const uploadAttachment = (workspaceId: string, table: string, record: string, tags: Array<string>) => invoke<Attachment | null>("upload_attachment", { workspaceId, table, record, tags });

export const saveAttachment = (workspaceId: string, table: string, record: string, attachment: Attachment) => invoke<string | null>("save_attachment", { workspaceId, table, record, attachment });

export const cancelTransfer = () => invoke<null>("cancel_transfer");

export const revealLink = (id: string) => invoke<string>("reveal_link", { id });

export const entryQr = (id: string) => invoke<Qr>("entry_qr", { id });

export const copyWithLink = (id: string, text: string) => invoke<Copied>("copy_with_link", { id, text });

export const exportPostman = (id: string) => invoke<string | null>("export_postman", { id });

export const watchRuns = (looking: boolean, focus: string | null) => invoke<null>("watch_runs", { looking, focus });

export const lookAtRun = (id: string) => invoke<HistoryEntry>("look_at_run", { id });

export const runResult = (id: string) => invoke<RunResult>("run_result", { id });

export const keepResult = (id: string, keep: boolean) => invoke<null>("keep_result", { id, keep });

export const exportResult = (id: string) => invoke<string | null>("export_result", { id });

export const historySummary = (filter: HistoryFilter) => invoke<HistorySummary>("history_summary", { filter });

export const historyPage = (filter: HistoryFilter, offset: number, limit: number) => invoke<Array<HistoryEntry>>("history_page", { filter, offset, limit });

export const historyEntry = (id: string) => invoke<HistoryEntry>("history_entry", { id });

export const liveTokens = () => invoke<LiveEntries>("live_tokens");

export const setLabel = (id: string, label: string) => invoke<HistoryEntry>("set_label", { id, label });

export const markUsed = (id: string) => invoke<HistoryEntry>("mark_used", { id });

export const forgetEntries = (ids: Array<string>) => invoke<number>("forget_entries", { ids });

export const restoreEntries = (ids: Array<string>) => invoke<number>("restore_entries", { ids });

export const clearExpired = () => invoke<Array<string>>("clear_expired");

export const exportHistory = (filter: HistoryFilter, format: ExportFormat) => invoke<string | null>("export_history", { filter, format });

export const verifyWebhook = (workspaceId: string, body: WebhookBody, signature: string) => invoke<WebhookReport>("verify_webhook", { workspaceId, body, signature });

export const startListener = (workspaceId: string) => invoke<ListenerState>("start_listener", { workspaceId });

export const stopListener = () => invoke<ListenerState>("stop_listener");

export const listener = () => invoke<ListenerState>("listener");

export const receivedWebhooks = () => invoke<Array<ReceivedWebhook>>("received_webhooks");

export const clearWebhooks = () => invoke<null>("clear_webhooks");

export const openPreview = (entryId: string, useThisToken: boolean) => invoke<PreviewOpened>("open_preview", { entryId, useThisToken });
