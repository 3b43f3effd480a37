//! What every screen needs to know.

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Runtime, State};
use tokendesk_core::{
    HistoryNotice, Settings, StorageState, keychain::KeychainState, workspace::Workspace,
};
use tokendesk_simulator::{Outcome, scenarios};
use ts_rs::TS;

use super::{Answer, TheDesk};
use crate::demo::{DemoState, DemoStatus};

/// How a demo scenario ends, for its glyph.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// A token comes.
    Success,
    /// A token comes and ends soon.
    Expiring,
    /// None comes.
    Failed,
    /// It takes long.
    Slow,
}

/// A workflow of the demo.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoScenario {
    /// Its id.
    pub workflow_id: String,
    /// Its name.
    pub name: String,
    /// What happens.
    pub summary: String,
    /// How it ends.
    pub tone: Tone,
}

/// What every screen needs to know.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppState {
    /// The app's version.
    pub version: String,
    /// Where its files are.
    pub data_folder: String,
    /// The keychain.
    pub keychain: KeychainState,
    /// The history.
    pub storage: StorageState,
    /// The demo's simulator.
    pub demo: DemoState,
    /// The demo and every workspace.
    pub workspaces: Vec<Workspace>,
    /// The demo's workflows.
    pub scenarios: Vec<DemoScenario>,
    /// What was done about the history's file since the start.
    pub history_notice: Option<HistoryNotice>,
    /// How far the server is ahead of this computer, in milliseconds.
    #[ts(type = "number")]
    pub clock_offset_ms: i64,
}

#[tauri::command]
pub(crate) async fn app_state(desk: TheDesk<'_>, demo: State<'_, DemoStatus>) -> Answer<AppState> {
    // Before the database is open there is the demo.
    let workspaces = desk.workspaces().await;
    Ok(AppState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_folder: desk.folder().path().display().to_string(),
        keychain: desk.keychain_state(),
        storage: desk.storage_state(),
        demo: demo.state(),
        workspaces: workspaces.unwrap_or_else(|_| vec![desk.demo_workspace()]),
        scenarios: scenarios().iter().map(scenario).collect(),
        history_notice: desk.history_notice(),
        clock_offset_ms: desk.clock_offset(),
    })
}

fn scenario(scenario: &tokendesk_simulator::Scenario) -> DemoScenario {
    DemoScenario {
        workflow_id: scenario.workflow_definition_id.to_owned(),
        name: scenario.name.to_owned(),
        summary: scenario.summary.to_owned(),
        tone: match scenario.outcome {
            Outcome::Success => Tone::Success,
            Outcome::ShortLived(_) => Tone::Expiring,
            Outcome::Slow(_) | Outcome::TwoStep | Outcome::Background => Tone::Slow,
            Outcome::NotFound
            | Outcome::BadRequest
            | Outcome::Unauthorized
            | Outcome::Forbidden
            | Outcome::RateLimited(_)
            | Outcome::ServerError
            | Outcome::Dropped
            | Outcome::Malformed
            | Outcome::Failing => Tone::Failed,
        },
    }
}

#[tauri::command]
pub(crate) async fn retry_keychain(desk: TheDesk<'_>) -> Answer<()> {
    desk.open().await
}

#[tauri::command]
pub(crate) async fn begin_new_history(desk: TheDesk<'_>) -> Answer<()> {
    desk.begin_new_history().await
}

#[tauri::command]
pub(crate) async fn use_session_only(desk: TheDesk<'_>) -> Answer<()> {
    desk.use_session_only();
    Ok(())
}

#[tauri::command]
pub(crate) async fn settings(desk: TheDesk<'_>) -> Answer<Settings> {
    desk.settings().await
}

#[tauri::command]
pub(crate) async fn save_settings(desk: TheDesk<'_>, settings: Settings) -> Answer<()> {
    desk.save_settings(settings).await
}

/// How the windows look.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the desktop does.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Title bars and previews look as the main window does.
#[tauri::command]
pub(crate) async fn set_theme<R: Runtime>(app: AppHandle<R>, theme: Theme) -> Answer<()> {
    app.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    });
    Ok(())
}
