//! `tokendesk history`

use serde_json::{Value, json};
use tokendesk_core::{
    AppError, Desk, Millis,
    history::{HistoryEntry, HistoryFilter, StatusFilter, export},
    now,
};

use crate::{
    arguments::{History, Status},
    output::{note, say},
};

pub(crate) async fn run(desk: &Desk, options: History) -> Result<(), AppError> {
    let filter = HistoryFilter {
        search: options.search,
        status: match options.status {
            None => StatusFilter::All,
            Some(Status::Live) => StatusFilter::Live,
            Some(Status::Used) => StatusFilter::Used,
            Some(Status::Expired) => StatusFilter::Expired,
            Some(Status::Failed) => StatusFilter::Failed,
            Some(Status::Unknown) => StatusFilter::Unknown,
            Some(Status::Running) => StatusFilter::Running,
            Some(Status::Open) => StatusFilter::Open,
            Some(Status::Completed) => StatusFilter::Completed,
        },
        ..HistoryFilter::default()
    };
    let entries = desk.page(filter, 0, options.limit).await?;
    let now = now();
    if options.json {
        let list: Vec<Value> = entries.iter().map(|entry| object(entry, now)).collect();
        say(format_args!("{:#}", Value::from(list)));
        return Ok(());
    }
    for entry in &entries {
        say(format_args!(
            "{:<10} {:>9}  {}  {:<16} {:<38} {}",
            word(entry.status(now)),
            time_left(entry, now),
            export::iso(Some(entry.requested_at)),
            entry.workspace_name,
            entry.workflow_name.as_deref().unwrap_or(&entry.workflow_id),
            entry.label.as_deref().unwrap_or_default()
        ));
    }
    if entries.is_empty() {
        note(format_args!("Nothing yet."));
    }
    Ok(())
}

/// An entry as JSON. The token's body is added by whoever may show it.
pub(crate) fn object(entry: &HistoryEntry, now: Millis) -> Value {
    let claims: serde_json::Map<String, Value> = entry
        .claims
        .iter()
        .map(|claim| (claim.name.clone(), json!(claim.value)))
        .collect();
    json!({
        "id": entry.id,
        "status": entry.status(now),
        "workspace": entry.workspace_name,
        "kind": entry.kind,
        "api": entry.api,
        "workflowId": entry.workflow_id,
        "subject": entry.subject,
        "label": entry.label,
        "requestedAt": export::iso(Some(entry.requested_at)),
        "issuedAt": entry.issued_at.map(|at| export::iso(Some(at))),
        "expiresAt": entry.expires_at.map(|at| export::iso(Some(at))),
        "expirySource": entry.expiry_source,
        "fingerprint": entry.token_fingerprint,
        "claims": claims,
        "run": entry.run.as_ref().map(|run| json!({
            "id": run.run_id,
            "status": run.status,
            "state": run.state,
            "endsAt": run.ends_at.map(|at| export::iso(Some(at))),
        })),
        "error": entry.error,
    })
}

pub(crate) fn word(status: impl serde::Serialize) -> String {
    let value = serde_json::to_value(status).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn time_left(entry: &HistoryEntry, now: Millis) -> String {
    let left = entry.expires_at.map_or(0, |end| end - now) / 1000;
    if left <= 0 {
        String::new()
    } else if left >= 3600 {
        format!("{} h {:02}", left / 3600, left % 3600 / 60)
    } else {
        format!("{:02}:{:02}", left / 60, left % 60)
    }
}

pub(crate) async fn seed(desk: &Desk, count: u32, live: u32) -> Result<(), AppError> {
    let written = desk.seed(count, live).await?;
    note(format_args!("{written} entries made up."));
    Ok(())
}
