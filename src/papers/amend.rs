//! A row whose code is known: what it changes, cell by cell, and what it may not change.

use serde_json::Value;

use crate::domain::act::Fields;
use crate::domain::ids::StreamId;
use crate::domain::point::PointStage;
use crate::domain::sheet::{Field, FieldType};
use crate::domain::state::State;

use super::check::Checker;
use super::lookup::{measures_of, title_of};
use super::split::{join_measures, measures};
use super::typing::{Faults, Given, Typed};
use super::values::{clean, day, fold, number, split_brackets};

/// Compares a row with the record it names. Only columns the sheet has are compared; an empty cell clears its field.
pub(super) fn changes(
    checker: &mut Checker<'_>,
    id: StreamId,
    state: &State,
    given: &[Option<Given>],
    version: Option<&Given>,
    now: u64,
    faults: &mut Faults,
) -> Typed {
    let seen = seen_version(version, now, faults);
    let sheet = checker.sheet;
    // What already reads the same needs no resolving: a name may have become ambiguous since.
    let mut open: Vec<Option<Given>> = given.to_vec();
    for (field, slot) in sheet.fields.iter().zip(open.iter_mut()) {
        let reads_the_same = |g: &Given| field.kind.is_reference() && shows(checker, state, field, &g.cell.text);
        // Values of --set are for new records.
        if slot.as_ref().is_some_and(|g| g.column.is_none() || reads_the_same(g)) {
            *slot = None;
        }
    }
    let mut change = Typed {
        fields: Fields::new(),
        measures: Vec::new(),
    };
    let mut wrong = Faults::default();
    let typed = checker.typed(&open, Some(state), &mut wrong).unwrap_or(Typed {
        fields: Fields::new(),
        measures: Vec::new(),
    });
    let wrong_columns = wrong.columns();
    faults.join(wrong);
    for (field, given) in sheet.fields.iter().zip(&open) {
        let Some(given) = given else { continue };
        if wrong_columns.contains(&given.column) {
            continue;
        }
        let refusal = if field.computed {
            computed(checker, state, field, given, seen == Seen::Now)
        } else if field.kind == FieldType::Lines {
            match new_measures(checker, id, field, given) {
                Ok(more) => {
                    change.measures = more;
                    None
                }
                Err(reason) => Some(reason),
            }
        } else {
            let new = typed.fields.get(&field.id).cloned().unwrap_or(Value::Null);
            if same(&state.value(&field.id), &new) {
                continue;
            }
            let refusal = match () {
                () if new.is_null() && field.required => Some("不能为空".to_owned()),
                () if sheet.rules == "warning" && matches!(field.id.as_str(), "urgency" | "points") => {
                    Some("登记后不能用表格改，请在程序里办理".to_owned())
                }
                () if field.id == "grade" && sheet.rules == "risk_point" => {
                    Some("等级不能用表格改，请用“调级”办理".to_owned())
                }
                () => None,
            };
            change.fields.insert(field.id.clone(), new);
            refusal
        };
        let touched =
            change.fields.contains_key(&field.id) || (field.kind == FieldType::Lines && !change.measures.is_empty());
        match (refusal, seen) {
            (Some(reason), _) => faults.add(&field.label, given, reason),
            (None, Seen::Older(then)) if touched => {
                let reason = format!("导出后系统里已有改动（表中第 {then} 版，现为第 {now} 版），请重新导出后再改");
                faults.add(&field.label, given, reason);
            }
            (None, _) => {}
        }
    }
    change
}

/// Which version the sheet shows.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    /// The one of now.
    Now,
    /// An earlier one, or one that is not ours.
    Older(i64),
    /// It does not say.
    Unsaid,
}

fn seen_version(version: Option<&Given>, now: u64, faults: &mut Faults) -> Seen {
    let Some(given) = version.filter(|g| !g.cell.is_blank()) else {
        return Seen::Unsaid;
    };
    match number(&given.cell) {
        Ok(then) if u64::try_from(then) == Ok(now) => Seen::Now,
        Ok(then) => Seen::Older(then),
        Err(reason) => {
            faults.add("版本", given, reason);
            Seen::Unsaid
        }
    }
}

/// True when a cell shows exactly what the field refers to now, with or without its code.
fn shows(checker: &Checker<'_>, state: &State, field: &Field, text: &str) -> bool {
    let Some(target) = state.reference(&field.id).and_then(|id| checker.lookup.state(id)) else {
        return false;
    };
    let title = title_of(&target);
    let (outer, inner) = split_brackets(text);
    let named = |text: &str| fold(text) == fold(&title);
    named(text) || (named(&outer) && fold(&inner) == fold(target.code()))
}

/// States and the like come about by steps; a sheet only shows them.
fn computed(checker: &Checker<'_>, state: &State, field: &Field, given: &Given, shows_now: bool) -> Option<String> {
    if !field.importable() || !shows_now || given.cell.is_blank() {
        return None;
    }
    if field.id != "stage" {
        let now = state.text(&field.id);
        let stated = match field.kind {
            FieldType::Date => day(&given.cell, checker.epoch_1904, checker.lookup.today(), true)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            _ => checker.choice(field, &given.cell.text).unwrap_or_default(),
        };
        return (stated != now).then(|| "由办理步骤决定，不能用表格改".to_owned());
    }
    let now = state.stage().unwrap_or_default();
    let light = PointStage::find(now).map_or("", PointStage::light_label);
    let spellings = [now, field.choice_label(now), light];
    let text = fold(&given.cell.text);
    (!spellings.iter().any(|s| fold(s) == text)).then(|| "状态由办理步骤决定，不能用表格改".to_owned())
}

/// Measures a sheet adds; those there stay, each with its own history.
fn new_measures(checker: &Checker<'_>, id: StreamId, field: &Field, given: &Given) -> Result<Vec<String>, String> {
    let there: Vec<String> = measures_of(checker.lookup, id);
    let cleaned: Vec<String> = there
        .iter()
        .map(|m| clean(m, true).unwrap_or_else(|_| m.clone()))
        .collect();
    let cell = clean(&given.cell.text, true)?;
    if cell == join_measures(&cleaned) || measures(&cell) == cleaned {
        return Ok(Vec::new());
    }
    let wanted = checker.lines(field, given)?;
    match wanted.strip_prefix(cleaned.as_slice()) {
        Some(more) => Ok(more.to_vec()),
        None => Err("已有的措施不能用表格改或删，只能在后面增加；请在程序里逐条办理".into()),
    }
}

/// Equal values; texts after the cleaning a sheet's cells get.
pub(super) fn same(current: &Value, new: &Value) -> bool {
    match (current, new) {
        (Value::String(a), Value::String(b)) => {
            a == b || clean(a, true).is_ok_and(|a| a == *b) || clean(a, false).is_ok_and(|a| a == *b)
        }
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.trim().is_empty(),
        (Value::Null, Value::Array(list)) | (Value::Array(list), Value::Null) => list.is_empty(),
        (Value::Null, Value::Bool(false)) | (Value::Bool(false), Value::Null) => true,
        (a, b) => a == b,
    }
}
