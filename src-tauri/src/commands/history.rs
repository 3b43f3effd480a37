//! The History screen.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Runtime};
use tokendesk_core::{
    Desk,
    history::{
        HistoryEntry, HistoryFilter, HistorySummary, LiveEntries,
        export::{self, Separator},
    },
};
use ts_rs::TS;

use super::{Answer, TheDesk, files};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// For a spreadsheet, with commas.
    Csv,
    /// For a spreadsheet, with semicolons.
    CsvSemicolon,
    /// For a program.
    Json,
}

#[tauri::command]
pub(crate) async fn history_summary(
    desk: TheDesk<'_>,
    filter: HistoryFilter,
) -> Answer<HistorySummary> {
    desk.summary(filter).await
}

#[tauri::command]
pub(crate) async fn history_page(
    desk: TheDesk<'_>,
    filter: HistoryFilter,
    offset: u32,
    limit: u32,
) -> Answer<Vec<HistoryEntry>> {
    desk.page(filter, offset, limit).await
}

#[tauri::command]
pub(crate) async fn history_entry(desk: TheDesk<'_>, id: String) -> Answer<HistoryEntry> {
    desk.entry(&id).await
}

#[tauri::command]
pub(crate) async fn live_tokens(desk: TheDesk<'_>) -> Answer<LiveEntries> {
    desk.live().await
}

#[tauri::command]
pub(crate) async fn set_label(
    desk: TheDesk<'_>,
    id: String,
    label: String,
) -> Answer<HistoryEntry> {
    desk.set_label(&id, &label).await
}

#[tauri::command]
pub(crate) async fn mark_used(desk: TheDesk<'_>, id: String) -> Answer<HistoryEntry> {
    desk.mark_used(&id).await
}

#[tauri::command]
pub(crate) async fn forget_entries(desk: TheDesk<'_>, ids: Vec<String>) -> Answer<u32> {
    desk.forget(ids).await.map(count)
}

#[tauri::command]
pub(crate) async fn restore_entries(desk: TheDesk<'_>, ids: Vec<String>) -> Answer<u32> {
    desk.restore(ids).await.map(count)
}

fn count(changed: usize) -> u32 {
    u32::try_from(changed).unwrap_or(u32::MAX)
}

#[tauri::command]
pub(crate) async fn clear_expired(desk: TheDesk<'_>) -> Answer<Vec<String>> {
    desk.clear_expired().await
}

/// Asks where to, writes the file, and says its path; `None` when the person thinks better of it.
#[tauri::command]
pub(crate) async fn export_history<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    filter: HistoryFilter,
    format: ExportFormat,
) -> Answer<Option<String>> {
    let (name, kind) = match format {
        ExportFormat::Csv | ExportFormat::CsvSemicolon => ("history.csv", "csv"),
        ExportFormat::Json => ("history.json", "json"),
    };
    let Some(path) = files::ask_where(&app, name, kind).await? else {
        return Ok(None);
    };
    write(&desk, filter, format, &path).await?;
    Ok(Some(path.display().to_string()))
}

async fn write(
    desk: &Desk,
    filter: HistoryFilter,
    format: ExportFormat,
    path: &Path,
) -> Answer<()> {
    let entries = desk.newest(filter, u32::MAX).await?;
    let text = match format {
        ExportFormat::Csv => export::csv(&entries, Separator::Comma),
        ExportFormat::CsvSemicolon => export::csv(&entries, Separator::Semicolon),
        ExportFormat::Json => export::json(&entries),
    };
    files::write(path, text).await
}
