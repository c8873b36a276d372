//! Pane 6: people with what restricts them, and one person with everything about him.

use std::collections::BTreeMap;

use super::lists::asked;
use super::{OfficeStore, past, with_paper};
use crate::app::show::{self, Past};
use crate::app::store::{At, Columns, Detail, ListQuery, ListRow, Page};
use crate::domain::day::show_day;
use crate::domain::fault::{Fault, Stop};
use crate::domain::restriction::{self, RestrictionSpan, last_day};
use crate::domain::world::World;
use crate::domain::{StreamId, identity};
use crate::ledger::query;
use crate::ledger::world::LedgerWorld;

/// The register whose rows are people.
pub const PERSON: &str = "person";

/// The filter that leaves those who are restricted; the ledger's lists do not know it.
pub const HELD: &str = "held";

/// Everybody who is restricted today, each once.
pub fn held_people(store: &OfficeStore) -> Result<Vec<StreamId>, Fault> {
    let restricted = store.reader().restricted()?;
    store.reader().with_world(|world| {
        let mut found: Vec<StreamId> = Vec::new();
        for (subject, _) in restricted {
            let one = identity::canonical(subject, world);
            let is_person = world.state(one).is_some_and(|state| state.kind() == PERSON);
            if is_person && !found.contains(&one) {
                found.push(one);
            }
        }
        Ok(found)
    })
}

/// A page of the people, each with whether he is restricted and until when.
pub fn page(store: &OfficeStore, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Stop> {
    let page = if query.filters.iter().any(|(field, _)| field == HELD) {
        held_page(store, at)?
    } else {
        store.reader().list(&asked(query, at, limit))?
    };
    let streams: Vec<StreamId> = page.items.iter().map(|item| item.stream).collect();
    let standing = standing(store, &streams)?;
    let rows = page.items.iter().zip(&page.keys).map(|(item, key)| {
        let label = |field: &str| item.labels.get(field).cloned().unwrap_or_default();
        let held = standing.get(&item.stream).cloned().unwrap_or_default();
        ListRow {
            stream: item.stream.to_string(),
            key: key.clone(),
            code: item.code.clone(),
            cells: vec![item.title.clone(), held, label("unit"), label("post"), label("rank")],
            ..ListRow::default()
        }
    });
    Ok(Page {
        columns: ["姓名", "限制", "单位", "岗位", "职级"].map(str::to_owned).to_vec(),
        standing: Columns::NONE,
        rows: rows.collect(),
        total: page.total.and_then(|n| u64::try_from(n).ok()),
        more_before: page.more_before,
        more_after: page.more_after,
        ..Page::default()
    })
}

/// Those who are restricted, few enough to be listed whole.
fn held_page(store: &OfficeStore, at: &At) -> Result<query::Page, Stop> {
    let more = matches!(at, At::After(_) | At::Before(_));
    let people = if more { Vec::new() } else { held_people(store)? };
    let items = people
        .iter()
        .map(|one| store.reader().item(*one))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(query::Page {
        total: i64::try_from(items.len()).ok(),
        keys: items.iter().map(|item| item.code.clone()).collect(),
        items,
        ..query::Page::default()
    })
}

/// `限制中 至解除` or `限制中 至2026-12-31` for those of these people who are restricted today.
pub fn standing(store: &OfficeStore, people: &[StreamId]) -> Result<BTreeMap<StreamId, String>, Fault> {
    store.reader().with_world(|world| {
        let told = |person: &StreamId| Some((*person, held(*person, world)?));
        Ok(people.iter().filter_map(told).collect())
    })
}

/// The same for one, when he is restricted.
pub fn held(person: StreamId, world: &LedgerWorld) -> Option<String> {
    let known = identity::aliases(person, world).into_iter();
    let spans: Vec<RestrictionSpan> = known
        .flat_map(|alias| world.restrictions(alias, world.today()))
        .map(|one| one.span(person))
        .collect();
    // what is forbidden longest says until when
    let in_force = restriction::in_force(&spans, world.today());
    let open = in_force.iter().any(|one| one.until.is_none());
    let last = in_force.iter().filter_map(|one| one.until).max();
    match (open, last) {
        (true, _) => Some("限制中 至解除".to_owned()),
        (false, Some(until)) => Some(format!("限制中 至{}", show_day(last_day(until)))),
        (false, None) => None,
    }
}

/// One person's card; `None` when the stream is something else.
pub fn detail(store: &OfficeStore, stream: StreamId) -> Result<Option<Detail>, Fault> {
    let reader = store.reader();
    let related = reader.with_world(|world| {
        let is_person = world.state(stream).is_some_and(|state| state.kind() == PERSON);
        Ok(is_person.then(|| show::person::related(stream, world)))
    })?;
    let Some(related) = related else { return Ok(None) };
    let history = |of: StreamId| -> Result<Vec<Past>, Fault> {
        Ok(with_paper(reader.timeline(of)?).into_iter().filter_map(past).collect())
    };
    let own = history(stream)?;
    let others = related
        .into_iter()
        .map(|other| Ok((other, history(other)?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    reader.with_world(|world| Ok(show::person::detail(stream, &own, &others, world)))
}
