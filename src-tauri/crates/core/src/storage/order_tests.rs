use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{
    super::{
        Database,
        marks::{DAMAGED, KEY_ID},
        new_key,
    },
    *,
};

fn key() -> SecretString {
    new_key().unwrap()
}

/// A folder with a history of so many entries in it, closed in an orderly way.
pub(in crate::storage) struct History {
    pub(in crate::storage) folder: tempfile::TempDir,
    pub(in crate::storage) path: PathBuf,
    pub(in crate::storage) key: SecretString,
}

impl History {
    pub(in crate::storage) fn new(entries: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = Self {
            path: folder.path().join("history.db"),
            folder,
            key: key(),
        };
        history.add(0..entries);
        history
    }

    fn add(&self, numbers: std::ops::Range<u32>) {
        let database = Database::open(&self.path, &self.key, true)
            .unwrap()
            .database;
        add(&database, numbers);
    }

    pub(in crate::storage) fn opened(&self) -> Result<super::super::Opened, AppError> {
        Database::open(&self.path, &self.key, true)
    }

    /// Opens it, and says how many entries there are and what was told.
    pub(in crate::storage) fn count(&self) -> (i64, Option<HistoryNotice>) {
        let opened = self.opened().unwrap();
        (count(&opened.database), opened.notice)
    }

    /// Every file, by its name.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(self.folder.path()).unwrap().flatten() {
            if let Ok(bytes) = fs::read(entry.path()) {
                files.insert(entry.file_name().into_string().unwrap(), bytes);
            }
        }
        files
    }

    fn flip(&self, at: usize) {
        let mut bytes = fs::read(&self.path).unwrap();
        bytes[at] ^= 0x40;
        fs::write(&self.path, bytes).unwrap();
    }
}

fn add(database: &Database, numbers: std::ops::Range<u32>) {
    let db = database.lock();
    for number in numbers {
        db.execute(
            "INSERT INTO entries (id, workspace_id, workspace_name, workspace_kind, api,
                workflow_id, purpose, state, requested_at, label)
             VALUES (?1, 'w', 'Velmora', 'live', 'v2', 'f', 'handOver', 'issued', 1, ?2)",
            [
                format!("id-{number}"),
                format!("ticket {number} {}", "x".repeat(200)),
            ],
        )
        .unwrap();
    }
}

pub(in crate::storage) fn count(database: &Database) -> i64 {
    let sql = "SELECT count(*) FROM entries";
    database
        .lock()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}

/// The log of a plain file that has nothing to do with the history.
fn foreign_log() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch("CREATE TABLE x (a)").unwrap();
    for _ in 0..20 {
        db.execute("INSERT INTO x VALUES (?1)", ["z".repeat(3000)])
            .unwrap();
    }
    fs::read(beside(&path, "-wal")).unwrap()
}

#[test]
fn a_log_of_another_file_is_set_aside_and_the_history_stays_as_it_is() {
    let history = History::new(40);
    let log = foreign_log();
    fs::write(beside(&history.path, "-wal"), &log).unwrap();
    let (entries, notice) = history.count();
    assert_eq!(entries, 40);
    let notice = notice.unwrap();
    assert!(notice.text.contains("not its own"), "{notice:?}");
    assert_eq!(fs::read(notice.path.unwrap()).unwrap(), log);
    assert_eq!(history.count(), (40, None), "it is told once");
}

#[test]
fn an_older_file_beside_a_newer_log_opens_as_it_was() {
    let history = History::new(40);
    let older = fs::read(&history.path).unwrap();
    // Checkpointed, so that the log goes on from what is not in the older file.
    history.add(40..300);
    let database = history.opened().unwrap().database;
    add(&database, 300..330);
    let log = fs::read(beside(&history.path, "-wal")).unwrap();
    drop(database);
    fs::write(&history.path, &older).unwrap();
    fs::write(beside(&history.path, "-wal"), &log).unwrap();
    let (entries, notice) = history.count();
    assert_eq!(entries, 40, "the restored file is whole");
    assert_eq!(fs::read(notice.unwrap().path.unwrap()).unwrap(), log);
}

#[test]
fn a_log_that_is_its_own_is_taken_in() {
    let history = History::new(10);
    let database = history.opened().unwrap().database;
    add(&database, 10..15);
    // As a crash leaves it.
    let (file, log) = (
        fs::read(&history.path).unwrap(),
        fs::read(beside(&history.path, "-wal")).unwrap(),
    );
    drop(database);
    fs::write(&history.path, &file).unwrap();
    fs::write(beside(&history.path, "-wal"), &log).unwrap();
    assert_eq!(history.count(), (15, None));
}

#[test]
fn what_is_damaged_at_its_beginning_is_set_aside_byte_for_byte() {
    let history = History::new(10);
    history.flip(40);
    let log = foreign_log();
    fs::write(beside(&history.path, "-wal"), &log).unwrap();
    fs::write(beside(&history.path, "-shm"), "odd").unwrap();
    let before = fs::read(&history.path).unwrap();
    let (entries, notice) = history.count();
    assert_eq!(entries, 0);
    let aside = PathBuf::from(notice.unwrap().path.unwrap());
    assert_eq!(fs::read(&aside).unwrap(), before);
    assert_eq!(fs::read(beside(&aside, "-wal")).unwrap(), log);
    assert_eq!(fs::read(beside(&aside, "-shm")).unwrap(), b"odd");
}

#[test]
fn another_key_changes_nothing_until_a_person_chooses() {
    let history = History::new(10);
    let before = history.files();
    let other = key();
    let error = Database::open(&history.path, &other, true).err().unwrap();
    assert_eq!(error.code, Code::HistoryKeyMissing);
    assert_eq!(history.files(), before, "not a byte");

    // The person begins a new one, and later the first keyring comes back.
    begin_anew(&history.path, history.folder.path(), Some(&other))
        .unwrap()
        .unwrap();
    let second = Database::open(&history.path, &other, true)
        .unwrap()
        .database;
    add(&second, 100..103);
    drop(second);
    let (entries, notice) = history.count();
    assert_eq!(entries, 10, "the first history is back");
    assert!(notice.unwrap().text.contains("is back"));
    // And the second with its own key, which lost nothing either.
    let opened = Database::open(&history.path, &other, true).unwrap();
    assert_eq!(count(&opened.database), 3);
    drop(opened);
    assert_eq!(history.count().0, 10);
}

#[test]
fn what_an_older_version_set_aside_comes_back_with_its_key() {
    let history = History::new(5);
    let aside = beside(&history.path, ".unreadable-1764230000440");
    rename_all(&history.path, &aside).unwrap();
    fs::remove_file(beside(&history.path, KEY_ID)).unwrap();
    let other = key();
    let second = Database::open(&history.path, &other, true)
        .unwrap()
        .database;
    add(&second, 50..51);
    drop(second);
    assert_eq!(history.count().0, 5);
    assert_eq!(
        count(
            &Database::open(&history.path, &other, true)
                .unwrap()
                .database
        ),
        1
    );
}

#[test]
fn a_history_that_its_key_opens_is_not_set_aside() {
    let history = History::new(3);
    let before = history.files();
    assert_eq!(
        begin_anew(&history.path, history.folder.path(), Some(&history.key)).unwrap(),
        None
    );
    assert_eq!(history.files(), before);
}

#[test]
fn an_empty_or_lost_file_is_not_begun_anew_without_a_word() {
    for leave in [Some(Vec::new()), Some(vec![0]), None] {
        for log in [false, true] {
            let history = History::new(3);
            match &leave {
                Some(bytes) => fs::write(&history.path, bytes).unwrap(),
                None => fs::remove_file(&history.path).unwrap(),
            }
            let bytes = foreign_log();
            if log {
                fs::write(beside(&history.path, "-wal"), &bytes).unwrap();
            }
            let (entries, notice) = history.count();
            assert_eq!(entries, 0);
            assert!(notice.is_some(), "{leave:?}, a log: {log}");
            if log {
                let kept = history.files().into_iter();
                let kept: Vec<_> = kept
                    .filter(|(name, _)| name.contains("unreadable"))
                    .collect();
                let log = kept.iter().find(|(name, _)| name.ends_with("-wal"));
                assert!(log.is_some_and(|(_, kept)| *kept == bytes), "{leave:?}");
            }
        }
    }
    // One of an older version, which wrote down no key.
    let old = tempfile::tempdir().unwrap();
    fs::write(old.path().join("history.db"), "").unwrap();
    let opened = Database::open(&old.path().join("history.db"), &key(), true).unwrap();
    assert!(opened.notice.is_some());
    let new = tempfile::tempdir().unwrap();
    let first = Database::open(&new.path().join("history.db"), &key(), true).unwrap();
    assert_eq!(first.notice, None, "a first start is nothing to tell");
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_set_aside_and_told() {
    let history = History::new(3);
    fs::remove_file(&history.path).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", &history.path).unwrap();
    let (entries, notice) = history.count();
    assert_eq!(entries, 0);
    let aside = notice.unwrap().path.unwrap();
    assert_eq!(fs::read_link(aside).unwrap(), Path::new("/nowhere/at/all"));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_never_waited_for() {
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    for end in ["-wal", "-journal", "-shm", KEY_ID, DAMAGED] {
        for folder in [false, true] {
            let history = History::new(5);
            let place = beside(&history.path, end);
            let _ = fs::remove_file(&place);
            if folder {
                fs::create_dir(&place).unwrap();
            } else {
                pipe(&place);
            }
            assert_eq!(history.count().0, 5, "{end}, a folder: {folder}");
            assert_eq!(history.count().0, 5, "{end}, a folder: {folder}");
        }
    }
    let history = History::new(5);
    fs::rename(&history.path, beside(&history.path, ".kept")).unwrap();
    pipe(&history.path);
    let error = history.opened().err().unwrap();
    assert!(error.detail.contains("not a plain file"), "{error}");
    // A person can still begin a new one.
    let notice = begin_anew(&history.path, history.folder.path(), Some(&history.key));
    assert!(notice.unwrap().is_some());
    assert_eq!(history.count().0, 0);
}

#[test]
fn what_comes_back_with_a_log_of_another_file_is_not_spoilt_by_it() {
    let history = History::new(40);
    let log = foreign_log();
    fs::write(beside(&history.path, "-wal"), &log).unwrap();
    begin_anew(&history.path, history.folder.path(), None)
        .unwrap()
        .unwrap();
    let (entries, notice) = history.count();
    assert_eq!(entries, 40);
    let notice = notice.unwrap();
    assert!(notice.text.contains("is back"), "{notice:?}");
    assert_eq!(fs::read(notice.path.unwrap()).unwrap(), log);
    assert_eq!(history.count(), (40, None));
}

#[test]
fn a_copy_that_was_being_checked_does_not_outlast_its_process() {
    let history = History::new(3);
    let left = beside(&history.path, ".checked-1");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("history.db"), "of a process that was ended").unwrap();
    assert_eq!(history.count(), (3, None));
    assert!(!left.exists());
}

#[test]
fn a_log_that_cannot_be_read_is_kept() {
    for length in [20, 20_000] {
        let history = History::new(12);
        let log = vec![0x5a; length];
        fs::write(beside(&history.path, "-wal"), &log).unwrap();
        let (entries, notice) = history.count();
        assert_eq!(entries, 12);
        assert_eq!(fs::read(notice.unwrap().path.unwrap()).unwrap(), log);
    }
}

#[test]
fn a_history_with_a_damaged_page_comes_back_with_its_key_too() {
    let history = History::new(40);
    let pages = fs::metadata(&history.path).unwrap().len() as usize / 4096;
    history.flip((pages - 1) * 4096 + 100);
    let before = fs::read(&history.path).unwrap();
    begin_anew(&history.path, history.folder.path(), Some(&key()))
        .unwrap()
        .unwrap();
    let notice = history.opened().unwrap().notice.unwrap();
    assert!(notice.text.contains("is back"), "{notice:?}");
    assert_eq!(fs::read(&history.path).unwrap(), before);
}
