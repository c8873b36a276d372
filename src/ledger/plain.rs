//! The plain copy: an unencrypted file for inspectors and other tools, read-only, without keys, drafts or search
//! index.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::access_mode::{self, Access};
use super::connect::connect;
use super::files::{self, Sharing};
use super::open::OpenFile;
use super::verify::NOT_IN_COPIES;
use super::watch::Watch;
use super::{backup, meta, migrate, seal};
use crate::domain::fault::{Fault, FaultKind};

/// Seals the head and writes a plain copy of an open office to `to`, in one step.
pub fn plain_copy(file: &mut OpenFile, to: &Path, at: i64, watch: &mut Watch) -> Result<(), Fault> {
    if file.key.is_none() {
        return Err(Fault::new(FaultKind::Usage, "这已经是明文副本").hint("直接复制该文件即可。"));
    }
    if file.access.require_write().is_ok() {
        seal::seal(&mut file.conn, file.office.as_ref(), at)?;
    }
    // Twice: the copy, and once more while it is compacted.
    access_mode::require_space(to, backup::database_size(&file.conn)?.saturating_mul(2))?;
    let whole = files::with_ending(to, ".whole");
    let part = files::with_ending(to, ".part");
    watch.step(0, 2)?;
    let made = export(&file.conn, &whole)
        .and_then(|()| watch.step(1, 2))
        .and_then(|()| strip(&whole, &part))
        .and_then(|()| files::rename(&part, to));
    for unfinished in [
        &whole,
        &part,
        &files::with_ending(&whole, "-journal"),
        &files::with_ending(&part, "-journal"),
    ] {
        std::fs::remove_file(unfinished).ok();
    }
    made?;
    watch.step(2, 2)
}

fn export(conn: &Connection, whole: &Path) -> Result<(), Fault> {
    files::create_private(whole, Sharing::Owner)?;
    conn.execute("ATTACH DATABASE ?1 AS plain KEY ''", [backup::sql_name(whole)?])?;
    let exported = conn
        .query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))
        .optional();
    let detached = conn.execute_batch("DETACH DATABASE plain");
    exported?;
    Ok(detached?)
}

/// Takes out what must not leave the house or could not be opened elsewhere, and says whose file it is:
/// `sqlcipher_export` carries neither version nor application id.
fn strip(whole: &Path, part: &Path) -> Result<(), Fault> {
    let conn = connect(whole, None, &Access::ReadWrite)?;
    let search: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in search {
        conn.execute_batch(&format!("DROP TABLE \"{}\"", table.replace('"', "\"\"")))?;
    }
    for key in meta::NOT_IN_COPIES {
        conn.execute("DELETE FROM meta WHERE key = ?1", [key])?;
    }
    for table in NOT_IN_COPIES {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    migrate::mark(&conn, migrate::PLAIN_ID, migrate::newest())?;
    // Into another file: compacting in place would hold the whole of it in memory.
    files::create_private(part, Sharing::Owner)?;
    conn.execute("VACUUM INTO ?1", [backup::sql_name(part)?])?;
    conn.close().map_err(|(_, error)| Fault::from(error))
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
