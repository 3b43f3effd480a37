//! `tokendesk issue`

use secrecy::ExposeSecret;
use tokendesk_core::{
    AppError, Desk, Field, StorageState,
    history::{ApiGeneration, EntryKind, HistoryEntry},
    issuing::{Fresh, IssueRequest},
    now,
};

use crate::{
    arguments::{Api, Inputs, Issue},
    demo, history, opened,
    output::{note, say_json, say_secret},
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
        or_way_to_it(say_json(object), &desk, &entry).await?;
    } else {
        if let Some(token) = &token {
            or_way_to_it(say_secret(token), &desk, &entry).await?;
        }
        let left = history::time_left(&entry, now());
        note(format_args!(
            "{} in {}{}{left}",
            history::word(entry.status(now())),
            entry.workspace_name,
            if left.is_empty() { "" } else { ", " },
        ));
    }
    written_down(&entry)
}

/// What came of printing. It is made at the vendor: one that could not be printed must not be lost
/// without a word.
pub(crate) async fn or_way_to_it(
    printed: Result<(), AppError>,
    desk: &Desk,
    entry: &HistoryEntry,
) -> Result<(), AppError> {
    let Err(error) = printed else { return Ok(()) };
    let in_the_history =
        matches!(desk.storage_state(), StorageState::Encrypted { .. }) && entry.error.is_none();
    let settings = desk.settings().await.unwrap_or_default();
    let hint = match (in_the_history, entry.kind) {
        (true, EntryKind::Run) => {
            "The run was started and is in the history: `tokendesk history --json` has its id."
        }
        (true, EntryKind::Token) if settings.keep_tokens => {
            "The token was issued and is in the history: open TokenDesk and copy it there."
        }
        (true, EntryKind::Link) if settings.keep_tokens => {
            "The link was made and is in the history: open TokenDesk and copy it there."
        }
        (false, EntryKind::Run) => "The run was started, and nothing here keeps its id.",
        (_, EntryKind::Token) => "The token was issued and is kept nowhere. Issue another one.",
        (_, EntryKind::Link) => "The link was made and is kept nowhere. Make another one.",
    };
    Err(AppError {
        hint: hint.to_owned(),
        ..error
    })
}

/// Whether the history has it too: who relies on that has to be told.
pub(crate) fn written_down(entry: &HistoryEntry) -> Result<(), AppError> {
    match &entry.error {
        None => Ok(()),
        Some(error) => Err(AppError {
            hint: "Keep what was printed: it is nowhere else.".to_owned(),
            ..error.clone()
        }),
    }
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
