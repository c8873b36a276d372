//! A small invented office for the console's tests: it answers like a file and remembers what was asked of it.

use lianneng::app::store::*;

/// What was done to it, for assertions.
#[derive(Default)]
pub struct Fake {
    pub acts: Vec<ActRequest>,
    pub warnings: Vec<ListRow>,
    pub undone: usize,
    pub refuse_next: Option<Problem>,
}

const UNITS: [&str; 5] = ["城建局", "财政局", "人民路街道办事处", "国土分局", "招投标中心"];
const WHO: [&str; 5] = ["项目负责人", "支付岗", "综合执法岗", "土地收购储备岗", "评标专家抽取岗"];
const WHAT: [&str; 5] = [
    "隧道工程变更未报批即施工",
    "大额拨付无联签",
    "摊位租金未入账",
    "宗地评估报告倒签",
    "专家抽取过程未留痕",
];

impl Fake {
    pub fn new(warnings: usize) -> Fake {
        let row = |i: usize| ListRow {
            stream: format!("w{i:04}"),
            key: format!("{i:04}"),
            code: format!("YJ-XY-2026-{:04}", i + 1),
            grade: Some([Tint::Red, Tint::Orange, Tint::Yellow][i * 7 % 3]),
            cells: vec![format!("{}·{}", UNITS[i % 5], WHO[i % 5]), WHAT[i % 5].to_owned()],
            stage: ["整改中", "待评估", "待核验"][i % 3].to_owned(),
            due: if i.is_multiple_of(4) {
                format!("逾期{}日", i % 9 + 1)
            } else {
                format!("剩{}日", i % 7 + 1)
            },
            overdue: i.is_multiple_of(4),
            waiting_for: if i.is_multiple_of(2) {
                "对方".to_owned()
            } else {
                "我方".to_owned()
            },
        };
        Fake {
            warnings: (0..warnings).map(row).collect(),
            ..Fake::default()
        }
    }

    fn rows(&self, query: &ListQuery) -> Vec<ListRow> {
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

    fn no(reason: &str, hint: &str) -> Problem {
        Problem {
            reason: reason.into(),
            hint: hint.into(),
            field: None,
        }
    }
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

impl Store for Fake {
    fn header(&mut self) -> Result<Header, Problem> {
        Ok(Header {
            operator: "专班值班员".into(),
            capacity: "区纪委监察局".into(),
            today: "11月23日 周一".into(),
            mine: 37,
            overdue: 4,
            undo: self
                .acts
                .last()
                .map(|act| format!("{} {}件", act.verb, act.targets.len())),
            redo: (self.undone > 0).then(|| "刚才的一步".into()),
            mark: "演示".into(),
            ..Header::default()
        })
    }

    fn nav(&mut self, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Problem> {
        let row = |id: &str, label: &str, grades: [u64; 3], overdue: u64| NavRow {
            id: id.into(),
            label: label.into(),
            counts: Counts {
                grades,
                overdue,
                ..Counts::default()
            },
            filters: if id == "all" {
                Vec::new()
            } else {
                vec![("body".into(), id.into())]
            },
            ..NavRow::default()
        };
        let branch = |id: &str, depth: u8, n: u64| NavRow {
            id: id.into(),
            depth,
            label: id.into(),
            branch: depth < 2,
            counts: Counts {
                plain: Some(n),
                ..Counts::default()
            },
            filters: vec![("unit".into(), id.split('/').next().unwrap_or_default().into())],
        };
        Ok(match (register, parent) {
            ("warning", _) => vec![
                row("all", "全区", [3, 12, 41], 4),
                row("steering", "指委会", [3, 0, 0], 1),
                row("discipline", "区纪委监察局", [0, 12, 0], 2),
                row("control_gov", "区政府防委会", [0, 0, 9], 0),
                row("push_cj", "城建局推委会", [0, 0, 6], 1),
            ],
            (_, None) => {
                let all = NavRow {
                    id: "all".into(),
                    label: "全部".into(),
                    ..branch("全部", 2, 40)
                };
                let mut rows = vec![NavRow {
                    filters: Vec::new(),
                    depth: 0,
                    ..all
                }];
                rows.extend(UNITS.iter().map(|unit| branch(unit, 0, 8)));
                rows
            }
            (_, Some(unit)) => vec![
                branch(&format!("{unit}/办公室"), 1, 3),
                branch(&format!("{unit}/业务股"), 1, 5),
            ],
        })
    }

    fn page(&mut self, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Problem> {
        let all = self.rows(query);
        let n = all.len();
        let after = |key: &str| all.iter().position(|r| r.key.as_str() >= key).unwrap_or(n);
        let range = match at {
            At::Start => 0..limit.min(n),
            At::End => n.saturating_sub(limit)..n,
            At::After(key) => after(key) + 1..(after(key) + 1 + limit).min(n),
            At::Before(key) => after(key).saturating_sub(limit)..after(key),
            At::Around { stream, key } => {
                let found = all.iter().position(|r| r.stream == *stream);
                let middle = found.or(key.as_ref().map(|key| after(key))).unwrap_or(0);
                usize::saturating_sub(middle, limit / 2)..(middle + limit / 2).min(n)
            }
        };
        Ok(Page {
            columns: vec!["对象".into(), "事由".into()],
            rows: all[range.clone()].to_vec(),
            total: Some(n as u64),
            more_before: range.start > 0,
            more_after: range.end < n,
        })
    }

    fn streams(&mut self, query: &ListQuery, most: usize) -> Result<(Vec<String>, bool), Problem> {
        let all = self.rows(query);
        Ok((
            all.iter().take(most).map(|row| row.stream.clone()).collect(),
            all.len() <= most,
        ))
    }

    fn detail(&mut self, stream: &str) -> Result<Detail, Problem> {
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
        };
        let row = self
            .warnings
            .iter()
            .find(|row| row.stream == stream)
            .cloned()
            .unwrap_or_default();
        Ok(Detail {
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
        })
    }

    fn actions(&mut self, register: &str) -> Result<Vec<ActionState>, Problem> {
        let (verb, label) = match register {
            "warning" => ("register", "信息登记"),
            "risk_point" => ("draft", "登记风险点"),
            _ => ("admonish", "提出诫勉"),
        };
        Ok(vec![ActionState {
            verb: verb.into(),
            label: label.into(),
            slot: Slot::New,
            reason: None,
        }])
    }

    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem> {
        if let Some(problem) = self.refuse_next.take() {
            return Err(problem);
        }
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
        Ok(spec)
    }

    fn submit(&mut self, act: &ActRequest) -> Result<Outcome, Problem> {
        if let Some(problem) = self.refuse_next.take() {
            return Err(problem);
        }
        self.acts.push(act.clone());
        let pending = act.decision.as_deref() == Some("submit");
        let message = if pending {
            format!("已送签 {} 件，待回签；等级和期限现在不变。", act.targets.len())
        } else {
            for (stream, _) in &act.targets {
                if let Some(row) = self.warnings.iter_mut().find(|row| row.stream == *stream) {
                    row.grade = Some(Tint::Red);
                }
            }
            format!("已办 {} 件。", act.targets.len())
        };
        Ok(Outcome {
            message,
            pending,
            ..Outcome::default()
        })
    }

    fn candidates(&mut self, _of: &str, typed: &str, _most: usize) -> Result<Vec<Candidate>, Problem> {
        let all = [("cjj", "城建局"), ("czj", "财政局"), ("czz", "财政总站")];
        let hit = |(id, label): &&(&str, &str)| id.starts_with(typed) || label.starts_with(typed);
        let candidate = |(id, label): &(&str, &str)| Candidate {
            id: (*id).into(),
            label: (*label).into(),
            note: "区直单位".into(),
        };
        Ok(all.iter().filter(hit).map(candidate).collect())
    }

    fn find(&mut self, typed: &str, _most: usize) -> Result<Vec<Hit>, Problem> {
        let mut hits: Vec<Hit> = Vec::new();
        if ["z", "zs", "张", "张三"].contains(&typed) {
            hits.push(Hit {
                stream: "person1".into(),
                register: "person".into(),
                kind: "干部".into(),
                code: String::new(),
                label: "张三 城建局·项目负责人".into(),
                grade: None,
                stage: "限制中".into(),
            });
        }
        let of = |row: &ListRow| Hit {
            stream: row.stream.clone(),
            register: "warning".into(),
            kind: "预警".into(),
            code: row.code.clone(),
            label: row.cells.join(" "),
            grade: row.grade,
            stage: row.stage.clone(),
        };
        let found = self
            .warnings
            .iter()
            .filter(|r| r.code.contains(typed) || r.cells.iter().any(|c| c.contains(typed)));
        hits.extend(found.take(20).map(of));
        Ok(hits)
    }

    fn undo(&mut self) -> Result<Outcome, Problem> {
        let act = self
            .acts
            .pop()
            .ok_or_else(|| Fake::no("没有可撤回的步骤。", "更早的步骤请到历程里撤回此步"))?;
        self.undone += 1;
        Ok(Outcome {
            message: format!("已撤回：{}。按 Ctrl-Y 恢复。", act.verb),
            ..Outcome::default()
        })
    }

    fn redo(&mut self) -> Result<Outcome, Problem> {
        if self.undone == 0 {
            return Err(Fake::no("没有可恢复的步骤。", ""));
        }
        self.undone -= 1;
        Ok(Outcome {
            message: "已恢复。".into(),
            ..Outcome::default()
        })
    }

    fn version(&mut self) -> Result<u64, Problem> {
        Ok(1)
    }
}
