//! How many cells a grapheme takes on the screen, and what is shown for one that could do harm.
//!
//! The editor needs the caret's column and knows no terminal, so the smallest measure lives here;
//! laying out (cut, pad, wrap) is `tui/text.rs` alone.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use unicode_width::UnicodeWidthStr;

/// Set once at start when the console draws ambiguous glyphs (“” — … ①) two cells wide.
static AMBIGUOUS_WIDE: AtomicBool = AtomicBool::new(false);

/// More code points than this in one grapheme are a prank, not a character; the rest is dropped.
const LONGEST_GRAPHEME: usize = 8;

/// Says whether this console draws ambiguous glyphs two cells wide; called once at start.
pub fn set_ambiguous_wide(wide: bool) {
    AMBIGUOUS_WIDE.store(wide, Ordering::Relaxed);
}

/// Whether this console draws ambiguous glyphs two cells wide.
pub fn ambiguous_wide() -> bool {
    AMBIGUOUS_WIDE.load(Ordering::Relaxed)
}

/// The cells a grapheme takes as [`shown`], 1 or more.
pub fn cells(grapheme: &str) -> usize {
    measure(grapheme, ambiguous_wide())
}

/// As [`cells`], with the console's habit given.
pub fn measure(grapheme: &str, ambiguous_wide: bool) -> usize {
    if is_plain(grapheme) {
        return 1;
    }
    let shown = shown(grapheme);
    let wide = if ambiguous_wide {
        shown.width_cjk()
    } else {
        shown.width()
    };
    wide.max(1)
}

/// The harmless form of a grapheme: itself, or caret notation (`^[` for ESC) and `<202E>` for what would
/// move the cursor, reverse the text or vanish.
pub fn shown(grapheme: &str) -> Cow<'_, str> {
    if is_plain(grapheme) {
        return Cow::Borrowed(grapheme);
    }
    if matches!(grapheme, "\t" | "\n" | "\r\n" | "\r") {
        return Cow::Borrowed(" ");
    }
    let vanishes = grapheme.width() == 0;
    let too_long = grapheme.chars().nth(LONGEST_GRAPHEME).is_some();
    if !vanishes && !too_long && !grapheme.chars().any(harms) {
        return Cow::Borrowed(grapheme);
    }
    let mut out = String::new();
    for c in grapheme.chars().take(LONGEST_GRAPHEME) {
        match c {
            '\u{0}'..='\u{1f}' => {
                out.push('^');
                out.push(char::from(c as u8 + 0x40));
            }
            '\u{7f}' => out.push_str("^?"),
            _ if harms(c) || vanishes => out.push_str(&format!("<{:04X}>", c as u32)),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn is_plain(grapheme: &str) -> bool {
    matches!(grapheme.as_bytes(), [b] if (0x20..0x7f).contains(b))
}

/// Control characters, line separators, and those that reorder or hide neighbours.
fn harms(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hanzi_take_two_cells_and_ascii_one() {
        assert_eq!((cells("汉"), cells("a"), cells("，"), cells("𠮷")), (2, 1, 2, 2));
    }

    #[test]
    fn ambiguous_glyphs_follow_the_console() {
        assert_eq!((measure("…", false), measure("…", true)), (1, 2));
        assert_eq!((measure("│", false), measure("│", true)), (1, 2));
    }

    #[test]
    fn what_could_do_harm_is_spelled_out() {
        assert_eq!(shown("\u{1b}"), "^[");
        assert_eq!(shown("\u{202e}"), "<202E>");
        assert_eq!(shown("\u{9b}"), "<009B>");
        assert_eq!(shown("\u{7f}"), "^?");
        assert_eq!(shown("\u{200b}"), "<200B>");
        assert_eq!(shown("\t"), " ");
        assert_eq!(cells("\u{1b}"), 2);
    }

    #[test]
    fn an_endless_pile_of_marks_is_cut() {
        let pile = format!("a{}", "\u{301}".repeat(500));
        assert!(shown(&pile).chars().count() <= LONGEST_GRAPHEME);
    }

    #[test]
    fn a_family_emoji_is_one_wide_glyph() {
        assert_eq!(cells("👨\u{200d}👩\u{200d}👧"), 2);
    }
}
