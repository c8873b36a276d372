//! 四眼原则 (G2, §0.5): proposer, approver and verifier are different people, and where the policy says so, accounts.

use crate::domain::available::{Availability, available};
use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::adoption;
use crate::domain::world::Operator;
use crate::domain::*;

fn by_account(town: &mut Town) {
    let policy = Policy::overlay("four_eyes = \"account\"\n").unwrap();
    let calendar = Calendar::parse(calendar::shipped()).unwrap();
    town.story.when(adoption(&policy, &calendar)).unwrap();
}

fn by_name(town: &mut Town) {
    let calendar = Calendar::parse(calendar::shipped()).unwrap();
    town.story.when(adoption(Policy::shipped(), &calendar)).unwrap();
}

fn at(town: &mut Town, account: &str) {
    town.story
        .as_operator(Operator::recorder(account, &format!("经办人{account}")));
}

fn refusal(result: Result<Outcome, Refusal>) -> Refusal {
    let refusal = result.expect_err("should have been refused");
    assert_eq!(refusal.kind, "same_account", "{refusal:?}");
    refusal
}

/// covers §0.5
#[test]
fn by_name_one_account_records_every_step_and_the_named_people_are_kept_apart() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "yellow"), ("analysts", "沈严、评估员甲")])
        .unwrap();
    let unsigned = Act {
        decision: Some(Decision::Signed {
            signer: Some("评估员甲".into()),
            on: None,
        }),
        ..Town::form(Verb::Release, &[id], &[])
    };
    assert_eq!(refused(town.story.when(unsigned)), "same_person");
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.verified(id, "是");
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// covers §0.5
#[test]
fn by_account_a_warning_needs_three_accounts() {
    let mut town = Town::new();
    by_account(&mut town);
    at(&mut town, "一");
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "yellow")]).unwrap();
    let told = refusal(town.signed(Verb::Release, id, &[]));
    assert!(told.reason.contains("“评估”由账号“经办人一”录入"), "{told:?}");
    assert!(told.hint.contains("尚无其他账号"), "{told:?}");
    at(&mut town, "二");
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    for earlier in ["一", "二"] {
        at(&mut town, earlier);
        refusal(town.act(Verb::Verify, id, &[("passed", "是")]));
        assert!(
            matches!(available(Verb::Verify, id, &town.story), Availability::No(_)),
            "the bar says so as well"
        );
    }
    at(&mut town, "三");
    assert_eq!(available(Verb::Verify, id, &town.story), Availability::Yes);
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    refusal(town.signed(Verb::Lift, id, &[]));
    at(&mut town, "二");
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// covers §0.5
#[test]
fn the_refusal_names_the_accounts_that_may() {
    let mut town = Town::new();
    for (name, capacities) in [("赵甲", "discipline"), ("钱乙", "steering"), ("孙丙", "")] {
        let mut fields = vec![("name", name), ("login", name)];
        fields.extend((!capacities.is_empty()).then_some(("capacities", capacities)));
        town.story.record("account", &fields);
    }
    at(&mut town, "一");
    let id = town.correction();
    by_account(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    let told = refusal(town.signed(Verb::Approve, id, &[]));
    assert!(told.hint.contains("区纪委监察局的其他账号"), "{told:?}");
    assert!(
        told.hint.contains("赵甲、孙丙") && !told.hint.contains("钱乙"),
        "{told:?}"
    );
}

/// covers §0.5 §0.25
#[test]
fn a_signature_is_entered_at_another_account_than_asked_for_it() {
    let mut town = Town::new();
    by_account(&mut town);
    at(&mut town, "一");
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "yellow")]).unwrap();
    at(&mut town, "二");
    let sheet = town.act(Verb::Release, id, &[]).unwrap().approval_sheet.unwrap();
    let signed = [("signed_on", "2026-11-23")];
    let told = refusal(town.act(Verb::Countersign, sheet, &signed));
    assert!(told.reason.contains("“提请”由账号"), "{told:?}");
    assert!(matches!(
        available(Verb::Countersign, sheet, &town.story),
        Availability::No(_)
    ));
    at(&mut town, "三");
    town.act(Verb::Countersign, sheet, &signed).unwrap();
    assert!(town.warning(id).stage.in_force());
}

/// covers §0.5 §0.25
#[test]
fn a_line_that_the_signing_account_itself_prepared_refuses_the_whole_signing() {
    let mut town = Town::new();
    by_account(&mut town);
    at(&mut town, "一");
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "yellow")]).unwrap();
    at(&mut town, "二");
    let sheet = town.act(Verb::Release, id, &[]).unwrap().approval_sheet.unwrap();
    at(&mut town, "一");
    let told = refusal(town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")]));
    assert!(told.reason.contains("“评估”由账号“经办人一”录入"), "{told:?}");
    at(&mut town, "三");
    town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")])
        .unwrap();
}

/// covers §0.5 §4.4.10
#[test]
fn by_account_a_measure_is_proposed_approved_and_verified_at_three() {
    let mut town = Town::new();
    by_account(&mut town);
    at(&mut town, "一");
    let id = town
        .hold(Instrument::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    let weighed = [("cause", "监督不到位"), ("circumstance", "一般"), ("attitude", "一般")];
    town.act(Verb::Weigh, id, &weighed).unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    for verb in [Verb::Approve, Verb::Reject] {
        refusal(town.signed(verb, id, &[("reason", "……")]));
    }
    at(&mut town, "二");
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    refusal(town.act(Verb::Verify, id, &[("passed", "是")]));
    at(&mut town, "三");
    town.act(Verb::Verify, id, &[("passed", "是"), ("verifiers", "核验员甲")])
        .unwrap();
    town.story.on("2027-03-01");
    refusal(town.signed(Verb::Lift, id, &[]));
    at(&mut town, "二");
    town.signed(Verb::Lift, id, &[]).unwrap();
}

/// covers §0.5 §4.4.23
#[test]
fn an_appeal_is_decided_at_another_account_than_the_first_decision() {
    let mut town = Town::new();
    at(&mut town, "一");
    let id = town.correction();
    by_account(&mut town);
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    at(&mut town, "二");
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    let fields = [("appellant", "周正明"), ("grounds", "事实认定有误")];
    let filed = town.act(Verb::Appeal, id, &fields).unwrap().events[0].stream;
    let fields = [("outcome", "维持原决定"), ("handlers", "复核员甲"), ("opinion", "……")];
    for earlier in ["一", "二"] {
        at(&mut town, earlier);
        refusal(town.signed(Verb::DecideAppeal, filed, &fields));
    }
    at(&mut town, "三");
    town.signed(Verb::DecideAppeal, filed, &fields).unwrap();
}

/// covers §0.5
#[test]
fn by_account_a_point_is_graded_and_struck_off_at_another_than_asked_for_it() {
    let mut town = Town::new();
    by_account(&mut town);
    at(&mut town, "一");
    let (unit, post) = (town.bureau.to_string(), town.post.to_string());
    let fields = [
        ("unit", unit.as_str()),
        ("post", post.as_str()),
        ("description", "变更先干后批"),
        ("class", "岗位职责"),
        ("item", "工程建设"),
    ];
    let point = town.story.when(Town::form(Verb::Draft, &[], &fields)).unwrap().events[0].stream;
    town.act(Verb::Submit, point, &[]).unwrap();
    refusal(town.signed(Verb::Grade, point, &[("grade", "yellow")]));
    at(&mut town, "二");
    town.signed(Verb::Grade, point, &[("grade", "yellow")]).unwrap();
    let measure = town
        .act(Verb::AddMeasure, point, &[("text", "变更分级审批")])
        .unwrap()
        .events[0]
        .stream;
    town.act(Verb::ImplementMeasure, measure, &[]).unwrap();
    town.act(Verb::RateMeasure, measure, &[("effective", "是")]).unwrap();
    let sheet = town.act(Verb::Discharge, point, &[]).unwrap().approval_sheet.unwrap();
    refusal(town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")]));
    at(&mut town, "一");
    town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")])
        .unwrap();
}

/// covers §0.5 §0.15
#[test]
fn switching_the_setting_loses_nothing() {
    let mut town = Town::new();
    at(&mut town, "一");
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "yellow")]).unwrap();
    by_account(&mut town);
    refusal(town.signed(Verb::Release, id, &[]));
    by_name(&mut town);
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已整改")]).unwrap();
    by_account(&mut town);
    refusal(town.act(Verb::Verify, id, &[("passed", "是")]));
    at(&mut town, "二");
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
}
