//! Who is the same person: aliases, namesakes told apart, and open suspicions (ledger.md §7).

use super::ids::StreamId;
use super::state::State;
use super::world::World;

/// The stream a person is known by, after following `same_as`.
pub fn canonical(person: StreamId, world: &dyn World) -> StreamId {
    let mut at = person;
    // A chain of aliases is short; the bound only keeps a circle from hanging.
    for _ in 0..16 {
        match world.state(at).and_then(|s| s.reference("same_as")) {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    at
}

/// Every stream that means this person, the given one included; restriction checks follow all of them.
pub fn aliases(person: StreamId, world: &dyn World) -> Vec<StreamId> {
    let mut all = vec![canonical(person, world)];
    let mut next = 0;
    while let Some(at) = all.get(next).copied() {
        for other in world.referrers("person", "alias", at) {
            if !all.contains(&other) {
                all.push(other);
            }
        }
        next += 1;
    }
    if !all.contains(&person) {
        all.push(person);
    }
    all
}

/// People of the same name who may be this person: one of the two records is provisional (待补充) and nobody has
/// settled it. While there is one, an answer about either is ambiguous.
pub fn suspects(person: StreamId, world: &dyn World) -> Vec<StreamId> {
    let Some(state) = world.state(person) else {
        return Vec::new();
    };
    let known = aliases(person, world);
    let provisional = |s: &State| s.value("incomplete").as_bool() == Some(true);
    let told_apart = |s: &State, other: StreamId| {
        s.value("distinct_from")
            .as_array()
            .is_some_and(|d| d.iter().any(|v| v.as_str() == Some(&other.to_string())))
    };
    world
        .titled("person", &state.text("name"))
        .into_iter()
        .filter(|other| !known.contains(other))
        .filter(|other| {
            world.state(*other).is_some_and(|o| {
                o.counts()
                    && (provisional(&state) || provisional(&o))
                    && !told_apart(&state, *other)
                    && !told_apart(&o, person)
            })
        })
        .collect()
}
