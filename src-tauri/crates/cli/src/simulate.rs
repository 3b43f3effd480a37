//! `tokendesk simulate`

use tokendesk_core::{AppError, Code};
use tokendesk_simulator::{Accounts, Options, Simulator, openapi, scenarios};

use crate::{
    arguments::Simulate,
    output::{say, say_json},
};

/// Runs the simulator until `ended`.
pub(crate) async fn run(
    options: Simulate,
    ended: impl Future<Output = ()>,
) -> Result<(), AppError> {
    if options.scenarios {
        for scenario in scenarios() {
            say(format_args!(
                "{}  {:<26} {}",
                scenario.workflow_definition_id, scenario.name, scenario.summary
            ))?;
        }
        return Ok(());
    }
    if options.openapi {
        return say_json(openapi().map_err(not_described)?);
    }
    let mut accounts = Accounts::documented();
    if let Some(key) = options.key {
        accounts.key = key;
    }
    if let Some(secret) = options.secret {
        accounts.secret = secret;
    }
    let (key, secret) = (accounts.key.clone(), accounts.secret.clone());
    let token = accounts.organization_token.clone();
    let simulator = Simulator::start(Options {
        listen: options.listen,
        accounts,
        access_token_seconds: options.access_token_seconds,
        lenient: options.lenient,
        extra_workflow: options.workflow,
        webhook_url: options.webhook,
        ..Options::default()
    })
    .await
    .map_err(|error| {
        AppError::new(
            Code::ConnectFailed,
            "The simulator did not start",
            format!("{}: {error}.", options.listen),
            "Choose another address of this computer.",
        )
    })?;
    say(format_args!("Simulator on {}", simulator.origin()))?;
    // Well-known values of a stand-in that keeps nothing; no secret of anybody.
    say(format_args!("  key                 {key}"))?;
    say(format_args!("  secret              {secret}"))?;
    say(format_args!("  organization token  {token}"))?;
    say(format_args!(
        "Scenarios: tokendesk simulate --scenarios. Ctrl+C stops it."
    ))?;
    ended.await;
    simulator.stop().await;
    Ok(())
}

fn not_described(error: serde_json::Error) -> AppError {
    AppError::new(
        Code::ServerError,
        "The simulator is not described",
        format!("Its description cannot be written as JSON: {error}."),
        "",
    )
}
