//! Border and mark glyphs, chosen once: box drawing, or ASCII where the console draws ambiguous glyphs wide.

use crate::app::cells::ambiguous_wide;

/// One set of border and mark glyphs, each exactly one cell wide.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Horizontal and vertical lines.
    pub horizontal: &'static str,
    /// See [`Glyphs::horizontal`].
    pub vertical: &'static str,
    /// Corners: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// A step that is done, the one that is on, one that is to come.
    pub steps: [&'static str; 3],
    /// The line between two steps.
    pub joint: &'static str,
    /// A folded and an unfolded branch of the tree.
    pub branch: [&'static str; 2],
    /// Between the parts of a path.
    pub path: &'static str,
    /// The mark of the row under the cursor (written, so that it is seen without colour).
    pub cursor: &'static str,
    /// The mark of a marked row.
    pub marked: &'static str,
    /// Thumb and track of a scroll bar.
    pub scroll: [&'static str; 2],
}

/// Box drawing, for consoles that give an ambiguous glyph one cell.
pub const BOXES: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    steps: ["✓", "●", "○"],
    joint: "─",
    branch: ["▸", "▾"],
    path: "▸",
    cursor: ">",
    marked: "*",
    scroll: ["█", "│"],
};

/// ASCII only, for consoles that give them two.
pub const ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+", "+", "+", "+"],
    steps: ["v", "#", "o"],
    joint: "-",
    branch: ["+", "-"],
    path: ">",
    cursor: ">",
    marked: "*",
    scroll: ["#", "|"],
};

/// The glyphs of this console.
pub fn glyphs() -> &'static Glyphs {
    if ambiguous_wide() { &ASCII } else { &BOXES }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::cells::measure;

    fn all(set: &Glyphs) -> Vec<&'static str> {
        let mut all = vec![
            set.horizontal,
            set.vertical,
            set.joint,
            set.path,
            set.cursor,
            set.marked,
        ];
        all.extend(set.corners);
        all.extend(set.steps);
        all.extend(set.branch);
        all.extend(set.scroll);
        all
    }

    #[test]
    fn every_glyph_takes_one_cell_on_its_console() {
        assert!(all(&BOXES).iter().all(|g| measure(g, false) == 1));
        assert!(all(&ASCII).iter().all(|g| measure(g, true) == 1));
    }
}
