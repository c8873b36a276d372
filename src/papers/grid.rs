//! Raw cells as a spreadsheet shows them: rows, kinds of content, merged ranges.

use chrono::NaiveDate;

use crate::domain::fault::{Fault, FaultKind};

/// What a cell holds; `text` of [`Cell`] is what a person reads in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Text as typed, line breaks included.
    Text,
    /// A number without a date format.
    Number(f64),
    /// A number shown as a day, or an ISO day.
    Date(NaiveDate),
    /// 是 or 否.
    Bool(bool),
    /// A formula; `text` is its cached value.
    Formula,
    /// An error value; `text` is its code, such as `#REF!`.
    Error,
    /// Nothing.
    Empty,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What a person reads in it.
    pub text: String,
    /// What it holds.
    pub kind: Kind,
}

static NOTHING: Cell = Cell::EMPTY;

impl Cell {
    /// A cell without content.
    pub const EMPTY: Self = Self {
        text: String::new(),
        kind: Kind::Empty,
    };

    /// A text cell; empty text is an empty cell.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::EMPTY
        } else {
            Self { text, kind: Kind::Text }
        }
    }

    /// A number, or the day it stands for when its format shows a day.
    pub fn number(value: f64, as_day: bool, epoch_1904: bool) -> Self {
        if as_day && let Some(day) = serial_day(value, epoch_1904) {
            return Self::date(day);
        }
        Self {
            text: show_number(value),
            kind: Kind::Number(value),
        }
    }

    /// A day.
    pub fn date(day: NaiveDate) -> Self {
        Self {
            text: day.format("%Y-%m-%d").to_string(),
            kind: Kind::Date(day),
        }
    }

    /// 是 or 否.
    pub fn bool(value: bool) -> Self {
        Self {
            text: if value { "是" } else { "否" }.into(),
            kind: Kind::Bool(value),
        }
    }

    /// True when nothing but blanks can be read in it.
    pub fn is_blank(&self) -> bool {
        self.kind == Kind::Empty || (self.kind == Kind::Text && self.text.trim().is_empty())
    }
}

/// A row with content.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Row number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// Cells by column (0 = A), ascending, without empty ones.
    pub cells: Vec<(u32, Cell)>,
}

impl Row {
    /// The cell in a column; an empty one when there is none.
    pub fn cell(&self, column: u32) -> &Cell {
        match self.cells.binary_search_by_key(&column, |(c, _)| *c) {
            Ok(i) => &self.cells[i].1,
            Err(_) => &NOTHING,
        }
    }

    /// True when nothing can be read in the whole row.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|(_, cell)| cell.is_blank())
    }

    /// Puts cells in order of columns, the last one winning where a column comes twice, and drops empty ones.
    pub(super) fn tidy(&mut self) {
        self.cells.retain(|(_, cell)| cell.kind != Kind::Empty);
        if !self.cells.is_sorted_by(|a, b| a.0 < b.0) {
            self.cells.reverse();
            self.cells.sort_by_key(|(column, _)| *column);
            self.cells.dedup_by_key(|(column, _)| *column);
        }
    }
}

/// A merged range: first and last row (from 1) and column (0 = A), both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First and last row, from 1.
    pub rows: (u32, u32),
    /// First and last column, 0 = A.
    pub columns: (u32, u32),
}

/// One sheet of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name as the tab shows it; a text file's own name.
    pub name: String,
    /// Hidden by its author.
    pub hidden: bool,
}

/// Whether to go on reading rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// The next row, please.
    On,
    /// Enough.
    Stop,
}

/// What takes rows in; an error ends the reading.
pub type Visit<'v> = &'v mut dyn FnMut(Row) -> Result<Go, Fault>;

/// How much text a sheet may yield: a few bytes can name one long shared text a million times.
#[derive(Default)]
pub(super) struct Budget {
    row: usize,
    sheet: usize,
}

impl Budget {
    /// A hundred thousand long rows have 300 MB.
    const SHEET: usize = 1 << 30;
    const ROW: usize = 8 << 20;

    pub(super) fn spend(&mut self, cell: &Cell) -> Result<(), Fault> {
        let bytes = cell.text.len() + size_of::<Cell>();
        self.row += bytes;
        self.sheet += bytes;
        if self.row > Self::ROW || self.sheet > Self::SHEET {
            return Err(Fault::new(FaultKind::World, "表里的内容过多，不像正常的台账").hint("请分成几个文件，分次导入"));
        }
        Ok(())
    }

    pub(super) fn next_row(&mut self) {
        self.row = 0;
    }
}

/// The day a serial number stands for: days since 1899-12-31 with Excel's 29 February 1900, or since 1904-01-01.
pub fn serial_day(value: f64, epoch_1904: bool) -> Option<NaiveDate> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let whole = value.floor() as u64;
    let (year, month, day, offset) = match (epoch_1904, whole) {
        (true, n) => (1904, 1, 1, n),
        (false, 0 | 60) => return None,
        (false, n @ 1..60) => (1899, 12, 31, n),
        (false, n) => (1899, 12, 30, n),
    };
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(chrono::Days::new(offset))
}

/// A number as a spreadsheet shows it: fifteen digits, no trailing zeros.
fn show_number(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// Column letters as the spreadsheet shows them: 0 → A, 26 → AA.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}
