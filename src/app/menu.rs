//! The menu: everything that can be done here, numbered, filtered by typing (hanzi, or pinyin in full, cut short or by initials).

use super::actions::Do;
use super::edit::Editor;
use super::key::Key;
use crate::domain::pinyin;
use crate::domain::width::fold;

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choose {
    /// Something of the table of actions.
    Do(Do),
    /// An act on the matter (or the marked ones).
    Verb(String),
    /// A page of the manual, at a line.
    Page(usize, usize),
    /// A new matter of a register.
    New(String),
    /// Something about tables.
    Table(super::tables::Job),
    /// Nothing: the entry only explains.
    Nothing,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub label: String,
    /// Its key, printed at the right; or a sentence in the help.
    pub note: String,
    /// Why it cannot be chosen now.
    pub reason: Option<String>,
    /// Words that find it besides its name.
    pub text: String,
    /// What it does.
    pub choose: Choose,
}

/// A list to choose from.
#[derive(Clone, Debug, Default)]
pub struct Menu {
    /// Its title.
    pub title: String,
    /// What is typed to filter it.
    pub editor: Editor,
    /// All entries.
    pub entries: Vec<Entry>,
    /// The entry under the cursor, among those shown.
    pub cursor: usize,
    /// The first one in sight, among those shown.
    pub top: usize,
    /// Whether digits choose (in the help they do not).
    pub numbered: bool,
    /// Why the last choice did nothing.
    pub problem: Option<String>,
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuEvent {
    /// Only the menu changed.
    Nothing,
    /// Given up.
    Close,
    /// This one.
    Choose(Choose),
}

impl Menu {
    /// A menu with its entries.
    pub fn new(title: &str, entries: Vec<Entry>, numbered: bool) -> Menu {
        Menu {
            title: title.to_owned(),
            entries,
            numbered,
            ..Menu::default()
        }
    }

    /// The entries that match what is typed.
    pub fn shown(&self) -> Vec<&Entry> {
        let typed = fold(self.editor.text().trim());
        self.entries.iter().filter(|entry| matches(entry, &typed)).collect()
    }

    /// Acts on a key; `height` entries are in sight.
    pub fn key(&mut self, key: Key, height: usize) -> MenuEvent {
        self.problem = None;
        let last = self.shown().len().saturating_sub(1);
        let page = height.saturating_sub(1).max(1);
        match key {
            Key::Esc if self.editor.is_empty() => return MenuEvent::Close,
            Key::Esc => self.editor.set(""),
            Key::Up => self.cursor = self.cursor.saturating_sub(1),
            Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::PgUp => self.cursor = self.cursor.saturating_sub(page),
            Key::PgDn => self.cursor = (self.cursor + page).min(last),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = last,
            Key::Enter => return self.choose(self.cursor),
            _ => match key.digit() {
                Some(digit) if self.numbered && digit > 0 => return self.choose(usize::from(digit) - 1),
                Some(0) if self.numbered => return MenuEvent::Close,
                _ => {
                    self.editor.key(key, 0);
                    self.cursor = 0;
                    self.top = 0;
                }
            },
        }
        let height = height.max(1);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        MenuEvent::Nothing
    }

    fn choose(&mut self, at: usize) -> MenuEvent {
        let Some(entry) = self.shown().get(at).map(|entry| (*entry).clone()) else {
            return MenuEvent::Nothing;
        };
        match entry.reason {
            Some(reason) => {
                self.problem = Some(format!("“{}”暂不可用：{reason}", entry.label));
                self.cursor = at;
                MenuEvent::Nothing
            }
            None if entry.choose == Choose::Nothing => MenuEvent::Nothing,
            None => MenuEvent::Choose(entry.choose),
        }
    }
}

fn matches(entry: &Entry, typed: &str) -> bool {
    let found = |words: &str| fold(words).contains(typed) || pinyin::spells(words, typed);
    typed.is_empty() || found(&entry.label) || !entry.text.is_empty() && found(&entry.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(label: &str, reason: Option<&str>) -> Entry {
        let choose = Choose::Verb(label.to_owned());
        Entry {
            label: label.into(),
            note: String::new(),
            reason: reason.map(Into::into),
            text: String::new(),
            choose,
        }
    }

    fn menu() -> Menu {
        let entries = vec![
            entry("信息登记", None),
            entry("调高等级", None),
            entry("调低等级", Some("整改未核验")),
        ];
        Menu::new("菜单", entries, true)
    }

    #[test]
    fn digits_choose_among_what_is_shown() {
        assert_eq!(
            menu().key(Key::Char('1'), 9),
            MenuEvent::Choose(Choose::Verb("信息登记".into()))
        );
        let mut menu = menu();
        for c in ['t', 'g'] {
            menu.key(Key::Char(c), 9);
        }
        assert_eq!(menu.shown().len(), 1, "调高 by its initials");
        assert_eq!(
            menu.key(Key::Char('１'), 9),
            MenuEvent::Choose(Choose::Verb("调高等级".into()))
        );
    }

    #[test]
    fn entries_are_found_as_names_are_in_the_search() {
        for typed in [
            "tiaogao",
            "TG",
            "ｔｇ",
            "tiaog",
            "tgao",
            "diaogao",
            "dg",
            "调g",
            "调gaodeng",
        ] {
            let mut menu = menu();
            for c in typed.chars() {
                menu.key(Key::Char(c), 9);
            }
            let shown: Vec<&str> = menu.shown().iter().map(|entry| entry.label.as_str()).collect();
            assert_eq!(shown, ["调高等级"], "{typed}");
        }
        for typed in ["gt", "tiaogaox", "高调"] {
            let mut menu = menu();
            menu.editor.set(typed);
            assert!(menu.shown().is_empty(), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let mut menu = menu();
        assert_eq!(menu.key(Key::Char('3'), 9), MenuEvent::Nothing);
        assert_eq!(menu.problem.as_deref(), Some("“调低等级”暂不可用：整改未核验"));
    }

    #[test]
    fn hanzi_filter_too_and_esc_first_clears_the_filter() {
        let mut menu = menu();
        menu.key(Key::Char('登'), 9);
        assert_eq!(menu.shown().len(), 1);
        assert_eq!(menu.key(Key::Esc, 9), MenuEvent::Nothing);
        assert_eq!(menu.key(Key::Esc, 9), MenuEvent::Close);
    }
}
