//! Which column is which field: the header found under titles, its names read as offices write them.

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::sheet::{FieldType, Sheet};

use super::grid::{Merge, Row, column_letters};
use super::names::{Names, Slot, combined};
use super::values::{fold, short, split_brackets};

/// Rows with content among which the header is looked for.
pub const LOOK: usize = 40;

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A field, by its place in `Sheet::fields`; several columns may share a long text.
    Field(usize),
    /// Several fields in one cell, parted by `/` or line breaks ("股室/岗位").
    Parts(Vec<usize>),
    /// 编号.
    Code,
    /// 版本 the row was exported with.
    Version,
    /// 序号 and the like.
    Ignored,
    /// No field; the id of the nearest one, or nothing.
    Unknown(String),
}

/// A column with a header, or with content under none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// 0 = A.
    pub index: u32,
    /// Header as the sheet shows it.
    pub text: String,
    /// What it is for.
    pub target: Target,
}

/// The header of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Last row that belongs to it, as the spreadsheet shows it.
    pub row: u32,
    /// Columns, left to right.
    pub columns: Vec<Column>,
    /// 填报单位 as a title above it says.
    pub reporting_unit: Option<String>,
}

/// A header name or column letters, and what they are said to be (`--map 列=field`).
pub type Map = (String, String);

/// Finds the header among the first rows (merged ranges filled in) and says what its columns are for. `set` are the
/// fields given for the whole sheet, for which a weaker name need not be taken.
pub fn find(rows: &[Row], merges: &[Merge], names: &Names<'_>, map: &[Map], set: &[usize]) -> Result<Header, Fault> {
    let needed = names.sheet.fields.iter().filter(|f| f.required).count().clamp(1, 2);
    let score = |row: &Row| {
        let texts = texts_of(row, merges);
        // A row of titles lacks the columns that --map names; that is only wrong in the header itself.
        let here = |m: &&Map| texts.iter().any(|(_, text)| fold(text) == fold(&m.0));
        let present: Vec<Map> = map.iter().filter(here).cloned().collect();
        let targets = assign(&texts, names, &present, set).unwrap_or_default();
        let known = targets
            .iter()
            .filter(|c| matches!(c.target, Target::Field(_) | Target::Parts(_) | Target::Code));
        known.count()
    };
    let scores: Vec<usize> = rows.iter().take(LOOK).map(score).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let Some(at) = scores.iter().position(|s| *s == best).filter(|_| best >= needed) else {
        return Err(no_header(names.sheet));
    };
    let mut texts = texts_of(&rows[at], merges);
    let mut last = rows[at].number;
    // A second line of headers: the row below holds names only, or the row above fills what stays blank.
    if let Some(below) = rows.get(at + 1).filter(|r| r.number == last + 1) {
        let sub = texts_of(below, merges);
        let fresh: Vec<&(u32, String)> = sub.iter().filter(|s| !texts.contains(s)).collect();
        if !fresh.is_empty() && fresh.iter().all(|(_, text)| !names.read(text).is_empty()) {
            texts.retain(|(column, _)| !fresh.iter().any(|(c, _)| c == column));
            texts.extend(fresh.into_iter().cloned());
            last = below.number;
        }
    }
    if let Some(above) = at.checked_sub(1).filter(|i| scores[*i] > 0).map(|i| &rows[i]) {
        let more: Vec<(u32, String)> = texts_of(above, merges);
        texts.extend(
            more.into_iter()
                .filter(|(c, _)| !rows[at].cells.iter().any(|(column, _)| column == c)),
        );
    }
    texts.sort();
    texts.dedup_by_key(|(column, _)| *column);
    let reporting_unit = reporting_unit(&rows[..at]);
    let mut columns = assign(&texts, names, map, set)?;
    // 科室 alone may stand for the unit; under "填报单位：X局" it is a section of that unit.
    if let Some(unit) = reporting_unit.as_ref().and_then(|_| weak_unit(&columns, names)) {
        let set: Vec<usize> = set.iter().copied().chain([unit]).collect();
        columns = assign(&texts, names, map, &set)?;
    }
    Ok(Header {
        row: last,
        columns,
        reporting_unit,
    })
}

fn no_header(sheet: &Sheet) -> Fault {
    let wanted: Vec<&str> = sheet
        .fields
        .iter()
        .filter(|f| f.required)
        .map(|f| f.label.as_str())
        .collect();
    let reason = format!(
        "没有找到“{}”的表头：前 {LOOK} 行里没有哪一行写着{}等列名",
        sheet.label,
        wanted.join("、")
    );
    let hint = format!(
        "请确认工作表选对了（--sheet），或用 --map 列=字段 指明；空白表可由 template {} 生成",
        sheet.id
    );
    Fault::new(FaultKind::Usage, reason).hint(hint)
}

/// Header texts by column. A combined header over as many merged columns as it has parts is dealt out among them.
fn texts_of(row: &Row, merges: &[Merge]) -> Vec<(u32, String)> {
    let mut texts: Vec<(u32, String)> = Vec::new();
    for (column, cell) in row.cells.iter().filter(|(_, cell)| !cell.is_blank()) {
        let over = merges
            .iter()
            .find(|m| m.rows.0 <= row.number && row.number <= m.rows.1 && m.columns.0 == *column);
        let width = over.map_or(1, |m| m.columns.1 - m.columns.0 + 1);
        let parts = combined(&cell.text);
        if width > 1 && parts.len() == width as usize {
            texts.extend(parts.into_iter().enumerate().map(|(i, part)| (column + i as u32, part)));
        } else {
            texts.push((*column, cell.text.clone()));
        }
    }
    texts
}

/// Deals the columns out: `--map` first, then stronger names before weaker, left before right.
fn assign(texts: &[(u32, String)], names: &Names<'_>, map: &[Map], set: &[usize]) -> Result<Vec<Column>, Fault> {
    let mut columns: Vec<Column> = texts
        .iter()
        .map(|(index, text)| Column {
            index: *index,
            text: text.clone(),
            target: Target::Unknown(String::new()),
        })
        .collect();
    let mut taken: Vec<Slot> = Vec::new();
    let mut open: Vec<bool> = vec![true; columns.len()];
    for (from, to) in map {
        let by_text = columns.iter().position(|c| fold(&c.text) == fold(from));
        let Some(at) = by_text.or_else(|| columns.iter().position(|c| column_letters(c.index) == fold(from))) else {
            return Err(no_column(from, &columns));
        };
        let slot = mapped(to, names)?;
        columns[at].target = target(slot);
        open[at] = false;
        taken.push(slot);
    }
    let readings: Vec<Vec<(u8, Slot)>> = columns.iter().map(|c| names.read(&c.text)).collect();
    // In a second round also fields that --set gives: their column may hold some of the values.
    for avoid in [set, &[]] {
        let mut edges: Vec<(u8, usize, Slot)> = Vec::new();
        for (at, reading) in readings.iter().enumerate().filter(|(at, _)| open[*at]) {
            edges.extend(reading.iter().map(|(strength, slot)| (*strength, at, *slot)));
        }
        // Stable: within one column the order of its readings stays.
        edges.sort_by_key(|(strength, at, _)| (*strength, *at));
        for (_, at, slot) in edges {
            let avoided = matches!(slot, Slot::Field(i) if avoid.contains(&i));
            if open[at] && !avoided && (slot == Slot::Ignored || !taken.contains(&slot)) {
                columns[at].target = target(slot);
                open[at] = false;
                taken.push(slot);
            }
        }
    }
    for (at, column) in columns.iter_mut().enumerate() {
        if open[at] {
            // A long text may lie in several columns: 风险点 and 表现形式.
            let shared = readings[at].iter().find_map(|(_, slot)| match slot {
                Slot::Field(i) if names.sheet.fields[*i].kind == FieldType::Long => Some(*i),
                _ => None,
            });
            column.target = shared.map_or_else(|| Target::Unknown(names.nearest(&column.text)), Target::Field);
        } else if let Target::Field(first) = column.target {
            column.target = parts(first, &readings[at], &mut taken, names);
        }
    }
    Ok(columns)
}

/// A combined header whose further parts are fields without a column of their own.
fn parts(first: usize, reading: &[(u8, Slot)], taken: &mut Vec<Slot>, names: &Names<'_>) -> Target {
    let mut fields = vec![first];
    for (strength, slot) in reading {
        if let Slot::Field(i) = slot
            && *strength == 4
            && !taken.contains(slot)
        {
            taken.push(*slot);
            fields.push(*i);
        }
    }
    // A unit's cell is parted by its own rules.
    let is_unit = |i: usize| names.sheet.fields[i].kind == FieldType::Unit;
    if fields.len() == 1
        || (fields.len() == 2 && is_unit(first) && names.sheet.fields[fields[1]].kind == FieldType::Section)
    {
        return Target::Field(first);
    }
    Target::Parts(fields)
}

fn target(slot: Slot) -> Target {
    match slot {
        Slot::Field(i) => Target::Field(i),
        Slot::Code => Target::Code,
        Slot::Version => Target::Version,
        Slot::Ignored => Target::Ignored,
    }
}

fn mapped(to: &str, names: &Names<'_>) -> Result<Slot, Fault> {
    if matches!(to.trim(), "" | "-" | "忽略") {
        return Ok(Slot::Ignored);
    }
    names
        .exact(&fold(to))
        .first()
        .map(|(_, slot)| *slot)
        .ok_or_else(|| no_field(to, names))
}

/// The field of the unit, when its column may as well be one of sections.
fn weak_unit(columns: &[Column], names: &Names<'_>) -> Option<usize> {
    let kind = |i: usize| names.sheet.fields[i].kind;
    columns.iter().find_map(|column| match column.target {
        Target::Field(i) if kind(i) == FieldType::Unit && names.sheet.fields[i].id == "unit" => {
            let reading = names.read(&column.text);
            let section = |s: &Slot| matches!(s, Slot::Field(f) if kind(*f) == FieldType::Section);
            reading
                .iter()
                .any(|(strength, slot)| *strength < 4 && section(slot))
                .then_some(i)
        }
        _ => None,
    })
}

/// The sentence for a field that the register does not have.
pub fn no_field(name: &str, names: &Names<'_>) -> Fault {
    let all: Vec<String> = names
        .sheet
        .fields
        .iter()
        .filter(|f| f.importable())
        .map(|f| format!("{}（{}）", f.label, f.id))
        .collect();
    Fault::new(FaultKind::Usage, format!("“{}”台账没有字段“{name}”", names.sheet.label))
        .hint(format!("可用的字段：{}", all.join("、")))
}

fn no_column(from: &str, columns: &[Column]) -> Fault {
    let all: Vec<String> = columns
        .iter()
        .map(|c| format!("{}列“{}”", column_letters(c.index), short(&c.text)))
        .collect();
    Fault::new(FaultKind::Usage, format!("表里没有“{from}”这一列")).hint(format!("表头有：{}", all.join("、")))
}

/// "填报单位：区城建局" in a title.
fn reporting_unit(rows: &[Row]) -> Option<String> {
    rows.iter().flat_map(|r| &r.cells).find_map(|(_, cell)| {
        let (label, rest) = cell.text.split_once([':', '：'])?;
        let label = fold(label);
        if !["填报单位", "填报部门", "单位名称", "单位", "报送单位"].contains(&label.as_str()) {
            return None;
        }
        // Further items may follow on the same line, after a wide gap.
        let name = rest.trim().split("  ").next()?.split('\u{3000}').next()?;
        let (name, _) = split_brackets(name);
        Some(name).filter(|n| !n.is_empty() && n.chars().count() <= 60)
    })
}
