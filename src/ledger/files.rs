//! Files beside the ledger: owner-only, and replaced whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::trouble;
use crate::domain::fault::Fault;

/// Who may read and write the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// The owner alone: folder 700, files 600.
    Owner,
    /// The folder's group as well: folder 2770, files 660.
    Group,
}

impl Sharing {
    /// What a folder was made as, read from its permissions.
    #[cfg(unix)]
    pub fn of(folder: &Path) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder)
            .map(|found| found.permissions().mode())
            .unwrap_or(0o700);
        if mode & 0o2070 == 0o2070 {
            Self::Group
        } else {
            Self::Owner
        }
    }

    /// What a folder was made as; without Unix permissions the folder's own rules hold.
    #[cfg(not(unix))]
    pub fn of(_folder: &Path) -> Self {
        Self::Owner
    }

    #[cfg(unix)]
    fn file_mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Group => 0o660,
        }
    }
}

/// Makes the folder if it is missing. A folder that was there keeps its permissions unless it becomes shared.
pub fn make_folder(folder: &Path, sharing: Sharing) -> Result<(), Fault> {
    let there = folder.is_dir();
    if !there {
        fs::create_dir_all(folder).map_err(|error| trouble::io("建立文件夹", folder, &error))?;
    }
    #[cfg(unix)]
    if !there || sharing == Sharing::Group {
        let mode = if sharing == Sharing::Group { 0o2770 } else { 0o700 };
        set_mode(folder, mode)?;
    }
    #[cfg(not(unix))]
    let _ = sharing;
    Ok(())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|error| trouble::io("设置权限", path, &error))
}

/// Opens an empty file that nobody else may read, before anything is written into it.
pub fn create_private(path: &Path, sharing: Sharing) -> Result<File, Fault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options
        .open(path)
        .map_err(|error| trouble::io("建立文件", path, &error))?;
    // The umask cuts what open() was given, and an old file keeps its mode: so it is said once more. It fails on
    // sticks that know no permissions and on a colleague's lock file; neither is a reason to stop.
    #[cfg(unix)]
    set_mode(path, sharing.file_mode()).ok();
    #[cfg(not(unix))]
    let _ = sharing;
    Ok(file)
}

/// Replaces `path` by `bytes` in one step: a reader, or a power cut, finds the old content or the new.
pub fn replace(path: &Path, bytes: &[u8], sharing: Sharing) -> Result<(), Fault> {
    // The process id keeps two windows that write at once out of each other's unfinished file.
    let fresh = with_ending(path, &format!(".{}.new", std::process::id()));
    let written = create_private(&fresh, sharing).and_then(|mut file| {
        file.write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(|error| trouble::io("写入", &fresh, &error))
    });
    let moved = written.and_then(|()| rename(&fresh, path));
    if moved.is_err() {
        fs::remove_file(&fresh).ok();
    }
    moved
}

/// Moves a file within its disk, durably.
pub fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(|error| trouble::io("改名为", to, &error))?;
    sync_folder(to)
}

/// Makes the entry of `path` in its folder durable.
pub fn sync_folder(path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)
            .and_then(|open| open.sync_all())
            .map_err(|error| trouble::io("写入文件夹", folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Removes what a killed writer left unfinished in `folder` at least a day ago: files whose name starts with one
/// of `ours` and ends as our unfinished files do.
pub fn sweep(folder: &Path, ours: &[&str], now: SystemTime) -> Result<(), Fault> {
    const UNFINISHED: [&str; 6] = [".new", ".copy", ".part", ".whole", ".copy-journal", ".new-journal"];
    let listed = fs::read_dir(folder).map_err(|error| trouble::io("查看", folder, &error))?;
    for entry in listed.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let unfinished =
            ours.iter().any(|start| name.starts_with(start)) && UNFINISHED.iter().any(|end| name.ends_with(end));
        let old = || -> Option<bool> {
            let changed = entry.metadata().ok()?.modified().ok()?;
            Some(now.duration_since(changed).ok()? >= Duration::from_secs(24 * 3600))
        };
        if unfinished && old() == Some(true) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|error| trouble::io("清理", &path, &error))?;
        }
    }
    Ok(())
}

/// `path` with `ending` appended to its file name.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn folders_and_files_are_for_the_owner_or_the_group() {
        let base = tempfile::tempdir().unwrap();
        for (name, sharing, folder_mode, file_mode) in [
            ("own", Sharing::Owner, 0o700, 0o600),
            ("shared", Sharing::Group, 0o2770, 0o660),
        ] {
            let folder = base.path().join(name);
            make_folder(&folder, sharing).unwrap();
            assert_eq!(mode(&folder), folder_mode);
            assert_eq!(Sharing::of(&folder), sharing);
            let path = folder.join("office.mark");
            replace(&path, b"1", sharing).unwrap();
            replace(&path, b"22", sharing).unwrap();
            assert_eq!(mode(&path), file_mode);
            assert_eq!(fs::read(&path).unwrap(), b"22");
            assert_eq!(
                fs::read_dir(&folder).unwrap().count(),
                1,
                "nothing unfinished stays behind"
            );
        }
    }

    #[test]
    fn a_folder_that_was_there_keeps_its_permissions() {
        let base = tempfile::tempdir().unwrap();
        set_mode(base.path(), 0o755).unwrap();
        make_folder(base.path(), Sharing::Owner).unwrap();
        assert_eq!(mode(base.path()), 0o755);
    }

    #[test]
    fn only_our_own_unfinished_files_are_swept_and_only_after_a_day() {
        let base = tempfile::tempdir().unwrap();
        let names = [
            "office.mark.7.new",
            "daily-2026-11-23.zip.copy",
            "mine.part",
            "office.lian",
            "office.new.txt",
        ];
        for name in names {
            fs::write(base.path().join(name), b"x").unwrap();
        }
        let left = || fs::read_dir(base.path()).unwrap().count();
        sweep(base.path(), &["office.", "daily-"], SystemTime::now()).unwrap();
        assert_eq!(left(), 5, "somebody may be writing them");
        let tomorrow = SystemTime::now() + Duration::from_secs(25 * 3600);
        sweep(base.path(), &["office.", "daily-"], tomorrow).unwrap();
        assert_eq!(left(), 3);
        assert!(base.path().join("mine.part").exists());
    }
}
