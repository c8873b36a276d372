//! What this file knew on an earlier day (`--known`): the log up to that day, made into tables once more.
//!
//! The tables stand in an encrypted file of their own, beside the office's file where that may be written, and are used
//! again as long as they fit; the log itself is read where it lies. An erasure throws them away.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::access_mode::Access;
use super::check_tables::attach;
use super::connect;
use super::erased;
use super::files::{self, Sharing};
use super::keys::DataKey;
use super::open::OpenFile;
use super::paths::OfficePaths;
use super::query::Reader;
use super::rebuild::{CACHE_KIB, replay};
use super::texts::Texts;
use super::watch::Watch;
use super::{entropy, hex, meta, trouble};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};

/// Marks a file whose tables are whole.
const WHOLE: i32 = 1;
/// Files of days looked at before that are kept.
const KEPT: usize = 4;

/// Where the log of a day ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    /// Local number of its last act.
    act: i64,
    /// Local number of its last event.
    event: i64,
    /// Hash of that event.
    hash: [u8; 32],
}

/// A reader of what the file knew at the end of a day; `watch` hears of events, and may break it off.
pub fn known(file: &OpenFile, day: NaiveDate, watch: &mut Watch) -> Result<Reader, Stop> {
    let cut = cut(&file.conn, day)?.ok_or_else(|| {
        Refusal::new("before_the_ledger", format!("到 {day} 为止，本台账还没有任何记录")).hint("请写建账以后的日期。")
    })?;
    let place = Place::of(file, &cut)?;
    let conn = match reuse(file, &place, &cut)? {
        Some(conn) => conn,
        None => build(file, &place, &cut, watch)?,
    };
    place.sweep();
    let letters = meta::letters(&file.conn)?;
    let texts = Texts::adopted(&conn)?;
    Ok(Reader::of_past(conn, texts, letters, day, place)?)
}

/// Throws away all that was made: what they hold may have been erased since.
pub fn forget(paths: &OfficePaths) -> Result<(), Fault> {
    let folder = paths.past();
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(trouble::io("删除", &folder, &error)),
        _ => Ok(()),
    }
}

fn cut(conn: &Connection, day: NaiveDate) -> Result<Option<Cut>, Fault> {
    // Arrival order is what counts: the first act of a later day ends it.
    let later: Option<i64> = conn.query_row("SELECT min(seq) FROM act WHERE today > ?1", [day.to_string()], |row| {
        row.get(0)
    })?;
    let found = conn
        .query_row(
            "SELECT a.seq, e.seq, e.hash FROM act a JOIN event e ON e.site = a.site AND e.site_seq = a.first + a.events - 1
             WHERE a.seq = (SELECT max(seq) FROM act WHERE seq < ?1)",
            [later.unwrap_or(i64::MAX)],
            |row| {
                Ok(Cut {
                    act: row.get(0)?,
                    event: row.get(1)?,
                    hash: row.get(2)?,
                })
            },
        )
        .optional()?;
    Ok(found)
}

/// Where the tables stand, and under which key.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    key: DataKey,
    /// Beside the office's file: stays for the next time.
    stays: bool,
}

impl Place {
    fn of(file: &OpenFile, cut: &Cut) -> Result<Self, Fault> {
        if let (Some(paths), Some(key), Access::ReadWrite) = (&file.office, &file.key, &file.access) {
            files::make_folder(&paths.past(), paths.sharing())?;
            let name = format!("known-{}-{}.lian", cut.event, hex::encode(&cut.hash[..8]));
            return Ok(Self {
                path: paths.past().join(name),
                key: key.clone(),
                stays: true,
            });
        }
        Ok(Self {
            path: std::env::temp_dir().join(unique("lianneng-known")?),
            key: DataKey::random()?,
            stays: false,
        })
    }

    /// Leaves the newest few.
    fn sweep(&self) {
        let Some(folder) = self.path.parent().filter(|_| self.stays) else {
            return;
        };
        let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut others: Vec<_> = listed
            .filter(|entry| entry.path() != self.path)
            .map(|entry| (entry.metadata().and_then(|about| about.modified()).ok(), entry.path()))
            .collect();
        others.sort();
        let surplus = (others.len() + 1).saturating_sub(KEPT);
        for (_, path) in others.into_iter().take(surplus) {
            // One that another window still reads goes the next time.
            std::fs::remove_file(path).ok();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.stays {
            std::fs::remove_file(&self.path).ok();
        }
    }
}

fn unique(name: &str) -> Result<String, Fault> {
    let mut bytes = [0; 8];
    entropy::system_bytes(&mut bytes)?;
    Ok(format!("{name}-{}", hex::encode(&bytes)))
}

/// The tables made before, if they are whole and this program's.
fn reuse(file: &OpenFile, place: &Place, cut: &Cut) -> Result<Option<Connection>, Fault> {
    if !place.path.exists() {
        return Ok(None);
    }
    let conn = connect::scratch(&place.path, &place.key)?;
    let whole = conn.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0));
    if whole.is_ok_and(|version| version == WHOLE) {
        look_through(&conn, file, cut)?;
        // Texts of then, tables of this program: another version makes other tables.
        if Texts::adopted(&conn)
            .and_then(|texts| texts.layout.stands(&conn))
            .unwrap_or(false)
        {
            return Ok(Some(conn));
        }
    }
    drop(conn);
    std::fs::remove_file(&place.path).map_err(|error| trouble::io("删除", &place.path, &error))?;
    Ok(None)
}

fn build(file: &OpenFile, place: &Place, cut: &Cut, watch: &mut Watch) -> Result<Connection, Fault> {
    let part = files::with_ending(&place.path, &unique(".part")?);
    let erased = erasures(file)?;
    let made = build_in(&part, file, place, cut, watch)
        .and_then(|()| std::fs::rename(&part, &place.path).map_err(|error| trouble::io("写入", &place.path, &error)));
    if made.is_err() {
        std::fs::remove_file(&part).ok();
    }
    made?;
    if erasures(file)? != erased {
        // What was read may be what was erased meanwhile, and the clearing is over.
        std::fs::remove_file(&place.path).map_err(|error| trouble::io("删除", &place.path, &error))?;
        return Err(Fault::new(FaultKind::Busy, "还原时另一窗口密封了内容").hint("请再看一次。"));
    }
    let conn = connect::scratch(&place.path, &place.key)?;
    look_through(&conn, file, cut)?;
    Ok(conn)
}

/// How many events the list beside the file names as erased.
fn erasures(file: &OpenFile) -> Result<usize, Fault> {
    file.office
        .as_ref()
        .map_or(Ok(0), |paths| Ok(erased::read(paths)?.len()))
}

fn build_in(part: &Path, file: &OpenFile, place: &Place, cut: &Cut, watch: &mut Watch) -> Result<(), Fault> {
    let sharing = file.office.as_ref().map_or(Sharing::Owner, OfficePaths::sharing);
    files::create_private(part, sharing)?;
    let conn = connect::scratch(part, &place.key)?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    look_through(&conn, file, cut)?;
    let texts = Texts::from_log(&conn)?;
    let letters = meta::letters(&file.conn)?;
    let tx = conn.unchecked_transaction()?;
    texts.layout.create_tables(&tx)?;
    replay(&tx, &texts.layout, &letters, watch)?;
    texts.layout.create_indexes(&tx)?;
    // Little is asked of it: what is searched is read through.
    tx.execute_batch("DROP TABLE find")?;
    tx.pragma_update(None, "user_version", WHOLE)?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| Fault::from(error))
}

/// Shows the office's log up to the cut under its own names.
fn look_through(conn: &Connection, file: &OpenFile, cut: &Cut) -> Result<(), Fault> {
    attach(conn, file)?;
    let Cut { act, event, .. } = cut;
    conn.execute_batch(&format!(
        "CREATE TEMP VIEW act AS SELECT * FROM office.act WHERE seq <= {act};
         CREATE TEMP VIEW event AS SELECT * FROM office.event WHERE seq <= {event};
         CREATE TEMP VIEW event_body AS SELECT * FROM office.event_body WHERE seq <= {event};
         CREATE TEMP VIEW site AS SELECT * FROM office.site;"
    ))?;
    Ok(())
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
