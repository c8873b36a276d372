//! 调级: a digit picks the target grade, a digit the cause; where the cause asks for it, the 责任人.

use super::fields::{field, numbered};
use super::value;
use crate::app::store::{Choice, FieldKind, FieldSpec, FormRequest};
use crate::domain::world::World;
use crate::domain::{Availability, Grade, GradeCause, StreamId, Verb, available};

/// Which of the two verbs leads from one grade to another.
pub fn verb(from: Grade, to: Grade) -> Verb {
    if to.graver_than(from) {
        Verb::Escalate
    } else {
        Verb::Deescalate
    }
}

/// Which of the two the form is about, as far as is known; raising until the target grade says otherwise.
pub fn direction(request: &FormRequest, first: Option<StreamId>, world: &dyn World) -> Verb {
    let from = first
        .and_then(|first| world.state(first))
        .and_then(|state| state.grade());
    match (from, Grade::find(value(request, "grade"))) {
        (Some(from), Some(to)) => verb(from, to),
        _ => Verb::Escalate,
    }
}

/// Whether a matter can be moved at all, and to the grade picked.
pub fn possible(request: &FormRequest, target: StreamId, world: &dyn World) -> Availability {
    let Some(from) = world.state(target).and_then(|state| state.grade()) else {
        // the rules say in their own words why a matter without a grade cannot move
        return available(Verb::Escalate, target, world);
    };
    match Grade::find(value(request, "grade")) {
        Some(to) if to == from => Availability::No(format!("已是{}", to.label())),
        Some(to) => available(verb(from, to), target, world),
        None => match available(Verb::Escalate, target, world) {
            Availability::No(_) => available(Verb::Deescalate, target, world),
            yes => yes,
        },
    }
}

/// Target grade, cause, and who is responsible when the cause says that somebody is.
pub fn fields(request: &FormRequest, first: Option<StreamId>, world: &dyn World) -> Vec<FieldSpec> {
    let from = first
        .and_then(|first| world.state(first))
        .and_then(|state| state.grade());
    let batch = request.targets.len() > 1;
    let grades = (1u8..).zip(Grade::ALL).map(|(digit, grade)| Choice {
        digit,
        id: grade.id().into(),
        label: format!("{}{}", grade.level(), grade.label()),
        reason: (!batch && Some(*grade) == from).then(|| "现在就是这一等级".to_owned()),
    });
    let causes = GradeCause::ALL.iter().map(|cause| (cause.id(), cause.label()));
    let mut fields = vec![
        FieldSpec {
            live: true,
            ..field("grade", "调至", FieldKind::Choice(grades.collect()), true)
        },
        FieldSpec {
            live: true,
            ..field("cause", "原因", FieldKind::Choice(numbered(causes)), true)
        },
    ];
    let raising = match (from, Grade::find(value(request, "grade"))) {
        (Some(from), Some(to)) => to.graver_than(from),
        _ => false,
    };
    let correction = GradeCause::find(value(request, "cause")).is_some_and(GradeCause::brings_correction);
    if raising && correction && !batch {
        let leaders = first.map(|first| leaders(first, world)).unwrap_or_default();
        fields.push(field("responsible", "责任人", FieldKind::Choice(leaders), true));
    }
    fields.push(field("facts", "事实", FieldKind::Long, false));
    fields
}

/// The leaders of the matter's unit, numbered, each with what he is in charge of; none preselected, 0 = not yet.
fn leaders(matter: StreamId, world: &dyn World) -> Vec<Choice> {
    let mut leaders = Vec::new();
    let unit = world.state(matter).and_then(|state| state.reference("unit"));
    for person in unit
        .map(|unit| world.referrers("person", "unit", unit))
        .unwrap_or_default()
    {
        let Some(state) = world.state(person) else { continue };
        let post = state.reference("post").and_then(|post| world.state(post));
        let leads = |field: &str| {
            post.as_ref()
                .is_some_and(|post| post.value(field).as_bool() == Some(true))
        };
        if !leads("is_unit_head") && !leads("in_leading_team") {
            continue;
        }
        let post = post.as_ref().map(|post| post.text("name")).unwrap_or_default();
        let portfolio = state.text("portfolio");
        let charge = if portfolio.is_empty() {
            String::new()
        } else {
            format!("（{portfolio}）")
        };
        leaders.push((
            leads("is_unit_head"),
            person.to_string(),
            format!("{} {post}{charge}", state.text("name")),
        ));
    }
    leaders.sort_by_key(|(head, ..)| !head);
    let pairs = leaders
        .iter()
        .take(9)
        .map(|(_, id, label)| (id.as_str(), label.as_str()));
    let mut choices = numbered(pairs);
    choices.push(Choice {
        digit: 0,
        id: "0".into(),
        label: "暂不指定".into(),
        reason: None,
    });
    choices
}
