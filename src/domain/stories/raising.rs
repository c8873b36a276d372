//! Raising and lowering (§4.2, §0.26), and the 诫勉纠错 that follows.

use crate::domain::admonition::AdmonitionStage;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

/// covers R051 R052 R053 R054 R089 §0.26 §4.2.1 §4.2.2 §4.4.6
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
        (Instrument::Correction, BodyRef::Discipline, Some(id))
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

/// covers §0.26
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

/// covers R089 A11 §4.4.3
#[test]
fn the_other_four_causes_bring_no_admonition() {
    for cause in ["new_facts", "overdue", "reassessed", "power_changed"] {
        let mut town = Town::new();
        let id = town.served(Grade::Yellow);
        town.signed(Verb::Escalate, id, &[("cause", cause)]).unwrap();
        assert_eq!(town.story.all("admonition"), [], "{cause}");
    }
}

/// covers §4.2.3 A12
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

/// covers §4.2.4 §4.2.5 §4.2.7
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

/// covers §0.26
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

fn urgent(town: &mut Town, id: StreamId) -> Result<Outcome, Refusal> {
    let act = Town::form(Verb::Escalate, &[id], &[("cause", "weak_leadership")]);
    town.story.when(Act {
        decision: Some(Decision::Urgent),
        ..act
    })
}

/// covers §0.5 §4.2.8
#[test]
fn an_urgent_raise_takes_effect_and_is_ratified_or_lapses_with_what_it_brought() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    urgent(&mut town, id).unwrap();
    assert_eq!(town.warning(id).grade, Some(Grade::Orange));
    assert_eq!(town.warning(id).unratified.as_ref().unwrap().1.day, day("2026-11-26"));
    town.signed(Verb::Ratify, id, &[]).unwrap();
    assert_eq!(refused(town.signed(Verb::Ratify, id, &[])), "nothing_to_ratify");

    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    urgent(&mut town, id).unwrap();
    town.story.on("2026-11-26");
    assert!(
        decide::lapses_of(id, town.story.get(id), &town.story).is_empty(),
        "the last day still counts"
    );
    town.story.on("2026-11-27");
    let [lapse] = &decide::lapses_of(id, town.story.get(id), &town.story)[..] else {
        panic!("one lapse")
    };
    assert_eq!((lapse.rule, lapse.due), ("not_ratified", day("2026-11-26")));
    let act = lapse.act();
    town.story.when(act.clone()).unwrap();
    assert_eq!(
        (town.warning(id).grade, town.warning(id).duties.lead),
        (Some(Grade::Yellow), BodyRef::Implementation(town.bureau))
    );
    assert_eq!(
        town.admonition(town.story.all("admonition")[0]).stage,
        AdmonitionStage::Void
    );
    assert_eq!(refused(town.story.when(act)), "nothing_changed", "it happens once");
}

#[test]
fn only_a_raise_can_go_first() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    let act = Act {
        decision: Some(Decision::Urgent),
        ..Town::form(Verb::Release, &[id], &[])
    };
    assert_eq!(refused(town.story.when(act)), "not_urgent");
}

/// covers §0.5 G5
#[test]
fn red_by_signature_owes_the_minutes_in_three_working_days() {
    let mut town = Town::new();
    let id = town.served(Grade::Orange);
    town.signed(Verb::Escalate, id, &[("cause", "new_facts")]).unwrap();
    let [owed] = town.story.all("obligation")[..] else {
        panic!("补录会议记录")
    };
    assert_eq!(town.story.get(owed).due().unwrap().day, day("2026-11-26"));

    let mut town = Town::new();
    let id = town.served(Grade::Orange);
    let meeting = Decision::Meeting {
        number: "2026年第3次".into(),
        on: None,
        votes: Some("9:0".into()),
    };
    let act = Town::form(Verb::Escalate, &[id], &[("cause", "new_facts")]);
    town.story
        .when(Act {
            decision: Some(meeting),
            ..act
        })
        .unwrap();
    assert_eq!(town.story.all("obligation"), []);
}

/// covers R036 §4.2.10
#[test]
fn two_raises_of_a_point_in_a_year_ask_for_a_thorough_check() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    town.signed(Verb::Escalate, point, &[("cause", "new_facts")]).unwrap();
    assert_eq!(town.story.all("obligation"), []);
    town.signed(Verb::Escalate, point, &[("cause", "new_facts")]).unwrap();
    let rules: Vec<String> = town
        .story
        .all("obligation")
        .iter()
        .map(|o| town.story.get(*o).text("rule"))
        .collect();
    assert!(rules.contains(&"thorough_check".to_owned()), "{rules:?}");
}

/// covers §0.13 §4.3.14
#[test]
fn ten_working_days_overdue_proposes_a_raise_but_only_for_the_subjects_own_deadline() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow); // rectify until 2026-12-14
    town.story.on("2026-12-28");
    assert!(decide::lapses_of(id, town.story.get(id), &town.story).is_empty());
    town.story.on("2026-12-29");
    let [lapse] = &decide::lapses_of(id, town.story.get(id), &town.story)[..] else {
        panic!("one lapse")
    };
    let act = lapse.act();
    town.story.when(act).unwrap();
    assert_eq!(town.story.all("proposal").len(), 1);
    assert!(
        decide::lapses_of(id, town.story.get(id), &town.story).is_empty(),
        "proposed once"
    );

    let mut town = Town::new();
    let waiting = town.report(); // the office's own deadline
    town.story.on("2027-06-01");
    assert!(
        decide::lapses_of(waiting, town.story.get(waiting), &town.story).is_empty(),
        "§0.13"
    );
}
