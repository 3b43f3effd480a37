//! The developer's commands.
#![allow(
    clippy::print_stderr,
    reason = "a terminal program speaks to the terminal"
)]

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let steps: &[&[&str]] = &[
        &["fmt", "--all", "--check"],
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
        &["test", "--workspace"],
    ];
    if std::env::args().nth(1).as_deref() != Some("test") {
        eprintln!("cargo xtask test");
        return ExitCode::from(2);
    }
    for step in steps {
        eprintln!("cargo {}", step.join(" "));
        let done = Command::new("cargo").args(*step).status();
        if !done.is_ok_and(|status| status.success()) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
