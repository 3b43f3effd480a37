//! The Issue screen.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use tauri::State;
use tokendesk_core::{
    Desk,
    handover::CopyKind,
    history::HistoryEntry,
    issuing::{IssueRequest, RequestPreview},
};
use ts_rs::TS;

use super::{Answer, TheDesk};
use crate::clipboard::Clipboard;

/// What became of a copy.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// Seconds until it is cleared; 0 for never before quitting.
    pub cleared_after_seconds: u32,
}

#[tauri::command]
pub(crate) async fn issue_token(desk: TheDesk<'_>, request: IssueRequest) -> Answer<HistoryEntry> {
    desk.issue(&request).await
}

#[tauri::command]
pub(crate) async fn cancel_issue(desk: TheDesk<'_>) -> Answer<()> {
    desk.cancel_issue();
    Ok(())
}

#[tauri::command]
pub(crate) async fn request_preview(request: IssueRequest) -> Answer<RequestPreview> {
    request.preview()
}

#[tauri::command]
pub(crate) async fn link_in_force(
    desk: TheDesk<'_>,
    workspace_id: String,
    subject: String,
) -> Answer<Option<HistoryEntry>> {
    desk.link_in_force(&workspace_id, &subject).await
}

#[tauri::command]
pub(crate) async fn reveal_token(desk: TheDesk<'_>, id: String) -> Answer<String> {
    Ok(desk.token(&id).await?.expose_secret().to_owned())
}

#[tauri::command]
pub(crate) async fn copy_from_entry(
    desk: TheDesk<'_>,
    clipboard: State<'_, Clipboard>,
    id: String,
    kind: CopyKind,
) -> Answer<Copied> {
    let text = desk.copy_text(&id, kind).await?;
    if kind == CopyKind::Curl {
        clipboard.copy(text.expose_secret())?;
        return Ok(Copied {
            cleared_after_seconds: 0,
        });
    }
    copy_secret(&desk, &clipboard, text).await
}

#[tauri::command]
pub(crate) async fn copy_text(clipboard: State<'_, Clipboard>, text: String) -> Answer<()> {
    clipboard.copy(&text)
}

#[tauri::command]
pub(crate) async fn clear_clipboard(clipboard: State<'_, Clipboard>) -> Answer<()> {
    clipboard.clear();
    Ok(())
}

/// Copies what lets somebody in, and says when it is cleared.
pub(super) async fn copy_secret(
    desk: &Desk,
    clipboard: &Clipboard,
    text: SecretString,
) -> Answer<Copied> {
    let seconds = desk.settings().await?.clipboard_clear_seconds;
    clipboard.copy_secret(text, seconds)?;
    Ok(Copied {
        cleared_after_seconds: seconds,
    })
}
