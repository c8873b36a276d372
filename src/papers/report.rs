//! What an import says about a sheet; the JSON keys are those of the command line.

use std::collections::BTreeMap;

use serde::Serialize;

use super::grid::column_letters;
use super::values::short;

/// Most faults that are listed: a sheet with more is not the sheet that was meant.
pub const MAX_FAULTS: usize = 50_000;

/// A cell that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellFault {
    /// Name of the sheet.
    pub sheet: String,
    /// Row as the spreadsheet shows it.
    pub row: u32,
    /// Column letters; empty when the column is missing.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// Why, in Chinese, beginning with the field's name.
    pub reason: String,
}

/// A row that is already there, or twice in the sheet: left out, not refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Name of the sheet.
    pub sheet: String,
    /// Row as the spreadsheet shows it.
    pub row: u32,
    /// Code of the record it repeats; empty when that is a row of the same sheet.
    pub code: String,
    /// Why it counts as the same.
    pub reason: String,
}

/// A column no field takes; what it holds is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownColumn {
    /// Its header.
    pub header: String,
    /// Id of the nearest field; empty when none is near.
    pub nearest: String,
}

/// What became, or would become, of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// English id of the register.
    pub register: String,
    /// Rows of data that were read.
    pub rows: usize,
    /// New records of the register, drafts not counted.
    pub imported: usize,
    /// Known records that change.
    pub amended: usize,
    /// Known records that stay as they are.
    pub unchanged: usize,
    /// New records kept as drafts because of faults (`--draft`).
    pub drafts: usize,
    /// What comes along: units, sections, posts, people, measures.
    pub created: BTreeMap<String, usize>,
    /// Every fault of the sheet.
    pub errors: Vec<CellFault>,
    /// Rows left out because they are there already.
    pub duplicates: Vec<Duplicate>,
    /// Columns left out.
    pub unknown_columns: Vec<UnknownColumn>,
    /// Last row of the header, for the sheet that goes back to its sender.
    #[serde(skip)]
    pub header_row: u32,
}

impl ImportReport {
    /// True when something was refused; the shell then ends with 1.
    pub fn refused(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Nothing is taken unless everything can be.
    pub(super) fn take_nothing(&mut self) {
        (self.imported, self.amended, self.unchanged, self.drafts) = (0, 0, 0, 0);
        self.created.clear();
    }

    pub(super) fn fault(&mut self, sheet: &str, row: u32, column: Option<u32>, value: &str, reason: String) {
        if self.errors.len() < MAX_FAULTS {
            let column = column.map(column_letters).unwrap_or_default();
            self.errors.push(CellFault {
                sheet: sheet.into(),
                row,
                column,
                value: short(value),
                reason,
            });
        }
    }
}
