//! Telling people what stands in the file: names for ids, labels for choices, sentences for events.

mod events;
mod measures;

use chrono::NaiveDate;
use serde_json::Value;

use super::day::show_day;
use super::event::{Decided, Due, Duties, Named};
use super::ids::{BodyRef, StreamId};
use super::sheet::{Field, FieldType};
use super::state::State;
use super::vocabulary::{DayKind, DueOwner};
use super::world::World;

/// An event in words: two to six characters, who, and the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What kind of step it was.
    pub label: String,
    /// Who did or decided it, as recorded; may be empty.
    pub who: String,
    /// The rest; may be empty.
    pub text: String,
}

/// Puts what a world knows into words.
#[derive(Clone, Copy)]
pub struct Teller<'w> {
    world: &'w dyn World,
}

impl<'w> Teller<'w> {
    /// A teller over a world.
    pub fn new(world: &'w dyn World) -> Self {
        Self { world }
    }

    /// What people call a stream: a unit's, post's or person's name, else its code.
    pub fn name(&self, stream: StreamId) -> String {
        let Some(state) = self.world.state(stream) else {
            return "（未知）".into();
        };
        match &*state {
            State::Record(_) => {
                let title = self.title(&state);
                if title.is_empty() {
                    state.code().to_owned()
                } else {
                    title
                }
            }
            _ => state.code().to_owned(),
        }
    }

    /// The text of a stream's title field, as its sheet names it.
    pub fn title(&self, state: &State) -> String {
        match state {
            State::Admonition(a) => {
                let people: Vec<&str> = a.responsible.iter().map(|n| n.name.as_str()).collect();
                let who = if people.is_empty() {
                    "责任人未定".to_owned()
                } else {
                    people.join("、")
                };
                format!("{} {}：{}", self.name(a.unit), who, a.trigger.label())
            }
            State::Proposal(p) => {
                let on: Vec<String> = p.act.targets.iter().map(|t| self.name(*t)).collect();
                format!("{} {}", p.act.verb.label(), on.join("、"))
            }
            _ => {
                let title = self.world.sheets().get(state.kind()).map(|sheet| sheet.title.clone());
                title.map(|field| state.text(&field)).unwrap_or_default()
            }
        }
    }

    /// A body's name.
    pub fn body(&self, body: BodyRef) -> String {
        body.label(&body.unit().map(|unit| self.name(unit)).unwrap_or_default())
    }

    /// `主办 区纪委监察局，协办 指委会办公室`.
    pub fn duties(&self, duties: &Duties) -> String {
        let co = duties
            .co
            .map(|co| format!("，协办 {}", self.body(co)))
            .unwrap_or_default();
        format!("主办 {}{co}", self.body(duties.lead))
    }

    /// `2026-12-07（10 工作日，对象应办）`.
    pub fn due(&self, due: &Due) -> String {
        let provisional = if due.provisional { "，暂定" } else { "" };
        let owner = match due.owner {
            DueOwner::Subject => "对象应办",
            DueOwner::Office => "我方应办",
        };
        format!(
            "{}（{} {}，{owner}{provisional}）",
            show_day(due.day),
            due.length,
            due.kind.label()
        )
    }

    /// What is owed: the deadline's name in the policy.
    pub fn owed(&self, due: &Due) -> String {
        let label = self.world.policy().step_label(&due.step);
        label.unwrap_or(&due.step).to_owned()
    }

    /// `剩2日` or `逾期3日` (`*` = calendar days, `~` = provisional), and whether it is past.
    pub fn left(&self, due: &Due) -> (String, bool) {
        left(due.day, due.kind, due.provisional, self.world)
    }

    /// Who decided, and how: `签批：张敏 2026-11-20`.
    pub fn decided(&self, decided: &Decided) -> String {
        let body = self.body(decided.body);
        match (&decided.meeting, &decided.signer) {
            (Some(meeting), _) => format!("{body} {}会议（{meeting}）", show_day(decided.on)),
            (None, Some(signer)) => format!("{body} {} {} 签批", signer.name, show_day(decided.on)),
            (None, None) => format!("{body} {}", show_day(decided.on)),
        }
    }

    /// Names in a row.
    pub fn people(&self, people: &[Named]) -> String {
        let names: Vec<&str> = people.iter().map(|n| n.name.as_str()).collect();
        names.join("、")
    }

    /// A field's value as people read it; empty when it has none.
    pub fn value(&self, field: &Field, value: &Value) -> String {
        let one = |text: &str| match field.kind {
            FieldType::Choice => field.choice_label(text).to_owned(),
            FieldType::Body => BodyRef::parse(text).map_or_else(|| text.to_owned(), |body| self.body(body)),
            kind if kind.is_reference() || kind == FieldType::Points => {
                StreamId::parse(text).map_or_else(|| text.to_owned(), |stream| self.name(stream))
            }
            _ => text.to_owned(),
        };
        match value {
            Value::String(text) => one(text),
            Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Value::Number(n) => n.to_string(),
            Value::Array(all) => all
                .iter()
                .filter_map(Value::as_str)
                .map(one)
                .collect::<Vec<_>>()
                .join("、"),
            _ => String::new(),
        }
    }
}

/// `剩2日`, `逾期3日`, `今日到期`; `*` marks calendar days, （暂定） a year whose notice is not loaded.
pub fn left(day: NaiveDate, kind: DayKind, provisional: bool, world: &dyn World) -> (String, bool) {
    let today = world.today();
    let days = match kind {
        DayKind::Working => world.calendar().workdays_between(today, day),
        DayKind::Calendar | DayKind::Month => (day - today).num_days(),
    };
    let late = day < today;
    // passed at a weekend: late by no working day yet, and still late
    let days = if late { days.min(-1) } else { days };
    (left_words(if day == today { 0 } else { days }, kind, provisional), late)
}

/// As [`left`], with the days already reckoned: negative = late.
pub fn left_words(days: i64, kind: DayKind, provisional: bool) -> String {
    let star = if kind == DayKind::Working { "" } else { "*" };
    let doubt = if provisional { "（暂定）" } else { "" };
    match days {
        0 => "今日到期".to_owned(),
        ..0 => format!("逾期{}日{star}", days.unsigned_abs()),
        1.. => format!("剩{days}日{star}{doubt}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::testing::{Story, day};
    use super::*;

    #[test]
    fn lateness_counts_working_days_and_says_what_it_counted() {
        let story = Story::new();
        let left = |text: &str, kind| left(day(text), kind, false, &story).0;
        assert_eq!(left("2026-11-25", DayKind::Working), "剩2日");
        assert_eq!(left("2026-11-30", DayKind::Working), "剩5日");
        assert_eq!(left("2026-11-30", DayKind::Calendar), "剩7日*");
        assert_eq!(left("2026-11-23", DayKind::Working), "今日到期");
        assert_eq!(left("2026-11-18", DayKind::Working), "逾期3日");
        assert_eq!(
            left("2026-11-22", DayKind::Working),
            "逾期1日",
            "passed on Sunday, late on Monday"
        );
    }
}
