//! What time causes (ledger.md §1): lapses, automatic ends, overdue proposals, by the operator `clock`.

use chrono::NaiveDate;

use super::Desk;
use super::admonitions::{self, Proposal as Opening};
use super::routing::{self, About};
use super::{obligations, proposals, reviews};
use crate::domain::act::Act;
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::obligation::ObligationRule;
use crate::domain::point::PointStage;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{AdmonitionTrigger, DueOwner, Grade, Instrument};
use crate::domain::world::World;

/// One thing that time has caused and nobody has written down yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// Which rule.
    pub rule: &'static str,
    /// Whose deadline ran out.
    pub stream: StreamId,
    /// The day that ran out: the `happened` of the act, and part of its identity.
    pub due: NaiveDate,
}

impl Lapse {
    /// The act the clock submits for it.
    pub fn act(&self) -> Act {
        Act::new(Verb::Lapse, vec![self.stream])
            .with("rule", self.rule)
            .on(self.due)
    }
}

/// The earliest day after which time may cause something for this stream; the ledger looks at no others.
pub fn watch_day(state: &State) -> Option<NaiveDate> {
    let subject_due =
        |due: Option<&crate::domain::event::Due>| due.filter(|d| d.owner == DueOwner::Subject).map(|d| d.day);
    match state {
        State::Warning(w) if w.stage.live() => {
            let raise = subject_due(w.due.as_ref()).filter(|_| w.stage.in_force() && w.grade != Some(Grade::Red));
            w.unratified
                .as_ref()
                .map(|(_, due)| due.day)
                .into_iter()
                .chain(raise)
                .min()
        }
        State::RiskPoint(p) if !p.stage.ended() => {
            let end = p
                .published
                .map(|(_, to)| to)
                .filter(|_| p.stage == PointStage::Published);
            p.unratified
                .as_ref()
                .map(|(_, due)| due.day)
                .into_iter()
                .chain(end)
                .min()
        }
        State::Task(t) if t.reminded > 0 => subject_due(t.due.as_ref()),
        State::Admonition(a) if a.awaits_verification() => a.due.as_ref().map(|d| d.day),
        _ => None,
    }
}

/// What time has caused for one stream by today.
pub fn lapses_of(stream: StreamId, state: &State, world: &dyn World) -> Vec<Lapse> {
    let today = world.today();
    let mut found = Vec::new();
    let unratified = match state {
        State::Warning(w) if w.stage.live() => w.unratified.as_ref(),
        State::RiskPoint(p) if !p.stage.ended() => p.unratified.as_ref(),
        _ => None,
    };
    if let Some((_, due)) = unratified
        && due.day < today
    {
        found.push(Lapse {
            rule: "not_ratified",
            stream,
            due: due.day,
        });
    }
    match state {
        State::RiskPoint(p) if p.stage == PointStage::Published && p.open_objections == 0 => {
            if let Some((_, to)) = p.published
                && to < today
            {
                found.push(Lapse {
                    rule: "publicity_ended",
                    stream,
                    due: to,
                });
            }
        }
        State::Warning(w) if w.stage.in_force() && w.grade.is_some_and(|g| g != Grade::Red) => {
            let limit = world.policy().overdue_raise_workdays.value;
            if let Some(due) = w.due.as_ref().filter(|d| d.owner == DueOwner::Subject) {
                let day = world.calendar().add_workdays(due.day, limit).day;
                if day < today && !already_proposed(stream, "rectification_overdue", world) {
                    found.push(Lapse {
                        rule: "rectification_overdue",
                        stream,
                        due: day,
                    });
                }
            }
        }
        State::Task(t) if t.reminded > 0 => {
            let limit = world.policy().overdue_task_workdays.value;
            if let Some(due) = t.due.as_ref().filter(|d| d.owner == DueOwner::Subject) {
                let day = world.calendar().add_workdays(due.day, limit).day;
                if day < today && world.referrers("admonition", "origin", stream).is_empty() {
                    found.push(Lapse {
                        rule: "task_overdue",
                        stream,
                        due: day,
                    });
                }
            }
        }
        State::Admonition(a) if a.awaits_verification() => {
            let limit = world.policy().late_verification_workdays.value;
            if let Some(due) = &a.due {
                let day = world.calendar().add_workdays(due.day, limit).day;
                if day < today && !told_late(stream, a.reported_on, world) {
                    found.push(Lapse {
                        rule: "verification_late",
                        stream,
                        due: day,
                    });
                }
            }
        }
        State::Record(r) if r.register == "unit" && !r.void => found.extend(reviews::opened(stream, world)),
        _ => {}
    }
    found
}

/// 指委会办公室 was already told that this report waits.
fn told_late(stream: StreamId, reported: Option<NaiveDate>, world: &dyn World) -> bool {
    world.referrers("obligation", "origin", stream).into_iter().any(|o| {
        matches!(world.state(o).as_deref(), Some(State::Obligation(x))
            if x.rule == ObligationRule::LateVerification && x.since >= reported)
    })
}

fn already_proposed(stream: StreamId, rule: &str, world: &dyn World) -> bool {
    world.referrers("proposal", "target", stream).into_iter().any(|p| {
        matches!(world.state(p).as_deref(), Some(State::Proposal(x)) if x.rule.as_deref() == Some(rule) && x.stage.open())
    })
}

/// Writes down one lapse; refused when it is not (or no longer) true.
pub fn lapse(desk: &mut Desk) -> Result<(), Refusal> {
    let Some(stream) = desk.act.targets.first().copied() else {
        return Err(Refusal::new("missing_target", "“到期”没有指明事项"));
    };
    let state = desk.known(stream)?;
    let rule = super::args::text(desk, "rule");
    let true_now = lapses_of(stream, &state, desk.world)
        .into_iter()
        .find(|l| l.rule == rule);
    let Some(found) = true_now else {
        return Err(Refusal::new(
            "nothing_changed",
            format!("{} 没有到期须记的事", state.code()),
        ));
    };
    match (found.rule, &*state) {
        ("not_ratified", State::Warning(w)) => {
            if let Some((back_to, _)) = &w.unratified {
                let duties = routing::duties(desk, *back_to, about(&state)?);
                let index = desk.record(
                    stream,
                    Event::RaiseLapsed {
                        back_to: *back_to,
                        duties,
                    },
                );
                withdraw_corrections(desk, stream, index);
            }
        }
        ("not_ratified", State::RiskPoint(p)) => {
            if let Some((back_to, _)) = &p.unratified {
                let duties = routing::duties(desk, *back_to, about(&state)?);
                let index = desk.record(
                    stream,
                    Event::RaiseLapsed {
                        back_to: *back_to,
                        duties,
                    },
                );
                withdraw_corrections(desk, stream, index);
            }
        }
        (reviews::OPENED, _) => reviews::open(desk, stream)?,
        ("publicity_ended", _) => {
            desk.record(stream, Event::PublicityEnded {});
        }
        ("rectification_overdue", _) => {
            proposals::propose_by_rule(desk, stream, found.rule, "overdue", None);
        }
        ("verification_late", State::Admonition(a)) => {
            let text = format!("{} 已提交整改，核验逾期，对象仍在限制期内", a.code);
            let rule = ObligationRule::LateVerification;
            obligations::open(desk, rule, stream, BodyRef::SteeringOffice, text, None);
        }
        ("task_overdue", State::Task(task)) => {
            let unit = state
                .reference("unit")
                .ok_or_else(|| Refusal::new("incomplete", "任务没有单位"))?;
            let opening = Opening {
                kind: Instrument::Supervision,
                trigger: AdmonitionTrigger::TaskLate,
                unit,
                responsible: Vec::new(),
                origin: Some(stream),
                facts: format!("{} 催办后逾期未落实", task.code),
                proposer: BodyRef::SteeringOffice,
                proposed_by: None,
                approver: BodyRef::SteeringOffice,
            };
            admonitions::open(desk, opening, None);
        }
        _ => {}
    }
    Ok(())
}

fn about(state: &State) -> Result<About, Refusal> {
    About::of(state).ok_or_else(|| Refusal::new("incomplete", format!("{} 没有单位", state.code())))
}

/// A raise that lapsed takes its only proposed 诫勉纠错 with it.
fn withdraw_corrections(desk: &mut Desk, origin: StreamId, because: usize) {
    for (id, admonition) in admonitions::from_origin(desk, origin) {
        if admonition.kind == Instrument::Correction && admonition.served_on.is_none() && admonition.stage.live() {
            desk.record_because(
                id,
                Event::Voided {
                    reason: "紧急调高未获追认，已失效".into(),
                },
                Some(because),
            );
        }
    }
}
