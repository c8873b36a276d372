//! The days of one year's notice as they are gathered from whatever file or wording says them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Rest, YearNotice, is_fixed, is_weekday, last_of};
use crate::domain::day::weekday_cn;
use crate::domain::mistake::Mistake;

/// Collects days of rest and of work, each with the line it stands on; what contradicts itself becomes a mistake.
pub(super) struct Gather {
    notice: YearNotice,
    /// By day: its line, and whether it is a day of rest.
    days: BTreeMap<NaiveDate, (usize, bool)>,
    /// What was wrong.
    pub mistakes: Vec<Mistake>,
}

impl Gather {
    /// Nothing gathered yet.
    pub fn of(year: i32) -> Self {
        Self::from(YearNotice::blank(year))
    }

    /// Goes on from what an earlier notice of that year says.
    pub fn from(notice: YearNotice) -> Self {
        let rests = notice.rests.iter().flat_map(Rest::days).map(|day| (day, (0, true)));
        let works = notice.works.iter().map(|day| (*day, (0, false)));
        Self {
            days: rests.chain(works).collect(),
            notice,
            mistakes: Vec::new(),
        }
    }

    /// A holiday from one day to another, both included. True when every day of it was taken.
    pub fn rest(&mut self, name: &str, from: NaiveDate, to: NaiveDate, line: usize) -> bool {
        if !(self.within(from, line) & self.within(to, line)) {
            return false;
        }
        if to < from {
            self.say(line, format!("放假的止日 {to} 早于起日 {from}"));
            return false;
        }
        let rest = Rest {
            name: name.to_owned(),
            from,
            to,
        };
        let mut whole = true;
        for day in rest.days() {
            whole &= self.arrange(day, true, line);
        }
        if whole {
            self.notice.rests.push(rest);
        }
        whole
    }

    /// A day that is worked although it would be a day of rest.
    pub fn work(&mut self, day: NaiveDate, line: usize) -> bool {
        if !self.within(day, line) {
            return false;
        }
        let off = is_fixed(day) || self.rests(day);
        if is_weekday(day) && !off {
            self.say(line, format!("{day} 是{}，本来就上班，不必列入", weekday_cn(day)));
            return false;
        }
        let new = self.arrange(day, false, line);
        if new {
            self.notice.works.push(day);
        }
        new
    }

    /// Lengthens the holiday whose name holds `name` to a later day; swapped working days in between fall away.
    pub fn lengthen(&mut self, name: &str, to: NaiveDate, line: usize) {
        let Some(place) = self.notice.rests.iter().rposition(|rest| rest.name.contains(name)) else {
            let year = self.notice.year;
            return self.say(
                line,
                format!("{year} 年没有“{name}”的安排，无法延长；请先导入全年的通知"),
            );
        };
        if !self.within(to, line) {
            return;
        }
        let rest = &mut self.notice.rests[place];
        let from = rest.to;
        if to <= from {
            return self.say(line, format!("{name}假期原到 {from}，不能“延长”至 {to}"));
        }
        rest.to = to;
        for day in from.iter_days().skip(1).take_while(|day| *day <= to) {
            self.days.insert(day, (line, true));
        }
        self.notice.works.retain(|day| *day <= from || to < *day);
    }

    /// True when this day was gathered as a day of rest.
    pub fn rests(&self, day: NaiveDate) -> bool {
        self.days.get(&day).is_some_and(|(_, rest)| *rest)
    }

    /// True when a day of rest of that name was gathered.
    pub fn names(&self, name: &str) -> bool {
        self.notice.rests.iter().any(|rest| rest.name.contains(name))
    }

    /// Notes a mistake, once.
    pub fn say(&mut self, line: usize, reason: String) {
        let mistake = Mistake { line, reason };
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    /// What was gathered, in the order of the days.
    pub fn finish(self) -> (YearNotice, Vec<Mistake>) {
        let mut notice = self.notice;
        notice.rests.sort_by_key(|rest| rest.from);
        notice.works.sort_unstable();
        (notice, self.mistakes)
    }

    /// A notice arranges its year, and the last six days of the year before, which it may still change.
    fn within(&mut self, day: NaiveDate, line: usize) -> bool {
        let year = self.notice.year;
        let first = NaiveDate::from_ymd_opt(year - 1, 12, 26).unwrap_or(day);
        let last = last_of(year);
        if day < first || last < day {
            self.say(line, format!("{day} 不归 {year} 年的通知，只可写 {first} 至 {last}"));
            return false;
        }
        true
    }

    fn arrange(&mut self, day: NaiveDate, rest: bool, line: usize) -> bool {
        match self.days.get(&day) {
            None => {}
            Some((before, was)) if *was != rest => {
                let (was, now) = if rest {
                    ("上班", "放假")
                } else {
                    ("放假", "上班")
                };
                let reason = format!("{day} 在第 {before} 行是{was}，这里又是{now}");
                self.say(line, reason);
                return false;
            }
            Some((before, _)) => {
                let reason = format!("{day} 列了两次，前一次在第 {before} 行");
                self.say(line, reason);
                return false;
            }
        }
        self.days.insert(day, (line, rest));
        true
    }
}
