//! What the window costs while it is left alone, beside a bare window with a clock.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{bare, process, programs, session::Session};
use crate::shell::{Done, run};

/// The screens, and the keys that open them.
const SCREENS: [(&str, &str); 6] = [
    ("Issue", "ctrl+1"),
    ("Runs", "ctrl+2"),
    ("History", "ctrl+3"),
    ("Webhooks", "ctrl+4"),
    ("Workspaces", "ctrl+5"),
    ("Settings", "ctrl+comma"),
];
const LIVE: &str = "200";
/// The simulator's workflow that succeeds.
const WORKFLOW: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";
/// Time for a screen that was just opened to read what it shows.
const SETTLE: Duration = Duration::from_secs(5);
/// What is asked of a window of ours beyond a bare one, in percent of a core.
const LIMIT: f64 = 0.5;

/// What a window used, in percent of a core, and which commands it called.
struct Rest {
    cpu: f64,
    called: Vec<String>,
}

/// Leaves a bare window with a clock alone, then every screen of the app with a token, a run that
/// is followed and many live entries, then the bare window again.
pub fn measure(folder: &Path, alone: Duration) -> Done {
    let [app, bare] = programs();
    let mut session = Session::begin(folder)?;
    let simulator = Simulator::start(&session, &app)?;
    fill(&session, &app, &simulator)?;
    let first = bare_window(&mut session, &bare, alone)?;
    let screens = app_window(&mut session, &app, &folder.join("commands"), alone)?;
    let second = bare_window(&mut session, &bare, alone)?;
    drop(simulator);

    let bare = f64::midpoint(first, second);
    println!("\nleft alone for {} s, percent of a core", alone.as_secs());
    println!("bare window with a clock {first:>6.2} and {second:.2}");
    let mut over = Vec::new();
    for ((screen, _), rest) in SCREENS.iter().zip(screens) {
        let surplus = rest.cpu - bare;
        let count = rest.called.len();
        println!(
            "{screen:<24} {:>6.2}, {surplus:>5.2} above, {count} commands",
            rest.cpu
        );
        if count > 0 || surplus > LIMIT {
            over.push(format!("{screen} {:?}", rest.called));
        }
    }
    if over.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "more than {LIMIT} % above, or commands: {}",
            over.join(", ")
        ))
    }
}

fn bare_window(session: &mut Session, bare: &Path, alone: Duration) -> Result<f64, String> {
    let mut command = session.command(bare);
    command.arg(bare::CLOCK);
    let (mut running, _) = session.open(command)?;
    thread::sleep(SETTLE);
    let tree = process::tree(running.id());
    let cpu = used(&tree, alone);
    session.close(&mut running, &tree)?;
    Ok(cpu)
}

fn app_window(
    session: &mut Session,
    app: &Path,
    log: &Path,
    alone: Duration,
) -> Result<Vec<Rest>, String> {
    let mut command = session.command(app);
    command.env("TOKENDESK_COMMAND_LOG", log);
    let (mut running, _) = session.open(command)?;
    thread::sleep(SETTLE);
    let keys = |keys: &str| {
        // Without a window manager nobody gives the window the focus.
        let find = ["search", "--onlyvisible", "--name", "^TokenDesk$"];
        let press = ["windowfocus", "--sync", "key", keys];
        run(session.command("xdotool").args(find).args(press))
    };
    // The demo's form is filled in at a first start.
    keys("ctrl+Return")?;
    wait_for("a token", || {
        called(log).iter().any(|name| name == "issue_token")
    })?;
    let mut found = Vec::new();
    for (_, shortcut) in SCREENS {
        keys(shortcut)?;
        thread::sleep(SETTLE);
        let tree = process::tree(running.id());
        let before = called(log).len();
        let cpu = used(&tree, alone);
        let called = called(log).split_off(before);
        found.push(Rest { cpu, called });
    }
    let tree = process::tree(running.id());
    session.close(&mut running, &tree)?;
    Ok(found)
}

/// Waits, and says what they used meanwhile in percent of a core.
fn used(tree: &[u32], alone: Duration) -> f64 {
    let (begun, before) = (Instant::now(), process::cpu(tree));
    thread::sleep(alone);
    let used = process::cpu(tree).saturating_sub(before);
    used.as_secs_f64() / begun.elapsed().as_secs_f64() * 100.0
}

/// The commands that the window has called so far.
fn called(log: &Path) -> Vec<String> {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn wait_for(what: &str, holds: impl Fn() -> bool) -> Done {
    let begun = Instant::now();
    while !holds() {
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(format!("{what} did not come"));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Fills the history, and starts a run that stays open.
fn fill(session: &Session, app: &Path, simulator: &Simulator) -> Done {
    let terminal = |arguments: &[&str], input: &str| -> Done {
        let mut child = session
            .command(app)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("tokendesk: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(input.as_bytes())
                .map_err(|error| format!("tokendesk: {error}"))?;
        }
        let status = child
            .wait()
            .map_err(|error| format!("tokendesk: {error}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("tokendesk {}: {status}", arguments.join(" ")))
        }
    };
    let add = ["workspace", "add", "Modern", "--auth", "organization-token"];
    let origin = simulator.origin.as_str();
    let hosts = ["--api-host", origin, "--widget-host", origin];
    terminal(&[&add[..], &hosts].concat(), &simulator.token)?;
    terminal(&["seed-history", "--count", LIVE, "--live", LIVE], "")?;
    let start = ["run", "--workspace", "Modern", "--workflow", WORKFLOW];
    terminal(&start, "")
}

/// A simulator of its own process, whose runs outlive the terminal that started them.
struct Simulator {
    child: Child,
    origin: String,
    token: String,
}

impl Simulator {
    fn start(session: &Session, app: &PathBuf) -> Result<Self, String> {
        let mut child = session
            .command(app)
            .args(["simulate", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("tokendesk simulate: {error}"))?;
        let (mut origin, mut token) = (None, None);
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        for line in lines.into_iter().flatten().map_while(Result::ok) {
            let word = line.rsplit(' ').next().unwrap_or_default().to_owned();
            if line.contains("Simulator on") {
                origin = Some(word);
            } else if line.contains("organization token") {
                token = Some(format!("{word}\n"));
                break;
            }
        }
        let simulator = |(origin, token)| Self {
            child,
            origin,
            token,
        };
        origin
            .zip(token)
            .map(simulator)
            .ok_or_else(|| "the simulator did not say where it is".to_owned())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
