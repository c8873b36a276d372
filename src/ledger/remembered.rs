//! What is remembered beside the log: how a sender's columns were assigned, what an operator has not saved yet.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::fault::Fault;

/// How the columns of this sender's sheets were assigned the last time: header and field.
pub fn mapping(conn: &Connection, sender: &str, register: &str) -> Result<Vec<(String, String)>, Fault> {
    let sql = "SELECT mapping FROM import_mapping WHERE sender = ?1 AND register = ?2";
    let found: Option<String> = conn
        .prepare_cached(sql)?
        .query_row([sender, register], |row| row.get(0))
        .optional()?;
    Ok(found
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Remembers it; with nothing assigned by hand it is forgotten.
pub fn remember_mapping(
    conn: &Connection,
    sender: &str,
    register: &str,
    mapping: &[(String, String)],
    now_ms: i64,
) -> Result<(), Fault> {
    if mapping.is_empty() {
        conn.prepare_cached("DELETE FROM import_mapping WHERE sender = ?1 AND register = ?2")?
            .execute([sender, register])?;
        return Ok(());
    }
    let text = serde_json::to_string(mapping).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO import_mapping (sender, register, mapping, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sender, register) DO UPDATE SET mapping = excluded.mapping, at = excluded.at",
    )?
    .execute((sender, register, text, now_ms))?;
    Ok(())
}

/// The rows of a grid that an operator left unsaved.
pub fn grid(conn: &Connection, operator: &str, register: &str) -> Result<Vec<Vec<String>>, Fault> {
    let sql = "SELECT value FROM session WHERE operator = ?1 AND key = ?2";
    let found: Option<String> = conn
        .prepare_cached(sql)?
        .query_row([operator, &key(register)], |row| row.get(0))
        .optional()?;
    Ok(found
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// Keeps them; no rows forget them.
pub fn keep_grid(conn: &Connection, operator: &str, register: &str, rows: &[Vec<String>]) -> Result<(), Fault> {
    if rows.is_empty() {
        conn.prepare_cached("DELETE FROM session WHERE operator = ?1 AND key = ?2")?
            .execute([operator, &key(register)])?;
        return Ok(());
    }
    let text = serde_json::to_string(rows).unwrap_or_default();
    conn.prepare_cached(
        "INSERT INTO session (operator, key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (operator, key) DO UPDATE SET value = excluded.value",
    )?
    .execute((operator, key(register), text))?;
    Ok(())
}

fn key(register: &str) -> String {
    format!("grid:{register}")
}
