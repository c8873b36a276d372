//! A notice as rows of days: JSON as published by calendar projects, or CSV.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::gather::Gather;
use super::is_weekday;
use super::notice::{Beside, complete};
use super::{YEARS, YearNotice};
use crate::domain::mistake::{Mistake, line_of, no_such_day};

/// One day of a file.
struct Row {
    line: usize,
    day: NaiveDate,
    rest: bool,
    name: String,
}

#[derive(Deserialize)]
struct File {
    year: i32,
    #[serde(default)]
    days: Vec<Day>,
    /// Name and number of the notice.
    #[serde(default, alias = "title", alias = "文号")]
    notice: Option<String>,
}

#[derive(Deserialize)]
struct Day {
    #[serde(default)]
    name: String,
    date: String,
    #[serde(rename = "isOffDay")]
    off: bool,
}

/// `{year, days: [{name, date, isOffDay}]}`.
pub(super) fn json(text: &str, beside: Beside) -> Result<YearNotice, Vec<Mistake>> {
    let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let reason = "写法不合要求，应为 {\"year\": 2027, \"days\": [{\"name\", \"date\", \"isOffDay\"}]}".to_owned();
        let line = error.line().max(1);
        vec![Mistake { line, reason }]
    })?;
    let mut mistakes = Vec::new();
    let mut rows = Vec::new();
    let mut from = 0;
    for day in file.days {
        // The parser keeps no places; the dates stand in the text in this order.
        let quoted = format!("\"{}\"", day.date);
        from += text.get(from..).and_then(|rest| rest.find(&quoted)).unwrap_or(0);
        let line = line_of(text, from);
        match NaiveDate::parse_from_str(&day.date, "%Y-%m-%d") {
            Ok(date) => rows.push(Row {
                line,
                day: date,
                rest: day.off,
                name: day.name,
            }),
            Err(_) => mistakes.push(Mistake {
                line,
                reason: no_such_day(&day.date),
            }),
        }
    }
    let title = beside.title.map(str::to_owned).or(file.notice);
    gathered(rows, beside.year.unwrap_or(file.year), title, mistakes)
}

/// `date,kind,name` with or without a line of heads; kind is 放假 or 上班.
pub(super) fn csv(text: &str, beside: Beside) -> Result<YearNotice, Vec<Mistake>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut mistakes = Vec::new();
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error
                    .position()
                    .map_or(at + 1, |p| usize::try_from(p.line()).unwrap_or(at + 1));
                let reason = "这一行读不出来，应为 日期,类型,名称".to_owned();
                mistakes.push(Mistake { line, reason });
                continue;
            }
        };
        let line = record
            .position()
            .map_or(at + 1, |p| usize::try_from(p.line()).unwrap_or(at + 1));
        let cell = |place: usize| record.get(place).unwrap_or_default();
        if record.iter().all(str::is_empty) || (at == 0 && matches!(cell(0), "date" | "日期")) {
            continue;
        }
        let day = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
            .into_iter()
            .find_map(|form| NaiveDate::parse_from_str(cell(0), form).ok());
        let Some(day) = day else {
            let reason = no_such_day(cell(0));
            mistakes.push(Mistake { line, reason });
            continue;
        };
        let rest = match cell(1).to_ascii_lowercase().as_str() {
            "rest" | "off" | "holiday" | "放假" | "休息" | "休" | "节假日" => true,
            "work" | "workday" | "上班" | "调休上班" | "补班" | "班" => false,
            other => {
                let reason = format!("类型“{other}”不认识，应为 放假 或 上班");
                mistakes.push(Mistake { line, reason });
                continue;
            }
        };
        let name = cell(2).to_owned();
        rows.push(Row { line, day, rest, name });
    }
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    rows.iter()
        .for_each(|row| *years.entry(row.day.year()).or_default() += 1);
    let most = years.into_iter().max_by_key(|(_, days)| *days).map(|(year, _)| year);
    match beside.year.or(most) {
        Some(year) => gathered(rows, year, beside.title.map(str::to_owned), mistakes),
        None => {
            let reason = "文件里没有一个日子".to_owned();
            mistakes.push(Mistake { line: 1, reason });
            mistakes.sort();
            Err(mistakes)
        }
    }
}

fn gathered(
    mut rows: Vec<Row>,
    year: i32,
    title: Option<String>,
    mut mistakes: Vec<Mistake>,
) -> Result<YearNotice, Vec<Mistake>> {
    if !YEARS.contains(&year) {
        let reason = format!("年份 {year} 不对，应在 {} 至 {} 之间", YEARS.start(), YEARS.end());
        mistakes.push(Mistake { line: 1, reason });
        return Err(mistakes);
    }
    let mut days = Gather::of(year);
    days.mistakes = mistakes;
    rows.sort_by_key(|row| row.day);
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        if !row.rest {
            // Some files list ordinary working days too; they say nothing new.
            if !is_weekday(row.day) || days.rests(row.day) {
                days.work(row.day, row.line);
            }
            continue;
        }
        if row.name.is_empty() {
            days.say(row.line, "放假的日子没有写节日名称".into());
        }
        let mut to = row.day;
        while let Some(next) =
            rows.next_if(|next| next.rest && next.name == row.name && Some(next.day) == to.succ_opt())
        {
            to = next.day;
        }
        days.rest(&row.name, row.day, to, row.line);
    }
    complete(days, year, true, title)
}
