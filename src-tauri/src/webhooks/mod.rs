//! Webhooks that come to this computer: a loopback listener and what it received, in memory only.

mod desk;
mod listener;
mod received;

use std::sync::Arc;

use serde::Serialize;
use tauri::{AppHandle, Manager, Runtime};
use tokendesk_core::{AppError, Code, Desk, workspace::WorkspaceKind};
use tokio::sync::Mutex;
use ts_rs::TS;

pub use received::ReceivedWebhook;

use self::{desk::Checks, listener::Listener, received::Received};
use crate::demo::DemoStatus;

/// Whether webhooks are received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ListenerState {
    /// They are not.
    Off,
    /// They are.
    On {
        /// The whole address, for whoever sends them.
        address: String,
        /// Whose keys they are verified with.
        workspace_id: String,
    },
}

/// The listener while there is one, and what came. Lives as long as the app.
#[derive(Default)]
pub(crate) struct Webhooks {
    running: Mutex<Option<Running>>,
    received: Arc<Received>,
}

struct Running {
    listener: Listener,
    workspace_id: String,
    demo: bool,
}

impl Running {
    fn state(&self) -> ListenerState {
        ListenerState::On {
            address: self.listener.url(),
            workspace_id: self.workspace_id.clone(),
        }
    }
}

impl Webhooks {
    pub(crate) async fn state(&self) -> ListenerState {
        let running = self.running.lock().await;
        running.as_ref().map_or(ListenerState::Off, Running::state)
    }

    /// Listens for a workspace, on a new address. One that listened before ends.
    pub(crate) async fn start<R: Runtime>(
        &self,
        app: &AppHandle<R>,
        workspace_id: &str,
    ) -> Result<ListenerState, AppError> {
        let desk = app.state::<Desk>();
        let workspace = desk.workspace(workspace_id).await?;
        let mut running = self.running.lock().await;
        let checks = Checks::new(app.clone(), desk.inner().clone(), workspace.id.clone());
        let listener = Listener::start(Arc::new(checks), self.received.clone())
            .await
            .map_err(|error| not_listening(&error.to_string()))?;
        let new = Running {
            listener,
            workspace_id: workspace.id,
            demo: workspace.kind == WorkspaceKind::Demo,
        };
        if new.demo {
            // The one before goes on when the demo cannot be told.
            app.state::<DemoStatus>()
                .set_webhook(Some(&new.listener.url()))?;
        }
        let state = new.state();
        if let Some(before) = running.replace(new) {
            let still_demo = matches!(running.as_ref(), Some(now) if now.demo);
            end(app, before, still_demo).await;
        }
        Ok(state)
    }

    pub(crate) async fn stop<R: Runtime>(&self, app: &AppHandle<R>) -> ListenerState {
        if let Some(before) = self.running.lock().await.take() {
            end(app, before, false).await;
        }
        ListenerState::Off
    }

    /// What came, the newest first.
    pub(crate) fn received(&self) -> Vec<ReceivedWebhook> {
        self.received.list()
    }

    pub(crate) fn clear(&self) {
        self.received.clear();
    }
}

/// Ends a listener. The demo sends nothing more, unless it was told of another one.
async fn end<R: Runtime>(app: &AppHandle<R>, running: Running, told_of_another: bool) {
    if running.demo && !told_of_another {
        // A demo that is gone sends nothing anyway.
        let _ = app.state::<DemoStatus>().set_webhook(None);
    }
    running.listener.stop().await;
}

fn not_listening(why: &str) -> AppError {
    AppError::new(
        Code::InvalidInput,
        "The listener did not start",
        format!("{why}."),
        "Try again.",
    )
    .retryable()
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
