//! `tokendesk simulate`

use tokendesk_core::{AppError, Code};
use tokendesk_simulator::{Accounts, Options, Simulator, scenarios};

use crate::arguments::Simulate;

pub(crate) async fn run(options: Simulate) -> Result<(), AppError> {
    if options.scenarios {
        for scenario in scenarios() {
            println!(
                "{}  {:<26} {}",
                scenario.workflow_definition_id, scenario.name, scenario.summary
            );
        }
        return Ok(());
    }
    let accounts = Accounts::documented();
    let (key, secret) = (accounts.key.clone(), accounts.secret.clone());
    let token = accounts.organization_token.clone();
    let simulator = Simulator::start(Options {
        listen: options.listen,
        accounts,
        access_token_seconds: options.access_token_seconds,
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
    println!("Simulator on {}", simulator.origin());
    // Well-known values of a stand-in that keeps nothing; no secret of anybody.
    println!("  key                 {key}");
    println!("  secret              {secret}");
    println!("  organization token  {token}");
    println!("Scenarios: tokendesk simulate --scenarios. Ctrl+C stops it.");
    // Without a signal handler it runs until it is ended, which is what is wanted.
    let _ = tokio::signal::ctrl_c().await;
    simulator.stop().await;
    Ok(())
}
