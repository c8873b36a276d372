//! kill -9 at any moment: nothing acknowledged is lost, nothing is half-done, and the file verifies.
//!
//! A child carries out acts and everything around them (import, undo, rebuild, backup, seal, checkpoint) and
//! acknowledges each on a pipe; it is killed at random.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/deeds.rs"]
mod deeds;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use deeds::{Dice, full, init, open, operator, points, unit};
use lianneng::ledger::backup::backup;
use lianneng::ledger::entropy::Entropy;
use lianneng::ledger::hex;
use lianneng::ledger::office::Office;
use lianneng::ledger::paths::OfficePaths;
use lianneng::ledger::seal::seal;
use lianneng::ledger::verify::{Options, verify};
use lianneng::ledger::watch::Watch;

const FOLDER: &str = "LIANNENG_KILL_FOLDER";
const SEED: &str = "LIANNENG_KILL_SEED";

/// Not a test by itself: the child of the one below.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let seed: u64 = std::env::var(SEED).unwrap().parse().unwrap();
    let paths = OfficePaths::new(folder);
    let mut office = if paths.ledger().exists() {
        open(&paths)
    } else {
        init(&paths)
    };
    let mut dice = Dice(seed);
    let first = office.submit(&operator(), &unit(&format!("单位{seed}")), None).unwrap();
    acknowledge(&first.act_id);
    let its_unit = first.changed[0].stream.to_string();
    for turn in 0.. {
        if let Some(act_id) = one_deed(&mut office, &paths, &mut dice, &its_unit, seed, turn) {
            acknowledge(&act_id);
        }
    }
}

fn one_deed(
    office: &mut Office,
    paths: &OfficePaths,
    dice: &mut Dice,
    unit_id: &str,
    seed: u64,
    turn: u64,
) -> Option<String> {
    let at = office.clock().now_ms();
    match dice.below(16) {
        0 => drop(office.rebuild(&mut Watch::nobody()).unwrap()),
        1 => drop(seal(&mut office.file_mut().conn, Some(paths), at).unwrap()),
        2 => office.file().checkpoint().unwrap(),
        3 => {
            let to = paths.folder.join(format!("b{}.zip", dice.below(3)));
            backup(office.file_mut(), &to, at, &mut Watch::nobody()).unwrap();
        }
        // A refusal is an answer too: nothing to take back, say.
        4 => return office.undo(&operator()).ok().map(|receipt| receipt.act_id),
        5 => return office.redo(&operator()).ok().map(|receipt| receipt.act_id),
        6 => {
            let rows = 1 + dice.below(60);
            let act = points(unit_id, &format!("{seed}-{turn}"), rows);
            return office
                .submit(&operator(), &act, None)
                .ok()
                .map(|receipt| receipt.act_id);
        }
        _ => {
            // With an id of our own, sent again as after a lost answer: it happens once.
            let id = Entropy::System.uuid7(at).unwrap();
            let act = unit(&format!("单位{seed}之{turn}"));
            let receipt = office.submit(&operator(), &act, Some(id)).unwrap();
            assert_eq!(
                office.submit(&operator(), &act, Some(id)).unwrap().act_id,
                receipt.act_id
            );
            return Some(receipt.act_id);
        }
    }
    None
}

fn acknowledge(act_id: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "ack {act_id}").unwrap();
    out.flush().unwrap();
}

fn spawn(folder: &Path, seed: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the child acknowledged until it was killed.
fn run_and_kill(folder: &Path, seed: u64, dice: &mut Dice) -> Vec<String> {
    let mut child = spawn(folder, seed);
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines
            .filter_map(|line| Some(line.split_once("ack ")?.1.to_owned()))
            .collect::<Vec<_>>()
    });
    std::thread::sleep(Duration::from_millis(u64::try_from(10 + dice.below(400)).unwrap()));
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn no_acknowledged_act_is_lost_and_the_file_verifies() {
    let (rounds, seed) = (full(40, 1_000), 20_261_123);
    let mut dice = Dice(seed);
    let base = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut kept, mut generation) = (0, Vec::new(), 0);
    for round in 0..rounds {
        // A new office now and then, so that its founding is interrupted too and the file stays small.
        if round % 25 == 0 {
            generation = round;
            kept.clear();
        }
        let paths = OfficePaths::new(base.path().join(generation.to_string()));
        let acts = run_and_kill(&paths.folder, u64::try_from(round).unwrap() + 1, &mut dice);
        acknowledged += acts.len();
        kept.extend(acts);
        if !paths.ledger().exists() {
            assert_eq!(kept, [""; 0], "round {round}: killed before the file was whole");
            continue;
        }
        let mut office = open(&paths);
        let verdict = verify(office.file(), Options::default(), &mut Watch::nobody()).unwrap();
        assert!(verdict.ok, "seed {seed}, round {round}: {verdict:?}");
        for act in &kept {
            let id: [u8; 16] = hex::decode(act).unwrap();
            let count: i64 = office
                .file()
                .conn
                .query_row("SELECT count(*) FROM act WHERE act_id = ?1", [id], |row| row.get(0))
                .unwrap();
            assert_eq!(count, 1, "seed {seed}, round {round}: acknowledged act {act}");
        }
        let rebuilt = office.rebuild(&mut Watch::nobody()).unwrap();
        assert!(rebuilt.unchanged(), "seed {seed}, round {round}: {rebuilt:?}");
    }
    assert!(acknowledged > rounds, "the child hardly worked: {acknowledged}");
    println!("{rounds} kills, {acknowledged} acknowledged acts, none lost, seed {seed}");
}
