//! Figures of the log: `cargo bench --bench log -- 1000000` appends that many events in acts of 1,000 to an
//! encrypted file, then measures single acts, `verify`, `log --json` and a backup. Nothing is asserted.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::Instant;

use lianneng::ledger::append::{NewAct, NewEvent, append_act, append_act_with};
use lianneng::ledger::backup::backup;
use lianneng::ledger::clock::Clock;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::files::Sharing;
use lianneng::ledger::log_json::write_json;
use lianneng::ledger::open::{NewOffice, OpenFile, create};
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::plain::plain_copy;
use lianneng::ledger::read_log::Scope;
use lianneng::ledger::seal::seal;
use lianneng::ledger::site::Class;
use lianneng::ledger::verify::{Options, verify};
use lianneng::ledger::watch::Watch;
use rusqlite::TransactionBehavior;

const PER_ACT: usize = 1_000;

fn main() {
    let wanted = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(20_000);
    let folder = std::env::var_os("LIANNENG_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = folder.join(format!("lianneng-bench-{}", std::process::id()));
    let paths = OfficePaths::new(&folder);
    let mut entropy = Entropy::seeded(1);
    let clock = Clock::fixed(1_795_400_000_000);
    let new = NewOffice {
        class: Class::Rehearsal,
        letters: "XY",
        sharing: Sharing::Owner,
    };
    let mut file = create(&paths, &new, &mut entropy, &clock).unwrap();

    timed(&format!("append {wanted} births, {PER_ACT} an act"), || {
        for _ in 0..wanted / PER_ACT {
            let events: Vec<_> = (0..PER_ACT)
                .map(|_| event(entropy.uuid7(clock.now_ms()).unwrap()))
                .collect();
            let act = act(&mut entropy, &clock);
            let tx = file
                .conn
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .unwrap();
            append_act_with(&tx, &mut entropy, &act, &events, &mut |_| Ok(None)).unwrap();
            tx.commit().unwrap();
            file.checkpoint().unwrap();
        }
    });
    single_acts(&mut file, &mut entropy, &clock);
    timed("seal", || seal(&mut file.conn, Some(&paths), clock.now_ms()).unwrap());
    timed("checkpoint", || file.checkpoint().unwrap());
    for log_only in [true, false] {
        let options = Options {
            log_only,
            ..Options::default()
        };
        let verdict = timed(&format!("verify, log_only = {log_only}"), || {
            verify(&file, options, &mut Watch::nobody()).unwrap()
        });
        assert!(verdict.ok, "{verdict:?}");
    }
    timed("log --json", || {
        write_json(&file.conn, Scope::All, &Default::default(), &mut std::io::sink()).unwrap()
    });
    timed("backup", || {
        backup(&mut file, &folder.join("b.zip"), 1, &mut Watch::nobody()).unwrap()
    });
    timed("backup --plain", || {
        plain_copy(&mut file, &folder.join("p.lian"), 1, &mut Watch::nobody()).unwrap()
    });
    let size = std::fs::metadata(paths.ledger()).unwrap().len();
    println!("{:>10.1} MB  the file", size as f64 / 1e6);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// 2,000 acts of three events, each committed: p50 and p99.
fn single_acts(file: &mut OpenFile, entropy: &mut Entropy, clock: &Clock) {
    let stream = entropy.uuid7(clock.now_ms()).unwrap();
    let mut whole = Vec::new();
    let mut commits = Vec::new();
    for _ in 0..2_000 {
        let act = act(entropy, clock);
        let events = [
            event(stream),
            event(stream),
            event(entropy.uuid7(clock.now_ms()).unwrap()),
        ];
        let start = Instant::now();
        let tx = file
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .unwrap();
        append_act(&tx, entropy, &act, &events).unwrap();
        let commit = Instant::now();
        tx.commit().unwrap();
        commits.push(commit.elapsed().as_secs_f64() * 1e3);
        whole.push(start.elapsed().as_secs_f64() * 1e3);
    }
    for (what, mut times) in [("one act of 3 events", whole), ("of which the commit", commits)] {
        times.sort_by(f64::total_cmp);
        println!("{:>10.2} ms  {what}, p50 (p99 {:.2})", times[1_000], times[1_980]);
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!(
        "{:>10.2} s   {what} (memory so far {} MB)",
        start.elapsed().as_secs_f64(),
        peak()
    );
    done
}

/// The most memory held so far, in MB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn act(entropy: &mut Entropy, clock: &Clock) -> NewAct {
    let at = clock.now_ms();
    NewAct {
        act_id: entropy.uuid7(at).unwrap(),
        today: "2026-11-23".into(),
        happened: "2026-11-20".into(),
        verb: "register".into(),
        operator: "00000000000000000000000000000000".into(),
        acting_for: "task_force".into(),
        policy: [9; 32],
        because: None,
        program: "lianneng bench".into(),
        at,
    }
}

fn event(stream: [u8; 16]) -> NewEvent {
    NewEvent {
        stream,
        kind: "risk_point_imported".into(),
        version: 1,
        body: r#"{"unit":"0193000000007000800000000000aaaa","post":"0193000000007000800000000000bbbb","class":"duty","item":"funds","description":"大额资金拨付未经集体研究，经办与审批由同一人完成，存在挪用风险","grade":"orange","state":"watched"}"#.into(),
        because: None,
    }
}
