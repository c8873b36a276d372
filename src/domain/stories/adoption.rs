//! Adopting: later decisions follow the new texts; a new calendar moves the deadlines that cross it, once.

use super::{Town, refused};
use crate::domain::calendar::{Calendar, shipped};
use crate::domain::decide::Outcome;
use crate::domain::event::Event;
use crate::domain::policy::Policy;
use crate::domain::testing::{adoption, calendar_2027, day};
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Grade, OrganLine, State, StreamId, Verb};

fn shipped_calendar() -> Calendar {
    Calendar::parse(shipped()).unwrap()
}

/// A town that has adopted the shipped texts.
fn adopted() -> Town {
    let mut town = Town::new();
    town.story
        .when(adoption(Policy::shipped(), &shipped_calendar()))
        .unwrap();
    town
}

fn moves(outcome: &Outcome) -> Vec<(StreamId, String, String, String, bool)> {
    let told = outcome.events.iter().filter_map(|new| match &new.event {
        Event::DueMoved {
            step,
            from,
            to,
            provisional,
        } => Some((new.stream, step.clone(), from.to_string(), to.to_string(), *provisional)),
        _ => None,
    });
    told.collect()
}

/// covers §0.8
#[test]
fn a_new_years_notice_moves_exactly_the_deadlines_that_cross_it_and_once() {
    let mut town = adopted();
    town.story.on("2026-12-21");
    // Red: thirty working days from Monday 21 December, over 元旦 and 春节.
    let red = town.served(Grade::Red);
    // Yellow: fifteen, over 元旦 only, which weekends and fixed days had right.
    let yellow = town.served(Grade::Yellow);
    let report = town.report();
    let task = [("title", "报送年度计划"), ("kind", "plan"), ("due", "2027-02-10")];
    let task = town.born(Verb::IssueTask, &task).unwrap();
    let before: Vec<_> = [red, yellow, report, task]
        .iter()
        .map(|id| town.story.get(*id).due().unwrap().clone())
        .collect();
    assert_eq!(before[0].day, day("2027-02-02"));
    assert!(before[0].provisional && before[1].provisional && before[3].provisional);
    assert_eq!((before[2].day, before[2].provisional), (day("2026-12-28"), true));

    let outcome = town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    let red_due = town.story.get(red).due().unwrap().clone();
    // 30 January is worked now, so the thirtieth working day comes one earlier.
    assert_eq!((red_due.day, red_due.provisional), (day("2027-02-01"), false));
    assert_eq!(town.story.get(yellow).due().unwrap().day, before[1].day);
    assert_eq!(
        town.story.get(task).due().unwrap().day,
        day("2027-02-10"),
        "somebody named that day"
    );
    let all = moves(&outcome);
    assert_eq!(all.len(), 4, "one event for each of the four: {all:?}");
    assert!(all.iter().all(|(.., provisional)| !provisional), "{all:?}");
    let changed: Vec<_> = all.iter().filter(|(_, _, from, to, _)| from != to).collect();
    assert_eq!(changed.len(), 1, "{all:?}");
    assert_eq!(changed[0].0, red);
    let code = town.story.get(red).code().to_owned();
    assert!(
        outcome
            .notes
            .contains(&format!("{code} 整改期限：2027-02-02 → 2027-02-01")),
        "{:?}",
        outcome.notes
    );
    assert!(
        outcome.events.iter().skip(1).all(|new| new.because == Some(0)),
        "in one act, because of the adoption"
    );

    assert_eq!(
        refused(town.story.when(adoption(Policy::shipped(), &calendar_2027()))),
        "nothing_changed"
    );
    let other = Policy::overlay("clock_ahead_days = 20\n").unwrap();
    let outcome = town.story.when(adoption(&other, &calendar_2027())).unwrap();
    assert_eq!(moves(&outcome), [], "the calendar is the same");
}

#[test]
fn deadlines_over_the_spring_festival_move_past_it() {
    let mut town = adopted();
    town.story.on("2027-01-28");
    let served = town.served(Grade::Orange);
    assert_eq!(town.story.get(served).due().unwrap().day, day("2027-02-25"));
    town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    // Six working days less, two swapped Saturdays more.
    assert_eq!(town.story.get(served).due().unwrap().day, day("2027-03-03"));
}

#[test]
fn a_ratification_and_an_owed_review_move_too() {
    let mut town = adopted();
    town.story.on("2027-02-03");
    let point = town.graded_point(Grade::Yellow);
    let mut raise = Town::form(Verb::Escalate, &[point], &[("cause", "new_facts")]);
    raise.decision = Some(crate::domain::Decision::Urgent);
    town.story.when(raise).unwrap();
    let ratify = |town: &Town| town.point(point).unratified.clone().unwrap().1.day;
    assert_eq!(ratify(&town), day("2027-02-08"));
    town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    assert_eq!(ratify(&town), day("2027-02-16"));
}

#[test]
fn a_correction_moves_in_its_current_step_and_in_those_to_come() {
    let mut town = adopted();
    town.story.on("2027-01-28");
    let id = town.served_correction();
    let days = |town: &Town| {
        let a = town.admonition(id);
        [&a.due, &a.correct_due, &a.self_check_due, &a.appeal_by].map(|d| d.as_ref().unwrap().day.to_string())
    };
    assert_eq!(days(&town), ["2027-03-11", "2027-03-11", "2027-02-04", "2027-03-01"]);
    let outcome = town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    assert_eq!(days(&town), ["2027-03-17", "2027-03-17", "2027-02-03", "2027-03-01"]);
    assert_eq!(
        moves(&outcome).iter().filter(|(stream, ..)| *stream == id).count(),
        3,
        "each date once"
    );
    let due = town.admonition(id).appeal_by.clone().unwrap();
    assert!(!due.provisional, "settled");

    let filed = town
        .act(Verb::Appeal, id, &[("appellant", "周正明"), ("grounds", "认定有误")])
        .unwrap()
        .events[0]
        .stream;
    assert_eq!(town.story.get(filed).running().len(), 1, "its month runs, too");
}

#[test]
fn an_extended_deadline_stays_on_its_day_and_no_running_one_falls_into_the_past() {
    let mut town = adopted();
    town.story.on("2027-01-28");
    let extended = town.served(Grade::Yellow);
    town.signed(Verb::Extend, extended, &[("to", "2027-02-24"), ("reason", "等待验收")])
        .unwrap();
    let short = town.served(Grade::Red);
    town.story.on("2027-03-12");
    assert_eq!(town.story.get(short).due().unwrap().day, day("2027-03-11"));
    town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    assert_eq!(town.story.get(extended).due().unwrap().day, day("2027-02-24"));
    assert_eq!(
        town.story.get(short).due().unwrap().day,
        day("2027-03-17"),
        "late no more"
    );

    let mut town = adopted();
    town.story.on("2026-12-21");
    let red = town.served(Grade::Red);
    town.story.on("2027-02-02");
    town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    assert_eq!(
        town.story.get(red).due().unwrap().day,
        day("2027-02-02"),
        "it would have ended yesterday; nobody is late by a correction"
    );
}

/// covers G6 G7
#[test]
fn adopted_values_bind_later_decisions_only() {
    let mut town = adopted();
    let earlier = town.served(Grade::Yellow);
    let due = town.story.get(earlier).due().unwrap().clone();
    let text = "[deadline]\n\"warning.rectify\" = { yellow = 10, unit = \"wd\" }\n";
    let policy = Policy::overlay(text).unwrap();
    town.story.when(adoption(&policy, &shipped_calendar())).unwrap();
    assert_eq!(town.story.get(earlier).due().unwrap(), &due);
    let later = town.served(Grade::Yellow);
    assert_eq!(town.story.get(later).due().unwrap().length, 10);
    assert_eq!(town.story.all("adoption").len(), 1, "one stream for all adoptions");
}

#[test]
fn a_moved_deadline_is_no_step_so_an_earlier_deed_can_still_be_recorded() {
    let mut town = adopted();
    town.story.on("2026-12-21");
    let served = town.served(Grade::Red);
    town.story.on("2026-12-25");
    town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    let mut feedback = Town::form(Verb::Feedback, &[served], &[("result", "已整改")]);
    feedback.happened = Some(day("2026-12-24"));
    town.story.when(feedback).unwrap();
}

#[test]
fn broken_texts_are_refused_whole_and_others_may_not_adopt() {
    let mut town = adopted();
    let act = Act::new(Verb::Adopt, vec![])
        .with("policy", "flow = 1\n")
        .with("calendar", "[[year]]\nyear = 2027\n")
        .with("registers", serde_json::json!({ "x.toml": "id = \"x\"\n" }));
    let refusal = town.story.when(act).unwrap_err();
    assert_eq!(refusal.kind, "broken_text");
    for part in [
        "policy.toml 第 1 行：flow",
        "calendar.toml 第 1 行：2027 年没有写 confirmed",
        "x.toml 第 1 行：缺少 prefix",
    ] {
        assert!(refusal.reason.contains(part), "{part}: {}", refusal.reason);
    }
    let mut clerk = Operator::recorder("zhang", "张敏");
    clerk.capacities = vec![BodyRef::Leadership(OrganLine::Government)];
    town.story.as_operator(clerk);
    assert_eq!(
        refused(town.story.when(adoption(Policy::shipped(), &calendar_2027()))),
        "no_right"
    );
    let mut office = Operator::recorder("he", "何清源");
    office.capacities = vec![BodyRef::SteeringOffice];
    town.story.as_operator(office);
    let outcome = town.story.when(adoption(Policy::shipped(), &calendar_2027())).unwrap();
    assert_eq!(outcome.acting_for, Some(BodyRef::SteeringOffice));
    let State::Adoption(texts) = town.story.get(town.story.all("adoption")[0]) else {
        panic!("not the adopted texts");
    };
    assert_eq!(texts.calendar, calendar_2027().text());
}
