//! Forms of what is described by a sheet: a new point, or an amendment of what stands in the file.

use super::fields::{directory, field, numbered, of_verb};
use crate::app::store::{FieldKind, FieldSpec};
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{StreamId, Verb};

/// The fields of a new entry of a register.
pub fn blank(register: &str, world: &dyn World) -> Vec<FieldSpec> {
    world
        .sheets()
        .get(register)
        .map(|sheet| typed(sheet).map(of).collect())
        .unwrap_or_default()
}

/// The fields of what stands in the file, with what they hold; only what is changed is handed over.
pub fn filled(stream: StreamId, world: &dyn World) -> Vec<FieldSpec> {
    let Some(state) = world.state(stream) else {
        return Vec::new();
    };
    let Some(sheet) = world.sheets().get(state.kind()) else {
        return Vec::new();
    };
    let with = |field: &Field| {
        let value = state.value(&field.id);
        let default = match field.kind {
            FieldType::Choice => value.as_str().unwrap_or_default().to_owned(),
            FieldType::Flag => value.as_bool().map(|yes| yes.to_string()).unwrap_or_default(),
            _ => Teller::new(world).value(field, &value),
        };
        FieldSpec {
            default,
            required: false,
            ..of(field)
        }
    };
    let mut fields: Vec<FieldSpec> = typed(sheet)
        .filter(|field| field.id != "grade" && field.id != "points")
        .map(with)
        .collect();
    // a restricted person's post does not change without saying why (§0.18)
    if state.kind() == "person" && !world.restrictions(stream, world.today()).is_empty() {
        fields.extend(of_verb(Verb::Amend, None, world));
    }
    fields
}

/// The fields people type.
fn typed(sheet: &Sheet) -> impl Iterator<Item = &Field> {
    sheet
        .fields
        .iter()
        .filter(|field| !field.computed && (sheet.id != "risk_point" || field.id != "grade"))
}

fn of(sheet_field: &Field) -> FieldSpec {
    let kind = match sheet_field.kind {
        FieldType::Choice => FieldKind::Choice(numbered(sheet_field.choices().into_iter())),
        FieldType::Flag => FieldKind::Choice(numbered([("true", "是"), ("false", "否")].into_iter())),
        FieldType::Date => FieldKind::Day,
        FieldType::Long | FieldType::Lines => FieldKind::Long,
        FieldType::Text | FieldType::Number | FieldType::Body => FieldKind::Text,
        kind => FieldKind::Pick {
            of: directory(kind).into(),
            many: kind == FieldType::Points,
        },
    };
    field(&sheet_field.id, &sheet_field.label, kind, sheet_field.required)
}
