//! What is wrong is named, all of it, and nothing else is.

use rust_xlsxwriter::Formula;

use super::super::import::Options;
use super::office::*;

/// The one fault of a sheet with one row changed in one column.
fn fault(column: usize, text: &str) -> String {
    let file = one(column, text);
    let checked = check(&office(), "risk_point", &file.path, &Options::default()).unwrap();
    assert!(checked.rows.is_empty() && checked.report.imported == 0);
    let found = faults(&checked);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].clone()
}

#[test]
fn each_kind_of_fault_is_told_with_its_cell() {
    let file = texts(&[&HEADER, &GOOD]);
    assert_eq!(
        faults(&check(&office(), "risk_point", &file.path, &Options::default()).unwrap()),
        Vec::<String>::new()
    );
    for (column, text, place, says) in [
        (1, "", "B2", "不能为空"),
        (1, "财政局", "B2", "是不是“区财政局”"),
        (2, "出纳岗", "C2", "没有名为“出纳岗”的岗位"),
        (3, "作风问题", "D2", "可填：思想道德、岗位职责、制度机制"),
        (4, "资金使用", "E2", "没有“资金使用”"),
        (5, " ", "F2", "不能为空"),
        (5, &"长".repeat(2001), "F2", "有 2001 字，最多 2000 字"),
        (5, "甲\u{1b}[2J", "F2", "控制字符"),
        (5, "甲\u{202e}乙", "F2", "方向"),
        (6, "特级", "G2", "可填：红、橙、黄"),
        (6, "", "G2", "不能为空"),
        (7, &format!("1.{}；2.短", "长".repeat(2001)), "H2", "最多 2000 字"),
        (8, "2026-02-30", "I2", "没有“2026-02-30”这一天"),
        (8, "2026-11-24", "I2", "之后"),
        (8, "三月", "I2", "不是日期"),
        (0, &"9".repeat(41), "A2", "最多 40 字"),
    ] {
        let found = fault(column, text);
        assert!(
            found.starts_with(&format!("{place}: ")) && found.contains(says),
            "{column} {text}: {found}"
        );
    }
}

#[test]
fn formulas_and_errors_are_faults_even_with_a_value_but_not_in_a_number_column() {
    let file = workbook(|sheet| {
        sheet.write(0, 0, "序号").unwrap();
        for (c, text) in HEADER.iter().enumerate() {
            sheet.write(0, 1 + c as u16, *text).unwrap();
        }
        for (c, text) in GOOD.iter().enumerate() {
            sheet.write(1, 1 + c as u16, *text).unwrap();
        }
        sheet
            .write_formula(1, 0, Formula::new("=ROW()-1").set_result("1"))
            .unwrap();
        sheet
            .write_formula(1, 6, Formula::new("=A1").set_result("超进度支付"))
            .unwrap();
        sheet
            .write_formula(1, 9, Formula::new("=TODAY()").set_result("46000"))
            .unwrap();
        for r in 2..20 {
            sheet
                .write_formula(r, 0, Formula::new("=ROW()-1").set_result("2"))
                .unwrap();
        }
    });
    let checked = check(&office(), "risk_point", &file.path, &Options::default()).unwrap();
    let found = faults(&checked);
    assert_eq!(checked.report.rows, 1, "rows of numbers alone are blank");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|f| f.contains("是公式")) && found[0].starts_with("G2") && found[1].starts_with("J2"));
}

#[test]
fn unknown_names_are_refused_or_created() {
    let mut story = office();
    let mut row = GOOD;
    (row[1], row[2]) = ("区委组织部/干部科", "考察岗");
    let file = texts(&[&HEADER, &row]);
    let refused = check(&story, "risk_point", &file.path, &Options::default()).unwrap();
    assert_eq!(
        faults(&refused).len(),
        1,
        "the post of an unknown unit says nothing new: {:?}",
        faults(&refused)
    );
    let checked = import(&mut story, "risk_point", &file.path, &create());
    let registers: Vec<&str> = checked.rows.iter().map(|r| r.register.as_str()).collect();
    assert_eq!(
        registers,
        ["unit", "section", "post", "risk_point"],
        "in the order in which they can be created"
    );
    assert_eq!(story.get(story.all("unit")[1]).text("organ_line"), "party");
    assert_eq!(name_of(&story, story.all("post")[1], "section"), "干部科");
}

#[test]
fn two_of_a_name_in_one_unit_are_listed_with_their_codes() {
    let mut story = office();
    let unit = story.all("unit")[0].to_string();
    story.record("person", &[("name", "张三"), ("unit", &unit)]);
    story.record("person", &[("name", "张三"), ("unit", &unit)]);
    let header = ["单位", "岗位", "大类", "小项", "风险表现", "等级", "部门负责人"];
    let row = |who: &'static str| ["区财政局", "国库支付岗", "岗位职责", "大额资金使用", who, "橙", who];
    let file = texts(&[
        &header,
        &row("张三"),
        &row("张三(RY-XY-0002)"),
        &row("张三、李四"),
        &row("王五"),
    ]);
    let checked = check(&story, "risk_point", &file.path, &Options::default()).unwrap();
    let found = faults(&checked);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("G2") && found[0].contains("RY-XY-0001") && found[0].contains("RY-XY-0002"));
    assert!(found[1].starts_with("G4") && found[1].contains("一个人"));
    assert!(found[2].starts_with("G5") && found[2].contains("王五"));
}

#[test]
fn a_code_used_twice_and_a_code_of_something_else() {
    let story = office();
    let mut rows = [GOOD; 3];
    (rows[0][0], rows[1][0], rows[2][0]) = ("甲-1", "甲-1", "DW-XY-0001");
    (rows[1][5], rows[2][5]) = ("另一个", "再一个");
    let file = texts(&[&HEADER, &rows[0], &rows[1], &rows[2]]);
    let found = faults(&check(&story, "risk_point", &file.path, &Options::default()).unwrap());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("A3") && found[0].contains("第 2 行已经用过"));
    assert!(found[1].starts_with("A4") && found[1].contains("不是“风险点”的"));
}

#[test]
fn duplicates_are_left_out_and_do_not_stop_the_rest() {
    let mut story = office();
    let mut other = GOOD;
    other[5] = "另一个";
    let file = texts(&[&HEADER, &GOOD, &GOOD, &other]);
    let checked = import(&mut story, "risk_point", &file.path, &Options::default());
    assert_eq!((checked.report.imported, checked.report.duplicates.len()), (2, 1));
    assert!(!checked.report.refused());
    assert_eq!(checked.report.duplicates[0].row, 3);
    let again = import(&mut story, "risk_point", &file.path, &Options::default());
    assert_eq!((again.report.imported, again.report.duplicates.len()), (0, 3));
    assert_eq!(again.report.duplicates[0].code, "FX-XY-2026-0001");
}

#[test]
fn good_rows_alone_and_drafts() {
    let mut bad = GOOD;
    (bad[4], bad[5], bad[2]) = ("", "缺小项", "新设岗");
    let file = texts(&[&HEADER, &GOOD, &bad]);
    let mut story = office();
    let options = Options {
        accept_good: true,
        ..create()
    };
    let checked = import(&mut story, "risk_point", &file.path, &options);
    assert_eq!((checked.report.imported, checked.report.errors.len()), (1, 1));
    assert!(
        !checked.report.created.contains_key("post"),
        "a refused row creates nothing"
    );

    let mut story = office();
    let options = Options {
        draft: true,
        ..create()
    };
    let checked = import(&mut story, "risk_point", &file.path, &options);
    let report = &checked.report;
    assert_eq!(
        (
            report.imported,
            report.drafts,
            report.errors.len(),
            report.created["post"]
        ),
        (1, 1, 1, 1)
    );
    let stages: Vec<_> = story.all("risk_point").iter().map(|p| story.get(*p).stage()).collect();
    assert_eq!(stages, [Some("monitored"), Some("draft")]);
    let fault = check(&story, "unit", &file.path, &options).unwrap_err();
    assert!(fault.reason.contains("--draft"));
}

#[test]
fn titles_between_rows_footers_and_repeated_headers_are_no_data() {
    let file = workbook(|sheet| {
        let mut other = GOOD;
        other[5] = "另一个";
        for (r, row) in [HEADER, GOOD, HEADER, other].iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                sheet.write(1 + r as u32, c as u16, *text).unwrap();
            }
        }
        merge(sheet, (6, 6), (0, 8), "二、国库股");
        sheet.write(8, 0, "填表人：张三").unwrap();
        sheet.write(8, 5, "审核人：李四").unwrap();
        sheet.write(9, 0, "注：本表一式两份").unwrap();
    });
    let checked = check(&office(), "risk_point", &file.path, &Options::default()).unwrap();
    assert_eq!((checked.report.rows, faults(&checked)), (2, vec![]));
}

#[test]
fn a_sheet_that_is_not_this_register_says_what_was_looked_for() {
    let file = texts(&[&["车牌", "里程"], &["赣G00001", "120"]]);
    let fault = check(&office(), "risk_point", &file.path, &Options::default()).unwrap_err();
    assert!(
        fault.reason.contains("没有找到“风险点”的表头") && fault.hint.contains("--map"),
        "{fault}"
    );
    let fault = check(&office(), "admonition", &file.path, &Options::default()).unwrap_err();
    assert!(fault.reason.contains("不能从表格导入"), "{fault}");
}

/// 1,698 rows as a district has them, with faults planted here and there: exactly those cells are named.
#[test]
fn a_whole_district_is_refused_with_exactly_the_planted_cells() {
    const ROWS: usize = 1_698;
    let plants: Vec<(usize, usize, String)> = vec![
        (17, 3, "作风".into()),
        (17, 6, "四级".into()),
        (203, 8, "2031-01-01".into()),
        (204, 8, "2026年2月30日".into()),
        (555, 1, "".into()),
        (556, 2, "x".repeat(61)),
        (801, 5, "".into()),
        (802, 5, "坏\u{7}字".into()),
        (1200, 7, "过长".repeat(1001)),
        (1697, 4, "其它方面".into()),
    ];
    let file = |planted: bool| {
        workbook(|sheet| {
            merge(sheet, (0, 0), (0, 8), "某区廉能风险点总台账");
            for (c, text) in HEADER.iter().enumerate() {
                sheet.write(2, c as u16, *text).unwrap();
            }
            for r in 0..ROWS {
                let mut row: Vec<String> = GOOD.iter().map(|t| (*t).to_owned()).collect();
                row[1] = format!("第{}局", r % 60);
                row[2] = format!("第{}岗", r % 7);
                row[5] = format!("第{r}个风险点的表现");
                for (_, c, text) in plants.iter().filter(|(at, ..)| planted && *at == r) {
                    row[*c] = text.clone();
                }
                for (c, text) in row.iter().enumerate() {
                    sheet.write(3 + r as u32, c as u16, text).unwrap();
                }
            }
        })
    };
    let bad = file(true);
    let mut story = crate::domain::testing::Story::new();
    let checked = check(&story, "risk_point", &bad.path, &create()).unwrap();
    let mut found: Vec<(String, u32)> = checked
        .report
        .errors
        .iter()
        .map(|e| (e.column.clone(), e.row))
        .collect();
    let mut wanted: Vec<(String, u32)> = plants
        .iter()
        .map(|(r, c, _)| (super::super::grid::column_letters(*c as u32), *r as u32 + 4))
        .collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    assert_eq!(
        (checked.report.rows, checked.report.imported, checked.rows.len()),
        (ROWS, 0, 0)
    );
    let mended = file(false);
    let checked = check(&story, "risk_point", &mended.path, &create()).unwrap();
    assert_eq!((checked.report.imported, checked.report.errors.len()), (ROWS, 0));
    assert_eq!(
        (checked.report.created["unit"], checked.report.created["post"]),
        (60, 420)
    );
    story.on("2026-11-24");
}

/// The same made by another program, with every kind of fault once.
#[test]
fn a_district_made_elsewhere_is_refused_with_exactly_the_planted_cells() {
    let story = crate::domain::testing::Story::new();
    let checked = check(&story, "risk_point", &fixture("district.xlsx"), &create()).unwrap();
    let found: Vec<(String, &str)> = checked
        .report
        .errors
        .iter()
        .map(|e| (format!("{}{}", e.column, e.row), e.reason.as_str()))
        .collect();
    let wanted = [
        ("H8", "可填：红、橙、黄"),
        ("L80", "没有“2010-02-30”这一天"),
        ("L81", "之后"),
        ("L82", "请写到日"),
        ("D403", "没有“作风问题”"),
        ("B700", "不能为空"),
        ("C903", "是公式"),
        ("I904", "是公式"),
        ("F905", "是错误值 #REF!"),
        ("F1203", "不能为空"),
        ("F1204", "方向"),
        ("G1500", "最多 2000 字"),
        ("E1653", "没有“未知”"),
        ("H1700", "不能为空"),
    ];
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for ((place, reason), (at, says)) in found.iter().zip(wanted) {
        assert!(place == at && reason.contains(says), "{place} {reason} / {at} {says}");
    }
    assert_eq!((checked.report.rows, checked.report.imported), (1_698, 0));
    let options = Options {
        accept_good: true,
        ..create()
    };
    let checked = check(&story, "risk_point", &fixture("district.xlsx"), &options).unwrap();
    assert_eq!(checked.report.imported, 1_698 - wanted.len());
}
