//! The window of a preview: no capability, storage of its own, nothing opens or downloads from it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::{DownloadEvent, NewWindowResponse},
};

use super::{
    log::{Icon, Level},
    server::PreviewServer,
};

const SIZE: (f64, f64) = (1100.0, 800.0);
const LEAST_SIZE: (f64, f64) = (720.0, 560.0);
const WIPE_TRIES: u32 = 10;
const WIPE_PAUSE: Duration = Duration::from_millis(300);

/// What a preview window is opened with.
pub struct PreviewWindow {
    /// Its server, which stops when the window closes.
    pub server: PreviewServer,
    /// The window's title.
    pub title: String,
    /// A label that no capability names, `preview-<n>`.
    pub label: String,
    /// A directory for this window alone: two windows that share one break each other.
    pub data_dir: PathBuf,
    /// Origins beside the preview's own that frames may come from without https, for the demo.
    pub plain_origins: Vec<String>,
}

/// The folder below which each preview has one of its own.
///
/// # Errors
/// The platform names no cache folder.
pub fn storage<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
    Ok(app.path().app_cache_dir()?.join("previews"))
}

/// Removes what previews left behind when the app ended under them. Call it before any opens.
pub fn wipe_leftovers<R: Runtime>(app: &AppHandle<R>) {
    if let Ok(storage) = storage(app) {
        // Mostly there is nothing; what cannot be removed is tried again at the next start.
        let _ = std::fs::remove_dir_all(storage);
    }
}

/// Opens a preview's window.
///
/// # Errors
/// When the window cannot be made.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    preview: PreviewWindow,
) -> tauri::Result<WebviewWindow<R>> {
    let PreviewWindow {
        server,
        title,
        label,
        data_dir,
        plain_origins,
    } = preview;
    let url: Url = server
        .frame_url()
        .parse()
        .map_err(tauri::Error::InvalidUrl)?;
    let mut origins = plain_origins;
    origins.extend([server.frame_origin(), server.host_origin()]);
    let (moves, opens, downloads) = (server.log(), server.log(), server.log());

    let theme = app
        .get_webview_window("main")
        .and_then(|main| main.theme().ok());
    let window = WebviewWindowBuilder::new(app, &label, WebviewUrl::External(url))
        .title(title)
        .theme(theme)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST_SIZE.0, LEAST_SIZE.1)
        .incognito(true)
        .data_directory(data_dir.clone())
        .on_navigation(move |url| {
            let allowed = may_load(url, &origins);
            if !allowed {
                let detail = url.host_str().unwrap_or_else(|| url.scheme());
                moves.push(
                    Level::Warn,
                    Icon::Window,
                    "Navigation refused",
                    Some(detail),
                );
            }
            allowed
        })
        .on_new_window(move |url, _features| {
            opens.push_link(&url);
            NewWindowResponse::Deny
        })
        .on_download(move |_webview, event| {
            if let DownloadEvent::Requested { url, .. } = event {
                let detail = url.host_str().unwrap_or_else(|| url.scheme());
                downloads.push(Level::Warn, Icon::Window, "Download refused", Some(detail));
            }
            false
        })
        .build()?;

    let ending = Arc::new(Mutex::new(Some((server, data_dir))));
    window.on_window_event(move |event| {
        if !matches!(event, WindowEvent::Destroyed) {
            return;
        }
        let ended = ending.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((server, data_dir)) = ended {
            tauri::async_runtime::spawn(async move {
                server.stop().await;
                wipe(data_dir).await;
            });
        }
    });
    Ok(window)
}

/// Whether a page may load. On Linux this is asked for frames in the page too, so it cannot hold
/// the top to one origin; that is done by the sandbox, which may not move the top.
fn may_load(url: &Url, origins: &[String]) -> bool {
    match url.scheme() {
        "https" | "blob" => true,
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        "http" => origins.contains(&url.origin().ascii_serialization()),
        _ => false,
    }
}

/// Removes what the window stored; the web process may hold on to it for a moment.
/// It is an incognito window's, so what could stay behind is empty folders.
async fn wipe(data_dir: PathBuf) {
    for _ in 0..WIPE_TRIES {
        tokio::time::sleep(WIPE_PAUSE).await;
        match std::fs::remove_dir_all(&data_dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {}
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_plain_origins_load() {
        let origins = ["http://localhost:4000".to_owned()];
        for (url, allowed) in [
            ("http://localhost:4000/a/", true),
            ("http://localhost:4001/a/", false),
            ("http://127.0.0.1:4000/", false),
            ("https://id.example.org/", true),
            ("about:blank", true),
            ("file:///etc/passwd", false),
            ("tauri://localhost/", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(may_load(&url.parse().unwrap(), &origins), allowed, "{url}");
        }
    }
}
