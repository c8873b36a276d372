//! An office in a temporary folder, with people who act in it: for tests of everything above the log.
#![allow(clippy::unwrap_used, clippy::panic, clippy::new_without_default, missing_docs)]

use tempfile::TempDir;

use super::clock::Clock;
use super::entropy::Entropy;
use super::files::Sharing;
use super::office::Office;
use super::open::NewOffice;
use super::paths::OfficePaths;
use super::rebuild;
use super::receipt::Receipt;
use super::site::Class;
use super::watch::Watch;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::world::Operator;
use crate::domain::{Act, Decision, Fields, ImportRow, StreamId, Verb};

/// 2026-11-23 10:00 in China.
pub const NOW: i64 = 1_795_399_200_000;
const DAY: i64 = 86_400_000;

pub struct Room {
    pub office: Office,
    pub operator: Operator,
    pub paths: OfficePaths,
    pub folder: TempDir,
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
            folder,
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

    pub fn refusal(&mut self, act: Act) -> Refusal {
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

    /// A 诫勉纠错 on a person, served today.
    pub fn correction(&mut self, unit: StreamId, person: StreamId) -> StreamId {
        let warning = self.warning(unit, "大额拨付无联签");
        self.must(
            Act::new(Verb::Assess, vec![warning])
                .with("grade", "yellow")
                .with("analysts", "甲、乙"),
        );
        let raise = self
            .signed(Verb::Escalate, warning)
            .with("cause", "measures_missing")
            .with("responsible", person.to_string());
        let receipt = self.act(raise).unwrap();
        let admonition = receipt.proposed[0].stream;
        self.must(Act::new(Verb::Hear, vec![admonition]).with("statement", "已说明"));
        let mut approve = self.signed(Verb::Approve, admonition);
        if let Some(Decision::Signed { signer, .. }) = &mut approve.decision {
            *signer = Some("王书记".into());
        }
        self.must(approve);
        self.must(Act::new(Verb::Serve, vec![admonition]).with("received_by", "张三"));
        admonition
    }

    pub fn signed(&mut self, verb: Verb, target: StreamId) -> Act {
        let mut act = Act::new(verb, vec![target]);
        act.decision = Some(Decision::Signed {
            signer: Some("李主任".into()),
            on: None,
        });
        act
    }

    /// Closes the office; its folder lives as long as what is returned.
    pub fn closed(self) -> (OfficePaths, TempDir) {
        self.office.close().unwrap();
        (self.paths, self.folder)
    }

    /// Fails when the live tables are not what the log says.
    pub fn check_rebuild(&mut self) {
        let rebuilt = self.office.rebuild(&mut Watch::nobody()).unwrap();
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
            measures: vec!["三级联签".into()],
            ..ImportRow::new("risk_point", fields)
        });
    }
    act
}
