//! The only place that measures, cuts, pads, wraps and puts text on the screen.
//!
//! Everything goes by grapheme and display width; a wide glyph is never split, and a character that could
//! move the cursor or reverse the line is shown as harmless signs (`^[`, `<202E>`).

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::app::cells::{ambiguous_wide, cells, shown};

/// Where a padded text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// At the right edge.
    Right,
    /// In the middle, the odd cell at the right.
    Centre,
}

/// The display width of a text, as it would be put on the screen.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(cells).sum()
}

/// The longest part of `text` that fits `room` cells, and the cells it takes.
pub fn fit(text: &str, room: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = cells(grapheme);
        if used + wide > room {
            return (&text[..at], used);
        }
        used += wide;
    }
    (text, used)
}

/// The text cut to `room` cells; when something is lost it ends in `…` (`~` where that is two cells wide).
pub fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mark = if ambiguous_wide() { "~" } else { "…" };
    if room == 0 {
        return String::new();
    }
    let (head, _) = fit(text, room - 1);
    format!("{head}{mark}")
}

/// The text cut or padded with spaces to exactly `room` cells.
pub fn pad(text: &str, room: usize, align: Align) -> String {
    let text = cut(text, room);
    let gap = room - width(&text).min(room);
    let left = match align {
        Align::Left => 0,
        Align::Right => gap,
        Align::Centre => gap / 2,
    };
    format!("{}{text}{}", " ".repeat(left), " ".repeat(gap - left))
}

/// The text in lines of at most `room` cells, broken at its own line ends, between words, else between glyphs.
///
/// A Chinese closing mark (，。、；：！？）》”) does not begin a line when it can hang on the one before.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph.trim_end_matches('\r'), room, &mut lines);
    }
    lines
}

fn wrap_paragraph(paragraph: &str, room: usize, lines: &mut Vec<String>) {
    let mut line: Vec<&str> = Vec::new();
    let mut used = 0;
    for grapheme in paragraph.graphemes(true) {
        let wide = cells(grapheme);
        if used + wide > room {
            let carried = carry(&line, grapheme);
            let kept = line.len() - carried;
            let rest = line.split_off(kept);
            lines.push(line.concat().trim_end().to_owned());
            line = rest;
            if grapheme == " " && line.is_empty() {
                used = 0;
                continue;
            }
            used = line.iter().map(|g| cells(g)).sum();
        }
        line.push(grapheme);
        used += wide;
    }
    lines.push(line.concat());
}

/// How many graphemes at the end of a full line move to the next one together with `next`.
fn carry(line: &[&str], next: &str) -> usize {
    let closing = |g: &str| "，。、；：！？）》”’】".contains(g);
    let mut carried = 0;
    if closing(next) {
        // the marks before it come along, and the glyph they all hang on
        carried = line.iter().rev().take_while(|g| closing(g)).count();
        if carried < line.len() && !is_word(line[line.len() - 1 - carried]) {
            carried += 1;
        }
    } else if !is_word(next) {
        return 0;
    }
    carried += line[..line.len() - carried]
        .iter()
        .rev()
        .take_while(|g| is_word(g))
        .count();
    if carried < line.len() { carried } else { 0 }
}

fn is_word(grapheme: &str) -> bool {
    grapheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

/// Puts one line of text at `(x, y)`, at most `room` cells, and returns the column after it.
///
/// Nothing is written outside `area`; a wide glyph that would be cut in half by the edge is left out.
pub fn put(buf: &mut Buffer, area: Rect, (x, y): (u16, u16), text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if y < area.top() || y >= area.bottom() || x < area.left() {
        return x;
    }
    let mut x = x;
    for grapheme in text.graphemes(true) {
        let safe = shown(grapheme);
        let wide = u16::try_from(cells(grapheme)).unwrap_or(u16::MAX);
        if x.checked_add(wide).is_none_or(|end| end > area.right()) {
            break;
        }
        if safe.len() > 1 && safe.is_ascii() {
            // caret notation: one sign a cell
            for c in safe.chars() {
                buf[(x, y)].set_char(c).set_style(style);
                x += 1;
            }
            continue;
        }
        let cell = &mut buf[(x, y)];
        cell.set_symbol(&safe).set_style(style);
        if usize::from(wide) != safe.width() {
            cell.set_diff_option(CellDiffOption::ForcedWidth(
                NonZeroU16::new(wide).unwrap_or(NonZeroU16::MIN),
            ));
        }
        for hidden in x + 1..x + wide {
            buf[(hidden, y)].reset();
            buf[(hidden, y)].set_style(style);
        }
        x += wide;
    }
    x
}

/// Puts one line of text over the whole width of a row: cut with `…` if too long, the rest blank in the same style.
pub fn line(buf: &mut Buffer, area: Rect, row: u16, text: &str, style: Style) {
    if row >= area.height {
        return;
    }
    let padded = pad(text, usize::from(area.width), Align::Left);
    put(buf, area, (area.x, area.y + row), &padded, style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_counts_cells_not_letters() {
        assert_eq!(width("区纪委监察局"), 12);
        assert_eq!(width("剩2日*"), 6);
        assert_eq!(width("a\u{1b}[31m"), 7, "ESC is shown as ^[");
    }

    #[test]
    fn cut_never_splits_a_wide_glyph() {
        assert_eq!(cut("隧道工程变更", 12), "隧道工程变更");
        assert_eq!(cut("隧道工程变更", 11), "隧道工程变…");
        assert_eq!(cut("隧道工程变更", 10), "隧道工程…");
        assert_eq!(cut("隧道", 1), "…");
        assert_eq!(cut("隧道", 0), "");
    }

    #[test]
    fn pad_is_exact_in_all_alignments() {
        assert_eq!(pad("红", 5, Align::Left), "红   ");
        assert_eq!(pad("红", 5, Align::Right), "   红");
        assert_eq!(pad("红", 5, Align::Centre), " 红  ");
        for room in 0..12 {
            assert_eq!(width(&pad("大额拨付无联签", room, Align::Left)), room);
        }
    }

    #[test]
    fn wrap_keeps_words_and_hangs_closing_marks() {
        assert_eq!(wrap("编号YJ-XY-2026-0031整改", 12), ["编号", "YJ-XY-2026-0", "031整改"]);
        assert_eq!(wrap("限期整改。不得提拔", 8), ["限期整", "改。不得", "提拔"]);
        assert_eq!(wrap("一\n二", 8), ["一", "二"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn wrapped_lines_never_exceed_the_room_and_lose_nothing() {
        let text = "拨付单第3联未经audit-office联签，已于11月20日退回；请单位补正。";
        for room in 2..40 {
            let lines = wrap(text, room);
            assert!(lines.iter().all(|l| width(l) <= room.max(2)), "{room}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn put_leaves_out_a_glyph_the_edge_would_halve() {
        let area = Rect::new(0, 0, 5, 1);
        let mut buf = Buffer::empty(area);
        let end = put(&mut buf, area, (0, 0), "一二三", Style::new());
        assert_eq!(end, 4);
        assert_eq!(buf[(4, 0)].symbol(), " ");
    }
}
