//! One row after the other: typed, resolved, compared with what is known; every fault noted with its cell.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::domain::act::{Fields, ImportRow};
use crate::domain::fault::Fault;
use crate::domain::ids::StreamId;
use crate::domain::policy::Policy;
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::state::State;

use super::amend;
use super::choices::Choices;
use super::grid::{Cell, Go, Merge, Row};
use super::header::{Header, Target};
use super::import::{Checked, Options};
use super::layout::Layout;
use super::lookup::Lookup;
use super::report::{ImportReport, MAX_FAULTS};
use super::resolve::Resolver;
use super::typing::{Faults, Given};
use super::unit_name::organ_line;
use super::values;

/// Longest code.
const CODE: usize = 40;
/// What happened to the row before, in case this one goes on with it.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Taken(usize),
    Refused,
}

/// Checks the rows of one sheet.
pub(super) struct Checker<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) lookup: &'a dyn Lookup,
    options: &'a Options,
    layout: Layout<'a>,
    pub(super) choices: HashMap<usize, Choices>,
    pub(super) resolver: Resolver<'a>,
    pub(super) name: String,
    pub(super) epoch_1904: bool,
    report: ImportReport,
    rows: Vec<ImportRow>,
    seen: Vec<(StreamId, u64)>,
    codes: HashMap<String, u32>,
    pub(super) keys: HashMap<String, u32>,
    lacking: BTreeSet<usize>,
    /// Records by name alone that a row of this sheet has completed.
    completed: BTreeSet<StreamId>,
    before: Before,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        policy: &Policy,
        options: &'a Options,
        lookup: &'a dyn Lookup,
        header: Header,
        constants: Vec<Option<Cell>>,
        merges: &[Merge],
    ) -> Self {
        let header_row = header.row;
        let is_choice = |f: &Field| f.kind == FieldType::Choice;
        let fields = sheet.fields.iter().enumerate();
        let choices = fields
            .filter(|(_, f)| is_choice(f))
            .map(|(i, f)| (i, Choices::new(f, policy)))
            .collect();
        Self {
            sheet,
            lookup,
            options,
            layout: Layout::new(sheet, header, constants, merges),
            choices,
            resolver: Resolver::new(lookup, options.create_missing),
            name: String::new(),
            epoch_1904: false,
            report: ImportReport {
                register: sheet.id.clone(),
                header_row,
                ..ImportReport::default()
            },
            rows: Vec::new(),
            seen: Vec::new(),
            codes: HashMap::new(),
            keys: HashMap::new(),
            lacking: BTreeSet::new(),
            completed: BTreeSet::new(),
            before: Before::Nothing,
        }
    }

    /// The unit a title names as the reporting one counts for a sheet without a column of units.
    fn take_reporting_unit(&mut self) {
        if let Some((at, name)) = self.layout.reporting_unit()
            && (self.options.create_missing || self.resolver.find_unit(&name).is_some())
        {
            self.layout.constants[at] = Some(Cell::text(name));
        }
    }

    /// What the sheet is called, and where its serial days begin.
    pub(super) fn name(&mut self, name: String, epoch_1904: bool) {
        (self.name, self.epoch_1904) = (name, epoch_1904);
        self.take_reporting_unit();
    }

    /// Checks one row, merged cells filled in; `filled` are the columns that were.
    pub(super) fn row(&mut self, row: &Row, filled: &[u32]) -> Result<Go, Fault> {
        if !self.layout.is_data(row, filled) {
            return Ok(Go::On);
        }
        let given = self.layout.given(row);
        if self.before != Before::Nothing && self.layout.goes_on(row, filled) {
            self.more_measures(row.number, &given);
            return Ok(Go::On);
        }
        self.before = Before::Refused;
        self.report.rows += 1;
        let mut faults = Faults::default();
        let code = self.code(row, &mut faults);
        let existing = code.as_deref().and_then(|code| self.existing(code, row, &mut faults));
        match existing {
            Some((id, state)) => self.known(row, id, &state, &given, faults)?,
            None => self.fresh(row, code, &given, faults)?,
        }
        Ok(if self.report.errors.len() >= MAX_FAULTS {
            Go::Stop
        } else {
            Go::On
        })
    }

    fn more_measures(&mut self, row: u32, given: &[Option<Given>]) {
        let lines = self.sheet.fields.iter().position(|f| f.kind == FieldType::Lines);
        let Some((i, given)) = lines.and_then(|i| Some((i, given[i].as_ref()?))) else {
            return;
        };
        match self.lines(&self.sheet.fields[i], given) {
            Ok(more) => {
                if let Before::Taken(at) = self.before {
                    *self.report.created.entry("measure".into()).or_default() += more.len();
                    self.rows[at].measures.extend(more);
                }
            }
            Err(reason) => {
                let label = &self.sheet.fields[i].label;
                self.report.fault(
                    &self.name,
                    row,
                    given.column,
                    &given.cell.text,
                    format!("{label}：{reason}"),
                );
            }
        }
    }

    /// The row's code, if it has one.
    fn code(&mut self, row: &Row, faults: &mut Faults) -> Option<String> {
        let given = self.layout.special(row, &Target::Code)?;
        if given.cell.is_blank() {
            return None;
        }
        let code = match values::text(&given.cell, false) {
            Ok(text) => text
                .chars()
                .map(values::half_width)
                .filter(|c| !c.is_whitespace())
                .collect::<String>(),
            Err(reason) => {
                faults.add("编号", &given, reason);
                return None;
            }
        };
        if code.chars().count() > CODE {
            faults.add(
                "编号",
                &given,
                format!("有 {} 字，最多 {CODE} 字", code.chars().count()),
            );
            return None;
        }
        match self.codes.get(&code) {
            Some(first) => faults.add("编号", &given, format!("在第 {first} 行已经用过")),
            None => {
                self.codes.insert(code.clone(), row.number);
            }
        }
        Some(code)
    }

    /// The record of that code; a code of something else is a fault.
    fn existing(&mut self, code: &str, row: &Row, faults: &mut Faults) -> Option<(StreamId, Arc<State>)> {
        let id = self.lookup.by_code(code)?;
        let state = self.lookup.state(id)?;
        let given = self.layout.special(row, &Target::Code)?;
        if state.kind() != self.sheet.id {
            faults.add("编号", &given, format!("这个编号不是“{}”的", self.sheet.label));
        } else if !state.counts() {
            faults.add("编号", &given, "这条记录已作废或已终止，不能再改");
        }
        Some((id, state))
    }

    fn known(
        &mut self,
        row: &Row,
        id: StreamId,
        state: &Arc<State>,
        given: &[Option<Given>],
        mut faults: Faults,
    ) -> Result<(), Fault> {
        if !faults.0.is_empty() {
            return self.refuse(row.number, faults);
        }
        let version = self.layout.special(row, &Target::Version);
        let now = self.lookup.version(id);
        let change = amend::changes(self, id, state, given, version.as_ref(), now, &mut faults);
        if !faults.0.is_empty() {
            return self.refuse(row.number, faults);
        }
        self.resolver.keep();
        if change.fields.is_empty() && change.measures.is_empty() {
            self.report.unchanged += 1;
            self.before = Before::Refused;
            return Ok(());
        }
        self.amend(id, now, change.fields, change.measures);
        Ok(())
    }

    /// A record that is there changes.
    fn amend(&mut self, id: StreamId, seen: u64, fields: Fields, measures: Vec<String>) {
        self.report.amended += 1;
        self.seen.push((id, seen));
        self.push(ImportRow {
            existing: Some(id),
            measures,
            ..ImportRow::new(&self.sheet.id, fields)
        });
    }

    fn fresh(
        &mut self,
        row: &Row,
        code: Option<String>,
        given: &[Option<Given>],
        mut faults: Faults,
    ) -> Result<(), Fault> {
        let code_is_bad = !faults.0.is_empty();
        let mut typed = self.typed(given, None, &mut faults)?;
        let lacking = self.required(given, &mut faults);
        if faults.0.is_empty() {
            self.together(given, &typed.fields, &mut faults);
        }
        if faults.0.is_empty() && !lacking {
            if let Some((there, duplicate)) = self.duplicate(row.number, &typed) {
                let completed = there.and_then(|id| Some((id, self.completes(id, &typed.fields)?)));
                let Some((id, fields)) = completed.filter(|(id, _)| self.completed.insert(*id)) else {
                    self.report.duplicates.push(duplicate);
                    self.resolver.forget();
                    return Ok(());
                };
                self.resolver.keep();
                self.amend(id, self.lookup.version(id), fields, Vec::new());
                return Ok(());
            }
        } else if !self.options.draft || code_is_bad || !typed.fields.contains_key("unit") {
            return self.refuse(row.number, faults);
        }
        let faulty = !faults.0.is_empty() || lacking;
        if self.sheet.id == "unit" && !typed.fields.contains_key("organ_line") {
            let name = typed.fields.get("name").and_then(Value::as_str).unwrap_or_default();
            typed.fields.insert("organ_line".into(), organ_line(name).id().into());
        }
        let id = matches!(self.sheet.id.as_str(), "unit" | "post" | "person").then(|| self.lookup.fresh_id());
        if let Some(id) = id {
            self.note(id, &typed.fields);
        }
        self.resolver.keep();
        if faulty {
            self.note_faults(row.number, faults);
            typed.fields.remove("stage");
        }
        let draft = faulty || typed.fields.get("stage").is_some_and(|s| s == "draft");
        *if draft {
            &mut self.report.drafts
        } else {
            &mut self.report.imported
        } += 1;
        self.push(ImportRow {
            id,
            original_code: code,
            measures: typed.measures,
            draft,
            ..ImportRow::new(&self.sheet.id, typed.fields)
        });
        Ok(())
    }

    /// Notes required cells that are empty; true when a whole column is missing, which is said once.
    fn required(&mut self, given: &[Option<Given>], faults: &mut Faults) -> bool {
        let mut lacking = false;
        let sheet = self.sheet;
        for (i, field) in sheet.fields.iter().enumerate() {
            if !is_required(sheet, field) {
                continue;
            }
            match &given[i] {
                Some(given) if given.cell.is_blank() => faults.add(&field.label, given, "不能为空"),
                Some(_) => {}
                None => {
                    lacking = true;
                    if self.lacking.insert(i) {
                        let label = &field.label;
                        let reason = format!(
                            "缺少“{label}”这一列；请补上，或用 --map 列={0}、--set {0}=… 指明",
                            field.id
                        );
                        self.report
                            .fault(&self.name, self.layout.header_row(), None, "", reason);
                    }
                }
            }
        }
        lacking
    }

    fn push(&mut self, row: ImportRow) {
        if !row.measures.is_empty() {
            *self.report.created.entry("measure".into()).or_default() += row.measures.len();
        }
        // Once something is refused and nothing less than everything is wanted, no row need be kept.
        if self.report.refused() && !self.partial() {
            self.before = Before::Refused;
            self.rows = Vec::new();
            return;
        }
        self.before = Before::Taken(self.rows.len());
        self.rows.push(row);
    }

    fn partial(&self) -> bool {
        self.options.accept_good || self.options.draft
    }

    fn refuse(&mut self, row: u32, faults: Faults) -> Result<(), Fault> {
        self.resolver.forget();
        self.note_faults(row, faults);
        Ok(())
    }

    fn note_faults(&mut self, row: u32, faults: Faults) {
        for (column, value, reason) in faults.0 {
            self.report.fault(&self.name, row, column, &value, reason);
        }
    }

    /// The rows of the act and the report.
    pub(super) fn finish(mut self) -> Checked {
        self.report.unknown_columns = self.layout.unknown();
        self.report
            .errors
            .sort_by(|a, b| (a.row, a.column.len(), &a.column).cmp(&(b.row, b.column.len(), &b.column)));
        if self.report.refused() && !self.partial() {
            self.report.take_nothing();
            return Checked {
                report: self.report,
                ..Checked::default()
            };
        }
        let mut rows = self.resolver.planned();
        let mut created: BTreeMap<String, usize> = BTreeMap::new();
        for row in &rows {
            *created.entry(row.register.clone()).or_default() += 1;
        }
        self.report.created.append(&mut created);
        rows.append(&mut self.rows);
        Checked {
            rows,
            seen: self.seen,
            report: self.report,
        }
    }
}

/// True for fields a new record must have: those of the register, and for a point also its post (a point is counted
/// and watched by post, R034).
pub(super) fn is_required(sheet: &Sheet, field: &Field) -> bool {
    (field.required && !field.computed) || (sheet.rules == "risk_point" && field.id == "post")
}
