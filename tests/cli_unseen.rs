//! Ten ways in which something may concern a bureau's head: none is ever told to his own office before it is served,
//! by no command; served, each is told as far as the rules let it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/shell.rs"]
mod shell;

use serde_json::{Value, json};
use shell::{Shell, codes};

/// One case: who must not see it, what would tell, and what becomes of it after service.
struct Case {
    what: &'static str,
    /// Viewers from whom it is kept: `--user …` or `--as …`.
    from: Vec<[&'static str; 2]>,
    /// Codes and words of it.
    tells: Vec<String>,
    /// Codes that are seen once served.
    after: Vec<String>,
}

const OFFICE: [[&str; 2]; 3] = [["--user", "liu"], ["--user", "he"], ["--as", "区财政局推委会"]];

fn office() -> Shell {
    let shell = Shell::office();
    for name in ["区财政局", "区城建局"] {
        let kind = ["--kind", "department", "--organ-line", "government"];
        shell.act(&[&["create", "单位", "--name", name][..], &kind].concat());
    }
    for (name, head) in [("局长", "true"), ("副局长", "true"), ("国库支付岗", "false")] {
        let rank = ["--unit", "区财政局", "--rank", "section", "--is_unit_head", head];
        shell.act(&[&["create", "岗位", "--name", name][..], &rank].concat());
    }
    for (name, unit, post) in [
        ("贺怀远", "区财政局", "局长"),
        ("钱朗", "区财政局", "国库支付岗"),
        ("孟代", "区财政局", "国库支付岗"),
        ("柳青", "区财政局", "国库支付岗"),
        ("许静", "区城建局", ""),
    ] {
        let mut line = vec!["create", "人员", "--name", name, "--unit", unit, "--rank", "section"];
        line.extend(if post.is_empty() { vec![] } else { vec!["--post", post] });
        shell.act(&line);
    }
    let kin = ["--person", "许静", "--relative", "贺怀远", "--relation", "spouse"];
    shell.act(&[&["create", "亲属与利害关系"][..], &kin].concat());
    // 孟代 holds a clerk's post, and heads the bureau for a while.
    let acting = [
        "--person",
        "孟代",
        "--post",
        "副局长",
        "--from",
        "2026-10-01",
        "--to",
        "2027-03-31",
    ];
    shell.act(&[&["create", "任职"][..], &acting].concat());
    for (login, person, body) in [
        ("he", "贺怀远", "区财政局推委会"),
        ("liu", "柳青", "区财政局推委会"),
        ("xu", "许静", "区纪委监察局"),
    ] {
        let line = ["--login", login, "--person", person, "--capacities", body];
        shell.act(&[&["create", "操作账号", "--name", person][..], &line].concat());
    }
    shell
}

fn signed<'a>(line: &[&'a str]) -> Vec<&'a str> {
    [line, &["--decision", "signed", "--signer", "林知远"]].concat()
}

fn report(shell: &Shell, about: &str, content: &str, grade: &str) -> String {
    let code = shell.report("区财政局", content, &["--person", about]);
    shell.act(&["assess", &code, "--grade", grade, "--analysts", "甲、乙"]);
    code
}

/// Heard, approved and served.
fn carry_out(shell: &Shell, code: &str) {
    shell.act(&["hear", code]);
    shell.act(&signed(&["approve", code]));
    shell.act(&["serve", code, "--received-by", "本人"]);
}

/// Everything that answers, with `{}` for the code asked about.
const QUESTIONS: &[&str] = &[
    "list 预警",
    "list 诫勉",
    "list 问责",
    "list 申诉",
    "list 待批事项",
    "list 呈批单",
    "list 须办事项",
    "list 预警 --find 联签",
    "list 诫勉 --find 贺怀远",
    "list 预警 --sort due",
    "find 贺怀远",
    "find hehuaiyuan",
    "find hhy",
    "find 联签",
    "find lianqian",
    "find {}",
    "queue",
    "queue 全区",
    "queue 区政府防委会",
    "due",
    "stats",
    "log",
    "log --json",
    "eligible 贺怀远",
    "eligible 孟代",
    "export 预警 -o {file}",
    "export 诫勉 -o {file}",
];

fn asked(shell: &Shell, viewer: &[&str], question: &str, code: &str, n: usize) -> String {
    let file = shell.file(&format!("out{n}.csv"));
    let path = file.to_str().unwrap().to_owned();
    let line: Vec<String> = question
        .split(' ')
        .map(|w| w.replace("{file}", &path).replace("{}", code))
        .collect();
    let line: Vec<&str> = line.iter().map(String::as_str).chain(viewer.iter().copied()).collect();
    let ran = shell.run(&line);
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    ran.out + &ran.err + &written
}

/// The queues' colours and late ones, body by body.
fn colours(shell: &Shell, viewer: &[&str]) -> Vec<String> {
    let bodies = shell.ask(&[&["queue"], viewer].concat())["bodies"].clone();
    let colours = |body: &Value| {
        let of = |key: &str| format!("{key} {}", body[key]);
        ["body", "red", "orange", "yellow", "unassessed", "overdue"]
            .map(of)
            .join(" ")
    };
    bodies.as_array().unwrap().iter().map(colours).collect()
}

/// What waits at the district kind by kind is what its queue lists: nothing hidden is counted.
fn counts_are_of_what_is_listed(shell: &Shell, viewer: &[&str]) {
    let queue = shell.ask(&[&["queue", "全区"], viewer].concat());
    let items = queue["items"].as_array().unwrap();
    let kinds = queue["bodies"][0]["kinds"].as_array().unwrap();
    assert!(!kinds.is_empty(), "{queue}");
    for kind in kinds {
        let listed = items.iter().filter(|item| item["register"] == kind["kind"]).count();
        assert_eq!(kind["waiting"], json!(listed), "{viewer:?} {kind}");
    }
}

/// covers §0.16 §0.24
#[test]
fn ten_cases_about_a_bureaus_head_are_told_to_nobody_of_his_office_before_service() {
    let shell = office();
    // What the office may see, and must go on seeing.
    let other = report(&shell, "钱朗", "报销审核不严", "orange");
    let raised = report(&shell, "钱朗", "票据保管不严", "yellow");
    // A 诫勉纠错 the office may know of, until its head is named in it.
    let raise = signed(&["escalate", &raised, "--cause", "measures_missing"]);
    let correction = codes(&shell.act(&raise), "proposed", "admonition").remove(0);
    let figures = |viewer: &[&str]| (colours(&shell, viewer), asked(&shell, viewer, "stats --json", "", 0));
    let before: Vec<_> = OFFICE.iter().map(|viewer| figures(viewer)).collect();

    let warning = report(&shell, "贺怀远", "大额拨付无联签", "yellow");
    let admonish = [
        "--kind",
        "诫勉提醒",
        "--trigger",
        "查找风险点不细",
        "--unit",
        "区财政局",
        "--responsible",
        "贺怀远",
    ];
    let admonished = shell.act(&[&["admonish"][..], &admonish, &["--facts", "查找走过场"]].concat());
    let reminder = codes(&admonished, "changed", "admonition").remove(0);
    let hold = [
        "--kind",
        "警示提醒",
        "--trigger",
        "出现偏差",
        "--unit",
        "区财政局",
        "--responsible",
        "贺怀远",
    ];
    let held = shell.act(&[&["hold_accountable"][..], &hold, &["--facts", "越权批示"]].concat());
    let ladder = codes(&held, "changed", "accountability").remove(0);
    let clue = report(&shell, "贺怀远", "收受供应商礼金", "yellow");
    shell.refer_clue(&clue);
    shell.act(&["clue_receipt", &clue, "--receipt", "区纪收〔2026〕第 7 号"]);
    let acting = report(&shell, "孟代", "代理期间擅自联签", "yellow");
    let batched = report(&shell, "贺怀远", "违规出借专户", "orange");
    let sent = shell.act(&["release", &batched, &other]);
    let sheet = sent["approval_sheet"].as_str().unwrap().to_owned();
    let proposal = codes(&sent, "proposed", "proposal").remove(0);
    let attached = report(&shell, "贺怀远", "设立账外资金", "yellow");
    let voucher = shell.write("小金库凭证.txt", "账外");
    shell.act(&[
        "amend",
        &attached,
        "--content",
        "设立账外资金两笔",
        "--attach",
        &voucher,
    ]);
    let by_post = shell.report("区财政局", "局长岗位大额支出未上会", &["--post", "局长"]);

    let told = asked(&shell, &OFFICE[0], "list 诫勉", "", 0);
    assert!(told.contains(&correction), "nobody is named yet: {told}");
    shell.act(&["name_responsible", &correction, "--responsible", "贺怀远"]);

    // One that was served, and the appeal against it: the office knows of both, his wife of neither.
    let order = [
        "--kind",
        "廉能督导",
        "--trigger",
        "风险已显现",
        "--unit",
        "区财政局",
        "--responsible",
        "贺怀远",
    ];
    let held = shell.act(&[&["hold_accountable"][..], &order, &["--facts", "会议纪要缺失"]].concat());
    let served = codes(&held, "changed", "accountability").remove(0);
    let weigh = ["--cause", "监督不到位", "--circumstance", "一般", "--attitude", "一般"];
    shell.act(&[&["weigh", &served][..], &weigh].concat());
    carry_out(&shell, &served);
    let filed = shell.act(&["appeal", &served, "--grounds", "纪要另存", "--appellant", "贺怀远"]);
    let appeal = codes(&filed, "changed", "appeal").remove(0);

    let xu = ["--user", "xu"];
    let everybody = [&OFFICE[..], &[xu]].concat();
    let colleagues = vec![OFFICE[0], OFFICE[2]];
    let case = |what, from: &[[&'static str; 2]], tells: &[&str], after: &[&String]| Case {
        what,
        from: from.to_vec(),
        tells: tells.iter().map(|t| (*t).to_owned()).collect(),
        after: after.iter().map(|c| (*c).clone()).collect(),
    };
    let cases = [
        case("a warning about him", &everybody, &[&warning, "大额拨付"], &[&warning]),
        case(
            "an admonition proposed",
            &everybody,
            &[&reminder, "查找走过场"],
            &[&reminder],
        ),
        case("a step of the ladder", &everybody, &[&ladder, "越权批示"], &[&ladder]),
        case("a clue handed over", &OFFICE, &[&clue, "供应商礼金", "区纪收"], &[]),
        case("named as responsible later", &everybody, &[&correction], &[&correction]),
        case("his kin", &[xu], &[&served, "会议纪要缺失"], &[]),
        case(
            "acting head by appointment",
            &colleagues,
            &[&acting, "代理期间"],
            &[&acting],
        ),
        case(
            "a batch on one sheet",
            &everybody,
            &[&batched, "违规出借", &sheet, &proposal],
            &[&batched],
        ),
        case("an appeal", &[xu], &[&appeal, "纪要另存"], &[]),
        case(
            "a file and its name",
            &everybody,
            &[&attached, "账外资金", "小金库"],
            &[&attached],
        ),
        case("his post without his name", &OFFICE, &[&by_post, "未上会"], &[&by_post]),
    ];
    let all = |viewer: &[&str], code: &str| -> Vec<(String, String)> {
        let answers = QUESTIONS.iter().enumerate();
        answers
            .map(|(n, q)| ((*q).to_owned(), asked(&shell, viewer, q, code, n)))
            .collect()
    };
    let open = all(&[], &warning);
    for viewer in &everybody {
        let answers = all(viewer, &warning);
        for case in cases.iter().filter(|c| c.from.contains(viewer)) {
            for tell in &case.tells {
                for (question, said) in &answers {
                    // What was asked for comes back in the sentence that there is none.
                    let echoed = question.contains("{}") && *tell == warning;
                    assert!(
                        echoed || !said.contains(tell),
                        "{}: {viewer:?} {question}: {said}",
                        case.what
                    );
                }
            }
            let code = &case.tells[0];
            for line in [&["show", code][..], &["do", "--list", code], &["do", "remind", code]] {
                let kind = shell.refused(&[line, viewer].concat());
                assert_eq!(kind, "not_found", "{}: {viewer:?} {line:?}", case.what);
            }
        }
    }
    for case in cases.iter().filter(|c| c.what != "a clue handed over") {
        for tell in case.tells.iter().filter(|t| !["小金库"].contains(&t.as_str())) {
            let told = open.iter().any(|(_, said)| said.contains(tell));
            assert!(told, "{}: who may see it is told of “{tell}”", case.what);
        }
    }
    // Every figure of the office is that of what it sees; the measure that was served is no warning.
    for (viewer, before) in OFFICE.iter().zip(before) {
        assert_eq!(figures(viewer), before, "{viewer:?}");
        counts_are_of_what_is_listed(&shell, viewer);
    }

    shell.act(&["countersign", &sheet, "--signed-on", "2026-11-16", "--signer", "林知远"]);
    shell.act(&["assess", &by_post, "--grade", "yellow", "--analysts", "甲、乙"]);
    for code in [&warning, &acting, &attached, &by_post] {
        shell.act(&signed(&["release", code]));
    }
    for code in [&warning, &acting, &attached, &by_post, &batched] {
        shell.act(&["serve", code, "--received-by", "本人"]);
    }
    shell.act(&[&["weigh", &ladder][..], &weigh].concat());
    for code in [&reminder, &ladder, &correction] {
        carry_out(&shell, code);
    }
    for case in &cases {
        for code in &case.after {
            for viewer in OFFICE {
                let shown = shell.run(&[&["show", code][..], &viewer].concat());
                assert_eq!(shown.code, 0, "{}: {viewer:?} {}", case.what, shown.err);
                assert!(shown.out.contains(code.as_str()));
            }
            // 许静 has nothing to do with 孟代; from his wife the head's matters are kept for good.
            let wife = shell.run(&[&["show", code][..], &xu].concat()).code;
            let about_him = ![&acting, &by_post].contains(&code);
            assert_eq!(wife != 0, about_him, "{}", case.what);
        }
        if case.after.is_empty() {
            for viewer in &case.from {
                assert_eq!(
                    shell.refused(&[&["show", &case.tells[0]][..], viewer].concat()),
                    "not_found"
                );
            }
        }
    }
}
