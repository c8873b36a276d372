//! Risk points in the full flow: each step of §4.1 an act of its own; publicity and objections.

use crate::domain::point::PointStage;
use crate::domain::stories::{Town, refused};
use crate::domain::*;

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
