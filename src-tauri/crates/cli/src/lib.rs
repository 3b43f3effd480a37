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

use std::{process::ExitCode, sync::OnceLock};

use clap::Parser;
use tokendesk_core::{
    AppError, Desk, StorageState,
    keychain::{KeychainError, KeychainState},
    process::{EndRequest, EndRequests, Process, Threads, leave_now},
};

use arguments::{Arguments, Command};
use output::note;

/// The desk of the command, once it has opened one, to be closed at the process's end.
static DESK: OnceLock<Desk> = OnceLock::new();

/// How a command ended.
enum Outcome {
    Done(Result<(), AppError>),
    /// It was broken off.
    BrokenOff(EndRequest),
    /// It panicked, and has told so.
    Panicked,
}

/// Reads the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return ExitCode::from(exit::after_usage(&usage)),
    };
    let mut process = match Process::start() {
        Ok(process) => process,
        Err(error) => {
            note(format_args!("tokendesk: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let requests = process.take_requests();
    let runtime = process.runtime().clone();
    let outcome = runtime.block_on(until_asked_to_end(arguments.command, requests));
    let code = match &outcome {
        Outcome::Done(Ok(())) => exit::DONE,
        Outcome::Done(Err(error)) => {
            exit::tell(error);
            exit::code(error)
        }
        Outcome::BrokenOff(_) | Outcome::Panicked => exit::PANICKED,
    };
    let threads = process.end(async {
        if let Some(desk) = DESK.get() {
            desk.close().await;
        }
    });
    match (outcome, threads) {
        (Outcome::BrokenOff(request), _) => request.obey(),
        (_, Threads::Stuck) => leave_now(code),
        (_, Threads::Ended) => ExitCode::from(code),
    }
}

/// Carries a command out, or breaks it off when the process is asked to end.
async fn until_asked_to_end(command: Command, mut requests: EndRequests) -> Outcome {
    if let Command::Simulate(options) = command {
        // To be ended is how it is done.
        let ended = async {
            requests.next().await;
        };
        return Outcome::Done(simulate::run(options, ended).await);
    }
    // A task of its own: a command that waits at a prompt holds its thread, and is asked all the
    // same.
    let mut work = tokio::spawn(carry_out(command));
    tokio::select! {
        done = &mut work => done.map_or(Outcome::Panicked, Outcome::Done),
        request = requests.next() => {
            work.abort();
            Outcome::BrokenOff(request)
        }
    }
}

async fn carry_out(command: Command) -> Result<(), AppError> {
    match command {
        Command::Simulate(options) => simulate::run(options, std::future::pending()).await,
        Command::Issue(options) => issue::run(options).await,
        Command::Run(options) => run::run(options).await,
        Command::Status(options) => run::status(options).await,
        Command::Result(options) => run::result(options).await,
        Command::Link(options) => link::run(options).await,
        Command::Case(action) => subject::case(action).await,
        Command::Record(action) => subject::record(action).await,
        Command::Webhook(action) => webhook::run(action).await,
        Command::History(options) if options.begin_new => begin_new_history().await,
        Command::History(options) => history::run(&lasting().await?, options).await,
        Command::Workspace(action) => workspace::run(action).await,
        Command::SeedHistory { count, live } => history::seed(&lasting().await?, count, live).await,
    }
}

/// The desk of this person, opened. Without a keychain it is an empty one, for the demo.
async fn opened() -> Result<Desk, AppError> {
    let desk = Desk::of_this_person()?;
    let desk = DESK.get_or_init(|| desk).clone();
    // What came of it is in the desk's state; the demo works without.
    let _ = desk.open().await;
    if let StorageState::Failed { error } = desk.storage_state() {
        return Err(error);
    }
    tell_notice(&desk);
    Ok(desk)
}

/// Says what was done about the history's file.
fn tell_notice(desk: &Desk) {
    if let Some(notice) = desk.history_notice() {
        note(format_args!("{}", notice.text));
        if let Some(path) = notice.path {
            note(format_args!("  {path}"));
        }
    }
}

/// Sets a history aside whose key is missing, and begins a new one.
async fn begin_new_history() -> Result<(), AppError> {
    let desk = Desk::of_this_person()?;
    desk.begin_new_history().await?;
    tell_notice(&desk);
    Ok(())
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
