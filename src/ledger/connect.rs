//! Connections: the key first, then the settings every connection of ours has.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use super::access_mode::Access;
use super::keys::DataKey;
use super::{chain, paths, refuse};
use crate::domain::fault::{Fault, FaultKind};

/// The write-ahead log is written back by force once it is this long.
const WAL_LIMIT: u64 = 64 << 20;

/// Opens a database file as it lies, for reading and writing or for reading alone, with `key` or plain.
///
/// Fails with 密钥不对或文件头损坏 when the first page cannot be read, and as damaged when the file was cut.
pub fn connect(path: &Path, key: Option<&DataKey>, access: &Access) -> Result<Connection, Fault> {
    connect_if(path, key, access, |_| Ok(())).map(|(conn, ())| conn)
}

/// As [`connect`], if `check` does not refuse what it finds: a file that is refused is left as it was, to the last
/// byte.
pub fn connect_if<T>(
    path: &Path,
    key: Option<&DataKey>,
    access: &Access,
    check: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<(Connection, T), Fault> {
    // Closing would write the write-ahead log back, if whoever wrote it was killed.
    let unfinished = refuse::has_wal(path);
    let conn = raw(path, key, access)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, unfinished)?;
    // The first read is what tries the key.
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    let found = check(&conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    configure(&conn)?;
    if *access == Access::ReadWrite && key.is_some() {
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(
                Fault::new(FaultKind::World, format!("{} 不能用预写日志方式打开", path.display()))
                    .hint("请把台账放在本机磁盘上。"),
            );
        }
    }
    Ok((conn, found))
}

/// A connection that has its key and nothing else; nothing was read yet.
pub fn raw(path: &Path, key: Option<&DataKey>, access: &Access) -> Result<Connection, Fault> {
    let conn = match access {
        Access::ReadWrite => Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?,
        Access::ReadOnly(_) => Connection::open_with_flags(
            read_only_uri(path, key.is_some()),
            flags(OpenFlags::SQLITE_OPEN_READ_ONLY) | OpenFlags::SQLITE_OPEN_URI,
        )?,
    };
    silence(&conn)?;
    if let Some(key) = key {
        set_key(&conn, key)?;
    }
    conn.busy_timeout(Duration::from_secs(5))?;
    Ok(conn)
}

/// SQLCipher writes its errors to stderr unless told otherwise, which would tear the screen.
fn silence(conn: &Connection) -> Result<(), Fault> {
    Ok(conn.execute_batch("PRAGMA cipher_log = off; PRAGMA cipher_log_level = NONE;")?)
}

fn flags(mode: OpenFlags) -> OpenFlags {
    mode | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// The file as something only to be read.
///
/// Nothing can be made beside a file in a read-only folder. Without a write-ahead log nobody is writing, and the
/// file is all there is; with one, its shared memory must be there to be read.
pub fn read_only_uri(path: &Path, encrypted: bool) -> String {
    uri(
        path,
        if encrypted && !refuse::has_wal(path) {
            "immutable=1"
        } else {
            "mode=ro"
        },
    )
}

/// A path as SQLite's URIs write it.
pub fn uri(path: &Path, how: &str) -> String {
    format!("file:{}?{how}", escaped(path))
}

/// A database for this process alone, in a file that exists and is empty; it may attach others by their URI.
pub fn scratch(path: &Path, key: &DataKey) -> Result<Connection, Fault> {
    let conn = Connection::open_with_flags(
        path,
        flags(OpenFlags::SQLITE_OPEN_READ_WRITE) | OpenFlags::SQLITE_OPEN_URI,
    )?;
    silence(&conn)?;
    set_key(&conn, key)?;
    configure(&conn)?;
    // Lost with the process, so that nothing needs to reach the disk.
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
    Ok(conn)
}

fn set_key(conn: &Connection, key: &DataKey) -> Result<(), Fault> {
    let sql = Zeroizing::new(format!("PRAGMA key = \"{}\";", key.raw().as_str()));
    Ok(conn.execute_batch(&sql)?)
}

fn escaped(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

fn configure(conn: &Connection) -> Result<(), Fault> {
    conn.set_prepared_statement_cache_capacity(128);
    // The trigger that lets a body be replaced asks for its hash.
    conn.create_scalar_function(
        "body_hash",
        2,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS,
        |of| Ok(chain::body_hash(&of.get::<[u8; 16]>(0)?, of.get_raw(1).as_str()?).to_vec()),
    )?;
    // cache_size in KiB: the memory budget of quality.md. A write-ahead log is written back off the commit path,
    // by `checkpoint`. What is deleted is overwritten.
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(())
}

/// Writes back what it can of the write-ahead log without waiting for anybody; waits once it is 64 MiB long.
///
/// Called when nobody is typing, and after a short command has printed; never on the way of a commit.
pub fn checkpoint(conn: &Connection, path: &Path) -> Result<(), Fault> {
    let long = std::fs::metadata(paths::wal_of(path)).is_ok_and(|wal| wal.len() >= WAL_LIMIT);
    let sql = if long {
        "PRAGMA wal_checkpoint(TRUNCATE)"
    } else {
        "PRAGMA wal_checkpoint(PASSIVE)"
    };
    let tried = conn.query_row(sql, [], |_| Ok(())).map_err(Fault::from);
    match tried {
        // Another window reads or writes just now; the next call gets further.
        Err(fault) if fault.kind == FaultKind::Busy => Ok(()),
        other => other,
    }
}

/// Creates an empty database file at `path` (which must exist and be empty), encrypted with `key` or plain.
pub fn connect_new(path: &Path, key: Option<&DataKey>) -> Result<Connection, Fault> {
    let conn = raw(path, key, &Access::ReadWrite)?;
    configure(&conn)?;
    Ok(conn)
}
