//! What an operator does not see (§0.16, G3): recusal comes before rank, for reading too.

use super::event::Duties;
use super::identity;
use super::ids::{BodyRef, StreamId};
use super::state::State;
use super::world::{Operator, World};

/// True when this matter is kept from the operator: his own, a relative's, or, until it is served,
/// that of somebody who leads his office.
pub fn hidden(state: &State, operator: &Operator, world: &dyn World) -> bool {
    let kept = |other: StreamId| world.state(other).is_some_and(|s| hidden(&s, operator, world));
    let served = match state {
        // Whom it was about is sealed too, so that nobody can be told apart any more: the unit's own bodies do not see
        // that a clue went out.
        State::Warning(w) if w.sealed() => return !handles_clues(operator, w.duties),
        State::Warning(w) => w.served_on.is_some(),
        State::Admonition(a) => a.served_on.is_some(),
        State::Appeal(a) => return world.state(a.against).is_some_and(|s| hidden(&s, operator, world)),
        // A proposal is hidden with the matter it would change.
        State::Proposal(p) => return p.act.targets.iter().any(|target| kept(*target)),
        State::Obligation(o) => return kept(o.about),
        // One line of it would tell.
        State::ApprovalSheet(sheet) => return sheet.proposals.iter().any(|line| kept(*line)),
        _ => return false,
    };
    let subjects = subjects(state);
    if let Some(person) = operator.person {
        let own = identity::aliases(person, world);
        if !served && subjects.iter().any(|s| own.contains(s)) {
            return true;
        }
        let known = |s: &StreamId| identity::aliases(*s, world);
        let related = |s: StreamId| own.iter().any(|me| related(*me, s, world));
        if subjects.iter().flat_map(known).any(related) {
            return true;
        }
    }
    if served {
        return false;
    }
    let leads = |s: &StreamId| leads_unit(*s, world);
    let heads_post = state.reference("post").filter(|p| heads(*p, world));
    let led_unit = subjects
        .iter()
        .find_map(leads)
        .or_else(|| heads_post.and(state.reference("unit")));
    let Some(unit) = led_unit else { return false };
    let colleague = operator
        .person
        .and_then(|p| world.state(p))
        .and_then(|p| p.reference("unit"))
        == Some(unit);
    let own_committee = !operator.capacities.is_empty()
        && operator
            .capacities
            .iter()
            .all(|c| matches!(c, BodyRef::Implementation(u) | BodyRef::Social(u) if *u == unit));
    colleague || own_committee
}

fn handles_clues(operator: &Operator, duties: Duties) -> bool {
    let of_unit = |body: &BodyRef| matches!(body, BodyRef::Implementation(_) | BodyRef::Social(_));
    let handles = |body: &BodyRef| match body {
        BodyRef::Discipline | BodyRef::SteeringOffice | BodyRef::Steering => true,
        other => !of_unit(other) && (*other == duties.lead || Some(*other) == duties.co),
    };
    operator.capacities.is_empty() || operator.capacities.iter().any(handles)
}

/// People a matter is about.
pub fn subjects(state: &State) -> Vec<StreamId> {
    match state {
        State::Warning(_) => state.reference("person").into_iter().collect(),
        State::Admonition(a) => a.responsible.iter().filter_map(|n| n.person).collect(),
        _ => Vec::new(),
    }
}

/// A recorded kin or interest link between two people, either way round.
pub fn related(one: StreamId, other: StreamId, world: &dyn World) -> bool {
    let linked = |a: StreamId, b: StreamId| {
        world
            .referrers("kin", "person", a)
            .into_iter()
            .filter_map(|k| world.state(k))
            .any(|k| k.counts() && k.reference("relative") == Some(b))
    };
    one != other && (linked(one, other) || linked(other, one))
}

/// True for a post that heads a unit or sits in its leading team.
pub fn heads(post: StreamId, world: &dyn World) -> bool {
    world.state(post).is_some_and(|p| {
        p.value("is_unit_head").as_bool() == Some(true) || p.value("in_leading_team").as_bool() == Some(true)
    })
}

/// The unit a person leads, as head or in its leading team.
fn leads_unit(person: StreamId, world: &dyn World) -> Option<StreamId> {
    let state = world.state(person)?;
    let post = state.reference("post")?;
    if heads(post, world) {
        state.reference("unit")
    } else {
        None
    }
}
