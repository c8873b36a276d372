//! What the columns of a sheet give for each field, and which of its rows are data.

use std::collections::{BTreeSet, HashSet};

use crate::domain::sheet::{Field, FieldType, Sheet};

use super::grid::{Cell, Kind, Merge, Row, column_letters};
use super::header::{Column, Header, Target};
use super::report::UnknownColumn;
use super::typing::Given;
use super::values::{fold, short};

/// How the example row of a blank sheet begins; it is passed over.
pub(super) const EXAMPLE: &str = "示例";

/// Words that stand alone in the first cell of rows below a table.
const SUMS: [&str; 5] = ["合计", "总计", "小计", "备注", "说明"];
/// Words before a colon there: 填表人：…, 注：….
const SIGNED: [&str; 8] = ["注", "备注", "说明", "填表", "填报", "制表", "审核", "联系"];

/// The columns of a sheet and the values given for all of it.
pub(super) struct Layout<'a> {
    sheet: &'a Sheet,
    header: Header,
    /// Header texts, folded, beside their columns.
    folded: Vec<String>,
    /// Values of `--set` by field.
    pub(super) constants: Vec<Option<Cell>>,
    /// Where ranges over three columns or more begin.
    wide: HashSet<(u32, u32)>,
    /// Columns with content under no header.
    headless: BTreeSet<u32>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(sheet: &'a Sheet, header: Header, constants: Vec<Option<Cell>>, merges: &[Merge]) -> Self {
        let wide = merges.iter().filter(|m| m.columns.1 - m.columns.0 >= 2);
        Self {
            sheet,
            folded: header.columns.iter().map(|c| fold(&c.text)).collect(),
            wide: wide.map(|m| (m.rows.0, m.columns.0)).collect(),
            headless: BTreeSet::new(),
            constants,
            header,
        }
    }

    /// Last row of the header.
    pub(super) fn header_row(&self) -> u32 {
        self.header.row
    }

    /// The unit a title names, if no column and no `--set` gives units; and the field it belongs to.
    pub(super) fn reporting_unit(&mut self) -> Option<(usize, String)> {
        let at = self
            .sheet
            .fields
            .iter()
            .position(|f| f.kind == FieldType::Unit && f.id == "unit")?;
        let has_column = self.header.columns.iter().any(|c| match &c.target {
            Target::Field(i) => *i == at,
            Target::Parts(fields) => fields.contains(&at),
            _ => false,
        });
        let name = self.header.reporting_unit.take()?;
        (!has_column && self.constants[at].is_none()).then_some((at, name))
    }

    fn column(&self, index: u32) -> Option<&Column> {
        self.header.columns.iter().find(|c| c.index == index)
    }

    fn field(&self, index: u32) -> Option<&'a Field> {
        match self.column(index).map(|c| &c.target) {
            Some(Target::Field(i)) => self.sheet.fields.get(*i),
            _ => None,
        }
    }

    /// The cell of the column of codes or versions, if the sheet has one.
    pub(super) fn special(&self, row: &Row, target: &Target) -> Option<Given> {
        let index = self.header.columns.iter().find(|c| c.target == *target)?.index;
        Some(Given {
            column: Some(index),
            cell: row.cell(index).clone(),
        })
    }

    /// False for blank rows, 序号 alone, the example, repeated headers, titles between rows, and footers.
    pub(super) fn is_data(&mut self, row: &Row, filled: &[u32]) -> bool {
        let mut content: Vec<(u32, &Cell)> = Vec::new();
        let mut mapped = 0;
        for (index, cell) in own(row, filled).filter(|(_, cell)| !cell.text.trim().is_empty()) {
            match self.column(*index).map(|c| &c.target) {
                Some(Target::Ignored) => continue,
                Some(Target::Unknown(_)) => {}
                Some(_) => mapped += 1,
                None => {
                    self.headless.insert(*index);
                }
            }
            content.push((*index, cell));
        }
        let Some((first_column, first)) = content.first().filter(|_| mapped > 0) else {
            return false;
        };
        let start: String = fold(&first.text.chars().take(12).collect::<String>());
        let signed = || {
            start
                .split_once(':')
                .is_some_and(|(word, _)| SIGNED.iter().any(|s| word.starts_with(s)))
        };
        let footer = content.len() <= 3 && (SUMS.contains(&start.as_str()) || signed());
        let title = content.len() == 1 && self.wide.contains(&(row.number, *first_column));
        !(start.starts_with(EXAMPLE) || footer || title || self.repeats_header(row))
    }

    /// Printed lists repeat their header on each page.
    fn repeats_header(&self, row: &Row) -> bool {
        let mut alike = 0;
        for (column, header) in self.header.columns.iter().zip(&self.folded) {
            let text = &row.cell(column.index).text;
            if text.is_empty() {
                continue;
            }
            if text.chars().count() > 60 || fold(text) != *header {
                return false;
            }
            alike += 1;
        }
        alike >= 2
    }

    /// What the row gives for each field: its columns, joined when a long text has several, else `--set`.
    pub(super) fn given(&self, row: &Row) -> Vec<Option<Given>> {
        let mut given: Vec<Option<Given>> = vec![None; self.sheet.fields.len()];
        for column in &self.header.columns {
            let cell = row.cell(column.index);
            let column_index = Some(column.index);
            match &column.target {
                Target::Field(i) => add(&mut given[*i], column_index, cell),
                Target::Parts(fields) => {
                    let pieces: Vec<&str> = cell.text.splitn(fields.len(), ['/', '／', '\n']).collect();
                    for (nth, field) in fields.iter().enumerate() {
                        let text = pieces.get(nth).copied().unwrap_or_default();
                        let kind = if text.trim().is_empty() { Kind::Empty } else { cell.kind };
                        add(
                            &mut given[*field],
                            column_index,
                            &Cell {
                                text: text.into(),
                                kind,
                            },
                        );
                    }
                }
                _ => {}
            }
        }
        for (slot, constant) in given.iter_mut().zip(&self.constants) {
            if let Some(cell) = constant
                && slot.as_ref().is_none_or(|g| g.cell.is_blank())
            {
                *slot = Some(Given {
                    column: None,
                    cell: cell.clone(),
                });
            }
        }
        given
    }

    /// One record over several rows: everything merged downwards but its measures, one a row.
    pub(super) fn goes_on(&self, row: &Row, filled: &[u32]) -> bool {
        let is_title = |index: &u32| self.field(*index).is_some_and(|f| f.id == self.sheet.title);
        let given = own(row, filled).filter(|(_, c)| !c.is_blank());
        let mut fields = given.filter_map(|(i, _)| self.field(*i)).peekable();
        filled.iter().any(is_title) && fields.peek().is_some() && fields.all(|f| f.kind == FieldType::Lines)
    }

    /// Columns no field took.
    pub(super) fn unknown(&self) -> Vec<UnknownColumn> {
        let named = self.header.columns.iter().filter_map(|column| match &column.target {
            Target::Unknown(nearest) => Some(UnknownColumn {
                header: short(column.text.trim()),
                nearest: nearest.clone(),
            }),
            _ => None,
        });
        let nameless = self.headless.iter().map(|index| UnknownColumn {
            header: format!("{}列（没有标题）", column_letters(*index)),
            nearest: String::new(),
        });
        named.chain(nameless).collect()
    }
}

/// Cells that stand in the row itself.
fn own<'r>(row: &'r Row, filled: &'r [u32]) -> impl Iterator<Item = &'r (u32, Cell)> {
    row.cells.iter().filter(|(index, _)| !filled.contains(index))
}

/// Gives a field a cell, or joins it to the text an earlier column gave.
fn add(slot: &mut Option<Given>, column: Option<u32>, cell: &Cell) {
    match slot {
        Some(first) if !first.cell.is_blank() && !cell.is_blank() => {
            // A formula or an error value in either part spoils the whole.
            let kind = if cell.kind == Kind::Text {
                first.cell.kind
            } else {
                cell.kind
            };
            let text = format!("{}：{}", first.cell.text.trim(), cell.text.trim());
            first.cell = Cell { text, kind };
        }
        Some(first) if !first.cell.is_blank() => {}
        _ => {
            *slot = Some(Given {
                column,
                cell: cell.clone(),
            });
        }
    }
}
