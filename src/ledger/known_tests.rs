#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::AtomicBool;

use super::*;
use crate::domain::testing::day;
use crate::domain::world::Operator;
use crate::domain::{Act, StreamId, Verb};
use crate::ledger::query::{At, ListQuery};
use crate::ledger::room::{Room, import_points};

/// A bureau with thirty points; a yellow warning of 23 November raised to orange on 1 December, recorded on the 4th; a
/// restriction from 2 December, revoked on the 20th as if it had never been; today is the 21st.
struct Story {
    room: Room,
    warning: StreamId,
    restricted: StreamId,
}

fn to_day(room: &Room, text: &str) {
    let ahead = (day(text) - room.office.today()).num_days();
    let now = room.office.clock().now_ms();
    room.office.clock().set(now + ahead * 86_400_000);
}

fn story() -> Story {
    let mut room = Room::new();
    let (unit, _, person) = room.furnish();
    room.act(import_points(unit, 30)).unwrap();
    let warning = room.warning(unit, "大额拨付无联签");
    room.must(
        Act::new(Verb::Assess, vec![warning])
            .with("grade", "yellow")
            .with("analysts", "甲、乙"),
    );
    to_day(&room, "2026-12-02");
    let restricted = room.correction(unit, person);
    to_day(&room, "2026-12-04");
    let mut raise = room.signed(Verb::Escalate, warning).with("cause", "new_facts");
    raise.happened = Some(day("2026-12-01"));
    room.must(raise);
    to_day(&room, "2026-12-20");
    let revoke = room.signed(Verb::Revoke, restricted).with("reason", "认定有误");
    room.must(revoke);
    to_day(&room, "2026-12-21");
    Story {
        room,
        warning,
        restricted,
    }
}

impl Story {
    fn now(&self) -> Reader {
        Reader::beside(&self.room.office).unwrap()
    }

    fn on(&self, text: &str) -> Reader {
        let reader = self.now();
        reader.look_on(day(text)).unwrap();
        reader
    }

    fn known(&self, text: &str) -> Reader {
        known(self.room.office.file(), day(text), &mut Watch::nobody()).unwrap()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.room.paths.past()).map_or(0, |listed| listed.count())
    }
}

fn list(register: &str) -> ListQuery {
    ListQuery {
        register: register.into(),
        counted: true,
        ..ListQuery::default()
    }
}

fn grade(reader: &Reader, warning: StreamId) -> String {
    let page = reader.list(&list("warning")).unwrap();
    let item = page.items.iter().find(|item| item.stream == warning).unwrap();
    item.grade.unwrap().id().to_owned()
}

fn barred(reader: &Reader, on: &str) -> bool {
    let asked = ["张三".to_owned()];
    reader.eligible(&asked, None, day(on)).unwrap()[0].restricted.unwrap()
}

#[test]
fn what_is_known_now_and_what_was_known_then_differ_by_what_came_late() {
    let story = story();
    // The raise of the 1st was recorded on the 4th.
    assert_eq!(grade(&story.on("2026-12-01"), story.warning), "orange");
    assert_eq!(grade(&story.on("2026-11-30"), story.warning), "yellow");
    assert_eq!(grade(&story.known("2026-12-03"), story.warning), "yellow");
    assert_eq!(grade(&story.known("2026-12-04"), story.warning), "orange");
    // What was revoked as if it had never been barred him then, and no longer does by what is known now.
    assert!(!barred(&story.on("2026-12-10"), "2026-12-10"));
    assert!(barred(&story.known("2026-12-10"), "2026-12-10"));
    assert!(!barred(&story.known("2026-12-01"), "2026-12-01"));
    assert!(!barred(&story.known("2026-12-20"), "2026-12-20"));
    assert!(!barred(&story.now(), "2026-12-21"));
}

#[test]
fn queues_lists_figures_and_matters_are_those_of_the_day() {
    let story = story();
    let queue = |reader: &Reader| {
        let all = reader.queue_counts("all").unwrap();
        [all.red, all.orange, all.yellow, all.unassessed]
    };
    assert_eq!(queue(&story.on("2026-12-01")), [0, 1, 0, 0]);
    assert_eq!(queue(&story.on("2026-11-30")), [0, 0, 1, 0]);
    assert_eq!(queue(&story.on("2026-11-22")), [0, 0, 0, 0]);
    let then = story.on("2026-11-30");
    let page = then
        .list(&ListQuery {
            filters: vec![("queue".into(), "all".into())],
            ..list("warning")
        })
        .unwrap();
    assert_eq!((page.total, page.items.len()), (Some(1), 1));
    assert_eq!(page.items[0].role, None);
    let lead = |reader: &Reader| reader.item(story.warning).unwrap().lead_body.unwrap();
    assert_ne!(lead(&then), lead(&story.now()), "its queue of then leads it");
    let shown = then.shown(story.warning).unwrap();
    assert!(
        shown.timeline.iter().all(|step| step.day <= day("2026-11-30")),
        "{shown:?}"
    );
    assert!(shown.timeline.len() < story.now().shown(story.warning).unwrap().timeline.len());
    assert_eq!(shown.item.due.map(|due| due.to_string()).as_deref(), Some("2026-11-26"));
    assert!(shown.item.overdue, "lateness of that day");
    // Before its birth it was not there.
    let before = story.on("2026-11-30");
    assert!(before.shown(story.restricted).is_err());
    assert_eq!(before.list(&list("admonition")).unwrap().total, Some(0));
    assert!(
        before
            .find("拨付", 50)
            .unwrap()
            .iter()
            .all(|item| item.stream != story.restricted)
    );
    assert_eq!(story.on("2026-12-02").list(&list("admonition")).unwrap().total, Some(1));

    let figure = |reader: &Reader, id: &str| reader.stats().unwrap().figures[id].value;
    for id in ["F01", "F02", "F14"] {
        assert_eq!(figure(&story.on("2026-12-21"), id), figure(&story.now(), id), "{id}");
        assert_eq!(figure(&story.known("2026-12-21"), id), figure(&story.now(), id), "{id}");
        assert_eq!(figure(&story.on("2026-11-22"), id), 0, "{id}");
    }
    assert_eq!(figure(&story.on("2026-11-23"), "F01"), 30);
}

#[test]
fn points_of_a_day_are_paged_counted_and_ordered_as_those_of_today() {
    let story = story();
    let today = story.now();
    let then = story.on("2026-12-21");
    let queries = [
        list("risk_point"),
        ListQuery {
            filters: vec![("grade".into(), "red".into())],
            ..list("risk_point")
        },
        ListQuery {
            filters: vec![("grade".into(), "red".into()), ("unit".into(), "区财政局".into())],
            order: Some("grade".into()),
            ..list("risk_point")
        },
        ListQuery {
            find: Some("第7项".into()),
            ..list("risk_point")
        },
        list("measure"),
        list("unit"),
        list("person"),
    ];
    for query in queries {
        for (at, limit) in [(At::Start, 0), (At::End, 7), (At::Start, 7)] {
            let query = ListQuery {
                at,
                limit,
                ..query.clone()
            };
            let (one, other) = (today.list(&query).unwrap(), then.list(&query).unwrap());
            let codes = |page: &crate::ledger::query::Page| -> Vec<String> {
                page.items.iter().map(|item| item.code.clone()).collect()
            };
            assert_eq!((codes(&one), one.total), (codes(&other), other.total), "{query:?}");
            assert_eq!(one.items, other.items, "an item of today is that of now");
        }
    }
    let empty = story.on("2026-11-22").list(&list("risk_point")).unwrap();
    assert_eq!((empty.total, empty.items.len()), (Some(0), 0));
}

#[test]
fn a_reader_of_a_day_hears_of_what_happens_meanwhile() {
    let mut story = story();
    let then = story.on("2026-12-10");
    assert_eq!(grade(&then, story.warning), "orange");
    let raise = story
        .room
        .signed(Verb::Escalate, story.warning)
        .with("cause", "new_facts");
    let raise = Act {
        happened: Some(day("2026-12-09")),
        ..raise
    };
    story.room.must(raise.with("late_reason", "补录"));
    assert_eq!(grade(&then, story.warning), "red");
    let operator = story.room.operator.clone();
    story.room.office.undo(&operator).unwrap();
    assert_eq!(grade(&then, story.warning), "orange", "what was taken back never was");
}

#[test]
fn tables_of_then_are_kept_used_again_and_thrown_away_by_an_erasure() {
    let mut story = story();
    assert_eq!(story.files(), 0);
    let made = |story: &Story, text: &str| {
        let mut told = 0;
        let cancel = AtomicBool::new(false);
        let mut tell = |_, _| told += 1;
        let reader = known(story.room.office.file(), day(text), &mut Watch::new(&mut tell, &cancel)).unwrap();
        drop(reader);
        told > 0
    };
    assert!(made(&story, "2026-12-03"), "replayed");
    assert!(
        !made(&story, "2026-12-03") && !made(&story, "2026-12-02"),
        "the same log, the same tables"
    );
    assert_eq!(story.files(), 1);
    for text in ["2026-11-23", "2026-12-04", "2026-12-20", "2026-12-21"] {
        made(&story, text);
    }
    assert_eq!(story.files(), 4, "only the newest stay");
    let cancel = AtomicBool::new(true);
    story.room.next_day();
    story.room.warning(story.warning_unit(), "收受供应商礼金");
    let stopped = known(
        story.room.office.file(),
        day("2026-12-22"),
        &mut Watch::new(&mut |_, _| {}, &cancel),
    );
    assert!(matches!(stopped, Err(Stop::Failed(_))));
    assert_eq!(story.files(), 4, "what was broken off leaves nothing");
    let none = known(story.room.office.file(), day("2026-11-01"), &mut Watch::nobody());
    assert!(matches!(none, Err(Stop::Refused(refusal)) if refusal.kind == "before_the_ledger"));
    let bytes = std::fs::read(
        std::fs::read_dir(story.room.paths.past())
            .unwrap()
            .flatten()
            .next()
            .unwrap()
            .path(),
    );
    assert!(!bytes.unwrap().starts_with(b"SQLite format 3"), "encrypted");
    forget(&story.room.paths).unwrap();
    assert_eq!(story.files(), 0);
}

impl Story {
    fn warning_unit(&self) -> StreamId {
        self.now().list(&list("unit")).unwrap().items[0].stream
    }
}

#[test]
fn what_is_kept_from_somebody_today_is_kept_from_him_in_the_past_too() {
    let mut story = story();
    let relative = story
        .room
        .record("person", &[("name", "许静"), ("unit", "区财政局"), ("rank", "section")]);
    let kin = [("person", "许静"), ("relative", "张三"), ("relation", "spouse")];
    story.room.record("kin", &kin);
    let viewer = Operator {
        person: Some(relative),
        ..Operator::recorder("xu", "许静")
    };
    let today = story.now();
    today.view_as(&viewer, None);
    assert!(today.item(story.restricted).is_err());
    // The kinship was recorded after the day asked about.
    let then = story.known("2026-12-10");
    assert!(then.item(story.restricted).is_ok());
    then.view_like(&today).unwrap();
    assert!(then.item(story.restricted).is_err());
    assert_eq!(then.list(&list("admonition")).unwrap().total, Some(0));
    today.look_on(day("2026-12-10")).unwrap();
    assert!(today.item(story.restricted).is_err());
    assert_eq!(today.list(&list("admonition")).unwrap().total, Some(0));
}
