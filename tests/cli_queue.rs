//! What waits at a body from the shell: not its warnings alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::Value;
use shell::{Shell, codes};

fn kinds(body: &Value) -> Vec<(String, i64, i64)> {
    let kinds = body["kinds"].as_array().unwrap().iter();
    let number = |kind: &Value, key: &str| kind[key].as_i64().unwrap();
    kinds
        .map(|kind| {
            let name = kind["kind"].as_str().unwrap().to_owned();
            (name, number(kind, "waiting"), number(kind, "overdue"))
        })
        .collect()
}

fn items(asked: &Value) -> Vec<(String, String)> {
    let text = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    let items = asked["items"].as_array().unwrap().iter();
    items.map(|item| (text(item, "register"), text(item, "code"))).collect()
}

/// A point that waits to be graded, a warning, and what is asked for by 送签. covers console §4 §0.25
#[test]
fn a_bodys_queue_shows_every_kind_of_matter_that_waits_there() {
    let shell = Shell::office();
    shell.act(&[
        "create",
        "单位",
        "--name",
        "区财政局",
        "--kind",
        "department",
        "--organ_line",
        "government",
    ]);
    let unit = shell.ask(&["list", "单位"])["items"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let own = format!("implementation:{unit}");
    let draft = shell.act(&[
        "draft",
        "--unit",
        &unit,
        "--class",
        "post_duty",
        "--item",
        "procurement",
        "--description",
        "票据保管不善",
        "--measures",
        "每周盘点",
    ]);
    let point = codes(&draft, "changed", "risk_point").remove(0);
    shell.act(&["submit", &point]);
    let report = [
        "register",
        "--source",
        "群众",
        "--unit",
        "区财政局",
        "--content",
        "大额拨付无联签",
    ];
    let warning = codes(&shell.act(&report), "changed", "warning").remove(0);
    shell.act(&["assess", &warning, "--grade", "yellow"]);
    let asked = shell.act(&["release", &warning]);
    assert_eq!(asked["effect"], "pending");

    let one = shell.ask(&["queue", &own]);
    let seen = items(&one);
    assert!(seen.contains(&("risk_point".into(), point.clone())), "{seen:?}");
    assert!(seen.contains(&("warning".into(), warning.clone())), "{seen:?}");
    let here = kinds(&one["bodies"][0]);
    let waiting: i64 = here.iter().map(|(_, waiting, _)| waiting).sum();
    assert_eq!(waiting, i64::try_from(seen.len()).unwrap(), "{here:?} {seen:?}");

    let all = shell.ask(&["queue", "全区"]);
    let all_kinds: Vec<String> = kinds(&all["bodies"][0]).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(all_kinds, ["warning", "approval_sheet", "proposal", "risk_point"]);
    // The warnings' own numbers stay what they were.
    let body = &shell.ask(&["queue"])["bodies"][0];
    assert_eq!((&body["yellow"], &body["red"]), (&1.into(), &0.into()));
    assert_eq!(kinds(body), kinds(&all["bodies"][0]));
    let told = shell.run(&["queue", &own]);
    assert!(
        told.out.contains("风险点") && told.err.contains("其他待办："),
        "{}{}",
        told.out,
        told.err
    );
    let short = shell.ask(&["queue", "全区", "--limit", "1"]);
    assert_eq!(items(&short).len(), 4, "one of each kind");

    // Late matters of all kinds are counted where they wait.
    shell.on("2027-02-01");
    let late = kinds(&shell.ask(&["queue", &own])["bodies"][0]);
    assert!(
        late.iter().any(|(kind, _, late)| kind == "risk_point" && *late == 1),
        "{late:?}"
    );
}
