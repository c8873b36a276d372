//! Row ids of streams, remembered while an act or a rebuild runs.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::StreamId;
use crate::domain::fault::Fault;

/// How many ids are remembered before the memory is emptied: a rebuild meets every stream there is.
const KEPT: usize = 200_000;

/// From stream id to row id.
#[derive(Debug)]
pub struct Ids<'a> {
    conn: &'a Connection,
    known: RefCell<HashMap<StreamId, Option<i64>>>,
}

impl<'a> Ids<'a> {
    /// Ids as the table `stream` has them.
    pub fn new(conn: &'a Connection) -> Self {
        Self {
            conn,
            known: RefCell::default(),
        }
    }

    /// The row id of a stream; `None` for none and for an unknown one.
    pub fn of(&self, stream: Option<StreamId>) -> Result<Option<i64>, Fault> {
        let Some(stream) = stream else { return Ok(None) };
        if let Some(id) = self.known.borrow().get(&stream) {
            return Ok(*id);
        }
        let id = self
            .conn
            .prepare_cached("SELECT id FROM stream WHERE stream = ?1")?
            .query_row([stream.0], |row| row.get(0))
            .optional()?;
        self.remember(stream, id);
        Ok(id)
    }

    /// Makes a birth known before its row is written.
    pub fn born(&self, stream: StreamId, id: i64) {
        self.remember(stream, Some(id));
    }

    fn remember(&self, stream: StreamId, id: Option<i64>) {
        let mut known = self.known.borrow_mut();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(stream, id);
    }
}
