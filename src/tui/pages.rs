//! A page of the manual on a screen of its own.

use super::text::wrap;
use super::view::{Canvas, rect};
use crate::app::layout;
use crate::app::manual::{self, Kind, Manual};
use crate::app::role::Role;

/// Draws the page from the paragraph at its top.
pub fn draw(canvas: &mut Canvas, shown: Manual, size: (u16, u16)) {
    let title = format!(
        "手册 {}/{} {}",
        shown.page + 1,
        manual::pages(),
        manual::title(shown.page)
    );
    let inside = canvas.dialog(rect(layout::dialog(size, size.1)), &title);
    let room = usize::from(inside.width).saturating_sub(3);
    let height = inside.height.saturating_sub(1);
    let mut row = 0;
    for (at, line) in manual::lines(shown.page).into_iter().enumerate().skip(shown.top) {
        let (lead, role) = match line.kind {
            Kind::Heading => ("", Role::Title),
            Kind::Item => ("- ", Role::Text),
            Kind::Text => ("", Role::Text),
        };
        // a little air before what begins anew
        if line.kind != Kind::Item && at > shown.top {
            row += 1;
        }
        for (first, text) in wrap(&line.text, room.saturating_sub(2)).into_iter().enumerate() {
            if row >= height {
                break;
            }
            let lead = if first == 0 {
                lead.to_owned()
            } else {
                " ".repeat(lead.len())
            };
            canvas.put(inside, (inside.x + 1, inside.y + row), &format!("{lead}{text}"), role);
            row += 1;
        }
    }
    let foot = " 上下翻看   左右换页   Esc 返回";
    canvas.line(inside, inside.height.saturating_sub(1), foot, Role::Dim);
}
