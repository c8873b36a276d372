#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::app::store::{ActRequest, FieldKind};
use crate::domain::testing::Story;
use crate::domain::{Act, BodyRef, SeatRole, decide};

struct Office {
    story: Story,
    unit: StreamId,
    warning: StreamId,
}

/// A unit with a head and a deputy, and an assessed yellow warning about it.
fn office() -> Office {
    let mut story = Story::new();
    let unit = story.record(
        "unit",
        &[("name", "城建局"), ("kind", "department"), ("organ_line", "government")],
    );
    let head = story.record(
        "post",
        &[
            ("name", "局长"),
            ("unit", "城建局"),
            ("is_unit_head", "true"),
            ("in_leading_team", "true"),
        ],
    );
    let head = head.to_string();
    let chair = story.record(
        "person",
        &[
            ("name", "李卫东"),
            ("unit", "城建局"),
            ("post", &head),
            ("portfolio", "全面工作"),
        ],
    );
    story.record("person", &[("name", "吴小兵"), ("unit", "城建局")]);
    story.seat(BodyRef::Implementation(unit), SeatRole::Chair, chair);
    let registered = story
        .when(
            Act::new(Verb::Register, vec![])
                .with("source", "public")
                .with("unit", "城建局")
                .with("content", "隧道工程变更未报批即施工"),
        )
        .unwrap();
    let warning = registered.events[0].stream;
    story
        .when(Act::new(Verb::Assess, vec![warning]).with("grade", "yellow"))
        .unwrap();
    Office { story, unit, warning }
}

fn ask(office: &Office, verb: &str, values: &[(&str, &str)]) -> FormSpec {
    let values = values
        .iter()
        .map(|(id, value)| ((*id).to_owned(), (*value).to_owned()))
        .collect();
    let request = FormRequest {
        verb: verb.into(),
        targets: vec![office.warning.to_string()],
        values,
    };
    form(&request, &office.story).unwrap()
}

fn field<'s>(spec: &'s FormSpec, id: &str) -> Option<&'s crate::app::store::FieldSpec> {
    spec.fields.iter().find(|f| f.id == id)
}

#[test]
fn the_day_comes_first_and_late_days_ask_why() {
    let office = office();
    let spec = ask(&office, "adjust", &[]);
    assert_eq!(
        (spec.fields[0].id.as_str(), spec.fields[0].default.as_str()),
        ("happened", "2026-11-23")
    );
    assert!(field(&spec, "late_reason").is_none());
    let spec = ask(&office, "adjust", &[("happened", "1110")]);
    assert!(field(&spec, "late_reason").unwrap().required);
}

#[test]
fn the_present_grade_cannot_be_picked_and_the_cause_asks_for_the_leaders() {
    let office = office();
    let spec = ask(&office, "adjust", &[("grade", "orange"), ("cause", "measures_missing")]);
    let FieldKind::Choice(grades) = &field(&spec, "grade").unwrap().kind else {
        panic!()
    };
    assert_eq!(
        grades
            .iter()
            .filter(|g| g.reason.is_some())
            .map(|g| g.id.as_str())
            .collect::<Vec<_>>(),
        ["yellow"]
    );
    let FieldKind::Choice(leaders) = &field(&spec, "responsible").unwrap().kind else {
        panic!()
    };
    let labels: Vec<&str> = leaders.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(
        labels,
        ["李卫东 局长（全面工作）", "暂不指定"],
        "only leaders, none preselected"
    );
    let new_facts = ask(&office, "adjust", &[("grade", "orange"), ("cause", "new_facts")]);
    assert!(field(&new_facts, "responsible").is_none());
}

#[test]
fn what_follows_is_told_before_it_happens() {
    let office = office();
    let values = [("grade", "orange"), ("cause", "measures_missing"), ("responsible", "0")];
    let spec = ask(&office, "adjust", &values);
    let all = spec.follows.join("\n");
    assert!(all.contains("黄 → 橙") && all.contains("区纪委监察局"), "{all}");
    assert!(
        all.contains("诫勉纠错") && all.contains("不得提拔、调动、评先"),
        "{all}"
    );
    assert_eq!(office.story.all("admonition").len(), 0, "nothing happened");
}

#[test]
fn a_filled_form_is_an_act_the_rules_accept() {
    let office = office();
    let request = ActRequest {
        verb: "adjust".into(),
        targets: vec![(office.warning.to_string(), 2)],
        values: [
            ("happened", "2026-11-23"),
            ("grade", "orange"),
            ("cause", "new_facts"),
            ("signed_on", "昨"),
            ("signer", "周涛"),
        ]
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .to_vec(),
        decision: Some("signed".into()),
    };
    let act = act::act(&request, &office.story).unwrap();
    assert_eq!(act.verb, Verb::Escalate);
    assert_eq!(act.seen, [(office.warning, 2)]);
    assert!(!act.fields.contains_key("signer"));
    assert!(decide(&act, &office.story).is_ok());
}

#[test]
fn an_amendment_hands_over_only_what_changed() {
    let office = office();
    let spec = ask(&office, "amend", &[]);
    let mut values: Vec<(String, String)> = spec.fields.iter().map(|f| (f.id.clone(), f.default.clone())).collect();
    values.iter_mut().find(|(id, _)| id == "content").unwrap().1 = "隧道工程设计变更未报批".into();
    let request = ActRequest {
        verb: "amend".into(),
        targets: vec![(office.warning.to_string(), 2)],
        values,
        decision: None,
    };
    let act = act::act(&request, &office.story).unwrap();
    assert_eq!(act.fields.keys().collect::<Vec<_>>(), ["content"]);
}

#[test]
fn what_cannot_be_done_is_refused_with_the_rules_own_reason() {
    let office = office();
    let request = FormRequest {
        verb: "lift".into(),
        targets: vec![office.warning.to_string()],
        values: Vec::new(),
    };
    let problem = form(&request, &office.story).unwrap_err();
    let availability = available(Verb::Lift, office.warning, &office.story);
    let Availability::No(reason) = availability else {
        panic!()
    };
    assert!(problem.reason.contains(&reason), "{problem:?}");
    assert!(office.story.fields(office.unit).contains_key("name"));
}

#[test]
fn the_shells_flags_are_left_out_of_sentences() {
    assert_eq!(plain("补填“签批日期”（--signed-on …），再办"), "补填“签批日期”，再办");
    assert_eq!(plain("先办“措施落实”"), "先办“措施落实”");
}
