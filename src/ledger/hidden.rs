//! Which few streams are kept from an operator (§0.16), found by looking up whom and what he is linked to.
//!
//! The rule itself is `domain::viewer::hidden`; here only those streams are put before it that it could keep: matters
//! about himself and his relatives, about the leaders and leading posts of his office, sealed clues, and what hangs on
//! any of these. No table is walked: a million points cost nothing.

use std::collections::BTreeSet;

use super::world::LedgerWorld;
use crate::domain::fault::Fault;
use crate::domain::identity::aliases;
use crate::domain::world::{Operator, World};
use crate::domain::{BodyRef, StreamId, viewer};

/// Kinds of matters that have a subject.
const MATTERS: [&str; 3] = ["warning", "admonition", "accountability"];
/// What hangs on a matter, or on what hangs on it: kind, and by which relation.
const ATTACHED: [(&str, &str); 3] = [("proposal", "target"), ("obligation", "origin"), ("appeal", "target")];

/// True for who records for every body and is linked to nobody: he sees all.
pub fn sees_all(operator: &Operator) -> bool {
    operator.person.is_none() && operator.capacities.is_empty()
}

/// The streams kept from an operator.
pub fn hidden(world: &LedgerWorld, operator: &Operator) -> Result<BTreeSet<StreamId>, Fault> {
    if sees_all(operator) {
        return Ok(BTreeSet::new());
    }
    let mut people = people(world, operator);
    let offices = units(world, operator);
    people.extend(offices.iter().flat_map(|unit| world.seated_in(*unit)));
    let posts = offices.into_iter().flat_map(|unit| leading_posts(world, unit));
    let mut matters: BTreeSet<StreamId> = world.sealed().into_iter().collect();
    for (relation, targets) in [("person", people), ("post", posts.collect())] {
        for target in targets {
            if relation == "post" {
                let appointed = world.referrers("appointment", "post", target).into_iter();
                let appointed = appointed.filter_map(|a| world.state(a)?.reference("person"));
                let holders = world.referrers("person", "post", target).into_iter().chain(appointed);
                matters.extend(holders.flat_map(|person| matters_of(world, "person", person)));
            }
            matters.extend(matters_of(world, relation, target));
        }
    }
    let mut candidates = BTreeSet::new();
    let mut waiting: Vec<StreamId> = matters.into_iter().collect();
    while let Some(one) = waiting.pop() {
        if candidates.insert(one) {
            waiting.extend(ATTACHED.iter().flat_map(|(kind, by)| world.referrers(kind, by, one)));
            waiting.extend(world.state(one).and_then(|state| state.reference("sheet")));
        }
    }
    let kept = |stream: &StreamId| {
        world
            .state(*stream)
            .is_some_and(|state| viewer::hidden(&state, operator, world))
    };
    let found = candidates.into_iter().filter(kept).collect();
    world.settle()?;
    Ok(found)
}

fn matters_of(world: &LedgerWorld, relation: &str, target: StreamId) -> Vec<StreamId> {
    let one = |kind: &&str| world.referrers(kind, relation, target);
    MATTERS.iter().flat_map(one).collect()
}

/// Himself and his relatives, under each of their records.
fn people(world: &LedgerWorld, operator: &Operator) -> BTreeSet<StreamId> {
    let own = operator.person.map(|person| aliases(person, world)).unwrap_or_default();
    let mut found: BTreeSet<StreamId> = own.iter().copied().collect();
    for me in own {
        for (here, there) in [("person", "relative"), ("relative", "person")] {
            let links = world.referrers("kin", here, me).into_iter();
            let kin = links.filter_map(|link| world.state(link)?.reference(there));
            found.extend(kin.flat_map(|one| aliases(one, world)));
        }
    }
    found
}

/// His office, and the unit whose committees alone he records for.
fn units(world: &LedgerWorld, operator: &Operator) -> BTreeSet<StreamId> {
    let office = operator
        .person
        .and_then(|person| world.state(person)?.reference("unit"));
    let committees = operator.capacities.iter().filter_map(|body| match body {
        BodyRef::Implementation(unit) | BodyRef::Social(unit) => Some(*unit),
        _ => None,
    });
    office.into_iter().chain(committees).collect()
}

/// The posts that lead a unit, and those by which somebody of the unit leads.
fn leading_posts(world: &LedgerWorld, unit: StreamId) -> Vec<StreamId> {
    let mut posts: BTreeSet<StreamId> = world.referrers("post", "unit", unit).into_iter().collect();
    posts.extend(world.posts_held_in(unit));
    posts.into_iter().filter(|post| viewer::heads(*post, world)).collect()
}

/// The world as its operator may see it, acting for one body or all of his: what is kept from him is unknown there.
pub fn masked<'a>(world: LedgerWorld<'a>, capacity: Option<BodyRef>) -> Result<LedgerWorld<'a>, Fault> {
    let kept = hidden(&world, &world.operator().in_capacity(capacity))?;
    Ok(world.keeping(kept.into()))
}

#[cfg(test)]
#[path = "hidden_tests.rs"]
mod tests;
