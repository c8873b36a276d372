//! What is left of erased content outside the log, cleared away after the commit: segments of the search index, the
//! write-ahead log, backups, files set aside by a restore. Killed in between, the next opening goes on with it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};

use super::clock::Clock;
use super::entropy::Entropy;
use super::erased;
use super::files;
use super::known;
use super::office::Office;
use super::open::{self, OpenFile};
use super::paths::OfficePaths;
use super::project::{Layout, search};
use super::watch::Watch;
use super::{backup, meta, trouble};
use crate::domain::fault::{Fault, FaultKind, Stop};

/// Pages of the index merged in one transaction.
const PAGES: i64 = 1_000;

/// Notes, with the erasing act, that the rest is to be cleared away.
pub fn ask(tx: &Transaction) -> Result<(), Fault> {
    meta::set(tx, meta::PURGE, 1)
}

/// True when something is still to be cleared away.
pub fn asked(conn: &Connection) -> Result<bool, Fault> {
    Ok(meta::get::<i64>(conn, meta::PURGE)?.is_some())
}

/// Clears away everything an erasure left. Says what became of backups, and what could not be done yet.
pub fn purge(file: &mut OpenFile, layout: &Layout, clock: &Clock, today: &str) -> Result<Vec<String>, Fault> {
    let mut notes = Vec::new();
    let written_back = clear(file, layout)?;
    if !written_back {
        notes.push("另一窗口正在读台账，预写日志里的原文待关闭各窗口后、下次打开时清除。".to_owned());
    }
    if let Some(paths) = file.office.clone() {
        notes.extend(backups(file, &paths, clock, today)?);
        notes.extend(set_aside(&paths, clock)?);
        known::forget(&paths)?;
        notes.push("存放在别处的旧备份和明文副本仍有原文，请收回销毁；用旧备份恢复时会再次密封。".to_owned());
    }
    if written_back {
        file.conn.execute("DELETE FROM meta WHERE key = ?1", [meta::PURGE])?;
    }
    Ok(notes)
}

/// The file itself: index, list beside it, write-ahead log. False while another window reads what it holds.
pub fn clear(file: &mut OpenFile, layout: &Layout) -> Result<bool, Fault> {
    while search::catch_up(&mut file.conn, layout)? {}
    merge_index(&mut file.conn)?;
    if let Some(paths) = &file.office {
        erased::publish(&file.conn, paths)?;
    }
    let busy: i64 = file
        .conn
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Merges the segments of the index into one, which drops what was deleted from it; in steps, so that other windows
/// can write between them.
fn merge_index(conn: &mut Connection) -> Result<(), Fault> {
    // A negative number asks for all segments at once, as `optimize` does; a positive one goes on with that.
    let mut pages = -PAGES;
    loop {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let changes = || -> Result<i64, Fault> { Ok(tx.query_row("SELECT total_changes()", [], |row| row.get(0))?) };
        let before = changes()?;
        tx.execute("INSERT INTO find(find, rank) VALUES ('merge', ?1)", [pages])?;
        // The command itself counts as one change.
        let merged = changes()? - before >= 2;
        tx.commit()?;
        if !merged {
            return Ok(());
        }
        pages = PAGES;
    }
}

/// A new backup first; then the older ones go.
fn backups(file: &mut OpenFile, paths: &OfficePaths, clock: &Clock, today: &str) -> Result<Vec<String>, Fault> {
    let folder = paths.backups();
    let older = zips(&folder)?;
    if older.is_empty() {
        return Ok(Vec::new());
    }
    let fresh = backup::daily_path(paths, today);
    backup::backup(file, &fresh, clock.now_ms(), &mut Watch::nobody())?;
    for path in &older {
        if *path != fresh {
            std::fs::remove_file(path).map_err(|error| trouble::io("删除旧备份", path, &error))?;
        }
    }
    files::sync_folder(&fresh)?;
    Ok(vec![format!(
        "本机原有的 {} 个备份仍有原文，已删除；另存了新备份 {}。",
        older.len(),
        fresh.display()
    )])
}

fn zips(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let listed = match std::fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(trouble::io("查看", folder, &error)),
    };
    let is_backup = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "zip");
    Ok(listed.flatten().map(|entry| entry.path()).filter(is_backup).collect())
}

/// The files that restores set aside are sealed like the office itself.
fn set_aside(paths: &OfficePaths, clock: &Clock) -> Result<Vec<String>, Fault> {
    let listed = std::fs::read_dir(&paths.folder).map_err(|error| trouble::io("查看", &paths.folder, &error))?;
    let mut notes = Vec::new();
    for entry in listed.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let old = OfficePaths::new(entry.path().join("old"));
        if !name.starts_with("replaced-") || !old.ledger().exists() {
            continue;
        }
        let sealed = std::fs::copy(paths.erased(), old.erased())
            .map_err(|error| trouble::io("写入", &old.erased(), &error).into())
            .and_then(|_| seal_again(&old, clock));
        if sealed.is_err() {
            notes.push(format!("恢复时移到 {name} 的旧文件打不开，没有密封，请自行销毁。"));
        }
    }
    Ok(notes)
}

/// Erases, in the office of a folder, what the list beside it names.
pub fn seal_again(paths: &OfficePaths, clock: &Clock) -> Result<(), Stop> {
    let office = Office::over(open::open(paths, clock)?, Clock::fixed(clock.now_ms()), Entropy::System)?;
    office.close()?;
    Ok(())
}

impl Office {
    /// Closes the file, which writes back its write-ahead log.
    pub fn close(self) -> Result<(), Fault> {
        self.into_file().conn.close().map_err(|(_, error)| error.into())
    }
}

/// A failure after the commit: the act stands, and the clearing goes on at the next opening.
pub fn not_finished(fault: &Fault) -> String {
    let why = if fault.kind == FaultKind::Busy {
        "另一窗口正在使用台账"
    } else {
        fault.reason.as_str()
    };
    format!("内容已密封，但旧备份和索引的清理没有做完（{why}）；下次打开台账时继续。")
}
