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
    write_label(&Database::open(&path, &key).unwrap().database, "a");
    let opened = Database::open(&path, &key).unwrap();
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
    write_label(&Database::open(&path, &first).unwrap().database, "a");
    let opened = Database::open(&path, &key()).unwrap();
    assert_eq!(count(&opened.database), 0);
    let aside = opened.moved_aside.unwrap();
    let old = Database::open(&aside, &first).unwrap();
    assert_eq!(count(&old.database), 1, "the old history is still readable");
}

#[test]
fn a_damaged_file_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::fs::write(&path, vec![7u8; 8192]).unwrap();
    let opened = Database::open(&path, &key()).unwrap();
    let kept = std::fs::read(opened.moved_aside.unwrap()).unwrap();
    assert_eq!(kept, vec![7u8; 8192]);
}

#[test]
fn a_newer_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let key = key();
    {
        let opened = Database::open(&path, &key).unwrap();
        write_label(&opened.database, "a");
        let connection = opened.database.lock();
        connection.pragma_update(None, "user_version", 99).unwrap();
    }
    let error = Database::open(&path, &key).map(|_| ()).unwrap_err();
    assert!(error.title.contains("newer"), "{error}");
    assert!(path.exists());
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
