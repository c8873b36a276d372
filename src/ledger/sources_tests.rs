#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;

use crate::domain::fault::FaultKind;
use crate::domain::fault::Stop;
use crate::domain::source::Source;
use crate::domain::{Act, StreamId, Verb};
use crate::ledger::backup::backup;
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::keeper::KeeperKey;
use crate::ledger::office::Office;
use crate::ledger::plain::plain_copy;
use crate::ledger::query::Reader;
use crate::ledger::read_log::count;
use crate::ledger::restore::restore;
use crate::ledger::room::{NOW, Room};
use crate::ledger::verify::{Options, verify};
use crate::ledger::watch::Watch;
use crate::ledger::{hex, keys};

const NAME: &str = "赵小满";
const PHONE: &str = "13870210042";
/// Past the policy's 24 months, holidays and all.
const LATER: i64 = NOW + 800 * 86_400_000;

fn told() -> Source {
    Source {
        name: NAME.into(),
        code: "XX-07".into(),
        phone: PHONE.into(),
    }
}

/// A report with its source, and one added later.
fn report(room: &mut Room) -> StreamId {
    let (unit, ..) = room.furnish();
    let report = room.must(
        Act::new(Verb::Register, vec![])
            .with("source", "informant")
            .with("unit", unit.to_string())
            .with("content", "大额拨付无联签")
            .with("source_name", NAME)
            .with("source_code", "XX-07")
            .with("source_phone", PHONE),
    );
    room.must(Act::new(Verb::AddSource, vec![report]).with("source_name", "钱多多"));
    report
}

/// Every byte of a plain copy, its envelopes unpacked from hex as well.
fn copy_of(room: &mut Room) -> Vec<u8> {
    let path = room.folder.path().join("plain.lian");
    plain_copy(room.office.file_mut(), &path, 1, &mut Watch::nobody()).unwrap();
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(path).unwrap();
    bytes
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

fn proved(room: &mut Room) {
    let verdict = verify(room.office.file(), Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{:?}", verdict.problems);
    room.check_rebuild();
}

fn events(room: &Room) -> i64 {
    count(&room.office.file().conn).unwrap()
}

fn end(room: &mut Room, report: StreamId) {
    let decline = room.signed(Verb::RejectReport, report).with("reason", "不属受理范围");
    room.act(decline).unwrap();
}

#[test]
fn a_source_is_in_no_byte_of_a_plain_copy_and_the_keeper_reads_it_with_a_trace() {
    let mut room = Room::new();
    let report = report(&mut room);
    let copy = copy_of(&mut room);
    for piece in [NAME, PHONE, "XX-07", "钱多多"] {
        assert!(!holds(&copy, piece.as_bytes()), "{piece}");
        assert!(
            !holds(&copy, hex::encode(piece.as_bytes()).as_bytes()),
            "{piece} as hex"
        );
    }
    assert!(
        holds(&copy, "大额拨付无联签".as_bytes()),
        "the search finds what is there"
    );
    let reader = Reader::beside(&room.office).unwrap();
    assert_eq!(reader.shown(report).unwrap().item.labels["source_sealed"], "已密封");

    let before = events(&room);
    let read = room
        .act(Act::new(Verb::ReadSource, vec![report]).with("reason", "回访"))
        .unwrap();
    let other = Source {
        name: "钱多多".into(),
        code: String::new(),
        phone: String::new(),
    };
    assert_eq!(read.sources, [told(), other]);
    assert!(
        !read.undoable && read.notes.iter().any(|note| note.contains(PHONE)),
        "{read:?}"
    );
    assert_eq!(events(&room), before + 1);
    let shown = Reader::beside(&room.office).unwrap().shown(report).unwrap();
    let last = shown.timeline.last().unwrap();
    assert_eq!((last.label.as_str(), last.text.as_str()), ("查看来源", "回访"));
    assert!(
        !holds(&copy_of(&mut room), NAME.as_bytes()),
        "reading leaves nothing behind"
    );
    proved(&mut room);
}

#[test]
fn a_reading_stays_in_the_log_and_in_nobodys_way() {
    let mut room = Room::new();
    let report = report(&mut room);
    room.act(Act::new(Verb::Assess, vec![report]).with("grade", "黄"))
        .unwrap();
    room.act(Act::new(Verb::ReadSource, vec![report])).unwrap();
    let operator = room.operator.clone();
    room.office.undo(&operator).unwrap();
    let shown = Reader::beside(&room.office).unwrap().shown(report).unwrap();
    let undone: Vec<_> = shown
        .timeline
        .iter()
        .filter(|step| step.undone)
        .map(|step| step.label.as_str())
        .collect();
    assert_eq!(undone, ["评估"], "the assessment went, the reading did not");
    let mut back = room
        .signed(Verb::Revert, report)
        .with("reason", "entry_error")
        .with("step", 5);
    back.seen.clear();
    let refused = room.refusal(back);
    assert!(
        refused.kind == "not_revertible" || refused.kind == "already_undone",
        "{refused:?}"
    );
    proved(&mut room);
}

#[test]
fn another_keepers_key_says_so_and_nothing_is_logged() {
    let mut room = Room::new();
    let report = report(&mut room);
    let before = events(&room);
    let path = room.paths.keys();
    let data = keys::read(&path).unwrap();
    let own = keys::read_keeper(&path).unwrap().unwrap();
    let other = KeeperKey::new(&mut Entropy::System).unwrap();
    keys::write(&path, &data, Some(&other), room.paths.sharing()).unwrap();
    match room.act(Act::new(Verb::ReadSource, vec![report])) {
        Err(Stop::Failed(fault)) => {
            assert_eq!(fault.kind, FaultKind::Denied);
            assert!(
                fault.reason.contains("另一把保管人钥匙") && fault.hint.contains("office.keys"),
                "{fault}"
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(events(&room), before);
    keys::write(&path, &data, Some(&own), room.paths.sharing()).unwrap();
    assert_eq!(
        room.act(Act::new(Verb::ReadSource, vec![report])).unwrap().sources[0],
        told()
    );
}

#[test]
fn an_office_of_an_older_program_gets_its_keeper_with_the_first_source() {
    let mut room = Room::new();
    let path = room.paths.keys();
    let data = keys::read(&path).unwrap();
    keys::write(&path, &data, None, room.paths.sharing()).unwrap();
    let report = report(&mut room);
    assert_eq!(keys::read(&path).unwrap(), data);
    assert_eq!(
        room.act(Act::new(Verb::ReadSource, vec![report])).unwrap().sources[0],
        told()
    );
}

#[test]
fn what_is_only_foreseen_seals_nothing() {
    let mut room = Room::new();
    let report = report(&mut room);
    let before = events(&room);
    let operator = room.operator.clone();
    let act = Act::new(Verb::AddSource, vec![report]).with("source_name", NAME);
    let foreseen = room.office.preview(&operator, &act).unwrap();
    assert!(!format!("{foreseen:?}").contains(NAME));
    assert_eq!(events(&room), before);
}

#[test]
fn sources_past_their_date_are_erased_and_stay_erased() {
    let mut room = Room::new();
    let report = report(&mut room);
    end(&mut room, report);
    let envelope = match &*Reader::beside(&room.office).unwrap().state(report).unwrap().unwrap() {
        crate::domain::State::Warning(w) => w.sources[0].clone(),
        other => panic!("{other:?}"),
    };
    let sealed = envelope.split("\"box\":\"").nth(1).unwrap()[..40].to_owned();
    assert!(holds(&copy_of(&mut room), sealed.as_bytes()));
    let today = room.office.today();
    let past = |room: &Room, on| Reader::beside(&room.office).unwrap().sources_of_ended(on).unwrap();
    assert_eq!(past(&room, today).len(), 1);
    assert!(past(&room, today - chrono::Days::new(1)).is_empty());
    let stick = room.folder.path().join("stick.zip");
    backup(room.office.file_mut(), &stick, 1, &mut Watch::nobody()).unwrap();
    assert_eq!(
        room.refusal(Act::new(Verb::EraseSource, vec![report])).kind,
        "kept_longer"
    );

    room.office.clock().set(LATER);
    let done = room.act(Act::new(Verb::EraseSource, vec![report])).unwrap();
    assert!(done.notes.iter().any(|note| note.contains("旧备份")), "{done:?}");
    assert!(!holds(&copy_of(&mut room), sealed.as_bytes()));
    assert!(past(&room, room.office.today()).is_empty());
    let shown = Reader::beside(&room.office).unwrap().shown(report).unwrap();
    assert_eq!(shown.item.labels["source_sealed"], "已清除");
    let erased = shown.timeline.iter().find(|step| step.label == "清除").unwrap();
    assert_eq!(erased.text, "来源信息到期：第 2、3 步的内容");
    assert!(
        shown.item.labels["content"].contains("大额拨付"),
        "only the sources went"
    );
    assert_eq!(
        room.refusal(Act::new(Verb::ReadSource, vec![report])).kind,
        "source_erased"
    );
    let operator = room.operator.clone();
    assert!(
        room.office
            .undo(&operator)
            .unwrap_err()
            .to_string()
            .contains("不能撤回")
    );
    proved(&mut room);

    // An older backup put in its place: gone again, on the ground it went on.
    let Room {
        office, paths, folder, ..
    } = room;
    office.close().unwrap();
    drop(restore(&stick, &paths, &Clock::fixed(LATER), &mut Watch::nobody()).unwrap());
    let office = Office::open(&paths, Clock::fixed(LATER + 1), Entropy::System).unwrap();
    let mut room = Room {
        office,
        operator,
        paths,
        folder,
    };
    assert!(!holds(&copy_of(&mut room), sealed.as_bytes()));
    let grounds = crate::ledger::erased::announced(&room.office.file().conn).unwrap();
    assert_eq!(grounds.len(), 2);
    assert!(grounds.values().all(|ground| ground.id() == "source_expired"));
    proved(&mut room);
}

#[test]
fn a_source_that_was_taken_back_does_not_stay_for_ever() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let operator = room.operator.clone();
    room.act(
        Act::new(Verb::Register, vec![])
            .with("source", "public")
            .with("unit", unit.to_string())
            .with("content", "单位选错了")
            .with("source_name", NAME),
    )
    .unwrap();
    room.office.undo(&operator).unwrap();
    let today = room.office.today();
    assert!(
        room.office
            .sweep_sources(&operator, today - chrono::Days::new(1))
            .unwrap()
            .is_none()
    );
    let before = copy_of(&mut room);
    assert!(holds(&before, b"\\\"box\\\":"));
    let swept = room.office.sweep_sources(&operator, today).unwrap().unwrap();
    assert_eq!(swept.changed.len(), 1);
    assert!(!holds(&copy_of(&mut room), b"\\\"box\\\":"));
    assert!(room.office.sweep_sources(&operator, today).unwrap().is_none());
    assert!(
        room.office
            .undo(&operator)
            .unwrap_err()
            .to_string()
            .contains("不能撤回")
    );
    proved(&mut room);
}

#[test]
fn a_clue_that_goes_out_keeps_its_source_for_the_keeper() {
    let mut room = Room::new();
    let report = report(&mut room);
    let refer = room.signed(Verb::ReferClue, report).with("receiver", "市纪委");
    room.act(refer).unwrap();
    room.act(Act::new(Verb::ClueReceipt, vec![report]).with("receipt", "洪移〔2026〕3号"))
        .unwrap();
    assert_eq!(
        room.act(Act::new(Verb::ReadSource, vec![report])).unwrap().sources[0],
        told()
    );
    proved(&mut room);
}
