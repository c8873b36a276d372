//! Appending an act with its events: numbered without gaps, linked into the chain, once per act id.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::chain::{self, ActFields, EventFields, Hash, Id, NO_PARENT};
use super::entropy::Entropy;
use super::site;
use crate::domain::fault::{Fault, FaultKind};

/// An act to be appended. What it means is the caller's business.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// UUIDv7, or v8 for the clock. The same id again returns the earlier outcome.
    pub act_id: Id,
    /// China civil date `decide` was given, `YYYY-MM-DD`.
    pub today: String,
    /// Office day of the deed, `YYYY-MM-DD`.
    pub happened: String,
    /// What was done.
    pub verb: String,
    /// Account id, or `clock`.
    pub operator: String,
    /// Body whose right was used; empty if none.
    pub acting_for: String,
    /// Hash of the adopted policy, calendar and registers.
    pub policy: Hash,
    /// Act answered or undone.
    pub because: Option<Id>,
    /// Program and version.
    pub program: String,
    /// Wall clock as claimed, milliseconds UTC.
    pub at: i64,
}

/// An event to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Stream it belongs to.
    pub stream: Id,
    /// Kind of event.
    pub kind: String,
    /// Version of the kind.
    pub version: i64,
    /// JSON, stored byte for byte.
    pub body: String,
    /// Index in this act of the event that caused it; an earlier one.
    pub because: Option<usize>,
}

/// The tip of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Site that wrote it.
    pub site: Id,
    /// Its number in the stream.
    pub stream_seq: i64,
    /// Its epoch.
    pub epoch: i64,
    /// Its hash.
    pub hash: Hash,
}

/// One event as it was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppendedEvent {
    /// Local number.
    pub seq: i64,
    /// Number in the site.
    pub site_seq: i64,
    /// Stream it belongs to.
    pub stream: Id,
    /// Number in the stream.
    pub stream_seq: i64,
    /// Epoch of its stream.
    pub epoch: i64,
    /// Its hash, the new tip of its stream.
    pub hash: Hash,
}

/// An act as it was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Local number of the act.
    pub act_seq: i64,
    /// Its hash.
    pub act_hash: Hash,
    /// Its Lamport time.
    pub tick: i64,
    /// Its events, in order.
    pub events: Vec<AppendedEvent>,
    /// It was there already: nothing was written now.
    pub repeated: bool,
}

/// The tip of a stream, from the index; `None` before its birth.
pub fn stream_head(conn: &Connection, stream: &Id) -> Result<Option<StreamHead>, Fault> {
    let sql = "SELECT site, stream_seq, epoch, hash FROM event WHERE stream = ?1 ORDER BY stream_seq DESC LIMIT 1";
    let read = |row: &Row| {
        Ok(StreamHead {
            site: row.get(0)?,
            stream_seq: row.get(1)?,
            epoch: row.get(2)?,
            hash: row.get(3)?,
        })
    };
    Ok(conn.prepare_cached(sql)?.query_row([stream], read).optional()?)
}

/// Appends an act and its events under the file's current site, inside the caller's transaction.
///
/// The same act id again returns what was appended then; with other content it is a fault.
pub fn append_act(
    tx: &Transaction,
    entropy: &mut Entropy,
    act: &NewAct,
    events: &[NewEvent],
) -> Result<Appended, Fault> {
    append_act_with(tx, entropy, act, events, &mut |stream| stream_head(tx, stream))
}

/// As [`append_act`], asking `head` for the tip of each stream when it is first met; for bulk acts whose caller
/// has the tips at hand.
pub fn append_act_with(
    tx: &Transaction,
    entropy: &mut Entropy,
    act: &NewAct,
    events: &[NewEvent],
    head: &mut dyn FnMut(&Id) -> Result<Option<StreamHead>, Fault>,
) -> Result<Appended, Fault> {
    if let Some(earlier) = earlier(tx, act, events)? {
        return Ok(earlier);
    }
    check(events)?;
    let tail = site::tail(tx, &site::current(tx)?)?;
    let site = tail.site;
    let first = tail.site_seq + 1;
    let count = as_number(events.len());
    let one = |sql| -> rusqlite::Result<i64> { tx.prepare_cached(sql)?.query_row([], |row| row.get(0)) };
    let act_seq = one("SELECT coalesce(max(seq), 0) + 1 FROM act")?;
    let tick = one("SELECT coalesce(max(tick), 0) + 1 FROM act")?;
    let mut seq = one("SELECT coalesce(max(seq), 0) FROM event")?;

    let act_hash = chain::act_hash(&ActFields {
        act_id: &act.act_id,
        site: &site,
        first,
        events: count,
        tick,
        at: act.at,
        today: &act.today,
        happened: &act.happened,
        verb: &act.verb,
        operator: &act.operator,
        acting_for: &act.acting_for,
        policy: &act.policy,
        because: act.because.as_ref().map(|id| &id[..]),
        program: &act.program,
    });
    tx.prepare_cached(
        "INSERT INTO act (seq, act_id, site, first, events, tick, at, today, happened, verb, operator, acting_for,
                          policy, because, program, act_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(rusqlite::params![
        act_seq,
        act.act_id,
        site,
        first,
        count,
        tick,
        act.at,
        act.today,
        act.happened,
        act.verb,
        act.operator,
        act.acting_for,
        act.policy,
        act.because,
        act.program,
        act_hash,
    ])?;

    let mut insert = tx.prepare_cached(
        "INSERT INTO event (seq, act, site, site_seq, stream, stream_seq, epoch, parent, kind, version, because,
                            body_hash, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let mut insert_body = tx.prepare_cached("INSERT INTO event_body (seq, salt, body) VALUES (?1, ?2, ?3)")?;
    let mut heads: HashMap<Id, StreamHead> = HashMap::new();
    let mut appended = Vec::with_capacity(events.len());
    let mut prev = tail.hash;
    let mut site_seq = tail.site_seq;
    for event in events {
        seq += 1;
        site_seq += 1;
        let tip = match heads.get(&event.stream) {
            Some(tip) => Some(*tip),
            None => head(&event.stream)?,
        };
        let (stream_seq, epoch, parent) = match tip {
            None => (1, 0, NO_PARENT),
            // A stream taken over from a predecessor goes on under a higher epoch, which wins over whatever the
            // old site may still append to its own copy.
            Some(tip) => (tip.stream_seq + 1, tip.epoch + i64::from(tip.site != site), tip.hash),
        };
        let because = event.because.map(|index| first + as_number(index));
        let salt = entropy.bytes::<16>()?;
        let body_hash = chain::body_hash(&salt, &event.body);
        let leaf = chain::leaf(&EventFields {
            act_hash: &act_hash,
            site: &site,
            site_seq,
            stream: &event.stream,
            stream_seq,
            epoch,
            parent: &parent,
            kind: &event.kind,
            version: event.version,
            because,
            body_hash: &body_hash,
        });
        let hash = chain::link(&prev, &leaf);
        insert.execute(rusqlite::params![
            seq,
            act_seq,
            site,
            site_seq,
            event.stream,
            stream_seq,
            epoch,
            parent,
            event.kind,
            event.version,
            because,
            body_hash,
            prev,
            hash,
        ])?;
        insert_body.execute((seq, salt, &event.body))?;
        heads.insert(
            event.stream,
            StreamHead {
                site,
                stream_seq,
                epoch,
                hash,
            },
        );
        appended.push(AppendedEvent {
            seq,
            site_seq,
            stream: event.stream,
            stream_seq,
            epoch,
            hash,
        });
        prev = hash;
    }
    Ok(Appended {
        act_seq,
        act_hash,
        tick,
        events: appended,
        repeated: false,
    })
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn check(events: &[NewEvent]) -> Result<(), Fault> {
    let wrong = |what: &str| Err(Fault::new(FaultKind::World, format!("程序错误：{what}")).hint("请向维护人员报告。"));
    if events.is_empty() {
        return wrong("办理没有产生任何事件");
    }
    let unknown = |(at, event): (usize, &NewEvent)| event.because.is_some_and(|cause| cause >= at);
    if events.iter().enumerate().any(unknown) {
        return wrong("事件的起因不在它之前");
    }
    Ok(())
}

/// What was appended under this act id before, if it says the same.
///
/// Compared are the deed and its events; `at`, `today` and `program` may differ in an honest second attempt.
fn earlier(tx: &Transaction, act: &NewAct, events: &[NewEvent]) -> Result<Option<Appended>, Fault> {
    let Some(appended) = find_act(tx, &act.act_id)? else {
        return Ok(None);
    };
    let same_act = tx
        .prepare_cached(
            "SELECT verb = ?2 AND operator = ?3 AND acting_for = ?4 AND happened = ?5 AND because IS ?6
             FROM act WHERE seq = ?1",
        )?
        .query_row(
            (
                appended.act_seq,
                &act.verb,
                &act.operator,
                &act.acting_for,
                &act.happened,
                act.because,
            ),
            |row| row.get::<_, bool>(0),
        )?;
    let mut same = same_act && appended.events.len() == events.len();
    let mut read = tx.prepare_cached(
        "SELECT e.stream = ?2 AND e.kind = ?3 AND e.version = ?4 AND b.body = ?5
         FROM event e JOIN event_body b ON b.seq = e.seq WHERE e.seq = ?1",
    )?;
    for (old, new) in appended.events.iter().zip(events) {
        same = same
            && read.query_row((old.seq, new.stream, &new.kind, new.version, &new.body), |row| {
                row.get::<_, bool>(0)
            })?;
    }
    if same {
        return Ok(Some(appended));
    }
    Err(
        Fault::new(FaultKind::World, "同一次办理的编号重复使用，但内容不同，本次未办理")
            .hint("请重新打开该事项，核对是否已经办理，再办一次。"),
    )
}

/// What was appended under an act id; `None` if nothing was.
pub fn find_act(conn: &Connection, act_id: &Id) -> Result<Option<Appended>, Fault> {
    let found = conn
        .prepare_cached("SELECT seq, act_hash, tick FROM act WHERE act_id = ?1")?
        .query_row([act_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((act_seq, act_hash, tick)) = found else {
        return Ok(None);
    };
    let sql = "SELECT e.seq, e.site_seq, e.stream, e.stream_seq, e.epoch, e.hash
               FROM act a JOIN event e ON e.site = a.site AND e.site_seq >= a.first AND e.site_seq < a.first + a.events
               WHERE a.seq = ?1 ORDER BY e.site_seq";
    let read = |row: &Row| {
        Ok(AppendedEvent {
            seq: row.get(0)?,
            site_seq: row.get(1)?,
            stream: row.get(2)?,
            stream_seq: row.get(3)?,
            epoch: row.get(4)?,
            hash: row.get(5)?,
        })
    };
    let events = conn
        .prepare_cached(sql)?
        .query_map([act_seq], read)?
        .collect::<Result<_, _>>()?;
    Ok(Some(Appended {
        act_seq,
        act_hash,
        tick,
        events,
        repeated: true,
    }))
}

#[cfg(test)]
#[path = "append_tests.rs"]
mod tests;
