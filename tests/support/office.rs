//! A small real office for the console's tests: one unit, its leaders, a yellow and an orange warning.

use lianneng::cli::console::OfficeStore;
use lianneng::domain::world::Operator;
use lianneng::domain::{Act, BodyRef, SeatRole, StreamId, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::files::Sharing;
use lianneng::ledger::office::{Office, local_operator};
use lianneng::ledger::open::NewOffice;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::site::Class;

use super::console::Console;

/// Monday 23 November 2026, nine in the morning in China.
pub const NOW: i64 = 1_795_395_600_000;

pub struct Made {
    pub office: Office,
    pub operator: Operator,
    pub folder: tempfile::TempDir,
}

impl Made {
    pub fn act(&mut self, act: Act) -> StreamId {
        self.office.submit(&self.operator, &act, None).unwrap().changed[0].stream
    }

    pub fn record(&mut self, register: &str, fields: &[(&str, &str)]) -> StreamId {
        let mut act = Act::new(Verb::Create, vec![]).with("register", register);
        for (field, value) in fields {
            act = act.with(field, *value);
        }
        self.act(act)
    }

    pub fn seat(&mut self, body: BodyRef, role: SeatRole, person: StreamId) {
        let (body, person) = (body.to_string(), person.to_string());
        let fields = [
            ("person", person.as_str()),
            ("body", &body),
            ("role", role.id()),
            ("from", "2020-01-01"),
        ];
        self.record("appointment", &fields);
    }
}

/// An office with one unit, its leaders, and a yellow and an orange warning.
pub fn office() -> Made {
    office_of(Class::Rehearsal)
}

/// As [`office`], of a class.
pub fn office_of(class: Class) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let new = NewOffice {
        class,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let paths = OfficePaths::new(folder.path().join("office"));
    let entropy = match class {
        Class::Rehearsal => Entropy::seeded(7),
        Class::Office => Entropy::System,
    };
    let office = Office::init(&paths, &new, Clock::fixed(NOW), entropy).unwrap();
    let mut made = Made {
        office,
        operator: local_operator(),
        folder,
    };
    let unit = made.record(
        "unit",
        &[("name", "城建局"), ("kind", "department"), ("organ_line", "government")],
    );
    let head = [
        ("name", "局长"),
        ("unit", "城建局"),
        ("is_unit_head", "true"),
        ("in_leading_team", "true"),
        ("rank", "section"),
    ];
    let head = made.record("post", &head).to_string();
    let person = |name: &'static str| [("name", name), ("unit", "城建局"), ("rank", "section")];
    let chair = made.record(
        "person",
        &[
            ("name", "李卫东"),
            ("unit", "城建局"),
            ("post", &head),
            ("rank", "section"),
        ],
    );
    let secretary = made.record("person", &person("周涛"));
    let steering = made.record("person", &person("陈静"));
    made.seat(BodyRef::Implementation(unit), SeatRole::Chair, chair);
    for role in [SeatRole::Chair, SeatRole::DutyLeader, SeatRole::Director] {
        made.seat(BodyRef::Discipline, role, secretary);
        made.seat(BodyRef::Steering, role, steering);
        made.seat(BodyRef::SteeringOffice, role, steering);
    }
    for (content, grade) in [("隧道工程变更未报批即施工", "yellow"), ("大额拨付无联签", "orange")] {
        let register = Act::new(Verb::Register, vec![])
            .with("source", "public")
            .with("unit", "城建局")
            .with("content", content);
        let warning = made.act(register);
        made.act(Act::new(Verb::Assess, vec![warning]).with("grade", grade));
    }
    made
}

pub fn console(made: Made, size: (u16, u16)) -> Console<OfficeStore> {
    let Made {
        office,
        operator,
        folder,
    } = made;
    // the file outlives the folder's name: what is open stays readable
    std::mem::forget(folder);
    Console::new(OfficeStore::new(office, operator, None, "演练").unwrap(), size)
}
