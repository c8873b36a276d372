//! Acts on 指委会 tasks (R012, R088).

use super::{Desk, args, deadline, records};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::task::Task;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{DueOwner, Grade, TaskKind, TaskOutcome};
use crate::domain::world::take_code;

/// Issues a task.
pub fn issue(desk: &mut Desk) -> Result<(), Refusal> {
    let title = args::must_text(desk, "title")?;
    let kind = args::must_choice(desk, "kind", TaskKind::find)?;
    let unit = args::must_reference(desk, "unit", "unit")?;
    let day = args::must_date(desk, "due")?;
    if day < desk.happened {
        return Err(Refusal::new(
            "wrong_field",
            format!("任务时限 {day} 早于布置日期 {}", desk.happened),
        ));
    }
    desk.use_right(BodyRef::SteeringOffice)?;
    let mut fields = crate::domain::Fields::new();
    fields.insert("title".into(), title.into());
    fields.insert("kind".into(), kind.id().into());
    fields.insert("unit".into(), unit.to_string().into());
    let content = args::text(desk, "content");
    if !content.is_empty() {
        fields.insert("content".into(), content.into());
    }
    if let Some(person) = args::reference(desk, "responsible", "person")? {
        fields.insert("person".into(), person.to_string().into());
    }
    let due = deadline::on_day(desk, "task.do", day, DueOwner::Subject);
    let code = take_code(desk.world, "RW", true);
    let task = desk.world.fresh_id();
    desk.record(
        task,
        Event::TaskIssued {
            code,
            fields,
            due,
            original_code: None,
        },
    );
    Ok(())
}

/// One step of an existing task.
pub fn step(desk: &mut Desk, id: StreamId, task: &Task) -> Result<(), Refusal> {
    let event = match desk.act.verb {
        Verb::ReportTask => {
            let due = deadline::deadline(desk, "task.judge", Grade::Yellow, desk.happened);
            Event::TaskReported {
                result: args::must_text(desk, "result")?,
                due,
            }
        }
        Verb::CloseTask => {
            desk.use_right(BodyRef::SteeringOffice)?;
            let outcome = args::must_choice(desk, "outcome", TaskOutcome::find)?;
            Event::TaskClosed {
                outcome,
                opinion: args::text(desk, "opinion"),
            }
        }
        Verb::Remind => Event::Reminded {
            text: args::text(desk, "text"),
        },
        Verb::Progress => Event::ProgressLogged {
            text: args::must_text(desk, "text")?,
        },
        Verb::Amend => {
            let state = crate::domain::State::Task(task.clone());
            Event::Amended {
                fields: records::changed_fields(desk, &state)?,
            }
        }
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(records::not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}
