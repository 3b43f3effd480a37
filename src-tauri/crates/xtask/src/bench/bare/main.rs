//! A bare window, shown once its page is there, as the app's is.

use tauri::{WebviewUrl, WebviewWindowBuilder, webview::PageLoadEvent};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let clock = std::env::args().any(|argument| argument == "clock");
            let page = if clock { "clock.html" } else { "index.html" };
            WebviewWindowBuilder::new(app, "main", WebviewUrl::App(page.into()))
                .title("bare")
                .inner_size(1280.0, 800.0)
                .visible(false)
                .on_page_load(|window, page| {
                    if page.event() == PageLoadEvent::Finished {
                        let _ = window.show();
                    }
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
