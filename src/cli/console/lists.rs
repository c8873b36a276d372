//! Pages of the lists: keys from the ledger, rows out of states.

use super::{OfficeStore, listed_of};
use crate::app::show;
use crate::app::store::{At, ListQuery, ListRow, Page};
use crate::domain::fault::Fault;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{BodyRef, State, StreamId};
use crate::ledger::pages::{Begin, Keys, Listed, Narrow};

/// The list a query means; `None` for the restrictions, which are no list of streams.
pub fn listed(query: &ListQuery) -> Option<Listed> {
    let filter = |name: &str| {
        query
            .filters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    match query.register.as_str() {
        "warning" => Some(Listed::Queue("warning", filter("body").and_then(BodyRef::parse))),
        "risk_point" => {
            let narrow = ["unit", "post"].iter().find_map(|name| {
                let stream = StreamId::parse(filter(name)?)?;
                Some(((*name).to_owned(), Narrow::Stream(stream)))
            });
            let choice = ["stage", "grade", "class"].iter().find_map(|name| {
                let choice = filter(name)?.to_owned();
                Some(((*name).to_owned(), Narrow::Choice(choice)))
            });
            Some(Listed::Register("risk_point", narrow.or(choice)))
        }
        "admonition" => {
            let kind = filter("kind").map(|kind| ("kind".to_owned(), Narrow::Choice(kind.to_owned())));
            Some(Listed::Register("admonition", kind))
        }
        _ => None,
    }
}

/// One page of a list.
pub fn page(store: &OfficeStore, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Fault> {
    let Some(listed) = listed_of(query) else {
        return restrictions(store);
    };
    let keys = keys(store, &listed, at, limit)?;
    let total = match &listed {
        Listed::Queue(kind, body) => store.office.queue_counts(kind, *body)?.0.iter().sum(),
        Listed::Register(register, narrow) => store.office.count(register, narrow.as_ref())?,
    };
    let rows = store.office.look(&store.operator, |world| {
        keys.rows
            .iter()
            .filter_map(|(stream, key)| Some(row(*stream, key, &*world.state(*stream)?, world)))
            .collect()
    })?;
    Ok(Page {
        columns: columns(&query.register)
            .iter()
            .map(|title| (*title).to_owned())
            .collect(),
        rows,
        total: u64::try_from(total).ok(),
        more_before: keys.before,
        more_after: keys.after,
    })
}

fn keys(store: &OfficeStore, listed: &Listed, at: &At, limit: usize) -> Result<Keys, Fault> {
    let begin = match at {
        At::Start => Begin::Start,
        At::End => Begin::End,
        At::After(key) => Begin::After(key.clone()),
        At::Before(key) => Begin::Before(key.clone()),
        At::Around { stream, key } => {
            let state = StreamId::parse(stream).map(|stream| {
                let state = store.office.look(&store.operator, |world| world.state(stream))?;
                match state {
                    Some(state) => store.office.key_of(listed, stream, &state),
                    None => Ok(None),
                }
            });
            // where it stands now; when it has left this list, where it stood
            let now = state.transpose()?.flatten();
            let Some(key) = now.clone().or_else(|| key.clone()) else {
                return store.office.keys(listed, &Begin::Start, limit);
            };
            let mut around = around(store, listed, &key, limit)?;
            let there = around.rows.iter().any(|(s, _)| s.to_string() == *stream);
            if let (false, Some(old)) = (there, at_key(at)) {
                around = self::around(store, listed, &old, limit)?;
            }
            return Ok(around);
        }
    };
    store.office.keys(listed, &begin, limit)
}

fn at_key(at: &At) -> Option<String> {
    match at {
        At::Around { key, .. } => key.clone(),
        _ => None,
    }
}

/// Half a page before a key, and the rest from it on.
fn around(store: &OfficeStore, listed: &Listed, key: &str, limit: usize) -> Result<Keys, Fault> {
    let before = store.office.keys(listed, &Begin::Before(key.to_owned()), limit / 2)?;
    // keys are compared, so the row itself comes with those after the last one before it
    let begin = match before.rows.last() {
        Some((_, last)) => Begin::After(last.clone()),
        None => Begin::Start,
    };
    let after = store.office.keys(listed, &begin, limit - before.rows.len())?;
    let mut rows = before.rows;
    rows.extend(after.rows);
    Ok(Keys {
        rows,
        before: before.before,
        after: after.after,
    })
}

fn columns(register: &str) -> [&'static str; 2] {
    match register {
        "risk_point" => ["岗位", "风险表现"],
        "restriction" => ["人员", "不得"],
        _ => ["对象", "事由"],
    }
}

/// A row out of a state.
pub fn row(stream: StreamId, key: &str, state: &State, world: &dyn World) -> ListRow {
    let teller = Teller::new(world);
    let (due, overdue) = state.due().map(|due| teller.left(due)).unwrap_or_default();
    ListRow {
        stream: stream.to_string(),
        key: key.to_owned(),
        code: state.code().to_owned(),
        grade: state.grade().map(show::tint),
        cells: cells(state, &teller),
        stage: show::stage(state).to_owned(),
        due,
        overdue,
        waiting_for: state
            .due()
            .map(|due| show::waiting_for(due.owner).to_owned())
            .unwrap_or_default(),
    }
}

fn cells(state: &State, teller: &Teller) -> Vec<String> {
    let name = |field: &str| {
        state
            .reference(field)
            .map(|stream| teller.name(stream))
            .unwrap_or_default()
    };
    let short = |text: String| text.chars().take(60).collect::<String>();
    let place = |parts: [String; 2]| {
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("·")
    };
    match state {
        State::Admonition(a) => {
            let people = teller.people(&a.responsible);
            let people = if people.is_empty() {
                "责任人未定".to_owned()
            } else {
                people
            };
            vec![place([teller.name(a.unit), people]), a.trigger.label().to_owned()]
        }
        State::Warning(_) => {
            let person = name("person");
            let who = if person.is_empty() { name("post") } else { person };
            vec![place([name("unit"), who]), short(state.text("content"))]
        }
        _ => vec![place([name("unit"), name("post")]), short(state.text("description"))],
    }
}

/// Persons under a restriction; few enough to be listed whole.
fn restrictions(store: &OfficeStore) -> Result<Page, Fault> {
    let restricted = store.office.restricted()?;
    let rows: Vec<ListRow> = store.office.look(&store.operator, |world| {
        let teller = Teller::new(world);
        let row = |(at, (person, source)): (usize, &(StreamId, StreamId))| {
            let mut all = world.restrictions(*person, world.today());
            all.sort_by_key(|restriction| restriction.act);
            let mine: Vec<_> = all.iter().filter(|r| r.source == *source).collect();
            let acts: Vec<&str> = mine.iter().map(|r| r.act.label()).collect();
            let unit = world.state(*person).and_then(|state| state.reference("unit"));
            let unit = unit.map(|unit| format!("{}·", teller.name(unit))).unwrap_or_default();
            ListRow {
                stream: source.to_string(),
                key: format!("{at:08}"),
                code: teller.name(*source),
                cells: vec![
                    format!("{unit}{}", teller.name(*person)),
                    format!("不得{}", acts.join("、")),
                ],
                stage: "限制中".into(),
                due: mine
                    .first()
                    .map(|r| format!("自{}", r.from.format("%m-%d")))
                    .unwrap_or_default(),
                ..ListRow::default()
            }
        };
        restricted.iter().enumerate().map(row).collect()
    })?;
    Ok(Page {
        columns: columns("restriction").iter().map(|title| (*title).to_owned()).collect(),
        total: u64::try_from(rows.len()).ok(),
        rows,
        ..Page::default()
    })
}
