//! A text being typed: caret by grapheme, selection, words, undo; one line or many. Knows no terminal.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::cells::cells;
use super::key::{Key, Toward};

/// Steps of undo kept.
const UNDO_STEPS: usize = 200;

/// A text with a caret.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    text: String,
    /// Byte offset, always between two graphemes.
    caret: usize,
    /// The other end of the selection.
    anchor: Option<usize>,
    many_lines: bool,
    undo: Vec<(String, usize)>,
    redo: Vec<(String, usize)>,
    /// Whether the last change was plain typing, so that a run of it is one step of undo.
    typing: bool,
    /// The column vertical moves aim at.
    aim: Option<usize>,
}

impl Editor {
    /// An empty field of one line.
    pub fn one_line() -> Editor {
        Editor::default()
    }

    /// An empty field of many lines.
    pub fn many_lines() -> Editor {
        Editor {
            many_lines: true,
            ..Editor::default()
        }
    }

    /// The same field with a text in it, the caret at its end.
    pub fn with(mut self, text: &str) -> Editor {
        self.text = self.cleaned(text);
        self.caret = self.text.len();
        self
    }

    /// What has been typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing has been typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The caret as a byte offset into [`Editor::text`].
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// Whether it takes many lines.
    pub fn is_many_lines(&self) -> bool {
        self.many_lines
    }

    /// The selected bytes, if any.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        (anchor != self.caret).then(|| anchor.min(self.caret)..anchor.max(self.caret))
    }

    /// Replaces everything; one step of undo.
    pub fn set(&mut self, text: &str) {
        self.remember(false);
        self.text = self.cleaned(text);
        self.caret = self.text.len();
        self.anchor = None;
    }

    /// Types or pastes text over the selection. In a field of one line, line ends become spaces.
    pub fn insert(&mut self, text: &str) {
        let text = self.cleaned(text);
        let typing = self.anchor.is_none() && text.graphemes(true).count() == 1;
        self.remember(typing);
        self.drop_selection();
        self.text.insert_str(self.caret, &text);
        self.caret = self.boundary(self.caret + text.len());
    }

    /// Acts on a key; `room` is the width of a row in a field of many lines. `false` when the key is not for a field.
    pub fn key(&mut self, key: Key, room: usize) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        if !matches!(key, Key::Up | Key::Down | Key::Select(Toward::Up | Toward::Down)) {
            self.aim = None;
        }
        match key {
            Key::Enter if self.many_lines => self.insert("\n"),
            Key::Backspace => self.delete(|e| e.before(e.caret)),
            Key::Delete => self.delete(|e| e.after(e.caret)),
            Key::Ctrl('w') => self.delete(|e| e.word_before(e.caret)),
            Key::Ctrl('u') => self.delete(|_| 0),
            Key::Ctrl('z') => self.undo(),
            Key::Ctrl('y') => self.redo(),
            Key::Ctrl('a') => {
                self.anchor = Some(0);
                self.caret = self.text.len();
            }
            Key::Left => self.go(
                self.selection().map_or_else(|| self.before(self.caret), |s| s.start),
                false,
            ),
            Key::Right => self.go(
                self.selection().map_or_else(|| self.after(self.caret), |s| s.end),
                false,
            ),
            Key::WordLeft => self.go(self.word_before(self.caret), false),
            Key::WordRight => self.go(self.word_after(self.caret), false),
            Key::Home => self.go(self.row(room).start, false),
            Key::End => self.go(self.row_end(room), false),
            Key::Up | Key::Down if self.many_lines => return self.vertical(key == Key::Up, room, false),
            Key::Select(Toward::Left) => self.go(self.before(self.caret), true),
            Key::Select(Toward::Right) => self.go(self.after(self.caret), true),
            Key::Select(Toward::Home) => self.go(self.row(room).start, true),
            Key::Select(Toward::End) => self.go(self.row_end(room), true),
            Key::Select(toward) if self.many_lines => return self.vertical(toward == Toward::Up, room, true),
            _ => return false,
        }
        true
    }

    /// The rows of the text, as byte ranges, each at most `room` cells; broken at line ends and between glyphs.
    pub fn rows(&self, room: usize) -> Vec<Range<usize>> {
        if !self.many_lines {
            return std::iter::once(0..self.text.len()).collect();
        }
        let mut rows = Vec::new();
        let (mut start, mut used) = (0, 0);
        for (at, grapheme) in self.text.grapheme_indices(true) {
            if grapheme == "\n" {
                rows.push(start..at);
                (start, used) = (at + 1, 0);
                continue;
            }
            let wide = cells(grapheme);
            if used + wide > room.max(2) {
                rows.push(start..at);
                (start, used) = (at, 0);
            }
            used += wide;
        }
        rows.push(start..self.text.len());
        rows
    }

    /// Where the caret stands: row and display column, for rows of `room` cells.
    pub fn position(&self, room: usize) -> (usize, usize) {
        let rows = self.rows(room);
        let row = rows.iter().rposition(|r| r.start <= self.caret).unwrap_or(0);
        (row, columns(&self.text[rows[row].start..self.caret.min(rows[row].end)]))
    }

    fn row(&self, room: usize) -> Range<usize> {
        let (row, _) = self.position(room);
        self.rows(room).swap_remove(row)
    }

    /// The end of the caret's row; where a row is only wrapped, before its last glyph, or the caret would jump on.
    fn row_end(&self, room: usize) -> usize {
        let row = self.row(room);
        let wrapped = row.end < self.text.len() && !self.text[row.end..].starts_with('\n');
        if wrapped { self.before(row.end) } else { row.end }
    }

    fn vertical(&mut self, up: bool, room: usize, select: bool) -> bool {
        let (row, column) = self.position(room);
        let aim = *self.aim.get_or_insert(column);
        let rows = self.rows(room);
        let target = if up {
            row.checked_sub(1)
        } else {
            Some(row + 1).filter(|r| *r < rows.len())
        };
        let Some(target) = target else { return false };
        let range = rows[target].clone();
        let mut used = 0;
        let mut at = range.start;
        for grapheme in self.text[range.clone()].graphemes(true) {
            used += cells(grapheme);
            if used > aim {
                break;
            }
            at += grapheme.len();
        }
        self.go(at, select);
        true
    }

    fn go(&mut self, to: usize, select: bool) {
        self.typing = false;
        self.anchor = if select {
            Some(self.anchor.unwrap_or(self.caret))
        } else {
            None
        };
        // words are counted otherwise than glyphs: never into the middle of one
        let whole = self.boundary(to);
        self.caret = if whole > to && to < self.caret {
            self.before(whole)
        } else {
            whole
        };
    }

    fn delete(&mut self, reach: impl Fn(&Editor) -> usize) {
        if self.selection().is_none() {
            let end = reach(self);
            if end == self.caret {
                return;
            }
            self.anchor = Some(end);
        }
        self.remember(false);
        self.drop_selection();
    }

    fn drop_selection(&mut self) {
        if let Some(range) = self.selection() {
            self.caret = range.start;
            self.text.replace_range(range, "");
            self.caret = self.boundary(self.caret);
        }
        self.anchor = None;
    }

    fn remember(&mut self, typing: bool) {
        if !(typing && self.typing) {
            self.undo.push((self.text.clone(), self.caret));
            if self.undo.len() > UNDO_STEPS {
                self.undo.remove(0);
            }
        }
        self.redo.clear();
        self.typing = typing;
    }

    fn undo(&mut self) {
        if let Some((text, caret)) = self.undo.pop() {
            self.redo.push((std::mem::replace(&mut self.text, text), self.caret));
            self.caret = caret;
        }
        (self.anchor, self.typing) = (None, false);
    }

    fn redo(&mut self) {
        if let Some((text, caret)) = self.redo.pop() {
            self.undo.push((std::mem::replace(&mut self.text, text), self.caret));
            self.caret = caret;
        }
        (self.anchor, self.typing) = (None, false);
    }

    fn cleaned(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if self.many_lines {
            text
        } else {
            text.trim_end_matches('\n').replace(['\n', '\t'], " ")
        }
    }

    fn before(&self, at: usize) -> usize {
        self.text[..at].grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn after(&self, at: usize) -> usize {
        at + self.text[at..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self, at: usize) -> usize {
        self.text[..at]
            .split_word_bound_indices()
            .rfind(|(_, w)| !w.trim().is_empty())
            .map_or(0, |(i, _)| i)
    }

    fn word_after(&self, at: usize) -> usize {
        let found = self.text[at..]
            .split_word_bound_indices()
            .find(|(_, w)| !w.trim().is_empty());
        found.map_or(self.text.len(), |(i, w)| at + i + w.len())
    }

    /// The first grapheme boundary at or after `at`: typing a joiner may fuse what stood around it.
    fn boundary(&self, at: usize) -> usize {
        let ends = self.text.grapheme_indices(true).map(|(i, g)| i + g.len());
        std::iter::once(0)
            .chain(ends)
            .find(|end| *end >= at)
            .unwrap_or(self.text.len())
    }
}

fn columns(text: &str) -> usize {
    text.graphemes(true).map(cells).sum()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
