//! The desk behind the listener.

use tauri::{AppHandle, Runtime};
use tokendesk_core::{
    AppError, Desk,
    json::Tree,
    webhooks::{Verdict, WebhookReport},
};

use super::listener::{Inspect, Later};
use crate::events;

/// The list of what came is not what it was.
const CHANGED: &str = "webhooks-changed";
/// How much of a body is shown as text, in bytes.
const SHOWN: usize = 64 * 1024;

/// Verifies with the keys of one workspace.
pub(super) struct Checks<R: Runtime> {
    app: AppHandle<R>,
    desk: Desk,
    workspace_id: String,
}

impl<R: Runtime> Checks<R> {
    pub(super) fn new(app: AppHandle<R>, desk: Desk, workspace_id: String) -> Self {
        Self {
            app,
            desk,
            workspace_id,
        }
    }
}

impl<R: Runtime> Inspect for Checks<R> {
    fn verify<'a>(&'a self, body: &'a [u8], signature: &'a str) -> Later<'a, WebhookReport> {
        Box::pin(async move {
            let verified = self
                .desk
                .verify_webhook(&self.workspace_id, body, signature);
            match verified.await {
                Ok(report) => report,
                Err(error) => unchecked(body, error),
            }
        })
    }

    fn look<'a>(&'a self, run_id: &'a str) -> Later<'a, Option<String>> {
        Box::pin(async move {
            let looked = self.desk.look_at_run_of(&self.workspace_id, run_id).await;
            // The run says itself why a look at it failed.
            looked.ok().flatten().map(|entry| entry.id)
        })
    }

    fn changed(&self) {
        events::tell(&self.app, CHANGED, None);
    }
}

/// What is left to say when nothing could be verified: the workspace is gone, or its credential.
fn unchecked(body: &[u8], error: AppError) -> WebhookReport {
    let shown = &body[..body.len().min(SHOWN)];
    WebhookReport {
        verdict: Verdict::Unchecked,
        reason: "It could not be verified.".to_owned(),
        header: None,
        header_text: String::new(),
        kid: None,
        algorithm: None,
        key_fingerprint: None,
        body: std::str::from_utf8(body).ok().and_then(Tree::read),
        body_text: String::from_utf8_lossy(shown).into_owned(),
        bytes: u32::try_from(body.len()).unwrap_or(u32::MAX),
        error: Some(error),
    }
}
