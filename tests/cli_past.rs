//! `--on` and `--known`: an earlier day as it is known now, and as this file knew it then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::Value;
use shell::Shell;

/// A warning of 16 November, raised on 1 December by a decision that was recorded on the 4th; today is the 7th.
fn office() -> (Shell, String) {
    let shell = Shell::office();
    shell.act(&["create", "单位", "--name", "区财政局", "--organ_line", "government"]);
    shell.person("贺怀远", "区财政局");
    let code = shell.report("区财政局", "大额拨付无联签", &[]);
    shell.act(&["assess", &code, "--grade", "yellow", "--analysts", "甲、乙"]);
    shell.on("2026-12-04");
    let raise = ["escalate", &code, "--cause", "new_facts", "--happened", "2026-12-01"];
    shell.act(&[&raise[..], &["--decision", "signed", "--signer", "李主任"]].concat());
    shell.on("2026-12-07");
    (shell, code)
}

fn grade(shell: &Shell, code: &str, when: &[&str]) -> Value {
    let shown = shell.ask(&[&["show", code], when].concat())["item"]["grade"].clone();
    let listed = shell.ask(&[&["list", "预警"], when].concat())["items"][0]["grade"].clone();
    assert_eq!(shown, listed, "{when:?}");
    listed
}

/// covers §0.12
#[test]
fn on_and_known_differ_by_what_was_recorded_late() {
    let (shell, code) = office();
    assert_eq!(grade(&shell, &code, &[]), "orange");
    assert_eq!(grade(&shell, &code, &["--on", "2026-11-30"]), "yellow");
    assert_eq!(grade(&shell, &code, &["--on", "2026-12-01"]), "orange");
    assert_eq!(grade(&shell, &code, &["--known", "2026-12-03"]), "yellow");
    assert_eq!(grade(&shell, &code, &["--known", "2026-12-04"]), "orange");
    let by_grade = ["list", "预警", "--where", "等级=橙"];
    assert_eq!(
        shell.ask(&[&by_grade[..], &["--on", "2026-12-02"]].concat())["total"],
        1
    );
    assert_eq!(
        shell.ask(&[&by_grade[..], &["--known", "2026-12-02"]].concat())["total"],
        0
    );
    let queue = |day: &str| shell.ask(&["queue", "--on", day])["bodies"][0].clone();
    assert_eq!(
        (&queue("2026-11-30")["yellow"], &queue("2026-12-02")["orange"]),
        (&1.into(), &1.into())
    );
    let then = shell.ask(&["queue", "全区", "--on", "2026-11-30"]);
    assert_eq!(
        (
            then["items"][0]["grade"].as_str(),
            then["items"].as_array().unwrap().len()
        ),
        (Some("yellow"), 1)
    );
    for when in ["--on", "--known"] {
        let steps = |day: &str| {
            let shown = shell.ask(&["show", &code, when, day]);
            shown["timeline"].as_array().unwrap().len()
        };
        assert!(steps("2026-12-03") >= 2 && steps("2026-12-04") == 3, "{when}");
        let free = shell.ask(&["eligible", "贺怀远", when, "2026-12-01"]);
        assert_eq!(free["items"][0]["restricted"], false);
        let figures = shell.ask(&["stats", when, "2026-12-07"]);
        assert_eq!(figures, shell.ask(&["stats"]), "{when}: the day itself is the present");
    }
    let told = shell.run(&["list", "预警", "--on", "2026-11-30"]);
    assert!(
        told.err.starts_with("截至 2026-11-30 的情况（今日所知）。"),
        "{}",
        told.err
    );
    let told = shell.run(&["list", "预警", "--known", "2026-11-30"]);
    assert!(told.err.starts_with("2026-11-30 当时所知。"), "{}", told.err);
    assert_eq!(shell.refused(&["show", &code, "--on", "2026-11-15"]), "not_found");
    assert_eq!(
        shell.refused(&["show", &code, "--known", "2026-11-15"]),
        "before_the_ledger"
    );
    assert_eq!(shell.run(&["verify"]).code, 0);
}

#[test]
fn a_plain_copy_answers_about_the_past_too_and_leaves_nothing_behind() {
    let (shell, code) = office();
    let copy = shell.file("copy.lian");
    let copy = copy.to_str().unwrap();
    assert_eq!(shell.run(&["backup", "--plain", "-o", copy]).code, 0);
    for (when, expected) in [("--on", "orange"), ("--known", "yellow")] {
        let ran = shell.run(&["list", "预警", "--file", copy, when, "2026-12-02", "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let item = &ran.json()["items"][0];
        assert_eq!(
            (item["grade"].as_str(), item["code"].as_str()),
            (Some(expected), Some(code.as_str()))
        );
    }
    assert!(!shell.data().join("past").exists());
}
