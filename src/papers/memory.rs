//! Cells that come from no file, in the place of a sheet: row 1 is the first row given, column A the first cell.

use crate::domain::fault::Fault;

use super::csv;
use super::grid::{Cell, Go, Row, SheetInfo, Visit};

/// A sheet held in memory.
pub(super) struct Cells {
    sheets: [SheetInfo; 1],
    rows: Vec<Row>,
}

impl Cells {
    pub(super) fn new(name: &str, rows: &[Vec<String>]) -> Self {
        let row = |(number, cells): (u32, &Vec<String>)| Row {
            number,
            cells: (0..)
                .zip(cells)
                .filter(|(_, text)| !text.is_empty())
                .map(|(column, text)| (column, Cell::text(text.as_str())))
                .collect(),
        };
        Self {
            sheets: [SheetInfo {
                name: name.to_owned(),
                hidden: false,
            }],
            rows: (1..).zip(rows).map(row).collect(),
        }
    }

    pub(super) fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    pub(super) fn rows(&self, visit: Visit<'_>) -> Result<(), Fault> {
        for row in &self.rows {
            if visit(row.clone())? == Go::Stop {
                break;
            }
        }
        Ok(())
    }
}

/// The cells of a block copied from a spreadsheet or a Word table.
pub fn pasted(text: &str) -> Vec<Vec<String>> {
    csv::cells_of(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_block_is_cut_at_tabs_and_a_cell_of_several_lines_stays_one() {
        let cells = pasted("单位\t内容\r\n城建局\t\"第一行\n第二行\"\n\t只有内容\n");
        assert_eq!(cells[0], ["单位", "内容"]);
        assert_eq!(cells[1], ["城建局", "第一行\n第二行"]);
        assert_eq!(cells[2], ["", "只有内容"]);
        assert_eq!(cells.len(), 3);
    }

    #[test]
    fn marks_that_do_not_pair_are_taken_as_they_stand() {
        assert_eq!(pasted("甲\t\"乙\n丙"), [vec!["甲", "\"乙"], vec!["丙"]]);
    }
}
