//! Lists of names and whole units, as the shell answers them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::json;
use shell::Shell;

fn office() -> Shell {
    let shell = Shell::office();
    for [name, line] in [["区财政局", "government"], ["区城建局", "government"]] {
        shell.act(&["create", "单位", "--name", name, "--organ_line", line]);
    }
    for (name, unit) in [("钱朗", "区财政局"), ("柳青", "区财政局"), ("柳青", "区城建局")] {
        shell.person(name, unit);
    }
    shell
}

/// covers R002
#[test]
fn a_unit_is_told_by_the_thirteen_tags_in_a_period() {
    let shell = office();
    let code = shell.report("区财政局", "大额拨付无联签", &["--person", "钱朗"]);
    shell.report("区城建局", "违规发包", &[]);
    let told = shell.ask(&["unit", "区财政局"]);
    assert_eq!(told["unit"]["name"], "区财政局");
    assert_eq!(
        (&told["from"], &told["to"]),
        (&json!("2026-01-01"), &json!("2026-11-16"))
    );
    let tags = told["tags"].as_array().unwrap();
    assert_eq!(tags.len(), 13);
    let warnings = tags.iter().find(|tag| tag["tag"] == "warning").unwrap();
    assert_eq!((&warnings["label"], &warnings["count"]), (&json!("预警"), &json!(1)));
    let items = told["items"].as_array().unwrap();
    assert!(
        items
            .iter()
            .any(|one| one["item"]["code"] == code.as_str() && one["tag"] == "warning")
    );
    let all: u64 = tags.iter().map(|tag| tag["count"].as_u64().unwrap()).sum();
    assert_eq!(all, items.len() as u64, "every item stands under one tag");
    let before = shell.ask(&["unit", "区财政局", "--from", "2026-01-01", "--to", "2026-10-31"]);
    assert_eq!(before["items"], json!([]));
    let ran = shell.run(&["unit", "区财政局"]);
    assert!(
        ran.out.contains("五项机制") && ran.out.contains("大额拨付无联签"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("违规发包"));
}

#[test]
fn a_unit_that_is_not_clear_is_refused_with_the_likely_ones() {
    let shell = office();
    let ran = shell.run(&["unit", "区", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.err.contains("区城建局") && ran.err.contains("区财政局"),
        "{}",
        ran.err
    );
    assert_eq!(shell.refused(&["unit", "区卫生局"]), "not_found");
    assert_eq!(
        shell
            .run(&["unit", "区财政局", "--from", "2026-02-01", "--to", "2026-01-01"])
            .code,
        2
    );
    assert_eq!(
        shell.ask(&["unit", "财政"])["unit"]["name"],
        "区财政局",
        "the only one like it"
    );
}

#[test]
fn a_table_with_names_in_any_column_is_answered_and_written_out() {
    let shell = office();
    let list = shell.write(
        "名单.csv",
        "1,科员,柳青,区城建局\n2,科员,钱朗,区财政局\n3,科员,赵无名,区财政局\n",
    );
    let out = shell.file("结果.xlsx");
    let ran = shell.run(&["eligible", "--names", &list, "-o", out.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let said = ran.json();
    let asked: Vec<&str> = said["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["asked"].as_str().unwrap())
        .collect();
    assert_eq!(asked, ["柳青（区城建局）", "钱朗（区财政局）", "赵无名（区财政局）"]);
    assert_eq!(said["items"][0]["restricted"], false);
    assert_eq!(said["items"][2]["restricted"], serde_json::Value::Null);
    assert!(out.exists());
    let ran = shell.run(&["eligible", "钱朗", "-o", "结果.txt"]);
    assert_eq!(ran.code, 2, "only xlsx: {}", ran.err);
}
