//! Text that cannot move the cursor, ring, recolour or turn the line around, whatever a field holds.

use std::borrow::Cow;
use std::io::{self, Write};

/// True for characters a terminal acts upon instead of showing: C0, DEL, C1, and the bidi controls.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text in one line, each acting character replaced by a glyph: ESC becomes `␛`, a line break a space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { glyph(c) })
            .collect(),
    )
}

/// The text with its line breaks, each other acting character replaced by a glyph.
pub fn lines(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { glyph(c) }).collect()
}

fn glyph(c: char) -> char {
    match c {
        '\u{7F}' => '\u{2421}',
        // Unicode keeps a picture of each C0 character at the same distance.
        c if c < ' ' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}'),
        c if acts(c) => '\u{FFFD}',
        c => c,
    }
}

/// Writes JSON on, with every acting character as `\u....`.
///
/// serde escapes C0 alone; outside strings JSON has none of these characters, so that the document stays the same.
#[derive(Debug)]
pub struct Escaped<W> {
    out: W,
    /// Bytes of a character whose end has not come yet.
    rest: Vec<u8>,
}

impl<W: Write> Escaped<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, rest: Vec::new() }
    }
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            // An unfinished character waits; bytes that are no text at all go through as they are.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                self.out.write_all(&self.rest)?;
                self.rest.clear();
                return Ok(bytes.len());
            }
        };
        let text = std::str::from_utf8(&self.rest[..whole]).unwrap_or_default();
        let mut from = 0;
        for (at, c) in text
            .char_indices()
            .filter(|(_, c)| acts(*c) && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.out.write_all(&text.as_bytes()[from..at])?;
            write!(self.out, "\\u{:04x}", u32::from(c))?;
            from = at + c.len_utf8();
        }
        self.out.write_all(&text.as_bytes()[from..])?;
        self.rest.drain(..whole);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_terminal_would_act_upon_becomes_a_glyph() {
        assert_eq!(one_line("财政局\u{1b}[2J\n清屏\u{7f}"), "财政局␛[2J 清屏␡");
        assert_eq!(one_line("\u{202E}gpj.exe\u{9b}31m"), "\u{FFFD}gpj.exe\u{FFFD}31m");
        assert_eq!(lines("第一行\n第二行\u{7}"), "第一行\n第二行␇");
        assert!(matches!(one_line("照常"), Cow::Borrowed(_)));
    }

    #[test]
    fn escaped_json_reads_back_the_same_however_it_is_cut() {
        let value = serde_json::json!({ "甲": "\u{9b}31m\u{202E}乙\u{7f}\u{1b}" });
        let plain = serde_json::to_vec(&value).unwrap();
        for size in 1..plain.len() {
            let mut out = Escaped::new(Vec::new());
            for piece in plain.chunks(size) {
                out.write_all(piece).unwrap();
            }
            let text = String::from_utf8(out.out).unwrap();
            assert!(!text.chars().any(acts), "{text:?}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        }
    }
}
