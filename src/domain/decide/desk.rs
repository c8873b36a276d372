//! The working area of one act.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{NewEvent, Turned, args, routing, signing};
use crate::domain::act::Act;
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::rights::{Right, Standing, right};
use crate::domain::state::{Fact, State, evolve};
use crate::domain::verb::Verb;
use crate::domain::world::World;

/// The working area of one act: what was asked, what is known, what has been written so far.
pub struct Desk<'w> {
    /// The questions to the world.
    pub world: &'w dyn World,
    /// What was asked.
    pub act: Act,
    /// The office day of the deed.
    pub happened: NaiveDate,
    pub(super) events: Vec<NewEvent>,
    pub(super) overlay: HashMap<StreamId, Arc<State>>,
    pub(super) order: Vec<StreamId>,
    pub(super) about: Cell<Option<routing::About>>,
    pub(super) acting_for: RefCell<Option<BodyRef>>,
    pub(super) required: RefCell<Option<BodyRef>>,
    pub(super) proposes: Cell<bool>,
    pub(super) executing: Option<StreamId>,
    pub(super) rehearsing: bool,
    pub(super) entitled: bool,
    pub(super) notes: Vec<String>,
    pub(super) turned: Vec<Turned>,
    /// Streams that `turned` will turn back.
    pub(super) turning: Vec<StreamId>,
}

impl<'w> Desk<'w> {
    pub(super) fn new(act: &Act, world: &'w dyn World) -> Result<Self, Refusal> {
        let mut desk = Self::looking(world);
        desk.act = act.clone();
        desk.happened = match (act.happened, act.verb) {
            (Some(day), _) => day,
            (None, Verb::Countersign) => args::date(&desk, "signed_on")?.unwrap_or(desk.happened),
            (None, _) => signing::stated_day(act).unwrap_or(desk.happened),
        };
        if desk.happened > world.today() {
            return Err(
                Refusal::new("future_date", format!("发生日期 {} 在今天之后", desk.happened))
                    .hint("填实际发生的日期；今天或以前"),
            );
        }
        if let Some(body) = act.capacity
            && !world.operator().serves(body)
        {
            return Err(Refusal::new("no_right", "当前操作员不代表所选机关").hint("改选本人可代表的机关"));
        }
        Ok(desk)
    }

    /// A desk that only looks: for `available`.
    pub fn looking(world: &'w dyn World) -> Self {
        Self {
            world,
            act: Act::new(Verb::Amend, Vec::new()),
            happened: world.today(),
            events: Vec::new(),
            overlay: HashMap::new(),
            order: Vec::new(),
            about: Cell::new(None),
            acting_for: RefCell::new(None),
            required: RefCell::new(None),
            proposes: Cell::new(false),
            executing: None,
            rehearsing: false,
            entitled: false,
            notes: Vec::new(),
            turned: Vec::new(),
            turning: Vec::new(),
        }
    }

    /// State as it stands after what this act has written so far.
    pub fn state(&self, stream: StreamId) -> Option<Arc<State>> {
        self.overlay.get(&stream).cloned().or_else(|| self.world.state(stream))
    }

    /// State, or the refusal that says the stream is unknown here.
    pub(super) fn known(&self, stream: StreamId) -> Result<Arc<State>, Refusal> {
        self.state(stream)
            .ok_or_else(|| Refusal::new("not_found", "没有这一事项").hint("核对编号；可用“查找”按名称或编号查"))
    }

    /// Streams of a kind that point at `target`, those written by this act included.
    pub(super) fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId> {
        let mut found = self.world.referrers(kind, relation, target);
        for stream in &self.order {
            let Some(state) = self.overlay.get(stream) else {
                continue;
            };
            let points = state.kind() == kind && state.links().contains(&(leak(relation), target));
            match (points, found.contains(stream)) {
                (true, false) => found.push(*stream),
                (false, true) => found.retain(|s| s != stream),
                _ => {}
            }
        }
        found
    }

    /// Writes an event and returns its index.
    pub(super) fn record(&mut self, stream: StreamId, event: Event) -> usize {
        self.record_because(stream, event, None)
    }

    pub(super) fn record_because(&mut self, stream: StreamId, event: Event, because: Option<usize>) -> usize {
        let before = self.state(stream).map(|s| (*s).clone());
        let fact = Fact {
            event: &event,
            happened: self.happened,
        };
        if let Some(after) = evolve(before, &fact)
            && self.overlay.insert(stream, Arc::new(after)).is_none()
        {
            self.order.push(stream);
        }
        self.events.push(NewEvent { stream, event, because });
        self.events.len() - 1
    }

    /// Names the body whose right this step uses; refused when the operator may not use it (§0.28).
    pub(super) fn use_right(&self, body: BodyRef) -> Result<(), Refusal> {
        *self.required.borrow_mut() = Some(body);
        if self.rehearsing || self.entitled {
            return Ok(());
        }
        match self.right_for(body) {
            (Right::Do, capacity) => {
                self.acting_for.borrow_mut().get_or_insert(capacity.unwrap_or(body));
                Ok(())
            }
            (Right::Propose, _) => {
                self.proposes.set(true);
                Err(self.no_right(body))
            }
            (Right::No, _) => Err(self.no_right(body)),
        }
    }

    /// A step that names no body is the committee's of the unit it concerns, or without a unit 指委会办公室's.
    pub(super) fn right_at_all(&self, stream: StreamId) -> Result<(), Refusal> {
        if self.required.borrow().is_some() || self.world.operator().capacities.is_empty() {
            return Ok(());
        }
        let about = self.state(stream).and_then(|state| match &*state {
            State::Record(record) if record.register == "unit" => Some(routing::About::unit(stream)),
            other => routing::About::of(other),
        });
        self.about.set(about);
        let body = about.map_or(BodyRef::SteeringOffice, |a| routing::implementation(self, a.unit));
        self.use_right(body)
    }

    /// The most this operator may do where `body`'s right is needed, and in which capacity.
    pub(super) fn right_for(&self, body: BodyRef) -> (Right, Option<BodyRef>) {
        let operator = self.world.operator();
        if operator.capacities.is_empty() {
            return (Right::Do, self.act.capacity);
        }
        let about = self.about.get();
        let standing = |capacity| Standing {
            capacity,
            required: body,
            own: about.map(|a| routing::implementation(self, a.unit)),
            line: about.map(|a| routing::leadership(self, a.unit)),
        };
        let chosen = self
            .act
            .capacity
            .map_or_else(|| operator.capacities.clone(), |c| vec![c]);
        let rated = chosen
            .into_iter()
            .map(|c| (right(self.act.verb, standing(c)), c == body, c));
        rated
            .max_by_key(|(right, same, _)| (*right, *same))
            .map_or((Right::No, None), |(r, _, c)| (r, Some(c)))
    }

    pub(super) fn no_right(&self, body: BodyRef) -> Refusal {
        let name = self.body_label(body);
        Refusal::new(
            "no_right",
            format!("此步由{name}办理，{}无权办理", self.world.operator().name),
        )
        .hint("由该机关的经办人办理")
    }

    /// Chinese name of a body.
    pub(super) fn body_label(&self, body: BodyRef) -> String {
        let unit = body
            .unit()
            .and_then(|u| self.state(u))
            .map(|s| s.text("name"))
            .unwrap_or_default();
        body.label(&unit)
    }

    /// Nothing is dated before the step it follows (§0.12).
    pub(super) fn not_before_last_step(&self, stream: StreamId, state: &State) -> Result<(), Refusal> {
        match self.world.last_happened(stream) {
            Some(last) if self.happened < last => Err(Refusal::new(
                "before_last_step",
                format!("{}：发生日期 {} 早于上一步（{last}）", state.code(), self.happened),
            )
            .hint("核对日期；上一步日期有误的，先撤回上一步")),
            _ => Ok(()),
        }
    }

    /// The remark and the reason of a late entry, kept with the first stream the act wrote to.
    pub(super) fn note_remarks(&mut self) {
        let text = self.act.note.clone().unwrap_or_default();
        let late_reason = self.act.late_reason;
        if text.is_empty() && late_reason.is_none() {
            return;
        }
        if let Some(first) = self.events.first().map(|e| e.stream) {
            let event = Event::Noted {
                text,
                late_reason,
                paper: String::new(),
                attachments: Vec::new(),
            };
            self.record(first, event);
        }
    }

    /// Paper and files, kept with each matter of the act, or with the first stream it wrote to.
    pub(super) fn note_paper(&mut self) {
        let paper = self.act.paper.clone().unwrap_or_default();
        let attachments: Vec<_> = self
            .act
            .attachments
            .iter()
            .map(crate::domain::attachment::Attached::named)
            .collect();
        if paper.is_empty() && attachments.is_empty() {
            return;
        }
        let wrote_to = |stream: &StreamId| self.events.iter().any(|e| e.stream == *stream);
        let mut streams: Vec<StreamId> = self.act.targets.iter().copied().filter(wrote_to).collect();
        if streams.is_empty() {
            streams.extend(self.events.first().map(|e| e.stream));
        }
        for stream in streams {
            let event = Event::Noted {
                text: String::new(),
                late_reason: None,
                paper: paper.clone(),
                attachments: attachments.clone(),
            };
            self.record(stream, event);
        }
    }
}

/// Relations are a closed list; comparing against it needs the static spelling.
fn leak(relation: &str) -> &'static str {
    [
        "unit", "section", "post", "person", "alias", "point", "origin", "target", "sheet",
    ]
    .into_iter()
    .find(|r| *r == relation)
    .unwrap_or("")
}
