//! Backups: one zip, stored, of an encrypted copy, its keys and its seals.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::access_mode;
use super::connect::connect;
use super::files::{self, Sharing};
use super::keys::{self, DataKey};
use super::open::OpenFile;
use super::paths::OfficePaths;
use super::watch::Watch;
use super::{hex, migrate, refuse, seal, site, trouble};
use crate::domain::fault::{Fault, FaultKind};

/// Daily backups kept; before that, the last of each month.
const DAYS_KEPT: usize = 10;
const MONTHS_KEPT: usize = 12;

/// What a backup says about itself, in `backup.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// 1.
    pub format: u32,
    /// When it was made, milliseconds UTC as claimed.
    pub at: i64,
    /// Program and version that made it.
    pub program: String,
    /// Site that wrote the file.
    pub site: String,
    /// Its last event.
    pub site_seq: i64,
    /// Hash of that event.
    pub head: String,
    /// `user_version` of the copy.
    pub version: i32,
}

/// Names inside the zip.
pub const LEDGER: &str = "office.lian";
/// The data key.
pub const KEYS: &str = "office.keys";
/// The seals.
pub const SEALS: &str = "office.seals";
/// The label.
pub const LABEL: &str = "backup.json";

/// Seals the head and writes a backup of an open office to `to`, in one step: a file of that name is replaced
/// only by a whole backup.
pub fn backup(file: &mut OpenFile, to: &Path, at: i64, watch: &mut Watch) -> Result<Label, Fault> {
    let Some(paths) = file.office.clone() else {
        return Err(Fault::new(FaultKind::Usage, "单独打开的文件不能备份").hint("请用 --data 打开台账所在的文件夹。"));
    };
    if file.access.require_write().is_ok() {
        seal::seal(&mut file.conn, Some(&paths), at)?;
    }
    write_zip(&file.conn, &paths, to, at, watch)
}

/// As [`backup`], of a connection as it is: before a migration nothing may be written, not even a seal.
pub fn write_zip(
    conn: &Connection,
    paths: &OfficePaths,
    to: &Path,
    at: i64,
    watch: &mut Watch,
) -> Result<Label, Fault> {
    let size = database_size(conn)?;
    access_mode::require_space(to, size.saturating_mul(2))?;
    watch.step(0, 3)?;
    let copy = files::with_ending(to, ".copy");
    let zip = files::with_ending(to, ".part");
    let made = copy_into(conn, &copy)
        .and_then(|()| watch.step(1, 3))
        .and_then(|()| label_of(&copy, &keys::read(&paths.keys())?, at))
        .and_then(|label| pack(&zip, &copy, paths, &label, size).map(|()| label))
        .and_then(|label| watch.step(2, 3).map(|()| label))
        .and_then(|label| files::rename(&zip, to).map(|()| label));
    for unfinished in [&copy, &zip] {
        std::fs::remove_file(unfinished).ok();
    }
    let label = made?;
    watch.step(3, 3)?;
    Ok(label)
}

/// Bytes of an encrypted database, its write-ahead log included.
pub fn database_size(conn: &Connection) -> Result<u64, Fault> {
    let pages: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    Ok(u64::from(pages) * refuse::PAGE)
}

/// `VACUUM INTO` keeps key, version and application id, and sees one moment of the file while others write on.
fn copy_into(conn: &Connection, copy: &Path) -> Result<(), Fault> {
    files::create_private(copy, Sharing::Owner)?;
    conn.execute("VACUUM INTO ?1", [sql_name(copy)?])?;
    Ok(())
}

/// A path as SQLite takes it.
pub fn sql_name(path: &Path) -> Result<&str, Fault> {
    path.to_str().ok_or_else(|| {
        Fault::new(FaultKind::World, format!("路径 {} 含有不能识别的字符", path.display())).hint("请换一个路径。")
    })
}

/// Reads the label from the copy itself, which proves that it opens with this key.
fn label_of(copy: &Path, key: &DataKey, at: i64) -> Result<Label, Fault> {
    let why = access_mode::Access::ReadOnly(String::new());
    let conn = connect(copy, Some(key), &why)?;
    let version = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let id: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tail = site::tail(&conn, &site::current(&conn)?)?;
    if id != migrate::OFFICE_ID {
        return Err(Fault::new(FaultKind::World, "备份的副本没有标识，备份未完成").hint("请重试。"));
    }
    Ok(Label {
        format: 1,
        at,
        program: format!("lianneng {}", env!("CARGO_PKG_VERSION")),
        site: hex::encode(&tail.site),
        site_seq: tail.site_seq,
        head: hex::encode(&tail.hash),
        version,
    })
}

fn pack(zip: &Path, copy: &Path, paths: &OfficePaths, label: &Label, size: u64) -> Result<(), Fault> {
    let failed = |error: std::io::Error| trouble::io("写入备份", zip, &error);
    // Stored: encrypted pages do not shrink.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .unix_permissions(0o600)
        .large_file(size > u64::from(u32::MAX) / 2);
    let mut writer = ZipWriter::new(files::create_private(zip, Sharing::Owner)?);
    let label = serde_json::to_vec(label).map_err(|error| failed(error.into()))?;
    writer
        .start_file(LABEL, options)
        .map_err(|error| failed(error.into()))?;
    writer.write_all(&label).map_err(failed)?;
    for (name, path) in [(KEYS, paths.keys()), (SEALS, paths.seals()), (LEDGER, copy.to_owned())] {
        let mut file = match File::open(&path) {
            Ok(file) => file,
            // Nothing was sealed yet.
            Err(error) if name == SEALS && error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(trouble::io("读取", &path, &error)),
        };
        writer.start_file(name, options).map_err(|error| failed(error.into()))?;
        std::io::copy(&mut file, &mut writer).map_err(failed)?;
    }
    let file = writer.finish().map_err(|error| failed(error.into()))?;
    file.sync_all().map_err(failed)
}

/// The name of today's automatic backup; `today` is `YYYY-MM-DD`.
pub fn daily_path(paths: &OfficePaths, today: &str) -> PathBuf {
    paths.backups().join(format!("daily-{today}.zip"))
}

/// Makes today's backup unless it is there, thins out old ones and sweeps up what killed writers left. True when
/// one was made.
///
/// Called on opening; with a large file, from a worker.
pub fn daily(file: &mut OpenFile, today: &str, at: i64, watch: &mut Watch) -> Result<bool, Fault> {
    let Some(paths) = file.office.clone().filter(|_| file.access.require_write().is_ok()) else {
        return Ok(false);
    };
    let path = daily_path(&paths, today);
    if path.exists() {
        return Ok(false);
    }
    files::make_folder(&paths.backups(), paths.sharing())?;
    backup(file, &path, at, watch)?;
    thin(&paths)?;
    let now = SystemTime::now();
    files::sweep(&paths.backups(), &["daily-", "before-upgrade-"], now)?;
    files::sweep(&paths.folder, &["office."], now)?;
    Ok(true)
}

/// The backup made before an older file is changed.
pub fn before_migration(conn: &Connection, paths: &OfficePaths, at: i64) -> Result<(), Fault> {
    let version: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    files::make_folder(&paths.backups(), paths.sharing())?;
    let path = paths.backups().join(format!("before-upgrade-v{version}-{at}.zip"));
    write_zip(conn, paths, &path, at, &mut Watch::nobody()).map(drop)
}

/// Removes automatic backups older than the last ten days and not the last of one of the last twelve months.
/// Other files in the folder are nobody's business.
fn thin(paths: &OfficePaths) -> Result<(), Fault> {
    let folder = paths.backups();
    let listed = std::fs::read_dir(&folder).map_err(|error| trouble::io("查看", &folder, &error))?;
    let names = listed
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    for name in superseded(names) {
        let path = folder.join(name);
        std::fs::remove_file(&path).map_err(|error| trouble::io("删除旧备份", &path, &error))?;
    }
    Ok(())
}

fn superseded(names: Vec<String>) -> Vec<String> {
    let day = |name: &str| -> Option<String> {
        let day = name.strip_prefix("daily-")?.strip_suffix(".zip")?;
        (day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then(|| day.to_owned())
    };
    let mut days: Vec<String> = names.iter().filter_map(|name| day(name)).collect();
    days.sort_unstable_by(|one, two| two.cmp(one));
    let mut months: Vec<String> = Vec::new();
    let mut old = Vec::new();
    for (place, day) in days.iter().enumerate() {
        let month = day[..7].to_owned();
        let last_of_month = !months.contains(&month);
        if last_of_month {
            months.push(month);
        }
        if place >= DAYS_KEPT && !(last_of_month && months.len() <= MONTHS_KEPT) {
            old.push(format!("daily-{day}.zip"));
        }
    }
    old
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
