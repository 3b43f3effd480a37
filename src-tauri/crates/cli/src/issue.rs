//! `tokendesk issue`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError, Field,
    history::ApiGeneration,
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Api, Issue},
    demo, history, opened,
    output::{note, say},
    workspace::by_name,
};

pub(crate) async fn run(options: Issue) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let (api, subject) = subject(options.api, options.case, options.record)?;
    let request = IssueRequest {
        workspace_id: workspace.id,
        api,
        workflow_id: options.workflow,
        subject,
        parameters_id: options.parameters_id.unwrap_or_default(),
        lang: options.lang.unwrap_or_default(),
        label: options.label.unwrap_or_default(),
        ..IssueRequest::default()
    };
    let Fresh {
        entry,
        token,
        token_type,
    } = desk.issue_fresh(&request).await?;
    if options.json {
        let mut object = history::object(&entry, now());
        object["token"] = token.map(|token| token.expose_secret().to_owned()).into();
        object["tokenType"] = token_type.into();
        say(format_args!("{object:#}"));
    } else {
        if let Some(token) = &token {
            say(token.expose_secret());
        }
        note(format_args!(
            "{} in {}, {}",
            history::word(entry.status(now())),
            entry.workspace_name,
            history::time_left(&entry, now())
        ));
    }
    Ok(())
}

/// The generation and the subject that goes with it; empty for none.
pub(crate) fn subject(
    api: Api,
    case: Option<String>,
    record: Option<String>,
) -> Result<(ApiGeneration, String), AppError> {
    match (api, case, record) {
        (Api::V1, case, None) => Ok((ApiGeneration::V1, case.unwrap_or_default())),
        (Api::V2, None, record) => Ok((ApiGeneration::V2, record.unwrap_or_default())),
        (Api::V1, _, Some(_)) => Err(other_subject("Version 1 works on a case.")),
        (Api::V2, Some(_), _) => Err(other_subject("Version 2 works on a record.")),
    }
}

fn other_subject(detail: &str) -> AppError {
    AppError::invalid(
        Field::Subject,
        "Not a subject of this API generation",
        detail,
    )
}
