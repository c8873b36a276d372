//! Appeals (§4.4, §0.2): who, until when, against what, before whom, and what becomes of it.

use crate::domain::admonition::AdmonitionStage as A;
use crate::domain::appeal::AppealStage;
use crate::domain::obligation::ObligationRule;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::world::Operator;
use crate::domain::*;

use Instrument as I;

fn appeal(town: &mut Town, id: StreamId) -> StreamId {
    let fields = [("appellant", "周正明"), ("grounds", "事实认定有误")];
    town.act(Verb::Appeal, id, &fields).unwrap().events[0].stream
}

fn decide(town: &mut Town, appeal: StreamId, outcome: &str) -> Result<Outcome, Refusal> {
    let fields = [
        ("outcome", outcome),
        ("handlers", "复核员甲、复核员乙"),
        ("opinion", "经复核……"),
        ("change", "改为批评教育"),
        ("free", if outcome == "变更原决定" { "是" } else { "" }),
        ("from_start", "是"),
    ];
    town.signed(Verb::DecideAppeal, appeal, &fields)
}

fn stage(town: &Town, appeal: StreamId) -> AppealStage {
    match town.story.get(appeal) {
        State::Appeal(a) => a.stage,
        other => panic!("not an appeal: {other:?}"),
    }
}

/// covers §4.4.23 §0.2
#[test]
fn an_appeal_goes_to_the_body_above_and_execution_is_not_suspended() {
    let mut town = Town::new();
    let id = town.served_correction();
    let filed = appeal(&mut town, id);
    let State::Appeal(a) = town.story.get(filed) else {
        panic!()
    };
    assert_eq!(a.code, "SS-XY-2026-0001");
    assert_eq!(a.body, BodyRef::Steering, "区纪委监察机关 decided, 指委会 is above it");
    assert_eq!(a.due.as_ref().unwrap().day, day("2026-12-23"), "one month");
    assert_eq!(town.admonition(id).appeal, Some(filed));
    assert_eq!(town.admonition(id).stage, A::Served);
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    town.act(Verb::Talk, id, &[]).unwrap();

    decide(&mut town, filed, "维持原决定").unwrap();
    assert_eq!(stage(&town, filed), AppealStage::Upheld);
    assert_eq!(town.admonition(id).appeal, None);
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    assert_eq!(refused(decide(&mut town, filed, "撤销原决定")), "ended");
}

/// covers §4.4.23
#[test]
fn a_committees_decision_is_appealed_to_the_leadership_committee() {
    let mut town = Town::new();
    let id = town
        .hold(I::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    town.carry_out(id);
    let fields = [("appellant", "林知远"), ("grounds", "并无偏差")];
    let filed = town.act(Verb::Appeal, id, &fields).unwrap().events[0].stream;
    let duties = town.story.get(filed).duties().unwrap();
    assert_eq!(duties.lead, BodyRef::Leadership(OrganLine::Government));
}

/// covers §4.4.23
#[test]
fn revoked_and_modified_end_the_restriction_from_the_beginning() {
    for (outcome, expected) in [("撤销原决定", A::Revoked), ("变更原决定", A::Served)] {
        let mut town = Town::new();
        let id = town.served_correction();
        let filed = appeal(&mut town, id);
        town.story.on("2026-12-10");
        assert_eq!(town.story.barred(town.head, "2026-12-10"), RestrictedAct::ALL);
        let outcome = decide(&mut town, filed, outcome).unwrap();
        assert_eq!(town.admonition(id).stage, expected);
        for on in ["2026-11-23", "2026-12-01", "2026-12-10", "2027-06-01"] {
            assert!(
                town.story.barred(town.head, on).is_empty(),
                "never restricted, seen from now"
            );
            assert!(town.story.barred(town.bureau, on).is_empty());
        }
        assert!(
            outcome.notes.iter().any(|n| n.contains("收回《诫勉纠错书》")),
            "{:?}",
            outcome.notes
        );
        let State::Obligation(owed) = town.story.get(town.story.all("obligation")[0]) else {
            panic!()
        };
        assert_eq!((owed.rule, owed.body), (ObligationRule::Recall, BodyRef::Discipline));
    }
}

#[test]
fn a_lifted_measure_can_still_be_revoked_on_appeal() {
    let mut town = Town::new();
    let id = town.served_correction();
    town.act(Verb::Talk, id, &[]).unwrap();
    town.verified(id, "是");
    town.signed(Verb::Lift, id, &[]).unwrap();
    town.story.on("2026-12-01");
    let filed = appeal(&mut town, id);
    decide(&mut town, filed, "撤销原决定").unwrap();
    assert_eq!(town.admonition(id).stage, A::Revoked);
}

/// covers §0.2
#[test]
fn it_is_filed_within_a_month_of_service_and_counts_by_the_day_it_came_in() {
    let mut town = Town::new();
    let id = town.served_correction();
    town.story.on("2026-12-24");
    let fields = [("appellant", "周正明"), ("grounds", "事实认定有误")];
    assert_eq!(refused(town.act(Verb::Appeal, id, &fields)), "past_due");
    let in_time = Town::form(Verb::Appeal, &[id], &fields).on(day("2026-12-23"));
    town.story.when(in_time).unwrap();
}

/// covers §0.2
#[test]
fn the_profile_of_2010_counts_fifteen_and_thirty_calendar_days() {
    let mut town = Town::new();
    town.story.with_policy(|p| p.appeals = AppealPeriods::Days2010);
    let id = town.served_correction();
    assert_eq!(town.admonition(id).appeal_by.as_ref().unwrap().day, day("2026-12-08"));
    let filed = appeal(&mut town, id);
    assert_eq!(town.story.get(filed).due().unwrap().day, day("2026-12-23"));
    // What was served under one profile keeps its period when the policy changes.
    town.story.with_policy(|p| p.appeals = AppealPeriods::Month);
    assert_eq!(town.admonition(id).appeal_by.as_ref().unwrap().day, day("2026-12-08"));
}

/// covers §4.4.23
#[test]
fn one_appeal_a_decision_for_each_person_and_for_the_unit() {
    let mut town = Town::new();
    let id = town.served_correction();
    appeal(&mut town, id);
    let again = [("appellant", "周正明"), ("grounds", "再次申诉")];
    assert_eq!(refused(town.act(Verb::Appeal, id, &again)), "appealed_once");
    let stranger = [("appellant", "林知远"), ("grounds", "代为申诉")];
    assert_eq!(refused(town.act(Verb::Appeal, id, &stranger)), "not_concerned");
    town.act(Verb::Appeal, id, &[("grounds", "单位申诉")]).unwrap();
    assert_eq!(
        refused(town.act(Verb::Appeal, id, &[("grounds", "再次")])),
        "appealed_once"
    );

    let only = town
        .hold(I::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    town.carry_out(only);
    assert_eq!(
        refused(town.act(Verb::Appeal, only, &[("grounds", "单位申诉")])),
        "not_concerned"
    );
}

#[test]
fn nothing_is_appealed_before_service_or_when_it_is_gone() {
    let mut town = Town::new();
    let id = town.correction();
    assert_eq!(refused(town.act(Verb::Appeal, id, &[("grounds", "x")])), "not_served");
    let served = town.served_correction();
    town.signed(Verb::Revoke, served, &[("reason", "认定有误")]).unwrap();
    assert_eq!(refused(town.act(Verb::Appeal, served, &[("grounds", "x")])), "ended");
    let filed = {
        let id = town.served_correction();
        appeal(&mut town, id)
    };
    assert_eq!(
        refused(town.act(Verb::Amend, filed, &[("grounds", "x")])),
        "not_applicable"
    );
}

#[test]
fn other_handlers_and_another_signer_decide() {
    let mut town = Town::new();
    let id = town.served_correction();
    town.act(Verb::Talk, id, &[("talkers", "谈话员甲、谈话员乙")]).unwrap();
    let filed = appeal(&mut town, id);
    let by = |town: &mut Town, handlers: &str| {
        let fields = [("outcome", "维持原决定"), ("handlers", handlers), ("opinion", "……")];
        refused(town.signed(Verb::DecideAppeal, filed, &fields))
    };
    for handler in ["沈严", "谈话员乙", "周正明"] {
        assert_eq!(by(&mut town, handler), "same_person", "{handler}");
    }
    assert_eq!(by(&mut town, ""), "missing_field");
    let modified = [("outcome", "变更原决定"), ("handlers", "复核员甲"), ("opinion", "……")];
    assert_eq!(
        refused(town.signed(Verb::DecideAppeal, filed, &modified)),
        "missing_field",
        "what it says from now on"
    );
    let own = Operator {
        person: Some(town.head),
        ..Operator::recorder("op", "经办人")
    };
    town.story.as_operator(own);
    assert_eq!(refused(decide(&mut town, filed, "维持原决定")), "recused");
}

#[test]
fn the_steering_committee_decides_its_own_again_by_a_meeting() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    town.story
        .record("person", &[("name", "顾县级"), ("unit", &unit), ("rank", "处级")]);
    let id = town
        .hold(I::OrderCorrection, "存在漏洞", &[("responsible", "顾县级")])
        .unwrap();
    town.carry_out(id);
    assert_eq!(town.admonition(id).approved_by, Some(BodyRef::Steering));
    let fields = [("appellant", "顾县级"), ("grounds", "已整改")];
    let filed = town.act(Verb::Appeal, id, &fields).unwrap().events[0].stream;
    assert_eq!(
        refused(decide(&mut town, filed, "维持原决定")),
        "same_person",
        "its chairman signed the first decision"
    );
    let form = Town::form(
        Verb::DecideAppeal,
        &[filed],
        &[("outcome", "维持原决定"), ("handlers", "复核员甲"), ("opinion", "……")],
    );
    let meeting = Act {
        decision: Some(Decision::Meeting {
            number: "指委会〔2026〕7号".into(),
            on: None,
            votes: Some("全体同意".into()),
        }),
        ..form
    };
    town.story.when(meeting).unwrap();
    assert_eq!(stage(&town, filed), AppealStage::Upheld);
}

#[test]
fn the_discipline_organ_cannot_decide_the_appeal_against_itself() {
    let mut town = Town::new();
    let id = town.served_correction();
    let filed = appeal(&mut town, id);
    town.story.as_operator(Operator {
        capacities: vec![BodyRef::Discipline],
        ..Operator::recorder("op", "经办人")
    });
    let outcome = decide(&mut town, filed, "维持原决定").unwrap();
    assert_eq!(outcome.effect, Effect::Pending, "it may only propose");
    assert_eq!(stage(&town, filed), AppealStage::Filed);
}
