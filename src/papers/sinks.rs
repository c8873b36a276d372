//! Tables out: xlsx for people, csv for other programs, jsonl for scripts.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use crate::domain::fault::{Fault, FaultKind};

use super::csv::guard;
use super::place::failed;

/// Kind of file, told by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Excel and WPS.
    Xlsx,
    /// Text with commas: UTF-8 with mark, CRLF.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Form {
    /// The form a file name asks for.
    pub fn of(path: &Path) -> Result<Self, Fault> {
        let ending = path
            .extension()
            .map(|e| e.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        match ending.as_str() {
            "xlsx" => Ok(Self::Xlsx),
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::Jsonl),
            _ => Err(Fault::new(FaultKind::Usage, format!("不能导出成“.{ending}”文件"))
                .hint("请以 .xlsx、.csv 或 .jsonl 结尾")),
        }
    }
}

/// What stands in one cell of an export.
#[derive(Debug, Clone, PartialEq)]
pub enum Out {
    /// Nothing.
    Empty,
    /// Text, never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Day(NaiveDate),
}

/// A column of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Key in jsonl.
    pub id: String,
    /// Header.
    pub label: String,
    /// Width in cells of half a Chinese character.
    pub width: u16,
}

/// Takes rows in and ends as a file.
pub(super) enum Sink {
    Xlsx(Box<Sheet>),
    Csv(Box<csv::Writer<BufWriter<File>>>, PathBuf),
    Jsonl(BufWriter<File>, Vec<String>, PathBuf),
}

/// An xlsx file in the making.
pub(super) struct Sheet {
    book: Workbook,
    next: u32,
    columns: u16,
    day: Format,
    text: Format,
    path: PathBuf,
}

/// Excel's last row.
const LAST_ROW: u32 = 1_048_575;

impl Sink {
    pub(super) fn new(form: Form, path: &Path, name: &str, heads: &[Head]) -> Result<Self, Fault> {
        let create = || File::create(path).map(BufWriter::new).map_err(|e| failed(path, &e));
        Ok(match form {
            Form::Xlsx => Self::Xlsx(Box::new(Sheet::new(path, name, heads)?)),
            Form::Csv => {
                let mut file = create()?;
                file.write_all("\u{FEFF}".as_bytes()).map_err(|e| failed(path, &e))?;
                let mut builder = csv::WriterBuilder::new();
                let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(file);
                writer
                    .write_record(heads.iter().map(|h| &h.label))
                    .map_err(|e| csv_failed(path, e))?;
                Self::Csv(Box::new(writer), path.to_owned())
            }
            Form::Jsonl => Self::Jsonl(create()?, heads.iter().map(|h| h.id.clone()).collect(), path.to_owned()),
        })
    }

    /// Adds a row of the table; `json` is the same row for scripts.
    pub(super) fn row(&mut self, cells: &[Out], json: impl FnOnce() -> Vec<Value>) -> Result<(), Fault> {
        match self {
            Self::Xlsx(sheet) => sheet.row(cells),
            Self::Csv(writer, path) => {
                let fields = cells.iter().map(|cell| match cell {
                    Out::Empty => String::new(),
                    Out::Text(text) => guard(text).into_owned(),
                    Out::Number(number) => number.to_string(),
                    Out::Day(day) => day.to_string(),
                });
                writer.write_record(fields).map_err(|e| csv_failed(path, e))
            }
            Self::Jsonl(file, keys, path) => {
                let object: serde_json::Map<String, Value> = keys.iter().cloned().zip(json()).collect();
                let line = Value::Object(object).to_string();
                writeln!(file, "{line}").map_err(|e| failed(path, &e))
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), Fault> {
        match self {
            Self::Xlsx(sheet) => sheet.finish(),
            Self::Csv(writer, path) => {
                let file = writer.into_inner().map_err(|e| failed(&path, e.error()))?;
                close(file, &path)
            }
            Self::Jsonl(file, _, path) => close(file, &path),
        }
    }
}

fn close(file: BufWriter<File>, path: &Path) -> Result<(), Fault> {
    let file = file.into_inner().map_err(|e| failed(path, e.error()))?;
    file.sync_all().map_err(|e| failed(path, &e))
}

fn csv_failed(path: &Path, error: csv::Error) -> Fault {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => failed(path, &e),
        other => Fault::new(FaultKind::World, format!("写 csv 失败：{other:?}")).hint("请改存为 .xlsx"),
    }
}

/// A failure of the xlsx writer in plain words.
pub(super) fn xlsx_failed(path: &Path, error: XlsxError) -> Fault {
    match error {
        XlsxError::IoError(e) => failed(path, &e),
        XlsxError::MaxStringLengthExceeded => {
            Fault::new(FaultKind::World, "有一格的内容超过表格软件的 32,767 字").hint("请改导出成 .csv 或 .jsonl")
        }
        other => Fault::new(FaultKind::World, format!("写 xlsx 失败：{other}")).hint("请改导出成 .csv"),
    }
}

/// The look of a header cell.
pub(super) fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xDD_E6_F0))
}

/// Days since Excel's zero.
pub(super) fn serial(day: NaiveDate) -> f64 {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    day.signed_duration_since(zero).num_days() as f64
}

/// A tab's name: no longer than Excel allows, without the characters it forbids.
pub(super) fn tab_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if name.is_empty() { "台账".into() } else { name }
}

impl Sheet {
    fn new(path: &Path, name: &str, heads: &[Head]) -> Result<Self, Fault> {
        let mut book = Workbook::new();
        let head = head_format();
        let write = |sheet: &mut Worksheet| -> Result<(), XlsxError> {
            sheet.set_name(tab_name(name))?;
            for (column, h) in (0..).zip(heads) {
                sheet.write_string_with_format(0, column, &h.label, &head)?;
                sheet.set_column_width(column, f64::from(h.width) + 2.0)?;
            }
            sheet.set_freeze_panes(1, 1)?;
            sheet.set_repeat_rows(0, 0)?;
            sheet.set_landscape();
            Ok(())
        };
        write(book.add_worksheet()).map_err(|e| xlsx_failed(path, e))?;
        Ok(Self {
            book,
            next: 1,
            columns: heads.len() as u16,
            day: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top),
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            path: path.to_owned(),
        })
    }

    fn row(&mut self, cells: &[Out]) -> Result<(), Fault> {
        if self.next > LAST_ROW {
            return Err(
                Fault::new(FaultKind::World, format!("超过 {LAST_ROW} 行，一张表放不下"))
                    .hint("请缩小范围，或改导出成 .csv"),
            );
        }
        let (row, day, text) = (self.next, &self.day, &self.text);
        let write = |sheet: &mut Worksheet| -> Result<(), XlsxError> {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Out::Empty => continue,
                    Out::Text(content) => sheet.write_string_with_format(row, column, content, text)?,
                    Out::Number(number) => sheet.write_number_with_format(row, column, *number as f64, text)?,
                    Out::Day(content) => sheet.write_number_with_format(row, column, serial(*content), day)?,
                };
            }
            Ok(())
        };
        let sheet = self.book.worksheet_from_index(0);
        sheet.and_then(write).map_err(|e| xlsx_failed(&self.path, e))?;
        self.next += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(), Fault> {
        let (last, columns) = (self.next.max(2) - 1, self.columns.saturating_sub(1));
        let filter = |sheet: &mut Worksheet| sheet.autofilter(0, 0, last, columns).map(|_| ());
        let sheet = self.book.worksheet_from_index(0);
        sheet
            .and_then(filter)
            .and_then(|()| self.book.save(&self.path))
            .map_err(|e| xlsx_failed(&self.path, e))
    }
}
