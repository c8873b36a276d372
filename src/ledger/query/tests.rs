#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::{Act, Grade, Verb};
use crate::ledger::room::{Room, import_points};

fn where_(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(f, v)| ((*f).to_owned(), (*v).to_owned())).collect()
}

fn points(room: &mut Room, count: usize) -> Reader {
    let (unit, ..) = room.furnish();
    room.act(import_points(unit, count)).unwrap();
    Reader::beside(&room.office).unwrap()
}

/// Walks a list from one end to the other and back by its keys.
fn walk(reader: &Reader, query: &ListQuery) -> (Vec<String>, Vec<String>) {
    let ask = |at: At| {
        reader
            .list(&ListQuery {
                at,
                limit: 7,
                ..query.clone()
            })
            .unwrap()
    };
    let mut down = Vec::new();
    let mut page = ask(At::Start);
    loop {
        down.extend(page.items.iter().map(|i| i.code.clone()));
        if !page.more_after {
            break;
        }
        page = ask(At::After(page.keys.last().unwrap().clone()));
    }
    let mut up = Vec::new();
    let mut page = ask(At::End);
    loop {
        up.extend(page.items.iter().rev().map(|i| i.code.clone()));
        if !page.more_before {
            break;
        }
        page = ask(At::Before(page.keys.first().unwrap().clone()));
    }
    up.reverse();
    (down, up)
}

#[test]
fn a_list_is_walked_both_ways_in_every_order_and_filter() {
    let mut room = Room::new();
    let reader = points(&mut room, 40);
    for order in [
        None,
        Some("oldest"),
        Some("grade"),
        Some("-grade"),
        Some("due"),
        Some("-due"),
    ] {
        for filters in [
            vec![],
            where_(&[("grade", "red")]),
            where_(&[("grade", "红"), ("item", "大额资金使用")]),
        ] {
            let query = ListQuery {
                register: "风险点".into(),
                filters: filters.clone(),
                order: order.map(str::to_owned),
                ..ListQuery::default()
            };
            let (down, up) = walk(&reader, &query);
            assert_eq!(down, up, "{order:?} {filters:?}");
            let mut once = down.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), down.len(), "nothing twice");
            let total = reader.list(&query).unwrap().total;
            assert_eq!(total, Some(i64::try_from(down.len()).unwrap()));
        }
    }
}

#[test]
fn a_page_can_be_opened_around_a_matter() {
    let mut room = Room::new();
    let reader = points(&mut room, 40);
    let stream = reader.resolve("FX-XY-2026-0020").unwrap();
    let page = reader
        .list(&ListQuery {
            register: "risk_point".into(),
            at: At::Around(stream, None),
            limit: 11,
            ..ListQuery::default()
        })
        .unwrap();
    assert_eq!(page.items.len(), 11);
    assert_eq!(page.items[5].code, "FX-XY-2026-0020");
    assert!(page.more_before && page.more_after);
}

#[test]
fn an_item_carries_ids_names_and_words() {
    let mut room = Room::new();
    let reader = points(&mut room, 3);
    let page = reader
        .list(&ListQuery {
            register: "risk_point".into(),
            ..ListQuery::default()
        })
        .unwrap();
    let json = serde_json::to_value(&page.items[0]).unwrap();
    assert_eq!(json["code"], "FX-XY-2026-0003");
    assert_eq!(json["grade"], "yellow");
    assert_eq!(json["stage"], "monitored");
    assert_eq!(json["labels"]["stage"], "在控");
    assert_eq!(json["lead_body"], "implementation:DW-XY-0001");
    assert_eq!(json["labels"]["lead_body"], "区财政局推委会");
    assert_eq!(json["unit"], "区财政局");
    assert_eq!(json["refs"]["unit"]["code"], "DW-XY-0001");
    assert_eq!(json["version"], 1);
    assert!(json["waiting_for"].is_null() && json["due"].is_null());
    let whole = serde_json::to_value(reader.show("FX-XY-2026-0003").unwrap()).unwrap();
    assert_eq!(whole["item"]["description"], "第2项拨付依据审核不严");
    assert_eq!(whole["timeline"][0]["label"], "初始导入");
}

#[test]
fn a_warning_walks_through_the_queues_of_its_bodies() {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    let warning = room.warning(unit, "隧道工程变更未报批");
    room.must(
        Act::new(Verb::Assess, vec![warning])
            .with("grade", "yellow")
            .with("analysts", "甲、乙"),
    );
    let reader = Reader::beside(&room.office).unwrap();
    let counts = |body: &str| {
        let q = reader.queue_counts(body).unwrap();
        [q.red, q.orange, q.yellow]
    };
    let bodies = ["implementation:DW-XY-0001", "区政府防委会", "区纪委监察局", "指委会"];
    let all = |reader: &Reader| {
        let _ = reader;
        bodies.map(counts)
    };
    assert_eq!(all(&reader), [[0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]]);
    for (grade, expected) in [(Grade::Orange, [0, 1, 0]), (Grade::Red, [1, 0, 0])] {
        let raise = room.signed(Verb::Escalate, warning).with("cause", "new_facts");
        room.must(raise);
        let body = if grade == Grade::Orange {
            "discipline"
        } else {
            "steering"
        };
        assert_eq!(counts(body), expected);
        assert_eq!(counts("全区"), expected);
        assert_eq!(counts(bodies[0]), [0, 0, 0]);
    }
    let page = reader
        .list(&ListQuery {
            register: "warning".into(),
            filters: where_(&[("queue", "steering")]),
            ..ListQuery::default()
        })
        .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].role, Some("lead"));
    assert_eq!(page.items[0].waiting_for, Some("office"));
    // the warning's own step, and the minutes that red by signature owes
    assert_eq!(reader.due(None, 10).unwrap().len(), 2);
    let again = reader.queues().unwrap();
    assert_eq!(
        again.iter().map(|q| q.red).sum::<i64>(),
        2,
        "the body and the whole district"
    );
}

#[test]
fn wrong_questions_say_what_is_possible() {
    let mut room = Room::new();
    let reader = points(&mut room, 1);
    let refused = |query: ListQuery| match reader.list(&query) {
        Err(Ask::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let query = |filters| ListQuery {
        register: "risk_point".into(),
        filters,
        ..ListQuery::default()
    };
    assert!(refused(query(where_(&[("颜色", "红")]))).hint.contains("grade 等级"));
    assert!(refused(query(where_(&[("grade", "紫")]))).hint.contains("red 红"));
    assert_eq!(refused(query(where_(&[("unit", "没有的局")]))).kind, "wrong_field");
    assert!(
        refused(ListQuery {
            register: "没有".into(),
            ..ListQuery::default()
        })
        .hint
        .contains("warning 预警事项")
    );
    assert!(reader.show("FX-XY-2026-9999").is_err());
}
