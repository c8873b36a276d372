#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::domain::Act;
use crate::domain::Verb;
use crate::domain::fault::Stop;
use crate::ledger::project::apply::state_of;
use crate::ledger::query::{At, ListQuery, Reader};
use crate::ledger::room::Room;

/// A bureau whose head is warned and admonished before service, with his wife in another office.
struct Town {
    room: Room,
    unit: StreamId,
    head: StreamId,
    wife: StreamId,
    clerk: StreamId,
    warning: StreamId,
}

fn town() -> Town {
    let mut room = Room::new();
    let (unit, ..) = room.furnish();
    room.record("unit", &[("name", "区城建局"), ("organ_line", "government")]);
    let leads = [
        ("name", "局长"),
        ("unit", "区财政局"),
        ("rank", "section"),
        ("is_unit_head", "true"),
        ("in_leading_team", "true"),
    ];
    room.record("post", &leads);
    let mut person = |name: &str, of: &str, post: &str| {
        let mut fields = vec![("name", name), ("unit", of), ("rank", "section")];
        fields.extend((!post.is_empty()).then_some(("post", post)));
        room.record("person", &fields)
    };
    let head = person("贺怀远", "区财政局", "局长");
    let clerk = person("柳青", "区财政局", "国库支付岗");
    let third = person("钱朗", "区财政局", "国库支付岗");
    let wife = person("许静", "区城建局", "");
    let kin = [("person", "许静"), ("relative", "贺怀远"), ("relation", "spouse")];
    room.record("kin", &kin);
    let report = |room: &mut Room, about: StreamId, content: &str| {
        let act = Act::new(Verb::Register, vec![])
            .with("source", "inspection")
            .with("unit", unit.to_string())
            .with("person", about.to_string())
            .with("content", content);
        room.must(act)
    };
    let warning = report(&mut room, head, "大额拨付无联签");
    let other = report(&mut room, third, "报销审核不严");
    for id in [warning, other] {
        room.must(
            Act::new(Verb::Assess, vec![id])
                .with("grade", "yellow")
                .with("analysts", "甲、乙"),
        );
    }
    // A signature is waited for: a proposal on a sheet, and no word about it either.
    room.act(Act::new(Verb::Release, vec![warning])).unwrap();
    Town {
        room,
        unit,
        head,
        wife,
        clerk,
        warning,
    }
}

impl Town {
    fn operator(&self, person: Option<StreamId>, capacities: &[BodyRef]) -> Operator {
        Operator {
            person,
            capacities: capacities.to_vec(),
            ..Operator::recorder("someone", "某人")
        }
    }

    /// Who must see nothing of it, and who sees all.
    fn recused(&self) -> Vec<Operator> {
        vec![
            self.operator(Some(self.head), &[BodyRef::Discipline]),
            self.operator(Some(self.wife), &[BodyRef::Discipline]),
            self.operator(Some(self.clerk), &[]),
            self.operator(None, &[BodyRef::Implementation(self.unit)]),
            self.operator(None, &[BodyRef::Social(self.unit), BodyRef::Implementation(self.unit)]),
        ]
    }

    fn others(&self) -> Vec<Operator> {
        vec![
            Operator::recorder("local", "本机操作员"),
            self.operator(None, &[BodyRef::Discipline]),
            self.operator(None, &[BodyRef::Implementation(self.unit), BodyRef::Steering]),
        ]
    }

    fn serve(&mut self) {
        let sheet = self.room.office.file().conn.query_row(
            "SELECT stream FROM stream WHERE kind = 'approval_sheet' ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0).map(StreamId),
        );
        let back = Act::new(Verb::Countersign, vec![sheet.unwrap()])
            .with("signer", "李主任")
            .with("signed_on", "2026-11-23");
        self.room.must(back);
        self.room
            .must(Act::new(Verb::Serve, vec![self.warning]).with("received_by", "贺怀远"));
    }

    /// What the rule itself says of every stream there is.
    fn law(&self, operator: &Operator) -> BTreeSet<StreamId> {
        let office = &self.room.office;
        let conn = &office.file().conn;
        let mut statement = conn.prepare("SELECT id, stream FROM stream WHERE gone = 0").unwrap();
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, StreamId(row.get(1)?))))
            .unwrap();
        let world = LedgerWorld::looking(conn, office.texts(), operator, office.letters(), office.today());
        rows.map(Result::unwrap)
            .filter(|(id, _)| viewer::hidden(&state_of(conn, *id).unwrap(), operator, &world))
            .map(|(_, stream)| stream)
            .collect()
    }

    fn looked_up(&self, operator: &Operator) -> BTreeSet<StreamId> {
        let office = &self.room.office;
        let conn = &office.file().conn;
        let world = LedgerWorld::looking(conn, office.texts(), operator, office.letters(), office.today());
        hidden(&world, operator).unwrap()
    }

    fn check(&self) {
        for operator in self.recused().iter().chain(&self.others()) {
            assert_eq!(self.looked_up(operator), self.law(operator), "{operator:?}");
            self.nothing_is_told(operator);
        }
    }

    /// No question to a reader tells of a stream that is kept, and every count is that of what is listed.
    fn nothing_is_told(&self, operator: &Operator) {
        let reader = Reader::beside(&self.room.office).unwrap();
        reader.view_as(operator, None);
        let kept = self.law(operator);
        let is_kept = |stream: &StreamId| assert!(!kept.contains(stream), "{operator:?} sees {stream}");
        let registers: Vec<String> = reader.texts().sheets.iter().map(|sheet| sheet.id.clone()).collect();
        for register in &registers {
            for (filter, order) in [(None, None), (Some(("unit", "区财政局")), None), (None, Some("due"))] {
                let query = ListQuery {
                    register: register.clone(),
                    filters: filter.iter().map(|(f, v)| (f.to_string(), v.to_string())).collect(),
                    order: order.map(str::to_owned),
                    counted: true,
                    limit: 1_000,
                    ..ListQuery::default()
                };
                for at in [At::Start, At::End] {
                    let Ok(page) = reader.list(&ListQuery { at, ..query.clone() }) else {
                        continue;
                    };
                    page.items.iter().for_each(|item| is_kept(&item.stream));
                    page.items
                        .iter()
                        .flat_map(|item| item.refs.values())
                        .for_each(|r| is_kept(&r.stream));
                    assert_eq!(
                        page.total,
                        Some(page.items.len() as i64),
                        "{register} {filter:?} {operator:?}"
                    );
                }
            }
            reader.queues_of(register).unwrap().iter().for_each(|queue| {
                let query = ListQuery {
                    register: register.clone(),
                    filters: vec![("queue".into(), queue.body.clone())],
                    limit: 1_000,
                    ..ListQuery::default()
                };
                let Ok(page) = reader.list(&query) else { return };
                page.items.iter().for_each(|item| is_kept(&item.stream));
                let counted = queue.red + queue.orange + queue.yellow + queue.unassessed;
                assert_eq!(
                    (page.total, page.items.len() as i64),
                    (Some(counted), counted),
                    "{register} {}",
                    queue.body
                );
            });
        }
        for text in ["拨付", "贺怀远", "hhy", "财政局", "联签"] {
            reader
                .find(text, 50)
                .unwrap()
                .iter()
                .for_each(|item| is_kept(&item.stream));
            reader
                .candidates("warning", text, 50)
                .unwrap()
                .iter()
                .for_each(|found| is_kept(&found.stream));
            let query = ListQuery {
                register: "warning".into(),
                find: Some(text.into()),
                order: Some("due".into()),
                counted: true,
                ..ListQuery::default()
            };
            let page = reader.list(&query).unwrap();
            page.items.iter().for_each(|item| is_kept(&item.stream));
            assert_eq!(page.total, Some(page.items.len() as i64));
        }
        let due = reader.due(None, 1_000).unwrap();
        due.iter().for_each(|due| is_kept(&due.item.stream));
        let office: usize = due.iter().filter(|due| due.owner == "office").count();
        assert_eq!(reader.ours_and_late().unwrap().0, office as i64);
        for stream in &kept {
            let state = Reader::beside(&self.room.office)
                .unwrap()
                .state(*stream)
                .unwrap()
                .unwrap();
            let code = state.code();
            let said = |result: Result<(), Stop>| match result {
                Err(Stop::Refused(refusal)) => (refusal.kind, refusal.reason.replace(code, "X"), refusal.hint),
                other => panic!("{other:?}"),
            };
            let unknown = said(reader.show("X").map(drop));
            assert_eq!(
                said(reader.show(code).map(drop)),
                unknown,
                "in the words of an unknown code"
            );
            assert_eq!(
                said(reader.show(&stream.to_string()).map(drop)).0,
                unknown.0,
                "by its identity neither"
            );
            assert!(reader.find(code, 9).unwrap().is_empty());
            assert!(reader.state(*stream).unwrap().is_none());
            assert!(reader.timeline(*stream).unwrap().is_empty());
            assert!(reader.item(*stream).is_err());
            reader
                .with_world(|world| {
                    assert!(world.state(*stream).is_none() && world.by_code(code).is_none());
                    Ok(())
                })
                .unwrap();
        }
    }
}

#[test]
fn a_heads_matter_is_kept_from_him_his_office_and_his_kin_and_from_nobody_else() {
    let mut town = town();
    for operator in town.recused() {
        let kept = town.looked_up(&operator);
        assert!(kept.contains(&town.warning), "{operator:?}");
        assert_eq!(kept.len(), 3, "with the proposal and its sheet: {operator:?}");
    }
    for operator in town.others() {
        assert_eq!(town.looked_up(&operator).len(), 0, "{operator:?}");
    }
    town.check();
    town.serve();
    for operator in town.recused() {
        let kin = operator.person == Some(town.wife);
        assert_eq!(town.looked_up(&operator).contains(&town.warning), kin, "{operator:?}");
    }
    town.check();
}

#[test]
fn a_sealed_clue_is_kept_from_the_units_bodies() {
    let mut town = town();
    town.serve();
    let clue = town.room.warning(town.unit, "收受供应商礼金");
    let refer = town.room.signed(Verb::ReferClue, clue).with("receiver", "区监委");
    town.room.must(refer);
    town.room
        .must(Act::new(Verb::ClueReceipt, vec![clue]).with("receipt", "区纪收〔2026〕第 7 号"));
    let unit_clerk = town.operator(None, &[BodyRef::Implementation(town.unit)]);
    assert!(town.looked_up(&unit_clerk).contains(&clue));
    town.check();
    town.room.check_rebuild();
}

#[test]
fn the_figures_and_counters_of_the_recused_are_those_of_what_they_see() {
    let town = town();
    let reader = Reader::beside(&town.room.office).unwrap();
    let all = reader.queue_counts("all").unwrap();
    reader.view_as(&town.recused()[2], None);
    let seen = reader.queue_counts("all").unwrap();
    assert_eq!((all.yellow, seen.yellow), (2, 1));
    reader.view_as(
        &Operator::recorder("local", "本机操作员"),
        Some(BodyRef::Implementation(town.unit)),
    );
    assert_eq!(
        reader.queue_counts("all").unwrap().yellow,
        1,
        "acting for the bureau's own committee"
    );
}
