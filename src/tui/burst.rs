//! Tells a paste from keys where the terminal does not: on Windows a paste arrives as keys.
//!
//! Eight characters or more, each within five milliseconds of the one before, are one paste.

use std::time::Duration;

use super::input::Input;
use crate::app::key::Key;
use crate::app::msg::Msg;

/// Characters closer together than this may belong to one paste.
pub const TOGETHER: Duration = Duration::from_millis(5);

/// Fewer than this were typed.
const LEAST: usize = 8;

/// Characters held back until it is clear what they are.
#[derive(Debug)]
pub struct Burst {
    held: Vec<Key>,
    /// Whether this terminal pastes as keys; elsewhere nothing is ever held back.
    active: bool,
}

impl Burst {
    /// Nothing held back yet; `active` where pastes arrive as keys.
    pub fn new(active: bool) -> Burst {
        Burst {
            held: Vec::new(),
            active,
        }
    }

    /// Whether something is held back.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes in what came.
    pub fn take(&mut self, input: Input, out: &mut Vec<Msg>) {
        match input {
            Input::Key(key) if self.active && character(key).is_some() => self.held.push(key),
            other => {
                self.end(out);
                out.push(match other {
                    Input::Key(key) => Msg::Key(key),
                    Input::Paste(text) => Msg::Paste(text),
                    Input::Mouse(mouse) => Msg::Mouse(mouse),
                    Input::Resize(columns, rows) => Msg::Resize(columns, rows),
                });
            }
        }
    }

    /// Lets go of what is held back: as one paste, or as the keys it was.
    pub fn end(&mut self, out: &mut Vec<Msg>) {
        let held = std::mem::take(&mut self.held);
        if held.len() >= LEAST {
            out.push(Msg::Paste(held.into_iter().filter_map(character).collect()));
        } else {
            out.extend(held.into_iter().map(Msg::Key));
        }
    }
}

fn character(key: Key) -> Option<char> {
    match key {
        Key::Enter => Some('\n'),
        Key::Tab => Some('\t'),
        key => key.typed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(active: bool, keys: &[Key]) -> Vec<Msg> {
        let mut burst = Burst::new(active);
        let mut out = Vec::new();
        for key in keys {
            burst.take(Input::Key(*key), &mut out);
        }
        burst.end(&mut out);
        out
    }

    #[test]
    fn eight_characters_at_once_are_a_paste_and_seven_are_keys() {
        let keys: Vec<Key> = "一二三四五六七".chars().map(Key::Char).collect();
        assert_eq!(fed(true, &keys), keys.iter().map(|k| Msg::Key(*k)).collect::<Vec<_>>());
        let mut more = keys.clone();
        more.extend([Key::Enter, Key::Char('1')]);
        assert_eq!(fed(true, &more), [Msg::Paste("一二三四五六七\n1".into())]);
        assert_eq!(fed(false, &more).len(), 9);
    }

    #[test]
    fn an_arrow_ends_what_was_held_and_keeps_the_order() {
        let out = fed(true, &[Key::Char('1'), Key::Down]);
        assert_eq!(out, [Msg::Key(Key::Char('1')), Msg::Key(Key::Down)]);
    }
}
