//! Sealing from the shell: what was handed over or told in confidence is found by no command and in no file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use shell::{Shell, codes, holds};

/// What the report says, whom it is about, and what the assessment made of it.
const PIECES: [&str; 4] = ["收受宏达公司", "周正明", "国库支付岗", "评估认为线索具体"];

fn office() -> (Shell, String) {
    let shell = Shell::office();
    shell.act(&["create", "单位", "--name", "区财政局"]);
    for (kind, name) in [("岗位", "国库支付岗"), ("人员", "周正明")] {
        let more: &[&str] = if kind == "人员" { &["--rank", "section"] } else { &[] };
        shell.act(&[&["create", kind, "--name", name, "--unit", "区财政局"][..], more].concat());
    }
    let code = shell.report(
        "区财政局",
        "反映周正明在国库支付岗拨款时收受宏达公司礼金",
        &["--post", "国库支付岗", "--person", "周正明"],
    );
    shell.act(&[
        "assess",
        &code,
        "--grade",
        "橙",
        "--analysts",
        "陈甲、陈乙",
        "--opinion",
        "评估认为线索具体可查，收受宏达公司礼金一节待核",
    ]);
    (shell, code)
}

/// Everything the shell says about a matter, and the sheets it writes.
fn everything_said(shell: &Shell, code: &str) -> String {
    let sheet = shell.file("预警.csv");
    assert_eq!(shell.run(&["export", "预警", "-o", sheet.to_str().unwrap()]).code, 0);
    let mut said = std::fs::read_to_string(&sheet).unwrap();
    for args in [
        &["show", code][..],
        &["log", code],
        &["list", "预警"],
        &["queue"],
        &["due"],
        &["stats"],
    ] {
        said += &shell.run(args).out;
        said += &shell.ask(args).to_string();
    }
    said
}

/// covers §0.9 §0.23
#[test]
fn a_clue_handed_over_leaves_its_number_and_nothing_of_its_content() {
    let (shell, code) = office();
    let before = everything_said(&shell, &code);
    let copy = shell.plain("之前.db");
    for piece in PIECES {
        assert!(before.contains(piece) && holds(&copy, piece), "{piece}");
    }
    assert_eq!(
        shell.refused(&["do", "clue_receipt", &code, "--receipt", "1"]),
        "wrong_stage"
    );
    shell.refer_clue(&code);
    let waiting = &shell.ask(&["show", &code])["item"];
    assert_eq!(waiting["stage"], "referring");
    assert!(shell.run(&["show", &code]).out.contains("待移送"));
    let done = shell.act(&["clue_receipt", &code, "--receipt", "区纪信收〔2026〕12号"]);
    assert!(done["notes"].to_string().contains("旧备份"), "{done}");

    let after = everything_said(&shell, &code);
    let copy = shell.plain("之后.db");
    for piece in [PIECES[0], PIECES[3]] {
        assert!(!after.contains(piece) && !holds(&copy, piece), "{piece}");
    }
    // The person and the post stay in the directory; of this matter nothing names them any more.
    for args in [["show", &code], ["log", &code]] {
        let said = shell.ask(&args).to_string();
        for piece in PIECES {
            assert!(!said.contains(piece), "{args:?}: {piece}");
        }
    }
    for piece in ["宏达", "礼金", "周正明"] {
        let found = shell.ask(&["list", "预警", "--find", piece]);
        assert_eq!(found["items"].as_array().unwrap().len(), 0, "{piece}");
    }
    assert!(after.contains("（已密封）") && after.contains("区纪信收〔2026〕12号") && after.contains("已移送"));
    assert_eq!(shell.ask(&["verify"])["ok"], true);
    let rebuilt = shell.ask(&["rebuild"]);
    let changed: Vec<_> = rebuilt["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["changed"].clone())
        .collect();
    assert!(
        !changed.is_empty() && changed.iter().all(|rows| *rows == 0),
        "{rebuilt}"
    );
    let checked = shell.run(&["verify", "--json", "--file", copy.to_str().unwrap()]);
    assert_eq!(checked.json()["ok"], true);
    assert_eq!(shell.refused(&["undo"]), "not_revertible");
}

/// Who told it: nothing of this may be read anywhere but by the keeper.
const TOLD: [&str; 3] = ["赵小满", "13870210042", "XX-07"];

fn told(shell: &Shell) -> String {
    let done = shell.act(&[
        "register",
        "--source",
        "信息员",
        "--unit",
        "区财政局",
        "--content",
        "大额拨付无联签",
        "--source-name",
        TOLD[0],
        "--source-phone",
        TOLD[1],
        "--source-code",
        TOLD[2],
    ]);
    assert!(done["notes"].to_string().contains("已密封"), "{done}");
    codes(&done, "changed", "warning").remove(0)
}

/// What `doctor` finds of the keeper's key, and what it advises.
fn keeper_checked(shell: &Shell) -> String {
    let report = shell.ask(&["doctor"]);
    let checks = report["checks"].as_array().unwrap();
    checks
        .iter()
        .find(|check| check["check"] == "keeper")
        .unwrap()
        .to_string()
}

#[test]
fn who_told_it_is_sealed_on_saving_and_read_by_the_keeper_with_a_trace() {
    let (shell, other) = office();
    assert!(keeper_checked(&shell).contains("还没有密封的来源信息"));
    let code = told(&shell);
    let said = everything_said(&shell, &code);
    let copy = shell.plain("副本.db");
    for piece in TOLD {
        assert!(!said.contains(piece) && !holds(&copy, piece), "{piece}");
        let found = shell.ask(&["list", "预警", "--find", piece]);
        assert_eq!(found["items"].as_array().unwrap().len(), 0, "{piece}");
    }
    assert_eq!(shell.ask(&["show", &code])["item"]["source_sealed"], "已密封");

    let read = shell.ask(&["source", &code, "--reason", "回访"]);
    assert_eq!(
        (&read["code"], &read["sources"][0]["name"], &read["sources"][0]["phone"]),
        (&code.as_str().into(), &TOLD[0].into(), &TOLD[1].into())
    );
    let ran = shell.run(&["source", &code]);
    assert!(
        ran.out.contains(TOLD[0]) && ran.err.contains("已记入日志"),
        "{}{}",
        ran.out,
        ran.err
    );
    let log = everything_said(&shell, &code);
    assert!(log.contains("source_read") && log.contains("回访") && !log.contains(TOLD[0]));
    assert_eq!(shell.refused(&["source", &other]), "no_source");
    assert_eq!(shell.ask(&["verify"])["ok"], true);

    // The key file of another office: a sentence, and no trace of a reading that did not take place.
    let keys = shell.data().join("office.keys");
    let own = std::fs::read_to_string(&keys).unwrap();
    let mut changed: serde_json::Value = serde_json::from_str(&own).unwrap();
    changed["keeper"] = "11".repeat(32).into();
    std::fs::write(&keys, changed.to_string()).unwrap();
    let before = shell.ask(&["log", &code])["items"].as_array().unwrap().len();
    let other_key = keeper_checked(&shell);
    assert!(
        other_key.contains("1 份密封给钥匙") && other_key.contains("打不开") && other_key.contains("office.keys"),
        "{other_key}"
    );
    changed.as_object_mut().unwrap().remove("keeper");
    let bare = changed.to_string();
    std::fs::write(&keys, &bare).unwrap();
    assert!(keeper_checked(&shell).contains("这里没有保管人钥匙"));
    assert_eq!(std::fs::read_to_string(&keys).unwrap(), bare, "looking makes no key");
    changed["keeper"] = "11".repeat(32).into();
    std::fs::write(&keys, changed.to_string()).unwrap();
    let ran = shell.run(&["source", &code]);
    assert!(
        ran.code == 5 && ran.err.contains("另一把保管人钥匙"),
        "{} {}",
        ran.code,
        ran.err
    );
    assert_eq!(shell.ask(&["log", &code])["items"].as_array().unwrap().len(), before);
    std::fs::write(&keys, &own).unwrap();
    let own_key = keeper_checked(&shell);
    assert!(own_key.contains("能打开全部 1 份来源信息"), "{own_key}");
    let secret: serde_json::Value = serde_json::from_str(&own).unwrap();
    for said in [other_key, own_key] {
        assert!(
            !said.contains(&secret["keeper"].as_str().unwrap()[..8]),
            "a public key's fingerprint alone"
        );
    }
    assert_eq!(shell.ask(&["source", &code])["sources"][0]["name"], TOLD[0]);
    let ran = shell.run(&["source", &code, "--file", copy.to_str().unwrap()]);
    assert!(
        ran.code == 6 && ran.err.contains("只能查看"),
        "{} {}",
        ran.code,
        ran.err
    );
}

#[test]
fn sources_past_their_date_are_listed_and_erased() {
    let (shell, _) = office();
    let code = told(&shell);
    shell.act(&[
        "reject_report",
        &code,
        "--reason",
        "不属受理范围",
        "--decision",
        "signed",
        "--signer",
        "林知远",
    ]);
    let mistaken = told(&shell);
    shell.ask(&["undo"]);
    assert_eq!(shell.refused(&["source", "--expired", "--erase"]), "nothing_changed");
    shell.on("2028-11-20");
    let listed = shell.ask(&["source", "--expired"]);
    assert_eq!(
        listed["items"][1],
        mistaken.as_str(),
        "what was taken back is not kept for ever"
    );
    assert_eq!(
        (&listed["items"][0], &listed["months"]),
        (&code.as_str().into(), &24.into())
    );
    shell.ask(&["source", "--expired", "--erase"]);
    assert_eq!(
        shell.ask(&["source", "--expired"])["items"].as_array().unwrap().len(),
        0
    );
    assert_eq!(shell.refused(&["source", &code]), "source_erased");
    assert_eq!(shell.ask(&["show", &code])["item"]["source_sealed"], "已清除");
    assert_eq!(shell.ask(&["verify"])["ok"], true);
}
