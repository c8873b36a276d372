//! Risk points (§4.1) in the light flow: draft, grading, measures, discharge; and what an import may bring in.

use crate::domain::point::PointStage;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

#[test]
fn a_point_is_drafted_declared_graded_and_watched() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    let p = town.point(point);
    assert_eq!(
        (p.stage.light(), p.stage.light_label()),
        (PointStage::Monitored, "在控")
    );
    assert_eq!(p.duties.unwrap().lead, BodyRef::Discipline);
    assert_eq!(p.graded_on, Some(day("2026-11-23")));
}

#[test]
fn an_incomplete_draft_is_not_declared_and_says_what_is_missing() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let draft = town
        .story
        .when(Town::form(Verb::Draft, &[], &[("unit", &unit)]))
        .unwrap()
        .events[0]
        .stream;
    let refusal = town.act(Verb::Submit, draft, &[]).unwrap_err();
    assert_eq!(refusal.kind, "incomplete");
    assert!(refusal.reason.contains("风险表现、大类、小项"), "{}", refusal.reason);
}

#[test]
fn grading_against_the_matrix_needs_a_reason_and_never_two_steps() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let fields = [
        ("unit", unit.as_str()),
        ("description", "丙"),
        ("class", "制度机制"),
        ("item", "物资采购"),
    ];
    let point = town.story.when(Town::form(Verb::Draft, &[], &fields)).unwrap().events[0].stream;
    town.act(Verb::Submit, point, &[]).unwrap();
    let scores = |g: &'static str| [("grade", g), ("likelihood", "3"), ("harm", "5")];
    assert_eq!(
        refused(town.signed(Verb::Grade, point, &scores("黄"))),
        "deviation_too_far"
    );
    assert_eq!(
        refused(town.signed(Verb::Grade, point, &scores("橙"))),
        "deviation_unexplained"
    );
    let mut explained = scores("橙").to_vec();
    explained.push(("deviation", "已有三级联签"));
    town.signed(Verb::Grade, point, &explained).unwrap();
    assert_eq!(town.point(point).scores, Some((3, 5)));
}

#[test]
fn the_matrix_is_that_of_the_handbook() {
    use crate::domain::decide::suggested_grade;
    // §2.2, rows from L = 5 down to 1, columns H = 1…5.
    let rows = ["黄黄橙橙红", "黄黄橙橙红", "黄黄黄橙红", "黄黄黄橙红", "黄黄黄橙橙"];
    for (i, row) in rows.iter().enumerate() {
        for (h, want) in row.chars().enumerate() {
            let likelihood = 5 - u8::try_from(i).unwrap();
            let got = suggested_grade(likelihood, u8::try_from(h).unwrap() + 1);
            assert_eq!(got.label(), want.to_string(), "L{likelihood} H{}", h + 1);
        }
    }
}

#[test]
fn returned_points_come_back_and_are_counted() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let fields = [
        ("unit", unit.as_str()),
        ("description", "丁"),
        ("class", "思想道德"),
        ("item", "土地拍卖"),
    ];
    let point = town.story.when(Town::form(Verb::Draft, &[], &fields)).unwrap().events[0].stream;
    for n in 1..=2 {
        town.act(Verb::Submit, point, &[]).unwrap();
        town.act(Verb::Return, point, &[("kind", "不细"), ("reason", "表现过于笼统")])
            .unwrap();
        assert_eq!(
            (town.point(point).stage, town.point(point).returns),
            (PointStage::Returned, n)
        );
    }
}

#[test]
fn discharge_needs_effective_measures_and_no_live_warning() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    assert_eq!(refused(town.signed(Verb::Discharge, point, &[])), "measures_unproven");
    let measure = town.story.all("measure")[0];
    assert_eq!(
        refused(town.act(Verb::RateMeasure, measure, &[("effective", "是")])),
        "wrong_stage"
    );
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();

    let linked = point.to_string();
    let warning = town.report();
    town.act(Verb::Assess, warning, &[("grade", "黄"), ("points", &linked)])
        .unwrap();
    town.signed(Verb::Release, warning, &[]).unwrap();
    assert_eq!(refused(town.signed(Verb::Discharge, point, &[])), "live_warning");
    town.signed(Verb::Withdraw, warning, &[("reason", "查无此事")]).unwrap();
    town.signed(Verb::Discharge, point, &[("verifier", "丙")]).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Discharged);
    assert_eq!(refused(town.act(Verb::Amend, point, &[("description", "改")])), "ended");
}

#[test]
fn asking_for_discharge_states_resolution_and_the_signature_strikes_it_off() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let measure = town.story.all("measure")[0];
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();
    let outcome = town.act(Verb::Discharge, point, &[]).unwrap();
    assert_eq!(outcome.effect, Effect::Pending);
    assert_eq!(town.point(point).stage.light_label(), "待销号");
    let sheet = outcome.approval_sheet.unwrap();
    town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")])
        .unwrap();
    assert_eq!(town.point(point).stage, PointStage::Discharged);
}

#[test]
fn one_measure_serves_several_points() {
    let mut town = Town::new();
    let (one, two) = (town.graded_point(Grade::Yellow), town.graded_point(Grade::Yellow));
    let measure = town.story.all("measure")[0];
    let both = format!("{one}、{two}");
    town.act(Verb::LinkMeasure, measure, &[("points", &both)]).unwrap();
    let State::Measure(m) = town.story.get(measure) else {
        panic!()
    };
    assert_eq!(m.points, [one, two]);
    assert_eq!(
        refused(town.act(Verb::LinkMeasure, measure, &[("points", &both)])),
        "nothing_changed"
    );
}

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
        register: "risk_point".into(),
        existing: None,
        id: None,
        original_code: Some("FX-旧-7".into()),
        fields,
        measures: vec!["钱账章分管".into(), "每日银企对账".into()],
        draft: false,
    }
}

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

use crate::domain::world::World;
