use std::fs;

use rusqlite::Connection;

use super::super::{
    Database,
    marks::mark_damaged,
    order::tests::{History, count},
};
use crate::error::Code;

#[test]
fn of_a_damaged_file_all_that_can_be_read_is_kept() {
    let history = History::new(400);
    let pages = fs::metadata(&history.path).unwrap().len() as usize / 4096;
    let (mut whole, mut parts) = (0, 0);
    for page in 1..pages {
        let history = History::new(400);
        let path = history.path.clone();
        let mut bytes = fs::read(&path).unwrap();
        bytes[page * 4096 + 100] ^= 0xff;
        fs::write(&path, &bytes).unwrap();
        mark_damaged(&path);
        let (entries, notice) = history.count();
        let aside = notice.unwrap().path.unwrap();
        assert_eq!(fs::read(aside).unwrap(), bytes, "page {page}");
        if entries == 400 {
            whole += 1;
        } else {
            parts += 1;
        }
        if page > 24 {
            break;
        }
    }
    assert!(whole > 0 && parts > 0, "{whole} {parts}");
}

#[tokio::test]
async fn a_page_that_cannot_be_read_stops_all_writing() {
    let history = History::new(400);
    let mut bytes = fs::read(&history.path).unwrap();
    // The last pages, where the newest entries are; the schema is at the front.
    let pages = bytes.len() / 4096;
    for page in pages * 3 / 4..pages {
        bytes[page * 4096 + 100] ^= 0xff;
    }
    fs::write(&history.path, bytes).unwrap();
    let database = history.opened().unwrap().database;
    let read = |db: &mut Connection| {
        let sql = "SELECT count(label) FROM entries NOT INDEXED";
        Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?)
    };
    let error = database.run(read).await.unwrap_err();
    assert_eq!(error.code, Code::HistoryDamaged, "{error}");
    assert!(database.is_damaged());
    let write = |db: &mut Connection| Ok(db.execute_batch("DELETE FROM settings")?);
    let refused = database.run(write).await.unwrap_err();
    assert_eq!(refused.code, Code::HistoryDamaged);
    // Another process does not go on with it either.
    let other = Database::open(&history.path, &history.key, false)
        .err()
        .unwrap();
    assert_eq!(other.code, Code::HistoryDamaged);
    drop(database);
    let (_, notice) = history.count();
    assert!(notice.unwrap().text.contains("damaged"));
    assert_eq!(history.count().1, None);
}

#[test]
fn damage_that_tidying_up_meets_is_looked_after_at_once() {
    let history = History::new(400);
    let pages = fs::metadata(&history.path).unwrap().len() as usize / 4096;
    let mut bytes = fs::read(&history.path).unwrap();
    for page in pages * 3 / 4..pages {
        bytes[page * 4096 + 100] ^= 0xff;
    }
    fs::write(&history.path, &bytes).unwrap();
    let opened = Database::open_tidied(&history.path, &history.key, true, |db| {
        db.execute("DELETE FROM settings", [])?;
        Ok(
            db.query_row("SELECT count(label) FROM entries NOT INDEXED", [], |_| {
                Ok(())
            })?,
        )
    })
    .unwrap();
    let notice = opened.notice.unwrap();
    assert!(notice.text.contains("damaged"), "{notice:?}");
    assert_eq!(
        fs::read(notice.path.unwrap()).unwrap(),
        bytes,
        "as it was found"
    );
    assert!(count(&opened.database) > 0);
}

#[test]
fn a_damaged_page_of_one_table_costs_no_other() {
    let history = History::new(60);
    let database = history.opened().unwrap().database;
    let root: u32 = {
        let db = database.lock();
        db.execute("INSERT INTO settings VALUES (1, '{}')", [])
            .unwrap();
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'settings'";
        db.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    database.close();
    let mut bytes = fs::read(&history.path).unwrap();
    bytes[(root as usize - 1) * 4096 + 100] ^= 0xff;
    fs::write(&history.path, bytes).unwrap();
    mark_damaged(&history.path);
    assert_eq!(history.count().0, 60);
}
