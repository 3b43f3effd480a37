//! The desk's end.

use std::time::Duration;

use tokio::time::timeout;

use super::Desk;
use crate::error::{AppError, Code};

/// How long the end waits for answers that are on their way. What has not come by then is
/// "unknown" at the next start.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

impl Desk {
    /// Ends what was begun and closes the history. Following and tidying stop, nothing new is
    /// begun, an answer on its way is written down if it comes soon. Safe to call again.
    pub async fn close(&self) {
        self.inner.closing.cancel();
        self.cancel_transfer();
        // A token that comes now would be lost otherwise.
        let _ = timeout(LAST_ANSWERS, self.inner.answers.write()).await;
        let (database, occupancy) = {
            let mut state = self.state();
            (state.database.take(), state.occupancy.take())
        };
        let Some(database) = database else { return };
        // Whoever holds the connection meanwhile finishes first.
        let closed = tokio::task::spawn_blocking(move || {
            database.close();
            // Only now may others think that nobody uses the history.
            drop(occupancy);
        });
        let _ = closed.await;
    }
}

/// Why nothing is begun any more.
pub(super) fn is_closing() -> AppError {
    AppError::new(
        Code::Cancelled,
        "TokenDesk is closing",
        "Nothing was sent.",
        "Start it again.",
    )
}

#[cfg(test)]
mod tests {
    use crate::storage::{Database, new_key};

    #[test]
    fn a_database_that_is_closed_leaves_its_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let key = new_key().unwrap();
        let files = || {
            let mut names: Vec<_> = std::fs::read_dir(folder.path())
                .unwrap()
                .map(|file| file.unwrap().file_name())
                .collect();
            names.sort();
            names
        };
        let set = "INSERT INTO settings (one, body) VALUES (1, '{}')";
        let database = Database::open(&path, &key, true).unwrap().database;
        database.lock().execute(set, []).unwrap();
        assert!(files().len() > 1, "a log is there: {:?}", files());

        // A task that goes on has a clone of it.
        let late = database.clone();
        database.close();
        let closed = ["history.db", "history.db.key-id"];
        assert_eq!(files(), closed);
        assert!(late.lock().execute(set, []).is_err());
        assert_eq!(files(), closed, "whoever comes too late opens nothing");
        late.close();

        // Where another process has it open, closing waits for nobody and takes nothing from it.
        let ours = Database::open(&path, &key, true).unwrap().database;
        let theirs = Database::open(&path, &key, false).unwrap().database;
        let mut reading = theirs.lock();
        let reading = reading.transaction().unwrap();
        let count = "SELECT count(*) FROM settings";
        let settings: i64 = reading.query_row(count, [], |row| row.get(0)).unwrap();
        let begun = std::time::Instant::now();
        ours.close();
        assert!(begun.elapsed() < std::time::Duration::from_secs(2));
        let still: i64 = reading.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!((settings, still), (1, 1));
    }
}
