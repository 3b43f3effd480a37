//! Saved workflows and presets.

use tauri::{AppHandle, Runtime};
use tokendesk_core::{
    issuing::IssueRequest,
    saved::{KnownWorkflow, Preset, PresetsImported},
};

use super::{Answer, TheDesk, files};

#[tauri::command]
pub(crate) async fn known_workflows(
    desk: TheDesk<'_>,
    workspace_id: String,
) -> Answer<Vec<KnownWorkflow>> {
    desk.known_workflows(&workspace_id).await
}

#[tauri::command]
pub(crate) async fn save_workflow(
    desk: TheDesk<'_>,
    workspace_id: String,
    workflow_id: String,
    name: String,
) -> Answer<()> {
    desk.save_workflow(&workspace_id, &workflow_id, &name).await
}

#[tauri::command]
pub(crate) async fn forget_workflow(
    desk: TheDesk<'_>,
    workspace_id: String,
    workflow_id: String,
) -> Answer<()> {
    desk.forget_workflow(&workspace_id, &workflow_id).await
}

#[tauri::command]
pub(crate) async fn presets(desk: TheDesk<'_>, workspace_id: String) -> Answer<Vec<Preset>> {
    desk.presets(&workspace_id).await
}

#[tauri::command]
pub(crate) async fn save_preset(
    desk: TheDesk<'_>,
    name: String,
    request: IssueRequest,
    with_subject: bool,
) -> Answer<Preset> {
    desk.save_preset(&name, request, with_subject).await
}

#[tauri::command]
pub(crate) async fn forget_preset(desk: TheDesk<'_>, id: String) -> Answer<Preset> {
    desk.forget_preset(&id).await
}

/// Asks where to, writes the file, and says its path.
#[tauri::command]
pub(crate) async fn export_presets<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    workspace_id: String,
) -> Answer<Option<String>> {
    let text = desk.presets_file(&workspace_id).await?;
    let Some(path) = files::ask_where(&app, "presets.json", "json").await? else {
        return Ok(None);
    };
    files::write(&path, text).await?;
    Ok(Some(path.display().to_string()))
}

/// Asks which file, and adds what is in it.
#[tauri::command]
pub(crate) async fn import_presets<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    workspace_id: String,
) -> Answer<Option<PresetsImported>> {
    let Some(path) = files::ask_which(&app, &["json"]).await? else {
        return Ok(None);
    };
    let text = files::read(&path).await?;
    desk.import_presets(&workspace_id, &text).await.map(Some)
}
