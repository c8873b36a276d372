//! The other half of the law on guards: where the guard says yes, some filled form is accepted. Over the worlds of
//! `laws_tests.rs`: whatever random acts have brought about, each open verb of some matters is tried with forms filled
//! as an office fills them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::fault::Stop;
use crate::domain::{Act, Availability, StreamId, Verb};
use crate::ledger::random_acts::{Dice, filled, streams};
use crate::ledger::rebuild::laws::Round;
use crate::ledger::room::Room;
use crate::ledger::test_support::full;
use crate::ledger::world::LedgerWorld;

/// Acts between two looks.
const BETWEEN: usize = 60;
/// Forms filled before a verb counts as one that is never accepted.
const FORMS: usize = 60;

/// Verbs whose answer is the log's (what stands in the way of taking a step back), not the rules'.
const OF_THE_LOG: [Verb; 1] = [Verb::Revert];

/// A further draft in the unit of a point, or in any: what needs another point to point at finds one.
fn another_point_beside(room: &mut Room, target: StreamId) {
    let of_point = "SELECT u.stream FROM stream s JOIN list_risk_point l ON l.id = s.id JOIN stream u ON u.id = l.unit
                    WHERE s.stream = ?1";
    let conn = &room.office.file().conn;
    let unit = conn
        .query_row(of_point, [target.0], |row| row.get(0).map(StreamId))
        .ok();
    let unit = unit.unwrap_or_else(|| streams(room, Some("unit")).pop().unwrap().0);
    room.must(Act::new(Verb::Draft, vec![]).with("unit", unit.to_string()));
}

/// Tries every open verb of a matter; verb → the refusals of all forms, where none was accepted.
fn tried(
    round: &mut Round,
    dice: &mut Dice,
    target: StreamId,
    met: &mut BTreeSet<Verb>,
) -> Vec<(Verb, BTreeSet<String>)> {
    let operator = round.room.operator.clone();
    another_point_beside(&mut round.room, target);
    let open: Vec<Verb> = {
        let office = &round.room.office;
        let world = LedgerWorld::looking(
            &office.file().conn,
            office.texts(),
            &operator,
            office.letters(),
            office.today(),
        );
        let verbs = crate::domain::menu(target, &world).into_iter();
        verbs
            .filter(|(_, answer)| *answer == Availability::Yes)
            .map(|(verb, _)| verb)
            .collect()
    };
    let mut wrong = Vec::new();
    for verb in open.into_iter().filter(|verb| !OF_THE_LOG.contains(verb)) {
        let mut refusals = BTreeSet::new();
        let accepted = (0..FORMS).any(|_| {
            let act = filled(&round.room, dice, verb, target);
            match round.room.office.preview(&operator, &act) {
                Ok(_) => true,
                Err(Stop::Refused(refusal)) => {
                    refusals.insert(format!("{}: {}", refusal.kind, refusal.reason));
                    false
                }
                Err(Stop::Failed(fault)) => panic!("{act:?}: {fault}"),
            }
        });
        if accepted {
            met.insert(verb);
        } else {
            wrong.push((verb, refusals));
        }
    }
    wrong
}

/// `LIANNENG_SEED` repeats one round.
#[test]
fn what_is_available_can_be_done() {
    let (first, rounds) = match std::env::var("LIANNENG_SEED") {
        Ok(seed) => (seed.parse().unwrap(), 1),
        Err(_) => (501, full(2, 60) as u64),
    };
    let mut never: BTreeMap<Verb, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for seed in first..first + rounds {
        let mut round = Round::new(seed);
        let mut dice = Dice(seed ^ 0xa5a5);
        while round.acts() < 300 {
            let next = round.acts() + BETWEEN;
            while round.acts() < next {
                round.anything();
            }
            // Whatever needs another record to point at finds one.
            let stranger = format!("生人{}", round.acts());
            let unit = streams(&round.room, Some("unit")).pop().unwrap().0.to_string();
            round.room.record("person", &[("name", &stranger), ("unit", &unit)]);
            let mut some = streams(&round.room, None);
            some.truncate(40);
            for _ in 0..12 {
                let Some((target, kind)) = dice.pick(&some).cloned() else {
                    break;
                };
                for (verb, refusals) in tried(&mut round, &mut dice, target, &mut met) {
                    let what = format!("LIANNENG_SEED={seed}, after {} acts: {kind}", round.acts());
                    never.entry(verb).or_insert((what, refusals));
                }
            }
        }
    }
    println!("accepted: {}", met.iter().map(|v| v.id()).collect::<Vec<_>>().join(" "));
    let told: Vec<String> = never
        .iter()
        .map(|(verb, (what, refusals))| format!("{} ({what}): {refusals:#?}", verb.id()))
        .collect();
    assert!(
        told.is_empty(),
        "available, but every form is refused:\n{}",
        told.join("\n")
    );
}
