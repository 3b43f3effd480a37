//! From a session in memory to the encrypted file, when the keychain comes up after all.

use rusqlite::{Connection, params, params_from_iter, types::Value};

use crate::{error::AppError, history::links, settings};

/// Adds what one database holds to another of the same schema, and changes nothing in the first.
/// A name that is taken there gets an addition. Of two choices the stricter holds: bodies of tokens
/// and links reach the file only where both keep them on disk.
pub(crate) fn carry_over(from: &Connection, to: &mut Connection) -> Result<(), AppError> {
    let all = to.transaction()?;
    let chosen = match (settings::saved(from)?, settings::saved(&all)?) {
        (Some(session), Some(file)) => Some(session.stricter(&file)),
        (session, file) => session.or(file),
    };
    if let Some(chosen) = &chosen {
        settings::save(&all, chosen)?;
    }
    let keep_bodies = chosen.unwrap_or_default().keep_tokens;

    copy(from, &all, "workspaces", "", |row| {
        let name = row.text("name");
        let taken = "SELECT 1 FROM workspaces WHERE name = ?1 COLLATE NOCASE";
        let free = free_name(&name, |candidate| {
            Ok(all.prepare_cached(taken)?.exists([candidate])?
                || (candidate != name && from.prepare_cached(taken)?.exists([candidate])?))
        })?;
        row.set("name", Value::Text(free));
        Ok(())
    })?;
    // An entry's number is its place in one database, its id is its own.
    copy(from, &all, "entries", "number", |row| {
        if !keep_bodies {
            row.set("token", Value::Null);
            row.set("link", Value::Null);
        }
        Ok(())
    })?;
    links::settle(&all)?;
    copy(from, &all, "saved_workflows", "", |_| Ok(()))?;
    copy(from, &all, "presets", "", |row| {
        let (workspace, name) = (row.text("workspace_id"), row.text("name"));
        let taken = "SELECT 1 FROM presets WHERE workspace_id = ?1 AND name = ?2";
        let free = free_name(&name, |candidate| {
            let place = params![workspace, candidate];
            Ok(all.prepare_cached(taken)?.exists(place)?
                || (candidate != name && from.prepare_cached(taken)?.exists(place)?))
        })?;
        row.set("name", Value::Text(free));
        Ok(())
    })?;
    Ok(all.commit()?)
}

/// The name itself, or the first addition to it that is not taken.
fn free_name(
    name: &str,
    mut is_taken: impl FnMut(&str) -> Result<bool, AppError>,
) -> Result<String, AppError> {
    let mut candidate = name.to_owned();
    let mut number = 1_u32;
    while is_taken(&candidate)? {
        let addition = match number {
            1 => " (session)".to_owned(),
            number => format!(" (session {number})"),
        };
        let room = crate::saved::LONGEST_NAME.saturating_sub(addition.len());
        candidate = name.chars().take(room).collect::<String>() + &addition;
        number += 1;
    }
    Ok(candidate)
}

/// A row on its way from one database to the other.
struct Row<'a> {
    columns: &'a [String],
    values: Vec<Value>,
}

impl Row<'_> {
    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    fn text(&self, column: &str) -> String {
        match self.place(column).map(|place| &self.values[place]) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    fn set(&mut self, column: &str, value: Value) {
        if let Some(place) = self.place(column) {
            self.values[place] = value;
        }
    }
}

fn copy(
    from: &Connection,
    to: &Connection,
    table: &str,
    skip: &str,
    mut change: impl FnMut(&mut Row<'_>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut columns = from.prepare("SELECT name FROM pragma_table_info(?1) WHERE name <> ?2")?;
    let columns = columns
        .query_map([table, skip], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let (names, places) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
    let mut read = from.prepare(&format!("SELECT {names} FROM {table}"))?;
    // What is there under the same id is the same thing; any other conflict is an error, so that
    // nothing goes without a word.
    let conflict = match table {
        "saved_workflows" => "(workspace_id, workflow_id) DO UPDATE SET name = excluded.name",
        _ => "(id) DO NOTHING",
    };
    let mut write = to.prepare(&format!(
        "INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT {conflict}"
    ))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..columns.len())
            .map(|column| row.get(column))
            .collect::<Result<_, _>>()?;
        let mut row = Row {
            columns: &columns,
            values,
        };
        change(&mut row)?;
        write.execute(params_from_iter(row.values))?;
    }
    Ok(())
}
