//! What one stream's state puts into the derived tables: a function of the state alone, so that submitting, undoing
//! and rebuilding cannot differ.

use std::collections::BTreeSet;

use rusqlite::types::Value;

use super::body_key;
use super::gram::Grams;
use super::ids::Ids;
use super::layout::{Layout, Source, Table, is_directory};
use crate::domain::appeal::AppealStage;
use crate::domain::decide::watch_day;
use crate::domain::event::Due;
use crate::domain::fault::Fault;
use crate::domain::obligation::ObligationStage;
use crate::domain::policy::Flow;
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::task::TaskStage;
use crate::domain::{BodyRef, Grade, State, StreamId};

/// Longest title in characters.
const TITLE: usize = 60;
/// The deadline of a matter that has none: after all others.
pub const NO_DUE: &str = "9999-12-31";

/// Relation by which sealed matters are found, and the target it has.
pub const SEALED: &str = "sealed";
/// Counter of points by unit and the day by which they have to be reviewed, `unit:day`.
pub const REVIEW: &str = "review";

/// No row's id.
pub const NOBODY: i64 = 0;

/// One line of a body's queue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueRow {
    /// Body key.
    pub body: i64,
    /// 0 red … 3 not yet graded.
    pub rank: i64,
    /// Deadline or [`NO_DUE`].
    pub due: String,
    /// `lead`, `co` or `all`.
    pub role: &'static str,
}

/// A running deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// What is owed, until when, by whom.
    pub due: Due,
    /// Lead body's key.
    pub lead: Option<i64>,
    /// Co-body's key.
    pub co: Option<i64>,
    /// Unit's row id.
    pub unit: Option<i64>,
    /// Grade's id.
    pub grade: Option<&'static str>,
}

/// A seat held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatRow {
    /// Body key.
    pub body: i64,
    /// Role's id.
    pub role: String,
    /// Person's row id.
    pub person: Option<i64>,
    /// Row id of the post the seat goes with, when it names no person (R009).
    pub post: Option<i64>,
    /// Name as written, for a person who is not in the directory.
    pub name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: Option<String>,
}

/// A restriction: person, act, first day, first day without it.
pub type RestrictionRow = (i64, &'static str, String, Option<String>);

/// Everything one state puts into the derived tables.
#[derive(Debug, Default, PartialEq)]
pub struct Rows {
    /// Columns of the list table, in its order.
    pub list: Option<Vec<Value>>,
    /// Lines of queues.
    pub queue: BTreeSet<QueueRow>,
    /// Running deadline.
    pub due: Option<DueRow>,
    /// Relation and target.
    pub links: BTreeSet<(&'static str, i64)>,
    /// Matters this proposal waits on.
    pub waiting: BTreeSet<i64>,
    /// Restrictions it brings.
    pub restrictions: BTreeSet<RestrictionRow>,
    /// Day after which time may cause something.
    pub watch: Option<String>,
    /// Seat it gives.
    pub seat: Option<SeatRow>,
    /// Key of a point for finding its like.
    pub point_key: Option<i64>,
    /// Contributions to counters: dimension, value, amount.
    pub counts: Vec<(String, String, i64)>,
}

/// The stage as lists and people see it under the adopted flow.
pub fn shown_stage(state: &State, flow: Flow) -> Option<&'static str> {
    match (flow, state) {
        (Flow::Light, State::RiskPoint(p)) => Some(p.stage.light().id()),
        (Flow::Light, State::Warning(w)) => Some(w.stage.light().id()),
        (Flow::Light, State::Admonition(a)) => Some(a.stage.light().id()),
        (_, state) => state.stage(),
    }
}

/// True when the register's list shows it: neither taken back nor void.
pub fn listed(state: &State) -> bool {
    let void = state.stage() == Some("void");
    match state {
        State::Gone { .. } => false,
        State::Record(record) => !record.void,
        _ => !void,
    }
}

/// True when it still asks somebody for something.
pub fn open(state: &State) -> bool {
    match state {
        State::RiskPoint(_) => state.due().is_some(),
        State::Warning(w) => w.stage.live(),
        State::Admonition(a) => a.stage.live(),
        State::Appeal(a) => a.stage == AppealStage::Filed,
        State::Task(t) => !matches!(t.stage, TaskStage::Closed | TaskStage::Void),
        State::Proposal(p) => p.stage.open(),
        State::ApprovalSheet(s) => s.signed_on.is_none() && !s.void,
        State::Obligation(o) => o.stage == ObligationStage::Open,
        _ => false,
    }
}

/// How many ranks a queue has.
pub const RANKS: i64 = 4;

/// Where a grade stands in a queue: worst first, not yet graded last.
pub fn rank(grade: Option<Grade>) -> i64 {
    match grade {
        Some(Grade::Red) => 0,
        Some(Grade::Orange) => 1,
        Some(Grade::Yellow) => 2,
        None => 3,
    }
}

/// The words that name a stream in lists: one line, at most sixty characters.
pub fn title(state: &State, sheet: Option<&Sheet>) -> String {
    let given = sheet.map(|s| state.text(&s.title)).unwrap_or_default();
    let chosen = match state {
        State::Admonition(a) if given.trim().is_empty() => format!("{}：{}", a.kind.label(), a.trigger.label()),
        State::Proposal(p) if given.trim().is_empty() => p.act.verb.label().to_owned(),
        _ => given,
    };
    let mut line: String = chosen
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(TITLE)
        .collect();
    line.truncate(line.trim_end().len());
    line
}

/// Finds the point of the same post, item and description: the first eight bytes of a digest over them.
pub fn point_key(unit: StreamId, post: Option<StreamId>, item: &str, description: &str) -> i64 {
    use sha2::{Digest, Sha256};
    let digest: [u8; 32] = Sha256::new()
        .chain_update(unit.0)
        .chain_update(post.map_or([0; 16], |p| p.0))
        .chain_update(item)
        .chain_update([0])
        .chain_update(description.trim())
        .finalize()
        .into();
    let mut head = [0; 8];
    head.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(head)
}

/// What a state puts into the tables. `Gone` puts nothing.
pub fn rows(state: &State, layout: &Layout, ids: &Ids) -> Result<Rows, Fault> {
    let mut rows = Rows::default();
    if matches!(state, State::Gone { .. } | State::Adoption(_)) {
        return Ok(rows);
    }
    let table = layout.table(state.kind());
    if let Some(table) = table.filter(|_| listed(state)) {
        rows.list = Some(list_row(state, table, layout, ids)?);
        rows.counts = counts(state, table, rows.list.as_deref().unwrap_or_default());
    }
    let unit = ids.of(state.reference("unit"))?;
    if let State::RiskPoint(point) = state
        && let (Some(unit), Some(day)) = (unit, point.review_due(&layout.reviews))
    {
        rows.counts.push((REVIEW.into(), format!("{unit}:{day}"), 1));
    }
    let duties = state.duties();
    let lead = duties.map(|d| d.lead).or_else(|| own_committee(state));
    let lead = lead.map(|lead| body(lead, ids)).transpose()?.flatten();
    let co = duties.and_then(|d| d.co).map(|b| body(b, ids)).transpose()?.flatten();
    if open(state) {
        let rank = rank(state.grade());
        let due = state.due().map_or_else(|| NO_DUE.to_owned(), |d| d.day.to_string());
        let line = |body, role| QueueRow {
            body,
            rank,
            due: due.clone(),
            role,
        };
        rows.queue.insert(line(body_key::ALL, "all"));
        rows.queue.extend(lead.map(|b| line(b, "lead")));
        rows.queue
            .extend(co.filter(|c| Some(*c) != lead).map(|b| line(b, "co")));
        for row in &rows.queue {
            let value = format!("{}:{rank}", row.body);
            if state.due().is_some() {
                // What is late is summed over the days before today: nothing kept depends on the date.
                rows.counts.push(("due".into(), format!("{value}:{}", row.due), 1));
            }
            rows.counts.push(("queue".into(), value, 1));
        }
        rows.counts
            .extend(state.due().map(|due| ("owner".into(), due.owner.id().to_owned(), 1)));
        rows.due = state.due().map(|due| DueRow {
            due: due.clone(),
            lead,
            co,
            unit,
            grade: state.grade().map(Grade::id),
        });
    }
    rows.watch = watch_day(state).map(|day| day.to_string());
    for (relation, target) in state.links() {
        if let Some(target) = ids
            .of(Some(target))?
            .filter(|_| !layout.answers(state.kind(), relation))
        {
            rows.links.insert((relation, target));
        }
    }
    for span in state.restrictions() {
        if let Some(subject) = ids.of(Some(span.subject))? {
            let to = span.to.map(|day| day.to_string());
            rows.restrictions
                .insert((subject, span.act.id(), span.from.to_string(), to));
        }
    }
    if matches!(state, State::Warning(w) if w.sealed()) {
        rows.links.insert((SEALED, NOBODY));
    }
    match state {
        State::Proposal(p) if p.stage.open() => {
            for target in &p.act.targets {
                rows.waiting.extend(ids.of(Some(*target))?);
            }
        }
        State::RiskPoint(p) if state.counts() && !p.stage.ended() => {
            rows.point_key = state.reference("unit").map(|unit| {
                point_key(
                    unit,
                    state.reference("post"),
                    &state.text("item"),
                    &state.text("description"),
                )
            });
        }
        State::Record(r) if r.register == "appointment" && !r.void => rows.seat = seat(state, ids)?,
        _ => {}
    }
    Ok(rows)
}

/// A point nobody leads yet waits for the committee of its own unit, which reviews it first.
fn own_committee(state: &State) -> Option<BodyRef> {
    match state {
        State::RiskPoint(_) => state.reference("unit").map(BodyRef::Implementation),
        _ => None,
    }
}

fn body(body: BodyRef, ids: &Ids) -> Result<Option<i64>, Fault> {
    body_key::key(body, |unit| ids.of(Some(unit)))
}

fn seat(state: &State, ids: &Ids) -> Result<Option<SeatRow>, Fault> {
    let Some(held) = BodyRef::parse(&state.text("body")) else {
        return Ok(None);
    };
    let Some(key) = body(held, ids)? else { return Ok(None) };
    Ok(Some(SeatRow {
        body: key,
        role: state.text("role"),
        person: ids.of(state.reference("person"))?,
        post: ids.of(state.reference("post"))?,
        name: if state.reference("person").is_some() {
            String::new()
        } else {
            state.text("person")
        },
        from: state.text("from"),
        to: Some(state.text("to")).filter(|t| !t.is_empty()),
    }))
}

/// A field's value as a column holds it: references as row ids, bodies as keys.
pub fn cell(state: &State, field: &Field, layout: &Layout, ids: &Ids) -> Result<Value, Fault> {
    if field.id == "stage"
        && let Some(stage) = shown_stage(state, layout.flow)
    {
        return Ok(Value::Text(stage.to_owned()));
    }
    // Follows from the policy as well as from the state.
    if let (State::RiskPoint(point), "review_due") = (state, field.id.as_str()) {
        let due = point.review_due(&layout.reviews);
        return Ok(due.map_or(Value::Null, |day| Value::Text(day.to_string())));
    }
    let value = state.value(&field.id);
    Ok(match field.kind {
        FieldType::Number => value
            .as_i64()
            .or_else(|| value.as_str().and_then(|t| t.trim().parse().ok()))
            .map_or(Value::Null, Value::Integer),
        FieldType::Flag => value.as_bool().map_or(Value::Null, |b| Value::Integer(b.into())),
        FieldType::Body => {
            let held = value.as_str().and_then(BodyRef::parse);
            let key = held.map(|b| body(b, ids)).transpose()?.flatten();
            key.map_or(Value::Null, Value::Integer)
        }
        kind if kind.is_reference() => {
            let id = ids.of(value.as_str().and_then(StreamId::parse))?;
            id.map_or(Value::Null, Value::Integer)
        }
        _ => match value {
            serde_json::Value::String(text) if text.is_empty() => Value::Null,
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Array(parts) => Value::Text(join(&parts)),
            other => Value::Text(other.to_string()),
        },
    })
}

fn join(parts: &[serde_json::Value]) -> String {
    let texts: Vec<&str> = parts.iter().filter_map(|p| p.as_str()).collect();
    texts.join("；")
}

fn list_row(state: &State, table: &Table, layout: &Layout, ids: &Ids) -> Result<Vec<Value>, Fault> {
    let due = state.due();
    let text = |t: Option<&str>| t.map_or(Value::Null, |t| Value::Text(t.to_owned()));
    table
        .columns
        .iter()
        .map(|column| {
            Ok(match column.source {
                Source::Field(place) => cell(state, &table.sheet.fields[place], layout, ids)?,
                Source::DueStep => text(due.map(|d| d.step.as_str())),
                Source::DueKind => text(due.map(|d| d.kind.id())),
                Source::DueOwner => text(due.map(|d| d.owner.id())),
                Source::DueProvisional => due.filter(|d| d.provisional).map_or(Value::Null, |_| Value::Integer(1)),
            })
        })
        .collect()
}

/// A column's value as a counter names it.
pub fn counted(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

fn counts(state: &State, table: &Table, list: &[Value]) -> Vec<(String, String, i64)> {
    let mut found = vec![("all".to_owned(), String::new(), 1)];
    for place in &table.filters {
        let at = table.columns.iter().position(|c| c.source == Source::Field(*place));
        if let Some(value) = at.and_then(|at| list.get(at)).and_then(counted) {
            found.push((table.sheet.fields[*place].id.clone(), value, 1));
        }
    }
    if !state.counts() {
        return found;
    }
    for figure in &table.sheet.figures {
        let fits = figure.only.iter().all(|(field, wanted)| state.text(field) == *wanted);
        let amount = match figure.sum.as_str() {
            "" => 1,
            field => state.value(field).as_i64().unwrap_or_default(),
        };
        if fits && amount != 0 {
            found.push(("figure".into(), figure.id.clone(), amount));
            let last = state.text(&figure.until);
            if !last.is_empty() {
                found.push(("ended".into(), format!("{}:{last}", figure.id), amount));
            }
        }
    }
    found
}

/// The grams a state is found by; empty = not searched.
pub fn grams(state: &State, layout: &Layout) -> String {
    let Some(table) = layout.table(state.kind()).filter(|_| listed(state)) else {
        return String::new();
    };
    let sheet = &table.sheet;
    let mut grams = Grams::new(&sheet.prefix);
    grams.code(state.code());
    if let Some(code) = state.original_code() {
        grams.code(code);
        grams.text(code);
    }
    grams.text(&title(state, Some(sheet)));
    for text in searched(state, sheet) {
        grams.text(&text);
    }
    if is_directory(state.kind()) {
        grams.name(&state.text(&sheet.title));
    }
    grams.finish()
}

/// The texts a stream is found by, besides its code and title.
pub fn searched(state: &State, sheet: &Sheet) -> Vec<String> {
    sheet
        .fields
        .iter()
        .filter(|field| field.search)
        .filter_map(|field| match state.value(&field.id) {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Array(parts) => Some(join(&parts)),
            _ => None,
        })
        .collect()
}
