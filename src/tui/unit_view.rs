//! 单位全景: periods by digit, the thirteen tags at the left, everything in time order at the right.

use ratatui::layout::{Position, Rect};

use super::field;
use super::glyph::glyphs;
use super::parts::tint;
use super::text::{Align, cut, pad, width};
use super::view::{Canvas, rect};
use crate::app::layout;
use crate::app::role::Role;
use crate::app::store::{UnitFacts, UnitItem};
use crate::app::unit_view::{PERIODS, UnitView};

/// Columns of the left part.
const TAGS: u16 = 22;

/// Draws the unit and returns where the caret stands, while days are typed.
pub fn draw(canvas: &mut Canvas, view: &UnitView, size: (u16, u16)) -> Option<Position> {
    let area = rect(layout::whole(size));
    let title = view.facts.as_ref().map_or_else(
        || "单位全景".to_owned(),
        |facts| format!("单位全景 {} {}", glyphs().path, facts.name),
    );
    let inside = canvas.dialog(area, &title);
    let caret = periods(canvas, inside, view);
    let body = Rect::new(inside.x, inside.y + 1, inside.width, inside.height.saturating_sub(2));
    match &view.facts {
        Some(facts) => {
            tags(canvas, Rect::new(body.x, body.y, TAGS, body.height), view, facts);
            let right = Rect::new(body.x + TAGS, body.y, body.width - TAGS, body.height);
            items(canvas, right, view);
        }
        None => canvas.line(body, 0, " 正在读取……", Role::Dim),
    }
    let keys = "数字换时段   左右键换部分   回车打开   Esc 返回";
    let foot = match (&view.problem, &view.days) {
        (Some(problem), _) => (format!(" {problem}"), Role::Refused),
        (None, Some(_)) => (
            " 起止两天，如 0901 1124；只写一天到今天为止。回车确定   Esc 不改".to_owned(),
            Role::Dim,
        ),
        (None, None) => (format!(" {keys}"), Role::Dim),
    };
    canvas.line(inside, inside.height.saturating_sub(1), &foot.0, foot.1);
    caret
}

fn periods(canvas: &mut Canvas, inside: Rect, view: &UnitView) -> Option<Position> {
    let mut x = inside.x + 1;
    if let Some(editor) = &view.days {
        x = canvas.put(inside, (x, inside.y), "起止 ", Role::Label);
        let area = Rect::new(x, inside.y, inside.right().saturating_sub(x + 1), 1);
        let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
        return Some(field::draw(canvas.buf, area, editor, style, selected));
    }
    for (digit, label) in PERIODS {
        let now = digit == view.digit();
        let text = if now {
            format!("[{digit} {label}]")
        } else {
            format!(" {digit} {label} ")
        };
        x = canvas.put(inside, (x, inside.y), &text, if now { Role::Title } else { Role::Dim }) + 1;
    }
    if let Some(facts) = &view.facts {
        let days = format!("{} 至 {}", facts.days.0, facts.days.1);
        let at = inside
            .right()
            .saturating_sub(u16::try_from(width(&days)).unwrap_or(0) + 1);
        if at > x {
            canvas.put(inside, (at, inside.y), &days, Role::Text);
        }
    }
    None
}

fn tags(canvas: &mut Canvas, area: Rect, view: &UnitView, facts: &UnitFacts) {
    let all = facts.items.len() as u64;
    let rows = std::iter::once(("全部", all)).chain(facts.tags.iter().map(|(label, n)| (label.as_str(), *n)));
    // the one under the cursor stays in sight in a low window
    let top = (view.tag + 1).saturating_sub(usize::from(area.height));
    for (row, (at, (label, n))) in (0..area.height).zip(rows.enumerate().skip(top)) {
        let role = match (at == view.tag, view.in_items, n) {
            (true, false, _) => Role::Selected,
            (true, true, _) => Role::SelectedIdle,
            (false, _, 0) => Role::Dim,
            (false, ..) => Role::Text,
        };
        let mark = if at == view.tag { glyphs().cursor } else { " " };
        let line = format!(
            "{mark}{} {}",
            pad(label, 14, Align::Left),
            pad(&n.to_string(), 4, Align::Right)
        );
        let place = Rect::new(area.x, area.y, area.width - 1, area.height);
        canvas.line(place, row, &line, role);
    }
}

fn items(canvas: &mut Canvas, area: Rect, view: &UnitView) {
    let shown = view.shown();
    if shown.is_empty() {
        canvas.line(area, 0, " 这一时段没有。按数字换时段。", Role::Dim);
        return;
    }
    let room = usize::from(area.width);
    let wide = room > 60;
    let kind = if wide { 10 } else { 8 };
    let codes = shown
        .iter()
        .skip(view.top)
        .take(usize::from(area.height))
        .map(|item| width(&item.code))
        .max();
    let code = if wide { codes.unwrap_or(0).clamp(8, 18) } else { 0 };
    let heads = if wide {
        format!(
            "  {} {} {} {}",
            pad("日期", 10, Align::Left),
            pad("台账", kind, Align::Left),
            pad("编号", code, Align::Left),
            "等级 环节和事由"
        )
    } else {
        format!(
            "  {} {} {}",
            pad("日期", 10, Align::Left),
            pad("台账", kind, Align::Left),
            "等级 环节和事由"
        )
    };
    canvas.line(area, 0, &cut(&heads, room), Role::Dim);
    for (row, (at, item)) in (1..area.height).zip(shown.iter().enumerate().skip(view.top)) {
        let under = at == view.cursor;
        let role = match (under, view.in_items) {
            (true, true) => Role::Selected,
            (true, false) => Role::SelectedIdle,
            _ => Role::Text,
        };
        canvas.line(area, row, if under { glyphs().cursor } else { " " }, role);
        one(canvas, area, area.y + row, item, (kind, code), role);
    }
}

fn one(canvas: &mut Canvas, area: Rect, y: u16, item: &UnitItem, (kind, code): (usize, usize), role: Role) {
    let mut x = canvas.put(area, (area.x + 2, y), &pad(&item.day, 10, Align::Left), role) + 1;
    x = canvas.put(area, (x, y), &pad(&item.kind, kind, Align::Left), role) + 1;
    if code > 0 {
        x = canvas.put(area, (x, y), &pad(&item.code, code, Align::Left), role) + 1;
    }
    if let Some(grade) = item.grade {
        canvas.put(area, (x, y), &format!("[{}]", grade.label()), tint(grade));
    }
    x += 5;
    let text = format!("{} {}", item.stage, item.title);
    let room = usize::from(area.right().saturating_sub(x));
    canvas.put(area, (x, y), &cut(text.trim_start(), room), role);
}
