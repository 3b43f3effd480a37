//! From the desk's events to the UI's.

use serde_json::Value;
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokendesk_core::{Desk, DeskEvent};
use tokio::sync::broadcast::error::RecvError;
use transactionlink::Phase;

/// Keychain, storage, demo or workspaces changed.
pub(crate) const STATE: &str = "state-changed";
const HISTORY: &str = "history-changed";
const RUN_CHECKED: &str = "run-checked";
const ISSUING: &str = "issue-phase";
const TRANSFER: &str = "transfer";

/// Forwards what happens to the main window, and to no other.
pub(crate) fn forward<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    let mut events = app.state::<Desk>().events();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(DeskEvent::State) => tell(&app, STATE, None),
                Ok(DeskEvent::History) => tell(&app, HISTORY, None),
                Ok(DeskEvent::RunChecked {
                    entry_id,
                    checked_at,
                }) => {
                    let payload =
                        serde_json::json!({ "entryId": entry_id, "checkedAt": checked_at });
                    tell(&app, RUN_CHECKED, Some(payload));
                }
                Ok(DeskEvent::Issuing(phase)) => {
                    let payload = serde_json::json!({ "phase": word(&phase) });
                    tell(&app, ISSUING, Some(payload));
                }
                Ok(DeskEvent::Transfer(transfer)) => {
                    tell(&app, TRANSFER, serde_json::to_value(transfer).ok());
                }
                Err(RecvError::Lagged(_)) => {
                    tell(&app, STATE, None);
                    tell(&app, HISTORY, None);
                }
                Err(RecvError::Closed) => return,
            }
        }
    });
}

pub(crate) fn tell<R: Runtime>(app: &AppHandle<R>, event: &str, payload: Option<Value>) {
    // A window that is closing misses it.
    let _ = app.emit_to("main", event, payload);
}

fn word(phase: &Phase) -> &'static str {
    match phase {
        Phase::Authorizing => "authorizing",
        Phase::Authorized { .. } => "authorized",
        Phase::Sending => "sending",
    }
}
