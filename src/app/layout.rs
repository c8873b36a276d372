//! Where the parts of a pane stand, for a window size; keys (page height) and drawing both go by it.

use super::pane::PaneId;

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub w: u16,
    /// Rows.
    pub h: u16,
}

impl Area {
    /// A rectangle.
    pub fn new(x: u16, y: u16, w: u16, h: u16) -> Area {
        Area { x, y, w, h }
    }

    /// The part inside a frame.
    pub fn inside(self) -> Area {
        Area::new(
            self.x + 1,
            self.y + 1,
            self.w.saturating_sub(2),
            self.h.saturating_sub(2),
        )
    }
}

/// The smallest window with room for anything.
pub const SMALLEST: (u16, u16) = (60, 16);

/// From this width on, the detail stands beside or under the list; below, it is a second page.
const WIDE: u16 = 100;

/// The parts of a pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The left part.
    pub nav: Option<Area>,
    /// The lists.
    pub lists: Vec<Area>,
    /// The detail, when it is in sight together with the lists.
    pub detail: Option<Area>,
}

/// Whether the detail is in sight together with the list.
pub fn is_wide(size: (u16, u16)) -> bool {
    size.0 >= WIDE
}

/// Everything between the title bar and the two lines at the foot.
pub fn body(size: (u16, u16)) -> Area {
    Area::new(0, 1, size.0, size.1.saturating_sub(3))
}

/// The parts of a pane's first page.
pub fn layout(pane: PaneId, size: (u16, u16)) -> Layout {
    let body = body(size);
    match (pane, is_wide(size)) {
        (PaneId::Today, wide) => {
            let list = if wide { body.w * 3 / 5 } else { body.w };
            Layout {
                nav: None,
                lists: vec![Area::new(0, body.y, list, body.h)],
                detail: wide.then(|| Area::new(list, body.y, body.w - list, body.h)),
            }
        }
        (PaneId::Points | PaneId::People, true) => {
            let nav = 28;
            let list = (body.w - nav) * 55 / 100;
            Layout {
                nav: Some(Area::new(0, body.y, nav, body.h)),
                lists: vec![Area::new(nav, body.y, list, body.h)],
                detail: Some(Area::new(nav + list, body.y, body.w - nav - list, body.h)),
            }
        }
        (PaneId::Warnings | PaneId::Registers | PaneId::Figures, true) => {
            let nav = 28;
            let list = body.h * 45 / 100;
            Layout {
                nav: Some(Area::new(0, body.y, nav, body.h)),
                lists: vec![Area::new(nav, body.y, body.w - nav, list)],
                detail: Some(Area::new(nav, body.y + list, body.w - nav, body.h - list)),
            }
        }
        (_, false) if pane != PaneId::Admonitions => {
            let nav = 24.min(body.w / 3);
            Layout {
                nav: Some(Area::new(0, body.y, nav, body.h)),
                lists: vec![Area::new(nav, body.y, body.w - nav, body.h)],
                detail: None,
            }
        }
        (_, wide) => {
            // 三诫勉 side by side, under them 问责处理 and 申诉, and who is restricted at the foot
            let top = body.h * 35 / 100;
            let middle = (body.h / 4).max(4).min(body.h - top);
            let mut lists = row_of(3, Area::new(0, body.y, body.w, top));
            lists.extend(row_of(2, Area::new(0, body.y + top, body.w, middle)));
            let foot = Area::new(
                0,
                body.y + top + middle,
                if wide { body.w * 2 / 5 } else { body.w },
                body.h - top - middle,
            );
            lists.push(foot);
            let detail = wide.then(|| Area::new(foot.w, foot.y, body.w - foot.w, foot.h));
            Layout {
                nav: None,
                lists,
                detail,
            }
        }
    }
}

/// A row cut into parts of one width; the last one takes what is left.
fn row_of(parts: u16, row: Area) -> Vec<Area> {
    let w = row.w / parts;
    let mut cut: Vec<Area> = (0..parts).map(|i| Area::new(row.x + i * w, row.y, w, row.h)).collect();
    if let Some(last) = cut.last_mut() {
        last.w = row.w - (parts - 1) * w;
    }
    cut
}

/// The place of a dialog: up to 92 columns wide and as tall as it needs, in the middle. In a narrow window it takes
/// the whole width, as slivers of the pane at its sides would only disturb.
pub fn dialog(size: (u16, u16), rows: u16) -> Area {
    let w = if is_wide(size) { 92 } else { size.0 };
    let h = (rows + 2).min(size.1.saturating_sub(2));
    Area::new((size.0 - w) / 2, (size.1.saturating_sub(h)) / 2, w, h)
}

/// The place of what takes the whole window but its title and its last line.
pub fn whole(size: (u16, u16)) -> Area {
    Area::new(0, 1, size.0, size.1.saturating_sub(2))
}

/// The rows of 名单核查 in sight: all but its field, its heads, and the five lines at its foot.
pub fn roll_rows(size: (u16, u16)) -> usize {
    usize::from(whole(size).inside().h.saturating_sub(8))
}

/// The rows of 单位全景 in sight: all but the period, the heads and the foot.
pub fn unit_rows(size: (u16, u16)) -> usize {
    usize::from(whole(size).inside().h.saturating_sub(3))
}

/// The column a form's fields begin at, counted from the inside of its frame.
pub const LABEL: u16 = 14;

/// The cells a field of a form has in a row.
pub fn field_room(size: (u16, u16)) -> usize {
    usize::from(dialog(size, 10).inside().w.saturating_sub(LABEL + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_body_and_never_overlap() {
        for size in [(60, 16), (80, 24), (99, 30), (100, 24), (120, 40), (300, 90)] {
            for pane in PaneId::ALL {
                let parts = layout(pane, size);
                let all: Vec<Area> = parts.nav.into_iter().chain(parts.lists).chain(parts.detail).collect();
                let cells: u32 = all.iter().map(|a| u32::from(a.w) * u32::from(a.h)).sum();
                let body = body(size);
                assert_eq!(cells, u32::from(body.w) * u32::from(body.h), "{pane:?} {size:?}");
            }
        }
    }
}
