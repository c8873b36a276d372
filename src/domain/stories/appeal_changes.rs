//! 变更原决定 (§4.4 Appeal): what a decision on appeal makes of the measure, of its restriction and of its papers.

use crate::domain::admonition::AdmonitionStage as A;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::world::World;
use crate::domain::*;

use Instrument as I;

/// A 诫勉纠错 about two leaders, served on 23 November, appealed by the head, and decided on 10 December.
fn appealed() -> (Town, StreamId, StreamId, StreamId) {
    let mut town = Town::new();
    let id = town.correction();
    town.act(Verb::NameResponsible, id, &[("responsible", "周正明、林知远")])
        .unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    let clerk = town.story.titled("person", "林知远")[0];
    let filed = file(&mut town, id, "周正明");
    town.story.on("2026-12-10");
    (town, id, filed, clerk)
}

fn file(town: &mut Town, id: StreamId, appellant: &str) -> StreamId {
    let fields = [("appellant", appellant), ("grounds", "事实认定有误")];
    town.act(Verb::Appeal, id, &fields).unwrap().events[0].stream
}

fn change(town: &mut Town, appeal: StreamId, said: &[(&str, &str)]) -> Result<Outcome, Refusal> {
    let mut fields = vec![
        ("outcome", "变更原决定"),
        ("handlers", "复核员甲"),
        ("opinion", "经复核……"),
        ("change", "见复核决定书"),
    ];
    fields.extend(said);
    town.signed(Verb::DecideAppeal, appeal, &fields)
}

/// The days of a list on which somebody was restricted, as seen now.
fn barred(town: &Town, who: StreamId) -> Vec<&'static str> {
    [
        "2026-11-23",
        "2026-12-01",
        "2026-12-09",
        "2026-12-10",
        "2026-12-20",
        "2026-12-21",
    ]
    .into_iter()
    .filter(|on| !town.story.barred(who, on).is_empty())
    .collect()
}

const BEFORE: [&str; 3] = ["2026-11-23", "2026-12-01", "2026-12-09"];
const ALWAYS: [&str; 6] = [
    "2026-11-23",
    "2026-12-01",
    "2026-12-09",
    "2026-12-10",
    "2026-12-20",
    "2026-12-21",
];

/// covers §4.4.23
#[test]
fn a_shortened_restriction_ends_on_its_new_day_and_not_later_by_the_lift() {
    let (mut town, id, filed, clerk) = appealed();
    change(&mut town, filed, &[("until", "2026-12-20")]).unwrap();
    for who in [town.head, clerk, town.bureau] {
        assert_eq!(barred(&town, who), ALWAYS[..5], "to the last day stated");
    }
    assert_eq!(town.admonition(id).stage, A::Served, "it goes on");
    town.story.on("2026-12-15");
    town.act(Verb::Talk, id, &[]).unwrap();
    town.verified(id, "是");
    town.signed(Verb::Lift, id, &[]).unwrap();
    assert_eq!(barred(&town, town.head), ALWAYS[..4], "the lift came first");
}

/// covers §4.4.23
#[test]
fn an_end_before_the_decision_is_an_end_in_the_past() {
    let (mut town, _, filed, _) = appealed();
    change(&mut town, filed, &[("until", "2026-12-01")]).unwrap();
    assert_eq!(barred(&town, town.head), ALWAYS[..2]);
}

/// covers §4.4.23
#[test]
fn a_lighter_measure_takes_its_place_from_the_decision_or_from_the_beginning() {
    for (from_start, expected) in [("否", &BEFORE[..]), ("是", &[][..])] {
        let (mut town, id, filed, _) = appealed();
        let said = [("kind", "诫勉督导"), ("from_start", from_start)];
        let outcome = change(&mut town, filed, &said).unwrap();
        assert_eq!(town.admonition(id).kind, I::Supervision);
        assert_eq!(town.admonition(id).code.get(..2), Some("JJ"), "a number out stays");
        assert_eq!(barred(&town, town.head), expected);
        assert_eq!(barred(&town, town.bureau), expected, "评先评优 of the unit as well");
        let owed = "收回《诫勉纠错书》，改送《诫勉督导书》";
        assert!(outcome.notes.iter().any(|n| n.contains(owed)), "{:?}", outcome.notes);
        let obligation = *town.story.all("obligation").last().unwrap();
        let text = town.story.get(obligation).text("text");
        assert!(text.contains(owed) && text.contains("限制事项"), "{text}");
        // It is carried through as what it is now.
        town.act(Verb::Talk, id, &[]).unwrap();
        town.verified(id, "是");
        town.signed(Verb::Lift, id, &[]).unwrap();
        assert_eq!(town.admonition(id).stage, A::Lifted);
        assert_eq!(barred(&town, town.head), expected);
    }
}

/// covers §4.4.23
#[test]
fn somebody_struck_out_is_free_and_the_others_are_not() {
    for (from_start, expected) in [("否", &BEFORE[..]), ("是", &[][..])] {
        let (mut town, id, filed, clerk) = appealed();
        let outcome = change(&mut town, filed, &[("strike", "周正明"), ("from_start", from_start)]).unwrap();
        assert_eq!(barred(&town, town.head), expected);
        assert_eq!(barred(&town, clerk), ALWAYS);
        let named: Vec<&str> = town
            .admonition(id)
            .responsible
            .iter()
            .map(|n| n.name.as_str())
            .collect();
        assert_eq!(named, ["林知远"]);
        let told = outcome
            .notes
            .iter()
            .any(|n| n.contains("收回《诫勉纠错书》，另送变更通知；周正明不再列为责任人，商请出具澄清函"));
        assert!(told, "{:?}", outcome.notes);
        // The other one's appeal is his own, and stands on what is left.
        let other = file(&mut town, id, "林知远");
        change(&mut town, other, &[("free", "是")]).unwrap();
        assert_eq!(barred(&town, clerk), BEFORE);
        assert_eq!(barred(&town, town.head), expected);
    }
}

/// covers §4.4.23
#[test]
fn the_correction_gets_its_new_deadline() {
    let (mut town, id, filed, _) = appealed();
    assert_eq!(town.admonition(id).correct_due.as_ref().unwrap().day, day("2027-01-05"));
    assert_eq!(
        refused(change(&mut town, filed, &[("period", "2026-12-09")])),
        "wrong_field",
        "before the decision"
    );
    change(&mut town, filed, &[("period", "2026-12-25")]).unwrap();
    assert_eq!(town.admonition(id).correct_due.as_ref().unwrap().day, day("2026-12-25"));
    assert_eq!(town.story.get(id).due().unwrap().day, day("2026-12-25"));
    assert_eq!(
        barred(&town, town.head),
        ALWAYS,
        "the restriction waits for the lift as before"
    );
    town.act(Verb::Talk, id, &[]).unwrap();
    town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
    let other = file(&mut town, id, "林知远");
    assert_eq!(
        refused(change(&mut town, other, &[("period", "2026-12-30")])),
        "wrong_stage"
    );
}

/// covers §4.4.23 R096
#[test]
fn the_six_months_of_a_formal_admonition_can_be_shortened_but_not_lengthened() {
    let mut town = Town::new();
    let id = town
        .hold(I::FormalAdmonition, "发现不廉洁行为", &[("responsible", "周正明")])
        .unwrap();
    town.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
    town.signed(Verb::Approve, id, &[]).unwrap();
    town.act(Verb::Serve, id, &[]).unwrap();
    let filed = file(&mut town, id, "周正明");
    assert!(!town.story.barred(town.head, "2027-05-22").is_empty());
    assert_eq!(
        refused(change(&mut town, filed, &[("until", "2027-05-22")])),
        "no_worse"
    );
    change(&mut town, filed, &[("until", "2027-02-28")]).unwrap();
    assert!(!town.story.barred(town.head, "2027-02-28").is_empty());
    assert!(town.story.barred(town.head, "2027-03-01").is_empty());
}

/// covers §4.4.23
#[test]
fn a_change_says_what_it_changes_and_makes_nobody_worse_off() {
    let (mut town, _, filed, _) = appealed();
    let mut said = |fields: &[(&str, &str)]| refused(change(&mut town, filed, fields));
    assert_eq!(said(&[]), "missing_field", "words alone change nothing");
    assert_eq!(said(&[("kind", "诫勉纠错")]), "nothing_changed");
    assert_eq!(said(&[("kind", "责令改正")]), "wrong_kind", "of the other register");
    assert_eq!(said(&[("strike", "陈守诚")]), "not_concerned");
    assert_eq!(said(&[("until", "2026-11-20")]), "wrong_field", "before it began");

    let mut town = Town::new();
    let id = town
        .hold(I::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    town.carry_out(id);
    let filed = file(&mut town, id, "林知远");
    let mut said = |fields: &[(&str, &str)]| refused(change(&mut town, filed, fields));
    assert_eq!(said(&[("kind", "责令改正")]), "no_worse");
    assert_eq!(said(&[("kind", "诫勉谈话")]), "wrong_kind");
    assert_eq!(said(&[("strike", "林知远")]), "nobody_left");
    assert_eq!(said(&[("free", "是")]), "not_restricting");
    assert_eq!(said(&[("until", "2026-12-31")]), "not_restricting");
    change(&mut town, filed, &[("kind", "廉能督导")]).unwrap();
    assert_eq!(town.admonition(id).kind, I::IntegritySupervision);
}

/// What an earlier version wrote keeps its meaning: a decision that was modified freed from the beginning.
#[test]
fn a_change_recorded_before_it_could_say_what_still_frees_from_the_beginning() {
    let (town, id, filed, _) = appealed();
    let answer = crate::domain::event::AppealAnswer {
        appeal: filed,
        outcome: AppealOutcome::Modified,
        change: "改为批评教育".into(),
        modified: None,
        decided: crate::domain::event::Decided {
            how: "signed".into(),
            body: BodyRef::Steering,
            signer: None,
            on: day("2026-12-10"),
            meeting: None,
            votes: None,
        },
    };
    let event = Event::AppealAnswered(answer);
    let fact = state::Fact {
        event: &event,
        happened: day("2026-12-10"),
    };
    let after = State::Admonition(Box::new(town.admonition(id).clone().evolve(&fact)));
    assert!(after.restrictions().is_empty());
}
