//! What must follow from events, in the same act: new streams, never a transition in somebody else's (ledger.md §1).

use super::admonitions::{self, Proposal};
use super::{Desk, args, consequences, records, reviews};
use crate::domain::admonition::AdmonitionStage;
use crate::domain::event::{Event, GradeMove};
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::state::State;
use crate::domain::vocabulary::{AdmonitionTrigger, GradeCause, Instrument, UnitKind};

/// Adds consequences of the events from `start` on, and of those consequences, until nothing more follows.
pub fn follow(desk: &mut Desk, start: usize) -> Result<(), Refusal> {
    let mut next = start;
    while next < desk.events.len() {
        if matters(&desk.events[next].event) {
            let new = desk.events[next].clone();
            one(desk, new.stream, &new.event, new.because, next)?;
        }
        next += 1;
    }
    reviews::settle(desk);
    Ok(())
}

/// Cheap first look, because an import brings a hundred thousand events from which nothing follows.
fn matters(event: &Event) -> bool {
    match event {
        Event::RecordSaved { register, code, .. } => {
            code.is_none() || matches!(register.as_str(), "unit" | "appointment")
        }
        Event::PointImported { .. }
        | Event::MeasureAdded { .. }
        | Event::WarningImported { .. }
        | Event::TaskImported { .. } => false,
        _ => true,
    }
}

fn one(desk: &mut Desk, stream: StreamId, event: &Event, because: Option<usize>, index: usize) -> Result<(), Refusal> {
    match event {
        Event::WarningGradeRaised(change) => {
            raised(desk, stream, change, index)?;
            consequences::owe_minutes(desk, stream, &change.decided, index);
        }
        Event::PointGradeRaised(change) => {
            // A point raised along with its warning brings no second 诫勉纠错 (A12).
            if because.is_none() {
                raised(desk, stream, change, index)?;
                consequences::owe_minutes(desk, stream, &change.decided, index);
            }
            consequences::raised_twice(desk, stream, index);
        }
        Event::WarningReleased { decided, .. } | Event::PointGraded { decided, .. } => {
            consequences::owe_minutes(desk, stream, decided, index);
        }
        Event::RecordSaved {
            register, code, fields, ..
        } => {
            if register == "unit" && code.is_some() {
                committees_of(desk, stream, index);
            }
            consequences::look_again(desk, stream, register, fields, code.is_some(), index);
        }
        Event::AdmonitionFailed { .. } => admonitions::after_failure(desk, stream, index),
        Event::AdmonitionServed(_) => admonitions::after_service(desk, stream, index),
        Event::TaskClosed { outcome, opinion } => admonitions::after_task(desk, stream, *outcome, opinion, index),
        Event::AppealAnswered(answer) => {
            admonitions::after_appeal(desk, stream, answer, index);
            close_proposals(desk, stream, index);
        }
        Event::PointReturned { kind, .. } => consequences::after_return(desk, stream, *kind, index),
        Event::WarningRegistered { .. } => consequences::aggregate(desk, stream, index),
        Event::Verified { passed: false, .. } => consequences::failed_again(desk, stream, index),
        Event::WarningLifted { .. } => {
            consequences::owe_source_reply(desk, stream, index);
            close_proposals(desk, stream, index);
        }
        Event::ReportRejected { .. }
        | Event::WarningMerged { .. }
        | Event::WarningDeclined { .. }
        | Event::WarningWithdrawn { .. }
        | Event::ClueTransferred { .. }
        | Event::AdmonitionRejected { .. }
        | Event::AdmonitionReplaced { .. }
        | Event::AdmonitionRevoked { .. }
        | Event::AdmonitionLifted { .. }
        | Event::AdmonitionSucceeded { .. }
        | Event::SubjectDeparted { .. }
        | Event::AppealDecided { .. }
        | Event::PointDischarged { .. }
        | Event::PointRetired { .. }
        | Event::PointMerged { .. }
        | Event::Voided { .. } => close_proposals(desk, stream, index),
        _ => {}
    }
    Ok(())
}

/// R089, §0.26: raised because of weak leadership or missing measures → a 诫勉纠错 is proposed.
fn raised(desk: &mut Desk, origin: StreamId, change: &GradeMove, because: usize) -> Result<(), Refusal> {
    if !change.cause.brings_correction() {
        return Ok(());
    }
    let Some(state) = desk.state(origin) else { return Ok(()) };
    let Some(unit) = state.reference("unit") else {
        return Ok(());
    };
    let responsible = args::people(desk, "responsible")?;
    let trigger = match change.cause {
        GradeCause::WeakLeadership => AdmonitionTrigger::WeakLeadership,
        _ => AdmonitionTrigger::MeasuresMissing,
    };
    let facts = format!(
        "{}等级由{}调至{}，原因：{}{}{}",
        state.code(),
        change.from.label(),
        change.to.label(),
        change.cause.label(),
        if change.facts.is_empty() { "" } else { "。" },
        change.facts,
    );
    let body = change.decided.body;
    let earlier = admonitions::from_origin(desk, origin);
    let proposal = Proposal {
        kind: Instrument::Correction,
        trigger,
        unit,
        responsible,
        origin: Some(origin),
        facts,
        proposer: body,
        proposed_by: None,
        approver: body,
    };
    let id = admonitions::open(desk, proposal, Some(because));
    for (old, admonition) in earlier {
        let only_proposed = matches!(admonition.stage, AdmonitionStage::Proposed | AdmonitionStage::Heard);
        if admonition.kind == Instrument::Correction && only_proposed {
            desk.record_because(old, Event::AdmonitionReplaced { by: id }, Some(because));
        }
    }
    Ok(())
}

/// A new unit brings its 推委会, a street or community its 社监会 too; seats stay vacant (R020, R025, A05).
fn committees_of(desk: &mut Desk, unit: StreamId, because: usize) {
    let Some(state) = desk.state(unit) else { return };
    let kind = UnitKind::find(&state.text("kind")).unwrap_or(UnitKind::Department);
    let mut bodies = Vec::new();
    if kind != UnitKind::Community {
        bodies.push(crate::domain::BodyRef::Implementation(unit));
    }
    if matches!(kind, UnitKind::Street | UnitKind::Community) {
        bodies.push(crate::domain::BodyRef::Social(unit));
    }
    for body in bodies {
        records::found_body(desk, body, Some((unit, &state.text("name"))), Some(because));
    }
}

/// A proposal ends visibly when its matter ends otherwise (§0.25).
fn close_proposals(desk: &mut Desk, stream: StreamId, because: usize) {
    let Some(state) = desk.state(stream) else { return };
    let ended = match &*state {
        State::Warning(w) => !w.stage.live(),
        State::Admonition(a) => !a.stage.live(),
        State::Appeal(a) => a.stage != crate::domain::appeal::AppealStage::Filed,
        State::RiskPoint(p) => p.stage.ended(),
        _ => true,
    };
    if !ended {
        return;
    }
    for proposal in desk.referrers("proposal", "target", stream) {
        let open = matches!(desk.state(proposal).as_deref(), Some(State::Proposal(p)) if p.stage.open());
        if open && Some(proposal) != desk.executing {
            let reason = format!("{} 已办结", state.code());
            desk.record_because(proposal, Event::ProposalClosed { reason }, Some(because));
        }
    }
}
