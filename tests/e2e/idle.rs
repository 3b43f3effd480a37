//! A window that is left alone asks the host nothing and lets the processor rest.

use std::{fs, path::Path, time::Duration};

use crate::{
    processes,
    terminal_setting::{Terminal, WORKFLOW},
    web::Web,
};

/// How long each screen is left alone.
const ALONE: Duration = Duration::from_secs(10);
/// Time for a screen that was just opened to read what it shows.
const SETTLE: Duration = Duration::from_secs(2);
/// Of one core, in the test build. How little it is beside a bare window is measured by
/// `cargo xtask bench idle`; this tells a window that rests from one that is busy with itself.
const MOST_CPU: f64 = 0.03;
const TRIES: usize = 3;
const LIVE: &str = "200";
const SCREENS: [&str; 6] = [
    "issue",
    "runs",
    "history",
    "webhooks",
    "workspaces",
    "settings",
];

/// The names of the commands that were called, in their order.
fn called(log: &Path) -> Vec<String> {
    let text = fs::read_to_string(log).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Leaves the window alone: what it asked the host meanwhile, and how much of a core it used.
async fn left_alone(app: &Web, log: &Path) -> (Vec<String>, f64) {
    let (before, spent) = (called(log).len(), processes::cpu(app.program()));
    tokio::time::sleep(ALONE).await;
    let asked = called(log).split_off(before);
    let used = processes::cpu(app.program()) - spent;
    (asked, used.as_secs_f64() / ALONE.as_secs_f64())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_left_alone_asks_nothing_and_rests() {
    let mut terminal = Terminal::new(&[]);
    terminal.done(&["seed-history", "--count", LIVE, "--live", LIVE]);
    // It stays open, so it is looked at again and again.
    terminal.done(&["run", "--workspace", "Modern", "--workflow", WORKFLOW]);
    let log = terminal.desktop.log_commands();
    let app = Web::app(&terminal.desktop).await;
    app.click("issue-submit").await;
    app.see("token-card").await;
    assert!(
        called(&log).contains(&"issue_token".to_owned()),
        "what is called is logged"
    );

    let mut busy = Vec::new();
    for screen in SCREENS {
        app.click(&format!("nav-{screen}")).await;
        if screen == "runs" {
            // The run in view is the one that is looked at most often.
            app.click_css("[data-testid=runs-row]").await;
            app.see("runs-drawer").await;
        }
        tokio::time::sleep(SETTLE).await;
        // A machine that is busy with something else may disturb it; a window that is busy with
        // itself is so each time.
        let mut tries = Vec::new();
        while tries.len() < TRIES {
            let (asked, used) = left_alone(&app, &log).await;
            println!("{screen}: {:.1} % of a core, asked {asked:?}", used * 100.0);
            if asked.is_empty() && used <= MOST_CPU {
                break;
            }
            tries.push(format!("{screen}: {used:.3} of a core, asked {asked:?}"));
        }
        if tries.len() == TRIES {
            busy.extend(tries);
        }
    }
    assert!(busy.is_empty(), "{busy:#?}");
    app.close().await;
}
