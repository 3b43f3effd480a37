//! The tokendesk command line, on the same core, keychain and history as the app.
mod arguments;
pub mod demo;
mod exit;
mod history;
mod issue;
mod output;
mod simulate;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use tokendesk_core::{AppError, Desk, StorageState};

use arguments::{Arguments, Command};
use output::note;

/// Reads the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nowhere to say that the terminal is gone.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                exit::USAGE
            } else {
                exit::DONE
            });
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            note(format_args!("tokendesk: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(run(arguments.command));
    // A keychain that waits for a person must not keep the terminal waiting too.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::from(exit::DONE),
        Err(error) => {
            exit::tell(&error);
            ExitCode::from(exit::code(&error))
        }
    }
}

async fn run(command: Command) -> Result<(), AppError> {
    match command {
        Command::Simulate(options) => simulate::run(options).await,
        Command::Issue(options) => issue::run(options).await,
        Command::History(options) => history::run(&desk().await?, options).await,
        Command::Workspace(action) => workspace::run(&desk().await?, action).await,
        Command::SeedHistory { count } => history::seed(&desk().await?, count).await,
    }
}

/// The desk of this person, opened.
async fn desk() -> Result<Desk, AppError> {
    let desk = Desk::of_this_person()?;
    desk.open().await;
    match desk.storage_state() {
        StorageState::SessionOnly { reason } => {
            note(format_args!("Kept for this call only: {reason}."));
        }
        StorageState::Failed { error } => return Err(error),
        _ => {}
    }
    if let Some(aside) = desk.moved_aside() {
        note(format_args!(
            "The history could not be read and was moved to {}.",
            aside.display()
        ));
    }
    Ok(desk)
}
