//! A filled form as an act.

use serde_json::Value;

use super::{Asked, grade, problem};
use crate::app::store::{ActRequest, Problem};
use crate::domain::day::parse_day;
use crate::domain::world::World;
use crate::domain::{Act, Decision, Grade, LateReason, Refusal, StreamId, Verb};

/// The field with the paths of files; they are read where the act is handed over.
pub const ATTACH: &str = "attach";

/// The act a filled form asks for.
///
/// # Errors
/// A day cannot be read, or the marked matters would go both ways.
pub fn act(request: &ActRequest, world: &dyn World) -> Result<Act, Problem> {
    let asked = Asked::read(&request.verb)?;
    let targets: Vec<(StreamId, u64)> = request
        .targets
        .iter()
        .filter_map(|(t, version)| Some((StreamId::parse(t)?, *version)))
        .collect();
    let streams: Vec<StreamId> = targets.iter().map(|(t, _)| *t).collect();
    let verb = match &asked {
        Asked::Verb(verb) => *verb,
        Asked::Create(_) => Verb::Create,
        Asked::Adjust => direction(request, &streams, world)?,
    };
    let mut act = Act::new(verb, streams);
    act.seen = targets;
    act.happened = day(request, "happened", world)?;
    act.late_reason = value(request, "late_reason").and_then(LateReason::find);
    act.decision = decision(request, world)?;
    act.paper = value(request, "paper").map(str::to_owned);
    let mut lines = Vec::new();
    for (id, text) in &request.values {
        if is_of_form(id) || decision_field(id, request) {
            continue;
        }
        if verb == Verb::Draft && id == "measures" {
            lines.extend(
                text.lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .map(|l| Value::String(l.to_owned())),
            );
            continue;
        }
        act.fields.insert(id.clone(), Value::String(text.clone()));
    }
    if let Asked::Create(register) = asked {
        act.fields.insert("register".into(), Value::String(register));
    }
    if !lines.is_empty() {
        act.fields.insert("measures".into(), Value::Array(lines));
    }
    if verb == Verb::Amend {
        keep_changes(&mut act, world);
    }
    Ok(act)
}

/// Raise or lower: all marked matters must go the same way.
fn direction(request: &ActRequest, targets: &[StreamId], world: &dyn World) -> Result<Verb, Problem> {
    let to = value(request, "grade").and_then(Grade::find);
    let to = to.ok_or_else(|| missing("grade", "请先选定调至哪一等级"))?;
    let from = |target: &StreamId| world.state(*target).and_then(|state| state.grade());
    let mut verbs: Vec<Verb> = targets
        .iter()
        .filter_map(from)
        .map(|from| grade::verb(from, to))
        .collect();
    verbs.dedup();
    match verbs.as_slice() {
        [verb] => Ok(*verb),
        [] => Err(missing("grade", "所选各条没有等级，不能调级")),
        _ => Err(missing(
            "grade",
            "所选各条有的要调高、有的要调低，不能一次办理；请分开选",
        )),
    }
}

fn missing(field: &str, reason: &str) -> Problem {
    Problem {
        reason: reason.into(),
        hint: String::new(),
        field: Some(field.into()),
    }
}

fn is_of_form(id: &str) -> bool {
    matches!(id, "happened" | "late_reason" | "paper" | ATTACH)
}

/// Fields that belong to the decision, not to the act. 回签 has a day and a signer of its own.
fn decision_field(id: &str, request: &ActRequest) -> bool {
    request.decision.is_some() && matches!(id, "signed_on" | "signer" | "meeting" | "meeting_on" | "votes")
}

fn decision(request: &ActRequest, world: &dyn World) -> Result<Option<Decision>, Problem> {
    let text = |id: &str| value(request, id).map(str::to_owned);
    Ok(match request.decision.as_deref() {
        None => None,
        Some("signed") => Some(Decision::Signed {
            signer: text("signer"),
            on: day(request, "signed_on", world)?,
        }),
        Some("meeting") => Some(Decision::Meeting {
            number: text("meeting").unwrap_or_default(),
            on: day(request, "meeting_on", world)?,
            votes: text("votes"),
        }),
        Some("urgent") => Some(Decision::Urgent),
        Some(_) => Some(Decision::Submit),
    })
}

fn day(request: &ActRequest, id: &str, world: &dyn World) -> Result<Option<chrono::NaiveDate>, Problem> {
    let Some(text) = value(request, id) else {
        return Ok(None);
    };
    let read = parse_day(text, world.today()).map(Some);
    read.map_err(|reason| Problem {
        field: Some(id.into()),
        ..problem(&Refusal::new("wrong_field", reason))
    })
}

fn value<'r>(request: &'r ActRequest, id: &str) -> Option<&'r str> {
    let found = request
        .values
        .iter()
        .find(|(name, _)| name == id)
        .map(|(_, value)| value.trim());
    found.filter(|value| !value.is_empty())
}

/// Of an amendment, only what differs from the file goes on.
fn keep_changes(act: &mut Act, world: &dyn World) {
    let Some(target) = act.targets.first() else { return };
    let before = super::records::filled(*target, world);
    for field in &before {
        match act.fields.get(&field.id) {
            Some(Value::String(now)) if *now == field.default => {
                act.fields.remove(&field.id);
            }
            // what was there and is now empty is cleared
            None if !field.default.is_empty() => {
                act.fields.insert(field.id.clone(), Value::Null);
            }
            _ => {}
        }
    }
}
