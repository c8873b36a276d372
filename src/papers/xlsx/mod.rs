//! xlsx: the tabs of a package, its cells streamed row by row.

mod parts;
mod sheet;

use crate::domain::fault::Fault;

use super::grid::{Merge, SheetInfo, Visit};
use super::package::{Package, broken};
use super::pool::Pool;
use parts::Tab;

pub(super) use parts::{builtin_shows_day, shows_day};

/// An open xlsx workbook.
pub(super) struct Workbook {
    package: Package,
    sheets: Vec<SheetInfo>,
    tabs: Vec<Tab>,
    epoch_1904: bool,
    day_styles: Vec<bool>,
    shared: Pool,
}

impl Workbook {
    pub(super) fn open(mut package: Package) -> Result<Self, Fault> {
        let path = package.path().to_owned();
        let frame = parts::frame(&mut package)?;
        if frame.tabs.is_empty() {
            return Err(broken(&path));
        }
        let day_styles = parts::day_styles(&mut package, &frame.styles)?;
        let shared = parts::shared_texts(&mut package, &frame.shared)?;
        let sheets = frame
            .tabs
            .iter()
            .map(|t| SheetInfo {
                name: t.name.clone(),
                hidden: t.hidden,
            })
            .collect();
        Ok(Self {
            package,
            sheets,
            tabs: frame.tabs,
            epoch_1904: frame.epoch_1904,
            day_styles,
            shared,
        })
    }

    pub(super) fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    pub(super) fn epoch_1904(&self) -> bool {
        self.epoch_1904
    }

    pub(super) fn merges(&mut self, sheet: usize) -> Result<Vec<Merge>, Fault> {
        match self.tabs.get(sheet) {
            Some(tab) => sheet::merges(&mut self.package, &tab.part),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        let Some(tab) = self.tabs.get(sheet) else {
            return Ok(());
        };
        let look = sheet::Look {
            shared: &self.shared,
            day_styles: &self.day_styles,
            epoch_1904: self.epoch_1904,
        };
        sheet::rows(&mut self.package, &tab.part, &look, visit)
    }
}
