//! A form: what it concerns, its fields, how it was decided, what will follow.
//!
//! It is drawn whole beside the screen and the rows in sight are copied, so that any form fits any window.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::dialog_list::matched;
use super::field;
use super::glyph::glyphs;
use super::text::{Align, cut, pad, width, wrap};
use super::view::{Canvas, rect};
use crate::app::form::{Entry, Form, Input, Stop};
use crate::app::layout::{self, LABEL};
use crate::app::role::Role;
use crate::app::store::{Choice, FieldKind};

/// Rows a field of many lines has at least and at most.
const LONG: (usize, usize) = (3, 8);

/// No form is taller than this, whatever is typed into it.
const TALLEST: u16 = 300;

struct Sheet<'a, 'b> {
    canvas: Canvas<'a>,
    form: &'b Form,
    width: u16,
    row: u16,
    /// The rows of the part that has the keys.
    focus: (u16, u16),
    cursor: Option<Position>,
}

/// Draws a form and returns where the caret is.
pub fn draw(canvas: &mut Canvas, form: &Form, size: (u16, u16)) -> Option<Position> {
    let inner = layout::dialog(size, 10).inside().w;
    let mut page = Buffer::empty(Rect::new(0, 0, inner, TALLEST));
    let mut sheet = Sheet {
        canvas: Canvas {
            buf: &mut page,
            theme: canvas.theme,
        },
        form,
        width: inner,
        row: 0,
        focus: (0, 0),
        cursor: None,
    };
    sheet.head();
    for stop in form.stops() {
        sheet.stop(stop);
    }
    sheet.foot();
    let (total, focus, cursor) = (sheet.row, sheet.focus, sheet.cursor);
    // two lines at the bottom of the dialog stay: what is wrong, and the keys
    let area = rect(layout::dialog(size, total + 2));
    let inside = canvas.dialog(area, &form.spec.title);
    let room = inside.height.saturating_sub(2);
    let top = (focus.1 + 1).saturating_sub(room).min(focus.0);
    for row in 0..room.min(total.saturating_sub(top)) {
        for x in 0..inner.min(inside.width) {
            canvas.buf[(inside.x + x, inside.y + row)] = page[(x, top + row)].clone();
        }
    }
    let typed = status(
        canvas,
        form,
        Rect::new(inside.x, inside.bottom().saturating_sub(2), inside.width, 2),
    );
    typed.or(cursor
        .filter(|at| at.y >= top && at.y < top + room)
        .map(|at| Position::new(inside.x + at.x, inside.y + at.y - top)))
}

/// The last two lines; the caret when a number is asked for.
fn status(canvas: &mut Canvas, form: &Form, area: Rect) -> Option<Position> {
    if area.height < 2 {
        return None;
    }
    if let Some(count) = &form.count {
        let question = format!(" 共办 {} 件。请输入件数确认：", form.spec.doable.len());
        let x = canvas.put(area, (area.x, area.y), &question, Role::Title);
        let (style, selected) = (canvas.style(Role::FieldFocus), canvas.style(Role::Selection));
        let place = Rect::new(x, area.y, 8.min(area.right().saturating_sub(x)), 1);
        let at = field::draw(canvas.buf, place, count, style, selected);
        canvas.line(area, 1, form.problem.as_deref().unwrap_or(" Esc 返回修改"), Role::Dim);
        return Some(at);
    }
    if let Some(problem) = &form.problem {
        canvas.line(area, 0, &format!(" {problem}"), Role::Refused);
    }
    let keys = if form.spec.decisions.is_empty() {
        " 回车下一项   数字选择   F5 保存   Esc 返回"
    } else {
        " 回车下一项   数字选择   F5 按所选方式办理   Esc 返回"
    };
    canvas.line(area, 1, keys, Role::Dim);
    None
}

impl Sheet<'_, '_> {
    fn area(&self) -> Rect {
        self.canvas.buf.area
    }

    fn text(&mut self, text: &str, role: Role) {
        for line in wrap(text, usize::from(self.width) - 2) {
            if self.row + 1 < TALLEST {
                let area = self.area();
                self.canvas.put(area, (1, self.row), &line, role);
                self.row += 1;
            }
        }
    }

    fn head(&mut self) {
        let spec = &self.form.spec;
        if !spec.capacity.is_empty() {
            self.text(&format!("以 {} 名义办理", spec.capacity), Role::Dim);
        }
        for line in spec.about.iter().take(6) {
            self.text(line, Role::Text);
        }
        if !spec.not_doable.is_empty() {
            let head = format!("可办 {} · 不可办 {}", spec.doable.len(), spec.not_doable.len());
            self.text(&head, Role::Title);
            for (code, reason) in spec.not_doable.iter().take(3) {
                self.text(&format!("  {code}：{reason}"), Role::Disabled);
            }
        }
        self.row += 1;
    }

    fn foot(&mut self) {
        if self.form.spec.follows.is_empty() {
            return;
        }
        self.row += 1;
        self.text("办理后：", Role::Label);
        for line in &self.form.spec.follows {
            self.text(&format!("- {line}"), Role::Text);
        }
    }

    fn stop(&mut self, stop: Stop) {
        if self.row + 12 >= TALLEST {
            return;
        }
        let focused = self.form.stop() == stop;
        let first = self.row;
        match stop {
            Stop::Field(at) => self.field(&self.form.entries[at], focused),
            Stop::Decide => {
                let choices: Vec<Choice> = self.form.spec.decisions.iter().map(|d| d.choice.clone()).collect();
                self.label("怎样决定", true, focused);
                self.choices(&choices, Some(self.form.decision), focused);
            }
            Stop::Save => {
                let role = if focused { Role::Selected } else { Role::Text };
                let mark = if focused { glyphs().cursor } else { " " };
                let area = self.area();
                self.canvas.put(area, (0, self.row), &format!("{mark}回车保存"), role);
                self.row += 1;
            }
            Stop::More => self.more(focused),
        }
        if focused {
            self.focus = (first, self.row.saturating_sub(1));
        }
    }

    /// One line that stands for what is folded away.
    fn more(&mut self, focused: bool) {
        let folded = self.form.entries.iter().filter(|entry| entry.more);
        let names: Vec<&str> = folded.map(|entry| entry.spec.label.as_str()).collect();
        let mark = if focused { glyphs().cursor } else { " " };
        let fold = glyphs().branch[0];
        let text = format!("{mark}{fold}更多：{}（回车展开）", names.join("、"));
        let text = cut(&text, usize::from(self.width) - 1);
        let area = self.area();
        let role = if focused { Role::Selected } else { Role::Dim };
        self.canvas.put(area, (0, self.row), &text, role);
        self.row += 1;
    }

    fn label(&mut self, label: &str, required: bool, focused: bool) {
        let mark = if focused { glyphs().cursor } else { " " };
        let star = if required { "*" } else { "" };
        let area = self.area();
        let text = pad(&format!("{mark}{label}{star}"), usize::from(LABEL) - 1, Align::Left);
        self.canvas.put(
            area,
            (0, self.row),
            &text,
            if focused { Role::Title } else { Role::Label },
        );
    }

    fn field(&mut self, entry: &Entry, focused: bool) {
        self.label(&entry.spec.label, entry.spec.required, focused);
        match (&entry.input, &entry.spec.kind) {
            (Input::Choice(chosen), FieldKind::Choice(choices)) => self.choices(choices, *chosen, focused),
            (Input::Pick(picked, editor), _) => {
                if !picked.is_empty() {
                    let names: Vec<&str> = picked.iter().map(|c| c.label.as_str()).collect();
                    let area = self.area();
                    let names = cut(&names.join("、"), usize::from(self.width - LABEL) - 1);
                    self.canvas.put(area, (LABEL, self.row), &names, Role::Text);
                    self.row += 1;
                }
                if picked.is_empty() || focused {
                    self.editor(editor, 1, focused, &entry.spec.hint);
                }
                if focused {
                    self.offers();
                }
            }
            (Input::Text(editor), kind) => {
                let rows = editor.rows(usize::from(self.width - LABEL) - 1).len();
                let rows = if *kind == FieldKind::Long {
                    rows.clamp(LONG.0, LONG.1)
                } else {
                    1
                };
                self.editor(editor, u16::try_from(rows).unwrap_or(1), focused, &entry.spec.hint);
            }
            (Input::Choice(_), _) => self.row += 1,
        }
    }

    fn editor(&mut self, editor: &crate::app::edit::Editor, rows: u16, focused: bool, hint: &str) {
        let place = Rect::new(LABEL, self.row, self.width.saturating_sub(LABEL + 1), rows);
        let style = self.canvas.style(if focused { Role::FieldFocus } else { Role::Field });
        let selected = self.canvas.style(Role::Selection);
        let at = field::draw(self.canvas.buf, place, editor, style, selected);
        if focused {
            self.cursor = Some(at);
        }
        if editor.is_empty() && !hint.is_empty() {
            let area = self.area();
            let role = if focused { Role::FieldFocus } else { Role::Dim };
            let hint = cut(&format!(" {hint}"), usize::from(place.width));
            self.canvas.put(area, (LABEL, self.row), &hint, role);
        }
        self.row += rows;
    }

    /// `1 红  2 橙 ‹3 黄›`: the chosen one in brackets, so that it is seen without colour.
    fn choices(&mut self, choices: &[Choice], chosen: Option<usize>, focused: bool) {
        let area = self.area();
        let mut x = LABEL;
        for (at, choice) in choices.iter().enumerate() {
            let is_chosen = chosen == Some(at);
            let text = format!("{} {}", choice.digit, choice.label);
            let text = if is_chosen {
                format!("[{text}]")
            } else {
                format!(" {text} ")
            };
            let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
            if x > LABEL && x.saturating_add(cells) >= self.width {
                self.row += 1;
                x = LABEL;
            }
            let role = match (is_chosen, focused, &choice.reason) {
                (_, _, Some(_)) => Role::Disabled,
                (true, true, _) => Role::Selected,
                (true, false, _) => Role::Title,
                _ => Role::Text,
            };
            x = self.canvas.put(area, (x, self.row), &text, role) + 1;
        }
        if focused {
            self.cursor = Some(Position::new(LABEL, self.row));
        }
        self.row += 1;
        if focused {
            for choice in choices.iter().filter(|c| c.reason.is_some()).take(2) {
                let reason = choice.reason.clone().unwrap_or_default();
                let text = format!("{}：{reason}", choice.label);
                let text = cut(&text, usize::from(self.width - LABEL) - 1);
                self.canvas.put(area, (LABEL + 1, self.row), &text, Role::Disabled);
                self.row += 1;
            }
        }
    }

    fn offers(&mut self) {
        let Some(offers) = &self.form.offers else { return };
        let area = self.area();
        for (at, item) in offers.items.iter().enumerate() {
            let role = if at == offers.cursor {
                Role::Selected
            } else {
                Role::Text
            };
            let mark = if at == offers.cursor { glyphs().cursor } else { " " };
            let text = format!("{mark}{} {}  {}", at + 1, item.label, item.note);
            let text = pad(&text, usize::from(self.width - LABEL) - 1, Align::Left);
            matched(&mut self.canvas, area, (LABEL, self.row), &text, &offers.typed, role);
            self.row += 1;
        }
    }
}
