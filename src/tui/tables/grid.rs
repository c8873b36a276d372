//! The grid: a ruler of rows, the columns in sight, the cell being typed, what is wrong with it.

use ratatui::layout::{Position, Rect};

use super::{foot, top};
use crate::app::role::Role;
use crate::app::tables::Grid;
use crate::tui::field;
use crate::tui::glyph::glyphs;
use crate::tui::text::{Align, pad, width};
use crate::tui::view::Canvas;

/// A column is at least and at most so wide.
const WIDTH: (usize, usize) = (12, 26);
/// Cells of the row numbers.
const RULER: u16 = 6;

/// Draws it and returns where the caret is.
pub fn draw(canvas: &mut Canvas, grid: &Grid, area: Rect) -> Option<Position> {
    let title = format!("表格录入 {} {} {} 行", glyphs().path, grid.spec.label, grid.filled());
    let inside = canvas.part(area, &title, true);
    let keys = match (&grid.running, &grid.block, inside.width >= 100) {
        (Some(_), ..) => "Esc 取消（不会留下存到一半的）",
        (_, Some(_), _) => "回车 粘入   方向键 移到别处   Esc 不要",
        (.., true) => {
            "打字即改写   Tab 右一格   回车 下一行   F2 改字   Delete 清空   Ctrl-K 删行   可整块粘贴   F5 保存   Esc 返回"
        }
        _ => "打字改写  Tab 右  回车 下  F2 改字  Ctrl-K 删行  可整块粘贴  F5 保存  Esc",
    };
    let below = foot(canvas, inside, said(grid).as_ref().map(|(t, r)| (t.as_str(), *r)), keys);
    let hint = Rect::new(inside.x, inside.bottom().saturating_sub(below + 1), inside.width, 1);
    canvas.line(hint, 0, &format!(" {}", hint_of(grid)), Role::Dim);
    let table = Rect::new(
        inside.x,
        inside.y,
        inside.width,
        inside.height.saturating_sub(below + 1),
    );
    let caret = cells(canvas, grid, table);
    offers(canvas, grid, table, caret);
    caret.filter(|_| grid.editor.is_some())
}

fn said(grid: &Grid) -> Option<(String, Role)> {
    if let Some((what, done)) = &grid.running {
        return Some((format!("{what}，已到 {done} 行……"), Role::Title));
    }
    if let Some(problem) = &grid.problem {
        return Some((problem.clone(), Role::Refused));
    }
    if let Some(block) = &grid.block {
        let (rows, columns) = block.size();
        let left = grid.spec.columns.len().saturating_sub(block.at.1);
        let label = grid.here().map(|column| column.label.as_str()).unwrap_or_default();
        let beyond = if columns > left {
            format!("；右边 {} 列放不下，不粘", columns - left)
        } else {
            String::new()
        };
        let sentence = format!(
            "粘贴 {rows} 行 {columns} 列，从第 {} 行“{label}”起（标 + 的格）{beyond}",
            block.at.0 + 1
        );
        return Some((sentence, Role::Title));
    }
    let reason = grid.marks.get(&(grid.row, grid.column))?;
    Some((format!("第 {} 行 {reason}", grid.row + 1), Role::Refused))
}

/// How the cell under the cursor is filled in.
fn hint_of(grid: &Grid) -> String {
    let Some(column) = grid.here() else {
        return String::new();
    };
    let needed = if column.required { "（必填）" } else { "" };
    if column.choices.is_empty() {
        return format!("{}{needed}：{}", column.label, column.hint);
    }
    let numbered = (1..).zip(&column.choices).map(|(digit, choice): (usize, &String)| {
        if digit <= 9 {
            format!("{digit} {choice}")
        } else {
            choice.clone()
        }
    });
    let choices: Vec<String> = numbered.collect();
    format!("{}{needed}：{}", column.label, choices.join("  "))
}

/// The width of each column, by what stands in it.
fn widths(grid: &Grid) -> Vec<usize> {
    let of = |(at, column): (usize, &crate::app::store::GridColumn)| {
        let cells = grid.rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell));
        let block = grid.block.iter().flat_map(|block| {
            let column = at.checked_sub(block.at.1);
            block
                .cells
                .iter()
                .filter_map(move |row| row.get(column?))
                .map(|cell| width(cell))
        });
        // one cell for the mark before a pasted or wrong value
        let widest = cells.chain(block).max().unwrap_or(0).max(width(&column.label) + 1) + 1;
        widest.clamp(WIDTH.0, WIDTH.1)
    };
    grid.spec.columns.iter().enumerate().map(of).collect()
}

fn cells(canvas: &mut Canvas, grid: &Grid, area: Rect) -> Option<Position> {
    let widths = widths(grid);
    let room = usize::from(area.width.saturating_sub(RULER));
    // as many columns to the left as fit before the one under the cursor
    let mut first = grid.column;
    let mut used = widths.get(grid.column).map_or(0, |w| w + 1);
    while first > 0 && used + widths[first - 1] < room {
        first -= 1;
        used += widths[first] + 1;
    }
    canvas.line(area, 0, "", Role::Label);
    let mut x = area.x + RULER;
    let mut shown: Vec<(usize, u16, usize)> = Vec::new();
    for (at, column) in grid.spec.columns.iter().enumerate().skip(first) {
        let left = usize::from(area.right().saturating_sub(x));
        if left < WIDTH.0 {
            break;
        }
        let wide = widths[at].min(left.saturating_sub(1));
        let label = format!("{}{}", column.label, if column.required { "*" } else { "" });
        canvas.put(area, (x, area.y), &pad(&label, wide, Align::Left), Role::Label);
        shown.push((at, x, wide));
        x += u16::try_from(wide + 1).unwrap_or(0);
    }
    if first > 0 {
        canvas.put(area, (area.x, area.y), "<", Role::Dim);
    }
    if shown.last().is_some_and(|(at, ..)| at + 1 < grid.spec.columns.len()) {
        canvas.put(area, (area.right() - 1, area.y), ">", Role::Dim);
    }
    let height = area.height.saturating_sub(1);
    let last = grid.block.as_ref().map_or(grid.row, |block| {
        block.at.0 + block.size().0.min(usize::from(height)) - 1
    });
    let skip = top(last.max(grid.row), height);
    let total = grid.rows.len().max(last + 1);
    let mut caret = None;
    for (row, at) in (1..=height).zip(skip..total) {
        let marked = grid.marks.keys().any(|(marked, _)| *marked == at);
        let ruler = format!("{}{:>4} ", if marked { "!" } else { " " }, at + 1);
        canvas.put(
            area,
            (area.x, area.y + row),
            &ruler,
            if marked { Role::Refused } else { Role::Dim },
        );
        for (column, x, wide) in &shown {
            let y = area.y + row;
            let here = (at, *column) == (grid.row, grid.column);
            if let (true, Some(editor)) = (here, &grid.editor) {
                let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
                let place = Rect::new(*x, y, u16::try_from(*wide).unwrap_or(0), 1);
                caret = Some(field::draw(canvas.buf, place, editor, style, selected));
                continue;
            }
            let pasted = grid.block.as_ref().and_then(|block| block.cell(at, *column));
            let own = grid
                .rows
                .get(at)
                .and_then(|row| row.get(*column))
                .map_or("", String::as_str);
            let wrong = grid.marks.contains_key(&(at, *column));
            let text = match pasted {
                Some(text) => format!("+{}", text.trim()),
                None if wrong => format!("!{own}"),
                None if here => format!("{}{own}", glyphs().cursor),
                None => own.to_owned(),
            };
            let role = match (pasted.is_some(), here, wrong) {
                (true, ..) => Role::Marked,
                (_, true, _) => Role::Selected,
                (.., true) => Role::Refused,
                _ => Role::Text,
            };
            canvas.put(area, (*x, y), &pad(&text, *wide, Align::Left), role);
            if here {
                caret = Some(Position::new(*x, y));
            }
        }
    }
    caret
}

/// What matches in the cell, under it (or over it, near the foot).
fn offers(canvas: &mut Canvas, grid: &Grid, area: Rect, caret: Option<Position>) {
    let (Some(at), false) = (caret, grid.offers.is_empty()) else {
        return;
    };
    let count = u16::try_from(grid.offers.len()).unwrap_or(9);
    let lines: Vec<String> = (1..)
        .zip(&grid.offers)
        .map(|(digit, offer): (usize, _)| format!("{digit} {}  {}", offer.label, offer.note).trim_end().to_owned())
        .collect();
    let wide = lines
        .iter()
        .map(|line| width(line) + 2)
        .max()
        .unwrap_or(0)
        .clamp(16, 60);
    let wide = u16::try_from(wide).unwrap_or(60).min(area.width);
    let x = at.x.saturating_sub(1).min(area.right().saturating_sub(wide));
    let y = if at.y + 1 + count <= area.bottom() {
        at.y + 1
    } else {
        at.y.saturating_sub(count).max(area.y)
    };
    let place = Rect::new(x, y, wide, count.min(area.bottom().saturating_sub(y)));
    let style = canvas.style(Role::Text);
    crate::tui::clear::clear(canvas.buf, place, style);
    for (row, (nth, line)) in (0..place.height).zip(lines.iter().enumerate()) {
        let chosen = nth == grid.offer;
        let mark = if chosen { glyphs().cursor } else { " " };
        let role = if chosen { Role::Selected } else { Role::SelectedIdle };
        canvas.line(place, row, &format!("{mark}{line}"), role);
    }
}
