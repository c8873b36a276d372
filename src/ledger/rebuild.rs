//! All derived tables made again from the log, and what that changed.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, TransactionBehavior};
use serde::Serialize;

use super::project::fold::{Step, day};
use super::project::{Arrived, ArrivedAct, Layout, Projector, search};
use super::read_log;
use super::watch::Watch;
use crate::domain::StreamId;
use crate::domain::fault::Fault;

/// Events projected together.
const BATCH: usize = 20_000;

/// Pages kept in memory meanwhile, in KiB (negative: not in pages): each page written back early is encrypted twice.
pub(super) const CACHE_KIB: i64 = -262_144;

/// What happened to one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Rows it has now.
    pub rows: i64,
    /// Rows that were missing, too many, or different before.
    pub changed: i64,
}

/// What a rebuild did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Table by table.
    pub tables: Vec<TableReport>,
}

impl Rebuilt {
    /// True when the tables were already what the log says.
    pub fn unchanged(&self) -> bool {
        self.tables.iter().all(|t| t.changed == 0)
    }
}

/// Makes the derived tables again, in one transaction: killed at any moment, the old ones stand.
///
/// `watch` hears of events.
pub fn rebuild(conn: &mut Connection, layout: &Layout, letters: &str, watch: &mut Watch) -> Result<Rebuilt, Fault> {
    let usual: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    let rebuilt = in_one_transaction(conn, layout, letters, watch);
    conn.pragma_update(None, "cache_size", usual)?;
    rebuilt
}

fn in_one_transaction(
    conn: &mut Connection,
    layout: &Layout,
    letters: &str,
    watch: &mut Watch,
) -> Result<Rebuilt, Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rebuilt = rebuild_within(&tx, layout, letters, watch)?;
    tx.commit()?;
    Ok(rebuilt)
}

/// As [`rebuild`], inside the caller's transaction.
pub(super) fn rebuild_within(
    tx: &Connection,
    layout: &Layout,
    letters: &str,
    watch: &mut Watch,
) -> Result<Rebuilt, Fault> {
    let set_aside = set_aside(tx)?;
    layout.create_tables(tx)?;
    replay(tx, layout, letters, watch)?;
    layout.create_indexes(tx)?;
    while search::chunk(tx, layout)? {}
    let mut rebuilt = Rebuilt::default();
    for name in derived(layout) {
        let old = set_aside.get(&name).map(String::as_str);
        rebuilt.tables.push(compare(tx, &name, old)?);
    }
    rebuilt.tables.push(search_report(tx, set_aside.contains_key("find"))?);
    for old in set_aside.values() {
        tx.execute_batch(&format!("DROP TABLE IF EXISTS \"{old}\""))?;
    }
    Ok(rebuilt)
}

/// The ordinary derived tables, by name.
pub(super) fn derived(layout: &Layout) -> Vec<String> {
    const FIXED: [&str; 15] = [
        "stream",
        "state",
        "queue",
        "due",
        "link",
        "waiting",
        "watch",
        "point_key",
        "counter",
        "code_number",
        "grade_span",
        "stage_span",
        "open_span",
        "restriction_span",
        "seat_span",
    ];
    let lists: Vec<String> = layout.tables.values().map(|t| t.name.clone()).collect();
    FIXED.iter().map(ToString::to_string).chain(lists).collect()
}

/// Puts the tables that are there out of the way, without their indexes: name → name now.
fn set_aside(conn: &Connection) -> Result<BTreeMap<String, String>, Fault> {
    let all = |sql: &str| -> Result<Vec<String>, Fault> {
        let mut statement = conn.prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    };
    let ours =
        "(name IN ('projection', 'stream', 'state', 'queue', 'due', 'link', 'waiting', 'watch', 'point_key', 'counter',
         'code_number', 'grade_span', 'stage_span', 'open_span', 'restriction_span', 'seat_span', 'fts_todo')
         OR name LIKE 'list\\_%' ESCAPE '\\')";
    let mut aside = BTreeMap::new();
    let indexes = all(&format!(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND {}",
        ours.replace("name", "tbl_name")
    ))?;
    for name in indexes {
        conn.execute_batch(&format!("DROP INDEX \"{name}\""))?;
    }
    for name in all(&format!(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND {ours}"
    ))? {
        let now = format!("was_{name}");
        conn.execute_batch(&format!("ALTER TABLE \"{name}\" RENAME TO \"{now}\""))?;
        aside.insert(name, now);
    }
    if !all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'find'")?.is_empty() {
        // The search index is compared by its content, not kept.
        conn.execute_batch("DROP TABLE find")?;
        aside.insert("find".into(), "was_find".into());
    }
    Ok(aside)
}

/// Projects the whole log onto fresh tables.
pub(super) fn replay(conn: &Connection, layout: &Layout, letters: &str, watch: &mut Watch) -> Result<(), Fault> {
    let total = u64::try_from(read_log::count(conn)?).unwrap_or_default();
    let mut projector = Projector::new(conn, layout, letters);
    let mut statement = conn.prepare(
        "SELECT e.seq, e.site, e.stream, e.stream_seq, e.epoch, e.hash, e.kind, e.version, b.body, e.act,
                a.happened
         FROM event e JOIN event_body b ON b.seq = e.seq JOIN act a ON a.seq = e.act ORDER BY e.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut acts: Vec<ArrivedAct> = Vec::new();
    let mut held = 0;
    let mut done = 0;
    let mut last_act = 0;
    while let Some(row) = rows.next()? {
        let act: i64 = row.get(9)?;
        if act != last_act {
            // Only whole acts are projected together: an event may point at a stream born later in its act.
            if held >= BATCH {
                projector.apply(&std::mem::take(&mut acts), &|_| None)?;
                held = 0;
                watch.step(done, total)?;
            }
            let happened: String = row.get(10)?;
            acts.push(ArrivedAct {
                happened: day(&happened)?,
                events: Vec::new(),
            });
            last_act = act;
        }
        if let Some(act) = acts.last_mut() {
            act.events.push(arrived(row)?);
        }
        held += 1;
        done += 1;
    }
    projector.apply(&acts, &|_| None)?;
    watch.step(done, total)?;
    projector.finish()
}

fn arrived(row: &Row) -> Result<Arrived, Fault> {
    let kind: String = row.get(6)?;
    let body: String = row.get(8)?;
    Ok(Arrived {
        seq: row.get(0)?,
        site: row.get(1)?,
        stream: StreamId(row.get(2)?),
        stream_seq: row.get(3)?,
        epoch: row.get(4)?,
        hash: row.get(5)?,
        step: Step::read(&kind, row.get(7)?, &body),
    })
}

/// Compares a table with what it was, walking both in the order of their keys.
pub(super) fn compare(conn: &Connection, name: &str, old: Option<&str>) -> Result<TableReport, Fault> {
    let rows: i64 = conn.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
    let mut report = TableReport {
        name: name.to_owned(),
        rows,
        changed: rows,
    };
    let Some(old) = old else { return Ok(report) };
    let keys = key_columns(conn, name)?;
    let shape = |table: &str| -> Result<Vec<String>, Fault> {
        let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        let names = statement
            .query_map([table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(names)
    };
    if shape(name)? != shape(old)? {
        return Ok(report);
    }
    let order = keys.iter().map(|k| format!("\"{k}\"")).collect::<Vec<_>>().join(", ");
    let select = |table: &str| format!("SELECT {order}, * FROM \"{table}\" ORDER BY {order}");
    let mut new_statement = conn.prepare(&select(name))?;
    let mut old_statement = conn.prepare(&select(old))?;
    let width = new_statement.column_count();
    let mut new_rows = new_statement.query([])?;
    let mut old_rows = old_statement.query([])?;
    let read = |row: Option<&Row>| -> Result<Option<Vec<Value>>, Fault> {
        row.map(|r| (0..width).map(|i| Ok(r.get(i)?)).collect()).transpose()
    };
    let mut new = read(new_rows.next()?)?;
    let mut was = read(old_rows.next()?)?;
    report.changed = 0;
    loop {
        let order = match (&new, &was) {
            (None, None) => return Ok(report),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => compare_keys(&a[..keys.len()], &b[..keys.len()]),
        };
        if order.is_eq() {
            report.changed += i64::from(new != was);
        } else {
            report.changed += 1;
        }
        if order.is_le() {
            new = read(new_rows.next()?)?;
        }
        if order.is_ge() {
            was = read(old_rows.next()?)?;
        }
    }
}

fn key_columns(conn: &Connection, table: &str) -> Result<Vec<String>, Fault> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
    let names = statement
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(names)
}

fn compare_keys(a: &[Value], b: &[Value]) -> std::cmp::Ordering {
    let one = |(a, b): (&Value, &Value)| match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        _ => std::cmp::Ordering::Equal,
    };
    a.iter()
        .zip(b)
        .map(one)
        .find(|o| o.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

fn search_report(conn: &Connection, there: bool) -> Result<TableReport, Fault> {
    let rows: i64 = conn.query_row("SELECT count(*) FROM find_docsize", [], |row| row.get(0))?;
    Ok(TableReport {
        name: "find".into(),
        rows,
        changed: if there { 0 } else { rows },
    })
}

/// Lets SQLite check the search index against itself.
pub fn check_search(conn: &Connection) -> Result<(), Fault> {
    conn.execute("INSERT INTO find(find) VALUES ('integrity-check')", [])?;
    Ok(())
}

#[cfg(test)]
#[path = "laws_tests.rs"]
pub mod laws;
