//! Pages of the lists: asked of the reader, folded into cells.

use super::{OfficeStore, batch, figures, people, records};
use crate::app::show;
use crate::app::store::{At, Columns, ListQuery, ListRow, Page};
use crate::domain::fault::{Fault, Stop};
use crate::domain::telling::{Teller, left_words};
use crate::domain::world::World;
use crate::domain::{BodyRef, DayKind, StreamId};
use crate::ledger::query::{self, Item, LandingRow};

/// A list as the reader takes it.
pub fn asked(query: &ListQuery, at: &At, limit: usize) -> query::ListQuery {
    // live matters, worst and most urgent first, of a body or of all
    let body = query
        .filters
        .iter()
        .find(|(name, _)| name == "body")
        .map_or("all", |(_, body)| body.as_str());
    let mut filters: Vec<(String, String)> = query
        .filters
        .iter()
        .filter(|(name, _)| name != "body")
        .cloned()
        .collect();
    if query.register == "warning" {
        filters.push(("queue".to_owned(), body.to_owned()));
    }
    query::ListQuery {
        register: query.register.clone(),
        filters,
        at: match at {
            At::Start => query::At::Start,
            At::End => query::At::End,
            At::After(key) => query::At::After(key.clone()),
            At::Before(key) => query::At::Before(key.clone()),
            At::Around { stream, key } => {
                StreamId::parse(stream).map_or(query::At::Start, |stream| query::At::Around(stream, key.clone()))
            }
        },
        limit,
        ..query::ListQuery::default()
    }
}

/// Whether a list is made here whole, and not walked by the ledger.
pub fn is_made(query: &ListQuery) -> bool {
    let own = [people::HELD, batch::STEP];
    query.filters.iter().any(|(field, _)| own.contains(&field.as_str()))
}

/// One page of a list.
pub fn page(store: &OfficeStore, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Stop> {
    if let Some(page) = batch::page(store, query, at)? {
        return Ok(page);
    }
    match query.register.as_str() {
        "restriction" => return Ok(restrictions(store)?),
        "today" => return today(store, at),
        "figures" => return figures::page(store, query),
        people::PERSON => return people::page(store, query, at, limit),
        _ => {}
    }
    let texts = store.reader().texts();
    // what is graded, dated and waited for has its own two cells; a record shows the columns of its sheet
    let record = (!is_matter(&query.register))
        .then(|| texts.sheets.get(&query.register))
        .flatten();
    let page = store.reader().list(&asked(query, at, limit))?;
    let rows = page
        .items
        .iter()
        .zip(&page.keys)
        .map(|(item, key)| match record {
            Some(sheet) => records::row(item, key, sheet),
            None => row(item, key),
        })
        .collect();
    Ok(Page {
        columns: record.map_or_else(|| columns(&query.register), |sheet| records::columns(sheet)),
        standing: if record.is_some() {
            Columns::NONE
        } else {
            Columns::default()
        },
        rows,
        total: page.total.and_then(|n| u64::try_from(n).ok()),
        more_before: page.more_before,
        more_after: page.more_after,
        ..Page::default()
    })
}

/// The landing pane: whole, its blocks under headings.
fn today(store: &OfficeStore, at: &At) -> Result<Page, Stop> {
    let mut rows: Vec<ListRow> = Vec::new();
    let mut total = 0;
    let past = store.then.is_some() || matches!(at, At::After(_) | At::Before(_));
    let paused = super::triage::paused(store).unwrap_or_default();
    if !past && !paused.is_empty() {
        rows.push(ListRow::heading(format!("接着上次：快速分拣{paused}，按 Ctrl-T 继续")));
    }
    let sections = if past { Vec::new() } else { store.reader().landing()? };
    for section in sections {
        total += u64::try_from(section.total).unwrap_or_default();
        rows.push(ListRow::heading(format!("{} {}", section.block.label(), section.total)));
        for one in &section.rows {
            let key = format!("{:08}", rows.len());
            rows.push(match one {
                LandingRow::Matter(item) => row(item, &key),
                LandingRow::Batch(one) => batch::row(one, &key),
            });
        }
        if section.total > section.rows.len() {
            let rest = section.total - section.rows.len();
            rows.push(ListRow::heading(format!("  另有 {rest} 件，见各队列")));
        }
    }
    Ok(Page {
        columns: columns("today"),
        headline: if past { String::new() } else { headline(store)? },
        total: Some(total),
        rows,
        ..Page::default()
    })
}

/// The first question of who sits here, answered in one line (`console.md` §1): the steering side sees the district,
/// 区纪委监察局 what is orange and who is restricted, everybody else the own queue.
fn headline(store: &OfficeStore) -> Result<String, Stop> {
    let reader = store.reader();
    let typed = |body: BodyRef| body.to_string();
    let waiting = |body: BodyRef, kind: &str| -> Result<i64, Stop> {
        let kinds = reader.waiting(&typed(body))?;
        Ok(kinds
            .iter()
            .find(|waits| waits.kind == kind)
            .map_or(0, |waits| waits.waiting))
    };
    let body = store.body();
    let district = matches!(
        body,
        None | Some(BodyRef::Steering | BodyRef::SteeringOffice | BodyRef::TaskForce)
    );
    let asked = body.filter(|_| !district);
    let queue = reader.queue_counts(&asked.map(typed).unwrap_or_default())?;
    let mut parts = vec![
        if district { "全区".to_owned() } else { String::new() },
        count("红", queue.red),
        count("橙", queue.orange),
        count("黄", queue.yellow),
        count("待评估", queue.unassessed),
        count("逾期", queue.overdue),
    ];
    match body {
        _ if district => parts.push(count("呈批单待签", waiting(BodyRef::Steering, "approval_sheet")?)),
        Some(BodyRef::Discipline) => {
            let mut restricted: Vec<StreamId> = reader.restricted()?.into_iter().map(|(person, _)| person).collect();
            restricted.sort_unstable();
            restricted.dedup();
            parts.push(count("受限人员", i64::try_from(restricted.len()).unwrap_or(i64::MAX)));
        }
        _ => {}
    }
    parts.retain(|part| !part.is_empty());
    if district && parts.len() == 1 {
        parts.clear();
    }
    Ok(parts.join(" "))
}

/// `红7`; nothing for none.
fn count(label: &str, n: i64) -> String {
    if n == 0 { String::new() } else { format!("{label}{n}") }
}

/// Whether a register holds matters with a procedure of their own.
fn is_matter(register: &str) -> bool {
    matches!(
        register,
        "risk_point" | "warning" | "admonition" | "accountability" | "appeal" | "task" | "proposal" | "approval_sheet"
    )
}

/// The titles of the two cells of a register of matters.
pub fn columns(register: &str) -> Vec<String> {
    let titles = match register {
        "risk_point" => ["风险表现", "岗位"],
        "restriction" => ["人员", "不得"],
        _ => ["对象", "事由"],
    };
    titles.map(str::to_owned).to_vec()
}

/// A matter as a row.
pub fn row(item: &Item, key: &str) -> ListRow {
    let kind = item.owed.as_ref().map_or(DayKind::Working, |owed| owed.kind);
    let provisional = item.owed.as_ref().is_some_and(|owed| owed.provisional);
    let due = item
        .days_left
        .map(|days| if item.overdue { days.min(-1) } else { days });
    ListRow {
        stream: item.stream.to_string(),
        key: key.to_owned(),
        code: item.code.clone(),
        grade: item.grade.map(show::tint),
        cells: cells(item),
        stage: label(item, "stage"),
        due: due.map(|days| left_words(days, kind, provisional)).unwrap_or_default(),
        overdue: item.overdue,
        waiting_for: match item.waiting_for {
            Some("signature") => "待签",
            Some("office") => "我方",
            Some("subject") => "对方",
            _ => "",
        }
        .to_owned(),
        ..ListRow::default()
    }
}

fn cells(item: &Item) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let place = |parts: [String; 2]| {
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("·")
    };
    if item.kind == "risk_point" {
        // what it is comes first: the tree beside it says where
        return vec![item.title.clone(), place([text(&item.unit), text(&item.post)])];
    }
    if item.kind == "admonition" {
        let who = item.person.clone().unwrap_or_else(|| "责任人未定".to_owned());
        return vec![place([text(&item.unit), who]), label(item, "trigger")];
    }
    if matches!(item.kind.as_str(), "accountability" | "appeal") {
        let nobody = if item.kind == "appeal" { "单位" } else { "" };
        let who = item.person.clone().unwrap_or_else(|| nobody.to_owned());
        let what = match item.kind.as_str() {
            "appeal" => item.title.clone(),
            _ => label(item, "kind"),
        };
        let place = place([text(&item.unit), who]);
        return vec![format!("{place} {what}"), label(item, "trigger")];
    }
    let who = item
        .person
        .clone()
        .filter(|_| item.kind == "warning")
        .or_else(|| item.post.clone());
    vec![place([text(&item.unit), text(&who)]), item.title.clone()]
}

fn label(item: &Item, field: &str) -> String {
    item.labels.get(field).cloned().unwrap_or_default()
}

/// Persons under a restriction; few enough to be listed whole.
fn restrictions(store: &OfficeStore) -> Result<Page, Fault> {
    let restricted = store.reader().restricted()?;
    let rows: Vec<ListRow> = store.reader().with_world(|world| {
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
        Ok(restricted.iter().enumerate().map(row).collect())
    })?;
    Ok(Page {
        columns: columns("restriction"),
        total: u64::try_from(rows.len()).ok(),
        rows,
        ..Page::default()
    })
}
