//! Names of rows, remembered: lists hold ids, so that a rename costs one row.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::fault::Fault;
use crate::domain::{BodyRef, StreamId};
use crate::ledger::project::body_key::{self, Keyed};

/// How many names are remembered.
const KEPT: usize = 20_000;

/// What a row is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its identity.
    pub stream: StreamId,
    /// Its register.
    pub kind: String,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
}

impl Name {
    /// What people call it: its title, else its code.
    pub fn called(&self) -> &str {
        if self.title.is_empty() { &self.code } else { &self.title }
    }
}

/// Names by row id.
#[derive(Debug, Default)]
pub struct Names {
    known: RefCell<HashMap<i64, Option<Arc<Name>>>>,
}

impl Names {
    /// Forgets all of them.
    pub fn forget(&self) {
        self.known.borrow_mut().clear();
    }

    /// The name of a row; `None` for an unknown one.
    pub fn of(&self, conn: &Connection, id: i64) -> Result<Option<Arc<Name>>, Fault> {
        if let Some(name) = self.known.borrow().get(&id) {
            return Ok(name.clone());
        }
        let name = conn
            .prepare_cached("SELECT stream, kind, code, title FROM stream WHERE id = ?1")?
            .query_row([id], |row| {
                Ok(Arc::new(Name {
                    stream: StreamId(row.get(0)?),
                    kind: row.get(1)?,
                    code: row.get(2)?,
                    title: row.get(3)?,
                }))
            })
            .optional()?;
        let mut known = self.known.borrow_mut();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(id, name.clone());
        Ok(name)
    }

    /// A body by its key: what JSON calls it (`implementation:DW-…`), its Chinese name, and the body itself.
    pub fn body(&self, conn: &Connection, key: i64) -> Result<Option<(String, String, BodyRef)>, Fault> {
        let (unit, make): (i64, fn(StreamId) -> BodyRef) = match body_key::split(key) {
            None => return Ok(None),
            Some(Keyed::Fixed(body)) => return Ok(Some((body.to_string(), body.label(""), body))),
            Some(Keyed::Implementation(unit)) => (unit, BodyRef::Implementation),
            Some(Keyed::Social(unit)) => (unit, BodyRef::Social),
        };
        let Some(unit) = self.of(conn, unit)? else {
            return Ok(None);
        };
        let body = make(unit.stream);
        let word = if matches!(body, BodyRef::Social(_)) {
            "social"
        } else {
            "implementation"
        };
        Ok(Some((format!("{word}:{}", unit.code), body.label(&unit.title), body)))
    }
}
