//! Where an operator left off: small notes outside the log, one under each key.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::fault::Fault;

/// The note of an operator under a key: JSON text.
pub fn note(conn: &Connection, operator: &str, key: &str) -> Result<Option<String>, Fault> {
    let mut statement = conn.prepare_cached("SELECT value FROM session WHERE operator = ?1 AND key = ?2")?;
    Ok(statement.query_row([operator, key], |row| row.get(0)).optional()?)
}

/// Keeps a note; the earlier one under the key goes.
pub fn keep(conn: &Connection, operator: &str, key: &str, json: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO session (operator, key, value) VALUES (?1, ?2, ?3) \
               ON CONFLICT (operator, key) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute([operator, key, json])?;
    Ok(())
}
