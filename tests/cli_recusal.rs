//! Who is recused sees nothing, from any command, and is told nothing: not even that there is something.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use shell::Shell;

/// An office with a report about the finance bureau's head and one about a clerk; their codes.
fn office() -> (Shell, String, String) {
    let shell = Shell::office();
    let units = [["区财政局", "government"], ["区城建局", "government"]];
    for [name, line] in units {
        shell.act(&["create", "单位", "--name", name, "--organ_line", line]);
    }
    let post = [
        "create",
        "岗位",
        "--name",
        "局长",
        "--unit",
        "区财政局",
        "--is_unit_head",
        "true",
        "--rank",
        "section",
    ];
    shell.act(&post);
    shell.act(&[
        "create",
        "人员",
        "--name",
        "贺怀远",
        "--unit",
        "区财政局",
        "--post",
        "局长",
        "--rank",
        "section",
    ]);
    for (name, unit) in [("钱朗", "区财政局"), ("柳青", "区财政局"), ("许静", "区城建局")] {
        shell.person(name, unit);
    }
    shell.act(&[
        "create",
        "亲属与利害关系",
        "--person",
        "许静",
        "--relative",
        "贺怀远",
        "--relation",
        "spouse",
    ]);
    let account = |login: &str, person: &str, body: &str| {
        let line = [
            "create",
            "操作账号",
            "--name",
            person,
            "--login",
            login,
            "--person",
            person,
            "--capacities",
            body,
        ];
        shell.act(&line);
    };
    account("he", "贺怀远", "区财政局推委会");
    account("liu", "柳青", "区财政局推委会");
    account("xu", "许静", "区纪委监察局");
    let report = |about: &str, content: &str| shell.report("区财政局", content, &["--person", about]);
    let (head, other) = (report("贺怀远", "大额拨付无联签"), report("钱朗", "报销审核不严"));
    for code in [&head, &other] {
        shell.act(&["assess", code, "--grade", "yellow", "--analysts", "甲、乙"]);
    }
    (shell, head, other)
}

/// covers §0.16
#[test]
fn the_recused_are_told_nothing_by_any_command() {
    let (shell, head, other) = office();
    let file = shell.file("预警.csv");
    let file = file.to_str().unwrap();
    for (user, narrowed) in [("he", None), ("liu", None), ("xu", None), ("", Some("区财政局推委会"))] {
        let who: Vec<&str> = match narrowed {
            None => vec!["--user", user],
            Some(body) => vec!["--as", body],
        };
        let run = |line: &[&str]| shell.run(&[line, &who].concat());
        let ask = |line: &[&str]| shell.ask(&[line, &who].concat());
        let listed = ask(&["list", "预警"]);
        assert_eq!(
            (&listed["total"], &listed["items"][0]["code"]),
            (&1.into(), &other.as_str().into()),
            "{user}"
        );
        for line in [
            &["list", "预警"][..],
            &["list", "预警", "--find", "拨付"],
            &["list", "预警", "--where", "person=贺怀远"],
            &["list", "预警", "--sort", "due"],
            &["queue", "全区"],
            &["queue", "区政府防委会"],
            &["due"],
            &["unit", "区财政局"],
            &["log"],
            &["log", "--json"],
        ] {
            let ran = run(line);
            assert_eq!(ran.code, 0, "{line:?} {}", ran.err);
            let said = ran.out + &ran.err;
            assert!(
                !said.contains(&head) && !said.contains("大额拨付"),
                "{user} {line:?}: {said}"
            );
        }
        let all = &ask(&["queue"])["bodies"][0];
        assert_eq!(all["yellow"], 1, "{user}: {all}");
        assert_eq!(ask(&["due"])["items"].as_array().unwrap().len(), 1);
        assert_eq!(ask(&["export", "预警", "-o", file])["rows"], 1);
        assert!(!std::fs::read_to_string(file).unwrap().contains("大额拨付"));
        for command in [&["show"][..], &["log"], &["do", "--list"], &["do", "release"]] {
            let [known, unknown] = [head.as_str(), "YJ-XY-2026-9999"].map(|code| {
                let ran = run(&[command, &[code, "--json"]].concat());
                (ran.code, ran.kind(), ran.err.replace(code, "X"))
            });
            assert_eq!(known, unknown, "{user} {command:?}: in the words of an unknown code");
            assert_eq!((known.0, known.1.as_str()), (1, "not_found"));
        }
    }
    let all = shell.ask(&["list", "预警"]);
    assert_eq!(all["total"], 2, "who records for every body sees all");
    assert_eq!(shell.ask(&["show", &head])["item"]["code"], head.as_str());
    assert_eq!(shell.ask(&["queue"])["bodies"][0]["yellow"], 2);
}

#[test]
fn figures_count_what_the_viewer_sees() {
    let (shell, ..) = office();
    let folder = shell.data();
    std::fs::create_dir(folder.join("registers")).unwrap();
    let counted = "\n[[figure]]\nid = \"Y01\"\nlabel = \"预警事项\"\n";
    let shipped = include_str!("../assets/registers/warning.toml");
    std::fs::write(folder.join("registers/warning.toml"), format!("{shipped}{counted}")).unwrap();
    let ran = shell.run(&["adopt"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(shell.ask(&["stats"])["figures"]["Y01"]["value"], 2);
    assert_eq!(shell.ask(&["stats", "--user", "liu"])["figures"]["Y01"]["value"], 1);
    let whole_year = ["stats", "--from", "2026-01-01", "--to", "2026-12-31", "--user", "liu"];
    assert_eq!(shell.ask(&whole_year)["figures"]["Y01"]["value"], 1);
}
