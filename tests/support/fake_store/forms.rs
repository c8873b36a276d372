//! The forms of the invented office.

use lianneng::app::store::*;

/// The form of a verb, as far as it is filled.
pub fn form(request: &FormRequest) -> FormSpec {
    let value = |id: &str| {
        request
            .values
            .iter()
            .find(|(k, _)| k == id)
            .map(|(_, v)| v.as_str())
            .unwrap_or_default()
    };
    let mut spec = FormSpec {
        verb: request.verb.clone(),
        capacity: "区纪委监察局".into(),
        about: request
            .targets
            .iter()
            .take(3)
            .map(|t| format!("{} 城建局·项目负责人", t.to_uppercase()))
            .collect(),
        doable: request.targets.iter().map(|t| (t.clone(), 4)).collect(),
        fields: vec![day("happened", "发生日期")],
        ..FormSpec::default()
    };
    if request.targets.len() > 3 {
        spec.about.push(format!("……等 {} 件", request.targets.len()));
    }
    match request.verb.as_str() {
        "adjust" => {
            spec.title = "调级".into();
            let grades = vec![
                choice(1, "red", "一级红"),
                choice(2, "orange", "二级橙"),
                choice(3, "yellow", "三级黄"),
            ];
            let grades = FieldSpec {
                live: true,
                ..field("grade", "调至", FieldKind::Choice(grades), true)
            };
            let causes = [
                "领导工作不力",
                "防范措施不到位",
                "发现新情况",
                "逾期未整改",
                "重新评估",
                "职权调整",
            ];
            let causes = (1u8..).zip(causes).map(|(d, c)| choice(d, c, c)).collect();
            let causes = FieldSpec {
                live: true,
                ..field("cause", "原因", FieldKind::Choice(causes), true)
            };
            spec.fields.extend([grades, causes]);
            if matches!(value("cause"), "领导工作不力" | "防范措施不到位") {
                let people = vec![
                    choice(1, "lwd", "李卫东 局长"),
                    choice(2, "cf", "陈芳 副局长（分管建设）"),
                    choice(0, "none", "暂不指定"),
                ];
                spec.fields
                    .push(field("responsible", "责任人", FieldKind::Choice(people), true));
                spec.follows.push("送达后责任人在纠错期间不得提拔、调动、评先".into());
            }
            spec.fields.push(field("facts", "事实", FieldKind::Long, false));
            spec.decisions = decisions();
            if value("grade") == "red" {
                spec.follows
                    .insert(0, "主办由 区纪委监察局 移交 指委会，期限改为 12月7日".into());
            }
        }
        "revert" => {
            spec.title = "撤回此步".into();
            let reasons = vec![choice(1, "wrong_object", "对象弄错"), choice(2, "typing", "录入错误")];
            spec.fields
                .push(field("reason", "理由", FieldKind::Choice(reasons), true));
            spec.decisions = decisions();
        }
        "register" => {
            spec.title = "信息登记".into();
            let of = |of: &str| FieldKind::Pick {
                of: of.into(),
                many: false,
            };
            spec.fields.push(field(
                "source",
                "来源",
                FieldKind::Choice(vec![choice(1, "letter", "来信"), choice(2, "call", "来电")]),
                true,
            ));
            spec.fields.push(field("unit", "单位", of("unit"), true));
            spec.fields.push(field("content", "内容", FieldKind::Long, true));
        }
        _ => {
            spec.title = "录入反馈".into();
            spec.fields.push(field("result", "整改结果", FieldKind::Long, true));
        }
    }
    spec
}

fn choice(digit: u8, id: &str, label: &str) -> Choice {
    Choice {
        digit,
        id: id.into(),
        label: label.into(),
        reason: None,
    }
}

fn field(id: &str, label: &str, kind: FieldKind, required: bool) -> FieldSpec {
    FieldSpec {
        id: id.into(),
        label: label.into(),
        kind,
        required,
        default: String::new(),
        hint: String::new(),
        live: false,
    }
}

fn day(id: &str, label: &str) -> FieldSpec {
    FieldSpec {
        default: "2026-11-23".into(),
        hint: "如 -2、昨、1121".into(),
        ..field(id, label, FieldKind::Day, true)
    }
}

fn decisions() -> Vec<DecisionSpec> {
    vec![
        DecisionSpec {
            choice: choice(1, "submit", "送签"),
            fields: Vec::new(),
        },
        DecisionSpec {
            choice: choice(2, "signed", "已签"),
            fields: vec![day("signed_on", "签批日期")],
        },
        DecisionSpec {
            choice: choice(3, "meeting", "已上会"),
            fields: vec![
                field("meeting_number", "会议文号", FieldKind::Text, true),
                day("meeting_on", "会议日期"),
            ],
        },
        DecisionSpec {
            choice: Choice {
                reason: Some("本版暂不支持".into()),
                ..choice(4, "urgent", "紧急先行")
            },
            fields: Vec::new(),
        },
    ]
}
