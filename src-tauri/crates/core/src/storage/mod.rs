//! The encrypted database: workspaces, history and settings.
//!
//! SQLCipher, with a random key that only the keychain holds. A file that cannot be opened is
//! moved aside, never overwritten: `order` decides that at a start, `docs/history-file.md` lists it.

mod carry;
mod copies;
mod file;
mod locks;
mod marks;
mod order;
mod salvage;
mod schema;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use rusqlite::{Connection, config::DbConfig};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::{AppError, Code};

pub(crate) use carry::carry_over;
pub(crate) use file::{is_unreadable, new_key};
pub(crate) use locks::{OPENING_WAIT, Occupancy, OpeningTurn};
pub use order::HistoryNotice;
pub(crate) use order::{begin_anew, is_there, no_key_for};

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
    /// Set when a page could not be read: from then on nothing is read or written.
    damaged: Arc<AtomicBool>,
    /// The file; `None` in memory.
    path: Option<PathBuf>,
}

/// What opening a file came to.
pub(crate) struct Opened {
    pub(crate) database: Database,
    /// What was done about the file that was found, where a person has to know.
    pub(crate) notice: Option<HistoryNotice>,
}

impl Database {
    /// Opens the encrypted file, making it where there is none, and tidies it up. What cannot be
    /// used is set aside as it is, and what can be read of a damaged one is kept; but only where no
    /// other process has it open.
    ///
    /// # Errors
    /// The file belongs to another key, or can neither be opened nor moved aside.
    pub(crate) fn open_tidied(
        path: &Path,
        key: &SecretString,
        alone: bool,
        tidy: impl Fn(&Connection) -> Result<(), AppError>,
    ) -> Result<Opened, AppError> {
        // SQLite names what it keeps beside a file by the place a link leads to.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut notice = None;
        if alone {
            notice = order::put_in_order(path, key)?;
        } else if marks::is_marked_damaged(path) {
            return Err(AppError::history_damaged("A page of it cannot be read"));
        }
        let open = || -> Result<Self, AppError> {
            let database = Self::open_proven(path, key, alone)?;
            database.use_first(&tidy)?;
            Ok(database)
        };
        let database = match open() {
            Err(error) if error.code == Code::HistoryDamaged && alone => {
                notice = Some(order::salvage_file(path, key)?);
                open()?
            }
            opened => opened?,
        };
        marks::remember_key(path, key);
        schema::drop_old_copies(path, SystemTime::now());
        Ok(Opened { database, notice })
    }

    /// Opens a file that needs no tidying up.
    #[cfg(test)]
    pub(crate) fn open(path: &Path, key: &SecretString, alone: bool) -> Result<Opened, AppError> {
        Self::open_tidied(path, key, alone, |_| Ok(()))
    }

    /// Tidies up, all of it or nothing. What meets a damaged page leaves the file as it was found.
    fn use_first(
        &self,
        tidy: impl Fn(&Connection) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let mut db = self.lock();
        let tidied: Result<(), AppError> =
            db.transaction().map_err(AppError::from).and_then(|all| {
                tidy(&all)?;
                Ok(all.commit()?)
            });
        if tidied.is_err() {
            db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        tidied
    }

    fn open_proven(path: &Path, key: &SecretString, alone: bool) -> Result<Self, AppError> {
        // SQLite gives what it makes beside the file the same permissions.
        let mut options = fs::OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|_| file::make_private(path))
            .map_err(|error| order::cannot_open(&format!("{}: {error}", path.display())))?;
        let connection = file::open(path, key).map_err(|error| {
            let other = error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase);
            if other {
                order::other_key(path)
            } else {
                error.into()
            }
        })?;
        Self::ready(connection, Some(path), alone)
    }

    /// A database that lasts as long as the process.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn in_memory() -> Result<Self, AppError> {
        Self::ready(Connection::open_in_memory()?, None, true)
    }

    fn ready(
        mut connection: Connection,
        path: Option<&Path>,
        alone: bool,
    ) -> Result<Self, AppError> {
        schema::migrate(&mut connection, path, alone)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            damaged: Arc::default(),
            path: path.map(Path::to_owned),
        })
    }

    /// Whether it lives in a file.
    pub(crate) fn is_in_file(&self) -> bool {
        self.path.is_some()
    }

    /// Whether a page could not be read since it was opened.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Stops all use of a file that is damaged, also by who opens it next.
    fn stop_if_damaged(&self, error: &AppError) {
        if error.code == Code::HistoryDamaged
            && let Some(path) = &self.path
        {
            self.damaged.store(true, Ordering::Relaxed);
            marks::mark_damaged(path);
        }
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
        let work = move || {
            if database.is_damaged() {
                return Err(AppError::history_damaged("A page of it could not be read"));
            }
            let done = work(&mut database.lock());
            if let Err(error) = &done {
                database.stop_if_damaged(error);
            }
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| {
            AppError::new(
                Code::Storage,
                "The history could not be used",
                "Its work was stopped.",
                "Try again.",
            )
        })?
    }
}

/// The form SQLCipher takes a raw key in.
fn raw_key(key: &SecretString) -> String {
    format!("x'{}'", key.expose_secret())
}

#[cfg(test)]
mod carry_tests;
#[cfg(test)]
mod tests;
