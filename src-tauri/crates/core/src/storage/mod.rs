//! The encrypted database: workspaces, history and settings.
//!
//! SQLCipher, with a random key that only the keychain holds. A file that cannot be opened is
//! moved aside, never overwritten.

mod carry;
mod file;
mod schema;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use rusqlite::Connection;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{AppError, Code};

pub(crate) use carry::carry_over;
pub(crate) use file::{Occupancy, OpeningTurn, new_key};

/// Where the history is kept now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum StorageState {
    /// Being opened.
    Opening,
    /// The keychain, which holds its key, has not answered.
    Waiting,
    /// In the encrypted file.
    #[serde(rename_all = "camelCase")]
    Encrypted {
        /// The file's path.
        kept_in: String,
    },
    /// In memory, gone with the app.
    SessionOnly {
        /// Why.
        reason: String,
    },
    /// Not at all.
    Failed {
        /// What went wrong.
        error: AppError,
    },
}

/// An open database. Clones share it.
#[derive(Clone)]
pub(crate) struct Database {
    connection: Arc<Mutex<Connection>>,
}

/// What opening a file came to.
pub(crate) struct Opened {
    pub(crate) database: Database,
    /// Where the old file went, when it could not be read.
    pub(crate) moved_aside: Option<PathBuf>,
}

impl Database {
    /// Opens the encrypted file, making it where there is none. One that cannot be read is moved
    /// aside, where no other process has it open.
    ///
    /// # Errors
    /// The file can neither be opened nor moved aside.
    pub(crate) fn open(path: &Path, key: &SecretString, alone: bool) -> Result<Opened, AppError> {
        let mut moved_aside = None;
        let connection = match file::open(path, key) {
            Ok(connection) => connection,
            Err(error) if file::is_unreadable(&error) && alone => {
                moved_aside = Some(file::move_aside(path).map_err(|e| cannot_move(path, &e))?);
                file::open(path, key)?
            }
            Err(error) => return Err(error.into()),
        };
        schema::drop_old_copies(path, SystemTime::now());
        Self::ready(connection, Some(path)).map(|database| Opened {
            database,
            moved_aside,
        })
    }

    /// A database that lasts as long as the process.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn in_memory() -> Result<Self, AppError> {
        Self::ready(Connection::open_in_memory()?, None)
    }

    fn ready(mut connection: Connection, path: Option<&Path>) -> Result<Self, AppError> {
        schema::migrate(&mut connection, path)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// The connection, one caller at a time.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls an unfinished transaction back, so a panic elsewhere leaves it whole.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves everything from the write-ahead log into the file and closes it, which removes the
    /// log when no other process has the file open. Clones find an empty database from then on.
    pub(crate) fn close(&self) {
        let Ok(empty) = Connection::open_in_memory() else {
            return;
        };
        let connection = std::mem::replace(&mut *self.lock(), empty);
        // Where another process reads or writes just now, the last to close does this.
        let _ = connection.busy_timeout(std::time::Duration::ZERO);
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Runs database work on a thread that may block.
    ///
    /// # Errors
    /// What the work says.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let database = self.clone();
        tokio::task::spawn_blocking(move || work(&mut database.lock()))
            .await
            .map_err(|_| {
                AppError::new(
                    Code::Storage,
                    "The history could not be used",
                    "Its work was stopped.",
                    "Try again.",
                )
            })?
    }
}

fn cannot_move(path: &Path, error: &std::io::Error) -> AppError {
    AppError::new(
        Code::Storage,
        "The history cannot be opened",
        format!(
            "{} cannot be read with the keychain's key, and could not be moved aside: {error}.",
            path.display()
        ),
        "Move the file away yourself, then try again. Nothing was overwritten.",
    )
}

/// The form SQLCipher takes a raw key in.
fn raw_key(key: &SecretString) -> String {
    format!("x'{}'", key.expose_secret())
}

#[cfg(test)]
mod carry_tests;
#[cfg(test)]
mod tests;
