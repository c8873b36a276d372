//! The left part and the lists of a pane; only the rows in sight are drawn.

use ratatui::layout::Rect;

use super::glyph::glyphs;
use super::text::{self, Align, pad, width};
use super::view::Canvas;
use crate::app::list::List;
use crate::app::nav::Nav;
use crate::app::pane::{Focus, Pane, PaneId};
use crate::app::role::Role;
use crate::app::store::{Counts, ListRow, Tint};

/// The role a grade is drawn in.
pub fn tint(grade: Tint) -> Role {
    match grade {
        Tint::Red => Role::Red,
        Tint::Orange => Role::Orange,
        Tint::Yellow => Role::Yellow,
    }
}

/// The part under the cursor is drawn over the whole row; how, depends on who has the keys.
fn row_role(under_cursor: bool, focused: bool) -> Role {
    match (under_cursor, focused) {
        (true, true) => Role::Selected,
        (true, false) => Role::SelectedIdle,
        (false, _) => Role::Text,
    }
}

/// Bodies with their queues, or the tree.
pub fn nav(canvas: &mut Canvas, area: Rect, title: &str, nav: &Nav, focused: bool) {
    let inside = canvas.part(area, title, focused);
    for (row, (at, entry)) in (0..inside.height).zip(nav.rows.iter().enumerate().skip(nav.top)) {
        let role = row_role(at == nav.cursor, focused);
        canvas.line(inside, row, "", role);
        let y = inside.y + row;
        let g = glyphs();
        let mark = if at == nav.cursor { g.cursor } else { " " };
        let branch = if entry.branch {
            g.branch[usize::from(nav.open.contains(&entry.id))]
        } else {
            " "
        };
        let indent = " ".repeat(usize::from(entry.depth.min(6)));
        let fold = if nav.rows.iter().any(|row| row.branch) {
            branch
        } else {
            ""
        };
        let name = format!("{mark}{indent}{fold}{}", entry.label);
        let mut counts = counts(&entry.counts);
        let taken = |counts: &[(String, Role)]| counts.iter().map(|(text, _)| width(text) + 1).sum::<usize>();
        // the name comes first: the last counts give way to it
        while counts.len() > 1 && width(&name) + taken(&counts) > usize::from(inside.width) {
            counts.pop();
        }
        let counts_width = taken(&counts);
        let room = usize::from(inside.width).saturating_sub(counts_width);
        canvas.put(inside, (inside.x, y), &text::cut(&name, room), role);
        let mut x = inside.right().saturating_sub(u16::try_from(counts_width).unwrap_or(0));
        for (text, count_role) in counts {
            let role = if at == nav.cursor { role } else { count_role };
            x = canvas.put(inside, (x, y), &text, role) + 1;
        }
    }
}

/// `红3 橙12 黄41`, zeros left out; the overdue, the unassessed; or a plain count.
fn counts(counts: &Counts) -> Vec<(String, Role)> {
    let grades = [
        (Tint::Red, counts.grades[0]),
        (Tint::Orange, counts.grades[1]),
        (Tint::Yellow, counts.grades[2]),
    ];
    let mut out: Vec<(String, Role)> = grades
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(grade, n)| (format!("{}{n}", grade.label()), Role::Text))
        .collect();
    if counts.overdue > 0 {
        out.push((format!("逾{}", counts.overdue), Role::Late));
    }
    if counts.unassessed > 0 {
        out.push((format!("待{}", counts.unassessed), Role::Dim));
    }
    if let Some(n) = counts.plain {
        out.push((n.to_string(), Role::Dim));
    }
    out
}

/// One list of a pane.
pub fn list(canvas: &mut Canvas, area: Rect, pane: &Pane, at: usize) {
    let list = &pane.lists[at];
    let focused = pane.focus == Focus::List(at) && !pane.second_page;
    let inside = canvas.part(area, &title(pane, at), focused);
    if inside.is_empty() {
        return;
    }
    if list.rows.is_empty() {
        let sentence = match (list.filled, list.query.filters.is_empty()) {
            _ if list.stopped => "已停止读取。按回车重新读取，或在左侧另选。",
            (false, _) => "正在读取……",
            (true, true) => pane.id.empty_hint(),
            (true, false) => "（没有符合条件的记录）",
        };
        for (row, line) in (0..inside.height).zip(text::wrap(sentence, usize::from(inside.width).saturating_sub(2))) {
            canvas.put(inside, (inside.x + 1, inside.y + row), &line, Role::Dim);
        }
        return;
    }
    // a list that does not drive the detail shows no cursor: there would be several
    let shows_cursor = pane.list == at;
    match (pane.id, at) {
        (PaneId::Admonitions, 0..=4) => stacked(canvas, inside, list, shows_cursor, focused),
        (PaneId::Admonitions, _) => table(canvas, inside, list, pane.id, false, shows_cursor, focused),
        _ => table(canvas, inside, list, pane.id, true, shows_cursor, focused),
    }
}

fn title(pane: &Pane, at: usize) -> String {
    let list = &pane.lists[at];
    let mut title = pane.id.lists()[at].0.to_owned();
    if let Some((name, _)) = pane.only.as_ref().filter(|_| at == 0) {
        title = format!("{title} {} {name}", glyphs().path);
    } else if let Some(row) = pane
        .nav
        .as_ref()
        .and_then(Nav::current)
        .filter(|_| !list.query.filters.is_empty())
    {
        title = format!("{title} {} {}", glyphs().path, row.label);
    }
    if let Some(total) = list.total {
        title.push_str(&format!(" {total}"));
    }
    if !list.headline.is_empty() {
        title = format!("{title} {} {}", glyphs().joint, list.headline);
    }
    let (marked, elsewhere) = list.marked();
    match (marked, elsewhere) {
        (0, _) => {}
        (n, 0) => title.push_str(&format!("（已选 {n}）")),
        (n, m) => title.push_str(&format!("（已选 {n}，{m} 条不在当前筛选中）")),
    }
    title
}

/// One column of a table: title, cells, alignment, what it shows.
struct Column<'a> {
    title: &'a str,
    width: usize,
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    Grade,
    Code,
    Cell(usize),
    Stage,
    Due,
    Waiting,
}

fn columns<'a>(list: &'a List, pane: PaneId, room: usize) -> Vec<Column<'a>> {
    let codes = list
        .rows
        .iter()
        .skip(list.top)
        .take(60)
        .map(|row| width(&row.code))
        .max()
        .unwrap_or(0);
    let standing = list.standing;
    let restrictions = pane == PaneId::Admonitions;
    let mut columns = Vec::new();
    if !restrictions && standing.grade {
        columns.push(Column {
            title: "等级",
            width: 4,
            of: Of::Grade,
        });
    }
    columns.push(Column {
        title: "编号",
        width: codes.clamp(8, 18),
        of: Of::Code,
    });
    let narrow_points = pane == PaneId::Points && room < 64;
    let mut tail = Vec::new();
    if !restrictions && standing.stage && (room >= 70 || narrow_points) {
        tail.push(Column {
            title: "环节",
            width: 8,
            of: Of::Stage,
        });
    }
    if restrictions {
        tail.push(Column {
            title: "期限",
            width: 10,
            of: Of::Due,
        });
    } else if !narrow_points {
        if standing.due {
            tail.push(Column {
                title: "期限",
                width: 9,
                of: Of::Due,
            });
        }
        if standing.waiting {
            tail.push(Column {
                title: "轮到",
                width: 4,
                of: Of::Waiting,
            });
        }
    }
    let taken: usize = columns.iter().chain(&tail).map(|c| c.width + 1).sum::<usize>() + 2;
    let rest = room.saturating_sub(taken);
    if list.columns.len() > 2 {
        columns.extend(cells_by_need(list, rest));
        columns.extend(tail);
        return columns;
    }
    let shown = if rest >= 34 { list.columns.len().clamp(1, 2) } else { 1 };
    for at in 0..shown {
        // the last one takes what is left
        let width = if at + 1 == shown {
            rest - (rest / shown) * at
        } else {
            rest / shown
        };
        let title = list.columns.get(at).map_or("", String::as_str);
        columns.push(Column {
            title,
            width: width.saturating_sub(1),
            of: Of::Cell(at),
        });
    }
    columns.extend(tail);
    columns
}

/// Of many cells as many as there is room for, each as wide as what stands in it; the last one takes what is left.
fn cells_by_need(list: &List, room: usize) -> Vec<Column<'_>> {
    const WIDEST: usize = 28;
    let mut columns: Vec<Column> = Vec::new();
    let mut left = room;
    for (at, title) in list.columns.iter().enumerate() {
        let in_sight = list.rows.iter().skip(list.top).take(60);
        let need = in_sight
            .filter_map(|row| row.cells.get(at))
            .map(|cell| width(cell))
            .max();
        let need = need.unwrap_or(0).max(width(title)).min(WIDEST);
        if left < need.min(10) + 1 {
            break;
        }
        let width = need.min(left - 1);
        left -= width + 1;
        columns.push(Column {
            title,
            width,
            of: Of::Cell(at),
        });
    }
    if let Some(last) = columns.last_mut() {
        last.width += left;
    }
    columns
}

fn table(canvas: &mut Canvas, area: Rect, list: &List, pane: PaneId, titled: bool, cursor: bool, focused: bool) {
    let columns = columns(list, pane, usize::from(area.width));
    let mut area = area;
    if titled {
        let titles: Vec<String> = columns.iter().map(|c| pad(c.title, c.width, Align::Left)).collect();
        canvas.line(area, 0, &format!("  {}", titles.join(" ")), Role::Dim);
        area.y += 1;
        area.height -= 1;
    }
    for (row, (at, entry)) in (0..area.height).zip(list.rows.iter().enumerate().skip(list.top)) {
        let role = row_role(cursor && at == list.cursor, focused);
        if entry.is_heading() {
            let text = entry.cells.first().map(String::as_str).unwrap_or_default();
            canvas.line(area, row, &format!(" {text}"), Role::Title);
            continue;
        }
        lead(canvas, area, row, list, at, role, cursor);
        let mut x = area.x + 2;
        for column in &columns {
            let (value, own) = cell(entry, column.of);
            let value = pad(value.as_str(), column.width, Align::Left);
            let shown = if role == Role::Text || matches!(column.of, Of::Grade) {
                own.unwrap_or(role)
            } else {
                role
            };
            let after = if let (Of::Grade, Some(_)) = (column.of, entry.grade) {
                canvas.put(area, (x, area.y + row), value.trim_end(), shown);
                x + 4
            } else {
                canvas.put(area, (x, area.y + row), &value, shown)
            };
            x = after + 1;
        }
    }
}

/// The two first cells of a row: the cursor, the mark.
fn lead(canvas: &mut Canvas, area: Rect, row: u16, list: &List, at: usize, role: Role, cursor: bool) {
    canvas.line(area, row, "", role);
    let g = glyphs();
    let pointer = if cursor && at == list.cursor { g.cursor } else { " " };
    let end = canvas.put(area, (area.x, area.y + row), pointer, role);
    if list.marks.contains_key(&list.rows[at].stream) {
        let role = if role == Role::Text { Role::Marked } else { role };
        canvas.put(area, (end, area.y + row), g.marked, role);
    }
}

fn cell(row: &ListRow, of: Of) -> (String, Option<Role>) {
    match of {
        Of::Grade => row
            .grade
            .map_or((String::new(), None), |g| (format!("[{}]", g.label()), Some(tint(g)))),
        Of::Code => (row.code.clone(), None),
        Of::Cell(at) => (row.cells.get(at).cloned().unwrap_or_default(), None),
        Of::Stage => (row.stage.clone(), None),
        Of::Due => (row.due.clone(), row.overdue.then_some(Role::Late)),
        Of::Waiting => (row.waiting_for.clone(), None),
    }
}

/// Two lines a row, for lists that stand side by side: number and stage, then who and until when.
fn stacked(canvas: &mut Canvas, area: Rect, list: &List, cursor: bool, focused: bool) {
    for (row, (at, entry)) in (0..area.height / 2).zip(list.rows.iter().enumerate().skip(list.top)) {
        let role = row_role(cursor && at == list.cursor, focused);
        lead(canvas, area, row * 2, list, at, role, cursor);
        canvas.line(area, row * 2 + 1, "", role);
        let y = area.y + row * 2;
        let stage_at = area
            .right()
            .saturating_sub(u16::try_from(width(&entry.stage)).unwrap_or(0));
        let room = usize::from(stage_at.saturating_sub(area.x + 3));
        canvas.put(area, (area.x + 2, y), &text::cut(&entry.code, room), role);
        canvas.put(area, (stage_at, y), &entry.stage, role);
        let due_at = area
            .right()
            .saturating_sub(u16::try_from(width(&entry.due)).unwrap_or(0));
        let room = usize::from(due_at.saturating_sub(area.x + 3));
        let who = entry.cells.first().map(String::as_str).unwrap_or_default();
        canvas.put(area, (area.x + 2, y + 1), &text::cut(who, room), role);
        let due_role = if entry.overdue && role == Role::Text {
            Role::Late
        } else {
            role
        };
        canvas.put(area, (due_at, y + 1), &entry.due, due_role);
    }
}
