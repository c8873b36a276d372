//! `office.mark`: how far the file was when it was last sealed.

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::chain::{Hash, Id};
use super::paths::OfficePaths;
use super::site::Tail;
use super::{files, hex};
use crate::domain::fault::{Fault, FaultKind};

#[derive(Serialize, Deserialize)]
struct MarkFile {
    format: u32,
    site: String,
    site_seq: i64,
    hash: String,
}

/// How the file stands to its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The mark lies on this file's log.
    Agrees,
    /// There is none, or it cannot be read.
    Missing,
    /// It names something this file does not have: the file is older, or another.
    Ahead,
}

/// The mark beside the file; `None` when it is missing or unreadable.
pub fn read(paths: &OfficePaths) -> Option<Tail> {
    let text = std::fs::read_to_string(paths.mark()).ok()?;
    let file: MarkFile = serde_json::from_str(&text).ok()?;
    (file.format == 1).then_some(())?;
    Some(Tail {
        site: hex::decode(&file.site)?,
        site_seq: file.site_seq,
        hash: hex::decode(&file.hash)?,
    })
}

/// Replaces the mark. Only after the commit of what it names.
pub fn write(paths: &OfficePaths, tail: &Tail) -> Result<(), Fault> {
    let file = MarkFile {
        format: 1,
        site: hex::encode(&tail.site),
        site_seq: tail.site_seq,
        hash: hex::encode(&tail.hash),
    };
    let text = serde_json::to_string(&file)
        .map_err(|error| Fault::new(FaultKind::World, format!("office.mark 写不成：{error}")))?;
    files::replace(&paths.mark(), text.as_bytes(), paths.sharing())
}

/// Whether the mark lies on this file's log, in one look-up.
pub fn compare(conn: &Connection, paths: &OfficePaths) -> Result<Standing, Fault> {
    let Some(mark) = read(paths) else {
        return Ok(Standing::Missing);
    };
    Ok(if hash_at(conn, &mark.site, mark.site_seq)? == Some(mark.hash) {
        Standing::Agrees
    } else {
        Standing::Ahead
    })
}

/// The hash at a place of a site's log; place 0 is its genesis.
fn hash_at(conn: &Connection, site: &Id, site_seq: i64) -> Result<Option<Hash>, Fault> {
    let sql = match site_seq {
        0 => "SELECT genesis FROM site WHERE site = ?1 AND ?2 = 0",
        _ => "SELECT hash FROM event WHERE site = ?1 AND site_seq = ?2",
    };
    Ok(conn.query_row(sql, (site, site_seq), |row| row.get(0)).optional()?)
}
