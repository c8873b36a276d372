//! Warnings and tasks of an existing register: as new ones, or at the state the register states (初始导入, §0.10).

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::act::{Fields, ImportRow};
use crate::domain::decide::routing::{self, About};
use crate::domain::decide::{Desk, args, deadline};
use crate::domain::event::{Due, Event};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::initial;
use crate::domain::policy::Flow;
use crate::domain::sheet::Sheet;
use crate::domain::task::TaskStage;
use crate::domain::vocabulary::{DueOwner, Grade, TaskOutcome, Urgency};
use crate::domain::warning::WarningStage;
use crate::domain::world::take_code;

/// A report that was registered elsewhere; without a state it is registered here and now.
pub fn warning(desk: &mut Desk, id: StreamId, sheet: &Sheet, row: &ImportRow) -> Result<(), Refusal> {
    let mut given = checked(sheet, row, desk.world.today())?;
    let stage = take(&mut given, "stage").and_then(|word| WarningStage::find(&word));
    let grade = take(&mut given, "grade").and_then(|word| Grade::find(&word));
    let due = take_day(&mut given, "due");
    let served_on = take_day(&mut given, "served_on");
    let ended_on = take_day(&mut given, "ended_on");
    let urgency = match take(&mut given, "urgency") {
        Some(word) => Urgency::find(&word)
            .ok_or_else(|| Refusal::new("wrong_field", format!("预警事项的“紧急程度”没有“{word}”这一选项")))?,
        None => Urgency::Normal,
    };
    let points = args::points(desk, "关联风险点", given.remove("points").as_ref())?;
    let mut fields = complete(desk, sheet, &given)?;
    let received = initial::day(&fields, "received_on").unwrap_or(desk.happened);
    fields.insert("received_on".into(), received.to_string().into());
    let reference = |field: &str| fields.get(field).and_then(Value::as_str).and_then(StreamId::parse);
    let about = About {
        unit: reference("unit").ok_or_else(|| Refusal::new("missing_field", "预警事项缺少“单位”"))?,
        post: reference("post"),
        person: reference("person"),
    };
    let duties = routing::duties(desk, grade.unwrap_or(Grade::Yellow), about);
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    let original_code = row.original_code.clone();
    let colour = grade.unwrap_or(urgency.column());
    let step = current_step(stage.unwrap_or(WarningStage::Registered), desk.world.policy().flow);
    let due = step.map(|step| {
        let from = match step {
            "warning.assess" => received,
            "warning.plan" | "warning.rectify" => served_on.unwrap_or(desk.happened),
            _ => desk.happened,
        };
        named(desk, deadline::deadline(desk, step, colour, from), due)
    });
    let event = match (stage, due) {
        (None, Some(due)) => Event::WarningRegistered {
            code,
            fields,
            points,
            urgency,
            duties,
            due,
            original_code,
        },
        (stage, due) => {
            let stage = stage.unwrap_or(WarningStage::Registered);
            Event::WarningImported {
                code,
                original_code,
                fields,
                points,
                urgency,
                stage,
                grade,
                duties,
                due,
                served_on,
                ended_on: (!stage.live()).then_some(ended_on.unwrap_or(desk.happened)),
            }
        }
    };
    desk.record(id, event);
    Ok(())
}

/// The deadline that runs at a stage; none once it ended.
fn current_step(stage: WarningStage, flow: Flow) -> Option<&'static str> {
    Some(match stage {
        WarningStage::Registered => "warning.assess",
        WarningStage::Assessed => "warning.release",
        WarningStage::Released => "warning.serve",
        WarningStage::Served if flow == Flow::Full => "warning.plan",
        WarningStage::Served | WarningStage::Rectifying => "warning.rectify",
        WarningStage::FeedbackGiven => "warning.verify",
        WarningStage::Verified => "warning.lift",
        _ => return None,
    })
}

/// A task that was issued elsewhere; without a state it is issued here and now.
pub fn task(desk: &mut Desk, id: StreamId, sheet: &Sheet, row: &ImportRow) -> Result<(), Refusal> {
    let mut given = checked(sheet, row, desk.world.today())?;
    desk.use_right(BodyRef::SteeringOffice)?;
    let stage = take(&mut given, "stage").and_then(|word| TaskStage::find(&word));
    let outcome = take(&mut given, "outcome").and_then(|word| TaskOutcome::find(&word));
    let day = take_day(&mut given, "due");
    let fields = complete(desk, sheet, &given)?;
    let due = match stage {
        None | Some(TaskStage::Issued) => day.map(|day| deadline::on_day(desk, "task.do", day, DueOwner::Subject)),
        Some(TaskStage::Reported) => {
            let judged = deadline::deadline(desk, "task.judge", Grade::Yellow, desk.happened);
            Some(named(desk, judged, day))
        }
        Some(_) => None,
    };
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    let original_code = row.original_code.clone();
    let event = match (stage, due) {
        (None, Some(due)) => Event::TaskIssued {
            code,
            fields,
            due,
            original_code,
        },
        (stage, due) => Event::TaskImported {
            code,
            original_code,
            fields,
            stage: stage.unwrap_or(TaskStage::Issued),
            outcome,
            due,
        },
    };
    desk.record(id, event);
    Ok(())
}

/// What may be stated was checked with the cells; here it is checked for whoever asks.
fn checked(sheet: &Sheet, row: &ImportRow, today: NaiveDate) -> Result<Fields, Refusal> {
    match initial::faults(&sheet.id, &row.fields, today).into_iter().next() {
        Some((field, reason)) => {
            let label = sheet.field(field).map_or(field, |f| f.label.as_str());
            Err(Refusal::new(
                "wrong_field",
                format!("{}的“{label}”：{reason}", sheet.label),
            ))
        }
        None => Ok(row.fields.clone()),
    }
}

fn complete(desk: &Desk, sheet: &Sheet, given: &Fields) -> Result<Fields, Refusal> {
    let mut fields = args::checked(desk, sheet, given)?;
    fields.retain(|_, value| !value.is_null());
    match args::gaps(sheet, &fields) {
        gaps if gaps.is_empty() => Ok(fields),
        gaps => Err(Refusal::new(
            "missing_field",
            format!("{}缺少：{}", sheet.label, gaps.join("、")),
        )),
    }
}

/// The deadline as the register names it, when it does.
fn named(desk: &Desk, due: Due, day: Option<NaiveDate>) -> Due {
    day.map_or(due.clone(), |day| deadline::moved_to(desk, &due, day))
}

fn take(given: &mut Fields, field: &str) -> Option<String> {
    match given.remove(field) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn take_day(given: &mut Fields, field: &str) -> Option<NaiveDate> {
    take(given, field).and_then(|text| text.parse().ok())
}
