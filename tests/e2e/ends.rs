//! Every end of the app is an orderly one: by the window, by a signal, in the terminal, also while
//! something hangs.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    desktop::{Desktop, Keyring, TOKENDESK, wait_for},
    display::Display,
    terminal_setting::{Recorder, Terminal, WORKFLOW},
    web::{Web, is_running, send},
};

/// The longest an end may take: everything in it is bounded.
const LONGEST_END: Duration = Duration::from_secs(12);

/// How something is ended.
#[derive(Clone, Copy, Debug)]
enum By {
    CloseButton,
    Signal(&'static str),
}

impl Desktop {
    /// The app's window, without a driver: a child that says how it ended.
    fn open(&self, display: &Display) -> (Child, u32) {
        let app = self
            .command(TOKENDESK)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut window = 0;
        wait_for("the app's window", || {
            let shown = display.windows("TokenDesk");
            window = shown.first().copied().unwrap_or_default();
            !shown.is_empty()
        });
        (app, window)
    }

    fn beside_the_history(&self, end: &str) -> PathBuf {
        self.data().join(format!("history.db{end}"))
    }

    /// Nothing is left that an orderly end clears up.
    fn is_tidy(&self) {
        for end in ["-wal", "-shm"] {
            let left = self.beside_the_history(end);
            assert!(!left.exists(), "{} is left", left.display());
        }
        let previews = self.cache().join("io.tokendesk.desktop/previews");
        assert!(!previews.exists(), "a preview's folder is left");
    }
}

fn end(app: &mut Child, window: u32, display: &Display, by: By) -> ExitStatus {
    match by {
        By::CloseButton => display.close(window),
        By::Signal(signal) => send(signal, app.id()),
    }
    ended(app, by)
}

fn ended(app: &mut Child, by: By) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = app.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > LONGEST_END {
            let _ = app.kill();
            panic!("{by:?} does not end it");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A person's desktop with a run that goes on, and what stands before its API.
async fn with_a_run() -> (Terminal, Recorder, String) {
    let terminal = Terminal::new(&[]);
    let recorder = Recorder::before(&terminal.simulator).await;
    terminal.add_modern("Recorded", &recorder.origin);
    let started = terminal.done(&["run", "--workspace", "Recorded", "--workflow", WORKFLOW]);
    let run = started.line().to_owned();
    terminal.desktop.is_tidy();
    (terminal, recorder, run)
}

/// Waits until the window looks at the run once more.
fn followed(recorder: &Recorder, run: &str) {
    let look = format!("GET /workflows/{run}");
    let before = recorder.bodies(&look).len();
    wait_for("a look at the run", || {
        recorder.bodies(&look).len() > before
    });
}

/// One start and end; which end, and how far the app has come by then, goes by the number.
fn once(terminal: &Terminal, recorder: &Recorder, run: &str, display: &Display, number: usize) {
    let desktop = &terminal.desktop;
    let signals = ["TERM", "INT", "HUP"];
    match number % 3 {
        2 => {
            let said = match number % 2 {
                0 => terminal.done(&["history", "--json"]),
                _ => terminal.done(&["status", run, "--workspace", "Recorded"]),
            };
            assert!(!said.out.is_empty());
        }
        window => {
            let (mut app, id) = desktop.open(display);
            match number / 3 % 3 {
                // Its history may not even be open.
                0 => {}
                1 => wait_for("the history", || {
                    fs::metadata(desktop.beside_the_history("-wal")).is_ok_and(|log| log.len() > 0)
                }),
                _ => followed(recorder, run),
            }
            let by = match window {
                0 => By::CloseButton,
                _ => By::Signal(signals[number / 3 % signals.len()]),
            };
            let status = end(&mut app, id, display, by);
            assert_eq!(status.code(), Some(0), "{number}, {by:?}: {status}");
        }
    }
    desktop.is_tidy();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_end_is_an_orderly_one() {
    let (terminal, recorder, run) = with_a_run().await;
    let display = Display::open(None);
    // Both ends of the window at each of its stages, and both kinds of commands.
    for number in [0, 1, 2, 3, 4, 5, 6, 7] {
        once(&terminal, &recorder, &run, &display, number);
    }
}

/// Every processor busy, until this is dropped.
struct Load(Vec<Child>);

impl Load {
    fn begin() -> Self {
        let busy = |_| {
            let mut busy = Command::new("sh");
            busy.args(["-c", "while :; do :; done"]).spawn().unwrap()
        };
        Self(
            (0..thread::available_parallelism().unwrap().get())
                .map(busy)
                .collect(),
        )
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for busy in &mut self.0 {
            let _ = busy.kill();
            let _ = busy.wait();
        }
    }
}

/// `cargo xtask ends [N]`: as many in a row, on a computer that is busy.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes half an hour"]
async fn many_ends_in_a_row() {
    let count = std::env::var("TOKENDESK_ENDS").map_or(300, |count| count.parse().unwrap());
    let (terminal, recorder, run) = with_a_run().await;
    let display = Display::open(None);
    let _load = Load::begin();
    for number in 0..count {
        once(&terminal, &recorder, &run, &display, number);
        if number % 30 == 29 {
            eprintln!("{} of {count} ends", number + 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_broken_off_ends_as_asked_and_closes_the_history() {
    let (terminal, _recorder, run) = with_a_run().await;
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let mut following = terminal
            .desktop
            .command(TOKENDESK)
            .args(["status", &run, "--workspace", "Recorded", "--follow"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_for("the history", || {
            terminal.desktop.beside_the_history("-wal").exists()
        });
        send(signal, following.id());
        let status = ended(&mut following, By::Signal("to the terminal"));
        let by = std::os::unix::process::ExitStatusExt::signal(&status);
        assert_eq!(by, Some(number), "a shell sees that it was broken off");
        terminal.desktop.is_tidy();
    }
    // At a prompt, too, where the command itself waits for a person.
    let mut waiting = terminal
        .desktop
        .command(TOKENDESK)
        .args(["workspace", "add", "Another"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the history", || {
        terminal.desktop.beside_the_history("-wal").exists()
    });
    send("INT", waiting.id());
    let status = ended(&mut waiting, By::Signal("at a prompt"));
    let by = std::os::unix::process::ExitStatusExt::signal(&status);
    assert_eq!(by, Some(2));
    terminal.desktop.is_tidy();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_waits_does_not_keep_the_app() {
    let desktop = Desktop::new(Keyring::Locked);
    let display = Display::open(None);
    for by in [By::Signal("TERM"), By::CloseButton] {
        let (mut app, window) = desktop.open(&display);
        let status = end(&mut app, window, &display, by);
        assert_eq!(status.code(), Some(0), "{by:?}: {status}");
        desktop.is_tidy();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_says_nothing_does_not_keep_the_app() {
    let terminal = Terminal::new(&[]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    terminal.add_modern("Silent", &origin);
    let app = Web::app(&terminal.desktop).await;
    let state = app.invoke("app_state", json!({})).await.unwrap();
    let workspaces = state["workspaces"].as_array().unwrap();
    let silent_one = workspaces.iter().find(|w| w["name"] == "Silent").unwrap();
    let request = json!({
        "workspaceId": silent_one["id"], "api": "v2", "workflowId": WORKFLOW, "subject": "",
        "parametersId": "", "lang": "", "label": "", "purpose": "handOver",
    });
    let issue = "window.__TAURI_INTERNALS__.invoke('issue_token', { request: arguments[0] })
        .catch(() => {})";
    app.script(issue, vec![request]).await;
    let (_asked, _) = silent.accept().unwrap();
    let begun = Instant::now();
    send("TERM", app.program());
    while is_running(app.program()) {
        assert!(begun.elapsed() < LONGEST_END, "SIGTERM does not end it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    terminal.desktop.is_tidy();
    let kept = terminal.done(&["history", "--json"]).json();
    assert_eq!(
        kept[0]["status"], "unknown",
        "what was sent is told: {kept}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_copied_is_taken_back_at_the_end() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let app = Web::app(&desktop).await;
    app.click("issue-submit").await;
    app.says("token-status", "Active").await;
    app.click("copy-token").await;
    let mut board = arboard::Clipboard::new().unwrap();
    let mut copied = String::new();
    wait_for("the copy", || {
        copied = board.get_text().unwrap_or_default();
        copied.starts_with("eyJ")
    });
    // A clipboard manager takes over what others copy; from then on it does not go with the app.
    board.set_text(&copied).unwrap();
    send("TERM", app.program());
    wait_for("the end", || !is_running(app.program()));
    let left = board.get_text().unwrap_or_default();
    assert!(!left.contains("eyJ"), "the clipboard still holds the token");
    desktop.is_tidy();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_while_another_app_is_ending_opens_a_window() {
    let desktop = Desktop::new(Keyring::Unlocked);
    let display = Display::open(None);
    // An app that goes away when it is asked for its window, as one does that is just ending.
    let address = desktop.bus();
    let (ready, named) = std::sync::mpsc::channel();
    let ending = thread::spawn(move || {
        let bus = zbus::blocking::connection::Builder::address(&*address)
            .unwrap()
            .name("io.tokendesk.desktop.SingleInstance")
            .unwrap()
            .build()
            .unwrap();
        let mut calls = zbus::blocking::MessageIterator::from(&bus);
        ready.send(()).unwrap();
        let asked = calls.find(|message| {
            let message = message.as_ref().unwrap();
            let header = message.header();
            header
                .member()
                .is_some_and(|name| name == "ExecuteCallback")
        });
        assert!(asked.is_some());
        drop(calls);
        bus.close().unwrap();
    });
    named.recv().unwrap();
    let (mut app, window) = desktop.open(&display);
    ending.join().unwrap();
    let status = end(&mut app, window, &display, By::CloseButton);
    assert_eq!(status.code(), Some(0), "{status}");

    // The same with a real one, at whatever moment of its end the next start comes.
    for _ in 0..3 {
        let (mut first, window) = desktop.open(&display);
        display.close(window);
        let mut second = desktop.command(TOKENDESK).spawn().unwrap();
        let status = ended(&mut first, By::CloseButton);
        assert_eq!(status.code(), Some(0), "{status}");
        wait_for("the second start's window", || {
            !display.windows("TokenDesk").is_empty()
        });
        let window = display.windows("TokenDesk")[0];
        display.close(window);
        wait_for("its end", || display.windows("TokenDesk").is_empty());
        let status = ended(&mut second, By::CloseButton);
        assert_eq!(status.code(), Some(0), "{status}");
        wait_for("the last app's end", || !desktop.runs_the_app());
    }
}
