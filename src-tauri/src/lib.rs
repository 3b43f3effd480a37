//! The desktop shell: windows and wiring. What the app can do is in `tokendesk-core`.

mod clipboard;
pub mod commands;
mod demo;
mod ending;
mod events;
pub mod ipc;
mod loopback;
mod menu;
mod place;
mod preview;
mod webhooks;
mod window;

use std::process::ExitCode;

use tauri::{App, Builder, Manager, RunEvent, Runtime};
use tokendesk_core::{Desk, process::Process};

/// Opens the app and runs it to its end.
#[must_use]
pub fn run() -> ExitCode {
    match app() {
        Ok(code) => code,
        Err(error) => {
            // Nothing is open yet that could show it.
            #[allow(clippy::print_stderr, reason = "the only place left to say it")]
            {
                eprintln!("TokenDesk could not start: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn app() -> Result<ExitCode, Box<dyn std::error::Error>> {
    window::choose_renderer();
    let mut process = Process::start()?;
    tauri::async_runtime::set(process.runtime().clone());
    let desk = Desk::of_this_person()?;
    let single = tauri_plugin_single_instance::init(|app, _, _| ending::started_once_more(app));
    let app = match build(Builder::default().plugin(single), desk) {
        // The app before this one may have ended while it was asked for its window.
        Err(tauri::Error::PluginInitialization(..)) if !ending::is_second_try() => {
            return Err(ending::try_again().into());
        }
        built => built?,
    };
    ending::follow_requests(app.handle(), process.take_requests());
    let mut process = Some(process);
    let code = app.run_return(move |app, event| match event {
        RunEvent::Ready => preview::window::wipe_leftovers(app),
        RunEvent::ExitRequested { .. } => ending::begin(app),
        // Not after the event loop: on macOS and at the end of a Windows session nothing runs then.
        RunEvent::Exit => {
            if let Some(process) = process.take() {
                ending::end(app, process);
            }
        }
        _ => {}
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The whole app on a desk, on whatever runs its windows.
///
/// # Errors
/// The platform has no windows, or the app's own files are unusable.
pub fn build<R: Runtime>(builder: Builder<R>, desk: Desk) -> tauri::Result<App<R>> {
    builder
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(window::state_plugin())
        .manage(desk)
        .manage(clipboard::Clipboard::default())
        .manage(demo::DemoStatus::default())
        .manage(ending::Ending::default())
        .manage(preview::window::Previews::default())
        .manage(webhooks::Webhooks::default())
        .invoke_handler(ipc::logged_handler())
        .setup(|app| {
            menu::set_up(app)?;
            window::keep_scroll_bars_still();
            window::open_main(app.handle())?;
            events::forward(app.handle());
            demo::start(app.handle());
            let desk = app.state::<Desk>().inner().clone();
            tauri::async_runtime::spawn(async move {
                // What came of it is in the desk's state, which the window shows.
                let _ = desk.open().await;
                tokio::join!(desk.keep_tidy(), desk.follow_runs(), desk.watch_keychain());
            });
            Ok(())
        })
        .build(tauri::generate_context!())
}
