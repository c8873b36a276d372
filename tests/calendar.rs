//! The shipped calendar against the published ones of 2020–2026, day by day and due date by due date.
//!
//! The fixtures come from another source and another program: see `support/published_calendar.py`.
#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::{Days, NaiveDate};
use lianneng::domain::calendar::{Calendar, shipped};

fn rows(fixture: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    fixture
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').collect())
}

#[test]
fn every_day_of_2020_to_2026_is_worked_or_not_as_published() {
    let calendar = Calendar::parse(shipped()).unwrap();
    let mut compared = 0;
    for row in rows(include_str!("support/published_workdays.csv")) {
        let first: NaiveDate = format!("{}-01", row[0]).parse().unwrap();
        for (offset, flag) in row[1].bytes().enumerate() {
            let day = first + Days::new(offset as u64);
            assert_eq!(calendar.is_workday(day), flag == b'1', "{day}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2557, "seven years, two of them leap years");
}

#[test]
fn deadlines_fall_on_the_days_reckoned_from_the_published_calendars() {
    let calendar = Calendar::parse(shipped()).unwrap();
    let mut compared = 0;
    for row in rows(include_str!("support/published_due.csv")) {
        let (from, length): (NaiveDate, u32) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        let due = match row[0] {
            "wd" => calendar.add_workdays(from, length),
            "cd" => calendar.add_calendar_days(from, length),
            "mo" => calendar.add_months(from, length),
            unit => panic!("unit {unit}"),
        };
        assert_eq!(due.day.to_string(), row[3], "{} {from} + {length}", row[0]);
        let settled: NaiveDate = "2026-12-25".parse().unwrap();
        assert_eq!(due.provisional, due.day > settled, "{} {from} + {length}", row[0]);
        if row[0] == "wd" && length > 0 {
            assert_eq!(
                calendar.workdays_between(from, due.day),
                i64::from(length),
                "{from} + {length}"
            );
        }
        compared += 1;
    }
    assert_eq!(compared, 460);
}
