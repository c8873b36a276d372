//! Who decided: signatures, meetings, 送签 and 回签 (§0.5, §0.25).

use chrono::NaiveDate;

use super::{Desk, args, guard, perform, submits};
use crate::domain::act::{Act, Decision};
use crate::domain::event::{Decided, Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::proposal::ProposalStage;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::world::take_code;

/// The day a decision states, which is also the day of the deed when none is given.
pub fn stated_day(act: &Act) -> Option<NaiveDate> {
    match &act.decision {
        Some(Decision::Signed { on, .. } | Decision::Meeting { on, .. }) => *on,
        _ => None,
    }
}

/// True when nothing takes effect yet: 送签, unless the operator is the leader himself.
pub fn asks_for_signature(desk: &Desk) -> bool {
    submits(&desk.act) && !(desk.act.decision.is_none() && desk.world.operator().decides)
}

/// Who decided in the name of `body`, kept apart from the people in `apart` (G2).
pub fn decided(desk: &Desk, body: BodyRef, apart: &[Named]) -> Result<Decided, Refusal> {
    *desk.deciding.borrow_mut() = Some(body);
    desk.use_right(body)?;
    let verb = desk.act.verb.label();
    let decided = match &desk.act.decision {
        Some(Decision::Urgent) => {
            return Err(Refusal::new("not_yet", "“紧急先行”须配合追认与失效时钟，本版尚未启用")
                .hint("先按“已签”或“已上会”办理"));
        }
        Some(Decision::Meeting { number, on, votes }) => {
            if number.trim().is_empty() {
                return Err(
                    Refusal::new("missing_field", format!("“{verb}”按“已上会”办理，缺少会议编号"))
                        .hint("补填会议编号（--meeting …）"),
                );
            }
            Decided {
                how: "meeting".into(),
                body,
                signer: None,
                on: on.unwrap_or(desk.happened),
                meeting: Some(number.trim().to_owned()),
                votes: votes.clone(),
            }
        }
        Some(Decision::Signed { signer: Some(name), on }) => {
            signed(body, args::named(desk, "signer", name)?, on.unwrap_or(desk.happened))
        }
        Some(Decision::Signed { signer: None, on }) => {
            let on = on.unwrap_or(desk.happened);
            signed(body, seat_holder(desk, body, on)?, on)
        }
        Some(Decision::Submit) | None => {
            let operator = desk.world.operator();
            let signer = Named {
                person: operator.person,
                name: operator.name.clone(),
            };
            Decided {
                how: "account".into(),
                ..signed(body, signer, desk.happened)
            }
        }
    };
    if decided.on > desk.world.today() {
        return Err(Refusal::new(
            "future_date",
            format!("签批日期 {} 在今天之后", decided.on),
        ));
    }
    if let Some(signer) = &decided.signer
        && let Some(same) = apart.iter().find(|n| n.same_as(signer))
    {
        return Err(Refusal::new(
            "same_person",
            format!(
                "签批人“{}”在此前的步骤中已具名，提出、批准、核验须为不同的人",
                same.name
            ),
        )
        .hint("核对签批人，或由他人签批（--signer …）"));
    }
    Ok(decided)
}

fn signed(body: BodyRef, signer: Named, on: NaiveDate) -> Decided {
    Decided {
        how: "signed".into(),
        body,
        signer: Some(signer),
        on,
        meeting: None,
        votes: None,
    }
}

fn seat_holder(desk: &Desk, body: BodyRef, on: NaiveDate) -> Result<Named, Refusal> {
    if desk.rehearsing {
        return Ok(Named {
            person: None,
            name: "（待签）".into(),
        });
    }
    let role = desk.world.policy().signer_role(body);
    desk.world.seat_holder(body, role, on).ok_or_else(|| {
        let name = desk.body_label(body);
        Refusal::new(
            "vacant_seat",
            format!("{name}{}席位在 {on} 无人任职，不知由谁签批", role.label()),
        )
        .hint("写明签批人（--signer 姓名），或先登记任职")
    })
}

/// 送签: rehearses the act as if signed, then prepares a 呈批单 that lists it, one proposal a matter.
pub fn propose(desk: &mut Desk) -> Result<Option<StreamId>, Refusal> {
    let mut listed: Vec<(BodyRef, Act, String)> = Vec::new();
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
    for single in singles {
        let target = single.targets.first().and_then(|t| desk.state(*t));
        prepare(desk, &single)?;
        let body = rehearse(desk, &single)?;
        let title = target.map_or_else(String::new, |s| format!("{} {}", s.code(), args::title(&s)));
        listed.push((body, single, title));
    }
    let mut first_sheet = None;
    while let Some((body, _, _)) = listed.first() {
        let body = *body;
        let (here, rest): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(b, _, _)| *b == body);
        listed = rest;
        let sheet = desk.world.fresh_id();
        first_sheet.get_or_insert(sheet);
        let mut proposals = Vec::new();
        let mut made = Vec::new();
        for (_, single, _) in &here {
            let id = desk.world.fresh_id();
            proposals.push(id);
            made.push((id, single.clone()));
        }
        let title = match here.as_slice() {
            [(_, _, one)] => format!("{}：{one}", whole.verb.label()),
            many => format!("{}（{} 件）", whole.verb.label(), many.len()),
        };
        let role = desk.world.policy().signer_role(body);
        let asked = desk.world.seat_holder(body, role, desk.happened);
        let code = take_code(desk.world, "CP", true);
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
        for (id, single) in made {
            let code = take_code(desk.world, "TQ", true);
            let act = Box::new(Act {
                decision: None,
                note: None,
                late_reason: None,
                ..single
            });
            let proposer = whole.capacity;
            desk.record_because(
                id,
                Event::ProposalMade {
                    code,
                    act,
                    deciding_body: body,
                    proposer,
                    sheet,
                },
                Some(index),
            );
        }
    }
    Ok(first_sheet)
}

/// The unit's own half of a deciding act needs no signature: asking for 销号 states that the risk is resolved.
fn prepare(desk: &mut Desk, single: &Act) -> Result<(), Refusal> {
    if let (Verb::Discharge, Some(target)) = (single.verb, single.targets.first().copied()) {
        let state = desk.known(target)?;
        guard::guard(single.verb, target, &state, desk)?;
        desk.not_before_last_step(target, &state)?;
        if let State::RiskPoint(point) = &*state {
            super::points::resolve(desk, target, point)?;
        }
    }
    Ok(())
}

/// Would it go through if it were signed today? Returns the body that decides it.
fn rehearse(desk: &Desk, single: &Act) -> Result<BodyRef, Refusal> {
    let mut trial = Desk::looking(desk.world);
    trial.act = Act {
        decision: Some(Decision::Signed { signer: None, on: None }),
        ..single.clone()
    };
    trial.happened = desk.happened;
    trial.overlay = desk.overlay.clone();
    trial.order = desk.order.clone();
    trial.rehearsing = true;
    perform(&mut trial)?;
    let body = *trial.deciding.borrow();
    body.ok_or_else(|| Refusal::new("not_here", format!("“{}”无需送签", single.verb.label())))
}

/// 回签: enters the date, line by line; what the rules now refuse stays and says why.
pub fn countersign(desk: &mut Desk, target: StreamId, state: &State) -> Result<(), Refusal> {
    let (sheet, only) = match state {
        State::Proposal(p) => (p.sheet, Some(target)),
        _ => (target, None),
    };
    let sheet_state = desk.known(sheet)?;
    let State::ApprovalSheet(paper) = &*sheet_state else {
        return Err(Refusal::new("not_found", "没有对应的呈批单"));
    };
    let signed_on = args::must_date(desk, "signed_on")?;
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
        execute(desk, proposal, &signer, signed_on, index);
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

/// Runs a proposal's act as signed, on the state of now; a refusal leaves it standing with the reason.
fn execute(desk: &mut Desk, proposal: StreamId, signer: &Named, signed_on: NaiveDate, index: usize) {
    let Some(state) = desk.state(proposal) else { return };
    let State::Proposal(waiting) = &*state else { return };
    let name = signer.person.map_or_else(|| signer.name.clone(), |p| p.to_string());
    let mut trial = Desk::looking(desk.world);
    trial.act = Act {
        decision: Some(Decision::Signed {
            signer: Some(name),
            on: Some(signed_on),
        }),
        ..waiting.act.clone()
    };
    trial.happened = signed_on;
    trial.overlay = desk.overlay.clone();
    trial.order = desk.order.clone();
    trial.executing = Some(proposal);
    let done = perform(&mut trial).and_then(|()| super::follow::follow(&mut trial, 0));
    match done {
        Ok(()) => {
            let offset = desk.events.len();
            for new in trial.events {
                let because = new.because.map_or(Some(index), |b| Some(b + offset));
                desk.record_because(new.stream, new.event, because);
            }
            desk.notes.extend(trial.notes);
            desk.record_because(proposal, Event::ProposalAccepted { signed_on }, Some(index));
        }
        Err(refusal) => {
            desk.notes.push(format!("{} 已签但未办成：{refusal}", waiting.code));
            desk.record_because(proposal, Event::ProposalStayed { reason: refusal.reason }, Some(index));
        }
    }
}

/// Open proposals that target a stream, except the one being executed.
pub fn open_proposals(desk: &Desk, target: StreamId) -> Vec<StreamId> {
    desk.referrers("proposal", "target", target)
        .into_iter()
        .filter(|p| Some(*p) != desk.executing)
        .filter(|p| matches!(desk.state(*p).as_deref(), Some(State::Proposal(s)) if s.stage == ProposalStage::Waiting))
        .collect()
}
