//! Asks the terminal about itself, once: how wide it draws an ambiguous glyph, and how dark it is.
//!
//! On many Chinese consoles `…` and `│` are two cells wide whatever the tables say: print `…`, ask for the cursor's
//! column. The background is asked for by OSC 11. Both go in one write and the column is asked for last: when its
//! answer is there, so is the other one, from a terminal that gives it at all.

use std::io::{self, Write, stdout};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};

/// Longest wait for an answer; a late one is swallowed by [`Late`].
#[cfg(unix)]
const PATIENCE_MS: u64 = 80;

/// What a terminal said about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The column (from 1) after a `…` printed at the left edge.
    pub column: Option<u16>,
    /// Whether its background is light.
    pub light: Option<bool>,
    /// What somebody typed before it answered.
    pub typed: String,
    /// It has not answered in time, and may do so yet.
    pub late: bool,
}

impl Answers {
    /// Whether ambiguous glyphs take two cells here; a terminal that does not answer is taken for a narrow one.
    pub fn ambiguous_wide(&self) -> bool {
        self.column == Some(3)
    }
}

/// Asks. The terminal must be in raw mode, and nobody else may be reading from it.
pub fn ask(background: bool) -> Answers {
    asked(background).unwrap_or_default()
}

#[cfg(unix)]
fn asked(background: bool) -> io::Result<Answers> {
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdin = rustix::stdio::stdin();
    if !io::IsTerminal::is_terminal(&io::stdin()) || std::env::var("TERM").is_ok_and(|t| t == "dumb") {
        return Ok(Answers::default());
    }
    let mut out = stdout();
    let question = if background { "\x1b]11;?\x1b\\" } else { "" };
    out.write_all(format!("{question}\r…\x1b[6n").as_bytes())?;
    out.flush()?;
    let end = Instant::now() + Duration::from_millis(PATIENCE_MS);
    let mut came = Vec::new();
    let mut chunk = [0u8; 256];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let wait = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let ready = match poll(&mut fds, Some(&wait)) {
            Err(rustix::io::Errno::INTR) => continue,
            ready => ready?,
        };
        let n = if ready == 0 {
            0
        } else {
            rustix::io::read(stdin, &mut chunk)?
        };
        came.extend_from_slice(&chunk[..n]);
        let answers = read(&came);
        if n == 0 || answers.column.is_some() {
            return Ok(Answers {
                late: answers.column.is_none(),
                ..answers
            });
        }
    }
}

#[cfg(not(unix))]
fn asked(_background: bool) -> io::Result<Answers> {
    let mut out = stdout();
    out.write_all("\r…".as_bytes())?;
    out.flush()?;
    let (column, _) = crossterm::cursor::position()?;
    Ok(Answers {
        column: Some(column + 1),
        ..Answers::default()
    })
}

/// Takes apart what came back: `ESC [ row ; column R`, `ESC ] 11 ; rgb:r/g/b` ended by BEL or ESC \, and whatever
/// else was typed meanwhile.
#[cfg_attr(not(unix), allow(dead_code))]
fn read(came: &[u8]) -> Answers {
    let text = String::from_utf8_lossy(came);
    let mut answers = Answers::default();
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('\x1b') {
        answers.typed.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(body) = rest.strip_prefix(']') {
            let end = body.find(['\x07', '\x1b']).unwrap_or(body.len());
            answers.light = background(&body[..end]).or(answers.light);
            rest = body[end..].trim_start_matches('\x07');
            rest = rest.strip_prefix("\x1b\\").unwrap_or(rest);
        } else if let Some(body) = rest.strip_prefix('[') {
            let end = body.find(|c: char| ('@'..='~').contains(&c)).unwrap_or(body.len());
            if body[end..].starts_with('R') {
                answers.column = body[..end].split_once(';').and_then(|(_, column)| column.parse().ok());
            }
            rest = body.get(end + 1..).unwrap_or_default();
        }
    }
    answers.typed.push_str(rest);
    answers
}

/// Whether `11;rgb:ffff/ffff/dddd` is light: by what the eye makes of it, as it takes green for brighter than blue.
fn background(answer: &str) -> Option<bool> {
    let colour = answer.strip_prefix("11;")?;
    let colour = colour.strip_prefix("rgb:").or(colour.strip_prefix("rgba:"))?;
    let part = |text: &str| {
        let most = (1u32 << (4 * text.len().clamp(1, 4))) - 1;
        Some(u32::from_str_radix(text, 16).ok()?.min(most) * 1000 / most)
    };
    let mut parts = colour.split('/');
    let (r, g, b) = (part(parts.next()?)?, part(parts.next()?)?, part(parts.next()?)?);
    Some(299 * r + 587 * g + 114 * b > 500_000)
}

/// Whether `COLORFGBG` (`15;0`, `0;default;15`) names a light background.
pub fn light_by_environment(value: &str) -> Option<bool> {
    let background: u8 = value.rsplit(';').next()?.trim().parse().ok()?;
    Some(matches!(background, 7 | 9..=15))
}

/// Swallows the terminal's word about its background when it comes after we stopped waiting: the key reader takes
/// it for Alt-] and a row of typed characters.
#[derive(Debug)]
pub struct Late {
    /// Whether an answer may still come.
    open: bool,
    /// Keys of it still to be swallowed at most.
    left: u8,
}

/// The longest answer there is, with room.
const LONGEST_ANSWER: u8 = 40;

impl Late {
    /// A filter that is open as long as an answer may come.
    pub fn new(open: bool) -> Late {
        Late { open, left: 0 }
    }

    /// Whether this event is a piece of a late answer.
    pub fn swallows(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else { return false };
        if !self.open || key.kind != KeyEventKind::Press {
            return false;
        }
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        if self.left == 0 {
            if alt && key.code == KeyCode::Char(']') {
                self.left = LONGEST_ANSWER;
                return true;
            }
            return false;
        }
        self.left -= 1;
        let bell = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('g');
        if bell || (alt && key.code == KeyCode::Char('\\')) {
            self.open = false;
            self.left = 0;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crossterm::event::KeyEvent;

    #[test]
    fn the_answers_are_found_among_what_was_typed() {
        assert_eq!(read(b"\x1b[1;3R").column, Some(3));
        let all = read(b"3\x1b]11;rgb:ffff/ffff/ffff\x07z\x1b[12;2R");
        assert_eq!((all.column, all.light, all.typed.as_str()), (Some(2), Some(true), "3z"));
        let dark = read(b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[12;2");
        assert_eq!((dark.column, dark.light), (None, Some(false)));
        assert_eq!(read(b"garbage R").column, None);
        assert_eq!(read("\x1b[A\u{1b}".as_bytes()).typed, "");
    }

    #[test]
    fn light_is_what_the_eye_takes_for_light() {
        for (answer, light) in [
            ("11;rgb:ff/ff/ff", Some(true)),
            ("11;rgb:0000/0000/ffff", Some(false)),
            ("11;rgb:0000/ffff/0000", Some(true)),
            ("11;rgba:fd/f6/e3/ff", Some(true)),
            ("11;rgb:0/2b/3600", Some(false)),
            ("11;?", None),
            ("10;rgb:ff/ff/ff", None),
            ("11;rgb:/ /", None),
        ] {
            assert_eq!(background(answer), light, "{answer}");
        }
        assert_eq!(light_by_environment("0;15"), Some(true));
        assert_eq!(light_by_environment("15;default;0"), Some(false));
        assert_eq!(light_by_environment("default"), None);
    }

    #[test]
    fn a_late_answer_is_no_typing() {
        let key = |c, modifiers| Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers));
        let plain = |c| key(c, KeyModifiers::NONE);
        let mut late = Late::new(true);
        assert!(!late.swallows(&plain('3')));
        assert!(late.swallows(&key(']', KeyModifiers::ALT)));
        assert!("11;rgb:ffff/ffff/ffff".chars().all(|c| late.swallows(&plain(c))));
        assert!(late.swallows(&key('\\', KeyModifiers::ALT)));
        assert!(!late.swallows(&plain('3')));
        assert!(!Late::new(false).swallows(&key(']', KeyModifiers::ALT)));
    }
}
