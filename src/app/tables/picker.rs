//! 选文件: sticks first, then the usual folders, newest first; folders are walked, typing filters.

use super::Event;
use crate::app::edit::Editor;
use crate::app::key::Key;
use crate::app::store::{FileRow, Folder, TableAsk};
use crate::domain::pinyin;
use crate::domain::width::fold;

/// The file picker.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// The register that is imported, id and name.
    pub register: (String, String),
    /// What is shown.
    pub folder: Folder,
    /// What is typed to filter it.
    pub editor: Editor,
    /// The row under the cursor, among those shown.
    pub cursor: usize,
    /// What went wrong with the last choice.
    pub problem: Option<String>,
}

impl Picker {
    /// A picker that shows a folder.
    pub fn new(register: (String, String), folder: Folder) -> Picker {
        Picker {
            register,
            folder,
            ..Picker::default()
        }
    }

    /// Shows another folder.
    pub fn take(&mut self, folder: Folder) {
        self.folder = folder;
        self.editor.set("");
        self.cursor = 0;
    }

    /// The rows that match what is typed.
    pub fn shown(&self) -> Vec<&FileRow> {
        let typed = fold(self.editor.text().trim());
        let matches =
            |row: &&FileRow| typed.is_empty() || fold(&row.name).contains(&typed) || pinyin::spells(&row.name, &typed);
        self.folder.rows.iter().filter(matches).collect()
    }

    /// Acts on a key.
    pub fn key(&mut self, key: Key) -> Event {
        self.problem = None;
        let last = self.shown().len().saturating_sub(1);
        match key {
            Key::Esc if self.editor.is_empty() => return Event::Close,
            Key::Esc => self.editor.set(""),
            Key::Up => self.cursor = self.cursor.saturating_sub(1),
            Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::PgUp => self.cursor = self.cursor.saturating_sub(10),
            Key::PgDn => self.cursor = (self.cursor + 10).min(last),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = last,
            Key::Left | Key::Backspace if self.editor.is_empty() => {
                if let Some(above) = &self.folder.above {
                    return Event::Ask(TableAsk::Folder(above.clone()));
                }
            }
            Key::Enter | Key::Right => {
                let Some(row) = self.shown().get(self.cursor).map(|row| (*row).clone()) else {
                    return Event::Nothing;
                };
                return if row.folder {
                    Event::Ask(TableAsk::Folder(Some(row.path)))
                } else {
                    Event::Open(row.path)
                };
            }
            _ => {
                self.editor.key(key, 0);
                self.cursor = 0;
            }
        }
        Event::Nothing
    }
}
