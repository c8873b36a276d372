//! The left parts: bodies with their queues, units with their posts.

use super::OfficeStore;
use crate::app::store::{Counts, NavRow};
use crate::domain::fault::Fault;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{BodyRef, StreamId};
use crate::ledger::pages::{Begin, Listed, Narrow};

/// Units, or posts of a unit, shown at most; find reaches the rest.
const MOST: usize = 500;

/// The rows of a pane's left part, or what unfolds under one of them.
pub fn rows(store: &OfficeStore, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Fault> {
    match (register, parent.and_then(StreamId::parse)) {
        ("warning", _) => queues(store),
        ("risk_point", None) => units(store),
        ("risk_point", Some(unit)) => posts(store, unit),
        _ => Ok(Vec::new()),
    }
}

fn queues(store: &OfficeStore) -> Result<Vec<NavRow>, Fault> {
    let mut rows = vec![queue(store, "全区".into(), None)?];
    let fixed = BodyRef::FIXED.into_iter().filter(|body| *body != BodyRef::TaskForce);
    for body in fixed.chain(store.office.bodies_with("warning")?) {
        let label = store
            .office
            .look(&store.operator, |world| Teller::new(world).body(body))?;
        rows.push(queue(store, label, Some(body))?);
    }
    Ok(rows)
}

fn queue(store: &OfficeStore, label: String, body: Option<BodyRef>) -> Result<NavRow, Fault> {
    let ([red, orange, yellow, unassessed], overdue) = store.office.queue_counts("warning", body)?;
    Ok(NavRow {
        id: body.map_or_else(|| "all".to_owned(), |body| body.to_string()),
        label,
        counts: Counts {
            grades: [red, orange, yellow].map(i64::unsigned_abs),
            unassessed: unassessed.unsigned_abs(),
            overdue: overdue.unsigned_abs(),
            plain: None,
        },
        filters: body
            .map(|body| ("body".to_owned(), body.to_string()))
            .into_iter()
            .collect(),
        ..NavRow::default()
    })
}

fn units(store: &OfficeStore) -> Result<Vec<NavRow>, Fault> {
    let office = &store.office;
    let plain = |n: i64| Counts {
        plain: Some(n.unsigned_abs()),
        ..Counts::default()
    };
    let mut rows = vec![NavRow {
        id: "all".into(),
        label: "全部风险点".into(),
        counts: plain(office.count("risk_point", None)?),
        ..NavRow::default()
    }];
    // views: what still wants doing, and the grades
    let views = [
        ("stage", "submitted", "待定级"),
        ("stage", "draft", "草拟"),
        ("grade", "red", "一级红"),
        ("grade", "orange", "二级橙"),
        ("grade", "yellow", "三级黄"),
    ];
    for (field, value, label) in views {
        let n = office.count(
            "risk_point",
            Some(&(field.to_owned(), Narrow::Choice(value.to_owned()))),
        )?;
        if n > 0 {
            rows.push(NavRow {
                id: format!("{field}:{value}"),
                label: label.into(),
                counts: plain(n),
                filters: vec![(field.to_owned(), value.to_owned())],
                ..NavRow::default()
            });
        }
    }
    let keys = office.keys(&Listed::Register("unit", None), &Begin::End, MOST)?;
    let mut units = named(store, keys.rows.iter().map(|(stream, _)| *stream))?;
    units.sort_by(|a, b| a.0.cmp(&b.0));
    for (_, name, unit) in units {
        let n = office.count("risk_point", Some(&("unit".to_owned(), Narrow::Stream(unit))))?;
        if n == 0 {
            continue;
        }
        rows.push(NavRow {
            id: unit.to_string(),
            label: name,
            counts: plain(n),
            filters: vec![("unit".to_owned(), unit.to_string())],
            branch: true,
            ..NavRow::default()
        });
    }
    Ok(rows)
}

fn posts(store: &OfficeStore, unit: StreamId) -> Result<Vec<NavRow>, Fault> {
    let office = &store.office;
    let narrow = ("unit".to_owned(), Narrow::Stream(unit));
    let keys = office.keys(&Listed::Register("post", Some(narrow)), &Begin::End, MOST)?;
    let mut rows = Vec::new();
    for (_, name, post) in named(store, keys.rows.iter().rev().map(|(stream, _)| *stream))? {
        let n = office.count("risk_point", Some(&("post".to_owned(), Narrow::Stream(post))))?;
        rows.push(NavRow {
            id: post.to_string(),
            depth: 1,
            label: name,
            counts: Counts {
                plain: Some(n.unsigned_abs()),
                ..Counts::default()
            },
            filters: vec![("post".to_owned(), post.to_string())],
            branch: false,
        });
    }
    Ok(rows)
}

/// Codes and names of streams; a post is preceded by its section.
fn named(
    store: &OfficeStore,
    streams: impl Iterator<Item = StreamId>,
) -> Result<Vec<(String, String, StreamId)>, Fault> {
    store.office.look(&store.operator, |world| {
        let teller = Teller::new(world);
        let name = |stream: StreamId| {
            let state = world.state(stream)?;
            let section = state.reference("section").filter(|_| state.kind() == "post");
            let section = section
                .map(|section| format!("{}·", teller.name(section)))
                .unwrap_or_default();
            Some((
                state.code().to_owned(),
                format!("{section}{}", teller.name(stream)),
                stream,
            ))
        };
        streams.filter_map(name).collect()
    })
}
