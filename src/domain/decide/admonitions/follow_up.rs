//! What follows on a measure: always a new proposal or obligation, never a step of the measure itself.

use chrono::Months;

use super::super::Desk;
use super::super::obligations;
use super::open::{Proposal, approver, body_of, open, open_case};
use super::{from_origin, referring};
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::event::{AppealAnswer, Modified, Weighed};
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::obligation::ObligationRule;
use crate::domain::restriction::last_day;
use crate::domain::state::State;
use crate::domain::vocabulary::{AdmonitionTrigger, AppealOutcome, Instrument, TaskOutcome};

fn measure_of(desk: &Desk, id: StreamId) -> Option<Admonition> {
    match desk.state(id).as_deref() {
        Some(State::Admonition(a)) => Some((**a).clone()),
        _ => None,
    }
}

/// A failed measure proposes what the table says comes next, each only once.
pub fn after_failure(desk: &mut Desk, id: StreamId, because: usize) {
    let Some(failed) = measure_of(desk, id) else { return };
    let terms = failed.kind.terms();
    let next = if failed.weighed.violation == Some(true) {
        terms.failed_gravely
    } else {
        terms.failed
    };
    for kind in next {
        propose_next(desk, id, &failed, *kind, because);
    }
    match failed.kind {
        Instrument::Correction => veto_review(desk, id, &failed, "诫勉纠错未通过", because),
        Instrument::FormalAdmonition => {
            let text = format!("{} 影响期满仍未改正，提请组织人事部门研究", failed.code);
            obligations::open(desk, ObligationRule::Personnel, id, failed.approver, text, because);
        }
        _ => {}
    }
}

fn propose_next(desk: &mut Desk, id: StreamId, failed: &Admonition, kind: Instrument, because: usize) {
    let people_only = kind == Instrument::FormalAdmonition;
    let already = from_origin(desk, id)
        .iter()
        .any(|(_, a)| a.kind == kind && !matches!(a.stage, AdmonitionStage::Rejected | AdmonitionStage::Void));
    if already || (people_only && failed.responsible.is_empty()) {
        return;
    }
    let trigger = if kind == Instrument::Supervision {
        AdmonitionTrigger::ReminderFailed
    } else {
        AdmonitionTrigger::NotCorrected
    };
    let unit_wide = match kind.register() {
        "admonition" => true,
        _ => failed.unit_wide && !people_only,
    };
    let usual = body_of(desk, kind.terms().proposer, failed.unit, failed.approver);
    let proposal = Proposal {
        kind,
        trigger,
        unit: failed.unit,
        responsible: failed.responsible.clone(),
        origin: Some(id),
        facts: format!("{}（{}）核验未通过", failed.code, failed.kind.label()),
        proposer: usual,
        proposed_by: None,
        approver: approver(desk, kind, failed.unit, &failed.responsible, unit_wide, failed.approver),
    };
    let code_of = |desk: &Desk, id| desk.state(id).map(|s| s.code().to_owned()).unwrap_or_default();
    let weighed = Weighed {
        reason: String::new(),
        ..failed.weighed.clone()
    };
    let opened = open_case(desk, proposal, unit_wide, weighed, Some(because));
    let code = code_of(desk, opened);
    desk.notes
        .push(format!("{} 未通过，已提出{}（{code}）", failed.code, kind.label()));
}

/// V6 of §4.6: 指委会 looks into a veto. That it does so is owed; what it decides is its own.
fn veto_review(desk: &mut Desk, id: StreamId, measure: &Admonition, why: &str, because: usize) {
    let text = format!("{} {why}，审核是否一票否决", measure.code);
    obligations::open(
        desk,
        ObligationRule::VetoReview,
        id,
        BodyRef::SteeringOffice,
        text,
        because,
    );
}

/// A second 诫勉提醒 within twelve months proposes 诫勉督导; a second 诫勉督导 asks for a veto review (§4.4).
pub fn after_service(desk: &mut Desk, id: StreamId, because: usize) {
    let Some(served) = measure_of(desk, id) else { return };
    if !matches!(served.kind, Instrument::Reminder | Instrument::Supervision) || !again(desk, id, &served) {
        return;
    }
    if served.kind == Instrument::Supervision {
        veto_review(desk, id, &served, "一年内第二次诫勉督导", because);
        return;
    }
    let running = referring(desk, "unit", served.unit).into_iter().any(|(_, a)| {
        a.kind == Instrument::Supervision
            && a.trigger == AdmonitionTrigger::ReminderFailed
            && a.stage.live()
            && same_subject(&a, &served)
    });
    if running {
        return;
    }
    let kind = Instrument::Supervision;
    let proposal = Proposal {
        kind,
        trigger: AdmonitionTrigger::ReminderFailed,
        unit: served.unit,
        responsible: served.responsible.clone(),
        origin: Some(id),
        facts: format!("{}：十二个月内再次诫勉提醒", served.code),
        proposer: BodyRef::SteeringOffice,
        proposed_by: None,
        approver: approver(
            desk,
            kind,
            served.unit,
            &served.responsible,
            true,
            BodyRef::SteeringOffice,
        ),
    };
    open(desk, proposal, Some(because));
    desk.notes
        .push(format!("{} 为十二个月内再次诫勉提醒，已提出诫勉督导", served.code));
}

/// The same measure was served on the same subject within the twelve months before.
fn again(desk: &Desk, id: StreamId, served: &Admonition) -> bool {
    let Some(day) = served.served_on else { return false };
    let since = day - Months::new(12);
    referring(desk, "unit", served.unit).into_iter().any(|(other, a)| {
        other != id
            && a.kind == served.kind
            && !matches!(a.stage, AdmonitionStage::Revoked | AdmonitionStage::Void)
            && a.served_on.is_some_and(|d| since <= d && d <= day)
            && same_subject(&a, served)
    })
}

/// 诫勉督导 is about the unit; the others about whom they name, or about the unit when they name nobody.
fn same_subject(one: &Admonition, other: &Admonition) -> bool {
    let whole = one.kind == Instrument::Supervision && other.kind == Instrument::Supervision;
    let shared = one
        .responsible
        .iter()
        .any(|n| other.responsible.iter().any(|o| o.same_as(n)));
    let nobody = one.responsible.is_empty() && other.responsible.is_empty();
    one.unit == other.unit && (whole || shared || nobody)
}

/// A task judged late or poorly executed proposes 诫勉督导 (R088).
pub fn after_task(desk: &mut Desk, task: StreamId, outcome: TaskOutcome, opinion: &str, because: usize) {
    let trigger = match outcome {
        TaskOutcome::Done => return,
        TaskOutcome::Late => AdmonitionTrigger::TaskLate,
        TaskOutcome::Poor => AdmonitionTrigger::TaskPoor,
    };
    let Some(state) = desk.state(task) else { return };
    let Some(unit) = state.reference("unit") else { return };
    if !from_origin(desk, task).is_empty() {
        return;
    }
    let proposal = Proposal {
        kind: Instrument::Supervision,
        trigger,
        unit,
        responsible: Vec::new(),
        origin: Some(task),
        facts: format!(
            "{} 评价为“{}”{}{opinion}",
            state.code(),
            outcome.label(),
            if opinion.is_empty() { "" } else { "：" }
        ),
        proposer: BodyRef::SteeringOffice,
        proposed_by: None,
        approver: BodyRef::SteeringOffice,
    };
    open(desk, proposal, Some(because));
    desk.notes.push(format!(
        "{} 评价为“{}”，已提出诫勉督导，待指定责任人",
        state.code(),
        outcome.label()
    ));
}

/// Papers of a decision that fell or changed are recalled, a clarifying letter is offered (§4.4).
pub fn after_appeal(desk: &mut Desk, id: StreamId, answer: &AppealAnswer, because: usize) {
    let Some(measure) = measure_of(desk, id) else { return };
    // As it was served: the answer has made it another one.
    let paper = match desk.world.state(id).as_deref() {
        Some(State::Admonition(before)) => before.kind.terms().document,
        _ => measure.kind.terms().document,
    };
    let text = match (answer.outcome, &answer.modified) {
        (AppealOutcome::Upheld, _) => return,
        (AppealOutcome::Modified, Some(modified)) => {
            format!(
                "{} 经申诉变更：{}",
                measure.code,
                changed(desk, modified, paper, &measure)
            )
        }
        (outcome, _) => {
            let word = if outcome == AppealOutcome::Revoked {
                "撤销"
            } else {
                "变更"
            };
            let code = &measure.code;
            format!("{code} 经申诉{word}：收回《{paper}》，告知原送达单位，商请出具澄清函")
        }
    };
    desk.notes.push(text.clone());
    let body = measure.approved_by.unwrap_or(measure.approver);
    obligations::open(desk, ObligationRule::Recall, id, body, text, because);
}

/// What the office has to recall and to send out, item by item.
fn changed(desk: &Desk, modified: &Modified, paper: &str, measure: &Admonition) -> String {
    let mut owed = Vec::new();
    owed.push(match modified.kind {
        Some(kind) => format!("收回《{paper}》，改送《{}》", kind.terms().document),
        None => format!("收回《{paper}》，另送变更通知"),
    });
    if !modified.struck.is_empty() {
        let names: Vec<&str> = modified.struck.iter().map(|n| n.name.as_str()).collect();
        let names = names.join("、");
        owed.push(format!("{names}不再列为责任人，商请出具澄清函"));
    }
    let since = if modified.from < desk.happened {
        "自始".to_owned()
    } else {
        format!("自 {} 起", modified.from)
    };
    if modified.restricts.is_some() && measure.forbids().is_empty() {
        owed.push(format!("限制事项{since}取消"));
    }
    if let Some(until) = modified.until {
        owed.push(format!("限制事项至 {} 止", last_day(until)));
    }
    if let Some(due) = &modified.due {
        owed.push(format!("整改期限改为 {}", due.day));
    }
    owed.push("告知原送达单位".to_owned());
    owed.join("；")
}
