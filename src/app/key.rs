//! Our own keys: what was pressed, whatever the terminal, the keyboard or the input method made of it.

use std::fmt;

use crate::domain::width::narrow;

/// One key press. Shift is already in the character; releases never get here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character as it arrived, full-width forms included; see [`Key::folded`].
    Char(char),
    /// F1 … F12.
    F(u8),
    /// Ctrl and a small letter.
    Ctrl(char),
    /// The space bar.
    Space,
    /// The Enter key.
    Enter,
    /// The Esc key.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PgUp,
    /// Page down.
    PgDn,
    /// Shift with an arrow, Home or End: select in a field.
    Select(Toward),
    /// Ctrl-Left: a word back.
    WordLeft,
    /// Ctrl-Right: a word on.
    WordRight,
}

/// Where a selection grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Toward {
    /// One glyph left.
    Left,
    /// One glyph right.
    Right,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// The start of the row.
    Home,
    /// The end of the row.
    End,
}

impl Key {
    /// The key as a command: full-width forms become ASCII, as the input method may be on.
    ///
    /// Not used where text is typed: there `！` is what was meant.
    pub fn folded(self) -> Key {
        match self {
            Key::Char(c) => match fold(c) {
                ' ' => Key::Space,
                c => Key::Char(c),
            },
            other => other,
        }
    }

    /// The character this key types into a field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self {
            Key::Char(c) => Some(c),
            Key::Space => Some(' '),
            _ => None,
        }
    }

    /// The digit this key means as a command, full-width or not.
    pub fn digit(self) -> Option<u8> {
        match self.folded() {
            Key::Char(c) => c.to_digit(10).and_then(|d| u8::try_from(d).ok()),
            _ => None,
        }
    }

    /// Reads a key's name (`ctrl-z`, `f6`, `down`, `?`); `None` when there is no such key.
    pub fn parse(name: &str) -> Option<Key> {
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Some(if c == ' ' { Key::Space } else { Key::Char(c) });
        }
        if let Some((_, key)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(*key);
        }
        if let Some(letter) = name.strip_prefix("ctrl-") {
            let mut letters = letter.chars();
            return match (letters.next(), letters.next()) {
                (Some(c), None) if c.is_ascii_lowercase() => Some(Key::Ctrl(c)),
                _ => None,
            };
        }
        let n: u8 = name.strip_prefix('f')?.parse().ok()?;
        (1..=12).contains(&n).then_some(Key::F(n))
    }

    /// The key as it is printed in the bar and the help: `Ctrl-Z`, `F6`, `↓` as a word.
    pub fn label(self) -> String {
        match self {
            Key::Char(c) => c.to_string(),
            Key::F(n) => format!("F{n}"),
            Key::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            Key::Space => "空格".into(),
            Key::Up => "上".into(),
            Key::Down => "下".into(),
            Key::Left => "左".into(),
            Key::Right => "右".into(),
            Key::BackTab => "Shift-Tab".into(),
            Key::Backspace => "退格".into(),
            Key::PgUp => "PgUp".into(),
            Key::PgDn => "PgDn".into(),
            Key::Enter => "回车".into(),
            other => {
                let name = other.to_string();
                let mut chars = name.chars();
                chars
                    .next()
                    .map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
                    .unwrap_or_default()
            }
        }
    }
}

/// Prints the name [`Key::parse`] reads.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Char(c) => write!(f, "{c}"),
            Key::F(n) => write!(f, "f{n}"),
            Key::Ctrl(c) => write!(f, "ctrl-{c}"),
            other => {
                let name = NAMES.iter().find(|(_, key)| key == other).map_or("", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

const NAMES: [(&str, Key); 23] = [
    ("space", Key::Space),
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("backtab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PgUp),
    ("pgdn", Key::PgDn),
    ("shift-left", Key::Select(Toward::Left)),
    ("shift-right", Key::Select(Toward::Right)),
    ("shift-up", Key::Select(Toward::Up)),
    ("shift-down", Key::Select(Toward::Down)),
    ("shift-home", Key::Select(Toward::Home)),
    ("shift-end", Key::Select(Toward::End)),
    ("ctrl-left", Key::WordLeft),
    ("ctrl-right", Key::WordRight),
];

/// The ASCII form of what an input method types in full-width mode.
pub fn fold(c: char) -> char {
    match c {
        '、' => '/',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '￥' => '$',
        _ => narrow(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_are_the_same_command() {
        assert_eq!(Key::Char('！').folded(), Key::Char('!'));
        assert_eq!(Key::Char('１').folded(), Key::Char('1'));
        assert_eq!(Key::Char('、').folded(), Key::Char('/'));
        assert_eq!(Key::Char('\u{3000}').folded(), Key::Space);
        assert_eq!(Key::Char('？').folded(), Key::Char('?'));
        assert_eq!(Key::Char('３').digit(), Some(3));
        assert_eq!(Key::Char('张').digit(), None);
    }

    #[test]
    fn names_are_read_as_they_are_printed() {
        let mut keys: Vec<Key> = NAMES.iter().map(|(_, key)| *key).collect();
        keys.extend((1..=12).map(Key::F));
        keys.extend("az".chars().map(Key::Ctrl));
        keys.extend("a0?汉".chars().map(Key::Char));
        for key in keys {
            assert_eq!(Key::parse(&key.to_string()), Some(key));
            assert!(!key.label().is_empty());
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        for name in ["", "f0", "f13", "ctrl-", "ctrl-zz", "ctrl-Z", "hyper-x", "fx"] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }
}
