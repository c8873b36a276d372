//! Several windows on the same matters: no update is lost, no law is broken.
//!
//! Each process reads a matter with its version, then asks for an act under that version. Whoever was faster wins;
//! the other is told so and changes nothing.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/deeds.rs"]
mod deeds;

use std::collections::BTreeSet;
use std::fs::File;
use std::process::{Command, Stdio};

use deeds::{Dice, full, init, open, operator, unit};
use lianneng::domain::fault::Stop;
use lianneng::domain::{Act, Decision, StreamId, Verb};
use lianneng::ledger::office::Office;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::query::Reader;
use lianneng::ledger::verify::{Options, verify};
use lianneng::ledger::watch::Watch;

const FOLDER: &str = "LIANNENG_CROWD_FOLDER";
const SEED: &str = "LIANNENG_CROWD_SEED";
const ACTS: &str = "LIANNENG_CROWD_ACTS";
const MATTERS: usize = 6;

/// Not a test by itself: one of the three windows below. Prints `code version` for each act that went through.
#[test]
fn window() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let paths = OfficePaths::new(folder);
    let mut office = open(&paths);
    let reader = Reader::beside(&office).unwrap();
    let mut dice = Dice(number(SEED));
    for _ in 0..number(ACTS) {
        let code = format!("YJ-XY-{}-{:04}", year(&office), dice.below(MATTERS) + 1);
        let (stream, version) = seen(&reader, &code);
        let act = Act {
            seen: vec![(stream, version)],
            ..some_act(&mut dice, stream)
        };
        match office.submit(&operator(), &act, None) {
            Ok(_) => println!("done {code} {version}"),
            Err(Stop::Refused(refusal)) if refusal.kind == "stale" => println!("stale {code}"),
            Err(Stop::Refused(refusal)) => println!("refused {}", refusal.kind),
            Err(Stop::Failed(fault)) => panic!("{fault}"),
        }
    }
}

fn year(office: &Office) -> i32 {
    use chrono::Datelike;
    office.today().year()
}

fn seen(reader: &Reader, code: &str) -> (StreamId, u64) {
    let stream = reader.resolve(code).unwrap();
    let version = reader.item(stream).unwrap().version;
    (stream, version.try_into().unwrap())
}

fn some_act(dice: &mut Dice, stream: StreamId) -> Act {
    let signed = |verb| Act {
        decision: Some(Decision::Signed {
            signer: Some(format!("主任{verb:?}")),
            on: None,
        }),
        ..Act::new(verb, vec![stream])
    };
    match dice.below(9) {
        0 => Act::new(Verb::Assess, vec![stream]).with("grade", ["yellow", "orange"][dice.below(2)]),
        1 => signed(Verb::Release),
        2 => Act::new(Verb::Serve, vec![stream]),
        3 => Act::new(Verb::Progress, vec![stream]).with("text", "已补办手续"),
        4 => Act::new(Verb::Feedback, vec![stream]).with("result", "已整改"),
        5 => Act::new(Verb::Verify, vec![stream]).with("passed", ["true", "false"][dice.below(2)]),
        6 => signed(Verb::Escalate).with("cause", "new_facts"),
        7 => Act::new(Verb::Return, vec![stream]).with("reason", "依据不足"),
        _ => Act::new(Verb::Remind, vec![stream]).with("text", "请按期反馈"),
    }
}

#[test]
fn three_processes_on_the_same_matters_lose_no_update() {
    let folder = tempfile::tempdir().unwrap();
    let paths = OfficePaths::new(folder.path().join("office"));
    let mut office = init(&paths);
    let bureau = office.submit(&operator(), &unit("区财政局"), None).unwrap().changed[0]
        .stream
        .to_string();
    for n in 0..MATTERS {
        let report = Act::new(Verb::Register, vec![])
            .with("source", "inspection")
            .with("unit", bureau.as_str())
            .with("content", format!("第{n}件"));
        office.submit(&operator(), &report, None).unwrap();
    }
    let acts = full(2_000, 100_000) / 3;
    let told = |seed: u64| folder.path().join(format!("window-{seed}"));
    let windows: Vec<_> = [11, 22, 33]
        .map(|seed: u64| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "window", "--nocapture", "--test-threads=1"])
                .env(FOLDER, folder.path().join("office"))
                .env(SEED, seed.to_string())
                .env(ACTS, acts.to_string())
                // A file: a pipe nobody reads yet would stop the window in the middle.
                .stdout(Stdio::from(File::create(told(seed)).unwrap()))
                .spawn()
                .map(|window| (window, seed))
                .unwrap()
        })
        .into_iter()
        .collect();
    let mut done = Vec::new();
    let mut stale = 0;
    for (mut window, seed) in windows {
        let status = window.wait().unwrap();
        let text = std::fs::read_to_string(told(seed)).unwrap();
        assert!(status.success(), "{text}");
        // The harness writes its own words before the first line.
        stale += text.lines().filter(|l| l.contains("stale YJ")).count();
        done.extend(
            text.lines()
                .filter_map(|l| l.split_once("done YJ"))
                .map(|(_, rest)| format!("YJ{rest}")),
        );
    }
    println!(
        "{} acts went through, {stale} were told that somebody was faster (seeds 11, 22, 33)",
        done.len()
    );
    let distinct: BTreeSet<&String> = done.iter().collect();
    assert_eq!(
        distinct.len(),
        done.len(),
        "two acts went through on the same version of a matter"
    );
    assert!(done.len() > acts / 10 && stale > 0, "the windows never met");

    let reader = Reader::beside(&office).unwrap();
    for n in 1..=MATTERS {
        let code = format!("YJ-XY-{}-{n:04}", year(&office));
        let through = done.iter().filter(|d| d.starts_with(&code)).count();
        let (_, version) = seen(&reader, &code);
        // Every act wrote one event to its matter; anything else would be an update lost or doubled.
        assert_eq!(version, 1 + through as u64, "{code}");
    }
    let verdict = verify(office.file(), Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{verdict:?}");
    let rebuilt = office.rebuild(&mut Watch::nobody()).unwrap();
    assert!(rebuilt.tables.iter().all(|t| t.changed == 0), "{rebuilt:?}");
}
