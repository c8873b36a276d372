//! A list of any length: a window of rows around the cursor, fetched by key; the cursor follows the record.

use std::collections::HashMap;

use super::key::Key;
use super::msg::{Request, Ticket};
use super::store::{At, Columns, ListQuery, ListRow, Page};

/// Rows asked for at once: several screens, so that a burst of keys seldom waits.
const PAGE: usize = 200;

/// Rows kept; the far end is dropped beyond that.
const KEPT: usize = 800;

/// Rows from the edge of the window at which more are fetched ahead.
const AHEAD: usize = 60;

/// Neighbours remembered when a list is read again.
const NEAR: usize = 40;

/// A list and its cursor.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What it shows.
    pub query: ListQuery,
    /// Titles of the rows' cells.
    pub columns: Vec<String>,
    /// The columns beside them.
    pub standing: Columns,
    /// The window of rows.
    pub rows: Vec<ListRow>,
    /// The row under the cursor, in `rows`.
    pub cursor: usize,
    /// The first row in sight, in `rows`.
    pub top: usize,
    /// What the title says besides.
    pub headline: String,
    /// How many there are in all.
    pub total: Option<u64>,
    /// Marked matters, with the filters they were marked under.
    pub marks: HashMap<String, Vec<(String, String)>>,
    /// Whether it was ever filled.
    pub filled: bool,
    /// Whether reading it was broken off.
    pub stopped: bool,
    /// The page under way is of another list than the rows here.
    other: bool,
    more: (bool, bool),
    turn: u64,
    /// A page is under way; a second is not asked.
    under_way: bool,
    /// The page under way replaces the window: what is in sight is no longer what the keys mean.
    jumping: bool,
    /// Where the cursor goes when the page under way is there.
    then: Option<Then>,
}

/// What a page on its way is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Then {
    /// The cursor moves this many rows further.
    Move(isize),
    /// The cursor goes to the last row.
    Last,
    /// The cursor goes to the first of these that is there.
    Find(Vec<String>),
}

impl List {
    /// The row under the cursor; none where it is a heading.
    pub fn current(&self) -> Option<&ListRow> {
        self.rows.get(self.cursor).filter(|row| !row.is_heading())
    }

    /// Leaves a heading for the next matter in this direction, else in the other.
    fn off_heading(&mut self, down: bool) {
        let matter = |at: &usize| !self.rows[*at].is_heading();
        if self.rows.get(self.cursor).is_none_or(|row| !row.is_heading()) {
            return;
        }
        let below = (self.cursor..self.rows.len()).find(matter);
        let above = (0..self.cursor).rev().find(matter);
        let to = if down { below.or(above) } else { above.or(below) };
        self.cursor = to.unwrap_or(self.cursor);
    }

    /// Shows something else, from its first row.
    pub fn show(&mut self, query: ListQuery, place: (usize, usize)) -> Option<Request> {
        self.other = true;
        self.query = query;
        self.fetch(place, At::Start, None)
    }

    /// Fetches again what is in sight; the cursor stays on its matter.
    pub fn reload(&mut self, place: (usize, usize)) -> Option<Request> {
        let Some(row) = self.current() else {
            return self.fetch(place, At::Start, None);
        };
        let at = At::Around {
            stream: row.stream.clone(),
            key: Some(row.key.clone()),
        };
        // when the matter has left the list, the cursor goes to the one that followed it, else to the one before
        let after = self.rows[self.cursor..].iter().take(NEAR);
        let before = self.rows[..self.cursor].iter().rev().take(NEAR);
        let near = after.chain(before).map(|row| row.stream.clone()).collect();
        self.fetch(place, at, Some(Then::Find(near)))
    }

    /// Puts the cursor on a matter of this list.
    pub fn go_to(&mut self, query: ListQuery, stream: String, place: (usize, usize)) -> Option<Request> {
        self.other = true;
        self.query = query;
        let near = vec![stream.clone()];
        self.fetch(place, At::Around { stream, key: None }, Some(Then::Find(near)))
    }

    /// Moves the cursor; `height` is the number of rows in sight. `None` when the key is not for a list, else what
    /// has to be asked, if anything.
    pub fn key(&mut self, key: Key, height: usize, place: (usize, usize)) -> Option<Option<Request>> {
        let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
        Some(match key {
            Key::Up => self.step(-1, height, place),
            Key::Down => self.step(1, height, place),
            Key::PgUp => self.step(-page, height, place),
            Key::PgDn => self.step(page, height, place),
            Key::Home if self.more.0 => self.fetch(place, At::Start, None),
            Key::Home => self.step(isize::MIN / 2, height, place),
            Key::End if self.more.1 => self.fetch(place, At::End, Some(Then::Last)),
            Key::End => self.step(isize::MAX / 2, height, place),
            _ => return None,
        })
    }

    fn step(&mut self, by: isize, height: usize, place: (usize, usize)) -> Option<Request> {
        let last = self.rows.len().checked_sub(1)?;
        let target = isize::try_from(self.cursor).unwrap_or(0).saturating_add(by);
        self.cursor = usize::try_from(target.max(0)).unwrap_or(0).min(last);
        let reached = self.cursor;
        self.off_heading(by > 0);
        if self.cursor == 1 && self.rows[0].is_heading() {
            // the heading above the first matter comes into sight with it
            self.top = 0;
        }
        self.keep_in_sight(height);
        let short = target - isize::try_from(reached).unwrap_or(0);
        if short < 0 && self.more.0 || short > 0 && self.more.1 {
            self.then = Some(Then::Move(short));
            return self.extend(short > 0, place);
        }
        if by < 0 && self.more.0 && self.cursor < AHEAD {
            return self.extend(false, place);
        }
        if by > 0 && self.more.1 && self.cursor + AHEAD > last {
            return self.extend(true, place);
        }
        None
    }

    fn extend(&mut self, after: bool, place: (usize, usize)) -> Option<Request> {
        let edge = if after { self.rows.last() } else { self.rows.first() };
        let key = edge.map(|row| row.key.clone())?;
        if self.under_way {
            // the page is on its way already; only the waiting is new
            return None;
        }
        self.under_way = true;
        let at = if after { At::After(key) } else { At::Before(key) };
        Some(Request::Page {
            ticket: self.ticket(place),
            query: self.query.clone(),
            at,
            limit: PAGE,
        })
    }

    fn fetch(&mut self, place: (usize, usize), at: At, then: Option<Then>) -> Option<Request> {
        self.turn += 1;
        self.under_way = true;
        self.jumping = true;
        self.stopped = false;
        self.then = then;
        Some(Request::Page {
            ticket: self.ticket(place),
            query: self.query.clone(),
            at,
            limit: PAGE,
        })
    }

    /// The ticket of a question asked for this list now.
    pub fn ticket(&self, (pane, list): (usize, usize)) -> Ticket {
        Ticket {
            pane,
            list,
            turn: self.turn,
        }
    }

    /// Whether keys have to wait for a page under way.
    pub fn is_waiting(&self) -> bool {
        self.under_way && (self.jumping || self.then.is_some())
    }

    /// Takes a page in and says what has to be asked further; an answer no longer asked for changes nothing.
    pub fn take(&mut self, ticket: Ticket, at: &At, page: Page, height: usize) -> Option<Request> {
        if ticket.turn != self.turn {
            return None;
        }
        self.under_way = false;
        self.jumping = false;
        self.other = false;
        self.filled = true;
        self.columns = page.columns;
        self.standing = page.standing;
        self.headline = page.headline;
        self.total = page.total;
        match at {
            At::After(_) => {
                self.more.1 = page.more_after;
                self.rows.extend(page.rows);
                let excess = self.rows.len().saturating_sub(KEPT).min(self.top);
                self.rows.drain(..excess);
                self.cursor -= excess.min(self.cursor);
                self.top -= excess;
                self.more.0 |= excess > 0;
            }
            At::Before(_) => {
                self.more.0 = page.more_before;
                let added = page.rows.len();
                self.rows.splice(0..0, page.rows);
                self.cursor += added;
                self.top += added;
                if self.rows.len() > KEPT && self.top + height < KEPT {
                    self.rows.truncate(KEPT);
                    self.more.1 = true;
                }
            }
            At::Start | At::End | At::Around { .. } => {
                self.more = (page.more_before, page.more_after);
                let offset = self.cursor - self.top.min(self.cursor);
                self.rows = page.rows;
                self.cursor = 0;
                self.top = 0;
                if let Some(Then::Find(near)) = &self.then {
                    let place = |stream: &String| self.rows.iter().position(|row| row.stream == *stream);
                    self.cursor = near.iter().find_map(place).unwrap_or(0);
                    self.top = self.cursor.saturating_sub(offset);
                }
            }
        }
        match self.then.take() {
            Some(Then::Last) => self.cursor = self.rows.len().saturating_sub(1),
            // the rest of the move; it may need one more page, or the one of the other direction
            Some(Then::Move(by)) => return self.step(by, height, (ticket.pane, ticket.list)),
            Some(Then::Find(_)) | None => {}
        }
        self.off_heading(true);
        self.keep_in_sight(height);
        None
    }

    /// Breaks off what the keys wait for; the rows stay where they are of this list.
    pub fn stop(&mut self, place: (usize, usize)) -> Option<Request> {
        if !self.is_waiting() {
            return None;
        }
        self.turn += 1;
        (self.under_way, self.jumping, self.then) = (false, false, None);
        if std::mem::take(&mut self.other) {
            self.rows.clear();
            (self.cursor, self.top, self.total, self.more) = (0, 0, None, (false, false));
        }
        self.filled = true;
        self.stopped = true;
        Some(Request::Drop(self.ticket(place)))
    }

    /// A page could not be had; the list stays as it is.
    pub fn refused(&mut self, ticket: Ticket) {
        if ticket.turn == self.turn {
            self.filled = true;
            self.under_way = false;
            self.jumping = false;
            self.then = None;
        }
    }

    /// Scrolls so that the cursor is among `height` rows in sight.
    pub fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.cursor).max((self.cursor + 1).saturating_sub(height));
        self.top = self.top.min(self.rows.len().saturating_sub(height));
        self.top = self.top.min(self.cursor);
    }

    /// Marks the row under the cursor, or takes its mark away.
    pub fn toggle_mark(&mut self) {
        let Some(stream) = self.current().map(|row| row.stream.clone()) else {
            return;
        };
        if self.marks.remove(&stream).is_none() {
            self.marks.insert(stream, self.query.filters.clone());
        }
    }

    /// Marks these matters as matching the present filters.
    pub fn mark_all(&mut self, streams: Vec<String>) {
        for stream in streams {
            self.marks.insert(stream, self.query.filters.clone());
        }
    }

    /// How many are marked, and how many of them under other filters than the present ones.
    pub fn marked(&self) -> (usize, usize) {
        let elsewhere = self
            .marks
            .values()
            .filter(|filters| **filters != self.query.filters)
            .count();
        (self.marks.len(), elsewhere)
    }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
