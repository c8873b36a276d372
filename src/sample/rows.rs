//! The district as rows of imports: directory, registers, points, measures.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::District;
use super::dice::Dice;
use super::material::Material;
use super::places::{Post, TEAM};
use super::points::{Measure, Point};
use crate::domain::{Act, Fields, ImportRow, RiskItem, StreamId, Verb};

/// Rows of one act at most (初始导入).
pub const MOST: usize = 1_000;

/// An import of some rows.
pub fn import(rows: Vec<ImportRow>) -> Act {
    Act {
        rows,
        ..Act::new(Verb::Import, Vec::new())
    }
}

fn row<const N: usize>(register: &str, id: StreamId, pairs: [(&str, Value); N]) -> ImportRow {
    let fields: Fields = (pairs.into_iter())
        .filter(|(_, v)| !v.is_null() && v.as_str() != Some(""))
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
    ImportRow {
        id: Some(id),
        ..ImportRow::new(register, fields)
    }
}

impl District {
    fn reference(&self, kind: &str, n: usize) -> Value {
        self.id(kind, n).to_string().into()
    }

    /// Units, with streets before their communities.
    pub fn unit_rows(&self) -> Vec<ImportRow> {
        let one = |(i, unit): (usize, &super::places::Unit)| {
            let id = self.id("unit", i);
            row(
                "unit",
                id,
                [
                    ("name", json!(unit.name)),
                    ("kind", json!(unit.kind.id())),
                    ("organ_line", json!(unit.line.id())),
                    ("parent", unit.parent.map_or(Value::Null, |p| self.reference("unit", p))),
                    ("phase", json!(if unit.pilot { "pilot" } else { "rollout" })),
                    ("is_key", json!(!unit.key.is_empty())),
                    (
                        "note",
                        json!([unit.key.as_str(), super::NOTE].join("；").trim_start_matches('；')),
                    ),
                ],
            )
        };
        self.places.units.iter().enumerate().map(one).collect()
    }

    /// Sections and posts.
    pub fn post_rows(&self) -> Vec<ImportRow> {
        let places = &self.places;
        let section = |(i, s): (usize, &super::places::Section)| {
            let unit = self.reference("unit", s.unit);
            row(
                "section",
                self.id("section", i),
                [("name", json!(s.name)), ("unit", unit)],
            )
        };
        let post = |(i, p): (usize, &Post)| {
            let reason = risk_reason(p, self);
            row(
                "post",
                self.id("post", i),
                [
                    ("name", json!(p.name)),
                    ("unit", self.reference("unit", p.unit)),
                    ("section", self.reference("section", p.section)),
                    ("rank", json!(p.rank.id())),
                    ("is_unit_head", json!(p.head)),
                    ("in_leading_team", json!(p.team)),
                    ("is_risk_post", json!(!p.scopes.is_empty())),
                    ("risk_reason", json!(reason)),
                    ("duties", json!(duties(p, self))),
                ],
            )
        };
        let sections = places.sections.iter().enumerate().map(section);
        sections.chain(places.posts.iter().enumerate().map(post)).collect()
    }

    /// People in their posts.
    pub fn person_rows(&self) -> Vec<ImportRow> {
        let one = |(i, person): (usize, &super::places::Person)| {
            let post = &self.places.posts[i];
            row(
                "person",
                self.id("person", i),
                [
                    ("name", json!(person.name)),
                    ("unit", self.reference("unit", post.unit)),
                    ("post", self.reference("post", i)),
                    ("rank", json!(post.rank.id())),
                    ("since", json!(person.since)),
                    ("portfolio", json!(portfolio(post, self))),
                ],
            )
        };
        self.places.people.iter().enumerate().map(one).collect()
    }

    /// Seats in bodies, and the posts of leading teams.
    pub fn appointment_rows(&self) -> Vec<ImportRow> {
        let seats = self.places.seats.iter().enumerate().map(|(i, seat)| {
            row(
                "appointment",
                self.id("seat", i),
                [
                    ("person", self.reference("person", seat.post)),
                    ("body", json!(self.body(seat.body).to_string())),
                    ("role", json!(seat.role.id())),
                    ("area", json!(seat.area)),
                    ("from", json!(seat.from)),
                ],
            )
        });
        let teams = (0..self.places.posts.len())
            .filter(|i| self.places.posts[*i].team)
            .map(|i| {
                let post = &self.places.posts[i];
                row(
                    "appointment",
                    self.id("appointment", i),
                    [
                        ("person", self.reference("person", i)),
                        ("post", self.reference("post", i)),
                        ("area", json!(portfolio(post, self))),
                        ("from", json!(self.places.people[i].since)),
                    ],
                )
            });
        seats.chain(teams).collect()
    }

    /// Accounts.
    pub fn account_rows(&self) -> Vec<ImportRow> {
        let one = |(n, account): (usize, &super::accounts::Account)| {
            let bodies: Vec<String> = account.body.iter().map(ToString::to_string).collect();
            row(
                "account",
                self.id("account", n),
                [
                    ("name", json!(account.name)),
                    ("login", json!(account.login)),
                    (
                        "person",
                        account.post.map_or(Value::Null, |p| self.reference("person", p)),
                    ),
                    (
                        "capacities",
                        if bodies.is_empty() { Value::Null } else { json!(bodies) },
                    ),
                    ("decides", json!(account.decides)),
                ],
            )
        };
        self.accounts().iter().enumerate().map(one).collect()
    }

    /// Processes, then the powers that run by them, of some units.
    pub fn power_rows(&self, material: &Material, day: NaiveDate, of: impl Fn(usize) -> bool) -> Vec<ImportRow> {
        let mut dice = Dice::new(self.seed, "power rows");
        let words = &material.registers;
        let mut rows = Vec::new();
        for (i, process) in self.processes.iter().enumerate().filter(|(_, p)| of(p.unit)) {
            let steps = dice.pick(&words.process.steps).map_or(String::new(), |s| s.join("→"));
            let limit = dice.pick(&words.process.limits).copied().unwrap_or(5);
            rows.push(row(
                "process",
                self.id("process", i),
                [
                    ("name", json!(process.name)),
                    ("unit", self.reference("unit", process.unit)),
                    ("conditions", json!(dice.phrase(&words.process.conditions))),
                    ("post", self.reference("post", process.post)),
                    ("steps", json!(steps)),
                    ("time_limit", json!(format!("{limit}个工作日"))),
                    ("checks", json!(dice.phrase(&words.process.checks))),
                    ("complaint_channels", json!(dice.phrase(&words.process.channels))),
                ],
            ));
        }
        for (i, power) in self.powers.iter().enumerate().filter(|(_, p)| of(p.unit)) {
            let group = &material.groups[power.group];
            let item = group.item.label();
            let mut of_item = |table: &std::collections::BTreeMap<String, Vec<String>>| {
                table
                    .get(item)
                    .map_or(String::new(), |list| dice.phrase(list).to_owned())
            };
            let (category, basis) = (of_item(&words.power.category), of_item(&words.power.basis));
            let mut text = |key: &str| {
                words
                    .power
                    .text
                    .get(key)
                    .map_or(String::new(), |list| dice.phrase(list).to_owned())
            };
            let section = &self.places.sections[self.places.posts[power.post].section].name;
            let unit = &self.places.units[power.unit].name;
            rows.push(row(
                "power_item",
                self.id("power", i),
                [
                    ("name", json!(group.powers[power.word])),
                    ("unit", self.reference("unit", power.unit)),
                    ("category", json!(category)),
                    ("legal_basis", json!(basis)),
                    ("three_fix_ref", json!(format!("{unit}“三定”方案（演示）"))),
                    ("responsible_party", json!(section)),
                    ("service_commitment", json!(text("commitment"))),
                    ("work_discipline", json!(text("discipline"))),
                    ("post", self.reference("post", power.post)),
                    ("process", self.reference("process", power.process)),
                    ("reviewed_on", json!(day)),
                    ("verdict", json!(if i % 41 == 0 { "adjust" } else { "keep" })),
                ],
            ));
        }
        rows
    }

    /// Records of the plain registers whose own day lies in a period, with the number of each.
    pub fn record_rows(&self, of: impl Fn(NaiveDate) -> bool) -> Vec<ImportRow> {
        let day = |fields: &Fields| {
            let text = ["held_on", "effective_on", "from"]
                .iter()
                .find_map(|f| fields.get(*f)?.as_str());
            text.and_then(|t| t.parse::<NaiveDate>().ok())
        };
        let fits = |(_, r): &(usize, &super::Record)| day(&r.fields).is_some_and(&of);
        let one = |(i, record): (usize, &super::Record)| {
            let mut row = row(
                record.register,
                self.id("record", i),
                [("unit", self.reference("unit", record.unit))],
            );
            row.fields.extend(record.fields.clone());
            row
        };
        self.records.iter().enumerate().filter(fits).map(one).collect()
    }

    /// A point, as an existing register would state it.
    pub fn point_row(&self, material: &Material, id: StreamId, point: &Point) -> ImportRow {
        let post = &self.places.posts[point.post];
        let power = &self.powers[point.power];
        let leader = self.places.leader_over(post.section);
        let head = self.places.head_of(post.section);
        row(
            "risk_point",
            id,
            [
                ("unit", self.reference("unit", post.unit)),
                ("section", self.reference("section", post.section)),
                ("post", self.reference("post", point.post)),
                ("level", json!(point.level.id())),
                ("power", json!(material.groups[power.group].powers[power.word])),
                ("node", json!(point.node)),
                ("description", json!(point.description)),
                ("consequence", json!(point.consequence)),
                ("class", json!(point.class.id())),
                ("item", json!(point.item.id())),
                ("focus", json!(point.focus.id())),
                ("method", json!(point.method.id())),
                ("causes", json!(point.causes)),
                ("found_on", json!(point.found_on)),
                (
                    "department_head",
                    head.map_or(Value::Null, |p| self.reference("person", p)),
                ),
                ("responsible_leader", self.reference("person", leader)),
                ("grade", json!(point.grade.id())),
            ],
        )
    }

    /// A measure with the points it serves.
    pub fn measure_row(&self, id: StreamId, measure: &Measure, points: Vec<String>) -> ImportRow {
        row(
            "measure",
            id,
            [
                ("text", json!(measure.text)),
                ("unit", self.reference("unit", measure.unit)),
                ("owner", self.reference("post", measure.owner)),
                ("by", json!(measure.by)),
                ("points", json!(points)),
            ],
        )
    }
}

/// Why a post is in scope (R001, R039).
fn risk_reason(post: &Post, district: &District) -> &'static str {
    let item = |item: RiskItem| {
        let power = |p: &&super::Point| p.item == item && std::ptr::eq(&district.places.posts[p.post], post);
        district.points.iter().any(|p| power(&p))
    };
    match () {
        () if post.scopes.is_empty() => "",
        () if post.head => "主要负责人，行政决策权集中",
        () if post.team => "班子成员，行政决策权",
        () if item(RiskItem::CadreAppointment) => "干部人事权",
        () if item(RiskItem::LargeFunds) || item(RiskItem::AssetManagement) || item(RiskItem::Procurement) => {
            "财物管理权"
        }
        () => "行政审批权",
    }
}

fn duties(post: &Post, district: &District) -> String {
    let section = &district.places.sections[post.section].name;
    match () {
        () if post.head => "主持全面工作".into(),
        () if post.team => portfolio(post, district),
        () if post.section_head => format!("负责{section}全面工作"),
        () => format!("承办{section}{}工作", post.name.trim_end_matches('岗')),
    }
}

fn portfolio(post: &Post, district: &District) -> String {
    let over: Vec<&str> = post
        .over
        .iter()
        .map(|s| district.places.sections[*s].name.as_str())
        .collect();
    match () {
        () if !over.is_empty() => format!("分管{}", over.join("、")),
        () if post.head => "主持全面工作".into(),
        () if district.places.sections[post.section].name == TEAM => "按班子分工负责".into(),
        () => String::new(),
    }
}
