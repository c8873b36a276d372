//! Verification by somebody else, the watch after it, and the lift.

use super::super::signing::decided;
use super::super::warnings::keep_apart;
use super::super::{Desk, args};
use super::guard::too_early;
use super::{concerned, due, full, measure_due};
use crate::domain::admonition::{Admonition, AdmonitionStage};
use crate::domain::event::{Duties, Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::instrument::Observed;
use crate::domain::vocabulary::{InspectionMethod, Instrument};

/// Passed: lifted next, or watched first. Not passed: a second chance where there is one, else it has failed.
pub fn verify(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let passed = args::must_flag(desk, "passed")?;
    let verifiers = verifiers(desk, measure)?;
    let method = args::choice(desk, "method", InspectionMethod::find)?;
    site_check(desk, measure, method)?;
    let opinion = args::text(desk, "opinion");
    if measure.stage == AdmonitionStage::Observing && passed {
        return Err(
            Refusal::new("already_verified", format!("{} 已核验通过，正在观察", measure.code))
                .hint("观察期满后“解除”；有反弹的记未通过"),
        );
    }
    let second_chance =
        measure.kind.terms().second_chance && measure.failures == 0 && measure.stage != AdmonitionStage::Observing;
    if !passed && !second_chance {
        failed(desk, id, measure, verifiers, opinion);
        return Ok(());
    }
    let next = if passed {
        "admonition.lift"
    } else {
        "admonition.correct_again"
    };
    let event = Event::Verified {
        passed,
        verifiers,
        method,
        opinion,
        due: measure_due(desk, next, desk.happened),
    };
    desk.record(id, event);
    if passed {
        watch(desk, id, measure);
    }
    Ok(())
}

/// Somebody else: not who it is about, not who approved it (G2).
fn verifiers(desk: &Desk, measure: &Admonition) -> Result<Vec<Named>, Refusal> {
    let verifiers = args::people(desk, "verifiers")?;
    let mut earlier = concerned(measure);
    earlier.extend(measure.signer.clone());
    keep_apart(&verifiers, &earlier, "核验人")?;
    if full(desk) && verifiers.is_empty() {
        return Err(
            Refusal::new("missing_field", format!("{} 的核验缺少“核验人”", measure.code))
                .hint("补填“核验人”（--verifiers …）"),
        );
    }
    Ok(verifiers)
}

fn site_check(desk: &Desk, measure: &Admonition, method: Option<InspectionMethod>) -> Result<(), Refusal> {
    let asked = full(desk) && desk.world.policy().rules(measure.kind).site_check.value;
    let on_site = matches!(method, Some(InspectionMethod::Look | InspectionMethod::Visit));
    if asked && !on_site {
        return Err(
            Refusal::new("no_site_check", format!("{}须现场核验", measure.kind.label())).hint("“核验方式”填 看 或 访"),
        );
    }
    Ok(())
}

fn failed(desk: &mut Desk, id: StreamId, measure: &Admonition, verifiers: Vec<Named>, opinion: String) {
    if !measure.restricts.is_empty() {
        desk.notes
            .push(format!("{} 核验未通过；限制事项继续，直至另行解除", measure.code));
    }
    let due = measure_due(desk, "admonition.follow_up", desk.happened);
    let index = desk.record(
        id,
        Event::AdmonitionFailed {
            verifiers,
            opinion,
            due,
        },
    );
    // §4.5: a 督察建议 that was not accepted is reported to 指委会.
    if measure.kind == Instrument::InspectorateRecommendation && measure.approver != BodyRef::Steering {
        let event = Event::HandedOver {
            unit: measure.unit,
            reason: "督察建议未被采纳，报指委会".into(),
            duties: Duties {
                lead: BodyRef::Steering,
                co: Some(measure.approver),
            },
        };
        desk.record_because(id, event, Some(index));
    }
}

/// After a passed verification some measures are watched before they end.
fn watch(desk: &mut Desk, id: StreamId, measure: &Admonition) {
    let from = match measure.kind.terms().observed {
        Observed::FromService if full(desk) => measure.served_on,
        Observed::FromVerification => Some(desk.happened),
        _ => None,
    };
    let until = from.map(|from| due(desk, measure.kind, "observe", from));
    if let Some(due) = until.filter(|d| d.day > desk.happened) {
        desk.record(id, Event::ObservationBegun { due });
    }
}

/// The written end. Before the watch is over it is an early lift and says why; verifiers are always named by then,
/// because the full flow, which alone watches, asks for them.
pub fn lift(desk: &mut Desk, measure: &Admonition) -> Result<Event, Refusal> {
    if let Some(half) = too_early(desk, measure) {
        desk.notes
            .push(format!("{} 在期限过半（{half}）之前提前解除", measure.code));
    }
    let opinion = args::text(desk, "opinion");
    let watched = measure
        .due
        .as_ref()
        .filter(|_| measure.stage == AdmonitionStage::Observing);
    if let Some(watch) = watched.filter(|d| desk.happened < d.day)
        && opinion.is_empty()
    {
        return Err(Refusal::new(
            "no_reason",
            format!("{} 观察到 {} 为止，提前解除须写明理由", measure.code, watch.day),
        )
        .hint("补填“解除意见”（--opinion …）"));
    }
    let mut apart = concerned(measure);
    apart.extend(measure.verifiers.iter().cloned());
    Ok(Event::AdmonitionLifted {
        opinion,
        decided: decided(desk, measure.approver, &apart)?,
    })
}
