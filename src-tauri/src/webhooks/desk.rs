//! The desk behind the listener.

use tauri::{AppHandle, Runtime};
use tokendesk_core::{Desk, webhooks::WebhookReport};

use super::listener::{Inspect, Later};
use crate::events;

/// The list of what came is not what it was.
const CHANGED: &str = "webhooks-changed";

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
        Box::pin(
            self.desk
                .verify_webhook(&self.workspace_id, body, signature),
        )
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
