//! The left parts: bodies with their queues, units with their posts.

use chrono::Datelike;

use super::{OfficeStore, figures, people, records};
use crate::app::store::{Counts, NavRow};
use crate::domain::StreamId;
use crate::domain::fault::Stop;
use crate::ledger::query::{BodyQueue, Item, ListQuery};

/// Units, or posts of a unit, shown at most; find reaches the rest.
const MOST: usize = 500;

/// The rows of a pane's left part, or what unfolds under one of them.
pub fn rows(store: &OfficeStore, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Stop> {
    match (register, parent.and_then(StreamId::parse)) {
        ("warning", _) => Ok(store
            .reader()
            .queues()?
            .iter()
            .filter(|q| shown(q))
            .map(queue)
            .collect()),
        ("risk_point", None) => units(store),
        ("risk_point", Some(unit)) => posts(store, unit),
        ("registers", _) => Ok(records::nav(store)?),
        ("person", _) => people(store),
        ("figures", _) => Ok(figures::nav()),
        _ => Ok(Vec::new()),
    }
}

/// The eight bodies always; a unit's bodies while something stands in their queue. 专班 disposes of nothing.
fn shown(queue: &BodyQueue) -> bool {
    let waiting = queue.red + queue.orange + queue.yellow + queue.unassessed > 0;
    waiting || !(queue.body.contains(':') || queue.body == "task_force")
}

fn queue(queue: &BodyQueue) -> NavRow {
    NavRow {
        id: queue.body.clone(),
        label: queue.name.clone(),
        counts: Counts {
            grades: [queue.red, queue.orange, queue.yellow].map(i64::unsigned_abs),
            unassessed: queue.unassessed.unsigned_abs(),
            overdue: queue.overdue.unsigned_abs(),
            plain: None,
        },
        filters: if queue.body == "all" {
            Vec::new()
        } else {
            vec![("body".to_owned(), queue.body.clone())]
        },
        ..NavRow::default()
    }
}

fn units(store: &OfficeStore) -> Result<Vec<NavRow>, Stop> {
    let mut rows = vec![branch("all", "全部风险点", Vec::new(), count(store, &[])?, false)];
    // views: what still wants doing, and the grades
    let views = [
        ("stage", "submitted", "待定级"),
        ("stage", "draft", "草拟"),
        ("grade", "red", "一级红"),
        ("grade", "orange", "二级橙"),
        ("grade", "yellow", "三级黄"),
    ];
    for (field, value, label) in views {
        let filters = vec![(field.to_owned(), value.to_owned())];
        let n = count(store, &filters)?;
        if n > 0 {
            rows.push(branch(&format!("{field}:{value}"), label, filters, n, false));
        }
    }
    rows.extend(reviews(store)?);
    let mut units = records(store, "unit", Vec::new())?;
    units.sort_by(|a, b| a.code.cmp(&b.code));
    for unit in units {
        let filters = vec![("unit".to_owned(), unit.stream.to_string())];
        let n = count(store, &filters)?;
        if n > 0 {
            rows.push(branch(&unit.stream.to_string(), &unit.title, filters, n, true));
        }
    }
    Ok(rows)
}

/// All people, then each unit that has any.
fn people(store: &OfficeStore) -> Result<Vec<NavRow>, Stop> {
    let of = |filters: &[(String, String)]| count_of(store, "person", filters);
    let mut rows = vec![branch("all", "全部人员", Vec::new(), of(&[])?, false)];
    let held = people::held_people(store)?.len() as u64;
    if held > 0 {
        let filters = vec![(people::HELD.to_owned(), "1".to_owned())];
        rows.push(branch(people::HELD, "限制中", filters, held, false));
    }
    let mut units = records(store, "unit", Vec::new())?;
    units.sort_by(|a, b| a.code.cmp(&b.code));
    for unit in units {
        let filters = vec![("unit".to_owned(), unit.stream.to_string())];
        let n = of(&filters)?;
        if n > 0 {
            rows.push(branch(&unit.stream.to_string(), &unit.title, filters, n, false));
        }
    }
    Ok(rows)
}

/// What has to be looked at again: in a round that is open or was missed, and because something changed.
fn reviews(store: &OfficeStore) -> Result<Vec<NavRow>, Stop> {
    let texts = store.reader().texts();
    let known = |field: &str| {
        texts
            .sheets
            .get("risk_point")
            .is_some_and(|sheet| sheet.field(field).is_some())
    };
    let mut rows = Vec::new();
    // Registers adopted from an earlier version have no such column.
    if known("review_due") {
        for (day, n) in store.reader().reviews()? {
            let late = day < store.reader().today();
            let label = format!(
                "{}复核（{}月{}日前）",
                if late { "逾期" } else { "临近" },
                day.month(),
                day.day()
            );
            let filters = vec![("review_due".to_owned(), day.to_string())];
            rows.push(branch(&format!("review_due:{day}"), &label, filters, n, false));
        }
    }
    let filters = vec![("needs_review".to_owned(), "true".to_owned())];
    let n = count(store, &filters)?;
    if n > 0 {
        rows.push(branch("needs_review", "变动待复核", filters, n, false));
    }
    Ok(rows)
}

fn posts(store: &OfficeStore, unit: StreamId) -> Result<Vec<NavRow>, Stop> {
    let mut posts = records(store, "post", vec![("unit".to_owned(), unit.to_string())])?;
    let section = |post: &Item| post.labels.get("section").cloned().unwrap_or_default();
    posts.sort_by_key(|post| (section(post), post.code.clone()));
    let mut rows = Vec::new();
    for post in posts {
        let filters = vec![("post".to_owned(), post.stream.to_string())];
        let n = count(store, &filters)?;
        let section = section(&post);
        let label = if section.is_empty() {
            post.title.clone()
        } else {
            format!("{section}·{}", post.title)
        };
        rows.push(NavRow {
            depth: 1,
            ..branch(&post.stream.to_string(), &label, filters, n, false)
        });
    }
    Ok(rows)
}

fn branch(id: &str, label: &str, filters: Vec<(String, String)>, n: u64, branch: bool) -> NavRow {
    NavRow {
        id: id.to_owned(),
        label: label.to_owned(),
        counts: Counts {
            plain: Some(n),
            ..Counts::default()
        },
        filters,
        branch,
        ..NavRow::default()
    }
}

/// How many points there are under these conditions, from the reader's counters.
fn count(store: &OfficeStore, filters: &[(String, String)]) -> Result<u64, Stop> {
    count_of(store, "risk_point", filters)
}

/// The same for any register.
pub fn count_of(store: &OfficeStore, register: &str, filters: &[(String, String)]) -> Result<u64, Stop> {
    let query = ListQuery {
        register: register.to_owned(),
        filters: filters.to_vec(),
        limit: 1,
        ..ListQuery::default()
    };
    Ok(store
        .reader()
        .list(&query)?
        .total
        .and_then(|n| u64::try_from(n).ok())
        .unwrap_or_default())
}

fn records(store: &OfficeStore, register: &str, filters: Vec<(String, String)>) -> Result<Vec<Item>, Stop> {
    let query = ListQuery {
        register: register.to_owned(),
        filters,
        limit: MOST,
        ..ListQuery::default()
    };
    Ok(store.reader().list(&query)?.items)
}

/// An item's person or post with what it is, on one line.
pub fn one_line(item: &Item) -> String {
    let who = item.person.as_ref().or(item.post.as_ref());
    let title = item.title.replace('\n', " ");
    match who.filter(|who| !title.contains(who.as_str())) {
        Some(who) => format!("{who} {title}"),
        None => title,
    }
}
