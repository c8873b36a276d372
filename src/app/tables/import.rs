//! 导入: one screen from the sheet to the act; first looked over, then taken whole, or only what is good of it.

use super::Event;
use crate::app::key::Key;
use crate::app::menu::{Choose, Entry, Menu, MenuEvent};
use crate::app::store::{Plan, Preview, Source, TableAsk};

/// The import screen.
#[derive(Clone, Debug)]
pub struct Import {
    /// The register's name.
    pub label: String,
    /// How the sheet is read.
    pub plan: Plan,
    /// The sheet looked over.
    pub preview: Option<Preview>,
    /// The work under way: what, and how many rows are done.
    pub running: Option<(String, u64)>,
    /// Whether that work writes.
    pub writing: bool,
    /// The line under the cursor: the columns, then the faults.
    pub cursor: usize,
    /// The fields to choose from for the column under the cursor.
    pub choosing: Option<Menu>,
    /// Why the last key did nothing, or what was done.
    pub problem: Option<String>,
    /// Where the list for the sender was written.
    pub said: Option<String>,
}

impl Import {
    /// A screen for a source that has not been looked over yet.
    pub fn new((register, label): (String, String), source: Source) -> Import {
        Import {
            label,
            plan: Plan {
                register,
                source,
                sheet: None,
                map: None,
                create_missing: false,
                draft: false,
                accept_good: true,
            },
            preview: None,
            running: None,
            writing: false,
            cursor: 0,
            choosing: None,
            problem: None,
            said: None,
        }
    }

    /// Looks the sheet over with the plan as it stands.
    pub fn check(&mut self) -> Event {
        self.plan.accept_good = true;
        self.writing = false;
        Event::Ask(TableAsk::Check(self.plan.clone()))
    }

    /// Takes another source, such as a pasted block.
    pub fn replace(&mut self, source: Source) -> Event {
        if self.running.is_some() {
            return Event::Nothing;
        }
        *self = Import::new((self.plan.register.clone(), self.label.clone()), source);
        self.check()
    }

    /// The sheet was looked over.
    pub fn take(&mut self, preview: Preview) {
        self.running = None;
        self.plan.sheet = Some(preview.sheet.clone());
        self.plan.map = Some(preview.map.clone());
        let lines = preview.columns.len() + preview.faults.len();
        self.cursor = self.cursor.min(lines.saturating_sub(1));
        self.preview = Some(preview);
    }

    /// Acts on a key; `height` entries of the list of fields are in sight.
    pub fn key(&mut self, key: Key, height: usize) -> Event {
        self.problem = None;
        if self.running.is_some() {
            return match key {
                Key::Esc => Event::Ask(TableAsk::Cancel),
                _ => Event::Nothing,
            };
        }
        self.said = None;
        if let Some(menu) = &mut self.choosing {
            return match menu.key(key, height) {
                MenuEvent::Nothing => Event::Nothing,
                MenuEvent::Close => {
                    self.choosing = None;
                    Event::Nothing
                }
                MenuEvent::Choose(Choose::Verb(field)) => self.assign(&field),
                MenuEvent::Choose(_) => Event::Nothing,
            };
        }
        let Some(preview) = &self.preview else {
            return if key == Key::Esc { Event::Close } else { Event::Nothing };
        };
        let lines = preview.columns.len() + preview.faults.len();
        let last = lines.saturating_sub(1);
        match key {
            Key::Esc => return Event::Close,
            Key::Up => self.cursor = self.cursor.saturating_sub(1),
            Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::PgUp => self.cursor = self.cursor.saturating_sub(10),
            Key::PgDn => self.cursor = (self.cursor + 10).min(last),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = last,
            Key::Tab | Key::BackTab => return self.other_sheet(key == Key::BackTab),
            Key::Enter => self.choose(),
            Key::F(5) | Key::Ctrl('s') => return self.all(),
            _ => match key.digit() {
                Some(1) => return self.good(),
                Some(2) => return self.send_back(),
                Some(3) => {
                    self.plan.create_missing = !self.plan.create_missing;
                    return self.check();
                }
                Some(4) if preview.can_draft => {
                    self.plan.draft = !self.plan.draft;
                    return self.check();
                }
                Some(4) => {
                    self.problem = Some(format!(
                        "“{}”没有草稿；有错的行请按 1 先留下，或按 2 退回。",
                        self.label
                    ))
                }
                _ => {}
            },
        }
        Event::Nothing
    }

    fn other_sheet(&mut self, back: bool) -> Event {
        let Some(preview) = &self.preview else {
            return Event::Nothing;
        };
        let n = preview.sheets.len();
        if n < 2 {
            self.problem = Some("这份表只有一张工作表。".into());
            return Event::Nothing;
        }
        let at = preview
            .sheets
            .iter()
            .position(|name| *name == preview.sheet)
            .unwrap_or(0);
        let next = if back { at + n - 1 } else { at + 1 } % n;
        self.plan.sheet = Some(preview.sheets[next].clone());
        self.plan.map = None;
        self.cursor = 0;
        self.check()
    }

    /// Offers the fields for the column under the cursor.
    fn choose(&mut self) {
        let Some(preview) = &self.preview else { return };
        let Some(column) = preview.columns.get(self.cursor) else {
            return;
        };
        let mut entries = vec![Entry {
            label: "不导这一列".into(),
            note: String::new(),
            reason: None,
            text: String::new(),
            choose: Choose::Verb("-".into()),
        }];
        entries.extend(preview.fields.iter().map(|(id, label)| Entry {
            label: label.clone(),
            note: if *label == column.field { "现为此项" } else { "" }.into(),
            reason: None,
            text: String::new(),
            choose: Choose::Verb(id.clone()),
        }));
        let title = format!("{}列“{}”对应哪一项", column.letters, column.header);
        self.choosing = Some(Menu::new(&title, entries, true));
    }

    fn assign(&mut self, field: &str) -> Event {
        self.choosing = None;
        let Some(column) = self.preview.as_ref().and_then(|p| p.columns.get(self.cursor)) else {
            return Event::Nothing;
        };
        let name = if column.header.is_empty() {
            column.letters.clone()
        } else {
            column.header.clone()
        };
        let map = self.plan.map.get_or_insert_default();
        // a field has one column: the one that had it before is read anew
        map.retain(|(from, to)| *from != name && (field == "-" || to != field));
        map.push((name, field.to_owned()));
        self.check()
    }

    fn all(&mut self) -> Event {
        let Some(preview) = &self.preview else {
            return Event::Nothing;
        };
        let good = preview.fresh + preview.amended + preview.drafts;
        self.problem = if !preview.unreadable.is_empty() {
            Some("这张工作表读不成，什么都没有导入。".into())
        } else if preview.fault_count > 0 && !self.plan.draft {
            Some(format!(
                "有错 {} 行，不能全部导入：按 1 只导好的，按 2 写退回清单{}。",
                preview.bad_rows,
                if preview.can_draft { "，按 4 留作草稿" } else { "" }
            ))
        } else if good == 0 {
            Some("没有需要导入的行。".into())
        } else {
            None
        };
        if self.problem.is_some() {
            return Event::Nothing;
        }
        self.plan.accept_good = false;
        self.import()
    }

    fn good(&mut self) -> Event {
        let Some(preview) = &self.preview else {
            return Event::Nothing;
        };
        if preview.fresh + preview.amended + preview.drafts == 0 {
            self.problem = Some("没有可以导入的行。".into());
            return Event::Nothing;
        }
        self.plan.accept_good = true;
        self.import()
    }

    fn import(&mut self) -> Event {
        self.writing = true;
        Event::Ask(TableAsk::Import(self.plan.clone()))
    }

    fn send_back(&mut self) -> Event {
        let Some(preview) = &self.preview else {
            return Event::Nothing;
        };
        if preview.faults.is_empty() {
            self.problem = Some("没有错处，不必退回。".into());
            return Event::Nothing;
        }
        self.plan.accept_good = true;
        Event::Ask(TableAsk::SendBack(self.plan.clone()))
    }
}
