//! The demo workspace: the simulator inside the app, on a loopback port.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tauri::{AppHandle, Manager, Runtime};
use tokendesk_core::Desk;
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

    fn set(&self, state: DemoState, simulator: Option<Simulator>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = (state, simulator);
    }
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
