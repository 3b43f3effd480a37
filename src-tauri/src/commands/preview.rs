//! Opening a preview: which token, which workspace, and what its page may ask of the app.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use secrecy::SecretString;
use serde::Serialize;
use tauri::{AppHandle, Runtime, State};
use tauri_plugin_opener::OpenerExt;
use tokendesk_core::{
    AppError, Desk,
    handover::widget_script,
    history::{HistoryEntry, Purpose},
    issuing::Fresh,
    workspace::{Workspace, WorkspaceKind, hosted_page},
};
use transactionlink::Host;
use ts_rs::TS;

use super::{Answer, TheDesk};
use crate::preview::{
    BoxFuture, PreviewContext, PreviewError, PreviewServer, PreviewSource, PreviewToken,
    server::Assets,
    window::{self, PreviewWindow, Previews},
};

/// The window that was opened.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PreviewOpened {
    /// Its label.
    pub label: String,
    /// Its page's address on this computer.
    pub address: String,
}

/// Opens the preview of an entry: with a token of its own from the same inputs, or, when the
/// person chose so, with the entry's token, which that uses up.
#[tauri::command]
pub(crate) async fn open_preview<R: Runtime>(
    app: AppHandle<R>,
    desk: TheDesk<'_>,
    previews: State<'_, Previews>,
    entry_id: String,
    use_this_token: bool,
) -> Answer<PreviewOpened> {
    let entry = desk.entry(&entry_id).await?;
    let workspace = desk.workspace(&entry.workspace_id).await?;
    let widget_host = Host::parse(&workspace.widget_host).map_err(|e| no_window(&e.to_string()))?;
    let first_token = if use_this_token {
        let token = desk.token(&entry_id).await?;
        Some(shown(entry.clone(), token, 0, false))
    } else {
        None
    };
    // Only a host on this computer may be plain http: the demo's, or a simulator by itself.
    let plain_origins = if widget_host.as_str().starts_with("http:") {
        vec![origin(widget_host.as_str())]
    } else {
        Vec::new()
    };
    let source = Source {
        app: app.clone(),
        desk: desk.inner().clone(),
        title: entry
            .workflow_name
            .clone()
            .unwrap_or_else(|| entry.workflow_id.clone()),
        entry,
        workspace: Mutex::new(workspace),
        widget_host,
        first_token: Mutex::new(first_token),
    };
    let title = format!("{} \u{2013} Preview", source.title);
    let assets = assets(&app);
    let server = PreviewServer::start(Arc::new(source), assets)
        .await
        .map_err(|e| no_window(&e.to_string()))?;
    let address = server.frame_url();
    let label = previews.new_label();
    let opening = PreviewWindow {
        server,
        title,
        label: label.clone(),
        data_dir: window::data_dir(&app).map_err(|e| no_window(&e.to_string()))?,
        plain_origins,
    };
    window::open(&app, opening).map_err(|e| no_window(&e.to_string()))?;
    Ok(PreviewOpened { label, address })
}

/// The built files by their exact names. Tauri's resolver answers every other name with the page
/// of the main window, which a preview has no use for.
fn assets<R: Runtime>(app: &AppHandle<R>) -> Assets {
    let resolver = app.asset_resolver();
    let built: HashSet<String> = resolver
        .iter()
        .map(|(name, _)| name.trim_start_matches('/').to_owned())
        .collect();
    Arc::new(move |path: &str| {
        // A development build has none built in: it reads them from the disk, by exact names too.
        if !built.contains(path) && !tauri::is_dev() {
            return None;
        }
        let asset = resolver.get(path.to_owned())?;
        Some((asset.bytes, asset.mime_type))
    })
}

fn no_window(why: &str) -> AppError {
    AppError::new(
        tokendesk_core::Code::InvalidInput,
        "The preview did not open",
        format!("{why}."),
        "Try again.",
    )
}

/// The workflow turned out to be none for a person.
fn no_widget() -> AppError {
    AppError::new(
        tokendesk_core::Code::NoSuchThing,
        "Nothing to preview",
        "This workflow runs in the background: it has no widget.",
        "Its status is under Runs.",
    )
}

fn origin(host: &str) -> String {
    host.trim_end_matches('/').to_owned()
}

fn shown(entry: HistoryEntry, token: SecretString, elapsed_ms: u64, own: bool) -> PreviewToken {
    PreviewToken {
        expires_at_ms: entry.expires_at.unwrap_or_default(),
        lifetime_ms: entry.lifetime_ms.unwrap_or_default(),
        entry_id: entry.id,
        token,
        elapsed_ms,
        own,
    }
}

/// What one preview may ask of the app. The credential stays with the desk.
struct Source<R: Runtime> {
    app: AppHandle<R>,
    desk: Desk,
    entry: HistoryEntry,
    title: String,
    workspace: Mutex<Workspace>,
    widget_host: Host,
    first_token: Mutex<Option<PreviewToken>>,
}

impl<R: Runtime> PreviewSource for Source<R> {
    fn context(&self) -> PreviewContext {
        let workspace = self
            .workspace
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        PreviewContext {
            workspace_name: workspace.name.clone(),
            demo: workspace.kind == WorkspaceKind::Demo,
            workflow_name: self.title.clone(),
            widget_script_url: widget_script(&self.widget_host),
            widget_origin: origin(self.widget_host.as_str()),
            hosted_url: Some(hosted_page(&self.widget_host)),
            api_origin: origin(&workspace.api_host),
            allowed_hosts: workspace.allowed_hosts.clone(),
            lang: self.entry.lang.clone(),
            first_token: self
                .first_token
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        }
    }

    fn new_token(&self) -> BoxFuture<'_, Result<PreviewToken, PreviewError>> {
        Box::pin(async move {
            let begun = Instant::now();
            let (desk, id) = (self.desk.clone(), self.entry.id.clone());
            // A task of its own: whoever closes the preview meanwhile stops waiting, and the
            // attempt is still written down to its end.
            let issuing = tauri::async_runtime::spawn(async move {
                desk.issue_again(&id, Purpose::Preview).await
            });
            let issued = issuing.await.map_err(|error| no_window(&error.to_string()));
            let Fresh { entry, token, .. } = issued.and_then(|issued| issued).map_err(told)?;
            let token = token.ok_or_else(|| told(no_widget()))?;
            let elapsed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            Ok(shown(entry, token, elapsed, true))
        })
    }

    fn widget_opened(&self, entry_id: &str) {
        let (desk, id) = (self.desk.clone(), entry_id.to_owned());
        tauri::async_runtime::spawn(async move {
            // The entry may have been forgotten meanwhile; then there is nothing to mark.
            let _ = desk.mark_used(&id).await;
        });
    }

    fn allow_host(&self, host: &str) -> Result<(), PreviewError> {
        let mut workspace = self
            .workspace
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !workspace.allowed_hosts.iter().any(|h| h == host) {
            workspace.allowed_hosts.push(host.to_owned());
        }
        let (desk, id, host) = (self.desk.clone(), workspace.id.clone(), host.to_owned());
        tauri::async_runtime::spawn(async move {
            // Not kept, it holds for this preview.
            let _ = desk.allow_host(&id, &host).await;
        });
        Ok(())
    }

    fn open_in_browser(&self, url: &str) -> Result<(), PreviewError> {
        self.app
            .opener()
            .open_url(url, None::<&str>)
            .map_err(|error| {
                PreviewError::new(
                    "browser",
                    "No browser opened",
                    &format!("{error}."),
                    "Copy the address and open it yourself.",
                )
            })
    }
}

fn told(error: AppError) -> PreviewError {
    let code = serde_json::to_value(error.code).ok();
    let code = code
        .as_ref()
        .and_then(|c| c.as_str())
        .unwrap_or("failed")
        .to_owned();
    PreviewError {
        title: error.title,
        detail: error.detail,
        hint: error.hint,
        code,
    }
}
