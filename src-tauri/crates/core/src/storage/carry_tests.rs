use super::*;
use crate::settings::{self, Settings};

const WORKSPACE: &str =
    "INSERT INTO workspaces (id, name, api_host, widget_host, auth_kind, created_at)
     VALUES (?1, ?2, 'https://a', 'https://w', 'keySecret', 1)";

fn in_file(folder: &tempfile::TempDir) -> Database {
    let path = folder.path().join("history.db");
    let opened = Database::open(&path, &new_key().unwrap(), true).unwrap();
    opened.database
}

fn write_entry(database: &Database, id: &str, kind: &str) {
    let sql = "INSERT INTO entries (id, workspace_id, workspace_name, workspace_kind, api,
            workflow_id, purpose, state, requested_at, label, kind, token, link)
         VALUES (?1, 'w', 'Velmora', 'live', 'v2', 'f', 'handOver', 'issued', 1, 'ticket 7', ?2,
            'token of ' || ?1, 'link of ' || ?1)";
    database.lock().execute(sql, [id, kind]).unwrap();
}

fn write_link(database: &Database, id: &str, workspace: &str, subject: Option<&str>, at: i64) {
    write_entry(database, id, "link");
    let sql = "UPDATE entries SET workspace_id = ?2, subject = ?3, issued_at = ?4 WHERE id = ?1";
    let values = rusqlite::params![id, workspace, subject, at];
    database.lock().execute(sql, values).unwrap();
}

fn texts(database: &Database, sql: &str) -> Vec<String> {
    let db = database.lock();
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn bodies(database: &Database) -> Vec<String> {
    texts(
        database,
        "SELECT id || ':' || coalesce(token, '') || ':' || coalesce(link, '')
         FROM entries ORDER BY id",
    )
}

#[test]
fn a_session_in_memory_goes_into_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, memory) = (in_file(&folder), Database::in_memory().unwrap());
    file.lock()
        .execute(WORKSPACE, ["in the file", "Velmora"])
        .unwrap();
    memory
        .lock()
        .execute(WORKSPACE, ["in memory", "VELMORA"])
        .unwrap();
    write_entry(&file, "a", "token");
    write_entry(&memory, "b", "token");
    carry_over(&memory.lock(), &mut file.lock()).unwrap();
    let found: i64 = file
        .lock()
        .query_row(
            "SELECT count(*) FROM entries_text WHERE entries_text MATCH 'ticket'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(found, 2, "what was carried over can be searched");
    let name: String = file
        .lock()
        .query_row(
            "SELECT name FROM workspaces WHERE id = 'in memory'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(name, "VELMORA (session)");
}

#[test]
fn links_in_force_stay_in_force_when_a_session_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let (file, memory) = (in_file(&folder), Database::in_memory().unwrap());
    write_link(&file, "alone", "w", Some("one"), 10);
    write_link(&file, "nobody's", "w", None, 10);
    write_link(&file, "elsewhere", "v", Some("two"), 10);
    write_link(&file, "first", "w", Some("two"), 10);
    write_link(&memory, "second", "w", Some("two"), 20);
    write_link(&memory, "third", "w", Some("two"), 20);
    write_link(&memory, "nobody's either", "w", None, 30);
    carry_over(&memory.lock(), &mut file.lock()).unwrap();
    let in_force = "SELECT id FROM entries WHERE link IS NOT NULL AND superseded_at IS NULL
        ORDER BY id";
    let left = ["alone", "elsewhere", "nobody's", "nobody's either", "third"];
    assert_eq!(texts(&file, in_force), left);
    let ended = "SELECT id || ' at ' || superseded_at FROM entries
        WHERE link IS NULL AND superseded_at IS NOT NULL ORDER BY id";
    assert_eq!(texts(&file, ended), ["first at 20", "second at 20"]);
}

#[test]
fn of_the_choices_of_session_and_file_the_stricter_holds() {
    let choice = |keep_tokens, clipboard_clear_seconds| {
        Some(Settings {
            keep_tokens,
            clipboard_clear_seconds,
        })
    };
    let cases = [
        (None, None, (true, 60)),
        (None, choice(false, 0), (false, 0)),
        (choice(false, 30), None, (false, 30)),
        (choice(true, 0), choice(false, 60), (false, 60)),
        (choice(false, 20), choice(true, 60), (false, 20)),
        (choice(true, 90), choice(true, 0), (true, 90)),
    ];
    for (session, in_the_file, (keeps, seconds)) in cases {
        let folder = tempfile::tempdir().unwrap();
        let (file, memory) = (in_file(&folder), Database::in_memory().unwrap());
        for (database, settings) in [(&memory, &session), (&file, &in_the_file)] {
            if let Some(settings) = settings {
                settings::save(&database.lock(), settings).unwrap();
            }
        }
        write_entry(&memory, "session", "token");
        write_entry(&file, "file", "token");
        carry_over(&memory.lock(), &mut file.lock()).unwrap();
        let case = format!("{session:?} and {in_the_file:?}");
        let now = settings::saved(&file.lock()).unwrap().unwrap_or_default();
        assert_eq!(
            (now.keep_tokens, now.clipboard_clear_seconds),
            (keeps, seconds),
            "{case}"
        );
        let kept = if keeps {
            [
                "file:token of file:link of file",
                "session:token of session:link of session",
            ]
        } else {
            ["file::", "session::"]
        };
        assert_eq!(bodies(&file), kept, "{case}");
    }
}

#[test]
fn every_session_keeps_its_workspaces_and_presets_under_names_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = in_file(&folder);
    let long = "\u{142}".repeat(crate::saved::LONGEST_NAME);
    let preset = "INSERT INTO presets (id, workspace_id, name, body, created_at)
        VALUES (?1, 'demo', ?2, '{}', 1)";
    for session in 0..4 {
        let memory = Database::in_memory().unwrap();
        {
            let db = memory.lock();
            for (place, name) in ["Velmora", "VELMORA (session)", &long].iter().enumerate() {
                let id = format!("{session}-{place}");
                db.execute(WORKSPACE, [id.as_str(), name]).unwrap();
                db.execute(preset, [id.as_str(), name]).unwrap();
            }
        }
        carry_over(&memory.lock(), &mut file.lock()).unwrap();
        let own = "SELECT name FROM workspaces WHERE name LIKE 'velmora' AND name = 'Velmora'";
        assert_eq!(texts(&memory, own).len(), 1, "the session stays as it was");
    }
    for table in ["workspaces", "presets"] {
        let names = texts(&file, &format!("SELECT name FROM {table} ORDER BY id"));
        assert_eq!(names.len(), 12, "{table}: {names:?}");
        assert_eq!(names[0], "Velmora");
        assert_eq!(names[3], "Velmora (session 2)");
        let longest = names.iter().map(|name| name.chars().count()).max();
        assert_eq!(longest, Some(crate::saved::LONGEST_NAME), "{names:?}");
    }
}
