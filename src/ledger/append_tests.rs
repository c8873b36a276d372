#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::test_support::{Office, event, stream_id};

#[test]
fn numbers_have_no_gaps_and_streams_are_linked() {
    let mut office = Office::seeded(1);
    let one = office.append(&[1, 2, 1]);
    let two = office.append(&[2]);
    let seqs: Vec<_> = one
        .events
        .iter()
        .chain(&two.events)
        .map(|event| (event.seq, event.site_seq))
        .collect();
    assert_eq!(seqs, [(1, 1), (2, 2), (3, 3), (4, 4)]);
    let in_streams: Vec<_> = one
        .events
        .iter()
        .chain(&two.events)
        .map(|event| event.stream_seq)
        .collect();
    assert_eq!(in_streams, [1, 1, 2, 2]);
    assert_eq!((one.act_seq, one.tick, two.act_seq, two.tick), (1, 1, 2, 2));
    let (parent, because): (Hash, Option<i64>) = office
        .file
        .conn
        .query_row("SELECT parent, because FROM event WHERE seq = 3", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((parent, because), (one.events[0].hash, Some(1)));
    let tip = stream_head(&office.file.conn, &stream_id(2)).unwrap().unwrap();
    assert_eq!((tip.stream_seq, tip.hash, tip.epoch), (2, two.events[0].hash, 0));
}

#[test]
fn the_same_act_twice_is_written_once() {
    let mut office = Office::seeded(1);
    let act = office.act();
    let first = office.submit(&act, &[event(1, 0), event(2, 1)]).unwrap();
    office.append(&[1]);
    let again = office
        .submit(
            &NewAct {
                at: act.at + 5,
                ..act.clone()
            },
            &[event(1, 0), event(2, 1)],
        )
        .unwrap();
    assert_eq!(
        again,
        Appended {
            repeated: true,
            ..first
        }
    );
    for other in [vec![event(1, 0)], vec![event(1, 0), event(3, 1)]] {
        assert!(office.submit(&act, &other).unwrap_err().reason.contains("内容不同"));
    }
    let renamed = NewAct {
        verb: "deescalate".into(),
        ..act
    };
    assert!(office.submit(&renamed, &[event(1, 0), event(2, 1)]).is_err());
    let count: i64 = office
        .file
        .conn
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 3);
}

#[test]
fn acts_without_events_or_with_later_causes_are_not_written() {
    let mut office = Office::seeded(1);
    let act = office.act();
    assert!(office.submit(&act, &[]).is_err());
    let own_cause = NewEvent {
        because: Some(0),
        ..event(1, 0)
    };
    assert!(office.submit(&act, &[own_cause]).is_err());
    let not_json = NewEvent {
        body: "no".into(),
        ..event(1, 0)
    };
    assert!(office.submit(&act, &[not_json]).is_err());
    let count: i64 = office
        .file
        .conn
        .query_row("SELECT count(*) FROM act", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 0);
}

#[test]
fn a_stream_taken_over_by_a_new_site_goes_on_under_a_higher_epoch() {
    let mut office = Office::seeded(1);
    let before = office.append(&[1, 2]);
    let tx = office.file.conn.transaction().unwrap();
    let successor = site::succeed(&tx, &mut office.entropy).unwrap();
    tx.commit().unwrap();
    let one = office.append(&[1]);
    let two = office.append(&[1, 7]);
    assert_eq!(
        (one.events[0].seq, one.events[0].site_seq, one.events[0].stream_seq),
        (3, 1, 2)
    );
    let rows: Vec<(i64, Hash, Hash)> = office
        .file
        .conn
        .prepare("SELECT epoch, prev, parent FROM event WHERE site = ?1 ORDER BY site_seq")
        .unwrap()
        .query_map([successor.site], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows[0], (1, successor.hash, before.events[0].hash));
    assert_eq!(rows[1], (1, one.events[0].hash, one.events[0].hash));
    assert_eq!(
        rows[2],
        (0, two.events[0].hash, NO_PARENT),
        "a birth has epoch 0 in every site"
    );
}

#[test]
fn what_is_written_cannot_be_changed_replaced_or_removed() {
    let mut office = Office::seeded(1);
    office.append(&[1, 2]);
    let site = site::current(&office.file.conn).unwrap();
    let conn = &office.file.conn;
    conn.execute("INSERT INTO seal VALUES (?1, 1, zeroblob(32), 1, zeroblob(64))", [site])
        .unwrap();
    for table in ["act", "event", "event_body", "seal", "site"] {
        let columns: Vec<String> = conn
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for column in columns.iter().filter(|column| *column != "certificate") {
            let error = conn
                .execute(&format!("UPDATE {table} SET {column} = {column}"), [])
                .unwrap_err();
            assert!(error.to_string().contains("日志只能追加"), "{table}.{column}: {error}");
        }
        for sql in [
            format!("DELETE FROM {table}"),
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
        ] {
            let error = conn.execute(&sql, []).unwrap_err();
            assert!(error.to_string().contains("日志只能追加"), "{sql}: {error}");
        }
    }
    let renumbered = "INSERT OR REPLACE INTO event SELECT seq + 100, act, site, site_seq, stream, stream_seq, epoch,
                      parent, kind, version, because, body_hash, prev, hash FROM event WHERE seq = 1";
    assert!(
        conn.execute(renumbered, [])
            .unwrap_err()
            .to_string()
            .contains("日志只能追加")
    );
}

#[test]
fn equal_seeds_and_clocks_give_equal_logs() {
    let dump = |seed| {
        let mut office = Office::seeded(seed);
        office.fill(4);
        let rows: Vec<(Hash, Vec<u8>)> = office
            .file
            .conn
            .prepare("SELECT e.hash, b.salt FROM event e JOIN event_body b ON b.seq = e.seq ORDER BY e.seq")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        (rows, office.file.key.clone())
    };
    let (one, one_key) = dump(5);
    let (two, two_key) = dump(5);
    assert_eq!(one, two);
    assert_ne!(one_key, two_key, "the data key is never seeded");
    assert_ne!(one, dump(6).0);
}
