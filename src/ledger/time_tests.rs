#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::act::Decision;
use crate::domain::{Act, State, Verb};
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::office::Office;
use crate::ledger::room::Room;

/// Forty urgent raises nobody ratifies.
fn forty() -> (Room, Vec<StreamId>) {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let signed = |act: Act| Act {
        decision: Some(Decision::Signed {
            signer: Some("主任".into()),
            on: None,
        }),
        ..act
    };
    let mut raised = Vec::new();
    for n in 0..40 {
        let id = room.warning(unit, &format!("第{n}件"));
        room.act(Act::new(Verb::Assess, vec![id]).with("grade", "黄")).unwrap();
        room.act(signed(Act::new(Verb::Release, vec![id]))).unwrap();
        raised.push(id);
    }
    let leader = room.record("person", &[("name", "沈严"), ("unit", "区财政局")]);
    let seat = [
        ("person", leader.to_string()),
        ("body", "discipline".into()),
        ("role", "duty_leader".into()),
        ("from", "2026-01-01".into()),
    ];
    let seat: Vec<(&str, &str)> = seat.iter().map(|(f, v)| (*f, v.as_str())).collect();
    room.record("appointment", &seat);
    let raise = Act::new(Verb::Escalate, raised.clone()).with("cause", "weak_leadership");
    room.act(Act {
        decision: Some(Decision::Urgent),
        ..raise
    })
    .unwrap();
    (room, raised)
}

fn colours(office: &Office, ids: &[StreamId]) -> Vec<String> {
    let operator = clock_operator();
    let world = LedgerWorld::looking(
        &office.file().conn,
        office.texts(),
        &operator,
        office.letters(),
        office.today(),
    );
    let all = ids
        .iter()
        .map(|id| match crate::domain::world::World::state(&world, *id).as_deref() {
            Some(State::Warning(w)) => w.grade.unwrap().label().to_owned(),
            other => panic!("{other:?}"),
        });
    all.collect()
}

#[test]
fn two_windows_on_the_morning_after_forty_lapses_write_each_once() {
    let (mut room, raised) = forty();
    assert_eq!(
        room.office.let_time_pass().unwrap().len(),
        0,
        "nothing has lapsed on the first day"
    );
    for _ in 0..4 {
        room.next_day();
    }
    let morning = room.office.clock().now_ms();
    let mut other = Office::open(&room.paths, Clock::fixed(morning), Entropy::seeded(99)).unwrap();
    let lapses = other.lapses().unwrap();
    assert_eq!(lapses.len(), 40);
    assert_eq!(room.office.let_time_pass().unwrap().len(), 40);
    // The second window had found them before the first wrote them.
    for lapse in &lapses {
        let id = uuid8(&[lapse.rule.as_bytes(), &lapse.stream.0, lapse.due.to_string().as_bytes()]);
        other.submit(&clock_operator(), &lapse.act(), Some(id)).unwrap();
    }
    assert_eq!(other.let_time_pass().unwrap().len(), 0);
    let written: i64 = other
        .file()
        .conn
        .query_row("SELECT count(*) FROM act WHERE operator = 'clock'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(written, 40, "each happens once");
    assert_eq!(colours(&other, &raised), vec!["黄"; 40]);
}

#[test]
fn the_deed_of_a_lapse_is_dated_on_the_day_that_ran_out_and_cannot_be_taken_back() {
    let (mut room, _) = forty();
    for _ in 0..9 {
        room.next_day();
    }
    let receipts = room.office.let_time_pass().unwrap();
    let happened: String = room
        .office
        .file()
        .conn
        .query_row(
            "SELECT DISTINCT happened FROM act WHERE operator = 'clock'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(happened, "2026-11-26", "three working days after Monday 23 November");
    assert_eq!(receipts.len(), 40);
    let refused = room.office.undo(&clock_operator());
    assert!(matches!(refused, Err(Stop::Refused(_))), "{refused:?}");
}

/// A real office last used in January, opened by the machine's own clock.
#[test]
fn a_date_far_from_the_last_act_is_asked_for_before_anything_is_written() {
    use crate::ledger::files::Sharing;
    use crate::ledger::open::NewOffice;
    use crate::ledger::paths::OfficePaths;
    let folder = tempfile::tempdir().unwrap();
    let paths = OfficePaths::new(folder.path().join("office"));
    let new = NewOffice {
        class: crate::ledger::site::Class::Office,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let january = 1_767_600_000_000;
    drop(Office::init(&paths, &new, Clock::fixed(january), Entropy::System).unwrap());
    let mut office = Office::open(&paths, Clock::System, Entropy::System).unwrap();
    let operator = Operator::recorder("local", "本机操作员");
    let unit = Act::new(Verb::Create, vec![])
        .with("register", "unit")
        .with("name", "区城建局");
    let refused = |result: Result<Receipt, Stop>| match result {
        Err(Stop::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let count = |office: &Office| -> i64 {
        let sql = "SELECT count(*) FROM act";
        office.file().conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = count(&office);
    assert!(office.date_doubt().unwrap().is_some());
    assert!(office.let_time_pass().unwrap().is_empty());
    let refusal = refused(office.submit(&operator, &unit, None));
    assert_eq!(refusal.kind, "clock");
    assert!(refusal.hint.contains("confirm_date"), "{refusal:?}");
    let confirm = |day: String| Act::new(Verb::ConfirmDate, vec![]).with("day", day);
    let wrong = refused(office.submit(&operator, &confirm("2026-01-06".into()), None));
    assert_eq!(wrong.kind, "clock");
    assert_eq!(count(&office), before, "nothing was written");
    let today = office.today().to_string();
    office.submit(&operator, &confirm(today), None).unwrap();
    office.submit(&operator, &unit, None).unwrap();
    assert_eq!(count(&office), before + 2, "the answer is in the log, then the act");
    office.undo(&operator).unwrap();
    assert_eq!(
        refused(office.undo(&operator)).kind,
        "nothing_to_undo",
        "the answer stays"
    );
}

/// The machine's clock fell back to the day it was made: the office goes by what somebody read on the wall, until it is
/// closed. covers ledger §1
#[test]
fn a_date_said_at_the_start_holds_while_the_office_is_open_and_both_dates_are_logged() {
    use crate::ledger::files::Sharing;
    use crate::ledger::open::NewOffice;
    use crate::ledger::paths::OfficePaths;
    use crate::ledger::site::Class;
    let (november, january_2020) = (1_795_395_600_000, 1_577_840_400_000);
    for class in [Class::Office, Class::Rehearsal] {
        let folder = tempfile::tempdir().unwrap();
        let paths = OfficePaths::new(folder.path().join("office"));
        let new = NewOffice {
            class,
            letters: "XY",
            sharing: Sharing::Owner,
        };
        drop(Office::init(&paths, &new, Clock::fixed(november), Entropy::System).unwrap());
        let operator = Operator::recorder("local", "本机操作员");
        let confirm = |day: &str| Act::new(Verb::ConfirmDate, vec![]).with("day", day);
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let mut office = Office::open(&paths, Clock::fixed(january_2020), Entropy::System).unwrap();
        assert!(office.date_doubt().unwrap().is_some());
        let refused = |result: Result<Receipt, Stop>| match result {
            Err(Stop::Refused(refusal)) => refusal.reason,
            other => panic!("{other:?}"),
        };
        let early = refused(office.confirm_day(&operator, &confirm("2026-11-22"), day("2026-11-22")));
        if class == Class::Rehearsal {
            assert!(early.contains("--now"), "{early}");
            continue;
        }
        assert!(early.contains("早于最后一次办理的日期 2026-11-23"), "{early}");
        assert_eq!(office.today(), day("2020-01-01"), "a refusal leaves the date alone");
        office
            .confirm_day(&operator, &confirm("2026-11-25"), day("2026-11-25"))
            .unwrap();
        assert_eq!(
            (office.today(), office.machine_day()),
            (day("2026-11-25"), day("2020-01-01"))
        );
        assert!(office.date_doubt().unwrap().is_none());
        let unit = Act::new(Verb::Create, vec![])
            .with("register", "unit")
            .with("name", "区城建局");
        office.submit(&operator, &unit, None).unwrap();
        let sql = "SELECT a.today, a.verb, b.body FROM act a JOIN event e ON e.act = a.seq
                   JOIN event_body b ON b.seq = e.seq ORDER BY e.seq DESC LIMIT 4";
        let last: Vec<(String, String, String)> = office
            .file()
            .conn
            .prepare(sql)
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(last.iter().all(|(today, ..)| today == "2026-11-25"), "{last:?}");
        assert!(
            last.iter().any(|(_, _, body)| body.contains("今天是 2026-11-25")),
            "{last:?}"
        );
        assert!(
            last.iter().any(|(_, _, body)| body.contains("本机日期是 2020-01-01")),
            "{last:?}"
        );
        // A date that is in no doubt is not replaced.
        let again = refused(office.confirm_day(&operator, &confirm("2026-11-30"), day("2026-11-30")));
        assert!(again.contains("本机日期是 2026-11-25"), "{again}");
        drop(office);
        let office = Office::open(&paths, Clock::fixed(january_2020), Entropy::System).unwrap();
        assert!(office.date_doubt().unwrap().is_some(), "the next one is asked again");
    }
}

/// The owed numbers of the file's review 须办, as `due` prints them: unit's name, step.
fn reviews(office: &Office) -> Vec<(String, String)> {
    let reader = crate::ledger::query::Reader::beside(office).unwrap();
    let found = reader.due(None, 100).unwrap().into_iter();
    let found = found.filter(|one| one.item.kind == "obligation");
    found.map(|one| (one.item.unit.unwrap(), one.step)).collect()
}

/// covers §4.1.20
#[test]
fn two_windows_on_the_morning_a_review_opens_write_one_line_a_unit() {
    use crate::ledger::room::{NOW, import_points};
    let mut room = Room::new();
    let (finance, ..) = room.furnish();
    let works = room.record("unit", &[("name", "区城建局"), ("organ_line", "government")]);
    let streams = |receipt: Receipt| -> Vec<StreamId> {
        let points = receipt.changed.into_iter().filter(|t| t.kind == "risk_point");
        points.map(|t| t.stream).collect()
    };
    let first = streams(room.act(import_points(finance, 7)).unwrap());
    room.act(import_points(works, 2)).unwrap();
    let spring = NOW + 130 * 86_400_000; // 2 April 2027
    room.office.clock().set(spring);
    let events = |office: &Office| -> i64 {
        let sql = "SELECT count(*) FROM event e JOIN act a ON a.seq = e.act WHERE a.operator = 'clock'";
        office.file().conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let mut other = Office::open(&room.paths, Clock::fixed(spring), Entropy::seeded(99)).unwrap();
    let lapses = other.lapses().unwrap();
    assert_eq!(lapses.len(), 2, "a unit, not a point");
    assert_eq!(room.office.let_time_pass().unwrap().len(), 2);
    for lapse in &lapses {
        let id = uuid8(&[lapse.rule.as_bytes(), &lapse.stream.0, lapse.due.to_string().as_bytes()]);
        other.submit(&clock_operator(), &lapse.act(), Some(id)).unwrap();
    }
    assert_eq!(other.let_time_pass().unwrap().len(), 0);
    assert_eq!(events(&other), 2, "one event a unit, none a point");
    let lines = |finance: &str, works: &str| {
        let line = |unit: &str, n: &str| (unit.to_owned(), format!("半年复核 {n} 点"));
        vec![line("区财政局", finance), line("区城建局", works)]
    };
    assert_eq!(reviews(&other), lines("5", "2"), "yellow ones are not asked for");

    let points = crate::ledger::query::Reader::beside(&other).unwrap();
    assert_eq!(points.reviews().unwrap(), [("2027-05-31".parse().unwrap(), 7)]);
    // Reviewed in one act, but for one; the line counts on, and goes with the last.
    room.act(Act::new(Verb::Confirm, first[..6].to_vec())).unwrap();
    assert_eq!(reviews(&room.office), lines("1", "2")[..].to_vec());
    room.act(Act::new(Verb::Confirm, vec![first[6]])).unwrap();
    let left = reviews(&room.office);
    assert_eq!(left, lines("1", "2")[1..].to_vec(), "{left:?}");
    // Taken back, it is owed again.
    room.office.undo(&room.operator.clone()).unwrap();
    assert_eq!(reviews(&room.office), lines("1", "2"));
    room.check_rebuild();
}

#[test]
fn units_to_be_reviewed_are_found_without_looking_at_their_points() {
    let room = Room::new();
    let plan: Vec<String> = room
        .office
        .file()
        .conn
        .prepare(&format!("EXPLAIN QUERY PLAN {WITH_REVIEWS}"))
        .unwrap()
        .query_map((REVIEW, "2026-11-30"), |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let plan = plan.join("\n");
    assert!(
        plan.contains("SEARCH c USING PRIMARY KEY (kind=? AND dimension=?)"),
        "{plan}"
    );
    assert!(!plan.contains("SCAN"), "{plan}");
}
