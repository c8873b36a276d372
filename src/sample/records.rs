//! The plain registers: informants, regulations, education, publicity.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::json;

use super::dice::{Dice, share};
use super::material::Material;
use super::places::Places;
use crate::domain::{Fields, UnitKind};

/// One record of a plain register; its unit by number, everything else as fields.
#[derive(Debug)]
pub struct Record {
    /// Register.
    pub register: &'static str,
    /// Unit.
    pub unit: usize,
    /// Other fields.
    pub fields: Fields,
}

/// How many records of each there are; publicity in its own units of quantity.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// F05.
    pub informants: usize,
    /// F06 健全完善.
    pub improved: usize,
    /// F07 新出台; beside F06, never inside it (A10).
    pub new: usize,
    /// F08.
    pub classes: usize,
    /// F12.
    pub activities: usize,
    /// F09 期.
    pub columns: usize,
    /// F10 套.
    pub albums: usize,
    /// F11 块.
    pub boards: usize,
}

/// All records of the plain registers.
pub fn records(material: &Material, places: &Places, counts: Counts, today: NaiveDate, seed: u64) -> Vec<Record> {
    let mut list = informants(material, places, counts.informants, today, seed);
    list.extend(regulations(material, places, counts, today, seed));
    list.extend(education(material, places, counts, today, seed));
    list.extend(publicity(material, places, counts, today, seed));
    list
}

fn fields<const N: usize>(pairs: [(&str, serde_json::Value); N]) -> Fields {
    pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

fn ago(today: NaiveDate, days: i64) -> NaiveDate {
    today - Days::new(days.unsigned_abs())
}

/// Units that engage and organise; a community goes through its street.
fn organisers(places: &Places) -> Vec<usize> {
    (0..places.units.len())
        .filter(|u| places.units[*u].kind != UnitKind::Community)
        .collect()
}

/// Codes only: who stands behind them is sealed with each report.
fn informants(material: &Material, places: &Places, count: usize, today: NaiveDate, seed: u64) -> Vec<Record> {
    let mut dice = Dice::new(seed, "informants");
    let words = &material.registers.informant;
    let units = organisers(places);
    let one = |n: usize| {
        let years = dice.pick(&words.terms).copied().unwrap_or(2);
        let from = ago(today, dice.between(60, 330));
        let to = from + Days::new(years.unsigned_abs() * 365);
        let category = &words.categories[n % words.categories.len()];
        Record {
            register: "informant",
            unit: units[n % units.len()],
            fields: fields([
                ("number", json!(format!("XXY-{:03}", n + 1))),
                ("category", json!(category)),
                ("from", json!(from)),
                ("to", json!(to)),
                ("note", json!(format!("聘任序号{:03}，身份资料另行密封", n + 1))),
            ]),
        }
    };
    (0..count).map(one).collect()
}

fn regulations(material: &Material, places: &Places, counts: Counts, today: NaiveDate, seed: u64) -> Vec<Record> {
    let mut dice = Dice::new(seed, "regulations");
    let topics = &material.registers.regulation.topics;
    let mut slots: Vec<(usize, &str, &str)> = Vec::new();
    for unit in organisers(places) {
        for (theme, titles) in topics {
            slots.extend(titles.iter().map(|title| (unit, theme.as_str(), title.as_str())));
        }
    }
    dice.shuffle(&mut slots);
    slots.truncate(counts.improved + counts.new);
    let statuses = (0..slots.len())
        .map(|n| if n < counts.new { "new" } else { "improved" })
        .collect::<Vec<_>>();
    let mut numbers = std::collections::BTreeMap::new();
    let mut list = Vec::new();
    for ((unit, theme, title), status) in slots.into_iter().zip(statuses) {
        let effective = ago(today, dice.between(20, 360));
        let number = numbers.entry((unit, effective.year())).or_insert(0);
        *number += 1;
        let name = &places.units[unit].name;
        let how = if status == "new" { "新制定" } else { "修订完善" };
        list.push(Record {
            register: "regulation",
            unit,
            fields: fields([
                ("name", json!(format!("{name}{title}"))),
                (
                    "number",
                    json!(format!("{}廉〔{}〕{number}号", abbreviation(name), effective.year())),
                ),
                ("theme", json!(theme)),
                ("status", json!(status)),
                ("effective_on", json!(effective)),
                (
                    "content",
                    json!(format!(
                        "{how}，明确职责分工、办理程序和监督检查要求，适用于{name}各股室。"
                    )),
                ),
            ]),
        });
    }
    list
}

/// 机关代字 of an invented unit: its name without 区 and the word for what it is.
fn abbreviation(name: &str) -> String {
    let core = name
        .trim_start_matches("区委")
        .trim_start_matches('区')
        .trim_start_matches("青澜");
    let core: String = core
        .chars()
        .filter(|c| !"局办公室委中心街道部".contains(*c))
        .take(2)
        .collect();
    format!("青{}", if core.is_empty() { "委" } else { &core })
}

fn education(material: &Material, places: &Places, counts: Counts, today: NaiveDate, seed: u64) -> Vec<Record> {
    let mut dice = Dice::new(seed, "education");
    let words = &material.registers.education;
    let topics: Vec<(&str, &str)> = words
        .topics
        .iter()
        .flat_map(|(form, list)| list.iter().map(move |t| (form.as_str(), t.as_str())))
        .collect();
    let units = organisers(places);
    let leads: Vec<usize> = ["区纪委监察局", "区委组织部", "区委党校", "区直机关工委"]
        .iter()
        .filter_map(|n| places.unit(n))
        .collect();
    let mut list = Vec::new();
    for n in 0..counts.classes + counts.activities {
        let class = n < counts.classes;
        let (form, topic) = if class {
            ("thematic", dice.phrase(&words.class.topics).to_owned())
        } else {
            let (form, topic) = topics[n % topics.len()];
            (form, topic.to_owned())
        };
        let topic = if class {
            format!("{topic}（第{}期）", n + 1)
        } else {
            topic
        };
        let unit = if class {
            leads[n % leads.len()]
        } else {
            units[(n * 7) % units.len()]
        };
        let expected = dice.between(if class { 40 } else { 12 }, if class { 120 } else { 90 });
        let present = expected - dice.between(0, expected / 12);
        let days = dice.between(5, 355);
        list.push(Record {
            register: "education",
            unit,
            fields: fields([
                ("topic", json!(topic)),
                ("kind", json!(if class { "class" } else { "activity" })),
                ("form", json!(form)),
                (
                    "phase",
                    json!(words.phases[usize::try_from(355 - days).unwrap_or(0) * words.phases.len() / 356]),
                ),
                (
                    "source",
                    json!(if class {
                        "party_school"
                    } else {
                        dice.phrase(&words.sources)
                    }),
                ),
                ("held_on", json!(ago(today, days))),
                ("audience", json!(dice.phrase(&words.audiences))),
                ("expected", json!(expected)),
                ("present", json!(present)),
                (
                    "speaker",
                    json!(if class {
                        "区委党校教师"
                    } else {
                        "廉能管理宣讲员"
                    }),
                ),
            ]),
        });
    }
    list
}

fn publicity(material: &Material, places: &Places, counts: Counts, today: NaiveDate, seed: u64) -> Vec<Record> {
    let mut dice = Dice::new(seed, "publicity");
    let words = &material.registers.publicity;
    let mut list = Vec::new();
    for (kind, titles, total, each) in [
        ("column", &words.columns, counts.columns, 2),
        ("album", &words.albums, counts.albums, 25),
        ("board", &words.boards, counts.boards, 8),
    ] {
        // One each for sure, the rest by chance, so that the sum is exact over records somebody can open.
        let number = (total / each).max(1).min(total);
        let weights: Vec<usize> = (0..number).map(|_| 1 + dice.below(9)).collect();
        for more in share(total - number, &weights) {
            let unit = dice.below(places.units.len());
            let from = ago(today, dice.between(10, 350));
            let to = from + Days::new(dice.between(30, 365).unsigned_abs());
            list.push(Record {
                register: "publicity",
                unit,
                fields: fields([
                    ("name", json!(dice.phrase(titles))),
                    ("kind", json!(kind)),
                    ("quantity", json!(more + 1)),
                    (
                        "place",
                        json!(format!("{}{}", places.units[unit].name, dice.phrase(&words.places))),
                    ),
                    ("from", json!(from)),
                    ("to", json!(to)),
                ]),
            });
        }
    }
    list
}
