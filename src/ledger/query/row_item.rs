//! The item of a list row: the columns it carries, or as it was on an earlier day.

use std::sync::Arc;

use rusqlite::types::Value as Cell;

use super::Reader;
use super::item::{Item, Owed};
use crate::domain::fault::Fault;
use crate::domain::{DayKind, DueOwner, StreamId};
use crate::ledger::project::StreamRow;
use crate::ledger::project::fold;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::layout::{Source, Table};
use crate::ledger::project::rows;

impl Reader {
    /// The item of a list row.
    pub(super) fn row_item(&self, table: &Table, id: i64, whole: bool) -> Result<Item, Fault> {
        let row = self.stream_by_id(id)?;
        if whole {
            let state = self.state_then(&row)?;
            return self.whole(&row, &state.unwrap_or_else(|| Arc::new(fold::gone(None))));
        }
        let mut item = self.bare(&row);
        if self.on().is_some() {
            // Exactly as it was, whatever it was chosen by.
            let state = self.state_then(&row)?;
            let then = state.map(|state| rows::rows(&state, &self.texts().layout, &Ids::new(&self.conn)));
            if let Some(cells) = then.transpose()?.and_then(|rows| rows.list) {
                self.put_cells(&mut item, table, &cells)?;
            }
            return Ok(item);
        }
        let columns: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
        let sql = format!("SELECT {} FROM \"{}\" WHERE id = ?1", columns.join(", "), table.name);
        let cells: Vec<Cell> = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| (0..table.columns.len()).map(|i| row.get(i)).collect())?;
        self.put_cells(&mut item, table, &cells)?;
        Ok(item)
    }

    /// Puts the columns of a list row into an item.
    fn put_cells(&self, item: &mut Item, table: &Table, cells: &[Cell]) -> Result<(), Fault> {
        let mut step = None;
        let mut kind = DayKind::Working;
        let mut owner = None;
        let mut provisional = false;
        for (column, cell) in table.columns.iter().zip(cells) {
            let text = if let Cell::Text(t) = cell {
                Some(t.as_str())
            } else {
                None
            };
            match column.source {
                Source::Field(place) => self.put(item, &table.sheet.fields[place], cell)?,
                Source::DueStep => step = text.map(str::to_owned),
                Source::DueKind => kind = text.and_then(DayKind::find).unwrap_or(kind),
                Source::DueOwner => owner = text.and_then(DueOwner::find),
                Source::DueProvisional => provisional = *cell == Cell::Integer(1),
            }
        }
        item.owed = step.zip(owner).map(|(step, owner)| Owed {
            step,
            kind,
            owner,
            provisional,
        });
        self.reckon(item)
    }

    /// What an item needs of its stream's row, by row id.
    pub(super) fn stream_by_id(&self, id: i64) -> Result<StreamRow, Fault> {
        let row = self
            .conn
            .prepare_cached(
                "SELECT stream, kind, code, title, version, head, tip, gone, frozen FROM stream WHERE id = ?1",
            )?
            .query_row([id], |row| {
                Ok(StreamRow {
                    id,
                    stream: StreamId(row.get(0)?),
                    kind: row.get(1)?,
                    owner: [0; 16],
                    epoch: 0,
                    head: row.get(5)?,
                    tip: row.get(6)?,
                    version: row.get(4)?,
                    code: row.get(2)?,
                    title: row.get(3)?,
                    happened: chrono::NaiveDate::default(),
                    gone: row.get(7)?,
                    frozen: row.get(8)?,
                })
            })?;
        Ok(row)
    }
}
