//! A post changes during a restriction: recorded with its reason, never silently (§0.18).

use crate::domain::admonition::AdmonitionStage as A;
use crate::domain::stories::{Town, refused};
use crate::domain::*;

use Instrument as I;

struct Moving {
    town: Town,
    other: StreamId,
    post: String,
}

fn moving() -> Moving {
    let mut town = Town::new();
    let other = town.story.record(
        "unit",
        &[
            ("name", "区文旅局"),
            ("kind", "department"),
            ("organ_line", "government"),
        ],
    );
    let unit = other.to_string();
    let post = town
        .story
        .record("post", &[("name", "副局长"), ("unit", &unit), ("rank", "section")])
        .to_string();
    Moving { town, other, post }
}

fn clerk(town: &Town) -> StreamId {
    use crate::domain::world::World;
    town.story.titled("person", "林知远")[0]
}

/// 责令改正 against the clerk, served.
fn order(town: &mut Town) -> StreamId {
    let id = town
        .hold(I::OrderCorrection, "存在漏洞", &[("responsible", "林知远")])
        .unwrap();
    town.carry_out(id);
    id
}

/// covers §0.18
#[test]
fn without_a_reason_it_is_refused_with_the_sentence() {
    let mut m = moving();
    let id = m.town.served_correction();
    let code = m.town.admonition(id).code.clone();
    let head = m.town.head;
    let refusal = m.town.act(Verb::Amend, head, &[("post", &m.post)]).unwrap_err();
    assert_eq!(refusal.kind, "restricted");
    assert!(
        refusal.reason.contains("周正明") && refusal.reason.contains(&code),
        "{refusal}"
    );
    assert!(refusal.hint.contains("上级决定调动") && refusal.hint.contains("录入更正"));
    m.town.act(Verb::Amend, head, &[("portfolio", "分管园林")]).unwrap();

    let person = head.to_string();
    let appointment = [
        ("register", "appointment"),
        ("person", person.as_str()),
        ("post", m.post.as_str()),
        ("from", "2026-11-23"),
    ];
    let create = Town::form(Verb::Create, &[], &appointment);
    assert_eq!(refused(m.town.story.when(create)), "restricted");
    let before = [&appointment[..3], &[("from", "2026-11-22")]].concat();
    m.town.story.when(Town::form(Verb::Create, &[], &before)).unwrap();

    let row = ImportRow {
        existing: Some(head),
        ..ImportRow::new("person", [("post".to_owned(), m.post.clone().into())].into())
    };
    let import = Act {
        rows: vec![row],
        ..Act::new(Verb::Import, vec![])
    };
    assert_eq!(
        refused(m.town.story.when(import)),
        "restricted",
        "a sheet is no back door"
    );
}

#[test]
fn an_unrestricted_person_moves_freely() {
    let mut m = moving();
    let head = m.town.head;
    m.town.act(Verb::Amend, head, &[("post", &m.post)]).unwrap();
    m.town.served_correction();
}

/// covers §0.18 §4.4.21
#[test]
fn ordered_from_above_the_restriction_goes_along_and_the_matter_too() {
    let mut m = moving();
    let id = order(&mut m.town);
    let person = clerk(&m.town);
    let fields = [("post", m.post.as_str()), ("transfer_reason", "1")];
    assert_eq!(
        refused(m.town.act(Verb::Amend, person, &fields)),
        "missing_field",
        "文号"
    );
    let fields = [fields[0], fields[1], ("transfer_document", "区委干〔2026〕12号")];
    let outcome = m.town.act(Verb::Amend, person, &fields).unwrap();
    assert!(outcome.notes[0].contains("限制期内调动"), "{:?}", outcome.notes);
    assert_eq!(m.town.story.get(person).reference("post").unwrap().to_string(), m.post);
    assert_eq!(m.town.story.barred(person, "2026-11-23"), RestrictedAct::ALL);
    let a = m.town.admonition(id);
    assert_eq!(
        (a.unit, a.moved_on),
        (m.other, Some(crate::domain::testing::day("2026-11-23")))
    );
    let duties = m.town.story.get(id).duties().unwrap();
    assert_eq!(
        (duties.lead, duties.co),
        (BodyRef::Discipline, Some(BodyRef::Implementation(m.other))),
        "the new unit's body has it in its queue"
    );
    let State::Obligation(told) = m.town.story.get(m.town.story.all("obligation")[0]) else {
        panic!()
    };
    assert_eq!(told.body, BodyRef::SteeringOffice);
    assert!(told.text.contains("林知远限制期内调动至区文旅局"), "{}", told.text);
}

/// covers §0.18 §4.4.21
#[test]
fn a_matter_of_a_units_own_body_is_handed_to_the_other_units_body_with_a_line_in_both_queues() {
    let mut m = moving();
    // A district may let 警示提醒 restrict; then it is a unit's own body that leads.
    m.town.story.with_policy(|p| {
        if let Some(rules) = p.instrument.get_mut(&I::CautionReminder) {
            rules.acts.value = vec![RestrictedAct::Commendation];
        }
    });
    let id = m
        .town
        .hold(I::CautionReminder, "出现偏差", &[("responsible", "林知远")])
        .unwrap();
    m.town.carry_out(id);
    let person = clerk(&m.town);
    let fields = [
        ("post", m.post.as_str()),
        ("transfer_reason", "上级决定调动"),
        ("transfer_document", "区委干〔2026〕12号"),
    ];
    m.town.act(Verb::Amend, person, &fields).unwrap();
    let duties = m.town.story.get(id).duties().unwrap();
    assert_eq!(
        (duties.lead, duties.co),
        (
            BodyRef::Implementation(m.other),
            Some(BodyRef::Implementation(m.town.bureau))
        )
    );
}

#[test]
fn what_is_also_about_the_old_unit_stays_there_and_the_new_one_stands_by() {
    let mut m = moving();
    let id = m.town.served_correction();
    let head = m.town.head;
    let fields = [
        ("post", m.post.as_str()),
        ("transfer_reason", "1"),
        ("transfer_document", "区委干〔2026〕13号"),
    ];
    m.town.act(Verb::Amend, head, &fields).unwrap();
    let a = m.town.admonition(id);
    assert_eq!((a.unit, a.approver), (m.town.bureau, BodyRef::Discipline));
    assert_eq!(a.co, Some(BodyRef::Implementation(m.other)));
    assert_eq!(m.town.story.barred(head, "2026-11-23"), RestrictedAct::ALL);
    assert_eq!(
        m.town.story.barred(m.town.bureau, "2026-11-23"),
        [RestrictedAct::Commendation]
    );
}

#[test]
fn a_correction_of_the_entry_changes_nothing_else() {
    let mut m = moving();
    let id = order(&mut m.town);
    let person = clerk(&m.town);
    m.town
        .act(
            Verb::Amend,
            person,
            &[("post", &m.post), ("transfer_reason", "录入更正")],
        )
        .unwrap();
    let a = m.town.admonition(id);
    assert_eq!((a.unit, a.moved_on, a.stage), (m.town.bureau, None, A::Served));
    assert_eq!(m.town.story.barred(person, "2026-11-23"), RestrictedAct::ALL);
}

/// covers §4.4.22
#[test]
fn who_leaves_is_let_go_and_his_matters_end() {
    for (departure, stage) in [
        ("离区", A::MovedOut),
        ("退休", A::Closed),
        ("死亡", A::Closed),
        ("", A::Closed),
    ] {
        let mut m = moving();
        let id = order(&mut m.town);
        let person = clerk(&m.town);
        m.town.story.on("2026-12-01");
        let fields = [("post", ""), ("transfer_reason", "3"), ("departure", departure)];
        m.town.act(Verb::Amend, person, &fields).unwrap();
        assert_eq!(m.town.admonition(id).stage, stage);
        assert_eq!(m.town.story.barred(person, "2026-11-30"), RestrictedAct::ALL);
        assert!(
            m.town.story.barred(person, "2026-12-01").is_empty(),
            "no further processing"
        );
        assert_eq!(refused(m.town.act(Verb::Talk, id, &[])), "ended");
    }
}

#[test]
fn when_one_of_two_leaves_the_matter_goes_on_for_the_other_and_the_unit() {
    let mut m = moving();
    let id = m.town.correction();
    m.town
        .act(Verb::NameResponsible, id, &[("responsible", "周正明、林知远")])
        .unwrap();
    m.town.act(Verb::Hear, id, &[]).unwrap();
    m.town.signed(Verb::Approve, id, &[]).unwrap();
    m.town.act(Verb::Serve, id, &[]).unwrap();
    let (head, person) = (m.town.head, clerk(&m.town));
    m.town.story.on("2026-12-01");
    let fields = [("post", ""), ("transfer_reason", "3"), ("departure", "退休")];
    m.town.act(Verb::Amend, head, &fields).unwrap();
    assert!(m.town.admonition(id).stage.live());
    assert!(m.town.story.barred(head, "2026-12-01").is_empty());
    assert_eq!(m.town.story.barred(person, "2026-12-01"), RestrictedAct::ALL);
    assert_eq!(
        m.town.story.barred(m.town.bureau, "2026-12-01"),
        [RestrictedAct::Commendation]
    );
}

#[test]
fn an_outside_decision_restricts_a_move_as_well() {
    let mut m = moving();
    let person = clerk(&m.town);
    let who = person.to_string();
    let fields = [
        ("title", "党内警告处分"),
        ("person", who.as_str()),
        ("kind", "党纪处分"),
        ("organ", "市纪委"),
        ("promotion", "是"),
        ("transfer", "是"),
        ("from", "2026-11-01"),
        ("to", "2027-10-31"),
    ];
    m.town.story.record("outside_decision", &fields);
    assert_eq!(
        refused(m.town.act(Verb::Amend, person, &[("post", &m.post)])),
        "restricted"
    );
    let ordered = [
        ("post", m.post.as_str()),
        ("transfer_reason", "1"),
        ("transfer_document", "市委干〔2026〕3号"),
    ];
    m.town.act(Verb::Amend, person, &ordered).unwrap();
    let barred = [RestrictedAct::Promotion, RestrictedAct::Transfer];
    assert_eq!(m.town.story.barred(person, "2027-10-31"), barred, "the last day counts");
    assert!(m.town.story.barred(person, "2027-11-01").is_empty());
}

/// An appointment is how a promotion or a transfer comes into the register: the rules cannot undo what was ordered above,
/// but nothing enters it unexplained.
///
/// covers §0.18 R092
#[test]
fn an_appointment_during_the_restriction_is_an_order_from_above_or_it_is_refused() {
    let mut m = moving();
    let id = order(&mut m.town);
    let (code, person) = (m.town.admonition(id).code.clone(), clerk(&m.town));
    let who = person.to_string();
    let appoint = |m: &mut Moving, from: &str, more: &[(&str, &str)]| {
        let mut fields = vec![
            ("register", "appointment"),
            ("person", who.as_str()),
            ("post", m.post.as_str()),
            ("from", from),
        ];
        fields.extend(more);
        m.town.story.when(Town::form(Verb::Create, &[], &fields))
    };
    m.town.story.on("2026-12-01");
    let refusal = appoint(&mut m, "2026-12-01", &[]).unwrap_err();
    assert_eq!(refusal.kind, "restricted");
    assert!(
        refusal.reason.contains("林知远") && refusal.reason.contains(&code),
        "{refusal}"
    );
    let unnumbered = [("transfer_reason", "1")];
    assert_eq!(refused(appoint(&mut m, "2026-12-01", &unnumbered)), "missing_field");
    let ordered = [("transfer_reason", "1"), ("transfer_document", "区委干〔2026〕12号")];
    appoint(&mut m, "2026-12-01", &ordered).unwrap();
    assert_eq!(
        m.town.story.barred(person, "2026-12-02"),
        RestrictedAct::ALL,
        "it goes along"
    );
    assert_eq!(
        m.town.admonition(id).moved_on,
        Some(crate::domain::testing::day("2026-12-01"))
    );
    let told = m.town.story.all("obligation").into_iter();
    let told: Vec<_> = told
        .filter(|o| m.town.story.get(*o).text("text").contains("限制期内调动"))
        .collect();
    assert_eq!(told.len(), 1, "指委会办公室 is told");
}

/// covers §0.18
#[test]
fn an_appointment_of_before_the_service_or_after_the_lift_asks_nothing() {
    for from in ["2026-11-20", "2026-12-18"] {
        let mut m = moving();
        let id = order(&mut m.town);
        let person = clerk(&m.town).to_string();
        m.town.story.on("2026-12-10");
        m.town.verified(id, "是");
        m.town.signed(Verb::Lift, id, &[]).unwrap();
        m.town.story.on("2026-12-20");
        let fields = [
            ("register", "appointment"),
            ("person", person.as_str()),
            ("post", m.post.as_str()),
            ("from", from),
        ];
        let act = Town::form(Verb::Create, &[], &fields);
        m.town.story.when(act).unwrap_or_else(|e| panic!("{from}: {e}"));
    }
}
