//! What stands around the cells: the tabs, which of them are hidden, whether the file is locked.

use std::collections::HashSet;

use quick_xml::events::Event;

use crate::domain::fault::Fault;

use super::super::grid::SheetInfo;
use super::super::package::{Package, attribute, broken};
use super::{CONTENT, LIMIT};

/// Most tabs.
const MAX_SHEETS: usize = 1_000;
/// Most styles that hide a tab: one for each.
const MAX_HIDDEN: usize = MAX_SHEETS;
/// Bound on the list of the package's parts.
const MANIFEST: u64 = 64 << 20;

/// The tabs in their order.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) is_spreadsheet: bool,
    pub(super) sheets: Vec<SheetInfo>,
}

/// Encrypted parts are still a good zip package; only the list of parts tells.
pub(super) fn is_encrypted(package: &mut Package) -> Result<bool, Fault> {
    let Some(mut xml) = package.xml("META-INF/manifest.xml", MANIFEST)? else {
        return Ok(false);
    };
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) if tag.local_name().as_ref() == b"encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Finds the tabs.
pub(super) fn read(package: &mut Package) -> Result<Frame, Fault> {
    let path = package.path().to_owned();
    let Some(mut xml) = package.xml(CONTENT, LIMIT)? else {
        return Err(broken(&path));
    };
    let mut frame = Frame::default();
    let mut hiding: HashSet<String> = HashSet::new();
    let mut style = String::new();
    let mut tabs = Tabs::default();
    let mut buffer = Vec::new();
    loop {
        match xml.event(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"style" if !tabs.in_body => style = attribute(&tag, "name").unwrap_or_default(),
                b"table-properties" if !tabs.in_body => {
                    let hides = attribute(&tag, "display").is_some_and(|shown| shown == "false");
                    if hides && hiding.len() < MAX_HIDDEN {
                        hiding.insert(std::mem::take(&mut style));
                    }
                }
                name => {
                    if tabs.opens(name) && frame.sheets.len() < MAX_SHEETS {
                        frame.sheets.push(SheetInfo {
                            name: attribute(&tag, "name").unwrap_or_default(),
                            hidden: attribute(&tag, "style-name").is_some_and(|style| hiding.contains(&style)),
                        });
                    }
                }
            },
            Event::End(tag) => tabs.closes(tag.local_name().as_ref()),
            Event::Eof => {
                frame.is_spreadsheet = tabs.in_body;
                return Ok(frame);
            }
            _ => {}
        }
    }
}

/// Tells the tabs from tables elsewhere: inside cells, in the copies of linked data, in the record of changes.
#[derive(Default)]
pub(super) struct Tabs {
    in_body: bool,
    tables: u32,
    aside: u32,
}

impl Tabs {
    /// True when this tag opens a tab.
    pub(super) fn opens(&mut self, name: &[u8]) -> bool {
        match name {
            b"spreadsheet" => self.in_body = true,
            b"table" => {
                self.tables += 1;
                return self.in_body && self.tables == 1 && self.aside == 0;
            }
            b"dde-links" | b"tracked-changes" => self.aside += 1,
            _ => {}
        }
        false
    }

    /// True between tabs.
    pub(super) fn outside(&self) -> bool {
        self.tables == 0
    }

    /// True in a tab itself, not in a table inside one of its cells.
    pub(super) fn at_top(&self) -> bool {
        self.tables == 1
    }

    /// Notes the end of a tag.
    pub(super) fn closes(&mut self, name: &[u8]) {
        match name {
            b"table" => self.tables = self.tables.saturating_sub(1),
            b"dde-links" | b"tracked-changes" => self.aside = self.aside.saturating_sub(1),
            _ => {}
        }
    }
}
