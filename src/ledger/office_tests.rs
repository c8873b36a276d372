#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;

use super::*;
use crate::domain::{Fields, ImportRow, StreamId};
use crate::ledger::files::Sharing;
use crate::ledger::site::Class;

/// 2026-11-23 10:00 in China.
pub const NOW: i64 = 1_795_399_200_000;
const DAY: i64 = 86_400_000;

pub struct Room {
    pub office: Office,
    pub operator: Operator,
    pub paths: OfficePaths,
    _folder: TempDir,
}

impl Room {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = OfficePaths::new(folder.path().join("office"));
        let new = NewOffice {
            class: Class::Rehearsal,
            letters: "XY",
            sharing: Sharing::Owner,
        };
        let office = Office::init(&paths, &new, Clock::fixed(NOW), Entropy::seeded(7)).unwrap();
        Self {
            office,
            operator: Operator::recorder("duty", "专班值班员"),
            paths,
            _folder: folder,
        }
    }

    pub fn next_day(&mut self) {
        let now = self.office.clock().now_ms();
        self.office.clock().set(now + DAY);
    }

    pub fn act(&mut self, act: Act) -> Result<Receipt, Stop> {
        self.office.submit(&self.operator.clone(), &act, None)
    }

    pub fn must(&mut self, act: Act) -> StreamId {
        self.act(act).unwrap().changed[0].stream
    }

    pub fn record(&mut self, register: &str, fields: &[(&str, &str)]) -> StreamId {
        let mut act = Act::new(Verb::Create, vec![]).with("register", register);
        for (field, value) in fields {
            act = act.with(field, *value);
        }
        self.must(act)
    }

    pub fn refusal(&mut self, act: Act) -> crate::domain::Refusal {
        match self.act(act) {
            Err(Stop::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    /// A unit with a post, its head and a point in each grade.
    pub fn furnish(&mut self) -> (StreamId, StreamId, StreamId) {
        let unit = self.record("unit", &[("name", "区财政局"), ("organ_line", "government")]);
        let post = self.record(
            "post",
            &[("name", "国库支付岗"), ("unit", "区财政局"), ("rank", "section")],
        );
        let person = self.record("person", &[("name", "张三"), ("unit", "区财政局"), ("rank", "section")]);
        (unit, post, person)
    }

    pub fn warning(&mut self, unit: StreamId, content: &str) -> StreamId {
        self.must(
            Act::new(Verb::Register, vec![])
                .with("source", "inspection")
                .with("unit", unit.to_string())
                .with("content", content),
        )
    }

    pub fn signed(&mut self, verb: Verb, target: StreamId) -> Act {
        let mut act = Act::new(verb, vec![target]);
        act.decision = Some(crate::domain::Decision::Signed {
            signer: Some("李主任".into()),
            on: None,
        });
        act
    }

    /// Fails when the live tables are not what the log says.
    pub fn check_rebuild(&mut self) {
        let rebuilt = self.office.rebuild(&mut |_, _| true).unwrap();
        let wrong: Vec<_> = rebuilt.tables.iter().filter(|t| t.changed > 0).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        rebuild::check_search(&self.office.file().conn).unwrap();
    }
}

pub fn import_points(unit: StreamId, count: usize) -> Act {
    let mut act = Act::new(Verb::Import, vec![]);
    for n in 0..count {
        let mut fields = Fields::new();
        fields.insert("unit".into(), unit.to_string().into());
        fields.insert("description".into(), format!("第{n}项拨付依据审核不严").into());
        fields.insert("class".into(), "post_duty".into());
        fields.insert("item".into(), "large_funds".into());
        fields.insert("grade".into(), ["red", "orange", "yellow"][n % 3].into());
        act.rows.push(ImportRow {
            register: "risk_point".into(),
            existing: None,
            id: None,
            original_code: None,
            fields,
            measures: vec!["三级联签".into()],
            draft: false,
        });
    }
    act
}

#[test]
fn a_new_office_has_adopted_and_founded_and_opens_again() {
    let mut room = Room::new();
    room.furnish();
    let bodies: i64 = room
        .office
        .file()
        .conn
        .query_row("SELECT count(*) FROM list_body", [], |r| r.get(0))
        .unwrap();
    assert_eq!(bodies, 9, "eight, and the unit's own");
    let paths = room.paths.clone();
    let again = Office::open(&paths, Clock::fixed(NOW), Entropy::System).unwrap();
    assert_eq!(again.letters(), "XY");
    assert_eq!(again.texts().hash, room.office.texts().hash);
}

#[test]
fn what_is_projected_live_is_what_a_rebuild_gives() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    room.act(import_points(unit, 100)).unwrap();
    let warning = room.warning(unit, "隧道工程变更未报批");
    let assess = Act::new(Verb::Assess, vec![warning])
        .with("grade", "yellow")
        .with("analysts", "甲、乙");
    room.must(assess);
    let release = room.signed(Verb::Release, warning).with("demand", "限期整改");
    room.must(release);
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    room.next_day();
    let raise = room.signed(Verb::Escalate, warning).with("cause", "measures_missing");
    let receipt = room.act(raise).unwrap();
    assert_eq!(receipt.proposed.len(), 1, "{receipt:?}");
    room.check_rebuild();
}

#[test]
fn an_import_is_taken_back_and_brought_back_whole() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let receipt = room.act(import_points(unit, 30)).unwrap();
    assert!(receipt.undoable);
    let count = |room: &Room| -> i64 {
        room.office
            .file()
            .conn
            .query_row("SELECT count(*) FROM list_risk_point", [], |r| r.get(0))
            .unwrap()
    };
    assert_eq!(count(&room), 30);
    let operator = room.operator.clone();
    room.office.undo(&operator).unwrap();
    assert_eq!(count(&room), 0);
    room.check_rebuild();
    room.office.redo(&operator).unwrap();
    assert_eq!(count(&room), 30);
    room.check_rebuild();
    room.office.undo(&operator).unwrap();
    // Numbers of what was taken back stay used.
    let code = room.act(import_points(unit, 1)).unwrap().changed[0].code.clone();
    assert_eq!(code, "FX-XY-2026-0031");
    room.check_rebuild();
}
