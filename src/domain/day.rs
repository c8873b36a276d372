//! Days as the office writes them: today in China, dates typed by hand, dates shown.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

use super::width::narrow;

/// Years that can be typed: a birth date of the oldest pensioner, and no slip such as 20261 or 0226.
const YEARS: RangeInclusive<i32> = 1900..=2199;

const EXAMPLES: &str = "可写 2026-11-23、20261123、2026年11月23日、11.23、1123、-2（两天前）、今、昨、前天";

/// The day it is in China at `now`: China Standard Time (UTC+8), whatever the machine's own zone says.
pub fn china_today(now: DateTime<Utc>) -> NaiveDate {
    let utc = now.naive_utc();
    utc.checked_add_signed(TimeDelta::hours(8)).unwrap_or(utc).date()
}

/// Reads a day typed by hand; the error is a Chinese sentence for the person who typed it.
///
/// Without a year it is the latest such day that is not in the future: this year's, else last year's.
/// Full-width digits and signs, as an input method leaves them, count as plain ones; blanks do not count.
pub fn parse_day(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let typed: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    match typed.as_str() {
        "" => return Err(format!("没有填写日期：{EXAMPLES}")),
        "今" | "今天" | "今日" => return Ok(today),
        "昨" | "昨天" | "昨日" => return days_back(today, "1"),
        "前" | "前天" | "前日" => return days_back(today, "2"),
        _ => {}
    }
    if let Some(count) = typed.strip_prefix('-').filter(|rest| is_number(rest)) {
        return days_back(today, count);
    }
    let unknown = || format!("看不懂日期“{}”：{EXAMPLES}", text.trim());
    let plain = typed
        .trim_end_matches(['日', '号'])
        .replace(['年', '月', '.', '/'], "-");
    let parts: Vec<&str> = match plain.len() {
        8 if is_number(&plain) => vec![&plain[..4], &plain[4..6], &plain[6..]],
        4 if is_number(&plain) => vec![&plain[..2], &plain[2..]],
        _ => plain.split('-').collect(),
    };
    match parts[..] {
        [year, month, day] if year.len() == 4 => {
            let (year, month, day) = (number(year), short(month), short(day));
            let (Some(year), Some(month), Some(day)) = (year, month, day) else {
                return Err(unknown());
            };
            in_year(i32::try_from(year).unwrap_or_default(), month, day)
        }
        [month, day] => match (short(month), short(day)) {
            (Some(month), Some(day)) => latest(month, day, today),
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

/// The day as tables and JSON show it: `2026-11-23`.
pub fn show_day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// The day as the title bar shows it: `11月23日 周一`.
pub fn show_day_cn(day: NaiveDate) -> String {
    format!("{}月{}日 {}", day.month(), day.day(), weekday_cn(day))
}

/// The Chinese name of the day of the week: `周一` to `周日`.
pub fn weekday_cn(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "周一",
        chrono::Weekday::Tue => "周二",
        chrono::Weekday::Wed => "周三",
        chrono::Weekday::Thu => "周四",
        chrono::Weekday::Fri => "周五",
        chrono::Weekday::Sat => "周六",
        chrono::Weekday::Sun => "周日",
    }
}

/// With an input method on, a full stop arrives as 。, a slash as 、 and a hyphen as one of the dashes.
fn half_width(c: char) -> char {
    match c {
        '。' => '.',
        '、' => '/',
        '—' | '–' | '−' | '‐' => '-',
        other => narrow(other),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| is_number(text))
}

/// A month or a day: one or two digits.
fn short(text: &str) -> Option<u32> {
    number(text).filter(|_| text.len() <= 2)
}

fn days_back(today: NaiveDate, count: &str) -> Result<NaiveDate, String> {
    let day = count
        .parse()
        .ok()
        .and_then(|count| today.checked_sub_days(Days::new(count)));
    day.filter(|day| YEARS.contains(&day.year()))
        .ok_or_else(|| format!("往前 {count} 天太远了：{EXAMPLES}"))
}

fn in_year(year: i32, month: u32, day: u32) -> Result<NaiveDate, String> {
    if !YEARS.contains(&year) {
        return Err(format!(
            "年份 {year} 不对，应在 {} 至 {} 之间：{EXAMPLES}",
            YEARS.start(),
            YEARS.end()
        ));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| format!("没有 {year}年{month}月{day}日 这一天：{EXAMPLES}"))
}

fn latest(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, String> {
    [today.year(), today.year() - 1]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|found| *found <= today)
        .ok_or_else(|| format!("今年和去年都没有 {month}月{day}日 这一天：{EXAMPLES}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// What a person types on Monday 23 November 2026.
    fn typed(text: &str) -> Result<NaiveDate, String> {
        parse_day(text, day("2026-11-23"))
    }

    #[test]
    fn the_day_in_china_starts_at_sixteen_hours_utc() {
        let at = |h, m, s| Utc.with_ymd_and_hms(2026, 11, 22, h, m, s).unwrap();
        assert_eq!(china_today(at(15, 59, 59)), day("2026-11-22"));
        assert_eq!(china_today(at(16, 0, 0)), day("2026-11-23"));
        assert_eq!(
            china_today(DateTime::<Utc>::MAX_UTC),
            DateTime::<Utc>::MAX_UTC.date_naive()
        );
    }

    #[test]
    fn whole_dates_are_read_in_every_way_an_office_writes_them() {
        for text in [
            "2026-11-23",
            "20261123",
            "2026.11.23",
            "2026/11/23",
            "2026年11月23日",
            "2026 年 11 月 23 号",
        ] {
            assert_eq!(typed(text), Ok(day("2026-11-23")), "{text}");
        }
        for text in [
            "2026.9.1",
            "2026/9/1",
            "2026-9-01",
            "2026年9月1日",
            "２０２６．９．１",
            "２０２６年９月１日",
            "2026。9。1",
        ] {
            assert_eq!(typed(text), Ok(day("2026-09-01")), "{text}");
        }
        assert_eq!(typed("2010年9月1日"), Ok(day("2010-09-01")));
        assert_eq!(
            typed(" 2030-01-02 "),
            Ok(day("2030-01-02")),
            "with its year a day may lie in the future"
        );
    }

    #[test]
    fn without_a_year_the_latest_day_not_in_the_future_is_meant() {
        for text in [
            "11.21",
            "11-21",
            "11/21",
            "1121",
            "１１２１",
            "11月21日",
            "11、21",
            "11—21",
        ] {
            assert_eq!(typed(text), Ok(day("2026-11-21")), "{text}");
        }
        assert_eq!(typed("11.23"), Ok(day("2026-11-23")), "today is not in the future");
        assert_eq!(typed("11.24"), Ok(day("2025-11-24")));
        assert_eq!(typed("1231"), Ok(day("2025-12-31")));
        assert_eq!(parse_day("2.29", day("2025-03-01")), Ok(day("2024-02-29")));
    }

    #[test]
    fn days_back_and_words() {
        assert_eq!(typed("-2"), Ok(day("2026-11-21")));
        assert_eq!(typed("－２"), Ok(day("2026-11-21")));
        assert_eq!(typed("-0"), Ok(day("2026-11-23")));
        assert_eq!(typed("今"), Ok(day("2026-11-23")));
        assert_eq!(typed("昨天"), Ok(day("2026-11-22")));
        assert_eq!(typed("前天"), Ok(day("2026-11-21")));
    }

    #[test]
    fn what_is_no_date_is_refused_with_a_sentence() {
        for (text, says) in [
            ("", "没有填写日期"),
            ("2026-02-30", "没有 2026年2月30日 这一天"),
            ("20261301", "没有 2026年13月1日 这一天"),
            ("2.30", "今年和去年都没有 2月30日"),
            ("0026-09-01", "年份 26 不对"),
            ("26.9.1", "看不懂日期“26.9.1”"),
            ("2026年9月", "看不懂"),
            ("2026-11", "看不懂"),
            ("901", "看不懂"),
            ("+1.+2", "看不懂"),
            ("-99999999999999999999", "太远"),
            ("-50000", "太远"),
            ("下周三", "看不懂日期“下周三”"),
        ] {
            let sentence = typed(text).unwrap_err();
            assert!(
                sentence.contains(says) && sentence.contains("可写"),
                "{text}: {sentence}"
            );
        }
    }

    #[test]
    fn days_are_shown() {
        assert_eq!(show_day(day("2026-09-01")), "2026-09-01");
        assert_eq!(show_day_cn(day("2026-11-23")), "11月23日 周一");
        assert_eq!(show_day_cn(day("2026-09-06")), "9月6日 周日");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = typed(&text);
        }

        #[test]
        fn signs_and_digits_never_panic(text in "[-0-9.年月日/ ]{0,12}") {
            let _ = typed(&text);
        }

        #[test]
        fn what_is_shown_is_read_again(offset in 0u64..100_000) {
            let shown = day("1900-01-01") + Days::new(offset);
            prop_assert_eq!(typed(&show_day(shown)), Ok(shown));
        }
    }
}
