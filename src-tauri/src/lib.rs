//! The desktop shell: windows and wiring. What the app can do is in `tokendesk-core`.

mod clipboard;
pub mod commands;
mod demo;
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
use tokendesk_core::Desk;

/// Opens the app and runs it to its end.
#[must_use]
pub fn run() -> ExitCode {
    match app() {
        Ok(()) => ExitCode::SUCCESS,
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

fn app() -> Result<(), Box<dyn std::error::Error>> {
    window::choose_renderer();
    let desk = Desk::of_this_person()?;
    let single = tauri_plugin_single_instance::init(|app, _, _| window::bring_to_front(app));
    build(Builder::default().plugin(single), desk)?.run(|app, event| match event {
        RunEvent::Ready => preview::window::wipe_leftovers(app),
        RunEvent::Exit => app.state::<clipboard::Clipboard>().clear(),
        _ => {}
    });
    Ok(())
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
        .manage(preview::window::Previews::default())
        .manage(webhooks::Webhooks::default())
        .invoke_handler(ipc::logged_handler())
        .setup(|app| {
            menu::set_up(app)?;
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
