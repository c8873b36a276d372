//! Out and in again: exports, blank sheets, sheets that go back to their sender.

use std::path::PathBuf;

use super::super::grid::Go;
use super::super::import::Options;
use super::super::{errors, export, template};
use super::office::*;
use crate::domain::testing::Story;
use crate::domain::{Act, Verb};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn exported(story: &Story, id: &str, folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    let mut records = story.all(id).into_iter();
    let count = export::write(&path, &register(id), story, &mut records, &mut |_| Go::On).unwrap();
    assert_eq!(count, story.all(id).len());
    path
}

/// An office whose names and texts are as awkward as names and texts get.
fn awkward() -> Story {
    let mut story = office();
    let unit = story.all("unit")[0].to_string();
    let other = story
        .record(
            "unit",
            &[("name", "区委（本级）"), ("kind", "organ"), ("organ_line", "party")],
        )
        .to_string();
    for section in ["国库股", "预算股"] {
        let section = story
            .record("section", &[("name", section), ("unit", &unit)])
            .to_string();
        story.record("post", &[("name", "会计岗"), ("unit", &unit), ("section", &section)]);
    }
    for unit in [&unit, &unit, &other] {
        story.record(
            "person",
            &[
                ("name", "张三"),
                ("unit", unit),
                ("rank", "section"),
                ("since", "2019-06-01"),
            ],
        );
    }
    let file = texts(&[
        &[
            "单位",
            "股室",
            "岗位",
            "大类",
            "小项",
            "风险表现",
            "可能后果",
            "等级",
            "防范措施",
            "部门负责人",
            "责任领导",
            "权力事项",
            "成因",
        ],
        &[
            "区财政局",
            "预算股",
            "会计岗",
            "岗位职责",
            "其他",
            "=cmd|' /C calc'!A0",
            "第一行\n第二行，有\"引号\"；",
            "红",
            "1.甲2.5倍；2.乙；3.丙",
            "张三(RY-XY-0002)",
            "张三(RY-XY-0003)",
            "'已加引号",
            "+1",
        ],
        &[
            "区财政局",
            "",
            "国库支付岗",
            "外部环境",
            "大额资金使用",
            "-减号开头",
            "@x",
            "黄",
            "单独一条",
            "",
            "",
            "０１２",
            "\t",
        ],
        &[
            "区委（本级）",
            "",
            "秘书岗",
            "思想道德",
            "干部任免",
            "12345",
            "",
            "橙",
            "",
            "",
            "",
            "",
            "",
        ],
    ]);
    let checked = import(&mut story, "risk_point", &file.path, &create());
    assert_eq!(faults(&checked), Vec::<String>::new());
    let point = story.all("risk_point")[1];
    story
        .when(Act::new(Verb::AddMeasure, vec![point]).with("text", "1.看着像编号\n2.的一条措施"))
        .unwrap();
    for (id, rows) in [
        (
            "informant",
            vec![
                vec!["代码", "聘任单位", "类别", "聘期起", "聘期止"],
                vec!["007", "区财政局", "人大代表", "2026-01-01", "2028-12-31"],
            ],
        ),
        (
            "education",
            vec![
                vec!["主题", "单位", "类别", "日期", "应到"],
                vec!["=1+1", "区财政局", "培训班", "2026-03-12", "0"],
            ],
        ),
        (
            "process",
            vec![
                vec!["流程名称", "单位", "承办岗位"],
                vec!["资金拨付", "区财政局", "会计岗(GW-XY-0002)"],
            ],
        ),
        (
            "power_item",
            vec![
                vec!["职权名称", "单位", "关联流程", "清理结论"],
                vec!["拨付", "区财政局", "资金拨付", "保留"],
            ],
        ),
        (
            "regulation",
            vec![
                vec!["制度名称", "责任单位", "主题", "情况", "施行日期"],
                vec!["审批制度", "区财政局", "预防", "新出台", "2027-01-01"],
            ],
        ),
        (
            "publicity",
            vec![
                vec!["名称", "责任单位", "类别", "数量"],
                vec!["宣传栏", "区财政局", "宣传牌", "12"],
            ],
        ),
    ] {
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let checked = import(&mut story, id, &texts(&rows).path, &Options::default());
        assert_eq!((faults(&checked), checked.report.imported), (vec![], 1), "{id}");
    }
    story
}

#[test]
fn what_is_exported_imports_again_with_nothing_changed() {
    let story = awkward();
    let folder = folder();
    for id in [
        "risk_point",
        "unit",
        "post",
        "person",
        "informant",
        "education",
        "process",
        "power_item",
        "regulation",
        "publicity",
    ] {
        for name in ["出.xlsx", "出.csv"] {
            let path = exported(&story, id, &folder, name);
            let checked = check(&story, id, &path, &Options::default()).unwrap_or_else(|e| panic!("{id} {name}: {e}"));
            let report = &checked.report;
            assert_eq!(faults(&checked), Vec::<String>::new(), "{id} {name}");
            assert_eq!(report.unchanged, story.all(id).len(), "{id} {name}: {report:?}");
            assert!(
                checked.rows.is_empty() && report.unknown_columns.is_empty(),
                "{id} {name}: {report:?}"
            );
        }
    }
}

#[test]
fn an_export_carries_its_texts_into_another_office_unharmed() {
    let story = awkward();
    let folder = folder();
    for name in ["出.xlsx", "出.csv"] {
        let path = exported(&story, "risk_point", &folder, name);
        let mut elsewhere = Story::new();
        let checked = import(&mut elsewhere, "risk_point", &path, &create());
        assert_eq!((faults(&checked), checked.report.imported), (vec![], 3), "{name}");
        for (ours, theirs) in story.all("risk_point").into_iter().zip(elsewhere.all("risk_point")) {
            for field in ["description", "consequence", "power", "causes", "class", "tag", "item"] {
                assert_eq!(
                    story.get(ours).text(field),
                    elsewhere.get(theirs).text(field),
                    "{name} {field}"
                );
            }
            assert_eq!(elsewhere.get(theirs).original_code(), Some(story.get(ours).code()));
        }
    }
}

#[test]
fn a_formula_in_a_text_is_exported_as_text() {
    let story = awkward();
    let folder = folder();
    let csv = std::fs::read_to_string(exported(&story, "risk_point", &folder, "出.csv")).unwrap();
    assert!(csv.starts_with("\u{FEFF}编号,版本,单位"));
    assert!(csv.contains("\r\n") && csv.contains("'=cmd|'"), "{csv}");
    assert!(csv.contains("'-减号开头") && csv.contains("''已加引号") && csv.contains("'@x"));
    let rows = super::super::book::Book::open(&exported(&story, "risk_point", &folder, "出.xlsx"));
    let mut kinds = Vec::new();
    rows.unwrap()
        .rows(0, &mut |row| {
            kinds.extend(row.cells.into_iter().map(|(_, cell)| cell.kind));
            Ok(Go::On)
        })
        .unwrap();
    assert!(!kinds.contains(&super::super::grid::Kind::Formula));
}

#[test]
fn one_object_a_line_for_scripts() {
    let story = awkward();
    let folder = folder();
    let text = std::fs::read_to_string(exported(&story, "risk_point", &folder, "出.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (lines[0]["code"].as_str(), lines[0]["version"].as_i64()),
        (Some("FX-XY-2026-0001"), Some(1))
    );
    assert_eq!(
        (lines[0]["grade"].as_str(), lines[0]["unit"].as_str()),
        (Some("red"), Some("区财政局"))
    );
    assert_eq!(lines[0]["measures"][1], "乙");
    assert!(lines[2]["power"].is_null());
}

#[test]
fn a_blank_sheet_comes_back_filled_in() {
    let folder = folder();
    for id in [
        "risk_point",
        "unit",
        "post",
        "person",
        "informant",
        "education",
        "process",
        "power_item",
        "regulation",
        "publicity",
    ] {
        let path = folder.path().join(format!("{id}.xlsx"));
        template::write(&path, &register(id)).unwrap();
        let empty = check(&office(), id, &path, &Options::default());
        let report = empty.unwrap_or_else(|e| panic!("{id}: {e}")).report;
        assert_eq!(
            (report.rows, report.errors.len(), report.unknown_columns.len()),
            (0, 0, 0),
            "{id}"
        );
    }
    // The example itself, moved one row down and without its mark, is a row that can be taken.
    let sheet = register("risk_point");
    let fields: Vec<_> = sheet.fields.iter().filter(|f| !f.computed).collect();
    let header: Vec<&str> = fields.iter().map(|f| f.label.as_str()).collect();
    let example: Vec<&str> = fields.iter().map(|f| f.example.as_str()).collect();
    let checked = check(
        &Story::new(),
        "risk_point",
        &texts(&[&header, &example]).path,
        &create(),
    )
    .unwrap();
    assert_eq!((faults(&checked), checked.report.imported), (vec![], 1));
    let fault = template::write(&folder.path().join("a.csv"), &sheet).unwrap_err();
    assert!(fault.reason.contains(".xlsx"));
    assert!(template::write(&folder.path().join("a.xlsx"), &register("admonition")).is_err());
}

#[test]
fn the_senders_sheet_goes_back_with_reasons_and_comes_in_when_mended() {
    let folder = folder();
    let mut rows = [GOOD; 4];
    (rows[1][5], rows[1][6]) = ("第二个", "特级");
    (rows[2][5], rows[2][8]) = ("第三个", "2026-02-30");
    let file = texts(&[&["某区一览表"], &HEADER, &rows[0], &rows[1], &rows[2], &rows[3]]);
    let checked = check(&office(), "risk_point", &file.path, &Options::default()).unwrap();
    let out = folder.path().join("退回.xlsx");
    errors::write(&file.path, None, &checked.report, &out).unwrap();
    let mut book = super::super::book::Book::open(&out).unwrap();
    let mut seen = Vec::new();
    book.rows(0, &mut |row| {
        seen.push((row.number, row.cell(9).text.clone(), row.cell(6).text.clone()));
        Ok(Go::On)
    })
    .unwrap();
    assert_eq!(seen[1].1, "错误原因");
    assert!(seen[3].1.contains("等级") && seen[3].2 == "特级", "{seen:?}");
    assert!(seen[4].1.contains("没有“2026-02-30”这一天"));
    assert!(seen[5].1.contains("重复"), "{seen:?}");
    // The sender changes the two cells and leaves the added column as it is.
    let mended: Vec<Vec<String>> = [HEADER.to_vec(), rows[0].to_vec(), rows[1].to_vec(), rows[2].to_vec()]
        .into_iter()
        .enumerate()
        .map(|(i, row)| {
            let mut row: Vec<String> = row.into_iter().map(str::to_owned).collect();
            if i == 2 {
                row[6] = "红".into()
            }
            if i == 3 {
                row[8] = "2026-02-28".into()
            }
            row.push(if i == 0 {
                "错误原因".into()
            } else {
                "等级：没有这一等级".into()
            });
            row
        })
        .collect();
    let rows: Vec<Vec<&str>> = mended.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let checked = check(&office(), "risk_point", &texts(&rows).path, &Options::default()).unwrap();
    assert_eq!((faults(&checked), checked.report.imported), (vec![], 3));
    assert!(checked.report.unknown_columns.is_empty());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let story = awkward();
    let folder = folder();
    let path = folder.path().join("出.csv");
    std::fs::write(&path, "原有内容").unwrap();
    let mut records = story.all("unit").into_iter().cycle().take(2_000);
    let stopped = export::write(&path, &register("unit"), &story, &mut records, &mut |_| Go::Stop).unwrap_err();
    assert!(stopped.reason.contains("已停止"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "原有内容");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no part is left behind"
    );
    let nowhere = folder.path().join("没有/出.xlsx");
    let mut none = std::iter::empty();
    let fault = export::write(&nowhere, &register("unit"), &story, &mut none, &mut |_| Go::On).unwrap_err();
    assert!(fault.reason.contains("文件夹不存在"), "{fault}");
    let fault = export::write(
        &folder.path().join("a.pdf"),
        &register("unit"),
        &story,
        &mut none,
        &mut |_| Go::On,
    )
    .unwrap_err();
    assert!(fault.hint.contains(".xlsx"));
}
