//! What a file is before SQLite sees it: a folder, an empty file, a backup and a cut file are told apart by
//! looking, and nothing is touched.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{paths, trouble};
use crate::domain::fault::{Fault, FaultKind};

/// Bytes of one page of an encrypted file.
pub const PAGE: u64 = 4096;

/// How a file is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// By SQLCipher; the first 16 bytes are random.
    Encrypted,
    /// As ordinary SQLite.
    Plain,
}

/// Looks at the first bytes and the length.
///
/// To be called before this process has a connection to the file: closing any handle of a file drops the locks
/// that SQLite holds on it in the same process.
pub fn form_of(path: &Path) -> Result<Form, Fault> {
    let name = path.display();
    let found = std::fs::metadata(path).map_err(|error| trouble::io("打开", path, &error))?;
    if found.is_dir() {
        return Err(Fault::new(FaultKind::World, format!("{name} 是文件夹，不是台账文件"))
            .hint("指定文件夹请用 --data，指定文件请用 --file。"));
    }
    if found.len() == 0 {
        return Err(Fault::new(FaultKind::Damaged, format!("{name} 是空文件"))
            .hint("请用最近的备份恢复（lianneng restore）；新建台账请用空文件夹。"));
    }
    let mut head = Vec::with_capacity(16);
    File::open(path)
        .and_then(|file| file.take(16).read_to_end(&mut head))
        .map_err(|error| trouble::io("读取", path, &error))?;
    if head == b"SQLite format 3\0" {
        return Ok(Form::Plain);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(
            Fault::new(FaultKind::World, format!("{name} 是压缩包（可能是备份），不是台账文件"))
                .hint("从备份恢复请用 lianneng restore。"),
        );
    }
    // A write that the disk cut short is repaired from the write-ahead log, so its length says nothing then.
    if found.len() % PAGE != 0 && !has_wal(path) {
        return Err(Fault::new(
            FaultKind::Damaged,
            format!(
                "{name} 长度不对（{} 字节，不是整页），可能被截断，也可能不是台账文件",
                found.len()
            ),
        )
        .hint("请核对路径；确是台账的，请用最近的备份恢复（lianneng restore）。"));
    }
    Ok(Form::Encrypted)
}

/// Whether a write-ahead log with content lies beside the file: another window is open, or the last one was
/// killed.
pub fn has_wal(path: &Path) -> bool {
    std::fs::metadata(paths::wal_of(path)).is_ok_and(|wal| wal.len() > 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_wrong_file_has_its_own_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.lian");
        let said = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            form_of(&path).map_err(|fault| fault.reason)
        };
        assert!(form_of(&path).unwrap_err().reason.contains("找不到"));
        assert!(form_of(folder.path()).unwrap_err().reason.contains("是文件夹"));
        assert!(said(b"").unwrap_err().contains("空文件"));
        assert!(said(b"PK\x03\x04 and so on").unwrap_err().contains("压缩包"));
        assert!(said(&[7; 5000]).unwrap_err().contains("截断"));
        assert_eq!(said(b"SQLite format 3\0 and so on"), Ok(Form::Plain));
        assert_eq!(said(&[7; 8192]), Ok(Form::Encrypted));
        std::fs::write(paths::wal_of(&path), b"frames").unwrap();
        assert_eq!(said(&[7; 5000]), Ok(Form::Encrypted), "the write-ahead log may mend it");
    }
}
