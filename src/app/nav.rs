//! The left part of a pane: bodies with their queues, or a tree that unfolds.

use std::collections::HashSet;

use super::store::NavRow;

/// Rows and a cursor.
#[derive(Clone, Debug, Default)]
pub struct Nav {
    /// The rows in sight or above and below it.
    pub rows: Vec<NavRow>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row in sight.
    pub top: usize,
    /// The branches that are unfolded.
    pub open: HashSet<String>,
    /// The row the cursor goes to once the rows are there.
    pub wanted: Option<String>,
}

impl Nav {
    /// The row under the cursor.
    pub fn current(&self) -> Option<&NavRow> {
        self.rows.get(self.cursor)
    }

    /// Takes in the top rows again; cursor and unfolded branches stay where they can.
    pub fn take(&mut self, rows: Vec<NavRow>, height: usize) {
        let id = self.wanted.take().or_else(|| self.current().map(|row| row.id.clone()));
        let mut old = std::mem::replace(&mut self.rows, rows);
        // what was unfolded under a top row moves over; it is fetched anew only when unfolded again
        let mut at = 0;
        while at < self.rows.len() {
            if self.open.contains(&self.rows[at].id)
                && let Some(was) = old.iter().position(|row| row.id == self.rows[at].id)
            {
                let children = old.split_off(was + 1);
                let depth = self.rows[at].depth;
                let children: Vec<NavRow> = children.into_iter().take_while(|row| row.depth > depth).collect();
                let n = children.len();
                self.rows.splice(at + 1..at + 1, children);
                at += n;
            }
            at += 1;
        }
        let found = id.and_then(|id| self.rows.iter().position(|row| row.id == id));
        self.cursor = found.unwrap_or(self.cursor).min(self.rows.len().saturating_sub(1));
        self.keep_in_sight(height);
    }

    /// Takes in what unfolds under a row.
    pub fn unfold(&mut self, parent: &str, rows: Vec<NavRow>, height: usize) {
        let Some(at) = self.rows.iter().position(|row| row.id == parent) else {
            return;
        };
        self.fold(at);
        self.open.insert(parent.to_owned());
        if self.cursor > at {
            self.cursor += rows.len();
        }
        self.rows.splice(at + 1..at + 1, rows);
        self.keep_in_sight(height);
    }

    /// Folds the branch under the cursor, or goes to the branch it hangs on; `false` when there is neither.
    pub fn fold_current(&mut self, height: usize) -> bool {
        let Some(row) = self.current() else { return false };
        if self.open.contains(&row.id) {
            self.fold(self.cursor);
        } else {
            let depth = row.depth;
            let Some(parent) = self.rows[..self.cursor].iter().rposition(|r| r.depth < depth) else {
                return false;
            };
            self.cursor = parent;
        }
        self.keep_in_sight(height);
        true
    }

    fn fold(&mut self, at: usize) {
        let depth = self.rows[at].depth;
        let n = self.rows[at + 1..].iter().take_while(|row| row.depth > depth).count();
        for row in self.rows.drain(at + 1..=at + n) {
            self.open.remove(&row.id);
        }
        self.open.remove(&self.rows[at].id);
        if self.cursor > at {
            self.cursor = self.cursor.saturating_sub(n).max(at);
        }
    }

    /// Moves the cursor; `true` when it moved.
    pub fn step(&mut self, by: isize, height: usize) -> bool {
        let target = isize::try_from(self.cursor).unwrap_or(0).saturating_add(by).max(0);
        let target = usize::try_from(target)
            .unwrap_or(0)
            .min(self.rows.len().saturating_sub(1));
        let moved = target != self.cursor;
        self.cursor = target;
        self.keep_in_sight(height);
        moved
    }

    /// Puts the cursor on a row by its name; `true` when it is there.
    pub fn go_to(&mut self, id: &str, height: usize) -> bool {
        let Some(at) = self.rows.iter().position(|row| row.id == id) else {
            return false;
        };
        self.cursor = at;
        self.keep_in_sight(height);
        true
    }

    /// Scrolls so that the cursor is among `height` rows in sight.
    pub fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn row(id: &str, depth: u8) -> NavRow {
        NavRow {
            id: id.into(),
            depth,
            branch: true,
            ..NavRow::default()
        }
    }

    fn ids(nav: &Nav) -> String {
        nav.rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn branches_unfold_and_fold_with_all_below_them() {
        let mut nav = Nav::default();
        nav.take(vec![row("a", 0), row("b", 0)], 9);
        nav.unfold("a", vec![row("a1", 1), row("a2", 1)], 9);
        nav.unfold("a1", vec![row("a11", 2)], 9);
        assert_eq!(ids(&nav), "a a1 a11 a2 b");
        nav.step(2, 9);
        assert!(nav.fold_current(9));
        assert_eq!(nav.cursor, 1, "a leaf leads to its branch");
        nav.fold_current(9);
        nav.fold_current(9);
        nav.fold_current(9);
        assert_eq!(ids(&nav), "a b");
        assert!(!nav.fold_current(9));
    }

    #[test]
    fn fresh_counts_keep_cursor_and_branches() {
        let mut nav = Nav::default();
        nav.take(vec![row("a", 0), row("b", 0)], 9);
        nav.unfold("b", vec![row("b1", 1)], 9);
        nav.go_to("b1", 9);
        nav.take(vec![row("x", 0), row("a", 0), row("b", 0)], 9);
        assert_eq!(ids(&nav), "x a b b1");
        assert_eq!(nav.current().unwrap().id, "b1");
    }
}
