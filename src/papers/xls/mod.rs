//! xls: the workbook stream of an old Excel or WPS file, held whole (at most 65,536 rows a sheet).

mod biff;
mod container;

use std::collections::HashMap;
use std::path::Path;

use crate::domain::fault::Fault;

use super::book::{SAVE_AS, io_fault, unreadable};
use super::grid::{Budget, Cell, Go, Kind, Merge, Row, SheetInfo, Visit};
use super::pool::Pool;
use super::xlsx::{builtin_shows_day, shows_day};
use biff::{Record, SharedTexts, Texts, code_page, kind, records};
use container::{Container, u16_at, u32_at};

pub(super) use container::SIGNATURE;

/// Largest file: it is held whole, and a full sheet of text has 30 MB.
const MAX_FILE: u64 = 64 << 20;
/// Most cells with content in one sheet.
const MAX_CELLS: usize = 4_000_000;
/// Most merged ranges in one sheet.
const MAX_MERGES: usize = 65_536;

/// An open xls workbook.
pub(super) struct Workbook {
    stream: Vec<u8>,
    sheets: Vec<SheetInfo>,
    /// Where each sheet's records begin.
    offsets: Vec<usize>,
    texts: Texts,
    shared: Pool,
    day_styles: Vec<bool>,
    epoch_1904: bool,
}

/// A cell as small as possible: a hostile file may name one long shared text a million times.
#[derive(Clone)]
enum Raw {
    Shared(u32),
    Text(Box<str>),
    Number(f64, u16),
    Bool(bool),
    Error(u8),
    Formula(Box<Raw>),
}

impl Workbook {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let data = std::fs::read(path).map_err(|e| io_fault(path, &e))?;
        if data.len() as u64 > MAX_FILE {
            return Err(unreadable(path, "过大").hint(SAVE_AS));
        }
        let damaged =
            || unreadable(path, "已损坏，或没有拷贝完整").hint("请重新拷贝一次；仍不行，请在原程序里另存为 .xlsx");
        let container = Container::parse(data).ok_or_else(damaged)?;
        if container.has("EncryptedPackage") {
            return Err(locked(path));
        }
        let Some(stream) = container.stream("Workbook").or_else(|| container.stream("Book")) else {
            let what = if container.has("WordDocument") {
                "其实是 Word 文档，不是电子表格"
            } else {
                "不是电子表格"
            };
            return Err(unreadable(path, what).hint(SAVE_AS));
        };
        drop(container);
        let mut book = Self {
            stream: Vec::new(),
            sheets: Vec::new(),
            offsets: Vec::new(),
            texts: Texts::Wide,
            shared: Pool::default(),
            day_styles: Vec::new(),
            epoch_1904: false,
        };
        book.globals(&stream, path)?;
        if book.sheets.is_empty() {
            return Err(damaged());
        }
        book.stream = stream;
        Ok(book)
    }

    /// Reads what stands before the sheets.
    fn globals(&mut self, stream: &[u8], path: &Path) -> Result<(), Fault> {
        let mut formats: HashMap<u16, bool> = HashMap::new();
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut in_shared = false;
        for record in records(stream, 0) {
            let bytes = record.bytes;
            if record.kind == kind::CONTINUE && in_shared {
                pieces.push(bytes);
            }
            if record.kind != kind::CONTINUE {
                in_shared = record.kind == kind::SST;
            }
            match record.kind {
                kind::FILE_PASS => return Err(locked(path)),
                // Excel 5 and 95 say 0x0500; the code page follows.
                kind::BEGIN if u16_at(bytes, 0) == Some(0x0500) => self.texts = Texts::Bytes(code_page(936)),
                kind::CODE_PAGE => {
                    if let (Texts::Bytes(_), Some(number)) = (self.texts, u16_at(bytes, 0)) {
                        self.texts = Texts::Bytes(code_page(number));
                    }
                }
                kind::DATE_MODE => self.epoch_1904 = u16_at(bytes, 0) == Some(1),
                kind::FORMAT => {
                    let short = matches!(self.texts, Texts::Bytes(_));
                    let code = bytes.get(2..).and_then(|rest| self.texts.read(rest, short));
                    if let (Some(id), Some(code)) = (u16_at(bytes, 0), code) {
                        formats.insert(id, shows_day(&code));
                    }
                }
                kind::XF => {
                    let id = u16_at(bytes, 2).unwrap_or(0);
                    let own = formats.get(&id).copied();
                    self.day_styles
                        .push(own.unwrap_or_else(|| builtin_shows_day(u32::from(id))));
                }
                // Charts and macro sheets have no cells of ours.
                kind::BOUND_SHEET if bytes.get(5) == Some(&0) => {
                    let name = bytes
                        .get(6..)
                        .and_then(|rest| self.texts.read(rest, true))
                        .unwrap_or_default();
                    let name = name.replace('\0', "");
                    self.sheets.push(SheetInfo {
                        name,
                        hidden: bytes.get(4).is_some_and(|v| v & 3 != 0),
                    });
                    self.offsets.push(u32_at(bytes, 0).map_or(usize::MAX, |at| at as usize));
                }
                kind::SST => pieces.push(bytes),
                kind::END => break,
                _ => {}
            }
        }
        let mut shared = SharedTexts::new(pieces);
        while let Some(text) = shared.next() {
            self.shared.push(&text);
        }
        self.shared.settle();
        Ok(())
    }

    pub(super) fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    pub(super) fn epoch_1904(&self) -> bool {
        self.epoch_1904
    }

    /// Records of one sheet, without those of charts inside it.
    fn records_of(&self, sheet: usize) -> impl Iterator<Item = Record<'_>> {
        let from = self.offsets.get(sheet).copied().unwrap_or(usize::MAX);
        let mut depth = 0u32;
        records(&self.stream, from.min(self.stream.len()))
            .map_while(move |record| {
                match record.kind {
                    kind::BEGIN => depth += 1,
                    kind::END => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (depth > 0).then_some((depth, record))
            })
            .filter_map(|(depth, record)| (depth == 1).then_some(record))
    }

    pub(super) fn merges(&self, sheet: usize) -> Vec<Merge> {
        let mut found = Vec::new();
        for record in self.records_of(sheet).filter(|r| r.kind == kind::MERGE_CELLS) {
            for range in record.bytes.get(2..).unwrap_or_default().chunks_exact(8) {
                let at = |i| u16_at(range, i).map_or(0, u32::from);
                let merge = Merge {
                    rows: (at(0) + 1, at(2) + 1),
                    columns: (at(4), at(6)),
                };
                if merge.rows.0 <= merge.rows.1 && merge.columns.0 <= merge.columns.1 && found.len() < MAX_MERGES {
                    found.push(merge);
                }
            }
        }
        found
    }

    pub(super) fn rows(&self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        let mut cells = self.cells(sheet)?;
        cells.sort_by_key(|(row, column, _)| (*row, *column));
        let mut budget = Budget::default();
        for group in cells.chunk_by(|a, b| a.0 == b.0) {
            let mut row = Row {
                number: u32::from(group[0].0) + 1,
                cells: Vec::with_capacity(group.len()),
            };
            for (_, column, raw) in group {
                let cell = self.cell(raw);
                budget.spend(&cell)?;
                row.cells.push((u32::from(*column), cell));
            }
            budget.next_row();
            row.tidy();
            if visit(row)? == Go::Stop {
                break;
            }
        }
        Ok(())
    }

    fn cells(&self, sheet: usize) -> Result<Vec<(u16, u16, Raw)>, Fault> {
        let mut cells: Vec<(u16, u16, Raw)> = Vec::new();
        let mut awaits_string = false;
        for record in self.records_of(sheet) {
            let bytes = record.bytes;
            let (Some(row), Some(column)) = (u16_at(bytes, 0), u16_at(bytes, 2)) else {
                continue;
            };
            let style = u16_at(bytes, 4).unwrap_or(0);
            let raw = match record.kind {
                kind::NUMBER => f64_at(bytes, 6).map(|n| Raw::Number(n, style)),
                kind::RK => u32_at(bytes, 6).map(|rk| Raw::Number(rk_number(rk), style)),
                kind::MUL_RK => {
                    for (i, rk) in bytes.get(4..).unwrap_or_default().chunks_exact(6).enumerate() {
                        let at = u16::try_from(i).unwrap_or(u16::MAX).saturating_add(column);
                        let style = u16_at(rk, 0).unwrap_or(0);
                        cells.push((row, at, Raw::Number(rk_number(u32_at(rk, 2).unwrap_or(0)), style)));
                    }
                    None
                }
                kind::LABEL_SST => u32_at(bytes, 6).map(Raw::Shared),
                kind::LABEL | kind::RICH_LABEL => bytes
                    .get(6..)
                    .and_then(|rest| self.texts.read(rest, false))
                    .map(|t| Raw::Text(t.into())),
                kind::BOOL_ERR => bytes.get(6..8).map(bool_or_error),
                kind::FORMULA => {
                    awaits_string = bytes.get(6) == Some(&0) && u16_at(bytes, 12) == Some(0xFFFF);
                    Some(Raw::Formula(Box::new(cached(bytes, style))))
                }
                kind::STRING if awaits_string => {
                    awaits_string = false;
                    if let (Some((_, _, Raw::Formula(value))), Some(text)) =
                        (cells.last_mut(), self.texts.read(bytes, false))
                    {
                        **value = Raw::Text(text.into());
                    }
                    None
                }
                _ => None,
            };
            cells.extend(raw.map(|raw| (row, column, raw)));
            if cells.len() > MAX_CELLS {
                let reason = format!("工作表“{}”里的单元格过多", self.sheets[sheet].name);
                return Err(Fault::new(crate::domain::fault::FaultKind::World, reason).hint(SAVE_AS));
            }
        }
        Ok(cells)
    }

    fn cell(&self, raw: &Raw) -> Cell {
        match raw {
            Raw::Shared(i) => self.shared.get(*i as usize).map_or(Cell::EMPTY, Cell::text),
            Raw::Text(text) => Cell::text(&**text),
            Raw::Number(value, style) => {
                let day = self.day_styles.get(usize::from(*style)).copied().unwrap_or(false);
                Cell::number(*value, day, self.epoch_1904)
            }
            Raw::Bool(value) => Cell::bool(*value),
            Raw::Error(code) => Cell {
                text: error_name(*code).into(),
                kind: Kind::Error,
            },
            Raw::Formula(value) => Cell {
                kind: Kind::Formula,
                ..self.cell(value)
            },
        }
    }
}

fn locked(path: &Path) -> Fault {
    unreadable(path, "加了打开密码").hint("请在 Excel 或 WPS 里用密码打开，取消密码后另存，再导入")
}

/// A formula's last value.
fn cached(bytes: &[u8], style: u16) -> Raw {
    match (u16_at(bytes, 12), bytes.get(6), bytes.get(8)) {
        (Some(0xFFFF), Some(1), Some(value)) => Raw::Bool(*value != 0),
        (Some(0xFFFF), Some(2), Some(code)) => Raw::Error(*code),
        (Some(0xFFFF), ..) => Raw::Text("".into()),
        _ => Raw::Number(f64_at(bytes, 6).unwrap_or(0.0), style),
    }
}

fn bool_or_error(bytes: &[u8]) -> Raw {
    match bytes {
        [value, 0] => Raw::Bool(*value != 0),
        [code, ..] => Raw::Error(*code),
        [] => Raw::Error(0),
    }
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// A number in four bytes: an integer of 30 bits or the upper half of a float, perhaps in hundredths.
fn rk_number(rk: u32) -> f64 {
    let value = if rk & 2 != 0 {
        f64::from(rk.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(rk & 0xFFFF_FFFC) << 32)
    };
    if rk & 1 != 0 { value / 100.0 } else { value }
}
