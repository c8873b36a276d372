//! Clearing a place for a popup, and the frame around a part of a pane.
//!
//! ratatui's own `Clear` resets only the cells inside. A wide glyph that begins one column to the left then
//! keeps its width and hides the popup's border (ratatui#2526), so its visible half is blanked here, and the
//! same is done at the right edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::glyph::glyphs;
use super::text;

/// Blanks `area` in `style`, and the halves of wide glyphs it cuts at both edges.
pub fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        if area.left() > buf.area.left() {
            let before = &mut buf[(area.left() - 1, y)];
            if before.symbol().width() > 1 {
                before.set_symbol(" ");
            }
        }
        // A wide glyph whose first half lies inside leaves a blank second half outside: that cell already holds
        // a space in the buffer, but the terminal still shows the old glyph there, so it must be written anew.
        let last = area.right() - 1;
        let cut_right = buf[(last, y)].symbol().width() > 1;
        for x in area.left()..area.right() {
            buf[(x, y)].reset();
            buf[(x, y)].set_style(style);
        }
        if cut_right && area.right() < buf.area.right() {
            buf[(area.right(), y)].set_symbol(" ");
        }
    }
}

/// Draws a frame with a title and returns the place inside; nothing if the area is too small for one.
pub fn frame(buf: &mut Buffer, area: Rect, title: &str, line: Style, title_style: Style) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 3 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    let g = glyphs();
    let (left, right, top, bottom) = (area.left(), area.right() - 1, area.top(), area.bottom() - 1);
    for x in left + 1..right {
        for y in [top, bottom] {
            buf[(x, y)].set_symbol(g.horizontal).set_style(line);
        }
    }
    for y in top + 1..bottom {
        for x in [left, right] {
            buf[(x, y)].set_symbol(g.vertical).set_style(line);
        }
    }
    for (at, corner) in [(left, top), (right, top), (left, bottom), (right, bottom)]
        .iter()
        .zip(g.corners)
    {
        buf[*at].set_symbol(corner).set_style(line);
    }
    if !title.is_empty() && area.width > 6 {
        let shown = format!(" {} ", text::cut(title, usize::from(area.width) - 5));
        text::put(buf, area, (left + 1, top), &shown, title_style);
    }
    Rect::new(left + 1, top + 1, area.width - 2, area.height - 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::shot;

    fn popup_over_hanzi(x: u16) -> String {
        let area = Rect::new(0, 0, 16, 4);
        let mut buf = Buffer::empty(area);
        for y in 0..4 {
            text::put(&mut buf, area, (0, y), "汉字汉字汉字汉字", Style::new());
        }
        let popup = Rect::new(x, 1, 6, 2);
        clear(&mut buf, popup, Style::new());
        frame(&mut buf, popup, "", Style::new(), Style::new());
        shot::text(&buf)
    }

    #[test]
    fn borders_survive_over_wide_glyphs_at_odd_and_even_columns() {
        assert_eq!(
            popup_over_hanzi(4),
            "汉字汉字汉字汉字\n汉字┌────┐字汉字\n汉字└────┘字汉字\n汉字汉字汉字汉字\n"
        );
        assert_eq!(
            popup_over_hanzi(5),
            "汉字汉字汉字汉字\n汉字 ┌────┐ 汉字\n汉字 └────┘ 汉字\n汉字汉字汉字汉字\n"
        );
    }

    #[test]
    fn what_the_terminal_is_told_contains_the_left_border() {
        let area = Rect::new(0, 0, 16, 1);
        let mut old = Buffer::empty(area);
        text::put(&mut old, area, (0, 0), "汉字汉字汉字汉字", Style::new());
        let mut new = old.clone();
        let popup = Rect::new(5, 0, 6, 1);
        clear(&mut new, popup, Style::new());
        new[(5, 0)].set_symbol("│");
        assert!(
            old.diff(&new)
                .iter()
                .any(|(x, _, cell)| *x == 5 && cell.symbol() == "│")
        );
    }

    #[test]
    fn no_size_panics() {
        for w in 0..8 {
            for h in 0..4 {
                let mut buf = Buffer::empty(Rect::new(0, 0, w, h));
                clear(&mut buf, Rect::new(1, 1, 9, 9), Style::new());
                frame(&mut buf, Rect::new(0, 0, 9, 9), "预警", Style::new(), Style::new());
            }
        }
    }
}
