//! The statements that write derived rows.

use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::apply::StreamRow;
use super::fold::{self, Spans};
use super::layout::Table;
use super::rows::Rows;
use crate::domain::State;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::policy::Flow;

/// Grade, stage and whether it asks for something, at a moment.
pub type Phase = [Option<&'static str>; 3];

/// Grade and stage of a state, and whether it asks for something.
pub fn phase(state: Option<&State>, flow: Flow) -> Phase {
    [fold::grade_of(state), fold::stage_of(state, flow), fold::asks(state)]
}

/// Writes a stream's row.
pub fn stream(conn: &Connection, row: &StreamRow, born: bool) -> Result<(), Fault> {
    let sql = if born {
        "INSERT INTO stream (id, stream, kind, owner, epoch, head, tip, version, code, title, happened, gone, frozen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    } else {
        "UPDATE stream SET stream = ?2, kind = ?3, owner = ?4, epoch = ?5, head = ?6, tip = ?7, version = ?8, code = ?9,
                title = ?10, happened = ?11, gone = ?12, frozen = ?13 WHERE id = ?1"
    };
    conn.prepare_cached(sql)?.execute((
        row.id,
        row.stream.0,
        &row.kind,
        row.owner,
        row.epoch,
        row.head,
        row.tip,
        row.version,
        &row.code,
        &row.title,
        row.happened.to_string(),
        row.gone,
        row.frozen,
    ))?;
    Ok(())
}

/// Writes a state.
pub fn state(conn: &Connection, id: i64, state: &State, born: bool) -> Result<(), Fault> {
    let text = serde_json::to_string(state).map_err(|error| {
        Fault::new(FaultKind::World, format!("程序错误：状态写不出来（{error}）")).hint("请向维护人员报告。")
    })?;
    let sql = if born {
        "INSERT INTO state (id, state) VALUES (?1, ?2)"
    } else {
        "UPDATE state SET state = ?2 WHERE id = ?1"
    };
    conn.prepare_cached(sql)?.execute((id, text))?;
    Ok(())
}

/// Writes what a reader of a day needs of a state of then, into its temporary tables.
pub fn past(conn: &Connection, id: i64, kind: &str, table: &Table, rows: Rows) -> Result<(), Fault> {
    let shown = Rows {
        list: rows.list,
        queue: rows.queue,
        due: rows.due,
        waiting: rows.waiting,
        ..Rows::default()
    };
    difference(conn, id, kind, Some(table), &Rows::default(), &shown)
}

/// Writes the difference between what was and what is.
pub fn difference(
    conn: &Connection,
    id: i64,
    kind: &str,
    table: Option<&Table>,
    old: &Rows,
    new: &Rows,
) -> Result<(), Fault> {
    if let Some(table) = table {
        list(conn, id, table, old.list.as_deref(), new.list.as_deref())?;
    }
    let run = |sql: &str, values: &[Value]| -> Result<(), Fault> {
        conn.prepare_cached(sql)?.execute(params_from_iter(values))?;
        Ok(())
    };
    let text = |t: &str| Value::Text(t.to_owned());
    let int = Value::Integer;
    for row in old.queue.difference(&new.queue) {
        run(
            "DELETE FROM queue WHERE body = ?1 AND kind = ?2 AND rank = ?3 AND due = ?4 AND id = ?5",
            &[int(row.body), text(kind), int(row.rank), text(&row.due), int(id)],
        )?;
    }
    for row in new.queue.difference(&old.queue) {
        run(
            "INSERT INTO queue (body, kind, rank, due, id, role) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                int(row.body),
                text(kind),
                int(row.rank),
                text(&row.due),
                int(id),
                text(row.role),
            ],
        )?;
    }
    for (relation, target) in old.links.difference(&new.links) {
        run(
            "DELETE FROM link WHERE target = ?1 AND relation = ?2 AND kind = ?3 AND id = ?4",
            &[int(*target), text(relation), text(kind), int(id)],
        )?;
    }
    for (relation, target) in new.links.difference(&old.links) {
        run(
            "INSERT INTO link (target, relation, kind, id) VALUES (?1, ?2, ?3, ?4)",
            &[int(*target), text(relation), text(kind), int(id)],
        )?;
    }
    for target in old.waiting.difference(&new.waiting) {
        run(
            "DELETE FROM waiting WHERE target = ?1 AND proposal = ?2",
            &[int(*target), int(id)],
        )?;
    }
    for target in new.waiting.difference(&old.waiting) {
        run(
            "INSERT INTO waiting (target, proposal) VALUES (?1, ?2)",
            &[int(*target), int(id)],
        )?;
    }
    for (person, act, ..) in old.restrictions.difference(&new.restrictions) {
        run(
            "DELETE FROM restriction_span WHERE person = ?1 AND act = ?2 AND source = ?3",
            &[int(*person), text(act), int(id)],
        )?;
    }
    for (person, act, from, to) in new.restrictions.difference(&old.restrictions) {
        run(
            "INSERT INTO restriction_span (person, act, source, from_day, to_day) VALUES (?1, ?2, ?3, ?4, ?5)",
            &[int(*person), text(act), int(id), text(from), option(to.as_deref())],
        )?;
    }
    if old.watch != new.watch {
        if old.watch.is_some() {
            run("DELETE FROM watch WHERE id = ?1", &[int(id)])?;
        }
        if let Some(day) = &new.watch {
            run("INSERT INTO watch (id, day) VALUES (?1, ?2)", &[int(id), text(day)])?;
        }
    }
    if old.point_key != new.point_key {
        if let Some(key) = old.point_key {
            run("DELETE FROM point_key WHERE key = ?1 AND id = ?2", &[int(key), int(id)])?;
        }
        if let Some(key) = new.point_key {
            run("INSERT INTO point_key (key, id) VALUES (?1, ?2)", &[int(key), int(id)])?;
        }
    }
    if old.due != new.due {
        if old.due.is_some() {
            run("DELETE FROM due WHERE id = ?1", &[int(id)])?;
        }
        if let Some(row) = &new.due {
            run(
                "INSERT INTO due (id, kind, step, day, day_kind, owner, body_lead, body_co, unit, grade, provisional)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                &[
                    int(id),
                    text(kind),
                    text(&row.due.step),
                    text(&row.due.day.to_string()),
                    text(row.due.kind.id()),
                    text(row.due.owner.id()),
                    row.lead.map_or(Value::Null, int),
                    row.co.map_or(Value::Null, int),
                    row.unit.map_or(Value::Null, int),
                    option(row.grade),
                    int(row.due.provisional.into()),
                ],
            )?;
        }
    }
    if old.seat != new.seat {
        if old.seat.is_some() {
            run("DELETE FROM seat_span WHERE id = ?1", &[int(id)])?;
        }
        if let Some(seat) = &new.seat {
            run(
                "INSERT INTO seat_span (id, body, role, person, post, name, from_day, to_day)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                &[
                    int(id),
                    int(seat.body),
                    text(&seat.role),
                    seat.person.map_or(Value::Null, int),
                    seat.post.map_or(Value::Null, int),
                    text(&seat.name),
                    text(&seat.from),
                    option(seat.to.as_deref()),
                ],
            )?;
        }
    }
    Ok(())
}

fn option(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |t| Value::Text(t.to_owned()))
}

fn list(conn: &Connection, id: i64, table: &Table, old: Option<&[Value]>, new: Option<&[Value]>) -> Result<(), Fault> {
    let name = &table.name;
    match (old, new) {
        (None, None) => {}
        (Some(_), None) => {
            conn.prepare_cached(&format!("DELETE FROM \"{name}\" WHERE id = ?1"))?
                .execute([id])?;
        }
        (None, Some(new)) => {
            let columns: String = table.columns.iter().map(|c| format!(", \"{}\"", c.name)).collect();
            let marks = ", ?".repeat(new.len());
            let sql = format!("INSERT INTO \"{name}\" (id{columns}) VALUES (?{marks})");
            let values = std::iter::once(&Value::Integer(id))
                .chain(new)
                .cloned()
                .collect::<Vec<_>>();
            conn.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        }
        (Some(old), Some(new)) => {
            // Only the columns that changed: an index whose column is not named is not touched.
            let changed: Vec<usize> = (0..new.len()).filter(|i| old.get(*i) != new.get(*i)).collect();
            if changed.is_empty() {
                return Ok(());
            }
            let sets: Vec<String> = changed
                .iter()
                .map(|i| format!("\"{}\" = ?", table.columns[*i].name))
                .collect();
            let sql = format!("UPDATE \"{name}\" SET {} WHERE id = ?", sets.join(", "));
            let mut values: Vec<Value> = changed.iter().map(|i| new[*i].clone()).collect();
            values.push(Value::Integer(id));
            conn.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        }
    }
    Ok(())
}

/// Notes the highest number of a code of this office: `PREFIX-SITE-YEAR-N` or `PREFIX-SITE-N`.
pub fn code_number(conn: &Connection, code: &str, letters: &str) -> Result<(), Fault> {
    let parts: Vec<&str> = code.split('-').collect();
    let (prefix, year, number) = match parts[..] {
        [prefix, site, number] if site == letters => (prefix, "0", number),
        [prefix, site, year, number] if site == letters => (prefix, year, number),
        _ => return Ok(()),
    };
    let (Ok(year), Ok(number)) = (year.parse::<i32>(), number.parse::<u32>()) else {
        return Ok(());
    };
    conn.prepare_cached(
        "INSERT INTO code_number (prefix, year, last) VALUES (?1, ?2, ?3)
         ON CONFLICT (prefix, year) DO UPDATE SET last = max(last, excluded.last)",
    )?
    .execute((prefix, year, number))?;
    Ok(())
}

/// Ends the spans that no longer hold and begins those that do.
pub fn span_step(conn: &Connection, id: i64, before: Phase, after: Phase, day: NaiveDate) -> Result<(), Fault> {
    for ((what, before), after) in ["grade", "stage", "open"].into_iter().zip(before).zip(after) {
        one_span(conn, what, id, before, after, day)?;
    }
    Ok(())
}

fn one_span(
    conn: &Connection,
    what: &str,
    id: i64,
    before: Option<&str>,
    after: Option<&str>,
    day: NaiveDate,
) -> Result<(), Fault> {
    if before == after {
        return Ok(());
    }
    let day = day.to_string();
    if before.is_some() {
        let sql = format!("UPDATE {what}_span SET to_day = ?2 WHERE id = ?1 AND to_day IS NULL");
        conn.prepare_cached(&sql)?.execute((id, &day))?;
    }
    if let Some(after) = after {
        let sql = format!(
            "INSERT INTO {what}_span (id, n, {what}, from_day)
             VALUES (?1, (SELECT coalesce(max(n) + 1, 0) FROM {what}_span WHERE id = ?1), ?2, ?3)"
        );
        conn.prepare_cached(&sql)?.execute((id, after, &day))?;
    }
    Ok(())
}

/// Writes all spans of a stream anew.
pub fn spans(conn: &Connection, id: i64, spans: &Spans) -> Result<(), Fault> {
    for (what, list) in [
        ("grade", &spans.grades),
        ("stage", &spans.stages),
        ("open", &spans.open),
    ] {
        conn.prepare_cached(&format!("DELETE FROM {what}_span WHERE id = ?1"))?
            .execute([id])?;
        let mut n = 0;
        for (at, (value, from)) in list.iter().enumerate() {
            let Some(value) = value else { continue };
            let to = list.get(at + 1).map(|(_, day)| day.to_string());
            let sql = format!("INSERT INTO {what}_span (id, n, {what}, from_day, to_day) VALUES (?1, ?2, ?3, ?4, ?5)");
            conn.prepare_cached(&sql)?
                .execute((id, n, value, from.to_string(), to))?;
            n += 1;
        }
    }
    Ok(())
}
