//! A power cut: what lies on the disk is the file and some part of its write-ahead log, whose last frames may be
//! cut at any byte, zeroed or shuffled. The file opens with the acts before the damage, and verifies.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/deeds.rs"]
mod deeds;

use std::fs;
use std::path::{Path, PathBuf};

use deeds::{Dice, full, init, open, operator, points, unit};
use lianneng::ledger::paths::{OfficePaths, wal_of};
use lianneng::ledger::verify::{Options, verify};
use lianneng::ledger::watch::Watch;

const WAL_HEADER: usize = 32;
const FRAME: usize = 24 + 4096;

fn copy_office(from: &OfficePaths, to: &Path) -> OfficePaths {
    fs::create_dir_all(to).unwrap();
    let copy = OfficePaths::new(to);
    for (old, new) in [
        (from.ledger(), copy.ledger()),
        (from.keys(), copy.keys()),
        (from.mark(), copy.mark()),
    ] {
        fs::copy(old, new).unwrap();
    }
    copy
}

fn damage(wal: &[u8], dice: &mut Dice) -> (Vec<u8>, String) {
    let frames = (wal.len() - WAL_HEADER) / FRAME;
    let last = 1 + dice.below(frames.min(12));
    let start = WAL_HEADER + (frames - last) * FRAME;
    let mut bytes = wal.to_vec();
    match dice.below(4) {
        0 => {
            let at = dice.below(wal.len() + 1);
            bytes.truncate(at);
            (bytes, format!("cut at byte {at}"))
        }
        1 => {
            bytes[start..].fill(0);
            (bytes, format!("last {last} frames zeroed"))
        }
        2 => {
            for frame in 0..last {
                let (one, two) = (start + frame * FRAME, start + dice.below(last) * FRAME);
                for at in 0..FRAME {
                    bytes.swap(one + at, two + at);
                }
            }
            (bytes, format!("last {last} frames shuffled"))
        }
        _ => {
            let frame = start + dice.below(last) * FRAME;
            let half = 512 * (1 + dice.below(7));
            bytes[frame + half..frame + FRAME].fill(0);
            (bytes, format!("one of the last {last} frames written by half"))
        }
    }
}

#[test]
fn whatever_the_power_leaves_of_the_last_writes_the_file_opens_and_verifies() {
    let seed = 20_261_126;
    let mut dice = Dice(seed);
    let base = tempfile::tempdir().unwrap();
    let paths = OfficePaths::new(base.path().join("office"));
    let mut office = init(&paths);
    let first = office.submit(&operator(), &unit("区财政局"), None).unwrap();
    let its_unit = first.changed[0].stream.to_string();
    office.file().checkpoint().unwrap();
    for turn in 0..12 {
        office.submit(&operator(), &unit(&format!("单位{turn}")), None).unwrap();
        office
            .submit(&operator(), &points(&its_unit, &turn.to_string(), 5), None)
            .unwrap();
    }
    let all: i64 = count(&office);
    let wal = fs::read(wal_of(&paths.ledger())).unwrap();
    let cuts = full(60, 1_000);
    let mut seen = Vec::new();
    for cut in 0..cuts {
        let folder: PathBuf = base.path().join("cut");
        let copy = copy_office(&paths, &folder);
        let (damaged, what) = damage(&wal, &mut dice);
        fs::write(wal_of(&copy.ledger()), damaged).unwrap();
        let what = format!("seed {seed}, cut {cut}: {what}");
        let mut after = open(&copy);
        let verdict = verify(after.file(), Options::default(), &mut Watch::nobody()).unwrap();
        assert!(verdict.ok, "{what}: {verdict:?}");
        seen.push(count(&after));
        if cut % 20 == 0 {
            assert!(
                after
                    .rebuild(&mut lianneng::ledger::watch::Watch::nobody())
                    .unwrap()
                    .unchanged(),
                "{what}"
            );
        }
        let again = after.submit(&operator(), &unit("断电之后"), None);
        assert!(again.is_ok(), "{what}: {again:?}");
        drop(after);
        fs::remove_dir_all(&folder).unwrap();
    }
    assert!(seen.iter().all(|acts| *acts <= all));
    assert!(
        seen.iter().any(|acts| *acts < all),
        "some cut took an act away, or nothing was tested"
    );
    println!(
        "{cuts} power cuts, {} to {all} acts left, seed {seed}",
        seen.iter().min().unwrap()
    );
}

fn count(office: &lianneng::ledger::office::Office) -> i64 {
    office
        .file()
        .conn
        .query_row("SELECT count(*) FROM act", [], |row| row.get(0))
        .unwrap()
}
