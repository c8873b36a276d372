//! The import screen: the sheet, its columns with samples, the counts, every fault by its cell.

use ratatui::layout::{Position, Rect};

use super::{foot, top};
use crate::app::role::Role;
use crate::app::store::Preview;
use crate::app::tables::Import;
use crate::tui::dialog_list;
use crate::tui::glyph::glyphs;
use crate::tui::text::{Align, cut, pad, wrap};
use crate::tui::view::Canvas;

/// Draws it; the caret is where a field is typed for.
pub fn draw(canvas: &mut Canvas, import: &Import, area: Rect, size: (u16, u16)) -> Option<Position> {
    let name = import.preview.as_ref().map_or("", |preview| preview.name.as_str());
    let title = format!("导入{} {} {name}", import.label, glyphs().path);
    let inside = canvas.part(area, title.trim_end(), true);
    let keys = match (&import.running, &import.preview) {
        (Some(_), _) => "Esc 取消（不会留下导到一半的）",
        (None, Some(preview)) if preview.sheets.len() > 1 => {
            "F5 全部导入  1 只导好的  2 退回清单  回车 改对应  Tab 换工作表  Esc 返回"
        }
        _ => "F5 全部导入   1 只导好的   2 退回清单   回车 改对应   Esc 返回",
    };
    let said = match (&import.running, &import.problem, &import.said) {
        (Some((what, 0)), ..) => Some((format!("{what}……"), Role::Title)),
        (Some((what, done)), ..) => Some((format!("{what}，已到 {done} 行……"), Role::Title)),
        (None, Some(problem), _) => Some((problem.clone(), Role::Refused)),
        (None, None, Some(said)) => Some((said.clone(), Role::Done)),
        _ => None,
    };
    let said = said.as_ref().map(|(text, role)| (text.as_str(), *role));
    let below = foot(canvas, inside, said, keys);
    let room = Rect::new(inside.x, inside.y, inside.width, inside.height.saturating_sub(below));
    match &import.preview {
        Some(preview) => page(canvas, import, preview, room),
        None => canvas.line(room, 0, " 正在读取……", Role::Dim),
    }
    let menu = import.choosing.as_ref()?;
    Some(dialog_list::menu(canvas, menu, size))
}

fn page(canvas: &mut Canvas, import: &Import, preview: &Preview, area: Rect) {
    let mut head = format!(" 工作表 {}", preview.sheet);
    if preview.sheets.len() > 1 {
        let at = preview
            .sheets
            .iter()
            .position(|name| *name == preview.sheet)
            .unwrap_or(0);
        head.push_str(&format!("（第 {} 张，共 {} 张）", at + 1, preview.sheets.len()));
    }
    if preview.header_row > 0 {
        head.push_str(&format!("   表头在第 {} 行", preview.header_row));
    }
    if !preview.sender.is_empty() {
        head.push_str(&format!("   填报单位 {}", preview.sender));
    }
    if preview.remembered {
        head.push_str("   列照上次的对应");
    }
    canvas.line(area, 0, &head, Role::Text);
    if !preview.unreadable.is_empty() {
        for (row, line) in (2..area.height).zip(wrap(&preview.unreadable, usize::from(area.width) - 2)) {
            canvas.line(area, row, &format!(" {line}"), Role::Refused);
        }
        return;
    }
    counts(canvas, preview, area);
    let tick = |on: bool| if on { "[是]" } else { "[否]" };
    let mut options = format!(" 3 没有的单位、岗位、人员随之建立 {}", tick(import.plan.create_missing));
    if preview.can_draft {
        options.push_str(&format!("   4 有错的行留作草稿 {}", tick(import.plan.draft)));
    }
    canvas.line(area, 2, &options, Role::Text);
    lines(
        canvas,
        import,
        preview,
        Rect::new(area.x, area.y + 3, area.width, area.height.saturating_sub(3)),
    );
}

fn counts(canvas: &mut Canvas, preview: &Preview, area: Rect) {
    let y = area.y + 1;
    let good = format!(
        " 可入 {}（新增 {}、修改 {}）",
        preview.fresh + preview.amended,
        preview.fresh,
        preview.amended
    );
    let mut x = canvas.put(area, (area.x, y), &good, Role::Done);
    let bad = if preview.fault_count > 0 {
        format!("  有错 {} 行 {} 处", preview.bad_rows, preview.fault_count)
    } else {
        "  有错 0".to_owned()
    };
    let role = if preview.fault_count > 0 {
        Role::Refused
    } else {
        Role::Text
    };
    x = canvas.put(area, (x, y), &bad, role);
    let mut rest = format!("  待补充 {}", preview.incomplete);
    if !preview.created.is_empty() {
        rest.push_str(&format!("（建 {}）", preview.created));
    }
    for (label, count) in [
        ("草稿", preview.drafts),
        ("重复", preview.duplicates),
        ("不变", preview.unchanged),
    ] {
        if count > 0 {
            rest.push_str(&format!("  {label} {count}"));
        }
    }
    let room = usize::from(area.right().saturating_sub(x));
    canvas.put(area, (x, y), &cut(&rest, room), Role::Text);
}

/// The columns and then the faults; the two share what room there is, the faults getting at least half of it.
fn lines(canvas: &mut Canvas, import: &Import, preview: &Preview, area: Rect) {
    let columns = u16::try_from(preview.columns.len()).unwrap_or(u16::MAX);
    let faults = u16::try_from(preview.faults.len()).unwrap_or(u16::MAX);
    let room = area.height.saturating_sub(if faults > 0 { 2 } else { 1 });
    let upper = columns.min(room.saturating_sub(faults.min(room / 2)));
    let head = Rect::new(area.x, area.y, area.width, 1);
    let wide = area.width >= 100;
    let (header, field) = if wide { (28, 22) } else { (20, 16) };
    let titles = format!(
        "  列 {} {} 样例",
        pad("表头", header, Align::Left),
        pad("对应字段", field, Align::Left)
    );
    canvas.line(head, 0, &titles, Role::Label);
    let part = Rect::new(area.x, area.y + 1, area.width, upper);
    let in_faults = import.cursor >= preview.columns.len();
    let at_column = if in_faults { 0 } else { import.cursor };
    for (row, (at, column)) in (0..upper).zip(preview.columns.iter().enumerate().skip(top(at_column, upper))) {
        let under = at == import.cursor;
        let taken = if column.field.is_empty() {
            &column.note
        } else {
            &column.field
        };
        let role = match (under, column.field.is_empty()) {
            (true, _) => Role::Selected,
            (_, true) => Role::Dim,
            _ => Role::Text,
        };
        let line = format!(
            "{} {} {} {} {}",
            if under { glyphs().cursor } else { " " },
            pad(&column.letters, 2, Align::Left),
            pad(&column.header, header, Align::Left),
            pad(taken, field, Align::Left),
            column.samples
        );
        canvas.line(part, row, &line, role);
    }
    if faults == 0 {
        return;
    }
    let y = area.y + 1 + upper;
    let title = if preview.fault_count > preview.faults.len() {
        format!("  错处（前 {} 处；全部见退回清单）", preview.faults.len())
    } else {
        "  错处".to_owned()
    };
    canvas.line(Rect::new(area.x, y, area.width, 1), 0, &title, Role::Label);
    let part = Rect::new(area.x, y + 1, area.width, area.bottom().saturating_sub(y + 1));
    let at_fault = import.cursor.saturating_sub(preview.columns.len());
    for (row, (at, fault)) in (0..part.height).zip(preview.faults.iter().enumerate().skip(top(at_fault, part.height))) {
        let under = in_faults && at == at_fault;
        let cell = format!("{}{}", fault.column, fault.row);
        let value = if fault.value.is_empty() {
            String::new()
        } else {
            format!("“{}”", fault.value)
        };
        let line = format!(
            "{} {} {} {value}",
            if under { glyphs().cursor } else { " " },
            pad(&cell, 6, Align::Left),
            fault.reason
        );
        canvas.line(part, row, &line, if under { Role::Selected } else { Role::Text });
    }
}
