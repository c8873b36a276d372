//! A register's records as a table that imports again without change: with 编号 and 版本, names where people read
//! names, each with its code where the name alone would not find it again.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::point::PointStage;
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::state::State;

use super::grid::Go;
use super::lookup::{Lookup, measures_of, title_of};
use super::place;
use super::resolve::{Member, Resolver};
use super::sinks::{Form, Head, Out, Sink};
use super::split::join_measures;

/// Writes the records to a file, in the order given; xlsx, csv or jsonl by its ending. How many were written comes
/// back. `progress` hears the count now and then and may stop the writing, which leaves no file.
pub fn write(
    path: &Path,
    sheet: &Sheet,
    lookup: &dyn Lookup,
    records: &mut dyn Iterator<Item = StreamId>,
    progress: &mut dyn FnMut(usize) -> Go,
) -> Result<usize, Fault> {
    let form = Form::of(path)?;
    place::write(path, |draft| {
        let mut sink = Sink::new(form, draft, &sheet.label, &heads(sheet))?;
        let mut names = Names::new(lookup);
        let mut count = 0;
        for id in records {
            let Some(state) = lookup.state(id) else { continue };
            let measures = match sheet.fields.iter().any(|f| f.kind == FieldType::Lines) {
                true => measures_of(lookup, id),
                false => Vec::new(),
            };
            let version = lookup.version(id);
            let cells = cells(sheet, &state, version, &measures, &mut names);
            sink.row(&cells, || json(sheet, &state, version, &measures, &cells))?;
            count += 1;
            if count % 500 == 0 && progress(count) == Go::Stop {
                return Err(Fault::new(FaultKind::Busy, "已停止导出，没有写出文件").hint("需要时重新导出即可"));
            }
        }
        progress(count);
        sink.finish()?;
        Ok(count)
    })
}

/// The columns: 编号, 版本, then every field of the register.
pub(super) fn heads(sheet: &Sheet) -> Vec<Head> {
    let head = |id: &str, label: &str, width: u16| Head {
        id: id.into(),
        label: label.into(),
        width,
    };
    let fields = sheet.fields.iter().map(|f| {
        let usual = match f.kind {
            FieldType::Long | FieldType::Lines => 44,
            FieldType::Date => 11,
            FieldType::Choice | FieldType::Flag | FieldType::Number => 10,
            _ => 18,
        };
        head(&f.id, &f.label, f.width.max(usual))
    });
    [head("code", "编号", 20), head("version", "版本", 6)]
        .into_iter()
        .chain(fields)
        .collect()
}

fn cells(sheet: &Sheet, state: &State, version: u64, measures: &[String], names: &mut Names<'_>) -> Vec<Out> {
    let version = i64::try_from(version).map_or(Out::Empty, Out::Number);
    let mut cells = vec![text(state.code()), version];
    cells.extend(sheet.fields.iter().map(|field| cell(field, state, measures, names)));
    cells
}

fn text(text: &str) -> Out {
    if text.is_empty() {
        Out::Empty
    } else {
        Out::Text(text.into())
    }
}

fn cell(field: &Field, state: &State, measures: &[String], names: &mut Names<'_>) -> Out {
    if field.kind == FieldType::Lines {
        return if measures.is_empty() {
            Out::Empty
        } else {
            Out::Text(join_measures(measures))
        };
    }
    let value = state.value(&field.id);
    let written = value.as_str().unwrap_or_default();
    match field.kind {
        FieldType::Number => value.as_i64().map_or(Out::Empty, Out::Number),
        FieldType::Flag => value
            .as_bool()
            .map_or(Out::Empty, |b| text(if b { "是" } else { "否" })),
        FieldType::Date => written.parse::<NaiveDate>().map_or_else(|_| text(written), Out::Day),
        FieldType::Choice if field.vocabulary == "point_stage" => {
            PointStage::find(written).map_or(Out::Empty, |s| text(s.light_label()))
        }
        FieldType::Choice => text(field.choice_label(written)),
        FieldType::Unit | FieldType::Section | FieldType::Post | FieldType::Person | FieldType::Record => {
            StreamId::parse(written).map_or_else(|| text(written), |id| text(&names.reference(field, id, state)))
        }
        FieldType::Body => BodyRef::parse(written).map_or_else(|| text(written), |body| text(&names.body(body))),
        FieldType::Points => {
            let ids = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|v| StreamId::parse(v.as_str()?));
            text(&ids.filter_map(|id| names.code(id)).collect::<Vec<_>>().join("、"))
        }
        FieldType::Text | FieldType::Long | FieldType::Lines => text(written),
    }
}

/// The row for scripts: ids of choices, days as text, true and false; names as in the table.
fn json(sheet: &Sheet, state: &State, version: u64, measures: &[String], cells: &[Out]) -> Vec<Value> {
    let shown = |out: &Out| match out {
        Out::Empty => Value::Null,
        Out::Text(text) => text.clone().into(),
        Out::Number(number) => (*number).into(),
        Out::Day(day) => day.to_string().into(),
    };
    let mut values = vec![state.code().into(), version.into()];
    values.extend(
        sheet
            .fields
            .iter()
            .zip(&cells[2..])
            .map(|(field, cell)| match field.kind {
                FieldType::Choice | FieldType::Flag => state.value(&field.id),
                FieldType::Lines => measures.into(),
                _ => shown(cell),
            }),
    );
    values
}

/// Names of what records refer to, written so that an import finds the same again.
struct Names<'l> {
    lookup: &'l dyn Lookup,
    resolver: Resolver<'l>,
    known: HashMap<(StreamId, Option<StreamId>, Option<StreamId>), String>,
}

impl<'l> Names<'l> {
    fn new(lookup: &'l dyn Lookup) -> Self {
        Self {
            lookup,
            resolver: Resolver::new(lookup, false),
            known: HashMap::new(),
        }
    }

    fn reference(&mut self, field: &Field, id: StreamId, state: &State) -> String {
        let (unit, section) = (state.reference("unit"), state.reference("section"));
        let key = (id, unit, section);
        if let Some(name) = self.known.get(&key) {
            return name.clone();
        }
        let Some(target) = self.lookup.state(id) else {
            return String::new();
        };
        let name = title_of(&target);
        let resolver = &mut self.resolver;
        let found = match (field.kind, unit) {
            (FieldType::Unit, _) => resolver.find_unit(&name),
            (FieldType::Section, Some(unit)) => resolver.has(unit, Member::Section, &name, None),
            (FieldType::Post, Some(unit)) => resolver.post(unit, section, &name).ok(),
            (FieldType::Person, Some(unit)) => resolver.person(unit, &name).ok(),
            (FieldType::Record, unit) => resolver.record(&field.register, unit, &name).ok(),
            _ => None,
        };
        let shown = if found == Some(id) {
            name
        } else {
            format!("{name}({})", target.code())
        };
        self.known.insert(key, shown.clone());
        shown
    }

    fn body(&self, body: BodyRef) -> String {
        let unit = body.unit().and_then(|u| self.lookup.state(u)).map(|s| s.text("name"));
        body.label(&unit.unwrap_or_default())
    }

    fn code(&self, id: StreamId) -> Option<String> {
        self.lookup.state(id).map(|s| s.code().to_owned())
    }
}
