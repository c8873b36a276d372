//! The search index: written at once for a few texts, put off for a burst and filled in chunks.

use rusqlite::{Connection, TransactionBehavior};

use super::apply::parse_state;
use super::layout::Layout;
use super::rows;
use crate::domain::fault::Fault;

/// Texts of one act that are indexed with it; more wait in `fts_todo`.
const AT_ONCE: usize = 64;
/// Texts indexed in one transaction afterwards.
pub const CHUNK: i64 = 500;

/// Texts that changed in this transaction.
#[derive(Debug, Default)]
pub struct Search {
    changed: Vec<(i64, String)>,
    later: Vec<i64>,
    burst: bool,
}

impl Search {
    /// So many streams are about to change: whether their grams are worth making now.
    pub fn expect(&mut self, streams: usize) {
        self.burst |= streams > AT_ONCE;
    }

    /// Grams are asked for now.
    pub fn now(&self) -> bool {
        !self.burst
    }

    /// The grams of a stream are these now; empty = it is not found any more.
    pub fn put(&mut self, id: i64, grams: String) {
        self.changed.push((id, grams));
    }

    /// A stream changed whose grams are made later.
    pub fn later(&mut self, id: i64) {
        self.later.push(id);
    }

    /// Indexes what changed, and notes what is left for later.
    pub fn flush(&mut self, conn: &Connection) -> Result<(), Fault> {
        for (id, grams) in std::mem::take(&mut self.changed) {
            index(conn, id, &grams)?;
            conn.prepare_cached("DELETE FROM fts_todo WHERE id = ?1")?
                .execute([id])?;
        }
        let mut note = conn.prepare_cached("INSERT OR IGNORE INTO fts_todo (id) VALUES (?1)")?;
        for id in std::mem::take(&mut self.later) {
            note.execute([id])?;
        }
        Ok(())
    }
}

fn index(conn: &Connection, id: i64, grams: &str) -> Result<(), Fault> {
    conn.prepare_cached("DELETE FROM find WHERE rowid = ?1")?
        .execute([id])?;
    if !grams.is_empty() {
        conn.prepare_cached("INSERT INTO find (rowid, g) VALUES (?1, ?2)")?
            .execute((id, grams))?;
    }
    Ok(())
}

/// How many texts wait to be indexed.
pub fn waiting(conn: &Connection) -> Result<i64, Fault> {
    Ok(conn.query_row("SELECT count(*) FROM fts_todo", [], |row| row.get(0))?)
}

/// Indexes up to [`CHUNK`] waiting texts in a transaction of its own; false when none waits.
pub fn catch_up(conn: &mut Connection, layout: &Layout) -> Result<bool, Fault> {
    if conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM fts_todo)", [], |row| row.get(0))? {
        return Ok(false);
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let more = chunk(&tx, layout)?;
    tx.commit()?;
    Ok(more)
}

/// Indexes up to [`CHUNK`] waiting texts inside the caller's transaction; false when none waited.
pub fn chunk(conn: &Connection, layout: &Layout) -> Result<bool, Fault> {
    let waiting: Vec<(i64, String)> = conn
        .prepare_cached("SELECT t.id, s.state FROM fts_todo t JOIN state s ON s.id = t.id ORDER BY t.id LIMIT ?1")?
        .query_map([CHUNK], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, state) in &waiting {
        index(conn, *id, &rows::grams(&parse_state(state)?, layout))?;
        conn.prepare_cached("DELETE FROM fts_todo WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(!waiting.is_empty())
}
