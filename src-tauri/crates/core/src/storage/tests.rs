use super::*;

fn key() -> SecretString {
    new_key().unwrap()
}

fn write_label(database: &Database, id: &str) {
    database
        .lock()
        .execute(
            "INSERT INTO entries (id, workspace_id, workspace_name, workspace_kind, api,
                workflow_id, purpose, state, requested_at, label)
             VALUES (?1, 'w', 'Velmora', 'live', 'v2', 'f', 'handOver', 'issued', 1, 'ticket 7')",
            [id],
        )
        .unwrap();
}

fn count(database: &Database) -> i64 {
    let connection = database.lock();
    connection
        .query_row("SELECT count(*) FROM entries", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn what_is_written_is_there_after_a_restart_and_not_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    write_label(&Database::open(&path, &key, true).unwrap().database, "a");
    let opened = Database::open(&path, &key, true).unwrap();
    assert_eq!(count(&opened.database), 1);
    assert_eq!(opened.notice, None);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"Velmora"), "found in clear");
        assert!(!bytes.starts_with(b"SQLite format 3"), "readable by anyone");
    }
}

#[test]
fn a_newer_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    {
        let opened = Database::open(&path, &key, true).unwrap();
        write_label(&opened.database, "a");
        let connection = opened.database.lock();
        connection.pragma_update(None, "user_version", 99).unwrap();
    }
    let error = Database::open(&path, &key, true).map(|_| ()).unwrap_err();
    assert!(error.title.contains("newer"), "{error}");
    assert!(path.exists());
}

#[test]
fn a_file_of_the_first_version_is_brought_along_and_kept_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    {
        let old = file::open(&path, &key).unwrap();
        old.execute_batch(include_str!("schema/1-history.sql"))
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        let database = Database {
            connection: Arc::new(Mutex::new(old)),
            damaged: Arc::default(),
            path: None,
        };
        write_label(&database, "a");
    }
    let opened = Database::open(&path, &key, true).unwrap();
    {
        let db = opened.database.lock();
        let entry = crate::history::query::one(&db, "a").unwrap();
        assert_eq!(entry.kind, crate::history::EntryKind::Token);
        assert_eq!(entry.label.as_deref(), Some("ticket 7"));
        let found: i64 = db
            .query_row(
                "SELECT count(*) FROM entries_text WHERE entries_text MATCH 'ticket'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(found, 1, "what was there can still be searched");
    }
    let copy = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|file| file.to_str().unwrap().contains(".version-1-"))
        .unwrap();
    let kept = file::open(&copy, &key).unwrap();
    let version: u32 = kept
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 1);
}

#[test]
fn a_file_somebody_else_has_open_is_not_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let first = Database::open(&path, &key(), true).unwrap();
    write_label(&first.database, "a");
    assert!(Database::open(&path, &key(), false).is_err());
    assert_eq!(count(&first.database), 1, "it is still there");
    assert!(path.exists());
}

#[test]
fn a_transaction_that_reads_first_cannot_lose_its_write_to_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    let first = Database::open(&path, &key, true).unwrap().database;
    let second = Database::open(&path, &key, false).unwrap().database;
    let mut first = first.lock();
    let second = second.lock();
    second.busy_timeout(std::time::Duration::ZERO).unwrap();
    let write =
        "INSERT INTO saved_workflows (workspace_id, workflow_id, name) VALUES (?1, 'f', 'A')";
    let all = first.transaction().unwrap();
    let read = "SELECT count(*) FROM saved_workflows";
    let before: i64 = all.query_row(read, [], |row| row.get(0)).unwrap();
    assert!(second.execute(write, ["second"]).is_err(), "its turn comes");
    all.execute(write, ["first"]).unwrap();
    all.commit().unwrap();
    second.execute(write, ["second"]).unwrap();
    let after: i64 = first.query_row(read, [], |row| row.get(0)).unwrap();
    assert_eq!(after, before + 2);
}

#[test]
fn a_file_is_brought_to_a_new_version_only_by_who_is_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    let old = file::open(&path, &key).unwrap();
    old.execute_batch(include_str!("schema/1-history.sql"))
        .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let error = Database::open(&path, &key, false).err().unwrap();
    assert!(error.title.contains("in use"), "{error}");
    assert!(Database::open(&path, &key, true).is_ok());
}

#[test]
fn a_copy_from_before_a_migration_stays_as_long_as_its_name_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let day = 24 * 3600 * 1000;
    let now = 100 * day;
    let (old, new) = (now - 8 * day, now - 6 * day);
    for stamp in [old, new] {
        std::fs::write(file::beside(&path, &format!(".version-1-{stamp}")), "").unwrap();
    }
    let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(now);
    schema::drop_old_copies(&path, now);
    assert!(!file::beside(&path, &format!(".version-1-{old}")).exists());
    assert!(file::beside(&path, &format!(".version-1-{new}")).exists());
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    drop(Database::open(&path, &key, true).unwrap());
    // As an older version left it in a folder that others may enter.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let opened = Database::open(&path, &key, true).unwrap();
    write_label(&opened.database, "a");
    let mut seen = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
        seen += 1;
    }
    assert!(seen >= 4, "the file, its log, its index, its key's id");
}
