#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::testing::adoption;
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Decision, Grade};
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::office::Office;
use crate::ledger::query::Reader;
use crate::ledger::rebuild::laws::picture;
use crate::ledger::room::{NOW, Room, import_points};

/// A warning assessed yellow and released.
fn released(room: &mut Room) -> StreamId {
    let (unit, _, person) = room.furnish();
    let warning = room.must(
        Act::new(Verb::Register, vec![])
            .with("source", "inspection")
            .with("unit", unit.to_string())
            .with("person", person.to_string())
            .with("content", "隧道工程变更未报批"),
    );
    room.must(
        Act::new(Verb::Assess, vec![warning])
            .with("grade", "yellow")
            .with("analysts", "甲、乙"),
    );
    let release = room.signed(Verb::Release, warning);
    room.must(release);
    warning
}

fn refused(result: Result<Receipt, Stop>) -> Refusal {
    match result {
        Err(Stop::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn acts_are_taken_back_one_by_one_and_brought_back_in_order() {
    let mut room = Room::new();
    let operator = room.operator.clone();
    let before = picture(&room);
    let warning = released(&mut room);
    let raise = room.signed(Verb::Escalate, warning).with("cause", "measures_missing");
    let receipt = room.act(raise).unwrap();
    assert!(receipt.undoable);
    let after = picture(&room);
    for _ in 0..7 {
        room.office.undo(&operator).unwrap();
    }
    assert_eq!(picture(&room), before, "as if nothing had happened");
    assert_eq!(refused(room.office.undo(&operator)).kind, "nothing_to_undo");
    room.check_rebuild();
    for _ in 0..7 {
        room.office.redo(&operator).unwrap();
    }
    assert_eq!(picture(&room), after);
    assert_eq!(refused(room.office.redo(&operator)).kind, "nothing_to_redo");
    room.check_rebuild();
}

#[test]
fn taking_back_survives_a_restart_and_belongs_to_one_operator() {
    let mut room = Room::new();
    released(&mut room);
    let now = room.office.clock().now_ms();
    room.office = Office::open(&room.paths, Clock::fixed(now), Entropy::seeded(8)).unwrap();
    let other = Operator::recorder("other", "别人");
    assert_eq!(refused(room.office.undo(&other)).kind, "nothing_to_undo");
    let operator = room.operator.clone();
    let undone = room.office.undo(&operator).unwrap();
    assert_eq!(undone.changed[0].code, "YJ-XY-2026-0001");
    room.office = Office::open(&room.paths, Clock::fixed(now + 1_000), Entropy::seeded(9)).unwrap();
    room.office.redo(&operator).unwrap();
    room.next_day();
    assert_eq!(
        refused(room.office.undo(&operator)).kind,
        "nothing_to_undo",
        "yesterday's acts stay"
    );
}

#[test]
fn what_was_served_needs_more_than_a_key() {
    let mut room = Room::new();
    let operator = room.operator.clone();
    let warning = released(&mut room);
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    let refusal = refused(room.office.undo(&operator));
    assert_eq!(refusal.kind, "served");
    assert!(refusal.hint.contains("撤回此步"), "{refusal:?}");
    let back = Act::new(Verb::Revert, vec![warning]).with("reason", "entry_error");
    room.act(back).unwrap();
    let shown = Reader::beside(&room.office).unwrap().shown(warning).unwrap();
    assert_eq!(shown.item.stage.as_deref(), Some("released"));
    let served = shown.timeline.iter().find(|s| s.event == "warning_served").unwrap();
    assert!(served.undone);
    assert!(shown.timeline.last().unwrap().text.contains("录入错误"));
    room.check_rebuild();
    // Taking a step back on purpose can itself be taken back.
    room.office.undo(&operator).unwrap();
    assert_eq!(
        Reader::beside(&room.office)
            .unwrap()
            .item(warning)
            .unwrap()
            .stage
            .as_deref(),
        Some("rectifying")
    );
    room.check_rebuild();
}

/// covers §0.19
#[test]
fn a_decided_step_is_taken_back_by_decision_and_only_from_the_top() {
    let mut room = Room::new();
    let warning = released(&mut room);
    let raise = room.signed(Verb::Escalate, warning).with("cause", "new_facts");
    room.must(raise);
    room.next_day();
    // Step 3 is the release; the raise stands on it.
    let early = Act::new(Verb::Revert, vec![warning])
        .with("reason", "录入错误")
        .with("step", 3);
    let refusal = room.refusal(early);
    assert_eq!(refusal.kind, "later_steps");
    assert!(
        refusal.reason.contains("YJ-XY-2026-0001 调高等级（2026-11-23）"),
        "{refusal:?}"
    );
    let plain = Act::new(Verb::Revert, vec![warning]).with("reason", "wrong_object");
    assert_eq!(
        room.refusal(Act::new(Verb::Revert, vec![warning])).kind,
        "missing_field"
    );
    let signed = Act {
        decision: Some(Decision::Signed {
            signer: Some("李主任".into()),
            on: None,
        }),
        ..plain
    };
    room.act(signed.clone()).unwrap();
    let item = Reader::beside(&room.office).unwrap().item(warning).unwrap();
    assert_eq!(item.lead_body.as_deref(), Some("implementation:DW-XY-0001"));
    room.act(signed).unwrap();
    let item = Reader::beside(&room.office).unwrap().item(warning).unwrap();
    assert_eq!(item.stage.as_deref(), Some("assessed"), "then the release under it");
    room.check_rebuild();
}

#[test]
fn a_step_sent_for_signature_is_taken_back_when_the_signature_is_entered() {
    let mut room = Room::new();
    let operator = room.operator.clone();
    let warning = released(&mut room);
    let raise = room.signed(Verb::Escalate, warning).with("cause", "new_facts");
    room.must(raise);
    let grade = |room: &Room| Reader::beside(&room.office).unwrap().item(warning).unwrap().grade;
    let back = Act::new(Verb::Revert, vec![warning]).with("reason", "leader_changed");
    let receipt = room.act(back.clone()).unwrap();
    assert_eq!(receipt.effect, "pending");
    let sheet = receipt.approval_sheet.clone().unwrap();
    let shown = Reader::beside(&room.office).unwrap().item(warning).unwrap();
    assert_eq!(
        (shown.grade, shown.waiting_for),
        (Some(Grade::Orange), Some("signature"))
    );
    room.check_rebuild();

    let sign = |room: &Room| {
        let paper = Reader::beside(&room.office).unwrap().resolve(&sheet).unwrap();
        Act::new(Verb::Countersign, vec![paper])
            .with("signed_on", "2026-11-23")
            .with("signer", "李主任")
    };
    let signed = room.act(sign(&room)).unwrap();
    assert_eq!(signed.effect, "done");
    assert_eq!(grade(&room), Some(Grade::Yellow), "back before the raise");
    let shown = Reader::beside(&room.office).unwrap().item(warning).unwrap();
    assert_ne!(shown.waiting_for, Some("signature"));
    assert_eq!(shown.lead_body.as_deref(), Some("implementation:DW-XY-0001"));
    room.check_rebuild();
    room.office.undo(&operator).unwrap();
    assert_eq!(
        grade(&room),
        Some(Grade::Orange),
        "the signature was entered by mistake"
    );
    room.office.redo(&operator).unwrap();
    assert_eq!(grade(&room), Some(Grade::Yellow));
    room.check_rebuild();
}

#[test]
fn a_signature_finds_a_step_on_which_others_now_stand() {
    let mut room = Room::new();
    let warning = released(&mut room);
    let back = Act::new(Verb::Revert, vec![warning]).with("reason", "entry_error");
    let sheet = room.act(back).unwrap().approval_sheet.unwrap();
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    let paper = Reader::beside(&room.office).unwrap().resolve(&sheet).unwrap();
    let receipt = room
        .act(
            Act::new(Verb::Countersign, vec![paper])
                .with("signed_on", "2026-11-23")
                .with("signer", "李主任"),
        )
        .unwrap();
    assert!(
        receipt.notes[0].contains("已签但未办成") && receipt.notes[0].contains("送达"),
        "{receipt:?}"
    );
    let stage = Reader::beside(&room.office).unwrap().item(warning).unwrap().stage;
    assert_eq!(stage.as_deref(), Some("rectifying"), "nothing was turned back");
    room.check_rebuild();
}

#[test]
fn what_others_build_on_stays() {
    let mut room = Room::new();
    let operator = room.operator.clone();
    let unit = room.record("unit", &[("name", "区城建局")]);
    let other = Operator::recorder("other", "别人");
    room.office.submit(&other, &import_points(unit, 2), None).unwrap();
    let refusal = refused(room.office.undo(&operator));
    assert_eq!(refusal.kind, "later_steps");
    assert!(refusal.reason.contains("导入（2026-11-23）"), "{refusal:?}");
}

#[test]
fn the_same_act_twice_is_done_once_and_another_under_its_id_is_a_fault() {
    let mut room = Room::new();
    let operator = room.operator.clone();
    let act = Act::new(Verb::Create, vec![])
        .with("register", "unit")
        .with("name", "区城建局");
    let first = room.office.submit(&operator, &act, Some([1; 16])).unwrap();
    let again = room.office.submit(&operator, &act, Some([1; 16])).unwrap();
    assert_eq!(first, again);
    let other = Act::new(Verb::Undo, vec![]);
    let other = Act {
        verb: Verb::Import,
        ..other
    };
    assert!(matches!(
        room.office.submit(&operator, &other, Some([1; 16])),
        Err(Stop::Failed(_))
    ));
}

#[test]
fn a_matter_changed_since_it_was_seen_is_refused_by_name() {
    let mut room = Room::new();
    let warning = released(&mut room);
    let mut act = Act::new(Verb::Serve, vec![warning]).with("received_by", "张三");
    act.seen = vec![(warning, 2)];
    let refusal = room.refusal(act.clone());
    assert_eq!(refusal.kind, "stale");
    assert!(refusal.reason.contains("YJ-XY-2026-0001：本事项已被他人更新"));
    act.seen = vec![(warning, 3)];
    room.act(act).unwrap();
}

#[test]
fn nothing_is_recorded_before_the_last_act() {
    let mut room = Room::new();
    room.furnish();
    room.office.clock().set(NOW - 3 * 86_400_000);
    assert_eq!(room.refusal(import_points(StreamId([1; 16]), 1)).kind, "clock");
}

/// covers §0.24 R030
#[test]
fn a_step_is_taken_back_by_whoever_did_it_by_its_body_or_by_the_one_above() {
    let mut room = Room::new();
    let warning = released(&mut room);
    let back = room.signed(Verb::Revert, warning).with("reason", "entry_error");
    let clerk = |id: &str, body| Operator {
        capacities: vec![body],
        ..Operator::recorder(id, id)
    };
    for body in [BodyRef::TaskForce, BodyRef::Discipline, BodyRef::SteeringOffice] {
        let refusal = refused(room.office.revert(&clerk("旁人", body), &back));
        assert_eq!(refusal.kind, "no_right", "{body}");
    }
    let above = clerk("指委会经办人", BodyRef::Steering);
    room.office.revert(&above, &back).unwrap();
    assert_eq!(
        Reader::beside(&room.office)
            .unwrap()
            .item(warning)
            .unwrap()
            .stage
            .as_deref(),
        Some("assessed")
    );
    room.check_rebuild();
}

/// covers §0.16 G3
#[test]
fn who_is_recused_takes_no_step_back_either() {
    let mut room = Room::new();
    let (unit, _, person) = room.furnish();
    let report = Act::new(Verb::Register, vec![])
        .with("source", "public")
        .with("unit", unit.to_string())
        .with("person", person.to_string())
        .with("content", "接受宴请");
    let warning = room.must(report);
    let himself = Operator {
        person: Some(person),
        ..Operator::recorder("self", "张三")
    };
    let back = Act::new(Verb::Revert, vec![warning]).with("reason", "entry_error");
    assert_eq!(refused(room.office.revert(&himself, &back)).kind, "recused");
}

/// covers §0.25
#[test]
fn two_lines_of_one_signing_do_not_change_the_same_matter_behind_each_others_back() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let both = [room.warning(unit, "甲件"), room.warning(unit, "乙件")];
    let assess = Act::new(Verb::Assess, both.to_vec())
        .with("grade", "yellow")
        .with("analysts", "甲、乙");
    room.must(assess);
    let mut release = Act::new(Verb::Release, both.to_vec());
    release.decision = room.signed(Verb::Release, both[0]).decision;
    room.must(release);
    let raise = Act::new(Verb::Escalate, vec![both[1]]).with("cause", "new_facts");
    let back = Act::new(Verb::Revert, vec![both[0]]).with("reason", "entry_error");
    let sheets: Vec<StreamId> = [raise, back]
        .into_iter()
        .map(|act| {
            let code = room.act(act).unwrap().approval_sheet.unwrap();
            Reader::beside(&room.office).unwrap().resolve(&code).unwrap()
        })
        .collect();
    let sign = Act::new(Verb::Countersign, sheets)
        .with("signed_on", "2026-11-23")
        .with("signer", "李主任");
    let receipt = room.act(sign).unwrap();
    let refused = receipt.notes.iter().any(|note| note.contains("另一行也改动本事项"));
    assert!(refused, "{} {:?}", "changed_twice", receipt.notes);
    room.check_rebuild();
}

/// covers §4.2.9
#[test]
fn a_downgrade_leaves_the_whole_history() {
    let mut room = Room::new();
    let warning = released(&mut room);
    let raise = room.signed(Verb::Escalate, warning).with("cause", "new_facts");
    room.must(raise);
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    room.must(Act::new(Verb::Feedback, vec![warning]).with("result", "已改"));
    let verify = Act::new(Verb::Verify, vec![warning])
        .with("passed", "true")
        .with("verifiers", "丙");
    room.must(verify);
    let lower = room.signed(Verb::Deescalate, warning).with("cause", "reassessed");
    room.must(lower);
    let shown = Reader::beside(&room.office).unwrap().shown(warning).unwrap();
    let grades: Vec<&str> = shown
        .timeline
        .iter()
        .map(|s| s.event.as_str())
        .filter(|e| e.contains("grade"))
        .collect();
    assert_eq!(grades, ["warning_grade_raised", "warning_grade_lowered"]);
}

/// The accounts of what was taken back do not count (§0.5).
#[test]
fn four_eyes_look_at_the_steps_a_matter_stands_on() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let warning = room.warning(unit, "大额拨付无联签");
    let account = Policy::overlay("four_eyes = \"account\"\n").unwrap();
    let calendar = Calendar::parse(&room.office.texts().source.calendar).unwrap();
    room.act(adoption(&account, &calendar)).unwrap();
    let assess = Act::new(Verb::Assess, vec![warning]).with("grade", "yellow");
    room.must(assess.clone());
    let duty = room.operator.clone();
    let other = Operator::recorder("other", "另一人");
    let release = room.signed(Verb::Release, warning);
    assert_eq!(room.refusal(release.clone()).kind, "same_account");
    room.office.undo(&duty).unwrap();
    room.office.submit(&other, &assess, None).unwrap();
    match room.office.submit(&other, &release, None) {
        Err(Stop::Refused(refusal)) => assert_eq!(refusal.kind, "same_account"),
        done => panic!("{done:?}"),
    }
    room.must(release);
}
