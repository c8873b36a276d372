//! The laws, over random acts: a rebuild gives the live tables; an act taken back leaves nothing; brought back, all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rusqlite::types::Value;

use crate::domain::fault::Stop;
use crate::domain::world::Operator;
use crate::domain::{Act, Decision, StreamId, Verb};
use crate::ledger::room::{Room, import_points};

/// Everything the derived tables say, but for where streams stand in the log.
pub fn picture(room: &Room) -> Vec<Vec<Value>> {
    let conn = &room.office.file().conn;
    let tables: Vec<String> = conn
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'list\\_%' ESCAPE '\\' OR name IN
             ('queue', 'due', 'link', 'waiting', 'point_key', 'counter', 'restriction_span', 'grade_span',
              'stage_span', 'seat_span', 'watch')) ORDER BY name",
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

fn streams(room: &Room, kind: &str) -> Vec<StreamId> {
    room.office
        .file()
        .conn
        .prepare("SELECT stream FROM stream WHERE kind = ?1 AND gone = 0 ORDER BY id")
        .unwrap()
        .query_map([kind], |row| row.get(0).map(StreamId))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

const KINDS: [&str; 8] = [
    "warning",
    "risk_point",
    "measure",
    "admonition",
    "proposal",
    "approval_sheet",
    "unit",
    "task",
];
const STEPS: [Verb; 34] = [
    Verb::Assess,
    Verb::Release,
    Verb::Serve,
    Verb::FilePlan,
    Verb::Progress,
    Verb::Feedback,
    Verb::Verify,
    Verb::Lift,
    Verb::Withdraw,
    Verb::Reopen,
    Verb::Escalate,
    Verb::Deescalate,
    Verb::Return,
    Verb::NoWarning,
    Verb::RejectReport,
    Verb::Extend,
    Verb::Remind,
    Verb::Amend,
    Verb::Void,
    Verb::Submit,
    Verb::Grade,
    Verb::Publish,
    Verb::Discharge,
    Verb::Retire,
    Verb::AddMeasure,
    Verb::ImplementMeasure,
    Verb::RateMeasure,
    Verb::NameResponsible,
    Verb::Hear,
    Verb::Approve,
    Verb::Talk,
    Verb::Revoke,
    Verb::Countersign,
    Verb::Revert,
];

/// One random wish.
#[derive(Debug, Clone, Copy)]
struct Wish {
    what: u8,
    verb: u8,
    target: u8,
    how: u8,
}

fn wish() -> impl Strategy<Value = Wish> {
    (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(what, verb, target, how)| Wish {
        what,
        verb,
        target,
        how,
    })
}

fn step(room: &mut Room, wish: Wish, people: &[StreamId]) -> Option<Act> {
    let kind = KINDS[usize::from(wish.what) % KINDS.len()];
    let all = streams(room, kind);
    let target = *all.get(usize::from(wish.target) % all.len().max(1))?;
    let fitting: Vec<Verb> = STEPS.into_iter().filter(|v| v.applies_to(kind)).collect();
    let verb = fitting[usize::from(wish.verb) % fitting.len()];
    let mut act = Act::new(verb, vec![target]);
    let person = people[usize::from(wish.how) % people.len()].to_string();
    for field in verb.spec().fields {
        let value = match field.id {
            "grade" => ["red", "orange", "yellow"][usize::from(wish.how) % 3].to_owned(),
            "cause" if field.vocabulary == "grade_cause" => {
                ["new_facts", "measures_missing", "weak_leadership"][usize::from(wish.how) % 3].to_owned()
            }
            "responsible" => person.clone(),
            "passed" | "effective" => wish.how.is_multiple_of(2).to_string(),
            "reason" if verb == Verb::Revert => "entry_error".to_owned(),
            "signed_on" | "to" | "from" => room.office.today().to_string(),
            "step" => continue,
            _ if field.required => "若干".to_owned(),
            _ => continue,
        };
        act = act.with(field.id, value);
    }
    if verb == Verb::Amend {
        act = match kind {
            "unit" => act.with("name", format!("改名局{}", wish.how)),
            "risk_point" => act.with("power", format!("权力{}", wish.how)),
            _ => return None,
        };
    }
    if verb.spec().deciding {
        act.decision = match wish.how % 4 {
            0 => Some(Decision::Submit),
            n => Some(Decision::Signed {
                signer: Some(format!("领导{n}{}", wish.verb)),
                on: None,
            }),
        };
    }
    if verb == Verb::Countersign {
        act = act.with("signer", "领导");
    }
    Some(act)
}

fn run(wishes: &[Wish]) {
    let mut room = Room::new();
    let (unit, post, person) = room.furnish();
    let second = room.record("person", &[("name", "李四"), ("unit", "区财政局")]);
    let people = [person, second];
    let operator: Operator = room.operator.clone();
    for (n, wish) in wishes.iter().enumerate() {
        let room_act = |room: &mut Room, act: Act| match room.act(act) {
            Ok(receipt) => Some(receipt),
            Err(Stop::Refused(_)) => None,
            Err(Stop::Failed(fault)) => panic!("{fault}"),
        };
        let before = picture(&room);
        let receipt = match wish.what % 16 {
            0 => {
                let act = Act::new(Verb::Register, vec![])
                    .with("source", "public")
                    .with("unit", unit.to_string())
                    .with("post", post.to_string())
                    .with("person", person.to_string())
                    .with("content", format!("第{n}件"));
                room_act(&mut room, act)
            }
            1 => room_act(&mut room, import_points(unit, usize::from(wish.how % 5) + 1)),
            2 => {
                let mut act = Act::new(Verb::Draft, vec![]);
                for (field, value) in [("class", "ethics"), ("item", "large_funds"), ("description", "某某")] {
                    act = act.with(field, value);
                }
                room_act(&mut room, act.with("unit", unit.to_string()))
            }
            3 => {
                let _ = room.office.undo(&operator);
                None
            }
            4 => {
                let _ = room.office.redo(&operator);
                None
            }
            5 if wish.how < 40 => {
                room.next_day();
                None
            }
            _ => step(&mut room, *wish, &people).and_then(|act| room_act(&mut room, act)),
        };
        if receipt.is_some_and(|r| r.undoable && wish.target % 3 == 0) {
            let after = picture(&room);
            room.office.undo(&operator).unwrap();
            assert_eq!(picture(&room), before, "undo ∘ act = nothing: {wish:?}");
            room.office.redo(&operator).unwrap();
            assert_eq!(picture(&room), after, "redo ∘ undo = nothing: {wish:?}");
        }
    }
    room.check_rebuild();
}

fn cases() -> u32 {
    if std::env::var_os("LIANNENG_FULL").is_some() {
        300
    } else {
        10
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_over_random_acts(wishes in proptest::collection::vec(wish(), 60..120)) {
        run(&wishes);
    }
}
