//! Workspaces in the database. Credentials are not here.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    AuthKind, CredentialState, TestSummary, Workspace, WorkspaceKind, draft::Checked, folded,
};
use crate::{
    clock::Millis,
    error::{AppError, Field},
};

/// A row, with what the credential column knows.
pub(crate) struct Stored {
    pub(crate) workspace: Workspace,
    pub(crate) last_four: String,
    pub(crate) credential_since: Option<Millis>,
}

const COLUMNS: &str = "id, name, api_host, widget_host, auth_kind, created_at, last_test_at, \
    last_test_ok, last_four, credential_since, allowed_hosts";

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let auth: String = row.get(4)?;
    let hosts: String = row.get(10)?;
    let last_test = match (row.get(6)?, row.get(7)?) {
        (Some(at), Some(ok)) => Some(TestSummary { at, ok }),
        _ => None,
    };
    Ok(Stored {
        workspace: Workspace {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: WorkspaceKind::Live,
            api_host: row.get(2)?,
            widget_host: row.get(3)?,
            auth_kind: if auth == auth_word(AuthKind::KeySecret) {
                AuthKind::KeySecret
            } else {
                AuthKind::OrganizationToken
            },
            created_at: row.get(5)?,
            last_test,
            allowed_hosts: serde_json::from_str(&hosts).unwrap_or_default(),
            credential: CredentialState::Loading,
        },
        last_four: row.get(8)?,
        credential_since: row.get(9)?,
    })
}

pub(crate) fn all(db: &Connection) -> Result<Vec<Stored>, AppError> {
    let mut statement = db.prepare(&format!(
        "SELECT {COLUMNS} FROM workspaces ORDER BY name COLLATE NOCASE"
    ))?;
    let rows = statement.query_map([], stored)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn one(db: &Connection, id: &str) -> Result<Option<Stored>, AppError> {
    let sql = format!("SELECT {COLUMNS} FROM workspaces WHERE id = ?1");
    Ok(db.query_row(&sql, [id], stored).optional()?)
}

/// Adds a workspace, or changes the one with this id.
pub(crate) fn put(
    db: &Connection,
    id: &str,
    checked: &Checked,
    now: Millis,
) -> Result<(), AppError> {
    let mut others = db.prepare("SELECT name FROM workspaces WHERE id <> ?1")?;
    let others = others.query_map([id], |row| row.get::<_, String>(0))?;
    for other in others {
        if folded(&other?) == folded(&checked.name) {
            return Err(name_taken(&checked.name));
        }
    }
    // What was tested stays tested for as long as it is what is saved.
    let result = db.execute(
        "INSERT INTO workspaces (id, name, api_host, widget_host, auth_kind, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET name = ?2, api_host = ?3, widget_host = ?4,
            auth_kind = ?5,
            last_test_at = CASE WHEN api_host = ?3 AND auth_kind = ?5 AND ?7 THEN last_test_at END,
            last_test_ok = CASE WHEN api_host = ?3 AND auth_kind = ?5 AND ?7 THEN last_test_ok END",
        params![
            id,
            checked.name,
            checked.api_host.as_str(),
            checked.widget_host.as_str(),
            auth_word(checked.auth_kind),
            now,
            checked.credential.is_none()
        ],
    );
    match result {
        Ok(_) => Ok(()),
        Err(error) if is_taken(&error) => Err(name_taken(&checked.name)),
        Err(error) => Err(error.into()),
    }
}

fn name_taken(name: &str) -> AppError {
    AppError::invalid(
        Field::Name,
        "Name taken",
        format!("There is a workspace named \u{201c}{name}\u{201d}."),
    )
}

/// Puts a row back as it was.
pub(crate) fn put_back(db: &Connection, before: &Stored) -> Result<(), AppError> {
    let workspace = &before.workspace;
    db.execute(
        "UPDATE workspaces SET name = ?2, api_host = ?3, widget_host = ?4, auth_kind = ?5,
            last_test_at = ?6, last_test_ok = ?7, last_four = ?8, credential_since = ?9
         WHERE id = ?1",
        params![
            workspace.id,
            workspace.name,
            workspace.api_host,
            workspace.widget_host,
            auth_word(workspace.auth_kind),
            workspace.last_test.as_ref().map(|test| test.at),
            workspace.last_test.as_ref().map(|test| test.ok),
            before.last_four,
            before.credential_since
        ],
    )?;
    Ok(())
}

const fn auth_word(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::KeySecret => "keySecret",
        AuthKind::OrganizationToken => "organizationToken",
    }
}

fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}

pub(crate) fn set_credential(
    db: &Connection,
    id: &str,
    last_four: &str,
    since: Option<Millis>,
) -> Result<(), AppError> {
    db.execute(
        "UPDATE workspaces SET last_four = ?2, credential_since = ?3 WHERE id = ?1",
        params![id, last_four, since],
    )?;
    Ok(())
}

pub(crate) fn set_test(db: &Connection, id: &str, at: Millis, ok: bool) -> Result<(), AppError> {
    db.execute(
        "UPDATE workspaces SET last_test_at = ?2, last_test_ok = ?3 WHERE id = ?1",
        params![id, at, ok],
    )?;
    Ok(())
}

pub(crate) fn set_allowed_hosts(
    db: &Connection,
    id: &str,
    hosts: &[String],
) -> Result<(), AppError> {
    let hosts = serde_json::to_string(hosts).unwrap_or_default();
    db.execute(
        "UPDATE workspaces SET allowed_hosts = ?2 WHERE id = ?1",
        params![id, hosts],
    )?;
    Ok(())
}

pub(crate) fn delete(db: &Connection, id: &str) -> Result<(), AppError> {
    let all = db.unchecked_transaction()?;
    for table in ["saved_workflows", "presets"] {
        let sql = format!("DELETE FROM {table} WHERE workspace_id = ?1");
        all.execute(&sql, [id])?;
    }
    all.execute("DELETE FROM workspaces WHERE id = ?1", [id])?;
    all.commit()?;
    Ok(())
}
