//! What is on the screen and what shall be there: the difference between two frames as bytes.
//!
//! ratatui's own backend sends the cursor's place before every hanzi, which makes a line of Chinese four times as
//! long as it is. Here the pen runs on over glyphs whose width every console agrees about. A wide glyph is always
//! written or blanked as a whole: half of one is never left standing, on whatever console.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Blanks in a row from which on erasing is shorter than writing them.
const ERASE_FROM: usize = 8;

/// Cells left as they are that are cheaper written again than jumped over.
const JUMP_FROM: usize = 4;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Two frames: the one on the screen, and the one being made.
#[derive(Debug)]
pub struct Screen {
    shown: Buffer,
    next: Buffer,
    /// Where the cursor stands; hidden when nowhere.
    cursor: Option<Position>,
    /// What is on the screen is not known: the next frame is drawn whole.
    stale: bool,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            shown: Buffer::default(),
            next: Buffer::default(),
            cursor: None,
            stale: true,
        }
    }
}

impl Screen {
    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn forget(&mut self) {
        self.stale = true;
        self.cursor = None;
    }

    /// Draws a frame of this size and adds to `out` what turns the screen into it: one synchronized update, or
    /// nothing when nothing changed.
    ///
    /// `render` draws into an empty buffer and says where the cursor stands, if text can be typed.
    pub fn frame(
        &mut self,
        (width, height): (u16, u16),
        render: impl FnOnce(&mut Buffer) -> Option<Position>,
        out: &mut Vec<u8>,
    ) {
        let area = Rect::new(0, 0, width, height);
        self.stale |= self.shown.area != area;
        self.next.resize(area);
        self.next.reset();
        let cursor = render(&mut self.next).filter(|at| at.x < width && at.y < height);
        let begin = out.len();
        out.extend_from_slice(BEGIN);
        if self.stale {
            self.cursor = None;
            self.shown.resize(area);
            self.shown.reset();
            out.extend_from_slice(b"\x1b[m\x1b[?25l\x1b[2J");
        }
        let drawn = out.len();
        let mut pen = Pen::new(out, width);
        let rows = usize::from(width).max(1);
        for (y, (old, new)) in (0u16..).zip(self.shown.content.chunks(rows).zip(self.next.content.chunks(rows))) {
            if old != new {
                pen.row(y, old, new);
            }
        }
        pen.rest();
        if !self.stale && drawn == out.len() && cursor == self.cursor {
            out.truncate(begin);
            return;
        }
        match (self.cursor, cursor) {
            (before, Some(at)) => {
                move_to(out, at.x, at.y);
                if before.is_none() {
                    out.extend_from_slice(b"\x1b[?25h");
                }
            }
            (Some(_), None) => out.extend_from_slice(b"\x1b[?25l"),
            (None, None) => {}
        }
        out.extend_from_slice(END);
        self.cursor = cursor;
        self.stale = false;
        std::mem::swap(&mut self.shown, &mut self.next);
    }
}

/// The cells a glyph takes in the buffer.
fn cells(cell: &Cell) -> usize {
    match cell.diff_option {
        CellDiffOption::ForcedWidth(n) => usize::from(n.get()),
        _ if cell.symbol().len() == 1 => 1,
        _ => cell.symbol().width().max(1),
    }
}

/// Whether every console moves on by as many cells as we think: ASCII and plain hanzi. What else there is may be
/// drawn narrower or wider, so the place after it is told anew.
fn sure(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => matches!(c,
            ' '..='~' | '\u{3001}'..='\u{301b}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{ff01}'..='\u{ff5e}' | '\u{2500}'..='\u{254b}'),
        _ => false,
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && plain(cell)
}

fn plain(cell: &Cell) -> bool {
    cell.fg == Color::Reset && cell.bg == Color::Reset && cell.modifier.is_empty()
}

fn move_to(out: &mut Vec<u8>, x: u16, y: u16) {
    // writing to memory cannot fail
    let _ = write!(out, "\x1b[{};{}H", y + 1, x + 1);
}

/// The look of what is written next.
type Look = (Color, Color, Modifier);

const PLAIN: Look = (Color::Reset, Color::Reset, Modifier::empty());

/// Writes cells, remembering where the terminal's own pen stands and how it writes.
struct Pen<'a> {
    out: &'a mut Vec<u8>,
    width: usize,
    /// Where the pen stands, if that is known.
    at: Option<(usize, u16)>,
    look: Look,
}

impl<'a> Pen<'a> {
    fn new(out: &'a mut Vec<u8>, width: u16) -> Pen<'a> {
        Pen {
            out,
            width: usize::from(width),
            at: None,
            look: PLAIN,
        }
    }

    /// Writes what differs in a row.
    fn row(&mut self, y: u16, old: &[Cell], new: &[Cell]) {
        let mut x = 0;
        // the first glyph of the old row that begins at or behind x
        let mut began = 0;
        while x < self.width {
            while began < x {
                began += cells(&old[began]);
            }
            let wide = cells(&new[x]);
            if began == x && old[x] == new[x] {
                x += wide;
                continue;
            }
            let blanks = new[x..].iter().take_while(|cell| is_blank(cell)).count();
            if blanks >= ERASE_FROM {
                // those at the end that are blank already need nothing, unless a wide glyph reaches into them
                let mut needed = blanks;
                while needed > 1 && is_blank(&old[x + needed - 1]) && is_blank(&old[x + needed - 2]) {
                    needed -= 1;
                }
                self.erase(x, y, needed);
                x += needed;
                continue;
            }
            self.put(x, y, &new[x], wide, new);
            x += wide;
        }
    }

    fn put(&mut self, x: usize, y: u16, cell: &Cell, wide: usize, row: &[Cell]) {
        self.go(x, y, row);
        self.look((cell.fg, cell.bg, cell.modifier));
        if x + wide > self.width {
            // no glyph is cut in half by the edge
            self.out.push(b' ');
            self.at = None;
            return;
        }
        self.out.extend_from_slice(cell.symbol().as_bytes());
        self.at = (sure(cell.symbol()) && x + wide < self.width).then_some((x + wide, y));
    }

    fn erase(&mut self, x: usize, y: u16, cells: usize) {
        self.go(x, y, &[]);
        self.look(PLAIN);
        let _ = if x + cells == self.width {
            write!(self.out, "\x1b[K")
        } else {
            write!(self.out, "\x1b[{cells}X")
        };
    }

    /// Brings the pen to a cell of `row`: over a short gap by writing what stands there.
    fn go(&mut self, x: usize, y: u16, row: &[Cell]) {
        match self.at {
            Some((at, line)) if line == y && at == x => return,
            Some((at, line)) if line == y && at < x && x - at <= JUMP_FROM => {
                let gap = row.get(at..x).unwrap_or_default();
                let look = self.look;
                let same = |cell: &Cell| cell.symbol().len() == 1 && (cell.fg, cell.bg, cell.modifier) == look;
                if !gap.is_empty() && gap.iter().all(same) {
                    self.out.extend(gap.iter().flat_map(|cell| cell.symbol().bytes()));
                } else {
                    let _ = write!(self.out, "\x1b[{}C", x - at);
                }
            }
            Some((at, line)) if line == y && at < x => {
                let _ = write!(self.out, "\x1b[{}C", x - at);
            }
            _ => move_to(self.out, u16::try_from(x).unwrap_or(u16::MAX), y),
        }
        self.at = Some((x, y));
    }

    fn look(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        self.look = look;
        let (fg, bg, modifier) = look;
        self.out.extend_from_slice(b"\x1b[");
        if look != PLAIN {
            self.out.push(b'0');
        }
        for (flag, code) in [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::UNDERLINED, 4),
            (Modifier::REVERSED, 7),
        ] {
            if modifier.contains(flag) {
                let _ = write!(self.out, ";{code}");
            }
        }
        colour(self.out, fg, 30);
        colour(self.out, bg, 40);
        self.out.push(b'm');
    }

    /// Leaves the pen plain, as whoever writes next expects.
    fn rest(mut self) {
        self.look(PLAIN);
    }
}

/// A colour's code; `base` is 30 for the text, 40 for what is behind it.
fn colour(out: &mut Vec<u8>, colour: Color, base: u8) {
    let ansi = match colour {
        Color::Reset => return,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(n) => {
            let _ = write!(out, ";{};5;{n}", base + 8);
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(out, ";{};2;{r};{g};{b}", base + 8);
            return;
        }
    };
    let _ = write!(out, ";{}", base + ansi);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::text;
    use ratatui::style::Style;

    const SIZE: (u16, u16) = (12, 2);

    fn draw(screen: &mut Screen, lines: [&str; 2]) -> String {
        let mut out = Vec::new();
        let render = |buf: &mut Buffer| {
            for (y, line) in (0..).zip(lines) {
                text::put(buf, buf.area, (0, y), line, Style::new());
            }
            None
        };
        screen.frame(SIZE, render, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_first_frame_clears_and_the_same_again_is_silent() {
        let mut screen = Screen::default();
        let first = draw(&mut screen, ["汉字ab", ""]);
        assert_eq!(first, "\x1b[?2026h\x1b[m\x1b[?25l\x1b[2J\x1b[1;1H汉字ab\x1b[?2026l");
        assert_eq!(draw(&mut screen, ["汉字ab", ""]), "");
        screen.forget();
        assert_eq!(draw(&mut screen, ["汉字ab", ""]), first);
    }

    #[test]
    fn both_halves_of_a_wide_glyph_are_written_when_one_changes() {
        let mut screen = Screen::default();
        draw(&mut screen, ["汉字汉字汉字", ""]);
        // the left half is overwritten: the right one is blanked explicitly
        let told = draw(&mut screen, ["a 字汉字汉字", ""]);
        assert_eq!(told, "\x1b[?2026h\x1b[1;1Ha \x1b[?2026l");
        // shifted by one cell: every glyph is told anew
        let told = draw(&mut screen, ["a字汉字汉字", ""]);
        assert_eq!(told, "\x1b[?2026h\x1b[1;2H字汉字汉字 \x1b[?2026l");
    }

    #[test]
    fn only_what_changed_is_told_and_the_pen_is_left_plain() {
        let mut screen = Screen::default();
        draw(&mut screen, ["0123456789ab", ""]);
        assert_eq!(
            draw(&mut screen, ["0123x56789ay", ""]),
            "\x1b[?2026h\x1b[1;5Hx\x1b[6Cy\x1b[?2026l"
        );
        assert_eq!(draw(&mut screen, ["01", ""]), "\x1b[?2026h\x1b[1;3H\x1b[K\x1b[?2026l");
    }
}
