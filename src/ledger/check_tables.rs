//! Whether the tables made from the log are what the log says: they are made once more, elsewhere, and compared.
//!
//! Nothing in the office's file is written: the new tables stand in a scratch file with a key of its own, which is
//! as secret as the office's file and is gone afterwards.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::access_mode::Access;
use super::connect;
use super::files::{self, Sharing};
use super::keys::DataKey;
use super::open::OpenFile;
use super::rebuild::{compare, derived, replay};
use super::texts::Texts;
use super::watch::Watch;
use super::{entropy, hex, meta};
use crate::domain::fault::Fault;

/// Compares the derived tables of a file with fresh ones; a Chinese sentence for each that differs.
pub fn check_tables(file: &OpenFile, watch: &mut Watch) -> Result<Vec<String>, Fault> {
    let texts = Texts::from_log(&file.conn)?;
    let letters = meta::letters(&file.conn)?;
    let scratch = Scratch::new()?;
    let conn = connect::scratch(&scratch.path, &DataKey::random()?)?;
    attach(&conn, file)?;
    // One moment of the file for both: another window may be writing.
    let tx = conn.unchecked_transaction()?;
    texts.layout.create(&tx)?;
    replay(&tx, &texts.layout, &letters, watch)?;
    let mut found = Vec::new();
    for name in derived(&texts.layout).into_iter().chain(["projection".to_owned()]) {
        let there: bool = tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM office.sqlite_schema WHERE type = 'table' AND name = ?1)",
            [&name],
            |row| row.get(0),
        )?;
        if !there {
            found.push(format!("由日志生成的表 {name} 缺失"));
            continue;
        }
        let old = format!("was_{name}");
        tx.execute_batch(&format!(
            "CREATE TEMP VIEW \"{old}\" AS SELECT * FROM office.\"{name}\""
        ))?;
        let report = compare(&tx, &name, Some(&old))?;
        if report.changed > 0 {
            found.push(format!("表 {name} 有 {} 行与日志不符", report.changed));
        }
    }
    Ok(found)
}

/// Attaches the office's file, as it was opened, under the name `office`.
pub(super) fn attach(conn: &Connection, file: &OpenFile) -> Result<(), Fault> {
    let key = file.key.as_ref().map_or_else(Zeroizing::default, DataKey::raw);
    let path = match &file.access {
        Access::ReadWrite => connect::uri(&file.path, "mode=rw"),
        Access::ReadOnly(_) => connect::read_only_uri(&file.path, file.key.is_some()),
    };
    conn.execute("ATTACH DATABASE ?1 AS office KEY ?2", (path, key.as_str()))?;
    Ok(())
}

/// A file for this process alone, removed when dropped.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Fault> {
        let mut name = [0; 8];
        entropy::system_bytes(&mut name)?;
        let path = std::env::temp_dir().join(format!("lianneng-verify-{}", hex::encode(&name)));
        files::create_private(&path, Sharing::Owner)?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let remove = |path: &Path| std::fs::remove_file(path).ok();
        remove(&self.path);
        remove(&files::with_ending(&self.path, "-journal"));
    }
}
