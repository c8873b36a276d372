//! Deadlines: computed once, from the policy and the calendar of that moment, and written into the event.

use chrono::NaiveDate;

use super::Desk;
use crate::domain::event::Due;
use crate::domain::vocabulary::{DayKind, DueOwner, Grade};

/// The deadline of a step for a colour, counted from `from` (that day itself is not counted).
pub fn deadline(desk: &Desk, step: &str, grade: Grade, from: NaiveDate) -> Due {
    let row = desk.world.policy().deadline.get(step);
    // A policy without the step is refused when it is adopted; zero days keeps this total.
    let (length, kind, owner) = row.map_or((0, DayKind::Working, DueOwner::Office), |d| {
        (d.length(grade), d.unit, d.owner)
    });
    counted(desk, step, from, length, kind, owner)
}

/// A deadline of a given length.
pub fn counted(desk: &Desk, step: &str, from: NaiveDate, length: u32, kind: DayKind, owner: DueOwner) -> Due {
    let due = desk.world.calendar().after(from, length, kind);
    Due {
        step: step.to_owned(),
        day: due.day,
        from,
        length,
        kind,
        owner,
        provisional: due.provisional,
        named: false,
    }
}

/// A deadline on a day somebody named.
pub fn on_day(desk: &Desk, step: &str, day: NaiveDate, owner: DueOwner) -> Due {
    let calendar = desk.world.calendar();
    let length = u32::try_from(calendar.workdays_between(desk.happened, day)).unwrap_or_default();
    Due {
        step: step.to_owned(),
        day,
        from: desk.happened,
        length,
        kind: DayKind::Working,
        owner,
        provisional: calendar.provisional(day),
        named: true,
    }
}

/// The same deadline on a later day somebody named (延期).
pub fn moved_to(desk: &Desk, due: &Due, day: NaiveDate) -> Due {
    Due {
        day,
        provisional: desk.world.calendar().provisional(day),
        named: true,
        ..due.clone()
    }
}
