//! From a row of the database to an entry.

use rusqlite::Row;
use serde::de::DeserializeOwned;

use super::{EntryKind, HistoryEntry, LinkFacts, RunFacts, RunSeen};

/// What [`entry`] reads, in its order.
pub(super) const COLUMNS: &str = "id, workspace_id, workspace_name, workspace_kind, api, workflow_id, \
    workflow_name, subject, parameters_id, lang, label, purpose, state, requested_at, issued_at, \
    expires_at, lifetime, expiry_source, used_at, copied_at, http_status, authorized_ms, \
    authorized_from_cache, request_ms, token_masked, token_length, token IS NOT NULL, \
    token_fingerprint, claims, error, kind, parameters, minutes, link IS NOT NULL, link_masked, \
    link_sent, superseded_at, run_id, run_state, run_status, run_seen, run_checked_at, \
    run_ends_at, run_result IS NOT NULL";

fn known<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(word.into()).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let claims: String = row.get(28)?;
    let error: Option<String> = row.get(29)?;
    let source: Option<String> = row.get(17)?;
    Ok(HistoryEntry {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        workspace_name: row.get(2)?,
        workspace_kind: known(row, 3)?,
        api: known(row, 4)?,
        workflow_id: row.get(5)?,
        workflow_name: row.get(6)?,
        subject: row.get(7)?,
        parameters_id: row.get(8)?,
        lang: row.get(9)?,
        label: row.get(10)?,
        purpose: known(row, 11)?,
        state: known(row, 12)?,
        requested_at: row.get(13)?,
        issued_at: row.get(14)?,
        expires_at: row.get(15)?,
        lifetime_ms: row.get(16)?,
        expiry_source: source.and_then(|s| serde_json::from_value(s.into()).ok()),
        used_at: row.get(18)?,
        copied_at: row.get(19)?,
        http_status: row.get(20)?,
        authorized_ms: row.get(21)?,
        authorized_from_cache: row.get(22)?,
        request_ms: row.get(23)?,
        token_masked: row.get::<_, Option<String>>(24)?.filter(|m| !m.is_empty()),
        token_length: row.get(25)?,
        has_token: row.get(26)?,
        token_fingerprint: row.get(27)?,
        claims: serde_json::from_str(&claims).unwrap_or_default(),
        error: error.and_then(|e| serde_json::from_str(&e).ok()),
        kind: known(row, 30)?,
        parameters: row.get(31)?,
        minutes: row.get(32)?,
        send: row.get(35)?,
        run: run(row)?,
        link: link(row)?,
        has_link: row.get(33)?,
    })
}

fn run(row: &Row<'_>) -> rusqlite::Result<Option<RunFacts>> {
    let Some(run_id) = row.get(37)? else {
        return Ok(None);
    };
    let seen: String = row.get(40)?;
    let seen: Vec<RunSeen> = serde_json::from_str(&seen).unwrap_or_default();
    Ok(Some(RunFacts {
        run_id,
        state: known(row, 38)?,
        status: row.get(39)?,
        interactive: row.get::<_, Option<u32>>(25)?.is_some(),
        started_at: row.get(13)?,
        status_at: seen.last().map(|seen| seen.at),
        checked_at: row.get(41)?,
        ends_at: row.get(42)?,
        seen,
        following: false,
        problem: None,
        result_kept: row.get(43)?,
    }))
}

fn link(row: &Row<'_>) -> rusqlite::Result<Option<LinkFacts>> {
    let kind: EntryKind = known(row, 30)?;
    let masked: Option<String> = row.get(34)?;
    let Some(masked) = masked.filter(|_| kind == EntryKind::Link) else {
        return Ok(None);
    };
    Ok(Some(LinkFacts {
        masked,
        superseded_at: row.get(36)?,
    }))
}
