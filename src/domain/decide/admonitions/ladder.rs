//! On what grounds a step of the ladder may be taken (§4.5, R103, R104, R108, R111).

use super::super::Desk;
use super::open::Proposal;
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::event::Weighed;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::state::State;
use crate::domain::vocabulary::{AdmonitionTrigger, Instrument};

/// The step that gives most: 督察通报 and 督察建议. Beyond it lies 移送, which this program does not decide.
const LAST: u8 = 3;

/// Refuses a step that its trigger, what went before and what was weighed do not carry.
///
/// One step lighter or heavier than expected needs a written reason (R111), more is refused. Step 3 needs 经提醒后仍未
/// 改正 and 轻微违法违纪 (R108), or a written reason why it starts there (A25).
pub fn grounds(
    desk: &Desk,
    kind: Instrument,
    trigger: AdmonitionTrigger,
    origin: Option<StreamId>,
    weighed: &Weighed,
) -> Result<(), Refusal> {
    use AdmonitionTrigger as T;
    let Some(step) = kind.terms().step else {
        return formal(desk, kind, trigger, origin);
    };
    let expected = match trigger {
        T::RiskShown => 0,
        T::Deviation => 1,
        T::Loophole => 2,
        T::SeriousFacts => LAST,
        T::NotCorrected => after(desk, origin, weighed)?,
        _ => return Err(wrong_trigger(kind, trigger)),
    };
    let explained = !weighed.reason.is_empty();
    if step == LAST && !explained && !(trigger == T::NotCorrected && weighed.violation == Some(true)) {
        return Err(Refusal::new(
            "not_both",
            format!("“{}”须同时具备：经提醒后仍未改正、构成轻微违法违纪", kind.label()),
        )
        .hint("补“情节认定”；事实已较严重的，写明直接适用的理由"));
    }
    let lighter = expected.saturating_sub(step);
    let heavier = step.saturating_sub(expected);
    if lighter > 1 || heavier > 1 {
        let (kind, word) = (kind.label(), if lighter > 1 { "轻" } else { "重" });
        return Err(
            Refusal::new("too_far", format!("“{kind}”比应当适用的措施{word}一档以上")).hint("至多从轻或从重一档"),
        );
    }
    if lighter + heavier > 0 && !explained {
        let word = if lighter > 0 { "从轻" } else { "从重" };
        return Err(
            Refusal::new("no_reason", format!("适用“{}”属于{word}，须写明理由", kind.label()))
                .hint("补填“从轻、从重或直接适用的理由”（--reason …）"),
        );
    }
    Ok(())
}

/// The step that follows a failed measure.
fn after(desk: &Desk, origin: Option<StreamId>, weighed: &Weighed) -> Result<u8, Refusal> {
    let former = former(desk, origin)?;
    let terms = former.kind.terms();
    let next = if weighed.violation == Some(true) {
        terms.failed_gravely
    } else {
        terms.failed
    };
    // Before the ladder proper (诫勉提醒 → 诫勉督导), a case on the ladder begins at 警示提醒.
    let step = next.iter().find_map(|i| i.terms().step);
    step.or((terms.step.is_none() && !next.is_empty()).then_some(1))
        .ok_or_else(|| {
            Refusal::new("beyond_the_ladder", format!("{} 之后没有更重的一档可办", former.code))
                .hint("报指委会研究；涉嫌严重违纪违法的，移送有权机关")
        })
}

/// The measure that was not corrected.
fn former(desk: &Desk, origin: Option<StreamId>) -> Result<Admonition, Refusal> {
    let state = origin.and_then(|o| desk.state(o));
    let Some(State::Admonition(former)) = state.as_deref() else {
        return Err(
            Refusal::new("no_former", "“前次处理后仍未改正”须指明前次处理").hint("补填前次处理的编号（--origin …）")
        );
    };
    if !matches!(former.stage, AdmonitionStage::Failed | AdmonitionStage::Succeeded) {
        return Err(Refusal::new(
            "former_not_failed",
            format!(
                "{} 现为“{}”，并未认定未改正，不能据此加重",
                former.code,
                former.stage.light_label()
            ),
        )
        .hint("前次处理核验未通过后再办"));
    }
    Ok((**former).clone())
}

/// 诫勉谈话 (R096): for conduct found, or after a 诫勉纠错 that failed.
fn formal(desk: &Desk, kind: Instrument, trigger: AdmonitionTrigger, origin: Option<StreamId>) -> Result<(), Refusal> {
    match trigger {
        AdmonitionTrigger::UncleanConduct => Ok(()),
        AdmonitionTrigger::NotCorrected => {
            let former = former(desk, origin)?;
            if former.kind.terms().failed.contains(&kind) {
                return Ok(());
            }
            Err(Refusal::new(
                "wrong_trigger",
                format!("{} 未通过不引起{}", former.kind.label(), kind.label()),
            ))
        }
        _ => Err(wrong_trigger(kind, trigger)),
    }
}

fn wrong_trigger(kind: Instrument, trigger: AdmonitionTrigger) -> Refusal {
    let (trigger, kind) = (trigger.label(), kind.label());
    Refusal::new("wrong_trigger", format!("“{trigger}”不适用{kind}"))
}

/// The next step only after the former failed: while one about the same matter runs, no heavier one begins.
pub fn nothing_open_before(desk: &Desk, kind: Instrument, asked: &Proposal) -> Result<(), Refusal> {
    let (Some(step), Some(origin)) = (kind.terms().step, asked.origin) else {
        return Ok(());
    };
    let mut about_it = super::from_origin(desk, origin);
    if let Some(State::Admonition(former)) = desk.state(origin).as_deref() {
        about_it.push((origin, (**former).clone()));
    }
    let running = about_it.into_iter().find(|(_, a)| {
        let same = match (a.responsible.as_slice(), asked.responsible.as_slice()) {
            ([], []) => true,
            (theirs, ours) => theirs.iter().any(|n| ours.iter().any(|o| o.same_as(n))),
        };
        let not_over = a.stage.live() && a.stage != AdmonitionStage::Failed;
        same && not_over && a.kind.terms().step.is_some_and(|s| s <= step)
    });
    match running {
        Some((_, a)) => Err(Refusal::new(
            "former_open",
            format!("{}（{}）尚未办结，不能再办{}", a.code, a.kind.label(), kind.label()),
        )
        .hint("前一档核验未通过后再加重")),
        None => Ok(()),
    }
}

/// Cause, circumstance and attitude stand before the decision (R103, R104).
pub fn weighed_before(measure: &Admonition) -> Result<(), Refusal> {
    let weighed = &measure.weighed;
    let gaps: Vec<&str> = [
        (weighed.cause.is_none(), "成因"),
        (weighed.circumstance.is_none(), "情节"),
        (weighed.attitude.is_none(), "认识态度"),
    ]
    .into_iter()
    .filter_map(|(open, label)| open.then_some(label))
    .collect();
    if !measure.kind.terms().weighed || gaps.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        "not_weighed",
        format!("{} 尚未记录{}，不能批准", measure.code, gaps.join("、")),
    )
    .hint("先办“情节认定”"))
}
