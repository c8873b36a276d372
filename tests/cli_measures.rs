//! Measures against people and units from the shell: the ladder, the formal 诫勉, outside decisions, appeals, transfers,
//! and what `eligible` answers about each of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::Value;
use shell::{Shell, codes};

/// Two bureaus; 周正明 and 林知远 in the first.
fn office() -> Shell {
    let shell = Shell::office();
    for name in ["区城建局", "区文旅局"] {
        shell.act(&[
            "create",
            "单位",
            "--name",
            name,
            "--kind",
            "department",
            "--organ-line",
            "government",
        ]);
    }
    for (name, unit) in [("工程股长", "区城建局"), ("市场股长", "区文旅局")] {
        shell.act(&["create", "岗位", "--name", name, "--unit", unit, "--rank", "section"]);
    }
    for name in ["周正明", "林知远"] {
        shell.act(&[
            "create",
            "人员",
            "--name",
            name,
            "--unit",
            "区城建局",
            "--post",
            "工程股长",
        ]);
    }
    shell
}

fn weigh(shell: &Shell, code: &str, attitude: &str) {
    let found = [
        "--cause",
        "监督不到位",
        "--circumstance",
        "一般",
        "--attitude",
        attitude,
    ];
    shell.act(&[&["weigh", code][..], &found].concat());
}

fn hold(shell: &Shell, kind: &str, trigger: &str, more: &[&str]) -> String {
    let begin = [
        "hold_accountable",
        "--kind",
        kind,
        "--trigger",
        trigger,
        "--unit",
        "区城建局",
    ];
    let done = shell.act(&[&begin, more].concat());
    codes(&done, "changed", "accountability").remove(0)
}

fn signed<'a>(verb: &'a str, code: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[verb, code, "--decision", "signed", "--signer", "沈严"], more].concat()
}

/// 责令改正 against 周正明, served.
fn order(shell: &Shell) -> String {
    let code = hold(
        shell,
        "责令改正",
        "存在漏洞",
        &["--responsible", "周正明", "--proposed-by", "何青"],
    );
    assert_eq!(
        shell.refused(&[&["do"][..], &signed("approve", &code, &[])].concat()),
        "not_heard"
    );
    weigh(shell, &code, "主动纠正");
    shell.act(&["hear", &code, "--statement", "已当面说明"]);
    assert_eq!(
        shell.refused(&["do", "approve", &code, "--decision", "signed", "--signer", "何青"]),
        "same_person",
        "who proposed it does not approve it"
    );
    shell.act(&signed("approve", &code, &[]));
    shell.act(&["serve", &code, "--received-by", "周正明"]);
    code
}

fn about(shell: &Shell, who: &str, more: &[&str]) -> Value {
    shell.ask(&[&["eligible", who], more].concat())["items"][0].clone()
}

/// Verbs that can be done now.
fn can(shell: &Shell, code: &str) -> Vec<String> {
    let listed = shell.ask(&["do", "--list", code]);
    let verbs = listed["verbs"].as_array().unwrap();
    for one in verbs {
        let said = !one["reason"].as_str().unwrap().is_empty();
        assert_ne!(
            one["available"].as_bool().unwrap(),
            said,
            "what cannot be done says why: {one}"
        );
    }
    let yes = verbs.iter().filter(|one| one["available"] == true);
    yes.map(|one| one["verb"].as_str().unwrap().to_owned()).collect()
}

fn line(shell: &Shell, register: &str) -> Vec<String> {
    let listed = shell.ask(&["list", register]);
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_order_runs_from_proposal_to_lift_and_bars_between_service_and_lift() {
    let shell = office();
    let code = order(&shell);
    assert_eq!(line(&shell, "accountability"), std::slice::from_ref(&code));
    let open = can(&shell, &code);
    for verb in [
        "file_plan",
        "progress",
        "extend",
        "feedback",
        "visit",
        "talk",
        "appeal",
        "revoke",
        "remind",
    ] {
        assert!(open.contains(&verb.to_owned()), "{verb}: {open:?}");
    }
    for verb in ["approve", "hear", "lift"] {
        assert!(!open.contains(&verb.to_owned()), "{verb}: {open:?}");
    }
    shell.act(&signed(
        "extend",
        &code,
        &["--to", "2026-12-25", "--reason", "工程未完"],
    ));
    assert_eq!(
        shell.refused(
            &[
                &["do"][..],
                &signed("extend", &code, &["--to", "2026-12-28", "--reason", "再延"])
            ]
            .concat()
        ),
        "extended_once"
    );
    shell.act(&["visit", &code, "--visitors", "督导员丁", "--text", "现场查看"]);
    shell.on("2026-12-01");
    shell.act(&["feedback", &code, "--result", "漏洞已堵"]);
    shell.on("2026-12-03");
    let waiting = about(&shell, "周正明", &[]);
    assert!(
        waiting["answer"]
            .as_str()
            .unwrap()
            .contains("已提交整改，待我方核验（第 2 个工作日）"),
        "{waiting}"
    );
    shell.act(&["verify", &code, "--passed", "--verifiers", "核验员甲"]);
    shell.act(&signed("lift", &code, &[]));
    for (day, barred) in [
        ("2026-11-15", false),
        ("2026-11-16", true),
        ("2026-12-02", true),
        ("2026-12-03", false),
    ] {
        let answer = about(&shell, "周正明", &["--on", day]);
        assert_eq!(answer["restricted"], barred, "{day}: {answer}");
    }
    let then = about(&shell, "周正明", &["--on", "2026-11-20"]);
    assert_eq!(then["in_force"][0]["until"], "2026-12-03", "the first day without it");
    assert!(then["answer"].as_str().unwrap().contains("至 2026-12-02 止"), "{then}");
    assert_eq!(shell.ask(&["verify"])["ok"], true);
}

#[test]
fn of_several_sources_the_latest_end_wins_and_each_is_named() {
    let shell = office();
    let code = order(&shell);
    shell.act(&[
        "create",
        "外机关处理",
        "--title",
        "党内警告",
        "--person",
        "周正明",
        "--kind",
        "党纪处分",
        "--organ",
        "市纪委",
        "--promotion",
        "是",
        "--from",
        "2026-11-01",
        "--to",
        "2027-10-31",
    ]);
    let answer = about(&shell, "周正明", &[]);
    let promotion = answer["in_force"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["act"] == "promotion")
        .unwrap();
    assert_eq!(promotion["from"], "2026-11-01");
    assert_eq!(promotion["until"], Value::Null, "the order has no end yet");
    assert_eq!(promotion["sources"].as_array().unwrap().len(), 2, "{promotion}");
    shell.act(&signed("revoke", &code, &["--reason", "认定有误"]));
    let answer = about(&shell, "周正明", &[]);
    assert_eq!(answer["in_force"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["in_force"][0]["until"], "2027-11-01");
    assert!(
        answer["answer"].as_str().unwrap().contains("至 2027-10-31 止"),
        "the last day still counts"
    );
    // What was never restricted is not, and a unit's own answer is its own.
    assert_eq!(about(&shell, "林知远", &[])["restricted"], false);
}

#[test]
fn a_unit_is_a_subject_of_its_own_and_the_overlay_is_shown_as_off() {
    let shell = office();
    let code = hold(
        &shell,
        "责令改正",
        "存在漏洞",
        &["--responsible", "周正明", "--unit-wide", "是"],
    );
    weigh(&shell, &code, "一般");
    shell.act(&["hear", &code]);
    shell.act(&signed("approve", &code, &[]));
    shell.act(&["serve", &code]);
    let unit = about(&shell, "区城建局", &[]);
    let acts: Vec<&str> = unit["in_force"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["commendation"], "a unit is promoted by nobody: {unit}");
    assert_eq!(about(&shell, "区文旅局", &[])["restricted"], false);
    let asked = shell.ask(&["eligible", "区城建局"]);
    assert!(
        asked["overlay"].as_str().unwrap().contains("national_overlay 未启用"),
        "{asked}"
    );
    let shown = shell.run(&["eligible", "周正明"]);
    assert!(
        shown.err.contains("national_overlay") || shown.out.contains("national_overlay"),
        "{}",
        shown.err
    );
    let card = shell.run(&["show", &code]);
    assert_eq!(card.code, 0);
}

#[test]
fn an_appeal_is_decided_above_by_others_and_revoking_recalls_the_paper() {
    let shell = office();
    let code = order(&shell);
    assert_eq!(
        shell.refused(&["do", "appeal", &code, "--grounds", "认定有误", "--appellant", "林知远"]),
        "not_concerned"
    );
    let filed = shell.act(&["appeal", &code, "--grounds", "认定有误", "--appellant", "周正明"]);
    let appeal = codes(&filed, "changed", "appeal").remove(0);
    assert_eq!(
        about(&shell, "周正明", &[])["restricted"],
        true,
        "execution is not suspended"
    );
    assert_eq!(can(&shell, &appeal), ["void", "decide_appeal", "revert"]);
    let item = shell.ask(&["show", &appeal])["item"].clone();
    assert_eq!(item["lead_body"], "steering", "the body above 区纪委监察机关");
    let decide = |by: &'static str, signer: &'static str| {
        vec![
            "decide_appeal",
            appeal.as_str(),
            "--outcome",
            "撤销原决定",
            "--handlers",
            by,
            "--opinion",
            "事实不清",
            "--decision",
            "signed",
            "--signer",
            signer,
        ]
    };
    shell.on("2026-12-07");
    for (by, signer) in [("沈严", "陈守诚"), ("复核员甲", "沈严"), ("何青", "陈守诚")] {
        assert_eq!(
            shell.refused(&[&["do"][..], &decide(by, signer)].concat()),
            "same_person",
            "{by} {signer}"
        );
    }
    let decided = shell.act(&decide("复核员甲", "陈守诚"));
    assert_eq!(codes(&decided, "changed", "obligation").len(), 1, "收回文书: {decided}");
    for day in ["2026-11-16", "2026-12-01", "2026-12-07"] {
        assert_eq!(
            about(&shell, "周正明", &["--on", day])["restricted"],
            false,
            "{day}: it never was"
        );
    }
    assert_eq!(shell.refused(&["do", "feedback", &code, "--result", "x"]), "ended");
    assert_eq!(
        shell.ask(&["rebuild"])["tables"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|t| t["changed"] != 0)
            .count(),
        0
    );
}

#[test]
fn a_transfer_during_the_restriction_says_why_and_takes_it_along() {
    let shell = office();
    let code = order(&shell);
    let person = about(&shell, "周正明", &[])["person"].as_str().unwrap().to_owned();
    let moves = ["amend", &person, "--post", "市场股长", "--unit", "区文旅局"];
    assert_eq!(shell.refused(&[&["do"], &moves[..]].concat()), "restricted");
    let ordered = [
        "--transfer-reason",
        "ordered",
        "--transfer-document",
        "区委干〔2026〕12号",
    ];
    let done = shell.act(&[&moves[..], &ordered].concat());
    assert_eq!(
        codes(&done, "changed", "obligation").len(),
        1,
        "指委会办公室 is told: {done}"
    );
    let answer = about(&shell, "周正明", &[]);
    assert_eq!(answer["restricted"], true);
    assert!(answer["answer"].as_str().unwrap().contains("限制期内调动"), "{answer}");
    let item = shell.ask(&["show", &code])["item"].clone();
    assert_eq!(item["lead_body"], "discipline");
    assert!(
        item["co_body"].as_str().unwrap().starts_with("implementation:"),
        "{item}"
    );
    for body in ["discipline", item["co_body"].as_str().unwrap()] {
        let queue = shell.ask(&["list", "accountability", "--where", &format!("queue={body}")]);
        assert_eq!(
            queue["items"][0]["code"],
            code.as_str(),
            "a line in both queues: {body}"
        );
    }
}

#[test]
fn a_formal_admonition_bars_for_six_months_from_the_decision() {
    let shell = office();
    let code = hold(&shell, "诫勉谈话", "发现不廉洁行为", &["--responsible", "周正明"]);
    shell.act(&["hear", &code]);
    shell.on("2026-11-18");
    shell.act(&signed("approve", &code, &["--signed-on", "2026-11-17"]));
    let acts = about(&shell, "周正明", &["--act", "transfer"]);
    assert_eq!(acts["restricted"], false, "a transfer is not what it forbids");
    shell.act(&["serve", &code]);
    shell.act(&["talk", &code, "--talkers", "沈严、何青"]);
    shell.act(&["self_check", &code, "--text", "深刻检查"]);
    shell.act(&["feedback", &code, "--result", "已改正"]);
    assert_eq!(shell.refused(&["do", "verify", &code, "--passed"]), "effect_running");
    shell.on("2027-06-01");
    for (day, barred) in [
        ("2026-11-16", false),
        ("2026-11-17", true),
        ("2027-05-16", true),
        ("2027-05-17", false),
    ] {
        let answer = about(&shell, "周正明", &["--on", day]);
        assert_eq!(answer["restricted"], barred, "{day}: {answer}");
    }
}

/// What an appeal changes holds from the day of the decision or from the beginning; what the file knew before stays
/// what it knew.
///
/// covers §4.4.23
#[test]
fn a_change_on_appeal_is_answered_by_the_day_asked_about_and_by_what_was_known() {
    for (from_start, barred_before) in [("否", true), ("是", false)] {
        let shell = office();
        let code = order(&shell);
        let filed = shell.act(&["appeal", &code, "--grounds", "认定有误", "--appellant", "周正明"]);
        let appeal = codes(&filed, "changed", "appeal").remove(0);
        shell.on("2026-12-07");
        let decide = [
            "decide_appeal",
            &appeal,
            "--outcome",
            "变更原决定",
            "--handlers",
            "复核员甲",
        ];
        let said = ["--opinion", "情节较轻", "--change", "改为警示提醒"];
        let signed = ["--decision", "signed", "--signer", "陈守诚"];
        let whole = |more: &[&'static str]| [&decide[..], &said, more, &signed].concat();
        assert_eq!(shell.refused(&[&["do"][..], &whole(&[])].concat()), "missing_field");
        let mut more = vec!["--kind", "警示提醒"];
        more.extend(["--from-start", from_start]);
        let decided = shell.act(&whole(&more));
        let owed = codes(&decided, "changed", "obligation").remove(0);
        let text = shell.ask(&["show", &owed])["item"]["title"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(text.contains("收回《责令改正通知书》，改送《警示提醒函》"), "{text}");
        for (when, day, barred) in [
            ("--on", "2026-11-16", barred_before),
            ("--on", "2026-12-06", barred_before),
            ("--on", "2026-12-07", false),
            ("--known", "2026-12-06", true),
            ("--known", "2026-12-07", false),
        ] {
            let answer = about(&shell, "周正明", &[when, day]);
            assert_eq!(answer["restricted"], barred, "{from_start} {when} {day}: {answer}");
        }
        let shown = shell.run(&["show", &code]).out;
        assert!(shown.contains("改为警示提醒") && shown.contains("不再限制"), "{shown}");
        let rebuilt = shell.ask(&["rebuild"]);
        let changed = rebuilt["tables"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|t| t["changed"] != 0);
        assert_eq!(changed.count(), 0);
    }
}

/// What other organs decided comes in one by one or by the sheet, is corrected by 修改 and taken out by 作废.
///
/// covers §0.29 §4.4.20
#[test]
fn outside_decisions_come_by_the_sheet_with_their_end_and_are_corrected_and_voided() {
    let shell = office();
    let head = "处理事项,人员,类别,决定机关,文号,不得提拔,不得调动,不得评先评优,影响期起,影响期止\n";
    let rows = "党内警告处分,周正明,党纪处分,市纪委,市纪〔2026〕3号,是,,是,2026-11-01,2027-10-31\n\
        诫勉,林知远,诫勉,市委组织部,,是,,,2026-05-16,2026-11-15\n";
    let broken = shell.write(
        "缺项.csv",
        &format!("{head}通报批评,周正明,其他,市纪委,,,,,2026-11-01,2027-10-31\n"),
    );
    let ran = shell.run(&["import", "外机关处理", &broken, "--json"]);
    assert_ne!(ran.code, 0, "nothing is forbidden by it: {}", ran.out);
    let said = ran.out + &ran.err;
    assert!(said.contains("至少选一项"), "{said}");
    let sheet = shell.write("外机关处理.csv", &format!("{head}{rows}"));
    let imported = shell.ask(&["import", "外机关处理", &sheet]);
    assert_eq!(imported["imported"], 2, "{imported}");
    let code = line(&shell, "outside_decision").into_iter();
    let code = code
        .into_iter()
        .find(|code| shell.ask(&["show", code])["item"]["title"] == "党内警告处分")
        .unwrap();
    for (who, day, barred) in [
        ("周正明", "2026-10-31", false),
        ("周正明", "2026-11-01", true),
        ("林知远", "2026-11-15", true),
        ("林知远", "2026-11-16", false),
    ] {
        let answer = about(&shell, who, &["--on", day]);
        assert_eq!(answer["restricted"], barred, "{who} {day}: {answer}");
    }
    let transfer = about(&shell, "周正明", &["--act", "transfer"]);
    assert_eq!(transfer["restricted"], false, "only what it says");
    let until = about(&shell, "周正明", &[])["in_force"][0]["until"].clone();
    assert_eq!(until, "2027-11-01", "the first day without it");
    assert_eq!(
        shell.refused(&["do", "amend", &code, "--to", "2026-10-01"]),
        "wrong_field",
        "an end before its beginning"
    );
    shell.act(&["amend", &code, "--to", "2026-11-10"]);
    assert_eq!(about(&shell, "周正明", &[])["restricted"], false, "ended on the 10th");
    shell.act(&["amend", &code, "--to", "2027-10-31"]);
    assert_eq!(about(&shell, "周正明", &[])["restricted"], true);
    shell.act(&["void", &code, "--reason", "录错人员"]);
    assert_eq!(about(&shell, "周正明", &["--on", "2026-11-12"])["restricted"], false);
}
