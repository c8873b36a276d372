#![allow(clippy::unwrap_used)]
use super::*;
use crate::ledger::append::Appended;
use crate::ledger::test_support::{Office, stream_id};

fn numbers(office: &Office, scope: Scope) -> Vec<i64> {
    let mut seqs = Vec::new();
    visit(&office.file.conn, scope, |item| {
        seqs.push(item.event.seq);
        Ok::<_, Fault>(ControlFlow::Continue(()))
    })
    .unwrap();
    seqs
}

#[test]
fn events_come_by_log_stream_and_act_with_their_acts() {
    let mut office = Office::seeded(1);
    office.append(&[1, 2, 1]);
    let two: Appended = office.append(&[2, 3]);
    assert_eq!(numbers(&office, Scope::All), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&office, Scope::After(3)), [4, 5]);
    assert_eq!(numbers(&office, Scope::Stream(stream_id(1))), [1, 3]);
    assert_eq!(numbers(&office, Scope::Stream(stream_id(2))), [2, 4]);
    assert_eq!(numbers(&office, Scope::Stream(stream_id(9))), [0; 0]);
    assert_eq!(numbers(&office, Scope::Act(2)), [4, 5]);
    let items = read_stream(&office.file.conn, &stream_id(2)).unwrap();
    assert_eq!((items[1].act.seq, items[1].act.act_hash), (2, two.act_hash));
    assert_eq!(items[1].event.hash, two.events[0].hash);
    assert!(items[0].body.contains("流2"));
    assert_eq!(count(&office.file.conn).unwrap(), 5);
}

#[test]
fn more_than_a_page_is_read_whole_and_may_be_broken_off() {
    let mut office = Office::seeded(1);
    for _ in 0..3 {
        office.append(&[7; 700]);
    }
    assert_eq!(numbers(&office, Scope::All).len(), 2_100);
    let in_stream = numbers(&office, Scope::Stream(stream_id(7)));
    assert_eq!(in_stream, (1..=2_100).collect::<Vec<_>>());
    let mut seen = 0;
    visit(&office.file.conn, Scope::All, |_| {
        seen += 1;
        Ok::<_, Fault>(if seen == 5 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })
    .unwrap();
    assert_eq!(seen, 5);
}

#[test]
fn what_is_appended_meanwhile_is_not_seen() {
    let mut office = Office::seeded(1);
    office.append(&[1, 2]);
    let reader = office.file.another().unwrap();
    let mut seqs = Vec::new();
    visit(&reader, Scope::All, |item| {
        seqs.push(item.event.seq);
        office.append(&[3]);
        Ok::<_, Fault>(ControlFlow::Continue(()))
    })
    .unwrap();
    assert_eq!(seqs, [1, 2]);
}

#[test]
fn a_stream_and_an_act_are_found_by_index() {
    let office = Office::seeded(1);
    for (scope, index) in [
        (Scope::Stream([0; 16]), "event_stream"),
        (Scope::Act(1), "sqlite_autoindex_event_1"),
    ] {
        let plan: Vec<String> = office
            .file
            .conn
            .prepare(&format!("EXPLAIN QUERY PLAN {}", statement(scope).0))
            .unwrap()
            .query_map((0, 9, 10, rusqlite::types::Null), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.iter().any(|line| line.contains(index)), "{scope:?}: {plan:?}");
        assert!(
            plan.iter()
                .all(|line| !line.contains("SCAN") && !line.contains("TEMP B-TREE")),
            "{plan:?}"
        );
    }
}
