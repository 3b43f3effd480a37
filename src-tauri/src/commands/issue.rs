//! The Issue screen.

use secrecy::ExposeSecret;
use serde::Serialize;
use tauri::State;
use tokendesk_core::{
    history::HistoryEntry,
    issuing::{IssueRequest, RequestPreview, snippets::CopyKind},
    workspace::DEMO_ID,
};
use tokendesk_simulator::scenarios;
use ts_rs::TS;

use super::{Answer, TheDesk};
use crate::clipboard::Clipboard;

/// A workflow to pick.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownWorkflow {
    /// Its id.
    pub workflow_id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
}

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
pub(crate) async fn known_workflows(
    desk: TheDesk<'_>,
    workspace_id: String,
) -> Answer<Vec<KnownWorkflow>> {
    let mut known: Vec<KnownWorkflow> = Vec::new();
    if workspace_id == DEMO_ID {
        known.extend(scenarios().iter().map(|scenario| KnownWorkflow {
            workflow_id: scenario.workflow_definition_id.to_owned(),
            name: Some(scenario.name.to_owned()),
        }));
    }
    for (workflow_id, name) in desk.known_workflows(&workspace_id).await? {
        if !known.iter().any(|k| k.workflow_id == workflow_id) {
            known.push(KnownWorkflow { workflow_id, name });
        }
    }
    Ok(known)
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
    let seconds = desk.settings().await?.clipboard_clear_seconds;
    clipboard.copy_secret(text, seconds)?;
    Ok(Copied {
        cleared_after_seconds: seconds,
    })
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
