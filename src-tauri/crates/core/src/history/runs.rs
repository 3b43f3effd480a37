//! What is seen of a run after it has started.

use rusqlite::{Connection, params};

use super::{HistoryEntry, RunSeen, RunState, query, write::word};
use crate::{clock::Millis, error::AppError, following::LAST_WORD, issuing::RunCame};

/// A run that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenRun {
    /// The entry's id.
    pub(crate) entry_id: String,
    pub(crate) workspace_id: String,
    pub(crate) run_id: String,
    pub(crate) ends_at: Option<Millis>,
    pub(crate) checked_at: Option<Millis>,
}

impl OpenRun {
    /// Whether its end is past and a look after that found it open still.
    pub(crate) fn is_over(&self) -> bool {
        self.ends_at
            .is_some_and(|end| self.checked_at.is_some_and(|at| at >= end + LAST_WORD))
    }
}

/// Statuses are kept one by one up to here; a server that changes its mind more often than that
/// fills no history.
const MOST_SEEN: usize = 100;

/// Writes down that a run has started.
pub(super) fn started(
    db: &Connection,
    id: &str,
    run: &RunCame,
    now: Millis,
    clock_offset: Millis,
) -> Result<(), AppError> {
    // The end is an instant on the server's clock.
    let ends_at = run.ends_at.map(|at| at.saturating_sub(clock_offset));
    db.execute(
        "UPDATE entries SET run_id = ?2, run_ends_at = ?3 WHERE id = ?1",
        params![id, run.id, ends_at],
    )?;
    write_status(db, id, run.status.as_deref(), now)
}

/// Writes down what a look at the run found.
pub(crate) fn looked(
    db: &Connection,
    id: &str,
    status: Option<&str>,
    now: Millis,
) -> Result<HistoryEntry, AppError> {
    write_status(db, id, status, now)?;
    db.execute(
        "UPDATE entries SET run_checked_at = ?2 WHERE id = ?1",
        params![id, now],
    )?;
    query::one(db, id)
}

/// Writes down that a run's time is over, whatever its last status was.
pub(crate) fn over(db: &Connection, id: &str) -> Result<(), AppError> {
    db.execute(
        "UPDATE entries SET run_state = 'ended' WHERE id = ?1 AND run_state = 'open'",
        [id],
    )?;
    Ok(())
}

fn write_status(
    db: &Connection,
    id: &str,
    status: Option<&str>,
    now: Millis,
) -> Result<(), AppError> {
    let seen: String = db.query_row("SELECT run_seen FROM entries WHERE id = ?1", [id], |row| {
        row.get(0)
    })?;
    let mut seen: Vec<RunSeen> = serde_json::from_str(&seen).unwrap_or_default();
    if let Some(status) = status
        && seen.last().is_none_or(|last| last.status != status)
        && seen.len() < MOST_SEEN
    {
        seen.push(RunSeen {
            status: status.to_owned(),
            at: now,
        });
    }
    // Completed stays: an answer that was under way when it came says less. An end that only the
    // clock said gives way to one that the vendor says.
    db.execute(
        "UPDATE entries SET run_status = coalesce(?2, run_status), run_seen = ?3,
            run_state = CASE
                WHEN run_state = 'completed' THEN run_state
                WHEN ?4 <> 'open' THEN ?4
                ELSE coalesce(run_state, ?4) END
         WHERE id = ?1",
        params![
            id,
            status,
            serde_json::to_string(&seen).unwrap_or_default(),
            word(RunState::of(status))
        ],
    )?;
    Ok(())
}

/// Every run that goes on, the newest first.
pub(crate) fn open(db: &Connection) -> Result<Vec<OpenRun>, AppError> {
    let mut statement = db.prepare_cached(
        "SELECT id, workspace_id, run_id, run_ends_at, run_checked_at FROM entries
         WHERE run_state = 'open' AND forgotten_at IS NULL
            AND (workspace_kind = 'demo' OR workspace_id IN (SELECT id FROM workspaces))
         ORDER BY number DESC",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(OpenRun {
            entry_id: row.get(0)?,
            workspace_id: row.get(1)?,
            run_id: row.get(2)?,
            ends_at: row.get(3)?,
            checked_at: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entry of a run, by the vendor's id of it.
pub(crate) fn by_run(
    db: &Connection,
    workspace_id: &str,
    run_id: &str,
) -> Result<Option<String>, AppError> {
    use rusqlite::OptionalExtension;
    Ok(db
        .query_row(
            "SELECT id FROM entries WHERE run_id = ?2 AND workspace_id = ?1
                AND forgotten_at IS NULL ORDER BY number DESC",
            params![workspace_id, run_id],
            |row| row.get(0),
        )
        .optional()?)
}

/// Keeps a result with the entry, or takes it away; whether there is such an entry.
pub(crate) fn keep_result(
    db: &Connection,
    id: &str,
    result: Option<(&str, Millis)>,
) -> Result<bool, AppError> {
    let (text, at) = result.unzip();
    let kept = db.execute(
        "UPDATE entries SET run_result = ?2, run_result_at = ?3 WHERE id = ?1",
        params![id, text, at],
    )?;
    Ok(kept > 0)
}

/// The result that is kept, and when it was fetched.
pub(crate) fn kept_result(db: &Connection, id: &str) -> Result<Option<(String, Millis)>, AppError> {
    let sql = "SELECT run_result, run_result_at FROM entries WHERE id = ?1";
    let (text, at): (Option<String>, Option<Millis>) =
        db.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(text.zip(at))
}
