//! `tokendesk run`, `status` and `result`

use std::{fmt::Write as _, path::Path, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use tokendesk_core::{
    AppError, Code, Desk, Field, Millis, RunStatus,
    files::write_file,
    following::{Backoff, LAST_WORD},
    history::{ApiGeneration, EntryKind, HistoryEntry, RunState},
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Result as ResultOptions, Run, RunStatus as StatusOptions},
    demo, history, input, issue, opened,
    output::{note, notes_are_seen, say, say_json},
    workspace::by_name,
};

pub(crate) async fn run(options: Run) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let request = request(&options, workspace.id.clone())?;
    let Fresh { entry, token, .. } = desk
        .issue_fresh(&request)
        .await
        .map_err(|error| about_types(&options, error))?;
    let run_id = run_id(&entry).to_owned();
    let link = match entry.has_link {
        true => Some(desk.link(&entry.id).await?),
        false => None,
    };
    if !options.json {
        issue::or_way_to_it(say(&run_id), &desk, &entry).await?;
        note_secrets(token.as_ref(), link.as_ref());
    }
    if link.is_some() {
        demo::note_dead_link(&workspace);
    }
    let written_down = issue::written_down(&entry);
    if let (true, Err(error)) = (options.follow, &written_down) {
        // Following may take long.
        note(&error.title);
    }
    let ended = if options.follow {
        let tell = |status: &str| {
            if !options.json {
                note(status);
            }
            Ok(())
        };
        let seen = follow(&desk, &workspace.id, &run_id, true, tell).await;
        seen.and_then(|seen| completed(&seen))
    } else {
        Ok(())
    };
    if options.json {
        // However following it ended, the run is there.
        let entry = desk.entry(&entry.id).await.unwrap_or(entry);
        let mut object = history::object(&entry, now());
        object.set("token", token.map(|token| token.expose_secret().to_owned()));
        object.set("link", link.map(|link| link.expose_secret().to_owned()));
        issue::or_way_to_it(say_json(object), &desk, &entry).await?;
    } else if !options.follow {
        let status = entry.run.and_then(|run| run.status);
        note(status.as_deref().unwrap_or("started"));
    }
    ended.and(written_down)
}

/// Shows what opens the run's widget to who sits there. Where standard error goes elsewhere that
/// may be a log, which is no place for it.
fn note_secrets(token: Option<&SecretString>, link: Option<&SecretString>) {
    if token.is_none() && link.is_none() {
        return;
    }
    if !notes_are_seen() {
        note("Its token and link are shown at a terminal only, and with --json.");
        return;
    }
    for (name, secret) in [("token", token), ("link", link)] {
        if let Some(secret) = secret {
            note(format_args!("{name:<6} {}", secret.expose_secret()));
        }
    }
}

/// How the type of a parameter is said.
const TYPES: &str = "`-p limit=5` is the text \"5\", `-P limit=5` is JSON: the number 5.";

/// The error of a refused run, with what to try where the type of a parameter may be the reason.
fn about_types(options: &Run, error: AppError) -> AppError {
    let given = !options.parameter.is_empty() || !options.parameter_json.is_empty();
    if error.code != Code::InvalidRequest || !given {
        return error;
    }
    let hint = format!("{} If a parameter has the wrong type: {TYPES}", error.hint);
    AppError {
        hint: hint.trim_start().to_owned(),
        ..error
    }
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
            Some(parameters) => input::text(parameters.clone())?,
            None => parameters(&options.parameter, &options.parameter_json)?,
        },
        minutes: options.ends_after,
        lang: options.locale.clone().unwrap_or_default(),
        label: options.label.clone().unwrap_or_default(),
        ..IssueRequest::default()
    })
}

/// A JSON object of `key=value` pairs, texts before JSON. What type a value has is said by the
/// option and never guessed from the value: one key has one type, whoever the customer is.
fn parameters(texts: &[String], jsons: &[String]) -> Result<String, AppError> {
    let mut object = String::from("{");
    let texts = texts.iter().map(|pair| (pair, false));
    let jsons = jsons.iter().map(|pair| (pair, true));
    for (pair, is_json) in texts.chain(jsons) {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(AppError::invalid(
                Field::Parameters,
                "Not a parameter",
                "A parameter is a key, = and a value, such as limit=5.",
            ));
        };
        let value = match is_json.then(|| serde_json::from_str::<&RawValue>(value)) {
            None => serde_json::Value::from(value).to_string(),
            Some(Ok(json)) => json.get().to_owned(),
            Some(Err(error)) => {
                return Err(AppError {
                    hint: format!("{TYPES} Quotes are part of JSON and must reach it."),
                    ..AppError::invalid(
                        Field::Parameters,
                        "Not JSON",
                        format!("The value of {key} is not JSON: {error}."),
                    )
                });
            }
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
        let tell = |status: &str| {
            if options.json { Ok(()) } else { say(status) }
        };
        follow(&desk, &workspace.id, &options.run, false, tell).await
    } else {
        desk.run_status(&workspace.id, &options.run).await
    };
    let seen = seen.map_err(|error| demo::forgetful(&workspace, error))?;
    if options.json {
        let object = serde_json::to_value(&seen).unwrap_or_default();
        say_json(format_args!("{object:#}"))?;
    } else if !options.follow {
        say(word(&seen))?;
    }
    if options.follow {
        completed(&seen)?;
    }
    Ok(())
}

/// Looks at a run until it has ended or its time is over. Once it is known to be there, the API
/// may be away for a while.
async fn follow(
    desk: &Desk,
    workspace_id: &str,
    run_id: &str,
    mut known: bool,
    tell: impl Fn(&str) -> Result<(), AppError>,
) -> Result<RunStatus, AppError> {
    let mut backoff = Backoff::default();
    let mut last: Option<RunStatus> = None;
    let mut ends_at = None;
    loop {
        let mut news = false;
        let mut asked_to_wait = Duration::ZERO;
        match desk.run_status(workspace_id, run_id).await {
            Ok(seen) => {
                news = last.as_ref().map(|last| &last.status) != Some(&seen.status);
                if news {
                    tell(word(&seen))?;
                }
                if ends_at.is_none() {
                    ends_at = end(desk, &seen).await;
                }
                if seen.state != RunState::Open || is_over(ends_at, now()) {
                    return Ok(seen);
                }
                known = true;
                last = Some(seen);
            }
            Err(error) if error.retryable && known && !is_over(ends_at, now()) => {
                let wait = error.retry_after_ms.unwrap_or_default();
                asked_to_wait = Duration::from_millis(wait.into());
                note(format_args!("{}; trying again", error.title));
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(backoff.next(news).max(asked_to_wait)).await;
    }
}

/// The end that the vendor set a run of the history.
async fn end(desk: &Desk, seen: &RunStatus) -> Option<Millis> {
    let entry = desk.entry(seen.entry_id.as_deref()?).await.ok()?;
    entry.run?.ends_at
}

/// Whether nothing is to be expected of a run any more: an API that closes runs late, or in a word
/// we do not know, must not be asked for ever.
fn is_over(ends_at: Option<Millis>, now: Millis) -> bool {
    ends_at.is_some_and(|end| end + LAST_WORD <= now)
}

fn word(seen: &RunStatus) -> &str {
    seen.status.as_deref().unwrap_or("no status")
}

fn completed(seen: &RunStatus) -> Result<(), AppError> {
    let status = word(seen);
    let detail = match seen.state {
        RunState::Completed => return Ok(()),
        RunState::Ended => format!("The run ended with the status {status}."),
        RunState::Open => format!("The run's time is over. Its last status is {status}."),
    };
    Err(AppError::new(
        Code::InvalidRequest,
        "Not completed",
        detail,
        "",
    ))
}

pub(crate) async fn result(options: ResultOptions) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let text = desk
        .result_of(&workspace.id, &options.run)
        .await
        .map_err(|error| demo::forgetful(&workspace, error))?;
    match options.out {
        None => say_json(text.trim_end()),
        Some(path) => {
            write(&path, &text)?;
            note(format_args!("{} ({} bytes)", path.display(), text.len()));
            Ok(())
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), AppError> {
    write_file(path, text.as_bytes()).map_err(|error| {
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
    use tokendesk_core::Millis;

    use super::{is_over, parameters};

    fn owned(pairs: &[&str]) -> Vec<String> {
        pairs.iter().map(|pair| (*pair).to_owned()).collect()
    }

    #[test]
    fn the_option_and_not_the_value_says_what_type_a_parameter_has() {
        let of = |texts: &[&str], jsons: &[&str]| parameters(&owned(texts), &owned(jsons)).unwrap();
        assert_eq!(of(&[], &[]), "{}");
        for pesel in [
            "92071314764",
            "02271314760",
            "true",
            "null",
            "1e5",
            "",
            "a=b",
            "\"5\"",
        ] {
            let pair = format!("k={pesel}");
            let wanted = serde_json::json!({ "k": pesel }).to_string();
            assert_eq!(of(&[&pair], &[]), wanted);
        }
        assert_eq!(
            of(
                &["s=5"],
                &["n=1.10", "b=true", "q=\"5\"", "o={\"a\":[1]}", "z=null"]
            ),
            r#"{"s":"5","n":1.10,"b":true,"q":"5","o":{"a":[1]},"z":null}"#
        );
    }

    #[test]
    fn what_is_no_parameter_is_told() {
        for wrong in ["no value", "", "=5"] {
            assert!(parameters(&owned(&[wrong]), &[]).is_err(), "{wrong}");
            assert!(parameters(&[], &owned(&[wrong])).is_err(), "{wrong}");
        }
        for wrong in ["a=hello", "a=02271314760", "a=", "a=NaN", "a=1 2", "a='x'"] {
            let error = parameters(&[], &owned(&[wrong])).unwrap_err();
            assert!(error.hint.contains("-p"), "{wrong}: {error:?}");
        }
    }

    #[test]
    fn a_run_is_over_a_minute_after_its_end() {
        assert!(!is_over(None, Millis::MAX), "no end is known");
        assert!(!is_over(Some(1000), 60_999));
        assert!(is_over(Some(1000), 61_000));
    }
}
