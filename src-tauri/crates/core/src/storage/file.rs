//! The database file: its key, its opening, its neighbours.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::raw_key;

/// The bytes of a page, and so of the shortest file.
pub(super) const PAGE: u64 = 4096;

/// A write-ahead log of this length has nothing in it.
const LOG_HEADER: u64 = 32;

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

/// What tells one key from another without giving it away: it is kept beside the files.
pub(super) fn key_id(key: &SecretString) -> String {
    let digest = Sha256::digest(format!("tokendesk history key id {}", key.expose_secret()));
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Opens a file that is there and has proven readable, or makes a new one.
pub(super) fn open(path: &Path, key: &SecretString) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    // Until the first read has shown that the key fits, closing must not copy a write-ahead log
    // into the file: it would do so with any key.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    unlock(&connection, key)?;
    // The first read is what tells a right key from a wrong one.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
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

/// Gives a connection its key. Whether that fits only a read tells.
fn unlock(connection: &Connection, key: &SecretString) -> rusqlite::Result<()> {
    // What it would write to standard error we say ourselves.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", raw_key(key))
}

/// How much of a file is read to prove it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Its first page: the key fits.
    Key,
    /// All of it.
    Whole,
}

/// Proves that the file alone, without a log beside it, can be read. Writes nothing, also not to
/// its neighbours, and takes no lock.
pub(super) fn prove(path: &Path, key: &SecretString, proof: Proof) -> rusqlite::Result<()> {
    if !is_plain(path) {
        // Opening a pipe would wait for its other end.
        let kind = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
        return Err(rusqlite::Error::SqliteFailure(kind, None));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(immutable(path), flags)?;
    unlock(&connection, key)?;
    check(&connection, proof)
}

/// The same for a file that nobody else uses and that may be changed: a log beside it counts.
/// Whether anything of a write-ahead log that is there could be read.
pub(super) fn prove_with_log(copy: &Path, key: &SecretString) -> rusqlite::Result<bool> {
    let log = fs::metadata(beside(copy, "-wal"));
    let log = log.is_ok_and(|log| log.len() > 0 && log.len() != LOG_HEADER);
    let connection = Connection::open(copy)?;
    unlock(&connection, key)?;
    check(&connection, Proof::Whole)?;
    let frames: i64 = connection.query_row("PRAGMA wal_checkpoint", [], |row| row.get(1))?;
    Ok(!log || frames > 0)
}

/// Opens a copy of a damaged file, to read what can be read.
pub(super) fn open_damaged(copy: &Path, key: &SecretString) -> rusqlite::Result<Connection> {
    let connection = Connection::open(copy)?;
    unlock(&connection, key)?;
    check(&connection, Proof::Key)?;
    Ok(connection)
}

fn check(connection: &Connection, proof: Proof) -> rusqlite::Result<()> {
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    if proof == Proof::Key {
        return Ok(());
    }
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(corrupt, Some(found)))
}

/// The address of a file that SQLite may not change in any way.
fn immutable(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address + "?immutable=1"
}

/// Whether a file cannot be read with a key, or is damaged.
pub(crate) fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// What SQLite keeps beside a file: a log holds commits that are in no other place.
pub(super) const LOGS: [&str; 2] = ["-wal", "-journal"];
/// All of it, with the index of the log.
pub(super) const NEIGHBOURS: [&str; 3] = ["-wal", "-journal", "-shm"];

/// Whether a file is there, or a link to one; no folder, pipe, socket or device.
pub(super) fn is_plain(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file())
}

/// What lies at the place of a neighbour and cannot be one: all but a file itself.
pub(super) fn odd_neighbours(path: &Path) -> impl Iterator<Item = &'static str> {
    NEIGHBOURS.into_iter().filter(move |end| {
        fs::symlink_metadata(beside(path, end)).is_ok_and(|found| !found.is_file())
    })
}

/// Whether there is a log with something in it.
pub(super) fn has_log(path: &Path) -> bool {
    LOGS.iter().any(|end| {
        let log = fs::symlink_metadata(beside(path, end));
        log.is_ok_and(|log| log.is_file() && log.len() > 0)
    })
}

/// Renames a file with all that lies beside it; the bytes stay as they are.
pub(super) fn rename_all(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(from).is_ok() {
        fs::rename(from, to)?;
    }
    rename_neighbours(from, to)
}

/// Renames what lies beside a file.
pub(super) fn rename_neighbours(from: &Path, to: &Path) -> io::Result<()> {
    for end in NEIGHBOURS {
        let neighbour = beside(from, end);
        if fs::symlink_metadata(&neighbour).is_ok() {
            fs::rename(neighbour, beside(to, end))?;
        }
    }
    Ok(())
}

/// Makes a file readable and writable by its owner only.
#[cfg(unix)]
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let now = fs::metadata(path)?.permissions().mode() & 0o777;
    // One that is stricter, or on a medium nobody can write to, stays as it is.
    if now & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Elsewhere a file is as private as the folder of the account it lies in.
#[cfg(not(unix))]
pub(super) fn make_private(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
