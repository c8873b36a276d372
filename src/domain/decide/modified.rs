//! 变更原决定 (§4.4 Appeal): what a decision on appeal changes about the measure, checked and stated.
//!
//! Words alone change nothing here: the decision says which of these becomes of the measure. Nobody is worse off for
//! having appealed.

use chrono::NaiveDate;

use super::{Desk, args, deadline};
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::event::{Due, Modified, Named};
use crate::domain::fault::Refusal;
use crate::domain::restriction::last_day;
use crate::domain::vocabulary::{Instrument, RestrictedAct};

/// What the form says about a decision that is modified.
pub fn modified(desk: &Desk, measure: &Admonition) -> Result<Modified, Refusal> {
    let start = measure.restricted_from().or(measure.served_on);
    let from_start = args::flag(desk, "from_start")? == Some(true);
    let kind = args::choice(desk, "kind", Instrument::find)?;
    let modified = Modified {
        kind,
        restricts: restricts(desk, measure, kind)?,
        struck: struck(desk, measure)?,
        until: until(desk, measure)?,
        due: due(desk, measure)?,
        from: start.filter(|_| from_start).unwrap_or(desk.happened),
    };
    if modified.says_nothing() {
        return Err(Refusal::new("missing_field", "“变更原决定”没有写明变更了什么").hint(
            "至少填一项：改为何种措施（--kind）、取消限制事项（--free）、限制至（--until）、整改期限改为（--period）、不再列为责任人（--strike）",
        ));
    }
    Ok(modified)
}

fn no_worse(measure: &Admonition, why: &str) -> Refusal {
    Refusal::new("no_worse", format!("{}：{why}，申诉复核不得加重", measure.code))
        .hint("确需加重的，另行提出、另行批准")
}

/// What it forbids from then on, where that changes.
fn restricts(
    desk: &Desk,
    measure: &Admonition,
    kind: Option<Instrument>,
) -> Result<Option<Vec<RestrictedAct>>, Refusal> {
    let free = args::flag(desk, "free")? == Some(true);
    if free && measure.forbids().is_empty() {
        return Err(nothing_forbidden(measure));
    }
    let Some(kind) = kind else {
        return Ok(free.then(Vec::new));
    };
    let rules = desk.world.policy().rules(kind);
    if kind == measure.kind {
        let reason = format!("{} 原为{}，没有变更", measure.code, kind.label());
        return Err(Refusal::new("nothing_changed", reason));
    }
    if kind.register() != measure.kind.register() || rules.effect_months.value > 0 {
        let reason = format!("{}不能改为{}", measure.kind.label(), kind.label());
        return Err(Refusal::new("wrong_kind", reason).hint("撤销原决定后，另行提出"));
    }
    let steps = (measure.kind.terms().step, kind.terms().step);
    let acts = desk.world.policy().restricted_acts(kind);
    let graver = match steps {
        (Some(was), Some(is)) => is > was,
        _ => {
            Instrument::ADMONITIONS.iter().position(|k| *k == kind)
                > Instrument::ADMONITIONS.iter().position(|k| *k == measure.kind)
        }
    };
    if graver || acts.iter().any(|act| !measure.forbids().contains(act)) {
        return Err(no_worse(
            measure,
            &format!("{}重于{}", kind.label(), measure.kind.label()),
        ));
    }
    Ok(Some(if free { Vec::new() } else { acts }))
}

fn nothing_forbidden(measure: &Admonition) -> Refusal {
    Refusal::new("not_restricting", format!("{} 没有限制事项可变更", measure.code)).hint("核对原决定")
}

/// People it no longer names; not all of them, unless it is about the unit.
fn struck(desk: &Desk, measure: &Admonition) -> Result<Vec<Named>, Refusal> {
    let struck = args::people(desk, "strike")?;
    let named = |who: &&Named| measure.responsible.iter().any(|n| n.same_as(who));
    if let Some(stranger) = struck.iter().find(|who| !named(who)) {
        let reason = format!("“{}”不是 {} 的责任人", stranger.name, measure.code);
        return Err(Refusal::new("not_concerned", reason).hint("从该决定所列责任人中填写"));
    }
    let left = measure.responsible.iter().any(|n| !struck.iter().any(|s| s.same_as(n)));
    if !struck.is_empty() && !left && !measure.unit_wide {
        let reason = format!("{} 的责任人全部划去，已没有对象", measure.code);
        return Err(Refusal::new("nobody_left", reason).hint("复核决定选“撤销原决定”"));
    }
    Ok(struck)
}

/// First day without what it forbids; the paper states the last day with it.
fn until(desk: &Desk, measure: &Admonition) -> Result<Option<NaiveDate>, Refusal> {
    let Some(last) = args::date(desk, "until")? else {
        return Ok(None);
    };
    let (Some(from), Some(free)) = (measure.restricted_from(), last.succ_opt()) else {
        return Err(nothing_forbidden(measure));
    };
    if free < from {
        let reason = format!("“限制至”{last} 早于限制开始之日 {from}");
        return Err(Refusal::new("wrong_field", reason).hint("自始不限制的，填“取消限制事项”和“自始变更”"));
    }
    if let Some(end) = measure.restricted_to().filter(|end| free >= *end) {
        return Err(no_worse(
            measure,
            &format!("原限制到 {} 为止，不能改为 {last}", last_day(end)),
        ));
    }
    Ok(Some(free))
}

/// The correction's new deadline, while it runs.
fn due(desk: &Desk, measure: &Admonition) -> Result<Option<Due>, Refusal> {
    use AdmonitionStage as A;
    let Some(day) = args::date(desk, "period")? else {
        return Ok(None);
    };
    let running = matches!(measure.stage, A::Served | A::Talked | A::Correcting);
    let Some(old) = measure.correct_due.as_ref().filter(|_| running) else {
        let reason = format!("{} 现为“{}”，没有在计的整改期限", measure.code, measure.stage.label());
        return Err(Refusal::new("wrong_stage", reason));
    };
    if day < desk.happened {
        let reason = format!("“整改期限改为”{day} 早于复核决定之日 {}", desk.happened);
        return Err(Refusal::new("wrong_field", reason).hint("填决定之日或以后的日期"));
    }
    Ok(Some(deadline::moved_to(desk, old, day)))
}
