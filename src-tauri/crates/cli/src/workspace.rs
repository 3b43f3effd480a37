//! `tokendesk workspace`

use std::io::{IsTerminal, stdin};

use secrecy::SecretString;
use tokendesk_core::{
    AppError, Code, Desk, Field,
    workspace::{AuthKind, DEMO_ID, TestOutcome, TestReport, Workspace, WorkspaceDraft, folded},
};

use crate::{
    arguments::{Auth, Workspace as Action},
    demo,
    input::Lines,
    lasting, needs_keychain, opened,
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
            let mut lines = Lines::default();
            match auth {
                Auth::OrganizationToken => {
                    draft.organization_token = ask("Organization token: ", &mut lines)?
                }
                Auth::KeySecret => {
                    draft.auth_kind = AuthKind::KeySecret;
                    draft.key = ask("Key: ", &mut lines)?;
                    draft.secret = ask("Secret: ", &mut lines)?;
                }
            }
            let added = desk.add_workspace(&draft).await?;
            note(format_args!("Added {}, {}.", added.name, added.api_host));
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
    let mut all = desk.workspaces().await?;
    let Some(at) = position_by_name(all.iter().map(|w| w.name.as_str()), name)? else {
        let names: Vec<&str> = all.iter().map(|w| w.name.as_str()).collect();
        return Err(AppError::new(
            Code::NoSuchThing,
            "No such workspace",
            format!("There is no workspace named {name}."),
            &format!("There are: {}.", names.join(", ")),
        ));
    };
    Ok(all.swap_remove(at))
}

/// Where a name is among others: written just so, or else the only one that differs in case or in
/// its Unicode form alone. Earlier versions let names differ by the case of a letter like Ł.
fn position_by_name<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    name: &str,
) -> Result<Option<usize>, AppError> {
    if let Some(at) = names.clone().position(|other| other == name) {
        return Ok(Some(at));
    }
    let alike: Vec<(usize, &str)> = names
        .enumerate()
        .filter(|(_, other)| folded(other) == folded(name))
        .collect();
    match alike[..] {
        [] => Ok(None),
        [(at, _)] => Ok(Some(at)),
        _ => {
            let names: Vec<&str> = alike.iter().map(|(_, name)| *name).collect();
            Err(AppError::new(
                Code::InvalidInput,
                "More than one workspace",
                format!("{name} may be any of: {}.", names.join(", ")),
                "Write the name exactly as it is.",
            ))
        }
    }
}

async fn test(name: &str) -> Result<(), AppError> {
    let desk = &opened().await?;
    let workspace = by_name(desk, name).await?;
    let _simulator = demo::for_workspace(desk, &workspace).await?;
    let TestReport {
        at: _,
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
fn ask(prompt: &str, lines: &mut Lines) -> Result<SecretString, AppError> {
    let line = if stdin().is_terminal() {
        rpassword::prompt_password(prompt)
            .map_err(|error| AppError::invalid(Field::Secret, "No credential", error.to_string()))?
    } else {
        lines.next()?
    };
    Ok(SecretString::from(line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_name_is_preferred_and_no_other_is_guessed() {
        let find = |names: &[&str], name: &str| {
            position_by_name(names.iter().copied(), name).map_err(|error| error.code)
        };
        let both = ["\u{141}\u{f3}d\u{17a}", "\u{141}\u{d3}D\u{179}"];
        assert_eq!(find(&both, both[0]), Ok(Some(0)));
        assert_eq!(find(&both, both[1]), Ok(Some(1)));
        assert_eq!(
            find(&both, "\u{142}\u{f3}d\u{17a}"),
            Err(Code::InvalidInput)
        );
        assert_eq!(find(&both[1..], "\u{142}o\u{301}dz\u{301}"), Ok(Some(0)));
        assert_eq!(find(&["Acme", "acme GmbH"], "ACME"), Ok(Some(0)));
        assert_eq!(find(&both, "Lodz"), Ok(None));
    }
}
