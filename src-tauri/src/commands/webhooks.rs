//! Verifying webhooks, by hand and as they come in.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use tauri::{AppHandle, Runtime, State};
use tokendesk_core::{AppError, Field, webhooks::WebhookReport};
use ts_rs::TS;

use super::{Answer, TheDesk};
use crate::webhooks::{ListenerState, ReceivedWebhook, Webhooks};

/// The body of a webhook. A file comes as its very bytes; pasted text may have lost line ends.
#[derive(Deserialize, TS)]
#[serde(tag = "form", rename_all = "camelCase")]
pub enum WebhookBody {
    /// As it was pasted.
    Text {
        /// The text.
        text: String,
    },
    /// A file's bytes.
    Base64 {
        /// Them in Base64, with padding.
        base64: String,
    },
}

impl WebhookBody {
    fn bytes(self) -> Result<Vec<u8>, AppError> {
        match self {
            Self::Text { text } => Ok(text.into_bytes()),
            Self::Base64 { base64 } => STANDARD.decode(base64).map_err(|_| {
                AppError::invalid(
                    Field::Body,
                    "The file was not read whole",
                    "Choose it again.",
                )
            }),
        }
    }
}

#[tauri::command]
pub(crate) async fn verify_webhook(
    desk: TheDesk<'_>,
    workspace_id: String,
    body: WebhookBody,
    signature: String,
) -> Answer<WebhookReport> {
    let body = body.bytes()?;
    Ok(desk.verify_webhook(&workspace_id, &body, &signature).await)
}

#[tauri::command]
pub(crate) async fn start_listener<R: Runtime>(
    app: AppHandle<R>,
    webhooks: State<'_, Webhooks>,
    workspace_id: String,
) -> Answer<ListenerState> {
    webhooks.start(&app, &workspace_id).await
}

#[tauri::command]
pub(crate) async fn stop_listener<R: Runtime>(
    app: AppHandle<R>,
    webhooks: State<'_, Webhooks>,
) -> Answer<ListenerState> {
    Ok(webhooks.stop(&app).await)
}

#[tauri::command]
pub(crate) async fn listener(webhooks: State<'_, Webhooks>) -> Answer<ListenerState> {
    Ok(webhooks.state().await)
}

#[tauri::command]
pub(crate) async fn received_webhooks(
    webhooks: State<'_, Webhooks>,
) -> Answer<Vec<ReceivedWebhook>> {
    Ok(webhooks.received())
}

#[tauri::command]
pub(crate) async fn clear_webhooks(webhooks: State<'_, Webhooks>) -> Answer<()> {
    webhooks.clear();
    Ok(())
}
