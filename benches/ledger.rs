//! Figures of the ledger: `cargo bench --bench ledger -- 1000000` imports that many points in acts of 1,000, then
//! measures single acts, lists, find, upkeep and a rebuild on the encrypted file. Nothing is asserted.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::{Duration, Instant};

use lianneng::domain::world::Operator;
use lianneng::domain::{Act, Decision, Fields, ImportRow, StreamId, Verb};
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::files::Sharing;
use lianneng::ledger::office::Office;
use lianneng::ledger::open::NewOffice;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::query::{At, ListQuery, Reader};
use lianneng::ledger::site::Class;
use lianneng::ledger::watch::Watch;

const UNITS: usize = 60;

fn main() {
    let wanted: usize = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(1_698);
    let folder = std::env::var_os("LIANNENG_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = folder.join(format!("lianneng-bench-{}", std::process::id()));
    let paths = OfficePaths::new(&folder);
    let new = NewOffice {
        class: Class::Rehearsal,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let clock = Clock::fixed(1_795_399_200_000);
    let mut office = Office::init(&paths, &new, clock, Entropy::seeded(1)).unwrap();
    let operator = Operator::recorder("duty", "值班员");
    let mut units = Vec::new();
    for n in 0..UNITS {
        let act = Act::new(Verb::Create, vec![])
            .with("register", "unit")
            .with("name", format!("区第{n}局"));
        let unit = office.submit(&operator, &act, None).unwrap().changed[0].stream;
        let post = Act::new(Verb::Create, vec![])
            .with("register", "post")
            .with("name", format!("岗位{n}"))
            .with("unit", unit.to_string());
        let post = office.submit(&operator, &post, None).unwrap().changed[0].stream;
        units.push((unit, post));
    }
    timed("one act of 1,698 points and measures", || {
        office.submit(&operator, &import(&units, 0, 1_698), None).unwrap();
    });
    timed("  its undo", || drop(office.undo(&operator).unwrap()));
    timed("  its redo", || drop(office.redo(&operator).unwrap()));
    let start = Instant::now();
    for from in (1_698..wanted).step_by(1_000) {
        office.submit(&operator, &import(&units, from, 1_000), None).unwrap();
        office.file().checkpoint().unwrap();
    }
    let rate = wanted.saturating_sub(1_698) as f64 / start.elapsed().as_secs_f64();
    println!("{:<44} {:>10.0} points/s", "bulk, acts of 1,000", rate);
    timed("upkeep until nothing is left", || office.settle().unwrap());
    single(&mut office, &operator, &units);
    timed("upkeep after them", || office.settle().unwrap());
    reads(&office);
    let rebuilt = timed("rebuild", || office.rebuild(&mut Watch::nobody()).unwrap());
    println!("rebuild changed nothing: {}", rebuilt.unchanged());
    let bytes = std::fs::metadata(paths.ledger()).unwrap().len();
    println!("{:<44} {:>10.1} MB", "file", bytes as f64 / 1e6);
    drop(office);
    std::fs::remove_dir_all(&folder).ok();
}

fn import(units: &[(StreamId, StreamId)], from: usize, count: usize) -> Act {
    const WORDS: [&str; 12] = [
        "拨付依据审核不严",
        "询价对象固定",
        "考察走过场",
        "口头变更先干后批",
        "现场签证核量放松",
        "泄露评委名单",
        "虚增面积",
        "合同长期不清理",
        "验收记录滞后",
        "擅自改变资金用途",
        "受理超时",
        "底价泄露",
    ];
    let mut act = Act::new(Verb::Import, vec![]);
    for n in from..from + count {
        let (unit, post) = units[n % units.len()];
        let mut fields = Fields::new();
        let text = format!("{}，{}，第{n}项", WORDS[n % 12], WORDS[(n / 12) % 12]);
        for (field, value) in [
            ("unit", unit.to_string()),
            ("post", post.to_string()),
            ("description", text),
            ("consequence", "资金沉淀或损失，受纪律追究".into()),
            ("power", "资金拨付审核".into()),
            ("class", ["ethics", "post_duty", "institution"][n % 3].into()),
            (
                "item",
                ["large_funds", "construction", "procurement"][(n / 3) % 3].into(),
            ),
            ("grade", ["red", "orange", "yellow"][n % 3].into()),
        ] {
            fields.insert(field.into(), value.into());
        }
        act.rows.push(ImportRow {
            measures: vec!["三级联签；每日对账".into()],
            ..ImportRow::new("risk_point", fields)
        });
    }
    act
}

fn single(office: &mut Office, operator: &Operator, units: &[(StreamId, StreamId)]) {
    let mut register = Vec::new();
    let mut assess = Vec::new();
    let mut raise = Vec::new();
    for n in 0..300 {
        let act = Act::new(Verb::Register, vec![])
            .with("source", "inspection")
            .with("unit", units[n % UNITS].0.to_string())
            .with("content", format!("隧道工程变更未报批，第{n}件"));
        let begin = Instant::now();
        let warning = office.submit(operator, &act, None).unwrap().changed[0].stream;
        register.push(begin.elapsed());
        let act = Act::new(Verb::Assess, vec![warning])
            .with("grade", "yellow")
            .with("analysts", "甲、乙");
        let begin = Instant::now();
        office.submit(operator, &act, None).unwrap();
        assess.push(begin.elapsed());
        let mut act = Act::new(Verb::Escalate, vec![warning]).with("cause", "measures_missing");
        act.decision = Some(Decision::Signed {
            signer: Some("李主任".into()),
            on: None,
        });
        let begin = Instant::now();
        office.submit(operator, &act, None).unwrap();
        raise.push(begin.elapsed());
        if n % 50 == 49 {
            office.maintain().unwrap();
        }
    }
    spread("act: register", register);
    spread("act: assess", assess);
    spread("act: escalate, with what follows", raise);
}

fn reads(office: &Office) {
    let reader = Reader::beside(office).unwrap();
    let base = |register: &str| ListQuery {
        register: register.into(),
        ..ListQuery::default()
    };
    let with = |field: &str, value: &str| ListQuery {
        filters: vec![(field.into(), value.into())],
        ..base("risk_point")
    };
    let questions: Vec<(&str, ListQuery)> = vec![
        ("list: newest", base("risk_point")),
        (
            "list: End",
            ListQuery {
                at: At::End,
                ..base("risk_point")
            },
        ),
        ("list: grade=red", with("grade", "red")),
        ("list: unit", with("unit", "区第7局")),
        (
            "list: grade=red, item=construction",
            ListQuery {
                filters: vec![("grade".into(), "red".into()), ("item".into(), "construction".into())],
                ..base("risk_point")
            },
        ),
        (
            "list: by due",
            ListQuery {
                order: Some("due".into()),
                ..base("risk_point")
            },
        ),
        (
            "queue: steering",
            ListQuery {
                filters: vec![("queue".into(), "discipline".into())],
                ..base("warning")
            },
        ),
        (
            "find: 风",
            ListQuery {
                find: Some("签".into()),
                ..base("risk_point")
            },
        ),
        (
            "find: 拨付",
            ListQuery {
                find: Some("拨付".into()),
                ..base("risk_point")
            },
        ),
        (
            "find: 拨付依据审核",
            ListQuery {
                find: Some("拨付依据审核".into()),
                ..base("risk_point")
            },
        ),
        (
            "find: 第123456项",
            ListQuery {
                find: Some("123456".into()),
                ..base("risk_point")
            },
        ),
        (
            "find: nothing",
            ListQuery {
                find: Some("没有的词".into()),
                ..base("risk_point")
            },
        ),
    ];
    for (name, query) in questions {
        let times: Vec<Duration> = (0..50)
            .map(|_| {
                let begin = Instant::now();
                reader.list(&query).unwrap();
                begin.elapsed()
            })
            .collect();
        spread(name, times);
    }
    let code = reader.list(&base("risk_point")).unwrap().items[0].code.clone();
    let ask = |work: &dyn Fn()| -> Vec<Duration> {
        (0..50)
            .map(|_| {
                let begin = Instant::now();
                work();
                begin.elapsed()
            })
            .collect()
    };
    spread("show one point", ask(&|| drop(reader.show(&code).unwrap())));
    spread("queues of all bodies", ask(&|| drop(reader.queues().unwrap())));
    spread("stats", ask(&|| drop(reader.stats().unwrap())));
    spread("due, first 100", ask(&|| drop(reader.due(None, 100).unwrap())));
}

fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let done = work();
    println!("{name:<44} {:>10.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    done
}

fn spread(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("{name:<44} p50 {:>8.2} ms   p99 {:>8.2} ms", at(50), at(99));
}
