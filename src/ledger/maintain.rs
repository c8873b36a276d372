//! Upkeep off the commit path: the index catches up, its segments are merged in small steps, the write-ahead log is
//! written back. Called when nobody is typing, and after a short command has printed.

use rusqlite::{Connection, TransactionBehavior};

use super::backup;
use super::office::Office;
use super::project::search;
use super::seal;
use super::site::{self, Class};
use super::watch::Watch;
use crate::domain::fault::{Fault, FaultKind};

/// Pages one merge step may write.
const PAGES: i64 = 64;

impl Office {
    /// One slice of upkeep; true when there is more to do. Each slice holds the write lock for a few milliseconds.
    pub fn maintain(&mut self) -> Result<bool, Fault> {
        let layout = self.texts().layout.clone();
        let more = match slice(&mut self.file_mut().conn, &layout) {
            // Another window is writing just now; upkeep can wait.
            Err(fault) if fault.kind == FaultKind::Busy => return Ok(false),
            other => other?,
        };
        self.file().checkpoint()?;
        Ok(more)
    }

    /// What is due when the file is left: upkeep, a seal (the day's first when `sealing` is false), and an office's
    /// daily backup. Nothing of this can make an act undone.
    pub fn leave(&mut self, sealing: bool) -> Result<(), Fault> {
        self.settle()?;
        let (today, at) = (self.today(), self.clock().now_ms());
        let last = seal::last(&self.file().conn)?.map(|seal| seal.at);
        let sealed_today = last.is_some_and(|at| self.day_at(at) == today);
        let file = self.file_mut();
        if sealing || !sealed_today {
            let paths = file.office.clone();
            seal::seal(&mut file.conn, paths.as_ref(), at)?;
        }
        if site::class(&file.conn)? == Class::Office {
            backup::daily(file, &today.to_string(), at, &mut Watch::nobody())?;
        }
        Ok(())
    }

    /// All upkeep there is.
    pub fn settle(&mut self) -> Result<(), Fault> {
        while self.maintain()? {}
        Ok(())
    }
}

fn slice(conn: &mut Connection, layout: &super::project::Layout) -> Result<bool, Fault> {
    if search::catch_up(conn, layout)? {
        return Ok(true);
    }
    merge(conn)
}

/// Merges segments of the search index; false when there was nothing to merge.
fn merge(conn: &mut Connection) -> Result<bool, Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = changes(&tx)?;
    tx.execute("INSERT INTO find(find, rank) VALUES ('merge', ?1)", [PAGES])?;
    // The command itself counts as one change; more means pages were merged.
    let merged = changes(&tx)? - before >= 2;
    tx.commit()?;
    Ok(merged)
}

fn changes(conn: &Connection) -> Result<i64, Fault> {
    Ok(conn.query_row("SELECT total_changes()", [], |row| row.get(0))?)
}
