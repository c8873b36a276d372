//! An office adopts: its tables, its later acts, its deadlines, and what can still be taken back.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::domain::calendar::Calendar;
use crate::domain::fault::Stop;
use crate::domain::policy::Policy;
use crate::domain::testing::{adoption, calendar_2027, day};
use crate::domain::{Act, StreamId, Verb};
use crate::ledger::chain::policy_hash;
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::office::Office;
use crate::ledger::rebuild::laws::picture;
use crate::ledger::receipt::Receipt;
use crate::ledger::room::{Room, import_points};

fn to_day(room: &Room, text: &str) {
    let ahead = (day(text) - room.office.today()).num_days();
    let now = room.office.clock().now_ms();
    room.office.clock().set(now + ahead * 86_400_000);
}

/// A red warning served on 21 December 2026: thirty working days to rectify.
fn served(room: &mut Room) -> StreamId {
    to_day(room, "2026-12-21");
    let (unit, ..) = room.furnish();
    let warning = room.warning(unit, "隧道工程变更未报批");
    room.must(
        Act::new(Verb::Assess, vec![warning])
            .with("grade", "red")
            .with("analysts", "甲、乙"),
    );
    let release = room.signed(Verb::Release, warning);
    room.must(release);
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    warning
}

/// The deadline in the derived tables: day, and whether provisional.
fn due(room: &Room, stream: StreamId) -> (String, bool) {
    room.office
        .file()
        .conn
        .query_row(
            "SELECT d.day, d.provisional FROM due d JOIN stream s ON s.id = d.id WHERE s.stream = ?1",
            [stream.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap()
}

fn refused(result: Result<Receipt, Stop>) -> (String, String) {
    match result {
        Err(Stop::Refused(refusal)) => (refusal.kind, refusal.reason),
        other => panic!("{other:?}"),
    }
}

fn adopt_2027(room: &mut Room) -> Receipt {
    room.act(adoption(Policy::shipped(), &calendar_2027())).unwrap()
}

#[test]
fn a_new_years_notice_moves_the_deadlines_that_cross_it_in_one_act() {
    let mut room = Room::new();
    let warning = served(&mut room);
    assert_eq!(due(&room, warning), ("2027-02-02".into(), true));
    let receipt = adopt_2027(&mut room);
    assert_eq!(due(&room, warning), ("2027-02-01".into(), false));
    assert!(!receipt.undoable);
    assert!(
        receipt
            .notes
            .iter()
            .any(|note| note.ends_with("整改期限：2027-02-02 → 2027-02-01")),
        "{receipt:?}"
    );
    let (acts, moves): (i64, i64) = room
        .office
        .file()
        .conn
        .query_row(
            "SELECT count(DISTINCT act), count(*) FROM event WHERE kind = 'due_moved'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((acts, moves), (1, 1));
    let named: [u8; 32] = room
        .office
        .file()
        .conn
        .query_row("SELECT policy FROM act ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let source = &room.office.texts().source;
    let registers: Vec<(&str, &str)> = source.registers.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    assert_eq!(
        named,
        policy_hash(&source.policy, &source.calendar, &registers),
        "the act names what it adopts"
    );
    room.check_rebuild();
    assert_eq!(
        refused(room.act(adoption(Policy::shipped(), &calendar_2027()))).0,
        "nothing_changed"
    );
    let paths = room.paths.clone();
    let again = Office::open(&paths, Clock::fixed(room.office.clock().now_ms()), Entropy::System).unwrap();
    assert!(again.calendar().is_confirmed(2027));
}

#[test]
fn an_adoption_cannot_be_taken_back_and_stands_in_nobodys_way() {
    let mut room = Room::new();
    let warning = served(&mut room);
    adopt_2027(&mut room);
    let operator = room.operator.clone();
    let (kind, reason) = refused(room.office.undo(&operator));
    assert_eq!(kind, "not_revertible");
    assert!(reason.contains("“启用政策和台账样式”不能撤回"), "{reason}");
    let step = Act::new(Verb::Revert, vec![warning]).with("reason", "entry_error");
    room.act(step.clone()).unwrap();
    // The service is taken back; what it stood at before is dated by the calendar in force.
    assert_eq!(due(&room, warning).0, "2026-12-22");
    room.check_rebuild();
    let mut again = room.signed(Verb::Revert, warning).with("reason", "entry_error");
    again.seen.clear();
    room.act(again).unwrap();
    room.check_rebuild();
}

#[test]
fn what_is_taken_back_past_an_adoption_gets_the_days_of_the_new_calendar() {
    let mut room = Room::new();
    let warning = served(&mut room);
    to_day(&room, "2026-12-28");
    let feedback = Act::new(Verb::Feedback, vec![warning]).with("result", "已整改");
    room.must(feedback);
    let operator = crate::domain::world::Operator::recorder("other", "另一人");
    room.office
        .submit(&operator, &adoption(Policy::shipped(), &calendar_2027()), None)
        .unwrap();
    let duty = room.operator.clone();
    room.office.undo(&duty).unwrap();
    assert_eq!(
        due(&room, warning),
        ("2027-02-01".into(), false),
        "not the day of the old calendar"
    );
    room.check_rebuild();
    room.office.redo(&duty).unwrap();
    room.check_rebuild();
    room.office.undo(&duty).unwrap();
    assert_eq!(due(&room, warning), ("2027-02-01".into(), false));
    room.check_rebuild();
}

/// Whatever day the calendar is adopted on, and whatever else was adopted before and after: a step that is taken back
/// leaves the deadline that a matter has on which the step was never taken.
#[test]
fn a_step_taken_back_leaves_the_deadline_of_a_matter_that_never_took_it() {
    // Before the new day, on the old one (nobody is late by the correction), and after both.
    for adopted in ["2026-12-29", "2027-02-02", "2027-02-10"] {
        let mut room = Room::new();
        let taken = served(&mut room);
        let report = [
            ("source", "inspection"),
            ("unit", "区财政局"),
            ("content", "桥梁工程变更未报批"),
        ];
        let register = report
            .iter()
            .fold(Act::new(Verb::Register, vec![]), |a, (f, v)| a.with(f, *v));
        let never = room.must(register);
        room.must(Act::new(Verb::Assess, vec![never]).with("grade", "red"));
        let release = room.signed(Verb::Release, never);
        room.must(release);
        room.must(Act::new(Verb::Serve, vec![never]));
        assert_eq!(due(&room, taken), due(&room, never));
        to_day(&room, "2026-12-28");
        room.must(Act::new(Verb::Feedback, vec![taken]).with("result", "已整改"));
        to_day(&room, adopted);
        adopt_2027(&mut room);
        to_day(&room, "2027-02-11");
        let shipped = Calendar::parse(crate::domain::calendar::shipped()).unwrap();
        room.act(adoption(Policy::shipped(), &shipped)).unwrap();
        adopt_2027(&mut room);
        room.must(Act::new(Verb::Revert, vec![taken]).with("reason", "entry_error"));
        assert_eq!(due(&room, taken), due(&room, never), "adopted on {adopted}");
        room.check_rebuild();
    }
}

#[test]
fn a_moved_deadline_is_kept_when_a_later_step_is_taken_back() {
    let mut room = Room::new();
    let warning = served(&mut room);
    adopt_2027(&mut room);
    let before = picture(&room);
    room.must(Act::new(Verb::Feedback, vec![warning]).with("result", "已整改"));
    let operator = room.operator.clone();
    room.office.undo(&operator).unwrap();
    assert_eq!(picture(&room), before);
    room.check_rebuild();
}

#[test]
fn registers_adopted_make_only_their_own_tables_anew() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    room.act(import_points(unit, 30)).unwrap();
    let education = room.record(
        "education",
        &[
            ("topic", "重点岗位廉能培训"),
            ("unit", "区财政局"),
            ("kind", "class"),
            ("held_on", "2026-11-20"),
        ],
    );
    let mut texts = room.office.texts().source.clone();
    let shipped = texts.registers["education.toml"].clone();
    // Listed by another column, searched no more, with a field of its own; and a register beside it.
    let changed = shipped.replacen("search = true", "search = false", 1)
        + "\n[[field]]\nid = \"hall\"\nlabel = \"会场\"\ntype = \"text\"\ncolumn = true\nfilter = true\n";
    texts.registers.insert("education.toml".into(), changed);
    let visit = "id = \"visit\"\nlabel = \"走访台账\"\nprefix = \"ZF\"\ntitle = \"name\"\n\
        [[field]]\nid = \"name\"\nlabel = \"对象\"\ntype = \"text\"\ncolumn = true\nsearch = true\n";
    texts.registers.insert("visit.toml".into(), visit.into());
    let operator = room.operator.clone();
    room.office.adopt(&operator, &texts).unwrap();
    assert!(room.office.texts().layout.stands(&room.office.file().conn).unwrap());
    room.check_rebuild();
    let visit = room.record("visit", &[("name", "浔南社区")]);
    room.act(Act::new(Verb::Amend, vec![education]).with("hall", "第一会议室"))
        .unwrap();
    room.check_rebuild();
    // A register taken away leaves its records in the log, and comes back with them.
    let with = texts.clone();
    texts.registers.remove("visit.toml");
    room.office.adopt(&operator, &texts).unwrap();
    room.check_rebuild();
    room.office.adopt(&operator, &with).unwrap();
    let listed: i64 = room
        .office
        .file()
        .conn
        .query_row("SELECT count(*) FROM list_visit", [], |row| row.get(0))
        .unwrap();
    assert_eq!(listed, 1);
    assert_eq!(
        room.office
            .file()
            .conn
            .query_row("SELECT count(*) FROM stream WHERE stream = ?1", [visit.0], |r| r
                .get::<_, i64>(0))
            .unwrap(),
        1
    );
    room.check_rebuild();
}

#[test]
fn the_other_flow_makes_all_tables_anew() {
    let mut room = Room::new();
    let warning = served(&mut room);
    let stage = |room: &Room| -> String {
        room.office
            .file()
            .conn
            .query_row(
                "SELECT l.stage FROM list_warning l JOIN stream s ON s.id = l.id WHERE s.stream = ?1",
                [warning.0],
                |row| row.get(0),
            )
            .unwrap()
    };
    assert_eq!(stage(&room), "rectifying");
    let full = Policy::overlay("flow = \"full\"\n").unwrap();
    let calendar = Calendar::parse(&room.office.texts().source.calendar).unwrap();
    room.act(adoption(&full, &calendar)).unwrap();
    assert_eq!(stage(&room), "served");
    room.check_rebuild();
}

#[test]
fn another_window_goes_on_with_what_was_adopted() {
    let mut room = Room::new();
    served(&mut room);
    let now = room.office.clock().now_ms();
    let mut other = Office::open(&room.paths.clone(), Clock::fixed(now), Entropy::System).unwrap();
    adopt_2027(&mut room);
    let act = Act::new(Verb::Create, vec![])
        .with("register", "unit")
        .with("name", "区审计局")
        .with("organ_line", "government");
    let operator = room.operator.clone();
    other.submit(&operator, &act, None).unwrap();
    assert!(other.calendar().is_confirmed(2027));
    room.check_rebuild();
}
