//! The developer's commands: `cargo xtask <command>`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program speaks to the terminal"
)]

mod arrows;
mod bench;
mod bindings;
mod bundle;
mod ends;
#[cfg(target_os = "linux")]
mod faults;
mod icons;
mod interop;
mod packages;
mod person;
mod run;
mod screenshots;
mod setup;
mod shell;
mod test;
mod ui;

use std::process::ExitCode;

use packages::Purpose;
use shell::Done;

const USAGE: &str = "\
cargo xtask <command>

  setup             make this machine ready: system packages, Node, npm packages
  run [-- ARGS]     build and open the app; ARGS go to it
  test              everything: formatting, lints, tests, end to end in a real window
  interop           the tests against tools that others wrote, by themselves
  ui                build the UI
  bindings          write the UI's TypeScript types from Rust
  screenshots       pictures of every screen, into screenshots/
  bench start [N]   start and memory against a bare window, N starts each (default 10)
  bench idle [S]    what each screen costs while it is left alone for S seconds (default 60)
  ends [N]          N starts and ends of the app in a row, under load (default 300)
  faults [TEXT]     damaged history files, those with TEXT in their name (default all), on Linux
  bundle            the installers of this platform
  icons             draw the icons from their sources";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let Some(done) = command(&words) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the words ask for; `None` when they ask for nothing known.
fn command(words: &[&str]) -> Option<Done> {
    Some(match words {
        ["setup"] => setup::ready(&[Purpose::Build, Purpose::Test]),
        ["ui"] => setup::npm_packages().and_then(|()| ui::build()),
        ["run"] => run::run(&[]),
        ["run", "--", rest @ ..] => run::run(rest),
        ["test"] => test::test(),
        ["interop"] => interop::alone(),
        ["bindings"] => bindings::write(),
        ["screenshots"] => screenshots::take(),
        ["bench", "start"] => bench::start(bench::STARTS),
        ["bench", "start", starts] => bench::start(starts.parse().ok().filter(|n| *n > 0)?),
        ["bench", "start", starts, bench::INSIDE] => bench::start_inside(starts.parse().ok()?),
        ["bench", "idle"] => bench::idle(bench::IDLE_SECONDS),
        ["bench", "idle", seconds] => bench::idle(seconds.parse().ok().filter(|n| *n > 0)?),
        ["bench", "idle", seconds, bench::INSIDE] => bench::idle_inside(seconds.parse().ok()?),
        ["ends"] => ends::ends(ends::ENDS),
        ["ends", count] => ends::ends(count.parse().ok().filter(|n| *n > 0)?),
        #[cfg(target_os = "linux")]
        ["faults"] => faults::try_all(""),
        #[cfg(target_os = "linux")]
        ["faults", only] => faults::try_all(only),
        #[cfg(target_os = "linux")]
        ["faults", only, faults::INSIDE] => faults::inside(only),
        ["bundle", rest @ ..] => bundle::bundle(rest),
        ["icons"] => icons::draw(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn unknown_words_do_nothing() {
        for words in [
            &[][..],
            &["tset"],
            &["bench"],
            &["bench", "start", "0"],
            &["ends", "0"],
            &["ends", "many"],
            &["run", "x"],
        ] {
            assert!(super::command(words).is_none(), "{words:?}");
        }
    }
}
