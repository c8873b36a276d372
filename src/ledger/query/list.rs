//! Pages of a register, by key and never by OFFSET.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;
use serde::Serialize;

use super::filter::Filter;
use super::item::Item;
use super::order::{Key, Order, order, sort};
use super::walk::{Stretch, lead_of};
use super::{Ask, Reader};
use crate::domain::StreamId;
use crate::domain::fault::{Fault, Refusal};
use crate::ledger::project::layout::Table;

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
}

pub(super) fn as_count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
