//! Restoring: the backup is checked before anything is moved, the files in place are kept aside, and the office
//! goes on under a new site that names the old one and where it ended.
//!
//! Three states on the disk, so that a kill at any moment harms nothing: `restoring/` is unfinished and thrown
//! away by the next attempt; `restored/` is whole and is moved into place by whoever opens the folder next;
//! `replaced-…/` holds what was there before.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use zip::ZipArchive;

use super::access_mode::{self, Access};
use super::backup::{KEYS, LABEL, LEDGER, Label, SEALS};
use super::clock::Clock;
use super::connect::connect;
use super::entropy::Entropy;
use super::files::{self, Sharing};
use super::open::{self, OpenFile};
use super::paths::OfficePaths;
use super::refuse::Form;
use super::verify::{self, Options};
use super::watch::Watch;
use super::{erased, keys, mark, migrate, network, purge, site, trouble};
use crate::domain::fault::{Fault, FaultKind, Stop};

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// The office, open.
    pub file: OpenFile,
    /// What the backup says about itself.
    pub label: Label,
    /// Where the files that were in place lie now; `None` when there were none.
    pub aside: Option<PathBuf>,
}

/// Restores the office of a folder from a backup zip. Nothing is touched unless the backup verifies.
pub fn restore(zip: &Path, paths: &OfficePaths, clock: &Clock, watch: &mut Watch) -> Result<Restored, Fault> {
    network::refuse(&paths.folder)?;
    let mut archive = open_zip(zip)?;
    files::make_folder(&paths.folder, Sharing::Owner)?;
    let lock = open::lock(paths)?;
    finish_locked(paths, clock)?;
    let staging = paths.restoring();
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(|error| trouble::io("清理", &staging, &error))?;
    }
    files::make_folder(&staging, Sharing::Owner)?;
    let erased = erased_here(paths)?;
    let fresh = OfficePaths::new(&staging);
    let staged = stage(&mut archive, zip, &fresh, paths.sharing(), watch);
    // What was erased here since the backup was made is erased in it before it comes into place.
    let staged = staged.and_then(|label| seal_again(&fresh, erased, clock).map(|()| label));
    // The file in place is not touched before the backup has proved to be good.
    let (label, held) = match staged.and_then(|label| Ok((label, hold(paths)?))) {
        Ok(done) => done,
        Err(fault) => {
            fs::remove_dir_all(&staging).ok();
            return Err(fault);
        }
    };
    files::rename(&staging, &ready(paths))?;
    // Windows cannot move a file that is open; elsewhere nobody gets in between.
    #[cfg(not(unix))]
    drop(held);
    let aside = finish_locked(paths, clock)?;
    #[cfg(unix)]
    drop(held);
    drop(lock);
    Ok(Restored {
        file: open::open(paths, clock)?,
        label,
        aside,
    })
}

/// Moves a whole but unfinished restore into place; called by everybody who opens the folder.
pub fn finish(paths: &OfficePaths, clock: &Clock) -> Result<(), Fault> {
    if !ready(paths).exists() {
        return Ok(());
    }
    let _lock = open::lock(paths)?;
    finish_locked(paths, clock).map(drop)
}

fn ready(paths: &OfficePaths) -> PathBuf {
    paths.folder.join("restored")
}

fn finish_locked(paths: &OfficePaths, clock: &Clock) -> Result<Option<PathBuf>, Fault> {
    let from = ready(paths);
    if !from.exists() {
        return Ok(None);
    }
    let old = from.join("old");
    files::make_folder(&old, Sharing::Owner)?;
    // The old write-ahead log goes before the new file comes, which would otherwise be mixed with it; the ledger
    // itself comes last, so that whatever was moved can be told from what was not.
    let ledger = paths.ledger();
    if from.join(LEDGER).exists() {
        for path in [super::paths::wal_of(&ledger), super::paths::shm_of(&ledger)] {
            set_aside(&path, &old)?;
        }
    }
    for path in [paths.keys(), paths.mark(), paths.seals(), paths.erased(), ledger] {
        let Some(name) = path.file_name() else { continue };
        let fresh = from.join(name);
        if fresh.exists() {
            set_aside(&path, &old)?;
            files::rename(&fresh, &path)?;
        } else if from.join(LEDGER).exists() && path == paths.seals() {
            // A backup made before anything was sealed: the other file's seals do not fit it.
            set_aside(&path, &old)?;
        }
    }
    let kept = fs::read_dir(&old)
        .map_err(|error| trouble::io("查看", &old, &error))?
        .next()
        .is_some();
    if !kept {
        fs::remove_dir_all(&from).map_err(|error| trouble::io("清理", &from, &error))?;
        return Ok(None);
    }
    let aside = paths.folder.join(format!("replaced-{}", clock.now_ms()));
    files::rename(&from, &aside)?;
    Ok(Some(aside))
}

/// What the office in place has erased: the list beside it, and what its log adds when it can be read.
fn erased_here(paths: &OfficePaths) -> Result<erased::List, Fault> {
    let mut list = erased::read(paths)?;
    let why = Access::ReadOnly("正在恢复".into());
    let in_place = keys::read(&paths.keys())
        .and_then(|key| connect(&paths.ledger(), Some(&key), &why))
        .and_then(|conn| erased::announced(&conn));
    list.extend(in_place.unwrap_or_default());
    Ok(list)
}

fn seal_again(staging: &OfficePaths, list: erased::List, clock: &Clock) -> Result<(), Fault> {
    if list.is_empty() {
        return Ok(());
    }
    erased::write(staging, list)?;
    purge::seal_again(staging, clock).map_err(|stop| match stop {
        Stop::Failed(fault) => fault,
        Stop::Refused(refusal) => Fault::new(FaultKind::World, refusal.reason).hint(refusal.hint),
    })
}

fn set_aside(path: &Path, old: &Path) -> Result<(), Fault> {
    match path.file_name() {
        Some(name) if path.exists() => files::rename(path, &old.join(name)),
        _ => Ok(()),
    }
}

/// Makes sure that nobody works in the file in place, and brings its write-ahead log home. A file that does not
/// open is moved aside as it is.
fn hold(paths: &OfficePaths) -> Result<Option<Connection>, Fault> {
    let path = paths.ledger();
    let opened = keys::read(&paths.keys()).and_then(|key| connect(&path, Some(&key), &Access::ReadWrite));
    let conn = match opened {
        Ok(conn) => conn,
        Err(fault) if fault.kind == FaultKind::Busy => return Err(fault),
        Err(_) => return Ok(None),
    };
    // Leaving the write-ahead mode succeeds only for the last connection.
    let alone = conn
        .busy_timeout(std::time::Duration::ZERO)
        .and_then(|()| conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0)))
        .is_ok_and(|mode| mode == "delete")
        && conn.execute_batch("BEGIN EXCLUSIVE").is_ok();
    if alone {
        return Ok(Some(conn));
    }
    Err(Fault::new(FaultKind::Busy, "台账正被另一窗口打开，不能恢复").hint("请关闭其他窗口后再恢复。"))
}

fn open_zip(zip: &Path) -> Result<ZipArchive<File>, Fault> {
    let file = File::open(zip).map_err(|error| trouble::io("打开备份", zip, &error))?;
    ZipArchive::new(file).map_err(|_| not_a_backup(zip))
}

fn not_a_backup(zip: &Path) -> Fault {
    Fault::new(FaultKind::Damaged, format!("{} 不是完整的备份文件", zip.display()))
        .hint("请换一个备份；现有台账没有改动。")
}

/// Unpacks, checks and re-sites the backup in the staging folder.
fn stage(
    archive: &mut ZipArchive<File>,
    zip: &Path,
    staging: &OfficePaths,
    sharing: Sharing,
    watch: &mut Watch,
) -> Result<Label, Fault> {
    let label = unpack(archive, LABEL, zip, 1 << 16)?.ok_or_else(|| not_a_backup(zip))?;
    let label: Label = serde_json::from_slice(&label).map_err(|_| not_a_backup(zip))?;
    if label.format != 1 || label.version > migrate::newest() {
        return Err(Fault::new(FaultKind::World, "备份由更新的版本写成，本版不能恢复").hint("请换用新版廉能台。"));
    }
    for (name, path, needed) in [
        (KEYS, staging.keys(), true),
        (SEALS, staging.seals(), false),
        (LEDGER, staging.ledger(), true),
    ] {
        let found = unpack_to(archive, name, &path, zip, sharing)?;
        if needed && !found {
            return Err(not_a_backup(zip));
        }
    }
    check(staging, zip, watch)?;
    let key = keys::read(&staging.keys())?;
    let mut conn = connect(&staging.ledger(), Some(&key), &Access::ReadWrite)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tail = site::succeed(&tx, &mut Entropy::System)?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| error)?;
    mark::write(staging, &tail)?;
    Ok(label)
}

fn check(staging: &OfficePaths, zip: &Path, watch: &mut Watch) -> Result<(), Fault> {
    let refused = |why: String| {
        Fault::new(
            FaultKind::Damaged,
            format!("备份 {} 没有通过校验：{why}", zip.display()),
        )
        .hint("请换一个备份；现有台账没有改动。")
    };
    let path = staging.ledger();
    let access = Access::ReadOnly("正在恢复".into());
    let key = keys::read(&staging.keys())?;
    let conn = connect(&path, Some(&key), &access).map_err(|fault| refused(fault.reason))?;
    migrate::inspect(&conn, migrate::OFFICE_ID)?;
    let office = Some(staging.clone());
    let file = OpenFile {
        conn,
        path,
        office,
        form: Form::Encrypted,
        access,
        key: Some(key),
        new_site: false,
    };
    let verdict = verify::verify(&file, Options::default(), watch)?;
    match verdict.first_bad {
        Some(bad) => Err(refused(bad.reason)),
        None => Ok(()),
    }
}

/// A small member, held in memory.
fn unpack(archive: &mut ZipArchive<File>, name: &str, zip: &Path, limit: u64) -> Result<Option<Vec<u8>>, Fault> {
    let Ok(member) = archive.by_name(name) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    member
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| not_a_backup(zip))?;
    Ok(Some(bytes))
}

/// A member written to a file of ours: the names come from us, never from the zip. False when there is none.
fn unpack_to(
    archive: &mut ZipArchive<File>,
    name: &str,
    to: &Path,
    zip: &Path,
    sharing: Sharing,
) -> Result<bool, Fault> {
    let Ok(mut member) = archive.by_name(name) else {
        return Ok(false);
    };
    // The zip's own word on the size; more than it says is never written.
    let size = member.size();
    access_mode::require_space(to, size)?;
    let mut file = files::create_private(to, sharing)?;
    let copied = std::io::copy(&mut (&mut member).take(size), &mut file).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => not_a_backup(zip),
        _ => trouble::io("写入", to, &error),
    })?;
    if copied != size {
        return Err(not_a_backup(zip));
    }
    file.sync_all().map_err(|error| trouble::io("写入", to, &error))?;
    Ok(true)
}

#[cfg(test)]
#[path = "restore_tests.rs"]
mod tests;
