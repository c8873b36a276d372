//! Acts that wait: for a signature (送签, 回签), or for another body (§0.5, §0.6, §0.25).

use chrono::NaiveDate;

use super::signing::seat_holder;
use super::{Desk, Turned, args, four_eyes, guard, perform, points, routing};
use crate::domain::act::{Act, Decision};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::proposal::{Proposal, ProposalStage};
use crate::domain::rights::Right;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::world::take_code;

/// 送签 and 提请: rehearses the act as if it were signed, then lets each matter wait as a proposal.
///
/// Where the operator's capacity may decide, a 呈批单 lists them; elsewhere they stand on the deciding body's queue.
pub fn propose(desk: &mut Desk) -> Result<Option<StreamId>, Refusal> {
    let whole = desk.act.clone();
    let singles: Vec<Act> = match whole.targets.as_slice() {
        [] => vec![whole.clone()],
        targets => targets
            .iter()
            .map(|t| Act {
                targets: vec![*t],
                ..whole.clone()
            })
            .collect(),
    };
    let mut lines: Vec<Line> = Vec::new();
    for single in singles {
        let target = single.targets.first().and_then(|t| desk.state(*t));
        let (body, right, capacity) = rehearse(desk, &single)?;
        match right {
            Right::No => return Err(desk.no_right(body)),
            // The unit's own half of asking for 销号 needs no signature: it states that the risk is resolved.
            Right::Do => prepare(desk, &single)?,
            Right::Propose => {}
        }
        let title = target.map_or_else(String::new, |s| format!("{} {}", s.code(), args::title(&s)));
        let act = Act {
            decision: None,
            note: None,
            late_reason: None,
            ..single
        };
        lines.push(Line {
            body,
            listed: right == Right::Do,
            capacity,
            act,
            title,
            id: desk.world.fresh_id(),
        });
    }
    Ok(put_down(desk, whole.verb, &lines))
}

/// Lets an act that is carried out elsewhere (撤回此步) wait, as far as this operator may propose it.
pub fn wait(desk: &mut Desk, body: BodyRef) -> Result<Option<StreamId>, Refusal> {
    let act = desk.act.clone();
    let target = act.targets.first().copied().and_then(|t| desk.state(t));
    desk.about.set(target.as_deref().and_then(routing::About::of));
    let (right, capacity) = desk.right_for(body);
    if right == Right::No {
        return Err(desk.no_right(body));
    }
    let line = Line {
        body,
        listed: right == Right::Do,
        capacity,
        title: target.map_or_else(String::new, |s| format!("{} {}", s.code(), args::title(&s))),
        id: desk.world.fresh_id(),
        act: Act {
            decision: None,
            note: None,
            late_reason: None,
            ..act.clone()
        },
    };
    Ok(put_down(desk, act.verb, &[line]))
}

/// Writes the proposals, and a 呈批单 for each body that is asked for its signature; the first of these.
fn put_down(desk: &mut Desk, verb: Verb, lines: &[Line]) -> Option<StreamId> {
    let mut first_sheet = None;
    let mut bodies: Vec<BodyRef> = lines.iter().filter(|l| l.listed).map(|l| l.body).collect();
    bodies.dedup();
    bodies.sort();
    bodies.dedup();
    for body in bodies {
        let here: Vec<&Line> = lines.iter().filter(|l| l.listed && l.body == body).collect();
        let sheet = prepare_sheet(desk, verb, body, &here);
        first_sheet.get_or_insert(sheet.0);
        for line in here {
            made(desk, line, Some(sheet));
        }
    }
    for line in lines.iter().filter(|l| !l.listed) {
        made(desk, line, None);
        desk.notes.push(format!("已提请{}办理", desk.body_label(line.body)));
    }
    first_sheet
}

/// One matter that will wait.
struct Line {
    body: BodyRef,
    listed: bool,
    capacity: Option<BodyRef>,
    act: Act,
    title: String,
    id: StreamId,
}

fn prepare_sheet(desk: &mut Desk, verb: Verb, body: BodyRef, lines: &[&Line]) -> (StreamId, usize) {
    let sheet = desk.world.fresh_id();
    let title = match lines {
        [one] => format!("{}：{}", verb.label(), one.title),
        many => format!("{}（{} 件）", verb.label(), many.len()),
    };
    let role = desk.world.policy().signer_role(body);
    let asked = desk.world.seat_holder(body, role, desk.happened);
    let code = take_code(desk.world, "CP", true);
    let proposals = lines.iter().map(|l| l.id).collect();
    let index = desk.record(
        sheet,
        Event::SheetPrepared {
            code,
            proposals,
            deciding_body: body,
            asked,
            title,
        },
    );
    (sheet, index)
}

fn made(desk: &mut Desk, line: &Line, sheet: Option<(StreamId, usize)>) {
    let event = Event::ProposalMade {
        code: take_code(desk.world, "TQ", true),
        act: Box::new(line.act.clone()),
        deciding_body: line.body,
        proposer: line.capacity,
        sheet: sheet.map(|(id, _)| id),
        rule: None,
    };
    desk.record_because(line.id, event, sheet.map(|(_, index)| index));
}

/// Accepting or turning down what another body put on the queue.
pub fn answer(desk: &mut Desk, id: StreamId, proposal: &Proposal) -> Result<(), Refusal> {
    match desk.act.verb {
        Verb::Accept => {
            super::signing::decided(desk, proposal.deciding_body, &[])?;
            let decision = desk.act.decision.clone().unwrap_or(Decision::Submit);
            execute(desk, id, &decision, desk.happened, None)
        }
        Verb::Reject => {
            let reason = args::must_text(desk, "reason")?;
            super::signing::decided(desk, proposal.deciding_body, &[])?;
            desk.record(id, Event::ProposalRejected { reason });
            Ok(())
        }
        Verb::Countersign => countersign(desk, id, &State::Proposal(proposal.clone())),
        other => Err(super::records::not_here(other)),
    }
}

/// 采纳并送签: the proposal itself is listed on a 呈批单.
pub fn list(desk: &mut Desk) -> Result<Option<StreamId>, Refusal> {
    let mut first = None;
    for id in desk.act.targets.clone() {
        let state = desk.known(id)?;
        guard::guard(Verb::Accept, id, &state, desk)?;
        let State::Proposal(proposal) = &*state else { continue };
        desk.use_right(proposal.deciding_body)?;
        if proposal.act.verb == Verb::Revert {
            desk.world.turns_back(&proposal.act, id)?;
        } else {
            rehearse(desk, &proposal.act)?;
        }
        let target = proposal.act.targets.first().and_then(|t| desk.state(*t));
        let title = target.map_or_else(String::new, |s| format!("{} {}", s.code(), args::title(&s)));
        let line = Line {
            body: proposal.deciding_body,
            listed: true,
            capacity: None,
            act: proposal.act.clone(),
            title,
            id,
        };
        let (sheet, index) = prepare_sheet(desk, proposal.act.verb, proposal.deciding_body, &[&line]);
        desk.record_because(id, Event::ProposalListed { sheet }, Some(index));
        first.get_or_insert(sheet);
    }
    Ok(first)
}

/// The unit's own half of a deciding act needs no signature: asking for 销号 states that the risk is resolved.
fn prepare(desk: &mut Desk, single: &Act) -> Result<(), Refusal> {
    if let (Verb::Discharge, Some(target)) = (single.verb, single.targets.first().copied()) {
        let state = desk.known(target)?;
        if let State::RiskPoint(point) = &*state {
            points::resolve(desk, target, point)?;
        }
    }
    Ok(())
}

/// Would it go through if it were signed today? Returns the body whose right it uses, and what this operator may do.
fn rehearse(desk: &Desk, single: &Act) -> Result<(BodyRef, Right, Option<BodyRef>), Refusal> {
    let mut trial = Desk::looking(desk.world);
    trial.act = Act {
        decision: Some(Decision::Signed { signer: None, on: None }),
        ..single.clone()
    };
    trial.happened = desk.happened;
    trial.overlay = desk.overlay.clone();
    trial.order = desk.order.clone();
    trial.executing = desk
        .act
        .targets
        .first()
        .copied()
        .filter(|_| desk.act.verb == Verb::Accept);
    trial.rehearsing = true;
    perform(&mut trial)?;
    let body = *trial.required.borrow();
    let body = body.ok_or_else(|| Refusal::new("not_here", format!("“{}”无需送签", single.verb.label())))?;
    let (right, capacity) = trial.right_for(body);
    Ok((body, right, capacity))
}

/// 回签: enters the date, line by line; what the rules now refuse stays and says why.
pub fn countersign(desk: &mut Desk, target: StreamId, state: &State) -> Result<(), Refusal> {
    let (sheet, only) = match state {
        State::Proposal(Proposal { sheet: Some(sheet), .. }) => (*sheet, Some(target)),
        State::Proposal(p) => {
            return Err(Refusal::new("wrong_stage", format!("{} 尚未列入呈批单", p.code)).hint("先“采纳”并送签"));
        }
        _ => (target, None),
    };
    let sheet_state = desk.known(sheet)?;
    let State::ApprovalSheet(paper) = &*sheet_state else {
        return Err(Refusal::new("not_found", "没有对应的呈批单"));
    };
    let signed_on = args::date(desk, "signed_on")?.unwrap_or(desk.happened);
    if signed_on < paper.prepared_on {
        return Err(Refusal::new(
            "before_last_step",
            format!("签批日期 {signed_on} 早于呈批日期 {}", paper.prepared_on),
        )
        .hint("核对签批日期"));
    }
    desk.use_right(paper.deciding_body)?;
    let signer = match args::text(desk, "signer") {
        name if !name.is_empty() => args::named(desk, "signer", &name)?,
        _ => seat_holder(desk, paper.deciding_body, signed_on)?,
    };
    let struck = struck(desk, &paper.proposals)?;
    let index = desk.record(
        sheet,
        Event::SheetCountersigned {
            signed_on,
            signer: signer.clone(),
            struck: struck.clone(),
        },
    );
    let open: Vec<StreamId> = paper
        .proposals
        .iter()
        .copied()
        .filter(|p| only.is_none_or(|o| o == *p))
        .filter(|p| matches!(desk.state(*p).as_deref(), Some(State::Proposal(s)) if s.stage.open()))
        .collect();
    if open.is_empty() {
        return Err(Refusal::new("wrong_stage", format!("{} 没有待回签的事项", paper.code)));
    }
    for proposal in open {
        if struck.contains(&proposal) {
            desk.record_because(
                proposal,
                Event::ProposalRejected {
                    reason: "签批时划去".into(),
                },
                Some(index),
            );
            continue;
        }
        let name = signer.person.map_or_else(|| signer.name.clone(), |p| p.to_string());
        let decision = Decision::Signed {
            signer: Some(name),
            on: Some(signed_on),
        };
        execute(desk, proposal, &decision, signed_on, Some(index))?;
    }
    Ok(())
}

/// Struck-out lines, by the proposal's code, its matter's code, or its number on the sheet.
fn struck(desk: &Desk, proposals: &[StreamId]) -> Result<Vec<StreamId>, Refusal> {
    let find = |given: &String| {
        let by_number = given
            .parse::<usize>()
            .ok()
            .and_then(|n| proposals.get(n.wrapping_sub(1)).copied());
        by_number.or_else(|| {
            proposals.iter().copied().find(|p| {
                let Some(state) = desk.state(*p) else { return false };
                let State::Proposal(s) = &*state else { return false };
                let matter = |t: &StreamId| desk.state(*t).is_some_and(|m| m.code() == given);
                s.code == *given || s.act.targets.iter().any(matter)
            })
        })
    };
    args::several(desk, "strike")
        .iter()
        .map(|given| {
            find(given).ok_or_else(|| {
                Refusal::new("not_found", format!("呈批单上没有“{given}”这一行")).hint("填行号、待批编号或事项编号")
            })
        })
        .collect()
}

/// Runs a proposal's act as decided, on the state of now; a refusal leaves it standing with the reason. Only an account
/// that must not enter this signature (§0.5) is itself refused: another one can.
fn execute(
    desk: &mut Desk,
    proposal: StreamId,
    decision: &Decision,
    signed_on: NaiveDate,
    index: Option<usize>,
) -> Result<(), Refusal> {
    let Some(state) = desk.state(proposal) else {
        return Ok(());
    };
    let State::Proposal(waiting) = &*state else {
        return Ok(());
    };
    let mut trial = Desk::looking(desk.world);
    trial.act = Act {
        decision: Some(decision.clone()),
        ..waiting.act.clone()
    };
    trial.happened = signed_on;
    trial.overlay = desk.overlay.clone();
    trial.order = desk.order.clone();
    trial.executing = Some(proposal);
    // The right was checked when the decision was entered; the proposer's own right does not matter any more.
    trial.entitled = true;
    let reverts = waiting.act.verb == Verb::Revert;
    let done = if reverts {
        turn_back(desk, &mut trial, proposal, waiting)
    } else {
        let done = perform(&mut trial).and_then(|()| super::follow::follow(&mut trial, 0));
        trial.note_paper();
        done
    };
    let done = done.and_then(|()| {
        let twice = trial.events.iter().any(|new| desk.turning.contains(&new.stream));
        if twice { Err(changed_twice()) } else { Ok(()) }
    });
    match done {
        Ok(()) if reverts => {
            let because = desk.record_because(proposal, Event::ProposalAccepted { signed_on }, index);
            desk.turning.append(&mut trial.turning);
            desk.turned
                .extend(trial.turned.into_iter().map(|turned| Turned { because, ..turned }));
        }
        Ok(()) => {
            let offset = desk.events.len();
            for new in trial.events {
                let because = new.because.map_or(index, |b| Some(b + offset));
                desk.record_because(new.stream, new.event, because);
            }
            desk.notes.extend(trial.notes);
            desk.record_because(proposal, Event::ProposalAccepted { signed_on }, index);
        }
        Err(refusal) if refusal.kind == four_eyes::SAME_ACCOUNT => return Err(refusal),
        Err(refusal) => {
            desk.notes.push(format!("{} 已签但未办成：{refusal}", waiting.code));
            desk.record_because(proposal, Event::ProposalStayed { reason: refusal.reason }, index);
        }
    }
    Ok(())
}

/// 撤回此步, signed: the log takes the step back in this same act.
fn turn_back(desk: &Desk, trial: &mut Desk, proposal: StreamId, waiting: &Proposal) -> Result<(), Refusal> {
    let streams = desk.world.turns_back(&trial.act, proposal)?;
    if streams
        .iter()
        .any(|s| desk.overlay.contains_key(s) || desk.turning.contains(s))
    {
        return Err(changed_twice());
    }
    let decided = super::signing::decided(trial, waiting.deciding_body, &[])?;
    trial.turning = streams;
    trial.turned.push(Turned {
        act: trial.act.clone(),
        proposal,
        decided,
        because: 0,
    });
    Ok(())
}

fn changed_twice() -> Refusal {
    Refusal::new("changed_twice", "同一次签批的另一行也改动本事项").hint("请核对后另行回签本行")
}

/// A raise by one colour that a rule proposes, on top of the deciding body's queue (§0.25: origin = rule and cause).
pub fn propose_by_rule(desk: &mut Desk, target: StreamId, rule: &str, cause: &str, because: Option<usize>) {
    let Some(state) = desk.state(target) else { return };
    let (Some(from), Some(about)) = (state.grade(), routing::About::of(&state)) else {
        return;
    };
    let deciding_body = routing::grade_decider(desk, from, from.worse(), about);
    let act = Box::new(Act::new(Verb::Escalate, vec![target]).with("cause", cause));
    let event = Event::ProposalMade {
        code: take_code(desk.world, "TQ", true),
        act,
        deciding_body,
        proposer: None,
        sheet: None,
        rule: Some(rule.to_owned()),
    };
    let id = desk.world.fresh_id();
    desk.record_because(id, event, because);
}

/// Open proposals that target a stream, except the one being executed.
pub fn open_proposals(desk: &Desk, target: StreamId) -> Vec<StreamId> {
    desk.referrers("proposal", "target", target)
        .into_iter()
        .filter(|p| Some(*p) != desk.executing)
        .filter(|p| matches!(desk.state(*p).as_deref(), Some(State::Proposal(s)) if s.stage == ProposalStage::Waiting))
        .collect()
}
