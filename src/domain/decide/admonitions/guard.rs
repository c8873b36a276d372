//! May this verb be done to this measure at all? The shared first half of `available` and `decide`.

use super::checklist::{Line, open_line};
use super::{Desk, full, ladder};
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::instrument::{Hearing, Observed};
use crate::domain::verb::Verb;

use AdmonitionStage as A;

/// Refuses what no filled form could make possible.
pub fn guard(verb: Verb, id: StreamId, measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    if verb == Verb::Appeal {
        appealable(measure)?;
        return super::super::appeals::somebody_left(desk, id, measure);
    }
    let stage = measure.stage;
    if !stage.live() {
        return Err(super::super::guard::ended(&measure.code, shown(desk, stage)));
    }
    let (allowed, hint): (&[A], &str) = match verb {
        Verb::NameResponsible => (&[A::Proposed, A::Heard], "批准前指定责任人"),
        Verb::Hear => (&[A::Proposed], "说明在批准前听取"),
        Verb::Approve | Verb::Reject => (&[A::Proposed, A::Heard], ""),
        Verb::Serve => (&[A::Approved], "先“批准”"),
        Verb::Talk => (&[A::Served, A::Correcting, A::Failed], "送达后谈话"),
        Verb::SelfCheck | Verb::FilePlan => (&[A::Served, A::Talked, A::Correcting], "送达后报送"),
        Verb::Progress | Verb::Visit => (
            &[
                A::Served,
                A::Talked,
                A::Correcting,
                A::ReportFiled,
                A::Verified,
                A::Observing,
                A::Failed,
            ],
            "送达后办理",
        ),
        Verb::Extend => (&[A::Served, A::Talked, A::Correcting], "只有整改中的可以延期"),
        Verb::Feedback if measure.kind.terms().observed == Observed::Effect => (
            &[A::Served, A::Talked, A::Correcting, A::Observing, A::Failed],
            "送达之后、核验之前办理",
        ),
        Verb::Feedback => (
            &[A::Served, A::Talked, A::Correcting, A::Failed],
            "送达之后、核验之前办理",
        ),
        Verb::Verify if measure.kind.terms().observed == Observed::Effect => (&[A::ReportFiled], "先“录入反馈”"),
        Verb::Verify => (&[A::ReportFiled, A::Observing], "先“录入反馈”"),
        Verb::Lift => (&[A::Verified, A::Observing, A::Failed], "先“核验”通过"),
        Verb::Revoke => (
            &[
                A::Approved,
                A::Served,
                A::Talked,
                A::Correcting,
                A::ReportFiled,
                A::Verified,
                A::Observing,
                A::Failed,
            ],
            "尚未批准的，办“不予批准”",
        ),
        Verb::Amend => (&[], "改办理内容请撤回相应步骤后重办"),
        Verb::Void => (&[A::Proposed, A::Heard], "已批准的，办“撤销决定”"),
        _ => return Ok(()),
    };
    if !allowed.contains(&stage) {
        let shown = shown(desk, stage);
        return Err(super::super::guard::wrong_stage(verb, &measure.code, shown, hint));
    }
    match verb {
        Verb::Approve => approve(measure, desk),
        Verb::Talk | Verb::SelfCheck | Verb::FilePlan | Verb::Feedback => in_order(verb, measure, desk),
        Verb::Extend => extend(measure, desk),
        Verb::Verify => verify(measure, desk),
        Verb::Lift => lift(id, measure, desk),
        _ => Ok(()),
    }
}

fn shown(desk: &Desk, stage: A) -> &'static str {
    if full(desk) { stage.label() } else { stage.light_label() }
}

fn approve(measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    let code = &measure.code;
    let rules = desk.world.policy().rules(measure.kind);
    let restricting = !measure.restricts.is_empty();
    if restricting && measure.responsible.is_empty() {
        return Err(Refusal::new("no_responsible", format!("{code} 尚未指定责任人，不能批准")).hint("先“指定责任人”"));
    }
    if restricting && let Some(unknown) = measure.responsible.iter().find(|n| n.person.is_none()) {
        return Err(Refusal::new(
            "unknown_person",
            format!("{code} 的责任人“{}”不在名录中，限制事项无从落实", unknown.name),
        )
        .hint("先登记人员，再“指定责任人”"));
    }
    let heard = measure.heard_on.is_some();
    match rules.hearing.value {
        Hearing::Required if !heard => {
            return Err(Refusal::new("not_heard", format!("{code} 尚未听取说明，不能批准")).hint("先“听取说明”"));
        }
        // Offered: the subject may let the days pass, but he must have had them.
        Hearing::Offered if !heard && full(desk) => {
            let until = measure.due.as_ref().filter(|d| d.step.ends_with(".hear"));
            if let Some(until) = until.filter(|d| desk.happened <= d.day) {
                return Err(Refusal::new(
                    "hearing_open",
                    format!("{code} 的说明期限到 {} 为止，其间不能批准", until.day),
                )
                .hint("先“听取说明”，或期满后批准"));
            }
        }
        _ => {}
    }
    if measure.kind.register() == "accountability" {
        ladder::weighed_before(measure)?;
        ladder::grounds(desk, measure.kind, measure.trigger, measure.origin, &measure.weighed)?;
    }
    Ok(())
}

/// In the full flow the checklist goes line by line.
fn in_order(verb: Verb, measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    let (line, kind, first) = match open_line(desk, measure) {
        Some(Line::Talk) => (Verb::Talk, "not_talked", "谈话"),
        Some(Line::SelfCheck) => (Verb::SelfCheck, "no_self_check", "书面检查"),
        Some(Line::Plan) => (Verb::FilePlan, "no_plan", "整改方案"),
        None => return Ok(()),
    };
    let rank = |verb| match verb {
        Verb::Talk => 0,
        Verb::SelfCheck => 1,
        Verb::FilePlan => 2,
        _ => 3,
    };
    if rank(verb) <= rank(line) {
        return Ok(());
    }
    let reason = format!("{} 尚未完成“{first}”，不能“{}”", measure.code, verb.label());
    Err(Refusal::new(kind, reason).hint(format!("先办“{}”", line.label())))
}

fn extend(measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    let code = &measure.code;
    if measure.extended {
        return Err(Refusal::new("extended_once", format!("{code} 已延期一次，不能再延")));
    }
    if desk.world.policy().rules(measure.kind).extension_days.value == 0 {
        return Err(Refusal::new(
            "no_extension",
            format!("{code}：{}不延期", measure.kind.label()),
        ));
    }
    Ok(())
}

fn verify(measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    let code = &measure.code;
    if desk.world.policy().rules(measure.kind).talkers.value > 0 && measure.talked_on.is_none() {
        return Err(Refusal::new("not_talked", format!("{code} 尚未谈话，不能核验")).hint("先“谈话”"));
    }
    match &measure.effect {
        Some(effect) if desk.happened < effect.to => Err(Refusal::new(
            "effect_running",
            format!(
                "{code} 的影响期到 {} 为止，期满后核验",
                crate::domain::restriction::last_day(effect.to)
            ),
        )
        .hint("影响期满后，由本人报告改正情况")),
        _ => Ok(()),
    }
}

fn lift(id: StreamId, measure: &Admonition, desk: &Desk) -> Result<(), Refusal> {
    let code = &measure.code;
    let rules = desk.world.policy().rules(measure.kind);
    let day = desk.happened;
    if measure.stage == A::Failed {
        // What followed it brought the correction about after all.
        let corrected = super::from_origin(desk, id).iter().any(|(_, a)| a.stage == A::Lifted);
        return if corrected {
            Ok(())
        } else {
            let hint = "先“录入反馈”并“核验”通过，或待后续处理解除";
            Err(super::super::guard::wrong_stage(
                Verb::Lift,
                code,
                measure.stage.label(),
                hint,
            ))
        };
    }
    if full(desk) && measure.visits < rules.visits.value {
        return Err(Refusal::new(
            "too_few_visits",
            format!(
                "{code} 现场督导 {} 次，解除前至少 {} 次",
                measure.visits, rules.visits.value
            ),
        )
        .hint("先办“现场督导”"));
    }
    // The light flow leaves an early lift to whoever signs it, with a remark (§0.15).
    if let Some(earliest) = too_early(desk, measure)
        && full(desk)
    {
        return Err(
            Refusal::new("too_early", format!("{code} 最早 {earliest} 可以提前解除（期限过半）"))
                .hint("限制事项到解除为止"),
        );
    }
    let watched_for_good = measure.kind.terms().observed == Observed::FromVerification;
    match &measure.due {
        Some(watch) if measure.stage == A::Observing && watched_for_good && day < watch.day => Err(Refusal::new(
            "observing",
            format!("{code} 观察到 {} 为止，其间不解除", watch.day),
        )
        .hint("观察期内有反弹的，办“核验”记未通过")),
        _ => Ok(()),
    }
}

/// The day from which an early lift is possible (half the period, §4.4), when that lies ahead.
pub fn too_early(desk: &Desk, measure: &Admonition) -> Option<chrono::NaiveDate> {
    let (served, period) = (measure.served_on?, measure.period.as_ref()?);
    let percent = desk.world.policy().rules(measure.kind).early_lift_percent.value;
    let share = (period.length * percent).div_ceil(100);
    let earliest = desk.world.calendar().add_workdays(served, share).day;
    (percent > 0 && desk.happened < earliest).then_some(earliest)
}

/// An appeal may be filed once the decision was served, also after it was lifted, not when it is gone.
fn appealable(measure: &Admonition) -> Result<(), Refusal> {
    let code = &measure.code;
    if matches!(measure.stage, A::Rejected | A::Replaced | A::Revoked | A::Void) {
        return Err(super::super::guard::ended(code, measure.stage.label()));
    }
    if measure.served_on.is_none() {
        return Err(Refusal::new("not_served", format!("{code} 尚未送达，没有可申诉的决定")).hint("送达后提出"));
    }
    Ok(())
}
