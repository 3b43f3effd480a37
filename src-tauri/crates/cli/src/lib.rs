//! The tokendesk command line, on the same core, keychain and history as the app.
mod arguments;
pub mod demo;
mod exit;
mod history;
mod input;
mod issue;
mod link;
mod output;
mod run;
mod simulate;
mod subject;
mod webhook;
mod workspace;

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use tokendesk_core::{
    AppError, Desk, StorageState,
    keychain::{KeychainError, KeychainState},
};

use arguments::{Arguments, Command};
use output::note;

/// How long the process waits for its threads at its end.
const LAST_THREADS: Duration = Duration::from_secs(2);

/// Reads the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return ExitCode::from(exit::after_usage(&usage)),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            note(format_args!("tokendesk: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(carry_out(arguments.command));
    // The history's threads have to be gone before the process ends: its crypto library clears up
    // then, and a thread that ends meanwhile crashes on what is cleared. Bounded, for a call that
    // waits for a person must not keep the terminal waiting too.
    runtime.shutdown_timeout(LAST_THREADS);
    match done {
        Ok(()) => ExitCode::from(exit::DONE),
        Err(error) => {
            exit::tell(&error);
            ExitCode::from(exit::code(&error))
        }
    }
}

async fn carry_out(command: Command) -> Result<(), AppError> {
    match command {
        Command::Simulate(options) => simulate::run(options).await,
        Command::Issue(options) => issue::run(options).await,
        Command::Run(options) => run::run(options).await,
        Command::Status(options) => run::status(options).await,
        Command::Result(options) => run::result(options).await,
        Command::Link(options) => link::run(options).await,
        Command::Case(action) => subject::case(action).await,
        Command::Record(action) => subject::record(action).await,
        Command::Webhook(action) => webhook::run(action).await,
        Command::History(options) => history::run(&lasting().await?, options).await,
        Command::Workspace(action) => workspace::run(action).await,
        Command::SeedHistory { count, live } => history::seed(&lasting().await?, count, live).await,
    }
}

/// The desk of this person, opened. Without a keychain it is an empty one, for the demo.
async fn opened() -> Result<Desk, AppError> {
    let desk = Desk::of_this_person()?;
    // What came of it is in the desk's state; the demo works without.
    let _ = desk.open().await;
    if let StorageState::Failed { error } = desk.storage_state() {
        return Err(error);
    }
    if let Some(aside) = desk.moved_aside() {
        note(format_args!(
            "The history could not be read and was moved to {}.",
            aside.display()
        ));
    }
    Ok(desk)
}

/// The desk of this person for what has to outlast the call.
async fn lasting() -> Result<Desk, AppError> {
    let desk = opened().await?;
    needs_keychain(&desk)?;
    Ok(desk)
}

/// Says that there is no keychain, instead of showing a desk with nothing on it.
fn needs_keychain(desk: &Desk) -> Result<(), AppError> {
    match desk.keychain_state() {
        KeychainState::Unavailable { detail, .. } => Err(KeychainError::Unavailable(detail).into()),
        _ => Ok(()),
    }
}
