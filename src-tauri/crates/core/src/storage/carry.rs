//! From a session in memory to the encrypted file, when the keychain comes up after all.

use rusqlite::{Connection, Transaction, params_from_iter, types::Value};

use crate::error::AppError;

/// Adds what one database holds to another of the same schema. A workspace whose name is taken
/// there is told apart by its name.
pub(crate) fn carry_over(from: &Connection, to: &mut Connection) -> Result<(), AppError> {
    let all = to.transaction()?;
    {
        let mut taken = all.prepare("SELECT name FROM workspaces")?;
        let names = taken.query_map([], |row| row.get::<_, String>(0))?;
        for name in names {
            from.execute(
                "UPDATE workspaces SET name = name || ' (session)' WHERE name = ?1 COLLATE NOCASE",
                [name?],
            )?;
        }
    }
    // An entry's number is its place in one database, its id is its own.
    copy(from, &all, "workspaces", "")?;
    copy(from, &all, "entries", "number")?;
    crate::history::links::settle(&all)?;
    copy(from, &all, "saved_workflows", "")?;
    {
        let mut taken = all.prepare("SELECT workspace_id, name FROM presets")?;
        let places = taken.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for place in places {
            let place: (String, String) = place?;
            from.execute(
                "UPDATE presets SET name = name || ' (session)' WHERE workspace_id = ?1
                    AND name = ?2",
                [place.0, place.1],
            )?;
        }
    }
    copy(from, &all, "presets", "")?;
    copy(from, &all, "settings", "")?;
    Ok(all.commit()?)
}

fn copy(from: &Connection, to: &Transaction<'_>, table: &str, but: &str) -> Result<(), AppError> {
    let mut columns = from.prepare("SELECT name FROM pragma_table_info(?1) WHERE name <> ?2")?;
    let columns = columns
        .query_map([table, but], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let (names, places) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
    let mut read = from.prepare(&format!("SELECT {names} FROM {table}"))?;
    // A workflow's newer name is the session's.
    let or = if table == "saved_workflows" {
        "REPLACE"
    } else {
        "IGNORE"
    };
    let mut write = to.prepare(&format!(
        "INSERT OR {or} INTO {table} ({names}) VALUES ({places})"
    ))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> = (0..columns.len())
            .map(|column| row.get(column))
            .collect::<Result<_, _>>()?;
        write.execute(params_from_iter(values))?;
    }
    Ok(())
}
