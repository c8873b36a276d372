//! What the operating system and SQLite report, as sentences for the person at the keyboard.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::domain::fault::{Fault, FaultKind, Stop};

/// The first page cannot be read: a wrong key and a damaged header look the same from outside.
pub const WRONG_KEY: &str = "密钥不对或文件头损坏";

/// A failed file operation: `doing` is the verb, such as 读取 or 写入.
pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Fault {
    let name = path.display();
    let (why, hint) = match error.kind() {
        ErrorKind::NotFound => ("找不到", "请核对路径；如在移动盘上，请确认盘已插好。"),
        ErrorKind::PermissionDenied => ("没有权限", "请用建立该文件的账户登录，或请系统管理员授权。"),
        ErrorKind::ReadOnlyFilesystem => ("所在磁盘是只读的", "请换一个可写的文件夹。"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ("磁盘已满", "请腾出磁盘空间后重试，已办事项不受影响。"),
        ErrorKind::AlreadyExists => ("已经存在", "请换一个名称，或先把原文件移走。"),
        ErrorKind::IsADirectory => ("是文件夹，不是文件", "请指定文件。"),
        _ => return Fault::new(FaultKind::World, format!("{doing} {name} 失败：{error}")).hint("请检查磁盘后重试。"),
    };
    Fault::new(FaultKind::World, format!("{doing} {name} 失败：{why}")).hint(hint)
}

/// A failed database operation.
pub fn sqlite(error: &rusqlite::Error) -> Fault {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    if matches!(
        error,
        FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
    ) {
        return Fault::new(FaultKind::Damaged, format!("数据文件里有不合格式的内容（{error}）"))
            .hint("请运行 lianneng verify。");
    }
    let code = error.sqlite_error_code();
    let fault = |kind, reason: &str| Fault::new(kind, reason);
    match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            fault(FaultKind::Busy, "另一窗口正在写入，本次未办理").hint("请稍候再试。")
        }
        Some(ErrorCode::NotADatabase) => fault(FaultKind::Damaged, WRONG_KEY)
            .hint("请核对 office.keys 是否与本文件配套；确认配套仍打不开的，请用最近的备份恢复（lianneng restore）。"),
        Some(ErrorCode::DatabaseCorrupt) => fault(FaultKind::Damaged, "数据文件已损坏或被截断")
            .hint("请运行 lianneng verify 查看损坏的页，再用最近的备份恢复（lianneng restore）。"),
        Some(ErrorCode::DiskFull) => {
            fault(FaultKind::World, "磁盘已满，本次未办理").hint("请腾出磁盘空间后重试，已办事项不受影响。")
        }
        Some(ErrorCode::ReadOnly) => {
            fault(FaultKind::World, "数据文件是只读的，本次未办理").hint("请检查文件和文件夹的写权限。")
        }
        Some(ErrorCode::CannotOpen) => {
            fault(FaultKind::World, "数据文件打不开").hint("请检查文件夹是否还在、磁盘是否已满、是否有读写权限。")
        }
        Some(ErrorCode::SystemIoFailure) => {
            fault(FaultKind::World, "读写磁盘失败，本次未办理").hint("请检查磁盘空间和连接后重试，已办事项不受影响。")
        }
        Some(ErrorCode::OperationInterrupted) => fault(FaultKind::Busy, "已按要求中断"),
        Some(ErrorCode::ConstraintViolation) => {
            Fault::new(FaultKind::Damaged, format!("写入被数据文件的约束拒绝：{error}"))
                .hint("请运行 lianneng verify。")
        }
        _ => Fault::new(FaultKind::World, format!("读写数据文件失败：{error}")).hint("请运行 lianneng doctor 检查。"),
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        sqlite(&error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(sqlite(&error))
    }
}
