#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::domain::redact::SEALED;
use crate::domain::{Act, State, StreamId, Verb};
use crate::ledger::backup::backup;
use crate::ledger::clock::Clock;
use crate::ledger::entropy::Entropy;
use crate::ledger::log_json::write_json;
use crate::ledger::office::Office;
use crate::ledger::open::OpenFile;
use crate::ledger::plain::plain_copy;
use crate::ledger::query::Reader;
use crate::ledger::read_log::Scope;
use crate::ledger::restore::restore;
use crate::ledger::room::{NOW, Room, import_points};
use crate::ledger::verify::{Options, verify};
use crate::ledger::watch::Watch;

/// Pieces of what must not be found again.
const PIECES: [&str; 6] = [
    "宏达公司送来好处费",
    "另有人反映宏达公司请客",
    "评估认为线索具体可查",
    "拟不予受理的草稿",
    "有转账记录佐证",
    "宏达",
];

/// A report with everything that can hang on it: a merged one, an opinion, a proposal that was taken back, a raise
/// with facts that go to its point and its admonition. Returns the report and the merged one.
fn report(room: &mut Room) -> (StreamId, StreamId) {
    let (unit, post, person) = room.furnish();
    let point = room.act(import_points(unit, 3)).unwrap().changed[2].stream;
    let operator = room.operator.clone();
    let register = |content: &str| {
        Act::new(Verb::Register, vec![])
            .with("source", "informant")
            .with("unit", unit.to_string())
            .with("post", post.to_string())
            .with("person", person.to_string())
            .with("content", content)
    };
    let report =
        room.must(register("李四在隧道工程变更中收受宏达公司送来好处费，数额较大").with("points", point.to_string()));
    let other = room.must(register("另有人反映宏达公司请客送礼"));
    room.must(Act::new(Verb::Merge, vec![other]).with("into", report.to_string()));
    let rejection =
        Act::new(Verb::RejectReport, vec![report]).with("reason", "拟不予受理的草稿，收受宏达公司送来好处费");
    room.act(rejection).unwrap();
    room.office.undo(&operator).unwrap();
    room.must(
        Act::new(Verb::Assess, vec![report])
            .with("grade", "yellow")
            .with("analysts", "甲、乙")
            .with("opinion", "评估认为线索具体可查"),
    );
    let raise = room
        .signed(Verb::Escalate, report)
        .with("cause", "measures_missing")
        .with("facts", "收受宏达公司送来好处费，有转账记录佐证");
    room.must(raise);
    (report, other)
}

fn seal(room: &mut Room, report: StreamId) -> Vec<String> {
    let refer = room.signed(Verb::ReferClue, report).with("receiver", "市纪委");
    room.must(refer);
    let mut receipt = Act::new(Verb::ClueReceipt, vec![report]).with("receipt", "洪移〔2026〕3号");
    receipt.note = Some("补记：收受宏达公司送来好处费".into());
    room.act(receipt).unwrap().notes
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_of(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn holds(bytes: &[u8], piece: &str) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece.as_bytes())
}

/// Which pieces stand in any file of a folder.
fn in_files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files_of(folder) {
        let bytes = fs::read(&path).unwrap();
        found.extend(
            PIECES
                .iter()
                .filter(|piece| holds(&bytes, piece))
                .map(|piece| format!("{piece} in {path:?}")),
        );
    }
    found
}

/// Which pieces stand in any value of any table, those of the search index included.
fn in_tables(conn: &Connection) -> Vec<String> {
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'find'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..width {
                let bytes = match row.get_ref(at).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
                    _ => continue,
                };
                found.extend(
                    PIECES
                        .iter()
                        .filter(|piece| holds(bytes, piece))
                        .map(|piece| format!("{piece} in {table}")),
                );
            }
        }
    }
    found
}

fn in_plain_copy(file: &mut OpenFile, folder: &Path) -> Vec<String> {
    let copy = folder.join("plain");
    fs::create_dir_all(&copy).unwrap();
    let path = copy.join(format!("{}.lian", fs::read_dir(&copy).unwrap().count()));
    plain_copy(file, &path, 1, &mut Watch::nobody()).unwrap();
    let found = in_files(&copy);
    fs::remove_file(path).unwrap();
    found
}

fn verified(file: &OpenFile) {
    let verdict = verify(file, Options::default(), &mut Watch::nobody()).unwrap();
    assert!(verdict.ok, "{:?}", verdict.problems);
}

/// The independent script proves the log without knowing what was erased.
fn a_stranger_agrees(room: &Room) {
    let mut log = Vec::new();
    write_json(&room.office.file().conn, Scope::All, &Default::default(), &mut log).unwrap();
    let run = |log: &[u8]| {
        let path = room.folder.path().join("log.json");
        fs::write(&path, log).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/recompute.py");
        let run = std::process::Command::new("python3").arg(script).arg(&path).output();
        fs::remove_file(&path).unwrap();
        run
    };
    let Ok(output) = run(&log) else {
        eprintln!("skipped: no python3 here");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let changed = String::from_utf8(log).unwrap().replacen(SEALED, "（已改动）", 1);
    assert!(!run(changed.as_bytes()).unwrap().status.success());
}

/// covers §0.23
#[test]
fn of_a_sealed_report_nothing_is_found_by_any_search_and_the_log_still_proves_itself() {
    let mut room = Room::new();
    let (report, merged) = report(&mut room);
    let elsewhere = room.paths.folder.parent().unwrap().to_owned();
    let copied = in_plain_copy(room.office.file_mut(), &elsewhere);
    assert_eq!(copied.len(), PIECES.len(), "the search finds what is there: {copied:?}");
    let old = room.paths.backups();
    fs::create_dir_all(&old).unwrap();
    backup(
        room.office.file_mut(),
        &old.join("backup-1.zip"),
        1,
        &mut Watch::nobody(),
    )
    .unwrap();

    let notes = seal(&mut room, report);
    assert!(
        notes.iter().any(|note| note.contains("1 个备份仍有原文，已删除")),
        "{notes:?}"
    );
    let left: Vec<_> = fs::read_dir(&old).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["daily-2026-11-23.zip"]);

    assert_eq!(in_tables(&room.office.file().conn), Vec::<String>::new());
    assert_eq!(in_plain_copy(room.office.file_mut(), &elsewhere), Vec::<String>::new());
    assert_eq!(in_files(&room.paths.folder), Vec::<String>::new());
    let wal = crate::ledger::paths::wal_of(&room.paths.ledger());
    assert!(
        fs::metadata(wal).map_or(0, |wal| wal.len()) < 40_000,
        "only what was written after the checkpoint"
    );
    room.office
        .file()
        .conn
        .execute_batch("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, 'find', 'row')")
        .unwrap();
    let words: i64 = room
        .office
        .file()
        .conn
        .query_row(
            "SELECT count(*) FROM temp.words WHERE instr(term, '宏') OR instr(term, '隧')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(words, 0, "nor a pair of characters in the index");
    room.office.file().conn.execute_batch("DROP TABLE temp.words").unwrap();

    for sealed in [report, merged] {
        let state = Reader::beside(&room.office).unwrap().state(sealed).unwrap().unwrap();
        assert_eq!(state.text("content"), SEALED);
        assert!(state.reference("person").is_none() && state.reference("post").is_none());
        assert!(matches!(&*state, State::Warning(w) if w.points.is_empty() && w.sealed()));
    }
    verified(room.office.file());
    a_stranger_agrees(&room);
    room.check_rebuild();
    assert_eq!(in_tables(&room.office.file().conn), Vec::<String>::new());

    // The backup that was made after it, opened elsewhere.
    let paths = crate::ledger::paths::OfficePaths::new(elsewhere.join("fresh"));
    let mut restored = restore(
        &old.join("daily-2026-11-23.zip"),
        &paths,
        &Clock::fixed(NOW),
        &mut Watch::nobody(),
    )
    .unwrap();
    assert_eq!(in_plain_copy(&mut restored.file, &elsewhere), Vec::<String>::new());
    verified(&restored.file);
}

#[test]
fn sealing_is_told_and_cannot_be_taken_back() {
    let mut room = Room::new();
    let (report, _) = report(&mut room);
    seal(&mut room, report);
    let operator = room.operator.clone();
    let refused = room.office.undo(&operator).unwrap_err().to_string();
    assert!(refused.contains("已将内容密封"), "{refused}");
    let mut back = room.signed(Verb::Revert, report).with("reason", "entry_error");
    back.seen.clear();
    let refused = room.refusal(back);
    assert_eq!(refused.kind, "not_revertible");
    let reader = Reader::beside(&room.office).unwrap();
    let shown = reader.shown(report).unwrap();
    let told: Vec<_> = shown
        .timeline
        .iter()
        .map(|step| (step.label.as_str(), step.text.as_str()))
        .collect();
    assert!(told.contains(&("密封", "移送线索：第 1、2、3 步的内容")), "{told:?}");
    assert!(
        told.iter().any(|(_, text)| text.contains("洪移〔2026〕3号")),
        "the receipt number stays: {told:?}"
    );
}

#[test]
fn an_older_backup_comes_back_sealed() {
    let mut room = Room::new();
    let (report, _) = report(&mut room);
    let elsewhere = room.paths.folder.parent().unwrap().to_owned();
    let zip = elsewhere.join("stick.zip");
    backup(room.office.file_mut(), &zip, 1, &mut Watch::nobody()).unwrap();
    seal(&mut room, report);
    let (paths, _folder) = room.closed();
    let mut restored = restore(&zip, &paths, &Clock::fixed(NOW), &mut Watch::nobody()).unwrap();
    assert_eq!(in_tables(&restored.file.conn), Vec::<String>::new());
    assert_eq!(in_plain_copy(&mut restored.file, &elsewhere), Vec::<String>::new());
    verified(&restored.file);
    restored.file.conn.close().unwrap();
    let mut office = Office::open(&paths, Clock::fixed(NOW + 1), Entropy::System).unwrap();
    let state = Reader::beside(&office).unwrap().state(report).unwrap().unwrap();
    assert_eq!(
        (state.stage(), state.text("content").as_str()),
        (Some("assessed"), SEALED)
    );
    let rebuilt = office.rebuild(&mut Watch::nobody()).unwrap();
    assert!(rebuilt.unchanged(), "{rebuilt:?}");
    // Once is enough: another opening finds nothing to do.
    let events = |office: &Office| crate::ledger::read_log::count(&office.file().conn).unwrap();
    let before = events(&office);
    office.close().unwrap();
    assert_eq!(
        events(&Office::open(&paths, Clock::fixed(NOW + 2), Entropy::System).unwrap()),
        before
    );
}

#[test]
fn an_older_file_copied_back_by_hand_is_sealed_on_opening_and_until_then_verify_says_so() {
    let mut room = Room::new();
    let (report, _) = report(&mut room);
    let older = room.paths.folder.parent().unwrap().join("older.lian");
    room.office.file().checkpoint().unwrap();
    fs::copy(room.paths.ledger(), &older).unwrap();
    seal(&mut room, report);
    let (paths, _folder) = room.closed();
    fs::copy(&older, paths.ledger()).unwrap();
    let file = crate::ledger::open::open(&paths, &Clock::fixed(NOW)).unwrap();
    let verdict = verify(&file, Options::default(), &mut Watch::nobody()).unwrap();
    assert!(
        verdict.problems.iter().any(|p| p.contains("原内容又在台账里")),
        "{:?}",
        verdict.problems
    );
    let office = Office::over(file, Clock::fixed(NOW), Entropy::System).unwrap();
    assert_eq!(in_tables(&office.file().conn), Vec::<String>::new());
    verified(office.file());
}

#[test]
fn while_another_window_reads_the_clearing_waits_for_the_next_opening() {
    let mut room = Room::new();
    let (report, _) = report(&mut room);
    room.office.file().conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let other = room.office.file().another().unwrap();
    other.execute_batch("BEGIN; SELECT count(*) FROM event;").unwrap();
    let notes = seal(&mut room, report);
    assert!(notes.iter().any(|note| note.contains("下次打开")), "{notes:?}");
    assert!(crate::ledger::purge::asked(&room.office.file().conn).unwrap());
    other.execute_batch("COMMIT").unwrap();
    drop(other);
    let (paths, _folder) = room.closed();
    let office = Office::open(&paths, Clock::fixed(NOW + 1), Entropy::System).unwrap();
    assert!(!crate::ledger::purge::asked(&office.file().conn).unwrap());
}

#[test]
fn a_body_changes_only_to_what_was_announced() {
    let mut room = Room::new();
    let (report, _) = report(&mut room);
    seal(&mut room, report);
    let conn = &room.office.file().conn;
    let erased: i64 = conn
        .query_row("SELECT min(seq) FROM event WHERE stream = ?1", [report.0], |row| {
            row.get(0)
        })
        .unwrap();
    for (seq, body) in [(erased, "{}"), (1, "{}")] {
        let refused = conn
            .execute("UPDATE event_body SET body = ?2 WHERE seq = ?1", (seq, body))
            .unwrap_err()
            .to_string();
        assert!(refused.contains("只能追加"), "{refused}");
    }
    conn.execute("UPDATE event_body SET body = body WHERE seq = ?1", [erased])
        .unwrap();
}
