//! Small facts about this file itself: which site writes here, its signing key, the site's letters.

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension};

use crate::domain::fault::Fault;

/// Id of the site that writes in this file.
pub const SITE: &str = "site";
/// Ed25519 signing key of that site; never in a plain copy.
pub const SITE_KEY: &str = "site_key";
/// The 2–6 letters of codes.
pub const LETTERS: &str = "letters";
/// Running digest over the seals of this file's sites: a missing seal is noticed.
pub const SEALS: &str = "seals";

/// Length of the list of erased events that this file was last compared with.
pub const ERASED: &str = "erased";
/// Something is still to be cleared away after an erasure.
pub const PURGE: &str = "purge";

/// Keys that a plain copy does not carry: the signing key, and what concerns the files beside the original.
pub const NOT_IN_COPIES: [&str; 3] = [SITE_KEY, ERASED, PURGE];

/// The value under `key`.
pub fn get<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>, Fault> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Puts `value` under `key`.
pub fn set(conn: &Connection, key: &str, value: impl ToSql) -> Result<(), Fault> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute((key, value))?;
    Ok(())
}

/// The site's letters.
pub fn letters(conn: &Connection) -> Result<String, Fault> {
    Ok(get(conn, LETTERS)?.unwrap_or_default())
}
