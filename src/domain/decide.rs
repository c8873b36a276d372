//! `decide`: what an act brings about, or why it is refused. Pure; the only place where events are born.

mod admonitions;
mod adopt;
mod appeals;
mod args;
mod consequences;
mod deadline;
mod desk;
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

use chrono::NaiveDate;

use super::act::{Act, Decision};
use super::event::Event;
use super::fault::Refusal;
use super::ids::{BodyRef, StreamId};
use super::state::State;
use super::verb::Verb;
use super::viewer;
use super::world::World;

pub use adopt::{CalendarChange, caught_up};
pub use desk::Desk;
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
