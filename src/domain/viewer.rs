//! What an operator does not see (§0.16, G3): recusal comes before rank, for reading too.

use std::sync::Arc;

use chrono::NaiveDate;

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
    let mut led: Vec<StreamId> = subjects.iter().flat_map(|s| led_units(*s, world)).collect();
    if state.reference("post").is_some_and(|p| heads(p, world)) {
        led.extend(state.reference("unit"));
    }
    let office = operator.person.and_then(|p| world.state(p)?.reference("unit"));
    let colleague = office.is_some_and(|unit| led.contains(&unit));
    let of_led = |c: &BodyRef| matches!(c, BodyRef::Implementation(u) | BodyRef::Social(u) if led.contains(u));
    let own_committee = !operator.capacities.is_empty() && operator.capacities.iter().all(of_led);
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

/// The units a person leads today: by his post, by one he holds for a while (代理), or by a seat in the committee of
/// the unit, which would lead the matter (§0.16).
fn led_units(person: StreamId, world: &dyn World) -> Vec<StreamId> {
    let mut led = Vec::new();
    for own in identity::aliases(person, world) {
        let Some(state) = world.state(own) else { continue };
        for post in posts_held(own, world.today(), world) {
            if heads(post, world) {
                let of_post = world.state(post).and_then(|p| p.reference("unit"));
                led.extend(of_post.or(state.reference("unit")));
            }
            led.extend(committees(world, "post", post));
        }
        led.extend(committees(world, "person", own));
    }
    led
}

/// Units in whose committee somebody, or whoever holds a post, has a seat today.
fn committees(world: &dyn World, relation: &'static str, of: StreamId) -> Vec<StreamId> {
    let seats = in_force(world, relation, of, world.today()).into_iter();
    seats
        .filter_map(|seat| match BodyRef::parse(&seat.text("body")) {
            Some(BodyRef::Implementation(unit)) => Some(unit),
            _ => None,
        })
        .collect()
}

/// The posts of one record of a person on a day: his own, and those he is appointed to.
pub fn posts_held(person: StreamId, day: NaiveDate, world: &dyn World) -> Vec<StreamId> {
    let own = world.state(person).and_then(|p| p.reference("post"));
    let appointed = in_force(world, "person", person, day).into_iter();
    own.into_iter()
        .chain(appointed.filter_map(|a| a.reference("post")))
        .collect()
}

/// Appointments in force on a day, of a person or of whoever holds a post.
fn in_force(world: &dyn World, relation: &'static str, of: StreamId, day: NaiveDate) -> Vec<Arc<State>> {
    let day = day.to_string();
    let all = world.referrers("appointment", relation, of).into_iter();
    all.filter_map(|a| world.state(a))
        .filter(|a| {
            let to = a.text("to");
            a.counts() && a.text("from") <= day && (to.is_empty() || day <= to)
        })
        .collect()
}
