//! What the mouse does, where the office has switched it on: the wheel moves, a click selects. Nothing is ever done
//! to a matter by it.

use super::key::Key;
use super::layout::{Area, layout};
use super::model::{Layer, Model};
use super::msg::{Effect, Mouse};
use super::pane::{Focus, Pane, PaneId};
use super::update::ask;
use super::{on_key, on_pane};

/// Rows a notch of the wheel moves.
const NOTCH: usize = 3;

/// Takes in what the mouse did.
pub fn mouse(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    match mouse {
        Mouse::Wheel { down, at } => {
            let key = if down { Key::Down } else { Key::Up };
            match model.layers.last() {
                // the wheel would lead from field to field
                Some(Layer::Form(_)) => Vec::new(),
                Some(_) => repeat(model, NOTCH, |model| on_key::key(model, key)),
                None => {
                    focus(model, at);
                    repeat(model, NOTCH, |model| on_pane::moved(model, key))
                }
            }
        }
        Mouse::Click { at } if model.layers.is_empty() => click(model, at),
        Mouse::Click { .. } => Vec::new(),
    }
}

fn repeat(model: &mut Model, times: usize, step: impl Fn(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    (0..times).flat_map(|_| step(model)).collect()
}

fn click(model: &mut Model, at: (u16, u16)) -> Vec<Effect> {
    let Some((part, area)) = focus(model, at) else {
        return Vec::new();
    };
    let size = model.size;
    let pane = model.pane_mut();
    let Some(row) = row_of(pane, part, area, at.1) else {
        return Vec::new();
    };
    match part {
        Focus::Nav => {
            let height = pane.nav_height(size);
            let Some(nav) = &mut pane.nav else { return Vec::new() };
            let row = nav.top + row;
            if row >= nav.rows.len() {
                return Vec::new();
            }
            let by = row.cast_signed() - nav.cursor.cast_signed();
            if nav.step(by, height) {
                ask(pane.follow_nav())
            } else {
                Vec::new()
            }
        }
        Focus::List(list) => {
            let list = &pane.lists[list];
            let (row, cursor) = (list.top + row, list.cursor);
            if row >= list.rows.len() {
                return Vec::new();
            }
            let key = if row < cursor { Key::Up } else { Key::Down };
            repeat(model, row.abs_diff(cursor), |model| on_pane::moved(model, key))
        }
        Focus::Detail => Vec::new(),
    }
}

/// Gives the keys to the part at a place, and says which and where it is.
fn focus(model: &mut Model, (x, y): (u16, u16)) -> Option<(Focus, Area)> {
    let size = model.size;
    let pane = model.pane_mut();
    if pane.second_page {
        return None;
    }
    let parts = layout(pane.id, size);
    let lists = parts
        .lists
        .into_iter()
        .enumerate()
        .map(|(at, area)| (Focus::List(at), area));
    let nav = parts.nav.filter(|_| pane.nav.is_some()).map(|area| (Focus::Nav, area));
    let detail = parts.detail.map(|area| (Focus::Detail, area));
    let inside = |area: &Area| area.x <= x && x < area.x + area.w && area.y <= y && y < area.y + area.h;
    let (part, area) = nav
        .into_iter()
        .chain(lists)
        .chain(detail)
        .find(|(_, area)| inside(area))?;
    pane.set_focus(part);
    Some((part, area))
}

/// The row in sight at a line of the screen: as [`Pane::height`] counts them, below the frame and the titles.
fn row_of(pane: &Pane, part: Focus, area: Area, y: u16) -> Option<usize> {
    let line = usize::from(y.checked_sub(area.inside().y)?);
    if line >= usize::from(area.inside().h) {
        return None;
    }
    match (part, pane.id) {
        (Focus::Nav, _) => Some(line),
        (Focus::List(0..=4), PaneId::Admonitions) => Some(line / 2),
        (Focus::List(_), PaneId::Admonitions) => Some(line),
        (Focus::List(_), _) => line.checked_sub(1),
        (Focus::Detail, _) => None,
    }
}
