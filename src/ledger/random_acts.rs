//! Random wishes of random operators: every verb over every kind, with plausible fields and with nonsense.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use super::room::{Room, import_points};
use super::world::LedgerWorld;
use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::sheet::{FieldType, choices_of};
use crate::domain::testing::{adoption, calendar_2027};
use crate::domain::verb::{VERBS, VerbField};
use crate::domain::world::{Operator, World};
use crate::domain::{
    Act, Availability, BodyRef, Decision, LateReason, OrganLine, StreamId, Verb, available, next_step,
};

/// Draws that repeat with their seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    /// 0 ≤ result < `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((u128::from(z ^ (z >> 31)) * n as u128) >> 64).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap())).unwrap()
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}

/// Verbs that create, with how often each is drawn.
const BIRTHS: [(Verb, usize); 8] = [
    (Verb::Register, 8),
    (Verb::Draft, 6),
    (Verb::Create, 6),
    (Verb::IssueTask, 2),
    (Verb::Admonish, 3),
    (Verb::HoldAccountable, 3),
    (Verb::Import, 3),
    (Verb::Adopt, 1),
];
const NONSENSE: [&str; 7] = ["胡乱", "9999", "-1", "2026-02-30", "是否", "\u{200b}", "red,orange"];

/// An act that was wished for, and what the guard said of it beforehand.
pub struct Wish {
    pub act: Act,
    pub foreseen: Option<Availability>,
}

/// Who may wish: the one who records for all, and one for each kind of body, some of them leaders.
pub fn operators(room: &mut Room, unit: StreamId, person: StreamId) -> Vec<Operator> {
    let street = room.record(
        "unit",
        &[("name", "甘棠街道"), ("kind", "street"), ("organ_line", "government")],
    );
    let bodies = BodyRef::FIXED.into_iter().chain([
        BodyRef::Implementation(unit),
        BodyRef::Implementation(street),
        BodyRef::Social(street),
    ]);
    let of = |(n, body): (usize, BodyRef)| Operator {
        capacities: vec![body],
        decides: n % 4 == 0,
        person: (n % 5 == 1).then_some(person),
        ..Operator::recorder(&format!("op{n}"), &format!("经办人{n}"))
    };
    let mut all: Vec<Operator> = bodies.enumerate().map(of).collect();
    all.push(Operator {
        capacities: vec![BodyRef::Discipline, BodyRef::SteeringOffice],
        ..Operator::recorder("both", "两处经办人")
    });
    all.push(room.operator.clone());
    all
}

/// Live streams, newest first; of one kind if given.
pub fn streams(room: &Room, kind: Option<&str>) -> Vec<(StreamId, String)> {
    let conn = &room.office.file().conn;
    let mut statement = conn
        .prepare_cached("SELECT stream, kind FROM stream WHERE (?1 IS NULL OR kind = ?1) ORDER BY id DESC LIMIT 60")
        .unwrap();
    let rows = statement.query_map([kind], |row| Ok((StreamId(row.get(0)?), row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Draws one wish of an operator.
pub fn wish(room: &Room, dice: &mut Dice, operator: &Operator) -> Option<Wish> {
    let mut act = if dice.one_in(7) {
        birth(room, dice)?
    } else {
        return step(room, dice, operator);
    };
    trimmings(room, dice, operator, &mut act);
    Some(Wish { act, foreseen: None })
}

fn birth(room: &Room, dice: &mut Dice) -> Option<Act> {
    let bag: Vec<Verb> = BIRTHS.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n)).collect();
    let verb = *dice.pick(&bag)?;
    let mut act = Act::new(verb, Vec::new());
    match verb {
        Verb::Adopt => return Some(adopt(dice)),
        Verb::Import => {
            let unit = dice.pick(&streams(room, Some("unit")))?.0;
            let first = dice.below(40);
            act = import_points(unit, dice.below(4) + 1);
            for (n, row) in act.rows.iter_mut().enumerate() {
                row.fields
                    .insert("description".into(), format!("第{}项审核不严", first + n).into());
                row.draft = dice.one_in(4);
            }
        }
        Verb::Create => {
            const REGISTERS: [&str; 12] = [
                "unit",
                "section",
                "post",
                "person",
                "kin",
                "appointment",
                "outside_decision",
                "informant",
                "regulation",
                "power_item",
                "process",
                "education",
            ];
            let register = *dice.pick(&REGISTERS)?;
            act = records_fields(room, dice, act.with("register", register), register);
        }
        Verb::Draft => act = records_fields(room, dice, act, "risk_point"),
        _ => act = form(room, dice, act),
    }
    Some(act)
}

/// The other flow, another deadline, next year's holidays, or a text full of mistakes.
fn adopt(dice: &mut Dice) -> Act {
    let shipped = Policy::shipped();
    let policy = match dice.below(4) {
        0 => shipped.replace("flow = \"light\"", "flow = \"full\""),
        1 => shipped.replace("four_eyes = \"named\"", "four_eyes = \"account\""),
        2 => "flow = \"sideways\"".to_owned(),
        _ => shipped.to_owned(),
    };
    let calendar = if dice.one_in(2) {
        calendar_2027()
    } else {
        Calendar::parse(crate::domain::calendar::shipped()).unwrap()
    };
    adoption(&policy, &calendar)
}

fn step(room: &Room, dice: &mut Dice, operator: &Operator) -> Option<Wish> {
    let all = streams(room, None);
    // Late matters are met more often than old ones; matters more often than the directory.
    let of = |dice: &mut Dice| {
        let kind = *dice.pick(&KINDS)?;
        let some = streams(room, Some(kind));
        some.get(dice.below(some.len().min(6))).cloned()
    };
    let (target, kind) = if dice.one_in(6) {
        dice.pick(&all)?.clone()
    } else {
        of(dice)?
    };
    let fitting: Vec<Verb> = VERBS
        .iter()
        .filter(|s| !s.kinds.is_empty() && (s.kinds == ["*"] || s.kinds.contains(&kind.as_str())))
        .map(|s| s.verb)
        .collect();
    let (texts, letters) = (room.office.texts(), room.office.letters());
    let conn = &room.office.file().conn;
    let world = LedgerWorld::looking(conn, texts, operator, letters, room.office.today());
    let answered: Vec<(Verb, Availability)> = fitting
        .into_iter()
        .map(|verb| (verb, available(verb, target, &world)))
        .collect();
    let open: Vec<_> = answered
        .iter()
        .filter(|(v, a)| *a == Availability::Yes && !matches!(v, Verb::Void | Verb::Revert))
        .cloned()
        .collect();
    // Without a push forward hardly any matter would come to its later steps.
    let next = next_step(target, &world).filter(|_| dice.below(5) < 3);
    let (verb, foreseen) = if let Some(next) = next {
        (next, Availability::Yes)
    } else if dice.one_in(4) || open.is_empty() {
        dice.pick(&answered)?.clone()
    } else {
        dice.pick(&open)?.clone()
    };
    let mut targets = vec![target];
    if dice.one_in(12) && verb != Verb::Revert {
        targets.extend(streams(room, Some(&kind)).into_iter().take(2).map(|(s, _)| s));
    }
    let mut act = form(room, dice, Act::new(verb, targets));
    if verb == Verb::Amend {
        act = amended(room, dice, act, &kind);
    }
    if !dice.one_in(10) {
        act.seen = vec![(target, world.version(target) + u64::from(dice.one_in(20)))];
    }
    trimmings(room, dice, operator, &mut act);
    Some(Wish {
        act,
        foreseen: Some(foreseen),
    })
}

/// Kinds that are met more often than chance would have it.
const KINDS: [&str; 14] = [
    "warning",
    "warning",
    "risk_point",
    "risk_point",
    "measure",
    "admonition",
    "admonition",
    "accountability",
    "appeal",
    "proposal",
    "approval_sheet",
    "task",
    "obligation",
    "person",
];

/// A verb's form as an office would fill it: names nobody has used yet, days that fit, a decision that is signed or
/// came from a meeting.
pub fn filled(room: &Room, dice: &mut Dice, verb: Verb, target: StreamId) -> Act {
    let texts = room.office.texts();
    let operator = &room.operator;
    let conn = &room.office.file().conn;
    let today = room.office.today();
    let world = LedgerWorld::looking(conn, texts, operator, room.office.letters(), today);
    let state = world.state(target).unwrap();
    let mut act = Act::new(verb, vec![target]);
    let name = |dice: &mut Dice| format!("某{}", dice.below(9_999));
    let workdays = |from: chrono::NaiveDate, n: usize| {
        let n = u32::try_from(n).unwrap_or_default();
        world.calendar().add_workdays(from, n).day.to_string()
    };
    if verb == Verb::Amend {
        act = amended(room, dice, act, state.kind());
    }
    // What has a term is often told after it.
    if dice.one_in(4) {
        act.happened = world.last_happened(target);
    }
    for field in verb.spec().fields {
        if !field.required && dice.one_in(2) {
            continue;
        }
        let value = match (verb, field.id) {
            (Verb::Publish, "from") => today.to_string(),
            (Verb::Publish, "to") => workdays(today, 8),
            (Verb::Extend, "to") => workdays(state.due().map_or(today, |due| due.day), 1 + dice.below(3)),
            (Verb::ConfirmDate | Verb::Countersign, "day" | "signed_on") => today.to_string(),
            (Verb::Countersign, "strike") => continue,
            (_, "likelihood" | "harm") => "3".to_owned(),
            (_, "appraisers") => [name(dice), name(dice), name(dice)].join("、"),
            (_, "talkers") => [name(dice), name(dice)].join("、"),
            (_, "channel" | "deviation") => "来信来访".to_owned(),
            (_, "points") => dice
                .pick(&streams(room, Some("risk_point"))[..])
                .map_or_else(String::new, |(s, _)| s.to_string()),
            (_, "into") => {
                let like = streams(room, Some(state.kind()));
                dice.pick(&like).map_or_else(String::new, |(s, _)| s.to_string())
            }
            (Verb::Identify | Verb::Distinguish, id) => value(room, dice, id, field.kind, field.vocabulary, ""),
            _ if field.kind == FieldType::Person && dice.one_in(2) => name(dice),
            _ => value(room, dice, field.id, field.kind, field.vocabulary, ""),
        };
        act = act.with(field.id, value);
    }
    if verb.spec().deciding {
        act.decision = Some(if dice.one_in(2) {
            Decision::Meeting {
                number: "第3次".into(),
                on: None,
                votes: Some("9:0".into()),
            }
        } else {
            Decision::Signed {
                signer: Some(name(dice)),
                on: None,
            }
        });
    }
    act
}

fn form(room: &Room, dice: &mut Dice, mut act: Act) -> Act {
    for field in act.verb.spec().fields {
        if (!field.required && dice.one_in(2)) || dice.one_in(60) {
            continue;
        }
        let VerbField {
            id, kind, vocabulary, ..
        } = *field;
        let value = value(room, dice, id, kind, vocabulary, "");
        act = act.with(id, value);
    }
    act
}

fn records_fields(room: &Room, dice: &mut Dice, mut act: Act, register: &str) -> Act {
    let Some(sheet) = room.office.sheets().get(register).cloned() else {
        return act;
    };
    for field in sheet.fields.iter().filter(|f| !f.computed) {
        if (!field.required && dice.one_in(2)) || dice.one_in(60) {
            continue;
        }
        let value = value(room, dice, &field.id, field.kind, &field.vocabulary, &field.register);
        act = act.with(&field.id, value);
    }
    act
}

fn amended(room: &Room, dice: &mut Dice, act: Act, kind: &str) -> Act {
    let Some(sheet) = room.office.sheets().get(kind).cloned() else {
        return act;
    };
    match dice.pick(&sheet.fields) {
        Some(f) => {
            let value = value(room, dice, &f.id, f.kind, &f.vocabulary, &f.register);
            act.with(&f.id, value)
        }
        None => act,
    }
}

fn value(room: &Room, dice: &mut Dice, id: &str, kind: FieldType, vocabulary: &str, register: &str) -> String {
    if dice.one_in(40) {
        return (*dice.pick(&NONSENSE).unwrap()).to_owned();
    }
    let record = |dice: &mut Dice, kind: &str| {
        let some = streams(room, Some(kind));
        dice.pick(&some).map_or_else(String::new, |(s, _)| s.to_string())
    };
    match kind {
        FieldType::Choice => choices_of(vocabulary)
            .and_then(|all| dice.pick(&all).map(|(id, _)| (*id).to_owned()))
            .unwrap_or_default(),
        FieldType::Flag => ["true", "false"][dice.below(2)].to_owned(),
        FieldType::Number => (1 + dice.below(5)).to_string(),
        FieldType::Date => {
            let days = dice.between(
                if id == "signed_on" { -1 } else { -3 },
                if id == "to" || id == "due" { 25 } else { 0 },
            );
            (room.office.today() + chrono::Duration::days(days)).to_string()
        }
        FieldType::Unit => record(dice, "unit"),
        FieldType::Section => record(dice, "section"),
        FieldType::Post => record(dice, "post"),
        FieldType::Person => record(dice, "person"),
        FieldType::Points => record(dice, "risk_point"),
        FieldType::Record if !register.is_empty() => record(dice, register),
        FieldType::Record => {
            let kind = dice.pick(&KINDS).unwrap();
            record(dice, kind)
        }
        FieldType::Body => {
            let line = BodyRef::Leadership(OrganLine::Government);
            [BodyRef::Steering, BodyRef::Discipline, line][dice.below(3)].to_string()
        }
        FieldType::Text | FieldType::Long | FieldType::Lines => format!("{id}之{}", dice.below(30)),
    }
}

/// What any act may carry: a day, a decision, a capacity, a remark.
fn trimmings(room: &Room, dice: &mut Dice, operator: &Operator, act: &mut Act) {
    let today = room.office.today();
    if dice.one_in(12) {
        act.happened = Some(today - chrono::Duration::days(dice.between(-1, 6)));
        act.late_reason = dice.one_in(2).then_some(LateReason::PaperLate);
    }
    if dice.one_in(20) {
        act.note = Some(format!("备注{}", dice.below(9)));
    }
    if dice.one_in(20) {
        act.capacity = operator.capacities.first().copied().or(Some(BodyRef::Discipline));
    }
    if !act.verb.spec().deciding || dice.one_in(8) {
        return;
    }
    let signer = |dice: &mut Dice| format!("领导{}", dice.below(40));
    act.decision = Some(match dice.below(10) {
        0 | 1 => Decision::Submit,
        2 => Decision::Urgent,
        3 => Decision::Meeting {
            number: format!("第{}次", dice.below(9)),
            on: None,
            votes: dice.one_in(2).then(|| "全票".to_owned()),
        },
        4 => Decision::Signed { signer: None, on: None },
        _ => Decision::Signed {
            signer: Some(signer(dice)),
            on: None,
        },
    });
}
