//! What a text hits within a register: by the index, by what waits to be indexed, and by the names of what matters point
//! at.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::Reader;
use super::list::as_count;
use super::order::Walk;
use crate::domain::State;
use crate::domain::fault::Fault;
use crate::domain::sheet::FieldType;
use crate::ledger::project::apply::parse_state;
use crate::ledger::project::gram::Typed;
use crate::ledger::project::layout::{Table, column_name, is_directory};
use crate::ledger::project::rows;

/// How many units, posts and persons a text may stand for in a list of matters.
const NAMES: usize = 50;
/// Texts waiting to be indexed that are looked through, newest first.
const TODO: i64 = 5_000;

impl Reader {
    /// Row ids that match a text, newest first going down, beyond `from`.
    pub(super) fn hits(
        &self,
        table: &Table,
        text: &str,
        from: Option<i64>,
        walk: Walk,
        limit: usize,
    ) -> Result<Vec<i64>, Fault> {
        let typed = Typed::read(text);
        if typed.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut found: BTreeSet<i64> = BTreeSet::new();
        found.extend(self.by_text(table, &typed, from, walk, (limit, true))?);
        found.extend(self.by_names(table, text, from, walk, limit)?);
        let mut ids: Vec<i64> = match walk {
            Walk::Down => found.into_iter().rev().collect(),
            Walk::Up => found.into_iter().collect(),
        };
        ids.truncate(limit);
        Ok(ids)
    }

    pub(super) fn by_text(
        &self,
        table: &Table,
        typed: &Typed,
        from: Option<i64>,
        walk: Walk,
        (limit, compared): (usize, bool),
    ) -> Result<Vec<i64>, Fault> {
        let (compare, direction, edge) = match walk {
            Walk::Down => ("<", "DESC", i64::MAX),
            Walk::Up => (">", "ASC", 0),
        };
        let from = from.unwrap_or(edge);
        let kept = self.kept()?;
        let mut found = Vec::new();
        if self.indexed {
            let sql =
                format!("SELECT rowid FROM find WHERE find MATCH ?1 AND rowid {compare} ?2 ORDER BY rowid {direction}");
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query((typed.query(&table.sheet.prefix, is_directory(&table.sheet.id)), from))?;
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                // Pairs of a longer run may stand apart in the text.
                if !kept.holds(id) && (!compared || typed.exact() || self.matches(table, id, typed)?) {
                    found.push(id);
                }
                if found.len() >= limit {
                    break;
                }
            }
            drop(rows);
            let sql = format!(
                "SELECT t.id FROM fts_todo t JOIN stream s ON s.id = t.id
                 WHERE s.kind = ?1 AND t.id {compare} ?2 ORDER BY t.id {direction} LIMIT {TODO}"
            );
            found.extend(self.scan(table, typed, &sql, from)?);
        } else {
            let sql = format!(
                "SELECT l.id FROM \"{}\" l WHERE ?1 <> '' AND l.id {compare} ?2 ORDER BY l.id {direction}",
                table.name
            );
            found.extend(self.scan(table, typed, &sql, from)?);
        }
        Ok(found)
    }

    fn scan(&self, table: &Table, typed: &Typed, sql: &str, from: i64) -> Result<Vec<i64>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((&table.sheet.id, from))?;
        let kept = self.kept()?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if !kept.holds(id) && self.matches(table, id, typed)? {
                found.push(id);
            }
        }
        Ok(found)
    }

    pub(super) fn matches(&self, table: &Table, id: i64, typed: &Typed) -> Result<bool, Fault> {
        let text: Option<String> = self
            .conn
            .prepare_cached("SELECT state FROM state WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(state) = text.as_deref().map(parse_state).transpose()? else {
            return Ok(false);
        };
        Ok(rows::listed(&state) && told_by(&state, table, typed))
    }

    /// Matters that point at a unit, post or person of this name.
    pub(super) fn by_names(
        &self,
        table: &Table,
        text: &str,
        from: Option<i64>,
        walk: Walk,
        limit: usize,
    ) -> Result<Vec<i64>, Fault> {
        if is_directory(&table.sheet.id) || text.chars().count() < 2 {
            return Ok(Vec::new());
        }
        let (compare, direction, edge) = match walk {
            Walk::Down => ("<", "DESC", i64::MAX),
            Walk::Up => (">", "ASC", 0),
        };
        let texts = self.texts();
        let typed = Typed::read(text);
        let mut found = Vec::new();
        for (kind, of) in [
            ("unit", FieldType::Unit),
            ("post", FieldType::Post),
            ("person", FieldType::Person),
        ] {
            let columns: Vec<String> = table
                .filters
                .iter()
                .map(|place| &table.sheet.fields[*place])
                .filter(|field| field.kind == of)
                .map(column_name)
                .collect();
            let Some(directory) = texts.layout.table(kind).filter(|_| !columns.is_empty()) else {
                continue;
            };
            let named: Vec<i64> = self.by_text(directory, &typed, None, Walk::Down, (NAMES, true))?;
            for (column, id) in columns.iter().flat_map(|c| named.iter().map(move |id| (c, id))) {
                let sql = format!(
                    "SELECT id FROM \"{}\" WHERE \"{column}\" = ?1 AND id {compare} ?2{} ORDER BY id {direction} LIMIT ?3",
                    table.name,
                    self.kept()?.but("+id")
                );
                let mut statement = self.conn.prepare_cached(&sql)?;
                let ids = statement.query_map((id, from.unwrap_or(edge), as_count(limit)), |row| row.get(0))?;
                for id in ids {
                    found.push(id?);
                }
            }
        }
        Ok(found)
    }
}

/// Whether a stream is found by what was typed.
fn told_by(state: &State, table: &Table, typed: &Typed) -> bool {
    let sheet = &table.sheet;
    let mut texts = rows::searched(state, sheet);
    texts.push(rows::title(state, Some(sheet)));
    texts.push(state.code().to_owned());
    texts.extend(state.original_code().map(str::to_owned));
    let name = is_directory(state.kind()).then(|| state.text(&sheet.title));
    typed.found_in(&texts, name.as_deref())
}
