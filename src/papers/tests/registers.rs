//! Registers as offices really keep and publish them.

use super::super::import::Options;
use super::office::*;
use crate::domain::testing::Story;
use crate::domain::{Grade, State};

#[test]
fn a_published_register_comes_in_with_all_it_names() {
    for file in ["openpyxl.xlsx", "xlwt.xls", "odfpy.ods"] {
        let mut story = Story::new();
        let checked = import(&mut story, "risk_point", &fixture(file), &create());
        assert_eq!(faults(&checked), Vec::<String>::new(), "{file}");
        let report = &checked.report;
        assert_eq!((report.rows, report.imported), (5, 5), "{file}");
        assert!(report.unknown_columns.is_empty() && report.duplicates.is_empty());
        let created: Vec<(&str, usize)> = report.created.iter().map(|(k, n)| (k.as_str(), *n)).collect();
        assert_eq!(
            created,
            [("measure", 9), ("person", 4), ("post", 5), ("section", 2), ("unit", 2)]
        );

        let points = story.all("risk_point");
        let units: Vec<String> = points.iter().map(|p| name_of(&story, *p, "unit")).collect();
        assert_eq!(units, ["区城建局", "区城建局", "区城建局", "区财政局", "区财政局"]);
        let sections: Vec<String> = points.iter().map(|p| name_of(&story, *p, "section")).collect();
        assert_eq!(sections, ["规划股", "规划股", "规划股", "国库股", "国库股"]);
        let grades: Vec<Option<Grade>> = points.iter().map(|p| story.get(*p).grade()).collect();
        assert_eq!(
            grades,
            [Grade::Red, Grade::Orange, Grade::Yellow, Grade::Orange, Grade::Yellow].map(Some)
        );
        for point in &points {
            let state = story.get(*point);
            assert_eq!(
                (state.text("found_on"), state.stage()),
                ("2010-09-01".into(), Some("monitored"))
            );
        }
        let classes: Vec<String> = points.iter().map(|p| story.get(*p).text("class")).collect();
        assert_eq!(
            classes,
            ["post_duty", "ethics", "post_duty", "institution", "institution"]
        );
        let tags: Vec<String> = points.iter().map(|p| story.get(*p).text("tag")).collect();
        assert_eq!(tags, ["", "", "process", "", "environment"]);
        assert_eq!(name_of(&story, points[3], "post"), "国库支付岗", "trailing blanks go");
        assert_eq!(name_of(&story, points[0], "department_head"), "周明远");
        let measures: Vec<String> = story
            .all("measure")
            .iter()
            .map(|m| story.get(*m).text("text"))
            .collect();
        assert_eq!(
            measures[..5],
            [
                "签证三方到场",
                "影像留存",
                "超概算集体决策",
                "廉洁告知牌",
                "项目廉能约谈"
            ]
        );
        let person = story.all("person")[0];
        assert_eq!(story.get(person).text("rank"), "staff");
        assert_eq!(story.get(person).value("incomplete"), true);
    }
}

#[test]
fn what_came_by_name_alone_is_completed_by_its_own_sheet() {
    let mut story = Story::new();
    import(&mut story, "risk_point", &fixture("openpyxl.xlsx"), &create());
    let people = texts(&[
        &["姓名", "单位", "职级", "分工"],
        &["周明远", "区城建局", "科级", "规划审批"],
        &["周明远", "区城建局", "科级", "规划审批"],
        &["新来的", "区城建局", "", ""],
    ]);
    let checked = import(&mut story, "person", &people.path, &Options::default());
    let report = &checked.report;
    assert_eq!(
        (report.amended, report.imported, report.duplicates.len()),
        (1, 1, 1),
        "{report:?}"
    );
    let state = story.get(story.all("person")[0]);
    assert_eq!(
        (state.text("rank").as_str(), state.text("portfolio").as_str()),
        ("section", "规划审批")
    );
    assert_ne!(state.value("incomplete"), true);
    let again = import(&mut story, "person", &people.path, &Options::default());
    assert_eq!(again.report.duplicates.len(), 3, "complete now");
}

#[test]
fn a_point_merged_over_several_rows_has_one_measure_a_row() {
    let file = workbook(|sheet| {
        for (c, text) in HEADER.iter().enumerate() {
            sheet.write(0, c as u16, *text).unwrap();
        }
        for (c, text) in GOOD.iter().enumerate().filter(|(c, _)| *c != 7) {
            merge(sheet, (1, 3), (c as u16, c as u16), text);
        }
        for (r, measure) in ["双人复核", "每日对账", "1.抽查；2.通报"].iter().enumerate() {
            sheet.write(1 + r as u32, 7, *measure).unwrap();
        }
        for (c, text) in GOOD.iter().enumerate() {
            sheet.write(4, c as u16, *text).unwrap();
        }
        sheet.write(4, 5, "另一个风险点").unwrap();
    });
    let mut story = office();
    let checked = import(&mut story, "risk_point", &file.path, &Options::default());
    assert_eq!(
        (
            checked.report.rows,
            checked.report.imported,
            checked.report.created["measure"]
        ),
        (2, 2, 6)
    );
    assert_eq!(checked.rows[0].measures, ["双人复核", "每日对账", "抽查", "通报"]);
}

#[test]
fn headers_over_two_rows_and_combined_ones() {
    let file = workbook(|sheet| {
        merge(sheet, (0, 0), (0, 9), "某区廉政风险点一览表");
        sheet.write(1, 0, "填报单位：区财政局   填报日期：2026年3月").unwrap();
        for (c, text) in ["序号", "股室/岗位", "风险类别及业务事项", "风险点", "表现形式", "级别"]
            .iter()
            .enumerate()
        {
            merge(sheet, (2, 3), (c as u16, c as u16), text);
        }
        merge(sheet, (2, 2), (6, 7), "责任人");
        sheet.write(3, 6, "部门负责人").unwrap();
        sheet.write(3, 7, "责任领导").unwrap();
        let row = [
            "1",
            "国库股/国库支付岗",
            "岗位职责/大额资金使用",
            "超进度支付",
            "不按合同节点拨款",
            "二级",
            "罗晓光",
            "冯志强",
        ];
        for (c, text) in row.iter().enumerate() {
            sheet.write(4, c as u16, *text).unwrap();
        }
        sheet.write(4, 9, "没有标题的一格").unwrap();
    });
    let mut story = office();
    let mut options = create();
    options.set = vec![("unit".into(), "区财政局".into())];
    let checked = import(&mut story, "risk_point", &file.path, &options);
    assert_eq!(faults(&checked), Vec::<String>::new());
    let point = story.all("risk_point")[0];
    let state = story.get(point);
    assert_eq!(state.text("description"), "超进度支付：不按合同节点拨款");
    assert_eq!(
        (state.text("class").as_str(), state.text("item").as_str()),
        ("post_duty", "large_funds")
    );
    assert_eq!(name_of(&story, point, "section"), "国库股");
    assert_eq!(name_of(&story, point, "responsible_leader"), "冯志强");
    assert_eq!(checked.report.unknown_columns[0].header, "J列（没有标题）");
    // Without --set the title's 填报单位 counts.
    let again = check(&story, "risk_point", &file.path, &create()).unwrap();
    assert_eq!(again.report.duplicates.len(), 1, "{:?}", again.report);
}

#[test]
fn columns_in_any_order_english_names_map_and_set() {
    let file = texts(&[
        &["grade", "description", "涉及的领域", "POST", "unit", "监测指标", "序号"],
        &[
            "A",
            "超进度支付",
            "大额资金使用",
            "国库支付岗",
            "区财政局",
            "支付笔数",
            "1",
        ],
    ]);
    let mut options = Options {
        map: vec![("涉及的领域".into(), "item".into())],
        set: vec![("大类".into(), "岗位职责".into()), ("state".into(), "待定级".into())],
        ..Options::default()
    };
    let mut story = office();
    let checked = import(&mut story, "risk_point", &file.path, &options);
    assert_eq!(checked.report.imported, 1, "{:?}", checked.report);
    assert_eq!(checked.report.unknown_columns[0].header, "监测指标");
    let point = story.all("risk_point")[0];
    assert_eq!(story.get(point).stage(), Some("submitted"));
    assert_eq!(story.get(point).text("item"), "large_funds");
    options.map = vec![("C".into(), "小项".into())];
    assert!(check(&story, "risk_point", &file.path, &options).is_ok());
    options.map = vec![("没有的列".into(), "item".into())];
    let fault = check(&story, "risk_point", &file.path, &options).unwrap_err();
    assert!(
        fault.reason.contains("没有的列") && fault.hint.contains("监测指标"),
        "{fault}"
    );
    options.map = vec![("C".into(), "无此字段".into())];
    assert!(
        check(&story, "risk_point", &file.path, &options)
            .unwrap_err()
            .hint
            .contains("小项（item）")
    );
    options.set = vec![("grade2".into(), "红".into())];
    assert!(
        check(&story, "risk_point", &file.path, &options)
            .unwrap_err()
            .reason
            .contains("grade2")
    );
}

#[test]
fn the_directory_and_the_plain_registers_come_in() {
    let mut story = Story::new();
    let units = texts(&[
        &["单位名称"],
        &["区委办公室"],
        &["区人大办公室"],
        &["甘棠街道"],
        &["区财政局"],
        &["区财政局"],
    ]);
    let checked = import(&mut story, "unit", &units.path, &Options::default());
    assert_eq!(
        (checked.report.imported, checked.report.duplicates.len()),
        (4, 1),
        "{:?}",
        checked.report
    );
    let lines: Vec<String> = story
        .all("unit")
        .iter()
        .map(|u| story.get(*u).text("organ_line"))
        .collect();
    assert_eq!(lines, ["party", "congress", "government", "government"]);

    let posts = texts(&[
        &["岗位名称", "单位", "股室", "是否一把手"],
        &["局长", "区财政局", "", "√"],
        &["会计岗", "区财政局", "国库股", "否"],
    ]);
    assert_eq!(
        import(&mut story, "post", &posts.path, &Options::default())
            .report
            .imported,
        2
    );
    let people = texts(&[
        &["姓名", "单位", "职务", "级别", "任职时间"],
        &["张 三", "区财政局", "局长", "科级", "2019年6月1日"],
        &["张三", "区委办公室", "", "其他", ""],
        &["李四", "区财政局", "会计岗(GW-XY-0002)", "", ""],
    ]);
    let checked = import(&mut story, "person", &people.path, &Options::default());
    assert_eq!(faults(&checked), Vec::<String>::new());
    assert_eq!(
        checked.report.imported, 3,
        "the same name in another unit is another person"
    );

    let informants = texts(&[
        &["代码", "聘任单位", "类别", "聘期起", "聘期止"],
        &["XXY-001", "区财政局", "人大代表", "2026-01-01", "2028-12-31"],
    ]);
    assert_eq!(
        import(&mut story, "informant", &informants.path, &Options::default())
            .report
            .imported,
        1
    );
    let education = texts(&[
        &["主题", "单位", "类别", "日期", "应到", "实到"],
        &["重点岗位培训", "区财政局", "培训班", "20260312", "４０", "38"],
    ]);
    assert_eq!(
        import(&mut story, "education", &education.path, &Options::default())
            .report
            .imported,
        1
    );
    let again = import(&mut story, "education", &education.path, &Options::default());
    assert_eq!(
        (again.report.imported, again.report.duplicates.len()),
        (0, 1),
        "the same sheet sent twice"
    );
    let State::Record(record) = story.get(story.all("education")[0]) else {
        panic!()
    };
    assert_eq!(record.fields["expected"], 40);
}

#[test]
fn a_gb18030_csv_without_a_unit_column() {
    let text = "岗位,大类,小项,风险内容,级别\r\n国库支付岗,岗位职责风险,大额资金使用,超进度支付,中\r\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("某局.csv");
    std::fs::write(&path, encoding_rs::GB18030.encode(text).0).unwrap();
    let mut story = office();
    let mut options = Options::default();
    let refused = check(&story, "risk_point", &path, &options).unwrap();
    assert!(
        faults(&refused)[0].contains("缺少“单位”这一列"),
        "{:?}",
        faults(&refused)
    );
    options.set = vec![("单位".into(), "区财政局".into())];
    assert_eq!(import(&mut story, "risk_point", &path, &options).report.imported, 1);
}

#[test]
fn sections_under_a_reporting_unit() {
    let file = texts(&[
        &["廉政风险点一览表"],
        &["填报单位：区财政局（盖章）"],
        &["科室", "岗位", "大类", "小项", "风险内容", "级别"],
        &["国库股", "国库支付岗", "岗位职责", "大额资金使用", "超进度支付", "中"],
    ]);
    let mut story = office();
    let checked = import(&mut story, "risk_point", &file.path, &Options::default());
    assert_eq!((faults(&checked), checked.report.imported), (vec![], 1));
    let point = story.all("risk_point")[0];
    assert_eq!(
        (
            name_of(&story, point, "unit").as_str(),
            name_of(&story, point, "section").as_str()
        ),
        ("区财政局", "国库股")
    );
}

#[test]
fn the_sheet_that_was_meant_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("两张表.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet()
        .set_name("封面")
        .unwrap()
        .write(0, 0, "某区廉能风险点汇编")
        .unwrap();
    let sheet = book.add_worksheet().set_name("总台账").unwrap();
    for (r, row) in [HEADER, GOOD].iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            sheet.write(r as u32, c as u16, *text).unwrap();
        }
    }
    book.save(&path).unwrap();
    let fault = check(&office(), "risk_point", &path, &Options::default()).unwrap_err();
    assert!(
        fault.reason.contains("封面") && fault.hint.contains("--sheet 总台账"),
        "{fault}"
    );
    let options = Options {
        sheet: Some("总台账".into()),
        ..Options::default()
    };
    assert_eq!(
        check(&office(), "risk_point", &path, &options).unwrap().report.imported,
        1
    );
}
