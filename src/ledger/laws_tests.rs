//! The laws, over random acts of random operators over random days: a rebuild gives the live tables; what is taken
//! back leaves nothing, what is brought back brings all; a refusal leaves no trace; what the guard denies is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rusqlite::types::Value;

use crate::domain::fault::Stop;
use crate::domain::world::Operator;
use crate::domain::{Availability, Verb};
use crate::ledger::random_acts::{Dice, Wish, operators, wish};
use crate::ledger::room::Room;
use crate::ledger::test_support::full;
use crate::ledger::verify::{Options, verify};
use crate::ledger::watch::Watch;

/// Everything the derived tables say, but for where streams stand in the log.
pub fn picture(room: &Room) -> Vec<Vec<Value>> {
    let conn = &room.office.file().conn;
    let tables: Vec<String> = conn
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'list\\_%' ESCAPE '\\' OR name IN
             ('queue', 'due', 'link', 'waiting', 'point_key', 'counter', 'restriction_span', 'grade_span',
              'stage_span', 'open_span', 'seat_span', 'watch')) ORDER BY name",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = Vec::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT '{table}', * FROM \"{table}\"")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            all.push((0..width).map(|i| row.get(i).unwrap()).collect());
        }
    }
    all
}

/// Acts after which a fresh office is begun, so that each stays quick.
const ROUND: usize = 500;
/// Acts after which the log is verified and the tables are made again.
const CHECKED: usize = 100;

/// One office, its people, and what has become of what they wished.
pub struct Round {
    /// The office.
    pub room: Room,
    dice: Dice,
    people: Vec<Operator>,
    /// Verb and outcome → how often.
    tally: BTreeMap<(Verb, &'static str), usize>,
}

impl Round {
    /// An office with a few people, and the draws of this seed.
    pub fn new(seed: u64) -> Self {
        let mut room = Room::new();
        let (unit, _, person) = room.furnish();
        room.record("person", &[("name", "李四"), ("unit", "区财政局")]);
        let people = operators(&mut room, unit, person);
        Self {
            room,
            dice: Dice(seed),
            people,
            tally: BTreeMap::new(),
        }
    }

    /// Half of the time the one who records for every body, else anybody.
    fn somebody(&mut self) -> Operator {
        let last = self.people.len() - 1;
        let at = if self.dice.one_in(2) {
            last
        } else {
            self.dice.below(last)
        };
        self.people[at].clone()
    }

    fn log_end(&self) -> (i64, i64) {
        let sql = "SELECT (SELECT max(seq) FROM act), (SELECT max(seq) FROM event)";
        let row = self
            .room
            .office
            .file()
            .conn
            .query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)));
        row.unwrap()
    }

    /// Asks for what one wishes. True when it was done.
    fn ask(&mut self, operator: &Operator, Wish { act, foreseen }: Wish) -> bool {
        let end = self.log_end();
        let before = self.dice.one_in(8).then(|| picture(&self.room));
        let said = format!("{act:?} by {operator:?}");
        let done = match self.room.office.submit(operator, &act, None) {
            Ok(receipt) => {
                if let Some(Availability::No(reason)) = &foreseen {
                    panic!("the guard denied it ({reason}), and it was done: {said}");
                }
                assert!(self.log_end() > end, "{said}: done and not written");
                let waits = !receipt.proposed.is_empty() || receipt.approval_sheet.is_some();
                assert!(waits || !receipt.changed.is_empty(), "{said}");
                true
            }
            Err(Stop::Refused(refusal)) => {
                assert!(
                    !refusal.reason.is_empty() && !refusal.reason.is_ascii(),
                    "{said}: {refusal:?}"
                );
                assert_eq!(self.log_end(), end, "a refusal leaves no trace: {said}");
                if let Some(before) = before {
                    assert_eq!(picture(&self.room), before, "a refusal leaves no trace: {said}");
                }
                false
            }
            Err(Stop::Failed(fault)) => panic!("{said}: {fault}"),
        };
        let outcome = if done { "done" } else { "refused" };
        *self.tally.entry((act.verb, outcome)).or_default() += 1;
        done
    }

    /// Some days pass, something is taken back, or somebody asks for something.
    pub fn anything(&mut self) {
        if self.dice.one_in(15) {
            for _ in 0..self.dice.between(1, 5) {
                self.room.next_day();
            }
            self.room.office.let_time_pass().unwrap();
        }
        let operator = self.somebody();
        match self.dice.below(30) {
            0 => drop(self.room.office.undo(&operator)),
            1 => drop(self.room.office.redo(&operator)),
            _ => {
                if let Some(wish) = wish(&self.room, &mut self.dice, &operator) {
                    self.ask(&operator, wish);
                }
            }
        }
    }

    /// A few acts of one operator, of which as many as can be are taken back and brought back.
    fn there_and_back(&mut self) {
        let operator = self.somebody();
        let mut pictures = Vec::new();
        for _ in 0..=self.dice.below(6) {
            let Some(wish) = wish(&self.room, &mut self.dice, &operator) else {
                continue;
            };
            // A reading is passed by, and what is sealed stays: neither is a step back.
            if wish.act.verb == Verb::ReadSource {
                continue;
            }
            let before = picture(&self.room);
            if self.ask(&operator, wish) {
                pictures.push(before);
            }
        }
        let mut back = Vec::new();
        let suffix = self.dice.below(pictures.len() + 1);
        for before in pictures.iter().rev().take(suffix) {
            let after = picture(&self.room);
            let end = self.log_end();
            match self.room.office.undo(&operator) {
                Ok(_) => {
                    assert_eq!(&picture(&self.room), before, "undo ∘ act = nothing");
                    back.push(after);
                }
                Err(Stop::Refused(_)) => {
                    assert_eq!(self.log_end(), end, "a refusal leaves no trace");
                    break;
                }
                Err(Stop::Failed(fault)) => panic!("{fault}"),
            }
        }
        *self.tally.entry((Verb::Undo, "done")).or_default() += back.len();
        for after in back.iter().rev() {
            self.room.office.redo(&operator).unwrap();
            assert_eq!(&picture(&self.room), after, "redo ∘ undo = nothing");
        }
    }

    fn check(&mut self) {
        self.room.check_rebuild();
        let verdict = verify(self.room.office.file(), Options::default(), &mut Watch::nobody()).unwrap();
        assert!(verdict.ok, "{:?}", verdict.problems);
    }

    /// How many acts were asked for.
    pub fn acts(&self) -> usize {
        self.tally.values().sum()
    }
}

/// `LIANNENG_SEED` repeats one round.
#[test]
fn the_laws_hold_over_random_acts() {
    let rounds = full(4, 200);
    let (first, rounds) = match std::env::var("LIANNENG_SEED") {
        Ok(seed) => (seed.parse().unwrap(), 1),
        Err(_) => (1, rounds as u64),
    };
    let mut tally: BTreeMap<(Verb, &'static str), usize> = BTreeMap::new();
    for seed in first..first + rounds {
        let mut round = Round::new(seed);
        let lived = catch_unwind(AssertUnwindSafe(|| {
            let mut checked = 0;
            while round.acts() < ROUND {
                if round.dice.one_in(12) {
                    round.there_and_back();
                } else {
                    round.anything();
                }
                if round.acts() / CHECKED > checked {
                    checked = round.acts() / CHECKED;
                    round.check();
                }
            }
            round.check();
        }));
        if let Err(broken) = lived {
            eprintln!("LIANNENG_SEED={seed}, after {} acts", round.acts());
            resume_unwind(broken);
        }
        for (key, n) in round.tally {
            *tally.entry(key).or_default() += n;
        }
    }
    println!("seeds {first}..{}", first + rounds);
    for ((verb, outcome), n) in &tally {
        println!("{:>6} {outcome:8} {}", n, verb.id());
    }
    let done: BTreeSet<Verb> = tally.keys().filter(|(_, o)| *o == "done").map(|(v, _)| *v).collect();
    println!(
        "never done: {:?}",
        Verb::ALL.iter().filter(|v| !done.contains(v)).collect::<Vec<_>>()
    );
}
