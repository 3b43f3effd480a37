//! `tokendesk history`

use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};
use tokendesk_core::{
    AppError, Desk, Millis,
    claims::Claim,
    history::{HistoryEntry, HistoryFilter, Status as EntryStatus, StatusFilter, export},
    json::{NodeKind, pretty},
    now,
};

use crate::{
    arguments::{History, Status},
    output::{note, plain, say, say_json},
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
    let is_all = filter == HistoryFilter::default() && options.limit > 0;
    let entries = desk.newest(filter, options.limit).await?;
    let now = now();
    if options.json {
        let list: Vec<String> = entries
            .iter()
            .map(|entry| object(entry, now).in_one_line())
            .collect();
        return say_json(pretty(&format!("[{}]", list.join(","))));
    }
    for entry in &entries {
        say(format_args!(
            "{:<10} {:>9}  {}  {:<16} {:<38} {}",
            word(entry.status(now)),
            time_left(entry, now),
            export::iso(Some(entry.requested_at)),
            // Spelled out before they are padded, so that the columns stay.
            plain(&entry.workspace_name),
            plain(entry.workflow_name.as_deref().unwrap_or(&entry.workflow_id)),
            entry.label.as_deref().unwrap_or_default()
        ))?;
    }
    if entries.is_empty() {
        note(if is_all {
            "Nothing yet."
        } else {
            "Nothing matches."
        });
    }
    Ok(())
}

/// An entry as JSON. Claims stay as the token has them, to the last digit.
pub(crate) struct Object {
    fields: BTreeMap<&'static str, Value>,
    claims: String,
}

impl Object {
    /// Adds a field, such as the token's body where it may be shown.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.fields.insert(name, value.into());
    }

    fn in_one_line(&self) -> String {
        let mut fields: Vec<String> = self
            .fields
            .iter()
            .map(|(name, value)| format!("{}:{value}", Value::from(*name)))
            .collect();
        fields.push(format!("\"claims\":{}", self.claims));
        format!("{{{}}}", fields.join(","))
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&pretty(&self.in_one_line()))
    }
}

/// An entry as JSON. The token's body is added by whoever may show it.
pub(crate) fn object(entry: &HistoryEntry, now: Millis) -> Object {
    let fields = BTreeMap::from([
        ("id", json!(entry.id)),
        ("status", json!(entry.status(now))),
        ("workspace", json!(entry.workspace_name)),
        ("kind", json!(entry.kind)),
        ("api", json!(entry.api)),
        ("workflowId", json!(entry.workflow_id)),
        ("subject", json!(entry.subject)),
        ("label", json!(entry.label)),
        ("requestedAt", json!(export::iso(Some(entry.requested_at)))),
        ("issuedAt", instant(entry.issued_at)),
        ("expiresAt", instant(entry.expires_at)),
        ("expirySource", json!(entry.expiry_source)),
        ("fingerprint", json!(entry.token_fingerprint)),
        (
            "run",
            json!(entry.run.as_ref().map(|run| json!({
                "id": run.run_id,
                "status": run.status,
                "state": run.state,
                "endsAt": instant(run.ends_at),
            }))),
        ),
        ("error", json!(entry.error)),
    ]);
    let claims: Vec<String> = entry.claims.iter().map(claim).collect();
    Object {
        fields,
        claims: format!("{{{}}}", claims.join(",")),
    }
}

fn instant(at: Option<Millis>) -> Value {
    json!(at.map(|at| export::iso(Some(at))))
}

/// A claim as a field of a JSON object, its value as it is written in the token.
fn claim(claim: &Claim) -> String {
    let value = match claim.kind {
        NodeKind::String => Value::from(claim.value.as_str()).to_string(),
        _ => claim.value.clone(),
    };
    format!("{}:{value}", Value::from(claim.name.as_str()))
}

pub(crate) fn word(status: impl serde::Serialize) -> String {
    let value = serde_json::to_value(status).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// How long it can still be used; empty for what cannot, such as a link that a newer one ended.
pub(crate) fn time_left(entry: &HistoryEntry, now: Millis) -> String {
    if !matches!(
        entry.status(now),
        EntryStatus::Active | EntryStatus::Expiring
    ) {
        return String::new();
    }
    let left = entry.expires_at.map_or(0, |end| end - now) / 1000;
    if left <= 0 {
        String::new()
    } else if left >= 2 * 86_400 {
        format!("{} d {:02} h", left / 86_400, left % 86_400 / 3600)
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
