//! The main job from the shell, end to end: an office's own register, its queues, a matter raised twice, the 诫勉纠错
//! that follows, who is restricted, and each step taken back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::Value;
use shell::{Shell, codes};

const REGISTER: &str = "\
廉政风险点及防控措施一览表,,,,,,,,
序号,单位/科室,岗位,风险类别,业务事项,风险内容,风险等级,防控措施,责任领导
1,区财政局/国库股,国库支付岗,岗位职责风险,大额资金使用,拨付依据审核不严，超进度支付,三级,1.支付三级联签；2.预算硬控,周正明
2,区财政局/采购办,采购经办岗,思想道德,物资采购,询价对象固定，资料补录,二级,需求汇总审核,周正明
";

/// An office with its register imported.
fn office() -> Shell {
    let shell = Shell::office();
    let sheet = shell.write("一览表.csv", REGISTER);
    let imported = shell.ask(&["import", "风险点", &sheet, "--create-missing"]);
    assert_eq!(
        (imported["imported"].as_i64(), imported["rows"].as_i64()),
        (Some(2), Some(2)),
        "{imported}"
    );
    assert_eq!(imported["created"]["unit"], 1);
    assert_eq!(imported["errors"], serde_json::json!([]));
    shell
}

/// The warnings of a body's queue.
fn queue(shell: &Shell, body: &str) -> Vec<String> {
    let asked = shell.ask(&["queue", body]);
    let items = asked["items"].as_array().unwrap();
    items
        .iter()
        .filter(|item| item["register"] == "warning")
        .map(|item| item["code"].as_str().unwrap().to_owned())
        .collect()
}

fn counts(shell: &Shell, body: &str) -> [i64; 4] {
    let asked = shell.ask(&["queue"]);
    let one = asked["bodies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["body"] == body)
        .unwrap();
    ["red", "orange", "yellow", "overdue"].map(|key| one[key].as_i64().unwrap())
}

fn item(shell: &Shell, code: &str) -> Value {
    shell.ask(&["show", code])["item"].clone()
}

/// A yellow warning about the payment post, served.
fn served(shell: &Shell) -> String {
    let registered = shell.act(&[
        "register",
        "--source",
        "信息员",
        "--unit",
        "区财政局",
        "--post",
        "国库支付岗",
        "--content",
        "大额拨付无联签",
        "--happened",
        "2026-11-16",
    ]);
    let code = codes(&registered, "changed", "warning").remove(0);
    assert_eq!(registered["effect"], "done");
    shell.act(&[
        "assess",
        &code,
        "--grade",
        "yellow",
        "--analysts",
        "陈甲",
        "--analysts",
        "陈乙",
        "--points",
        "FX-XY-2026-0001",
    ]);
    assert_eq!(shell.refused(&["do", "serve", &code]), "wrong_stage");
    shell.act(&["release", &code, "--decision", "signed", "--signer", "林知远"]);
    shell.act(&["serve", &code, "--received-by", "周正明"]);
    code
}

/// covers §0.26 R092
#[test]
fn a_matter_raised_twice_walks_the_bodies_and_bars_the_person_until_the_lift() {
    let shell = office();
    let code = served(&shell);
    // Yellow: the unit's 推委会 leads, the organ line's 防委会 stands beside it.
    assert_eq!(queue(&shell, "区财政局推委会"), std::slice::from_ref(&code));
    assert_eq!(queue(&shell, "leadership_government"), std::slice::from_ref(&code));
    assert_eq!(queue(&shell, "discipline"), Vec::<String>::new());
    assert_eq!(counts(&shell, "implementation:DW-XY-0001"), [0, 0, 1, 0]);
    let yellow = item(&shell, &code);

    shell.on("2026-11-18");
    let raise = [
        "escalate",
        &code,
        "--cause",
        "measures_missing",
        "--decision",
        "signed",
        "--signer",
        "沈严",
    ];
    let would = shell.act(&[&raise[..], &["--dry-run"]].concat());
    assert!(would["would"].as_array().unwrap().len() >= 2, "{would}");
    assert_eq!(item(&shell, &code)["grade"], "yellow", "a dry run changes nothing");
    let raised = shell.act(&raise);
    let correction = codes(&raised, "proposed", "admonition");
    assert_eq!(correction.len(), 1, "{raised}");
    assert!(correction[0].starts_with("JJ-XY-2026-"));
    let orange = item(&shell, &code);
    assert_eq!(
        (orange["grade"].as_str(), orange["lead_body"].as_str()),
        (Some("orange"), Some("discipline"))
    );
    let due = |item: &Value| item["due"].as_str().unwrap().to_owned();
    assert!(
        due(&orange) <= due(&yellow),
        "the earlier of the old day and the new colour's term"
    );
    assert_eq!(queue(&shell, "区纪委监察局"), std::slice::from_ref(&code));
    assert_eq!(queue(&shell, "区财政局推委会"), Vec::<String>::new());
    assert_eq!(
        item(&shell, "FX-XY-2026-0001")["grade"],
        "orange",
        "the linked point goes along"
    );

    let again = shell.act(&[
        "escalate",
        &code,
        "--原因",
        "领导工作不力",
        "--decision",
        "meeting",
        "--meeting",
        "指委会2026-11",
    ]);
    let correction = codes(&again, "proposed", "admonition").remove(0);
    assert_eq!(item(&shell, &code)["lead_body"], "steering");
    assert_eq!(queue(&shell, "指委会"), std::slice::from_ref(&code));
    assert_eq!(counts(&shell, "steering"), [1, 0, 0, 0]);

    assert_eq!(
        shell.refused(&["do", "approve", &correction, "--decision", "signed", "--signer", "沈严"]),
        "no_responsible"
    );
    shell.act(&["name_responsible", &correction, "--responsible", "周正明"]);
    shell.act(&["hear", &correction, "--statement", "已说明"]);
    let free = shell.ask(&["eligible", "周正明"]);
    assert_eq!(free["items"][0]["restricted"], false, "heard is not served: {free}");
    shell.act(&["approve", &correction, "--decision", "signed", "--signer", "沈严"]);
    shell.on("2026-11-23");
    shell.act(&["serve", &correction, "--happened", "11.20", "--received-by", "周正明"]);
    let barred = shell.ask(&["eligible", "周正明"]);
    let one = &barred["items"][0];
    assert_eq!(
        (one["asked"].as_str(), one["restricted"].as_bool()),
        (Some("周正明"), Some(true))
    );
    let acts: Vec<&str> = one["restrictions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["commendation", "promotion", "transfer"], "by name");
    for restriction in one["restrictions"].as_array().unwrap() {
        assert_eq!(restriction["source"], correction);
        assert_eq!(
            restriction["from"], "2026-11-20",
            "a service of three days ago restricts from three days ago"
        );
        assert_eq!(restriction["to"], Value::Null);
    }

    shell.act(&["talk", &correction, "--talkers", "沈严、何青", "--content", "已谈话"]);
    shell.act(&["feedback", &correction, "--result", "联签已恢复"]);
    shell.act(&["verify", &correction, "--passed", "--verifiers", "何青"]);
    assert_eq!(
        shell.ask(&["eligible", "周正明"])["items"][0]["restricted"],
        true,
        "verified is not lifted"
    );
    shell.act(&["lift", &correction, "--decision", "signed", "--signer", "沈严"]);
    let lifted = shell.ask(&["eligible", "周正明"]);
    assert_eq!(lifted["items"][0]["restricted"], false, "{lifted}");
    assert_eq!(shell.ask(&["verify"])["ok"], true);
    let rebuilt = shell.ask(&["rebuild"]);
    assert!(
        rebuilt["tables"]
            .as_array()
            .unwrap()
            .iter()
            .all(|table| table["changed"] == 0),
        "{rebuilt}"
    );
}

#[test]
fn new_facts_bring_no_correction() {
    let shell = office();
    let code = served(&shell);
    let raised = shell.act(&[
        "escalate",
        &code,
        "--cause",
        "new_facts",
        "--decision",
        "signed",
        "--signer",
        "沈严",
    ]);
    assert_eq!(raised["proposed"], serde_json::json!([]));
    assert_eq!(item(&shell, &code)["grade"], "orange");
}

#[test]
fn what_waits_for_a_signature_moves_nothing_until_the_date_is_entered() {
    let shell = office();
    let code = served(&shell);
    let before = item(&shell, &code);
    let sent = shell.act(&["escalate", &code, "--cause", "measures_missing"]);
    assert_eq!(sent["effect"], "pending", "without --decision it is 送签");
    let sheet = sent["approval_sheet"].as_str().unwrap().to_owned();
    assert!(sheet.starts_with("CP-XY-2026-"));
    let waiting = item(&shell, &code);
    assert_eq!(
        (&waiting["grade"], &waiting["due"], &waiting["lead_body"]),
        (&before["grade"], &before["due"], &before["lead_body"])
    );
    assert_eq!(waiting["waiting_for"], "signature");
    assert_eq!(queue(&shell, "discipline"), Vec::<String>::new());
    shell.on("2026-11-19");
    let signed = shell.act(&["countersign", &sheet, "--signed-on", "2026-11-18", "--signer", "沈严"]);
    assert_eq!(codes(&signed, "proposed", "admonition").len(), 1, "{signed}");
    assert_eq!(item(&shell, &code)["grade"], "orange");
    assert_eq!(queue(&shell, "discipline"), [code]);
}

#[test]
fn a_struck_out_line_does_not_take_effect() {
    let shell = office();
    let code = served(&shell);
    let sent = shell.act(&["escalate", &code, "--cause", "new_facts", "--decision", "送签"]);
    let sheet = sent["approval_sheet"].as_str().unwrap().to_owned();
    shell.act(&[
        "countersign",
        &sheet,
        "--signed-on",
        "今",
        "--signer",
        "沈严",
        "--strike",
        &code,
    ]);
    assert_eq!(item(&shell, &code)["grade"], "yellow");
    assert_ne!(item(&shell, &code)["waiting_for"], "signature");
}

/// covers §0.19
#[test]
fn each_step_is_taken_back_by_undo_or_by_revert() {
    let shell = office();
    let code = served(&shell);
    let standing = |shell: &Shell| {
        let one = item(shell, &code);
        (
            one["grade"].clone(),
            one["stage"].clone(),
            one["lead_body"].clone(),
            one["due"].clone(),
        )
    };
    let before = standing(&shell);
    // A step nothing depends on goes back and forth, across runs of the program.
    shell.act(&[
        "escalate",
        &code,
        "--cause",
        "measures_missing",
        "--decision",
        "signed",
        "--signer",
        "沈严",
    ]);
    let raised = standing(&shell);
    let undone = shell.ask(&["undo"]);
    assert_eq!(undone["effect"], "done");
    assert_eq!(standing(&shell), before);
    assert_eq!(
        shell.ask(&["list", "三诫勉"])["items"],
        serde_json::json!([]),
        "the proposal is gone with it"
    );
    shell.ask(&["redo"]);
    assert_eq!(standing(&shell), raised);
    assert_eq!(shell.refused(&["redo"]), "nothing_to_redo");
    // Every step back to before the registration; what was served needs a reason of its own.
    shell.ask(&["undo"]);
    assert_eq!(shell.run(&["undo"]).code, 1, "served: not by undo");
    let steps = shell.ask(&["show", &code])["timeline"].as_array().unwrap().len();
    assert!(steps >= 4);
    assert_eq!(shell.refused(&["do", "revert", &code]), "missing_field");
    shell.act(&["revert", &code, "--reason", "entry_error"]);
    assert_eq!(item(&shell, &code)["stage"], "released");
    // A decided step waits for its signature first.
    let waits = shell.ask(&["do", "revert", &code, "--reason", "录入错误"]);
    assert_eq!(waits["effect"], "pending");
    assert_eq!(item(&shell, &code)["stage"], "released");
    let sheet = waits["approval_sheet"].as_str().unwrap().to_owned();
    shell.act(&["countersign", &sheet, "--signer", "林知远"]);
    assert_eq!(item(&shell, &code)["stage"], "assessed");
    assert_eq!(shell.ask(&["verify"])["ok"], true);
}

#[test]
fn an_import_is_one_step_back_and_one_forth() {
    let shell = office();
    let total = |register: &str| shell.ask(&["list", register])["total"].as_i64().unwrap();
    let before = [
        total("risk_point"),
        total("unit"),
        total("post"),
        total("person"),
        total("measure"),
    ];
    assert_eq!(before, [2, 1, 2, 1, 3]);
    shell.ask(&["undo"]);
    assert_eq!(
        [
            total("risk_point"),
            total("unit"),
            total("post"),
            total("person"),
            total("measure")
        ],
        [0; 5]
    );
    shell.ask(&["redo"]);
    assert_eq!(
        [
            total("risk_point"),
            total("unit"),
            total("post"),
            total("person"),
            total("measure")
        ],
        before
    );
    let out = shell.file("导出.xlsx");
    let out = out.to_str().unwrap();
    assert_eq!(shell.ask(&["export", "风险点", "-o", out])["rows"], 2);
    let back = shell.ask(&["import", "风险点", out]);
    assert_eq!(
        (
            back["unchanged"].as_i64(),
            back["imported"].as_i64(),
            back["amended"].as_i64()
        ),
        (Some(2), Some(0), Some(0))
    );
}

#[test]
fn a_sheet_with_faults_is_refused_whole_and_goes_back_to_its_sender() {
    let shell = office();
    let bad = REGISTER.replace("三级", "四级").replace("物资采购", "采购物资");
    let sheet = shell.write("有错.csv", &bad.replace("询价对象固定", "另一处"));
    let back = shell.file("退回.xlsx");
    let ran = shell.run(&["import", "风险点", &sheet, "--errors", back.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 1);
    let report = ran.json();
    let cells: Vec<(i64, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["row"].as_i64().unwrap(), fault["column"].as_str().unwrap()))
        .collect();
    assert_eq!(cells, [(3, "G"), (4, "E")], "{report}");
    assert!(back.exists());
    assert_eq!(shell.ask(&["list", "风险点"])["total"], 2, "nothing came in");
    let unknown = shell.run(&["import", "没有的台账", &sheet]);
    assert_eq!(unknown.code, 2);
}
