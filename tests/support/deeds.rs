//! An office in a temporary folder and acts of every size for the tests that kill, cut and crowd it.
#![allow(dead_code)]

use lianneng::domain::world::Operator;
use lianneng::domain::{Act, Fields, ImportRow, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::files::Sharing;
use lianneng::ledger::office::Office;
use lianneng::ledger::open::NewOffice;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::site::Class;

/// A small generator, so that a run can be repeated from its printed seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// The reduced count, or the full one when `LIANNENG_FULL` is set.
pub fn full(reduced: usize, full: usize) -> usize {
    if std::env::var_os("LIANNENG_FULL").is_some() {
        full
    } else {
        reduced
    }
}

pub fn operator() -> Operator {
    Operator::recorder("duty", "专班值班员")
}

pub fn init(paths: &OfficePaths) -> Office {
    let new = NewOffice {
        class: Class::Rehearsal,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    Office::init(paths, &new, Clock::System, Entropy::System).unwrap()
}

pub fn open(paths: &OfficePaths) -> Office {
    Office::open(paths, Clock::System, Entropy::System).unwrap()
}

/// A new unit; the name must be new.
pub fn unit(name: &str) -> Act {
    Act::new(Verb::Create, vec![])
        .with("register", "unit")
        .with("name", name)
        .with("organ_line", "government")
}

/// A register of `rows` risk points of a unit given by its stream id.
pub fn points(unit: &str, name: &str, rows: usize) -> Act {
    let mut act = Act::new(Verb::Import, vec![]);
    for row in 0..rows {
        let mut fields = Fields::new();
        fields.insert("unit".into(), unit.into());
        fields.insert(
            "description".into(),
            format!("{name}：第{row}项拨付依据审核不严").into(),
        );
        fields.insert("class".into(), "post_duty".into());
        fields.insert("item".into(), "large_funds".into());
        fields.insert("grade".into(), ["red", "orange", "yellow"][row % 3].into());
        act.rows.push(ImportRow {
            measures: vec!["三级联签".into()],
            ..ImportRow::new("risk_point", fields)
        });
    }
    act
}
