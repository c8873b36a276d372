//! The five systems, from report to lift (§4.3), in the light flow.

use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::warning::WarningStage;
use crate::domain::*;

/// covers R082 R083 R084 R085 R086 §4.3.1 §4.3.4 §4.3.5 §4.3.7 §4.3.8 §4.3.10 §4.3.11 §4.3.12 §4.3.20
#[test]
fn a_report_runs_through_the_five_systems() {
    let mut town = Town::new();
    let id = town.report();
    let w = town.warning(id);
    assert_eq!(w.stage, WarningStage::Registered);
    assert_eq!(w.code, "YJ-XY-2026-0001");
    assert_eq!(
        w.due.as_ref().unwrap().day,
        day("2026-11-30"),
        "yellow column: 5 working days"
    );
    assert_eq!(w.due.as_ref().unwrap().owner, DueOwner::Office);

    town.act(Verb::Assess, id, &[("grade", "黄"), ("analysts", "甲、乙")])
        .unwrap();
    assert_eq!(town.warning(id).stage, WarningStage::Assessed);
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[("received_by", "林知远")]).unwrap();
    let w = town.warning(id);
    assert_eq!(w.stage, WarningStage::Served);
    assert_eq!(w.stage.light_label(), "整改中");
    let due = w.due.clone().unwrap();
    assert_eq!(
        (due.step.as_str(), due.length, due.owner),
        ("warning.rectify", 15, DueOwner::Subject)
    );

    town.act(Verb::FilePlan, id, &[("plan", "补办变更手续")]).unwrap();
    assert_eq!(
        town.warning(id).due,
        Some(due),
        "filing the plan does not move the date"
    );
    town.act(Verb::Feedback, id, &[("result", "已补办")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "true"), ("verifiers", "丙")])
        .unwrap();
    assert_eq!(town.warning(id).stage, WarningStage::Verified);
    town.signed(Verb::Lift, id, &[]).unwrap();
    let w = town.warning(id);
    assert_eq!(
        (w.stage, w.due.as_ref(), w.ended_on),
        (WarningStage::Lifted, None, Some(day("2026-11-23")))
    );
}

/// covers R053 R080 A03 §4.3.5
#[test]
fn yellow_stands_with_both_committees_and_rank_decides_who_leads() {
    let mut town = Town::new();
    let government = BodyRef::Leadership(OrganLine::Government);
    let own = BodyRef::Implementation(town.bureau);
    let below = town.report();
    town.act(Verb::Assess, below, &[("grade", "yellow")]).unwrap();
    assert_eq!(
        (town.warning(below).duties.lead, town.warning(below).duties.co),
        (own, Some(government))
    );

    let unit = town.bureau.to_string();
    let county = town
        .story
        .record("person", &[("name", "欧阳副区长"), ("unit", &unit), ("rank", "处级")])
        .to_string();
    let high = town.report_about(&[("person", &county)]);
    town.act(Verb::Assess, high, &[("grade", "yellow")]).unwrap();
    assert_eq!(
        (town.warning(high).duties.lead, town.warning(high).duties.co),
        (government, Some(own))
    );
}

/// covers R023 §0.16
#[test]
fn the_unit_heads_own_matter_skips_his_committee() {
    let mut town = Town::new();
    let head = town.head.to_string();
    let id = town.report_about(&[("person", &head)]);
    let duties = town.warning(id).duties;
    assert_eq!(duties.lead, BodyRef::Leadership(OrganLine::Government));
    assert_eq!(
        duties.co,
        Some(BodyRef::SteeringOffice),
        "§0.16: 指委会办公室 assists instead of his own committee"
    );
}

/// covers R051 R052 R080 A02 §4.3.5
#[test]
fn orange_goes_to_the_discipline_organ_and_red_to_the_steering_committee() {
    let mut town = Town::new();
    for (grade, lead) in [("橙", BodyRef::Discipline), ("红", BodyRef::Steering)] {
        let id = town.report();
        town.act(Verb::Assess, id, &[("grade", grade)]).unwrap();
        assert_eq!((town.warning(id).duties.lead, town.warning(id).duties.co), (lead, None));
    }
}

/// covers §0.14
#[test]
fn urgency_sets_the_clock_until_a_verdict_exists() {
    let mut town = Town::new();
    let critical = town.report_about(&[("urgency", "特急")]);
    assert_eq!(
        town.warning(critical).due.as_ref().unwrap().day,
        day("2026-11-25"),
        "red column: 2 working days"
    );
}

/// covers G2 §4.3.11
#[test]
fn analyst_releaser_and_verifier_are_kept_apart() {
    let mut town = Town::new();
    let id = town.report();
    assert_eq!(
        refused(town.act(Verb::Assess, id, &[("grade", "黄"), ("analysts", "甲、甲")])),
        "same_person"
    );
    town.act(Verb::Assess, id, &[("grade", "黄"), ("analysts", "郑书记、乙")])
        .unwrap();
    assert_eq!(
        refused(town.signed(Verb::Release, id, &[])),
        "same_person",
        "the chair analysed it himself"
    );
    let act = Town::form(Verb::Release, &[id], &[]);
    let by_deputy = Act {
        decision: Some(Decision::Signed {
            signer: Some("副主任".into()),
            on: None,
        }),
        ..act
    };
    town.story.when(by_deputy).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    assert_eq!(
        refused(town.act(Verb::Verify, id, &[("passed", "是"), ("verifiers", "乙")])),
        "same_person"
    );
    assert_eq!(
        refused(town.act(Verb::Verify, id, &[("passed", "是"), ("verifiers", "副主任")])),
        "same_person"
    );
    town.act(Verb::Verify, id, &[("passed", "是"), ("verifiers", "丁")])
        .unwrap();
}

/// covers §4.3.7 §4.3.12
#[test]
fn steps_out_of_order_are_refused_and_say_what_comes_first() {
    let mut town = Town::new();
    let id = town.report();
    for verb in [Verb::Serve, Verb::Feedback, Verb::Verify, Verb::Extend, Verb::Return] {
        let reason = town
            .act(verb, id, &[("passed", "是"), ("result", "x"), ("reason", "x")])
            .unwrap_err();
        assert_eq!(reason.kind, "wrong_stage", "{}", verb.id());
        assert!(!reason.hint.is_empty(), "{} says what to do", verb.id());
    }
    for verb in [
        Verb::Release,
        Verb::Lift,
        Verb::Withdraw,
        Verb::Escalate,
        Verb::Deescalate,
        Verb::Reopen,
    ] {
        assert_eq!(
            refused(town.signed(verb, id, &[("cause", "new_facts"), ("reason", "x")])),
            "wrong_stage"
        );
    }
}

/// covers §4.3.13
#[test]
fn a_failed_verification_gives_half_the_time_again() {
    let mut town = Town::new();
    let id = town.served(Grade::Orange);
    town.act(Verb::Feedback, id, &[("result", "部分整改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "否")]).unwrap();
    let w = town.warning(id);
    assert_eq!((w.stage, w.failures), (WarningStage::Rectifying, 1));
    assert_eq!(w.due.as_ref().unwrap().length, 10);
    assert_eq!(refused(town.signed(Verb::Lift, id, &[])), "wrong_stage");
}

/// covers §4.3.9
#[test]
fn extension_is_once_before_due_and_at_most_half() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow); // due 2026-12-14
    let long = town.signed(Verb::Extend, id, &[("to", "2027-03-01"), ("reason", "雨季")]);
    assert_eq!(refused(long), "extension_too_long");
    town.signed(Verb::Extend, id, &[("to", "2026-12-18"), ("reason", "雨季")])
        .unwrap();
    assert_eq!(town.warning(id).due.as_ref().unwrap().day, day("2026-12-18"));
    assert_eq!(
        refused(town.signed(Verb::Extend, id, &[("to", "2026-12-19"), ("reason", "又雨")])),
        "extended_once"
    );

    let late = town.served(Grade::Yellow);
    town.story.on("2026-12-30");
    assert_eq!(
        refused(town.signed(Verb::Extend, late, &[("to", "2027-01-04"), ("reason", "忙")])),
        "past_due"
    );
}

/// covers §4.3.6 §4.3.17 §4.3.18 §4.3.19
#[test]
fn every_exit_ends_the_matter_and_nothing_more_is_done_to_it() {
    for (verb, stage) in [
        (Verb::RejectReport, WarningStage::NotAccepted),
        (Verb::NoWarning, WarningStage::Declined),
    ] {
        let mut town = Town::new();
        let id = town.report();
        town.signed(verb, id, &[("reason", "与本区职权无关")]).unwrap();
        assert_eq!(town.warning(id).stage, stage);
        assert_eq!(refused(town.act(Verb::Assess, id, &[("grade", "黄")])), "ended");
    }
    let mut town = Town::new();
    let (one, two) = (town.report(), town.report());
    let into = one.to_string();
    assert_eq!(refused(town.act(Verb::Merge, one, &[("into", &into)])), "wrong_field");
    town.act(Verb::Merge, two, &[("into", &into)]).unwrap();
    assert_eq!(town.warning(two).stage, WarningStage::Merged);

    let served = town.served(Grade::Yellow);
    town.signed(Verb::Withdraw, served, &[("reason", "查无此事")]).unwrap();
    assert_eq!(town.warning(served).stage, WarningStage::Withdrawn);
}

/// covers §0.19
#[test]
fn a_lifted_matter_can_go_on_with_new_facts() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    town.signed(Verb::Lift, id, &[]).unwrap();
    town.signed(Verb::Reopen, id, &[("reason", "反弹")]).unwrap();
    let w = town.warning(id);
    assert_eq!((w.stage, w.ended_on), (WarningStage::Rectifying, None));
    assert_eq!(w.due.as_ref().unwrap().step, "warning.rectify");
}

/// covers §4.3.6
#[test]
fn returned_reports_are_assessed_again_and_handed_over_ones_change_bodies() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    town.act(Verb::Return, id, &[("reason", "依据不足")]).unwrap();
    assert_eq!(town.warning(id).stage, WarningStage::Registered);

    let other = town.story.record(
        "unit",
        &[
            ("name", "区民政局"),
            ("kind", "department"),
            ("organ_line", "government"),
        ],
    );
    let name = other.to_string();
    town.act(Verb::HandOver, id, &[("unit", &name), ("reason", "属民政职责")])
        .unwrap();
    assert_eq!(town.warning(id).duties.lead, BodyRef::Implementation(other));
}

/// covers R091 §0.9 §4.3.3
#[test]
fn a_clue_stands_under_referring_until_its_receipt_is_entered() {
    let mut town = Town::new();
    let id = town.report();
    assert_eq!(
        refused(town.act(Verb::ClueReceipt, id, &[("receipt", "1")])),
        "wrong_stage"
    );
    assert_eq!(refused(town.signed(Verb::ReferClue, id, &[])), "missing_field");
    town.signed(Verb::ReferClue, id, &[("receiver", "区监委")]).unwrap();
    let w = town.warning(id);
    assert_eq!((w.stage, w.sealed()), (WarningStage::Referring, false));
    assert_eq!(w.due.as_ref().unwrap().step, "warning.refer");
    for verb in [Verb::Assess, Verb::Amend, Verb::NoWarning, Verb::ReferClue] {
        assert_eq!(
            refused(town.signed(verb, id, &[("reason", "x")])),
            "wrong_stage",
            "{verb:?}"
        );
    }
    assert_eq!(refused(town.act(Verb::ClueReceipt, id, &[])), "missing_field");
    town.act(Verb::ClueReceipt, id, &[("receipt", "监信收〔2026〕12号")])
        .unwrap();
    let w = town.warning(id);
    assert_eq!((w.stage, w.due.clone()), (WarningStage::ClueTransferred, None));
    assert!(w.sealed() && !w.stage.live() && w.ended_on.is_some());
    assert_eq!(refused(town.act(Verb::ClueReceipt, id, &[("receipt", "2")])), "ended");
}

#[test]
fn a_clue_whose_receipt_is_at_hand_is_handed_over_in_one_act() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "橙")]).unwrap();
    town.signed(
        Verb::ReferClue,
        id,
        &[("receiver", "区监委"), ("receipt", "监信收〔2026〕13号")],
    )
    .unwrap();
    assert_eq!(town.warning(id).stage, WarningStage::ClueTransferred);
    let released = town.served(Grade::Yellow);
    assert_eq!(
        refused(town.signed(Verb::ReferClue, released, &[("receiver", "区监委")])),
        "wrong_stage"
    );
}

/// covers R011 §4.3.2
#[test]
fn a_report_can_be_passed_up_before_it_is_assessed() {
    let mut town = Town::new();
    let id = town.report();
    let own = town.warning(id).duties.lead;
    town.act(Verb::PassUp, id, &[("to", "区纪委监察局"), ("reason", "疑似违纪")])
        .unwrap();
    assert_eq!(
        (town.warning(id).duties.lead, town.warning(id).duties.co),
        (BodyRef::Discipline, Some(own))
    );
    town.act(Verb::Assess, id, &[("grade", "橙")]).unwrap();
    assert_eq!(
        refused(town.act(Verb::PassUp, id, &[("to", "discipline"), ("reason", "x")])),
        "wrong_stage"
    );
}

/// covers §4.3.16
#[test]
fn three_reports_on_a_point_in_ninety_days_must_be_analysed_together() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow).to_string();
    let mut reports = Vec::new();
    for (n, today) in ["2026-11-23", "2026-12-01", "2026-12-10"].into_iter().enumerate() {
        assert_eq!(town.story.all("obligation").len(), 0, "before report {n}");
        town.story.on(today);
        reports.push(town.report_about(&[("points", &point)]));
        if n < 2 {
            town.signed(Verb::NoWarning, reports[n], &[("reason", "单件不足以预警")])
                .unwrap();
        }
    }
    let [owed] = town.story.all("obligation")[..] else {
        panic!("one 合并分析")
    };
    assert!(town.story.get(owed).text("text").contains("3 件"));
    town.act(Verb::Fulfil, owed, &[("result", "已合并分析，提出预警")])
        .unwrap();
    assert_eq!(
        refused(town.act(Verb::Fulfil, owed, &[("result", "再办")])),
        "wrong_stage"
    );
}

#[test]
fn reports_far_apart_are_not_added_up() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow).to_string();
    for today in ["2026-11-23", "2027-03-01", "2027-06-15"] {
        town.story.on(today);
        town.report_about(&[("points", &point)]);
    }
    assert_eq!(town.story.all("obligation").len(), 0);
}

/// covers §4.3.14
#[test]
fn a_second_failed_verification_proposes_a_raise_without_making_it() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    for _ in 0..2 {
        town.act(Verb::Feedback, id, &[("result", "整改")]).unwrap();
        town.act(Verb::Verify, id, &[("passed", "否")]).unwrap();
    }
    assert_eq!(town.warning(id).grade, Some(Grade::Yellow));
    let [proposal] = town.story.all("proposal")[..] else {
        panic!("one proposal by rule")
    };
    let State::Proposal(p) = town.story.get(proposal) else {
        panic!()
    };
    assert_eq!(
        (p.rule.as_deref(), p.deciding_body),
        (Some("failed_twice"), BodyRef::Discipline)
    );
    town.signed(Verb::Accept, proposal, &[]).unwrap();
    assert_eq!(town.warning(id).grade, Some(Grade::Orange));
}

/// covers §4.3.15
#[test]
fn the_source_is_owed_a_word_after_the_lift() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    town.signed(Verb::Lift, id, &[]).unwrap();
    let [owed] = town.story.all("obligation")[..] else {
        panic!("向来源反馈")
    };
    assert_eq!(town.story.get(owed).due().unwrap().length, 15);
}

#[test]
fn refusing_the_receipt_needs_a_witness() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    town.signed(Verb::Release, id, &[]).unwrap();
    assert_eq!(
        refused(town.act(Verb::Serve, id, &[("refused", "是")])),
        "missing_field"
    );
    town.act(Verb::Serve, id, &[("refused", "是"), ("witness", "社区书记")])
        .unwrap();
}

/// covers §4.3.9
#[test]
fn progress_and_reminders_stand_on_the_timeline_and_move_nothing() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    let before = town.warning(id).clone();
    town.act(Verb::Progress, id, &[("text", "已补办三份手续")]).unwrap();
    town.act(Verb::Remind, id, &[("text", "请于周五前反馈")]).unwrap();
    assert_eq!(*town.warning(id), before);
}

/// covers §0.12
#[test]
fn a_late_entry_keeps_its_reason_and_counts_from_the_deed() {
    let mut town = Town::new();
    town.story.on("2026-11-09");
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    town.signed(Verb::Release, id, &[]).unwrap();
    town.story.on("2026-11-23");
    let serve = Act {
        late_reason: Some(LateReason::PaperLate),
        ..Town::form(Verb::Serve, &[id], &[])
    };
    let outcome = town.story.when(serve.on(day("2026-11-10"))).unwrap();
    assert!(matches!(
        outcome.events[1].event,
        Event::Noted {
            late_reason: Some(LateReason::PaperLate),
            ..
        }
    ));
    assert_eq!(town.warning(id).due.as_ref().unwrap().from, day("2026-11-10"));
}
