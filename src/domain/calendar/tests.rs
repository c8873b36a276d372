#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn loaded() -> &'static Calendar {
    static LOADED: LazyLock<Calendar> = LazyLock::new(|| Calendar::parse(shipped()).unwrap());
    &LOADED
}

fn due(text: &str, provisional: bool) -> DueDay {
    DueDay {
        day: day(text),
        provisional,
    }
}

/// The mistakes of a file as `line: reason`.
fn mistakes(text: &str) -> Vec<String> {
    Calendar::parse(text)
        .unwrap_err()
        .iter()
        .map(|m| format!("{}: {}", m.line, m.reason))
        .collect()
}

#[test]
fn the_notice_of_a_year_is_named() {
    let calendar = loaded();
    assert!(
        calendar
            .notice(day("2026-03-01"))
            .unwrap()
            .contains("2026年部分节假日安排的通知")
    );
    assert!(
        calendar
            .notice(day("2020-02-02"))
            .unwrap()
            .contains("延长2020年春节假期")
    );
    assert_eq!(calendar.notice(day("2027-03-01")), None);
    assert_eq!(calendar.holiday(day("2026-02-16")), Some("春节"));
    assert_eq!(calendar.holiday(day("2026-02-28")), None);
}

#[test]
fn the_day_of_the_event_is_not_counted() {
    let calendar = loaded();
    assert_eq!(calendar.add_workdays(day("2026-11-23"), 1), due("2026-11-24", false));
    assert_eq!(
        calendar.add_workdays(day("2026-11-21"), 1),
        due("2026-11-23", false),
        "from a Saturday"
    );
    assert_eq!(
        calendar.add_workdays(day("2026-09-24"), 4),
        due("2026-10-08", false),
        "over two holidays"
    );
}

#[test]
fn no_working_days_means_the_same_day_or_the_next_worked_one() {
    let calendar = loaded();
    assert_eq!(calendar.add_workdays(day("2026-11-23"), 0), due("2026-11-23", false));
    assert_eq!(calendar.add_workdays(day("2026-11-21"), 0), due("2026-11-23", false));
    assert_eq!(
        calendar.add_workdays(day("2026-09-20"), 0),
        due("2026-09-20", false),
        "a Sunday that is worked"
    );
}

#[test]
fn calendar_days_and_months_ending_on_a_day_of_rest_run_on() {
    let calendar = loaded();
    assert_eq!(
        calendar.add_calendar_days(day("2026-09-16"), 15),
        due("2026-10-08", false)
    );
    assert_eq!(
        calendar.add_months(day("2026-08-31"), 1),
        due("2026-09-30", false),
        "no 31 September"
    );
    assert_eq!(calendar.add_months(day("2026-09-01"), 1), due("2026-10-08", false));
    assert_eq!(calendar.add_months(day("2024-02-29"), 12), due("2025-02-28", false));
}

#[test]
fn the_last_days_of_december_wait_for_next_years_notice() {
    let calendar = loaded();
    assert!(!calendar.provisional(day("2026-12-25")));
    assert!(calendar.provisional(day("2026-12-26")));
    assert!(!calendar.provisional(day("2025-12-31")), "2026 is loaded");
    assert_eq!(calendar.add_workdays(day("2026-12-24"), 1), due("2026-12-25", false));
    assert_eq!(calendar.add_workdays(day("2026-12-24"), 2), due("2026-12-28", true));
    let walked_through = calendar.add_workdays(day("2026-12-21"), 10);
    assert_eq!(
        walked_through,
        due("2027-01-05", true),
        "1 January is known to be off, the rest is not"
    );
    assert!(
        calendar
            .why_provisional(day("2026-12-28"))
            .unwrap()
            .contains("2027年放假通知尚未载入")
    );
    assert!(
        calendar
            .why_provisional(day("2027-02-08"))
            .unwrap()
            .contains("未计春节")
    );
    assert_eq!(calendar.why_provisional(day("2026-06-19")), None);
}

#[test]
fn a_year_without_notice_has_weekends_and_the_fixed_statutory_days() {
    let calendar = loaded();
    for (text, worked) in [
        ("2027-01-01", false),
        ("2027-02-08", true), // the lunar days are not known
        ("2029-05-01", false),
        ("2029-05-02", false),
        ("2019-05-02", true), // a statutory day since 2025 only
        ("2027-10-01", false),
        ("2029-10-03", false),
        ("2029-10-04", true),
        ("2027-10-09", false),
    ] {
        assert_eq!(calendar.is_workday(day(text)), worked, "{text}");
        assert!(calendar.provisional(day(text)), "{text}");
    }
}

#[test]
fn what_is_left_and_what_is_late_is_counted_in_working_days() {
    let calendar = loaded();
    let between = |from, to| calendar.workdays_between(day(from), day(to));
    assert_eq!(between("2026-11-23", "2026-11-23"), 0);
    assert_eq!(between("2026-11-23", "2026-11-25"), 2);
    assert_eq!(between("2026-11-25", "2026-11-23"), -2);
    assert_eq!(
        between("2026-11-21", "2026-11-20"),
        0,
        "late since Friday, by no working day yet"
    );
    assert_eq!(between("2025-12-31", "2026-12-31"), 248);
    assert_eq!(between("2023-12-31", "2024-12-31"), 251);
    assert_eq!(between("2026-12-31", "2025-12-31"), -248);
}

#[test]
fn next_years_notice_may_change_the_end_of_december() {
    let text = r#"
[[year]]
year = 2019
confirmed = true
notice = "甲"
rest = [{ name = "元旦", from = 2018-12-30, to = "2019-01-01" }]
work = [2018-12-29]

[[year]]
year = 2018
confirmed = true
notice = "乙"
rest = [{ name = "国庆节", from = 2018-10-01, to = 2018-10-07 }]
"#;
    let calendar = Calendar::parse(text).unwrap();
    assert!(calendar.is_workday(day("2018-12-29")));
    assert!(!calendar.is_workday(day("2018-12-31")));
    assert_eq!(calendar.workdays_between(day("2018-12-24"), day("2019-01-02")), 6);
    assert_eq!(calendar.add_workdays(day("2018-12-28"), 2), due("2019-01-02", false));
}

#[test]
fn days_of_a_year_not_confirmed_count_and_stay_provisional() {
    let text =
        "[[year]]\nyear = 2027\nconfirmed = false\nrest = [{ name = \"春节\", from = 2027-02-05, to = 2027-02-11 }]\n";
    let calendar = Calendar::parse(text).unwrap();
    assert!(!calendar.is_workday(day("2027-02-08")));
    assert!(!calendar.is_workday(day("2027-10-01")));
    assert_eq!(calendar.add_workdays(day("2027-02-04"), 1), due("2027-02-12", true));
}

#[test]
fn an_empty_file_is_a_calendar_in_which_nothing_is_settled() {
    let calendar = Calendar::parse("").unwrap();
    assert_eq!(calendar.add_workdays(day("2026-09-30"), 1), due("2026-10-05", true));
}

#[test]
fn every_mistake_is_listed_with_its_line() {
    let text = r#"area = "浔阳"

[[year]]
year = 2027
confirmed = true
notice = "通知"
colour = "red"
rest = [
  { name = "元旦", from = 2027-01-03, to = 2027-01-01 },
  { name = "春节", from = 2027-02-05, to = 2027-02-30 },
  { name = "清明节", from = 2028-04-04 },
  { name = "劳动节", from = 2027-05-01, to = 2027-05-05 },
  { name = "", from = 2027-06-09 },
  { from = 2027-07-01 },
  { name = "中秋节" },
  { name = "国庆节", from = "10月1日" },
  { name = "重阳节", from = 2027-05-05, 2to = 3 },
  "春节",
]
work = [
  2027-05-03,
  2027-05-08,
  2027-05-08,
  2027-05-11,
  7,
]

[[year]]
year = 2027
confirmed = "yes"

[[year]]
confirmed = true

[[year]]
year = 27

[[year]]
year = 2028
confirmed = true
"#;
    let expected = [
        "1: 不认识“area”，这里只可写 year",
        "7: 不认识“colour”，这里只可写 year、confirmed、notice、rest、work",
        "9: 放假的止日 2027-01-01 早于起日 2027-01-03",
        "10: 没有“2027-02-30”这一天，日期应写作 2026-01-31",
        "11: 2028-04-04 不归 2027 年的通知，只可写 2026-12-26 至 2027-12-31",
        "13: name（节日）应是引号里的文字，不能空着",
        "14: 这一段放假没有写 name（节日）",
        "15: 这一段放假没有写 from（从哪天起）",
        "16: 没有“10月1日”这一天，日期应写作 2026-01-31",
        "17: 2027-05-05 列了两次，前一次在第 12 行",
        "17: 不认识“2to”，这里只可写 name、from、to",
        "18: rest 里每一项都应写成“名称 = 值”的形式",
        "21: 2027-05-03 在第 12 行是放假，这里又是上班",
        "23: 2027-05-08 列了两次，前一次在第 22 行",
        "24: 2027-05-11 是周二，本来就上班，不必列入",
        "25: 没有“7”这一天，日期应写作 2026-01-31",
        "29: 2027 年写了两次，前一次在第 4 行",
        "30: confirmed 只能写 true 或 false",
        "32: 这一段没有写 year（年份）",
        "36: year 应是 1950 至 2199 的年份，不加引号",
        "38: 2028 年已标为确认，却没有一个放假的日子",
        "38: 2028 年已标为确认，却没有写 notice（通知名称）",
    ];
    assert_eq!(mistakes(text), expected);
}

#[test]
fn broken_syntax_does_not_hide_the_other_mistakes() {
    let text = "[[year]]\nyear = = 2027\nconfirmed = true\n\n[[year]]\nyear = 12\n";
    let found = mistakes(text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("2: 写法不合 TOML 规则：year = = 2027"),
        "{found:?}"
    );
    assert!(found[1].starts_with("6: year 应是"), "{found:?}");
    assert_eq!(mistakes("year = 2027"), ["1: year 应是一个列表"]);
    assert_eq!(mistakes("year = [2027]"), ["1: year 里每一项都应写成“名称 = 值”的形式"]);
}

#[test]
fn every_question_has_an_answer_at_the_ends_of_time() {
    let calendar = loaded();
    for end in [NaiveDate::MIN, NaiveDate::MAX, day("0001-01-01"), day("9999-12-31")] {
        for count in [0, 1, 30, u32::MAX] {
            let _ = calendar.add_workdays(end, count);
            let _ = calendar.add_calendar_days(end, count);
            let _ = calendar.add_months(end, count);
        }
        let _ = (
            calendar.notice(end),
            calendar.why_provisional(end),
            calendar.workdays_between(end, day("2026-01-01")),
        );
    }
    assert_eq!(calendar.add_workdays(NaiveDate::MAX, 1).day, NaiveDate::MAX);
    let span = calendar.workdays_between(NaiveDate::MIN, NaiveDate::MAX);
    assert_eq!(calendar.workdays_between(NaiveDate::MAX, NaiveDate::MIN), -span);
}

/// Days around the loaded years: some before, some after.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0u64..6000).prop_map(|offset| day("2016-01-01") + Days::new(offset))
}

proptest! {
    #[test]
    fn a_period_of_working_days_ends_on_one_and_holds_as_many(from in any_day(), count in 1u32..300) {
        let calendar = loaded();
        let due = calendar.add_workdays(from, count);
        prop_assert!(calendar.is_workday(due.day));
        prop_assert_eq!(calendar.workdays_between(from, due.day), i64::from(count));
        prop_assert_eq!(calendar.workdays_between(due.day, from), -i64::from(count));
        let walked = from.iter_days().skip(1).take_while(|day| *day <= due.day);
        prop_assert_eq!(walked.filter(|day| calendar.provisional(*day)).count() > 0, due.provisional);
    }

    #[test]
    fn reckoning_agrees_with_walking(from in any_day(), days in 0usize..1500) {
        let calendar = loaded();
        let to = from + Days::new(days as u64);
        let walked = from.iter_days().skip(1).take(days).filter(|day| calendar.is_workday(*day)).count();
        prop_assert_eq!(calendar.workdays_between(from, to), i64::try_from(walked).unwrap());
    }

    #[test]
    fn other_periods_end_on_a_working_day_too(from in any_day(), count in 0u32..90) {
        let calendar = loaded();
        for due in [calendar.add_calendar_days(from, count), calendar.add_months(from, count)] {
            prop_assert!(calendar.is_workday(due.day) && due.day >= from);
        }
    }

    #[test]
    fn no_text_panics(text in "(\\[\\[year\\]\\]|year|confirmed|rest|work|from|to|=|true|\\[|\\]|\\{|\\}|,|\"|2027-0[0-9]-3[0-9]|2027|\n| |春){0,40}") {
        let _ = Calendar::parse(&text);
    }
}
