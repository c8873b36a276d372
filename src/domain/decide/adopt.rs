//! Adopting policy, calendar and registers: later decisions follow them; a new calendar moves the deadlines that run.

use chrono::NaiveDate;
use serde_json::Value;

use super::Desk;
use crate::domain::calendar::Calendar;
use crate::domain::event::{Due, Event};
use crate::domain::fault::Refusal;
use crate::domain::ids::BodyRef;
use crate::domain::mistake::Mistake;
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheet;
use crate::domain::state::{Adoption, State};
use crate::domain::viewer;

/// Adopts the full texts as one event on the one adoption stream; what is already adopted is refused.
///
/// Fields: `policy`, `calendar` (texts), `registers` (object: file name → text).
pub fn adopt(desk: &mut Desk) -> Result<(), Refusal> {
    let texts = given(desk);
    let calendar = read(&texts)?;
    let stream = desk.world.adoption();
    let before = stream.and_then(|stream| desk.state(stream));
    let before = match before.as_deref() {
        Some(State::Adoption(before)) => Some(before.clone()),
        _ => None,
    };
    if before.is_some() {
        // §4.8 gives the policy to the security administrator; until there are accounts it is 指委会办公室's.
        desk.use_right(BodyRef::SteeringOffice)?;
    }
    if before.as_ref() == Some(&texts) {
        return Err(Refusal::new(
            "nothing_changed",
            "与已启用的政策、日历和台账样式相同，没有需要启用的改动",
        ));
    }
    let moves = before.is_some_and(|before| before.calendar != texts.calendar);
    let stream = stream.unwrap_or_else(|| desk.world.fresh_id());
    let index = desk.record(
        stream,
        Event::TextsAdopted {
            policy: texts.policy,
            calendar: texts.calendar,
            registers: texts.registers,
        },
    );
    if moves {
        let change = CalendarChange {
            old: desk.world.calendar().clone(),
            new: calendar,
            on: desk.world.today(),
        };
        move_deadlines(desk, &change, index);
    }
    Ok(())
}

fn given(desk: &Desk) -> Adoption {
    let registers = match desk.act.fields.get("registers") {
        Some(Value::Object(map)) => map
            .iter()
            .filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())))
            .collect(),
        _ => Default::default(),
    };
    // Byte for byte: the act names the digest of what is adopted.
    let whole = |field: &str| {
        desk.act
            .fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Adoption {
        policy: whole("policy"),
        calendar: whole("calendar"),
        registers,
    }
}

/// The new calendar; refused with every mistake of every text.
fn read(texts: &Adoption) -> Result<Calendar, Refusal> {
    let mut mistakes: Vec<String> = Vec::new();
    let mut note = |name: &str, found: Vec<Mistake>| {
        mistakes.extend(found.iter().map(|mistake| format!("{name} {mistake}")));
    };
    let policy = Policy::parse(&texts.policy).map(drop);
    policy.unwrap_or_else(|found| note("policy.toml", found));
    let calendar = Calendar::parse(&texts.calendar).unwrap_or_else(|found| {
        note("calendar.toml", found);
        Calendar::default()
    });
    for (name, text) in &texts.registers {
        Sheet::parse(text).map(drop).unwrap_or_else(|found| note(name, found));
    }
    if mistakes.is_empty() {
        return Ok(calendar);
    }
    let reason = format!("文件有误，未启用：{}", mistakes.join("；"));
    Err(Refusal::new("broken_text", reason).hint("改正后再启用"))
}

/// Moves every running deadline whose day is another one under the new calendar, each by an event of its stream.
fn move_deadlines(desk: &mut Desk, change: &CalendarChange, because: usize) {
    let mut moved = Vec::new();
    let mut settled = 0;
    for stream in desk.world.running_deadlines() {
        let Some(state) = desk.state(stream) else { continue };
        let hidden = viewer::hidden(&state, desk.world.operator(), desk.world);
        for due in state.running() {
            let Some((to, provisional)) = moved_day(due, change) else {
                continue;
            };
            let label = desk
                .world
                .policy()
                .deadline
                .get(&due.step)
                .map_or("时限", |d| d.label.as_str());
            let mark = if provisional { "（暂定）" } else { "" };
            match (to == due.day, hidden) {
                (true, _) => settled += 1,
                (false, false) => moved.push(format!("{} {label}期限：{} → {to}{mark}", state.code(), due.day)),
                (false, true) => {}
            }
            let event = Event::DueMoved {
                step: due.step.clone(),
                from: due.day,
                to,
                provisional,
            };
            desk.record_because(stream, event, Some(because));
        }
    }
    desk.notes.push(match moved.len() {
        0 => "新日历启用后，没有在计期限改期".to_owned(),
        moved => format!("新日历启用后，{moved} 项在计期限改期："),
    });
    desk.notes.extend(moved);
    if settled > 0 {
        desk.notes
            .push(format!("另有 {settled} 项期限日期不变，（暂定）标注已按新日历更新"));
    }
}

/// A calendar that was adopted in the place of another.
#[derive(Debug, Clone)]
pub struct CalendarChange {
    /// The one before.
    pub old: Calendar,
    /// The one adopted.
    pub new: Calendar,
    /// The day of the adoption.
    pub on: NaiveDate,
}

/// The day a deadline moves to and whether that is provisional; none when nothing changes.
///
/// A day somebody named stays. No deadline that has not run out moves to a day before the adoption: it was stated with
/// the calendar of then, and nobody is late by its correction.
fn moved_day(due: &Due, change: &CalendarChange) -> Option<(NaiveDate, bool)> {
    let CalendarChange { old, new, on } = change;
    let (to, provisional) = if due.named {
        (due.day, new.provisional(due.day))
    } else {
        let (was, is) = (
            old.after(due.from, due.length, due.kind),
            new.after(due.from, due.length, due.kind),
        );
        let to = if was.day == is.day { due.day } else { is.day };
        (to, is.provisional)
    };
    let to = if to < *on && *on <= due.day {
        new.add_workdays(*on, 0).day.min(due.day)
    } else {
        to
    };
    (to != due.day || provisional != due.provisional).then_some((to, provisional))
}

/// What the deadlines of a state taken up again become: each adoption since moves them as it would have moved them
/// then, had the step that is taken back never been taken.
pub fn caught_up(state: &State, since: &[CalendarChange]) -> Vec<Event> {
    let catch_up = |due: &&Due| {
        let mut now = (*due).clone();
        for change in since {
            if let Some((to, provisional)) = moved_day(&now, change) {
                (now.day, now.provisional) = (to, provisional);
            }
        }
        ((now.day, now.provisional) != (due.day, due.provisional)).then(|| Event::DueMoved {
            step: due.step.clone(),
            from: due.day,
            to: now.day,
            provisional: now.provisional,
        })
    };
    state.running().iter().filter_map(catch_up).collect()
}
