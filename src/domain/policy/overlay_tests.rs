#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::policy::Source;
use crate::domain::vocabulary::{DayKind, Grade};

fn overlaid(text: &str) -> (String, Policy) {
    let whole = Policy::overlay(text).unwrap();
    let policy = Policy::parse(&whole).unwrap();
    (whole, policy)
}

fn mistakes(text: &str) -> Vec<String> {
    Policy::overlay(text)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn nothing_changed_is_the_shipped_text_to_the_byte() {
    assert_eq!(Policy::overlay("").unwrap(), Policy::shipped());
    let same = "# 与附带的相同\nflow = \"light\"\n[deadline]\n\"warning.lift\" = { days = 2, unit = \"wd\" }\n";
    assert_eq!(Policy::overlay(same).unwrap(), Policy::shipped());
}

#[test]
fn only_the_changed_values_differ_and_they_say_whose_they_are() {
    let text = "flow = \"full\"\npublicity_workdays = 7\noverdue_raise_workdays = { value = 12 }\n\n[deadline]\n\
        \"warning.rectify\" = { yellow = 10, unit = \"wd\" }\n\"warning.verify\" = { days = 4, unit = \"cd\" }\n\n\
        [aliases]\nunit = [\"牵头单位\"]\nbasis = [\"依据\"]\n";
    let (whole, policy) = overlaid(text);
    assert_eq!(policy.flow, super::super::Flow::Full);
    let rectify = &policy.deadline["warning.rectify"];
    assert_eq!([rectify.length(Grade::Yellow), rectify.length(Grade::Red)], [10, 30]);
    assert_eq!((rectify.source, rectify.label.as_str()), (Source::District, "整改"));
    let verify = &policy.deadline["warning.verify"];
    assert_eq!((verify.length(Grade::Red), verify.unit), (4, DayKind::Calendar));
    assert_eq!(
        (policy.publicity_workdays.value, policy.publicity_workdays.source),
        (7, Source::District)
    );
    assert_eq!(policy.overdue_raise_workdays.source, Source::District);
    assert_eq!(policy.deadline["warning.plan"].source, Source::Default);
    assert_eq!(policy.aliases["basis"], ["依据"]);
    assert_eq!(policy.aliases["unit"], ["牵头单位"]);
    let changed = [
        "aliases.basis",
        "aliases.unit",
        "deadline.\"warning.rectify\"",
        "deadline.\"warning.verify\"",
        "flow",
        "overdue_raise_workdays",
        "publicity_workdays",
    ];
    assert_eq!(policy.district, changed);
    assert!(
        whole.contains("# 公示最短几个工作日"),
        "the words beside the values stay"
    );
    let differences = Policy::differences(Policy::shipped(), &whole);
    assert_eq!(
        differences.iter().map(|(path, ..)| path.as_str()).collect::<Vec<_>>(),
        changed
    );
    assert_eq!(differences[0].1, None);
}

#[test]
fn what_a_district_changed_can_be_told_from_what_was_adopted() {
    let (whole, _) = overlaid("flow = \"full\"\n[deadline]\n\"warning.lift\" = { days = 3, unit = \"wd\" }\n");
    let changes = Policy::changes(&whole);
    assert!(
        changes.contains("deadline.\"warning.lift\" = { label = \"解除\", days = 3"),
        "{changes}"
    );
    assert_eq!(Policy::overlay(&changes).unwrap(), whole);
    assert_eq!(Policy::changes(Policy::shipped()), "");
}

#[test]
fn every_mistake_of_a_districts_file_is_listed_by_line() {
    let text = "flow = \"fll\"\nlate_entry_workday = 4\nclock_ahead_days = \"30\"\nfour_eyes = \"two\"\n\
        publicity_workdays = 0\nreturned_percent = { value = 120 }\ndistrict = [\"flow\"]\n[deadline]\n\
        \"warning.rectfy\" = { days = 3, unit = \"wd\" }\n\"warning.plan\" = { days = 3 }\n\
        \"warning.lift\" = { days = -3, unit = \"wd\", source = \"norm\" }\n\"warning.serve\" = { dys = 3 }\n\
        \"warning.assess\" = 4\n[instrument.correction]\nacts = { value = [\"promotion\", \"transferr\"] }\n[signer]\nsteering = 3\n= 4\n";
    let found = mistakes(text);
    let expected = [
        "第 1 行：不认识“fll”，是不是“full”",
        "第 2 行：不认识“late_entry_workday”，是不是“late_entry_workdays”",
        "第 3 行：clock_ahead_days 应是整数（不加引号），写成了文字“30”",
        "第 4 行：不认识“two”，这里只可写 named、account",
        "第 5 行：publicity_workdays 应在 1 至 1000 之间",
        "第 6 行：returned_percent 应在 0 至 100 之间",
        "第 7 行：district 由程序填写，请去掉这一行",
        "第 9 行：不认识“warning.rectfy”，是不是“warning.rectify”",
        "第 10 行：改“warning.plan”的天数须同时写明 unit（wd 工作日、cd 自然日、month 月）",
        "第 11 行：days 应在 0 至 1000 之间",
        "第 11 行：本区的改动一律注明 district，source 不必写",
        "第 12 行：不认识“dys”，是不是“days”",
        "第 13 行：warning.assess 应写成 { orange = …, red = …, unit = …, yellow = … } 的样子",
        "第 15 行：不认识“transferr”，是不是“transfer”",
        "第 17 行：steering 应是引号里的文字",
    ];
    for reason in expected {
        assert!(found.iter().any(|m| m == reason), "{reason}: {found:#?}");
    }
    assert!(
        found.iter().any(|m| m.starts_with("第 18 行：写法不合 TOML 规则")),
        "{found:#?}"
    );
}

#[test]
fn no_norm_can_be_claimed_and_no_key_of_the_program_vanishes() {
    let (_, policy) = overlaid("[deadline]\n\"correction.self_check\" = { days = 3, unit = \"wd\" }\n");
    assert_eq!(
        policy.deadline["correction.self_check"].source,
        Source::District,
        "it was a norm's"
    );
    assert_eq!(
        policy.deadline.len(),
        Policy::parse(Policy::shipped()).unwrap().deadline.len()
    );
}
