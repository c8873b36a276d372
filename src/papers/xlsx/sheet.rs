//! The cells of one xlsx sheet, and its merged ranges.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use crate::domain::fault::Fault;

use super::super::grid::{Budget, Cell, Go, Kind, Merge, Row, Visit};
use super::super::package::{Package, Xml, attribute, broken};
use super::super::pool::Pool;
use super::parts::{rich_text, unescape};

/// Bound on a sheet's XML: 100,000 rows of twenty long cells are about 200 MB.
const SHEET: u64 = 512 << 20;
/// Most merged ranges: one for each row that can be read.
const MAX_MERGES: usize = 200_000;
/// Excel's own limits; what claims to lie beyond is not read.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What reading a cell needs from the rest of the package.
pub(super) struct Look<'w> {
    pub(super) shared: &'w Pool,
    pub(super) day_styles: &'w [bool],
    pub(super) epoch_1904: bool,
}

/// Merged ranges; they follow the cells, so the whole part is passed over.
pub(super) fn merges(package: &mut Package, part: &str) -> Result<Vec<Merge>, Fault> {
    let mut found = Vec::new();
    let Some(mut xml) = package.xml(part, SHEET)? else {
        return Ok(found);
    };
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == b"mergeCell" => {
                if found.len() < MAX_MERGES
                    && let Some(merge) = attribute(&tag, "ref").and_then(|r| range(&r))
                {
                    found.push(merge);
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn range(text: &str) -> Option<Merge> {
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    let (from, to) = (position(from.as_bytes())?, position(to.as_bytes())?);
    let merge = Merge {
        rows: (from.0?, to.0?),
        columns: (from.1?, to.1?),
    };
    (merge.rows.0 <= merge.rows.1 && merge.columns.0 <= merge.columns.1).then_some(merge)
}

/// Row (from 1) and column (from 0) of a reference such as `AB12`, each `None` when not given; `None` when it is no
/// reference or lies outside a sheet.
fn position(text: &[u8]) -> Option<(Option<u32>, Option<u32>)> {
    let (mut row, mut column) = (0u32, 0u32);
    for c in text.iter().filter(|c| **c != b'$') {
        match c {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column * 26 + u32::from(c.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' => row = row * 10 + u32::from(c - b'0'),
            _ => return None,
        }
        if row > ROWS || column > COLUMNS {
            return None;
        }
    }
    Some(((row > 0).then_some(row), column.checked_sub(1)))
}

/// Streams the rows that have cells.
pub(super) fn rows(package: &mut Package, part: &str, look: &Look<'_>, visit: Visit<'_>) -> Result<(), Fault> {
    let path = package.path().to_owned();
    let Some(mut xml) = package.xml(part, SHEET)? else {
        return Err(broken(&path));
    };
    let mut buffer = Vec::new();
    let mut row = Row::default();
    let mut budget = Budget::default();
    // Rows and cells may leave out where they stand: then they follow the one before.
    let (mut next_row, mut next_column) = (1, 0);
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"row" => {
                    let [given] = attributes(&tag, [b"r"]);
                    let number = match given.map(|r| position(&r)) {
                        None => next_row,
                        Some(Some((Some(number), _))) => number,
                        Some(_) => return Err(broken(xml.path())),
                    };
                    row = Row {
                        number,
                        cells: Vec::new(),
                    };
                    next_row = number.saturating_add(1);
                    next_column = 0;
                }
                b"c" => {
                    let [given, style, kind] = attributes(&tag, [b"r", b"s", b"t"]);
                    let column = match given.map(|r| position(&r)) {
                        None => next_column,
                        Some(Some((_, Some(column)))) => column,
                        Some(_) => return Err(broken(xml.path())),
                    };
                    next_column = column.saturating_add(1);
                    let style = style
                        .and_then(|s| std::str::from_utf8(&s).ok()?.parse().ok())
                        .unwrap_or(0);
                    let cell = cell(&mut xml, kind.as_deref().unwrap_or_default(), style, look)?;
                    budget.spend(&cell)?;
                    if cell.kind != Kind::Empty {
                        row.cells.push((column, cell));
                    }
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                b"row" => {
                    row.tidy();
                    budget.next_row();
                    if visit(std::mem::take(&mut row))? == Go::Stop {
                        return Ok(());
                    }
                }
                b"sheetData" => return Ok(()),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Raw values of some attributes, in one pass and without copying: there are millions of them.
fn attributes<'t, const N: usize>(tag: &'t BytesStart<'_>, names: [&[u8]; N]) -> [Option<Cow<'t, [u8]>>; N] {
    let mut found = [const { None }; N];
    for attribute in tag.attributes().with_checks(false).flatten() {
        if let Some(at) = names.iter().position(|n| *n == attribute.key.local_name().as_ref()) {
            found[at] = Some(attribute.value);
        }
    }
    found
}

fn cell(xml: &mut Xml<'_>, kind: &[u8], style: usize, look: &Look<'_>) -> Result<Cell, Fault> {
    let (mut value, mut inline, mut has_formula, mut in_value) = (String::new(), None, false, false);
    let mut buffer = Vec::new();
    loop {
        let event = xml.event(&mut buffer)?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                // A cell that shares another cell's formula has an empty one.
                b"f" => has_formula = true,
                b"v" => in_value = true,
                b"is" => {
                    let mut text = String::new();
                    rich_text(xml, b"is", &mut text)?;
                    inline = Some(unescape(&text).into_owned());
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                b"v" => in_value = false,
                b"c" => break,
                _ => {}
            },
            Event::Eof => return Err(broken(xml.path())),
            event if in_value => xml.read_text(event, &mut value)?,
            _ => {}
        }
    }
    let shows_day = look.day_styles.get(style).copied().unwrap_or(false);
    let cell = match (kind, inline) {
        (_, Some(text)) => Cell::text(text),
        (_, None) if value.is_empty() => Cell::EMPTY,
        (b"s", None) => match value.trim().parse().ok().and_then(|i: usize| look.shared.get(i)) {
            Some(text) => Cell::text(text),
            None => return Err(broken(xml.path())),
        },
        (b"b", None) => Cell::bool(matches!(value.trim(), "1" | "true" | "TRUE")),
        (b"e", None) => Cell {
            text: value,
            kind: Kind::Error,
        },
        (b"d", None) => match value.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::date(day),
            None => Cell::text(value),
        },
        (b"str", None) => Cell::text(unescape(&value)),
        _ => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Cell::number(number, shows_day, look.epoch_1904),
            _ => Cell::text(value),
        },
    };
    Ok(if has_formula {
        Cell {
            kind: Kind::Formula,
            ..cell
        }
    } else {
        cell
    })
}
