//! Laws of any sheet at all: no panic; what is taken here the rules take too; what was taken once is not taken twice.

use proptest::prelude::*;

use super::super::import::Options;
use super::office::*;
use crate::domain::{Act, Verb};

/// Texts that mean something somewhere, and some that mean nothing.
fn cell() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        " ",
        "区财政局",
        "区财政局国库股",
        "区委组织部/干部科",
        "国库支付岗",
        "会计岗",
        "岗位职责",
        "业务流程风险",
        "大额资金使用",
        "其他",
        "一级",
        "橙",
        "低风险",
        "A",
        "2010.9.1",
        "40422",
        "2010年9月",
        "1.甲；2.乙",
        "①甲②乙",
        "张三",
        "张三（局长）",
        "张三、李四",
        "FX-XY-2026-0001",
        "DW-XY-0001",
        "1",
        "2",
        "在控",
        "草拟",
        "已销号",
        "是",
        "合计",
        "填表人：张三",
        "示例",
        "=1+1",
        "'x",
        "\u{1b}[2J",
        "\u{202e}",
        "甲\n乙",
        "超进度支付",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => "[长]{0,70}"]
}

/// The columns a point needs, under one name or another, mostly all of them; others besides; in any order.
fn header() -> impl Strategy<Value = Vec<String>> {
    let needed = [
        vec!["单位", "单位/科室"],
        vec!["岗位", "股室/岗位"],
        vec!["大类", "风险类别及业务事项"],
        vec!["小项"],
        vec!["风险表现", "风险点"],
        vec!["等级"],
    ];
    let needed: Vec<_> = needed.into_iter().map(prop::sample::select).collect();
    let others = vec![
        "编号",
        "版本",
        "防范措施",
        "部门负责人",
        "责任领导",
        "查找日期",
        "状态",
        "副标签",
        "序号",
        "备注",
        "成因",
    ];
    let others = prop::sample::subsequence(others, 0..6);
    let left_out = prop_oneof![9 => Just(usize::MAX), 1 => 0usize..6];
    (needed, others, left_out)
        .prop_map(|(needed, others, left_out)| {
            let needed = needed
                .into_iter()
                .enumerate()
                .filter(|(i, _)| *i != left_out)
                .map(|(_, name)| name);
            needed.chain(others).map(str::to_owned).collect::<Vec<String>>()
        })
        .prop_shuffle()
}

/// Whole rows of which most have what a point needs.
fn row(header: &[String]) -> impl Strategy<Value = Vec<String>> + use<> {
    let good: Vec<String> = header
        .iter()
        .map(|h| {
            match h.as_str() {
                "单位" | "单位/科室" => "区财政局",
                "岗位" => "国库支付岗",
                "股室/岗位" => "国库股/国库支付岗",
                "大类" => "岗位职责",
                "风险类别及业务事项" => "岗位职责/其他",
                "小项" => "其他",
                "风险表现" | "风险点" => "超进度支付",
                "等级" => "橙",
                _ => "",
            }
            .to_owned()
        })
        .collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), cell()), 0..3);
    changes.prop_map(move |changes| {
        let mut row = good.clone();
        for (at, text) in changes {
            let at = at.index(row.len());
            row[at] = text;
        }
        row
    })
}

fn sheet() -> impl Strategy<Value = Vec<Vec<String>>> {
    header().prop_flat_map(|header| {
        prop::collection::vec(row(&header), 1..6).prop_map(move |mut rows| {
            rows.insert(0, header.clone());
            rows
        })
    })
}

fn options() -> impl Strategy<Value = Options> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(draft, create, good, set)| Options {
        draft,
        create_missing: create,
        accept_good: good,
        set: if set {
            vec![("单位".into(), "区财政局".into()), ("岗位".into(), "国库支付岗".into())]
        } else {
            Vec::new()
        },
        ..Options::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("LIANNENG_FULL").is_some() { 3_000 } else { 60 }))]

    #[test]
    fn what_is_taken_the_rules_take_too(rows in sheet(), options in options()) {
        let mut story = office();
        let borrowed: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
        let borrowed: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
        let file = texts(&borrowed);
        if let Ok(checked) = check(&story, "risk_point", &file.path, &options) {
            let report = &checked.report;
            prop_assert!(!report.refused() || options.draft || options.accept_good || checked.rows.is_empty());
            let new = checked.rows.iter().filter(|r| r.register == "risk_point" && r.existing.is_none()).count();
            prop_assert_eq!(new, report.imported + report.drafts);
            let mut act = Act::new(Verb::Import, vec![]);
            (act.rows, act.seen) = (checked.rows.clone(), checked.seen.clone());
            if !act.rows.is_empty() {
                let taken = story.when(act);
                prop_assert!(taken.is_ok(), "{:?} {:?}", taken.err(), report);
            }
            // The same sheet again brings nothing that was not refused before; drafts have no post and are no duplicates.
            if let Ok(again) = check(&story, "risk_point", &file.path, &options)
                && !options.draft
            {
                prop_assert_eq!(again.report.imported, 0, "{:?}", again.report);
            }
        }
    }
}
