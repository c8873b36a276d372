//! What a first import may bring in (§0.10), and the committees a new unit brings.

use crate::domain::point::PointStage;
use crate::domain::stories::Town;
use crate::domain::world::World;
use crate::domain::*;

fn row(town: &Town, changes: &[(&str, &str)]) -> ImportRow {
    let (unit, post) = (town.bureau.to_string(), town.post.to_string());
    let mut fields = Fields::new();
    for (f, v) in [
        ("unit", unit.as_str()),
        ("post", post.as_str()),
        ("description", "印鉴票据一人兼管"),
        ("class", "岗位职责"),
        ("item", "财物管理"),
        ("grade", "红"),
    ] {
        fields.insert(f.into(), v.into());
    }
    for (f, v) in changes {
        fields.insert((*f).into(), (*v).into());
    }
    ImportRow {
        original_code: Some("FX-旧-7".into()),
        measures: vec!["钱账章分管".into(), "每日银企对账".into()],
        ..ImportRow::new("risk_point", fields)
    }
}

/// covers §0.10
#[test]
fn an_imported_register_enters_as_it_states_without_replaying_approvals() {
    let mut town = Town::new();
    let act = Act {
        rows: vec![row(&town, &[]), row(&town, &[("stage", "已销号")])],
        ..Act::new(Verb::Import, vec![])
    };
    town.story.when(act).unwrap();
    let points = town.story.all("risk_point");
    let p = town.point(points[0]);
    assert!(p.imported && p.stage == PointStage::Monitored && p.grade == Some(Grade::Red));
    assert_eq!(p.original_code.as_deref(), Some("FX-旧-7"));
    assert_eq!(p.duties.unwrap().lead, BodyRef::Steering);
    assert_eq!(town.point(points[1]).stage, PointStage::Discharged);
    assert_eq!(town.story.all("measure").len(), 4);
}

#[test]
fn an_import_is_all_or_nothing_and_never_moves_a_grade() {
    let mut town = Town::new();
    let broken = Act {
        rows: vec![row(&town, &[]), row(&town, &[("class", "六类")])],
        ..Act::new(Verb::Import, vec![])
    };
    let refusal = town.story.when(broken).unwrap_err();
    assert!(refusal.reason.starts_with("第 2 条"), "{}", refusal.reason);
    assert_eq!(town.story.all("risk_point"), []);

    let point = town.graded_point(Grade::Yellow);
    let mut amended = row(&town, &[("consequence", "资金流失"), ("grade", "红")]);
    amended.existing = Some(point);
    amended.measures.clear();
    town.story
        .when(Act {
            rows: vec![amended],
            ..Act::new(Verb::Import, vec![])
        })
        .unwrap();
    assert_eq!(town.point(point).grade, Some(Grade::Yellow));
    assert_eq!(town.story.fields(point)["consequence"], "资金流失");
}

/// covers R020 R025 A05
#[test]
fn a_new_street_brings_both_committees_and_a_community_only_the_social_one() {
    let mut town = Town::new();
    let street = town.story.record(
        "unit",
        &[("name", "甘棠街道"), ("kind", "街道"), ("organ_line", "区政府")],
    );
    assert!(town.story.body_stream(BodyRef::Implementation(street)).is_some());
    assert!(town.story.body_stream(BodyRef::Social(street)).is_some());
    let parent = street.to_string();
    let community = town.story.record(
        "unit",
        &[
            ("name", "龙池社区"),
            ("kind", "社区"),
            ("organ_line", "区政府"),
            ("parent", &parent),
        ],
    );
    assert!(town.story.body_stream(BodyRef::Social(community)).is_some());
    assert!(town.story.body_stream(BodyRef::Implementation(community)).is_none());
    let name = community.to_string();
    let id = town.report_about(&[("unit", &name)]);
    assert_eq!(
        town.warning(id).duties.lead,
        BodyRef::Implementation(street),
        "a community's posts belong to the street (A05)"
    );
}
