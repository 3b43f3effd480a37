//! The end of the app, in one order, whoever asks for it: the person, a signal, the session.

use std::{
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tauri::{AppHandle, Manager, Runtime};
use tokendesk_core::{
    Desk,
    process::{EndRequests, Process, Threads, leave_now},
};
use tokio::time::timeout;

use crate::{
    clipboard::Clipboard, demo::DemoStatus, preview::window::Previews, webhooks::Webhooks, window,
};

/// How long each step may take that is not the database's.
const STEP_LIMIT: Duration = Duration::from_secs(1);
/// How long the event loop may take to hear that the app is to end.
const EVENT_LOOP_LIMIT: Duration = Duration::from_secs(3);
/// Tells a start that it is the second try.
const SECOND_TRY: &str = "TOKENDESK_SECOND_TRY";

/// How far the end has come.
#[derive(Default)]
pub(crate) struct Ending {
    /// The main window is gone, or will be.
    begun: AtomicBool,
    /// The servers are being stopped and the database is being closed.
    closing: AtomicBool,
    /// The person started the app once more meanwhile.
    start_again: AtomicBool,
}

/// Notes that the end has begun.
pub(crate) fn begin<R: Runtime>(app: &AppHandle<R>) {
    app.state::<Ending>().begun.store(true, Ordering::SeqCst);
}

/// The person starts the app while it runs: they get its window, or a new one where the old one
/// is gone already.
pub(crate) fn started_once_more<R: Runtime>(app: &AppHandle<R>) {
    let ending = app.state::<Ending>();
    if ending.begun.load(Ordering::SeqCst) {
        ending.start_again.store(true, Ordering::SeqCst);
    } else {
        window::bring_to_front(app);
    }
}

/// Whether this start follows one that found an app which was just ending.
pub(crate) fn is_second_try() -> bool {
    std::env::var_os(SECOND_TRY).is_some()
}

/// Starts the program anew in this one's place: a toolkit cannot be set up twice in a process.
/// Returns only where that fails, with why.
pub(crate) fn try_again() -> std::io::Error {
    let mut anew = match std::env::current_exe() {
        Ok(myself) => Command::new(myself),
        Err(error) => return error,
    };
    anew.env(SECOND_TRY, "1");
    #[cfg(unix)]
    return std::os::unix::process::CommandExt::exec(&mut anew);
    #[cfg(not(unix))]
    match anew.spawn() {
        Ok(_) => leave_now(0),
        Err(error) => error,
    }
}

/// Ends the app when the system or the session asks for it.
pub(crate) fn follow_requests<R: Runtime>(app: &AppHandle<R>, mut requests: EndRequests) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        requests.next().await;
        begin(&app);
        app.exit(0);
        tokio::time::sleep(EVENT_LOOP_LIMIT).await;
        if app.state::<Ending>().closing.load(Ordering::SeqCst) {
            return;
        }
        // The event loop hangs. The history is closed all the same.
        let _ = timeout(EVENT_LOOP_LIMIT, close(&app)).await;
        leave_now(0);
    });
}

/// Ends everything but the event loop, which is about to end by itself.
pub(crate) fn end<R: Runtime>(app: &AppHandle<R>, process: Process) {
    begin(app);
    let ending = app.state::<Ending>();
    ending.closing.store(true, Ordering::SeqCst);
    let threads = process.end(close(app));
    if ending.start_again.load(Ordering::SeqCst)
        && let Ok(myself) = tauri::process::current_binary(&app.env())
    {
        // There is no window any more to say that it did not start.
        let _ = Command::new(myself).env_remove(SECOND_TRY).spawn();
    }
    if threads == Threads::Stuck {
        leave_now(0);
    }
}

/// Who sends something ends first, the database last. What is done twice does nothing.
async fn close<R: Runtime>(app: &AppHandle<R>) {
    // Whoever starts the app from now on starts it for itself.
    let free_place = app.clone();
    step(move || tauri_plugin_single_instance::destroy(&free_place)).await;
    let servers = async {
        app.state::<Webhooks>().stop(app).await;
        app.state::<Previews>().close().await;
        app.state::<DemoStatus>().stop().await;
    };
    let _ = timeout(STEP_LIMIT, servers).await;
    let clipboard = app.state::<Clipboard>().inner().clone();
    step(move || clipboard.clear()).await;
    app.state::<Desk>().close().await;
}

/// Does what may hang, on a thread that may.
async fn step(work: impl FnOnce() + Send + 'static) {
    let work = tauri::async_runtime::spawn_blocking(work);
    let _ = timeout(STEP_LIMIT, work).await;
}
