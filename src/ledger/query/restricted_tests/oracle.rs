//! The answers, found without the program: days of a calendar are painted, and answers are read off them.

use chrono::{Datelike, NaiveDate};

use super::plan::{Case, End, Source, TWIN};
use crate::domain::{RestrictedAct, StreamId};

/// Days the oracle paints: long enough for every end that is a date.
pub const PAINTED: i64 = 1200;
/// From this day on a 诫勉纠错 that is served bars for six months at least.
pub const OVERLAY_FROM: i64 = 200;

/// A day by its number from the first day of the plan.
pub fn date(first: NaiveDate, number: i64) -> NaiveDate {
    first.checked_add_signed(chrono::TimeDelta::days(number)).unwrap()
}

/// The number of the day six months later, by the civil calendar.
pub fn six_months(first: NaiveDate, from: i64) -> i64 {
    let start = date(first, from);
    let months = start.month0() + 6;
    let (year, month) = (start.year() + i32::try_from(months / 12).unwrap(), months % 12 + 1);
    let mut day = start.day();
    loop {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(found) => return (found - first).num_days(),
            None => day -= 1,
        }
    }
}

/// One thing that bars: who, what, from which day, first day without it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub person: usize,
    pub acts: Vec<RestrictedAct>,
    pub from: i64,
    pub to: Option<i64>,
    pub stream: StreamId,
    /// Ends when the person leaves.
    pub matter: bool,
}

#[derive(Debug, Default)]
pub struct Oracle {
    pub bars: Vec<Bar>,
}

impl Oracle {
    pub fn began(&mut self, first: NaiveDate, case: &Case) {
        use RestrictedAct::{Commendation, Promotion, Transfer};
        let (acts, to) = match case.source {
            Source::Correction | Source::Order => (vec![Promotion, Transfer, Commendation], None),
            Source::Formal => (vec![Promotion, Commendation], Some(six_months(first, case.from))),
            Source::Outside => (vec![Promotion, Transfer], Some(case.last + 1)),
        };
        for person in &case.people {
            self.bars.push(Bar {
                person: *person,
                acts: acts.clone(),
                from: case.from,
                to,
                stream: case.stream.unwrap(),
                matter: case.source != Source::Outside,
            });
        }
    }

    pub fn ended(&mut self, first: NaiveDate, case: &Case) {
        match case.end {
            End::Never | End::Failed => {}
            // It never was.
            End::Revoked | End::AppealRevoked | End::AppealModified | End::Voided => {
                self.bars.retain(|b| Some(b.stream) != case.stream);
            }
            End::Lifted => {
                let overlaid = case.source == Source::Correction && case.recorded >= OVERLAY_FROM;
                let least = if overlaid {
                    six_months(first, case.from)
                } else {
                    case.ended
                };
                for bar in self.bars.iter_mut().filter(|b| Some(b.stream) == case.stream) {
                    let to = case.ended.max(least);
                    bar.to = Some(bar.to.map_or(to, |earlier| earlier.min(to)));
                    bar.matter = false;
                }
            }
        }
    }

    pub fn left(&mut self, person: usize, day: i64) {
        for bar in self.bars.iter_mut().filter(|b| b.person == person && b.matter) {
            bar.to = Some(bar.to.map_or(day, |to| to.min(day)));
        }
    }

    pub fn one_man(&mut self) {
        for bar in self.bars.iter_mut().filter(|b| b.person == TWIN.1) {
            bar.person = TWIN.0;
        }
    }

    pub fn barred(&self, person: usize, day: i64) -> bool {
        let holds = |b: &Bar| b.from <= day && b.to.is_none_or(|to| day < to);
        self.bars.iter().any(|b| b.person == person && holds(b))
    }

    /// What is barred, from the first to the last day of the days painted around this one without a white one between.
    pub fn answer(&self, person: usize, day: i64) -> Vec<(RestrictedAct, i64, Option<i64>, Vec<StreamId>)> {
        let mut found = Vec::new();
        for act in RestrictedAct::ALL {
            let of_act: Vec<&Bar> = self
                .bars
                .iter()
                .filter(|b| b.person == person && b.acts.contains(act))
                .collect();
            let mut painted = vec![false; usize::try_from(PAINTED).unwrap()];
            for bar in &of_act {
                for number in bar.from.max(0)..bar.to.unwrap_or(PAINTED).min(PAINTED) {
                    painted[usize::try_from(number).unwrap()] = true;
                }
            }
            let at = usize::try_from(day).unwrap();
            if !painted[at] {
                continue;
            }
            let from = painted[..at].iter().rposition(|day| !day).map_or(0, |white| white + 1);
            let until = painted[at..].iter().position(|day| !day).map(|white| at + white);
            let mut sources: Vec<StreamId> = of_act
                .iter()
                .filter(|b| b.from <= day && b.to.is_none_or(|to| day < to))
                .map(|b| b.stream)
                .collect();
            sources.sort();
            found.push((
                *act,
                i64::try_from(from).unwrap(),
                until.map(|u| i64::try_from(u).unwrap()),
                sources,
            ));
        }
        found
    }
}
