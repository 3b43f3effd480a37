//! Workflows that a person named.

use rusqlite::{Connection, OptionalExtension, params};

use super::KnownWorkflow;
use crate::error::AppError;

/// Gives a workflow a name, or another one.
pub(crate) fn save(
    db: &Connection,
    workspace_id: &str,
    workflow_id: &str,
    name: &str,
) -> Result<(), AppError> {
    db.execute(
        "INSERT INTO saved_workflows (workspace_id, workflow_id, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (workspace_id, workflow_id) DO UPDATE SET name = ?3",
        params![workspace_id, workflow_id, name],
    )?;
    Ok(())
}

/// Takes the name away.
pub(crate) fn forget(
    db: &Connection,
    workspace_id: &str,
    workflow_id: &str,
) -> Result<(), AppError> {
    db.execute(
        "DELETE FROM saved_workflows WHERE workspace_id = ?1 AND workflow_id = ?2",
        params![workspace_id, workflow_id],
    )?;
    Ok(())
}

/// The name a person gave a workflow.
pub(crate) fn name(
    db: &Connection,
    workspace_id: &str,
    workflow_id: &str,
) -> Result<Option<String>, AppError> {
    let mut named = db.prepare_cached(
        "SELECT name FROM saved_workflows WHERE workspace_id = ?1 AND workflow_id = ?2",
    )?;
    let name = named.query_row(params![workspace_id, workflow_id], |row| row.get(0));
    Ok(name.optional()?)
}

/// The workflows of a workspace: the named ones by name, then those used before, last used first.
pub(crate) fn known(db: &Connection, workspace_id: &str) -> Result<Vec<KnownWorkflow>, AppError> {
    let mut statement = db.prepare_cached(
        "SELECT workflow_id, name, 1 AS saved, 0 AS place, name AS by_name FROM saved_workflows
            WHERE workspace_id = ?1
         UNION ALL SELECT * FROM (
            SELECT workflow_id, workflow_name, 0, -max(number) AS place, '' FROM entries
            WHERE workspace_id = ?1 AND forgotten_at IS NULL AND workflow_id NOT IN
                (SELECT workflow_id FROM saved_workflows WHERE workspace_id = ?1)
            GROUP BY workflow_id ORDER BY place LIMIT 30)
         ORDER BY saved DESC, by_name COLLATE NOCASE, place",
    )?;
    let rows = statement.query_map([workspace_id], |row| {
        Ok(KnownWorkflow {
            workflow_id: row.get(0)?,
            name: row.get(1)?,
            saved: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
