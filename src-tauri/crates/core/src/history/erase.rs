//! Taking things out of the history, with a way back for a moment.

use rusqlite::{Connection, params};

use crate::{clock::Millis, error::AppError};

/// How long what was forgotten can be brought back, in milliseconds.
pub(crate) const GRACE: Millis = 30 * 1000;

/// Erases the bodies of tokens and links whose time is over. Status, fingerprint and claims stay.
pub(crate) fn expired_bodies(db: &Connection, now: Millis) -> Result<usize, AppError> {
    Ok(db.execute(
        "UPDATE entries SET token = NULL, link = NULL
         WHERE (token IS NOT NULL AND expires_at <= ?1)
            OR (link IS NOT NULL AND expires_at <= ?1)",
        [now],
    )?)
}

/// When the next body is due to be erased.
pub(crate) fn next_expiry(db: &Connection) -> Result<Option<Millis>, AppError> {
    Ok(db.query_row(
        "SELECT min(soonest) FROM (
            SELECT min(expires_at) AS soonest FROM entries WHERE token IS NOT NULL
            UNION ALL SELECT min(expires_at) FROM entries WHERE link IS NOT NULL)",
        [],
        |row| row.get(0),
    )?)
}

/// Takes entries out of the history; they can be restored until [`purge`].
pub(crate) fn forget(db: &mut Connection, ids: &[String], now: Millis) -> Result<usize, AppError> {
    mark(db, ids, Some(now))
}

/// Brings entries back.
pub(crate) fn restore(db: &mut Connection, ids: &[String]) -> Result<usize, AppError> {
    mark(db, ids, None)
}

fn mark(db: &mut Connection, ids: &[String], at: Option<Millis>) -> Result<usize, AppError> {
    let all = db.transaction()?;
    let mut changed = 0;
    {
        let mut statement = all.prepare("UPDATE entries SET forgotten_at = ?2 WHERE id = ?1")?;
        for id in ids {
            changed += statement.execute(params![id, at])?;
        }
    }
    all.commit()?;
    Ok(changed)
}

/// Forgets every token and link whose time is over, and says which. Runs are spared: they may go
/// on for long after their token.
pub(crate) fn forget_expired(db: &mut Connection, now: Millis) -> Result<Vec<String>, AppError> {
    let all = db.transaction()?;
    let ids = {
        let mut statement = all.prepare(
            "UPDATE entries SET forgotten_at = ?1
             WHERE forgotten_at IS NULL AND state = 'issued' AND used_at IS NULL
                AND run_state IS NULL
                AND (superseded_at IS NOT NULL OR expires_at <= ?1) RETURNING id",
        )?;
        let ids = statement.query_map([now], |row| row.get(0))?;
        ids.collect::<Result<Vec<String>, _>>()?
    };
    all.commit()?;
    Ok(ids)
}

/// Deletes for good what was forgotten before the grace time.
pub(crate) fn purge(db: &Connection, now: Millis) -> Result<usize, AppError> {
    Ok(db.execute(
        "DELETE FROM entries WHERE forgotten_at <= ?1",
        [now - GRACE],
    )?)
}
