//! A screen as plain text, for tests: one line a row, wide glyphs once, trailing blanks cut.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// The text a person would read on the screen.
pub fn text(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut row = String::new();
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let symbol = buf[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap_or(1);
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}
