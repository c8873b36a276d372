//! Whether the folder can be written, and whether there is room.

use std::path::Path;

use crate::domain::fault::{Fault, FaultKind};

/// How a file was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Acts may be submitted.
    ReadWrite,
    /// Only looking, and why.
    ReadOnly(String),
}

impl Access {
    /// What the file and its folder allow. The folder counts too: the write-ahead log lies beside the file.
    pub fn of(file: &Path) -> Self {
        let folder = file
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        if !may_write(file) {
            return Self::ReadOnly(format!("文件 {} 不可写，只能查看", file.display()));
        }
        if !may_write(folder) {
            return Self::ReadOnly(format!("文件夹 {} 不可写，只能查看", folder.display()));
        }
        Self::ReadWrite
    }

    /// Refuses when only looking is possible.
    pub fn require_write(&self) -> Result<(), Fault> {
        match self {
            Self::ReadWrite => Ok(()),
            Self::ReadOnly(why) => {
                Err(Fault::new(FaultKind::World, why.clone()).hint("请取得写权限，或改用可写的文件夹。"))
            }
        }
    }
}

#[cfg(unix)]
fn may_write(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD};
    rustix::fs::accessat(CWD, path, rustix::fs::Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// Free bytes for this user on the disk of `path`; `None` when the system does not say.
#[cfg(unix)]
pub fn free_space(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|part| part.exists()).unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(there).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

/// Free bytes for this user on the disk of `path`; `None` when the system does not say.
#[cfg(not(unix))]
pub fn free_space(_path: &Path) -> Option<u64> {
    None
}

/// Refuses long work that would fill the disk half-way: `needed` bytes must be free where `path` lies.
pub fn require_space(path: &Path, needed: u64) -> Result<(), Fault> {
    match free_space(path) {
        Some(free) if free < needed => Err(Fault::new(
            FaultKind::World,
            format!(
                "磁盘空间不足：需要约 {} MB，只剩 {} MB",
                needed.div_ceil(1 << 20),
                free >> 20
            ),
        )
        .hint("请腾出磁盘空间后重试；现有数据没有改动。")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_writable_folder_is_writable_and_a_vanished_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.lian");
        std::fs::write(&path, b"x").unwrap();
        assert_eq!(Access::of(&path), Access::ReadWrite);
        std::fs::remove_file(&path).unwrap();
        let Access::ReadOnly(why) = Access::of(&path) else {
            unreachable!()
        };
        assert!(why.contains("只能查看"));
        assert!(Access::ReadOnly(why).require_write().is_err());
    }

    #[test]
    fn more_than_the_disk_holds_is_refused() {
        let here = std::env::temp_dir();
        assert_eq!(require_space(&here, 1), Ok(()));
        if free_space(&here).is_some() {
            assert!(
                require_space(&here, u64::MAX)
                    .unwrap_err()
                    .reason
                    .contains("磁盘空间不足")
            );
        }
    }
}
