//! Raising and lowering (§4.2, §0.26), and the 诫勉纠错 that follows.

use crate::domain::admonition::AdmonitionStage;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

#[test]
fn raised_twice_it_walks_the_three_queues_and_each_time_a_correction_is_proposed() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let id = town.report();
    let linked = point.to_string();
    town.act(Verb::Assess, id, &[("grade", "黄"), ("points", &linked)])
        .unwrap();
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    assert_eq!(town.warning(id).duties.lead, BodyRef::Implementation(town.bureau));
    let yellow_due = town.warning(id).due.clone().unwrap().day;

    let outcome = town
        .signed(Verb::Escalate, id, &[("cause", "measures_missing")])
        .unwrap();
    let w = town.warning(id);
    assert_eq!((w.grade, w.duties.lead), (Some(Grade::Orange), BodyRef::Discipline));
    assert_eq!(
        w.due.as_ref().unwrap().day,
        yellow_due,
        "the earlier of the old and the new deadline"
    );
    assert_eq!(
        town.point(point).grade,
        Some(Grade::Orange),
        "linked points rise in the same act"
    );
    let first = town.story.all("admonition")[0];
    assert_eq!(outcome.events.iter().filter(|e| e.stream == first).count(), 1);
    let a = town.admonition(first);
    assert_eq!(
        (a.kind, a.approver, a.origin),
        (AdmonitionKind::Correction, BodyRef::Discipline, Some(id))
    );
    assert!(a.responsible.is_empty(), "picked, never guessed (§0.17)");

    town.signed(
        Verb::Escalate,
        id,
        &[("cause", "防范措施不到位"), ("responsible", "周正明")],
    )
    .unwrap();
    assert_eq!(town.warning(id).duties.lead, BodyRef::Steering);
    assert_eq!(
        town.admonition(first).stage,
        AdmonitionStage::Replaced,
        "only proposed: the newer takes its place"
    );
    let second = town.story.all("admonition")[1];
    let a = town.admonition(second);
    assert_eq!(
        (a.approver, a.responsible[0].person),
        (BodyRef::Steering, Some(town.head))
    );
    assert_eq!(
        refused(town.signed(Verb::Escalate, id, &[("cause", "new_facts")])),
        "already_red"
    );
}

#[test]
fn an_approved_correction_is_not_replaced_by_a_second_raise() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    town.signed(
        Verb::Escalate,
        id,
        &[("cause", "weak_leadership"), ("responsible", "周正明")],
    )
    .unwrap();
    let first = town.story.all("admonition")[0];
    town.act(Verb::Hear, first, &[]).unwrap();
    town.signed(Verb::Approve, first, &[]).unwrap();
    town.signed(Verb::Escalate, id, &[("cause", "weak_leadership")])
        .unwrap();
    assert_eq!(town.admonition(first).stage, AdmonitionStage::Approved);
    assert_eq!(town.story.all("admonition").len(), 2);
}

#[test]
fn the_other_four_causes_bring_no_admonition() {
    for cause in ["new_facts", "overdue", "reassessed", "power_changed"] {
        let mut town = Town::new();
        let id = town.served(Grade::Yellow);
        town.signed(Verb::Escalate, id, &[("cause", cause)]).unwrap();
        assert_eq!(town.story.all("admonition"), [], "{cause}");
    }
}

#[test]
fn yellow_to_red_at_once_brings_one_correction_for_the_steering_committee() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    town.signed(Verb::Escalate, id, &[("cause", "weak_leadership"), ("grade", "红")])
        .unwrap();
    let [only] = town.story.all("admonition")[..] else {
        panic!("one 纠错 only (A12)")
    };
    assert_eq!(town.admonition(only).approver, BodyRef::Steering);
}

#[test]
fn lowering_waits_for_verification_and_red_falls_in_two_decisions() {
    let mut town = Town::new();
    let id = town.served(Grade::Red);
    assert_eq!(
        refused(town.signed(Verb::Deescalate, id, &[("cause", "reassessed")])),
        "wrong_stage"
    );
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    let straight = town.signed(Verb::Deescalate, id, &[("cause", "reassessed"), ("grade", "黄")]);
    assert_eq!(refused(straight), "two_decisions");
    town.signed(Verb::Deescalate, id, &[("cause", "reassessed")]).unwrap();
    assert_eq!(
        (town.warning(id).grade, town.warning(id).duties.lead),
        (Some(Grade::Orange), BodyRef::Discipline)
    );
    town.signed(Verb::Deescalate, id, &[("cause", "reassessed")]).unwrap();
    assert_eq!(town.warning(id).grade, Some(Grade::Yellow));
    assert_eq!(
        refused(town.signed(Verb::Deescalate, id, &[("cause", "reassessed")])),
        "already_yellow"
    );
}

#[test]
fn a_point_by_itself_rises_and_brings_the_same_correction() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    town.signed(Verb::Escalate, point, &[("cause", "weak_leadership")])
        .unwrap();
    assert_eq!(town.point(point).grade, Some(Grade::Red));
    assert_eq!(town.point(point).duties.unwrap().lead, BodyRef::Steering);
    assert_eq!(town.story.all("admonition").len(), 1);
}

#[test]
fn a_red_clock_is_never_later_than_the_yellow_one_was() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    assert_eq!(
        town.warning(id).due.as_ref().unwrap().day,
        day("2026-11-26"),
        "release in 3 working days"
    );
    town.signed(Verb::Escalate, id, &[("cause", "new_facts"), ("grade", "红")])
        .unwrap();
    assert_eq!(
        town.warning(id).due.as_ref().unwrap().day,
        day("2026-11-24"),
        "red: release in 1 working day"
    );
}
