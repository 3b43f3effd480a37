//! `tokendesk workspace`

use std::io::{IsTerminal, stdin};

use secrecy::SecretString;
use tokendesk_core::{
    AppError, Code, Desk, Field,
    workspace::{AuthKind, DEMO_ID, TestOutcome, TestReport, Workspace, WorkspaceDraft},
};

use crate::{
    arguments::{Auth, Workspace as Action},
    demo, lasting, needs_keychain, opened,
    output::{note, plain, say, say_json},
};

pub(crate) async fn run(action: Action) -> Result<(), AppError> {
    match action {
        Action::Add {
            name,
            auth,
            api_host,
            widget_host,
        } => {
            let desk = lasting().await?;
            let mut draft = WorkspaceDraft {
                name,
                api_host,
                widget_host,
                auth_kind: AuthKind::OrganizationToken,
                key: SecretString::default(),
                secret: SecretString::default(),
                organization_token: SecretString::default(),
                session_only: false,
            };
            match auth {
                Auth::OrganizationToken => draft.organization_token = ask("Organization token: ")?,
                Auth::KeySecret => {
                    draft.auth_kind = AuthKind::KeySecret;
                    draft.key = ask("Key: ")?;
                    draft.secret = ask("Secret: ")?;
                }
            }
            let added = desk.add_workspace(&draft).await?;
            note(format_args!("Added {}.", added.name));
            Ok(())
        }
        Action::List { json } => {
            let desk = lasting().await?;
            let all = desk.workspaces().await?;
            if json {
                let all = serde_json::to_value(&all).unwrap_or_default();
                return say_json(format_args!("{all:#}"));
            }
            for workspace in all {
                // Spelled out before it is padded, so that the columns stay.
                let name = plain(&workspace.name);
                say(format_args!("{name:<24} {}", workspace.api_host))?;
            }
            Ok(())
        }
        Action::Test { name } => test(&name).await,
        Action::Forget { name } => {
            let desk = lasting().await?;
            let workspace = by_name(&desk, &name).await?;
            desk.forget_workspace(&workspace.id).await?;
            note(format_args!(
                "Forgot {} and its credential. Its history stays.",
                workspace.name
            ));
            Ok(())
        }
    }
}

/// The workspace of this name, whatever its case. Only the demo needs no keychain.
pub(crate) async fn by_name(desk: &Desk, name: &str) -> Result<Workspace, AppError> {
    if name.eq_ignore_ascii_case(DEMO_ID) {
        return Ok(desk.demo_workspace());
    }
    needs_keychain(desk)?;
    let all = desk.workspaces().await?;
    let names: Vec<String> = all.iter().map(|w| w.name.clone()).collect();
    all.into_iter()
        .find(|w| w.name.to_lowercase() == name.to_lowercase())
        .ok_or_else(|| {
            AppError::new(
                Code::NoSuchThing,
                "No such workspace",
                format!("There is no workspace named {name}."),
                &format!("There are: {}.", names.join(", ")),
            )
        })
}

async fn test(name: &str) -> Result<(), AppError> {
    let desk = &opened().await?;
    let workspace = by_name(desk, name).await?;
    let _simulator = demo::for_workspace(desk, &workspace).await?;
    let TestReport {
        ok,
        headline,
        steps,
        error,
    } = desk.test_workspace(&workspace.id).await?;
    say(headline)?;
    for step in steps {
        let sign = match step.outcome {
            TestOutcome::Passed => "+",
            TestOutcome::Warned => "!",
            TestOutcome::Failed => "x",
        };
        say(format_args!("  {sign} {} {}", step.name, step.detail))?;
    }
    match error {
        Some(error) => Err(error),
        None if ok => Ok(()),
        None => Err(AppError::new(
            Code::Unauthorized,
            "Credential refused",
            "The API refused the credential.",
            "Enter it again.",
        )),
    }
}

/// A secret, typed unseen at a terminal or read as a line of standard input.
fn ask(prompt: &str) -> Result<SecretString, AppError> {
    let read = if stdin().is_terminal() {
        rpassword::prompt_password(prompt)
    } else {
        let mut line = String::new();
        stdin().read_line(&mut line).map(|_| line)
    };
    read.map(|line| SecretString::from(line.trim().to_owned()))
        .map_err(|error| AppError::invalid(Field::Secret, "No credential", error.to_string()))
}
