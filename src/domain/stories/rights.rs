//! Rights, proposals between bodies, and recusal (§0.6, §0.16, §0.25, §0.28, §4.8).

use crate::domain::proposal::ProposalStage;
use crate::domain::stories::{Town, refused};
use crate::domain::viewer;
use crate::domain::warning::WarningStage;
use crate::domain::world::{Operator, World};
use crate::domain::*;

fn clerk_of(body: BodyRef) -> Operator {
    Operator {
        capacities: vec![body],
        ..Operator::recorder("op", "经办人")
    }
}

fn assessed(town: &mut Town, grade: &str) -> StreamId {
    let id = town.report();
    town.act(Verb::Assess, id, &[("grade", grade)]).unwrap();
    id
}

fn waiting(town: &Town) -> StreamId {
    *town.story.all("proposal").last().unwrap()
}

/// covers §0.6 §0.25
#[test]
fn who_may_only_propose_puts_it_on_the_deciding_bodys_queue() {
    let mut town = Town::new();
    let id = assessed(&mut town, "黄");
    town.story.as_operator(clerk_of(BodyRef::TaskForce));
    let outcome = town.signed(Verb::Release, id, &[]).unwrap();
    assert_eq!((outcome.effect, outcome.approval_sheet), (Effect::Pending, None));
    assert_eq!(
        town.warning(id).stage,
        WarningStage::Assessed,
        "a proposal moves nothing"
    );
    let State::Proposal(p) = town.story.get(waiting(&town)) else {
        panic!()
    };
    assert_eq!(
        (p.proposer, p.deciding_body),
        (Some(BodyRef::TaskForce), BodyRef::Implementation(town.bureau))
    );
    assert_eq!(refused(town.signed(Verb::Accept, waiting(&town), &[])), "no_right");

    town.story.as_operator(clerk_of(BodyRef::Implementation(town.bureau)));
    town.signed(Verb::Accept, waiting(&town), &[]).unwrap();
    assert_eq!(town.warning(id).stage, WarningStage::Released);
}

/// covers §0.6 §4.2.11
#[test]
fn a_proposal_can_be_turned_down_or_sent_for_signature() {
    let mut town = Town::new();
    let ids = [assessed(&mut town, "橙"), assessed(&mut town, "橙")];
    town.story.as_operator(clerk_of(BodyRef::TaskForce));
    town.act(Verb::Release, ids[0], &[]).unwrap();
    town.act(Verb::Release, ids[1], &[]).unwrap();
    let proposals = town.story.all("proposal");
    town.story.as_operator(clerk_of(BodyRef::Discipline));
    town.signed(Verb::Reject, proposals[0], &[("reason", "证据不足")])
        .unwrap();
    let State::Proposal(p) = town.story.get(proposals[0]) else {
        panic!()
    };
    assert_eq!((p.stage, p.reason.as_str()), (ProposalStage::Rejected, "证据不足"));

    let sheet = town
        .act(Verb::Accept, proposals[1], &[])
        .unwrap()
        .approval_sheet
        .unwrap();
    assert_eq!(town.warning(ids[1]).stage, WarningStage::Assessed);
    town.act(Verb::Countersign, sheet, &[("signed_on", "2026-11-23")])
        .unwrap();
    assert_eq!(town.warning(ids[1]).stage, WarningStage::Released);
}

#[test]
fn accepting_decides_on_the_state_of_then_and_a_refusal_stays_with_its_reason() {
    let mut town = Town::new();
    let id = assessed(&mut town, "橙");
    town.story.as_operator(clerk_of(BodyRef::TaskForce));
    town.act(Verb::Release, id, &[]).unwrap();
    town.story.as_operator(Operator::recorder("local", "值班员"));
    town.act(Verb::Return, id, &[("reason", "补充材料")]).unwrap();
    let outcome = town.signed(Verb::Accept, waiting(&town), &[]).unwrap();
    assert!(outcome.notes[0].contains("待评估"), "{:?}", outcome.notes);
    let State::Proposal(p) = town.story.get(waiting(&town)) else {
        panic!()
    };
    assert_eq!(p.stage, ProposalStage::Stayed);
}

/// covers R025 A04
#[test]
fn the_social_supervision_committee_reports_and_nothing_else() {
    let mut town = Town::new();
    let street = town.story.record(
        "unit",
        &[("name", "甘棠街道"), ("kind", "街道"), ("organ_line", "区政府")],
    );
    town.story.as_operator(clerk_of(BodyRef::Social(street)));
    let id = town.report();
    assert_eq!(refused(town.act(Verb::Assess, id, &[("grade", "黄")])), "no_right");
    let act = Town::form(Verb::NoWarning, &[id], &[("reason", "x")]).signed();
    assert_eq!(refused(town.story.when(act)), "no_right");
}

/// covers §0.28
#[test]
fn a_picked_capacity_must_be_ones_own() {
    let mut town = Town::new();
    let id = assessed(&mut town, "黄");
    town.story.as_operator(clerk_of(BodyRef::Discipline));
    let wrong = Act {
        capacity: Some(BodyRef::Steering),
        ..Town::form(Verb::Assess, &[id], &[])
    };
    assert_eq!(refused(town.story.when(wrong)), "no_right");
}

/// covers R023 §0.16
#[test]
fn a_heads_matter_is_kept_from_his_own_office_until_it_is_served() {
    let mut town = Town::new();
    let head = town.head.to_string();
    let id = town.report_about(&[("person", &head)]);
    let own_clerk = clerk_of(BodyRef::Implementation(town.bureau));
    let colleague = Operator {
        person: Some(town.head),
        ..clerk_of(BodyRef::TaskForce)
    };
    assert!(viewer::hidden(town.story.get(id), &own_clerk, &town.story));
    assert!(
        viewer::hidden(town.story.get(id), &colleague, &town.story),
        "nobody reads his own matter before service"
    );
    assert!(!viewer::hidden(
        town.story.get(id),
        &clerk_of(BodyRef::Discipline),
        &town.story
    ));

    town.story.as_operator(own_clerk.clone());
    assert_eq!(refused(town.act(Verb::Assess, id, &[("grade", "黄")])), "recused");

    town.story.as_operator(Operator::recorder("local", "值班员"));
    town.act(Verb::Assess, id, &[("grade", "黄")]).unwrap();
    town.signed(Verb::Release, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    assert!(
        !viewer::hidden(town.story.get(id), &own_clerk, &town.story),
        "served: his office has to act on it"
    );
}

/// covers §0.16 G3
#[test]
fn relatives_never_see_or_touch_it() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let wife = town.story.record("person", &[("name", "许静"), ("unit", &unit)]);
    let (one, two) = (wife.to_string(), town.head.to_string());
    town.story
        .record("kin", &[("person", &one), ("relative", &two), ("relation", "配偶")]);
    let id = town.report_about(&[("person", &two)]);
    let relative = Operator {
        person: Some(wife),
        ..clerk_of(BodyRef::Discipline)
    };
    assert!(viewer::hidden(town.story.get(id), &relative, &town.story));
    town.story.as_operator(relative);
    assert_eq!(refused(town.act(Verb::Assess, id, &[("grade", "橙")])), "recused");
}

/// covers R014 §0.16 A20
#[test]
fn a_body_the_subject_sits_in_is_skipped_upwards() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let mayor = town
        .story
        .record("person", &[("name", "欧阳区长"), ("unit", &unit), ("rank", "处级")]);
    town.story
        .seat(BodyRef::Leadership(OrganLine::Government), SeatRole::ViceChair, mayor);
    let person = mayor.to_string();
    let id = town.report_about(&[("person", &person)]);
    assert_eq!(
        town.warning(id).duties.lead,
        BodyRef::Steering,
        "A20: the 防委会 he sits in is skipped"
    );
    assert!(town.story.body_stream(town.warning(id).duties.lead).is_some());
}
