//! Periodic review of risk points (§4.1, §4.7): rounds of the year as the policy names them.
//!
//! When a point has to be looked at next follows from the day it was last looked at and from its grade alone; nothing
//! is written to a point when a round opens. What is written then is one 须办 a unit (`decide/reviews.rs`).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer};

use super::policy::Source;
use super::vocabulary::Grade;

/// A day of any year, written `11-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// That day of a year.
    pub fn of(self, year: i32) -> NaiveDate {
        // Read with a check against a common year, so the day exists in every year.
        NaiveDate::from_ymd_opt(year, self.month, self.day).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = text.split_once('-').and_then(|(month, day)| {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            NaiveDate::from_ymd_opt(2001, month, day).map(|_| Self { month, day })
        });
        read.ok_or_else(|| serde::de::Error::custom(format!("应写成 月-日，如 11-30，现为“{text}”")))
    }
}

/// One round of reviews in a year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// What people call it.
    pub label: String,
    /// Who was looked at from this day on counts as reviewed.
    pub opens: MonthDay,
    /// Last day.
    pub due: MonthDay,
    /// Grades it is for.
    pub grades: Vec<Grade>,
    /// Where the days come from.
    pub source: Source,
}

impl Round {
    fn covers_all(&self) -> bool {
        Grade::ALL.iter().all(|grade| self.grades.contains(grade))
    }
}

/// The rounds of a year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// Every point.
    pub yearly: Round,
    /// The graver ones a second time.
    pub half_yearly: Round,
}

/// A round in its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// `review.yearly`, `review.half_yearly`: the step of its deadline.
    pub step: &'static str,
    /// First day.
    pub opens: NaiveDate,
    /// Last day.
    pub due: NaiveDate,
}

impl Reviews {
    /// The rounds with the steps of their deadlines.
    pub fn rounds(&self) -> [(&'static str, &Round); 2] {
        [
            ("review.yearly", &self.yearly),
            ("review.half_yearly", &self.half_yearly),
        ]
    }

    /// What people call a step of a round.
    pub fn label(&self, step: &str) -> Option<&str> {
        let found = self.rounds().into_iter().find(|(one, _)| *one == step);
        found.map(|(_, round)| round.label.as_str())
    }

    /// The round that opened last.
    pub fn latest(&self, today: NaiveDate) -> Option<Occurrence> {
        let opened = self.rounds().into_iter().filter_map(|(step, round)| {
            let year = (today.year() - 1..=today.year())
                .rev()
                .find(|year| round.opens.of(*year) <= today)?;
            Some(Occurrence {
                step,
                opens: round.opens.of(year),
                due: round.due.of(year),
            })
        });
        opened.max_by_key(|one| (one.opens, one.due))
    }

    /// By when a point has to be reviewed next: the first round that opens after it was last `looked` at. A round for
    /// some grades only opens after the last raise, too: until then it was not for this point.
    pub fn next(&self, grade: Grade, looked: NaiveDate, raised: Option<NaiveDate>) -> Option<NaiveDate> {
        let due = |round: &Round| {
            let since = raised.filter(|_| !round.covers_all()).map_or(looked, |r| r.max(looked));
            let year = since.year() + i32::from(round.opens.of(since.year()) <= since);
            round.due.of(year)
        };
        let rounds = self.rounds().into_iter().map(|(_, round)| round);
        rounds.filter(|round| round.grades.contains(&grade)).map(due).min()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::policy::Policy;
    use crate::domain::testing::day;

    fn reviews() -> Reviews {
        Policy::parse(Policy::shipped()).unwrap().review
    }

    #[test]
    fn the_next_review_follows_from_the_last_one_and_the_grade() {
        let next = |grade, looked: &str| reviews().next(grade, day(looked), None).unwrap().to_string();
        for (grade, looked, due) in [
            (Grade::Yellow, "2026-03-03", "2026-11-30"),
            (Grade::Red, "2026-03-03", "2026-05-31"),
            (Grade::Red, "2026-03-31", "2026-05-31"),
            (Grade::Orange, "2026-04-01", "2026-11-30"),
            (Grade::Orange, "2026-09-30", "2026-11-30"),
            (Grade::Orange, "2026-10-01", "2027-05-31"),
            (Grade::Yellow, "2026-12-20", "2027-11-30"),
        ] {
            assert_eq!(next(grade, looked), due, "{grade:?} {looked}");
        }
        let raised = reviews().next(Grade::Orange, day("2026-02-01"), Some(day("2026-08-10")));
        assert_eq!(raised, Some(day("2026-11-30")), "it was yellow in May");
    }

    #[test]
    fn the_last_round_stays_the_last_one_until_another_opens() {
        let latest = |today: &str| {
            let one = reviews().latest(day(today)).unwrap();
            format!("{} {}", one.step, one.due)
        };
        assert_eq!(latest("2026-03-31"), "review.yearly 2025-11-30");
        assert_eq!(latest("2026-04-01"), "review.half_yearly 2026-05-31");
        assert_eq!(latest("2026-09-30"), "review.half_yearly 2026-05-31");
        assert_eq!(latest("2026-12-31"), "review.yearly 2026-11-30");
    }

    #[test]
    fn a_day_that_is_none_is_named() {
        let broken = Policy::shipped().replace("due = \"11-30\"", "due = \"11-31\"");
        let mistakes = Policy::parse(&broken).unwrap_err();
        assert!(mistakes.iter().any(|m| m.reason.contains("如 11-30")), "{mistakes:?}");
        let backwards = Policy::shipped().replace("due = \"11-30\"", "due = \"09-30\"");
        let mistakes = Policy::parse(&backwards).unwrap_err();
        assert!(mistakes.iter().any(|m| m.reason.contains("早于")), "{mistakes:?}");
    }
}
