//! Creating and looking up cases and records, beside the form.

use tauri::{AppHandle, Runtime};
use tokendesk_core::subjects::{Attachment, CaseDraft, FoundCase, FoundRecord, UploadedDocuments};

use super::{Answer, TheDesk, files};

#[tauri::command]
pub(crate) async fn create_case(
    desk: TheDesk<'_>,
    workspace_id: String,
    draft: CaseDraft,
) -> Answer<FoundCase> {
    desk.create_case(&workspace_id, &draft).await
}

#[tauri::command]
pub(crate) async fn look_up_case(
    desk: TheDesk<'_>,
    workspace_id: String,
    id: String,
) -> Answer<FoundCase> {
    desk.look_up_case(&workspace_id, &id).await
}

/// Asks which files, and uploads them one after the other. None when the person thinks better of it.
#[tauri::command]
pub(crate) async fn upload_documents<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    workspace_id: String,
) -> Answer<UploadedDocuments> {
    let files = files::ask_for_several(&app).await?;
    Ok(desk.upload_documents(&workspace_id, &files).await)
}

#[tauri::command]
pub(crate) async fn create_record(
    desk: TheDesk<'_>,
    workspace_id: String,
    table: String,
    fields: String,
) -> Answer<FoundRecord> {
    desk.create_record(&workspace_id, &table, &fields).await
}

#[tauri::command]
pub(crate) async fn look_up_record(
    desk: TheDesk<'_>,
    workspace_id: String,
    table: String,
    id: String,
) -> Answer<FoundRecord> {
    desk.look_up_record(&workspace_id, &table, &id).await
}

#[tauri::command]
pub(crate) async fn attachments(
    desk: TheDesk<'_>,
    workspace_id: String,
    table: String,
    record: String,
) -> Answer<Vec<Attachment>> {
    desk.attachments(&workspace_id, &table, &record).await
}

/// Asks which file, and sends it.
#[tauri::command]
pub(crate) async fn upload_attachment<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    workspace_id: String,
    table: String,
    record: String,
    tags: Vec<String>,
) -> Answer<Option<Attachment>> {
    let Some(file) = files::ask_which(&app, &[]).await? else {
        return Ok(None);
    };
    let sent = desk.attach(&workspace_id, &table, &record, &file, &tags);
    sent.await.map(Some)
}

/// Asks where to, writes the file, and says its path.
#[tauri::command]
pub(crate) async fn save_attachment<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    workspace_id: String,
    table: String,
    record: String,
    attachment: Attachment,
) -> Answer<Option<String>> {
    let Some(path) = files::ask_where(&app, attachment.file_name(), "").await? else {
        return Ok(None);
    };
    desk.save_attachment(&workspace_id, &table, &record, &attachment, &path)
        .await?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command]
pub(crate) async fn cancel_transfer(desk: TheDesk<'_>) -> Answer<()> {
    desk.cancel_transfer();
    Ok(())
}
