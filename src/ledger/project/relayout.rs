//! Other registers adopted: only the rows of registers that changed are made anew, in the adoption's own transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::apply::state_of;
use super::counter::Counters;
use super::ids::Ids;
use super::layout::Layout;
use super::rows::{self, Rows};
use super::search::Search;
use super::write;
use crate::domain::fault::Fault;

/// Brings the tables from one layout to another that shows the same flow.
pub fn relayout(conn: &Connection, old: &Layout, new: &Layout) -> Result<(), Fault> {
    let registers: BTreeSet<&String> = old.tables.keys().chain(new.tables.keys()).collect();
    for register in registers {
        let shape = |layout: &Layout| layout.table(register).map(|table| table.shape());
        if shape(old) != shape(new) {
            one(conn, register, old, new)?;
        }
    }
    new.note(conn)
}

fn one(conn: &Connection, register: &str, old: &Layout, new: &Layout) -> Result<(), Fault> {
    if let Some(table) = old.table(register) {
        conn.execute_batch(&format!("DROP TABLE IF EXISTS \"{}\"", table.name))?;
    }
    let table = new.table(register);
    if let Some(table) = table {
        conn.execute_batch(&table.ddl())?;
        conn.execute_batch(&table.indexes())?;
    }
    conn.execute("DELETE FROM counter WHERE kind = ?1", [register])?;
    let streams: Vec<i64> = conn
        .prepare("SELECT id FROM stream WHERE kind = ?1 AND gone = 0 ORDER BY id")?
        .query_map([register], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let ids = Ids::new(conn);
    let (mut counters, mut search) = (Counters::default(), Search::default());
    search.expect(streams.len());
    for id in streams {
        let state = state_of(conn, id)?;
        let before = Rows {
            list: None,
            ..rows::rows(&state, old, &ids)?
        };
        let after = rows::rows(&state, new, &ids)?;
        write::difference(conn, id, register, table.map(AsRef::as_ref), &before, &after)?;
        counters.difference(register, &[], &after.counts);
        let grams = rows::grams(&state, new);
        if rows::grams(&state, old) != grams {
            if search.now() {
                search.put(id, grams);
            } else {
                search.later(id);
            }
        }
        let title = rows::title(&state, table.map(|table| table.sheet.as_ref()));
        conn.prepare_cached("UPDATE stream SET title = ?2 WHERE id = ?1 AND title <> ?2")?
            .execute(params![id, title])?;
    }
    counters.flush(conn)?;
    search.flush(conn)
}
