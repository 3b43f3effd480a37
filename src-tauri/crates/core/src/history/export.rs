//! The history as a file for others. Tokens and claims are never in it.

use serde_json::json;

use super::{HistoryEntry, write::word};
use crate::clock::{Millis, now};

/// An instant as ISO 8601 in UTC; empty for none.
#[must_use]
pub fn iso(at: Option<Millis>) -> String {
    at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
        .map(|at| at.to_string())
        .unwrap_or_default()
}

fn fields(entry: &HistoryEntry, now: Millis) -> [(&'static str, String); 12] {
    [
        ("status", word(entry.status(now))),
        ("requestedAt", iso(Some(entry.requested_at))),
        ("expiresAt", iso(entry.expires_at)),
        ("workspace", entry.workspace_name.clone()),
        ("api", word(entry.api)),
        ("workflowId", entry.workflow_id.clone()),
        ("workflow", entry.workflow_name.clone().unwrap_or_default()),
        ("subject", entry.subject.clone().unwrap_or_default()),
        ("label", entry.label.clone().unwrap_or_default()),
        ("purpose", word(entry.purpose)),
        (
            "httpStatus",
            entry.http_status.map(|s| s.to_string()).unwrap_or_default(),
        ),
        (
            "fingerprint",
            entry.token_fingerprint.clone().unwrap_or_default(),
        ),
    ]
}

/// A table for a spreadsheet (RFC 4180), safe against cells that a spreadsheet would run.
#[must_use]
pub fn csv(entries: &[HistoryEntry]) -> String {
    let now = now();
    let mut text = String::new();
    for (number, entry) in entries.iter().enumerate() {
        let fields = fields(entry, now);
        if number == 0 {
            line(&mut text, fields.iter().map(|(name, _)| (*name).to_owned()));
        }
        line(&mut text, fields.iter().map(|(_, value)| cell(value)));
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push_str(&cells.collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
}

fn cell(value: &str) -> String {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

/// A list of objects with the columns of [`csv`].
#[must_use]
pub fn json(entries: &[HistoryEntry]) -> String {
    let now = now();
    let list: Vec<_> = entries
        .iter()
        .map(|entry| {
            let fields = fields(entry, now).map(|(name, value)| (name.to_owned(), json!(value)));
            serde_json::Value::Object(fields.into_iter().collect())
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_label_cannot_become_a_formula_or_a_new_cell() {
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("a\",\"b"), "\"a\"\",\"\"b\"");
    }
}
