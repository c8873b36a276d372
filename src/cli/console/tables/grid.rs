//! 表格录入: a register's columns as a grid, and what matches in its cells.

use super::{OfficeStore, sheet_of};
use crate::app::store::{Candidate, GridColumn, GridSpec, TableTold};
use crate::app::worker::CANDIDATES;
use crate::domain::fault::{Fault, Stop};
use crate::domain::sheet::{Field, FieldType};
use crate::ledger::remembered;
use crate::papers::template;

/// A grid of a register, with the rows this operator left unsaved.
pub fn open(store: &OfficeStore, register: &str) -> Result<TableTold, Fault> {
    let sheet = sheet_of(store, register)?;
    let kept = remembered::grid(&store.office.file().conn, &store.operator.id, register)?;
    let columns = sheet
        .fields
        .iter()
        .filter(|field| !field.computed)
        .map(|field| GridColumn {
            id: field.id.clone(),
            label: field.label.clone(),
            required: template::required(&sheet, field),
            hint: hint(field),
            choices: template::choices(field).into_iter().map(str::to_owned).collect(),
            refers: refers(field),
        })
        .collect();
    Ok(TableTold::Grid(Box::new(GridSpec {
        register: register.to_owned(),
        label: sheet.label.clone(),
        columns,
        rows: kept,
    })))
}

fn hint(field: &Field) -> String {
    let how = template::how(field);
    if refers(field).is_empty() {
        how
    } else {
        format!("{how}；打字或打拼音首字母来选")
    }
}

/// The register a cell of this field is picked from.
fn refers(field: &Field) -> String {
    match field.kind {
        FieldType::Unit => "unit",
        FieldType::Section => "section",
        FieldType::Post => "post",
        FieldType::Person => "person",
        FieldType::Record => &field.register,
        _ => "",
    }
    .to_owned()
}

/// What matches in a cell; each candidate's id is the text an import finds it by again.
pub fn offers(store: &OfficeStore, register: &str, typed: &str) -> Result<TableTold, Stop> {
    let found = store.reader().candidates(register, typed, CANDIDATES)?;
    let names: Vec<String> = found.iter().map(|one| one.name.clone()).collect();
    let candidate = |one: crate::ledger::query::Candidate| {
        let alone = register == "unit" || names.iter().filter(|name| **name == one.name).count() == 1;
        let id = match register {
            "unit" | "section" | "post" | "person" if alone => one.name.clone(),
            "unit" | "section" | "post" | "person" => format!("{}({})", one.name, one.code),
            _ => one.code.clone(),
        };
        Candidate {
            id,
            label: one.name,
            note: one.note,
        }
    };
    let offers = found.into_iter().map(candidate).collect();
    Ok(TableTold::Offers(typed.to_owned(), offers))
}
