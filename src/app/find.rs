//! 查找: what is typed, and what was found for it.

use super::edit::Editor;
use super::key::Key;
use super::store::Hit;

/// The find dialog.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// What is typed.
    pub editor: Editor,
    /// What was found.
    pub hits: Vec<Hit>,
    /// The hit under the cursor.
    pub cursor: usize,
    /// The text `hits` belongs to.
    pub found_for: Option<String>,
    /// The text asked for, while the answer is under way.
    pub asked: Option<String>,
    /// Enter was pressed before the answer was there.
    pub open_first: bool,
    /// What went wrong.
    pub problem: Option<String>,
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindEvent {
    /// Only the dialog changed.
    Nothing,
    /// Given up.
    Close,
    /// Search for this.
    Ask(String),
    /// Open this.
    Open(Hit),
}

impl Find {
    /// A dialog with something typed already.
    pub fn with(text: &str) -> Find {
        Find {
            editor: Editor::one_line().with(text),
            ..Find::default()
        }
    }

    /// Acts on a key.
    pub fn key(&mut self, key: Key) -> FindEvent {
        let last = self.hits.len().saturating_sub(1);
        match key {
            Key::Esc => return FindEvent::Close,
            Key::Up => self.cursor = self.cursor.saturating_sub(1),
            Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::PgUp => self.cursor = self.cursor.saturating_sub(10),
            Key::PgDn => self.cursor = (self.cursor + 10).min(last),
            Key::Enter if self.is_current() => {
                return self
                    .hits
                    .get(self.cursor)
                    .cloned()
                    .map_or(FindEvent::Nothing, FindEvent::Open);
            }
            Key::Enter => self.open_first = !self.editor.is_empty(),
            _ => {
                self.editor.key(key, 0);
                return self.ask();
            }
        }
        FindEvent::Nothing
    }

    /// Whether the hits are those of the text as it stands.
    pub fn is_current(&self) -> bool {
        self.found_for.as_deref() == Some(self.editor.text())
    }

    /// Asks for the text as it stands; what is under way for an older text is dropped by the worker.
    pub fn ask(&mut self) -> FindEvent {
        if self.editor.text().trim().is_empty() {
            self.hits.clear();
            self.found_for = Some(self.editor.text().to_owned());
            return FindEvent::Nothing;
        }
        if self.asked.as_deref() == Some(self.editor.text()) || self.is_current() {
            return FindEvent::Nothing;
        }
        self.asked = Some(self.editor.text().to_owned());
        FindEvent::Ask(self.editor.text().to_owned())
    }

    /// Takes an answer in.
    pub fn take(&mut self, typed: &str, hits: Vec<Hit>) -> FindEvent {
        if self.asked.as_deref() != Some(typed) {
            return FindEvent::Nothing;
        }
        self.asked = None;
        self.problem = None;
        self.hits = hits;
        self.cursor = 0;
        self.found_for = Some(typed.to_owned());
        if !self.is_current() {
            return self.ask();
        }
        if std::mem::take(&mut self.open_first)
            && let Some(hit) = self.hits.first()
        {
            return FindEvent::Open(hit.clone());
        }
        FindEvent::Nothing
    }
}
