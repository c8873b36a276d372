//! A table of the log read in order of its numbers, page by page, telling rows that cannot be read from failures
//! of the disk.

use std::collections::VecDeque;

use rusqlite::{Connection, Row};

use crate::domain::fault::Fault;

const PAGE: i64 = 2_000;

/// A row, or why it is none.
pub type Read<T> = Result<T, String>;

/// The rows of one table. `columns` starts with the row's number, and `from` is sorted and cut by it.
pub struct Feed<T> {
    sql: String,
    read: fn(&Row) -> rusqlite::Result<T>,
    next: i64,
    upto: i64,
    page: VecDeque<(i64, Read<T>)>,
}

impl<T> Feed<T> {
    /// Rows numbered up to `upto`, so that what is appended meanwhile is not seen.
    pub fn new(columns: &str, from: &str, number: &str, read: fn(&Row) -> rusqlite::Result<T>, upto: i64) -> Self {
        let sql = format!(
            "SELECT {columns} FROM {from} WHERE {number} >= ?1 AND {number} <= ?2 ORDER BY {number} LIMIT {PAGE}"
        );
        Self {
            sql,
            read,
            next: i64::MIN,
            upto,
            page: VecDeque::new(),
        }
    }

    /// The number of the next row.
    pub fn peek(&mut self, conn: &Connection) -> Result<Option<i64>, Fault> {
        self.fill(conn)?;
        Ok(self.page.front().map(|(number, _)| *number))
    }

    /// The next row with its number.
    pub fn take(&mut self, conn: &Connection) -> Result<Option<(i64, Read<T>)>, Fault> {
        self.fill(conn)?;
        Ok(self.page.pop_front())
    }

    /// The next row, if it has this number.
    pub fn take_if(&mut self, conn: &Connection, number: i64) -> Result<Option<Read<T>>, Fault> {
        if self.peek(conn)? != Some(number) {
            return Ok(None);
        }
        Ok(self.page.pop_front().map(|(_, row)| row))
    }

    fn fill(&mut self, conn: &Connection) -> Result<(), Fault> {
        if !self.page.is_empty() || self.next > self.upto {
            return Ok(());
        }
        let mut statement = conn.prepare_cached(&self.sql)?;
        let mut rows = statement.query((self.next, self.upto))?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            self.page
                .push_back((number, (self.read)(row).map_err(|error| error.to_string())));
        }
        self.next = match self.page.back() {
            Some((last, _)) if *last < i64::MAX => last + 1,
            _ => i64::MAX,
        };
        if self.page.is_empty() {
            self.upto = i64::MIN;
        }
        Ok(())
    }
}
