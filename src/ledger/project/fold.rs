//! A stream's events folded to its state, with steps taken back: `Reverted { to }` is the ledger's business, not
//! `evolve`'s (`ledger.md` §1).

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::rows::{open, shown_stage};
use crate::domain::event::{Decided, Event};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::policy::Flow;
use crate::domain::state::{Fact, evolve};
use crate::domain::world::Recorded;
use crate::domain::{RevertReason, State, StreamId};
use crate::ledger::chain::{Hash, NO_PARENT};
use crate::ledger::erase::{BodyErased, ERASED, ERASED_VERSION};
use crate::ledger::hex;

/// Kind of the event that takes a stream back to an earlier one.
pub const REVERTED: &str = "reverted";
/// Version it is written with.
pub const REVERTED_VERSION: i64 = 1;

/// Body of a `reverted` event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverted {
    /// Hash of the event the stream stands at afterwards, as hex; zeros = before its birth.
    pub to: String,
    /// Why, when a step was taken back on purpose (撤回此步).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RevertReason>,
    /// Who decided that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// A free remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Reverted {
    /// Back to this event.
    pub fn to(hash: &Hash) -> Self {
        Self {
            to: hex::encode(hash),
            reason: None,
            decided: None,
            note: None,
        }
    }

    /// The event it goes back to.
    pub fn target(&self) -> Option<Hash> {
        hex::decode(&self.to)
    }
}

/// What one stored event says.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Something happened.
    Event(Box<Event>),
    /// Something was taken back.
    Reverted(Reverted),
    /// The content of an earlier event was erased; the stream stands where it stood.
    Erased(BodyErased),
    /// Written by a newer program: kept, and the stream cannot be handled here.
    Unknown,
}

impl Step {
    /// Reads a stored event; never fails.
    pub fn read(kind: &str, version: i64, body: &str) -> Self {
        if kind == REVERTED {
            let read = (version == REVERTED_VERSION)
                .then(|| serde_json::from_str(body).ok())
                .flatten();
            return read.map_or(Self::Unknown, Self::Reverted);
        }
        if kind == ERASED {
            let read = (version == ERASED_VERSION)
                .then(|| serde_json::from_str(body).ok())
                .flatten();
            return read.map_or(Self::Unknown, Self::Erased);
        }
        Event::decode(kind, version, body).map_or(Self::Unknown, |event| Self::Event(Box::new(event)))
    }
}

/// One stored event with what its act says, as folding needs it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Local number.
    pub seq: i64,
    /// Local number of its act.
    pub act: i64,
    /// Its hash.
    pub hash: Hash,
    /// Verb of its act.
    pub verb: String,
    /// Office day of its act.
    pub happened: NaiveDate,
    /// What it says.
    pub step: Step,
}

/// The stream after one of its events.
#[derive(Debug, Clone)]
pub struct Node {
    /// The event's local number.
    pub seq: i64,
    /// Its act.
    pub act: i64,
    /// Its hash.
    pub hash: Hash,
    /// State then.
    pub state: Option<State>,
    /// Event whose state this is: its own hash, or that of the event it was taken back to.
    pub at: Hash,
    /// Step the stream stands at: the last one not taken back; 0 = before its birth.
    pub tip: i64,
    /// Office day of the step it stands at.
    pub happened: NaiveDate,
    /// Grade and stage by days.
    pub spans: Spans,
    /// Something in it could not be read.
    pub frozen: bool,
}

/// When a stream had which grade and stage: each holds from its day until the next one's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans {
    /// Grades; `None` = none any more.
    pub grades: Vec<(Option<&'static str>, NaiveDate)>,
    /// Stages.
    pub stages: Vec<(Option<&'static str>, NaiveDate)>,
    /// Whether it asked somebody for something.
    pub open: Vec<(Option<&'static str>, NaiveDate)>,
}

impl Spans {
    /// Notes what holds after an act.
    pub fn note(&mut self, state: Option<&State>, flow: Flow, day: NaiveDate) {
        fn put(list: &mut Vec<(Option<&'static str>, NaiveDate)>, value: Option<&'static str>, day: NaiveDate) {
            if list.last().and_then(|(last, _)| *last) != value {
                list.push((value, day));
            }
        }
        put(&mut self.grades, grade_of(state), day);
        put(&mut self.stages, stage_of(state, flow), day);
        put(&mut self.open, asks(state), day);
    }
}

/// The grade that counts for spans.
pub fn grade_of(state: Option<&State>) -> Option<&'static str> {
    state.and_then(State::grade).map(crate::domain::Grade::id)
}

/// The stage that counts for spans.
pub fn stage_of(state: Option<&State>, flow: Flow) -> Option<&'static str> {
    state.and_then(|s| shown_stage(s, flow))
}

/// Whether a point stands in queues. Matters have no such span: they are few and folded.
pub fn asks(state: Option<&State>) -> Option<&'static str> {
    let point = state.filter(|state| matches!(state, State::RiskPoint(_)));
    point.filter(|state| open(state)).map(|_| "open")
}

/// The state of a stream whose birth was taken back.
pub fn gone(state: Option<&State>) -> State {
    State::Gone {
        kind: state.map(|s| s.kind().to_owned()).unwrap_or_default(),
        code: state.map(|s| s.code().to_owned()).unwrap_or_default(),
    }
}

/// Folds a stream's events, oldest first.
pub fn fold(events: &[Stored], flow: Flow) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::with_capacity(events.len());
    for (at, stored) in events.iter().enumerate() {
        let before = nodes.last();
        let frozen = before.is_some_and(|n| n.frozen) || stored.step == Step::Unknown;
        let mut node = Node {
            seq: stored.seq,
            act: stored.act,
            hash: stored.hash,
            state: before.and_then(|n| n.state.clone()),
            at: stored.hash,
            tip: stored.seq,
            happened: stored.happened,
            spans: before.map(|n| n.spans.clone()).unwrap_or_default(),
            frozen,
        };
        match &stored.step {
            Step::Event(event) => {
                let fact = Fact {
                    event,
                    happened: stored.happened,
                };
                node.state = evolve(node.state, &fact);
                if let (false, Some(before)) = (is_step(event), before) {
                    node.tip = before.tip;
                    node.happened = before.happened;
                }
            }
            Step::Reverted(reverted) => {
                let target = reverted.target().unwrap_or(NO_PARENT);
                match nodes.iter().find(|n| n.hash == target) {
                    Some(earlier) => {
                        node.state.clone_from(&earlier.state);
                        node.spans.clone_from(&earlier.spans);
                        node.at = earlier.at;
                        node.tip = earlier.tip;
                        node.happened = earlier.happened;
                    }
                    None => {
                        node.at = NO_PARENT;
                        node.state = Some(gone(node.state.as_ref()));
                        node.spans = Spans::default();
                        node.tip = 0;
                    }
                }
            }
            Step::Erased(_) => {
                if let Some(before) = nodes.last() {
                    node.tip = before.tip;
                    node.happened = before.happened;
                }
            }
            Step::Unknown => {}
        }
        let last_of_act = events.get(at + 1).is_none_or(|next| next.act != stored.act);
        if last_of_act && !matches!(node.state, Some(State::Gone { .. })) {
            node.spans.note(node.state.as_ref(), flow, stored.happened);
        }
        nodes.push(node);
    }
    nodes
}

/// The state a stream had at the end of a day, by the events it stands on now: what was taken back never was. None
/// before its birth.
pub fn state_on(conn: &Connection, stream: StreamId, flow: Flow, day: NaiveDate) -> Result<Option<State>, Fault> {
    let events = read(conn, stream, i64::MAX)?;
    let mut nodes = fold(&events, flow);
    let mut left = events.len();
    while let Some(at) = left.checked_sub(1) {
        if let Step::Reverted(reverted) = &events[at].step {
            let target = reverted.target();
            left = nodes.iter().position(|n| Some(n.hash) == target).map_or(0, |to| to + 1);
        } else if events[at].happened <= day {
            return Ok(nodes.swap_remove(at).state);
        } else {
            left = at;
        }
    }
    Ok(None)
}

/// The steps a stream stands on now, with the accounts that recorded them; what was taken back never was.
pub fn recorded(conn: &Connection, stream: StreamId) -> Result<Vec<Recorded>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.kind, a.operator, e.hash, e.version, CASE WHEN e.kind = ?2 THEN b.body ELSE '' END
         FROM event e JOIN act a ON a.seq = e.act JOIN event_body b ON b.seq = e.seq
         WHERE e.stream = ?1 ORDER BY e.stream_seq, e.seq",
    )?;
    let mut rows = statement.query((stream.0, REVERTED))?;
    // The way back from any event: what the stream stood on after it.
    let mut after: Vec<(Hash, Vec<Recorded>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, account): (String, String) = (row.get(0)?, row.get(1)?);
        let mut stands = after.last().map(|(_, stands)| stands.clone()).unwrap_or_default();
        if kind == REVERTED {
            let body: String = row.get(4)?;
            if let Step::Reverted(reverted) = Step::read(&kind, row.get(3)?, &body) {
                let target = reverted.target();
                let earlier = after.iter().find(|(hash, _)| Some(*hash) == target);
                stands = earlier.map(|(_, stands)| stands.clone()).unwrap_or_default();
            }
        } else {
            stands.push(Recorded { kind, account });
        }
        after.push((row.get(2)?, stands));
    }
    Ok(after.pop().map(|(_, stands)| stands).unwrap_or_default())
}

/// False for what happens to a matter from outside: nobody took a step, so later steps may be dated before it, and
/// those before it can be taken back.
pub fn is_step(event: &Event) -> bool {
    !matches!(
        event,
        Event::DueMoved { .. } | Event::SourceRead { .. } | Event::SourceErased { .. }
    )
}

/// Undo and redo are not told as steps of their own: what they took back is marked instead.
pub fn is_transparent(verb: &str) -> bool {
    matches!(verb, "undo" | "redo")
}

/// The stored events of a stream, up to a local number.
pub fn read(conn: &Connection, stream: StreamId, upto: i64) -> Result<Vec<Stored>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT e.seq, e.act, e.hash, a.happened, e.kind, e.version, b.body, a.verb
         FROM event e JOIN act a ON a.seq = e.act JOIN event_body b ON b.seq = e.seq
         WHERE e.stream = ?1 AND e.seq <= ?2 ORDER BY e.stream_seq, e.seq",
    )?;
    let mut rows = statement.query((stream.0, upto))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let happened: String = row.get(3)?;
        let kind: String = row.get(4)?;
        let body: String = row.get(6)?;
        found.push(Stored {
            seq: row.get(0)?,
            act: row.get(1)?,
            hash: row.get(2)?,
            verb: row.get(7)?,
            happened: day(&happened)?,
            step: Step::read(&kind, row.get(5)?, &body),
        });
    }
    Ok(found)
}

/// A day as stored.
pub fn day(text: &str) -> Result<NaiveDate, Fault> {
    text.parse().map_err(|_| {
        Fault::new(FaultKind::Damaged, format!("日志里的日期“{text}”不能识读")).hint("请运行 lianneng verify。")
    })
}
