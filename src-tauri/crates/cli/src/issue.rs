//! `tokendesk issue`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError, Field,
    history::ApiGeneration,
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Api, Inputs, Issue},
    demo, history, opened,
    output::{note, say},
    workspace::by_name,
};

pub(crate) async fn run(options: Issue) -> Result<(), AppError> {
    let desk = opened().await?;
    let workspace = by_name(&desk, &options.inputs.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let request = request(options.inputs, options.api, workspace.id)?;
    let Fresh {
        entry,
        token,
        token_type,
    } = desk.issue_fresh(&request).await?;
    if options.json {
        let mut object = history::object(&entry, now());
        object.set("token", token.map(|token| token.expose_secret().to_owned()));
        object.set("tokenType", token_type);
        say(object);
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

/// What the inputs ask for: a token, unless that is changed.
pub(crate) fn request(
    inputs: Inputs,
    api: Api,
    workspace_id: String,
) -> Result<IssueRequest, AppError> {
    let (api, subject) = match (api, inputs.case, inputs.record) {
        (Api::V1, case, None) => (ApiGeneration::V1, case),
        (Api::V2, None, record) => (ApiGeneration::V2, record),
        (Api::V1, _, Some(_)) => return Err(other_subject("Version 1 works on a case.")),
        (Api::V2, Some(_), _) => return Err(other_subject("Version 2 works on a record.")),
    };
    Ok(IssueRequest {
        workspace_id,
        api,
        workflow_id: inputs.workflow,
        subject: subject.unwrap_or_default(),
        parameters_id: inputs.parameters_id.unwrap_or_default(),
        lang: inputs.lang.unwrap_or_default(),
        label: inputs.label.unwrap_or_default(),
        ..IssueRequest::default()
    })
}

fn other_subject(detail: &str) -> AppError {
    AppError::invalid(
        Field::Subject,
        "Not a subject of this API generation",
        detail,
    )
}
