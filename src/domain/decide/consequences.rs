//! Consequences of single events that `follow` adds: obligations, proposals by rule, flags to look again.

use super::admonitions::{self, Proposal};
use super::routing::{self, About};
use super::{Desk, deadline, obligations, proposals};
use crate::domain::act::Fields;
use crate::domain::admonition::AdmonitionStage;
use crate::domain::event::{Decided, Event};
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::obligation::ObligationRule;
use crate::domain::point::PointStage;
use crate::domain::source::keeper_of;
use crate::domain::state::State;
use crate::domain::vocabulary::{AdmonitionTrigger, Grade, Instrument, ReturnReason, ReviewCause};

/// Three reports on one point within ninety days make an analysis compulsory, whatever became of each (§4.3).
pub fn aggregate(desk: &mut Desk, warning: StreamId, because: usize) {
    let Some(state) = desk.state(warning) else { return };
    let State::Warning(report) = &*state else { return };
    let policy = desk.world.policy();
    let (needed, days) = (policy.aggregate_reports.value, policy.aggregate_days.value);
    let since = desk.happened - chrono::Days::new(u64::from(days));
    for point in &report.points {
        let recent = desk
            .referrers("warning", "point", *point)
            .into_iter()
            .filter_map(|w| desk.state(w))
            .filter(|w| {
                let received = w.text("received_on");
                w.counts() && received >= since.to_string()
            });
        let count = u32::try_from(recent.count()).unwrap_or(u32::MAX);
        if count >= needed {
            let code = desk.state(*point).map(|p| p.code().to_owned()).unwrap_or_default();
            let text = format!("{code} 在 {days} 天内收到 {count} 件报告，须合并分析");
            obligations::open(
                desk,
                ObligationRule::Aggregate,
                *point,
                report.duties.lead,
                text,
                because,
            );
        }
    }
}

/// A second failed verification proposes a raise by one colour (§4.3 system 5).
pub fn failed_again(desk: &mut Desk, stream: StreamId, because: usize) {
    let Some(state) = desk.state(stream) else { return };
    if let State::Warning(w) = &*state
        && w.failures >= 2
        && w.grade.is_some_and(|g| g != Grade::Red)
    {
        proposals::propose_by_rule(desk, stream, "failed_twice", "reassessed", Some(because));
    }
}

/// The source is owed a word once the matter is lifted: “已处理”, no details (§4.3).
pub fn owe_source_reply(desk: &mut Desk, warning: StreamId, because: usize) {
    let Some(state) = desk.state(warning) else { return };
    let State::Warning(w) = &*state else { return };
    let named = ["informant", "social_supervision", "public"];
    if named.contains(&state.text("source").as_str()) {
        let text = format!("{} 已解除，向来源反馈“已处理”，不谈细节", w.code);
        obligations::open(
            desk,
            ObligationRule::SourceReply,
            warning,
            keeper_of(w.duties.lead),
            text,
            because,
        );
    }
}

/// Red by signature takes effect; the meeting's number, present and votes are owed (§0.5).
pub fn owe_minutes(desk: &mut Desk, stream: StreamId, decided: &Decided, because: usize) {
    if decided.body == BodyRef::Steering && decided.meeting.is_none() {
        let code = desk.state(stream).map(|s| s.code().to_owned()).unwrap_or_default();
        let text = format!("{code} 由指委会主任签批，补录会议编号、到会人数和表决情况");
        obligations::open(
            desk,
            ObligationRule::Minutes,
            stream,
            BodyRef::SteeringOffice,
            text,
            because,
        );
    }
}

/// Two raises of one point within twelve months ask for a thorough check of the unit (§4.2, R036).
pub fn raised_twice(desk: &mut Desk, point: StreamId, because: usize) {
    let Some(state) = desk.state(point) else { return };
    let State::RiskPoint(p) = &*state else { return };
    let since = desk.happened - chrono::Months::new(12);
    if p.raised_on.iter().filter(|d| **d >= since).count() >= 2 {
        let text = format!("{} 十二个月内两次调高等级，安排对该单位彻查", p.code);
        obligations::open(
            desk,
            ObligationRule::ThoroughCheck,
            point,
            BodyRef::SteeringOffice,
            text,
            because,
        );
    }
}

/// R087: a second return of the same point, or a fifth of the unit's points returned, proposes 诫勉提醒.
pub fn after_return(desk: &mut Desk, point: StreamId, kind: Option<ReturnReason>, because: usize) {
    let Some(state) = desk.state(point) else { return };
    let (State::RiskPoint(p), Some(about)) = (&*state, About::of(&state)) else {
        return;
    };
    let trigger = match kind {
        Some(ReturnReason::Incomplete) => AdmonitionTrigger::SearchIncomplete,
        Some(ReturnReason::Inaccurate) => AdmonitionTrigger::SearchInaccurate,
        Some(ReturnReason::NotDetailed) | None => AdmonitionTrigger::SearchNotDetailed,
    };
    let facts = if p.returns >= 2 {
        format!("{} 第 {} 次退回", p.code, p.returns)
    } else {
        match returned_share(desk, about.unit) {
            Some((returned, all)) => format!("本单位 {all} 个风险点中 {returned} 个被退回"),
            None => return,
        }
    };
    let open_already = desk.referrers("admonition", "unit", about.unit).into_iter().any(|a| {
        matches!(desk.state(a).as_deref(), Some(State::Admonition(x))
            if x.kind == Instrument::Reminder
                && matches!(x.stage, AdmonitionStage::Proposed | AdmonitionStage::Heard))
    });
    if open_already {
        return;
    }
    let proposal = Proposal {
        kind: Instrument::Reminder,
        trigger,
        unit: about.unit,
        responsible: Vec::new(),
        origin: Some(point),
        facts,
        proposer: BodyRef::TaskForce,
        proposed_by: None,
        approver: routing::duties(desk, Grade::Yellow, about).lead,
    };
    admonitions::open(desk, proposal, Some(because));
}

/// Returned points of a unit and all of them, when the share reaches the policy's percentage (of five points or more).
fn returned_share(desk: &Desk, unit: StreamId) -> Option<(usize, usize)> {
    let points = desk.referrers("risk_point", "unit", unit);
    let percent = usize::try_from(desk.world.policy().returned_percent.value).ok()?;
    // Asked only after a return, so reading a unit's points (tens to hundreds) is affordable.
    let returned = points
        .iter()
        .filter(|p| matches!(desk.state(**p).as_deref(), Some(State::RiskPoint(x)) if x.returns > 0))
        .count();
    (points.len() >= 5 && returned * 100 >= points.len() * percent).then_some((returned, points.len()))
}

/// Duty, process, law or holder changed: the post's watched points are flagged to be looked at again (§4.1).
pub fn look_again(desk: &mut Desk, stream: StreamId, register: &str, fields: &Fields, birth: bool, because: usize) {
    let Some(state) = desk.state(stream) else { return };
    let (cause, post) = match register {
        "post" if !birth && fields.contains_key("duties") => (ReviewCause::Duty, Some(stream)),
        "process" if !birth => (ReviewCause::Process, state.reference("post")),
        "power_item" if !birth && fields.contains_key("legal_basis") => (ReviewCause::Law, state.reference("post")),
        "appointment" => (ReviewCause::Holder, state.reference("post")),
        "person" if !birth && fields.contains_key("post") => (ReviewCause::Holder, state.reference("post")),
        _ => return,
    };
    // Who goes to another post leaves the points of the old one without their holder, too.
    let before = desk.world.state(stream).filter(|_| cause == ReviewCause::Holder);
    let left = before
        .and_then(|was| was.reference("post"))
        .filter(|old| Some(*old) != post);
    let points: Vec<StreamId> = (left.into_iter().chain(post))
        .flat_map(|post| desk.referrers("risk_point", "post", post))
        .collect();
    for point in points {
        let flagged = matches!(desk.state(point).as_deref(), Some(State::RiskPoint(p))
            if p.review.is_none() && (p.stage.watched() || p.stage == PointStage::Discharged));
        if flagged {
            let due = deadline::deadline(desk, "point.look_again", Grade::Yellow, desk.happened);
            desk.record_because(point, Event::ReviewOwed { cause, due }, Some(because));
        }
    }
}
