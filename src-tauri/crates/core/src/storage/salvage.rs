//! What can still be read of a damaged file, row by row, in a new one.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Row, params_from_iter, types::Value};
use secrecy::SecretString;

use super::{file, schema};
use crate::error::AppError;

/// What could be kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Salvaged {
    entries: u64,
    workspaces: u64,
}

impl Salvaged {
    pub(super) fn words(&self) -> String {
        let count = |number: u64, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {many}"),
        };
        format!(
            "{} and {} could be read and were kept",
            count(self.entries, "entry", "entries"),
            count(self.workspaces, "workspace", "workspaces")
        )
    }
}

/// In the order in which they can be written again.
const TABLES: [&str; 5] = [
    "settings",
    "workspaces",
    "saved_workflows",
    "presets",
    "entries",
];
/// Rows between two damaged places are looked for no longer than this.
const LONGEST_SEARCH: Duration = Duration::from_secs(10);
/// How far is looked where the end of the table cannot be read.
const WIDEST_GAP: i64 = 10_000;

/// Copies every row that can be read from a damaged file, which may be changed, into a new file.
///
/// # Errors
/// The new file cannot be written.
pub(super) fn salvage(
    damaged: &Path,
    new: &Path,
    key: &SecretString,
) -> Result<Salvaged, AppError> {
    let mut to = file::open(new, key)?;
    schema::migrate(&mut to, None, true)?;
    let mut kept = Salvaged::default();
    // Its log may be what is damaged, so the file is read once with and once without it.
    for with_log in [true, false] {
        if !with_log {
            for end in file::NEIGHBOURS {
                // One that was not there need not go.
                let _ = std::fs::remove_file(file::beside(damaged, end));
            }
        }
        // After a page that it could not read SQLCipher answers nothing more.
        let open = || file::open_damaged(damaged, key).ok();
        let all = to.transaction()?;
        for table in TABLES {
            let rows = copy_table(&open, &all, table)?;
            match table {
                "entries" => kept.entries += rows,
                "workspaces" => kept.workspaces += rows,
                _ => {}
            }
        }
        all.commit()?;
    }
    Ok(kept)
}

fn copy_table(
    open: &impl Fn() -> Option<Connection>,
    to: &Connection,
    table: &str,
) -> Result<u64, AppError> {
    let columns_of = |db: &Connection| -> rusqlite::Result<Vec<String>> {
        db.prepare("SELECT name FROM pragma_table_info(?1)")?
            .query_map([table], |row| row.get(0))?
            .collect()
    };
    let new = columns_of(to)?;
    let Some(from) = open() else {
        return Ok(0);
    };
    // A damaged schema has no tables; one of an older version has fewer columns.
    let columns: Vec<String> = columns_of(&from)
        .unwrap_or_default()
        .into_iter()
        .filter(|column| new.contains(column))
        .collect();
    if columns.is_empty() {
        return Ok(0);
    }
    let names = columns.join(", ");
    let places = vec!["?"; columns.len()].join(", ");
    let mut write = to.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})"
    ))?;
    let mut kept = 0;
    let mut keep = |row: &Row<'_>| -> rusqlite::Result<()> {
        let values: Vec<Value> = (0..columns.len())
            .map(|column| row.get(column))
            .collect::<Result<_, _>>()?;
        // A row that breaks a rule of its table is a part of the damage.
        kept += write.execute(params_from_iter(values)).unwrap_or(0) as u64;
        Ok(())
    };
    let select = format!("SELECT {names}, rowid FROM {table}");
    // From the front to the first damaged page, from the back to the last one, then what lies
    // between, as far as time allows.
    let mut read = |condition: &str| {
        let sql = format!("{select} {condition}");
        let from = open().ok_or(None)?;
        walk(&from, &sql, columns.len(), &mut keep)
    };
    let Err(front) = read("ORDER BY rowid") else {
        return Ok(kept);
    };
    let back = read("ORDER BY rowid DESC").err().flatten();
    if front.is_none() && back.is_none() {
        return Ok(kept);
    }
    let mut next = front.unwrap_or(0).saturating_add(1);
    let end = back.unwrap_or_else(|| next.saturating_add(WIDEST_GAP));
    let begun = Instant::now();
    while next < end && begun.elapsed() < LONGEST_SEARCH {
        let between = format!("WHERE rowid >= {next} AND rowid < {end} ORDER BY rowid");
        match read(&between) {
            Ok(()) => break,
            Err(last) => next = last.unwrap_or(next).saturating_add(1),
        }
    }
    Ok(kept)
}

/// Reads rows until one cannot be read; then the number of the last that could.
fn walk(
    from: &Connection,
    sql: &str,
    number_at: usize,
    keep: &mut impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), Option<i64>> {
    let mut last = None;
    let mut statement = from.prepare(sql).map_err(|_| last)?;
    let mut rows = statement.query([]).map_err(|_| last)?;
    loop {
        match rows.next() {
            Ok(None) => return Ok(()),
            Ok(Some(row)) => {
                let number: i64 = row.get(number_at).map_err(|_| last)?;
                keep(row).map_err(|_| last)?;
                last = Some(number);
            }
            Err(_) => return Err(last),
        }
    }
}

#[cfg(test)]
#[path = "salvage_tests.rs"]
mod tests;
