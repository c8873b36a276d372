//! The screens of tables; each takes everything under the title bar, its keys on its last line.

mod grid;
mod import;
mod picker;

use ratatui::layout::{Position, Rect};

use super::clear::clear;
use super::text::wrap;
use super::view::Canvas;
use crate::app::role::Role;
use crate::app::tables::Screen;

/// Draws a screen and returns where the caret is.
pub fn draw(canvas: &mut Canvas, screen: &Screen, size: (u16, u16)) -> Option<Position> {
    let area = Rect::new(0, 1, size.0, size.1.saturating_sub(1));
    let style = canvas.style(Role::Text);
    clear(canvas.buf, area, style);
    match screen {
        Screen::Picker(picker) => Some(picker::draw(canvas, picker, area)),
        Screen::Import(import) => import::draw(canvas, import, area, size),
        Screen::Grid(grid) => grid::draw(canvas, grid, area),
    }
}

/// The last lines of a screen: what is wrong or was said, wrapped to at most two lines, and the keys. Returns how many
/// rows they take.
fn foot(canvas: &mut Canvas, inside: Rect, said: Option<(&str, Role)>, keys: &str) -> u16 {
    let room = usize::from(inside.width).saturating_sub(2);
    let lines = said.map(|(text, _)| wrap(text, room)).unwrap_or_default();
    let taken = u16::try_from(lines.len().min(2)).unwrap_or(2);
    let role = said.map_or(Role::Text, |(_, role)| role);
    for (at, line) in (0..taken).zip(&lines) {
        // what does not fit two lines ends in a mark
        let rest = if at == 1 { lines[1..].concat() } else { line.clone() };
        canvas.line(inside, inside.height - 1 - taken + at, &format!(" {rest}"), role);
    }
    canvas.line(inside, inside.height - 1, &format!(" {keys}"), Role::Dim);
    taken + 1
}

/// The first row in sight, so that the one under the cursor is.
fn top(cursor: usize, height: u16) -> usize {
    (cursor + 1).saturating_sub(usize::from(height.max(1)))
}
