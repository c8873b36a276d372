//! Who decided and when (§0.5, §0.12, §0.25, §0.28).

use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::warning::WarningStage;
use crate::domain::world::Operator;
use crate::domain::*;

fn assessed(town: &mut Town) -> StreamId {
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    id
}

/// covers §0.5 §0.25
#[test]
fn nothing_moves_until_the_countersignature_enters_the_date() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    let outcome = town
        .act(
            Verb::Escalate,
            id,
            &[("cause", "measures_missing"), ("responsible", "周正明")],
        )
        .unwrap();
    assert_eq!(outcome.effect, Effect::Pending);
    assert_eq!(town.warning(id).grade, Some(Grade::Yellow));
    assert_eq!(town.story.all("admonition"), []);
    assert_eq!(
        refused(town.signed(Verb::Escalate, id, &[("cause", "new_facts")])),
        "awaiting_signature"
    );

    town.story.on("2026-11-25");
    let sheet = outcome.approval_sheet.unwrap();
    assert_eq!(
        refused(town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-20")])),
        "before_last_step"
    );
    town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-24")])
        .unwrap();
    assert_eq!(town.warning(id).grade, Some(Grade::Orange));
    let a = town.admonition(town.story.all("admonition")[0]);
    assert_eq!(a.responsible[0].name, "周正明");
    assert_eq!(
        a.due.as_ref().unwrap().from,
        day("2026-11-24"),
        "clocks run from the signature"
    );
    assert_eq!(
        refused(town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-25")])),
        "wrong_stage"
    );
}

/// covers §0.25
#[test]
fn one_sheet_lists_many_and_struck_lines_do_not_go_through() {
    let mut town = Town::new();
    let ids: Vec<StreamId> = (0..3).map(|_| assessed(&mut town)).collect();
    let outcome = town.story.when(Town::form(Verb::Release, &ids, &[])).unwrap();
    assert_eq!(town.story.all("approval_sheet").len(), 1);
    assert_eq!(town.story.all("proposal").len(), 3);
    let struck = town.warning(ids[1]).code.clone();
    let sheet = outcome.approval_sheet.unwrap();
    town.act(
        Verb::Countersign,
        sheet,
        &[("signed_on", "2026-11-23"), ("strike", &struck)],
    )
    .unwrap();
    let stages: Vec<_> = ids.iter().map(|i| town.warning(*i).stage).collect();
    assert_eq!(
        stages,
        [WarningStage::Released, WarningStage::Assessed, WarningStage::Released]
    );
}

/// covers §0.25
#[test]
fn what_the_rules_refuse_after_signing_stays_and_says_why() {
    let mut town = Town::new();
    let id = assessed(&mut town);
    let outcome = town.act(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Return, id, &[("reason", "补充材料")]).unwrap();
    let sheet = outcome.approval_sheet.unwrap();
    let signed = town
        .act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")])
        .unwrap();
    assert!(signed.notes[0].contains("已签但未办成"), "{:?}", signed.notes);
    let State::Proposal(p) = town.story.get(town.story.all("proposal")[0]) else {
        panic!()
    };
    assert_eq!(p.stage.label(), "已签未办成");
    assert!(p.reason.contains("待评估"), "{}", p.reason);
}

/// covers §0.25
#[test]
fn a_proposal_ends_visibly_when_its_matter_ends() {
    let mut town = Town::new();
    let (id, other) = (assessed(&mut town), assessed(&mut town));
    town.act(Verb::Release, id, &[]).unwrap();
    let into = other.to_string();
    town.act(Verb::Merge, id, &[("into", &into)]).unwrap();
    let State::Proposal(p) = town.story.get(town.story.all("proposal")[0]) else {
        panic!()
    };
    assert_eq!(p.stage.label(), "已终结");
}

#[test]
fn what_could_not_be_signed_is_not_even_sent_for_signature() {
    let mut town = Town::new();
    let id = town.report();
    assert_eq!(refused(town.act(Verb::Lift, id, &[])), "wrong_stage");
    assert_eq!(town.story.all("approval_sheet"), []);
}

#[test]
fn a_vacant_seat_asks_for_the_signer() {
    let mut town = Town::new();
    let other = town.story.record(
        "unit",
        &[
            ("name", "区民政局"),
            ("kind", "department"),
            ("organ_line", "government"),
        ],
    );
    let unit = other.to_string();
    let id = town.report_about(&[("unit", &unit)]);
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    let refusal = town.signed(Verb::Release, id, &[]).unwrap_err();
    assert_eq!(refusal.kind, "vacant_seat");
    assert!(refusal.reason.contains("区民政局推委会主任"), "{}", refusal.reason);
    town.act(Verb::Release, id, &[])
        .expect("a vacant seat does not stop 送签");
}

/// covers G5 §0.5
#[test]
fn a_meeting_needs_its_number() {
    let mut town = Town::new();
    let id = assessed(&mut town);
    let meeting = |number: &str| Decision::Meeting {
        number: number.into(),
        on: None,
        votes: None,
    };
    let act = |d| Act {
        decision: Some(d),
        ..Town::form(Verb::Release, &[id], &[])
    };
    assert_eq!(refused(town.story.when(act(meeting(" ")))), "missing_field");
    town.story.when(act(meeting("2026年第7次"))).unwrap();
}

/// covers §0.5
#[test]
fn a_leader_himself_is_not_asked_who_signed() {
    let mut town = Town::new();
    let id = assessed(&mut town);
    let leader = Operator {
        decides: true,
        ..Operator::recorder("L1", "郑书记")
    };
    town.story.as_operator(leader);
    let outcome = town.act(Verb::Release, id, &[]).unwrap();
    assert_eq!(outcome.effect, Effect::Done);
}

/// covers §0.12
#[test]
fn the_deed_is_neither_in_the_future_nor_before_the_step_it_follows() {
    let mut town = Town::new();
    let id = town.report();
    let assess = Town::form(Verb::Assess, &[id], &[("grade", "黄")]);
    assert_eq!(
        refused(town.story.when(assess.clone().on(day("2026-11-24")))),
        "future_date"
    );
    assert_eq!(
        refused(town.story.when(assess.on(day("2026-11-20")))),
        "before_last_step"
    );
}

/// covers §0.28
#[test]
fn the_right_that_was_used_is_named() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    let outcome = town.signed(Verb::Escalate, id, &[("cause", "new_facts")]).unwrap();
    assert_eq!(
        outcome.acting_for,
        Some(BodyRef::Discipline),
        "grade changes: the deciding body (§0.28)"
    );
}

#[test]
fn what_available_denies_decide_refuses_whatever_the_form() {
    let mut town = Town::new();
    let (id, point) = (town.served(Grade::Orange), town.graded_point(Grade::Yellow));
    let full = [
        ("grade", "红"),
        ("cause", "new_facts"),
        ("reason", "理由"),
        ("passed", "是"),
        ("result", "结果"),
        ("plan", "方案"),
        ("to", "2026-12-25"),
        ("text", "内容"),
        ("into", ""),
        ("opinion", "意见"),
        ("from", "2026-11-23"),
    ];
    for target in [id, point] {
        for (verb, answer) in menu(target, &town.story) {
            if matches!(answer, Availability::No(_)) {
                let outcome = decide(&Town::form(verb, &[target], &full).signed(), &town.story);
                assert!(outcome.is_err(), "{} was denied but accepted", verb.id());
            }
        }
    }
}
