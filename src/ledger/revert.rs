//! 撤回此步: takes back any step of a matter, with a reason, decided like the step itself. Steps that stand on it are
//! listed and must go first.

use rusqlite::Connection;

use super::project::apply::stream_row;
use super::project::fold::{self, Reverted};
use super::project::layout::Layout;
use super::receipt::Receipt;
use super::submit::{Desk, Writing, Written, check_seen};
use super::undo::{self, Back, Done};
use super::world::LedgerWorld;
use crate::domain::decide::{ask_signature, decided_by};
use crate::domain::event::Decided;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::world::{Operator, World};
use crate::domain::{Act, BodyRef, Decision, RevertReason, StreamId, Verb, viewer};

/// What taking a step back would do.
pub struct Plan {
    /// The act the step belongs to.
    pub done: Done,
    /// The step's number in the matter's timeline.
    pub step: usize,
    /// Why it is taken back.
    pub reason: RevertReason,
    /// Code of the matter.
    pub code: String,
    /// The streams the act wrote to, each with the event it goes back to.
    pub back: Vec<Back>,
}

/// Plans [`Verb::Revert`]: one target, `step` (its number in the matter's timeline; left out = the last), `reason`.
/// `proposal` is the one it waited as, if any.
pub fn plan(conn: &Connection, layout: &Layout, act: &Act, proposal: Option<StreamId>) -> Result<Plan, Stop> {
    let [stream] = act.targets[..] else {
        return Err(Refusal::new("missing_target", "“撤回此步”一次办理一个事项")
            .hint("写明一个事项编号")
            .into());
    };
    let reason = reason_of(act)?;
    let (code, step, stored) = step_of(conn, stream, act)?;
    let done = undo::done_at(conn, stored.act)?;
    if let Some(refusal) = undo::refuse_by_nature(conn, &done)? {
        return Err(refusal.into());
    }
    if let Some(refusal) = undo::standing_on(conn, layout, &done, proposal)? {
        return Err(refusal.into());
    }
    let back = undo::before(conn, layout, &done)?;
    Ok(Plan {
        done,
        step,
        reason,
        code,
        back,
    })
}

impl Plan {
    /// The events that take it back, each caused by the event `because` of the same act.
    pub fn events(
        self,
        decided: Option<Decided>,
        note: Option<String>,
        because: Option<usize>,
    ) -> Vec<(StreamId, Written, Option<usize>)> {
        let mut events = Vec::new();
        for back in self.back {
            let reverted = Reverted {
                reason: Some(self.reason),
                decided: decided.clone(),
                note: note.clone(),
                ..Reverted::to(&back.to)
            };
            events.extend(back.events(reverted));
        }
        events.iter_mut().for_each(|event| event.2 = because);
        events
    }

    /// The body that decided the step, and so decides on taking it back; `None` when nobody had to.
    fn decider(&self) -> Option<BodyRef> {
        let verb = Verb::find(&self.done.verb);
        let decided = verb.is_some_and(|v| v.spec().deciding || v == Verb::Countersign || v == Verb::Revert);
        BodyRef::parse(&self.done.acting_for).filter(|_| decided)
    }
}

impl Desk<'_> {
    /// Carries out [`Verb::Revert`]: as [`plan`] says, with a decision when the step itself was decided; by 送签 it
    /// waits for one.
    pub fn revert(&mut self, act: &Act) -> Result<Receipt, Stop> {
        self.date_is_sure()?;
        let world = LedgerWorld::looking(self.tx, self.texts, self.operator, self.letters, self.today);
        check_seen(act, &world)?;
        let known = act.targets.first().and_then(|target| world.state(*target));
        let kept = known.is_some_and(|state| viewer::hidden(&state, self.operator, &world));
        world.settle()?;
        if kept {
            return Err(Refusal::new("recused", "本事项依回避规定不由您办理")
                .hint("由上级机关的经办人办理")
                .into());
        }
        let plan = plan(self.tx, &self.texts.layout, act, None)?;
        entitled(self.operator, &plan.done)?;
        let happened = act.happened.unwrap_or(self.today);
        if happened > self.today {
            return Err(Refusal::new("future_date", format!("发生日期 {happened} 在今天之后"))
                .hint("填实际发生的日期；今天或以前")
                .into());
        }
        let decider = plan.decider();
        let leader = act.decision.is_none() && self.operator.decides;
        let submits = matches!(act.decision, None | Some(Decision::Submit)) && !leader;
        if let Some(body) = decider.filter(|_| submits) {
            // The last step may be another one by the time it is signed.
            let act = act.clone().with("step", plan.step);
            return self.decide(&act, None, |act, world| ask_signature(act, body, world));
        }
        let decided = decider.map(|body| decided_by(act, body, &world)).transpose();
        world.settle()?;
        let decided = decided?;
        let act_id = self.new_act_id()?;
        let acting_for = decided
            .as_ref()
            .map_or_else(|| plan.done.acting_for.clone(), |d| d.body.to_string());
        let writing = Writing {
            act_id,
            verb: Verb::Revert.id(),
            happened,
            acting_for,
            because: Some(plan.done.act_id),
            events: plan.events(decided, act.note.clone(), None),
            erasures: Vec::new(),
        };
        let (_, changed) = self.write(writing)?;
        Ok(Receipt::new(
            self.tx,
            &self.texts.layout,
            &act_id,
            &changed,
            &|_| false,
            Vec::new(),
        )?)
    }
}

/// Whoever did a step, the body whose right it used, and 指委会 above them all may take it back (R030, §0.24).
fn entitled(operator: &Operator, done: &Done) -> Result<(), Refusal> {
    let body = BodyRef::parse(&done.acting_for);
    if done.operator == operator.id || operator.serves(BodyRef::Steering) || body.is_none_or(|b| operator.serves(b)) {
        return Ok(());
    }
    let reason = format!("“{}”由别的机关办理，{}无权撤回", done.label(), operator.name);
    Err(Refusal::new("no_right", reason).hint("由原办理机关或指委会的经办人撤回"))
}

/// The code of a matter, and the step of it that is meant with its number.
fn step_of(conn: &Connection, stream: StreamId, act: &Act) -> Result<(String, usize, fold::Stored), Stop> {
    let Some(row) = stream_row(conn, stream)? else {
        return Err(Refusal::new("not_found", "没有这一事项").hint("核对编号").into());
    };
    let mut stored = fold::read(conn, stream, i64::MAX)?;
    let place = match act.fields.get("step") {
        None | Some(serde_json::Value::Null) => stored.iter().position(|s| s.seq == row.tip),
        Some(given) => {
            let number = given
                .as_u64()
                .or_else(|| given.as_str().and_then(|t| t.trim().parse().ok()));
            let place = number
                .and_then(|n| usize::try_from(n).ok())
                .and_then(|n| n.checked_sub(1))
                .filter(|at| *at < stored.len());
            if place.is_none() {
                return Err(Refusal::new("not_found", format!("{} 没有第 {given} 步", row.code))
                    .hint("步骤号见该事项的历程")
                    .into());
            }
            place
        }
    };
    match place {
        Some(at) => Ok((row.code, at + 1, stored.swap_remove(at))),
        None => Err(Refusal::new("nothing_to_undo", format!("{} 已没有可以撤回的步骤", row.code)).into()),
    }
}

fn reason_of(act: &Act) -> Result<RevertReason, Refusal> {
    let given = act
        .fields
        .get("reason")
        .and_then(|v| v.as_str())
        .unwrap_or_default()
        .trim()
        .to_owned();
    let all: Vec<String> = RevertReason::ALL
        .iter()
        .map(|r| format!("{} {}", r.id(), r.label()))
        .collect();
    let hint = format!("可选：{}", all.join("、"));
    if given.is_empty() {
        return Err(Refusal::new("missing_field", "“撤回此步”缺少“理由”").hint(hint));
    }
    RevertReason::find(&given)
        .ok_or_else(|| Refusal::new("wrong_field", format!("“撤回此步”的“理由”没有“{given}”这一选项")).hint(hint))
}
