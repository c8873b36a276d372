//! The rows of one table, and its merged ranges.

use quick_xml::events::{BytesStart, Event};

use crate::domain::fault::Fault;

use super::super::grid::{Budget, Go, Kind, Merge, Row, Visit};
use super::super::package::{Package, Xml, broken};
use super::cell::{Head, number, read};
use super::frame::Tabs;
use super::{CONTENT, LIMIT};

/// Most merged ranges: one for each row that can be read.
const MAX_MERGES: usize = 200_000;
/// The limits of the programs that write such files; what claims to lie beyond is not read.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What the walk over a table meets.
enum Met {
    /// A cell with content or a span, `times` side by side from this column on.
    Cell { column: u32, times: u32, head: Head },
    /// The end of a row that stands `times` from this number on.
    Row { number: u32, times: u32 },
}

/// Streams the rows that have cells.
pub(super) fn rows(package: &mut Package, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
    let mut budget = Budget::default();
    let mut cells = Vec::new();
    walk(package, sheet, &mut |xml, met| {
        match met {
            Met::Cell { column, times, head } => {
                let cell = read(xml, &head)?;
                // What a merged range covers is not seen.
                if cell.kind == Kind::Empty || head.covered {
                    return Ok(Go::On);
                }
                for column in column..column.saturating_add(times) {
                    if column >= COLUMNS {
                        return Err(broken(xml.path()));
                    }
                    budget.spend(&cell)?;
                    cells.push((column, cell.clone()));
                }
            }
            Met::Row { number, times } => {
                let mut row = Row {
                    number,
                    cells: std::mem::take(&mut cells),
                };
                budget.next_row();
                if row.cells.is_empty() {
                    return Ok(Go::On);
                }
                row.tidy();
                for number in number..number.saturating_add(times) {
                    if number > ROWS {
                        return Err(broken(xml.path()));
                    }
                    if number > row.number {
                        for (_, cell) in &row.cells {
                            budget.spend(cell)?;
                        }
                        budget.next_row();
                    }
                    let copy = Row {
                        number,
                        cells: row.cells.clone(),
                    };
                    if visit(copy)? == Go::Stop {
                        return Ok(Go::Stop);
                    }
                }
            }
        }
        Ok(Go::On)
    })
}

/// Merged ranges; each stands at its first cell.
pub(super) fn merges(package: &mut Package, sheet: usize) -> Result<Vec<Merge>, Fault> {
    let mut found = Vec::new();
    let mut spans: Vec<(u32, u32, u32)> = Vec::new();
    walk(package, sheet, &mut |_, met| {
        match met {
            Met::Cell { column, head, .. } if head.spans != (1, 1) => spans.push((column, head.spans.0, head.spans.1)),
            Met::Cell { .. } => {}
            Met::Row { number, .. } => {
                for (column, columns, rows) in spans.drain(..) {
                    let merge = Merge {
                        rows: (number, number.saturating_add(rows - 1)),
                        columns: (column, column.saturating_add(columns - 1)),
                    };
                    if merge.rows.1 <= ROWS && merge.columns.1 < COLUMNS {
                        found.push(merge);
                    }
                }
            }
        }
        Ok(if found.len() + spans.len() < MAX_MERGES {
            Go::On
        } else {
            Go::Stop
        })
    })?;
    Ok(found)
}

type Meet<'m> = &'m mut dyn FnMut(&mut Xml<'_>, Met) -> Result<Go, Fault>;

/// Walks over the cells of one table. Rows and cells stand one after the other, each as often as it says.
fn walk(package: &mut Package, sheet: usize, meet: Meet<'_>) -> Result<(), Fault> {
    let path = package.path().to_owned();
    let Some(mut xml) = package.xml(CONTENT, LIMIT)? else {
        return Err(broken(&path));
    };
    let (mut tabs, mut seen, mut here) = (Tabs::default(), 0, false);
    let (mut row, mut rows_of_it, mut column) = (1u32, 1u32, 0u32);
    let mut buffer = Vec::new();
    loop {
        let met = match xml.event(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"table-row" if here && tabs.at_top() => {
                    (rows_of_it, column) = (repeated(&tag, b"number-rows-repeated"), 0);
                    continue;
                }
                name @ (b"table-cell" | b"covered-table-cell") if here && tabs.at_top() => {
                    let times = repeated(&tag, b"number-columns-repeated");
                    let head = Head::of(&tag, name == b"covered-table-cell");
                    let met = Met::Cell { column, times, head };
                    column = column.saturating_add(times);
                    met
                }
                name => {
                    if tabs.opens(name) {
                        here = seen == sheet;
                        seen += 1;
                    }
                    continue;
                }
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                b"table-row" if here && tabs.at_top() => {
                    let met = Met::Row {
                        number: row,
                        times: rows_of_it,
                    };
                    row = row.saturating_add(rows_of_it);
                    met
                }
                name => {
                    tabs.closes(name);
                    if here && tabs.outside() {
                        return Ok(());
                    }
                    continue;
                }
            },
            Event::Eof => return Ok(()),
            _ => continue,
        };
        if meet(&mut xml, met)? == Go::Stop {
            return Ok(());
        }
    }
}

fn repeated(tag: &BytesStart<'_>, name: &[u8]) -> u32 {
    let mut all = tag.attributes();
    let found = all
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name);
    found.map_or(1, |a| number(&a.value))
}
