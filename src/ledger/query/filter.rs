//! What lists are narrowed by: values as people and programs write them, turned into what columns hold.

use rusqlite::types::Value as Cell;

use super::{Ask, Reader};
use crate::domain::fault::{Fault, Refusal};
use crate::domain::sheet::{Field, FieldType};
use crate::domain::state::stage_label;
use crate::domain::{BodyRef, StreamId};
use crate::ledger::project::layout::{Table, column_name};
use crate::ledger::project::{body_key, rows};

/// One condition on a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Column in SQL, without quotes.
    pub column: String,
    /// What it must hold; null = nothing.
    pub value: Cell,
    /// How many rows it leaves, from a counter; `None` when none is kept.
    pub rows: Option<i64>,
}

impl Reader {
    /// Reads conditions against a register.
    pub(super) fn filters(&self, table: &Table, given: &[(String, String)]) -> Result<Vec<Filter>, Ask> {
        given
            .iter()
            .map(|(field, value)| self.filter(table, field, value))
            .collect()
    }

    fn filter(&self, table: &Table, name: &str, value: &str) -> Result<Filter, Ask> {
        let sheet = &table.sheet;
        let field = sheet
            .fields
            .iter()
            .find(|f| f.column && (f.id == name || f.label == name))
            .ok_or_else(|| {
                let possible: Vec<String> = sheet
                    .fields
                    .iter()
                    .filter(|f| f.column)
                    .map(|f| format!("{} {}", f.id, f.label))
                    .collect();
                Refusal::new("unknown_field", format!("{}不能按“{name}”筛选", sheet.label))
                    .hint(format!("可用：{}", possible.join("、")))
            })?;
        let value = self.column_value(table, field, value.trim())?;
        let counted = (field.filter && self.on().is_none())
            .then(|| rows::counted(&value))
            .flatten();
        let rows = counted.map(|v| self.counter(&sheet.id, &field.id, &v)).transpose()?;
        Ok(Filter {
            column: column_name(field),
            value,
            rows,
        })
    }

    /// What a column holds for a value as typed.
    fn column_value(&self, table: &Table, field: &Field, typed: &str) -> Result<Cell, Ask> {
        let wrong = |why: &str| Refusal::new("wrong_field", format!("“{}”{why}", field.label));
        if typed.is_empty() {
            return Ok(Cell::Null);
        }
        Ok(match field.kind {
            FieldType::Choice => {
                let by_label = |(id, label): &(&str, &str)| *id == typed || *label == typed;
                let shown = |id: &str| {
                    let flow = self.texts().policy.flow;
                    stage_label(&table.sheet.id, id, flow)
                        .unwrap_or_else(|| field.choice_label(id))
                        .to_owned()
                };
                let choices = field.choices();
                // The light flow's words first: 待定级 is what people read, whatever the full chain calls it.
                let by_shown = choices.iter().find(|(id, _)| field.id == "stage" && shown(id) == typed);
                let Some((id, _)) = by_shown.or_else(|| choices.iter().find(|c| by_label(c))) else {
                    let all: Vec<String> = choices.iter().map(|(id, label)| format!("{id} {label}")).collect();
                    return Err(wrong(&format!("没有“{typed}”这一选项"))
                        .hint(format!("可选：{}", all.join("、")))
                        .into());
                };
                Cell::Text(if field.id == "stage" {
                    self.light(&table.sheet.id, id)
                } else {
                    (*id).to_owned()
                })
            }
            FieldType::Number => Cell::Integer(typed.parse().map_err(|_| wrong(&format!("应为数字，现为“{typed}”")))?),
            FieldType::Flag => Cell::Integer(matches!(typed, "1" | "true" | "yes" | "是").into()),
            FieldType::Date => {
                let day = typed
                    .parse::<chrono::NaiveDate>()
                    .or_else(|_| crate::domain::day::parse_day(typed, self.today()))
                    .map_err(|e| wrong(&format!("不是日期：{e}")))?;
                Cell::Text(day.to_string())
            }
            FieldType::Body => match self.body_key(typed)? {
                Some(key) => Cell::Integer(key),
                None => return Err(unknown_body(typed).into()),
            },
            kind if kind.is_reference() => {
                let wanted = match kind {
                    FieldType::Unit => "unit",
                    FieldType::Section => "section",
                    FieldType::Post => "post",
                    FieldType::Person => "person",
                    _ => &field.register,
                };
                Cell::Integer(
                    self.row_named(wanted, typed)?
                        .ok_or_else(|| wrong(&format!("没有“{typed}”")).hint("填编号或完整名称；名称相同的填编号"))?,
                )
            }
            _ => Cell::Text(typed.to_owned()),
        })
    }

    /// The stage lists hold for a stage of the full chain.
    fn light(&self, kind: &str, id: &str) -> String {
        use crate::domain::admonition::AdmonitionStage;
        use crate::domain::point::PointStage;
        use crate::domain::policy::Flow;
        use crate::domain::warning::WarningStage;
        let light = match (self.texts().policy.flow, kind) {
            (Flow::Light, "risk_point") => PointStage::find(id).map(|s| s.light().id()),
            (Flow::Light, "warning") => WarningStage::find(id).map(|s| s.light().id()),
            (Flow::Light, "admonition") => AdmonitionStage::find(id).map(|s| s.light().id()),
            _ => None,
        };
        light.unwrap_or(id).to_owned()
    }

    /// Row id of the stream of a kind with this id, code or exact name; `None` when there is none or several.
    pub(super) fn row_named(&self, kind: &str, typed: &str) -> Result<Option<i64>, Fault> {
        let direct = match StreamId::parse(typed) {
            Some(stream) => self.row(stream)?.map(|row| row.id),
            None => self.row_with_code(typed)?,
        };
        if direct.is_some() {
            return Ok(direct);
        }
        use crate::ledger::project::layout::DIRECTORY;
        let sql = format!("SELECT id FROM stream WHERE kind = ?1 AND title = ?2 AND {DIRECTORY} AND gone = 0 LIMIT 2");
        let named: Vec<i64> = self
            .conn
            .prepare_cached(&sql)?
            .query_map((kind, typed), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(match named[..] {
            [one] => Some(one),
            _ => None,
        })
    }

    /// Key of a body written as stored, as JSON prints it (`implementation:DW-…`), or by its Chinese name.
    pub fn body_key(&self, typed: &str) -> Result<Option<i64>, Fault> {
        let of_unit = |unit: StreamId| -> Result<Option<i64>, Fault> { self.row_named("unit", &unit.to_string()) };
        if let Some(body) = BodyRef::parse(typed) {
            return body_key::key(body, of_unit);
        }
        for (word, tag) in [
            ("implementation:", body_key::IMPLEMENTATION),
            ("social:", body_key::SOCIAL),
        ] {
            if let Some(unit) = typed.strip_prefix(word) {
                return Ok(self.row_named("unit", unit)?.map(|id| id * 16 + tag));
            }
        }
        if let Some(body) = BodyRef::FIXED.into_iter().find(|b| b.label("") == typed) {
            return body_key::key(body, of_unit);
        }
        for (word, tag) in [
            ("推委会", body_key::IMPLEMENTATION),
            ("社监会(监委会)", body_key::SOCIAL),
        ] {
            if let Some(unit) = typed.strip_suffix(word) {
                return Ok(self.row_named("unit", unit)?.map(|id| id * 16 + tag));
            }
        }
        Ok(None)
    }
}

/// No body is called this.
pub fn unknown_body(typed: &str) -> Refusal {
    Refusal::new("not_found", format!("没有机构“{typed}”"))
        .hint("可用：steering、discipline、implementation:单位编号，或机构名称，如 区纪委监察局")
}
