//! A spreadsheet file as sheets of raw cells, whatever its format.
//!
//! Rows are streamed, never held whole (an old xls excepted: it has at most 65,536 rows a sheet).
//! Own readers instead of a library's: that one sizes its tables by what the file *declares*, so that a damaged or
//! hostile file of a few KB aborts the process with an allocation of tens of GB, which nothing can catch. It stays in
//! the tests as a second opinion.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::domain::fault::{Fault, FaultKind};

use super::grid::{Go, Merge, Row, SheetInfo, Visit};
use super::package::Package;
use super::{csv, memory, ods, xls, xlsx};

/// Most rows with content that are read from one sheet.
pub const MAX_ROWS: usize = 200_000;

/// Largest file that is opened, in bytes.
pub const MAX_FILE: u64 = 256 << 20;

/// An open spreadsheet file.
pub struct Book {
    format: Format,
}

enum Format {
    Xlsx(Box<xlsx::Workbook>),
    Xls(xls::Workbook),
    Ods(ods::Workbook),
    Text(csv::Text),
    Cells(memory::Cells),
}

impl Book {
    /// Opens a file; what it is decides its content, not its ending. Refused with a sentence: files of other
    /// programs, encrypted, open elsewhere, empty, too large, damaged.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        refuse_by_name(path)?;
        let head = head_of(path)?;
        let ending = ending_of(path);
        let format = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            let package = Package::open(path)?;
            if ods::Workbook::is_one(&package) {
                Format::Ods(ods::Workbook::open(package)?)
            } else {
                Format::Xlsx(Box::new(xlsx::Workbook::open(package)?))
            }
        } else if head.starts_with(&xls::SIGNATURE) {
            Format::Xls(xls::Workbook::open(path)?)
        } else if looks_like_markup(&head) {
            return Err(unreadable(path, "内容其实是网页，不是电子表格").hint(SAVE_AS));
        } else if ending == "ods" || (ending.starts_with("xls") && head.contains(&0)) {
            return Err(unreadable(path, "内容不是电子表格，可能已损坏").hint(SAVE_AS));
        } else {
            Format::Text(csv::Text::open(path)?)
        };
        Ok(Self { format })
    }

    /// Cells that come from no file: a pasted block, a sheet filled in on the screen.
    pub fn of_cells(name: &str, rows: &[Vec<String>]) -> Self {
        Self {
            format: Format::Cells(memory::Cells::new(name, rows)),
        }
    }

    /// Its sheets in the order of their tabs.
    pub fn sheets(&self) -> &[SheetInfo] {
        match &self.format {
            Format::Xlsx(book) => book.sheets(),
            Format::Xls(book) => book.sheets(),
            Format::Ods(book) => book.sheets(),
            Format::Text(text) => text.sheets(),
            Format::Cells(cells) => cells.sheets(),
        }
    }

    /// True when its serial days count from 1904.
    pub fn epoch_1904(&self) -> bool {
        match &self.format {
            Format::Xlsx(book) => book.epoch_1904(),
            Format::Xls(book) => book.epoch_1904(),
            Format::Ods(_) | Format::Text(_) | Format::Cells(_) => false,
        }
    }

    /// The sheet of that name (`--sheet`, also its number from 1), or else the first one with content; hidden ones
    /// only when named.
    pub fn choose(&mut self, name: Option<&str>) -> Result<usize, Fault> {
        if let Some(name) = name {
            let by_name = self.sheets().iter().position(|s| s.name.trim() == name.trim());
            let by_number = || {
                name.trim()
                    .parse::<usize>()
                    .ok()?
                    .checked_sub(1)
                    .filter(|i| *i < self.sheets().len())
            };
            return by_name.or_else(by_number).ok_or_else(|| {
                let names: Vec<&str> = self.sheets().iter().map(|s| s.name.as_str()).collect();
                Fault::new(FaultKind::Usage, format!("文件里没有名为“{name}”的工作表"))
                    .hint(format!("本文件的工作表有：{}", names.join("、")))
            });
        }
        for sheet in 0..self.sheets().len() {
            if self.sheets()[sheet].hidden {
                continue;
            }
            let mut found = false;
            self.rows(sheet, &mut |row| {
                found = !row.is_blank();
                Ok(if found { Go::Stop } else { Go::On })
            })?;
            if found {
                return Ok(sheet);
            }
        }
        Err(Fault::new(FaultKind::World, "文件里没有任何内容").hint("请确认选对了文件，并已在原程序里保存"))
    }

    /// Merged ranges of a sheet, in no particular order.
    pub fn merges(&mut self, sheet: usize) -> Result<Vec<Merge>, Fault> {
        match &mut self.format {
            Format::Xlsx(book) => book.merges(sheet),
            Format::Xls(book) => Ok(book.merges(sheet)),
            Format::Ods(book) => book.merges(sheet),
            Format::Text(_) | Format::Cells(_) => Ok(Vec::new()),
        }
    }

    /// Streams the rows that have content, top to bottom; at most [`MAX_ROWS`].
    pub fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        let mut count = 0;
        let mut last = 0;
        let mut counted = |row: Row| {
            if row.cells.is_empty() {
                return Ok(Go::On);
            }
            if row.number <= last {
                let reason = format!("第 {} 行排在第 {last} 行之后，文件可能已损坏", row.number);
                return Err(Fault::new(FaultKind::World, reason).hint(SAVE_AS));
            }
            last = row.number;
            count += 1;
            if count > MAX_ROWS {
                let reason = format!("表中有内容的行超过 {MAX_ROWS} 行，一次读不了这么多");
                return Err(Fault::new(FaultKind::World, reason).hint("请分成几个文件，分次导入"));
            }
            visit(row)
        };
        match &mut self.format {
            Format::Xlsx(book) => book.rows(sheet, &mut counted),
            Format::Xls(book) => book.rows(sheet, &mut counted),
            Format::Ods(book) => book.rows(sheet, &mut counted),
            Format::Text(text) => text.rows(&mut counted),
            Format::Cells(cells) => cells.rows(&mut counted),
        }
    }
}

/// What to do about a file we cannot read.
pub(super) const SAVE_AS: &str = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿(.xlsx)”后再导入";

/// A file that cannot be read, named without its folder.
pub(super) fn unreadable(path: &Path, why: &str) -> Fault {
    Fault::new(FaultKind::World, format!("“{}”{why}", file_name(path)))
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn ending_of(path: &Path) -> String {
    path.extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default()
}

/// Names alone tell what a file is not: other programs' files, an editor's lock file, a file open in an editor.
fn refuse_by_name(path: &Path) -> Result<(), Fault> {
    let name = file_name(path);
    if name.starts_with("~$") || name.starts_with(".~") {
        return Err(
            unreadable(path, "是表格软件打开文件时留下的临时文件").hint("请选同一文件夹里名字不带“~”的那个文件")
        );
    }
    let program = match ending_of(path).as_str() {
        "et" | "ett" | "ets" => "是 WPS 表格自己的格式",
        "fods" | "numbers" => "是另一种电子表格格式，本程序不直接读",
        "xlsb" => "是二进制工作簿(.xlsb)，本程序不直接读",
        "wps" | "wpt" | "doc" | "docx" | "rtf" | "odt" => "是文字文档，不是电子表格",
        "pdf" | "ofd" => "是版式文件，不是电子表格",
        "json" | "jsonl" => "是给程序读的文件，不是电子表格",
        "jpg" | "jpeg" | "png" | "bmp" | "tif" | "tiff" => "是图片，不是电子表格",
        "zip" | "rar" | "7z" => "是压缩包，不是电子表格",
        _ => "",
    };
    match program {
        "" => {}
        "是压缩包，不是电子表格" => return Err(unreadable(path, program).hint("请先解压，再导入里面的表格")),
        "是文字文档，不是电子表格" => {
            return Err(
                unreadable(path, program).hint("请把里面的表格复制到 Excel 或 WPS 表格里，另存为 .xlsx 后再导入")
            );
        }
        "是版式文件，不是电子表格" | "是图片，不是电子表格" => {
            return Err(unreadable(path, program).hint("请向报送单位要电子表格(.xlsx)，或在空白模板里录入"));
        }
        "是给程序读的文件，不是电子表格" => {
            return Err(unreadable(path, program).hint("要再导入，请导出成 .xlsx 或 .csv"));
        }
        _ => return Err(unreadable(path, program).hint(SAVE_AS)),
    }
    for lock in [format!("~${name}"), format!(".~{name}"), format!(".~lock.{name}#")] {
        if path.with_file_name(&lock).exists() {
            return Err(
                unreadable(path, "正在另一个程序里打开着，未保存的改动读不到").hint(format!(
                    "请先在那里保存并关闭；若并没有打开，请删除同一文件夹里的“{lock}”再试"
                )),
            );
        }
    }
    Ok(())
}

fn head_of(path: &Path) -> Result<Vec<u8>, Fault> {
    let io = |e: std::io::Error| io_fault(path, &e);
    let meta = std::fs::metadata(path).map_err(io)?;
    if meta.is_dir() {
        return Err(unreadable(path, "是文件夹，不是文件").hint("请选里面的表格文件"));
    }
    if !meta.is_file() {
        return Err(unreadable(path, "不是普通文件").hint(SAVE_AS));
    }
    if meta.len() == 0 {
        return Err(unreadable(path, "是空文件").hint("请确认已在原程序里保存，或重新拷贝一次"));
    }
    if meta.len() > MAX_FILE {
        let why = format!("有 {} MB，超过一次能读的 {} MB", meta.len() >> 20, MAX_FILE >> 20);
        return Err(unreadable(path, &why).hint("请删去图片和无关工作表，或分成几个文件"));
    }
    let mut head = Vec::new();
    File::open(path)
        .map_err(io)?
        .take(4096)
        .read_to_end(&mut head)
        .map_err(io)?;
    Ok(head)
}

/// A failed open or read in plain words.
pub(super) fn io_fault(path: &Path, error: &std::io::Error) -> Fault {
    // 32 and 33 are Windows' sharing and lock violations.
    let open_elsewhere = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    match error.kind() {
        ErrorKind::NotFound => unreadable(path, "不存在").hint("请检查文件名和所在文件夹"),
        _ if open_elsewhere => unreadable(path, "正在另一个程序里打开着").hint("请先在那里保存并关闭，再导入"),
        ErrorKind::PermissionDenied => {
            unreadable(path, "没有读取权限").hint("请先在别的程序里关闭它，或拷贝到自己的文件夹")
        }
        _ => unreadable(path, &format!("读取失败：{error}")).hint("请重新拷贝一次；若在U盘上，请先拷到本机"),
    }
}

/// Web systems like to offer an HTML page, or Excel's XML of 2003, under the name `.xls`.
fn looks_like_markup(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..512).unwrap_or(head)).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["<html", "<!doctype", "<table", "<?xml", "<meta", "<style"]
        .iter()
        .any(|tag| text.starts_with(tag))
}
