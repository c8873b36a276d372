//! Who told it: typed by any receiver, read by the keeper, erased when its time is over (§0.21).

use super::*;
use crate::domain::Event;
use crate::domain::world::Operator;

fn refused(result: Result<Outcome, Refusal>) -> String {
    result.unwrap_err().kind
}

const NAMED: [(&str, &str); 2] = [("source_name", "赵小满"), ("source_phone", "13800000000")];

/// covers R081 §0.21
#[test]
fn a_source_is_sealed_with_its_report_and_stands_nowhere_else() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let fields = [("source", "信息员"), ("unit", unit.as_str()), ("content", "变更未报批")];
    let all = [&fields[..], &NAMED].concat();
    let outcome = town.story.when(Town::form(Verb::Register, &[], &all)).unwrap();
    let written = format!("{:?}", outcome.events);
    assert!(
        !written.contains("赵小满") && !written.contains("13800000000"),
        "{written}"
    );
    assert!(matches!(outcome.events[1].event, Event::SourceSealed { .. }));
    assert!(
        outcome.notes.iter().any(|note| note.contains("已密封")),
        "{:?}",
        outcome.notes
    );
    let id = outcome.events[0].stream;
    assert_eq!(town.story.get(id).text("source_sealed"), "已密封");
    // Nobody named: nothing is sealed.
    let other = town.report();
    assert_eq!(town.story.get(other).text("source_sealed"), "");
    assert_eq!(refused(town.act(Verb::ReadSource, other, &[])), "no_source");
}

#[test]
fn a_source_can_be_added_later_and_a_second_one_too() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    assert_eq!(refused(town.act(Verb::AddSource, id, &[])), "missing_field");
    assert_eq!(
        refused(town.act(Verb::AddSource, id, &[("source_name", "  ")])),
        "missing_field"
    );
    town.act(Verb::AddSource, id, &NAMED).unwrap();
    town.act(Verb::AddSource, id, &[("source_code", "XX-07")]).unwrap();
    assert_eq!(town.warning(id).sources.len(), 2);
    town.signed(Verb::Withdraw, id, &[("reason", "查无此事")]).unwrap();
    assert_eq!(refused(town.act(Verb::AddSource, id, &NAMED)), "ended");
}

#[test]
fn what_was_not_sealed_is_never_decided() {
    let mut town = Town::new();
    let id = town.report();
    let plain = Act::new(Verb::AddSource, vec![id]).with("source_name", "赵小满");
    let refusal = crate::domain::decide(&plain, &town.story).unwrap_err();
    assert_eq!(refusal.kind, "not_sealed");
}

/// covers R081 §0.21
#[test]
fn the_keeper_of_the_receiving_office_reads_it_and_others_do_not() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::AddSource, id, &NAMED).unwrap();
    let lead = town.warning(id).duties.lead;
    for (body, may) in [
        (lead, true),
        (BodyRef::Discipline, true),
        (BodyRef::SteeringOffice, true),
        (BodyRef::Steering, false),
        (BodyRef::TaskForce, false),
        (BodyRef::Leadership(OrganLine::Government), false),
        (BodyRef::Social(town.bureau), false),
    ] {
        town.story.as_operator(Operator {
            capacities: vec![body],
            ..Operator::recorder("someone", "某人")
        });
        let read = town.act(Verb::ReadSource, id, &[("reason", "回访")]);
        assert_eq!(read.is_ok(), may, "{body}: {read:?}");
    }
}

#[test]
fn reading_is_written_down_and_moves_nothing() {
    let mut town = Town::new();
    let id = town.report();
    town.act(Verb::AddSource, id, &NAMED).unwrap();
    let before = town.warning(id).clone();
    let outcome = town.act(Verb::ReadSource, id, &[("reason", "回访")]).unwrap();
    assert_eq!(outcome.events.len(), 1);
    assert!(matches!(&outcome.events[0].event, Event::SourceRead { reason } if reason == "回访"));
    assert_eq!(town.warning(id), &before);
}

/// covers §0.21 §4.3.15
#[test]
fn the_reply_is_owed_by_the_keepers_body_and_comes_before_the_erasing() {
    let mut town = Town::new();
    let id = town.served(Grade::Red);
    town.act(Verb::AddSource, id, &NAMED).unwrap();
    assert_eq!(town.warning(id).duties.lead, BodyRef::Steering);
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    town.act(Verb::Verify, id, &[("passed", "是")]).unwrap();
    assert_eq!(refused(town.act(Verb::EraseSource, id, &[])), "not_ended");
    let lifted = town.signed(Verb::Lift, id, &[]).unwrap();
    let owed = lifted.events.iter().find_map(|new| match &new.event {
        Event::ObligationOpened { body, .. } => Some((new.stream, *body)),
        _ => None,
    });
    let (obligation, body) = owed.unwrap();
    assert_eq!(body, BodyRef::SteeringOffice, "指委会 keeps no source");
    assert_eq!(refused(town.act(Verb::EraseSource, id, &[])), "kept_longer");
    let ended = town.warning(id).ended_on.unwrap();
    town.story.on(&(ended + chrono::Months::new(24)).to_string());
    assert_eq!(refused(town.act(Verb::EraseSource, id, &[])), "reply_owed");
    town.act(Verb::Fulfil, obligation, &[("result", "已告知")]).unwrap();
    town.act(Verb::EraseSource, id, &[]).unwrap();
    let w = town.warning(id);
    assert!(w.sources.is_empty() && w.source_erased_on.is_some());
    assert_eq!(town.story.get(id).text("source_sealed"), "已清除");
    assert_eq!(refused(town.act(Verb::ReadSource, id, &[])), "source_erased");
}
