//! The file picker: what is typed, the files, what went wrong.

use ratatui::layout::{Position, Rect};

use super::{foot, top};
use crate::app::role::Role;
use crate::app::tables::Picker;
use crate::tui::field;
use crate::tui::glyph::glyphs;
use crate::tui::text::{Align, cut, pad};
use crate::tui::view::Canvas;

/// Draws it and returns where the caret is.
pub fn draw(canvas: &mut Canvas, picker: &Picker, area: Rect) -> Position {
    let title = format!("导入{}：选一份表格", picker.register.1);
    let inside = canvas.part(area, &title, true);
    let keys = match &picker.folder.above {
        Some(_) => "回车打开   左或退格 上一层   打字筛选（首字母也可）   Esc 返回",
        None => "回车打开  打字筛选（首字母也可）  也可粘贴复制来的表格  Esc 返回",
    };
    let said = picker.problem.as_deref().map(|text| (text, Role::Refused));
    let below = foot(canvas, inside, said, keys);
    canvas.line(inside, 0, &format!(" {}", picker.folder.title), Role::Title);
    let x = canvas.put(inside, (inside.x + 1, inside.y + 1), "筛选 ", Role::Label);
    let place = Rect::new(x, inside.y + 1, inside.right().saturating_sub(x + 1), 1);
    let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
    let caret = field::draw(canvas.buf, place, &picker.editor, style, selected);
    let rows = Rect::new(
        inside.x,
        inside.y + 2,
        inside.width,
        inside.height.saturating_sub(2 + below),
    );
    let shown = picker.shown();
    if shown.is_empty() {
        let sentence = if picker.folder.rows.is_empty() {
            "（这里没有表格）"
        } else {
            "（没有名字相符的）"
        };
        canvas.line(rows, 0, &format!(" {sentence}"), Role::Dim);
    }
    let skip = top(picker.cursor, rows.height);
    let (when, note) = (12, if rows.width >= 100 { 24 } else { 12 });
    let room = usize::from(rows.width).saturating_sub(when + note + 4);
    for (row, (at, file)) in (0..rows.height).zip(shown.iter().enumerate().skip(skip)) {
        let role = if at == picker.cursor {
            Role::Selected
        } else {
            Role::Text
        };
        let mark = if at == picker.cursor { glyphs().cursor } else { " " };
        let name = if file.folder {
            format!("[{}]", file.name)
        } else {
            file.name.clone()
        };
        let line = format!(
            "{mark}{} {} {}",
            pad(&name, room, Align::Left),
            pad(&file.when, when, Align::Left),
            cut(&file.note, note)
        );
        canvas.line(rows, row, &line, role);
    }
    caret
}
