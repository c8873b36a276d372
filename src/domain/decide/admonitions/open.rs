//! Opening a measure: by a person, with the trigger named, or by `follow`.

use super::super::routing::{self, About};
use super::super::warnings::keep_apart;
use super::super::{Desk, args};
use super::{due, full, ladder};
use crate::domain::event::{Event, Named, Proposed, Weighed};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::instrument::{Hearing, Seat};
use crate::domain::state::State;
use crate::domain::vocabulary::{AdmonitionTrigger, Attitude, CadreRank, Circumstance, Instrument, RiskCause};
use crate::domain::world::take_code;

/// What a measure is proposed from.
pub struct Proposal {
    /// Which measure.
    pub kind: Instrument,
    /// Trigger.
    pub trigger: AdmonitionTrigger,
    /// Unit.
    pub unit: StreamId,
    /// 责任人 picked so far.
    pub responsible: Vec<Named>,
    /// Matter it comes from.
    pub origin: Option<StreamId>,
    /// Facts.
    pub facts: String,
    /// Body that proposes it.
    pub proposer: BodyRef,
    /// Who proposes it, where somebody is named (提出人).
    pub proposed_by: Option<Named>,
    /// Body that approves it, before recusal.
    pub approver: BodyRef,
}

/// Opens a measure as proposed. A unit is its subject where the table says unit and leaders, or when nobody is named.
pub fn open(desk: &mut Desk, proposal: Proposal, because: Option<usize>) -> StreamId {
    let both = matches!(proposal.kind, Instrument::Supervision | Instrument::Correction);
    let unit_wide = both || proposal.responsible.is_empty();
    open_case(desk, proposal, unit_wide, Weighed::default(), because)
}

/// The same, with what has been weighed so far.
pub fn open_case(
    desk: &mut Desk,
    proposal: Proposal,
    unit_wide: bool,
    weighed: Weighed,
    because: Option<usize>,
) -> StreamId {
    let Proposal {
        kind,
        trigger,
        unit,
        responsible,
        origin,
        facts,
        proposer,
        proposed_by,
        approver,
    } = proposal;
    let first = if full(desk) && desk.world.policy().rules(kind).hearing.value != Hearing::No {
        "hear"
    } else {
        "approve"
    };
    let event = Event::AdmonitionProposed(Proposed {
        code: take_code(desk.world, kind.terms().prefix, true),
        kind,
        trigger,
        unit,
        approver: recused(desk, approver, unit, &responsible),
        responsible,
        origin,
        facts,
        proposer,
        proposed_by,
        restricts: desk.world.policy().restricted_acts(kind),
        unit_wide,
        weighed,
        due: due(desk, kind, first, desk.happened),
    });
    let id = desk.world.fresh_id();
    desk.record_because(id, event, because);
    id
}

/// The body that approves a measure: by the table, the rank of whoever is highest, and recusal (§0.16, A20).
pub fn approver(
    desk: &Desk,
    kind: Instrument,
    unit: StreamId,
    responsible: &[Named],
    unit_wide: bool,
    raiser: BodyRef,
) -> BodyRef {
    let terms = kind.terms();
    let county = people(unit, responsible).any(|about| routing::rank(desk, about) == CadreRank::County);
    let seat = match (county, unit_wide) {
        (true, _) => terms.county,
        (false, true) => terms.unit_wide,
        (false, false) => terms.approver,
    };
    recused(desk, body_of(desk, seat, unit, raiser), unit, responsible)
}

fn people(unit: StreamId, responsible: &[Named]) -> impl Iterator<Item = About> {
    let nobody = responsible.is_empty().then_some(None);
    let named = responsible.iter().map(|n| n.person);
    named.chain(nobody).map(move |person| About {
        unit,
        post: None,
        person,
    })
}

/// Skips upwards, for each person named, the bodies he leads or sits in.
fn recused(desk: &Desk, body: BodyRef, unit: StreamId, responsible: &[Named]) -> BodyRef {
    let skip = |body, about| routing::recuse(desk, body, about);
    // Twice, because the body put in the place of one may be the other's own.
    let once = people(unit, responsible).fold(body, skip);
    people(unit, responsible).fold(once, skip)
}

/// The body a seat of the table means for a unit.
pub fn body_of(desk: &Desk, seat: Seat, unit: StreamId, raiser: BodyRef) -> BodyRef {
    match seat {
        Seat::Own => routing::implementation(desk, unit),
        Seat::Line => routing::leadership(desk, unit),
        Seat::SteeringOffice => BodyRef::SteeringOffice,
        Seat::Discipline => BodyRef::Discipline,
        Seat::Steering => BodyRef::Steering,
        Seat::TaskForce => BodyRef::TaskForce,
        Seat::Raiser => raiser,
    }
}

/// 三诫勉 by F8 or `admonish`, with the trigger named. 诫勉纠错 only comes from a raised grade (R089).
pub fn admonish(desk: &mut Desk) -> Result<(), Refusal> {
    let kind = args::must_choice(desk, "kind", admonition)?;
    let trigger = args::must_choice(desk, "trigger", AdmonitionTrigger::find)?;
    fits(kind, trigger)?;
    let asked = asked(desk, kind, trigger)?;
    open(desk, asked, None);
    Ok(())
}

/// A step of the ladder or a 诫勉谈话 (§4.5).
pub fn hold_accountable(desk: &mut Desk) -> Result<(), Refusal> {
    let kind = args::must_choice(desk, "kind", |text| {
        Instrument::find(text).filter(|i| Instrument::ACCOUNTABILITY.contains(i))
    })?;
    let trigger = args::must_choice(desk, "trigger", AdmonitionTrigger::find)?;
    let weighed = weighed(desk)?;
    let asked = asked(desk, kind, trigger)?;
    ladder::grounds(desk, kind, trigger, asked.origin, &weighed)?;
    ladder::nothing_open_before(desk, kind, &asked)?;
    let unit_wide = args::flag(desk, "unit_wide")?.unwrap_or(asked.responsible.is_empty());
    let approver = approver(desk, kind, asked.unit, &asked.responsible, unit_wide, asked.approver);
    open_case(desk, Proposal { approver, ..asked }, unit_wide, weighed, None);
    Ok(())
}

/// What was filled in about cause, circumstance, attitude and reason.
pub fn weighed(desk: &Desk) -> Result<Weighed, Refusal> {
    Ok(Weighed {
        cause: args::choice(desk, "cause", RiskCause::find)?,
        circumstance: args::choice(desk, "circumstance", Circumstance::find)?,
        attitude: args::choice(desk, "attitude", Attitude::find)?,
        violation: args::flag(desk, "violation")?,
        reason: args::text(desk, "reason"),
    })
}

/// Unit, people, origin and bodies of a measure somebody asks for.
fn asked(desk: &Desk, kind: Instrument, trigger: AdmonitionTrigger) -> Result<Proposal, Refusal> {
    let origin = match desk.act.targets.first() {
        Some(target) => Some(*target),
        None => origin_by_name(desk)?,
    };
    let former = origin.and_then(|o| desk.state(o));
    let unit = match args::reference(desk, "unit", "unit")? {
        Some(unit) => unit,
        None => former.as_ref().and_then(|s| s.reference("unit")).ok_or_else(|| {
            let verb = desk.act.verb.label();
            Refusal::new("missing_field", format!("“{verb}”缺少“对象单位”")).hint("补填“对象单位”（--unit …）")
        })?,
    };
    let mut responsible = args::people(desk, "responsible")?;
    if let (true, Some(State::Admonition(a))) = (responsible.is_empty(), former.as_deref())
        && kind.register() == "accountability"
    {
        responsible = a.responsible.clone();
    }
    let proposed_by = args::person(desk, "proposed_by")?;
    keep_apart(proposed_by.as_slice(), &responsible, "提出人")?;
    let terms = kind.terms();
    let usual = body_of(desk, terms.proposer, unit, BodyRef::SteeringOffice);
    let unit_wide = responsible.is_empty();
    let approver = approver(desk, kind, unit, &responsible, unit_wide, usual);
    let operator = desk.world.operator();
    let proposer = if operator.serves(usual) {
        usual
    } else if operator.serves(approver) {
        approver
    } else {
        desk.use_right(usual)?;
        desk.acting_for.borrow().unwrap_or(usual)
    };
    Ok(Proposal {
        kind,
        trigger,
        unit,
        responsible,
        origin,
        facts: args::text(desk, "facts"),
        proposer,
        proposed_by,
        approver,
    })
}

fn origin_by_name(desk: &Desk) -> Result<Option<StreamId>, Refusal> {
    let given = args::text(desk, "origin");
    if given.is_empty() {
        return Ok(None);
    }
    let found = StreamId::parse(&given).or_else(|| desk.world.by_code(&given));
    found
        .map(Some)
        .ok_or_else(|| Refusal::new("not_found", format!("没有编号为“{given}”的事项")))
}

fn admonition(text: &str) -> Option<Instrument> {
    Instrument::find(text).filter(|i| Instrument::ADMONITIONS.contains(i))
}

fn fits(kind: Instrument, trigger: AdmonitionTrigger) -> Result<(), Refusal> {
    use AdmonitionTrigger as T;
    if kind == Instrument::Correction {
        return Err(
            Refusal::new("only_by_raising", "诫勉纠错只因等级调高产生，不能单独提出")
                .hint("对预警事项或风险点办“调高等级”，原因选领导工作不力或防范措施不到位"),
        );
    }
    let right = match trigger {
        T::SearchNotDetailed | T::SearchIncomplete | T::SearchInaccurate => Instrument::Reminder,
        T::TaskLate | T::TaskPoor | T::ReminderFailed => Instrument::Supervision,
        T::WeakLeadership | T::MeasuresMissing => Instrument::Correction,
        _ => {
            return Err(
                Refusal::new("wrong_trigger", format!("“{}”不是诫勉的情形", trigger.label())).hint("办“问责处理”"),
            );
        }
    };
    if kind != right {
        return Err(Refusal::new(
            "wrong_trigger",
            format!("“{}”适用{}，不适用{}", trigger.label(), right.label(), kind.label()),
        ));
    }
    Ok(())
}
