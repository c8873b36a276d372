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
    // red is owed within a day: late the day after next, by the same counters, for every body it stands with
    let late =
        |reader: &Reader| ["steering", "全区", "discipline"].map(|body| reader.queue_counts(body).unwrap().overdue);
    assert_eq!((late(&reader), reader.ours_and_late().unwrap()), ([0, 0, 0], (2, 0)));
    for _ in 0..30 {
        room.next_day();
    }
    reader.set_today(room.office.today());
    assert_eq!((late(&reader), reader.ours_and_late().unwrap()), ([1, 1, 0], (2, 2)));
    room.check_rebuild();
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

fn codes(reader: &Reader, register: &str, find: &str) -> Vec<String> {
    let query = ListQuery {
        register: register.into(),
        find: Some(find.into()),
        ..ListQuery::default()
    };
    reader.list(&query).unwrap().items.into_iter().map(|i| i.code).collect()
}

#[test]
fn text_codes_names_and_initials_are_found() {
    let mut room = Room::new();
    let (unit, _, person) = room.furnish();
    let tunnel = room.warning(unit, "隧道工程变更未报批，WPS表格缺页");
    room.warning(unit, "道隧工程，变更");
    let other = room.record("unit", &[("name", "区城建局")]);
    room.warning(other, "印章管理混乱");
    let reader = Reader::beside(&room.office).unwrap();
    assert_eq!(
        codes(&reader, "warning", "隧道工程"),
        ["YJ-XY-2026-0001"],
        "pairs alone would find both"
    );
    assert_eq!(
        codes(&reader, "warning", "工程"),
        ["YJ-XY-2026-0002", "YJ-XY-2026-0001"],
        "newest first"
    );
    assert_eq!(codes(&reader, "warning", "wps"), ["YJ-XY-2026-0001"]);
    for code in ["YJ-XY-2026-0003", "yj-xy-2026-0003", "0003", "3"] {
        assert_eq!(codes(&reader, "warning", code), ["YJ-XY-2026-0003"], "{code}");
    }
    assert_eq!(
        codes(&reader, "warning", "城建"),
        ["YJ-XY-2026-0003"],
        "by the unit's name"
    );
    assert_eq!(codes(&reader, "warning", "没有的词"), Vec::<String>::new());
    assert_eq!(codes(&reader, "warning", "，"), Vec::<String>::new());
    for typed in ["张三", "张", "zs", "zhangsan", "RY-XY-0001"] {
        let found = reader.candidates("person", typed, 5).unwrap();
        assert_eq!(found.len(), 1, "{typed}");
        assert_eq!(found[0].stream, person);
        assert!(found[0].note.contains("区财政局"));
    }
    let anywhere = reader.find("隧道工程", 10).unwrap();
    assert_eq!(anywhere[0].stream, tunnel);
    // A rename is found by the new name alone, and costs one row.
    room.must(Act::new(Verb::Amend, vec![other]).with("name", "区住建局"));
    assert_eq!(codes(&reader, "warning", "城建"), Vec::<String>::new());
    assert_eq!(codes(&reader, "warning", "住建"), ["YJ-XY-2026-0003"]);
}

#[test]
fn what_waits_to_be_indexed_is_found_all_the_same() {
    let mut room = Room::new();
    let reader = points(&mut room, 200);
    assert!(crate::ledger::project::search::waiting(reader.conn()).unwrap() >= 200);
    // 117 is also the number of a code.
    let both = ["FX-XY-2026-0118", "FX-XY-2026-0117"];
    assert_eq!(codes(&reader, "risk_point", "第117项拨付"), both);
    room.office.catch_up().unwrap();
    assert_eq!(crate::ledger::project::search::waiting(reader.conn()).unwrap(), 0);
    assert_eq!(codes(&reader, "risk_point", "第117项拨付"), both);
    let query = ListQuery {
        register: "risk_point".into(),
        find: Some("拨付".into()),
        filters: where_(&[("grade", "red")]),
        ..ListQuery::default()
    };
    let (down, up) = walk(&reader, &query);
    assert_eq!(down.len(), 67);
    assert_eq!(down, up);
}

/// A 诫勉纠错 on 张三, served.
fn restricted(room: &mut Room) -> (StreamId, StreamId) {
    let (unit, _, person) = room.furnish();
    let admonition = room.correction(unit, person);
    (person, admonition)
}

/// covers R092
#[test]
fn a_restricted_person_is_named_with_source_and_end() {
    let mut room = Room::new();
    let (_, admonition) = restricted(&mut room);
    let reader = Reader::beside(&room.office).unwrap();
    let ask = |name: &str| {
        reader
            .eligible(&[name.to_owned()], None, reader.today())
            .unwrap()
            .remove(0)
    };
    let code = reader.item(admonition).unwrap().code;
    for name in ["张三", "RY-XY-0001", "张三（区财政局）", "区财政局 张三"] {
        let answer = ask(name);
        assert_eq!(answer.restricted, Some(true), "{name}");
        assert_eq!(answer.restrictions.len(), 3);
        assert_eq!(answer.restrictions[0].source, code);
        assert!(answer.answer.contains("至解除之日"), "{}", answer.answer);
    }
    let nobody = ask("赵六");
    assert_eq!((nobody.found, nobody.restricted), (Found::None, None));
    assert!(nobody.answer.contains("未在名录"));
    let early = reader.today() - chrono::Days::new(1);
    let before = reader.eligible(&["张三".into()], None, early).unwrap().remove(0);
    assert_eq!(before.restricted, Some(false), "from the service on");
    room.record("person", &[("name", "张三"), ("unit", "区财政局")]);
    let two = ask("张三");
    assert_eq!(
        (two.found, two.candidates.len(), two.restricted),
        (Found::Several, 2, None)
    );
    room.check_rebuild();
}

#[test]
fn figures_come_out_of_counters() {
    let mut room = Room::new();
    let reader = points(&mut room, 12);
    let mut publicity = |kind: &str, quantity: &str| {
        room.record(
            "publicity",
            &[
                ("name", "宣传"),
                ("unit", "区财政局"),
                ("kind", kind),
                ("quantity", quantity),
            ],
        )
    };
    publicity("album", "700");
    let album = publicity("album", "500");
    publicity("board", "641");
    let figures = reader.stats().unwrap().figures;
    let value = |id: &str| figures[id].value;
    assert_eq!(
        (value("F01"), value("F02"), value("F10"), value("F11"), value("F09")),
        (12, 12, 1200, 641, 0)
    );
    room.must(Act::new(Verb::Void, vec![album]).with("reason", "重复"));
    assert_eq!(reader.stats().unwrap().figures["F10"].value, 700);
    let mut sits = |to: &str| {
        room.record(
            "appointment",
            &[
                ("person", "张三"),
                ("body", "task_force"),
                ("role", "member"),
                ("from", "2026-11-01"),
                ("to", to),
            ],
        )
    };
    sits("");
    sits("2026-11-22");
    sits("2026-11-23");
    let force = |reader: &Reader| reader.stats().unwrap().figures["F13"].value;
    assert_eq!(force(&reader), 2, "the last day of an appointment still counts");
    reader.set_today(room.office.today().succ_opt().unwrap());
    assert_eq!(force(&reader), 1);
    room.check_rebuild();
}
