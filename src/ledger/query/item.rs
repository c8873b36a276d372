//! One matter as it is handed out: JSON keys of `console.md` §4, and words for people.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::types::Value as Cell;
use serde::Serialize;
use serde_json::Value;

use super::Reader;
use crate::domain::event::Due;
use crate::domain::fault::Fault;
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::state::stage_label;
use crate::domain::{DayKind, DueOwner, Grade, State, StreamId};
use crate::ledger::project::apply::StreamRow;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::rows;

/// Something an item points at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Its identity.
    pub stream: StreamId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// One matter, record or person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Its identity.
    pub stream: StreamId,
    /// Its register; in JSON under that name, since sheets have fields called `kind`.
    #[serde(rename = "register")]
    pub kind: String,
    /// One line that names it.
    pub title: String,
    /// Grade, where it has one.
    pub grade: Option<Grade>,
    /// Stage id as lists show it.
    pub stage: Option<String>,
    /// `discipline`, `implementation:DW-…`.
    pub lead_body: Option<String>,
    /// The other body it stands with.
    pub co_body: Option<String>,
    /// Unit's name.
    pub unit: Option<String>,
    /// Post's name.
    pub post: Option<String>,
    /// Person's name.
    pub person: Option<String>,
    /// Last day of the step that is owed.
    pub due: Option<NaiveDate>,
    /// Days until then in the deadline's own unit; negative = late.
    pub days_left: Option<i64>,
    /// That day is past.
    pub overdue: bool,
    /// `signature`, `office`, `subject`; null when nobody is waited for.
    pub waiting_for: Option<&'static str>,
    /// How many events it has: what a submit names as seen.
    pub version: i64,
    /// `lead`, `co` in a body's queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// The sheet's other fields as stored; references by name.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
    /// All fields in words.
    pub labels: BTreeMap<String, String>,
    /// What its references point at.
    pub refs: BTreeMap<String, Reference>,
    /// The step that is owed, its unit of days and whether its day is provisional.
    #[serde(skip)]
    pub owed: Option<Owed>,
    /// Row id.
    #[serde(skip)]
    pub id: i64,
}

/// The step that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Policy key.
    pub step: String,
    /// Unit of its length.
    pub kind: DayKind,
    /// Who owes it.
    pub owner: DueOwner,
    /// 暂定.
    pub provisional: bool,
}

impl Owed {
    /// From a deadline.
    pub fn of(due: &Due) -> Self {
        Self {
            step: due.step.clone(),
            kind: due.kind,
            owner: due.owner,
            provisional: due.provisional,
        }
    }
}

/// Keys an item has in any case; a field of that name is not repeated.
const OWN: [&str; 9] = [
    "code",
    "grade",
    "stage",
    "lead_body",
    "co_body",
    "unit",
    "post",
    "person",
    "due",
];

impl Reader {
    /// An item with nothing but its row in it.
    pub(super) fn bare(&self, row: &StreamRow) -> Item {
        Item {
            code: row.code.clone(),
            stream: row.stream,
            kind: row.kind.clone(),
            title: row.title.clone(),
            grade: None,
            stage: None,
            lead_body: None,
            co_body: None,
            unit: None,
            post: None,
            person: None,
            due: None,
            days_left: None,
            overdue: false,
            waiting_for: None,
            version: row.version,
            role: None,
            fields: BTreeMap::new(),
            labels: BTreeMap::new(),
            refs: BTreeMap::new(),
            owed: None,
            id: row.id,
        }
    }

    /// Puts one field's column value into an item.
    pub(super) fn put(&self, item: &mut Item, field: &Field, cell: &Cell) -> Result<(), Fault> {
        let id = field.id.as_str();
        let mut label = String::new();
        let value = match (cell, field.kind) {
            (Cell::Null, _) => Value::Null,
            (Cell::Integer(key), FieldType::Body) => match self.names.body(&self.conn, *key)? {
                Some((code, name, _)) => {
                    label = name;
                    Value::String(code)
                }
                None => Value::Null,
            },
            (Cell::Integer(row), kind) if kind.is_reference() && self.kept()?.holds(*row) => Value::Null,
            (Cell::Integer(row), kind) if kind.is_reference() => match self.names.of(&self.conn, *row)? {
                Some(name) => {
                    name.called().clone_into(&mut label);
                    item.refs.insert(
                        id.to_owned(),
                        Reference {
                            stream: name.stream,
                            code: name.code.clone(),
                            name: name.called().to_owned(),
                        },
                    );
                    Value::String(label.clone())
                }
                None => Value::Null,
            },
            (Cell::Integer(yes), FieldType::Flag) => {
                label = if *yes == 0 { "否" } else { "是" }.to_owned();
                Value::Bool(*yes != 0)
            }
            (Cell::Integer(number), _) => {
                label = number.to_string();
                Value::from(*number)
            }
            (Cell::Text(text), _) => {
                label = match (id, field.kind) {
                    ("stage", _) => stage_label(&item.kind, text, self.texts().policy.flow)
                        .unwrap_or_else(|| field.choice_label(text))
                        .to_owned(),
                    (_, FieldType::Choice) => field.choice_label(text).to_owned(),
                    _ => text.clone(),
                };
                Value::String(text.clone())
            }
            _ => Value::Null,
        };
        if !label.is_empty() {
            item.labels.insert(id.to_owned(), label);
        }
        let text = value.as_str().map(str::to_owned);
        match id {
            "grade" => item.grade = text.as_deref().and_then(Grade::find),
            "stage" => item.stage = text,
            "lead_body" => item.lead_body = text,
            "co_body" => item.co_body = text,
            "unit" => item.unit = text,
            "post" => item.post = text,
            "person" => item.person = text,
            "due" => item.due = text.and_then(|t| t.parse().ok()),
            _ => {
                item.fields.insert(id.to_owned(), value);
            }
        }
        Ok(())
    }

    /// Reckons lateness and whose move it is; to be called once the item's deadline is in.
    pub(super) fn reckon(&self, item: &mut Item) -> Result<(), Fault> {
        let today = self.today();
        if let (Some(day), Some(owed)) = (item.due, &item.owed) {
            item.days_left = Some(match owed.kind {
                DayKind::Working => self.texts().calendar.workdays_between(today, day),
                DayKind::Calendar | DayKind::Month => (day - today).num_days(),
            });
            item.overdue = day < today;
            item.waiting_for = Some(owed.owner.id());
        }
        if self.on().is_some() {
            self.stand("proposal")?;
        }
        let signature: bool = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM waiting WHERE target = ?1)")?
            .query_row([item.id], |row| row.get(0))?;
        if signature {
            item.waiting_for = Some("signature");
        }
        Ok(())
    }

    /// An item with all its fields, from its state.
    pub(super) fn whole(&self, row: &StreamRow, state: &State) -> Result<Item, Fault> {
        let texts = self.texts();
        let ids = Ids::new(&self.conn);
        let mut item = self.bare(row);
        if let Some(sheet) = texts.sheets.get(state.kind()) {
            for field in &sheet.fields {
                self.put_whole(&mut item, sheet, field, state, &ids)?;
            }
        }
        if let Some(code) = state.original_code() {
            item.fields.insert("original_code".into(), code.into());
        }
        if let Some(due) = state.due() {
            item.due = Some(due.day);
            item.owed = Some(Owed::of(due));
        }
        if matches!(state, State::Proposal(p) if p.stage.open())
            || matches!(state, State::ApprovalSheet(s) if s.signed_on.is_none() && !s.void)
        {
            item.waiting_for = Some("signature");
        }
        if item.stage.is_none()
            && let Some(stage) = rows::shown_stage(state, texts.policy.flow)
        {
            item.stage = Some(stage.to_owned());
        }
        if matches!(state, State::Gone { .. }) {
            item.stage = Some("gone".into());
            item.labels.insert("stage".into(), "已撤回".into());
        }
        if matches!(state, State::Record(r) if r.void) {
            item.stage = Some("void".into());
            item.labels.insert("stage".into(), "作废".into());
        }
        self.reckon(&mut item)?;
        Ok(item)
    }

    fn put_whole(&self, item: &mut Item, _sheet: &Sheet, field: &Field, state: &State, ids: &Ids) -> Result<(), Fault> {
        let value = state.value(&field.id);
        let Value::Array(parts) = &value else {
            let cell = rows::cell(state, field, &self.texts().layout, ids)?;
            return self.put(item, field, &cell);
        };
        if OWN.contains(&field.id.as_str()) {
            return Ok(());
        }
        let mut shown = Vec::new();
        for part in parts.iter().filter_map(Value::as_str) {
            let of = StreamId::parse(part).filter(|_| field.kind == FieldType::Points);
            let name = match ids.of(of)? {
                Some(id) => self.names.of(&self.conn, id)?.map(|n| n.code.clone()),
                None => None,
            };
            shown.push(name.unwrap_or_else(|| part.to_owned()));
        }
        item.labels.insert(field.id.clone(), shown.join("；"));
        item.fields.insert(field.id.clone(), shown.into());
        Ok(())
    }
}
