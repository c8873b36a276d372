//! Codes that are known: unchanged, changed, refused.

use super::super::import::Options;
use super::office::*;
use crate::domain::testing::Story;
use crate::domain::{Act, Verb};

const HEADER: [&str; 9] = [
    "编号",
    "版本",
    "单位",
    "岗位",
    "大类",
    "小项",
    "风险表现",
    "等级",
    "防范措施",
];
const ROW: [&str; 9] = [
    "FX-XY-2026-0001",
    "1",
    "区财政局",
    "国库支付岗",
    "岗位职责",
    "大额资金使用",
    "超进度支付",
    "橙",
    "1.联签；2.抽核",
];

/// An office whose one point is [`ROW`].
fn with_point() -> Story {
    let mut story = office();
    let mut row = ROW;
    (row[0], row[1]) = ("", "");
    let file = texts(&[&HEADER, &row]);
    assert_eq!(
        import(&mut story, "risk_point", &file.path, &Options::default())
            .report
            .imported,
        1
    );
    story
}

fn changed(column: usize, text: &'static str) -> File {
    let mut row = ROW;
    row[column] = text;
    texts(&[&HEADER, &row])
}

#[test]
fn what_reads_the_same_is_unchanged() {
    let mut story = with_point();
    for (column, text) in [
        (0, ROW[0]),
        (7, "二级"),
        (4, "岗位职责风险"),
        (6, " 超进度支付 "),
        (8, "1、联签\n2、抽核"),
        (1, ""),
    ] {
        let checked = import(
            &mut story,
            "risk_point",
            &changed(column, text).path,
            &Options::default(),
        );
        assert_eq!(
            (checked.report.unchanged, checked.report.amended),
            (1, 0),
            "{text}: {:?}",
            checked.report
        );
        assert!(checked.rows.is_empty());
    }
    // A name that has become ambiguous since is still the same reference.
    let unit = story.all("unit")[0].to_string();
    story.record("post", &[("name", "国库支付岗"), ("unit", &unit)]);
    let checked = import(&mut story, "risk_point", &changed(0, ROW[0]).path, &Options::default());
    assert_eq!(checked.report.unchanged, 1, "{:?}", checked.report);
}

#[test]
fn what_differs_is_an_amendment_of_just_that() {
    let mut story = with_point();
    let checked = import(
        &mut story,
        "risk_point",
        &changed(6, "超进度、超预算支付").path,
        &Options::default(),
    );
    assert_eq!((checked.report.amended, checked.report.unchanged), (1, 0));
    assert_eq!(checked.rows[0].fields.len(), 1);
    assert_eq!(checked.seen, [(story.all("risk_point")[0], 1)]);
    assert_eq!(
        story.get(story.all("risk_point")[0]).text("description"),
        "超进度、超预算支付"
    );
    // The sheet was exported before that change.
    let stale = check(&story, "risk_point", &changed(5, "财物管理").path, &Options::default()).unwrap();
    let found = faults(&stale);
    assert_eq!(
        found.len(),
        2,
        "the cell that is old and the one that is new: {found:?}"
    );
    assert!(
        found.iter().all(|f| f.contains("第 1 版") && f.contains("第 2 版")),
        "{found:?}"
    );
    assert!(found[0].starts_with("F2") && found[1].starts_with("G2"), "{found:?}");
}

#[test]
fn measures_can_be_added_and_a_field_cleared() {
    let mut story = with_point();
    let more = changed(8, "1.联签；2.抽核；3.通报");
    let checked = import(&mut story, "risk_point", &more.path, &Options::default());
    assert_eq!(
        (checked.report.amended, checked.rows[0].measures.clone()),
        (1, vec!["通报".to_owned()])
    );
    assert_eq!(story.all("measure").len(), 3);
    let fewer = check(&story, "risk_point", &changed(8, "1.联签").path, &Options::default()).unwrap();
    assert!(faults(&fewer)[0].contains("只能在后面增加"), "{:?}", faults(&fewer));

    let point = story.all("risk_point")[0];
    story
        .when(Act::new(Verb::Amend, vec![point]).with("power", "资金拨付"))
        .unwrap();
    let file = texts(&[&["编号", "权力事项"], &[ROW[0], ""]]);
    let checked = import(&mut story, "risk_point", &file.path, &Options::default());
    assert_eq!(checked.report.amended, 1);
    assert_eq!(story.get(point).text("power"), "");
}

#[test]
fn grades_and_states_do_not_change_by_a_sheet() {
    let story = with_point();
    let found = faults(&check(&story, "risk_point", &changed(7, "红").path, &Options::default()).unwrap());
    assert!(found[0].starts_with("H2") && found[0].contains("调级"), "{found:?}");
    let sheet = |state: &'static str| texts(&[&["编号", "版本", "状态"], &[ROW[0], "1", state]]);
    let found = faults(&check(&story, "risk_point", &sheet("已销号").path, &Options::default()).unwrap());
    assert!(found[0].starts_with("C2") && found[0].contains("办理步骤"), "{found:?}");
    let same = check(&story, "risk_point", &sheet("在控").path, &Options::default()).unwrap();
    assert_eq!(same.report.unchanged, 1, "{:?}", same.report);
    let found = faults(&check(&story, "risk_point", &changed(6, "").path, &Options::default()).unwrap());
    assert!(found[0].contains("不能为空"), "{found:?}");
}

#[test]
fn an_unknown_code_is_kept_as_the_original_one() {
    let mut story = office();
    let mut row = ROW;
    row[0] = "FX-QL-2019-0007";
    let checked = import(
        &mut story,
        "risk_point",
        &texts(&[&HEADER, &row]).path,
        &Options::default(),
    );
    assert_eq!(checked.report.imported, 1, "{:?}", checked.report);
    let state = story.get(story.all("risk_point")[0]);
    assert_eq!(
        (state.code(), state.original_code()),
        ("FX-XY-2026-0001", Some("FX-QL-2019-0007"))
    );
}
