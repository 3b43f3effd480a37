//! `tokendesk issue`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError, Field,
    history::{ApiGeneration, Purpose},
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
    let (api, subject) = match (options.api, options.case, options.record) {
        (Api::V1, case, None) => (ApiGeneration::V1, case),
        (Api::V2, None, record) => (ApiGeneration::V2, record),
        (Api::V1, _, Some(_)) => return Err(other_subject("Token v1 is issued for a case.")),
        (Api::V2, Some(_), _) => return Err(other_subject("Token v2 is issued for a record.")),
    };
    let request = IssueRequest {
        workspace_id: workspace.id,
        api,
        workflow_id: options.workflow,
        subject: subject.unwrap_or_default(),
        parameters_id: options.parameters_id.unwrap_or_default(),
        lang: options.lang.unwrap_or_default(),
        label: options.label.unwrap_or_default(),
        purpose: Purpose::HandOver,
    };
    let Fresh {
        entry,
        token,
        token_type,
    } = desk.issue_fresh(&request).await?;
    if options.json {
        let mut object = history::object(&entry, now());
        object["token"] = token.expose_secret().into();
        object["tokenType"] = token_type.into();
        say(format_args!("{object:#}"));
    } else {
        say(format_args!("{}", token.expose_secret()));
        note(format_args!(
            "{} in {}, {}",
            history::word(entry.status(now())),
            entry.workspace_name,
            history::time_left(&entry, now())
        ));
    }
    Ok(())
}

fn other_subject(detail: &str) -> AppError {
    AppError::invalid(
        Field::Subject,
        "Not a subject of this API generation",
        detail,
    )
}
