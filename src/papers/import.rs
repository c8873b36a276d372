//! A sheet of a register → rows of one act, or the list of everything that is wrong with it.
//!
//! The file is read in a stream; what is kept are the rows that can be taken. The caller submits them as one act, so
//! that an import is one step back.

use std::path::Path;

use crate::domain::act::ImportRow;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::StreamId;
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheet;

use super::book::Book;
use super::check::Checker;
use super::fill::Filler;
use super::grid::{Cell, Go, Merge, Row};
use super::header::{self, Header, LOOK};
pub use super::lookup::Lookup;
use super::names::Names;
pub use super::report::{CellFault, Duplicate, ImportReport, UnknownColumn};

/// How a sheet is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Name or number (from 1) of the sheet; else the first with content.
    pub sheet: Option<String>,
    /// `--map 列=field`: header or column letters, and a field's id or Chinese name (`-` = leave out).
    pub map: Vec<(String, String)>,
    /// `--set f=v`: values for fields without a column, and for blank cells.
    pub set: Vec<(String, String)>,
    /// Keep rows with faults as drafts, without the faulty cells (risk points only).
    pub draft: bool,
    /// Create unknown units, posts and people.
    pub create_missing: bool,
    /// Take the good rows and leave the others.
    pub accept_good: bool,
}

/// A checked sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// Rows for one act, in the order in which they can be carried out; empty when nothing may be taken.
    pub rows: Vec<ImportRow>,
    /// Versions seen of the records that are amended, for `Act::seen`.
    pub seen: Vec<(StreamId, u64)>,
    /// What to tell the user.
    pub report: ImportReport,
}

/// Reads and checks a sheet. `progress` hears how many rows were read, now and then, and may stop the reading.
///
/// Faults of cells are in the report; an `Err` means that the file could not be read as this register at all.
pub fn read(
    path: &Path,
    sheet: &Sheet,
    policy: &Policy,
    options: &Options,
    lookup: &dyn Lookup,
    progress: &mut dyn FnMut(usize) -> Go,
) -> Result<Checked, Fault> {
    allowed(sheet, options)?;
    read_book(&mut Book::open(path)?, sheet, policy, options, lookup, progress)
}

/// As [`read`], of an open book.
pub fn read_book(
    book: &mut Book,
    sheet: &Sheet,
    policy: &Policy,
    options: &Options,
    lookup: &dyn Lookup,
    progress: &mut dyn FnMut(usize) -> Go,
) -> Result<Checked, Fault> {
    allowed(sheet, options)?;
    let names = Names::new(sheet, policy);
    let constants = constants(&names, sheet, options)?;
    let index = book.choose(options.sheet.as_deref())?;
    let merges = book.merges(index)?;
    let set: Vec<usize> = (0..constants.len()).filter(|i| constants[*i].is_some()).collect();
    let header = match header_of(book, index, &merges, &names, &options.map, &set) {
        Ok(header) => header,
        Err(fault) => return Err(elsewhere(book, index, &names, fault)),
    };
    let shown = book.sheets()[index].name.clone();
    let last_header_row = header.row;
    let mut checker = Checker::new(sheet, policy, options, lookup, header, constants, &merges);
    checker.name(shown, book.epoch_1904());
    let mut filler = Filler::new(&merges);
    let mut count = 0;
    book.rows(index, &mut |mut row| {
        let filled = filler.fill(&mut row)?;
        if row.number <= last_header_row {
            return Ok(Go::On);
        }
        count += 1;
        if count % 500 == 0 && progress(count) == Go::Stop {
            return Err(Fault::new(FaultKind::Busy, "已停止导入，什么都没有改动").hint("需要时重新导入即可"));
        }
        checker.row(&row, &filled)
    })?;
    progress(count);
    Ok(checker.finish())
}

/// Refuses what can be told before the file is looked at.
fn allowed(sheet: &Sheet, options: &Options) -> Result<(), Fault> {
    if !sheet.import {
        return Err(Fault::new(FaultKind::Usage, format!("“{}”不能从表格导入", sheet.label))
            .hint("能导入的有：风险点、预警、任务、单位、岗位、人员、任职和各业务台账"));
    }
    if options.draft && sheet.rules != "risk_point" {
        let reason = format!("“{}”没有草稿状态，--draft 只用于风险点", sheet.label);
        return Err(Fault::new(FaultKind::Usage, reason).hint("要先导入没有错误的行，请用 --accept-good"));
    }
    Ok(())
}

/// Cells of `--set` by field.
fn constants(names: &Names<'_>, sheet: &Sheet, options: &Options) -> Result<Vec<Option<Cell>>, Fault> {
    let mut cells = vec![None; sheet.fields.len()];
    for (field, value) in &options.set {
        let index = names.field(field).ok_or_else(|| header::no_field(field, names))?;
        cells[index] = Some(Cell::text(value.trim())).filter(|c| !c.is_blank());
    }
    Ok(cells)
}

/// The fault of a sheet without a header, with the sheet that has one, if there is such a sheet.
fn elsewhere(book: &mut Book, index: usize, names: &Names<'_>, fault: Fault) -> Fault {
    for other in (0..book.sheets().len()).filter(|i| *i != index) {
        let Ok(merges) = book.merges(other) else { continue };
        if header_of(book, other, &merges, names, &[], &[]).is_ok() {
            let (here, there) = (&book.sheets()[index].name, &book.sheets()[other].name);
            let reason = format!("工作表“{here}”里{}", fault.reason);
            return Fault::new(fault.kind, reason).hint(format!("工作表“{there}”像是要导入的表，请加 --sheet {there}"));
        }
    }
    fault
}

/// Reads just enough rows to find the header.
pub(super) fn header_of(
    book: &mut Book,
    index: usize,
    merges: &[Merge],
    names: &Names<'_>,
    map: &[(String, String)],
    set: &[usize],
) -> Result<Header, Fault> {
    let mut first: Vec<Row> = Vec::new();
    let mut filler = Filler::new(merges);
    book.rows(index, &mut |mut row| {
        filler.fill(&mut row)?;
        first.push(row);
        Ok(if first.len() > LOOK { Go::Stop } else { Go::On })
    })?;
    header::find(&first, merges, names, map, set)
}
