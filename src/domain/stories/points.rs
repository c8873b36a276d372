//! Risk points (§4.1) in the light flow: draft, grading, measures, discharge; and what an import may bring in.

use crate::domain::point::PointStage;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

/// covers R051 R055 §4.1.1 §4.1.2 §4.1.7
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

/// covers R047 R048 §4.1.2
#[test]
fn an_incomplete_draft_is_not_declared_and_says_what_is_missing() {
    let mut town = Town::new();
    let draft = town.born(Verb::Draft, &[]).unwrap();
    let refusal = town.act(Verb::Submit, draft, &[]).unwrap_err();
    assert_eq!(refusal.kind, "incomplete");
    assert!(refusal.reason.contains("风险表现、大类、小项"), "{}", refusal.reason);
}

/// covers §4.1.7
#[test]
fn grading_against_the_matrix_needs_a_reason_and_never_two_steps() {
    let mut town = Town::new();
    let fields = [("description", "丙"), ("class", "制度机制"), ("item", "物资采购")];
    let point = town.born(Verb::Draft, &fields).unwrap();
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

/// covers R087 §4.1.4 §4.1.5
#[test]
fn returned_points_come_back_and_are_counted() {
    let mut town = Town::new();
    let fields = [("description", "丁"), ("class", "思想道德"), ("item", "土地拍卖")];
    let point = town.born(Verb::Draft, &fields).unwrap();
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

/// covers §4.1.13 §4.1.14 §4.1.19 §4.2.6
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

/// covers R041
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

use crate::domain::world::World;

fn in_full() -> (Town, StreamId) {
    let mut town = Town::new();
    town.story.with_policy(|p| p.flow = policy::Flow::Full);
    let fields = [
        ("description", "变更先干后批"),
        ("class", "岗位职责"),
        ("item", "工程建设"),
    ];
    let point = town.born(Verb::Draft, &fields).unwrap();
    town.act(Verb::Submit, point, &[]).unwrap();
    (town, point)
}

const PANEL: [(&str, &str); 4] = [
    ("appraisers", "甲、乙、丙"),
    ("likelihood", "3"),
    ("harm", "3"),
    ("opinion", "一般风险"),
];

/// covers §4.1.3 §4.1.6 §0.15
#[test]
fn in_the_full_flow_each_step_is_an_act_of_its_own() {
    let (mut town, point) = in_full();
    assert_eq!(
        refused(town.signed(Verb::Grade, point, &[("grade", "黄")])),
        "wrong_stage"
    );
    assert_eq!(refused(town.act(Verb::Appraise, point, &PANEL)), "wrong_stage");
    town.act(Verb::Review, point, &[("reviewer", "审核员")]).unwrap();
    let two = [
        ("appraisers", "甲、乙"),
        ("likelihood", "3"),
        ("harm", "3"),
        ("opinion", "一般"),
    ];
    assert_eq!(refused(town.act(Verb::Appraise, point, &two)), "panel_too_small");
    assert_eq!(
        refused(town.act(Verb::Appraise, point, &[("appraisers", "林知远、周正明、林知远")])),
        "panel_too_small"
    );
    town.act(Verb::Appraise, point, &PANEL).unwrap();
    assert_eq!(
        refused(town.signed(Verb::Grade, point, &[("grade", "红")])),
        "deviation_too_far",
        "the panel's scores count"
    );
    town.signed(Verb::Grade, point, &[("grade", "黄")]).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Graded);

    let dates = [("from", "2026-11-16"), ("to", "2026-11-23")];
    assert_eq!(refused(town.act(Verb::Publish, point, &dates)), "no_measure");
    town.act(Verb::AddMeasure, point, &[("text", "变更分级审批")]).unwrap();
    assert_eq!(
        refused(town.act(Verb::Publish, point, &dates)),
        "missing_field",
        "an objection channel is stated"
    );
    let mut with_channel = dates.to_vec();
    with_channel.push(("channel", "区纪委监察局 来信"));
    town.act(Verb::Publish, point, &with_channel).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Published);

    town.act(Verb::Object, point, &[("text", "表现写得过重")]).unwrap();
    town.story.on("2026-11-30");
    assert!(
        decide::lapses_of(point, town.story.get(point), &town.story).is_empty(),
        "an open objection holds it"
    );
    town.act(Verb::AnswerObjection, point, &[("text", "已核对，维持")])
        .unwrap();
    let [end] = &decide::lapses_of(point, town.story.get(point), &town.story)[..] else {
        panic!()
    };
    assert_eq!(end.rule, "publicity_ended");
}

/// covers §0.15
#[test]
fn switching_the_flow_loses_nothing() {
    let (mut town, point) = in_full();
    town.act(Verb::Review, point, &[]).unwrap();
    town.story.with_policy(|p| p.flow = policy::Flow::Light);
    assert_eq!(town.point(point).stage.light_label(), "待定级");
    town.signed(Verb::Grade, point, &[("grade", "黄")]).unwrap();
    town.story.with_policy(|p| p.flow = policy::Flow::Full);
    assert_eq!(town.point(point).stage, PointStage::Graded);
    town.signed(Verb::Withhold, point, &[("reason", "涉及工作秘密")])
        .unwrap();
    assert_eq!(town.point(point).stage, PointStage::Monitored);
}

/// covers R120 §4.1.8 A23
#[test]
fn publicity_takes_five_working_days_and_names_nobody() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let short = [("from", "2026-11-20"), ("to", "2026-11-23")];
    assert_eq!(refused(town.act(Verb::Publish, point, &short)), "publicity_too_short");
    town.act(Verb::Amend, point, &[("consequence", "周正明受追责")])
        .unwrap();
    let dates = [("from", "2026-11-16"), ("to", "2026-11-23")];
    assert_eq!(refused(town.act(Verb::Publish, point, &dates)), "not_deidentified");
    town.act(Verb::Amend, point, &[("consequence", "经办人受追责")])
        .unwrap();
    town.act(Verb::Publish, point, &dates).unwrap();
}

/// covers §4.1.6
#[test]
fn a_panel_from_one_house_is_not_enough() {
    let (mut town, point) = in_full();
    let unit = town.bureau.to_string();
    for name in ["许一", "许二", "许三"] {
        town.story.record("person", &[("name", name), ("unit", &unit)]);
    }
    town.act(Verb::Review, point, &[]).unwrap();
    let inside = [
        ("appraisers", "许一、许二、许三"),
        ("likelihood", "3"),
        ("harm", "3"),
        ("opinion", "一般"),
    ];
    assert_eq!(refused(town.act(Verb::Appraise, point, &inside)), "panel_not_mixed");
}

/// covers §4.1.16 §4.1.17
#[test]
fn a_new_holder_or_new_duties_flag_the_posts_points() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let (post, person) = (town.post, town.head.to_string());
    let fields = [
        ("person", person.as_str()),
        ("post", &post.to_string()),
        ("from", "2026-11-20"),
    ];
    town.story.record("appointment", &fields);
    assert_eq!(town.point(point).review.as_ref().unwrap().0, ReviewCause::Holder);
    town.act(Verb::Confirm, point, &[("text", "风险不变")]).unwrap();
    assert_eq!(
        (town.point(point).review.as_ref(), town.point(point).reviewed_on),
        (None, Some(day("2026-11-23")))
    );
    town.act(Verb::Amend, post, &[("duties", "增加变更审批")]).unwrap();
    assert_eq!(town.point(point).review.as_ref().unwrap().0, ReviewCause::Duty);
    town.act(Verb::Submit, point, &[]).unwrap();
    assert_eq!(
        town.point(point).stage,
        PointStage::Submitted,
        "revised and declared again"
    );
}

/// covers R087 §4.1.5 §4.4.4
#[test]
fn a_second_return_proposes_a_reminder_once() {
    let mut town = Town::new();
    let fields = [("description", "戊"), ("class", "思想道德"), ("item", "土地拍卖")];
    let point = town.born(Verb::Draft, &fields).unwrap();
    for returns in 1..=3 {
        town.act(Verb::Submit, point, &[]).unwrap();
        town.act(Verb::Return, point, &[("kind", "不准"), ("reason", "与职责不符")])
            .unwrap();
        assert_eq!(
            town.story.all("admonition").len(),
            usize::from(returns >= 2),
            "after return {returns}"
        );
    }
    let a = town.admonition(town.story.all("admonition")[0]);
    assert_eq!(
        (a.kind, a.trigger),
        (Instrument::Reminder, AdmonitionTrigger::SearchInaccurate)
    );
}

/// covers §4.1.12 §4.1.13
#[test]
fn a_lifted_warning_is_watched_before_its_point_is_struck_off() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let measure = town.story.all("measure")[0];
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();
    let linked = point.to_string();
    let warning = town.report();
    town.act(Verb::Assess, warning, &[("grade", "黄"), ("points", &linked)])
        .unwrap();
    town.signed(Verb::Release, warning, &[]).unwrap();
    town.act(Verb::Serve, warning, &[]).unwrap();
    town.act(Verb::Feedback, warning, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, warning, &[("passed", "是")]).unwrap();
    town.signed(Verb::Lift, warning, &[]).unwrap();
    assert_eq!(refused(town.signed(Verb::Discharge, point, &[])), "observing");
    town.story.on("2027-01-22");
    town.signed(Verb::Discharge, point, &[]).unwrap();
}

/// covers §4.1.18
#[test]
fn duplicates_are_merged_within_the_unit() {
    let mut town = Town::new();
    let (one, two) = (town.graded_point(Grade::Yellow), town.graded_point(Grade::Yellow));
    let into = one.to_string();
    assert_eq!(refused(town.act(Verb::Merge, one, &[("into", &into)])), "wrong_field");
    town.act(Verb::Merge, two, &[("into", &into)]).unwrap();
    assert_eq!(town.point(two).stage, PointStage::Merged);
    assert!(!town.story.get(two).counts());
}

/// covers §4.1.15
#[test]
fn an_unconfirmed_resolution_goes_back_to_watching() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let measure = town.story.all("measure")[0];
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();
    let sheet = town.act(Verb::Discharge, point, &[]).unwrap().approval_sheet.unwrap();
    town.act(
        Verb::Countersign,
        sheet,
        &[("signed_on", "2026-11-23"), ("strike", "1")],
    )
    .unwrap();
    assert_eq!(
        town.point(point).stage,
        PointStage::Resolved,
        "struck out: it still stands to be confirmed"
    );
    town.signed(Verb::Reject, point, &[("reason", "现场未见落实")]).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Monitored);
}

/// covers §4.1.17
#[test]
fn a_power_that_is_gone_takes_its_point_along_and_a_point_falls_by_decision() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    town.signed(Verb::Deescalate, point, &[("cause", "重新评估")]).unwrap();
    assert_eq!(town.point(point).grade, Some(Grade::Yellow));
    town.signed(Verb::Retire, point, &[("reason", "该项审批已取消")])
        .unwrap();
    assert_eq!(town.point(point).stage, PointStage::Retired);
}

/// covers §4.1.10
#[test]
fn publicity_that_has_ended_is_written_once() {
    let (mut town, point) = in_full();
    town.act(Verb::Review, point, &[]).unwrap();
    town.act(Verb::Appraise, point, &PANEL).unwrap();
    town.signed(Verb::Grade, point, &[("grade", "黄")]).unwrap();
    town.act(Verb::AddMeasure, point, &[("text", "变更分级审批")]).unwrap();
    let dates = [("from", "2026-11-16"), ("to", "2026-11-23"), ("channel", "来信来访")];
    town.act(Verb::Publish, point, &dates).unwrap();
    town.story.on("2026-11-24");
    let [end] = &decide::lapses_of(point, town.story.get(point), &town.story)[..] else {
        panic!()
    };
    let act = end.act();
    town.story.when(act.clone()).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Monitored);
    assert_eq!(refused(town.story.when(act)), "nothing_changed");
}
