//! Presets in the database.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Preset;
use crate::{
    clock::Millis,
    error::{AppError, Code},
    issuing::IssueRequest,
};

const COLUMNS: &str = "id, name, workspace_id, body, created_at";

/// What the column `body` holds.
#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(flatten)]
    request: IssueRequest,
    /// Absent from presets that were saved before one was asked.
    #[serde(default, rename = "withSubject")]
    with_subject: bool,
}

impl Body {
    /// The next customer is another one, so a preset names nobody unless that was asked for.
    fn of(request: IssueRequest, with_subject: bool) -> Self {
        Self {
            request: if with_subject {
                request
            } else {
                request.without_subject()
            },
            with_subject,
        }
    }
}

fn preset(row: &Row<'_>) -> rusqlite::Result<Preset> {
    let (workspace_id, body): (String, String) = (row.get(2)?, row.get(3)?);
    // One that cannot be read is an error: as an empty form it would be saved over.
    let body: Body = serde_json::from_str(&body).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, error.into())
    })?;
    let Body {
        request,
        with_subject,
    } = Body::of(body.request, body.with_subject);
    Ok(Preset {
        id: row.get(0)?,
        name: row.get(1)?,
        request: IssueRequest {
            workspace_id: workspace_id.clone(),
            ..request
        },
        with_subject,
        workspace_id,
        created_at: row.get(4)?,
    })
}

/// The presets of a workspace, by name.
pub(crate) fn all(db: &Connection, workspace_id: &str) -> Result<Vec<Preset>, AppError> {
    let sql = format!("SELECT {COLUMNS} FROM presets WHERE workspace_id = ?1 ORDER BY name");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([workspace_id], preset)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Saves the form under a name; one of the same name in the workspace is replaced. The case or
/// record and the label are left out unless `with_subject`.
pub(crate) fn save(
    db: &Connection,
    name: &str,
    request: &IssueRequest,
    with_subject: bool,
    now: Millis,
) -> Result<Preset, AppError> {
    let body = Body::of(request.clone(), with_subject);
    let body = serde_json::to_string(&body).unwrap_or_default();
    db.execute(
        "INSERT INTO presets (id, workspace_id, name, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (workspace_id, name) DO UPDATE SET name = ?3, body = ?4",
        params![
            Uuid::now_v7().to_string(),
            request.workspace_id,
            name,
            body,
            now
        ],
    )?;
    let sql = format!("SELECT {COLUMNS} FROM presets WHERE workspace_id = ?1 AND name = ?2");
    Ok(db.query_row(&sql, params![request.workspace_id, name], preset)?)
}

/// Takes a preset away and gives it back.
pub(crate) fn forget(db: &Connection, id: &str) -> Result<Preset, AppError> {
    let sql = format!("DELETE FROM presets WHERE id = ?1 RETURNING {COLUMNS}");
    db.query_row(&sql, [id], preset).optional()?.ok_or_else(|| {
        AppError::new(
            Code::NoSuchThing,
            "No such preset",
            "This preset is not there any more.",
            "",
        )
    })
}

/// Adds presets to a workspace, all or none. A name that is taken gets a number.
pub(crate) fn add(
    db: &mut Connection,
    workspace_id: &str,
    presets: Vec<(String, IssueRequest)>,
    now: Millis,
) -> Result<Vec<String>, AppError> {
    let all_or_none = db.transaction()?;
    let mut names = Vec::new();
    for (name, request) in presets {
        let name = free(&all_or_none, workspace_id, &name)?;
        let request = IssueRequest {
            workspace_id: workspace_id.to_owned(),
            ..request
        };
        save(&all_or_none, &name, &request, false, now)?;
        names.push(name);
    }
    all_or_none.commit()?;
    Ok(names)
}

fn free(db: &Connection, workspace_id: &str, name: &str) -> Result<String, AppError> {
    let mut taken =
        db.prepare_cached("SELECT 1 FROM presets WHERE workspace_id = ?1 AND name = ?2")?;
    let mut candidate = name.to_owned();
    let mut number = 2_u32;
    while taken.exists(params![workspace_id, candidate])? {
        candidate = format!("{name} ({number})");
        number += 1;
    }
    Ok(candidate)
}
