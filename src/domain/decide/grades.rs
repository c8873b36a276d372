//! Raising and lowering grades (§4.2, §0.26).

use super::routing::{self, About};
use super::signing::decided;
use super::{Desk, args, deadline};
use crate::domain::act::Decision;
use crate::domain::event::{Due, Event, GradeMove};
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::point::RiskPoint;
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{Grade, GradeCause};
use crate::domain::warning::Warning;

/// Target grade of the change, checked.
fn target(desk: &Desk, code: &str, from: Grade) -> Result<Grade, Refusal> {
    let given = args::choice(desk, "grade", Grade::find)?;
    if desk.act.verb == Verb::Escalate {
        let to = given.unwrap_or(from.worse());
        if !to.graver_than(from) {
            return Err(Refusal::new(
                "wrong_grade",
                format!("{code} 现为{}，调高不能到{}", from.label(), to.label()),
            ));
        }
        return Ok(to);
    }
    let to = given.unwrap_or(if from == Grade::Red {
        Grade::Orange
    } else {
        Grade::Yellow
    });
    if !from.graver_than(to) {
        return Err(Refusal::new(
            "wrong_grade",
            format!("{code} 现为{}，调低不能到{}", from.label(), to.label()),
        ));
    }
    if from == Grade::Red && to == Grade::Yellow {
        return Err(
            Refusal::new("two_decisions", format!("{code}：红不能一次调到黄")).hint("先调到橙，另作决定再调到黄")
        );
    }
    Ok(to)
}

fn graded(code: &str, grade: Option<Grade>) -> Result<Grade, Refusal> {
    grade.ok_or_else(|| Refusal::new("wrong_stage", format!("{code} 尚未定级")).hint("先“评估”或“审核定级”"))
}

/// The change as decided: bodies, cause, and the clock of the current step.
fn change(desk: &Desk, state: &State, from: Grade, old: Option<&Due>) -> Result<GradeMove, Refusal> {
    let to = target(desk, state.code(), from)?;
    let cause = args::must_choice(desk, "cause", GradeCause::find)?;
    let about = About::of(state).ok_or_else(|| Refusal::new("incomplete", format!("{} 没有单位", state.code())))?;
    let duties = routing::duties(desk, to, about);
    let body = routing::grade_decider(desk, from, to, about);
    let urgent = desk.act.decision == Some(Decision::Urgent);
    if urgent && desk.act.verb != Verb::Escalate {
        return Err(Refusal::new("not_urgent", "“紧急先行”只用于调高等级").hint("改按“已签”或“已上会”办理"));
    }
    let decided = decided(desk, body, &[])?;
    let ratify_by = urgent.then(|| deadline::deadline(desk, "grade.ratify", to, desk.happened));
    // §0.26: the earlier of the old deadline and the new colour's term from the day of the deed.
    let due = old
        .filter(|d| desk.world.policy().deadline.contains_key(&d.step))
        .map(|old| {
            let fresh = deadline::deadline(desk, &old.step, to, desk.happened);
            if desk.act.verb == Verb::Escalate && old.day <= fresh.day {
                old.clone()
            } else {
                fresh
            }
        });
    Ok(GradeMove {
        from,
        to,
        cause,
        facts: args::text(desk, "facts"),
        duties,
        due,
        ratify_by,
        decided,
    })
}

/// Raises or lowers a warning; raising takes every linked point of lower grade along, in one act.
pub fn change_warning(desk: &mut Desk, id: StreamId, warning: &Warning) -> Result<(), Refusal> {
    let from = graded(&warning.code, warning.grade)?;
    args::people(desk, "responsible")?;
    let moved = change(desk, &State::Warning(warning.clone()), from, warning.due.as_ref())?;
    if desk.act.verb == Verb::Deescalate {
        desk.record(id, Event::WarningGradeLowered(moved));
        return Ok(());
    }
    let index = desk.record(id, Event::WarningGradeRaised(moved.clone()));
    for point in &warning.points {
        let Some(state) = desk.state(*point) else { continue };
        let State::RiskPoint(linked) = &*state else { continue };
        let (Some(was), Some(about)) = (linked.grade, About::of(&state)) else {
            continue;
        };
        if linked.stage.watched() && moved.to.graver_than(was) {
            let duties = routing::duties(desk, moved.to, about);
            let raised = GradeMove {
                from: was,
                duties,
                due: None,
                ..moved.clone()
            };
            desk.record_because(*point, Event::PointGradeRaised(raised), Some(index));
        }
    }
    Ok(())
}

/// Raises or lowers a point by itself.
pub fn change_point(desk: &mut Desk, id: StreamId, point: &RiskPoint) -> Result<(), Refusal> {
    let from = graded(&point.code, point.grade)?;
    args::people(desk, "responsible")?;
    let moved = change(desk, &State::RiskPoint(point.clone()), from, None)?;
    let event = if desk.act.verb == Verb::Escalate {
        Event::PointGradeRaised(moved)
    } else {
        Event::PointGradeLowered(moved)
    };
    desk.record(id, event);
    Ok(())
}

/// 追认 of an urgent raise, by the body that decides it.
pub fn ratify(desk: &mut Desk, id: StreamId, state: &State) -> Result<(), Refusal> {
    let body = state.duties().map_or(crate::domain::BodyRef::Steering, |d| d.lead);
    let decided = decided(desk, body, &[])?;
    desk.record(id, Event::RaiseRatified { decided });
    Ok(())
}
