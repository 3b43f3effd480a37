//! The demo workspace's simulator, for the app and the terminal.

use std::io;

use crate::output::note;
use tokendesk_core::{
    AppError, Code, Demo, Desk, StorageState,
    workspace::{DEMO_ID, Workspace},
};
use tokendesk_simulator::{Options, Simulator, scenarios};
use transactionlink::{Credential, Host};

/// Starts a simulator on a free loopback port, with a credential made up now.
///
/// # Errors
/// It cannot listen.
pub async fn start() -> io::Result<(Simulator, Demo)> {
    start_with(Options::default()).await
}

/// The same with a simulator of one's choice.
///
/// # Errors
/// It cannot listen.
pub async fn start_with(options: Options) -> io::Result<(Simulator, Demo)> {
    let credential = Credential::KeySecret {
        key: options.accounts.key.clone().into(),
        secret: options.accounts.secret.clone().into(),
    };
    let simulator = Simulator::start(options).await?;
    let host = Host::parse(&simulator.origin()).map_err(io::Error::other)?;
    let workflows = scenarios()
        .iter()
        .map(|s| (s.workflow_definition_id.to_owned(), s.name.to_owned()))
        .collect();
    let demo = Demo {
        host,
        credential,
        workflows,
    };
    Ok((simulator, demo))
}

/// The error of asking for something by its id, with the hint that the demo needs.
pub(crate) fn forgetful(workspace: &Workspace, error: AppError) -> AppError {
    if workspace.id != DEMO_ID || error.code != Code::NotFound {
        return error;
    }
    AppError {
        hint: "The demo starts anew with every command. `tokendesk simulate` keeps what it is \
               given; add it as a workspace."
            .to_owned(),
        ..error
    }
}

/// Says that a link of the demo opens nothing, as what would open it ends with this command.
pub(crate) fn note_dead_link(workspace: &Workspace) {
    if workspace.id == DEMO_ID {
        note(
            "The demo ends with this command, and its link with it. `tokendesk simulate` stays; \
             add it as a workspace.",
        );
    }
}

/// Starts the simulator where the workspace is the demo, and tells the desk. The demo needs no
/// keychain: behind a locked one it works for this call only.
pub(crate) async fn for_workspace(
    desk: &Desk,
    workspace: &Workspace,
) -> Result<Option<Simulator>, AppError> {
    if workspace.id != DEMO_ID {
        return Ok(None);
    }
    match desk.storage_state() {
        StorageState::Waiting => {
            note("Your keychain is locked: nothing of the demo is kept beyond this call.");
            desk.use_session_only();
        }
        StorageState::SessionOnly { reason } => {
            note(format_args!(
                "Nothing of the demo is kept beyond this call: {reason}."
            ));
        }
        _ => {}
    }
    let (simulator, demo) = start().await.map_err(|error| {
        AppError::new(
            Code::DemoStarting,
            "The demo did not start",
            format!("{error}."),
            "Try again.",
        )
    })?;
    desk.set_demo(demo);
    Ok(Some(simulator))
}
