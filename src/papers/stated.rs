//! What a sheet states about matters under way: whether it belongs together, named by its cells.

use crate::domain::act::Fields;
use crate::domain::initial;
use crate::domain::sheet::Field;

use super::check::Checker;
use super::grid::Cell;
use super::typing::{Faults, Given};

impl Checker<'_> {
    /// The id of a choice as a cell spells it.
    pub(super) fn choice(&self, field: &Field, text: &str) -> Option<String> {
        let at = self.sheet.fields.iter().position(|f| f.id == field.id)?;
        self.choices.get(&at)?.read(text).ok()
    }

    /// Notes what does not belong together in a new row, at its cells.
    pub(super) fn together(&self, given: &[Option<Given>], fields: &Fields, faults: &mut Faults) {
        for (id, reason) in initial::faults(&self.sheet.id, fields, self.lookup.today()) {
            let Some((i, field)) = self.sheet.fields.iter().enumerate().find(|(_, f)| f.id == id) else {
                continue;
            };
            let nothing = Given {
                column: None,
                cell: Cell::EMPTY,
            };
            faults.add(&field.label, given[i].as_ref().unwrap_or(&nothing), reason);
        }
    }
}
