//! Reading a register file to the end, and what its types do not say.

use std::collections::BTreeSet;

use toml::de::{DeArray, DeTable, DeValue};

use super::{FieldType, STAND_IN, Sheet, choices_of};
use crate::domain::mistake::{Mistake, line_of, read_toml};
use crate::domain::reading;

/// Reads a register; the second part says where things stand.
pub(super) fn parse(text: &str) -> Result<(Sheet, Places<'_>), Vec<Mistake>> {
    let (table, mut mistakes) = read_toml(text);
    let broken: BTreeSet<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
    let (sheet, wrong) = reading::read::<Sheet>(text, table.clone(), &|path| stand_in(path));
    mistakes.extend(wrong.into_iter().filter(|mistake| !broken.contains(&mistake.line)));
    let places = Places {
        text,
        table: table.into_inner(),
    };
    if let Some(sheet) = &sheet {
        let more = sheet.mistakes(&places).into_iter();
        mistakes.extend(more.filter(|mistake| !broken.contains(&mistake.line)));
    }
    mistakes.sort();
    mistakes.dedup();
    match sheet {
        Some(sheet) if mistakes.is_empty() => Ok((sheet, places)),
        _ => Err(mistakes),
    }
}

fn stand_in(path: &[String]) -> Option<DeValue<'static>> {
    match path.last()?.as_str() {
        "field" => Some(DeValue::Array(DeArray::new())),
        "type" => Some(DeValue::String("text".into())),
        "id" | "label" | "prefix" | "title" | "column" => Some(DeValue::String(STAND_IN.into())),
        _ => None,
    }
}

/// Where the parts of a register stand in its file.
pub(super) struct Places<'t> {
    text: &'t str,
    table: DeTable<'t>,
}

impl Places<'_> {
    /// The line of the value at a path, else of the part it belongs to, else the first.
    pub fn line(&self, path: &[&str]) -> usize {
        let whole: Vec<String> = path.iter().map(ToString::to_string).collect();
        (1..=whole.len())
            .rev()
            .find_map(|part| reading::at(&self.table, &whole[..part]))
            .map_or(1, |value| line_of(self.text, value.span().start))
    }

    fn mistake(&self, path: &[&str], reason: String) -> Mistake {
        Mistake {
            line: self.line(path),
            reason,
        }
    }
}

fn plain(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !id.is_empty() && id.chars().all(plain)
}

impl Sheet {
    fn mistakes(&self, places: &Places) -> Vec<Mistake> {
        let mut found = Vec::new();
        if !plain(&self.id) && self.id != STAND_IN {
            let reason = format!("台账编号“{}”只能用小写字母、数字和下划线", self.id);
            found.push(places.mistake(&["id"], reason));
        }
        for (at, field) in self.fields.iter().enumerate() {
            let number = at.to_string();
            let mut complain = |key: &str, reason: String| {
                found.push(places.mistake(&["field", &number, key], reason));
            };
            let stands_in = field.id == STAND_IN;
            if self.fields.iter().take(at).any(|earlier| earlier.id == field.id) && !stands_in {
                complain("id", format!("字段“{}”重复", field.id));
            }
            if !plain(&field.id) && !stands_in {
                complain("id", format!("字段编号“{}”只能用小写字母、数字和下划线", field.id));
            }
            if !field.vocabulary.is_empty() && choices_of(&field.vocabulary).is_none() {
                complain("vocabulary", format!("没有叫“{}”的选项表", field.vocabulary));
            } else if field.kind == FieldType::Choice && field.choices().is_empty() {
                complain("type", format!("字段“{}”是选项，但没有列出选项", field.label));
            }
        }
        if self.field(&self.title).is_none() && self.title != STAND_IN {
            found.push(places.mistake(&["title"], format!("标题字段“{}”不在字段之中", self.title)));
        }
        for (at, order) in self.orders.iter().enumerate() {
            if !self.field(&order.column).is_some_and(|field| field.column) && order.column != STAND_IN {
                let reason = format!("排序“{}”所用的“{}”不是列", order.label, order.column);
                found.push(places.mistake(&["order", &at.to_string(), "column"], reason));
            }
        }
        found
    }
}
