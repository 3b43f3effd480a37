//! Opening the app.

use std::env;

use crate::{
    packages::Purpose,
    setup,
    shell::{Done, cargo, run as shell_run},
    ui,
};

/// The demo's workflow that succeeds.
const WORKFLOW: &str = "3b2d8a4f-579f-4e2e-a51c-f859e532fe8c";

/// Builds the app and opens it; without a display, issues a token in the terminal instead.
pub fn run(arguments: &[&str]) -> Done {
    setup::ready(&[Purpose::Build])?;
    ui::build()?;
    if !arguments.is_empty() || has_display() {
        return tokendesk(arguments);
    }
    println!("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so the app's");
    println!("window cannot open. The same in the terminal: issue a token, then list it. The list");
    println!("needs a keychain; the demo's token does not.");
    tokendesk(&[
        "issue",
        "--workspace",
        "demo",
        "--api",
        "v2",
        "--workflow",
        WORKFLOW,
    ])?;
    if let Err(why) = tokendesk(&["history"]) {
        println!("The token is not listed: {why}");
    }
    Ok(())
}

fn tokendesk(arguments: &[&str]) -> Done {
    let features = ["--features", "custom-protocol"];
    shell_run(
        cargo()
            .args(["run", "--bin", "tokendesk"])
            .args(features)
            .arg("--")
            .args(arguments),
    )
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
