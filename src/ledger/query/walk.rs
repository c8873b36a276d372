//! Rows along an index, from a key or around a matter, and a page cut out of a whole list.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;

use super::filter::Filter;
use super::list::{At, as_count};
use super::order::{Key, Order, Walk, part_of};
use super::{Ask, Reader};
use crate::domain::StreamId;
use crate::domain::fault::Fault;
use crate::ledger::project::layout::Table;

/// A stretch of rows in order, and whether there are more on either side.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub keys: Vec<Key>,
    pub more_before: bool,
    pub more_after: bool,
}

impl Reader {
    /// Cuts a page out of a whole list.
    pub(super) fn cut(&self, keys: Vec<Key>, at: &At, limit: usize) -> Result<Stretch, Ask> {
        let place = |id: i64| keys.iter().position(|k| k.id == id);
        let from = match at {
            At::Start => 0,
            At::End => keys.len().saturating_sub(limit),
            At::After(key) => place(Key::read(key)?.id).map_or(0, |i| i + 1),
            At::Before(key) => place(Key::read(key)?.id).unwrap_or(0).saturating_sub(limit),
            At::Around(stream, key) => {
                let there = self.row(*stream)?.and_then(|row| place(row.id));
                let by_key = key.as_deref().map(Key::read).transpose()?.and_then(|k| place(k.id));
                there.or(by_key).unwrap_or(0).saturating_sub(limit / 2)
            }
        };
        let upto = match at {
            At::Before(key) => place(Key::read(key)?.id).unwrap_or(0),
            _ => (from + limit).min(keys.len()),
        };
        let from = from.min(upto);
        Ok(Stretch {
            more_before: from > 0,
            more_after: upto < keys.len(),
            keys: keys.into_iter().skip(from).take(upto - from).collect(),
        })
    }

    pub(super) fn walk_from(
        &self,
        table: &Table,
        filters: &[Filter],
        order: &Order,
        at: &At,
        limit: usize,
    ) -> Result<Stretch, Ask> {
        let down = |from: Option<&Key>, n| self.walk(table, filters, order, from, Walk::Down, n);
        let up = |from: Option<&Key>, n| self.walk(table, filters, order, from, Walk::Up, n);
        let (keys, more_before, more_after) = match at {
            At::Start => {
                let (keys, more) = down(None, limit)?;
                (keys, false, more)
            }
            At::End => {
                let (keys, more) = up(None, limit)?;
                (keys, more, false)
            }
            At::After(key) => {
                let (keys, more) = down(Some(&Key::read(key)?), limit)?;
                (keys, true, more)
            }
            At::Before(key) => {
                let (keys, more) = up(Some(&Key::read(key)?), limit)?;
                (keys, more, true)
            }
            At::Around(stream, key) => {
                let there = self.key_of(table, filters, order, *stream)?;
                let given = key.as_deref().map(Key::read).transpose()?;
                let Some(centre) = there.clone().or(given) else {
                    let (keys, more) = down(None, limit)?;
                    return Ok(Stretch {
                        keys,
                        more_before: false,
                        more_after: more,
                    });
                };
                let (mut keys, more_before) = up(Some(&centre), limit / 2)?;
                keys.extend(there);
                let (after, more_after) = down(Some(&centre), limit.saturating_sub(keys.len()))?;
                keys.extend(after);
                (keys, more_before, more_after)
            }
        };
        Ok(Stretch {
            keys,
            more_before,
            more_after,
        })
    }

    /// The place of a stream in a list, if it is in it.
    fn key_of(&self, table: &Table, filters: &[Filter], order: &Order, stream: StreamId) -> Result<Option<Key>, Fault> {
        use rusqlite::OptionalExtension;
        let Some(row) = self.row(stream)? else {
            return Ok(None);
        };
        let shown = order
            .column
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |c| format!("\"{c}\""));
        let conditions: String = filters.iter().map(|f| format!(" AND \"{}\" IS ?", f.column)).collect();
        let sql = format!("SELECT {shown}, id FROM \"{}\" WHERE id = ?{conditions}", table.name);
        let values = std::iter::once(Cell::Integer(row.id)).chain(filters.iter().map(|f| f.value.clone()));
        let key = self
            .conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(values), |row| {
                Ok(Key {
                    value: row.get(0)?,
                    id: row.get(1)?,
                })
            })
            .optional()?;
        Ok(key)
    }

    /// Rows after (or before, nearest last) a key along an index, and whether there are more beyond.
    pub(super) fn walk(
        &self,
        table: &Table,
        filters: &[Filter],
        order: &Order,
        from: Option<&Key>,
        walk: Walk,
        limit: usize,
    ) -> Result<(Vec<Key>, bool), Fault> {
        let wanted = limit + 1;
        let mut keys: Vec<Key> = Vec::with_capacity(wanted);
        // Rows without a value come last in either order; each part is walked along the same index.
        let parts: &[bool] = match (order.column.is_some(), walk) {
            (false, _) => &[false],
            (true, Walk::Down) => &[false, true],
            (true, Walk::Up) => &[true, false],
        };
        for empty in parts {
            let Some(from) = part_of(from, order, walk, *empty) else {
                continue;
            };
            let rest = wanted - keys.len();
            if rest > 0 {
                keys.extend(self.walk_part(table, filters, order, from, walk, (*empty, rest))?);
            }
        }
        let more = keys.len() == wanted;
        keys.truncate(limit);
        if walk == Walk::Up {
            keys.reverse();
        }
        Ok((keys, more))
    }

    fn walk_part(
        &self,
        table: &Table,
        filters: &[Filter],
        order: &Order,
        from: Option<&Key>,
        walk: Walk,
        (empty, limit): (bool, usize),
    ) -> Result<Vec<Key>, Fault> {
        let falling = order.descending == (walk == Walk::Down);
        let (compare, direction) = if falling { ("<", "DESC") } else { (">", "ASC") };
        let mut conditions: Vec<String> = Vec::new();
        let mut values: Vec<Cell> = Vec::new();
        let lead = lead_of(filters);
        for (i, filter) in filters.iter().enumerate() {
            // Along an order, conditions are tested row by row; without one, the narrowest leads.
            let plus = if order.column.is_some() || Some(i) != lead {
                "+"
            } else {
                ""
            };
            conditions.push(format!("{plus}\"{}\" IS ?", filter.column));
            values.push(filter.value.clone());
        }
        let column = order.column.as_ref().map(|c| format!("\"{c}\""));
        match &column {
            Some(c) if empty => conditions.push(format!("{c} IS NULL")),
            Some(c) => conditions.push(format!("{c} IS NOT NULL")),
            None => {}
        }
        if let Some(key) = from {
            match column.as_ref().filter(|_| !empty) {
                Some(c) => {
                    conditions.push(format!("({c}, id) {compare} (?, ?)"));
                    values.push(key.value.clone());
                }
                None => conditions.push(format!("id {compare} ?")),
            }
            values.push(Cell::Integer(key.id));
        }
        let sorted = match column.as_ref().filter(|_| !empty) {
            Some(c) => format!("{c} {direction}, id {direction}"),
            None => format!("id {direction}"),
        };
        let shown = column.unwrap_or_else(|| "NULL".into());
        let but = self.kept()?.but("+id");
        let hold = match (conditions.is_empty(), but.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!("WHERE TRUE{but}"),
            (false, _) => format!("WHERE {}{but}", conditions.join(" AND ")),
        };
        let sql = format!(
            "SELECT {shown}, id FROM \"{}\" {hold} ORDER BY {sorted} LIMIT ?",
            table.name
        );
        values.push(Cell::Integer(as_count(limit)));
        let mut statement = self.conn.prepare_cached(&sql)?;
        let keys = statement
            .query_map(params_from_iter(values), |row| {
                Ok(Key {
                    value: row.get(0)?,
                    id: row.get(1)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(keys)
    }
}

/// The narrowest condition.
pub(super) fn lead_of(filters: &[Filter]) -> Option<usize> {
    let counted = filters.iter().enumerate().filter(|(_, f)| f.rows.is_some());
    counted.min_by_key(|(_, f)| f.rows).map(|(i, _)| i)
}
