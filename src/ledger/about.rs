//! Which database this program carries, for `doctor`.

use rusqlite::Connection;

/// Version of SQLite, such as `3.54.1`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Version of SQLCipher, such as `4.20.0 community`; empty when the connection does not say.
pub fn cipher_version(conn: &Connection) -> String {
    conn.query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .unwrap_or_default()
}
