//! The database file: its key, its opening, its neighbours.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use secrecy::SecretString;

use super::raw_key;

/// A new random key: 256 bits in hex, as SQLCipher takes it.
///
/// # Errors
/// The system gives no randomness.
pub(crate) fn new_key() -> io::Result<SecretString> {
    use std::fmt::Write as _;
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
    let mut hex = String::with_capacity(64);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(SecretString::from(hex))
}

pub(super) fn open(path: &Path, key: &SecretString) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    // What it would write to standard error we say ourselves.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", raw_key(key))?;
    // The first read is what tells a right key from a wrong one.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // In KiB. What is decrypted once should not have to be again for the next page.
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // A transaction that reads before it writes takes the write lock first: one that has to take it
    // later fails at once when another process has written meanwhile, whatever the timeout.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    Ok(connection)
}

/// Whether the file is there and cannot be read with this key.
pub(super) fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// Moves the file and its write-ahead log to a name of their own.
pub(super) fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let stamp = crate::clock::now();
    let aside = beside(path, &format!(".unreadable-{stamp}"));
    fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        let neighbour = beside(path, end);
        if neighbour.exists() {
            fs::rename(neighbour, beside(&aside, end))?;
        }
    }
    Ok(aside)
}

pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// The turn to open the history: one process at a time, until this is dropped.
pub(crate) struct OpeningTurn {
    _exclusive: File,
}

impl OpeningTurn {
    /// Waits for the turn.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub(crate) fn wait(folder: &Path) -> io::Result<Self> {
        let file = lock_file(folder, "opening.lock")?;
        file.lock()?;
        Ok(Self { _exclusive: file })
    }
}

fn lock_file(folder: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(name))
}

/// Says that this process uses the history, for as long as it lives.
///
/// The app and the command line share one history. Rows that are still pending when nobody else
/// is there come from a process that stopped.
pub(crate) struct Occupancy {
    _shared: File,
    /// Whether nobody else was there.
    pub(crate) alone: bool,
}

impl Occupancy {
    /// Enters.
    ///
    /// # Errors
    /// The lock file cannot be made.
    pub(crate) fn enter(folder: &Path) -> io::Result<Self> {
        let file = lock_file(folder, "history.lock")?;
        let alone = file.try_lock().is_ok();
        if alone {
            file.unlock()?;
        }
        file.lock_shared()?;
        Ok(Self {
            _shared: file,
            alone,
        })
    }
}
