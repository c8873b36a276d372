//! Reading a calendar file, with every mistake in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::gather::Gather;
use super::{Calendar, YEARS, YearNotice};
use crate::domain::mistake::{Mistake, line_of, no_such_day, read_toml};

pub(super) fn calendar(text: &str) -> Result<Calendar, Vec<Mistake>> {
    let (table, mistakes) = read_toml(text);
    let broken = mistakes.iter().map(|mistake| mistake.line).collect();
    let mut reader = Reader { text, broken, mistakes };
    let notices = reader.file(table.get_ref());
    if !reader.mistakes.is_empty() {
        reader.mistakes.sort();
        return Err(reader.mistakes);
    }
    Ok(Calendar::of(notices))
}

struct Reader<'t> {
    text: &'t str,
    /// Lines with broken syntax: what else seems wrong there only follows from it.
    broken: BTreeSet<usize>,
    mistakes: Vec<Mistake>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    fn file(&mut self, table: &DeTable<'t>) -> Vec<YearNotice> {
        self.unknown_keys(table, &["year"]);
        let mut notices = Vec::new();
        let mut lines: BTreeMap<i32, usize> = BTreeMap::new();
        for entry in self.items(table, "year") {
            let Some(fields) = self.table(entry, "year") else {
                continue;
            };
            let Some((year, line)) = self.year(entry, fields) else {
                continue;
            };
            let notice = self.notice(year, entry, fields);
            if let Some(before) = lines.get(&year) {
                self.say_on(line, format!("{year} 年写了两次，前一次在第 {before} 行"));
                continue;
            }
            lines.insert(year, line);
            notices.push(notice);
        }
        notices
    }

    fn year(&mut self, entry: &Value<'t>, fields: &DeTable<'t>) -> Option<(i32, usize)> {
        self.unknown_keys(fields, &["year", "confirmed", "notice", "rest", "work"]);
        let Some(value) = fields.get("year") else {
            self.say(entry.span(), "这一段没有写 year（年份）");
            return None;
        };
        let year = value.get_ref().as_integer().and_then(|year| year.as_str().parse().ok());
        if year.is_none_or(|year| !YEARS.contains(&year)) {
            self.say(
                value.span(),
                format!("year 应是 {} 至 {} 的年份，不加引号", YEARS.start(), YEARS.end()),
            );
        }
        year.filter(|year| YEARS.contains(year))
            .map(|year| (year, line_of(self.text, value.span().start)))
    }

    fn notice(&mut self, year: i32, entry: &Value<'t>, fields: &DeTable<'t>) -> YearNotice {
        let title = fields
            .get("notice")
            .map(|value| self.words(value, "notice（通知名称）"));
        let rest = self.items(fields, "rest");
        let confirmed = self.confirmed(year, entry, fields);
        // An empty list is not a notice (§2.12): otherwise a year left blank would pass for settled.
        if confirmed && title.is_none() {
            self.say(
                entry.span(),
                format!("{year} 年已标为确认，却没有写 notice（通知名称）"),
            );
        }
        if confirmed && rest.is_empty() {
            self.say(entry.span(), format!("{year} 年已标为确认，却没有一个放假的日子"));
        }
        let mut days = Gather::of(year);
        for range in rest {
            self.rest(&mut days, range);
        }
        for value in self.items(fields, "work") {
            if let Some(day) = self.date(value) {
                days.work(day, line_of(self.text, value.span().start));
            }
        }
        let (notice, mistakes) = days.finish();
        for mistake in mistakes {
            self.say_on(mistake.line, mistake.reason);
        }
        YearNotice {
            confirmed,
            title: title.flatten(),
            ..notice
        }
    }

    fn confirmed(&mut self, year: i32, entry: &Value<'t>, fields: &DeTable<'t>) -> bool {
        let Some(value) = fields.get("confirmed") else {
            self.say(entry.span(), format!("{year} 年没有写 confirmed（是否已有正式通知）"));
            return false;
        };
        let confirmed = value.get_ref().as_bool();
        if confirmed.is_none() {
            self.say(value.span(), "confirmed 只能写 true 或 false");
        }
        confirmed == Some(true)
    }

    fn rest(&mut self, days: &mut Gather, range: &Value<'t>) {
        let Some(fields) = self.table(range, "rest") else {
            return;
        };
        self.unknown_keys(fields, &["name", "from", "to"]);
        let name = fields.get("name").map(|value| self.words(value, "name（节日）"));
        if name.is_none() {
            self.say(range.span(), "这一段放假没有写 name（节日）");
        }
        let Some(from) = fields.get("from") else {
            return self.say(range.span(), "这一段放假没有写 from（从哪天起）");
        };
        let first = self.date(from);
        let last = fields.get("to").map_or(first, |to| self.date(to));
        if let (Some(first), Some(last)) = (first, last) {
            let name = name.flatten().unwrap_or_default();
            days.rest(&name, first, last, line_of(self.text, range.span().start));
        }
    }

    fn date(&mut self, value: &Value<'t>) -> Option<NaiveDate> {
        let source = self.text.get(value.span()).unwrap_or_default();
        let read = match value.get_ref() {
            DeValue::Datetime(written) if written.time.is_none() => written
                .date
                .and_then(|d| NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))),
            DeValue::String(written) => NaiveDate::parse_from_str(written, "%Y-%m-%d").ok(),
            _ => None,
        };
        if read.is_none() {
            self.say(value.span(), no_such_day(source.trim_matches('"')));
        }
        read
    }

    fn words(&mut self, value: &Value<'t>, what: &str) -> Option<String> {
        let words = value
            .get_ref()
            .as_str()
            .map(str::trim)
            .filter(|words| !words.is_empty());
        if words.is_none() {
            self.say(value.span(), format!("{what}应是引号里的文字，不能空着"));
        }
        words.map(str::to_owned)
    }

    fn items<'v>(&mut self, fields: &'v DeTable<'t>, key: &str) -> &'v [Value<'t>] {
        let Some(value) = fields.get(key) else { return &[] };
        let items = value.get_ref().as_array();
        if items.is_none() {
            self.say(value.span(), format!("{key} 应是一个列表"));
        }
        items.map_or(&[], |items| items.as_ref())
    }

    fn table<'v>(&mut self, value: &'v Value<'t>, what: &str) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.say(value.span(), format!("{what} 里每一项都应写成“名称 = 值”的形式"));
        }
        table
    }

    fn unknown_keys(&mut self, table: &DeTable<'t>, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            self.say(
                key.span(),
                format!("不认识“{}”，这里只可写 {}", key.get_ref(), known.join("、")),
            );
        }
    }

    fn say(&mut self, span: Range<usize>, reason: impl Into<String>) {
        // The parser puts a value without a place where it could read none.
        if span.is_empty() && !self.broken.is_empty() {
            return;
        }
        self.say_on(line_of(self.text, span.start), reason.into());
    }

    fn say_on(&mut self, line: usize, reason: String) {
        let mistake = Mistake { line, reason };
        if !self.broken.contains(&line) && !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }
}
