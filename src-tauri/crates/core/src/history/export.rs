//! The history as a file for others. Tokens and claims are never in it.

use super::{HistoryEntry, write::word};
use crate::clock::{Millis, now};

/// An instant as ISO 8601 in UTC; empty for none.
#[must_use]
pub fn iso(at: Option<Millis>) -> String {
    at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
        .map(|at| at.to_string())
        .unwrap_or_default()
}

const COLUMNS: [&str; 12] = [
    "status",
    "requestedAt",
    "expiresAt",
    "workspace",
    "api",
    "workflowId",
    "workflow",
    "subject",
    "label",
    "purpose",
    "httpStatus",
    "fingerprint",
];

/// An entry's values, in the order of [`COLUMNS`].
fn fields(entry: &HistoryEntry, now: Millis) -> [String; COLUMNS.len()] {
    let http_status = entry.http_status.map(|status| status.to_string());
    [
        word(entry.status(now)),
        iso(Some(entry.requested_at)),
        iso(entry.expires_at),
        entry.workspace_name.clone(),
        word(entry.api),
        entry.workflow_id.clone(),
        entry.workflow_name.clone().unwrap_or_default(),
        entry.subject.clone().unwrap_or_default(),
        entry.label.clone().unwrap_or_default(),
        word(entry.purpose),
        http_status.unwrap_or_default(),
        entry.token_fingerprint.clone().unwrap_or_default(),
    ]
}

/// What stands between the cells of a CSV file. A spreadsheet takes the one that goes with its
/// person's region: where numbers have a decimal comma, the semicolon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// As RFC 4180 has it.
    Comma,
    /// For Excel in most of Europe.
    Semicolon,
}

/// A table for a spreadsheet, safe against cells that a spreadsheet would run. It starts with a
/// byte-order mark: without one Excel does not read it as UTF-8.
#[must_use]
pub fn csv(entries: &[HistoryEntry], separator: Separator) -> String {
    let now = now();
    let mut text = String::from('\u{feff}');
    line(&mut text, separator, COLUMNS.map(str::to_owned));
    for entry in entries {
        let cells = fields(entry, now).map(|value| cell(&value));
        line(&mut text, separator, cells);
    }
    text
}

fn line(text: &mut String, separator: Separator, cells: [String; COLUMNS.len()]) {
    text.push_str(&cells.join(match separator {
        Separator::Comma => ",",
        Separator::Semicolon => ";",
    }));
    text.push_str("\r\n");
}

/// A value in quotes. What a spreadsheet takes for the start of a formula gets an apostrophe before
/// it, also behind whatever another separator than this file's would make a cell of its own.
fn cell(value: &str) -> String {
    let mut cell = String::from('"');
    let mut may_start_a_cell = true;
    for c in value.chars() {
        if may_start_a_cell && is_formula_start(c) {
            cell.push('\'');
        }
        if c == '"' {
            cell.push('"');
        }
        cell.push(c);
        may_start_a_cell = matches!(c, ',' | ';' | '"' | '\t' | '\r' | '\n');
    }
    cell.push('"');
    cell
}

/// Also in the full width that East Asian spreadsheets read alike.
fn is_formula_start(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
    )
}

/// A list of objects with the columns of [`csv`].
#[must_use]
pub fn json(entries: &[HistoryEntry]) -> String {
    let now = now();
    let list: Vec<_> = entries
        .iter()
        .map(|entry| {
            let values = fields(entry, now).map(serde_json::Value::from);
            let names = COLUMNS.map(str::to_owned);
            serde_json::Value::Object(names.into_iter().zip(values).collect())
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{history::query, storage::Database};

    #[test]
    fn a_label_cannot_become_a_formula_or_a_new_cell() {
        for (value, written) in [
            ("a\",\"b", "\"a\"\",\"\"b\""),
            (
                "Za\u{17c}\u{f3}\u{142}\u{107}; g\u{119}\u{15b}l\u{105}",
                "\"Za\u{17c}\u{f3}\u{142}\u{107}; g\u{119}\u{15b}l\u{105}\"",
            ),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("x;=1+1", "\"x;'=1+1\""),
            ("x,@SUM(1)", "\"x,'@SUM(1)\""),
            ("x\n-1", "\"x\n'-1\""),
            ("\"=1", "\"\"\"'=1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("\u{ff0b}1", "\"'\u{ff0b}1\""),
            ("x;\u{ff20}a", "\"x;'\u{ff20}a\""),
            ("a-b = c, d", "\"a-b = c, d\""),
        ] {
            assert_eq!(cell(value), written);
        }
    }

    #[test]
    fn a_spreadsheet_of_any_region_reads_the_table_also_an_empty_one() {
        let database = Database::in_memory().unwrap();
        let mut db = database.lock();
        crate::history::seed::seed(&mut db, 1, 0, 1_800_000_000_000).unwrap();
        let filter = crate::history::HistoryFilter::default();
        let entries = query::newest(&db, &filter, 9, 0).unwrap();
        for (separator, between) in [(Separator::Comma, ","), (Separator::Semicolon, ";")] {
            let text = csv(&entries, separator);
            let lines: Vec<_> = text.split_terminator("\r\n").collect();
            assert_eq!(lines[0], format!("\u{feff}{}", COLUMNS.join(between)));
            assert_eq!(lines.len(), 2);
            assert_eq!(lines[1].split(&format!("\"{between}\"")).count(), 12);
            let empty = csv(&[], separator);
            assert_eq!(
                empty.split_terminator("\r\n").collect::<Vec<_>>(),
                lines[..1]
            );
        }
    }
}
