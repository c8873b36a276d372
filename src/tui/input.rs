//! The terminal's events turned into ours, once; nothing behind this file knows crossterm's keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::app::key::{Key, Toward};
use crate::app::msg::Mouse;

/// What can come in from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key press.
    Key(Key),
    /// A pasted block, line ends made `\n`.
    Paste(String),
    /// The wheel or the left button, where the mouse is switched on.
    Mouse(Mouse),
    /// The window has another size now (columns, rows).
    Resize(u16, u16),
}

/// Our form of a terminal event; `None` for what we do not use (releases, focus, other buttons, Alt chords).
pub fn convert(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => convert_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
        Event::Resize(columns, rows) => Some(Input::Resize(columns, rows)),
        Event::Mouse(mouse) => convert_mouse(mouse).map(Input::Mouse),
        _ => None,
    }
}

fn convert_mouse(event: MouseEvent) -> Option<Mouse> {
    let at = (event.column, event.row);
    Some(match event.kind {
        MouseEventKind::ScrollUp => Mouse::Wheel { down: false, at },
        MouseEventKind::ScrollDown => Mouse::Wheel { down: true, at },
        MouseEventKind::Down(MouseButton::Left) => Mouse::Click { at },
        _ => return None,
    })
}

fn convert_key(key: KeyEvent) -> Option<Key> {
    // Windows reports each key twice; a held key repeats as Press or Repeat depending on the terminal.
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let select = |toward, plain| if shift { Key::Select(toward) } else { plain };
    Some(match key.code {
        KeyCode::Char(c) => return convert_char(c, ctrl, alt, shift),
        KeyCode::F(n @ 1..=12) if !ctrl && !alt && !shift => Key::F(n),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if shift => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace if ctrl || alt => Key::Ctrl('w'),
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left if ctrl => Key::WordLeft,
        KeyCode::Right if ctrl => Key::WordRight,
        KeyCode::Up => select(Toward::Up, Key::Up),
        KeyCode::Down => select(Toward::Down, Key::Down),
        KeyCode::Left => select(Toward::Left, Key::Left),
        KeyCode::Right => select(Toward::Right, Key::Right),
        KeyCode::Home => select(Toward::Home, Key::Home),
        KeyCode::End => select(Toward::End, Key::End),
        KeyCode::PageUp => Key::PgUp,
        KeyCode::PageDown => Key::PgDn,
        _ => return None,
    })
}

fn convert_char(c: char, ctrl: bool, alt: bool, shift: bool) -> Option<Key> {
    if ctrl && alt {
        // AltGr on Windows arrives as Ctrl+Alt with the character it typed.
        return (!c.is_ascii_alphabetic()).then_some(Key::Char(c));
    }
    if alt {
        return None;
    }
    if ctrl {
        return match c.to_ascii_lowercase() {
            // the byte a Backspace key sends on some terminals, and a line feed typed or piped
            'h' => Some(Key::Backspace),
            'j' | 'm' => Some(Key::Enter),
            'i' => Some(Key::Tab),
            c if c.is_ascii_lowercase() => Some(Key::Ctrl(c)),
            _ => None,
        };
    }
    Some(match c {
        ' ' => Key::Space,
        // Some terminals send the small letter with Shift, others the capital with or without it.
        c if shift && c.is_ascii_lowercase() => Key::Char(c.to_ascii_uppercase()),
        c if c.is_control() => return None,
        c => Key::Char(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyEventState;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
        convert(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn a_release_is_no_key_and_a_repeat_is_one() {
        let event = |kind| {
            let key = KeyEvent {
                code: KeyCode::Char('5'),
                modifiers: KeyModifiers::NONE,
                kind,
                state: KeyEventState::NONE,
            };
            convert(Event::Key(key))
        };
        assert_eq!(event(KeyEventKind::Release), None);
        assert_eq!(event(KeyEventKind::Press), Some(Input::Key(Key::Char('5'))));
        assert_eq!(event(KeyEventKind::Repeat), Some(Input::Key(Key::Char('5'))));
    }

    #[test]
    fn shift_is_uniform() {
        let large = Some(Input::Key(Key::Char('A')));
        assert_eq!(press(KeyCode::Char('a'), KeyModifiers::SHIFT), large);
        assert_eq!(press(KeyCode::Char('A'), KeyModifiers::SHIFT), large);
        assert_eq!(press(KeyCode::Char('A'), KeyModifiers::NONE), large);
        assert_eq!(
            press(KeyCode::Tab, KeyModifiers::SHIFT),
            press(KeyCode::BackTab, KeyModifiers::NONE)
        );
    }

    #[test]
    fn ctrl_letters_are_small_and_the_terminals_own_bytes_are_named() {
        assert_eq!(
            press(KeyCode::Char('Z'), KeyModifiers::CONTROL),
            Some(Input::Key(Key::Ctrl('z')))
        );
        assert_eq!(
            press(KeyCode::Char('h'), KeyModifiers::CONTROL),
            Some(Input::Key(Key::Backspace))
        );
        assert_eq!(
            press(KeyCode::Char('j'), KeyModifiers::CONTROL),
            Some(Input::Key(Key::Enter))
        );
        assert_eq!(press(KeyCode::Char('q'), KeyModifiers::ALT), None);
    }

    #[test]
    fn paste_is_no_key_and_its_line_ends_are_one() {
        assert_eq!(
            convert(Event::Paste("一\r\n二\r三".into())),
            Some(Input::Paste("一\n二\n三".into()))
        );
    }
}
