//! The ledger's answers to what the rules ask, inside one transaction.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::entropy::Entropy;
use super::project::apply::{StreamRow, state_of, stream_row};
use super::project::fold::{self, day};
use super::project::layout::{DIRECTORY, is_directory};
use super::project::{body_key, counter, rows};
use super::revert::{self, Plan};
use super::texts::Texts;
use crate::domain::calendar::Calendar;
use crate::domain::event::Named;
use crate::domain::fault::{Fault, Refusal, Stop};
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheets;
use crate::domain::world::{Operator, Recorded, Restriction, World};
use crate::domain::{Act, BodyRef, RestrictedAct, SeatRole, State, StreamId};

/// Where new identities come from.
pub enum Fresh<'a> {
    /// From entropy, for an act that is carried out.
    Drawn(RefCell<&'a mut Entropy>, i64),
    /// Made up, for one that is only looked at: nothing may be drawn then, or a rehearsal would not repeat.
    Mock(Cell<u64>),
}

/// `World` over a connection. Its questions cannot fail; the first failure is kept and must be asked for
/// ([`Self::settle`]) before anything is written.
pub struct LedgerWorld<'a> {
    conn: &'a Connection,
    texts: &'a Texts,
    operator: &'a Operator,
    letters: &'a str,
    today: NaiveDate,
    fresh: Fresh<'a>,
    trouble: RefCell<Option<Fault>>,
    states: RefCell<HashMap<StreamId, Option<Arc<State>>>>,
    rows: RefCell<HashMap<StreamId, Option<Arc<StreamRow>>>>,
    numbers: RefCell<HashMap<(String, i32), u32>>,
    kept: Option<Arc<BTreeSet<StreamId>>>,
    day: Option<NaiveDate>,
    plans: RefCell<HashMap<StreamId, Plan>>,
}

impl<'a> LedgerWorld<'a> {
    /// A world over the transaction or read connection `conn`.
    pub fn new(
        conn: &'a Connection,
        texts: &'a Texts,
        operator: &'a Operator,
        letters: &'a str,
        today: NaiveDate,
        fresh: Fresh<'a>,
    ) -> Self {
        Self {
            conn,
            texts,
            operator,
            letters,
            today,
            fresh,
            trouble: RefCell::default(),
            states: RefCell::default(),
            rows: RefCell::default(),
            numbers: RefCell::default(),
            kept: None,
            day: None,
            plans: RefCell::default(),
        }
    }

    /// A world that is only looked at.
    pub fn looking(
        conn: &'a Connection,
        texts: &'a Texts,
        operator: &'a Operator,
        letters: &'a str,
        today: NaiveDate,
    ) -> Self {
        Self::new(conn, texts, operator, letters, today, Fresh::Mock(Cell::new(0)))
    }

    /// The same world in which these streams are unknown (§0.16).
    pub fn keeping(mut self, kept: Arc<BTreeSet<StreamId>>) -> Self {
        if !kept.is_empty() {
            self.kept = Some(kept);
            self.states.borrow_mut().clear();
            self.rows.borrow_mut().clear();
        }
        self
    }

    /// The same world with every state as it was at the end of a day, by what is known now.
    pub fn as_of(mut self, day: Option<NaiveDate>) -> Self {
        self.day = day;
        self
    }

    fn keeps(&self, stream: &StreamId) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.contains(stream))
    }

    /// Matters whose content is sealed.
    pub fn sealed(&self) -> Vec<StreamId> {
        let found = self.streams(
            "SELECT s.stream FROM link k JOIN stream s ON s.id = k.id WHERE k.target = ?1 AND k.relation = ?2",
            &[&rows::NOBODY, &rows::SEALED],
        );
        self.try_or(Vec::new(), found)
    }

    /// Posts held by people of a unit.
    pub fn posts_held_in(&self, unit: StreamId) -> Vec<StreamId> {
        let Some(id) = self.id(unit) else { return Vec::new() };
        let found = self.streams(
            "SELECT DISTINCT s.stream FROM main.list_person l JOIN stream s ON s.id = l.post WHERE l.unit = ?1",
            &[&id],
        );
        self.try_or(Vec::new(), found)
    }

    /// People who have or had a seat in the committee of a unit, by name or by the post they hold.
    pub fn seated_in(&self, unit: StreamId) -> Vec<StreamId> {
        let Some(body) = self.body_key(BodyRef::Implementation(unit)) else {
            return Vec::new();
        };
        let found = self.streams(
            "SELECT s.stream FROM seat_span t JOIN stream s ON s.id = t.person WHERE t.body = ?1
             UNION SELECT s.stream FROM seat_span t JOIN main.list_person l ON l.post = t.post
             JOIN stream s ON s.id = l.id WHERE t.body = ?1
             UNION SELECT s.stream FROM seat_span t JOIN main.list_appointment a ON a.post = t.post
             JOIN stream s ON s.id = a.person WHERE t.body = ?1",
            &[&body],
        );
        self.try_or(Vec::new(), found)
    }

    /// The first failure, if any question failed.
    pub fn settle(&self) -> Result<(), Fault> {
        match self.trouble.borrow_mut().take() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// How the step that waited as this proposal is taken back, once it was asked for.
    pub fn planned(&self, proposal: StreamId) -> Option<Plan> {
        self.plans.borrow_mut().remove(&proposal)
    }

    /// States already read, for the projector.
    pub fn known(&self, stream: StreamId) -> Option<Arc<State>> {
        self.states.borrow().get(&stream).cloned().flatten()
    }

    /// The row of a stream.
    pub fn row(&self, stream: StreamId) -> Option<Arc<StreamRow>> {
        if let Some(row) = self.rows.borrow().get(&stream) {
            return row.clone();
        }
        let found = if self.keeps(&stream) {
            Ok(None)
        } else {
            stream_row(self.conn, stream)
        };
        let row = self.try_or(None, found).map(Arc::new);
        self.rows.borrow_mut().insert(stream, row.clone());
        row
    }

    fn read(&self, stream: StreamId, id: i64) -> Result<Option<Arc<State>>, Fault> {
        match self.day {
            Some(day) => {
                let state = fold::state_on(self.conn, stream, self.texts.policy.flow, day)?;
                Ok(state.map(Arc::new))
            }
            None => state_of(self.conn, id).map(Some),
        }
    }

    fn try_or<T>(&self, instead: T, asked: Result<T, Fault>) -> T {
        asked.unwrap_or_else(|fault| {
            self.trouble.borrow_mut().get_or_insert(fault);
            instead
        })
    }

    fn id(&self, stream: StreamId) -> Option<i64> {
        self.row(stream).map(|row| row.id)
    }

    fn body_key(&self, body: BodyRef) -> Option<i64> {
        body_key::key(body, |unit| Ok::<_, Fault>(self.id(unit))).unwrap_or_default()
    }

    fn streams(&self, sql: &str, params: &[&dyn ToSql]) -> Result<Vec<StreamId>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let found = statement.query_map(params, |row| row.get(0).map(StreamId))?;
        let mut found: Vec<StreamId> = found.collect::<Result<_, _>>()?;
        found.retain(|stream| !self.keeps(stream));
        Ok(found)
    }

    fn one(&self, sql: &str, params: &[&dyn ToSql]) -> Option<StreamId> {
        self.try_or(Vec::new(), self.streams(sql, params)).first().copied()
    }

    fn find_holder(&self, body: BodyRef, role: SeatRole, on: NaiveDate) -> Result<Option<Named>, Fault> {
        let Some(key) = self.body_key(body) else {
            return Ok(None);
        };
        let on = on.to_string();
        let found: Option<(Option<i64>, Option<i64>, String)> = self
            .conn
            .prepare_cached(
                "SELECT person, post, name FROM seat_span
                 WHERE body = ?1 AND role = ?2 AND from_day <= ?3 AND (to_day IS NULL OR to_day >= ?3)
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row((key, role.id(), &on), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((person, post, name)) = found else {
            return Ok(None);
        };
        let person = match (person, post) {
            (None, Some(post)) => self.holder_of_post(post, &on)?,
            _ => person,
        };
        let Some(person) = person else {
            return Ok(Some(Named { person: None, name }).filter(|n| !n.name.is_empty()));
        };
        let named = self
            .conn
            .prepare_cached("SELECT stream, title FROM stream WHERE id = ?1")?
            .query_row([person], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(named.map(|(person, name)| Named {
            person: Some(StreamId(person)),
            name,
        }))
    }

    /// Who holds a post on a day, by appointment; the row id of the person.
    fn holder_of_post(&self, post: i64, on: &str) -> Result<Option<i64>, Fault> {
        let holder = self
            .conn
            .prepare_cached(
                r#"SELECT person FROM main.list_appointment WHERE post = ?1 AND person IS NOT NULL
                   AND "from" <= ?2 AND ("to" IS NULL OR "to" >= ?2) ORDER BY id DESC LIMIT 1"#,
            )?
            .query_row((post, on), |row| row.get(0))
            .optional()?;
        Ok(holder)
    }

    fn find_restrictions(&self, person: StreamId) -> Result<Vec<Restriction>, Fault> {
        let Some(id) = self.id(person) else {
            return Ok(Vec::new());
        };
        restrictions_of(self.conn, id)
    }

    fn highest(&self, prefix: &str, year: i32) -> Result<u32, Fault> {
        let last = self
            .conn
            .prepare_cached("SELECT last FROM code_number WHERE prefix = ?1 AND year = ?2")?
            .query_row((prefix, year), |row| row.get(0))
            .optional()?;
        Ok(last.unwrap_or_default())
    }
}

/// Restrictions of the person with this row id, past ones included, oldest source first.
pub fn restrictions_of(conn: &Connection, person: i64) -> Result<Vec<Restriction>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT s.stream, r.act, r.from_day, r.to_day FROM restriction_span r JOIN stream s ON s.id = r.source
         WHERE r.person = ?1 ORDER BY r.source, r.act",
    )?;
    let mut rows = statement.query([person])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let act: String = row.get(1)?;
        let Some(act) = RestrictedAct::find(&act) else { continue };
        let from: String = row.get(2)?;
        let to: Option<String> = row.get(3)?;
        found.push(Restriction {
            source: StreamId(row.get(0)?),
            act,
            from: day(&from)?,
            to: to.as_deref().map(day).transpose()?,
        });
    }
    Ok(found)
}

impl World for LedgerWorld<'_> {
    fn today(&self) -> NaiveDate {
        self.today
    }

    fn operator(&self) -> &Operator {
        self.operator
    }

    fn policy(&self) -> &Policy {
        &self.texts.policy
    }

    fn calendar(&self) -> &Calendar {
        &self.texts.calendar
    }

    fn sheets(&self) -> &Sheets {
        &self.texts.sheets
    }

    fn state(&self, stream: StreamId) -> Option<Arc<State>> {
        if let Some(state) = self.states.borrow().get(&stream) {
            return state.clone();
        }
        let state = self.id(stream).and_then(|id| self.try_or(None, self.read(stream, id)));
        self.states.borrow_mut().insert(stream, state.clone());
        state
    }

    fn version(&self, stream: StreamId) -> u64 {
        self.row(stream)
            .and_then(|row| u64::try_from(row.version).ok())
            .unwrap_or_default()
    }

    fn last_happened(&self, stream: StreamId) -> Option<NaiveDate> {
        self.row(stream).map(|row| row.happened)
    }

    fn recorded(&self, stream: StreamId) -> Vec<Recorded> {
        self.try_or(Vec::new(), fold::recorded(self.conn, stream))
    }

    fn accounts(&self) -> Vec<StreamId> {
        let found = self.streams(
            "SELECT stream FROM stream WHERE kind = 'account' AND gone = 0 ORDER BY id",
            &[],
        );
        self.try_or(Vec::new(), found)
    }

    fn by_code(&self, code: &str) -> Option<StreamId> {
        if code.is_empty() {
            return None;
        }
        self.one(
            "SELECT stream FROM stream WHERE code = ?1 AND code <> '' AND gone = 0 ORDER BY id LIMIT 1",
            &[&code],
        )
    }

    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId> {
        let Some(id) = self.id(target) else { return Vec::new() };
        let found = if self.texts.layout.answers(kind, relation) {
            let sql = format!(
                "SELECT s.stream FROM main.\"list_{kind}\" l JOIN stream s ON s.id = l.id
                 WHERE l.\"{relation}\" = ?1 ORDER BY l.id"
            );
            self.streams(&sql, &[&id])
        } else {
            self.streams(
                "SELECT s.stream FROM link k JOIN stream s ON s.id = k.id
                 WHERE k.target = ?1 AND k.relation = ?2 AND k.kind = ?3 ORDER BY k.id",
                &[&id, &relation, &kind],
            )
        };
        self.try_or(Vec::new(), found)
    }

    fn titled(&self, kind: &str, title: &str) -> Vec<StreamId> {
        if !is_directory(kind) {
            return Vec::new();
        }
        let sql = format!(
            "SELECT stream FROM stream WHERE kind = ?1 AND title = ?2 AND {DIRECTORY} AND gone = 0 ORDER BY id"
        );
        self.try_or(Vec::new(), self.streams(&sql, &[&kind, &title]))
    }

    fn body_stream(&self, body: BodyRef) -> Option<StreamId> {
        let key = self.body_key(body)?;
        self.one(
            "SELECT s.stream FROM main.list_body l JOIN stream s ON s.id = l.id WHERE l.body = ?1 ORDER BY l.id LIMIT 1",
            &[&key],
        )
    }

    fn seat_holder(&self, body: BodyRef, role: SeatRole, day: NaiveDate) -> Option<Named> {
        self.try_or(None, self.find_holder(body, role, day))
    }

    fn restrictions(&self, person: StreamId, day: NaiveDate) -> Vec<Restriction> {
        let mut found = self.try_or(Vec::new(), self.find_restrictions(person));
        found.retain(|r| r.from <= day && r.to.is_none_or(|to| day < to));
        found
    }

    fn same_point(&self, unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> Option<StreamId> {
        let key = rows::point_key(unit, post, item, description);
        self.one(
            "SELECT s.stream FROM point_key k JOIN stream s ON s.id = k.id WHERE k.key = ?1 ORDER BY k.id LIMIT 1",
            &[&key],
        )
    }

    fn reviews_owed(&self, unit: StreamId, by: NaiveDate) -> usize {
        let Some(id) = self.id(unit) else { return 0 };
        let after = by.succ_opt().unwrap_or(by).to_string();
        let found = counter::before(self.conn, "risk_point", rows::REVIEW, &id.to_string(), &after);
        usize::try_from(self.try_or(0, found)).unwrap_or_default()
    }

    fn adoption(&self) -> Option<StreamId> {
        self.one(
            "SELECT stream FROM stream WHERE kind = 'adoption' ORDER BY id DESC LIMIT 1",
            &[],
        )
    }

    fn running_deadlines(&self) -> Vec<StreamId> {
        let found = self.streams(
            "SELECT s.stream FROM due d JOIN stream s ON s.id = d.id ORDER BY d.day, d.id",
            &[],
        );
        self.try_or(Vec::new(), found)
    }

    fn turns_back(&self, act: &Act, proposal: StreamId) -> Result<Vec<StreamId>, Refusal> {
        let streams = |plan: &Plan| plan.back.iter().map(|back| back.row.stream).collect();
        if let Some(plan) = self.plans.borrow().get(&proposal) {
            return Ok(streams(plan));
        }
        match revert::plan(self.conn, &self.texts.layout, act, Some(proposal)) {
            Ok(plan) => {
                let found = streams(&plan);
                self.plans.borrow_mut().insert(proposal, plan);
                Ok(found)
            }
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Failed(fault)) => Ok(self.try_or(Vec::new(), Err(fault))),
        }
    }
    fn site_letters(&self) -> &str {
        self.letters
    }

    fn next_number(&self, prefix: &str, year: i32) -> u32 {
        let key = (prefix.to_owned(), year);
        let mut numbers = self.numbers.borrow_mut();
        let last = match numbers.get(&key) {
            Some(last) => *last,
            None => self.try_or(0, self.highest(prefix, year)),
        };
        numbers.insert(key, last + 1);
        last + 1
    }

    fn fresh_id(&self) -> StreamId {
        match &self.fresh {
            Fresh::Drawn(entropy, now_ms) => {
                let drawn = entropy.borrow_mut().uuid7(*now_ms);
                StreamId(self.try_or([0; 16], drawn))
            }
            Fresh::Mock(next) => {
                next.set(next.get() + 1);
                let mut bytes = [0xff; 16];
                bytes[8..].copy_from_slice(&next.get().to_be_bytes());
                StreamId(bytes)
            }
        }
    }
}
