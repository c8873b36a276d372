//! Risk points (§4.1) in the light flow: draft, grading, returns, measures, merging, discharge.

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
    town.story.on("2027-01-22");
    town.signed(Verb::Deescalate, point, &[("cause", "重新评估")]).unwrap();
    assert_eq!(town.point(point).grade, Some(Grade::Yellow));
    town.signed(Verb::Retire, point, &[("reason", "该项审批已取消")])
        .unwrap();
    assert_eq!(town.point(point).stage, PointStage::Retired);
}
