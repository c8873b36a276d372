//! Draws a field and says where the real cursor stands: input-method windows follow it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::text;
use crate::app::cells::cells;
use crate::app::edit::Editor;

/// Draws the text in `area` in `style`, its selection in `selected`, scrolled so that the caret is in sight,
/// and returns the caret's place.
pub fn draw(buf: &mut Buffer, area: Rect, editor: &Editor, style: Style, selected: Style) -> Position {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return Position::new(area.x, area.y);
    }
    let room = usize::from(area.width);
    let (row, column) = editor.position(room);
    // one line scrolls sideways and keeps a cell for the caret behind the text; many lines scroll down
    let (skip_rows, skip_cells) = if editor.is_many_lines() {
        ((row + 1).saturating_sub(usize::from(area.height)), 0)
    } else {
        (0, scroll(editor.text(), column, room))
    };
    let selection = editor.selection().unwrap_or(0..0);
    let rows = editor.rows(room);
    for line in 0..area.height {
        let y = area.y + line;
        text::line(buf, area, line, "", style);
        let Some(range) = rows.get(skip_rows + usize::from(line)) else {
            continue;
        };
        let (mut x, mut passed) = (area.x, 0);
        for (at, grapheme) in editor.text()[range.clone()].grapheme_indices(true) {
            if passed < skip_cells {
                passed += cells(grapheme);
                continue;
            }
            let inside = selection.contains(&(range.start + at));
            let after = text::put(buf, area, (x, y), grapheme, if inside { selected } else { style });
            if after == x {
                break;
            }
            x = after;
        }
    }
    let across = u16::try_from(column - skip_cells.min(column))
        .unwrap_or(u16::MAX)
        .min(area.width - 1);
    let down = u16::try_from(row - skip_rows).unwrap_or(u16::MAX).min(area.height - 1);
    Position::new(area.x + across, area.y + down)
}

/// The cells to leave out at the left, whole glyphs only, so that the caret at `column` is in sight.
fn scroll(text: &str, column: usize, room: usize) -> usize {
    if column < room {
        return 0;
    }
    let needed = column + 1 - room;
    let mut skipped = 0;
    for grapheme in text.graphemes(true) {
        if skipped >= needed {
            break;
        }
        skipped += cells(grapheme);
    }
    skipped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;
    use crate::tui::shot;

    fn drawn(editor: &Editor, width: u16, height: u16) -> (String, (u16, u16)) {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let at = draw(&mut buf, area, editor, Style::new(), Style::new());
        (shot::text(&buf), (at.x, at.y))
    }

    #[test]
    fn the_cursor_stands_behind_the_text_by_cells() {
        assert_eq!(
            drawn(&Editor::one_line().with("消防"), 10, 1),
            ("消防\n".into(), (4, 0))
        );
    }

    #[test]
    fn a_long_line_scrolls_by_whole_glyphs() {
        let mut editor = Editor::one_line().with("隧道工程变更未报批");
        assert_eq!(drawn(&editor, 9, 1), ("更未报批\n".into(), (8, 0)));
        editor.key(Key::Home, 9);
        assert_eq!(drawn(&editor, 9, 1), ("隧道工程\n".into(), (0, 0)));
    }

    #[test]
    fn many_lines_scroll_down_to_the_caret() {
        let editor = Editor::many_lines().with("一\n二\n三四");
        assert_eq!(drawn(&editor, 8, 2), ("二\n三四\n".into(), (4, 1)));
    }

    #[test]
    fn no_size_panics() {
        let editor = Editor::many_lines().with("一二三\n四");
        for width in 0..6 {
            for height in 0..3 {
                drawn(&editor, width, height);
            }
        }
    }
}
