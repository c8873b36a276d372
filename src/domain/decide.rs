//! `decide`: what an act brings about, or why it is refused. Pure; the only place where events are born.

mod admonitions;
mod adopt;
mod appeals;
mod args;
mod consequences;
mod deadline;
mod follow;
mod four_eyes;
mod grades;
mod guard;
mod import;
mod lapses;
mod measures;
mod modified;
mod obligations;
mod observation;
mod points;
mod proposals;
mod publicity;
mod records;
mod reviews;
mod routing;
mod setup;
mod signing;
mod sources;
mod tasks;
mod transfer;
mod warnings;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::act::{Act, Decision};
use super::event::Event;
use super::fault::Refusal;
use super::ids::{BodyRef, StreamId};
use super::rights::{Right, Standing, right};
use super::state::{Fact, State, evolve};
use super::verb::Verb;
use super::viewer;
use super::world::World;

pub use adopt::{CalendarChange, caught_up};
pub use four_eyes::check as other_account;
pub use guard::guard;
pub use lapses::{Lapse, lapses_of, watch_day};
pub use points::suggested_grade;

/// An event to be appended, with the event of the same act that caused it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Stream it belongs to.
    pub stream: StreamId,
    /// What happened.
    pub event: Event,
    /// Index, in this act, of the event it follows from.
    pub because: Option<usize>,
}

/// Whether the act took effect or waits for a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It took effect.
    Done,
    /// 送签: it waits for a signature.
    Pending,
}

/// What an act brings about.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Events in the order in which they are appended.
    pub events: Vec<NewEvent>,
    /// Body whose right was used.
    pub acting_for: Option<BodyRef>,
    /// Done or pending.
    pub effect: Effect,
    /// The 呈批单 that was prepared.
    pub approval_sheet: Option<StreamId>,
    /// The office day of the deed.
    pub happened: NaiveDate,
    /// Sentences worth showing beside the result.
    pub notes: Vec<String>,
    /// Steps that a signature takes back with this act; the log knows how.
    pub turned: Vec<Turned>,
}

/// A step to be taken back in the same act (撤回此步 by 送签).
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    /// The act that waited.
    pub act: Act,
    /// The proposal it waited as.
    pub proposal: StreamId,
    /// Who decided it.
    pub decided: super::event::Decided,
    /// Index, in this act, of the event that accepts it.
    pub because: usize,
}

/// Decides an act and adds what must follow from it.
pub fn decide(act: &Act, world: &dyn World) -> Result<Outcome, Refusal> {
    super::attachment::check(act)?;
    let mut desk = Desk::new(act, world)?;
    let mut effect = Effect::Done;
    let mut sheet = None;
    let signature = act.verb.spec().deciding && signing::asks_for_signature(&desk);
    if signature && act.verb == Verb::Accept {
        sheet = proposals::list(&mut desk)?;
        effect = Effect::Pending;
    } else if signature || (act.verb != Verb::Countersign && may_only_propose(act, world)?) {
        sheet = proposals::propose(&mut desk)?;
        effect = Effect::Pending;
    } else {
        perform(&mut desk)?;
        // What a countersignature brought about has already been followed, proposal by proposal.
        if act.verb != Verb::Countersign {
            follow::follow(&mut desk, 0)?;
        }
    }
    // What waits carries its paper and files itself; they are noted where the step is, once it is done.
    if effect == Effect::Done {
        desk.note_paper();
    }
    desk.note_remarks();
    if desk.events.is_empty() {
        return Err(Refusal::new("nothing_changed", "没有需要改动的内容").hint("核对所填内容后再办理"));
    }
    Ok(Outcome {
        acting_for: desk.acting_for.borrow().or(act.capacity),
        events: desk.events,
        effect,
        approval_sheet: sheet,
        happened: desk.happened,
        notes: desk.notes,
        turned: desk.turned,
    })
}

/// True when the operator's capacity allows no more than a proposal (§0.6); his decision then claims nothing.
fn may_only_propose(act: &Act, world: &dyn World) -> Result<bool, Refusal> {
    if world.operator().capacities.is_empty() {
        return Ok(false);
    }
    let mut trial = Desk::new(act, world)?;
    let outcome = perform(&mut trial);
    let proposes = trial.proposes.get();
    if proposes { Ok(true) } else { outcome.map(|()| false) }
}

/// Runs the act on every target, as if it were signed.
fn perform(desk: &mut Desk) -> Result<(), Refusal> {
    let act = desk.act.clone();
    let spec = act.verb.spec();
    if spec.kinds.is_empty()
        && !matches!(act.verb, Verb::Admonish | Verb::HoldAccountable | Verb::Lapse)
        && act.targets.is_empty()
    {
        match act.verb {
            Verb::Found => setup::found(desk),
            Verb::ConfirmDate => setup::confirm_date(desk),
            Verb::Adopt => adopt::adopt(desk),
            Verb::Import => import::import(desk),
            Verb::Create => records::create(desk),
            Verb::Draft => points::draft(desk),
            Verb::Register => warnings::register(desk),
            Verb::IssueTask => tasks::issue(desk),
            other => Err(Refusal::new("not_here", format!("“{}”不在此处办理", other.label()))),
        }?;
        let named = desk.required.borrow().is_some();
        for written in desk.order.clone().into_iter().filter(|_| !named) {
            *desk.required.borrow_mut() = None;
            desk.right_at_all(written)?;
        }
        return Ok(());
    }
    if act.verb == Verb::Lapse {
        return lapses::lapse(desk);
    }
    if act.verb == Verb::Admonish {
        return admonitions::admonish(desk);
    }
    if act.verb == Verb::HoldAccountable {
        return admonitions::hold_accountable(desk);
    }
    if act.targets.is_empty() {
        return Err(Refusal::new("missing_target", format!("“{}”没有指明事项", act.verb.label())).hint("写明事项编号"));
    }
    for target in act.targets {
        let state = desk.known(target)?;
        guard::guard(act.verb, target, &state, desk)?;
        desk.not_before_last_step(target, &state)?;
        desk.about.set(routing::About::of(&state));
        *desk.required.borrow_mut() = None;
        if viewer::hidden(&state, desk.world.operator(), desk.world) {
            return Err(Refusal::new("recused", "本事项依回避规定不由您办理").hint("由上级机关的经办人办理"));
        }
        match &*state {
            State::RiskPoint(point) => points::step(desk, target, point)?,
            State::Measure(measure) => measures::step(desk, target, measure)?,
            State::Task(task) => tasks::step(desk, target, task)?,
            State::Warning(warning) => warnings::step(desk, target, warning)?,
            State::Admonition(admonition) => admonitions::step(desk, target, admonition)?,
            State::Appeal(appeal) => appeals::step(desk, target, appeal)?,
            State::ApprovalSheet(_) => proposals::countersign(desk, target, &state)?,
            State::Proposal(proposal) => proposals::answer(desk, target, proposal)?,
            State::Obligation(obligation) => obligations::step(desk, target, obligation)?,
            State::Record(record) => records::step(desk, target, record)?,
            State::Adoption(_) | State::Gone { .. } => {
                return Err(Refusal::new("not_here", "该事项不能办理"));
            }
        }
        desk.right_at_all(target)?;
        four_eyes::check(desk, act.verb, target, &state)?;
    }
    Ok(())
}

/// The working area of one act: what was asked, what is known, what has been written so far.
pub struct Desk<'w> {
    /// The questions to the world.
    pub world: &'w dyn World,
    /// What was asked.
    pub act: Act,
    /// The office day of the deed.
    pub happened: NaiveDate,
    events: Vec<NewEvent>,
    overlay: HashMap<StreamId, Arc<State>>,
    order: Vec<StreamId>,
    about: Cell<Option<routing::About>>,
    acting_for: RefCell<Option<BodyRef>>,
    required: RefCell<Option<BodyRef>>,
    proposes: Cell<bool>,
    executing: Option<StreamId>,
    rehearsing: bool,
    entitled: bool,
    notes: Vec<String>,
    turned: Vec<Turned>,
    /// Streams that `turned` will turn back.
    turning: Vec<StreamId>,
}

impl<'w> Desk<'w> {
    fn new(act: &Act, world: &'w dyn World) -> Result<Self, Refusal> {
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
    fn known(&self, stream: StreamId) -> Result<Arc<State>, Refusal> {
        self.state(stream)
            .ok_or_else(|| Refusal::new("not_found", "没有这一事项").hint("核对编号；可用“查找”按名称或编号查"))
    }

    /// Streams of a kind that point at `target`, those written by this act included.
    fn referrers(&self, kind: &str, relation: &str, target: StreamId) -> Vec<StreamId> {
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
    fn record(&mut self, stream: StreamId, event: Event) -> usize {
        self.record_because(stream, event, None)
    }

    fn record_because(&mut self, stream: StreamId, event: Event, because: Option<usize>) -> usize {
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
    fn use_right(&self, body: BodyRef) -> Result<(), Refusal> {
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
    fn right_at_all(&self, stream: StreamId) -> Result<(), Refusal> {
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
    fn right_for(&self, body: BodyRef) -> (Right, Option<BodyRef>) {
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

    fn no_right(&self, body: BodyRef) -> Refusal {
        let name = self.body_label(body);
        Refusal::new(
            "no_right",
            format!("此步由{name}办理，{}无权办理", self.world.operator().name),
        )
        .hint("由该机关的经办人办理")
    }

    /// Chinese name of a body.
    fn body_label(&self, body: BodyRef) -> String {
        let unit = body
            .unit()
            .and_then(|u| self.state(u))
            .map(|s| s.text("name"))
            .unwrap_or_default();
        body.label(&unit)
    }

    /// Nothing is dated before the step it follows (§0.12).
    fn not_before_last_step(&self, stream: StreamId, state: &State) -> Result<(), Refusal> {
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
    fn note_remarks(&mut self) {
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
    fn note_paper(&mut self) {
        let paper = self.act.paper.clone().unwrap_or_default();
        let attachments: Vec<_> = self
            .act
            .attachments
            .iter()
            .map(super::attachment::Attached::named)
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

/// True when the act will ask for a signature first.
fn submits(act: &Act) -> bool {
    matches!(act.decision, None | Some(Decision::Submit))
}

/// Who decided an act that the ledger carries out itself (撤回此步), in the name of `body`.
pub fn decided_by(act: &Act, body: BodyRef, world: &dyn World) -> Result<super::event::Decided, Refusal> {
    let desk = Desk::new(act, world)?;
    signing::decided(&desk, body, &[])
}

/// 送签 of an act that the ledger carries out itself (撤回此步): it waits as a proposal for `body`.
pub fn ask_signature(act: &Act, body: BodyRef, world: &dyn World) -> Result<Outcome, Refusal> {
    let mut desk = Desk::new(act, world)?;
    let sheet = proposals::wait(&mut desk, body)?;
    desk.note_remarks();
    Ok(Outcome {
        acting_for: act.capacity.or(Some(body)),
        events: desk.events,
        effect: Effect::Pending,
        approval_sheet: sheet,
        happened: desk.happened,
        notes: desk.notes,
        turned: Vec::new(),
    })
}
