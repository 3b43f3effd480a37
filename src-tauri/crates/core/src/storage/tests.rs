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
    assert_eq!(opened.moved_aside, None);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"Velmora"), "found in clear");
        assert!(!bytes.starts_with(b"SQLite format 3"), "readable by anyone");
    }
}

#[test]
fn a_file_of_another_key_is_moved_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let first = key();
    write_label(&Database::open(&path, &first, true).unwrap().database, "a");
    let opened = Database::open(&path, &key(), true).unwrap();
    assert_eq!(count(&opened.database), 0);
    let aside = opened.moved_aside.unwrap();
    let old = Database::open(&aside, &first, true).unwrap();
    assert_eq!(count(&old.database), 1, "the old history is still readable");
}

#[test]
fn a_damaged_file_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::fs::write(&path, vec![7u8; 8192]).unwrap();
    let opened = Database::open(&path, &key(), true).unwrap();
    let kept = std::fs::read(opened.moved_aside.unwrap()).unwrap();
    assert_eq!(kept, vec![7u8; 8192]);
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
    let kept = file::open(&file::beside(&path, ".version-1"), &key).unwrap();
    let version: u32 = kept
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 1);
}

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
