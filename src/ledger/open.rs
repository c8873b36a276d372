//! Opening and creating an office's file.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::access_mode::Access;
use super::clock::Clock;
use super::connect::{connect, connect_if, connect_new};
use super::entropy::Entropy;
use super::files::{self, Sharing};
use super::keeper::KeeperKey;
use super::keys::{self, DataKey};
use super::paths::OfficePaths;
use super::refuse::{self, Form};
use super::site::{self, Class};
use super::{backup, mark, meta, migrate, network, restore, trouble};
use crate::domain::fault::{Fault, FaultKind};

/// An open file.
#[derive(Debug)]
pub struct OpenFile {
    /// The connection; its key is set and its first page was read.
    pub conn: Connection,
    /// The database file itself.
    pub path: PathBuf,
    /// The folder it belongs to; `None` for a file opened on its own.
    pub office: Option<OfficePaths>,
    /// Encrypted or plain.
    pub form: Form,
    /// Whether acts may be submitted.
    pub access: Access,
    /// The key, to open further connections; `None` for a plain copy.
    pub key: Option<DataKey>,
    /// A new site was opened, because the mark beside the file was missing or ahead.
    pub new_site: bool,
}

impl OpenFile {
    /// A second connection to the same file, for a worker.
    pub fn another(&self) -> Result<Connection, Fault> {
        connect(&self.path, self.key.as_ref(), &self.access)
    }

    /// The same file once more, for a thread of its own.
    pub fn again(&self) -> Result<OpenFile, Fault> {
        Ok(OpenFile {
            conn: self.another()?,
            path: self.path.clone(),
            office: self.office.clone(),
            form: self.form,
            access: self.access.clone(),
            key: self.key.clone(),
            new_site: self.new_site,
        })
    }

    /// Writes back the write-ahead log, as far as possible without waiting.
    pub fn checkpoint(&self) -> Result<(), Fault> {
        super::connect::checkpoint(&self.conn, &self.path)
    }
}

/// What a new file is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewOffice<'a> {
    /// An office's own, or a rehearsal.
    pub class: Class,
    /// 2–6 of A–Z0–9, in every code.
    pub letters: &'a str,
    /// For the owner alone, or for the folder's group.
    pub sharing: Sharing,
}

/// Opens the office of a folder. Refuses, each with its own sentence: nothing there, a folder, an empty, cut or
/// foreign file, a wrong key, a newer file, no right to read, a network drive. An older file is backed up and
/// migrated; a copy gets a new site.
pub fn open(paths: &OfficePaths, clock: &Clock) -> Result<OpenFile, Fault> {
    let path = paths.ledger();
    network::refuse(&path)?;
    restore::finish(paths, clock)?;
    if refuse::form_of(&path)? == Form::Plain {
        // Asked for what it is, so that the sentence fits; it is never opened from here.
        return Err(plain_in_place(&path));
    }
    let key = keys::read(&paths.keys())?;
    let access = Access::of(&path);
    let (mut conn, older) = connect_if(&path, Some(&key), &access, |conn| {
        migrate::inspect(conn, migrate::OFFICE_ID)
    })?;
    if older {
        access.require_write()?;
        migrate::migrate(&mut conn, |conn| backup::before_migration(conn, paths, clock.now_ms()))?;
    }
    let new_site = access == Access::ReadWrite && site::settle(&mut conn, paths)?;
    Ok(OpenFile {
        conn,
        path,
        office: Some(paths.clone()),
        form: Form::Encrypted,
        access,
        key: Some(key),
        new_site,
    })
}

fn plain_in_place(path: &Path) -> Fault {
    let looked = connect(path, None, &Access::ReadOnly(String::new()))
        .and_then(|conn| migrate::inspect(&conn, migrate::OFFICE_ID));
    match looked {
        Err(fault) => fault,
        Ok(_) => Fault::new(FaultKind::World, "这是未加密的台账文件，不能打开").hint("请从备份恢复。"),
    }
}

/// Opens one file for reading: a plain copy, or an encrypted file with its `.keys` (or `office.keys`) beside it.
/// `office.lian` itself opens as its folder does.
pub fn open_file(path: &Path, clock: &Clock) -> Result<OpenFile, Fault> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let office = OfficePaths::new(folder);
    if path.file_name() == office.ledger().file_name() && office.keys().exists() {
        return open(&office, clock);
    }
    network::refuse(path)?;
    let form = refuse::form_of(path)?;
    let (key, id, why) = match form {
        Form::Plain => (None, migrate::PLAIN_ID, "明文副本只能查看"),
        Form::Encrypted => {
            let own = path.with_extension("keys");
            let place = if own.exists() { own } else { office.keys() };
            (Some(keys::read(&place)?), migrate::OFFICE_ID, "单独打开的文件只能查看")
        }
    };
    let access = Access::ReadOnly(why.to_owned());
    let (conn, older) = connect_if(path, key.as_ref(), &access, |conn| migrate::inspect(conn, id))?;
    if older {
        return Err(Fault::new(FaultKind::World, "文件由旧版本写成，单独打开不能升级")
            .hint("请用建立它的版本查看，或恢复到文件夹中再打开。"));
    }
    Ok(OpenFile {
        conn,
        path: path.to_owned(),
        office: None,
        form,
        access,
        key,
        new_site: false,
    })
}

/// Makes a new office in `paths` and opens it. The folder is made if missing; a file that is there is never
/// touched. Killed at any moment, it leaves either no `office.lian` or a whole one.
///
/// Seeded entropy is refused for a real office: its site key could be computed by anybody.
pub fn create(paths: &OfficePaths, new: &NewOffice, entropy: &mut Entropy, clock: &Clock) -> Result<OpenFile, Fault> {
    check_letters(new.letters)?;
    if new.class == Class::Office && matches!(entropy, Entropy::Seeded(_)) {
        return Err(Fault::new(FaultKind::Usage, "正式台账不能用 --seed 建立").hint("--seed 只用于示例和演练。"));
    }
    network::refuse(&paths.folder)?;
    files::make_folder(&paths.folder, new.sharing)?;
    let lock = lock(paths)?;
    if paths.ledger().exists() {
        return Err(
            Fault::new(FaultKind::World, format!("{} 里已有台账", paths.folder.display()))
                .hint("请换一个空文件夹；打开已有台账请直接运行 lianneng --data。"),
        );
    }
    let key = DataKey::random()?;
    let fresh = files::with_ending(&paths.ledger(), ".new");
    let built = build(&fresh, &key, new, entropy).and_then(|tail| {
        set_keys_aside(paths, clock)?;
        // A seed is refused above for a real office, so that its keeper's key is as unguessable as its data key.
        let keeper = KeeperKey::new(entropy)?;
        keys::write(&paths.keys(), &key, Some(&keeper), new.sharing)?;
        mark::write(paths, &tail)?;
        files::rename(&fresh, &paths.ledger())
    });
    if built.is_err() {
        std::fs::remove_file(&fresh).ok();
    }
    drop(lock);
    built?;
    open(paths, clock)
}

fn build(fresh: &Path, key: &DataKey, new: &NewOffice, entropy: &mut Entropy) -> Result<site::Tail, Fault> {
    files::create_private(fresh, new.sharing)?;
    let mut conn = connect_new(fresh, Some(key))?;
    let tx = conn.transaction()?;
    migrate::build(&tx)?;
    meta::set(&tx, meta::LETTERS, new.letters)?;
    let office = entropy.bytes()?;
    let tail = site::found(&tx, new.class, &office, entropy)?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| error)?;
    Ok(tail)
}

/// A key file without its ledger is kept: its ledger may only have been moved away.
fn set_keys_aside(paths: &OfficePaths, clock: &Clock) -> Result<(), Fault> {
    if !paths.keys().exists() {
        return Ok(());
    }
    files::rename(
        &paths.keys(),
        &files::with_ending(&paths.keys(), &format!(".old-{}", clock.now_ms())),
    )
}

/// Holds the folder while its files are made or exchanged; released when dropped.
pub fn lock(paths: &OfficePaths) -> Result<std::fs::File, Fault> {
    let path = paths.lock();
    let file = files::create_private(&path, paths.sharing())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(Fault::new(FaultKind::Busy, "另一窗口正在建立或恢复这个台账").hint("请等它完成后再试。"))
        }
        Err(std::fs::TryLockError::Error(error)) => Err(trouble::io("锁定", &path, &error)),
    }
}

fn check_letters(letters: &str) -> Result<(), Fault> {
    let fits = (2..=6).contains(&letters.len())
        && letters
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if fits {
        return Ok(());
    }
    Err(Fault::new(FaultKind::Usage, format!("站点代号“{letters}”不合要求")).hint("请用 2–6 个大写字母或数字，如 XY。"))
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
