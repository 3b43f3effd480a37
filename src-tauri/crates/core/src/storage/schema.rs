//! The schema and its versions. A migration works on a copy; the old file stays beside it.

use std::path::Path;

use rusqlite::Connection;

use super::file::beside;
use crate::error::{AppError, Code};

/// One step per version; a step never changes once it has shipped.
const STEPS: &[&str] = &[
    include_str!("schema/1-history.sql"),
    include_str!("schema/2-runs-and-links.sql"),
];

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
