//! ods: the tables of an OpenDocument spreadsheet, its cells streamed row by row.
//!
//! All tables lie in one part, one after the other; reading a later one passes over those before it.

mod cell;
mod frame;
mod sheet;

use crate::domain::fault::Fault;

use super::book::unreadable;
use super::grid::{Merge, SheetInfo, Visit};
use super::package::{Package, broken};

/// The part that holds the tables.
const CONTENT: &str = "content.xml";
/// Bound on that part, as on one sheet of an xlsx.
const LIMIT: u64 = 512 << 20;

/// An open ods workbook.
pub(super) struct Workbook {
    package: Package,
    sheets: Vec<SheetInfo>,
}

impl Workbook {
    /// True when the package says that it is an OpenDocument file, or holds what one holds.
    pub(super) fn is_one(package: &Package) -> bool {
        package.has(CONTENT)
    }

    /// Refused with a sentence: a document of another program of the same family, one with a password, a damaged one.
    pub(super) fn open(mut package: Package) -> Result<Self, Fault> {
        let path = package.path().to_owned();
        if frame::is_encrypted(&mut package)? {
            return Err(unreadable(&path, "加了密码").hint("请在原程序里取消密码，另存后再导入"));
        }
        let frame = frame::read(&mut package)?;
        if !frame.is_spreadsheet {
            return Err(unreadable(&path, "是文字文档或演示稿，不是电子表格")
                .hint("请把里面的表格复制到电子表格里，另存为 .xlsx 或 .ods 后再导入"));
        }
        if frame.sheets.is_empty() {
            return Err(broken(&path));
        }
        Ok(Self {
            package,
            sheets: frame.sheets,
        })
    }

    pub(super) fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    pub(super) fn merges(&mut self, sheet: usize) -> Result<Vec<Merge>, Fault> {
        sheet::merges(&mut self.package, sheet)
    }

    pub(super) fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        sheet::rows(&mut self.package, sheet, visit)
    }
}
