//! The command line's frame: Chinese help, wrong use, exit codes, refusals, what needs no office.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use shell::{Shell, run_in};

const COMMANDS: [&str; 23] = [
    "demo",
    "init",
    "import",
    "template",
    "export",
    "list",
    "show",
    "log",
    "queue",
    "due",
    "do",
    "undo",
    "redo",
    "eligible",
    "stats",
    "calendar",
    "adopt",
    "verify",
    "rebuild",
    "backup",
    "restore",
    "doctor",
    "completions",
];

#[test]
fn every_command_has_help_in_chinese_with_an_example() {
    let shell = Shell::empty();
    let all = shell.bare(&["--help"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    for command in COMMANDS {
        assert!(all.out.contains(&format!("\n  {command} ")), "{command}");
        for flag in ["--help", "-h"] {
            let help = shell.bare(&[command, flag]);
            assert_eq!(help.code, 0, "{command}");
            assert!(help.out.contains("用法：lianneng "), "{command}: {}", help.out);
            assert!(help.out.contains("例：\n  lianneng "), "{command}");
            for english in [
                "Usage",
                "Options",
                "Arguments",
                "Print help",
                "possible values",
                "default",
            ] {
                assert!(!help.out.contains(english), "{command}: {english}");
            }
        }
    }
    assert!(!shell.data().exists(), "help touches nothing");
}

#[test]
fn wrong_use_is_a_chinese_sentence_and_exit_code_2() {
    let shell = Shell::empty();
    for (args, word) in [
        (&["nope"][..], "nope"),
        (&["calendar"], "--from"),
        (&["calendar", "--form", "2026-01-01"], "是不是 --from"),
        (&["calendar", "--from", "2026-02-30", "--workdays", "1"], "2月30日"),
        (&["calendar", "--from", "今", "--workdays", "x"], "“x”"),
        (&["completions", "nosuch"], "zsh"),
        (&["export", "风险点"], "-o"),
        (&["do"], "步骤"),
        (&["do", "nosuch", "YJ-XY-2026-0001"], "nosuch"),
        (&["do", "import"], "lianneng import"),
        (&["do", "serve", "YJ-1", "--decision", "maybe"], "maybe"),
        (&["show"], "编号"),
        (&["undo", "too", "many"], "too"),
        (&["doctor", "--now", "yesterday"], "RFC 3339"),
        (&["doctor", "--data", "a", "--file", "b"], "--file"),
    ] {
        let ran = shell.bare(args);
        assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.out, ran.err);
        assert!(
            ran.err.starts_with("用法不对：") && ran.err.contains(word),
            "{args:?}: {}",
            ran.err
        );
        assert_eq!(ran.out, "", "{args:?}");
        let as_json = shell.bare(&[args, &["--json"]].concat());
        assert_eq!((as_json.code, as_json.kind().as_str()), (2, "usage"), "{args:?}");
    }
    assert!(!shell.data().exists());
}

#[test]
fn a_command_that_cannot_answer_about_an_earlier_day_says_so() {
    let shell = Shell::empty();
    for (command, flag) in [
        ("due", "--on"),
        ("queue", "--known"),
        ("verify", "--on"),
        ("undo", "--known"),
    ] {
        let ran = shell.bare(&[command, flag, "2026-06-30", "--json"]);
        assert_eq!((ran.code, ran.kind().as_str()), (2, "usage"));
        let refused = ran.refused();
        assert!(refused["reason"].as_str().unwrap().contains(flag) && !refused["hint"].as_str().unwrap().is_empty());
    }
    let both = shell.bare(&["list", "预警", "--on", "2026-06-30", "--known", "2026-06-30", "--json"]);
    assert_eq!((both.code, both.kind().as_str()), (2, "usage"));
    let future = shell.bare(&["list", "预警", "--on", "2099-06-30", "--json"]);
    assert_eq!((future.code, future.kind().as_str()), (1, "future_day"));
}

#[test]
fn without_an_office_every_command_says_how_to_begin() {
    let shell = Shell::empty();
    for args in [
        &["list", "风险点"][..],
        &["show", "YJ-XY-2026-0001"],
        &["log"],
        &["queue"],
        &["due"],
        &["stats"],
        &["eligible", "张三"],
        &["do", "serve", "YJ-XY-2026-0001"],
        &["undo"],
        &["redo"],
        &["verify"],
        &["rebuild"],
        &["backup"],
        &["import", "风险点", "x.csv"],
        &["export", "风险点", "-o", "x.csv"],
    ] {
        let ran = shell.bare(args);
        assert_eq!(ran.code, 6, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("还没有台账") && ran.err.contains("lianneng init"),
            "{args:?}: {}",
            ran.err
        );
    }
    assert!(!shell.data().exists(), "nothing is made by asking");
}

#[test]
fn the_calendar_needs_no_office() {
    let shell = Shell::empty();
    let day = |from: &str, count: &str| {
        shell
            .bare(&["calendar", "--from", from, "--workdays", count, "--json"])
            .json()
    };
    // Mid-autumn and the national holidays of 2026: off 25–27 September and 1–7 October, work on 20 September, 10 October.
    assert_eq!(day("2026-09-24", "5")["day"], "2026-10-09");
    assert_eq!(day("2026-09-24", "6")["day"], "2026-10-10");
    let settled = day("2026-11-20", "1");
    assert_eq!(
        (settled["day"].as_str(), settled["provisional"].as_bool()),
        (Some("2026-11-23"), Some(false))
    );
    assert!(settled["notice"].as_str().unwrap().contains("2026"));
    let open = day("2026-12-25", "5");
    assert_eq!(open["provisional"], true, "the notice for 2027 is not out: {open}");
    let text = shell.bare(&["calendar", "--from", "2026-12-25", "--workdays", "5"]);
    assert!(
        text.out.contains("（暂定）") && text.err.contains("尚未载入"),
        "{}{}",
        text.out,
        text.err
    );
    assert!(!shell.data().exists());
}

#[test]
fn the_default_folder_is_the_users_own() {
    let shell = Shell::empty();
    let home = shell.file("");
    let ran = run_in(&home, std::path::Path::new(""), &["queue"]);
    assert_eq!(ran.code, 6);
    assert!(
        ran.err.contains(home.to_str().unwrap().trim_end_matches('/')),
        "{}",
        ran.err
    );
}

#[test]
fn completions_name_every_command_in_every_shell() {
    let shell = Shell::empty();
    for kind in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = shell.bare(&["completions", kind]);
        assert_eq!(ran.code, 0);
        for command in COMMANDS {
            assert!(ran.out.contains(command), "{kind}: {command}");
        }
        assert!(!ran.out.contains("Print help"), "{kind}");
    }
}

#[test]
fn the_clock_can_be_set_only_in_rehearsal() {
    let shell = Shell::empty();
    assert_eq!(
        shell.run(&["init"]).code,
        1,
        "an office is not founded on an invented day"
    );
    assert!(!shell.data().exists());
    assert_eq!(shell.bare(&["init"]).code, 0);
    let ran = shell.run(&["queue", "--json"]);
    assert_eq!((ran.code, ran.kind().as_str()), (1, "not_rehearsal"));
    assert_eq!(shell.bare(&["queue"]).code, 0);
    assert_eq!(Shell::office().run(&["queue"]).code, 0);
}

#[test]
fn init_makes_an_office_once_and_says_where() {
    let shell = Shell::empty();
    let made = shell.bare(&["init", "--site", "QL", "--json"]).json();
    assert_eq!(
        (made["site"].as_str(), made["class"].as_str()),
        (Some("QL"), Some("office"))
    );
    assert_eq!(made["file"], shell.data().join("office.lian").to_str().unwrap());
    let again = shell.bare(&["init"]);
    assert!(again.code == 6 && again.err.contains("已有台账"), "{}", again.err);
    let bad = shell.bare(&["init", "--site", "小", "--data", shell.file("other").to_str().unwrap()]);
    assert!(bad.code == 2 && bad.err.contains("站点代号"), "{}", bad.err);
    let created = shell
        .bare(&["do", "create", "单位", "--name", "区财政局", "--json"])
        .json();
    assert_eq!(shell::codes(&created, "changed", "unit"), ["DW-QL-0001"]);
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_or_for_the_group() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::empty();
    assert_eq!(shell.bare(&["init"]).code, 0);
    let shared = shell.file("shared");
    assert_eq!(shell.bare(&["init", "--shared", shared.to_str().unwrap()]).code, 0);
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(
        [mode(shell.data()), mode(shell.data().join("office.lian"))],
        [0o700, 0o600]
    );
    assert_eq!(
        [mode(shared.clone()), mode(shared.join("office.lian"))],
        [0o2770, 0o660]
    );
}

#[test]
fn doctor_reports_and_advises() {
    let shell = Shell::empty();
    let none = shell.bare(&["doctor", "--json"]);
    assert_eq!(none.code, 0);
    assert_eq!(shell.bare(&["init"]).code, 0);
    let report = shell.bare(&["doctor", "--json"]).json();
    let checks = report["checks"].as_array().unwrap();
    let found = |id: &str| {
        checks
            .iter()
            .find(|check| check["check"] == id)
            .unwrap_or_else(|| panic!("{id}"))
    };
    for id in [
        "network",
        "disk",
        "file",
        "permissions",
        "backup",
        "versions",
        "calendar",
        "log",
    ] {
        assert!(!found(id)["finding"].as_str().unwrap().is_empty(), "{id}");
    }
    assert!(found("versions")["finding"].as_str().unwrap().contains("SQLCipher"));
    assert!(
        found("backup")["status"] == "warn" && found("backup")["advice"].as_str().unwrap().contains("lianneng backup")
    );
    assert_eq!(report["ok"], true);
    std::fs::write(shell.data().join("office.keys"), "{}").unwrap();
    let broken = shell.bare(&["doctor", "--json"]);
    assert_eq!(
        (broken.code, broken.json()["ok"].as_bool()),
        (3, Some(false)),
        "{}",
        broken.out
    );
}
