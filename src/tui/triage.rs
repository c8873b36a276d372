//! 快速分拣: one report, full width, the verdicts at its foot.

use ratatui::layout::{Position, Rect};

use super::clear::clear;
use super::field;
use super::text::{cut, width, wrap};
use super::view::{Canvas, rect};
use crate::app::layout;
use crate::app::role::Role;
use crate::app::store::Report;
use crate::app::triage::{Asks, Triage, VERDICTS};

/// Rows at the foot: a rule, two of verdicts, the choices of one, what is wrong, the keys.
const FOOT: u16 = 6;

/// Draws the triage and returns where the caret is.
pub fn draw(canvas: &mut Canvas, triage: &Triage, size: (u16, u16)) -> Option<Position> {
    let body = layout::body(size);
    let area = Rect::new(0, body.y, body.w, size.1.saturating_sub(body.y));
    let style = canvas.style(Role::Text);
    clear(canvas.buf, area, style);
    let inside = canvas.part(
        rect(layout::Area::new(area.x, area.y, area.width, area.height)),
        &title(triage),
        true,
    );
    if inside.height <= FOOT || inside.width < 20 {
        return None;
    }
    if triage.ended() {
        ending(canvas, triage, inside);
        return None;
    }
    let Some(report) = &triage.report else {
        canvas.put(inside, (inside.x + 1, inside.y), "正在读取下一件…", Role::Dim);
        return None;
    };
    let room = usize::from(inside.width) - 2;
    // choices of a verdict take the place of the last lines of the report
    let choices = triage.choices();
    let list = u16::try_from(choices.len()).unwrap_or(9).min(inside.height - FOOT);
    let height = inside.height - FOOT - list;
    let lines = lines(report, room);
    let last = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_sub(height);
    let top = triage.scroll.min(last);
    for (row, (text, role)) in (0..height).zip(lines.iter().skip(usize::from(top))) {
        canvas.put(inside, (inside.x + 1, inside.y + row), text, *role);
    }
    let below = lines.len().saturating_sub(usize::from(top + height));
    let rule_row = inside.y + height;
    let rule = if below > 0 {
        format!("下面还有 {below} 行（上下键、PgDn）")
    } else {
        String::new()
    };
    canvas.put(inside, (inside.x + 1, rule_row), &rule, Role::Dim);
    let caret = verdicts(
        canvas,
        triage,
        Rect::new(inside.x, rule_row + 1, inside.width, FOOT - 1 + list),
    );
    caret.or(Some(Position::new(inside.x + 1, rule_row + 1)))
}

fn title(triage: &Triage) -> String {
    let total = triage.queue.as_ref().map_or(0, Vec::len);
    let place = if triage.ended() {
        "完毕".to_owned()
    } else {
        format!("第 {} 件 / 共 {total} 件", triage.at + 1)
    };
    format!("快速分拣 {place}  评估人 {}", triage.sitting.analysts.join("、"))
}

fn lines(report: &Report, room: usize) -> Vec<(String, Role)> {
    let mut out: Vec<(String, Role)> = Vec::new();
    let due = if report.due.is_empty() {
        String::new()
    } else {
        format!("  评估{}", report.due)
    };
    out.push((format!("[{}] {}{due}", report.urgency, report.code), Role::Title));
    for text in wrap(&report.content, room) {
        out.push((text, Role::Text));
    }
    // as many labels in a row as fit
    let mut row = String::new();
    for (label, value) in &report.fields {
        let piece = format!("{label}：{value}");
        if !row.is_empty() && width(&row) + width(&piece) + 3 > room {
            out.push((cut(&std::mem::take(&mut row), room), Role::Dim));
        }
        if !row.is_empty() {
            row.push_str("   ");
        }
        row.push_str(&piece);
    }
    out.push((cut(&row, room), Role::Dim));
    let post = report.fields.iter().any(|(label, _)| label == "岗位");
    let sections = [
        ("限制", &report.restrictions, "无"),
        (if post { "本岗位在办" } else { "本单位在办" }, &report.live, "无"),
        ("90 日内同一单位的其他信息", &report.similar, "无"),
    ];
    for (label, rows, none) in sections {
        if rows.is_empty() {
            out.push((format!("{label}：{none}"), Role::Label));
            continue;
        }
        out.push((format!("{label} {}", rows.len()), Role::Label));
        for row in rows {
            out.push((format!("  {}", cut(row, room - 2)), Role::Text));
        }
    }
    out
}

/// The verdicts, the choices of the one chosen, what is wrong, the keys; the caret where a sentence is typed.
fn verdicts(canvas: &mut Canvas, triage: &Triage, area: Rect) -> Option<Position> {
    let mut at = (area.x + 1, area.y);
    for (index, verdict) in VERDICTS.iter().enumerate() {
        let chosen = triage.chosen == Some(index);
        let text = if chosen {
            format!("[{} {}]", verdict.digit, verdict.label)
        } else {
            format!(" {} {} ", verdict.digit, verdict.label)
        };
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        if at.0.saturating_add(cells) >= area.right() {
            at = (area.x + 1, at.1 + 1);
        }
        let role = match (chosen, triage.refusal(verdict)) {
            (true, _) => Role::Selected,
            (_, Some(_)) => Role::Disabled,
            _ => Role::Text,
        };
        at.0 = canvas.put(area, at, &text, role) + 1;
    }
    let mut row = area.y + 2;
    let mut caret = None;
    let asks = triage.verdict().map(|verdict| verdict.asks);
    if matches!(asks, Some(Asks::Sentence)) || (asks == Some(Asks::Elsewhere) && triage.typing) {
        let label = match triage.verdict().map(|verdict| verdict.digit) {
            Some(8) => " 接收机关 ",
            Some(7) => " 转至单位 ",
            _ => " 理由 ",
        };
        let x = canvas.put(area, (area.x + 1, row), label, Role::Label);
        let place = Rect::new(x, row, area.right().saturating_sub(x + 1), 1);
        let style = canvas.style(if triage.typing { Role::FieldFocus } else { Role::Field });
        let selected = canvas.style(Role::Selection);
        let typed = field::draw(canvas.buf, place, &triage.editor, style, selected);
        caret = triage.typing.then_some(typed);
    } else if let Some(verdict) = triage.verdict() {
        let says = match verdict.asks {
            Asks::Merge => "并入哪一件：",
            Asks::Until => "暂放到：",
            Asks::Elsewhere => "转到哪里：",
            _ => "回车记下这一评估意见。",
        };
        canvas.put(area, (area.x + 2, row), says, Role::Label);
    }
    row += 1;
    for (index, choice) in triage.choices().iter().enumerate() {
        if row + 2 >= area.bottom() {
            break;
        }
        let picked = triage.picked == Some(index);
        let text = format!("{} {}", choice.digit, choice.label);
        let text = if picked {
            format!("[{text}]")
        } else {
            format!(" {text} ")
        };
        let text = cut(&text, usize::from(area.width) - 4);
        canvas.put(
            area,
            (area.x + 2, row),
            &text,
            if picked { Role::Selected } else { Role::Text },
        );
        row += 1;
    }
    if let Some(problem) = &triage.problem {
        let text = cut(problem, usize::from(area.width) - 2);
        canvas.put(area, (area.x + 1, area.bottom() - 2), &text, Role::Refused);
    }
    let keys = match (triage.typing, triage.chosen.is_some()) {
        (true, _) => "回车记下   Tab、Esc 不再输入",
        (false, true) if matches!(asks, Some(Asks::Sentence)) => "回车记下并看下一件   Tab 改写文字   退格 重选",
        (false, true) => "回车记下并看下一件   退格 重选",
        (false, false) => "数字选结论，回车记下   退格 退回上一件   Esc 暂停",
    };
    canvas.put(area, (area.x + 1, area.bottom() - 1), keys, Role::Dim);
    caret
}

/// What was done, what waits for a signature, what came of handing it in.
fn ending(canvas: &mut Canvas, triage: &Triage, inside: Rect) {
    let room = usize::from(inside.width) - 2;
    let mut lines: Vec<(String, Role)> = vec![("分拣完毕".into(), Role::Title)];
    for part in triage.summary().split('；') {
        lines.extend(wrap(part, room).into_iter().map(|text| (text, Role::Text)));
    }
    lines.push((String::new(), Role::Text));
    let sitting = &triage.sitting;
    if !sitting.parked.is_empty() {
        lines.push((
            format!("暂放 {} 件，到期后再次列出。", sitting.parked.len()),
            Role::Text,
        ));
    }
    if let Some(sent) = &triage.sent {
        for sentence in sent {
            lines.extend(wrap(sentence, room).into_iter().map(|text| (text, Role::Done)));
        }
    } else if triage.waits_for_signature() {
        lines.push((
            format!(
                "待送签：发布 {} 件，不予预警、不予受理、移送线索共 {} 件。",
                sitting.assessed.len(),
                sitting.held.len()
            ),
            Role::Text,
        ));
        lines.push((
            "送签后等级、期限和限制现在不变，领导签回后在“待回签”中一次回签。".into(),
            Role::Text,
        ));
    } else {
        lines.push(("没有要送签的事项。".into(), Role::Text));
    }
    for (row, (text, role)) in (0..inside.height - 2).zip(&lines) {
        canvas.put(inside, (inside.x + 1, inside.y + row), text, *role);
    }
    if let Some(problem) = &triage.problem {
        let text = cut(problem, room);
        canvas.put(inside, (inside.x + 1, inside.bottom() - 2), &text, Role::Refused);
    }
    let keys = if triage.sent.is_none() && triage.waits_for_signature() {
        "回车 全部送签   0 以后再送   退格 退回上一件"
    } else {
        "回车 返回"
    };
    canvas.put(inside, (inside.x + 1, inside.bottom() - 1), keys, Role::Dim);
}
