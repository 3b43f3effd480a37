//! The schema and its versions. A migration works on a copy; the old file stays beside it.

use std::path::Path;

use rusqlite::Connection;

use super::file::beside;
use crate::error::{AppError, Code};

/// One step per version; a step never changes once it has shipped.
const STEPS: &[&str] = &[r"
CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    api_host TEXT NOT NULL,
    widget_host TEXT NOT NULL,
    auth_kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_test_at INTEGER,
    last_test_ok INTEGER,
    last_four TEXT NOT NULL DEFAULT '',
    credential_since INTEGER,
    allowed_hosts TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE UNIQUE INDEX workspaces_by_name ON workspaces (name COLLATE NOCASE);

CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    workspace_name TEXT NOT NULL,
    workspace_kind TEXT NOT NULL,
    api TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    workflow_name TEXT,
    subject TEXT,
    parameters_id TEXT,
    lang TEXT,
    label TEXT,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    issued_at INTEGER,
    expires_at INTEGER,
    lifetime INTEGER,
    expiry_source TEXT,
    used_at INTEGER,
    copied_at INTEGER,
    http_status INTEGER,
    authorized_ms INTEGER,
    authorized_from_cache INTEGER NOT NULL DEFAULT 0,
    request_ms INTEGER,
    token TEXT,
    token_masked TEXT,
    token_length INTEGER,
    token_fingerprint TEXT,
    claims TEXT NOT NULL DEFAULT '[]',
    error TEXT,
    forgotten_at INTEGER
) STRICT;
CREATE INDEX entries_listed ON entries (requested_at DESC, number DESC, workspace_id, state,
    used_at, expires_at, purpose, forgotten_at) WHERE forgotten_at IS NULL;
CREATE INDEX entries_forgotten ON entries (forgotten_at) WHERE forgotten_at IS NOT NULL;
CREATE INDEX entries_with_token ON entries (expires_at) WHERE token IS NOT NULL;
CREATE INDEX entries_pending ON entries (state) WHERE state = 'pending';

CREATE VIRTUAL TABLE entries_text USING fts5 (
    label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name,
    content = 'entries', content_rowid = 'number', tokenize = 'trigram'
);
CREATE TRIGGER entries_text_in AFTER INSERT ON entries BEGIN
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name);
END;
CREATE TRIGGER entries_text_out AFTER DELETE ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name);
END;
CREATE TRIGGER entries_text_new AFTER UPDATE OF label, token_fingerprint ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, label, workflow_id, workflow_name, subject,
        token_fingerprint, workspace_name)
    VALUES ('delete', old.number, old.label, old.workflow_id, old.workflow_name, old.subject,
        old.token_fingerprint, old.workspace_name);
    INSERT INTO entries_text
        (rowid, label, workflow_id, workflow_name, subject, token_fingerprint, workspace_name)
    VALUES (new.number, new.label, new.workflow_id, new.workflow_name, new.subject,
        new.token_fingerprint, new.workspace_name);
END;

CREATE TABLE settings (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT NOT NULL
) STRICT;
"];

/// Brings the database to the newest version.
///
/// # Errors
/// It was written by a newer TokenDesk, or a step failed; the file is then as it was.
pub(super) fn migrate(connection: &mut Connection, path: Option<&Path>) -> Result<(), AppError> {
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let version = version as usize;
    if version > STEPS.len() {
        return Err(AppError::new(
            Code::Storage,
            "The history is from a newer TokenDesk",
            format!(
                "Its version is {version}; this app knows up to {}.",
                STEPS.len()
            ),
            "Update TokenDesk. The file was left as it is.",
        ));
    }
    if version == STEPS.len() {
        return Ok(());
    }
    if let (Some(path), true) = (path, version > 0) {
        keep_a_copy(connection, path, version)?;
    }
    let all_or_nothing = connection.transaction()?;
    for step in &STEPS[version..] {
        all_or_nothing.execute_batch(step)?;
    }
    let newest = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    all_or_nothing.pragma_update(None, "user_version", newest)?;
    Ok(all_or_nothing.commit()?)
}

/// Copies the file as it was, still encrypted, before anything changes in it.
fn keep_a_copy(connection: &Connection, path: &Path, version: usize) -> Result<(), AppError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    std::fs::copy(path, beside(path, &format!(".version-{version}"))).map_err(|error| {
        AppError::new(
            Code::Storage,
            "The history could not be backed up",
            format!("Before an update it is copied, and that failed: {error}."),
            "Make room on the disk, then start again. Nothing was changed.",
        )
    })?;
    Ok(())
}
