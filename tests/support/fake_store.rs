//! A small invented office for the console's tests: it answers like a file and remembers what was asked of it.

mod forms;
mod matters;
mod tables;

use lianneng::app::store::*;
use matters::{UNITS, WHAT, WHO};

/// What was done to it, for assertions.
#[derive(Default)]
pub struct Fake {
    pub acts: Vec<ActRequest>,
    pub warnings: Vec<ListRow>,
    pub undone: usize,
    pub refuse_next: Option<Problem>,
    pub asked_tables: Vec<TableAsk>,
    /// How many times work under way is still running when it is asked.
    pub slow: u64,
}

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
            ..ListRow::default()
        };
        Fake {
            warnings: (0..warnings).map(row).collect(),
            ..Fake::default()
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
            ..NavRow::default()
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
            ..Page::default()
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
        Ok(self.matter(stream))
    }

    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem> {
        match self.refuse_next.take() {
            Some(problem) => Err(problem),
            None => Ok(forms::form(request)),
        }
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

    fn table(&mut self, ask: &TableAsk) -> Result<TableTold, Problem> {
        if let Some(problem) = self.refuse_next.take() {
            return Err(problem);
        }
        if *ask != TableAsk::Status {
            self.asked_tables.push(ask.clone());
        }
        let last = self.asked_tables.last().cloned();
        if matches!(ask, TableAsk::Status | TableAsk::Import(_)) && self.slow > 0 {
            self.slow -= 1;
            return Ok(TableTold::Running("正在导入".into(), 500));
        }
        Ok(match last.unwrap_or(TableAsk::Status) {
            TableAsk::Registers(deed) => TableTold::Registers(
                deed,
                vec![("unit".into(), "单位".into()), ("risk_point".into(), "风险点".into())],
            ),
            TableAsk::Folder(path) => TableTold::Folder(Box::new(tables::folder(path.as_deref()))),
            TableAsk::Check(plan) => TableTold::Checked(Box::new(tables::preview(&plan))),
            TableAsk::Import(plan) => {
                TableTold::Imported(format!("已导入。风险点 {} 行。", tables::preview(&plan).fresh))
            }
            TableAsk::SendBack(_) => TableTold::Written("退回清单已写到 /退回.xlsx。".into()),
            TableAsk::Export(query, _) => TableTold::Written(format!("已导出 {}。", query.register)),
            TableAsk::Template(register) => TableTold::Written(format!("空白表 {register}。")),
            TableAsk::Grid(_) => TableTold::Grid(Box::new(tables::grid())),
            TableAsk::Offer(_, typed) => {
                let found = self.candidates("unit", &typed, 9)?;
                TableTold::Offers(
                    typed,
                    found
                        .into_iter()
                        .map(|one| Candidate {
                            id: one.label.clone(),
                            ..one
                        })
                        .collect(),
                )
            }
            TableAsk::Cancel => TableTold::Stopped("已取消，什么都没有改动。".into()),
            TableAsk::Keep(..) | TableAsk::Status => TableTold::Nothing,
        })
    }

    fn version(&mut self) -> Result<u64, Problem> {
        Ok(1)
    }
}
