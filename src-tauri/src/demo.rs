//! The demo workspace: the simulator inside the app, on a loopback port.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::{AppHandle, Manager, Runtime};
use tokendesk_core::{AppError, Code, Desk};
use tokendesk_simulator::Simulator;
use ts_rs::TS;

use crate::events;

/// How the demo's simulator is doing.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum DemoState {
    /// It comes up.
    Starting,
    /// It answers.
    Running {
        /// Where.
        address: String,
    },
    /// It could not start.
    Failed {
        /// Why.
        detail: String,
    },
}

/// The simulator, which runs as long as the app.
pub(crate) struct DemoStatus {
    now: Mutex<(DemoState, Option<Simulator>)>,
}

impl Default for DemoStatus {
    fn default() -> Self {
        Self {
            now: Mutex::new((DemoState::Starting, None)),
        }
    }
}

impl DemoStatus {
    pub(crate) fn state(&self) -> DemoState {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.0.clone()
    }

    /// Tells the simulator where to send webhooks to; `None`: nowhere.
    ///
    /// # Errors
    /// It is not running, or does not send to this address.
    pub(crate) fn set_webhook(&self, url: Option<&str>) -> Result<(), AppError> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(simulator) = &now.1 else {
            return Err(not_running(&now.0));
        };
        simulator.set_webhook(url).map_err(|error| {
            let title = "The demo cannot send webhooks there";
            AppError::new(Code::InvalidInput, title, format!("{error}."), "Try again.").retryable()
        })
    }

    /// Ends the simulator.
    pub(crate) async fn stop(&self) {
        let simulator = {
            let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.1.take()
        };
        if let Some(simulator) = simulator {
            simulator.stop().await;
        }
    }

    fn set(&self, state: DemoState, simulator: Option<Simulator>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = (state, simulator);
    }
}

fn not_running(state: &DemoState) -> AppError {
    let detail = match state {
        DemoState::Failed { detail } => format!("Its simulator could not start: {detail}."),
        DemoState::Starting | DemoState::Running { .. } => "Its simulator is not up yet.".into(),
    };
    let title = "The demo is not running";
    AppError::new(Code::DemoStarting, title, detail, "Try again in a moment.").retryable()
}

/// Starts the simulator beside the window.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let status = app.state::<DemoStatus>();
        match tokendesk_cli::demo::start().await {
            Ok((simulator, demo)) => {
                let address = simulator.address().to_string();
                status.set(DemoState::Running { address }, Some(simulator));
                app.state::<Desk>().set_demo(demo);
            }
            Err(error) => status.set(
                DemoState::Failed {
                    detail: error.to_string(),
                },
                None,
            ),
        }
        events::tell(&app, events::STATE, None);
    });
}
