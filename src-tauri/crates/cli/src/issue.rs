//! `tokendesk issue`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError,
    history::{ApiGeneration, Purpose},
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Api, Issue},
    demo, desk, history,
    output::{note, say},
    workspace::by_name,
};

pub(crate) async fn run(options: Issue) -> Result<(), AppError> {
    let desk = desk().await?;
    let workspace = by_name(&desk, &options.workspace).await?;
    let _simulator = demo::for_workspace(&desk, &workspace).await?;
    let (api, subject) = match options.api {
        Api::V1 => (ApiGeneration::V1, options.case),
        Api::V2 => (ApiGeneration::V2, options.record),
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
    let Fresh { entry, token } = desk.issue_fresh(&request).await?;
    if options.json {
        let mut object = history::object(&entry, now());
        object["token"] = token.expose_secret().into();
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
