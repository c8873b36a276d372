//! The full flow of §4.4: every line of the checklist a step of its own with its own deadline; switching loses nothing.

use crate::domain::admonition::AdmonitionStage as A;
use crate::domain::policy::Flow;
use crate::domain::stories::{Town, refused};
use crate::domain::*;

use Instrument as I;

fn full() -> Town {
    let mut town = Town::new();
    town.story.with_policy(|p| p.flow = Flow::Full);
    town
}

fn owed(town: &Town, id: StreamId) -> (String, u32, String) {
    let due = town.admonition(id).due.as_ref().unwrap();
    (due.step.clone(), due.length, due.day.to_string())
}

/// A correction about the head, served in the full flow on 23 November.
fn served(town: &mut Town) -> StreamId {
    let id = town.correction();
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[("received_by", "周正明")]).unwrap();
    id
}

/// A correction at the point where its report is in.
fn reported(town: &mut Town) -> StreamId {
    let id = served(town);
    town.act(
        Verb::Talk,
        id,
        &[("talkers", "沈严、谈话员乙"), ("recorder", "记录员丙")],
    )
    .unwrap();
    town.act(Verb::SelfCheck, id, &[("text", "认识到…")]).unwrap();
    town.act(Verb::FilePlan, id, &[("plan", "三项措施")]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    id
}

/// covers §4.4.11 §4.4.12 §4.4.13 §0.15
#[test]
fn a_correction_goes_line_by_line_each_with_its_own_deadline() {
    let mut town = full();
    let id = town.correction();
    assert_eq!(owed(&town, id), ("correction.hear".into(), 5, "2026-11-30".into()));
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "not_heard");
    town.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
    assert_eq!(owed(&town, id).0, "admonition.decide");
    town.signed(Verb::Approve, id, &[]).unwrap();
    assert_eq!(owed(&town, id).0, "correction.serve");
    town.act(Verb::Serve, id, &[]).unwrap();
    assert_eq!(owed(&town, id).0, "admonition.talk");

    assert_eq!(refused(town.act(Verb::SelfCheck, id, &[("text", "…")])), "not_talked");
    assert_eq!(refused(town.act(Verb::FilePlan, id, &[("plan", "…")])), "not_talked");
    assert_eq!(
        refused(town.act(Verb::Talk, id, &[("talkers", "沈严")])),
        "too_few_talkers",
        "two persons"
    );
    assert_eq!(
        refused(town.act(Verb::Talk, id, &[("talkers", "沈严、沈严")])),
        "too_few_talkers"
    );
    assert_eq!(
        refused(town.act(Verb::Talk, id, &[("talkers", "周正明、沈严")])),
        "same_person",
        "nobody talks to himself"
    );
    town.act(Verb::Talk, id, &[("talkers", "沈严、谈话员乙")]).unwrap();
    assert_eq!(town.admonition(id).stage, A::Talked);
    assert_eq!(
        owed(&town, id),
        ("correction.self_check".into(), 5, "2026-11-30".into())
    );

    assert_eq!(refused(town.act(Verb::FilePlan, id, &[("plan", "…")])), "no_self_check");
    town.act(Verb::SelfCheck, id, &[("text", "认识到…")]).unwrap();
    assert_eq!(refused(town.act(Verb::Feedback, id, &[("result", "…")])), "no_plan");
    town.act(Verb::FilePlan, id, &[("plan", "三项措施")]).unwrap();
    assert_eq!(owed(&town, id), ("correction.correct".into(), 30, "2027-01-05".into()));
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    assert_eq!(owed(&town, id).0, "admonition.verify");
}

/// covers §4.4.16
#[test]
fn verification_is_on_site_and_by_named_others() {
    let mut town = full();
    let id = reported(&mut town);
    let verify = |town: &mut Town, fields: &[(&str, &str)]| town.act(Verb::Verify, id, fields);
    assert_eq!(refused(verify(&mut town, &[("passed", "是")])), "missing_field");
    assert_eq!(
        refused(verify(&mut town, &[("passed", "是"), ("verifiers", "核验员甲")])),
        "no_site_check"
    );
    let by = |who| [("passed", "是"), ("verifiers", who), ("method", "看")];
    assert_eq!(refused(verify(&mut town, &by("沈严"))), "same_person", "he approved it");
    assert_eq!(
        refused(verify(&mut town, &by("周正明"))),
        "same_person",
        "it is about him"
    );
    verify(&mut town, &by("核验员甲")).unwrap();
    assert_eq!(town.admonition(id).stage, A::Observing);
    assert_eq!(owed(&town, id).0, "correction.observe");
}

/// covers §4.4.17 §4.4.25
#[test]
fn a_correction_is_lifted_after_the_watch_or_early_after_half_the_period_with_a_reason() {
    let mut town = full();
    let id = reported(&mut town);
    let fields = [("passed", "是"), ("verifiers", "核验员甲"), ("method", "访")];
    town.act(Verb::Verify, id, &fields).unwrap();
    assert_eq!(refused(town.signed(Verb::Lift, id, &[("opinion", "好")])), "too_early");
    town.story.on("2026-12-13");
    assert_eq!(refused(town.signed(Verb::Lift, id, &[("opinion", "好")])), "too_early");
    town.story.on("2026-12-14");
    assert_eq!(
        refused(town.signed(Verb::Lift, id, &[])),
        "no_reason",
        "early, and no reason"
    );
    assert_eq!(
        town.story.barred(town.head, "2026-12-14"),
        RestrictedAct::ALL,
        "A14: until the lift"
    );
    town.signed(Verb::Lift, id, &[("opinion", "整改彻底，提前解除")])
        .unwrap();
    assert!(town.story.barred(town.head, "2026-12-14").is_empty());

    let mut town = full();
    let id = reported(&mut town);
    town.act(Verb::Verify, id, &fields).unwrap();
    let end = town.admonition(id).due.as_ref().unwrap().day;
    town.story.on(&end.to_string());
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// covers §4.4.18
#[test]
fn a_relapse_while_it_is_watched_fails_it() {
    let mut town = full();
    let id = reported(&mut town);
    let fields = [("passed", "是"), ("verifiers", "核验员甲"), ("method", "看")];
    town.act(Verb::Verify, id, &fields).unwrap();
    let relapse = [("passed", "否"), ("verifiers", "核验员甲"), ("method", "看")];
    town.act(Verb::Verify, id, &relapse).unwrap();
    assert_eq!(town.admonition(id).stage, A::Failed);
    assert!(town.last_of(I::OrderCorrection).is_some());
}

/// covers §4.4.15
#[test]
fn the_period_is_extended_once_within_its_limit_before_it_ends_and_the_restriction_goes_on() {
    let mut town = full();
    let id = served(&mut town);
    let extend = |town: &mut Town, to: &str| town.signed(Verb::Extend, id, &[("to", to), ("reason", "工程未完")]);
    assert_eq!(refused(extend(&mut town, "2027-02-10")), "extension_too_long");
    assert_eq!(owed(&town, id).0, "admonition.talk");
    extend(&mut town, "2027-01-26").unwrap();
    assert_eq!(
        owed(&town, id).0,
        "admonition.talk",
        "the current step keeps its own deadline"
    );
    assert_eq!(refused(extend(&mut town, "2027-01-27")), "extended_once");
    town.act(Verb::Talk, id, &[("talkers", "沈严、谈话员乙")]).unwrap();
    town.act(Verb::SelfCheck, id, &[("text", "…")]).unwrap();
    town.act(Verb::FilePlan, id, &[("plan", "…")]).unwrap();
    assert_eq!(owed(&town, id).2, "2027-01-26");
    assert_eq!(town.story.barred(town.head, "2027-01-20"), RestrictedAct::ALL);

    let mut town = full();
    let late = served(&mut town);
    town.story.on("2027-01-06");
    let fields = [("to", "2027-01-20"), ("reason", "x")];
    assert_eq!(refused(town.signed(Verb::Extend, late, &fields)), "past_due");
}

/// covers §4.4.10 §4.4.11 §4.4.13
#[test]
fn a_supervision_gives_three_days_for_the_statement_and_is_visited_twice() {
    let mut town = full();
    let id = town.admonish("诫勉督导", "执行不力", "周正明").unwrap();
    assert_eq!(owed(&town, id), ("supervision.hear".into(), 3, "2026-11-26".into()));
    assert_eq!(
        refused(town.signed(Verb::Approve, id, &[])),
        "hearing_open",
        "he may still speak"
    );
    town.story.on("2026-11-27");
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::FilePlan, id, &[("plan", "补办")]).unwrap();
    assert_eq!(owed(&town, id).1, 20);
    town.verified(id, "是");
    for visit in 0..2 {
        assert_eq!(
            refused(town.signed(Verb::Lift, id, &[])),
            "too_few_visits",
            "{visit} visits"
        );
        // The visits were made in time and are recorded late.
        let stage = town.admonition(id).stage;
        assert_eq!(stage, A::Verified);
        let wrong = town.act(Verb::Visit, id, &[("text", "到场"), ("visitors", "周正明")]);
        assert_eq!(refused(wrong), "same_person");
        town.act(Verb::Visit, id, &[("text", "到场查看"), ("visitors", "督导员丁")])
            .unwrap();
    }
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// covers R096 §4.4.24
#[test]
fn a_formal_admonition_runs_six_months_from_the_decision_and_is_followed_up() {
    let mut town = full();
    let id = town
        .hold(I::FormalAdmonition, "发现不廉洁行为", &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.story.on("2026-11-25");
    let mut approve = Town::form(Verb::Approve, &[id], &[]);
    approve.decision = Some(Decision::Signed {
        signer: None,
        on: Some(crate::domain::testing::day("2026-11-24")),
    });
    town.story.when(approve).unwrap();
    let until = [RestrictedAct::Promotion, RestrictedAct::Commendation];
    assert!(town.story.barred(town.head, "2026-11-23").is_empty());
    assert_eq!(
        town.story.barred(town.head, "2026-11-24"),
        until,
        "from the decision, served or not"
    );
    assert_eq!(town.story.barred(town.head, "2027-05-23"), until);
    assert!(
        town.story.barred(town.head, "2027-05-24").is_empty(),
        "its end needs no clock"
    );

    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Talk, id, &[("talkers", "沈严、谈话员乙")]).unwrap();
    assert_eq!(owed(&town, id).0, "formal_admonition.self_check");
    town.act(Verb::SelfCheck, id, &[("text", "深刻检查")]).unwrap();
    assert_eq!(town.admonition(id).stage, A::Observing);
    assert_eq!(
        owed(&town, id),
        ("formal_admonition.correct".into(), 6, "2027-05-24".into())
    );
    town.act(Verb::Feedback, id, &[("result", "已改正")]).unwrap();
    let verify = [("passed", "是"), ("verifiers", "核验员甲")];
    assert_eq!(refused(town.act(Verb::Verify, id, &verify)), "effect_running");
    town.story.on("2027-05-24");
    town.act(Verb::Verify, id, &verify).unwrap();
    town.signed(Verb::Lift, id, &[]).unwrap();
    assert_eq!(
        town.story.barred(town.head, "2027-01-01"),
        until,
        "it was in force then"
    );
}

/// covers §4.4.24
#[test]
fn a_formal_admonition_not_corrected_goes_to_the_personnel_organ() {
    let mut town = full();
    let id = town
        .hold(I::FormalAdmonition, "发现不廉洁行为", &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Talk, id, &[("talkers", "沈严、谈话员乙")]).unwrap();
    town.act(Verb::SelfCheck, id, &[("text", "检查")]).unwrap();
    town.story.on("2027-06-01");
    town.verified(id, "否");
    assert_eq!(town.admonition(id).stage, A::Failed);
    let State::Obligation(owed) = town.story.get(town.story.all("obligation")[0]) else {
        panic!()
    };
    assert_eq!(owed.rule, crate::domain::obligation::ObligationRule::Personnel);
}

/// covers §0.15 §0.27
#[test]
fn switching_the_flow_either_way_loses_nothing() {
    // Served in the light flow, gone on in the full one: the lines that were left out are asked for now.
    let mut town = Town::new();
    let id = served(&mut town);
    assert_eq!(owed(&town, id).0, "correction.correct");
    town.story.with_policy(|p| p.flow = Flow::Full);
    assert_eq!(refused(town.act(Verb::FilePlan, id, &[("plan", "…")])), "not_talked");
    town.act(Verb::Talk, id, &[("talkers", "沈严、谈话员乙")]).unwrap();
    assert_eq!(
        owed(&town, id),
        ("correction.self_check".into(), 5, "2026-11-30".into())
    );

    // And back: what is dated stays dated, what the light flow does not ask for is skipped.
    town.story.with_policy(|p| p.flow = Flow::Light);
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    let lifted = town.signed(Verb::Lift, id, &[]).unwrap();
    assert!(lifted.notes[0].contains("提前解除"), "{:?}", lifted.notes);
    let a = town.admonition(id);
    assert_eq!((a.stage, a.talkers.len()), (A::Lifted, 2));
    assert!(town.story.barred(town.head, "2026-11-23").is_empty());
}
