//! The 三诫勉 (§4.4): nobody is barred before service, nor after the lift.

use crate::domain::admonition::AdmonitionStage;
use crate::domain::obligation::ObligationRule;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

fn correction(town: &mut Town) -> StreamId {
    town.correction()
}

/// covers R089 R092 §4.4.10 §4.4.14 §4.4.17
#[test]
fn a_correction_bars_from_service_to_lift_and_not_a_day_more() {
    let mut town = Town::new();
    let id = correction(&mut town);
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "no_responsible");
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "not_heard");
    town.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    assert!(
        town.story.barred(town.head, "2026-11-23").is_empty(),
        "approved is not served"
    );
    town.act(Verb::Serve, id, &[]).unwrap();
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    assert_eq!(town.admonition(id).due.as_ref().unwrap().length, 30);

    assert_eq!(refused(town.act(Verb::Verify, id, &[("passed", "是")])), "wrong_stage");
    town.act(Verb::Feedback, id, &[("result", "已纠正")]).unwrap();
    assert_eq!(refused(town.act(Verb::Verify, id, &[("passed", "是")])), "not_talked");
    let mut town2 = Town::new();
    let id2 = correction(&mut town2);
    town2
        .act(Verb::NameResponsible, id2, &[("responsible", "周正明")])
        .unwrap();
    town2.act(Verb::Hear, id2, &[]).unwrap();
    town2.signed(Verb::Approve, id2, &[]).unwrap();
    town2.act(Verb::Serve, id2, &[]).unwrap();
    town2.act(Verb::Talk, id2, &[("talkers", "甲、乙")]).unwrap();
    town2.act(Verb::Feedback, id2, &[("result", "已纠正")]).unwrap();
    town2.story.on("2026-12-21");
    town2
        .act(Verb::Verify, id2, &[("passed", "是"), ("verifiers", "丙")])
        .unwrap();
    assert_eq!(
        town2.story.barred(town2.head, "2026-12-21"),
        RestrictedAct::ALL,
        "verified is not lifted (A14)"
    );
    town2.signed(Verb::Lift, id2, &[]).unwrap();
    assert!(town2.story.barred(town2.head, "2026-12-21").is_empty());
    assert_eq!(town2.story.barred(town2.head, "2026-12-20"), RestrictedAct::ALL);
}

/// covers §0.12 A14
#[test]
fn a_service_of_three_days_ago_restricts_from_three_days_ago() {
    let mut town = Town::new();
    town.story.on("2026-11-20");
    let id = correction(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.story.on("2026-11-23");
    town.story
        .when(Town::form(Verb::Serve, &[id], &[]).on(day("2026-11-20")))
        .unwrap();
    assert_eq!(town.story.barred(town.head, "2026-11-20"), RestrictedAct::ALL);
    assert!(town.story.barred(town.head, "2026-11-19").is_empty());
    assert_eq!(
        town.admonition(id).due.as_ref().unwrap().from,
        day("2026-11-20"),
        "periods run from the deed"
    );
}

/// covers §4.4.16 G2 G3
#[test]
fn nobody_signs_his_own_admonition_or_verifies_it() {
    let mut town = Town::new();
    let id = correction(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "沈严")]).unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    assert_eq!(
        town.admonition(id).approver,
        BodyRef::Steering,
        "recusal comes before rank: he sits in the body that would decide (§0.16)"
    );
    let own = Act {
        decision: Some(Decision::Signed {
            signer: Some("沈严".into()),
            on: None,
        }),
        ..Town::form(Verb::Approve, &[id], &[])
    };
    assert_eq!(refused(town.story.when(own)), "same_person");
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Talk, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已纠正")]).unwrap();
    for verifier in ["沈严", "陈守诚"] {
        let verify = town.act(Verb::Verify, id, &[("passed", "是"), ("verifiers", verifier)]);
        assert_eq!(
            refused(verify),
            "same_person",
            "neither the subject nor who approved it"
        );
    }
}

/// covers §0.17
#[test]
fn who_proposed_it_neither_approves_nor_verifies_nor_lifts_it() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let fields = |by: &'static str| {
        [
            ("kind", "诫勉提醒"),
            ("trigger", "查找风险点不全"),
            ("unit", unit.as_str()),
            ("responsible", "林知远"),
            ("proposed_by", by),
        ]
    };
    let own = Town::form(Verb::Admonish, &[], &fields("林知远"));
    assert_eq!(refused(town.story.when(own)), "same_person", "nobody proposes his own");
    let form = Town::form(Verb::Admonish, &[], &fields("郑书记"));
    let id = town.story.when(form).unwrap().events[0].stream;
    assert_eq!(
        refused(town.signed(Verb::Approve, id, &[])),
        "same_person",
        "郑书记 holds the seat that signs"
    );
    let signed_by = |verb, name: &str| Act {
        decision: Some(Decision::Signed {
            signer: Some(name.into()),
            on: None,
        }),
        ..Town::form(verb, &[id], &[])
    };
    town.story.when(signed_by(Verb::Approve, "副主任甲")).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已补报")]).unwrap();
    let verify = |who| [("passed", "是"), ("verifiers", who)];
    for who in ["郑书记", "副主任甲"] {
        assert_eq!(refused(town.act(Verb::Verify, id, &verify(who))), "same_person");
    }
    town.act(Verb::Verify, id, &verify("核验员乙")).unwrap();
    for who in ["郑书记", "核验员乙"] {
        assert_eq!(refused(town.story.when(signed_by(Verb::Lift, who))), "same_person");
    }
    town.story.when(signed_by(Verb::Lift, "副主任甲")).unwrap();
}

#[test]
fn a_late_verification_of_somebody_restricted_is_told_to_the_steering_office_once() {
    let mut town = Town::new();
    let id = town.served_correction();
    town.act(Verb::Talk, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    let due = town.admonition(id).due.clone().unwrap();
    assert_eq!((due.owner, due.day), (DueOwner::Office, day("2026-11-30")));
    let lapses = |town: &Town| decide::lapses_of(id, town.story.get(id), &town.story);
    assert_eq!(decide::watch_day(town.story.get(id)), Some(due.day));
    town.story.on("2026-12-07");
    assert_eq!(lapses(&town), [], "five working days late, not more");
    town.story.on("2026-12-08");
    let [late] = &lapses(&town)[..] else { panic!() };
    assert_eq!((late.rule, late.due), ("verification_late", day("2026-12-07")));
    town.story.when(late.act()).unwrap();
    let owed = town.story.get(town.story.all("obligation")[0]);
    let State::Obligation(o) = owed else { panic!() };
    assert_eq!(
        (o.rule, o.body),
        (ObligationRule::LateVerification, BodyRef::SteeringOffice)
    );
    assert_eq!(lapses(&town), []);
    let told = town.story.all("obligation")[0];
    town.act(Verb::Fulfil, told, &[("result", "已督促")]).unwrap();
    assert_eq!(lapses(&town), [], "told once for this report");

    // A reminder restricts nobody; nobody is told.
    let other = town
        .hold(Instrument::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    town.carry_out(other);
    town.act(Verb::Feedback, other, &[("result", "已纠正")]).unwrap();
    assert_eq!(decide::watch_day(town.story.get(other)), None);
}

#[test]
fn a_restriction_needs_a_person_of_the_directory() {
    let mut town = Town::new();
    let id = correction(&mut town);
    assert_eq!(
        refused(town.act(Verb::NameResponsible, id, &[("responsible", "查无此人")])),
        "not_found"
    );
    let unit = town.bureau.to_string();
    town.story.record("person", &[("name", "周正明"), ("unit", &unit)]);
    assert_eq!(
        refused(town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])),
        "ambiguous"
    );
    let code = town.story.get(town.head).code().to_owned();
    town.act(Verb::NameResponsible, id, &[("responsible", &code)]).unwrap();
}

/// covers R087 R088 §4.4.1 §4.4.2
#[test]
fn reminders_and_supervisions_name_their_trigger_and_bar_nobody() {
    let mut town = Town::new();
    let reminder = town.admonish("诫勉提醒", "查找风险点不全", "林知远").unwrap();
    assert_eq!(town.admonition(reminder).approver, BodyRef::Implementation(town.bureau));
    let head = town.admonish("reminder", "search_inaccurate", "周正明").unwrap();
    assert_eq!(
        town.admonition(head).approver,
        BodyRef::Leadership(OrganLine::Government),
        "unit head: the 防委会"
    );
    let supervision = town.admonish("诫勉督导", "落实不及时", "周正明").unwrap();
    assert_eq!(town.admonition(supervision).approver, BodyRef::SteeringOffice);
    assert_eq!(refused(town.admonish("诫勉提醒", "落实不及时", "")), "wrong_trigger");
    assert_eq!(
        refused(town.admonish("诫勉纠错", "领导工作不力", "")),
        "only_by_raising"
    );

    town.signed(Verb::Approve, supervision, &[]).unwrap();
    town.act(Verb::Serve, supervision, &[]).unwrap();
    assert!(
        town.story.barred(town.head, "2026-11-23").is_empty(),
        "only 纠错 restricts (R092)"
    );
    assert_eq!(town.admonition(supervision).due.as_ref().unwrap().length, 20);
}

/// covers R090 §4.4.18
#[test]
fn failing_twice_is_a_failure_and_the_restriction_goes_on_until_lifted() {
    let mut town = Town::new();
    let id = correction(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Talk, id, &[]).unwrap();
    for stage in [AdmonitionStage::Correcting, AdmonitionStage::Failed] {
        town.act(Verb::Feedback, id, &[("result", "整改")]).unwrap();
        town.act(Verb::Verify, id, &[("passed", "否")]).unwrap();
        assert_eq!(town.admonition(id).stage, stage);
    }
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    town.act(Verb::Feedback, id, &[("result", "全部纠正")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    town.signed(Verb::Lift, id, &[]).unwrap();
    assert!(town.story.barred(town.head, "2026-11-23").is_empty());
}

/// covers §4.4.14
#[test]
fn a_rejected_or_revoked_admonition_bars_nobody() {
    let mut town = Town::new();
    let id = correction(&mut town);
    town.signed(Verb::Reject, id, &[("reason", "事实不清")]).unwrap();
    assert_eq!(town.admonition(id).stage, AdmonitionStage::Rejected);

    let id = correction(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.signed(Verb::Revoke, id, &[("reason", "原认定有误")]).unwrap();
    assert!(town.story.barred(town.head, "2026-11-23").is_empty());
}

/// covers R012
#[test]
fn tasks_are_issued_reported_and_judged() {
    let mut town = Town::new();
    let fields = [("title", "开展风险排查"), ("kind", "推进落实"), ("due", "2026-12-10")];
    let task = town.born(Verb::IssueTask, &fields).unwrap();
    town.act(Verb::ReportTask, task, &[("result", "已完成自查")]).unwrap();
    let judged = town.act(Verb::CloseTask, task, &[("outcome", "落实不及时")]).unwrap();
    assert!(judged.notes[0].contains("诫勉督导"));
    assert_eq!(
        refused(town.act(Verb::ReportTask, task, &[("result", "再报")])),
        "wrong_stage"
    );
}
