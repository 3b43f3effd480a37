//! Links: each ends the one before it for the same subject.

use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::{HistoryEntry, query};
use crate::{clock::Millis, error::AppError, expiry::ASSUMED_LINK_LIFETIME};

/// What counts as in force: not ended by a newer one, not used.
const IN_FORCE: &str = "kind = 'link' AND state = 'issued' AND superseded_at IS NULL \
    AND used_at IS NULL AND workspace_id = ?1 AND subject = ?2";

/// Writes a link's body, or where none are kept its host alone.
pub(super) fn made(db: &Connection, id: &str, link: &str, keep: bool) -> Result<(), AppError> {
    db.execute(
        "UPDATE entries SET link = ?2, link_masked = ?3 WHERE id = ?1",
        params![id, keep.then_some(link), masked(link)],
    )?;
    Ok(())
}

/// Writes when a link ends: with its run, else after a time that is assumed, for the vendor does
/// not document it.
pub(super) fn ends(db: &Connection, id: &str, now: Millis) -> Result<(), AppError> {
    db.execute(
        "UPDATE entries SET expires_at = coalesce(run_ends_at, ?2 + ?3),
            lifetime = coalesce(run_ends_at - ?2, ?3), expiry_source = 'assumed'
         WHERE id = ?1",
        params![id, now, ASSUMED_LINK_LIFETIME],
    )?;
    Ok(())
}

/// Writes that a link ends the one before it. That a newer one ends an older one is documented;
/// that this goes by subject is inferred.
pub(super) fn supersede(db: &Connection, id: &str, now: Millis) -> Result<(), AppError> {
    let of: (String, Option<String>) = db.query_row(
        "SELECT workspace_id, subject FROM entries WHERE id = ?1",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if let (workspace, Some(subject)) = of {
        db.execute(
            &format!(
                "UPDATE entries SET superseded_at = ?3, link = NULL WHERE {IN_FORCE} AND id <> ?4"
            ),
            params![workspace, subject, now, id],
        )?;
    }
    Ok(())
}

/// Ends every link but the newest of its subject, each by the one that came next: two histories that
/// become one may each have had one in force.
pub(crate) fn settle(db: &Connection) -> Result<(), AppError> {
    db.execute(
        "UPDATE entries SET link = NULL, superseded_at = ended.at
         FROM (SELECT number, lead(issued_at) OVER (
                    PARTITION BY workspace_id, subject ORDER BY issued_at, number) AS at
               FROM entries
               WHERE kind = 'link' AND state = 'issued' AND subject IS NOT NULL) AS ended
         WHERE entries.number = ended.number AND ended.at IS NOT NULL
            AND superseded_at IS NULL AND used_at IS NULL",
        [],
    )?;
    Ok(())
}

/// The link that a new one for this subject would end.
pub(crate) fn in_force(
    db: &Connection,
    workspace_id: &str,
    subject: &str,
    now: Millis,
) -> Result<Option<HistoryEntry>, AppError> {
    let sql = format!(
        "SELECT id FROM entries WHERE {IN_FORCE} AND expires_at > ?3 AND forgotten_at IS NULL
         ORDER BY requested_at DESC, number DESC LIMIT 1"
    );
    let id: Option<String> = db
        .query_row(&sql, params![workspace_id, subject, now], |row| row.get(0))
        .optional()?;
    id.map(|id| query::one(db, &id)).transpose()
}

/// A link's host, the part that opens it hidden.
fn masked(link: &str) -> String {
    let host = Url::parse(link)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    format!("{}/\u{2026}", host.unwrap_or_default())
}
