//! The Workspaces screen.

use tokendesk_core::workspace::{TestReport, Workspace, WorkspaceDraft};

use super::{Answer, TheDesk};

#[tauri::command]
pub(crate) async fn add_workspace(desk: TheDesk<'_>, draft: WorkspaceDraft) -> Answer<Workspace> {
    desk.add_workspace(&draft).await
}

#[tauri::command]
pub(crate) async fn update_workspace(
    desk: TheDesk<'_>,
    id: String,
    draft: WorkspaceDraft,
) -> Answer<Workspace> {
    desk.update_workspace(&id, &draft).await
}

#[tauri::command]
pub(crate) async fn forget_workspace(desk: TheDesk<'_>, id: String) -> Answer<()> {
    desk.forget_workspace(&id).await
}

#[tauri::command]
pub(crate) async fn test_draft(
    desk: TheDesk<'_>,
    draft: WorkspaceDraft,
    id: Option<String>,
) -> Answer<TestReport> {
    desk.test_draft(&draft, id.as_deref()).await
}

#[tauri::command]
pub(crate) async fn test_workspace(desk: TheDesk<'_>, id: String) -> Answer<TestReport> {
    desk.test_workspace(&id).await
}
