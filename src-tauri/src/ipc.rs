//! The one list of what the UI may call: it makes the handler, the TypeScript wrappers, and what
//! the tests hold the permissions against.

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

        pub(crate) fn handler<R: tauri::Runtime>()
        -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(crate::commands::$room::$name),*]
        }
    };
}

use tokendesk_core::{
    Settings,
    history::{HistoryEntry, HistoryFilter, HistorySummary},
    issuing::{IssueRequest, RequestPreview, snippets::CopyKind},
    workspace::{TestReport, Workspace, WorkspaceDraft},
};

use crate::commands::{
    history::ExportFormat,
    issue::{Copied, KnownWorkflow},
    preview::PreviewOpened,
    state::{AppState, Theme},
};

commands! {
    state::app_state() -> AppState;
    state::retry_keychain() -> ();
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
    issue::known_workflows(workspace_id: String) -> Vec<KnownWorkflow>;
    issue::reveal_token(id: String) -> String;
    issue::copy_from_entry(id: String, kind: CopyKind) -> Copied;
    issue::copy_text(text: String) -> ();
    issue::clear_clipboard() -> ();
    history::history_summary(filter: HistoryFilter) -> HistorySummary;
    history::history_page(filter: HistoryFilter, offset: u32, limit: u32) -> Vec<HistoryEntry>;
    history::history_entry(id: String) -> HistoryEntry;
    history::live_tokens() -> Vec<HistoryEntry>;
    history::set_label(id: String, label: String) -> HistoryEntry;
    history::mark_used(id: String) -> HistoryEntry;
    history::forget_entries(ids: Vec<String>) -> u32;
    history::restore_entries(ids: Vec<String>) -> u32;
    history::clear_expired() -> Vec<String>;
    history::export_history(filter: HistoryFilter, format: ExportFormat) -> Option<String>;
    preview::open_preview(entry_id: String, use_this_token: bool) -> PreviewOpened;
}
