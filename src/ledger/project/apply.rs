//! From events to tables, on one path for submitting, undoing and rebuilding: states are evolved act by act, then the
//! rows of the old and the new state are compared and only the difference is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::counter::Counters;
use super::fold::{self, Spans, Step};
use super::ids::Ids;
use super::layout::Layout;
use super::rows::{self, Rows};
use super::search::Search;
use super::write;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::state::{Fact, evolve};
use crate::domain::{State, StreamId};
use crate::ledger::chain::{Hash, Id, NO_PARENT};

/// An event as it stands in the log, about to be projected.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Local number.
    pub seq: i64,
    /// Site that wrote it.
    pub site: Id,
    /// Its stream.
    pub stream: StreamId,
    /// Its number in the stream.
    pub stream_seq: i64,
    /// Its epoch.
    pub epoch: i64,
    /// Its hash.
    pub hash: Hash,
    /// What it says.
    pub step: Step,
}

/// An act with its events.
#[derive(Debug, Clone)]
pub struct ArrivedAct {
    /// Office day of the deed.
    pub happened: NaiveDate,
    /// Its events, in order.
    pub events: Vec<Arrived>,
}

/// The row of table `stream`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRow {
    /// Row id: local number of its first event.
    pub id: i64,
    /// Identity.
    pub stream: StreamId,
    /// Register.
    pub kind: String,
    /// Site that wrote its last event.
    pub owner: Id,
    /// Epoch of its last event.
    pub epoch: i64,
    /// Local number of its last event.
    pub head: i64,
    /// Local number of the step it stands at.
    pub tip: i64,
    /// How many events it has.
    pub version: i64,
    /// Code.
    pub code: String,
    /// Words that name it.
    pub title: String,
    /// Office day of the step it stands at.
    pub happened: NaiveDate,
    /// Its birth was taken back.
    pub gone: bool,
    /// Cannot be handled by this program.
    pub frozen: bool,
}

/// What became of one stream.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its row now.
    pub row: StreamRow,
    /// It was born in these acts.
    pub born: bool,
    /// Its state now.
    pub state: Arc<State>,
}

#[derive(Debug)]
enum SpanWork {
    /// Values before, values after, day.
    Steps(Vec<(write::Phase, write::Phase, NaiveDate)>),
    Whole(Spans),
}

#[derive(Debug)]
struct Touched {
    row: StreamRow,
    born: bool,
    old: Option<Arc<State>>,
    now: Option<State>,
    spans: SpanWork,
    /// Earlier events say something else now: to be folded anew.
    rewritten: bool,
}

/// Fills the derived tables inside the caller's transaction.
pub struct Projector<'a> {
    conn: &'a Connection,
    layout: &'a Layout,
    letters: String,
    ids: Ids<'a>,
    counters: Counters,
    search: Search,
}

impl<'a> Projector<'a> {
    /// A projector for one transaction; `letters` are the office's in its codes.
    pub fn new(conn: &'a Connection, layout: &'a Layout, letters: &str) -> Self {
        Self {
            conn,
            layout,
            letters: letters.to_owned(),
            ids: Ids::new(conn),
            counters: Counters::default(),
            search: Search::default(),
        }
    }

    /// Projects acts in their order. `known` gives states the caller has already read.
    pub fn apply(
        &mut self,
        acts: &[ArrivedAct],
        known: &dyn Fn(StreamId) -> Option<Arc<State>>,
    ) -> Result<Vec<Changed>, Fault> {
        let mut order: Vec<StreamId> = Vec::new();
        let mut touched: HashMap<StreamId, Touched> = HashMap::new();
        for act in acts {
            let mut before: HashMap<StreamId, write::Phase> = HashMap::new();
            for event in &act.events {
                let one = match touched.entry(event.stream) {
                    Entry::Occupied(there) => there.into_mut(),
                    Entry::Vacant(slot) => {
                        order.push(event.stream);
                        slot.insert(self.load(event, act, known)?)
                    }
                };
                before
                    .entry(event.stream)
                    .or_insert_with(|| write::phase(one.now.as_ref(), self.layout.flow));
                self.step(one, event, act)?;
            }
            for (stream, phase) in before {
                let Some(one) = touched.get_mut(&stream) else { continue };
                if std::mem::take(&mut one.rewritten) {
                    self.stand_anew(one)?;
                }
                let after = write::phase(one.now.as_ref(), self.layout.flow);
                match &mut one.spans {
                    SpanWork::Steps(steps) => steps.push((phase, after, act.happened)),
                    // Written anew as a whole; later acts of the same batch go on from there.
                    SpanWork::Whole(spans) if !matches!(one.now, Some(State::Gone { .. })) => {
                        spans.note(one.now.as_ref(), self.layout.flow, act.happened);
                    }
                    SpanWork::Whole(_) => {}
                }
            }
        }
        let mut changed = Vec::with_capacity(order.len());
        let mut ready = Vec::with_capacity(order.len());
        // Rows of `stream` first: what is projected next may point at any of them.
        for stream in order {
            let Some(mut one) = touched.remove(&stream) else {
                continue;
            };
            let state = Arc::new(one.now.take().unwrap_or_else(|| fold::gone(None)));
            one.row.gone = matches!(*state, State::Gone { .. });
            state.kind().clone_into(&mut one.row.kind);
            state.code().clone_into(&mut one.row.code);
            let sheet = self.layout.table(state.kind()).map(|t| t.sheet.as_ref());
            one.row.title = rows::title(&state, sheet);
            write::stream(self.conn, &one.row, one.born)?;
            ready.push((one, state));
        }
        self.search.expect(ready.len());
        for (one, state) in ready {
            self.project(&one, &state)?;
            changed.push(Changed {
                row: one.row,
                born: one.born,
                state,
            });
        }
        Ok(changed)
    }

    /// Writes what was gathered over all acts: counters, and the search index or its list of things to do.
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.counters.flush(self.conn)?;
        self.search.flush(self.conn)
    }

    fn load(
        &self,
        event: &Arrived,
        act: &ArrivedAct,
        known: &dyn Fn(StreamId) -> Option<Arc<State>>,
    ) -> Result<Touched, Fault> {
        if event.stream_seq == 1 {
            self.ids.born(event.stream, event.seq);
            let row = StreamRow {
                id: event.seq,
                stream: event.stream,
                kind: String::new(),
                owner: event.site,
                epoch: event.epoch,
                head: event.seq,
                tip: event.seq,
                version: 1,
                code: String::new(),
                title: String::new(),
                happened: act.happened,
                gone: false,
                frozen: false,
            };
            return Ok(Touched {
                row,
                born: true,
                old: None,
                now: None,
                spans: SpanWork::Steps(Vec::new()),
                rewritten: false,
            });
        }
        let row = stream_row(self.conn, event.stream)?.ok_or_else(|| {
            Fault::new(FaultKind::Damaged, format!("事项 {} 在台账里缺少登记", event.stream))
                .hint("请运行 lianneng rebuild。")
        })?;
        let old = match known(event.stream) {
            Some(state) => state,
            None => state_of(self.conn, row.id)?,
        };
        Ok(Touched {
            row,
            born: false,
            now: Some((*old).clone()),
            old: Some(old),
            spans: SpanWork::Steps(Vec::new()),
            rewritten: false,
        })
    }

    fn step(&self, one: &mut Touched, event: &Arrived, act: &ArrivedAct) -> Result<(), Fault> {
        let row = &mut one.row;
        row.owner = event.site;
        row.epoch = event.epoch;
        row.head = event.seq;
        row.version = event.stream_seq;
        match &event.step {
            Step::Event(fact) => {
                let fact = Fact {
                    event: fact,
                    happened: act.happened,
                };
                one.now = evolve(one.now.take(), &fact);
                if fold::is_step(fact.event) {
                    row.tip = event.seq;
                    row.happened = act.happened;
                }
            }
            Step::Unknown => {
                row.frozen = true;
                row.tip = event.seq;
                row.happened = act.happened;
            }
            Step::Reverted(reverted) => {
                if reverted.target().unwrap_or(NO_PARENT) == NO_PARENT {
                    one.now = Some(fold::gone(one.now.as_ref()));
                    one.spans = SpanWork::Whole(Spans::default());
                    row.tip = 0;
                    row.happened = act.happened;
                } else {
                    self.stand_anew(one)?;
                }
            }
            Step::Erased(_) => one.rewritten = true,
        }
        Ok(())
    }

    /// Folds a stream from the log up to the last event met.
    fn stand_anew(&self, one: &mut Touched) -> Result<(), Fault> {
        let stored = fold::read(self.conn, one.row.stream, one.row.head)?;
        if let Some(node) = fold::fold(&stored, self.layout.flow).pop() {
            one.now = node.state;
            one.spans = SpanWork::Whole(node.spans);
            one.row.tip = node.tip;
            one.row.happened = node.happened;
            one.row.frozen = node.frozen;
        }
        Ok(())
    }

    fn project(&mut self, one: &Touched, state: &Arc<State>) -> Result<(), Fault> {
        let id = one.row.id;
        if one.born {
            write::code_number(self.conn, &one.row.code, &self.letters)?;
        }
        if one.old.as_ref() != Some(state) {
            write::state(self.conn, id, state, one.born)?;
            let old = match &one.old {
                Some(old) => rows::rows(old, self.layout, &self.ids)?,
                None => Rows::default(),
            };
            let new = rows::rows(state, self.layout, &self.ids)?;
            let table = self.layout.table(state.kind());
            write::difference(self.conn, id, state.kind(), table.map(Arc::as_ref), &old, &new)?;
            self.counters.difference(state.kind(), &old.counts, &new.counts);
            if self.search.now() {
                let grams = rows::grams(state, self.layout);
                let before = one
                    .old
                    .as_ref()
                    .map(|old| rows::grams(old, self.layout))
                    .unwrap_or_default();
                if before != grams {
                    self.search.put(id, grams);
                }
            } else {
                self.search.later(id);
            }
        }
        match &one.spans {
            SpanWork::Steps(steps) => {
                for (before, after, day) in steps {
                    write::span_step(self.conn, id, *before, *after, *day)?;
                }
            }
            SpanWork::Whole(spans) => write::spans(self.conn, id, spans)?,
        }
        Ok(())
    }
}

/// The row of a stream.
pub fn stream_row(conn: &Connection, stream: StreamId) -> Result<Option<StreamRow>, Fault> {
    let found = conn
        .prepare_cached(
            "SELECT id, kind, owner, epoch, head, tip, version, code, title, happened, gone, frozen
             FROM stream WHERE stream = ?1",
        )?
        .query_row([stream.0], |row| {
            let row = (
                StreamRow {
                    id: row.get(0)?,
                    stream,
                    kind: row.get(1)?,
                    owner: row.get(2)?,
                    epoch: row.get(3)?,
                    head: row.get(4)?,
                    tip: row.get(5)?,
                    version: row.get(6)?,
                    code: row.get(7)?,
                    title: row.get(8)?,
                    happened: NaiveDate::default(),
                    gone: row.get(10)?,
                    frozen: row.get(11)?,
                },
                row.get::<_, String>(9)?,
            );
            Ok(row)
        })
        .optional()?;
    let Some((mut row, happened)) = found else {
        return Ok(None);
    };
    row.happened = fold::day(&happened)?;
    Ok(Some(row))
}

/// The state of the stream with this row id.
pub fn state_of(conn: &Connection, id: i64) -> Result<Arc<State>, Fault> {
    let text: String = conn
        .prepare_cached("SELECT state FROM state WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    parse_state(&text).map(Arc::new)
}

/// A state as stored.
pub fn parse_state(text: &str) -> Result<State, Fault> {
    serde_json::from_str(text).map_err(|error| {
        Fault::new(FaultKind::Damaged, format!("台账里的一项内容不能识读：{error}")).hint("请运行 lianneng rebuild。")
    })
}
