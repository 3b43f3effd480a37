//! Writing what happens to an attempt. Each function is one step of its life.

use std::time::Duration;

use rusqlite::{Connection, params};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{HistoryEntry, links, query, runs};
use crate::{
    claims,
    clock::{Millis, millis, span},
    error::AppError,
    expiry::{Expiry, SaidOfEnd, clock_offset, expiry},
    issuing::{Accepted, Came},
    workspace::Workspace,
};

/// The word a plain enum is written as; the same as on the way to the UI.
pub(super) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Writes down that a token is being asked for, before the request leaves.
pub(crate) fn pending(
    db: &Connection,
    id: &str,
    workspace: &Workspace,
    request: &Accepted,
    now: Millis,
) -> Result<(), AppError> {
    db.execute(
        "INSERT INTO entries (id, workspace_id, workspace_name, workspace_kind, api, workflow_id,
            workflow_name, subject, parameters_id, lang, label, purpose, state, requested_at,
            kind, parameters, minutes, link_sent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'pending', ?13, ?14, ?15, ?16,
            ?17)",
        params![
            id,
            workspace.id,
            workspace.name,
            word(workspace.kind),
            word(request.api),
            request.workflow_id,
            request.workflow_name,
            request.subject.map(|s| s.to_string()),
            request.parameters_id,
            request.lang,
            request.label,
            word(request.purpose),
            now,
            word(request.kind),
            request.parameters,
            request.minutes,
            request.send
        ],
    )?;
    Ok(())
}

/// Writes down what came: a token, a run, a link.
pub(crate) fn issued(
    db: &mut Connection,
    id: &str,
    came: &Came,
    keep_bodies: bool,
) -> Result<HistoryEntry, AppError> {
    let received = millis(came.received_at);
    let offset = clock_offset(came.server_time.map(millis), received);
    let all = db.transaction()?;
    all.execute(
        "UPDATE entries SET state = 'issued', issued_at = ?2, http_status = ?3,
            authorized_ms = ?4, authorized_from_cache = ?5, request_ms = ?6
         WHERE id = ?1",
        params![
            id,
            received,
            came.http_status,
            came.timings.authorised.map(span),
            came.timings.from_cache,
            span(came.timings.request)
        ],
    )?;
    if let Some(run) = &came.run {
        runs::started(&all, id, run, received, offset)?;
    }
    if let Some(token) = &came.token {
        write_token(&all, id, token.expose_secret(), came, offset, keep_bodies)?;
    }
    if let Some(link) = &came.link {
        links::made(&all, id, link.expose_secret(), keep_bodies)?;
        if came.token.is_none() {
            links::ends(&all, id, received)?;
        }
        if came.run.is_none() {
            links::supersede(&all, id, received)?;
        }
    }
    all.commit()?;
    query::one(db, id)
}

fn write_token(
    db: &Connection,
    id: &str,
    token: &str,
    came: &Came,
    offset: Millis,
    keep: bool,
) -> Result<(), AppError> {
    let received = millis(came.received_at);
    let claims = claims::read(token);
    let (run_ends_at, asked): (Option<Millis>, Option<u32>) = db.query_row(
        "SELECT run_ends_at, minutes FROM entries WHERE id = ?1",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Expiry {
        at,
        lifetime,
        source,
    } = expiry(
        SaidOfEnd {
            duration: came.expiry_duration,
            claims: claims.as_ref(),
            run_ends_at,
            run_asked: asked.map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
        },
        received,
        offset,
    );
    let claims = claims.map(|c| c.list).unwrap_or_default();
    db.execute(
        "UPDATE entries SET expires_at = ?2, lifetime = ?3, expiry_source = ?4, token = ?5,
            token_masked = ?6, token_length = ?7, token_fingerprint = ?8, claims = ?9
         WHERE id = ?1",
        params![
            id,
            at,
            lifetime,
            word(source),
            keep.then_some(token),
            masked(token),
            i64::try_from(token.chars().count()).unwrap_or(i64::MAX),
            fingerprint(token),
            serde_json::to_string(&claims).unwrap_or_default()
        ],
    )?;
    Ok(())
}

/// Writes down that nothing came.
pub(crate) fn failed(
    db: &Connection,
    id: &str,
    error: &AppError,
    request_ms: Millis,
) -> Result<HistoryEntry, AppError> {
    db.execute(
        "UPDATE entries SET state = 'failed', http_status = ?2, error = ?3, request_ms = ?4
         WHERE id = ?1",
        params![
            id,
            error.http_status,
            serde_json::to_string(error).unwrap_or_default(),
            request_ms
        ],
    )?;
    query::one(db, id)
}

/// Marks what an earlier run left pending: nobody knows whether a token was issued.
///
/// With others at work only what is too old to be theirs.
pub(crate) fn settle_pending(db: &Connection, alone: bool, now: Millis) -> Result<usize, AppError> {
    let before = if alone {
        Millis::MAX
    } else {
        now - 2 * 60 * 1000
    };
    Ok(db.execute(
        "UPDATE entries SET state = 'unknown' WHERE state = 'pending' AND requested_at < ?1",
        [before],
    )?)
}

/// Changes the label.
pub(crate) fn label(db: &Connection, id: &str, label: &str) -> Result<HistoryEntry, AppError> {
    let label = Some(label.trim()).filter(|l| !l.is_empty());
    db.execute(
        "UPDATE entries SET label = ?2 WHERE id = ?1",
        params![id, label],
    )?;
    query::one(db, id)
}

/// Writes down that the token was used; the first time counts.
pub(crate) fn used(db: &Connection, id: &str, now: Millis) -> Result<HistoryEntry, AppError> {
    db.execute(
        "UPDATE entries SET used_at = coalesce(used_at, ?2) WHERE id = ?1 AND state = 'issued'",
        params![id, now],
    )?;
    query::one(db, id)
}

/// Writes down that the token was copied.
pub(crate) fn copied(db: &Connection, id: &str, now: Millis) -> Result<(), AppError> {
    db.execute(
        "UPDATE entries SET copied_at = ?2 WHERE id = ?1",
        params![id, now],
    )?;
    Ok(())
}

/// The token's body.
pub(crate) fn token(db: &Connection, id: &str) -> Result<Option<SecretString>, AppError> {
    body(db, id, "token")
}

/// A run's or link's address.
pub(crate) fn link(db: &Connection, id: &str) -> Result<Option<SecretString>, AppError> {
    body(db, id, "link")
}

fn body(db: &Connection, id: &str, column: &str) -> Result<Option<SecretString>, AppError> {
    let sql = format!("SELECT {column} FROM entries WHERE id = ?1");
    let body: Option<String> = db.query_row(&sql, [id], |row| row.get(0))?;
    Ok(body.map(SecretString::from))
}

/// The two ends of a token. One too short to have a middle shows nothing.
fn masked(token: &str) -> String {
    let characters: Vec<char> = token.chars().collect();
    if characters.len() < 60 {
        return String::new();
    }
    let head: String = characters[..12].iter().collect();
    let tail: String = characters[characters.len() - 7..].iter().collect();
    format!("{head}\u{2026}{tail}")
}

/// The first 16 hex digits of the SHA-256: enough to recognise a token, nothing to use it with.
fn fingerprint(token: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(16);
    for byte in &Sha256::digest(token.as_bytes())[..8] {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
