//! TokenDesk: with an argument it stays in the terminal, without one it opens its window.

// Without this a console window would open beside the app on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        tokendesk_cli::main()
    } else {
        tokendesk_lib::run()
    }
}
