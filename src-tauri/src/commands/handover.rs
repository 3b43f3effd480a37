//! Handing over what an entry holds.

use secrecy::ExposeSecret;
use tauri::{AppHandle, Runtime, State};
use tokendesk_core::handover::Qr;

use super::{
    Answer, TheDesk, files,
    issue::{Copied, copy_secret},
};
use crate::clipboard::Clipboard;

#[tauri::command]
pub(crate) async fn reveal_link(desk: TheDesk<'_>, id: String) -> Answer<String> {
    Ok(desk.link(&id).await?.expose_secret().to_owned())
}

#[tauri::command]
pub(crate) async fn entry_qr(desk: TheDesk<'_>, id: String) -> Answer<Qr> {
    desk.qr(&id).await
}

#[tauri::command]
pub(crate) async fn copy_with_link(
    desk: TheDesk<'_>,
    clipboard: State<'_, Clipboard>,
    id: String,
    text: String,
) -> Answer<Copied> {
    let text = desk.text_with_link(&id, &text).await?;
    copy_secret(&desk, &clipboard, text).await
}

/// Asks where to, writes the collection, and says its path.
#[tauri::command]
pub(crate) async fn export_postman<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    id: String,
) -> Answer<Option<String>> {
    let text = desk.postman(&id).await?;
    let name = "transactionlink.postman_collection.json";
    let Some(path) = files::ask_where(&app, name, "json").await? else {
        return Ok(None);
    };
    files::write(&path, text).await?;
    Ok(Some(path.display().to_string()))
}
