//! What the window costs, against a bare Tauri window in the same run: until it is shown, in
//! memory, and while it is left alone.

mod bare;
mod idle;
mod process;
mod session;

use std::{
    env,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, cargo, on_own_display, program, root, run, target},
    ui,
};
use session::Session;

/// How often each is started unless said otherwise.
pub const STARTS: u32 = 10;
/// How many seconds each screen is left alone unless said otherwise.
pub const IDLE_SECONDS: u32 = 60;
/// The second half of the command, on a display and a session bus of its own.
pub const INSIDE: &str = "--inside";

/// Time for caches to fill and threads to settle before memory is read.
const SETTLE: Duration = Duration::from_secs(3);

/// One start: milliseconds until the window was shown, and MiB when it had settled.
#[derive(Clone, Copy)]
struct Start {
    shown: f64,
    memory: f64,
}

/// Measures starts on a display and a session bus of their own.
pub fn start(starts: u32) -> Done {
    on_own_session("start", starts)
}

/// Measures windows that are left alone, each screen for so many seconds.
pub fn idle(seconds: u32) -> Done {
    on_own_session("idle", seconds)
}

/// Builds both programs, then runs the second half of a command.
fn on_own_session(what: &str, number: u32) -> Done {
    if !cfg!(target_os = "linux") {
        return Err("bench measures on Linux".to_owned());
    }
    setup::ready(&[Purpose::Build, Purpose::Bench])?;
    ui::build()?;
    run(cargo()
        .args(["build", "--release", "--bin", "tokendesk"])
        .args(["--features", "custom-protocol"])
        .arg("--target-dir")
        .arg(root().join("target")))?;
    bare::build()?;
    let myself = env::current_exe().map_err(|error| error.to_string())?;
    let mut inside = program("dbus-run-session");
    inside
        .arg("--")
        .arg(myself)
        .args(["bench", what, &number.to_string(), INSIDE]);
    run(&mut on_own_display(&inside))
}

/// The second half of [`idle`].
pub fn idle_inside(seconds: u32) -> Done {
    in_own_folder(|folder| idle::measure(folder, Duration::from_secs(seconds.into())))
}

/// The app and the bare window, as they were built.
fn programs() -> [PathBuf; 2] {
    let release = root().join("target/release");
    [release.join("tokendesk"), release.join(bare::NAME)]
}

/// Measures in a folder that is gone afterwards.
fn in_own_folder<T>(measure: impl FnOnce(&Path) -> Result<T, String>) -> Result<T, String> {
    let folder = target(&format!("bench-{}", std::process::id()));
    let measured = measure(&folder);
    // What is left of it is below target, and in nobody's way.
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

/// Starts the two in turn and prints what came of it. The first start of each does not count: it
/// fills the disk's cache and makes the app's files.
pub fn start_inside(starts: u32) -> Done {
    let (app, bare) = in_own_folder(|folder| measure(folder, starts))?;
    println!();
    println!("{starts} starts each, median (least to most)");
    row("TokenDesk", &app);
    row("bare window", &bare);
    let ratio = |of: fn(&Start) -> f64| median(&app, of) / median(&bare, of);
    let (shown, memory) = (ratio(|s| s.shown), ratio(|s| s.memory));
    println!("ratio          {shown:>5.2}                        {memory:>5.2}");
    Ok(())
}

fn measure(folder: &Path, starts: u32) -> Result<(Vec<Start>, Vec<Start>), String> {
    let mut session = Session::begin(folder)?;
    let programs = programs();
    let (mut app, mut bare) = (Vec::new(), Vec::new());
    for round in 0..=starts {
        for (program, samples) in programs.iter().zip([&mut app, &mut bare]) {
            let start = once(&mut session, program)?;
            if round > 0 {
                samples.push(start);
            }
        }
    }
    Ok((app, bare))
}

fn once(session: &mut Session, program: &Path) -> Result<Start, String> {
    let (mut running, shown) = session.open(session.command(program))?;
    thread::sleep(SETTLE);
    let tree = process::tree(running.id());
    let memory = process::pss_mib(&tree);
    session.close(&mut running, &tree)?;
    Ok(Start {
        shown: shown.as_secs_f64() * 1000.0,
        memory,
    })
}

fn row(name: &str, starts: &[Start]) {
    let shown = spread(starts, |start| start.shown);
    let memory = spread(starts, |start| start.memory);
    println!("{name:<12} {shown} ms to shown {memory} MiB");
}

fn spread(starts: &[Start], of: fn(&Start) -> f64) -> String {
    let all = sorted(starts, of);
    let least = all.first().copied().unwrap_or_default();
    let most = all.last().copied().unwrap_or_default();
    format!("{:>7.0} ({least:.0} to {most:.0})", median(starts, of))
}

fn median(starts: &[Start], of: fn(&Start) -> f64) -> f64 {
    let all = sorted(starts, of);
    let middle = all.len() / 2;
    match all.get(middle) {
        None => f64::NAN,
        Some(upper) if all.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(*upper, all.get(middle - 1).copied().unwrap_or(*upper)),
    }
}

fn sorted(starts: &[Start], of: fn(&Start) -> f64) -> Vec<f64> {
    let mut all: Vec<f64> = starts.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let starts = |all: &[f64]| -> Vec<Start> {
            let start = |shown: &f64| Start {
                shown: *shown,
                memory: 0.0,
            };
            all.iter().map(start).collect()
        };
        let odd = median(&starts(&[9.0, 1.0, 3.0]), |s| s.shown);
        let even = median(&starts(&[9.0, 1.0, 3.0, 5.0]), |s| s.shown);
        assert!((odd - 3.0).abs() < f64::EPSILON && (even - 4.0).abs() < f64::EPSILON);
    }
}
