//! One matter in full, out of its state and its history.

mod parts;
pub mod person;
mod procedure;
pub mod report;

use chrono::NaiveDate;

use super::slots;
use super::store::{Detail, Step, Tint};
use crate::domain::day::show_day;
use crate::domain::event::Event;
use crate::domain::sheet::FieldType;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{DueOwner, Grade, State, StreamId};

/// One step of a matter's history, as the ledger tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// The office day of the deed.
    pub happened: NaiveDate,
    /// Who did or decided it, else who recorded it.
    pub who: String,
    /// What kind of step it was.
    pub label: String,
    /// The rest.
    pub text: String,
    /// Its number in the matter, to take it back by.
    pub number: i64,
    /// What happened; `None` for a step taken back, or one that cannot be read here.
    pub event: Option<Event>,
    /// Taken back since.
    pub undone: bool,
    /// Recorded long after it happened (补录).
    pub late: bool,
}

impl Past {
    /// The event, if it still counts.
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref().filter(|_| !self.undone)
    }
}

/// Everything about one matter; `None` when there is no such matter.
pub fn detail(stream: StreamId, past: &[Past], world: &dyn World) -> Option<Detail> {
    let state = world.state(stream)?;
    let teller = Teller::new(world);
    Some(Detail {
        stream: stream.to_string(),
        code: state.code().to_owned(),
        title: teller.title(&state),
        grade: state.grade().map(tint),
        fields: fields(&state, world),
        procedure: procedure::procedure(&state, past),
        sections: parts::sections(stream, &state, world),
        timeline: timeline(&state, past, world),
        actions: slots::actions(stream, world),
    })
}

/// A grade as the console colours it.
pub fn tint(grade: Grade) -> Tint {
    match grade {
        Grade::Red => Tint::Red,
        Grade::Orange => Tint::Orange,
        Grade::Yellow => Tint::Yellow,
    }
}

/// Whose move it is.
pub fn waiting_for(owner: DueOwner) -> &'static str {
    match owner {
        DueOwner::Subject => "对方",
        DueOwner::Office => "我方",
    }
}

fn fields(state: &State, world: &dyn World) -> Vec<(String, String)> {
    let teller = Teller::new(world);
    let mut fields = Vec::new();
    let mut add = |label: &str, value: String| {
        if !value.is_empty() {
            fields.push((label.to_owned(), value));
        }
    };
    add("环节", state.stage_label(world.policy().flow).to_owned());
    if let Some(due) = state.due() {
        let (left, _) = teller.left(due);
        add("期限", format!("{} {left}", show_day(due.day)));
        add("轮到", format!("{}：{}", waiting_for(due.owner), teller.owed(due)));
    }
    if let Some(duties) = state.duties() {
        add("主办", teller.body(duties.lead));
        add("协办", duties.co.map(|co| teller.body(co)).unwrap_or_default());
    }
    add("原编号", state.original_code().unwrap_or_default().to_owned());
    let Some(sheet) = world.sheets().get(state.kind()) else {
        return fields;
    };
    // said above, or shown as the title
    let said = ["stage", "due", "lead_body", "co_body", "grade", "points"];
    for field in &sheet.fields {
        let long = matches!(field.kind, FieldType::Long | FieldType::Lines);
        // the first 责任人 again; all of them follow
        let again = field.id == "person" && matches!(state, State::Admonition(_));
        if again || said.contains(&field.id.as_str()) || (field.id == sheet.title && !long) {
            continue;
        }
        if field.id == sheet.title && teller.title(state) == state.text(&field.id) {
            continue;
        }
        let value = state.value(&field.id);
        // a flag that is not raised says nothing
        if value.as_bool() == Some(false) {
            continue;
        }
        let value = teller.value(field, &value);
        if !value.is_empty() {
            fields.push((field.label.clone(), value));
        }
    }
    fields
}

fn timeline(state: &State, past: &[Past], world: &dyn World) -> Vec<Step> {
    let teller = Teller::new(world);
    let step = |past: &Past| {
        let undone = if past.undone { "（已撤回）" } else { "" };
        let late = if past.late { "〔补录〕" } else { "" };
        Step {
            day: show_day(past.happened),
            who: past.who.clone(),
            label: format!("{}{undone}{late}", past.label),
            text: past.text.clone(),
            pending: false,
            opens: None,
            act: (!past.undone).then(|| past.number.to_string()),
        }
    };
    let mut steps: Vec<Step> = past.iter().map(step).collect();
    if let Some(due) = state.due() {
        let (left, _) = teller.left(due);
        steps.push(Step {
            day: show_day(due.day),
            who: waiting_for(due.owner).to_owned(),
            label: teller.owed(due),
            text: left,
            pending: true,
            opens: None,
            act: None,
        });
    }
    steps
}

#[cfg(test)]
mod tests;
