//! 名单核查: the field, who may be meant, the rows with their answers, the answer under the cursor in full.

use ratatui::layout::{Position, Rect};

use super::field;
use super::glyph::glyphs;
use super::text::{Align, cut, pad, width, wrap};
use super::view::{Canvas, rect};
use crate::app::layout;
use crate::app::role::Role;
use crate::app::roll::{ACTS, Roll, Step};
use crate::app::store::{Standing, Verdict};

/// Lines at the foot for the answer in full, what was said, and the keys.
const FOOT: u16 = 5;

/// Draws the list and returns where the caret stands.
pub fn draw(canvas: &mut Canvas, roll: &Roll, size: (u16, u16)) -> Option<Position> {
    let area = rect(layout::whole(size));
    let title = match roll.step {
        Step::Act => "名单核查".to_owned(),
        _ => format!("名单核查 {} {}", glyphs().path, roll.act_label()),
    };
    let inside = canvas.dialog(area, &title);
    let caret = match roll.step {
        Step::Act => {
            let choices = ACTS.map(|(digit, _, label)| format!("{digit} {label}")).join("   ");
            canvas.line(inside, 0, &format!(" 核查什么事项：{choices}"), Role::Text);
            let hint = " 按数字选定；也可直接粘贴名单（三项都查）。";
            canvas.line(inside, 1, hint, Role::Dim);
            None
        }
        _ => {
            let caret = typing(canvas, inside, roll);
            Some(caret)
        }
    };
    let table = Rect::new(
        inside.x,
        inside.y + 2,
        inside.width,
        inside.height.saturating_sub(2 + FOOT),
    );
    rows(canvas, table, roll);
    offered(canvas, inside, roll);
    let foot = Rect::new(inside.x, inside.bottom().saturating_sub(FOOT), inside.width, FOOT);
    below(canvas, foot, roll);
    caret
}

fn typing(canvas: &mut Canvas, inside: Rect, roll: &Roll) -> Position {
    let label = match roll.step {
        Step::File => "名单文件 ",
        Step::Write => "写到 ",
        _ => "姓名 ",
    };
    let x = canvas.put(inside, (inside.x + 1, inside.y), label, Role::Label);
    let area = Rect::new(x, inside.y, inside.right().saturating_sub(x + 1), 1);
    let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
    field::draw(canvas.buf, area, &roll.editor, style, selected)
}

/// Who may be meant, one a line over the list, each with its digit; else what the field takes.
fn offered(canvas: &mut Canvas, inside: Rect, roll: &Roll) {
    let text = match roll.step {
        Step::Act => return,
        Step::File => "xlsx、xls、ods、csv、txt 的完整路径，可粘贴；有“姓名”“单位”列的按列读，回车读入",
        Step::Write => "不写则写到“文档”里的廉能台输出；也可写文件夹或 .xlsx 的完整路径，回车写出",
        _ if roll.editor.is_empty() => "打姓名或首字母；或粘贴 Excel、WPS 里的名单；F4 从文件读入",
        _ if roll.offered.is_empty() => "名录里没有相近的；回车仍列入名单",
        _ => "",
    };
    let room = usize::from(inside.width).saturating_sub(2);
    if !text.is_empty() {
        canvas.line(inside, 1, &format!(" {}", cut(text, room)), Role::Dim);
        return;
    }
    for (row, (at, one)) in (1..inside.height).zip(roll.offered.iter().enumerate()) {
        let mark = if at == 0 { glyphs().cursor } else { " " };
        let line = format!("{mark}{} {} {}", at + 1, pad(&one.label, 10, Align::Left), one.note);
        let role = if at == 0 { Role::Selected } else { Role::SelectedIdle };
        canvas.line(inside, row, &cut(&line, room + 1), role);
    }
}

fn rows(canvas: &mut Canvas, area: Rect, roll: &Roll) {
    let room = usize::from(area.width);
    let place = if room > 84 { 30 } else { 24 };
    let rest = room.saturating_sub(2 + 4 + 9 + place + 9 + 1);
    let heads = format!(
        "  {} {} {} {} {}",
        pad("序", 3, Align::Left),
        pad("姓名", 8, Align::Left),
        pad("单位·岗位", place, Align::Left),
        pad("结论", 8, Align::Left),
        "情况"
    );
    canvas.line(area, 0, &cut(&heads, room), Role::Dim);
    if roll.names.is_empty() {
        let hint = "  名单是空的。";
        canvas.line(area, 1, hint, Role::Dim);
        return;
    }
    for (row, at) in (1..area.height).zip(roll.top..roll.names.len()) {
        let under = at == roll.cursor;
        let role = if under { Role::Selected } else { Role::Text };
        let mark = if under { glyphs().cursor } else { " " };
        canvas.line(area, row, mark, role);
        let y = area.y + row;
        let mut x = area.x + 2;
        let blank = roll.verdicts.get(at);
        let name = blank.map_or(roll.names[at].as_str(), |one| one.name.as_str());
        let place_of = blank.map(|one| one.place.as_str()).unwrap_or_default();
        for (text, cells) in [(&*format!("{}", at + 1), 3), (name, 8), (place_of, place)] {
            x = canvas.put(area, (x, y), &pad(text, cells, Align::Left), role) + 1;
        }
        let Some(one) = blank else { continue };
        let own = match one.standing {
            _ if under => role,
            Standing::Restricted => Role::Late,
            Standing::Free => Role::Done,
            Standing::Several | Standing::Unknown => Role::Refused,
        };
        x = canvas.put(area, (x, y), &pad(one.standing.label(), 8, Align::Left), own) + 1;
        canvas.put(area, (x, y), &cut(&short(one), rest), role);
    }
}

/// What stands in the row; the foot says it in full.
fn short(one: &Verdict) -> String {
    match one.standing {
        Standing::Free => String::new(),
        Standing::Several => {
            let named = |(at, choice): (usize, &crate::app::store::Candidate)| format!("{} {}", at + 1, choice.note);
            one.choices.iter().enumerate().map(named).collect::<Vec<_>>().join("  ")
        }
        _ => one.answer.clone(),
    }
}

fn below(canvas: &mut Canvas, area: Rect, roll: &Roll) {
    let room = usize::from(area.width).saturating_sub(2);
    let full = match roll.current() {
        Some(one) if one.standing == Standing::Several => {
            let named = |(at, choice): (usize, &crate::app::store::Candidate)| {
                format!("{} {} {}", at + 1, choice.label, choice.note)
            };
            let choices: Vec<String> = one.choices.iter().enumerate().map(named).collect();
            format!("{}：按数字选定 {}", one.name, choices.join("   "))
        }
        Some(one) => format!("{} {} {}：{}", one.name, one.code, one.place, one.answer),
        None => String::new(),
    };
    let mut lines = wrap(&full, room);
    if lines.len() > 3 {
        lines.truncate(3);
        if let Some(last) = lines.last_mut() {
            *last = format!("{}…", cut(last, room.saturating_sub(2)).trim_end_matches('…'));
        }
    }
    for (row, line) in (0..3).zip(lines) {
        canvas.line(area, row, &format!(" {line}"), Role::Text);
    }
    let sum = format!(
        "共 {} 人：有限制 {}  无限制 {}  请选 {}  未在名录 {}",
        roll.names.len(),
        roll.count(Standing::Restricted),
        roll.count(Standing::Free),
        roll.count(Standing::Several),
        roll.count(Standing::Unknown),
    );
    let (text, role) = match &roll.said {
        Some((no, text)) => (text.clone(), if *no { Role::Refused } else { Role::Done }),
        None if roll.names.is_empty() => ("仅依据本台账，不代替其他渠道核查。".to_owned(), Role::Dim),
        None => (sum, Role::Title),
    };
    canvas.line(area, 3, &cut(&format!(" {text}"), room + 1), role);
    let keys = match roll.step {
        Step::Act => "Esc 返回",
        Step::File | Step::Write => "回车 确定   Esc 返回名单",
        Step::Name if width(roll.editor.text()) > 0 => "数字或回车 列入   Esc 清除",
        Step::Name => "回车 看来源  Tab 换事项  Delete 去掉  F4 读入文件  F5 写出结果  Esc 返回",
    };
    canvas.line(area, 4, &cut(&format!(" {keys}"), room + 1), Role::Dim);
}
