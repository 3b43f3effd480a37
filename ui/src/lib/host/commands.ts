// Generated from Rust by `cargo xtask bindings`. Do not edit.
import { invoke } from "@tauri-apps/api/core";
import type { AppState, Copied, CopyKind, ExportFormat, HistoryEntry, HistoryFilter, HistorySummary, IssueRequest, KnownWorkflow, PreviewOpened, RequestPreview, Settings, TestReport, Theme, Workspace, WorkspaceDraft } from "./types";

export const appState = () => invoke<AppState>("app_state");

export const retryKeychain = () => invoke<null>("retry_keychain");

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

export const knownWorkflows = (workspaceId: string) => invoke<Array<KnownWorkflow>>("known_workflows", { workspaceId });

export const revealToken = (id: string) => invoke<string>("reveal_token", { id });

export const copyFromEntry = (id: string, kind: CopyKind) => invoke<Copied>("copy_from_entry", { id, kind });

export const copyText = (text: string) => invoke<null>("copy_text", { text });

export const clearClipboard = () => invoke<null>("clear_clipboard");

export const historySummary = (filter: HistoryFilter) => invoke<HistorySummary>("history_summary", { filter });

export const historyPage = (filter: HistoryFilter, offset: number, limit: number) => invoke<Array<HistoryEntry>>("history_page", { filter, offset, limit });

export const historyEntry = (id: string) => invoke<HistoryEntry>("history_entry", { id });

export const liveTokens = () => invoke<Array<HistoryEntry>>("live_tokens");

export const setLabel = (id: string, label: string) => invoke<HistoryEntry>("set_label", { id, label });

export const markUsed = (id: string) => invoke<HistoryEntry>("mark_used", { id });

export const forgetEntries = (ids: Array<string>) => invoke<number>("forget_entries", { ids });

export const restoreEntries = (ids: Array<string>) => invoke<number>("restore_entries", { ids });

export const clearExpired = () => invoke<Array<string>>("clear_expired");

export const exportHistory = (filter: HistoryFilter, format: ExportFormat) => invoke<string | null>("export_history", { filter, format });

export const openPreview = (entryId: string, useThisToken: boolean) => invoke<PreviewOpened>("open_preview", { entryId, useThisToken });
