//! 单位全景: the thirteen tags with their counts, and everything of a unit in time order, in a period.

use super::edit::Editor;
use super::key::Key;
use super::store::{PeopleAsk, Period, Problem, UnitFacts, UnitItem};

/// The periods: digit and name.
pub const PERIODS: [(u8, &str); 5] = [(1, "本周"), (2, "本月"), (3, "本季"), (4, "本年"), (5, "自选")];

/// A unit on show.
#[derive(Clone, Debug, Default)]
pub struct UnitView {
    stream: String,
    /// Of which days.
    pub period: Period,
    /// What is known; none before the first answer.
    pub facts: Option<Box<UnitFacts>>,
    /// The tag under the cursor; 0 = all.
    pub tag: usize,
    /// Whether the items have the keys, not the tags.
    pub in_items: bool,
    /// The item under the cursor, among those shown.
    pub cursor: usize,
    /// The first one in sight.
    pub top: usize,
    /// The two days being typed.
    pub days: Option<Editor>,
    /// Why the days were not taken.
    pub problem: Option<String>,
}

/// What comes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitEvent {
    /// Only the view changed.
    Nothing,
    /// Given up.
    Close,
    /// Ask this.
    Ask(PeopleAsk),
    /// Show this matter.
    Open(String),
}

impl UnitView {
    /// A unit of which nothing is known yet.
    pub fn new(stream: &str) -> UnitView {
        UnitView {
            stream: stream.to_owned(),
            in_items: true,
            ..UnitView::default()
        }
    }

    /// The question it stands on.
    pub fn ask(&self) -> PeopleAsk {
        PeopleAsk::Unit {
            stream: self.stream.clone(),
            period: self.period.clone(),
        }
    }

    /// The digit of the period on show.
    pub fn digit(&self) -> u8 {
        match self.period {
            Period::Week => 1,
            Period::Month => 2,
            Period::Quarter => 3,
            Period::Year => 4,
            Period::Between(..) => 5,
        }
    }

    /// The items under the tag on show.
    pub fn shown(&self) -> Vec<&UnitItem> {
        let items = self.facts.as_ref().map_or(&[][..], |facts| &facts.items);
        items
            .iter()
            .filter(|item| self.tag == 0 || item.tag + 1 == self.tag)
            .collect()
    }

    /// Acts on a key; `height` rows are in sight.
    pub fn key(&mut self, key: Key, height: usize) -> UnitEvent {
        if self.days.is_some() {
            return self.type_days(key);
        }
        self.problem = None;
        let event = match key {
            Key::Esc => return UnitEvent::Close,
            Key::Tab | Key::BackTab | Key::Left | Key::Right => {
                self.in_items = !self.in_items;
                UnitEvent::Nothing
            }
            Key::Enter if !self.in_items => {
                self.in_items = true;
                UnitEvent::Nothing
            }
            Key::Enter => {
                let item = self.shown().get(self.cursor).map(|item| item.stream.clone());
                return item.map_or(UnitEvent::Nothing, UnitEvent::Open);
            }
            Key::Up => self.walk(-1),
            Key::Down => self.walk(1),
            Key::PgUp => self.walk(-isize::try_from(height).unwrap_or(9)),
            Key::PgDn => self.walk(isize::try_from(height).unwrap_or(9)),
            Key::Home => self.walk(isize::MIN / 2),
            Key::End => self.walk(isize::MAX / 2),
            _ => match key.folded().digit() {
                Some(1) => self.choose(Period::Week),
                Some(2) => self.choose(Period::Month),
                Some(3) => self.choose(Period::Quarter),
                Some(4) => self.choose(Period::Year),
                Some(5) => {
                    self.days = Some(Editor::one_line());
                    UnitEvent::Nothing
                }
                _ => UnitEvent::Nothing,
            },
        };
        let height = height.max(1);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        event
    }

    fn walk(&mut self, by: isize) -> UnitEvent {
        if self.in_items {
            let last = self.shown().len().saturating_sub(1);
            self.cursor = self.cursor.saturating_add_signed(by).min(last);
        } else {
            let last = self.facts.as_ref().map_or(0, |facts| facts.tags.len());
            self.tag = self.tag.saturating_add_signed(by).min(last);
            (self.cursor, self.top) = (0, 0);
        }
        UnitEvent::Nothing
    }

    fn choose(&mut self, period: Period) -> UnitEvent {
        self.period = period;
        (self.cursor, self.top) = (0, 0);
        UnitEvent::Ask(self.ask())
    }

    fn type_days(&mut self, key: Key) -> UnitEvent {
        let Some(editor) = &mut self.days else {
            return UnitEvent::Nothing;
        };
        match key {
            Key::Esc => {
                self.days = None;
                self.problem = None;
            }
            Key::Enter | Key::F(5) => {
                let text = editor.text().to_owned();
                let mut days = text.split(|c: char| c.is_whitespace() || "至到~—，,".contains(c));
                let mut next = || days.find(|day| !day.is_empty()).map(str::to_owned);
                match (next(), next()) {
                    (Some(from), to) => return self.choose(Period::Between(from, to.unwrap_or_default())),
                    _ => self.problem = Some("请写起止两天，如 0901 1124；只写一天就到今天为止。".to_owned()),
                }
            }
            _ => {
                editor.key(key, 0);
            }
        }
        UnitEvent::Nothing
    }

    /// A text pasted: days, when they are being typed.
    pub fn paste(&mut self, text: &str) {
        if let Some(editor) = &mut self.days {
            editor.insert(text.trim());
        }
    }

    /// Takes an answer in.
    pub fn take(&mut self, facts: Box<UnitFacts>) {
        self.days = None;
        self.facts = Some(facts);
    }

    /// Takes a no in; true when it is about the days being typed and the view stays.
    pub fn refused(&mut self, problem: &Problem) -> bool {
        if self.days.is_some() {
            self.problem = Some(format!("{} {}", problem.reason, problem.hint).trim_end().to_owned());
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> UnitView {
        let mut view = UnitView::new("u");
        let item = |tag, code: &str| UnitItem {
            tag,
            code: code.into(),
            stream: code.into(),
            ..UnitItem::default()
        };
        view.take(Box::new(UnitFacts {
            tags: vec![("一".into(), 1), ("二".into(), 2)],
            items: vec![item(1, "b"), item(0, "a"), item(1, "c")],
            ..UnitFacts::default()
        }));
        view
    }

    #[test]
    fn a_tag_narrows_the_items_and_enter_opens_the_one_under_the_cursor() {
        let mut view = view();
        assert_eq!(view.shown().len(), 3);
        for key in [Key::Tab, Key::Down, Key::Down, Key::Enter, Key::Down] {
            view.key(key, 9);
        }
        assert_eq!(view.shown().len(), 2);
        assert_eq!(view.key(Key::Enter, 9), UnitEvent::Open("c".into()));
    }

    #[test]
    fn a_digit_asks_for_another_period_and_five_for_two_days() {
        let mut view = view();
        assert_eq!(view.key(Key::Char('１'), 9), UnitEvent::Ask(view.ask()));
        assert_eq!(view.period, Period::Week);
        view.key(Key::Char('5'), 9);
        for c in "0901 1124".chars() {
            view.key(if c == ' ' { Key::Space } else { Key::Char(c) }, 9);
        }
        view.key(Key::Enter, 9);
        assert_eq!(view.period, Period::Between("0901".into(), "1124".into()));
        assert!(view.refused(&Problem::default()), "the days may be mended");
        view.key(Key::Esc, 9);
        assert!(view.days.is_none());
    }
}
