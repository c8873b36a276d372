//! Merged ranges filled in while rows stream by.

use std::collections::BTreeMap;

use crate::domain::fault::Fault;

use super::grid::{Budget, Cell, Kind, Merge, Row};

/// Fills cells merged downwards: each row a range covers gets the value of its first row, in its first column.
pub struct Filler {
    /// Ranges to come, the next one last.
    waiting: Vec<Merge>,
    /// Open ranges by column: last row and value.
    open: BTreeMap<u32, (u32, Cell)>,
    budget: Budget,
}

impl Filler {
    /// Takes the ranges of a sheet; those of a single row are nothing to fill.
    pub fn new(merges: &[Merge]) -> Self {
        let mut waiting: Vec<Merge> = merges.iter().filter(|m| m.rows.0 < m.rows.1).copied().collect();
        waiting.sort_by_key(|m| std::cmp::Reverse(m.rows.0));
        Self {
            waiting,
            open: BTreeMap::new(),
            budget: Budget::default(),
        }
    }

    /// Fills one row; rows come in order. The columns that were filled come back, ascending.
    pub fn fill(&mut self, row: &mut Row) -> Result<Vec<u32>, Fault> {
        self.open.retain(|_, (last, _)| row.number <= *last);
        let mut filled = Vec::new();
        for (column, (_, value)) in &self.open {
            if row.cell(*column).kind == Kind::Empty && value.kind != Kind::Empty {
                self.budget.spend(value)?;
                filled.push(*column);
            }
        }
        self.budget.next_row();
        for column in &filled {
            if let Some((_, value)) = self.open.get(column) {
                row.cells.push((*column, value.clone()));
            }
        }
        if !filled.is_empty() {
            row.cells.sort_by_key(|(column, _)| *column);
        }
        // A range that began in a row without content of its own has nothing to fill in.
        while let Some(merge) = self.waiting.pop_if(|m| m.rows.0 <= row.number) {
            if merge.rows.0 == row.number {
                self.open
                    .insert(merge.columns.0, (merge.rows.1, row.cell(merge.columns.0).clone()));
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn row(number: u32, cells: &[(u32, &str)]) -> Row {
        Row {
            number,
            cells: cells.iter().map(|(c, t)| (*c, Cell::text(*t))).collect(),
        }
    }

    #[test]
    fn a_merged_cell_fills_every_row_it_covers_and_no_other() {
        let merges = [
            Merge {
                rows: (2, 4),
                columns: (0, 0),
            },
            Merge {
                rows: (5, 6),
                columns: (0, 0),
            },
            Merge {
                rows: (2, 3),
                columns: (2, 3),
            },
            Merge {
                rows: (1, 1),
                columns: (0, 3),
            },
        ];
        let mut filler = Filler::new(&merges);
        let mut seen = Vec::new();
        for mut row in [
            row(1, &[(0, "标题")]),
            row(2, &[(0, "甲局"), (1, "a"), (2, "x")]),
            row(3, &[(1, "b")]),
            row(4, &[(1, "c"), (2, "own")]),
            row(5, &[(0, "乙局")]),
            row(6, &[(0, "己有"), (1, "d")]),
            row(7, &[(1, "e")]),
        ] {
            let filled = filler.fill(&mut row).unwrap();
            let texts: Vec<String> = row.cells.iter().map(|(c, cell)| format!("{c}{}", cell.text)).collect();
            seen.push((texts.join(" "), filled));
        }
        assert_eq!(
            seen[2],
            ("0甲局 1b 2x".into(), vec![0, 2]),
            "only the first column of a wide range"
        );
        assert_eq!(seen[3], ("0甲局 1c 2own".into(), vec![0]));
        assert_eq!(seen[5], ("0己有 1d".into(), vec![]), "a value of its own stays");
        assert_eq!(seen[6], ("1e".into(), vec![]));
    }
}
