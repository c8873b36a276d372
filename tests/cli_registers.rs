//! An office's other registers from the shell: warning reports, tasks and appointments, in and out again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::{Value, json};
use shell::Shell;

const PEOPLE: &str = "\
姓名,单位,岗位,职级
周正明,区财政局,局长,科级
刘敏,区财政局,国库支付岗,其他
刘敏,区教育局,会计岗,其他
";

const WARNINGS: &str = "\
序号,编号,来源,收到日期,单位,岗位,对象,紧急程度,内容,环节,等级,期限,送达日期,办结日期
1,,信息员,2026-11-09,区财政局,国库支付岗,刘敏,特急,大额拨付无联签,,,,,
2,旧-007,群众,2026-10-08,区财政局,,周正明,普通,采购询价对象固定,整改中,橙,2026-11-30,2026-10-20,
3,旧-003,监测,2026-03-02,区教育局,会计岗,,普通,票据印鉴一人兼管,已解除,黄,,2026-03-10,2026-04-20
";

fn office() -> Shell {
    let shell = Shell::office();
    let people = shell.write("人员.csv", PEOPLE);
    let imported = shell.ask(&["import", "人员", &people, "--create-missing"]);
    assert_eq!(imported["imported"], 3, "{imported}");
    shell
}

fn total(shell: &Shell, register: &str) -> i64 {
    shell.ask(&["list", register])["total"].as_i64().unwrap()
}

/// Faults as (row, column).
fn cells(report: &Value) -> Vec<(i64, String)> {
    let errors = report["errors"].as_array().unwrap().iter();
    errors
        .map(|e| (e["row"].as_i64().unwrap(), e["column"].as_str().unwrap().to_owned()))
        .collect()
}

fn faulty(shell: &Shell, register: &str, name: &str, text: &str) -> Value {
    let sheet = shell.write(name, text);
    let ran = shell.run(&["import", register, &sheet, "--json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    ran.json()
}

/// What is exported imports again without a change.
fn comes_back(shell: &Shell, register: &str, count: i64) {
    for ending in ["csv", "xlsx"] {
        let out = shell.file(&format!("{register}导出.{ending}"));
        let out = out.to_str().unwrap();
        assert_eq!(shell.run(&["export", register, "-o", out]).code, 0);
        let again = shell.ask(&["import", register, out]);
        assert_eq!(
            (
                &again["unchanged"],
                &again["amended"],
                &again["imported"],
                &again["errors"]
            ),
            (&json!(count), &json!(0), &json!(0), &json!([])),
            "{again}"
        );
    }
}

#[test]
fn warning_reports_come_in_new_or_at_the_stage_their_register_states() {
    let shell = office();
    let sheet = shell.write("预警.csv", WARNINGS);
    let before = shell.ask(&["queue"]);
    let dry = shell.ask(&["import", "预警", &sheet, "--dry-run"]);
    assert_eq!((&dry["imported"], total(&shell, "预警")), (&json!(3), 0));
    let imported = shell.ask(&["import", "预警", &sheet]);
    assert_eq!(
        (&imported["imported"], &imported["errors"]),
        (&json!(3), &json!([])),
        "{imported}"
    );
    let item = |code: &str| shell.ask(&["show", code]);
    let fresh = item("YJ-XY-2026-0001");
    assert_eq!(
        (&fresh["item"]["stage"], &fresh["item"]["grade"]),
        (&json!("registered"), &Value::Null)
    );
    assert_eq!(fresh["timeline"][0]["label"], "登记", "{fresh}");
    // The clock of the assessment runs from the day it came in, by its urgency.
    let quick = fresh["item"]["due"].as_str().unwrap().to_owned();
    assert!(quick.as_str() < "2026-11-13", "{quick}");
    let running = item("YJ-XY-2026-0002");
    assert_eq!(running["timeline"][0]["label"], "初始导入", "{running}");
    assert_eq!(
        [
            &running["item"]["stage"],
            &running["item"]["grade"],
            &running["item"]["due"],
            &running["item"]["lead_body"]
        ],
        [
            &json!("rectifying"),
            &json!("orange"),
            &json!("2026-11-30"),
            &json!("discipline")
        ]
    );
    let lifted = item("YJ-XY-2026-0003");
    assert_eq!(
        (&lifted["item"]["stage"], &lifted["item"]["due"]),
        (&json!("lifted"), &Value::Null)
    );
    // It goes on from there as if every step had been taken here.
    let fed = shell.act(&["feedback", "YJ-XY-2026-0002", "--result", "询价对象已扩大"]);
    assert_eq!(fed["effect"], "done");
    shell.ask(&["undo"]);
    comes_back(&shell, "预警", 3);
    // The same sheet again brings nothing.
    let again = shell.ask(&["import", "预警", &sheet]);
    assert_eq!(
        (&again["imported"], again["duplicates"].as_array().unwrap().len()),
        (&json!(0), 3),
        "{again}"
    );
    // One act, one step back.
    shell.ask(&["undo"]);
    assert_eq!((total(&shell, "预警"), shell.ask(&["queue"])), (0, before));
    shell.ask(&["redo"]);
    assert_eq!(total(&shell, "预警"), 3);
    assert_eq!(shell.run(&["verify"]).code, 0);
    let rebuilt = shell.ask(&["rebuild"]);
    assert!(
        rebuilt["tables"].as_array().unwrap().iter().all(|t| t["changed"] == 0),
        "{rebuilt}"
    );
}

#[test]
fn every_fault_of_a_warning_is_named_by_its_cell() {
    let shell = office();
    let report = faulty(
        &shell,
        "预警",
        "错.csv",
        "\
来源,收到日期,单位,对象,内容,环节,等级,期限,送达日期,办结日期,关联风险点
梦见,2026-11-09,区财政局,刘敏,甲,,,,,,
群众,2027-01-01,区财政局,刘敏,乙,,,,,,
群众,2026-11-09,区税务局,刘敏,丙,,,,,,
群众,2026-11-09,区财政局,刘敏,丁,,红,,,,
群众,2026-11-09,区财政局,刘敏,戊,整改中,,,,,
群众,2026-11-09,区财政局,刘敏,己,已并件,,,,,
群众,2026-11-09,区财政局,刘敏,庚,待评估,黄,,,,
群众,2026-11-09,区财政局,刘敏,辛,已解除,黄,2026-12-01,2026-11-02,2026-11-01,
群众,2026-11-09,区财政局,刘敏,,,,,,,
群众,2026-11-09,区财政局,刘敏,壬,,,,,,FX-XY-2026-0009
群众,2026-11-09,区财政局,王大锤,癸,,,,,,
",
    );
    let found = cells(&report);
    let wanted = [
        (2, "A"),
        (3, "B"),
        (4, "C"),
        (5, "G"),
        (6, "G"),
        (7, "F"),
        (8, "G"),
        (9, "H"),
        (9, "I"),
        (9, "J"),
        (9, "J"),
        (10, "E"),
        (11, "K"),
        (12, "D"),
    ];
    let wanted: Vec<(i64, String)> = wanted
        .iter()
        .map(|(row, column)| (*row, (*column).to_owned()))
        .collect();
    assert_eq!(found, wanted, "{report:#}");
    assert_eq!(total(&shell, "预警"), 0);
    let sheet = shell.write("预警.csv", WARNINGS);
    shell.ask(&["import", "预警", &sheet]);
    // What steps decide is not changed by a sheet.
    let out = shell.file("改.csv");
    let out = out.to_str().unwrap();
    assert_eq!(shell.run(&["export", "预警", "-o", out]).code, 0);
    let text = std::fs::read_to_string(out).unwrap();
    let changed = text.replace("整改中", "待核验").replace("2026-11-30", "2027-11-30");
    let report = faulty(&shell, "预警", "改了.csv", &changed);
    assert_eq!(cells(&report).len(), 2, "{report:#}");
    // What is only described is.
    let changed = text.replace("采购询价对象固定", "采购询价对象长期固定");
    let amended = shell.ask(&["import", "预警", &shell.write("改好.csv", &changed)]);
    assert_eq!(
        (&amended["amended"], &amended["unchanged"]),
        (&json!(1), &json!(2)),
        "{amended}"
    );
}

#[test]
fn tasks_come_in_running_or_finished() {
    let shell = office();
    let text = "\
编号,任务,职能类别,牵头单位,责任人,任务内容,状态,期限,评价
,开展风险排查,推进落实,区财政局,周正明,全员查找,,2026-12-10,
,报送半年小结,推进落实,区教育局,,,办理中,2026-10-30,
任-1,公开职权目录,推进落实,区财政局,,,已办结,,OUTCOME
";
    let kinds = shell.run(&["template", "任务", "-o", shell.file("空白.xlsx").to_str().unwrap()]);
    assert_eq!(kinds.code, 0, "{}", kinds.err);

    let good = text.replace("OUTCOME", "已落实");
    let sheet = shell.write("任务.csv", &good);
    let imported = shell.ask(&["import", "任务", &sheet]);
    assert_eq!(
        (&imported["imported"], &imported["errors"]),
        (&json!(3), &json!([])),
        "{imported}"
    );
    let item = |code: &str| shell.ask(&["show", code]);
    assert_eq!(item("RW-XY-2026-0001")["timeline"][0]["label"], "布置");
    let late = item("RW-XY-2026-0002");
    assert_eq!(
        (&late["item"]["due"], &late["item"]["overdue"]),
        (&json!("2026-10-30"), &json!(true)),
        "{late}"
    );
    assert_eq!(item("RW-XY-2026-0003")["item"]["stage"], "closed");
    comes_back(&shell, "任务", 3);
    shell.ask(&["undo"]);
    assert_eq!(total(&shell, "任务"), 0);
    let bad = good
        .replace(",2026-12-10,", ",,")
        .replace("已办结,,", "已办结,2026-12-01,");
    let report = faulty(&shell, "任务", "错.csv", &bad);
    assert_eq!(cells(&report), [(2, "H".to_owned()), (4, "H".to_owned())], "{report:#}");
}

#[test]
fn appointments_find_people_posts_and_seats_by_name() {
    let shell = office();
    let text = "\
人员,岗位,机构,席位,分工,起,止
周正明,区财政局/局长,,,,2024-03-01,
周正明,,区政府防委会,主任,分管财政,2025-01-01,
刘敏(区教育局),,区教育局推委会,成员,,2025-01-01,2026-06-30
,区财政局/局长,区财政局推委会,主任,,2024-03-01,
";
    let sheet = shell.write("任职.csv", text);
    let before = total(&shell, "任职");
    let imported = shell.ask(&["import", "任职", &sheet]);
    assert_eq!(
        (&imported["imported"], &imported["errors"]),
        (&json!(4), &json!([])),
        "{imported}"
    );
    assert_eq!(total(&shell, "任职"), before + 4);
    comes_back(&shell, "任职", before + 4);
    let again = shell.ask(&["import", "任职", &sheet]);
    assert_eq!(again["duplicates"].as_array().unwrap().len(), 4, "{again}");
    shell.ask(&["undo"]);
    assert_eq!(total(&shell, "任职"), before);
    let report = faulty(
        &shell,
        "任职",
        "错.csv",
        "\
人员,岗位,机构,席位,起,止
刘敏,,专班,成员,2025-01-01,
周正明,,,,2025-01-01,
周正明,,区监察大队,成员,2025-01-01,
周正明,,指委会,成员,2025-01-01,2024-01-01
,,指委会,成员,2025-01-01,
周正明,区财政局/出纳岗,,,2025-01-01,
",
    );
    let wanted = [(2, "A"), (3, "B"), (4, "C"), (5, "F"), (6, "A"), (7, "B")];
    let wanted: Vec<(i64, String)> = wanted
        .iter()
        .map(|(row, column)| (*row, (*column).to_owned()))
        .collect();
    assert_eq!(cells(&report), wanted, "{report:#}");
    let namesakes = report["errors"][0]["reason"].as_str().unwrap();
    assert!(
        namesakes.contains("有 2 个") && namesakes.contains("RY-XY-"),
        "{namesakes}"
    );
}

#[test]
fn the_blank_sheets_explain_themselves_and_bring_nothing() {
    let shell = office();
    for register in ["预警", "任务", "任职"] {
        let blank = shell.file(&format!("{register}空白.xlsx"));
        let blank = blank.to_str().unwrap();
        assert_eq!(shell.run(&["template", register, "-o", blank]).code, 0);
        let read = shell.ask(&["import", register, blank]);
        assert_eq!(
            (&read["rows"], &read["errors"], &read["unknown_columns"]),
            (&json!(0), &json!([]), &json!([])),
            "{read}"
        );
    }
}
