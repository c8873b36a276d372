//! Files written whole or not at all.

use std::io::ErrorKind;
use std::path::Path;

use crate::domain::fault::{Fault, FaultKind};

use super::book::file_name;

/// Writes a file beside its final place and moves it there when it is whole; a failure leaves what was there.
pub fn write<T>(path: &Path, fill: impl FnOnce(&Path) -> Result<T, Fault>) -> Result<T, Fault> {
    if path.is_dir() {
        return Err(Fault::new(FaultKind::Usage, format!("“{}”是文件夹", path.display())).hint("请写出文件名"));
    }
    let draft = path.with_file_name(format!(".{}.{}.part", file_name(path), std::process::id()));
    let done = fill(&draft).and_then(|value| {
        std::fs::rename(&draft, path).map_err(|e| failed(path, &e))?;
        Ok(value)
    });
    if done.is_err() {
        // Nothing is lost when it cannot be removed: it is only a part.
        let _ = std::fs::remove_file(&draft);
    }
    done
}

/// A failed write in plain words.
pub fn failed(path: &Path, error: &std::io::Error) -> Fault {
    let name = file_name(path);
    let fault = |reason: String, hint: &str| Fault::new(FaultKind::World, reason).hint(hint);
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => fault(
            format!("磁盘空间不足，“{name}”没有写成"),
            "请腾出空间，或换一个磁盘再试",
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => fault(
            format!("不能写“{name}”：没有权限，或它正在另一个程序里打开着"),
            "请先关闭它，或换一个文件夹",
        ),
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            fault(format!("“{name}”所在的文件夹不存在"), "请先建好文件夹，或换一个位置")
        }
        _ => fault(format!("“{name}”没有写成：{error}"), "请换一个位置再试"),
    }
}
