//! `tokendesk run`, `status` and `result`

use std::{fmt::Write as _, path::Path};

use secrecy::ExposeSecret;
use serde_json::value::RawValue;
use tokendesk_core::{
    AppError, Code, Desk, Field, RunStatus,
    following::Backoff,
    history::{ApiGeneration, EntryKind, HistoryEntry, RunState},
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Result as ResultOptions, Run, RunStatus as StatusOptions},
    demo, history, opened,
    output::{note, say},
    workspace::by_name,
};

pub(crate) async fn run(options: Run) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let request = request(&options, workspace.id.clone())?;
    let Fresh { entry, token, .. } = desk.issue_fresh(&request).await?;
    let run_id = run_id(&entry).to_owned();
    let link = match entry.has_link {
        true => Some(desk.link(&entry.id).await?),
        false => None,
    };
    if !options.json {
        say(&run_id);
        if let Some(token) = &token {
            note(format_args!("token  {}", token.expose_secret()));
        }
        if let Some(link) = &link {
            note(format_args!("link   {}", link.expose_secret()));
        }
    }
    let ended = if options.follow {
        let seen = follow(&desk, &workspace.id, &run_id, !options.json).await?;
        Some(seen)
    } else {
        None
    };
    if options.json {
        let entry = desk.entry(&entry.id).await?;
        let mut object = history::object(&entry, now());
        object["token"] = token.map(|token| token.expose_secret().to_owned()).into();
        object["link"] = link.map(|link| link.expose_secret().to_owned()).into();
        say(format_args!("{object:#}"));
    } else if ended.is_none() {
        let status = entry.run.and_then(|run| run.status);
        note(status.as_deref().unwrap_or("started"));
    }
    ended.map_or(Ok(()), |seen| completed(&seen))
}

fn request(options: &Run, workspace_id: String) -> Result<IssueRequest, AppError> {
    let subject = options.case.as_ref().or(options.record.as_ref());
    Ok(IssueRequest {
        workspace_id,
        api: match (options.background, &options.case) {
            (false, _) => ApiGeneration::Workflows,
            (true, Some(_)) => ApiGeneration::V1,
            (true, None) => ApiGeneration::V2,
        },
        kind: EntryKind::Run,
        workflow_id: options.workflow.clone(),
        subject: subject.cloned().unwrap_or_default(),
        parameters_id: options.parameters_id.clone().unwrap_or_default(),
        parameters: match &options.parameters {
            Some(parameters) => parameters.clone(),
            None => parameters(&options.parameter)?,
        },
        minutes: options.ends_after,
        lang: options.locale.clone().unwrap_or_default(),
        label: options.label.clone().unwrap_or_default(),
        ..IssueRequest::default()
    })
}

/// A JSON object of `key=value` pairs. A value that is JSON stays what it is, others are texts.
fn parameters(pairs: &[String]) -> Result<String, AppError> {
    let mut object = String::from("{");
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(AppError::invalid(
                Field::Parameters,
                "Not a parameter",
                "A parameter is a key, = and a value, such as limit=5.",
            ));
        };
        let value = match serde_json::from_str::<&RawValue>(value) {
            Ok(json) => json.get().to_owned(),
            Err(_) => serde_json::Value::from(value).to_string(),
        };
        let comma = if object.len() > 1 { "," } else { "" };
        let _ = write!(object, "{comma}{}:{value}", serde_json::Value::from(key));
    }
    Ok(object + "}")
}

pub(crate) async fn status(options: StatusOptions) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let seen = if options.follow {
        follow(&desk, &workspace.id, &options.run, !options.json).await?
    } else {
        desk.run_status(&workspace.id, &options.run).await?
    };
    if options.json {
        let object = serde_json::to_value(&seen).unwrap_or_default();
        say(format_args!("{object:#}"));
    } else if !options.follow {
        say(seen.status.as_deref().unwrap_or("no status"));
    }
    if options.follow {
        completed(&seen)?;
    }
    Ok(())
}

/// Looks at a run until it has ended. The API may be away for a while meanwhile.
async fn follow(
    desk: &Desk,
    workspace_id: &str,
    run_id: &str,
    tell: bool,
) -> Result<RunStatus, AppError> {
    let mut backoff = Backoff::default();
    let mut last: Option<RunStatus> = None;
    loop {
        let mut news = false;
        match desk.run_status(workspace_id, run_id).await {
            Ok(seen) => {
                news = last.as_ref().map(|last| &last.status) != Some(&seen.status);
                if news && tell {
                    say(seen.status.as_deref().unwrap_or("no status"));
                }
                if seen.state != RunState::Open {
                    return Ok(seen);
                }
                last = Some(seen);
            }
            Err(error) if error.retryable && last.is_some() => {
                note(format_args!("{}; trying again", error.title));
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(backoff.next(news)).await;
    }
}

fn completed(seen: &RunStatus) -> Result<(), AppError> {
    if seen.state == RunState::Completed {
        return Ok(());
    }
    Err(AppError::new(
        Code::InvalidRequest,
        "Not completed",
        format!(
            "The run ended with the status {}.",
            seen.status.as_deref().unwrap_or_default()
        ),
        "",
    ))
}

pub(crate) async fn result(options: ResultOptions) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let text = desk.result_of(&workspace.id, &options.run).await?;
    match options.out {
        None => say(text.trim_end()),
        Some(path) => write(&path, &text)?,
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), AppError> {
    std::fs::write(path, text).map_err(|error| {
        AppError::new(
            Code::Storage,
            "Not written",
            format!("{}: {error}.", path.display()),
            "Choose another place.",
        )
    })
}

fn run_id(entry: &HistoryEntry) -> &str {
    entry.run.as_ref().map_or("", |run| run.run_id.as_str())
}

#[cfg(test)]
mod tests {
    use super::parameters;

    fn of(pairs: &[&str]) -> String {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        parameters(&pairs).unwrap()
    }

    #[test]
    fn a_value_that_is_json_stays_what_it_is() {
        assert_eq!(of(&[]), "{}");
        assert_eq!(
            of(&[
                "n=1.10",
                "b=true",
                "s=hello",
                "q=\"5\"",
                "o={\"a\":[1]}",
                "e="
            ]),
            r#"{"n":1.10,"b":true,"s":"hello","q":"5","o":{"a":[1]},"e":""}"#
        );
        assert!(parameters(&["no value".to_owned()]).is_err());
    }
}
