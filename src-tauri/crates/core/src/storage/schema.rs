//! The schema and its versions. A migration works on a copy; the old file stays beside it.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

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
pub(super) fn migrate(
    connection: &mut Connection,
    path: Option<&Path>,
    alone: bool,
) -> Result<(), AppError> {
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
        // An older TokenDesk that goes on with a newer file would write what it does not know.
        if !alone {
            return Err(in_use());
        }
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

/// How long the file from before a migration stays: it holds what is erased and forgotten later.
const COPY_STAYS: Duration = Duration::from_secs(7 * 24 * 3600);

/// Removes the files from before migrations that have stayed long enough. When one was made stands
/// in its name: a copy keeps the file's own times on some systems.
pub(super) fn drop_old_copies(path: &Path, now: SystemTime) {
    let Some((folder, start)) = path.parent().zip(path.file_name().and_then(|n| n.to_str())) else {
        return;
    };
    let start = format!("{start}.version-");
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(&start)) else {
            continue;
        };
        let made = match rest.split_once('-') {
            Some((_, stamp)) => stamp
                .parse()
                .ok()
                .map(|millis| SystemTime::UNIX_EPOCH + Duration::from_millis(millis)),
            // Up to version 0.1 the name did not say.
            None => file.metadata().and_then(|file| file.modified()).ok(),
        };
        let age = made.and_then(|made| now.duration_since(made).ok());
        if age.is_some_and(|age| age > COPY_STAYS) {
            // The next start tries again.
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// Copies the file as it was, still encrypted, before anything changes in it.
fn keep_a_copy(connection: &Connection, path: &Path, version: usize) -> Result<(), AppError> {
    let busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        return Err(in_use());
    }
    let name = format!(".version-{version}-{}", crate::clock::now());
    std::fs::copy(path, beside(path, &name)).map_err(|error| {
        AppError::new(
            Code::Storage,
            "The history could not be backed up",
            format!("Before an update it is copied, and that failed: {error}."),
            "Make room on the disk, then start again. Nothing was changed.",
        )
    })?;
    Ok(())
}

fn in_use() -> AppError {
    AppError::new(
        Code::Storage,
        "The history is in use",
        "Another TokenDesk has it open, so it cannot be brought to this one's version.",
        "Close the other one, also in a terminal, then start again. Nothing was changed.",
    )
    .retryable()
}
