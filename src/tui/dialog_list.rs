//! Dialogs that are lists: find, menu, help.

use ratatui::layout::{Position, Rect};

use super::field;
use super::glyph::glyphs;
use super::parts::tint;
use super::text::{Align, cut, pad, width, wrap};
use super::view::{Canvas, rect};
use crate::app::find::Find;
use crate::app::layout;
use crate::app::menu::Menu;
use crate::app::on_key_menu_height;
use crate::app::role::Role;
use crate::domain::pinyin;

/// Find: the field, the hits, how many.
pub fn find(canvas: &mut Canvas, find: &Find, size: (u16, u16)) -> Position {
    let area = rect(layout::dialog(size, size.1.min(24)));
    let inside = canvas.dialog(area, "查找：汉字、拼音首字母、编号");
    let cursor = typing(canvas, inside, "查找 ", &find.editor);
    let rows = Rect::new(inside.x, inside.y + 1, inside.width, inside.height.saturating_sub(2));
    let height = usize::from(rows.height.max(1));
    let top = (find.cursor + 1).saturating_sub(height);
    for (row, (at, hit)) in (0..rows.height).zip(find.hits.iter().enumerate().skip(top)) {
        let role = if at == find.cursor { Role::Selected } else { Role::Text };
        let mark = if at == find.cursor { glyphs().cursor } else { " " };
        canvas.line(rows, row, mark, role);
        let y = rows.y + row;
        let mut x = canvas.put(rows, (rows.x + 1, y), &pad(&hit.kind, 10, Align::Left), role) + 1;
        if let Some(grade) = hit.grade {
            canvas.put(rows, (x, y), &format!("[{}]", grade.label()), tint(grade));
        }
        x += 5;
        let code = pad(&hit.code, 17, Align::Left);
        x = matched(canvas, rows, (x, y), &code, find.editor.text(), role);
        let stage_at = rows
            .right()
            .saturating_sub(u16::try_from(width(&hit.stage)).unwrap_or(0) + 1);
        let room = usize::from(stage_at.saturating_sub(x + 1));
        matched(canvas, rows, (x, y), &cut(&hit.label, room), find.editor.text(), role);
        canvas.put(rows, (stage_at, y), &hit.stage, role);
    }
    let foot = match (&find.problem, find.hits.len()) {
        (Some(problem), _) => problem.clone(),
        _ if find.editor.is_empty() => "输入姓名、单位、编号或内容；拼音首字母也可（zs 找张三）".to_owned(),
        (_, 0) if find.is_current() => "没有找到；可换一个字或用首字母".to_owned(),
        (_, 0) => "正在查找……".to_owned(),
        _ if !find.is_current() => "正在查找……".to_owned(),
        (_, n) => format!("{n} 条   上下选择   回车打开   Esc 返回"),
    };
    canvas.line(inside, inside.height - 1, &foot, Role::Dim);
    cursor
}

/// Puts a text with the characters that match what was typed picked out; under the cursor they keep its look, as the
/// row's own says more.
pub fn matched(canvas: &mut Canvas, area: Rect, at: (u16, u16), text: &str, typed: &str, role: Role) -> u16 {
    let places = pinyin::matched(text, typed);
    if places.is_empty() || role == Role::Selected {
        return canvas.put(area, at, text, role);
    }
    let mut x = at.0;
    let mut piece = String::new();
    let mut inside = false;
    for (place, c) in text.chars().enumerate() {
        let now = places.contains(&place);
        if now != inside && !piece.is_empty() {
            x = canvas.put(area, (x, at.1), &piece, if inside { Role::Match } else { role });
            piece.clear();
        }
        inside = now;
        piece.push(c);
    }
    canvas.put(area, (x, at.1), &piece, if inside { Role::Match } else { role })
}

/// The menu or the help: entries, numbered or explained, filtered by typing.
pub fn menu(canvas: &mut Canvas, menu: &Menu, size: (u16, u16)) -> Position {
    let shown = menu.shown();
    let wanted = u16::try_from(menu.entries.len()).unwrap_or(u16::MAX).saturating_add(3);
    let area = rect(layout::dialog(size, wanted.min(size.1)));
    let inside = canvas.dialog(area, &menu.title);
    let cursor = typing(canvas, inside, "筛选 ", &menu.editor);
    let rows = Rect::new(inside.x, inside.y + 1, inside.width, inside.height.saturating_sub(3));
    let top = menu.top.min((menu.cursor + 1).saturating_sub(0));
    let top = top.max((menu.cursor + 1).saturating_sub(usize::from(rows.height).min(on_key_menu_height(size))));
    for (row, (at, entry)) in (0..rows.height).zip(shown.iter().enumerate().skip(top)) {
        let mut role = if entry.reason.is_some() {
            Role::Disabled
        } else {
            Role::Text
        };
        if at == menu.cursor {
            role = Role::Selected;
        }
        canvas.line(rows, row, if at == menu.cursor { glyphs().cursor } else { " " }, role);
        let number = if menu.numbered && at < 9 {
            format!("{}", at + 1)
        } else {
            " ".to_owned()
        };
        let x = canvas.put(rows, (rows.x + 1, rows.y + row), &format!("{number} "), role);
        let room = usize::from(rows.right().saturating_sub(x + 1));
        let note = entry
            .reason
            .as_ref()
            .map_or_else(|| entry.note.clone(), |reason| format!("（{reason}）"));
        if menu.numbered {
            let label_room = room.saturating_sub(width(&note).min(room * 2 / 3) + 1);
            let label = pad(&entry.label, label_room, Align::Left);
            let x = canvas.put(rows, (x, rows.y + row), &label, role) + 1;
            canvas.put(rows, (x, rows.y + row), &cut(&note, room - label_room), role);
        } else {
            let x = canvas.put(
                rows,
                (x, rows.y + row),
                &pad(&entry.label, 34.min(room / 2), Align::Left),
                role,
            ) + 1;
            let room = usize::from(rows.right().saturating_sub(x));
            canvas.put(rows, (x, rows.y + row), &cut(&entry.note, room), role);
        }
    }
    foot(
        canvas,
        inside,
        menu,
        shown.get(menu.cursor).map(|entry| entry.note.as_str()),
    );
    cursor
}

/// The last two lines of a menu: why the choice did nothing, the explanation in full, the keys.
fn foot(canvas: &mut Canvas, inside: Rect, menu: &Menu, note: Option<&str>) {
    let room = usize::from(inside.width) - 1;
    let (lines, role) = match (&menu.problem, note) {
        (Some(problem), _) => (wrap(problem, room), Role::Refused),
        (None, Some(note)) if !menu.numbered => (wrap(note, room), Role::Dim),
        _ if menu.numbered => (
            vec!["数字或回车选定   打字筛选（首字母也可）   Esc 返回".to_owned()],
            Role::Dim,
        ),
        _ => (vec!["打字筛选   Esc 返回".to_owned()], Role::Dim),
    };
    for (row, line) in (inside.height.saturating_sub(2)..inside.height).zip(lines) {
        canvas.line(inside, row, &format!(" {line}"), role);
    }
}

fn typing(canvas: &mut Canvas, inside: Rect, label: &str, editor: &crate::app::edit::Editor) -> Position {
    let x = canvas.put(inside, (inside.x + 1, inside.y), label, Role::Label);
    let area = Rect::new(x, inside.y, inside.right().saturating_sub(x + 1), 1);
    let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
    field::draw(canvas.buf, area, editor, style, selected)
}
