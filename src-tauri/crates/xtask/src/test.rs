//! Everything that is checked, what fails fastest first.

use std::time::{Duration, Instant};

use crate::{
    arrows, interop,
    packages::Purpose,
    setup,
    shell::{Done, WHOLE, cargo, on_own_display, run},
    ui,
};

type Step = (&'static str, fn() -> Done);

/// The UI is built before anything of the app is compiled, which takes it in.
const STEPS: [Step; 12] = [
    ("machine ready", || {
        setup::ready(&[Purpose::Build, Purpose::Test])
    }),
    ("Rust format", || {
        run(cargo().args(["fmt", "--all", "--check"]))
    }),
    ("UI format", || ui::script("format:check")),
    ("UI lint", || ui::script("lint")),
    ("UI types", || ui::script("check")),
    ("UI tests", || ui::script("test")),
    ("UI build", ui::build),
    ("arrows", arrows::hold),
    ("Rust lint", lint),
    ("Rust tests", || run(cargo().arg("test").args(WHOLE))),
    ("interoperation", interop::test),
    ("end to end", || end_to_end(&["--test-threads=1"])),
];

/// Runs every step until one fails, and says how long each took.
pub fn test() -> Done {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut failed = None;
    for (name, step) in STEPS {
        println!("\n== {name}");
        let begun = Instant::now();
        let done = step();
        times.push((name, begun.elapsed()));
        if let Err(why) = done {
            failed = Some((name, why));
            break;
        }
    }
    println!();
    for (name, time) in &times {
        println!("{name:<14} {:>8.1} s", time.as_secs_f64());
    }
    let all: Duration = times.iter().map(|(_, time)| time).sum();
    println!("{:<14} {:>8.1} s", "all", all.as_secs_f64());
    match failed {
        None => {
            println!("Everything passed.");
            Ok(())
        }
        Some((name, why)) => Err(format!("{name} failed: {why}")),
    }
}

fn lint() -> Done {
    let deny = ["--", "-D", "warnings"];
    run(cargo()
        .arg("clippy")
        .args(WHOLE)
        .arg("--all-targets")
        .args(deny))?;
    // They are no targets of `--all-targets`, so that `cargo test` leaves them out.
    run(cargo()
        .arg("clippy")
        .args(WHOLE)
        .args(["--test", "e2e", "--test", "interop"])
        .args(deny))
}

/// Runs the end-to-end tests on a display of their own; they start bus and keyring themselves.
pub fn end_to_end(options: &[&str]) -> Done {
    if !cfg!(target_os = "linux") {
        println!("Left out: the end-to-end tests run on Linux.");
        return Ok(());
    }
    let mut tests = cargo();
    tests
        .arg("test")
        .args(WHOLE)
        .args(["--test", "e2e", "--"])
        .args(options);
    run(&mut on_own_display(&tests))
}
