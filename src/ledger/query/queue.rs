//! Queues per body, and deadlines.

use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::types::Value as Cell;
use serde::Serialize;

use super::item::Item;
use super::list::{At, as_count};
use super::order::{Key, Walk};
use super::past::SPANNED;
use super::walk::Stretch;
use super::{Ask, Reader};
use crate::domain::BodyRef;
use crate::domain::fault::Fault;
use crate::ledger::project::body_key;
use crate::ledger::project::layout::{Source, Table};
use crate::ledger::project::rows::{RANKS, REVIEW};

/// One body's queue in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BodyQueue {
    /// `discipline`, `implementation:DW-…`; `all` for the whole district.
    pub body: String,
    /// Chinese name.
    pub name: String,
    /// Live red matters, led or co-handled.
    pub red: i64,
    /// Orange.
    pub orange: i64,
    /// Yellow.
    pub yellow: i64,
    /// Not yet assessed.
    pub unassessed: i64,
    /// Past their day.
    pub overdue: i64,
    /// Body key, for asking further.
    #[serde(skip)]
    pub key: i64,
}

/// The kinds of matters that wait at bodies, in the order in which a body goes through them.
const WAITING: [&str; 10] = [
    "warning",
    "admonition",
    "accountability",
    "appeal",
    "approval_sheet",
    "proposal",
    "obligation",
    "task",
    "risk_point",
    "measure",
];

/// How many matters of one kind wait at a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Register.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// Live matters, led or co-handled.
    pub waiting: i64,
    /// Past their day.
    pub overdue: i64,
}

/// A running deadline with its matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DueItem {
    /// The matter.
    #[serde(flatten)]
    pub item: Item,
    /// What is owed, in words.
    pub step: String,
    /// `wd` or `cd`.
    pub day_kind: &'static str,
    /// `subject` or `office`.
    pub owner: &'static str,
    /// 暂定.
    pub provisional: bool,
}

impl Reader {
    /// The warning queues of all bodies, in the order in which people know them; the whole district first.
    pub fn queues(&self) -> Result<Vec<BodyQueue>, Fault> {
        self.queues_of("warning")
    }

    /// The queues of another register (`admonition`, `task`, `proposal`, `risk_point`).
    pub fn queues_of(&self, register: &str) -> Result<Vec<BodyQueue>, Fault> {
        self.ask(|| {
            let mut found = vec![self.body_queue(register, body_key::ALL, "all".into(), "全区".into())?];
            for body in BodyRef::FIXED {
                let Some(key) = body_key::key(body, |_| Ok::<_, Fault>(None))? else {
                    continue;
                };
                found.push(self.body_queue(register, key, body.to_string(), body.label(""))?);
            }
            let keys: Vec<i64> = self
                .conn
                .prepare_cached("SELECT body FROM list_body WHERE body >= 16 ORDER BY body")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for key in keys {
                if let Some((code, name, _)) = self.names.body(&self.conn, key)? {
                    found.push(self.body_queue(register, key, code, name)?);
                }
            }
            Ok(found)
        })
    }

    fn body_queue(&self, kind: &str, key: i64, body: String, name: String) -> Result<BodyQueue, Fault> {
        let mut counts = [0; 4];
        let mut overdue = 0;
        for (rank, count) in (0i64..).zip(&mut counts) {
            *count = self.counter(kind, "queue", &format!("{key}:{rank}"))?;
            if *count > 0 {
                overdue += self.late(kind, key, rank)?;
            }
        }
        let [red, orange, yellow, unassessed] = counts;
        Ok(BodyQueue {
            body,
            name,
            red,
            orange,
            yellow,
            unassessed,
            overdue,
            key,
        })
    }

    /// Matters of a body's queue in one rank whose day is past.
    pub(super) fn late(&self, kind: &str, body: i64, rank: i64) -> Result<i64, Fault> {
        self.counter_before(kind, "due", &format!("{body}:{rank}"))
    }

    /// Key of the body whose queue is meant; empty = the whole district.
    pub(super) fn queue_key_of(&self, typed: &str) -> Result<i64, Ask> {
        if matches!(typed, "" | "all" | "全区") {
            return Ok(body_key::ALL);
        }
        Ok(self
            .body_key(typed)?
            .ok_or_else(|| super::filter::unknown_body(typed))?)
    }

    /// One body's queue in numbers, by its name in any form; empty = the whole district.
    pub fn queue_counts(&self, typed: &str) -> Result<BodyQueue, Ask> {
        self.ask(|| {
            let key = self.queue_key_of(typed)?;
            if key == body_key::ALL {
                return Ok(self.body_queue("warning", key, "all".into(), "全区".into())?);
            }
            let named = self.names.body(&self.conn, key)?;
            let (body, name, _) = named.ok_or_else(|| super::filter::unknown_body(typed))?;
            Ok(self.body_queue("warning", key, body, name)?)
        })
    }

    /// What waits at a body, kind by kind, by counters alone; kinds of which nothing waits are left out. On an earlier
    /// day points are left out: who they waited for then is in no span.
    pub fn waiting(&self, typed: &str) -> Result<Vec<Waiting>, Ask> {
        self.ask(|| {
            let body = self.queue_key_of(typed)?;
            let mut found = Vec::new();
            for kind in WAITING {
                let texts = self.texts();
                let Some(table) = texts.layout.table(kind) else {
                    continue;
                };
                if self.on().is_some() && SPANNED.contains(&kind) {
                    continue;
                }
                let (mut waiting, mut overdue) = (0, 0);
                for rank in 0..RANKS {
                    let here = self.counter(kind, "queue", &format!("{body}:{rank}"))?;
                    waiting += here;
                    if here > 0 {
                        overdue += self.late(kind, body, rank)?;
                    }
                }
                if waiting > 0 {
                    found.push(Waiting {
                        kind: kind.to_owned(),
                        label: table.sheet.label.clone(),
                        waiting,
                        overdue,
                    });
                }
            }
            Ok(found)
        })
    }

    /// A page of a body's queue, worst and most urgent first, and how many there are.
    pub(super) fn queue_stretch(
        &self,
        kind: &str,
        body: i64,
        at: &At,
        limit: usize,
    ) -> Result<(Stretch, Option<i64>), Ask> {
        let mut total = 0;
        for rank in 0..RANKS {
            total += self.counter(kind, "queue", &format!("{body}:{rank}"))?;
        }
        let walk = |from: Option<Key>, way, n| self.walk_queue(kind, body, from.as_ref(), way, n);
        let stretch = match at {
            At::Start => {
                let (keys, more_after) = walk(None, Walk::Down, limit)?;
                Stretch {
                    keys,
                    more_before: false,
                    more_after,
                }
            }
            At::End => {
                let (keys, more_before) = walk(None, Walk::Up, limit)?;
                Stretch {
                    keys,
                    more_before,
                    more_after: false,
                }
            }
            At::After(key) => {
                let (keys, more_after) = walk(Some(Key::read(key)?), Walk::Down, limit)?;
                Stretch {
                    keys,
                    more_before: true,
                    more_after,
                }
            }
            At::Before(key) => {
                let (keys, more_before) = walk(Some(Key::read(key)?), Walk::Up, limit)?;
                Stretch {
                    keys,
                    more_before,
                    more_after: true,
                }
            }
            At::Around(stream, key) => {
                let there = match self.row(*stream)? {
                    Some(row) => self.queue_key(kind, body, row.id)?,
                    None => None,
                };
                let given = key.as_deref().map(Key::read).transpose()?;
                match there.clone().or(given) {
                    None => {
                        let (keys, more_after) = walk(None, Walk::Down, limit)?;
                        Stretch {
                            keys,
                            more_before: false,
                            more_after,
                        }
                    }
                    Some(centre) => {
                        let (mut keys, more_before) = walk(Some(centre.clone()), Walk::Up, limit / 2)?;
                        keys.extend(there);
                        let (after, more_after) = walk(Some(centre), Walk::Down, limit.saturating_sub(keys.len()))?;
                        keys.extend(after);
                        Stretch {
                            keys,
                            more_before,
                            more_after,
                        }
                    }
                }
            }
        };
        Ok((stretch, Some(total)))
    }

    fn queue_key(&self, kind: &str, body: i64, id: i64) -> Result<Option<Key>, Fault> {
        use rusqlite::OptionalExtension;
        if self.on().is_some() {
            // Few rows, and the list of the day knows no deadlines.
            let found = self
                .conn
                .prepare_cached("SELECT rank, due FROM queue WHERE body = ?1 AND kind = ?2 AND id = ?3")?
                .query_row((body, kind, id), |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
                })
                .optional()?;
            return Ok(found.map(|(rank, due)| Key {
                value: Cell::Text(format!("{rank} {due}")),
                id,
            }));
        }
        let row: Option<(Option<String>, Option<String>)> = self
            .conn
            .prepare_cached(&format!("SELECT grade, due FROM \"list_{kind}\" WHERE id = ?1"))
            .and_then(|mut s| s.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .unwrap_or_default();
        let Some((grade, due)) = row else { return Ok(None) };
        let rank = crate::ledger::project::rows::rank(grade.as_deref().and_then(crate::domain::Grade::find));
        let due = due.unwrap_or_else(|| crate::ledger::project::rows::NO_DUE.to_owned());
        let there: bool = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM queue
                 WHERE body = ?1 AND kind = ?2 AND rank = ?3 AND due = ?4 AND id = ?5)",
            )?
            .query_row((body, kind, rank, &due, id), |row| row.get(0))?;
        Ok(there.then(|| Key {
            value: Cell::Text(format!("{rank} {due}")),
            id,
        }))
    }

    fn walk_queue(
        &self,
        kind: &str,
        body: i64,
        from: Option<&Key>,
        walk: Walk,
        limit: usize,
    ) -> Result<(Vec<Key>, bool), Ask> {
        let (compare, direction) = if walk == Walk::Down {
            (">", "ASC")
        } else {
            ("<", "DESC")
        };
        let (rank, due, id) = match from {
            Some(key) => queue_place(key)?,
            None if walk == Walk::Down => (-1, String::new(), 0),
            None => (99, String::new(), 0),
        };
        let sql = format!(
            "SELECT rank, due, id FROM queue WHERE body = ?1 AND kind = ?2 AND (rank, due, id) {compare} (?3, ?4, ?5){}
             ORDER BY rank {direction}, due {direction}, id {direction} LIMIT ?6",
            self.kept()?.but("+id")
        );
        let mut statement = self.conn.prepare_cached(&sql).map_err(Fault::from)?;
        let found = statement
            .query_map((body, kind, rank, due, id, as_count(limit + 1)), |row| {
                let (rank, due): (i64, String) = (row.get(0)?, row.get(1)?);
                Ok(Key {
                    value: Cell::Text(format!("{rank} {due}")),
                    id: row.get(2)?,
                })
            })
            .map_err(Fault::from)?;
        let mut keys: Vec<Key> = found.collect::<Result<_, _>>().map_err(Fault::from)?;
        let more = keys.len() > limit;
        keys.truncate(limit);
        if walk == Walk::Up {
            keys.reverse();
        }
        Ok((keys, more))
    }

    /// Whether a matter stands in a body's queue as lead or co-body.
    pub(super) fn role_in(&self, kind: &str, body: i64, key: &Key) -> Result<Option<&'static str>, Ask> {
        let (rank, due, id) = queue_place(key)?;
        let role: String = self
            .conn
            .prepare_cached(
                "SELECT role FROM queue WHERE body = ?1 AND kind = ?2 AND rank = ?3 AND due = ?4 AND id = ?5",
            )
            .and_then(|mut s| s.query_row((body, kind, rank, due, id), |row| row.get(0)))
            .map_err(Fault::from)?;
        Ok(["lead", "co"].into_iter().find(|r| *r == role))
    }

    /// Points to be reviewed in the rounds that have opened, by the last day of the round; nothing on a past day.
    pub fn reviews(&self) -> Result<Vec<(NaiveDate, u64)>, Fault> {
        self.ask(|| {
            let round = self.texts().policy.review.latest(self.today());
            let Some(round) = round.filter(|_| self.on().is_none()) else {
                return Ok(Vec::new());
            };
            let mut statement = self.conn.prepare_cached(
                "SELECT value, n FROM counter WHERE kind = 'risk_point' AND dimension = 'review_due' AND value <= ?1
                 ORDER BY value",
            )?;
            let found = statement
                .query_map([round.due.to_string()], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
                })?
                .collect::<Result<Vec<_>, _>>()?;
            let read = |(day, n): (String, i64)| Some((day.parse().ok()?, n.unsigned_abs()));
            Ok(found.into_iter().filter_map(read).collect())
        })
    }

    /// How many points a unit still has to review for this 须办; none for other items, and on a past day.
    fn reviews_left(&self, item: &Item) -> Result<Option<i64>, Fault> {
        let review = item.kind == "obligation" && item.owed.as_ref().is_some_and(|o| o.step.starts_with("review."));
        let (Some(due), Some(unit), true, None) = (item.due, item.refs.get("unit"), review, self.on()) else {
            return Ok(None);
        };
        let Some(row) = self.row(unit.stream)? else {
            return Ok(None);
        };
        let after = due.succ_opt().unwrap_or(due).to_string();
        crate::ledger::project::counter::before(&self.conn, "risk_point", REVIEW, &row.id.to_string(), &after).map(Some)
    }

    /// Running deadlines, late ones first; `within` working days from today, or all.
    pub fn due(&self, within: Option<u32>, limit: usize) -> Result<Vec<DueItem>, Fault> {
        self.ask(|| {
            let texts = self.texts();
            if self.on().is_some() {
                let owed = |table: &&Arc<Table>| table.columns.iter().any(|column| column.source == Source::DueStep);
                texts.layout.tables.values().filter(owed).try_for_each(|table| {
                    self.stand(&table.sheet.id)?;
                    self.stand_waiting(&table.sheet.id)
                })?;
            }
            let upto = within.map_or_else(
                || "9999-12-31".to_owned(),
                |days| texts.calendar.add_workdays(self.today(), days).day.to_string(),
            );
            let ids: Vec<(i64, String)> = self
                .conn
                .prepare_cached(&format!(
                    "SELECT id, kind FROM due WHERE day <= ?1{} ORDER BY day, id LIMIT ?2",
                    self.kept()?.but("+id")
                ))?
                .query_map((upto, as_count(limit)), |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut found = Vec::with_capacity(ids.len());
            for (id, kind) in ids {
                let Some(table) = texts.layout.table(&kind) else {
                    continue;
                };
                let item = self.row_item(table, id, false)?;
                let Some(owed) = item.owed.clone() else { continue };
                let mut step = texts.policy.step_label(&owed.step).unwrap_or(&owed.step).to_owned();
                if let Some(left) = self.reviews_left(&item)? {
                    step = format!("{step} {left} 点");
                }
                found.push(DueItem {
                    step,
                    day_kind: owed.kind.id(),
                    owner: owed.owner.id(),
                    provisional: owed.provisional,
                    item,
                });
            }
            Ok(found)
        })
    }
}

fn queue_place(key: &Key) -> Result<(i64, String, i64), crate::domain::Refusal> {
    let wrong = || crate::domain::Refusal::new("wrong_key", "翻页位置不能识读").hint("请从第一页开始");
    let Cell::Text(text) = &key.value else {
        return Err(wrong());
    };
    let (rank, due) = text.split_once(' ').ok_or_else(wrong)?;
    Ok((rank.parse().map_err(|_| wrong())?, due.to_owned(), key.id))
}
