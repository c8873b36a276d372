//! Who may do what: act × capacity × own or another body, as §4.8, §0.24 and §0.28 have it. The table below is written
//! from those, never from the program. Persons at their posts and the three administrators come with accounts.

use crate::domain::stories::Town;
use crate::domain::world::Operator;
use crate::domain::*;

/// Capacities, in the order of the table's columns.
fn capacities(town: &Town, street: StreamId) -> [BodyRef; 9] {
    [
        BodyRef::Implementation(town.bureau),
        BodyRef::Implementation(street),
        BodyRef::Leadership(OrganLine::Government),
        BodyRef::Leadership(OrganLine::Cppcc),
        BodyRef::Social(street),
        BodyRef::Discipline,
        BodyRef::SteeringOffice,
        BodyRef::Steering,
        BodyRef::TaskForce,
    ]
}

/// What is to be done, to what, and what comes of it in each capacity:
/// ✓ done, 提 proposed, – refused with a reason.
///
/// Columns: 本单位推委会 别单位推委会 本线防委会 别线防委会 社监会 区纪委 指委会办 指委会 专班.
const MATRIX: &[(&str, &str)] = &[
    // §4.8 Draft point: 专班 assists, 指委会 and 社监会 do not.
    ("登记风险点", "✓ – ✓ – – ✓ ✓ – ✓"),
    // §4.8 Grade; 处级 stands with its 防委会; 指委会 overrides; §0.28: 专班 proposes what the lead body may.
    ("定级 黄", "✓ – – – – – – ✓ 提"),
    ("定级 黄 处级", "– – ✓ – – – – ✓ 提"),
    ("定级 橙", "提 – 提 – – ✓ 提 ✓ 提"),
    ("定级 红", "提 – 提 – – 提 提 ✓ 提"),
    // §4.8 Report information: all but 指委会.
    ("信息登记", "✓ ✓ ✓ ✓ ✓ ✓ ✓ – ✓"),
    // §0.24 analyse: 推委会 (its own, yellow), 纪委, 指委会办, 专班; A03: the co-body calls up.
    ("评估", "✓ – 提 – – ✓ ✓ ✓ ✓"),
    // §4.8 Release warning; R011: 指委会办 drafts red decisions.
    ("发布 黄", "✓ – – – – – – ✓ 提"),
    ("发布 黄 处级", "– – ✓ – – – – ✓ 提"),
    ("发布 橙", "– – – – – ✓ – ✓ 提"),
    ("发布 红", "– – – – – – 提 ✓ 提"),
    // §0.24 serve, verify, lift: the lead body; 指委会 all.
    ("送达 黄", "✓ – – – – – – ✓ 提"),
    ("送达 橙", "– – – – – ✓ – ✓ 提"),
    ("核验 黄", "✓ – – – – – – ✓ 提"),
    ("解除 黄", "✓ – – – – – – ✓ 提"),
    ("解除 橙", "– – – – – ✓ – ✓ 提"),
    // §4.2 proposed by 推委会, 防委会, 指委会办, 区纪委; decided by the target grade's body.
    ("调高 黄→橙", "提 – 提 – – ✓ 提 ✓ 提"),
    ("调高 橙→红", "提 – 提 – – 提 提 ✓ 提"),
    // §4.8 诫勉 by kind; 专班 proposes.
    ("批准诫勉提醒", "✓ – – – – – 提 ✓ 提"),
    ("批准诫勉督导", "– – – – – – ✓ ✓ 提"),
    ("批准诫勉纠错 橙", "– – – – – ✓ 提 ✓ 提"),
    // §4.8 ladder 0–1 / 2–3; 指委会办 proposes.
    ("批准警示提醒", "✓ – – – – – 提 ✓ 提"),
    ("批准责令改正", "– – – – – ✓ 提 ✓ 提"),
    // §4.1 returned by the committee of the unit; §0.24 records: one's own scope, the district's offices all.
    ("退回风险点", "✓ – 提 – – 提 提 ✓ 提"),
    ("修改风险点", "✓ – ✓ – – ✓ ✓ ✓ ✓"),
    ("作废预警", "✓ – ✓ – – ✓ ✓ ✓ ✓"),
    ("新建岗位", "✓ – ✓ – – ✓ ✓ ✓ ✓"),
    ("导入", "✓ – ✓ – – ✓ ✓ ✓ ✓"),
    // R012: tasks are 指委会's; its office runs its day.
    ("布置任务", "– – – – – – ✓ ✓ 提"),
    // §0.24 publish: the chair of the unit's committee; 指委会办 overrides.
    ("公示", "✓ – 提 – – 提 ✓ ✓ 提"),
    // §4.8 see informant identity: the keeper of the receiving office and of the two district offices.
    ("查看来源", "✓ – – – – ✓ ✓ – –"),
];

/// The act of a row, on a town made ready for it by one who records for every body.
fn ready(what: &str, town: &mut Town) -> Act {
    let (unit, post) = (town.bureau.to_string(), town.post.to_string());
    let grade = ["红", "橙", "黄"]
        .into_iter()
        .find(|g| what.contains(g))
        .unwrap_or("黄");
    let county = what.contains("处级");
    if county {
        town.act(Verb::Amend, town.post, &[("rank", "处级")]).unwrap();
    }
    let assessed = |town: &mut Town| {
        let id = town.report();
        town.act(Verb::Assess, id, &[("grade", grade)]).unwrap();
        id
    };
    let served = |town: &mut Town| town.served(Grade::find(grade).unwrap());
    let reported = |town: &mut Town| {
        let id = served(town);
        town.act(Verb::Feedback, id, &[("result", "已改")]).unwrap();
        id
    };
    let signed = |verb, id, fields: &[(&str, &str)]| Town::form(verb, &[id], fields).signed();
    let drafted = [
        ("unit", unit.as_str()),
        ("post", post.as_str()),
        ("description", "变更先干后批"),
        ("class", "岗位职责"),
        ("item", "工程建设"),
    ];
    match what.split(' ').next().unwrap() {
        "登记风险点" => Town::form(Verb::Draft, &[], &drafted),
        "定级" => {
            let draft = Town::form(Verb::Draft, &[], &drafted);
            let point = town.story.when(draft).unwrap().events[0].stream;
            town.act(Verb::Submit, point, &[]).unwrap();
            signed(Verb::Grade, point, &[("grade", grade)])
        }
        "退回风险点" => {
            let draft = Town::form(Verb::Draft, &[], &drafted);
            let point = town.story.when(draft).unwrap().events[0].stream;
            town.act(Verb::Submit, point, &[]).unwrap();
            Town::form(Verb::Return, &[point], &[("kind", "不细"), ("reason", "过于笼统")])
        }
        "修改风险点" => Town::form(
            Verb::Amend,
            &[town.graded_point(Grade::Yellow)],
            &[("power", "变更审批")],
        ),
        "作废预警" => Town::form(Verb::Void, &[town.report()], &[("reason", "重复登记")]),
        "新建岗位" => Town::form(
            Verb::Create,
            &[],
            &[("register", "post"), ("name", "出纳"), ("unit", &unit)],
        ),
        "导入" => {
            let mut act = Act::new(Verb::Import, vec![]);
            let fields = [("name", "许静"), ("unit", unit.as_str())];
            let fields = fields.into_iter().map(|(f, v)| (f.to_owned(), v.into())).collect();
            act.rows.push(ImportRow::new("person", fields));
            act
        }
        "信息登记" => {
            let fields = [("source", "群众"), ("unit", unit.as_str()), ("content", "先干后批")];
            Town::form(Verb::Register, &[], &fields)
        }
        "评估" => {
            let id = town.report();
            Town::form(Verb::Assess, &[id], &[("grade", "黄")])
        }
        "发布" => signed(Verb::Release, assessed(town), &[]),
        "送达" => {
            let id = assessed(town);
            town.signed(Verb::Release, id, &[]).unwrap();
            Town::form(Verb::Serve, &[id], &[])
        }
        "核验" => Town::form(
            Verb::Verify,
            &[reported(town)],
            &[("passed", "是"), ("verifiers", "核验员")],
        ),
        "解除" => {
            let id = reported(town);
            let passed = [("passed", "是"), ("verifiers", "核验员")];
            town.act(Verb::Verify, id, &passed).unwrap();
            signed(Verb::Lift, id, &[])
        }
        "调高" => signed(
            Verb::Escalate,
            if what.contains("黄→") {
                town.served(Grade::Yellow)
            } else {
                town.served(Grade::Orange)
            },
            &[("cause", "new_facts")],
        ),
        "批准诫勉纠错" => {
            let id = town.correction();
            town.act(Verb::NameResponsible, id, &[("responsible", "林知远")])
                .unwrap();
            town.act(Verb::Hear, id, &[]).unwrap();
            signed(Verb::Approve, id, &[])
        }
        "批准诫勉提醒" => signed(
            Verb::Approve,
            town.admonish("诫勉提醒", "查找风险点不细", "林知远").unwrap(),
            &[],
        ),
        "批准诫勉督导" => signed(
            Verb::Approve,
            town.admonish("诫勉督导", "落实不及时", "林知远").unwrap(),
            &[],
        ),
        "批准警示提醒" => signed(Verb::Approve, held(town, Instrument::CautionReminder, "deviation"), &[]),
        "批准责令改正" => signed(Verb::Approve, held(town, Instrument::OrderCorrection, "loophole"), &[]),
        "布置任务" => {
            let fields = [
                ("title", "排查"),
                ("kind", "督导检查"),
                ("unit", unit.as_str()),
                ("due", "2026-12-10"),
            ];
            Town::form(Verb::IssueTask, &[], &fields)
        }
        "公示" => {
            let point = town.graded_point(Grade::Yellow);
            Town::form(Verb::Publish, &[point], &[("from", "2026-11-16"), ("to", "2026-11-23")])
        }
        "查看来源" => {
            let id = town.report_about(&[("post", &post), ("source_name", "某某")]);
            Town::form(Verb::ReadSource, &[id], &[("reason", "回复")])
        }
        other => panic!("{other}"),
    }
}

fn held(town: &mut Town, kind: Instrument, trigger: &str) -> StreamId {
    let id = town.hold(kind, trigger, &[("responsible", "林知远")]).unwrap();
    let weighed = [("cause", "监督不到位"), ("circumstance", "一般"), ("attitude", "一般")];
    town.act(Verb::Weigh, id, &weighed).unwrap();
    town.act(Verb::Hear, id, &[("statement", "已说明")]).unwrap();
    id
}

/// covers R017 R022 R030 R123 §0.6 §0.24 §0.28 §4.4.8 §4.4.9
#[test]
fn every_act_in_every_capacity_is_done_proposed_or_refused_as_the_table_says() {
    let mut wrong = Vec::new();
    for (what, row) in MATRIX {
        let expected: Vec<&str> = row.split(' ').collect();
        assert_eq!(expected.len(), 9, "{what}");
        for (at, expected) in expected.into_iter().enumerate() {
            let mut town = Town::new();
            let street = [("name", "甘棠街道"), ("kind", "街道"), ("organ_line", "区政府")];
            let street = town.story.record("unit", &street);
            let act = ready(what, &mut town);
            let capacity = capacities(&town, street)[at];
            town.story.as_operator(Operator {
                capacities: vec![capacity],
                ..Operator::recorder("op", "经办人")
            });
            let got = match town.story.when(act) {
                Ok(outcome) if outcome.effect == Effect::Done => "✓".to_owned(),
                Ok(_) => "提".to_owned(),
                Err(refusal) if refusal.kind == "no_right" => "–".to_owned(),
                Err(refusal) => format!("{}：{}", refusal.kind, refusal.reason),
            };
            if got != expected {
                wrong.push(format!("{what} by {capacity}: {got} instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
