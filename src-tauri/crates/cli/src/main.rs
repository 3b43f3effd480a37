//! The command line by itself, for platforms where the app has no terminal.

use std::process::ExitCode;

fn main() -> ExitCode {
    tokendesk_cli::main()
}
