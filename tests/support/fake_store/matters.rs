//! The matters of the invented office.

use lianneng::app::store::*;

use super::Fake;

pub(super) const UNITS: [&str; 5] = ["城建局", "财政局", "人民路街道办事处", "国土分局", "招投标中心"];
pub(super) const WHO: [&str; 5] = ["项目负责人", "支付岗", "综合执法岗", "土地收购储备岗", "评标专家抽取岗"];
pub(super) const WHAT: [&str; 5] = [
    "隧道工程变更未报批即施工",
    "大额拨付无联签",
    "摊位租金未入账",
    "宗地评估报告倒签",
    "专家抽取过程未留痕",
];

impl Fake {
    /// The rows of a list.
    pub(super) fn rows(&self, query: &ListQuery) -> Vec<ListRow> {
        let filter = |key: &str| query.filters.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        match query.register.as_str() {
            "warning" => match filter("body") {
                Some("discipline") => self
                    .warnings
                    .iter()
                    .filter(|r| r.grade == Some(Tint::Orange))
                    .cloned()
                    .collect(),
                _ => self.warnings.clone(),
            },
            "risk_point" => {
                let unit = filter("unit").map(str::to_owned);
                let row = |i: usize| ListRow {
                    stream: format!("p{i:04}"),
                    key: format!("{i:04}"),
                    code: format!("FX-XY-{:04}", i + 1),
                    grade: Some([Tint::Yellow, Tint::Orange, Tint::Red][i % 3]),
                    cells: vec![
                        format!("{}·{}", UNITS[i % 5], WHO[i % 5]),
                        format!("{}的风险", WHAT[i % 5]),
                    ],
                    stage: "在控".to_owned(),
                    ..ListRow::default()
                };
                (0..40)
                    .map(row)
                    .filter(|r| unit.as_ref().is_none_or(|u| r.cells[0].starts_with(u)))
                    .collect()
            }
            "admonition" => {
                let (name, n) = match filter("kind") {
                    Some("reminder") => ("TX", 3),
                    Some("supervision") => ("DD", 1),
                    _ => ("JC", 2),
                };
                let row = |i: usize| ListRow {
                    stream: format!("a{name}{i}"),
                    key: i.to_string(),
                    code: format!("{name}-XY-2026-{:04}", i + 1),
                    cells: vec![format!("{}·王建国", UNITS[i])],
                    stage: ["待批准", "整改中", "待核验"][i % 3].to_owned(),
                    due: if i == 1 { "逾期3日".into() } else { "剩5日".into() },
                    overdue: i == 1,
                    ..ListRow::default()
                };
                (0..n).map(row).collect()
            }
            "accountability" | "appeal" => Vec::new(),
            _ => vec![ListRow {
                stream: "aJC1".into(),
                key: "0".into(),
                code: "JC-XY-2026-0002".into(),
                cells: vec!["财政局·王建国".into(), "不得提拔、调动、评先".into()],
                stage: "限制中".into(),
                due: "自11月3日".into(),
                ..ListRow::default()
            }],
        }
    }

    /// One matter, whichever is asked for.
    pub(super) fn matter(&self, stream: &str) -> Detail {
        let act = |verb: &str, label: &str, slot, reason: Option<&str>| ActionState {
            verb: verb.into(),
            label: label.into(),
            slot,
            reason: reason.map(Into::into),
        };
        let step = |day: &str, label: &str, who: &str, text: &str, pending| Step {
            day: day.into(),
            who: who.into(),
            label: label.into(),
            text: text.into(),
            pending,
            act: (!pending).then(|| format!("act-{label}")),
            opens: None,
        };
        let row = self
            .warnings
            .iter()
            .find(|row| row.stream == stream)
            .cloned()
            .unwrap_or_default();
        Detail {
            stream: stream.into(),
            code: if row.code.is_empty() {
                stream.to_uppercase()
            } else {
                row.code
            },
            title: "城建局 项目负责人：隧道工程设计变更未报批即施工，涉及金额一百二十余万元".into(),
            grade: row.grade.or(Some(Tint::Yellow)),
            fields: vec![
                ("主办".into(), "区纪委监察局".into()),
                ("协办".into(), "指委会办公室".into()),
                ("期限".into(), "11月18日（逾期3日，工作日）".into()),
                ("等谁".into(), "对方：城建局提交整改反馈".into()),
            ],
            procedure: vec![
                ("报送".into(), Progress::Done),
                ("评估".into(), Progress::Done),
                ("发布".into(), Progress::Done),
                ("预警".into(), Progress::Now),
                ("反馈".into(), Progress::Ahead),
            ],
            sections: vec![(
                "受限人员".into(),
                vec!["李卫东（诫勉纠错 JC-XY-2026-0004）：不得提拔、调动、评先，自 11月3日 送达起".into()],
            )],
            timeline: vec![
                step("10-19", "登记", "张敏", "信息员来信，紧急程度普通", false),
                step("10-21", "评估", "周涛、陈静", "建议二级橙，可信", false),
                step("10-26", "发布", "区纪委监察局", "编号 YJ-XY-2026-0031", false),
                step("10-28", "送达", "城建局 李卫东", "限十个工作日整改", false),
                step("11-18", "反馈", "城建局", "应提交整改结果", true),
            ],
            actions: vec![
                act("feedback", "录入反馈", Slot::Next, None),
                act("adjust", "调级", Slot::Grade, None),
                act("hand_over", "转办", Slot::Hand, None),
                act("extend", "延期", Slot::More, None),
                act("lift", "解除", Slot::More, Some("整改未核验")),
                act("admonish", "三诫勉", Slot::Admonish, Some("对象单位未确定")),
            ],
        }
    }
}
