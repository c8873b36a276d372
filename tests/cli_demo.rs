//! The sample district from the shell: its figures, its log, whom it obeys, and what it never touches.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use std::process::Command;

use serde_json::Value;
use shell::Shell;

const NOW: &str = "2026-11-23T09:00:00+08:00";

/// A sample built in `folder`.
fn build(shell: &Shell, folder: &str, more: &[&str]) -> Value {
    let place = shell.file(folder);
    let args = [
        "demo",
        "--no-console",
        "--json",
        "--now",
        NOW,
        "--data",
        place.to_str().unwrap(),
    ];
    let ran = shell.bare(&[&args, more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

fn ask(shell: &Shell, folder: &str, args: &[&str]) -> Value {
    let place = shell.file(folder);
    let ran = shell.bare(&[args, &["--json", "--now", NOW, "--data", place.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    ran.json()
}

/// covers R007 R116 R123 §0.32
#[test]
fn the_sample_has_the_articles_figures_over_real_records_and_the_same_log_for_the_same_seed() {
    let shell = Shell::empty();
    std::fs::create_dir(shell.file("one")).unwrap();
    let made = build(&shell, "one", &["--seed", "7"]);
    assert_eq!(
        (made["built"].as_bool(), made["class"].as_str()),
        (Some(true), Some("rehearsal"))
    );
    let figures = ask(&shell, "one", &["stats"])["figures"].clone();
    let value = |id: &str| figures[id]["value"].as_i64().unwrap_or_else(|| panic!("{id}"));
    let expected = [1698, 1574, 1068, 897, 180, 681, 196, 19, 108, 1200, 641, 206, 20, 7];
    for (number, expected) in (1..).zip(expected) {
        assert_eq!(value(&format!("F{number:02}")), expected, "F{number:02}");
    }
    for (register, figure) in [
        ("risk_point", "F01"),
        ("measure", "F02"),
        ("power_item", "F03"),
        ("process", "F04"),
    ] {
        assert_eq!(
            ask(&shell, "one", &["list", register, "--limit", "1"])["total"],
            value(figure),
            "{register}"
        );
    }
    // A period that holds everything counts the same records one by one.
    let counted = ask(&shell, "one", &["stats", "--from", "2000-01-01"])["figures"].clone();
    for id in ["F04", "F06", "F07", "F12", "F14"] {
        assert_eq!(counted[id], figures[id], "{id}");
    }
    assert_eq!(ask(&shell, "one", &["verify"])["ok"], true);
    let rebuilt = ask(&shell, "one", &["rebuild"]);
    assert!(
        rebuilt["tables"]
            .as_array()
            .unwrap()
            .iter()
            .all(|table| table["changed"] == 0),
        "{rebuilt}"
    );

    recomputes(&shell, "one");
    queues_and_operators(&shell, "one");
    an_export_comes_back_unchanged(&shell, "one");

    // Reopened, not built again; nothing was written by asking.
    let log = |folder: &str| ask(&shell, folder, &["log"]);
    let first = log("one");
    assert_eq!(build(&shell, "one", &[])["built"], false);
    assert_eq!(log("one"), first);
    build(&shell, "two", &["--seed", "7"]);
    let second = log("two");
    assert_eq!(
        (&second["items"], &second["sites"]),
        (&first["items"], &first["sites"]),
        "byte for byte"
    );
}

/// A stranger with a standard library agrees with every hash.
fn recomputes(shell: &Shell, folder: &str) {
    let path = shell.file("log.json");
    let place = shell.file(folder);
    let ran = shell.bare(&["log", "--json", "--data", place.to_str().unwrap()]);
    std::fs::write(&path, ran.out).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/recompute.py");
    match Command::new("python3").arg(script).arg(&path).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("python3 is not here, the hashes are not recomputed: {error}"),
    }
}

fn queues_and_operators(shell: &Shell, folder: &str) {
    let bodies = ask(shell, folder, &["queue"])["bodies"].as_array().unwrap().clone();
    let of = |id: &str| {
        bodies
            .iter()
            .find(|body| body["body"] == id)
            .unwrap_or_else(|| panic!("{id}"))
    };
    for id in ["steering", "steering_office", "discipline", "task_force"] {
        of(id);
    }
    for line in ["party", "congress", "government", "cppcc"] {
        of(&format!("leadership_{line}"));
    }
    assert!(of("steering")["red"].as_i64().unwrap() > 0 && of("discipline")["orange"].as_i64().unwrap() > 0);
    let items = ask(shell, folder, &["queue", "discipline"])["items"]
        .as_array()
        .unwrap()
        .clone();
    let count = of("discipline")["red"].as_i64().unwrap()
        + of("discipline")["orange"].as_i64().unwrap()
        + of("discipline")["yellow"].as_i64().unwrap()
        + of("discipline")["unassessed"].as_i64().unwrap();
    let warnings = items.iter().filter(|item| item["register"] == "warning").count();
    assert_eq!(warnings as i64, count);
    let kinds = of("discipline")["kinds"].as_array().unwrap().iter();
    let waiting: i64 = kinds.map(|kind| kind["waiting"].as_i64().unwrap()).sum();
    assert_eq!(items.len() as i64, waiting);
    for key in [
        "code",
        "stream",
        "title",
        "grade",
        "stage",
        "lead_body",
        "co_body",
        "unit",
        "post",
        "person",
        "due",
        "days_left",
        "overdue",
        "waiting_for",
        "version",
    ] {
        assert!(items[0].get(key).is_some(), "{key}: {}", items[0]);
    }
    let due = ask(shell, folder, &["due", "--within", "3"])["items"]
        .as_array()
        .unwrap()
        .clone();
    let days: Vec<&str> = due.iter().map(|item| item["due"].as_str().unwrap()).collect();
    assert!(
        days.is_sorted() && due.iter().any(|item| item["overdue"] == true),
        "{days:?}"
    );
    for key in ["day_kind", "owner", "provisional"] {
        assert!(due[0].get(key).is_some(), "{key}");
    }
    // An operator of one body has no right to act for another.
    let accounts = ask(shell, folder, &["list", "操作账号"])["items"]
        .as_array()
        .unwrap()
        .clone();
    let clerk = accounts.iter().find(|account| account["name"] == "专班值班员").unwrap();
    let place = shell.file(folder);
    let act = |user: &str, capacity: &str| {
        let code = items[0]["code"].as_str().unwrap();
        shell.bare(&[
            "do",
            "remind",
            code,
            "--user",
            user,
            "--as",
            capacity,
            "--dry-run",
            "--json",
            "--now",
            NOW,
            "--data",
            place.to_str().unwrap(),
        ])
    };
    assert_eq!(
        act(clerk["login"].as_str().unwrap(), "指委会").code,
        0,
        "the default operator records for every body"
    );
    assert_eq!(act("专班值班员", "discipline").code, 0);
    let nobody = act("查无此人", "discipline");
    assert_eq!((nobody.code, nobody.kind().as_str()), (5, "not_signed_in"));
    let other = accounts.iter().find(|account| account["code"] == "ZH-XY-0010").unwrap();
    let refused = act(other["code"].as_str().unwrap(), "指委会");
    assert_eq!(
        (refused.code, refused.kind().as_str()),
        (5, "no_right"),
        "{}",
        refused.err
    );
}

fn an_export_comes_back_unchanged(shell: &Shell, folder: &str) {
    let out = shell.file("风险点.xlsx");
    let rows = ask(shell, folder, &["export", "风险点", "-o", out.to_str().unwrap()])["rows"]
        .as_i64()
        .unwrap();
    let back = ask(shell, folder, &["import", "风险点", out.to_str().unwrap(), "--dry-run"]);
    assert_eq!(
        (back["unchanged"].as_i64(), back["errors"].as_array().unwrap().len()),
        (Some(rows), 0),
        "{back}"
    );
}

#[test]
fn an_offices_file_is_never_touched() {
    let shell = Shell::empty();
    assert_eq!(shell.bare(&["init"]).code, 0);
    let before = std::fs::read(shell.data().join("office.lian")).unwrap();
    for more in [&[][..], &["--fresh"]] {
        let ran = shell.bare(&[&["demo", "--no-console", "--json"], more].concat());
        assert_eq!((ran.code, ran.kind().as_str()), (1, "office_file"), "{}", ran.err);
    }
    assert_eq!(std::fs::read(shell.data().join("office.lian")).unwrap(), before);
    let other = shell.file("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("notes.txt"), "mine").unwrap();
    let ran = shell.bare(&["demo", "--no-console", "--json", "--data", other.to_str().unwrap()]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "not_empty"));
    assert_eq!(std::fs::read_dir(&other).unwrap().count(), 1);
    let console = shell.bare(&["demo"]);
    assert!(console.code == 2 && console.err.contains("终端"), "{}", console.err);
}

#[test]
fn without_a_folder_the_sample_stands_beside_the_office_and_a_broken_off_one_is_built_again() {
    let shell = Shell::empty();
    let home = shell.file("home");
    let run = |args: &[&str]| shell::run_in(&home, std::path::Path::new(""), args);
    let half = home.join(".local/share/lianneng/demo/building");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::write(half.join("office.lian"), "half").unwrap();
    let ran = run(&["demo", "--no-console", "--now", NOW]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let place = ran.out.trim();
    assert!(place.ends_with("lianneng/demo"), "{place}");
    let names: Vec<_> = std::fs::read_dir(place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        names.iter().all(|name| name.to_str().unwrap().starts_with("office.")),
        "{names:?}"
    );
    assert_eq!(run(&["queue"]).code, 6, "the office's own folder has nothing yet");
}
