//! May this be done now, and if not, why: from the same guard as `decide`.

use super::admonition::{Admonition, AdmonitionStage};
use super::decide::{Desk, guard, other_account};
use super::ids::StreamId;
use super::instrument::{Hearing, SelfCheck};
use super::policy::Flow;
use super::verb::{VERBS, Verb};
use super::world::World;

/// The answer for one verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// Some form of it would be accepted.
    Yes,
    /// Every form would be refused, for this reason.
    No(String),
}

/// Whether a verb can be done to a stream.
pub fn available(verb: Verb, stream: StreamId, world: &dyn World) -> Availability {
    let desk = Desk::looking(world);
    match desk.state(stream) {
        None => Availability::No("没有这一事项".into()),
        Some(state) => match guard(verb, stream, &state, &desk).and_then(|()| {
            // What somebody decides can still be sent for a signature from any account.
            if verb.spec().deciding {
                Ok(())
            } else {
                other_account(&desk, verb, stream, &state)
            }
        }) {
            Ok(()) => Availability::Yes,
            Err(refusal) if refusal.hint.is_empty() => Availability::No(refusal.reason),
            Err(refusal) => Availability::No(format!("{}（{}）", refusal.reason, refusal.hint)),
        },
    }
}

/// Every verb that has to do with streams of this kind, each with its answer, in the order of menus.
pub fn menu(stream: StreamId, world: &dyn World) -> Vec<(Verb, Availability)> {
    let Some(state) = world.state(stream) else {
        return Vec::new();
    };
    let kind = state.kind().to_owned();
    VERBS
        .iter()
        .filter(|s| s.kinds.contains(&kind.as_str()) || s.kinds == ["*"])
        .map(|s| (s.verb, available(s.verb, stream, world)))
        .collect()
}

/// The next step of a matter, whatever it is (F5): the first step verb that is available.
pub fn next_step(stream: StreamId, world: &dyn World) -> Option<Verb> {
    use Verb::{
        Assess, CloseTask, Countersign, Discharge, Feedback, Grade, Lift, Release, ReportTask, Serve, Submit, Verify,
    };
    let state = world.state(stream)?;
    let order: &[Verb] = match &*state {
        super::State::RiskPoint(_) => &[Submit, Grade, Discharge],
        super::State::Warning(_) => &[Assess, Release, Serve, Feedback, Verify, Lift],
        super::State::Admonition(a) => return next_of_measure(a, stream, world),
        super::State::Appeal(_) => &[Verb::DecideAppeal],
        super::State::Task(_) => &[ReportTask, CloseTask],
        super::State::Measure(_) => &[Verb::RateMeasure, Verb::ImplementMeasure],
        super::State::Proposal(_) | super::State::ApprovalSheet(_) => &[Countersign],
        _ => &[],
    };
    order
        .iter()
        .copied()
        .find(|v| available(*v, stream, world) == Availability::Yes)
}

/// The next step of a measure: what its rules ask for comes before what they only allow.
fn next_of_measure(measure: &Admonition, stream: StreamId, world: &dyn World) -> Option<Verb> {
    let rules = world.policy().rules(measure.kind);
    let full = world.policy().flow == Flow::Full;
    let weighed = &measure.weighed;
    let unweighed = weighed.cause.is_none() || weighed.circumstance.is_none() || weighed.attitude.is_none();
    let check = rules.self_check.value;
    let steps = [
        (
            Verb::NameResponsible,
            measure.responsible.is_empty() && !measure.unit_wide,
        ),
        (
            Verb::NameResponsible,
            measure.responsible.is_empty() && !measure.restricts.is_empty(),
        ),
        (Verb::Weigh, measure.kind.terms().weighed && unweighed),
        (
            Verb::Hear,
            rules.hearing.value == Hearing::Required || (full && rules.hearing.value == Hearing::Offered),
        ),
        (Verb::Approve, true),
        (Verb::Serve, true),
        (Verb::Talk, rules.talkers.value > 0 && measure.talked_on.is_none()),
        (
            Verb::SelfCheck,
            full && matches!(check, SelfCheck::Check | SelfCheck::Both) && measure.self_checked_on.is_none(),
        ),
        (
            Verb::FilePlan,
            full && matches!(check, SelfCheck::Plan | SelfCheck::Both) && measure.planned_on.is_none(),
        ),
        (Verb::Visit, full && measure.visits < rules.visits.value),
        (Verb::Feedback, true),
        (Verb::Lift, true),
        (Verb::Verify, measure.stage == AdmonitionStage::ReportFiled),
    ];
    let asked = steps.into_iter().filter(|(_, asked)| *asked).map(|(verb, _)| verb);
    asked
        .into_iter()
        .find(|v| available(*v, stream, world) == Availability::Yes)
}
