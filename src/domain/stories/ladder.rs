//! The ladder from light to grave (§4.5): grounds, approvers, effects, and what follows on what.

use crate::domain::admonition::AdmonitionStage as A;
use crate::domain::obligation::ObligationRule;
use crate::domain::stories::{Town, refused};
use crate::domain::*;

use Instrument as I;

fn kind_of(result: Result<StreamId, Refusal>) -> String {
    result.expect_err("should have been refused").kind
}

fn clerk() -> [(&'static str, &'static str); 1] {
    [("responsible", "林知远")]
}

/// covers R105 R106 §4.5.0 §4.5.1
#[test]
fn the_first_steps_are_the_units_own_and_restrict_nobody() {
    let mut town = Town::new();
    let zero = town.hold(I::IntegritySupervision, "风险已显现", &clerk()).unwrap();
    let one = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    for id in [zero, one] {
        assert_eq!(town.admonition(id).approver, BodyRef::Implementation(town.bureau));
        assert_eq!(town.story.get(id).kind(), "accountability");
        assert!(town.admonition(id).code.starts_with("WZ-XY-2026-"));
    }
    town.carry_out(zero);
    assert_eq!(town.admonition(zero).due.as_ref().unwrap().length, 10);
    let person = town.admonition(zero).responsible[0].person.unwrap();
    assert!(town.story.barred(person, "2026-11-23").is_empty());
    town.verified(zero, "是");
    town.signed(Verb::Lift, zero, &[]).unwrap();
    assert_eq!(town.admonition(zero).stage, A::Lifted, "fixed → closed");
}

/// covers R013 §4.4.9
#[test]
fn a_cadre_of_county_rank_or_a_head_goes_one_body_up() {
    let mut town = Town::new();
    let head = town
        .hold(I::CautionReminder, "出现偏差", &[("responsible", "周正明")])
        .unwrap();
    assert_eq!(
        town.admonition(head).approver,
        BodyRef::Leadership(OrganLine::Government)
    );
    let unit = town.bureau.to_string();
    town.story
        .record("person", &[("name", "顾县级"), ("unit", &unit), ("rank", "处级")]);
    let county = [("responsible", "顾县级")];
    let at = |town: &mut Town, kind, trigger, reason| {
        let fields = [county[0], ("reason", reason)];
        let id = town.hold(kind, trigger, &fields).unwrap();
        town.admonition(id).approver
    };
    assert_eq!(
        at(&mut town, I::IntegritySupervision, "风险已显现", ""),
        BodyRef::Leadership(OrganLine::Government)
    );
    assert_eq!(at(&mut town, I::OrderCorrection, "存在漏洞", ""), BodyRef::Steering);
    assert_eq!(
        at(&mut town, I::InspectorateRecommendation, "事实已较严重", "数额较大"),
        BodyRef::Steering
    );
    assert_eq!(
        at(&mut town, I::FormalAdmonition, "发现不廉洁行为", ""),
        BodyRef::Steering
    );
}

/// covers R107 §4.5.2 §4.5.3
#[test]
fn below_county_rank_the_discipline_organ_approves_from_step_two_up_and_the_steering_committee_for_whole_units() {
    let mut town = Town::new();
    let two = town.hold(I::OrderCorrection, "存在漏洞", &clerk()).unwrap();
    assert_eq!(town.admonition(two).approver, BodyRef::Discipline);
    let reason = ("reason", "已造成损失");
    let three = town
        .hold(I::InspectorateCircular, "事实已较严重", &[clerk()[0], reason])
        .unwrap();
    assert_eq!(town.admonition(three).approver, BodyRef::Discipline);
    let whole = town.hold(I::InspectorateCircular, "事实已较严重", &[reason]).unwrap();
    assert!(town.admonition(whole).unit_wide);
    assert_eq!(town.admonition(whole).approver, BodyRef::Steering);
}

/// covers §0.17
#[test]
fn picking_the_responsible_later_moves_the_matter_to_the_body_that_decides_about_him() {
    let mut town = Town::new();
    let id = town.hold(I::CautionReminder, "出现偏差", &[]).unwrap();
    assert_eq!(town.admonition(id).approver, BodyRef::Implementation(town.bureau));
    let outcome = town
        .act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    assert_eq!(town.admonition(id).approver, BodyRef::Leadership(OrganLine::Government));
    assert!(outcome.notes[0].contains("改由区政府防委会批准"), "{:?}", outcome.notes);
}

/// covers R103 R104
#[test]
fn cause_circumstance_and_attitude_stand_before_the_decision() {
    let mut town = Town::new();
    let id = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "not_weighed");
    assert_eq!(refused(town.act(Verb::Weigh, id, &[])), "missing_field");
    town.act(Verb::Weigh, id, &[("cause", "教育不到位"), ("circumstance", "较轻")])
        .unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "not_weighed");
    town.act(Verb::Weigh, id, &[("attitude", "主动报告")]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    assert_eq!(town.admonition(id).weighed.cause, Some(RiskCause::Education));
}

/// covers §4.5.7
#[test]
fn from_step_two_up_the_statement_is_heard_first() {
    for (kind, trigger) in [
        (I::OrderCorrection, "存在漏洞"),
        (I::InspectorateCircular, "事实已较严重"),
        (I::InspectorateRecommendation, "事实已较严重"),
        (I::FormalAdmonition, "发现不廉洁行为"),
    ] {
        let mut town = Town::new();
        let id = town.hold(kind, trigger, &[clerk()[0], ("reason", "数额较大")]).unwrap();
        let fields = [("cause", "个人因素"), ("circumstance", "较重"), ("attitude", "隐瞒")];
        town.act(Verb::Weigh, id, &fields).unwrap();
        assert_eq!(
            refused(town.signed(Verb::Approve, id, &[])),
            "not_heard",
            "{}",
            kind.label()
        );
        town.act(Verb::Hear, id, &[]).unwrap();
        town.signed(Verb::Approve, id, &[]).unwrap();
    }
}

/// covers §4.5.1 §4.5.2 R106
#[test]
fn a_failed_step_proposes_the_next_and_ends_when_that_is_served() {
    let mut town = Town::new();
    let one = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    town.carry_out(one);
    let code = town.admonition(one).code.clone();
    let early = [clerk()[0], ("origin", code.as_str())];
    assert_eq!(
        kind_of(town.hold(I::OrderCorrection, "前次处理后仍未改正", &early)),
        "former_not_failed"
    );
    assert_eq!(
        kind_of(town.hold(I::OrderCorrection, "存在漏洞", &early)),
        "former_open",
        "the next step only after the former failed"
    );
    town.verified(one, "否");
    assert_eq!(town.admonition(one).stage, A::Failed, "no second chance on the ladder");
    let two = town.last_of(I::OrderCorrection).unwrap();
    assert_eq!(town.admonition(two).origin, Some(one));
    assert_eq!(
        town.admonition(two).weighed.cause,
        Some(RiskCause::Supervision),
        "carried over"
    );
    assert_eq!(town.admonition(one).stage, A::Failed, "only proposed so far");
    town.carry_out(two);
    assert_eq!(town.admonition(one).stage, A::Succeeded);
    let person = town.admonition(two).responsible[0].person.unwrap();
    assert_eq!(town.story.barred(person, "2026-11-23"), RestrictedAct::ALL, "R092, A08");
    assert_eq!(town.admonition(two).due.as_ref().unwrap().length, 20);
    let act = Town::form(Verb::Extend, &[two], &[("to", "2027-01-05"), ("reason", "工程量大")]).signed();
    town.story.when(act).unwrap();
    assert_eq!(town.story.barred(person, "2027-01-04"), RestrictedAct::ALL, "continues");
    town.verified(two, "是");
    town.signed(Verb::Lift, two, &[]).unwrap();
    assert!(town.story.barred(person, "2026-11-23").is_empty());
}

/// covers R108 §4.5.3
#[test]
fn not_corrected_and_a_slight_violation_goes_to_step_three() {
    let mut town = Town::new();
    let one = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    town.carry_out(one);
    town.act(Verb::Weigh, one, &[("violation", "是")]).unwrap();
    town.verified(one, "否");
    assert!(town.last_of(I::OrderCorrection).is_none());
    let three = town.last_of(I::InspectorateCircular).unwrap();
    assert_eq!(town.admonition(three).approver, BodyRef::Discipline);
    town.carry_out(three);
    let person = town.admonition(three).responsible[0].person.unwrap();
    assert!(
        town.story.barred(person, "2026-11-23").is_empty(),
        "督察通报 restricts nobody"
    );
    assert_eq!(town.admonition(three).due.as_ref().unwrap().length, 15);
}

/// covers R108 §4.5.3 A25
#[test]
fn step_three_needs_both_conditions_or_a_written_reason() {
    let mut town = Town::new();
    let plain = clerk();
    assert_eq!(
        kind_of(town.hold(I::InspectorateCircular, "事实已较严重", &plain)),
        "not_both",
        "A25: the reason is missing"
    );
    let two = town.hold(I::OrderCorrection, "存在漏洞", &plain).unwrap();
    town.carry_out(two);
    town.verified(two, "否");
    let three = town.last_of(I::InspectorateCircular).unwrap();
    town.act(Verb::Hear, three, &[]).unwrap();
    assert_eq!(
        refused(town.signed(Verb::Approve, three, &[])),
        "not_both",
        "not corrected, but no violation recorded"
    );
    town.act(Verb::Weigh, three, &[("violation", "是")]).unwrap();
    town.signed(Verb::Approve, three, &[]).unwrap();
}

/// covers R104 §4.5.6
#[test]
fn one_step_lighter_or_heavier_needs_a_reason_and_more_is_refused() {
    let mut town = Town::new();
    let lighter = clerk();
    assert_eq!(
        kind_of(town.hold(I::IntegritySupervision, "出现偏差", &lighter)),
        "no_reason"
    );
    town.hold(
        I::IntegritySupervision,
        "出现偏差",
        &[lighter[0], ("reason", "主动报告并已纠正")],
    )
    .unwrap();
    assert_eq!(
        kind_of(town.hold(I::CautionReminder, "风险已显现", &lighter)),
        "no_reason"
    );
    assert_eq!(
        kind_of(town.hold(I::IntegritySupervision, "存在漏洞", &[lighter[0], ("reason", "照顾")])),
        "too_far",
        "失之于宽 (R111)"
    );
    assert_eq!(
        kind_of(town.hold(I::InspectorateCircular, "出现偏差", &[lighter[0], ("reason", "从重")])),
        "too_far"
    );
    assert_eq!(
        kind_of(town.hold(I::CautionReminder, "发现不廉洁行为", &lighter)),
        "wrong_trigger"
    );
    assert_eq!(
        kind_of(town.hold(I::CautionReminder, "前次处理后仍未改正", &lighter)),
        "no_former"
    );
}

/// covers §4.5.1
#[test]
fn a_caution_is_watched_for_three_months_and_a_relapse_counts_as_failure() {
    let mut town = Town::new();
    let id = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    town.carry_out(id);
    town.verified(id, "是");
    assert_eq!(town.admonition(id).stage, A::Observing);
    assert_eq!(
        town.admonition(id).due.as_ref().unwrap().day,
        crate::domain::testing::day("2027-02-23")
    );
    assert_eq!(refused(town.signed(Verb::Lift, id, &[])), "observing");
    assert_eq!(
        refused(town.act(Verb::Verify, id, &[("passed", "是")])),
        "already_verified"
    );
    town.story.on("2027-02-23");
    town.signed(Verb::Lift, id, &[]).unwrap();

    let again = town.hold(I::CautionReminder, "出现偏差", &clerk()).unwrap();
    town.carry_out(again);
    town.verified(again, "是");
    town.act(Verb::Verify, again, &[("passed", "否"), ("opinion", "再犯")])
        .unwrap();
    assert_eq!(town.admonition(again).stage, A::Failed);
    assert!(town.last_of(I::OrderCorrection).is_some());
}

/// covers §4.5.3
#[test]
fn a_recommendation_not_accepted_goes_to_the_steering_committee() {
    let mut town = Town::new();
    let fields = [clerk()[0], ("reason", "数额较大")];
    let id = town
        .hold(I::InspectorateRecommendation, "事实已较严重", &fields)
        .unwrap();
    town.carry_out(id);
    assert_eq!(town.admonition(id).due.as_ref().unwrap().length, 15, "reply in 15 WD");
    assert_eq!(
        refused(town.signed(Verb::Extend, id, &[("to", "2026-12-20"), ("reason", "x")])),
        "no_extension"
    );
    town.verified(id, "否");
    let duties = town.story.get(id).duties().unwrap();
    assert_eq!((duties.lead, duties.co), (BodyRef::Steering, Some(BodyRef::Discipline)));
    let code = town.admonition(id).code.clone();
    let beyond = [clerk()[0], ("origin", code.as_str()), ("reason", "仍不采纳")];
    assert_eq!(
        kind_of(town.hold(I::InspectorateCircular, "前次处理后仍未改正", &beyond)),
        "beyond_the_ladder"
    );
}

#[test]
fn a_case_whose_former_was_corrected_after_all_cannot_be_approved() {
    let mut town = Town::new();
    let two = town.hold(I::OrderCorrection, "存在漏洞", &clerk()).unwrap();
    town.carry_out(two);
    town.act(Verb::Weigh, two, &[("violation", "是")]).unwrap();
    town.verified(two, "否");
    let three = town.last_of(I::InspectorateCircular).unwrap();
    town.act(Verb::Hear, three, &[]).unwrap();
    town.verified(two, "是");
    town.signed(Verb::Lift, two, &[]).unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, three, &[])), "former_not_failed");
}

/// covers R090 §4.4.18
#[test]
fn admonitions_that_fail_lead_onto_the_ladder() {
    let mut town = Town::new();
    let reminder = town.admonish("诫勉提醒", "查找风险点不全", "林知远").unwrap();
    let through = |town: &mut Town, id: StreamId| {
        town.signed(Verb::Approve, id, &[]).unwrap();
        town.act(Verb::Serve, id, &[]).unwrap();
        town.verified(id, "否");
        assert_eq!(town.admonition(id).stage, A::Correcting, "a second chance");
        town.verified(id, "否");
        assert_eq!(town.admonition(id).stage, A::Failed);
    };
    through(&mut town, reminder);
    let supervision = town.last_of(I::Supervision).unwrap();
    assert_eq!(town.admonition(supervision).trigger, AdmonitionTrigger::ReminderFailed);
    assert_eq!(town.admonition(supervision).approver, BodyRef::SteeringOffice);
    through(&mut town, supervision);
    assert_eq!(town.admonition(reminder).stage, A::Succeeded);
    let caution = town.last_of(I::CautionReminder).unwrap();
    assert_eq!(town.admonition(caution).origin, Some(supervision));

    // 督导 fails again after a further report: nothing is proposed twice.
    town.verified(supervision, "否");
    assert_eq!(town.story.all("accountability").len(), 1);
}

/// covers §4.4.18
#[test]
fn a_failed_correction_leads_to_an_order_or_a_circular_a_formal_admonition_and_a_veto_review() {
    for (violation, next) in [("否", I::OrderCorrection), ("是", I::InspectorateCircular)] {
        let mut town = Town::new();
        let id = town.served_correction();
        town.act(Verb::Talk, id, &[]).unwrap();
        town.act(Verb::Weigh, id, &[("violation", violation)]).unwrap();
        town.verified(id, "否");
        assert!(town.story.all("accountability").is_empty(), "a second chance first");
        town.verified(id, "否");
        let follow_up = town.last_of(next).expect("a step of the ladder");
        assert_eq!(town.admonition(follow_up).responsible[0].name, "周正明");
        let formal = town.last_of(I::FormalAdmonition).expect("a formal admonition");
        assert!(!town.admonition(formal).unit_wide, "it is about people");
        let owed = |rule| {
            town.story
                .all("obligation")
                .into_iter()
                .any(|o| matches!(town.story.get(o), State::Obligation(x) if x.rule == rule))
        };
        assert!(owed(ObligationRule::VetoReview), "V6: one failed 诫勉纠错");
        assert_eq!(
            town.story.barred(town.head, "2026-11-23"),
            RestrictedAct::ALL,
            "a failed 诫勉纠错 restricts on"
        );
    }
}

#[test]
fn a_failed_correction_can_be_lifted_once_what_followed_it_was_lifted() {
    let mut town = Town::new();
    let id = town.served_correction();
    town.act(Verb::Talk, id, &[]).unwrap();
    town.verified(id, "否");
    town.verified(id, "否");
    assert_eq!(refused(town.signed(Verb::Lift, id, &[])), "wrong_stage");
    let order = town.last_of(I::OrderCorrection).unwrap();
    town.carry_out(order);
    assert_eq!(
        town.admonition(id).stage,
        A::Failed,
        "a restriction ends only by its own lift (A14)"
    );
    town.verified(order, "是");
    town.signed(Verb::Lift, order, &[]).unwrap();
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    town.signed(Verb::Lift, id, &[]).unwrap();
    assert!(town.story.barred(town.head, "2026-11-23").is_empty());
}

/// covers R088 §4.4.5
#[test]
fn a_task_poorly_executed_proposes_a_supervision_and_two_in_a_year_a_veto_review() {
    let mut town = Town::new();
    let judged = |town: &mut Town| {
        let fields = [("title", "开展风险排查"), ("kind", "推进落实"), ("due", "2027-12-10")];
        let task = town.born(Verb::IssueTask, &fields).unwrap();
        town.act(Verb::ReportTask, task, &[("result", "未开展")]).unwrap();
        town.act(Verb::CloseTask, task, &[("outcome", "执行不力")]).unwrap();
        let id = town.last_of(I::Supervision).unwrap();
        assert_eq!(town.admonition(id).origin, Some(task));
        town.signed(Verb::Approve, id, &[]).unwrap();
        town.act(Verb::Serve, id, &[]).unwrap();
    };
    judged(&mut town);
    assert!(town.story.all("obligation").is_empty());
    judged(&mut town);
    assert_eq!(town.story.all("obligation").len(), 1, "两次诫勉督导 in a year: V6");
}

/// covers §4.4.18
#[test]
fn a_second_reminder_within_twelve_months_proposes_a_supervision() {
    let mut town = Town::new();
    let reminder = |town: &mut Town, who: &str| {
        let id = town.admonish("诫勉提醒", "查找风险点不准", who).unwrap();
        town.signed(Verb::Approve, id, &[]).unwrap();
        town.act(Verb::Serve, id, &[]).unwrap();
    };
    reminder(&mut town, "林知远");
    reminder(&mut town, "周正明");
    assert!(town.last_of(I::Supervision).is_none(), "somebody else");
    town.story.on("2027-11-24");
    reminder(&mut town, "林知远");
    assert!(town.last_of(I::Supervision).is_none(), "more than twelve months ago");
    reminder(&mut town, "林知远");
    let id = town.last_of(I::Supervision).expect("repeated");
    assert_eq!(town.admonition(id).trigger, AdmonitionTrigger::ReminderFailed);
    reminder(&mut town, "林知远");
    assert_eq!(town.last_of(I::Supervision), Some(id), "one that runs is enough");
}
