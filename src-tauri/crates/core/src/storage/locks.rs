//! The lock files beside the history, which the app and the command line share.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How long a start waits for another one to finish opening the history.
pub(crate) const OPENING_WAIT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(50);
/// For as long somebody who only looks whether they are alone may hold the other lock.
const BLINK: Duration = Duration::from_secs(1);

/// The turn to open the history: one process at a time, until this is dropped.
pub(crate) struct OpeningTurn {
    _exclusive: File,
}

impl OpeningTurn {
    /// Waits for the turn, but not for ever: whoever holds it may be stopped or hang.
    ///
    /// # Errors
    /// The lock file cannot be used, or somebody else held it for all of `wait`
    /// ([`io::ErrorKind::TimedOut`], with the other's process id where it is known).
    pub(crate) fn wait(folder: &Path, wait: Duration) -> io::Result<Self> {
        let mut file = lock_file(folder, "opening.lock")?;
        if !poll(wait, || file.try_lock())? {
            return Err(held_by(&mut file));
        }
        // Whoever waits in vain can say who is in the way. It is not worth failing for.
        let _ = write_owner(&mut file);
        Ok(Self { _exclusive: file })
    }
}

/// Tries again and again to get a lock; whether it came in time.
fn poll(wait: Duration, lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<bool> {
    let begun = Instant::now();
    loop {
        match lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if begun.elapsed() < wait => thread::sleep(POLL),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn write_owner(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "{}", std::process::id())
}

fn held_by(file: &mut File) -> io::Error {
    let mut text = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| {
        let mut start = file.take(20);
        start.read_to_string(&mut text)
    });
    let owner = read.ok().and_then(|_| text.trim().parse::<u32>().ok());
    let who = owner.map_or_else(
        || "Another program".to_owned(),
        |id| format!("Another TokenDesk (process {id})"),
    );
    io::Error::new(
        io::ErrorKind::TimedOut,
        format!("{who} is opening the history and does not finish"),
    )
}

/// Opens a lock file for reading and writing: a lock that several hold needs the first on a network
/// file system, one that excludes others the second.
fn lock_file(folder: &Path, name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Nobody else may hold the lock, and a pipe in its place must not hold us up.
        options.mode(0o600).custom_flags(libc::O_NONBLOCK);
    }
    let path = folder.join(name);
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let file = options.open(&path).map_err(named)?;
    if !file.metadata()?.is_file() {
        let what = format!("{} is not a plain file", path.display());
        return Err(io::Error::other(what));
    }
    super::file::make_private(&path)?;
    Ok(file)
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
    /// The lock file cannot be used.
    pub(crate) fn enter(folder: &Path) -> io::Result<Self> {
        let file = lock_file(folder, "history.lock")?;
        let alone = file.try_lock().is_ok();
        if alone {
            file.unlock()?;
        }
        if !poll(BLINK, || file.try_lock_shared())? {
            let what = "another program keeps the history locked";
            return Err(io::Error::new(io::ErrorKind::TimedOut, what));
        }
        Ok(Self {
            _shared: file,
            alone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(120);

    #[test]
    fn only_who_is_alone_may_tidy_up() {
        let folder = tempfile::tempdir().unwrap();
        let first = Occupancy::enter(folder.path()).unwrap();
        assert!(first.alone);
        let second = Occupancy::enter(folder.path()).unwrap();
        assert!(!second.alone);
        drop((first, second));
        assert!(Occupancy::enter(folder.path()).unwrap().alone);
    }

    #[test]
    fn a_turn_that_somebody_keeps_is_given_up_with_their_name() {
        let folder = tempfile::tempdir().unwrap();
        let first = OpeningTurn::wait(folder.path(), SHORT).unwrap();
        let error = OpeningTurn::wait(folder.path(), SHORT).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let id = std::process::id().to_string();
        assert!(error.to_string().contains(&id), "{error}");
        drop(first);
        assert!(OpeningTurn::wait(folder.path(), SHORT).is_ok());
    }

    #[test]
    fn a_lock_of_all_by_a_stranger_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let other = File::create(folder.path().join("history.lock")).unwrap();
        other.lock().unwrap();
        assert!(Occupancy::enter(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_plain_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["history.lock", "opening.lock"] {
            let path = folder.path().join(name);
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.unwrap().success());
        }
        assert!(Occupancy::enter(folder.path()).is_err());
        assert!(OpeningTurn::wait(folder.path(), SHORT).is_err());
        let other = tempfile::tempdir().unwrap();
        for name in ["history.lock", "opening.lock"] {
            std::fs::create_dir(other.path().join(name)).unwrap();
        }
        assert!(Occupancy::enter(other.path()).is_err());
        assert!(OpeningTurn::wait(other.path(), SHORT).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_use_a_lock() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.lock");
        std::fs::write(&path, "").unwrap();
        let wide = std::fs::Permissions::from_mode(0o666);
        std::fs::set_permissions(&path, wide).unwrap();
        let _in = Occupancy::enter(folder.path()).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
