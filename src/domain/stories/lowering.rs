//! Lowering a grade (§4.2): every rectification verified, the observation period over, no new report in it.

use crate::domain::stories::{Town, refused};
use crate::domain::*;

const LOWER: [(&str, &str); 1] = [("cause", "reassessed")];

/// A warning about the point, of its grade.
fn warn(town: &mut Town, point: StreamId, grade: Grade) -> StreamId {
    let id = town.report_about(&[("points", &point.to_string())]);
    town.act(Verb::Assess, id, &[("grade", grade.id())]).unwrap();
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    id
}

fn lift(town: &mut Town, id: StreamId) {
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// The refusal's kind and its sentence.
fn told(town: &mut Town, point: StreamId) -> (String, String) {
    let refusal = town.signed(Verb::Deescalate, point, &LOWER).unwrap_err();
    (refusal.kind, refusal.reason)
}

/// covers §4.2.4 §4.2.5 §4.2.7
#[test]
fn a_grade_is_lowered_when_it_has_stood_long_enough() {
    for (grade, day_before, day, after) in [
        (Grade::Red, "2027-02-20", "2027-02-21", Grade::Orange),
        (Grade::Orange, "2027-01-21", "2027-01-22", Grade::Yellow),
    ] {
        let mut town = Town::new();
        let point = town.graded_point(grade);
        town.story.on(day_before);
        let (kind, reason) = told(&mut town, point);
        assert_eq!(kind, "observing");
        assert!(reason.contains(&format!("{day} 起方可调低")), "{reason}");
        town.story.on(day);
        town.signed(Verb::Deescalate, point, &LOWER).unwrap();
        assert_eq!(town.point(point).grade, Some(after));
    }
}

/// covers §4.2.4 §4.2.7
#[test]
fn red_falls_in_two_decisions_and_never_below_yellow() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Red);
    town.story.on("2027-02-21");
    let straight = [("cause", "reassessed"), ("grade", "黄")];
    assert_eq!(
        refused(town.signed(Verb::Deescalate, point, &straight)),
        "two_decisions"
    );
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
    assert_eq!(town.point(point).duties.unwrap().lead, BodyRef::Discipline);
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
    assert_eq!(told(&mut town, point).0, "already_yellow");
}

/// covers §4.2.4
#[test]
fn open_rectification_and_then_the_days_since_the_lift_stand_against_it() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Red);
    town.story.on("2027-03-01");
    let warning = warn(&mut town, point, Grade::Red);
    let code = town.warning(warning).code.clone();
    let (kind, reason) = told(&mut town, point);
    assert_eq!(kind, "live_warning");
    assert!(reason.contains(&code), "{reason}");
    town.story.on("2027-03-10");
    lift(&mut town, warning);
    let (kind, reason) = told(&mut town, point);
    assert_eq!(kind, "observing");
    assert!(
        reason.contains(&code) && reason.contains("2027-06-08 起方可调低"),
        "{reason}"
    );
    town.story.on("2027-06-08");
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
}

/// covers §4.2.5
#[test]
fn a_raise_begins_the_observation_anew() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    town.story.on("2027-03-01");
    town.signed(Verb::Escalate, point, &[("cause", "new_facts")]).unwrap();
    let (kind, reason) = told(&mut town, point);
    assert_eq!(kind, "observing");
    assert!(reason.contains("2027-04-30 起方可调低"), "{reason}");
}

/// covers §4.2.4 §4.2.5
#[test]
fn a_new_report_stands_against_it_until_it_is_judged_to_be_nothing() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    town.story.on("2027-02-01");
    let report = town.report_about(&[("points", &point.to_string())]);
    let (kind, reason) = told(&mut town, point);
    assert_eq!(kind, "new_report");
    assert!(reason.contains(&town.warning(report).code), "{reason}");
    town.signed(Verb::NoWarning, report, &[("reason", "经核不属实")])
        .unwrap();
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
}

/// covers §4.2.5 §0.9
#[test]
fn a_report_handed_over_as_a_clue_is_observed_like_a_warning() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    town.story.on("2027-02-01");
    let report = town.report_about(&[("points", &point.to_string())]);
    let to = [("receiver", "区纪委监察局案管室"), ("receipt", "案管〔2027〕3号")];
    town.signed(Verb::ReferClue, report, &to).unwrap();
    assert_eq!(told(&mut town, point).0, "observing");
    town.story.on("2027-04-02");
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
}

/// covers §4.2.4
#[test]
fn a_verified_warning_is_not_lowered_while_another_report_on_its_points_is_open() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Red);
    let warning = warn(&mut town, point, Grade::Red);
    town.act(Verb::Feedback, warning, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, warning, &[("passed", "是")]).unwrap();
    let second = town.report_about(&[("points", &point.to_string())]);
    assert_eq!(told(&mut town, warning).0, "new_report");
    town.signed(Verb::NoWarning, second, &[("reason", "重复反映")]).unwrap();
    town.signed(Verb::Deescalate, warning, &LOWER).unwrap();
    assert_eq!(town.warning(warning).grade, Some(Grade::Orange));
}

/// covers §4.2.5
#[test]
fn how_long_is_the_districts_to_say() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    town.story.with_policy(|p| p.lowering.orange = Some(10));
    town.story.on("2026-12-02");
    assert!(told(&mut town, point).1.contains("须观察 10 天"));
    town.story.on("2026-12-03");
    town.signed(Verb::Deescalate, point, &LOWER).unwrap();
}
