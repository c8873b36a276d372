//! May this be done now, and if not, why: from the same guard as `decide`.

use super::decide::{Desk, guard};
use super::ids::StreamId;
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
        Some(state) => match guard(verb, stream, &state, &desk) {
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
        Approve, Assess, CloseTask, Countersign, Discharge, Feedback, Grade, Hear, Lift, NameResponsible, Release,
        ReportTask, Serve, Submit, Talk, Verify,
    };
    let state = world.state(stream)?;
    let order: &[Verb] = match &*state {
        super::State::RiskPoint(_) => &[Submit, Grade, Discharge],
        super::State::Warning(_) => &[Assess, Release, Serve, Feedback, Verify, Lift],
        super::State::Admonition(a) if a.responsible.is_empty() => &[NameResponsible],
        super::State::Admonition(a) if a.kind == super::AdmonitionKind::Correction && a.talked_on.is_none() => {
            &[Hear, Approve, Serve, Talk, Feedback]
        }
        super::State::Admonition(_) => &[Approve, Serve, Feedback, Verify, Lift],
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
