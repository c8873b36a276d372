#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::migrate;
use crate::ledger::open::open_file;
use crate::ledger::plain::plain_copy;
use crate::ledger::seal::seal;
use crate::ledger::site;
use crate::ledger::test_support::Office;
use std::fs;
use std::path::PathBuf;

/// A log with two sites and three seals.
pub fn two_sites(seed: u64) -> Office {
    let mut office = Office::seeded(seed);
    office.fill(3);
    seal(&mut office.file.conn, Some(&office.paths), 100).unwrap();
    office.fill(2);
    seal(&mut office.file.conn, Some(&office.paths), 200).unwrap();
    let tx = office.file.conn.transaction().unwrap();
    site::succeed(&tx, &mut office.entropy).unwrap();
    tx.commit().unwrap();
    office.fill(3);
    seal(&mut office.file.conn, Some(&office.paths), 300).unwrap();
    office
}

pub fn check(file: &OpenFile) -> Verdict {
    verify(file, Options::default(), &mut Watch::nobody()).unwrap()
}

pub fn copy_of(office: &mut Office) -> PathBuf {
    let path = office.folder.path().join("copy.lian");
    plain_copy(&mut office.file, &path, 400, &mut Watch::nobody()).unwrap();
    path
}

/// Opens a plain copy as another program would, without triggers, checks and foreign keys in the way.
pub fn tampering(path: &Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = OFF;
         PRAGMA ignore_check_constraints = ON;",
    )
    .unwrap();
    for trigger in triggers(&conn) {
        conn.execute_batch(&format!("DROP TRIGGER {}", trigger.0)).unwrap();
    }
    conn
}

pub fn triggers(conn: &Connection) -> Vec<(String, String)> {
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Changes a copy by SQL, puts the triggers back, and verifies it.
fn after(good: &Path, sql: &str) -> Verdict {
    let bad = good.with_file_name("bad.lian");
    fs::copy(good, &bad).unwrap();
    let saved = triggers(&Connection::open(good).unwrap());
    let conn = tampering(&bad);
    conn.execute_batch(sql).unwrap();
    for (_, trigger) in saved {
        conn.execute_batch(&trigger).unwrap();
    }
    drop(conn);
    check(&open_file(&bad, &Clock::fixed(0)).unwrap())
}

#[test]
fn an_untouched_log_verifies_encrypted_and_plain() {
    let mut office = two_sites(1);
    let verdict = check(&office.file);
    assert!(verdict.ok, "{verdict:?}");
    let tail = site::tail(&office.file.conn, &site::current(&office.file.conn).unwrap()).unwrap();
    assert_eq!(
        (verdict.events, verdict.head.clone()),
        (24, Some(hex::encode(&tail.hash)))
    );
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["first_bad"], serde_json::Value::Null);
    assert_eq!(json["bad_pages"], serde_json::json!([]));
    let copy = copy_of(&mut office);
    let verdict = check(&open_file(&copy, &office.clock).unwrap());
    assert!(verdict.ok, "{verdict:?}");
    assert!(check(&Office::seeded(2).file).ok, "an office without events");
}

#[test]
fn the_first_bad_event_is_named() {
    let mut office = two_sites(1);
    let good = copy_of(&mut office);
    let first = |sql: &str| after(&good, sql).first_bad.unwrap();
    for (sql, seq, reason) in [
        (
            "UPDATE event_body SET body = replace(body, 'orange', 'yellow') WHERE seq = 5",
            5,
            "内容被改动",
        ),
        (
            "UPDATE event_body SET salt = zeroblob(16) WHERE seq = 6",
            6,
            "内容被改动",
        ),
        ("DELETE FROM event_body WHERE seq = 7", 7, "内容缺失"),
        ("UPDATE event SET kind = 'grade_lowered' WHERE seq = 4", 4, "事件被改动"),
        ("UPDATE event SET prev = zeroblob(32) WHERE seq = 4", 4, "链条在此断开"),
        (
            "DELETE FROM event WHERE seq = 8; DELETE FROM event_body WHERE seq = 8",
            8,
            "第 8 条事件缺失",
        ),
        ("UPDATE act SET operator = '别人' WHERE seq = 3", 4, "办理记录被改动"),
        (
            "UPDATE act SET happened = '2026-01-01' WHERE first = 3 AND seq = 2",
            3,
            "办理记录被改动",
        ),
        ("DELETE FROM act WHERE seq = 3", 4, "办理记录缺失"),
        (
            "DELETE FROM event WHERE seq = 24; DELETE FROM event_body WHERE seq = 24",
            24,
            "没有事件",
        ),
        (
            "UPDATE event SET seq = 99 WHERE seq = 24; UPDATE event_body SET seq = 99 WHERE seq = 24",
            24,
            "缺失",
        ),
    ] {
        let bad = first(sql);
        assert_eq!(bad.seq, Some(seq), "{sql}: {bad:?}");
        assert!(bad.reason.contains(reason), "{sql}: {bad:?}");
    }
    let at_once = first("UPDATE event_body SET body = '{}' WHERE seq IN (9, 11)");
    assert_eq!((at_once.seq, at_once.site_seq), (Some(9), Some(9)));
    let second_site = first("UPDATE event_body SET body = '{}' WHERE seq = 20");
    assert_eq!((second_site.seq, second_site.site_seq), (Some(20), Some(5)));
}

#[test]
fn a_cut_tail_is_found_against_the_last_seal() {
    let mut office = two_sites(1);
    let good = copy_of(&mut office);
    let last_act =
        "DELETE FROM event_body WHERE seq = 24; DELETE FROM event WHERE seq = 24; DELETE FROM act WHERE seq = 16;";
    let bad = after(&good, last_act).first_bad.unwrap();
    assert!(bad.reason.contains("日志尾部缺失"), "{bad:?}");
    assert_eq!(bad.site_seq, Some(9));
    let seal_too = format!("{last_act} DELETE FROM seal WHERE at = 300;");
    assert!(after(&good, &seal_too).first_bad.unwrap().reason.contains("封签有缺失"));
}

#[test]
fn an_older_file_put_in_place_is_found_against_the_seals_beside_it() {
    let mut office = two_sites(1);
    let older = office.folder.path().join("older");
    fs::create_dir(&older).unwrap();
    office.reopen();
    fs::copy(office.paths.ledger(), older.join("office.lian")).unwrap();
    office.fill(1);
    seal(&mut office.file.conn, Some(&office.paths), 500).unwrap();
    let (paths, _folder) = office.close();
    fs::copy(older.join("office.lian"), paths.ledger()).unwrap();
    let clock = Clock::fixed(0);
    let found = verify_folder(&paths, &clock, Options::default(), &mut Watch::nobody()).unwrap();
    let bad = found.first_bad.unwrap();
    assert!(
        bad.reason.contains("office.seals") && bad.reason.contains("日志尾部缺失"),
        "{bad:?}"
    );
    // Opening it began a new site; the evidence stays when that one is sealed.
    let mut file = open(&paths, &clock).unwrap();
    seal(&mut file.conn, Some(&paths), 600).unwrap();
    assert!(!check(&file).ok);
}

#[test]
fn a_head_kept_elsewhere_must_lie_on_the_log() {
    let office = two_sites(1);
    let hash: Hash = office
        .file
        .conn
        .query_row("SELECT hash FROM event WHERE seq = 9", [], |row| row.get(0))
        .unwrap();
    let with = |head| {
        verify(
            &office.file,
            Options {
                head: Some(head),
                ..Options::default()
            },
            &mut Watch::nobody(),
        )
        .unwrap()
    };
    assert!(with(hash).ok);
    assert!(with([1; 32]).first_bad.unwrap().reason.contains("链头"));
}

#[test]
fn tables_are_asked_only_when_the_log_is_whole_and_all_is_wanted() {
    let office = two_sites(1);
    let mut asked = 0;
    let mut run = |log_only| {
        let mut tables = |_: &Connection, _: &mut Watch| {
            asked += 1;
            Ok(vec!["表 due 与日志不符".to_owned()])
        };
        let options = Options {
            log_only,
            tables: Some(&mut tables),
            ..Options::default()
        };
        verify(&office.file, options, &mut Watch::nobody()).unwrap()
    };
    assert!(run(true).ok);
    let verdict = run(false);
    assert_eq!(verdict.first_bad, Some(Bad::general("表 due 与日志不符")));
    assert_eq!(asked, 1);
}

#[test]
fn a_missing_trigger_or_a_changed_table_is_found() {
    let mut office = two_sites(1);
    let good = copy_of(&mut office);
    for (sql, name) in [
        ("DROP TRIGGER event_keep_update", "event_keep_update"),
        ("DROP INDEX event_stream", "event_stream"),
        ("ALTER TABLE act ADD COLUMN extra TEXT", "act"),
        (
            "CREATE TRIGGER hidden AFTER INSERT ON event BEGIN SELECT 1; END",
            "hidden",
        ),
    ] {
        let bad = good.with_file_name("bad.lian");
        fs::copy(&good, &bad).unwrap();
        Connection::open(&bad).unwrap().execute_batch(sql).unwrap();
        let verdict = check(&open_file(&bad, &Clock::fixed(0)).unwrap());
        assert!(verdict.first_bad.unwrap().reason.contains(name), "{sql}");
    }
}

#[test]
fn work_can_be_cancelled() {
    let office = two_sites(1);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let fault = verify(
        &office.file,
        Options::default(),
        &mut Watch::new(&mut |_, _| (), &cancel),
    )
    .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Busy);
}

#[test]
fn a_cut_or_foreign_file_is_a_verdict_or_a_refusal() {
    let (paths, _folder) = two_sites(1).close();
    let good = fs::read(paths.ledger()).unwrap();
    let run = |bytes: &[u8]| {
        fs::write(paths.ledger(), bytes).unwrap();
        verify_folder(&paths, &Clock::fixed(0), Options::default(), &mut Watch::nobody())
    };
    for cut in [0, 10, 4_096, good.len() - 4_096, good.len() - 1] {
        let verdict = run(&good[..cut]).unwrap();
        assert!(!verdict.ok, "cut to {cut}");
    }
    let longer = [&good[..], &[0; 4096]].concat();
    assert!(!run(&longer).unwrap().ok);
    let foreign = paths.folder.join("foreign.db");
    let conn = Connection::open(&foreign).unwrap();
    migrate::mark(&conn, 7, 1).unwrap();
    drop(conn);
    assert_eq!(run(&fs::read(&foreign).unwrap()).unwrap_err().kind, FaultKind::World);
}
