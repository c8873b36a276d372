//! Working days: the statutory calendar, and the days on which deadlines fall (`domain.md` §2.12).
//!
//! ```text
//! assets/calendar.toml ─ parse ─► Calendar ─► is_workday · add_workdays · workdays_between
//! ```
//!
//! A year is *confirmed* when its holiday notice is loaded. Other years are reckoned with weekends and the statutory
//! days that have a fixed date; what hangs on such a day is provisional (暂定). Every question has an answer for every
//! date: at the ends of the calendar the answer stays on the last day.

mod gather;
pub mod notice;
mod read;
mod rows;
mod sentence;
mod wording;
mod write;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::mistake::Mistake;
use super::vocabulary::DayKind;

/// The text of the calendar that comes with the program.
pub fn shipped() -> &'static str {
    include_str!("../../assets/calendar.toml")
}

/// Wide enough for any register, narrow enough to catch 27 and 20270.
const YEARS: RangeInclusive<i32> = 1950..=2199;

/// Which days are worked, as far as the loaded notices say.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i32, YearNotice>,
    days: BTreeMap<NaiveDate, Arranged>,
    /// By day, how many working days the arranged days up to it add to the plain rule (`plain_workday`).
    shifts: Vec<(NaiveDate, i64)>,
}

/// What the notice of one year arranges: a `[[year]]` of a calendar file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearNotice {
    /// The year it is for.
    pub year: i32,
    /// Filled from the notice itself, not from an expectation.
    pub confirmed: bool,
    /// Name of the notice, with its number (文号) where known.
    pub title: Option<String>,
    /// Holidays, by their first day.
    pub rests: Vec<Rest>,
    /// Saturdays and Sundays that are worked (调休上班), by day.
    pub works: Vec<NaiveDate>,
}

/// One holiday: every day of it is off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// 节日; several on one date as in 国庆节、中秋节.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl YearNotice {
    /// A year about which nothing is known yet.
    pub fn blank(year: i32) -> Self {
        Self {
            year,
            confirmed: false,
            title: None,
            rests: Vec::new(),
            works: Vec::new(),
        }
    }
}

impl Rest {
    /// Its days, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }
}

/// What a notice says about one day.
#[derive(Clone, Debug)]
enum Arranged {
    Rest(String),
    Work,
}

/// The last day of a period, and whether a notice not yet loaded may move it (暂定).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDay {
    /// The last day; a working day, except at the very end of the calendar.
    pub day: NaiveDate,
    /// True when a day on which the reckoning rests is provisional.
    pub provisional: bool,
}

impl Calendar {
    /// Reads a calendar file; the error lists every mistake in it by line, with a Chinese reason.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        read::calendar(text)
    }

    /// The calendar these notices make; a later year may change the last days of the one before, and a later entry
    /// for the same year replaces the earlier.
    pub fn of(notices: impl IntoIterator<Item = YearNotice>) -> Self {
        let years: BTreeMap<i32, YearNotice> = notices.into_iter().map(|notice| (notice.year, notice)).collect();
        let mut calendar = Self {
            years,
            ..Self::default()
        };
        for notice in calendar.years.values() {
            for rest in &notice.rests {
                let off = |day| (day, Arranged::Rest(rest.name.clone()));
                calendar.days.extend(rest.days().map(off));
            }
            let worked = notice.works.iter().map(|day| (*day, Arranged::Work));
            calendar.days.extend(worked);
        }
        let mut sum = 0;
        for (day, arranged) in &calendar.days {
            let worked = matches!(arranged, Arranged::Work);
            sum += i64::from(worked) - i64::from(calendar.plain_workday(*day));
            calendar.shifts.push((*day, sum));
        }
        calendar
    }

    /// The notices it rests on, by year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.years.values()
    }

    /// The notice of one year.
    pub fn year(&self, year: i32) -> Option<&YearNotice> {
        self.years.get(&year)
    }

    /// This calendar with some years replaced or added.
    #[must_use]
    pub fn with(&self, notices: impl IntoIterator<Item = YearNotice>) -> Self {
        Self::of(self.years.values().cloned().chain(notices))
    }

    /// Is this day worked?
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(arranged) => matches!(arranged, Arranged::Work),
            None => self.plain_workday(day),
        }
    }

    /// Is the holiday notice of this year loaded?
    pub fn is_confirmed(&self, year: i32) -> bool {
        self.years.get(&year).is_some_and(|year| year.confirmed)
    }

    /// The holiday for which this day is off, by the notice; none on a plain weekend.
    pub fn holiday(&self, day: NaiveDate) -> Option<&str> {
        match self.days.get(&day) {
            Some(Arranged::Rest(name)) => Some(name),
            _ => None,
        }
    }

    /// The holiday notice of the day's year: its name, and its number where known.
    pub fn notice(&self, day: NaiveDate) -> Option<&str> {
        self.years.get(&day.year())?.title.as_deref()
    }

    /// May a notice not yet loaded still change this day?
    ///
    /// So in a year that is not confirmed, and from 26 to 31 December while the next year is not: next year's notice
    /// can change them (29 December 2018 was worked by the notice for 2019).
    pub fn provisional(&self, day: NaiveDate) -> bool {
        self.any_provisional(day, day)
    }

    /// Why a day is provisional, in a Chinese sentence; none when it is settled.
    pub fn why_provisional(&self, day: NaiveDate) -> Option<String> {
        let year = day.year();
        if !self.is_confirmed(year) {
            return Some(format!(
                "{year}年放假通知尚未载入，暂按周末和日期固定的法定节日推算，未计春节、清明、端午、中秋和调休"
            ));
        }
        let next = year + 1;
        self.provisional(day)
            .then(|| format!("{next}年放假通知尚未载入，{year}年12月26日至31日还可能调整"))
    }

    /// The day `count` working days after `from`, which is not counted; with 0, `from` or the next working day.
    pub fn add_workdays(&self, from: NaiveDate, count: u32) -> DueDay {
        if count == 0 {
            return self.run_on(from);
        }
        let (mut day, mut left) = (from, count);
        while left > 0 {
            // As many days as are left hold at most as many working days: this never leaps over the last one.
            let next = days_after(day, left);
            if next == day {
                break;
            }
            left -= u32::try_from(self.worked(day, next)).unwrap_or(left);
            day = next;
        }
        DueDay {
            day,
            provisional: self.any_provisional(days_after(from, 1), day),
        }
    }

    /// The day `count` calendar days after `from`, which is not counted; from a rest day it runs on to a working day.
    pub fn add_calendar_days(&self, from: NaiveDate, count: u32) -> DueDay {
        self.run_on(days_after(from, count))
    }

    /// The same day `count` months later, else the last day of that month; from a rest day on to a working day.
    pub fn add_months(&self, from: NaiveDate, count: u32) -> DueDay {
        self.run_on(from.checked_add_months(Months::new(count)).unwrap_or(NaiveDate::MAX))
    }

    /// The last day of a period of that length after `from`, which is not counted.
    pub fn after(&self, from: NaiveDate, length: u32, kind: DayKind) -> DueDay {
        match kind {
            DayKind::Working => self.add_workdays(from, length),
            DayKind::Calendar => self.add_calendar_days(from, length),
            DayKind::Month => self.add_months(from, length),
        }
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    ///
    /// From today to a due day: 剩N日 when positive, 逾期N日 when negative. A due day passed at a weekend is late by 0
    /// working days, so ask the dates whether it is late and this how late.
    pub fn workdays_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            -self.worked(to, from)
        } else {
            self.worked(from, to)
        }
    }

    /// Working days after `after`, up to and including `through`: reckoned, not walked, for lists of thousands.
    fn worked(&self, after: NaiveDate, through: NaiveDate) -> i64 {
        let mut sum = weekdays_through(through) - weekdays_through(after);
        sum += self.shift_through(through) - self.shift_through(after);
        for year in (after.year()..=through.year()).filter(|year| !self.is_confirmed(*year)) {
            let off = fixed_days(year).filter(|day| after < *day && *day <= through && is_weekday(*day));
            sum -= i64::try_from(off.count()).unwrap_or_default();
        }
        sum
    }

    fn shift_through(&self, day: NaiveDate) -> i64 {
        let passed = self.shifts.partition_point(|(arranged, _)| *arranged <= day);
        passed
            .checked_sub(1)
            .and_then(|last| self.shifts.get(last))
            .map_or(0, |(_, sum)| *sum)
    }

    /// Worked by the plain rule: a weekday, and in a year without notice no fixed statutory day.
    fn plain_workday(&self, day: NaiveDate) -> bool {
        is_weekday(day) && (self.is_confirmed(day.year()) || !is_fixed(day))
    }

    /// The day, or the next working day when it is a day of rest.
    fn run_on(&self, from: NaiveDate) -> DueDay {
        let mut day = from;
        while let (false, Some(next)) = (self.is_workday(day), day.succ_opt()) {
            day = next;
        }
        DueDay {
            day,
            provisional: self.any_provisional(from, day),
        }
    }

    fn any_provisional(&self, first: NaiveDate, last: NaiveDate) -> bool {
        (first.year()..=last.year()).any(|year| {
            let open_end = |from| first <= last_of(year) && from <= last;
            !self.is_confirmed(year)
                || (!self.is_confirmed(year + 1) && NaiveDate::from_ymd_opt(year, 12, 26).is_some_and(open_end))
        })
    }
}

/// The statutory days with a fixed date: month, day, and the first year it holds. Others follow the lunar calendar.
const FIXED: [(u32, u32, i32); 6] = [(1, 1, 0), (5, 1, 0), (5, 2, 2025), (10, 1, 0), (10, 2, 0), (10, 3, 0)];

fn fixed_days(year: i32) -> impl Iterator<Item = NaiveDate> {
    let held = FIXED.into_iter().filter(move |(_, _, since)| *since <= year);
    held.filter_map(move |(month, day, _)| NaiveDate::from_ymd_opt(year, month, day))
}

fn is_fixed(day: NaiveDate) -> bool {
    fixed_days(day.year()).any(|fixed| fixed == day)
}

fn is_weekday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Mondays to Fridays from the day before 1 January of year 1, a Monday, up to and including this day.
fn weekdays_through(day: NaiveDate) -> i64 {
    let count = i64::from(day.num_days_from_ce());
    count.div_euclid(7) * 5 + count.rem_euclid(7).min(5)
}

fn last_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

fn days_after(day: NaiveDate, count: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(count)))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
