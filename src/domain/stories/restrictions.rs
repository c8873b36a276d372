//! Who is restricted, by what, on which day: stories of each source, and a table of twenty people over 400 days.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use crate::domain::event::{Decided, Due, Event, Named, Proposed, Service};
use crate::domain::restriction::{InForce, RestrictionSpan, in_force};
use crate::domain::state::{Fact, evolve};
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

use Instrument as I;

/// covers R092 R102 A13 §4.4.7
#[test]
fn a_unit_under_correction_may_not_be_commended_its_leaders_may_do_none_of_the_three() {
    let mut town = Town::new();
    let id = town.served_correction();
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    assert_eq!(
        town.story.barred(town.bureau, "2026-11-23"),
        [RestrictedAct::Commendation],
        "A13"
    );
    let spans = town.story.get(id).restrictions();
    assert_eq!(spans.len(), 4, "{spans:?}");
}

/// covers R107 §4.4.7
#[test]
fn an_order_about_a_unit_names_somebody_and_one_about_a_person_leaves_the_unit_free() {
    let mut town = Town::new();
    let whole = town.hold(I::OrderCorrection, "存在漏洞", &[]).unwrap();
    town.act(
        Verb::Weigh,
        whole,
        &[("cause", "监督不到位"), ("circumstance", "一般"), ("attitude", "一般")],
    )
    .unwrap();
    town.act(Verb::Hear, whole, &[]).unwrap();
    assert_eq!(
        refused(town.signed(Verb::Approve, whole, &[])),
        "no_responsible",
        "A13: at least one"
    );
    let one = town
        .hold(I::OrderCorrection, "存在漏洞", &[("responsible", "周正明")])
        .unwrap();
    town.carry_out(one);
    assert_eq!(town.story.barred(town.head, "2026-11-23"), RestrictedAct::ALL);
    assert!(town.story.barred(town.bureau, "2026-11-23").is_empty());
    let both = town
        .hold(
            I::OrderCorrection,
            "存在漏洞",
            &[("responsible", "周正明"), ("unit_wide", "是")],
        )
        .unwrap();
    town.carry_out(both);
    assert_eq!(
        town.story.barred(town.bureau, "2026-11-23"),
        [RestrictedAct::Commendation]
    );
}

#[test]
fn a_name_that_is_not_in_the_directory_restricts_nobody_and_is_not_approved() {
    let mut town = Town::new();
    let id = town.served(Grade::Yellow);
    let raise = [("cause", "measures_missing"), ("responsible", "查无此人")];
    town.signed(Verb::Escalate, id, &raise).unwrap();
    let id = town.last_of(I::Correction).unwrap();
    town.act(Verb::Hear, id, &[]).unwrap();
    assert_eq!(refused(town.signed(Verb::Approve, id, &[])), "unknown_person");
}

/// covers §0.1
#[test]
fn the_national_overlay_keeps_a_correction_for_six_months_from_service() {
    for (overlay, free_from) in [(false, "2026-12-21"), (true, "2027-05-23")] {
        let mut town = Town::new();
        town.story.with_policy(|p| p.national_overlay = overlay);
        let id = town.served_correction();
        town.act(Verb::Talk, id, &[]).unwrap();
        town.story.on("2026-12-21");
        town.verified(id, "是");
        town.signed(Verb::Lift, id, &[]).unwrap();
        let last = day(free_from).pred_opt().unwrap().to_string();
        assert_eq!(
            town.story.barred(town.head, &last),
            RestrictedAct::ALL,
            "overlay {overlay}"
        );
        assert!(town.story.barred(town.head, free_from).is_empty(), "overlay {overlay}");
    }
    // Lifted later than six months after service: the lift ends it.
    let mut town = Town::new();
    town.story.with_policy(|p| p.national_overlay = true);
    let id = town.served_correction();
    town.act(Verb::Talk, id, &[]).unwrap();
    town.story.on("2027-06-10");
    town.verified(id, "是");
    town.signed(Verb::Lift, id, &[]).unwrap();
    assert_eq!(town.story.barred(town.head, "2027-06-09"), RestrictedAct::ALL);
    assert!(town.story.barred(town.head, "2027-06-10").is_empty());
}

/// covers §0.29
#[test]
fn an_outside_decision_is_entered_with_its_end_amended_and_voided() {
    let mut town = Town::new();
    let who = town.head.to_string();
    let given = |change: &[(&'static str, &'static str)]| {
        let mut fields: BTreeMap<&str, String> = BTreeMap::from([
            ("register", "outside_decision".to_owned()),
            ("title", "行政警告".to_owned()),
            ("person", who.clone()),
            ("kind", "政务处分".to_owned()),
            ("organ", "市监委".to_owned()),
            ("promotion", "是".to_owned()),
            ("from", "2026-11-01".to_owned()),
            ("to", "2027-04-30".to_owned()),
        ]);
        for (field, value) in change {
            fields.insert(field, (*value).to_owned());
        }
        fields
            .into_iter()
            .fold(Act::new(Verb::Create, vec![]), |act, (f, v)| act.with(f, v))
    };
    assert_eq!(
        refused(town.story.when(given(&[("to", "")]))),
        "missing_field",
        "no end"
    );
    assert_eq!(
        refused(town.story.when(given(&[("promotion", "")]))),
        "missing_field",
        "no act"
    );
    assert_eq!(refused(town.story.when(given(&[("to", "2026-10-31")]))), "wrong_field");
    let id = town.story.when(given(&[])).unwrap().events[0].stream;
    assert_eq!(town.story.barred(town.head, "2027-04-30"), [RestrictedAct::Promotion]);
    assert!(town.story.barred(town.head, "2027-05-01").is_empty());
    assert_eq!(
        refused(town.act(Verb::Amend, id, &[("promotion", "否")])),
        "missing_field"
    );
    town.act(Verb::Amend, id, &[("to", "2027-06-30"), ("commendation", "是")])
        .unwrap();
    let both = [RestrictedAct::Promotion, RestrictedAct::Commendation];
    assert_eq!(town.story.barred(town.head, "2027-06-30"), both);
    town.act(Verb::Void, id, &[("reason", "人员弄错")]).unwrap();
    assert!(town.story.barred(town.head, "2026-12-01").is_empty());
}

/// covers §4.4.20
#[test]
fn overlapping_and_touching_spans_are_one_period_and_the_latest_end_wins() {
    let subject = StreamId([7; 16]);
    let span = |from: &str, to: Option<&str>| RestrictionSpan {
        subject,
        act: RestrictedAct::Promotion,
        from: day(from),
        to: to.map(day),
    };
    let spans = [
        span("2026-03-01", Some("2026-04-01")),
        span("2026-01-01", Some("2026-02-01")),
        span("2026-01-10", Some("2026-01-20")),
        span("2026-02-01", Some("2026-02-10")),
        span("2026-06-01", None),
    ];
    let on = |text: &str| in_force(&spans, day(text));
    let period = |from: &str, until: Option<&str>| {
        vec![InForce {
            act: RestrictedAct::Promotion,
            from: day(from),
            until: until.map(day),
        }]
    };
    assert_eq!(on("2026-01-15"), period("2026-01-01", Some("2026-02-10")));
    assert_eq!(on("2026-02-09"), period("2026-01-01", Some("2026-02-10")));
    assert_eq!(on("2026-02-10"), []);
    assert_eq!(on("2026-03-31"), period("2026-03-01", Some("2026-04-01")));
    assert_eq!(on("2026-05-31"), []);
    assert_eq!(on("2030-01-01"), period("2026-06-01", None));
    assert_eq!(on("2025-12-31"), []);
}

// ---- Twenty people, four sources, 400 days ----

const START: &str = "2026-01-01";

fn after(days: u64) -> NaiveDate {
    day(START) + Days::new(days)
}

fn person(n: u8) -> StreamId {
    StreamId([n; 16])
}

fn due(on: NaiveDate) -> Due {
    Due {
        step: "x".into(),
        day: on,
        from: on,
        length: 0,
        kind: DayKind::Working,
        owner: DueOwner::Office,
        provisional: false,
        named: false,
    }
}

fn decided(on: NaiveDate) -> Decided {
    Decided {
        how: "signed".into(),
        body: BodyRef::Discipline,
        signer: None,
        on,
        meeting: None,
        votes: None,
    }
}

/// How a measure ends in the table.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Never,
    Lifted(u64),
    /// Lifted on a day, with the overlay's six months from service.
    Overlaid(u64),
    Revoked,
    /// Modified on appeal.
    Modified,
    Failed,
    NotServed,
}

/// A measure about people, from day `from` of the table.
fn measure(kind: Instrument, people: &[u8], from: u64, end: End) -> State {
    let acts = if kind == I::FormalAdmonition {
        vec![RestrictedAct::Promotion, RestrictedAct::Commendation]
    } else {
        RestrictedAct::ALL.to_vec()
    };
    let on = after(from);
    // A namesake is named in every measure as well, known by name only: he restricts nobody.
    let mut responsible: Vec<Named> = people
        .iter()
        .map(|n| Named {
            person: Some(person(*n)),
            name: "王伟".into(),
        })
        .collect();
    responsible.push(Named {
        person: None,
        name: "王伟".into(),
    });
    let effect = (kind == I::FormalAdmonition).then(|| crate::domain::event::Effect {
        from: on,
        to: on + Months::new(6),
        acts: acts.clone(),
    });
    let mut events = vec![
        (
            on,
            Event::AdmonitionProposed(Proposed {
                code: "X".into(),
                kind,
                trigger: AdmonitionTrigger::Loophole,
                unit: person(200),
                responsible,
                origin: None,
                facts: String::new(),
                proposer: BodyRef::Discipline,
                proposed_by: None,
                approver: BodyRef::Discipline,
                restricts: acts.clone(),
                unit_wide: kind == I::Correction,
                weighed: Default::default(),
                due: due(on),
            }),
        ),
        (
            on,
            Event::AdmonitionApproved {
                opinion: String::new(),
                decided: decided(on),
                effect,
                due: due(on),
            },
        ),
    ];
    let served = Service {
        received_by: String::new(),
        refused_before: None,
        restricts: if kind == I::FormalAdmonition { Vec::new() } else { acts },
        at_least: matches!(end, End::Overlaid(_)).then(|| on + Months::new(6)),
        self_check_due: None,
        appeal_by: None,
        current: None,
        due: due(on),
    };
    if end != End::NotServed {
        events.push((on, Event::AdmonitionServed(served)));
    }
    let answer = |outcome| {
        Event::AppealAnswered(crate::domain::event::AppealAnswer {
            appeal: person(250),
            outcome,
            change: String::new(),
            modified: None,
            decided: decided(on),
        })
    };
    let lifted = Event::AdmonitionLifted {
        opinion: String::new(),
        decided: decided(on),
    };
    match end {
        End::Never | End::NotServed => {}
        End::Lifted(at) | End::Overlaid(at) => events.push((after(at), lifted)),
        End::Revoked => events.push((after(from + 30), answer(AppealOutcome::Revoked))),
        End::Modified => events.push((after(from + 30), answer(AppealOutcome::Modified))),
        End::Failed => events.push((
            after(from + 20),
            Event::AdmonitionFailed {
                verifiers: Vec::new(),
                opinion: String::new(),
                due: due(on),
            },
        )),
    }
    grown(events)
}

fn outside(n: u8, from: u64, last: u64, acts: &[RestrictedAct], void: bool) -> State {
    let mut fields = Fields::new();
    fields.insert("person".into(), person(n).to_string().into());
    fields.insert("from".into(), after(from).to_string().into());
    fields.insert("to".into(), after(last).to_string().into());
    for act in acts {
        fields.insert(act.id().into(), true.into());
    }
    let saved = Event::RecordSaved {
        register: "outside_decision".into(),
        code: Some("WC".into()),
        original_code: None,
        fields,
    };
    let mut events = vec![(after(from), saved)];
    if void {
        events.push((
            after(last),
            Event::Voided {
                reason: "录错".into()
            },
        ));
    }
    grown(events)
}

fn grown(events: Vec<(NaiveDate, Event)>) -> State {
    let grow = |state, (happened, event): (NaiveDate, Event)| {
        evolve(
            state,
            &Fact {
                event: &event,
                happened,
            },
        )
    };
    events.into_iter().fold(None, grow).unwrap()
}

/// Days of the table on which an act is forbidden: half-open ranges.
type Expected = Vec<(RestrictedAct, Vec<(u64, u64)>)>;

fn all(ranges: &[(u64, u64)]) -> Expected {
    RestrictedAct::ALL.iter().map(|act| (*act, ranges.to_vec())).collect()
}

fn only(rows: &[(RestrictedAct, &[(u64, u64)])]) -> Expected {
    rows.iter().map(|(act, ranges)| (*act, ranges.to_vec())).collect()
}

/// covers §0.29 R092 §4.4.20
#[test]
fn twenty_people_four_sources_four_hundred_days() {
    use RestrictedAct::{Commendation, Promotion, Transfer};
    const FOREVER: u64 = 10_000;
    // Six months from day 0 of the table (1 January) is day 181, from day 59 (1 March) day 243, from day 90 (1 April)
    // day 273.
    let six = |from: u64| (after(from) + Months::new(6) - after(0)).num_days() as u64;
    assert_eq!((six(0), six(59), six(90)), (181, 243, 273));
    let (correction, order, formal) = (I::Correction, I::OrderCorrection, I::FormalAdmonition);
    let people: Vec<(&str, Vec<State>, Expected)> = vec![
        ("nothing", vec![], vec![]),
        (
            "correction, lifted",
            vec![measure(correction, &[1], 10, End::Lifted(70))],
            all(&[(10, 70)]),
        ),
        (
            "order, still running",
            vec![measure(order, &[2], 30, End::Never)],
            all(&[(30, FOREVER)]),
        ),
        (
            "formal admonition",
            vec![measure(formal, &[3], 59, End::Never)],
            only(&[(Promotion, &[(59, 243)]), (Commendation, &[(59, 243)])]),
        ),
        (
            "outside decision",
            vec![outside(4, 100, 199, &[Promotion, Transfer], false)],
            only(&[(Promotion, &[(100, 200)]), (Transfer, &[(100, 200)])]),
        ),
        (
            "correction and order, overlapping",
            vec![
                measure(correction, &[5], 10, End::Lifted(100)),
                measure(order, &[5], 60, End::Lifted(150)),
            ],
            all(&[(10, 150)]),
        ),
        (
            "correction and order, apart",
            vec![
                measure(correction, &[6], 10, End::Lifted(50)),
                measure(order, &[6], 60, End::Lifted(90)),
            ],
            all(&[(10, 50), (60, 90)]),
        ),
        (
            "correction and formal admonition",
            vec![
                measure(correction, &[7], 59, End::Lifted(80)),
                measure(formal, &[7], 90, End::Never),
            ],
            only(&[
                (Promotion, &[(59, 80), (90, 273)]),
                (Transfer, &[(59, 80)]),
                (Commendation, &[(59, 80), (90, 273)]),
            ]),
        ),
        (
            "correction and outside decision",
            vec![
                measure(correction, &[8], 10, End::Lifted(200)),
                outside(8, 50, 249, &[Commendation], false),
            ],
            only(&[
                (Promotion, &[(10, 200)]),
                (Transfer, &[(10, 200)]),
                (Commendation, &[(10, 250)]),
            ]),
        ),
        (
            "order and formal admonition",
            vec![
                measure(order, &[9], 200, End::Lifted(300)),
                measure(formal, &[9], 59, End::Never),
            ],
            only(&[
                (Promotion, &[(59, 300)]),
                (Transfer, &[(200, 300)]),
                (Commendation, &[(59, 300)]),
            ]),
        ),
        (
            "order and outside decision",
            vec![
                measure(order, &[10], 20, End::Lifted(40)),
                outside(10, 40, 99, &[Promotion], false),
            ],
            only(&[
                (Promotion, &[(20, 100)]),
                (Transfer, &[(20, 40)]),
                (Commendation, &[(20, 40)]),
            ]),
        ),
        (
            "formal admonition and outside decision",
            vec![
                measure(formal, &[11], 0, End::Never),
                outside(11, 170, 189, &[Promotion, Transfer], false),
            ],
            only(&[
                (Promotion, &[(0, 190)]),
                (Transfer, &[(170, 190)]),
                (Commendation, &[(0, 181)]),
            ]),
        ),
        (
            "all four",
            vec![
                measure(correction, &[12], 0, End::Lifted(30)),
                measure(order, &[12], 25, End::Lifted(60)),
                measure(formal, &[12], 59, End::Never),
                outside(12, 243, 299, &[Promotion], false),
            ],
            only(&[
                (Promotion, &[(0, 300)]),
                (Transfer, &[(0, 60)]),
                (Commendation, &[(0, 243)]),
            ]),
        ),
        (
            "correction, revoked on appeal",
            vec![measure(correction, &[13], 10, End::Revoked)],
            vec![],
        ),
        (
            "order modified, correction stands",
            vec![
                measure(order, &[14], 10, End::Modified),
                measure(correction, &[14], 100, End::Lifted(120)),
            ],
            all(&[(100, 120)]),
        ),
        (
            "formal admonition revoked, outside decision void",
            vec![
                measure(formal, &[15], 10, End::Revoked),
                outside(15, 10, 99, &[Promotion], true),
            ],
            vec![],
        ),
        (
            "failed correction restricts on",
            vec![measure(correction, &[16], 50, End::Failed)],
            all(&[(50, FOREVER)]),
        ),
        (
            "lifted early under the overlay",
            vec![measure(correction, &[17], 0, End::Overlaid(60))],
            all(&[(0, 181)]),
        ),
        (
            "approved and never served; lifted on the day of service",
            vec![
                measure(order, &[18], 10, End::NotServed),
                measure(order, &[18], 77, End::Lifted(77)),
            ],
            vec![],
        ),
        (
            "two people in one measure, the other one's too",
            vec![
                measure(correction, &[19, 1], 300, End::Lifted(310)),
                measure(order, &[19], 305, End::Never),
            ],
            all(&[(300, FOREVER)]),
        ),
    ];
    assert_eq!(people.len(), 20);
    let states: Vec<&State> = people.iter().flat_map(|(_, states, _)| states).collect();
    for (n, (what, _, expected)) in people.iter().enumerate() {
        let subject = person(u8::try_from(n).unwrap());
        let spans: Vec<RestrictionSpan> = states
            .iter()
            .flat_map(|s| s.restrictions())
            .filter(|s| s.subject == subject)
            .collect();
        // The second of the table is named in the last measure as well.
        let also = |d: u64| n == 1 && (300..310).contains(&d);
        for d in 0..400 {
            let got: Vec<RestrictedAct> = in_force(&spans, after(d)).into_iter().map(|p| p.act).collect();
            let forbidden = |act: &RestrictedAct| {
                let ranges = expected.iter().find(|(a, _)| a == act).map(|(_, r)| r.as_slice());
                also(d)
                    || ranges
                        .unwrap_or_default()
                        .iter()
                        .any(|(from, to)| (*from..*to).contains(&d))
            };
            let wanted: Vec<RestrictedAct> = RestrictedAct::ALL.iter().copied().filter(forbidden).collect();
            assert_eq!(got, wanted, "{what}, day {d} ({})", after(d));
            for period in in_force(&spans, after(d)) {
                let (_, ranges) = expected.iter().find(|(a, _)| *a == period.act).unwrap();
                if let Some((from, to)) = ranges.iter().find(|(from, to)| (*from..*to).contains(&d)) {
                    let until = (*to != FOREVER).then(|| after(*to));
                    assert_eq!((period.from, period.until), (after(*from), until), "{what}, day {d}");
                }
            }
        }
    }
}
