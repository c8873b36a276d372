//! Points that have to be looked at again: after a change, and in the rounds of the year (§4.1, §4.7).

use crate::domain::point::PointStage;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

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

/// Opens what time has opened for the bureau.
fn round(town: &mut Town) -> Option<StreamId> {
    let found = decide::lapses_of(town.bureau, town.story.get(town.bureau), &town.story);
    let [lapse] = &found[..] else {
        assert!(found.is_empty(), "{found:?}");
        return None;
    };
    let act = lapse.act();
    let opened = town.story.when(act.clone()).unwrap().events[0].stream;
    assert_eq!(refused(town.story.when(act)), "nothing_changed", "it happens once");
    Some(opened)
}

fn owed(town: &Town, id: StreamId) -> &obligation::Obligation {
    match town.story.get(id) {
        State::Obligation(o) => o,
        other => panic!("not an obligation: {other:?}"),
    }
}

/// covers R036 §4.1.20 §4.1.16 §4.1.17
#[test]
fn each_autumn_a_unit_owes_one_review_of_all_its_points_and_confirms_them_together() {
    let mut town = Town::new();
    town.story.on("2026-03-03");
    let points = [
        town.graded_point(Grade::Yellow),
        town.graded_point(Grade::Yellow),
        town.graded_point(Grade::Yellow),
    ];
    assert_eq!(round(&mut town), None, "nothing is owed yet");
    town.story.on("2026-09-30");
    assert_eq!(round(&mut town), None, "the half-yearly round is not for yellow ones");
    town.story.on("2026-10-08");
    let id = round(&mut town).unwrap();
    let due = owed(&town, id).due.clone().unwrap();
    assert_eq!((due.step.as_str(), due.day), ("review.yearly", day("2026-11-30")));
    assert_eq!(owed(&town, id).body, BodyRef::Implementation(town.bureau));
    assert_eq!(owed(&town, id).text, "年度复核 3 个风险点");

    let refusal = town.act(Verb::Fulfil, id, &[("result", "都看过了")]).unwrap_err();
    assert_eq!(refusal.kind, "review_unfinished");
    assert!(refusal.reason.contains("还有 3 个"), "{}", refusal.reason);

    // Two in one act; the third is revised and graded anew.
    let batch = Town::form(Verb::Confirm, &points[..2], &[("text", "职权、流程未变")]);
    town.story.when(batch).unwrap();
    assert!(owed(&town, id).stage == obligation::ObligationStage::Open);
    assert_eq!(town.point(points[0]).reviewed_on, Some(day("2026-10-08")));
    let refusal = town.act(Verb::Fulfil, id, &[("result", "x")]).unwrap_err();
    assert!(refusal.reason.contains("还有 1 个"), "{}", refusal.reason);
    let last = town.act(Verb::Confirm, points[2], &[]).unwrap();
    assert_eq!(owed(&town, id).stage, obligation::ObligationStage::Done);
    assert_eq!(
        last.events.last().unwrap().because,
        Some(0),
        "done by what was done last"
    );
    assert_eq!(round(&mut town), None, "and no second time this year");
    town.story.on("2027-09-30");
    assert_eq!(round(&mut town), None);
    town.story.on("2027-10-01");
    assert!(round(&mut town).is_some(), "but the next year");
}

/// covers §4.1.20
#[test]
fn red_and_orange_points_are_reviewed_in_spring_as_well() {
    let mut town = Town::new();
    town.story.on("2026-03-03");
    let (red, yellow) = (town.graded_point(Grade::Red), town.graded_point(Grade::Yellow));
    town.story.on("2026-04-01");
    let spring = round(&mut town).unwrap();
    let due = owed(&town, spring).due.clone().unwrap();
    assert_eq!((due.step.as_str(), due.day), ("review.half_yearly", day("2026-05-31")));
    assert_eq!(owed(&town, spring).text, "半年复核 1 个风险点");

    // Left undone it is late, and the autumn round asks for both.
    town.story.on("2026-10-01");
    let autumn = round(&mut town).unwrap();
    assert_eq!(owed(&town, autumn).text, "年度复核 2 个风险点");
    town.act(Verb::Confirm, red, &[]).unwrap();
    assert_eq!(
        (owed(&town, spring).stage, owed(&town, autumn).stage),
        (obligation::ObligationStage::Done, obligation::ObligationStage::Open)
    );
    town.act(Verb::Confirm, yellow, &[]).unwrap();
    assert_eq!(owed(&town, autumn).stage, obligation::ObligationStage::Done);
}

/// covers §4.1.20
#[test]
fn a_point_that_is_no_longer_watched_is_not_waited_for() {
    let mut town = Town::new();
    town.story.on("2026-03-03");
    let (one, two) = (town.graded_point(Grade::Yellow), town.graded_point(Grade::Yellow));
    town.story.on("2026-10-08");
    let id = round(&mut town).unwrap();
    town.signed(Verb::Retire, one, &[("reason", "该项审批已取消")]).unwrap();
    assert_eq!(owed(&town, id).stage, obligation::ObligationStage::Open);
    // Revised: it is graded anew, which is more than a review.
    town.story.on("2026-11-24");
    town.act(Verb::Amend, town.post, &[("duties", "增加变更审批")]).unwrap();
    town.act(Verb::Submit, two, &[]).unwrap();
    assert_eq!(owed(&town, id).stage, obligation::ObligationStage::Done);
}

/// covers §4.1.20
#[test]
fn a_point_raised_after_the_spring_round_owes_it_the_next_year() {
    let mut town = Town::new();
    town.story.on("2026-03-03");
    let point = town.graded_point(Grade::Yellow);
    town.story.on("2026-08-10");
    town.signed(Verb::Escalate, point, &[("cause", "new_facts")]).unwrap();
    assert_eq!(round(&mut town), None);
    let reviews = &world::World::policy(&town.story).review;
    assert_eq!(town.point(point).review_due(reviews), Some(day("2026-11-30")));
}

/// covers §4.1.16 §4.1.17
#[test]
fn what_was_struck_off_is_looked_at_again_when_its_ground_changes() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let measure = town.story.all("measure")[0];
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();
    town.signed(Verb::Discharge, point, &[]).unwrap();
    assert_eq!(refused(town.act(Verb::Confirm, point, &[])), "ended");

    town.act(Verb::Amend, town.post, &[("duties", "增加变更审批")]).unwrap();
    assert_eq!(town.story.get(point).due().unwrap().step, "point.look_again");
    assert_eq!(
        refused(town.signed(Verb::Escalate, point, &[("cause", "new_facts")])),
        "ended"
    );
    town.act(Verb::Confirm, point, &[("text", "新职责不涉及该风险")])
        .unwrap();
    assert_eq!(town.point(point).stage, PointStage::Discharged);
    assert!(town.story.get(point).due().is_none());

    town.act(Verb::Amend, town.post, &[("duties", "增加工程签证")]).unwrap();
    town.act(Verb::Submit, point, &[]).unwrap();
    assert_eq!(
        (town.point(point).stage, town.point(point).discharged_on),
        (PointStage::Submitted, None),
        "it has come back"
    );
}
