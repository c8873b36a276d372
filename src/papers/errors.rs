//! The sender's sheet with the reasons beside its rows, to be mended and sent again.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::domain::fault::Fault;

use super::book::Book;
use super::fill::Filler;
use super::grid::{Cell, Go, Kind, Row, column_letters};
use super::place;
use super::report::ImportReport;
use super::sinks::{head_format, serial, tab_name, xlsx_failed};

/// Header of the added column; ignored when the mended sheet comes back.
pub const HEADER: &str = "错误原因";

/// Most columns copied; what lies further right is no register.
const COLUMNS: u32 = 256;

/// Writes the sheet an import has refused to `out`: the same rows at the same places, merged cells filled in, formulas
/// as their values, faulty cells marked, and the reasons in a column of their own.
pub fn write(source: &Path, sheet: Option<&str>, report: &ImportReport, out: &Path) -> Result<(), Fault> {
    write_book(&mut Book::open(source)?, sheet, report, out)
}

/// As [`write`], of an open book.
pub fn write_book(book: &mut Book, sheet: Option<&str>, report: &ImportReport, out: &Path) -> Result<(), Fault> {
    let index = book.choose(sheet)?;
    let merges = book.merges(index)?;
    let mut last_column = 0;
    book.rows(index, &mut |row| {
        let last = row.cells.iter().rev().map(|(c, _)| *c).find(|c| *c < COLUMNS);
        last_column = last_column.max(last.unwrap_or(0));
        Ok(Go::On)
    })?;
    let name = book.sheets()[index].name.clone();
    let notes = Notes::of(report);
    place::write(out, |draft| {
        let mut target = Workbook::new();
        let failed = |e| xlsx_failed(draft, e);
        let mut page = Page::new(target.add_worksheet(), &name, last_column).map_err(failed)?;
        let mut filler = Filler::new(&merges);
        book.rows(index, &mut |mut row| {
            filler.fill(&mut row)?;
            page.row(&row, &notes).map_err(failed)?;
            Ok(Go::On)
        })?;
        page.header(report.header_row, &notes).map_err(failed)?;
        target.save(draft).map_err(failed)
    })
}

/// Reasons by row, and the cells they are about.
struct Notes {
    reasons: BTreeMap<u32, Vec<String>>,
    cells: HashSet<(u32, String)>,
}

impl Notes {
    fn of(report: &ImportReport) -> Self {
        let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for fault in &report.errors {
            reasons.entry(fault.row).or_default().push(fault.reason.clone());
        }
        for duplicate in &report.duplicates {
            let code = if duplicate.code.is_empty() {
                String::new()
            } else {
                format!("（{}）", duplicate.code)
            };
            reasons
                .entry(duplicate.row)
                .or_default()
                .push(format!("重复：{}{code}", duplicate.reason));
        }
        Self {
            reasons,
            cells: report.errors.iter().map(|e| (e.row, e.column.clone())).collect(),
        }
    }
}

struct Page<'w> {
    page: &'w mut Worksheet,
    column: u16,
    head: Format,
    plain: Format,
    day: Format,
    marked: Format,
    reason: Format,
}

impl<'w> Page<'w> {
    fn new(page: &'w mut Worksheet, name: &str, last_column: u32) -> Result<Self, XlsxError> {
        let column = u16::try_from(last_column + 1).unwrap_or(u16::MAX);
        page.set_name(tab_name(name))?;
        for c in 0..column {
            page.set_column_width(c, 16.0)?;
        }
        page.set_column_width(column, 60.0)?;
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Ok(Self {
            page,
            column,
            head: head_format(),
            day: plain.clone().set_num_format("yyyy-mm-dd"),
            marked: plain.clone().set_background_color(Color::RGB(0xFF_F2_99)),
            reason: plain.clone().set_font_color(Color::RGB(0xC0_00_00)),
            plain,
        })
    }

    fn row(&mut self, row: &Row, notes: &Notes) -> Result<(), XlsxError> {
        let Some(at) = row.number.checked_sub(1) else {
            return Ok(());
        };
        for (index, cell) in row.cells.iter().filter(|(c, _)| *c < COLUMNS) {
            let column = u16::try_from(*index).unwrap_or(u16::MAX);
            let marked = notes.cells.contains(&(row.number, column_letters(*index)));
            self.cell(at, column, cell, marked)?;
        }
        if let Some(reasons) = notes.reasons.get(&row.number) {
            self.page
                .write_string_with_format(at, self.column, limited(&reasons.join("；")), &self.reason)?;
        }
        Ok(())
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell, marked: bool) -> Result<(), XlsxError> {
        let format = if marked { &self.marked } else { &self.plain };
        match cell.kind {
            Kind::Number(value) => self.page.write_number_with_format(row, column, value, format)?,
            Kind::Date(day) if !marked => self
                .page
                .write_number_with_format(row, column, serial(day), &self.day)?,
            Kind::Empty => return Ok(()),
            _ => self
                .page
                .write_string_with_format(row, column, limited(&cell.text), format)?,
        };
        Ok(())
    }

    /// The added column's header; what is wrong with the header itself stands in brackets, which an import passes over.
    fn header(&mut self, row: u32, notes: &Notes) -> Result<(), XlsxError> {
        let Some(at) = row.checked_sub(1) else { return Ok(()) };
        let text = match notes.reasons.get(&row) {
            Some(reasons) => format!("{HEADER}（{}）", reasons.join("；")),
            None => HEADER.into(),
        };
        self.page
            .write_string_with_format(at, self.column, limited(&text), &self.head)?;
        self.page.set_freeze_panes(row, 0)?;
        Ok(())
    }
}

/// No longer than a cell may be.
fn limited(text: &str) -> String {
    text.chars().take(16_000).collect()
}
