#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::Verb;
use crate::ledger::room::{NOW, Room, import_points};

/// covers R008 R011 R013
#[test]
fn a_new_office_has_adopted_and_founded_and_opens_again() {
    let mut room = Room::new();
    room.furnish();
    let bodies: i64 = room
        .office
        .file()
        .conn
        .query_row("SELECT count(*) FROM list_body", [], |r| r.get(0))
        .unwrap();
    assert_eq!(bodies, 9, "eight, and the unit's own");
    let paths = room.paths.clone();
    let again = Office::open(&paths, Clock::fixed(NOW), Entropy::System).unwrap();
    assert_eq!(again.letters(), "XY");
    assert_eq!(again.texts().hash, room.office.texts().hash);
}

#[test]
fn what_is_projected_live_is_what_a_rebuild_gives() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    room.act(import_points(unit, 100)).unwrap();
    let warning = room.warning(unit, "隧道工程变更未报批");
    let assess = Act::new(Verb::Assess, vec![warning])
        .with("grade", "yellow")
        .with("analysts", "甲、乙");
    room.must(assess);
    let release = room.signed(Verb::Release, warning).with("demand", "限期整改");
    room.must(release);
    room.must(Act::new(Verb::Serve, vec![warning]).with("received_by", "张三"));
    room.next_day();
    let raise = room.signed(Verb::Escalate, warning).with("cause", "measures_missing");
    let receipt = room.act(raise).unwrap();
    assert_eq!(receipt.proposed.len(), 1, "{receipt:?}");
    room.check_rebuild();
}

#[test]
fn an_import_is_taken_back_and_brought_back_whole() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let receipt = room.act(import_points(unit, 30)).unwrap();
    assert!(receipt.undoable);
    let count = |room: &Room| -> i64 {
        room.office
            .file()
            .conn
            .query_row("SELECT count(*) FROM list_risk_point", [], |r| r.get(0))
            .unwrap()
    };
    assert_eq!(count(&room), 30);
    let operator = room.operator.clone();
    room.office.undo(&operator).unwrap();
    assert_eq!(count(&room), 0);
    room.check_rebuild();
    room.office.redo(&operator).unwrap();
    assert_eq!(count(&room), 30);
    room.check_rebuild();
    room.office.undo(&operator).unwrap();
    // Numbers of what was taken back stay used.
    let code = room.act(import_points(unit, 1)).unwrap().changed[0].code.clone();
    assert_eq!(code, "FX-XY-2026-0031");
    room.check_rebuild();
}
