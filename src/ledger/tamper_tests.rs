//! Random changes: whatever is done to a copy of the log, `verify` finds it. Seeds are printed.
#![allow(clippy::unwrap_used)]
use super::tests::{check, copy_of, tampering, triggers, two_sites};
use super::*;
use crate::domain::Verb;
use crate::ledger::meta;
use crate::ledger::open::open_file;
use crate::ledger::plain::plain_copy;
use crate::ledger::room::Room;
use crate::ledger::test_support::full;
use rusqlite::types::Value;
use std::fs;
use std::path::PathBuf;

/// A small generator: tests print its seed, and a failure repeats.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Everything the tables hold, in order.
fn dump(conn: &Connection) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for table in tables(conn) {
        let order = if columns(conn, &table).len() > 1 { "1, 2" } else { "1" };
        let mut statement = conn
            .prepare(&format!("SELECT * FROM \"{table}\" ORDER BY {order}"))
            .unwrap();
        let width = statement.column_count();
        let read = statement
            .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
            .unwrap();
        rows.extend(read.collect::<Result<Vec<Vec<Value>>, _>>().unwrap_or_default());
    }
    rows
}

fn tables(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    let mut statement = conn
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn changed(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::Null => Value::Blob(vec![7; 16]),
        Value::Integer(number) => Value::Integer(number + 1 + i64::try_from(dice.below(5)).unwrap()),
        Value::Text(text) => Value::Text(format!("{text} ")),
        Value::Blob(bytes) if !bytes.is_empty() => {
            let mut bytes = bytes.clone();
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            Value::Blob(bytes)
        }
        other => other.clone(),
    }
}

/// One random change of a value, a row, or the order of two rows; what was done, `None` if it did nothing.
fn tamper(conn: &Connection, dice: &mut Dice) -> Option<String> {
    const TABLES: [&str; 6] = ["act", "event", "event_body", "site", "seal", "meta"];
    let table = TABLES[dice.below(TABLES.len())];
    let key = if table == "seal" {
        "hex(site) || site_seq".to_owned()
    } else {
        columns(conn, table)[0].clone()
    };
    let columns = columns(conn, table);
    let column = &columns[dice.below(columns.len())];
    let count: usize = conn
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
        .unwrap() as usize;
    let mut pick = || -> Value {
        let sql = format!(
            "SELECT {key} FROM {table} ORDER BY 1 LIMIT 1 OFFSET {}",
            dice.below(count)
        );
        conn.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let (one, two) = (pick(), pick());
    // The letters are repeated in the log's own first event, where the tables are compared with it.
    if one == Value::Text(meta::LETTERS.into()) || two == Value::Text(meta::LETTERS.into()) {
        return None;
    }
    let read = |row: &Value| -> Value {
        conn.query_row(
            &format!("SELECT {column} FROM {table} WHERE {key} = ?1"),
            [row],
            |row| row.get(0),
        )
        .unwrap()
    };
    let (old, other) = (read(&one), read(&two));
    let set = |row: &Value, value: &Value| {
        conn.execute(
            &format!("UPDATE OR IGNORE {table} SET {column} = ?2 WHERE {key} = ?1"),
            (row, value),
        )
    };
    let done = match dice.below(4) {
        0 => conn
            .execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), [&one])
            .map(|_| format!("delete {table} {one:?}")),
        1 if old != other => set(&one, &other)
            .and_then(|_| set(&two, &old))
            .map(|_| format!("swap {table}.{column} {one:?} {two:?}")),
        _ => set(&one, &changed(&old, dice)).map(|_| format!("change {table}.{column} {one:?} from {old:?}")),
    };
    done.ok()
}

/// A plain copy of an office with a sealed report, beside the office's own folder.
fn sealed_copy(room: &mut Room) -> PathBuf {
    let (unit, ..) = room.furnish();
    let report = room.warning(unit, "收受宏达公司送来好处费，数额较大");
    let refer = room
        .signed(Verb::ReferClue, report)
        .with("receiver", "市纪委")
        .with("receipt", "3号");
    room.must(refer);
    let path = room.folder.path().join("copy.lian");
    plain_copy(room.office.file_mut(), &path, 400, &mut Watch::nobody()).unwrap();
    path
}

#[test]
fn every_random_change_of_a_plain_copy_is_found() {
    let mut office = two_sites(1);
    changes_are_found(&copy_of(&mut office));
}

#[test]
fn every_random_change_of_a_copy_with_sealed_contents_is_found() {
    let mut room = Room::new();
    changes_are_found(&sealed_copy(&mut room));
}

#[test]
fn a_sealed_body_can_be_neither_filled_nor_swapped_nor_unannounced() {
    let mut room = Room::new();
    let good = sealed_copy(&mut room);
    let bad = good.with_file_name("bad.lian");
    let sealed = "seq = (SELECT min(o.seq) FROM event o, event a JOIN event_body b ON b.seq = a.seq
        WHERE a.kind = 'body_erased' AND json_extract(b.body, '$.event') = lower(hex(o.hash)))";
    let said = |change: &str| {
        fs::copy(&good, &bad).unwrap();
        let saved = triggers(&Connection::open(&bad).unwrap());
        let conn = tampering(&bad);
        assert!(conn.execute(change, []).unwrap() > 0, "{change}");
        for (_, trigger) in &saved {
            conn.execute_batch(trigger).unwrap();
        }
        drop(conn);
        check(&open_file(&bad, &Clock::fixed(0)).unwrap())
            .first_bad
            .unwrap()
            .reason
    };
    let filled = said(&format!(
        "UPDATE event_body SET body = json_set(body, '$.fields.content', '什么也没有发生') WHERE {sealed}"
    ));
    assert!(filled.contains("内容被改动"), "{filled}");
    let redated = said(&format!(
        "UPDATE event_body SET body = json_set(body, '$.urgency', 'urgent') WHERE {sealed}"
    ));
    assert!(redated.contains("与所宣告的不符"), "{redated}");
    let other = said(
        "UPDATE event_body SET body = json_set(body, '$.receiver', '本机关') WHERE seq = (SELECT seq FROM event WHERE kind = 'clue_referred')",
    );
    assert!(other.contains("内容被改动"), "{other}");
    let unannounced = said(
        "UPDATE event_body SET body = json_set(body, '$.event', printf('%064d', 0)) WHERE seq = (SELECT max(seq) FROM event WHERE kind = 'body_erased')",
    );
    assert!(unannounced.contains("内容被改动"), "{unannounced}");
}

fn changes_are_found(good: &Path) {
    let before = dump(&Connection::open(good).unwrap());
    let saved = triggers(&Connection::open(good).unwrap());
    let bad = good.with_file_name("bad.lian");
    let seed = 20_261_123;
    let mut dice = Dice(seed);
    let (mut tried, wanted) = (0, full(300, 10_000));
    while tried < wanted {
        fs::copy(good, &bad).unwrap();
        let conn = tampering(&bad);
        let Some(what) = tamper(&conn, &mut dice) else { continue };
        for (_, trigger) in &saved {
            conn.execute_batch(trigger).unwrap();
        }
        if dump(&conn) == before {
            continue;
        }
        drop(conn);
        tried += 1;
        let verdict = check(&open_file(&bad, &Clock::fixed(0)).unwrap());
        assert!(!verdict.ok, "seed {seed}, change {tried} not found: {what}");
    }
    println!("{tried} changes of the log found, seed {seed}");
}

#[test]
fn every_flipped_byte_of_a_plain_copy_is_found_or_without_effect() {
    let mut office = two_sites(1);
    let good = copy_of(&mut office);
    let before = dump(&Connection::open(&good).unwrap());
    let bytes = fs::read(&good).unwrap();
    let bad = good.with_file_name("bad.lian");
    let seed = 20_261_124;
    let mut dice = Dice(seed);
    let mut without_effect = 0;
    let wanted = full(300, 10_000);
    for _ in 0..wanted {
        let at = dice.below(bytes.len());
        let bit = 1 << dice.below(8);
        let mut flipped = bytes.clone();
        flipped[at] ^= bit;
        fs::write(&bad, &flipped).unwrap();
        let verdict =
            open_file(&bad, &Clock::fixed(0)).and_then(|file| verify(&file, Options::default(), &mut Watch::nobody()));
        if verdict.is_ok_and(|verdict| verdict.ok) {
            without_effect += 1;
            assert_eq!(
                dump(&Connection::open(&bad).unwrap()),
                before,
                "seed {seed}, byte {at} bit {bit} not found"
            );
        }
    }
    println!("{wanted} flips, {without_effect} without effect, seed {seed}");
}

#[test]
fn every_flipped_byte_of_the_encrypted_file_is_named() {
    let (paths, _folder) = two_sites(1).close();
    let good = fs::read(paths.ledger()).unwrap();
    let seed = 20_261_125;
    let mut dice = Dice(seed);
    let mut places: Vec<usize> = (0..20).chain([4_015, 4_016, 4_095, 4_096, good.len() - 1]).collect();
    places.extend((0..full(100, 10_000)).map(|_| dice.below(good.len())));
    for at in places {
        let mut flipped = good.clone();
        flipped[at] ^= 1 << dice.below(8);
        fs::write(paths.ledger(), &flipped).unwrap();
        let verdict = verify_folder(&paths, &Clock::fixed(0), Options::default(), &mut Watch::nobody()).unwrap();
        assert!(!verdict.ok);
        let reason = verdict.first_bad.unwrap().reason;
        if at < 16 {
            assert!(reason.contains(trouble::WRONG_KEY), "byte {at}: {reason}");
        } else {
            assert_eq!(
                verdict.bad_pages,
                [u32::try_from(at / 4096).unwrap() + 1],
                "byte {at}: {reason}"
            );
        }
        assert_eq!(fs::read(paths.ledger()).unwrap(), flipped, "nothing was written");
    }
    fs::write(paths.ledger(), &good).unwrap();
    assert!(
        verify_folder(&paths, &Clock::fixed(0), Options::default(), &mut Watch::nobody())
            .unwrap()
            .ok
    );
}
