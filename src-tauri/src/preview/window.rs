//! The window of a preview: no capability, storage of its own, nothing opens or downloads from it.

use std::{
    collections::HashMap,
    mem,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
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
use crate::place::Sizes;

const SIZES: Sizes = Sizes {
    size: (1100.0, 800.0),
    least: (720.0, 560.0),
};
const WIPE_TRIES: u32 = 10;
const WIPE_PAUSE: Duration = Duration::from_millis(300);

/// The previews that are open. Lives as long as the app.
#[derive(Default)]
pub(crate) struct Previews {
    count: AtomicU32,
    open: Mutex<HashMap<String, OpenPreview>>,
}

/// What ends with a preview's window.
struct OpenPreview {
    server: PreviewServer,
    data_dir: Option<PathBuf>,
}

impl Previews {
    /// A label that no preview had before.
    pub(crate) fn new_label(&self) -> String {
        format!("preview-{}", self.count.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Stops every preview's server and removes what their windows stored, at the app's end.
    pub(crate) async fn close(&self) {
        let open = mem::take(&mut *self.open());
        let mut ending = tokio::task::JoinSet::new();
        for preview in open.into_values() {
            ending.spawn(preview.end());
        }
        ending.join_all().await;
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, OpenPreview>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenPreview {
    async fn end(self) {
        self.server.stop().await;
        if let Some(data_dir) = self.data_dir {
            wipe(data_dir).await;
        }
    }
}

/// What a preview window is opened with.
pub struct PreviewWindow {
    /// Its server, which stops when the window closes.
    pub server: PreviewServer,
    /// The window's title.
    pub title: String,
    /// A label that no capability names, `preview-<n>`.
    pub label: String,
    /// A directory for this window alone, where the platform needs one ([`data_dir`]).
    pub data_dir: Option<PathBuf>,
    /// Origins beside the preview's own that frames may come from without https, for the demo.
    pub plain_origins: Vec<String>,
}

/// A folder for one preview alone. A WebView2 with options of its own needs one.
///
/// WebKit does not: an incognito window stores in memory, apart from every other. With a folder
/// `WebKitGTK` would even start a network process that stays as long as the app.
///
/// # Errors
/// The platform names no cache folder.
pub fn data_dir<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Option<PathBuf>> {
    if !cfg!(windows) {
        return Ok(None);
    }
    let folder = storage(app)?.join(uuid::Uuid::new_v4().to_string());
    Ok(Some(folder))
}

/// The folder below which each preview's folder is.
fn storage<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<PathBuf> {
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

    let main = app.get_webview_window("main");
    let theme = main.as_ref().and_then(|main| main.theme().ok());
    let screen = main.and_then(|main| main.current_monitor().ok().flatten());
    let sizes = SIZES.on(screen.as_ref());
    let mut builder = WebviewWindowBuilder::new(app, &label, WebviewUrl::External(url));
    if let Some(data_dir) = &data_dir {
        builder = builder.data_directory(data_dir.clone());
    }
    let window = builder
        .title(title)
        .theme(theme)
        .inner_size(sizes.size.0, sizes.size.1)
        .min_inner_size(sizes.least.0, sizes.least.1)
        .incognito(true)
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

    close_by_key(&window)?;
    let preview = OpenPreview { server, data_dir };
    app.state::<Previews>()
        .open()
        .insert(label.clone(), preview);
    let app = app.clone();
    window.on_window_event(move |event| {
        if !matches!(event, WindowEvent::Destroyed) {
            return;
        }
        let ended = app.state::<Previews>().open().remove(&label);
        if let Some(preview) = ended {
            tauri::async_runtime::spawn(preview.end());
        }
    });
    Ok(window)
}

/// Ctrl+W closes it, wherever in it the focus is. The page in its frame is not ours, so the window
/// itself has to listen. On macOS the menu has this key.
#[cfg(target_os = "linux")]
fn close_by_key<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    use gtk::{gdk, prelude::*};
    let preview = window.clone();
    window.run_on_main_thread(move || {
        let Ok(window) = preview.gtk_window() else {
            return;
        };
        let keys = gtk::AccelGroup::new();
        keys.connect_accel_group(
            *gdk::keys::constants::w,
            gdk::ModifierType::CONTROL_MASK,
            gtk::AccelFlags::empty(),
            // One that is closing already needs no telling.
            move |_, _, _, _| preview.close().is_ok(),
        );
        window.add_accel_group(&keys);
    })
}

#[cfg(not(target_os = "linux"))]
fn close_by_key<R: Runtime>(_: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
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
