//! Copies, backups and tampering from the shell: what was acknowledged comes back, what was touched is named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use rusqlite::Connection;
use serde_json::Value;
use shell::Shell;

/// An office with a warning in it, and hostile text.
fn office() -> Shell {
    let shell = Shell::office();
    shell.act(&["create", "单位", "--name", "区财政局"]);
    shell.person("周正明", "区财政局");
    shell.report("区财政局", "大额拨付无联签\u{202e}反\u{9b}31m", &[]);
    shell.act(&["assess", "YJ-XY-2026-0001", "--grade", "黄", "--analysts", "陈甲、陈乙"]);
    shell
}

fn with_file(shell: &Shell, file: &std::path::Path, args: &[&str]) -> shell::Ran {
    shell.run(&[args, &["--json", "--file", file.to_str().unwrap()]].concat())
}

#[test]
fn a_plain_copy_answers_every_question_and_takes_no_act() {
    let shell = office();
    let copy = shell.plain("副本.db");
    for args in [
        &["list", "预警"][..],
        &["list", "预警", "--find", "拨付"],
        &["show", "YJ-XY-2026-0001"],
        &["queue"],
        &["due"],
        &["stats"],
        &["eligible", "周正明"],
        &["log"],
    ] {
        let ran = with_file(&shell, &copy, args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        let own = shell.ask(args);
        assert_eq!(ran.json()["items"], own["items"], "{args:?}");
    }
    assert_eq!(with_file(&shell, &copy, &["verify"]).json()["ok"], true);
    for args in [&["do", "remind", "YJ-XY-2026-0001"][..], &["undo"], &["rebuild"]] {
        let ran = with_file(&shell, &copy, args);
        assert!(
            ran.code == 6 && ran.err.contains("只能查看"),
            "{args:?}: {} {}",
            ran.code,
            ran.err
        );
    }
    let again = shell.run(&["backup", "--plain", "-o", copy.to_str().unwrap()]);
    assert!(
        again.code == 6 && again.err.contains("已经存在"),
        "a copy never replaces a file: {}",
        again.err
    );
    let out = shell.file("名单.txt");
    std::fs::write(&out, "姓名\n周正明\n查无此人\n").unwrap();
    let listed = shell.ask(&["eligible", "--file", out.to_str().unwrap(), "--act", "提拔"]);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(
        (items.len(), &items[0]["restricted"], &items[1]["person"]),
        (2, &Value::Bool(false), &Value::Null)
    );
}

#[test]
fn what_was_changed_in_a_copy_is_named() {
    let shell = office();
    let copy = shell.plain("副本.db");
    let change = |sql: &str| {
        let other = shell.file("改过.db");
        std::fs::copy(&copy, &other).unwrap();
        let conn = Connection::open(&other).unwrap();
        conn.execute_batch(sql).unwrap();
        drop(conn);
        let ran = with_file(&shell, &other, &["verify"]);
        assert_eq!(ran.code, 3, "{sql}: {}{}", ran.out, ran.err);
        let verdict = ran.json();
        assert_eq!(verdict["ok"], false);
        verdict["first_bad"].clone()
    };
    let last: i64 = {
        let conn = Connection::open(&copy).unwrap();
        conn.query_row("SELECT max(seq) FROM event", [], |row| row.get(0))
            .unwrap()
    };
    let triggers: Vec<String> = {
        let conn = Connection::open(&copy).unwrap();
        let mut names = conn
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .unwrap();
        names
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    assert!(triggers.len() > 4);
    let freed: String = triggers
        .iter()
        .map(|name| format!("DROP TRIGGER \"{name}\";"))
        .collect();
    let body = change(&format!(
        "{freed} UPDATE event_body SET body = replace(body, '大额', '小额') WHERE seq = {}",
        last - 1
    ));
    assert_eq!(body["seq"], last - 1);
    let day = change(&format!(
        "{freed} UPDATE act SET happened = '2026-01-01' WHERE seq = (SELECT max(seq) FROM act)"
    ));
    assert_eq!(day["seq"], last);
    let cut = change(&format!(
        "{freed} DELETE FROM event_body WHERE seq = {last}; DELETE FROM event WHERE seq = {last}"
    ));
    assert!(!cut["reason"].as_str().unwrap().is_empty());
    let grade = change("UPDATE list_warning SET grade = 'red'");
    assert!(grade["reason"].as_str().unwrap().contains("list_warning"), "{grade}");
    assert_eq!(grade["seq"], Value::Null);
    let counter = change("UPDATE counter SET n = n + 1");
    assert!(counter["reason"].as_str().unwrap().contains("counter"), "{counter}");
}

#[test]
fn a_flipped_byte_of_the_encrypted_file_is_named_by_its_page() {
    let shell = office();
    assert_eq!(shell.ask(&["verify"])["ok"], true);
    let path = shell.data().join("office.lian");
    let whole = std::fs::read(&path).unwrap();
    for (at, page) in [(5 * 4096 + 17, 6), (whole.len() - 1, whole.len() / 4096)] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        std::fs::write(&path, &bytes).unwrap();
        let ran = shell.run(&["verify", "--json"]);
        assert_eq!(ran.code, 3, "{}", ran.err);
        let verdict = ran.json();
        assert!(
            verdict["bad_pages"].as_array().unwrap().contains(&Value::from(page)),
            "{verdict}"
        );
    }
    let mut bytes = whole.clone();
    bytes[3] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let ran = shell.run(&["verify", "--json"]);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("密钥不对或文件头损坏"), "{}", ran.out);
    assert_eq!(shell.run(&["queue"]).code, 3);
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(shell.ask(&["verify"])["ok"], true);
}

#[test]
fn a_backup_comes_back_and_what_was_there_is_kept_aside() {
    let shell = office();
    let zip = shell.file("备份.zip");
    let made = shell.ask(&["backup", "-o", zip.to_str().unwrap()]);
    let head = made["head"].as_str().unwrap().to_owned();
    shell.act(&["remind", "YJ-XY-2026-0001", "--text", "请报进度"]);
    assert_eq!(shell.ask(&["verify", "--head", &head])["ok"], true);
    let restored = shell.ask(&["restore", zip.to_str().unwrap()]);
    assert!(
        restored["aside"]
            .as_str()
            .is_some_and(|aside| std::path::Path::new(aside).exists()),
        "{restored}"
    );
    let timeline = shell.ask(&["show", "YJ-XY-2026-0001"])["timeline"]
        .as_array()
        .unwrap()
        .clone();
    assert!(timeline.iter().all(|step| step["verb"] != "remind"));
    assert_eq!(shell.ask(&["verify", "--head", &head])["ok"], true);
    shell.act(&["remind", "YJ-XY-2026-0001"]);
    assert_eq!(
        shell.ask(&["verify"])["ok"],
        true,
        "the new site goes on from the old one"
    );
    let elsewhere = shell.file("另处");
    let ran = shell.bare(&[
        "restore",
        zip.to_str().unwrap(),
        "--data",
        elsewhere.to_str().unwrap(),
        "--json",
    ]);
    assert_eq!((ran.code, &ran.json()["aside"]), (0, &Value::Null), "{}", ran.err);
    let wrong = shell.run(&["verify", "--head", &"0".repeat(64), "--json"]);
    assert_eq!(wrong.code, 3);
    assert_eq!(shell.run(&["verify", "--head", "xyz"]).code, 2);
    let no_zip = shell.write("不是备份.zip", "xx");
    let ran = shell.run(&["restore", &no_zip]);
    assert!(ran.code != 0 && ran.err.starts_with("未办理："), "{}", ran.err);
}

#[test]
fn nothing_in_a_field_reaches_the_terminal_as_a_command() {
    let shell = office();
    let acts = |text: &str| {
        text.chars()
            .any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c))
    };
    for args in [
        &["list", "预警"][..],
        &["show", "YJ-XY-2026-0001"],
        &["queue", "全区"],
        &["due"],
        &["log"],
    ] {
        let ran = shell.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        assert!(
            ran.out.contains("大额拨付无联签") || args == ["log"],
            "{args:?}: {}",
            ran.out
        );
        assert!(!acts(&ran.out) && !acts(&ran.err), "{args:?}: {:?}", ran.out);
        let json = shell.run(&[args, &["--json"]].concat());
        assert!(!acts(&json.out), "{args:?}");
    }
    let title = shell.ask(&["show", "YJ-XY-2026-0001"])["item"]["title"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        title.contains('\u{202e}'),
        "what is stored comes back as it is: {title:?}"
    );
    let unknown = shell.run(&["show", "YJ-\u{1b}[31m"]);
    assert!(!acts(&unknown.err), "{:?}", unknown.err);
}
