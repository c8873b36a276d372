//! Reading the log: events with their acts, in order, page by page.

use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::chain::Id;
use super::rows::{ACT_COLUMNS, ActRow, EVENT_COLUMNS, EventRow, LogItem, SITE_COLUMNS, SiteRow};
use crate::domain::fault::Fault;

/// How many events one read transaction fetches: a reader never keeps the write-ahead log from being written back
/// for longer than a page takes.
const PAGE: usize = 1_000;

/// Which events to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All, in order of arrival.
    All,
    /// Those after a local number, in order of arrival.
    After(i64),
    /// Those of one stream, in its order.
    Stream(Id),
    /// Those of one act, by its local number.
    Act(i64),
}

/// Reads events with their acts and hands each to `visit`, until it breaks off or the log, as it was at the
/// start, ends. What is appended meanwhile is not seen.
pub fn visit<E: From<Fault>>(
    conn: &Connection,
    scope: Scope,
    mut visit: impl FnMut(LogItem) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let upto: i64 = conn
        .query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))
        .map_err(Fault::from)?;
    let mut act: Option<Arc<ActRow>> = None;
    // Within a stream, an act or the whole log, `seq` rises with the events' own order.
    let mut after = if let Scope::After(seq) = scope { seq } else { 0 };
    loop {
        let page = fetch(conn, scope, after, upto)?;
        let full = page.len() == PAGE;
        for (event, salt, body) in page {
            after = event.seq;
            let its_act = match &act {
                Some(known) if known.seq == event.act => Arc::clone(known),
                _ => Arc::new(read_act(conn, event.act)?),
            };
            act = Some(Arc::clone(&its_act));
            if visit(LogItem {
                event,
                salt,
                body,
                act: its_act,
            })?
            .is_break()
            {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
    }
}

type Fetched = (EventRow, [u8; 16], String);

fn fetch(conn: &Connection, scope: Scope, after: i64, upto: i64) -> Result<Vec<Fetched>, Fault> {
    let (sql, key) = statement(scope);
    let mut statement = conn.prepare_cached(&sql)?;
    let page = statement.query_map((after, upto, as_limit(PAGE), key), |row| {
        Ok((EventRow::read(row)?, row.get(14)?, row.get(15)?))
    })?;
    Ok(page.collect::<Result<_, _>>()?)
}

/// The statement of a scope and its fourth parameter; the first three are after, up to, limit.
fn statement(scope: Scope) -> (String, Value) {
    // The unary plus keeps the planner on the index named by the other condition.
    let (from, narrow, order, key) = match scope {
        Scope::All | Scope::After(_) => (
            "event e",
            "e.seq > ?1 AND e.seq <= ?2 AND ?4 IS NULL",
            "e.seq",
            Value::Null,
        ),
        Scope::Stream(stream) => (
            "event e",
            "e.stream = ?4 AND +e.seq > ?1 AND +e.seq <= ?2",
            "e.stream_seq",
            Value::Blob(stream.to_vec()),
        ),
        // There is no index by act: its events follow its `first` in the site's own numbering.
        Scope::Act(act) => (
            "act a JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events",
            "a.seq = ?4 AND +e.seq > ?1 AND +e.seq <= ?2",
            "e.site_seq",
            Value::Integer(act),
        ),
    };
    let sql = format!(
        "SELECT {EVENT_COLUMNS}, b.salt, b.body FROM {from} JOIN event_body b ON b.seq = e.seq
         WHERE {narrow} ORDER BY {order} LIMIT ?3"
    );
    (sql, key)
}

fn as_limit(page: usize) -> i64 {
    i64::try_from(page).unwrap_or(i64::MAX)
}

/// The act with this local number.
pub fn read_act(conn: &Connection, seq: i64) -> Result<ActRow, Fault> {
    let mut statement = conn.prepare_cached(&format!("SELECT {ACT_COLUMNS} FROM act WHERE seq = ?1"))?;
    Ok(statement.query_row([seq], ActRow::read)?)
}

/// All events of one stream, in its order.
pub fn read_stream(conn: &Connection, stream: &Id) -> Result<Vec<LogItem>, Fault> {
    let mut items = Vec::new();
    visit(conn, Scope::Stream(*stream), |item| {
        items.push(item);
        Ok::<_, Fault>(ControlFlow::Continue(()))
    })?;
    Ok(items)
}

/// How many events there are.
pub fn count(conn: &Connection) -> Result<i64, Fault> {
    // Numbered without gaps, which `verify` checks.
    Ok(conn.query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?)
}

/// All sites, oldest first.
pub fn read_sites(conn: &Connection) -> Result<Vec<SiteRow>, Fault> {
    let mut statement = conn.prepare(&format!("SELECT {SITE_COLUMNS} FROM site ORDER BY rowid"))?;
    let sites = statement.query_map([], SiteRow::read)?;
    Ok(sites.collect::<Result<_, _>>()?)
}

#[cfg(test)]
#[path = "read_log_tests.rs"]
mod tests;
