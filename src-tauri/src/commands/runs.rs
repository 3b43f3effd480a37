//! The Runs screen.

use tauri::{AppHandle, Runtime};
use tokendesk_core::{RunResult, history::HistoryEntry};

use super::{Answer, TheDesk, files};

/// The window says whether somebody looks, and which entry they have before them.
#[tauri::command]
pub(crate) async fn watch_runs(
    desk: TheDesk<'_>,
    looking: bool,
    focus: Option<String>,
) -> Answer<()> {
    desk.watch_runs(looking, focus);
    Ok(())
}

#[tauri::command]
pub(crate) async fn look_at_run(desk: TheDesk<'_>, id: String) -> Answer<HistoryEntry> {
    desk.look_at_run(&id).await
}

#[tauri::command]
pub(crate) async fn run_result(desk: TheDesk<'_>, id: String) -> Answer<RunResult> {
    desk.run_result(&id).await
}

#[tauri::command]
pub(crate) async fn keep_result(desk: TheDesk<'_>, id: String, keep: bool) -> Answer<()> {
    desk.keep_result(&id, keep).await
}

/// Asks where to, writes the result, and says its path.
#[tauri::command]
pub(crate) async fn export_result<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    id: String,
) -> Answer<Option<String>> {
    let text = desk.result_json(&id).await?;
    let Some(path) = files::ask_where(&app, "result.json", "json").await? else {
        return Ok(None);
    };
    files::write(&path, text).await?;
    Ok(Some(path.display().to_string()))
}
