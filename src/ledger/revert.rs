//! 撤回此步: takes back any step of a matter, with a reason, decided like the step itself. Steps that stand on it are
//! listed and must go first.

use super::project::apply::stream_row;
use super::project::fold::{self, Reverted};
use super::receipt::Receipt;
use super::submit::{Desk, Writing, check_seen};
use super::undo::{self, Done};
use super::world::LedgerWorld;
use crate::domain::decide::decided_by;
use crate::domain::event::Decided;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::{Act, BodyRef, Decision, RevertReason, StreamId, Verb};

impl Desk<'_> {
    /// Carries out [`Verb::Revert`]: one target, `step` (its number in the matter's timeline; left out = the last),
    /// `reason`, and a decision when the step itself was decided.
    pub fn revert(&mut self, act: &Act) -> Result<Receipt, Stop> {
        self.not_behind_the_log()?;
        let world = LedgerWorld::looking(self.tx, self.texts, self.operator, self.letters, self.today);
        check_seen(act, &world)?;
        world.settle()?;
        let [stream] = act.targets[..] else {
            return Err(Refusal::new("missing_target", "“撤回此步”一次办理一个事项")
                .hint("写明一个事项编号")
                .into());
        };
        let reason = reason_of(act)?;
        let (code, step) = self.step_of(stream, act)?;
        let done = undo::done_at(self.tx, step.act)?;
        if let Some(refusal) = undo::refuse_by_nature(self.tx, &done)? {
            return Err(refusal.into());
        }
        if let Some(refusal) = undo::standing_on(self.tx, &self.texts.layout, &done)? {
            return Err(refusal.into());
        }
        let happened = act.happened.unwrap_or(self.today);
        if happened > self.today {
            return Err(Refusal::new("future_date", format!("发生日期 {happened} 在今天之后"))
                .hint("填实际发生的日期；今天或以前")
                .into());
        }
        let decided = self.decided(act, &done, &code)?;
        let back = undo::before(self.tx, &self.texts.layout, &done)?;
        let act_id = self.new_act_id()?;
        let acting_for = decided
            .as_ref()
            .map_or_else(|| done.acting_for.clone(), |d| d.body.to_string());
        let writing = Writing {
            act_id,
            verb: Verb::Revert.id(),
            happened,
            acting_for,
            because: Some(done.act_id),
            events: back
                .into_iter()
                .flat_map(|back| {
                    let reverted = Reverted {
                        reason: Some(reason),
                        decided: decided.clone(),
                        note: act.note.clone(),
                        ..Reverted::to(&back.to)
                    };
                    back.events(reverted, &self.texts.calendar)
                })
                .collect(),
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

    /// The code of a matter and the step of it that is meant.
    fn step_of(&self, stream: StreamId, act: &Act) -> Result<(String, fold::Stored), Stop> {
        let Some(row) = stream_row(self.tx, stream)? else {
            return Err(Refusal::new("not_found", "没有这一事项").hint("核对编号").into());
        };
        let stored = fold::read(self.tx, stream, i64::MAX)?;
        let found = match act.fields.get("step") {
            None | Some(serde_json::Value::Null) => stored.into_iter().find(|s| s.seq == row.tip),
            Some(given) => {
                let number = given
                    .as_u64()
                    .or_else(|| given.as_str().and_then(|t| t.trim().parse().ok()));
                let place = number
                    .and_then(|n| usize::try_from(n).ok())
                    .and_then(|n| n.checked_sub(1));
                let Some(step) = place.and_then(|at| stored.into_iter().nth(at)) else {
                    return Err(Refusal::new("not_found", format!("{} 没有第 {given} 步", row.code))
                        .hint("步骤号见该事项的历程")
                        .into());
                };
                Some(step)
            }
        };
        match found {
            Some(step) => Ok((row.code, step)),
            None => Err(Refusal::new("nothing_to_undo", format!("{} 已没有可以撤回的步骤", row.code)).into()),
        }
    }

    /// A step that somebody decided is taken back by the same body's decision.
    fn decided(&self, act: &Act, done: &Done, code: &str) -> Result<Option<Decided>, Stop> {
        let verb = Verb::find(&done.verb);
        let body = BodyRef::parse(&done.acting_for);
        let was_decided = verb.is_some_and(|v| v.spec().deciding || v == Verb::Countersign || v == Verb::Revert);
        let Some(body) = body.filter(|_| was_decided) else {
            return Ok(None);
        };
        let leader = act.decision.is_none() && self.operator.decides;
        if matches!(act.decision, None | Some(Decision::Submit)) && !leader {
            let reason = format!("{code} 的“{}”是经批准的，撤回此步也须批准", done.label());
            return Err(Refusal::new("needs_decision", reason)
                .hint("请批准后选“已签”或“已上会”办理（--decision signed 或 meeting）")
                .into());
        }
        let world = LedgerWorld::looking(self.tx, self.texts, self.operator, self.letters, self.today);
        let decided = decided_by(act, body, &world);
        world.settle()?;
        Ok(Some(decided?))
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
