//! The main window.

use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent,
    plugin::TauriPlugin, webview::PageLoadEvent,
};
use tauri_plugin_window_state::StateFlags;

use crate::{
    ending,
    place::{LastPlace, Sizes},
};

const SIZES: Sizes = Sizes {
    size: (1280.0, 800.0),
    least: (880.0, 600.0),
};

/// Opens the main window. It shows itself once its page is there, so nobody sees it empty.
/// Closing it closes the previews too, and so ends the app.
pub(crate) fn open_main<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let monitors = app.available_monitors()?;
    let last = LastPlace::read(app);
    let last_on = last.as_ref().and_then(|last| last.monitor(&monitors));
    let sizes = SIZES.on(last_on.or_else(|| monitors.first()));
    let main = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("TokenDesk")
        .inner_size(sizes.size.0, sizes.size.1)
        .min_inner_size(sizes.least.0, sizes.least.1)
        .visible(false)
        // A dropped file reaches the page as its bytes, not as a path it could name.
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_page_load(|window, page| {
            if page.event() == PageLoadEvent::Finished {
                // A window that cannot be shown has nobody to tell.
                let _ = window.show();
            }
        })
        .build()?;
    // The plugin has just put it where it was, whatever the screen is now.
    if let Some(last) = &last
        && let Some(monitor) = last_on.or_else(|| monitors.first())
    {
        last.fit(&main, monitor)?;
    }
    let app = app.clone();
    main.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            ending::begin(&app);
            for preview in app.webview_windows().into_values() {
                // One that is closing already needs no telling.
                let _ = preview.close();
            }
        }
    });
    Ok(())
}

/// Lets scroll bars stand still on Linux. Those that lie over the page fade for seconds, and each
/// step of that draws the whole window: more than a core where no graphics card does it.
pub(crate) fn keep_scroll_bars_still() {
    #[cfg(target_os = "linux")]
    {
        use gtk::prelude::ObjectExt;
        if let Some(settings) = gtk::Settings::default() {
            settings.set_property("gtk-overlay-scrolling", false);
        }
    }
}

/// Whether a page is the app's: from the binary, or from the development server where that is used.
fn is_own_page(url: &Url) -> bool {
    let development = tauri::is_dev() && url.host_str() == Some("localhost");
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost") || development
}

/// Brings the window of the instance that runs to the front.
pub(crate) fn bring_to_front<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Remembers size and place of the main window; when to show it is [`open_main`]'s.
pub(crate) fn state_plugin<R: Runtime>() -> TauriPlugin<R> {
    tauri_plugin_window_state::Builder::default()
        .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
        .with_filter(|label| label == "main")
        .build()
}

/// Chooses how the web view draws on Linux, and leaves alone whatever the person has set.
///
/// Without a graphics card it would draw and join each frame with a made-up one: a countdown alone
/// takes four times the processor then, as on a virtual desktop. On Wayland with NVIDIA's driver
/// windows would stay blank.
pub(crate) fn choose_renderer() {
    #[cfg(target_os = "linux")]
    {
        let nvidia = std::path::Path::new("/proc/driver/nvidia/version").exists();
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some();
        let choices = [
            ("WEBKIT_DISABLE_COMPOSITING_MODE", !has_graphics_card()),
            ("__NV_DISABLE_EXPLICIT_SYNC", nvidia && wayland),
        ];
        for (name, needed) in choices {
            if needed && std::env::var_os(name).is_none() {
                // SAFETY: called first in `run`, while this is the only thread.
                #[allow(
                    unsafe_code,
                    reason = "setting a variable is unsafe beside other threads"
                )]
                unsafe {
                    std::env::set_var(name, "1");
                }
            }
        }
    }
}

/// Whether there is a device that a program can have something drawn by.
#[cfg(target_os = "linux")]
fn has_graphics_card() -> bool {
    let devices = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten();
    let mut names = devices.map(|device| device.file_name());
    names.any(|name| name.to_string_lossy().starts_with("renderD"))
}
