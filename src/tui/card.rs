//! One matter in full: its procedure, its lines, its history.

use ratatui::layout::Rect;

use super::glyph::glyphs;
use super::parts::tint;
use super::text::{width, wrap};
use super::view::Canvas;
use crate::app::detail::Card;
use crate::app::role::Role;
use crate::app::store::{Detail, Progress};

/// One line: pieces with their roles, and the step of the history it belongs to.
#[derive(Default)]
struct Line {
    pieces: Vec<(String, Role)>,
    step: Option<usize>,
}

/// Draws a matter in a frame of its own.
pub fn draw(canvas: &mut Canvas, area: Rect, card: &Card, focused: bool) {
    let Some(detail) = &card.detail else {
        canvas.part(area, "", focused);
        return;
    };
    let inside = canvas.part(area, &detail.code, focused);
    if inside.width < 8 || inside.height == 0 {
        return;
    }
    let lines = lines(detail, usize::from(inside.width) - 2);
    let height = usize::from(inside.height);
    let last = lines.len().saturating_sub(height);
    let mut top = usize::from(card.scroll).min(last);
    if focused && card.follow {
        let first = lines.iter().position(|line| line.step == Some(card.step)).unwrap_or(0);
        let end = lines.iter().rposition(|line| line.step == Some(card.step)).unwrap_or(0);
        top = top.max((end + 1).saturating_sub(height)).min(first);
    }
    for (row, line) in (0..inside.height).zip(lines.iter().skip(top)) {
        let under_cursor = focused && line.step.is_some() && line.step == Some(card.step);
        if under_cursor {
            let first = top + usize::from(row) == 0 || lines[top + usize::from(row) - 1].step != line.step;
            canvas.line(inside, row, if first { glyphs().cursor } else { " " }, Role::Selected);
        }
        let mut x = inside.x + 1;
        for (text, role) in &line.pieces {
            let role = if under_cursor { Role::Selected } else { *role };
            x = canvas.put(inside, (x, inside.y + row), text, role);
        }
    }
    if lines.len() > top + height {
        let more = format!(" 下面还有 {} 行 ", lines.len() - top - height);
        let x = area
            .right()
            .saturating_sub(u16::try_from(width(&more)).unwrap_or(0) + 2);
        canvas.put(area, (x, area.bottom() - 1), &more, Role::Dim);
    }
}

fn lines(detail: &Detail, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    procedure(detail, room, &mut lines);
    for (at, text) in wrap(&detail.title, room.saturating_sub(5)).into_iter().enumerate() {
        let lead = match detail.grade {
            Some(grade) if at == 0 => vec![(format!("[{}]", grade.label()), tint(grade)), (" ".into(), Role::Text)],
            Some(_) => vec![("     ".into(), Role::Text)],
            None => Vec::new(),
        };
        lines.push(Line {
            pieces: lead.into_iter().chain([(text, Role::Title)]).collect(),
            step: None,
        });
    }
    fields(detail, room, &mut lines);
    for (title, rows) in detail.sections.iter().filter(|(_, rows)| !rows.is_empty()) {
        lines.push(plain(title, Role::Label));
        for row in rows {
            for (at, text) in wrap(row, room.saturating_sub(4)).into_iter().enumerate() {
                let lead = if at == 0 { "  - " } else { "    " };
                lines.push(plain(&format!("{lead}{text}"), Role::Text));
            }
        }
    }
    history(detail, room, &mut lines);
    lines
}

fn plain(text: &str, role: Role) -> Line {
    Line {
        pieces: vec![(text.to_owned(), role)],
        step: None,
    }
}

/// `报送 ✓ ─ 评估 ✓ ─ 发布 ●`, broken between steps where it is too long.
fn procedure(detail: &Detail, room: usize, lines: &mut Vec<Line>) {
    let g = glyphs();
    let mut line = Line::default();
    let mut used = 0;
    for (at, (label, progress)) in detail.procedure.iter().enumerate() {
        let (mark, role) = match progress {
            Progress::Done => (g.steps[0], Role::Done),
            Progress::Now => (g.steps[1], Role::Title),
            Progress::Ahead => (g.steps[2], Role::Dim),
        };
        let joint = if at == 0 {
            String::new()
        } else {
            format!(" {} ", g.joint)
        };
        let text = format!("{label} {mark}");
        if used + width(&joint) + width(&text) > room && used > 0 {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        used += width(&joint) + width(&text);
        line.pieces.push((joint, Role::Dim));
        line.pieces.push((text, role));
    }
    if !line.pieces.is_empty() {
        lines.push(line);
    }
}

/// Short fields share a line; a long one is wrapped under its label.
fn fields(detail: &Detail, room: usize, lines: &mut Vec<Line>) {
    let mut line = Line::default();
    let mut used = 0;
    for (label, value) in detail.fields.iter().filter(|(_, value)| !value.is_empty()) {
        let label = format!("{label}：");
        let whole = width(&label) + width(value);
        let gap = if used > 0 { 3 } else { 0 };
        if used > 0 && used + gap + whole > room || value.contains('\n') {
            if !line.pieces.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            used = 0;
        }
        if whole > room || value.contains('\n') {
            let indent = width(&label);
            for (at, text) in wrap(value, room.saturating_sub(indent)).into_iter().enumerate() {
                let lead = if at == 0 { label.clone() } else { " ".repeat(indent) };
                lines.push(Line {
                    pieces: vec![(lead, Role::Label), (text, Role::Text)],
                    step: None,
                });
            }
            continue;
        }
        if used > 0 {
            line.pieces.push((" ".repeat(gap), Role::Text));
            used += gap;
        }
        used += whole;
        line.pieces.push((label, Role::Label));
        line.pieces.push((value.clone(), Role::Text));
    }
    if !line.pieces.is_empty() {
        lines.push(line);
    }
}

fn history(detail: &Detail, room: usize, lines: &mut Vec<Line>) {
    if detail.timeline.is_empty() {
        return;
    }
    lines.push(plain("历程", Role::Label));
    for (at, step) in detail.timeline.iter().enumerate() {
        let head = format!("{} {} {}", step.day, step.label, step.who);
        let head = head.trim_end();
        let text = if step.text.is_empty() {
            head.to_owned()
        } else {
            format!("{head}：{}", step.text)
        };
        let role = if step.pending { Role::Dim } else { Role::Text };
        let mark = glyphs().steps[if step.pending { 2 } else { 0 }];
        for (row, text) in wrap(&text, room.saturating_sub(4)).into_iter().enumerate() {
            let lead = if row == 0 {
                format!(" {mark} ")
            } else {
                "   ".to_owned()
            };
            lines.push(Line {
                pieces: vec![(lead, role), (text, role)],
                step: Some(at),
            });
        }
    }
}
