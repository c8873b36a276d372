//! Finding where a report's content was written: its own events, those of reports merged into it, and whatever names
//! them or was written in the same acts. Read from the log, because a step taken back leaves no link but its body.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Connection, Row};

use super::Stored;
use crate::domain::StreamId;
use crate::domain::event::Event;
use crate::domain::fault::{Fault, FaultKind};
use crate::ledger::hex;
use crate::ledger::project::apply::stream_row;
use crate::ledger::project::fold::Step;

/// How far names are followed: report → admonition → proposal → 呈批单.
const FAR: usize = 3;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Events that go as a whole: the reports' own, and proposals about them.
    pub whole: Vec<Stored>,
    /// Events that go where they repeat the content.
    pub near: Vec<Stored>,
    /// All streams concerned.
    pub streams: HashSet<StreamId>,
}

/// Everything about these reports.
pub fn about(conn: &Connection, reports: &[StreamId]) -> Result<Found, Fault> {
    let (reports, since) = with_merged(conn, reports)?;
    let mut found = Found {
        streams: reports.clone(),
        ..Found::default()
    };
    let mut acts = BTreeSet::new();
    for report in &reports {
        for stored in of_stream(conn, *report)? {
            acts.insert(stored.act);
            found.whole.push(stored);
        }
    }
    for act in acts {
        for stored in of_act(conn, act)? {
            if !reports.contains(&stored.stream) && !is_report(conn, stored.stream)? {
                found.near.push(stored);
            }
        }
    }
    let mut names = reports.clone();
    for _ in 0..FAR {
        let mut next = HashSet::new();
        for (stream, about_report) in naming(conn, &names, &reports, since)? {
            if found.streams.contains(&stream) || is_report(conn, stream)? {
                continue;
            }
            found.streams.insert(stream);
            next.insert(stream);
            let all = of_stream(conn, stream)?;
            let pile = if about_report {
                &mut found.whole
            } else {
                &mut found.near
            };
            pile.extend(all);
        }
        names = next;
    }
    found.streams.extend(found.near.iter().map(|stored| stored.stream));
    leave_out_erased(conn, &mut found)?;
    Ok(found)
}

/// The reports, those that went on in them, and the number of the first event of any.
fn with_merged(conn: &Connection, reports: &[StreamId]) -> Result<(HashSet<StreamId>, i64), Fault> {
    let mut all: HashSet<StreamId> = reports.iter().copied().collect();
    loop {
        let since = births(conn, &all)?;
        let mut statement = conn.prepare_cached(&format!(
            "{STORED} WHERE e.seq >= ?1 AND e.kind = 'warning_merged' ORDER BY e.seq"
        ))?;
        let merges = read(statement.query_map([since], raw)?)?;
        let before = all.len();
        for stored in merges {
            let Step::Event(event) = &stored.step else { continue };
            let Event::WarningMerged { into } = **event else {
                continue;
            };
            if all.contains(&into) && stands_at(conn, &stored)? {
                all.insert(stored.stream);
            }
        }
        if all.len() == before {
            return Ok((all, since));
        }
    }
}

fn births(conn: &Connection, streams: &HashSet<StreamId>) -> Result<i64, Fault> {
    let mut first = i64::MAX;
    for stream in streams {
        first = first.min(stream_row(conn, *stream)?.map_or(i64::MAX, |row| row.id));
    }
    Ok(first)
}

/// True when the stream stands at this step's act: it was not taken back.
fn stands_at(conn: &Connection, stored: &Stored) -> Result<bool, Fault> {
    let Some(row) = stream_row(conn, stored.stream)? else {
        return Ok(false);
    };
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE seq = ?1 AND act = ?2)")?
        .query_row((row.tip, stored.act), |row| row.get(0))?)
}

fn is_report(conn: &Connection, stream: StreamId) -> Result<bool, Fault> {
    Ok(stream_row(conn, stream)?.is_some_and(|row| row.kind == "warning"))
}

/// Streams with an event since then that names one of `names`, and whether it is a proposal about a report.
fn naming(
    conn: &Connection,
    names: &HashSet<StreamId>,
    reports: &HashSet<StreamId>,
    since: i64,
) -> Result<Vec<(StreamId, bool)>, Fault> {
    let mut found: Vec<(StreamId, bool)> = Vec::new();
    let mut statement = conn.prepare_cached(&format!(
        "{STORED} WHERE e.seq > ?1 AND instr(b.body, ?2) > 0 ORDER BY e.seq"
    ))?;
    for name in names {
        for stored in read(statement.query_map((since, hex::encode(&name.0)), raw)?)? {
            let about = match &stored.step {
                Step::Event(event) => match &**event {
                    Event::ProposalMade { act, .. } => act.targets.iter().any(|target| reports.contains(target)),
                    _ => false,
                },
                _ => false,
            };
            found.push((stored.stream, about));
        }
    }
    // A proposal is found by its birth; what else names a report in it does not make it less of one.
    found.sort_by_key(|(stream, about)| (stream.0, !about));
    found.dedup_by_key(|(stream, _)| *stream);
    Ok(found)
}

/// What is announced already is not erased twice, and what cannot be read cannot be taken out.
fn leave_out_erased(conn: &Connection, found: &mut Found) -> Result<(), Fault> {
    let announced: HashSet<String> = found
        .whole
        .iter()
        .chain(&found.near)
        .filter_map(|stored| match &stored.step {
            Step::Erased(erased) => Some(erased.event.clone()),
            _ => None,
        })
        .collect();
    let mut seen = HashSet::new();
    for pile in [&mut found.whole, &mut found.near] {
        pile.retain(|stored| !announced.contains(&hex::encode(&stored.hash)) && seen.insert(stored.seq));
        pile.sort_by_key(|stored| stored.seq);
    }
    let unreadable = found.whole.iter().find(|stored| stored.step == Step::Unknown);
    let Some(stored) = unreadable else { return Ok(()) };
    let code = stream_row(conn, stored.stream)?.map(|row| row.code).unwrap_or_default();
    Err(Fault::new(FaultKind::World, format!("{code} 由更新的版本办理过，需升级才能密封")).hint("请换用新版廉能台。"))
}

/// Columns of a stored event.
pub const STORED: &str = "SELECT e.seq, e.act, e.stream, e.hash, e.kind, e.version, b.body
    FROM event e JOIN event_body b ON b.seq = e.seq";

/// Reads a row of [`STORED`].
pub fn raw(row: &Row) -> rusqlite::Result<Stored> {
    let kind: String = row.get(4)?;
    let body: String = row.get(6)?;
    Ok(Stored {
        seq: row.get(0)?,
        act: row.get(1)?,
        stream: StreamId(row.get(2)?),
        hash: row.get(3)?,
        step: Step::read(&kind, row.get(5)?, &body),
    })
}

fn read(rows: impl Iterator<Item = rusqlite::Result<Stored>>) -> Result<Vec<Stored>, Fault> {
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The events of a stream, oldest first.
pub fn of_stream(conn: &Connection, stream: StreamId) -> Result<Vec<Stored>, Fault> {
    let mut statement = conn.prepare_cached(&format!("{STORED} WHERE e.stream = ?1 ORDER BY e.seq"))?;
    read(statement.query_map([stream.0], raw)?)
}

fn of_act(conn: &Connection, act: i64) -> Result<Vec<Stored>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.seq, e.act, e.stream, e.hash, e.kind, e.version, b.body FROM act a
         JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
         JOIN event_body b ON b.seq = e.seq WHERE a.seq = ?1 ORDER BY e.seq",
    )?;
    read(statement.query_map([act], raw)?)
}
