//! Pages of a register, by key and never by OFFSET.

use std::sync::Arc;

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;
use serde::Serialize;

use super::filter::Filter;
use super::item::{Item, Owed};
use super::order::{Key, Order, Walk, order, part_of, sort};
use super::{Ask, Reader};
use crate::domain::fault::{Fault, Refusal};
use crate::domain::{DayKind, DueOwner, StreamId};
use crate::ledger::project::StreamRow;
use crate::ledger::project::fold;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::layout::{Source, Table};
use crate::ledger::project::rows;

/// Below this many rows a narrowed list is read whole and sorted in memory.
const FEW: i64 = 3_000;

/// What a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Register, by English id or Chinese name.
    pub register: String,
    /// Field and value; all must hold. `queue` narrows to the live matters of a body, worst and most urgent first.
    pub filters: Vec<(String, String)>,
    /// Text to be found.
    pub find: Option<String>,
    /// Column it is ordered by (`-due` backwards); newest first without.
    pub order: Option<String>,
    /// Where the page begins.
    pub at: At,
    /// Longest page; 0 = 60.
    pub limit: usize,
    /// All fields of each item, long texts too, instead of its columns.
    pub whole: bool,
    /// Reckon the total even where that means counting.
    pub counted: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum At {
    /// The first rows.
    #[default]
    Start,
    /// The last rows.
    End,
    /// The rows after this key.
    After(String),
    /// The rows before this key, nearest last.
    Before(String),
    /// The rows around this matter; when it is not in the list, around where this key would stand.
    Around(StreamId, Option<String>),
}

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Page {
    /// Register.
    pub register: String,
    /// How many there are in all; null when that would have to be counted.
    pub total: Option<i64>,
    /// The items.
    pub items: Vec<Item>,
    /// Key of each item, for the next page.
    #[serde(skip)]
    pub keys: Vec<String>,
    /// Rows come before the first one.
    #[serde(skip)]
    pub more_before: bool,
    /// Rows come after the last one.
    #[serde(skip)]
    pub more_after: bool,
}

/// A stretch of rows in order, and whether there are more on either side.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub keys: Vec<Key>,
    pub more_before: bool,
    pub more_after: bool,
}

impl Reader {
    /// A page of a register.
    pub fn list(&self, query: &ListQuery) -> Result<Page, Ask> {
        self.ask(|| self.page(query))
    }

    /// The list table of a register, or why there is none.
    pub(super) fn table(&self, register: &str) -> Result<std::sync::Arc<Table>, Ask> {
        let texts = self.texts();
        let found = texts
            .sheets
            .find(register)
            .and_then(|sheet| texts.layout.table(&sheet.id))
            .cloned();
        if let Some(table) = &found {
            self.stand(&table.sheet.id)?;
        }
        found.ok_or_else(|| {
            let all: Vec<String> = texts.sheets.iter().map(|s| format!("{} {}", s.id, s.label)).collect();
            Refusal::new("unknown_register", format!("没有台账“{register}”"))
                .hint(format!("可用：{}", all.join("、")))
                .into()
        })
    }

    fn page(&self, query: &ListQuery) -> Result<Page, Ask> {
        let table = self.table(&query.register)?;
        let limit = if query.limit == 0 { 60 } else { query.limit };
        let mut filters = query.filters.clone();
        let queue = filters.iter().position(|(f, _)| f == "queue");
        let queue = queue.map(|at| filters.remove(at).1);
        let filters = self.filters(&table, &filters)?;
        let order = order(&table, query.order.as_deref())?;
        let found = query.find.as_deref().map(str::trim).filter(|t| !t.is_empty());
        let body = queue.as_deref().map(|typed| self.queue_key_of(typed)).transpose()?;
        let (stretch, total) = if let Some(body) = body {
            self.queue_stretch(&table.sheet.id, body, &query.at, limit)?
        } else if let Some(text) = found {
            self.found_stretch(&table, text, &filters, &order, &query.at, (limit, query.counted))?
        } else {
            self.stretch(&table, &filters, &order, &query.at, (limit, query.counted))?
        };
        let mut page = Page {
            register: table.sheet.id.clone(),
            total,
            items: Vec::with_capacity(stretch.keys.len()),
            keys: stretch.keys.iter().map(Key::write).collect(),
            more_before: stretch.more_before,
            more_after: stretch.more_after,
        };
        for key in &stretch.keys {
            let mut item = self.row_item(&table, key.id, query.whole)?;
            if let Some(body) = body {
                item.role = self.role_in(&table.sheet.id, body, key)?;
            }
            page.items.push(item);
        }
        Ok(page)
    }

    /// The streams of a whole list, at most `most`, and whether that was all.
    pub fn streams(&self, query: &ListQuery, most: usize) -> Result<(Vec<StreamId>, bool), Ask> {
        let whole = ListQuery {
            limit: most,
            at: At::Start,
            ..query.clone()
        };
        let page = self.list(&whole)?;
        Ok((page.items.iter().map(|i| i.stream).collect(), !page.more_after))
    }

    fn stretch(
        &self,
        table: &Table,
        filters: &[Filter],
        order: &Order,
        at: &At,
        (limit, counted): (usize, bool),
    ) -> Result<(Stretch, Option<i64>), Ask> {
        let all = || self.counter(&table.sheet.id, "all", "");
        let fewest = filters.iter().filter_map(|f| f.rows).min();
        let walked = match (filters, fewest) {
            ([], _) => Some(all()?),
            ([one], Some(n)) if order.column.is_none() => {
                let _ = one;
                Some(n)
            }
            _ => None,
        };
        if let Some(total) = walked {
            return Ok((self.walk_from(table, filters, order, at, limit)?, Some(total)));
        }
        // Few rows, or a condition without a counter: read what holds, sort, cut the page out.
        if fewest.unwrap_or(0) <= FEW {
            let keys = self.matching(table, filters, order)?;
            let total = as_count(keys.len());
            return Ok((self.cut(keys, at, limit)?, Some(total)));
        }
        // Many rows: walk on until the page is full, testing the other conditions row by row.
        let stretch = self.walk_from(table, filters, order, at, limit)?;
        let total = match (filters.len(), counted) {
            (1, _) => fewest,
            (_, true) => Some(self.count_matching(table, filters)?),
            _ => None,
        };
        Ok((stretch, total))
    }

    /// How many rows hold all conditions: the sorted ids of each, out of its covering index, are met in one pass.
    fn count_matching(&self, table: &Table, filters: &[Filter]) -> Result<i64, Fault> {
        let kept = self.kept()?;
        let mut left: Option<Vec<i64>> = None;
        for filter in filters {
            let sql = format!(
                "SELECT id FROM \"{}\" WHERE \"{}\" IS ?1 ORDER BY id",
                table.name, filter.column
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query([&filter.value])?;
            let mut ids = Vec::new();
            let mut wanted = left.as_ref().map(|l| l.iter().copied().peekable());
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                match &mut wanted {
                    None => ids.push(id),
                    Some(wanted) => {
                        while wanted.next_if(|w| *w < id).is_some() {}
                        if wanted.next_if_eq(&id).is_some() {
                            ids.push(id);
                        }
                    }
                }
            }
            left = Some(ids);
        }
        Ok(left.map_or(0, |ids| as_count(ids.iter().filter(|id| !kept.holds(**id)).count())))
    }

    /// All rows for which the conditions hold, in order.
    fn matching(&self, table: &Table, filters: &[Filter], order: &Order) -> Result<Vec<Key>, Fault> {
        // The narrowest condition leads; a plus sign keeps SQLite from choosing another index.
        let lead = lead_of(filters);
        let mut conditions = Vec::new();
        let mut values: Vec<Cell> = Vec::new();
        for (i, filter) in filters.iter().enumerate() {
            let plus = if Some(i) == lead { "" } else { "+" };
            conditions.push(format!("{plus}\"{}\" IS ?", filter.column));
            values.push(filter.value.clone());
        }
        let shown = order
            .column
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |c| format!("\"{c}\""));
        let sql = format!(
            "SELECT {shown}, id FROM \"{}\" WHERE {}{}",
            table.name,
            conditions.join(" AND "),
            self.kept()?.but("id")
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut keys = statement
            .query_map(params_from_iter(values), |row| {
                Ok(Key {
                    value: row.get(0)?,
                    id: row.get(1)?,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        sort(&mut keys, order);
        Ok(keys)
    }

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

    fn walk_from(
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

/// The narrowest condition.
fn lead_of(filters: &[Filter]) -> Option<usize> {
    let counted = filters.iter().enumerate().filter(|(_, f)| f.rows.is_some());
    counted.min_by_key(|(_, f)| f.rows).map(|(i, _)| i)
}

pub(super) fn as_count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
