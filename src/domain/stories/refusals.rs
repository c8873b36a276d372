//! What the rules refuse, and what goes with rows that no other story tells.

use crate::domain::point::PointStage;
use crate::domain::stories::{Town, refused};
use crate::domain::*;

fn create(town: &mut Town, register: &str, fields: &[(&str, &str)]) -> Result<Outcome, Refusal> {
    let mut all = vec![("register", register)];
    all.extend_from_slice(fields);
    town.story.when(Town::form(Verb::Create, &[], &all))
}

#[test]
fn an_office_is_founded_once_and_an_act_names_its_matter() {
    let mut town = Town::new();
    assert_eq!(
        refused(town.story.when(Act::new(Verb::Found, vec![]))),
        "already_founded"
    );
    let nothing = Town::form(Verb::Assess, &[], &[("grade", "黄")]);
    assert_eq!(refused(town.story.when(nothing)), "missing_target");
    let undo = Act::new(Verb::Undo, vec![]);
    assert_eq!(refused(town.story.when(undo)), "not_here", "taking back is the log's");
}

#[test]
fn a_record_holds_what_its_sheet_names() {
    let mut town = Town::new();
    let (unit, head) = (town.bureau.to_string(), town.head.to_string());
    assert_eq!(
        refused(create(&mut town, "食堂", &[("name", "某某")])),
        "unknown_register"
    );
    assert_eq!(
        refused(create(&mut town, "person", &[("星座", "白羊")])),
        "unknown_field"
    );
    assert_eq!(refused(create(&mut town, "unit", &[("name", "区城建局")])), "duplicate");
    let post = [("name", "出纳"), ("unit", head.as_str())];
    assert_eq!(
        refused(create(&mut town, "post", &post)),
        "wrong_reference",
        "a person is no unit"
    );
    let graded = [
        ("reviewed_on", "2026-11-20"),
        ("unit", unit.as_str()),
        ("description", "某某"),
    ];
    let draft = Town::form(Verb::Draft, &[], &graded);
    assert_eq!(
        refused(town.story.when(draft)),
        "computed_field",
        "what comes of steps is not typed"
    );
}

#[test]
fn objections_belong_to_what_is_published() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let text = [("text", "表现写得过重")];
    assert_eq!(refused(town.act(Verb::Object, point, &text)), "not_published");
    assert_eq!(refused(town.act(Verb::AnswerObjection, point, &text)), "no_objection");
    assert_eq!(refused(town.act(Verb::Review, point, &[])), "light_flow");
}

/// covers §4.2.1 §4.2.5
#[test]
fn raising_goes_up_and_lowering_down() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    let to = |grade| [("cause", "reassessed"), ("grade", grade)];
    town.story.on("2027-01-22");
    assert_eq!(refused(town.signed(Verb::Escalate, point, &to("橙"))), "wrong_grade");
    assert_eq!(refused(town.signed(Verb::Deescalate, point, &to("红"))), "wrong_grade");
}

/// covers R094 §4.1.13
#[test]
fn a_risk_of_the_institutions_is_resolved_by_a_regulation() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    town.act(Verb::Amend, point, &[("class", "制度机制")]).unwrap();
    town.story.with_policy(|p| p.flow = policy::Flow::Full);
    assert_eq!(refused(town.signed(Verb::Discharge, point, &[])), "no_regulation");
}

/// covers §4.1.9
#[test]
fn a_point_may_be_watched_without_publicity_for_a_reason() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    assert_eq!(refused(town.signed(Verb::Withhold, point, &[])), "missing_field");
    town.signed(Verb::Withhold, point, &[("reason", "涉密")]).unwrap();
    assert_eq!(town.point(point).stage, PointStage::Monitored);
}

/// covers §4.1.11 §4.1.12 §4.1.13
#[test]
fn while_a_warning_is_in_force_its_point_is_neither_lowered_nor_struck_off() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Orange);
    let linked = point.to_string();
    let warning = town.report();
    town.act(Verb::Assess, warning, &[("grade", "橙"), ("points", &linked)])
        .unwrap();
    assert!(!town.warning(warning).stage.in_force());
    town.signed(Verb::Release, warning, &[]).unwrap();
    assert!(town.warning(warning).stage.in_force(), "预警中");
    assert_eq!(refused(town.signed(Verb::Discharge, point, &[])), "live_warning");
    let lower = [("cause", "reassessed")];
    assert_eq!(refused(town.signed(Verb::Deescalate, point, &lower)), "live_warning");
    town.signed(Verb::Withdraw, warning, &[("reason", "查无实据")]).unwrap();
    assert!(!town.warning(warning).stage.in_force());
    town.story.on("2027-01-22");
    town.signed(Verb::Deescalate, point, &lower).unwrap();
}

/// covers R033 R040
#[test]
fn a_point_keeps_how_where_and_at_what_it_was_found() {
    let mut town = Town::new();
    let fields = [
        ("description", "变更先干后批"),
        ("class", "岗位职责"),
        ("item", "工程建设"),
        ("method", "帮查"),
        ("focus", "操作过程风险"),
    ];
    let point = town.born(Verb::Draft, &fields).unwrap();
    let kept = town.story.fields(point);
    assert_eq!(
        (&kept["method"], &kept["focus"]),
        (&"assisted".into(), &"operation".into())
    );
    let guess = [("method", "猜")];
    assert!(
        town.act(Verb::Amend, point, &guess).is_err(),
        "five methods and no other"
    );
}

/// covers R119 §0.29
#[test]
fn a_risk_point_bars_nobody() {
    let mut town = Town::new();
    town.graded_point(Grade::Red);
    for person in town.story.all("person") {
        assert_eq!(town.story.barred(person, "2026-11-23"), []);
    }
}
