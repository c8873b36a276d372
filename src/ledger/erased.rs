//! `office.erased`: which events were erased, kept beside the file, so that an older copy put in its place is sealed
//! again. Hashes and grounds only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::chain::Id;
use super::erase::{self, BodyErased, ERASED, Erasure, Ground};
use super::paths::OfficePaths;
use super::project::Changed;
use super::submit::{Desk, Writing};
use super::{files, hex, meta, trouble};
use crate::domain::fault::{Fault, FaultKind, Stop};

/// Event hash as hex → why it was erased.
pub type List = BTreeMap<String, Ground>;

#[derive(Serialize, Deserialize)]
struct ErasedFile {
    format: u32,
    erased: List,
}

/// The list beside a file; empty when there is none.
pub fn read(paths: &OfficePaths) -> Result<List, Fault> {
    let path = paths.erased();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(List::new()),
        Err(error) => return Err(trouble::io("读取", &path, &error)),
    };
    match serde_json::from_str::<ErasedFile>(&text) {
        Ok(file) if file.format == 1 => Ok(file.erased),
        _ => Err(damaged(&path)),
    }
}

fn damaged(path: &Path) -> Fault {
    Fault::new(FaultKind::Damaged, format!("密封清单 {} 已损坏", path.display()))
        .hint("把它移走后再打开台账会重新生成；旧备份恢复后请核对已移送的事项。")
}

/// What a log announces as erased.
pub fn announced(conn: &Connection) -> Result<List, Fault> {
    let mut statement =
        conn.prepare("SELECT b.body FROM event e JOIN event_body b ON b.seq = e.seq WHERE e.kind = ?1")?;
    let bodies = statement.query_map([ERASED], |row| row.get::<_, String>(0))?;
    let mut list = List::new();
    for body in bodies {
        // One that a newer program wrote differently is that program's business.
        if let Ok(erased) = serde_json::from_str::<BodyErased>(&body?) {
            list.insert(erased.event, erased.ground);
        }
    }
    Ok(list)
}

/// Adds what this log announces to the list beside it.
pub fn publish(conn: &Connection, paths: &OfficePaths) -> Result<(), Fault> {
    let mut list = announced(conn)?;
    // A list that cannot be read is written anew rather than kept.
    list.extend(read(paths).unwrap_or_default());
    looked_through(conn, &list)?;
    write(paths, list)
}

/// True when this file has not been compared with a list of this length: an older copy may stand in its place.
pub fn differs(conn: &Connection, list: &List) -> Result<bool, Fault> {
    Ok(meta::get::<i64>(conn, meta::ERASED)?.unwrap_or_default() != length(list))
}

/// Notes that this file holds nothing of what the list names.
pub fn looked_through(conn: &Connection, list: &List) -> Result<(), Fault> {
    meta::set(conn, meta::ERASED, length(list))
}

fn length(list: &List) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

/// Writes the list, unless there is nothing to write.
pub fn write(paths: &OfficePaths, list: List) -> Result<(), Fault> {
    if list.is_empty() {
        return Ok(());
    }
    let file = ErasedFile {
        format: 1,
        erased: list,
    };
    let text = serde_json::to_string(&file)
        .map_err(|error| Fault::new(FaultKind::World, format!("office.erased 写不成：{error}")))?;
    files::replace(&paths.erased(), text.as_bytes(), paths.sharing())
}

impl Desk<'_> {
    /// Erases again what the list names and this log still holds: an older copy came back. True when there was any.
    pub fn seal_again(&mut self, list: &List) -> Result<bool, Stop> {
        let known = announced(self.tx)?;
        let missing: BTreeSet<&String> = list.keys().filter(|hash| !known.contains_key(*hash)).collect();
        if missing.is_empty() {
            return Ok(false);
        }
        let mut stored = Vec::new();
        let mut statement = self.tx.prepare(erase::STORED)?;
        for one in statement.query_map([], erase::raw)? {
            let one = one?;
            if missing.contains(&hex::encode(&one.hash)) {
                stored.push(one);
            }
        }
        drop(statement);
        let on = |stored: &erase::Stored| list.get(&hex::encode(&stored.hash)).copied();
        let (sources, clues): (Vec<_>, Vec<_>) = stored
            .into_iter()
            .partition(|stored| on(stored) == Some(Ground::SourceExpired));
        let quotes = erase::quotes_of(&clues)?;
        let mut erasures = erase::prepare(self.entropy, &clues, &quotes, Ground::ClueTransferred, false)?;
        erasures.extend(erase::prepare_sources(self.entropy, &sources)?);
        erasures.sort_by_key(|erasure| erasure.seq);
        Ok(self.write_erasures(erase::RESEAL, erasures)?.is_some())
    }

    /// Writes an act that does nothing but erase; none when there is nothing to erase. Its id, and what it changed.
    pub fn write_erasures(&mut self, verb: &str, erasures: Vec<Erasure>) -> Result<Option<(Id, Vec<Changed>)>, Stop> {
        if erasures.is_empty() {
            return Ok(None);
        }
        let act_id = self.new_act_id()?;
        let (_, changed) = self.write(Writing {
            act_id,
            verb,
            happened: self.today,
            acting_for: String::new(),
            because: None,
            events: Vec::new(),
            erasures,
        })?;
        Ok(Some((act_id, changed)))
    }

    /// Today, or the last act's day when the clock is behind it.
    pub fn not_before_the_log(&mut self) -> Result<(), Fault> {
        let last: Option<String> = self
            .tx
            .query_row("SELECT today FROM act ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
            .optional()?;
        if let Some(last) = last {
            self.today = self.today.max(super::project::fold::day(&last)?);
        }
        Ok(())
    }
}
