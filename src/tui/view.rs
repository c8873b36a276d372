//! Draws the model; knows nothing else and changes nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::clear::{clear, frame};
use super::theme::Theme;
use super::{bar, card, dialog_form, dialog_list, pages, parts, roll, tables, text, triage, unit_view};
use crate::app::layout::{self, Area, SMALLEST, layout};
use crate::app::model::{Layer, Model};
use crate::app::pane::Focus;
use crate::app::role::Role;

/// A place to draw on, with the looks.
pub struct Canvas<'a> {
    /// The cells.
    pub buf: &'a mut Buffer,
    /// The looks.
    pub theme: &'a Theme,
}

impl Canvas<'_> {
    /// The look of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.of(role)
    }

    /// Puts text at a place and returns the column after it.
    pub fn put(&mut self, area: Rect, at: (u16, u16), text: &str, role: Role) -> u16 {
        let style = self.style(role);
        text::put(self.buf, area, at, text, style)
    }

    /// Fills row `row` of an area with a text, cut or padded.
    pub fn line(&mut self, area: Rect, row: u16, text: &str, role: Role) {
        let style = self.style(role);
        text::line(self.buf, area, row, text, style);
    }

    /// The frame of a part and the place inside it.
    pub fn part(&mut self, area: Rect, title: &str, focused: bool) -> Rect {
        let border = self.style(if focused { Role::BorderFocus } else { Role::Border });
        let title_style = self.style(if focused { Role::BorderFocus } else { Role::Title });
        frame(self.buf, area, title, border, title_style)
    }

    /// Clears a place for a dialog, frames it, and returns the place inside.
    pub fn dialog(&mut self, area: Rect, title: &str) -> Rect {
        let style = self.style(Role::Text);
        clear(self.buf, area, style);
        self.part(area, title, true)
    }
}

/// A rectangle of ours as ratatui's.
pub fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.w, area.h)
}

/// Draws into a buffer and returns where the real cursor stands: at the caret, whenever text can be typed.
pub fn render(model: &Model, theme: &Theme, buf: &mut Buffer) -> Option<Position> {
    let size = (buf.area.width, buf.area.height);
    let area = buf.area;
    let mut canvas = Canvas { buf, theme };
    if size.0 < SMALLEST.0 || size.1 < SMALLEST.1 {
        let sentence = format!("窗口太小：至少 {} 列 {} 行", SMALLEST.0, SMALLEST.1);
        canvas.line(area, 0, &sentence, Role::Text);
        return None;
    }
    if let Some(sentence) = &model.broken {
        canvas.line(area, 0, "廉能台", Role::Bar);
        for (row, line) in (2u16..).zip(text::wrap(sentence, usize::from(size.0) - 4)) {
            canvas.put(area, (2, row), &line, Role::Refused);
        }
        canvas.line(area, size.1 - 1, " F10 离开", Role::Text);
        return None;
    }
    bar::title(&mut canvas, model);
    pane(&mut canvas, model, size);
    bar::foot(&mut canvas, model);
    let mut cursor = None;
    for layer in &model.layers {
        cursor = match layer {
            Layer::Form(form) => dialog_form::draw(&mut canvas, form, size),
            Layer::Find(find) => Some(dialog_list::find(&mut canvas, find, size)),
            Layer::Menu(menu) | Layer::Help(menu) => Some(dialog_list::menu(&mut canvas, menu, size)),
            Layer::Roll(shown) => roll::draw(&mut canvas, shown, size),
            Layer::Unit(shown) => unit_view::draw(&mut canvas, shown, size),
            Layer::Tables(screen) => tables::draw(&mut canvas, screen, size),
            Layer::Manual(manual) => {
                pages::draw(&mut canvas, *manual, size);
                None
            }
            Layer::Triage(shown) => triage::draw(&mut canvas, shown, size),
            Layer::Card(shown) => {
                let place = rect(layout::dialog(size, size.1));
                let style = canvas.style(Role::Text);
                clear(canvas.buf, place, style);
                card::draw(&mut canvas, place, shown, true);
                None
            }
        };
    }
    cursor
}

fn pane(canvas: &mut Canvas, model: &Model, size: (u16, u16)) {
    let pane = model.pane();
    if pane.second_page {
        card::draw(canvas, rect(layout::body(size)), &pane.card, true);
        return;
    }
    let layout = layout(pane.id, size);
    if let (Some(area), Some(nav)) = (layout.nav, &pane.nav) {
        parts::nav(canvas, rect(area), pane.id.nav_label(), nav, pane.focus == Focus::Nav);
    }
    for (at, area) in layout.lists.iter().enumerate() {
        parts::list(canvas, rect(*area), pane, at);
    }
    if let Some(area) = layout.detail {
        card::draw(canvas, rect(area), &pane.card, pane.focus == Focus::Detail);
    }
}
