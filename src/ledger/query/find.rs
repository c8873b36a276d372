//! Finding by text: by what is written, by codes, and by the names of what a matter points at; newest first.

use std::collections::{BTreeSet, HashSet};

use rusqlite::OptionalExtension;
use rusqlite::types::Value as Cell;
use serde::Serialize;

use super::filter::Filter;
use super::item::Item;
use super::list::{At, as_count};
use super::order::{Key, Order, Walk, sort};
use super::walk::Stretch;
use super::{Ask, Reader};
use crate::domain::StreamId;
use crate::domain::fault::Fault;
use crate::domain::width::fold;
use crate::ledger::project::gram::Typed;
use crate::ledger::project::layout::{Table, is_directory};

/// Hits looked at together while a page is being filled, and hits up to which a result is sorted in memory.
const SLICE: usize = 3_000;
/// No limit.
const ALL: usize = usize::MAX >> 1;
/// Registers find looks into first.
const FIRST: [&str; 6] = ["person", "warning", "risk_point", "admonition", "unit", "post"];

/// Something that may be meant by what is typed into a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its identity.
    pub stream: StreamId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What tells it from others of the same name.
    pub note: String,
}

/// A question for text within a register.
struct Asked<'a> {
    table: &'a Table,
    text: &'a str,
    typed: &'a Typed,
    filters: &'a [Filter],
    order: &'a Order,
}

impl Reader {
    /// What matches a text, whatever its register: a code itself first, then people, warnings, points…
    pub fn find(&self, text: &str, most: usize) -> Result<Vec<Item>, Ask> {
        self.ask(|| {
            let text = text.trim();
            let mut found: Vec<Item> = Vec::new();
            if let Some(id) = self.row_of_code(text)? {
                let row = self.stream_by_id(id)?;
                if let Some(state) = self.state_then(&row)? {
                    found.push(self.whole(&row, &state)?);
                }
            }
            let texts = self.texts();
            let rest = texts.layout.tables.keys().filter(|k| !FIRST.contains(&k.as_str()));
            for register in FIRST.into_iter().chain(rest.map(String::as_str)) {
                let Some(table) = texts.layout.table(register) else {
                    continue;
                };
                self.stand(register)?;
                let room = most.saturating_sub(found.len());
                for id in self.hits(table, text, None, Walk::Down, room.min(most.div_ceil(2)))? {
                    if !found.iter().any(|item| item.id == id) && self.listed_then(table, id)? {
                        found.push(self.row_item(table, id, false)?);
                    }
                }
            }
            found.truncate(most);
            Ok(found)
        })
    }

    /// What a text typed into a field that takes something of the directory may stand for.
    pub fn candidates(&self, kind: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Ask> {
        self.ask(|| {
            let table = self.table(kind)?;
            let typed = typed.trim();
            let mut ids: Vec<i64> = Vec::new();
            if !typed.is_empty() {
                ids.extend(self.row_of_code(typed)?.filter(|id| self.is_kind(*id, &table.sheet.id)));
                ids.extend(self.named_exactly(&table.sheet.id, typed)?);
            }
            ids.extend(self.hits(&table, typed, None, Walk::Down, most)?);
            let mut seen = HashSet::new();
            ids.retain(|id| seen.insert(*id));
            ids.truncate(most);
            ids.into_iter().map(|id| self.candidate(&table, id)).collect()
        })
    }

    pub(super) fn candidate(&self, table: &Table, id: i64) -> Result<Candidate, Ask> {
        let item = self.row_item(table, id, false)?;
        let parts = [item.unit.clone(), item.post.clone()];
        let note: Vec<String> = parts.into_iter().flatten().chain([item.code.clone()]).collect();
        Ok(Candidate {
            stream: item.stream,
            name: if is_directory(&item.kind) {
                item.title
            } else {
                format!("{} {}", item.code, item.title)
            },
            code: item.code,
            note: note.join(" "),
        })
    }

    /// False for what was not there on the day asked about.
    fn listed_then(&self, table: &Table, id: i64) -> Result<bool, Fault> {
        if self.on().is_none() {
            return Ok(true);
        }
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{}\" WHERE id = ?1)", table.name);
        Ok(self.conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?)
    }

    fn is_kind(&self, id: i64, kind: &str) -> bool {
        matches!(self.names.of(&self.conn, id), Ok(Some(name)) if name.kind == kind)
    }

    fn row_of_code(&self, text: &str) -> Result<Option<i64>, Fault> {
        let code = fold(text).to_ascii_uppercase();
        let sql = format!(
            "SELECT id FROM stream WHERE code = ?1 AND code <> '' AND gone = 0{} ORDER BY id LIMIT 1",
            self.kept()?.but("id")
        );
        let id = self.conn.prepare_cached(&sql)?.query_row([code], |row| row.get(0));
        Ok(id.optional()?)
    }

    /// Rows of the directory with exactly this name.
    pub(super) fn named_exactly(&self, kind: &str, name: &str) -> Result<Vec<i64>, Fault> {
        use crate::ledger::project::layout::DIRECTORY;
        let sql =
            format!("SELECT id FROM stream WHERE kind = ?1 AND title = ?2 AND {DIRECTORY} AND gone = 0 ORDER BY id");
        let ids: Vec<i64> = self
            .conn
            .prepare_cached(&sql)?
            .query_map((kind, name), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// A page of a list narrowed by text, and how many there are when that is known without counting far.
    pub(super) fn found_stretch(
        &self,
        table: &Table,
        text: &str,
        filters: &[Filter],
        order: &Order,
        at: &At,
        (limit, counted): (usize, bool),
    ) -> Result<(Stretch, Option<i64>), Ask> {
        let typed = Typed::read(text);
        let (from, walk) = match at {
            At::After(key) => (Some(Key::read(key)?), Walk::Down),
            At::Before(key) => (Some(Key::read(key)?), Walk::Up),
            At::End => (None, Walk::Up),
            At::Start => (None, Walk::Down),
            At::Around(_, key) => (key.as_deref().map(Key::read).transpose()?, Walk::Down),
        };
        let asked = Asked {
            table,
            text,
            typed: &typed,
            filters,
            order,
        };
        let (mut keys, more) = if order.column.is_none() {
            self.walk_hits(&asked, from.as_ref(), walk, limit)?
        } else {
            self.walk_among(&asked, from.as_ref(), walk, limit)?
        };
        if walk == Walk::Up {
            keys.reverse();
        }
        let stretch = Stretch {
            keys,
            more_before: if walk == Walk::Up { more } else { from.is_some() },
            more_after: if walk == Walk::Down { more } else { from.is_some() },
        };
        let whole = !stretch.more_before && !stretch.more_after;
        let total = match (whole, counted) {
            (true, _) => Some(as_count(stretch.keys.len())),
            (false, true) => self.count_hits(&asked)?,
            (false, false) => None,
        };
        Ok((stretch, total))
    }

    /// How many there are, unless there are more than are quickly counted.
    fn count_hits(&self, asked: &Asked) -> Result<Option<i64>, Fault> {
        let hits = self.hits(asked.table, asked.text, None, Walk::Down, SLICE + 1)?;
        if hits.len() > SLICE {
            return Ok(None);
        }
        let mut n = 0;
        for id in hits {
            n += i64::from(self.key_if(asked, id)?.is_some());
        }
        Ok(Some(n))
    }

    /// Hits along the row ids, tested against the conditions, until a page is full.
    fn walk_hits(
        &self,
        asked: &Asked,
        from: Option<&Key>,
        walk: Walk,
        limit: usize,
    ) -> Result<(Vec<Key>, bool), Fault> {
        let newest_first = asked.order.descending == (walk == Walk::Down);
        let way = if newest_first { Walk::Down } else { Walk::Up };
        let mut keys = Vec::new();
        let mut from = from.map(|k| k.id);
        let mut slice = limit + 1;
        loop {
            let ids = self.hits(asked.table, asked.text, from, way, slice)?;
            let whole = ids.len() < slice;
            from = ids.last().copied();
            for id in ids {
                keys.extend(self.key_if(asked, id)?);
                if keys.len() > limit {
                    keys.truncate(limit);
                    return Ok((keys, true));
                }
            }
            if whole {
                return Ok((keys, false));
            }
            // Conditions that leave little of the hits: look at more of them at a time.
            slice = (slice * 2).min(SLICE);
        }
    }

    /// Rows along an order, tested for being among the hits, until a page is full; few hits are sorted instead.
    fn walk_among(
        &self,
        asked: &Asked,
        from: Option<&Key>,
        walk: Walk,
        limit: usize,
    ) -> Result<(Vec<Key>, bool), Fault> {
        let hits = self.maybe(asked)?;
        if hits.len() <= SLICE {
            return self.sort_hits(asked, hits, from, walk, limit);
        }
        let hits: HashSet<i64> = hits.into_iter().collect();
        let mut keys: Vec<Key> = Vec::new();
        let mut from = from.cloned();
        loop {
            let (mut rows, more) = self.walk(asked.table, asked.filters, asked.order, from.as_ref(), walk, SLICE)?;
            if walk == Walk::Up {
                rows.reverse();
            }
            from = rows.last().cloned();
            for key in rows {
                if hits.contains(&key.id) && self.surely(asked, key.id)? {
                    keys.push(key);
                    if keys.len() > limit {
                        keys.truncate(limit);
                        return Ok((keys, true));
                    }
                }
            }
            if !more {
                return Ok((keys, false));
            }
        }
    }

    fn sort_hits(
        &self,
        asked: &Asked,
        hits: Vec<i64>,
        from: Option<&Key>,
        walk: Walk,
        limit: usize,
    ) -> Result<(Vec<Key>, bool), Fault> {
        let mut keys = Vec::with_capacity(hits.len());
        for id in hits {
            if self.surely(asked, id)? {
                keys.extend(self.key_if(asked, id)?);
            }
        }
        sort(&mut keys, asked.order);
        if walk == Walk::Up {
            keys.reverse();
        }
        let start = from
            .and_then(|f| keys.iter().position(|k| k.id == f.id))
            .map_or(0, |at| at + 1);
        let mut rest: Vec<Key> = keys.split_off(start);
        let more = rest.len() > limit;
        rest.truncate(limit);
        Ok((rest, more))
    }

    /// Rows that may match, not yet compared with their texts.
    fn maybe(&self, asked: &Asked) -> Result<Vec<i64>, Fault> {
        let mut found: BTreeSet<i64> = BTreeSet::new();
        found.extend(self.by_text(asked.table, asked.typed, None, Walk::Down, (ALL, false))?);
        found.extend(self.by_names(asked.table, asked.text, None, Walk::Down, ALL)?);
        Ok(found.into_iter().collect())
    }

    /// Whether a row that may match does.
    fn surely(&self, asked: &Asked, id: i64) -> Result<bool, Fault> {
        if asked.typed.exact() || self.matches(asked.table, id, asked.typed)? {
            return Ok(true);
        }
        // It may have come in by the name of what it points at.
        Ok(self
            .by_names(asked.table, asked.text, Some(id + 1), Walk::Down, 1)?
            .first()
            == Some(&id))
    }

    /// The key of a row in an order, if the conditions hold for it.
    fn key_if(&self, asked: &Asked, id: i64) -> Result<Option<Key>, Fault> {
        let Asked {
            table, filters, order, ..
        } = asked;
        let shown = order
            .column
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |c| format!("\"{c}\""));
        let conditions: String = filters.iter().map(|f| format!(" AND \"{}\" IS ?", f.column)).collect();
        if self.kept()?.holds(id) {
            return Ok(None);
        }
        let sql = format!("SELECT {shown}, id FROM \"{}\" WHERE id = ?{conditions}", table.name);
        let values = std::iter::once(Cell::Integer(id)).chain(filters.iter().map(|f| f.value.clone()));
        let key = self
            .conn
            .prepare_cached(&sql)?
            .query_row(rusqlite::params_from_iter(values), |row| {
                Ok(Key {
                    value: row.get(0)?,
                    id: row.get(1)?,
                })
            })
            .optional()?;
        Ok(key)
    }
}
