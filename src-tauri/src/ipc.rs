//! The one list of what the UI may call: it makes the handler, the TypeScript wrappers, and what
//! the tests hold the permissions against.

use std::io::Write;

/// One command as the UI sees it.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Its arguments: name and TypeScript type.
    pub arguments: Vec<(&'static str, String)>,
    /// The TypeScript type of its answer.
    pub answer: String,
}

macro_rules! commands {
    ($($room:ident::$name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// Every command, in the order of the screens.
        #[must_use]
        pub fn commands(types: &ts_rs::Config) -> Vec<Command> {
            vec![$(Command {
                name: stringify!($name),
                arguments: vec![
                    $((stringify!($argument), <$type as ts_rs::TS>::name(types))),*
                ],
                answer: <$answer as ts_rs::TS>::name(types),
            }),*]
        }

        /// Visits every type the commands take and give.
        pub fn visit(visitor: &mut impl ts_rs::TypeVisitor) {
            $($(visitor.visit::<$type>();)* visitor.visit::<$answer>();)*
        }

        fn handler<R: tauri::Runtime>()
        -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(crate::commands::$room::$name),*]
        }
    };
}

use tokendesk_core::{
    RunResult, Settings,
    handover::{CopyKind, Qr},
    history::{HistoryEntry, HistoryFilter, HistorySummary, LiveEntries},
    issuing::{IssueRequest, RequestPreview},
    saved::{KnownWorkflow, Preset, PresetsImported},
    subjects::{Attachment, CaseDraft, FoundCase, FoundRecord, UploadedDocuments},
    webhooks::WebhookReport,
    workspace::{TestReport, Workspace, WorkspaceDraft},
};

use crate::commands::{
    history::ExportFormat,
    issue::Copied,
    preview::PreviewOpened,
    state::{AppState, Theme},
    webhooks::WebhookBody,
};
use crate::webhooks::{ListenerState, ReceivedWebhook};

commands! {
    state::app_state() -> AppState;
    state::retry_keychain() -> ();
    state::begin_new_history() -> ();
    state::use_session_only() -> ();
    state::settings() -> Settings;
    state::save_settings(settings: Settings) -> ();
    state::set_theme(theme: Theme) -> ();
    workspaces::add_workspace(draft: WorkspaceDraft) -> Workspace;
    workspaces::update_workspace(id: String, draft: WorkspaceDraft) -> Workspace;
    workspaces::forget_workspace(id: String) -> ();
    workspaces::test_draft(draft: WorkspaceDraft, id: Option<String>) -> TestReport;
    workspaces::test_workspace(id: String) -> TestReport;
    issue::issue_token(request: IssueRequest) -> HistoryEntry;
    issue::cancel_issue() -> ();
    issue::request_preview(request: IssueRequest) -> RequestPreview;
    issue::link_in_force(workspace_id: String, subject: String) -> Option<HistoryEntry>;
    issue::reveal_token(id: String) -> String;
    issue::copy_from_entry(id: String, kind: CopyKind) -> Copied;
    issue::copy_text(text: String) -> ();
    issue::clear_clipboard() -> ();
    saved::known_workflows(workspace_id: String) -> Vec<KnownWorkflow>;
    saved::save_workflow(workspace_id: String, workflow_id: String, name: String) -> ();
    saved::forget_workflow(workspace_id: String, workflow_id: String) -> ();
    saved::presets(workspace_id: String) -> Vec<Preset>;
    saved::save_preset(name: String, request: IssueRequest, with_subject: bool) -> Preset;
    saved::forget_preset(id: String) -> Preset;
    saved::export_presets(workspace_id: String) -> Option<String>;
    saved::import_presets(workspace_id: String) -> Option<PresetsImported>;
    subjects::create_case(workspace_id: String, draft: CaseDraft) -> FoundCase;
    subjects::look_up_case(workspace_id: String, id: String) -> FoundCase;
    subjects::upload_documents(workspace_id: String) -> UploadedDocuments;
    subjects::create_record(workspace_id: String, table: String, fields: String) -> FoundRecord;
    subjects::look_up_record(workspace_id: String, table: String, id: String) -> FoundRecord;
    subjects::attachments(workspace_id: String, table: String, record: String) -> Vec<Attachment>;
    subjects::upload_attachment(
        workspace_id: String, table: String, record: String, tags: Vec<String>
    ) -> Option<Attachment>;
    subjects::save_attachment(
        workspace_id: String, table: String, record: String, attachment: Attachment
    ) -> Option<String>;
    subjects::cancel_transfer() -> ();
    handover::reveal_link(id: String) -> String;
    handover::entry_qr(id: String) -> Qr;
    handover::copy_with_link(id: String, text: String) -> Copied;
    handover::export_postman(id: String) -> Option<String>;
    runs::watch_runs(looking: bool, focus: Option<String>) -> ();
    runs::look_at_run(id: String) -> HistoryEntry;
    runs::run_result(id: String) -> RunResult;
    runs::keep_result(id: String, keep: bool) -> ();
    runs::export_result(id: String) -> Option<String>;
    history::history_summary(filter: HistoryFilter) -> HistorySummary;
    history::history_page(filter: HistoryFilter, offset: u32, limit: u32) -> Vec<HistoryEntry>;
    history::history_entry(id: String) -> HistoryEntry;
    history::live_tokens() -> LiveEntries;
    history::set_label(id: String, label: String) -> HistoryEntry;
    history::mark_used(id: String) -> HistoryEntry;
    history::forget_entries(ids: Vec<String>) -> u32;
    history::restore_entries(ids: Vec<String>) -> u32;
    history::clear_expired() -> Vec<String>;
    history::export_history(filter: HistoryFilter, format: ExportFormat) -> Option<String>;
    webhooks::verify_webhook(
        workspace_id: String, body: WebhookBody, signature: String
    ) -> WebhookReport;
    webhooks::start_listener(workspace_id: String) -> ListenerState;
    webhooks::stop_listener() -> ListenerState;
    webhooks::listener() -> ListenerState;
    webhooks::received_webhooks() -> Vec<ReceivedWebhook>;
    webhooks::clear_webhooks() -> ();
    preview::open_preview(entry_id: String, use_this_token: bool) -> PreviewOpened;
}

/// The variable that names a file for the names of the commands that are called, one a line.
/// `cargo xtask bench idle` and the end-to-end tests hold a window to asking nothing while it is
/// left alone. Names only: an argument may be a secret.
const COMMAND_LOG: &str = "TOKENDESK_COMMAND_LOG";

/// The handler of every command, which also writes the [`COMMAND_LOG`] where one is named.
pub(crate) fn logged_handler<R: tauri::Runtime>()
-> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
    let log = std::env::var_os(COMMAND_LOG).and_then(|path| {
        let mut options = std::fs::OpenOptions::new();
        options.create(true).append(true).open(path).ok()
    });
    let handler = handler();
    move |invoke| {
        if let Some(mut log) = log.as_ref() {
            // A line that is not written makes the count wrong, not the app.
            let _ = writeln!(log, "{}", invoke.message.command());
        }
        handler(invoke)
    }
}
