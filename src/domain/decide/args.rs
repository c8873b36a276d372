//! Reading an act's fields by the verb's table: typed, or refused with the field's name.

use chrono::NaiveDate;
use serde_json::Value;

use super::Desk;
use crate::domain::act::Fields;
use crate::domain::event::Named;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::domain::state::State;
use crate::domain::{day, sheet};

fn label(desk: &Desk, field: &str) -> String {
    desk.act
        .verb
        .spec()
        .field(field)
        .map_or_else(|| field.to_owned(), |f| f.label.to_owned())
}

fn missing(desk: &Desk, field: &str) -> Refusal {
    let label = label(desk, field);
    Refusal::new("missing_field", format!("“{}”缺少“{label}”", desk.act.verb.label()))
        .hint(format!("补填“{label}”（--{} …）", field.replace('_', "-")))
}

fn wrong(desk: &Desk, field: &str, why: &str) -> Refusal {
    let label = label(desk, field);
    Refusal::new("wrong_field", format!("“{}”的“{label}”{why}", desk.act.verb.label()))
}

/// Text as given, trimmed; empty when left out.
pub fn text(desk: &Desk, field: &str) -> String {
    match desk.act.fields.get(field) {
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::Bool(b)) => b.to_string(),
        _ => String::new(),
    }
}

/// Text that must be given, no longer than 2,000 characters.
pub fn must_text(desk: &Desk, field: &str) -> Result<String, Refusal> {
    let given = text(desk, field);
    if given.is_empty() {
        return Err(missing(desk, field));
    }
    if given.chars().count() > 2_000 {
        return Err(wrong(desk, field, "超过 2000 字"));
    }
    Ok(given)
}

/// A day in any form people type; `None` when left out.
pub fn date(desk: &Desk, field: &str) -> Result<Option<NaiveDate>, Refusal> {
    let given = text(desk, field);
    if given.is_empty() {
        return Ok(None);
    }
    // Deadlines may lie ahead, so the full form is tried before the form that looks back.
    if let Ok(day) = NaiveDate::parse_from_str(&given, "%Y-%m-%d") {
        return Ok(Some(day));
    }
    day::parse_day(&given, desk.world.today())
        .map(Some)
        .map_err(|e| wrong(desk, field, &format!("不是日期：{e}")))
}

/// A day that must be given.
pub fn must_date(desk: &Desk, field: &str) -> Result<NaiveDate, Refusal> {
    date(desk, field)?.ok_or_else(|| missing(desk, field))
}

/// A score from 1 to 5; `None` when left out.
pub fn score(desk: &Desk, field: &str) -> Result<Option<u8>, Refusal> {
    match text(desk, field).as_str() {
        "" => Ok(None),
        given => match given.parse() {
            Ok(n @ 1..=5) => Ok(Some(n)),
            _ => Err(wrong(desk, field, "应为 1 至 5")),
        },
    }
}

/// Yes or no; `None` when left out.
pub fn flag(desk: &Desk, field: &str) -> Result<Option<bool>, Refusal> {
    match text(desk, field).as_str() {
        "" => Ok(None),
        "true" | "yes" | "1" | "是" | "通过" | "有效" => Ok(Some(true)),
        "false" | "no" | "0" | "否" | "不通过" | "无效" => Ok(Some(false)),
        _ => Err(wrong(desk, field, "应为 是 或 否（true/false）")),
    }
}

/// A flag that must be given.
pub fn must_flag(desk: &Desk, field: &str) -> Result<bool, Refusal> {
    flag(desk, field)?.ok_or_else(|| missing(desk, field))
}

/// A value of a closed list by id or label; `None` when left out.
pub fn choice<T: Copy>(desk: &Desk, field: &str, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    let given = text(desk, field);
    if given.is_empty() {
        return Ok(None);
    }
    find(&given).map(Some).ok_or_else(|| {
        let list = desk
            .act
            .verb
            .spec()
            .field(field)
            .map(|f| f.vocabulary)
            .unwrap_or_default();
        let choices = sheet::choices_of(list).unwrap_or_default();
        let all: Vec<String> = choices.iter().map(|(id, label)| format!("{id} {label}")).collect();
        wrong(desk, field, &format!("没有“{given}”这一选项")).hint(format!("可选：{}", all.join("、")))
    })
}

/// A choice that must be given.
pub fn must_choice<T: Copy>(desk: &Desk, field: &str, find: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    choice(desk, field, find)?.ok_or_else(|| missing(desk, field))
}

/// Several values: an array, or text separated by 、 or commas.
pub fn several(desk: &Desk, field: &str) -> Vec<String> {
    split_values(desk.act.fields.get(field))
}

fn split_values(value: Option<&Value>) -> Vec<String> {
    let split = |s: &str| -> Vec<String> {
        s.split(['、', ',', '，', ';', '；'])
            .map(|p| p.trim().to_owned())
            .filter(|p| !p.is_empty())
            .collect()
    };
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).flat_map(split).collect(),
        Some(Value::String(s)) => split(s),
        _ => Vec::new(),
    }
}

/// People named in a step: by stream id, code or name; a name unknown to the directory stays a name.
pub fn people(desk: &Desk, field: &str) -> Result<Vec<Named>, Refusal> {
    // "0" means 暂不指定 (§0.17).
    several(desk, field)
        .into_iter()
        .filter(|n| n != "0")
        .map(|n| named(desk, field, &n))
        .collect()
}

/// One named person; `None` when left out.
pub fn person(desk: &Desk, field: &str) -> Result<Option<Named>, Refusal> {
    Ok(people(desk, field)?.into_iter().next())
}

/// Resolves a name as written.
pub fn named(desk: &Desk, field: &str, given: &str) -> Result<Named, Refusal> {
    let by_id = StreamId::parse(given).or_else(|| desk.world.by_code(given));
    if let Some(id) = by_id
        && let Some(state) = desk.state(id)
        && state.kind() == "person"
    {
        return Ok(Named {
            person: Some(id),
            name: state.text("name"),
        });
    }
    match desk.world.titled("person", given).as_slice() {
        [] => Ok(Named {
            person: None,
            name: given.to_owned(),
        }),
        [one] => Ok(Named {
            person: Some(*one),
            name: given.to_owned(),
        }),
        several => Err(ambiguous(desk, &label(desk, field), given, several)),
    }
}

fn ambiguous(desk: &Desk, label: &str, given: &str, candidates: &[StreamId]) -> Refusal {
    let listed: Vec<String> = candidates
        .iter()
        .filter_map(|c| desk.state(*c))
        .map(|s| {
            let unit = s
                .reference("unit")
                .and_then(|u| desk.state(u))
                .map(|u| u.text("name"))
                .unwrap_or_default();
            format!("{} {}", s.code(), unit)
        })
        .collect();
    Refusal::new("ambiguous", format!("“{label}”：有 {} 个“{given}”", candidates.len()))
        .hint(format!("改填编号：{}", listed.join("；")))
}

/// A stream of a kind, by stream id, code or exact name; `None` when left out.
pub fn reference(desk: &Desk, field: &str, kind: &str) -> Result<Option<StreamId>, Refusal> {
    let given = text(desk, field);
    if given.is_empty() {
        Ok(None)
    } else {
        resolve(desk, &label(desk, field), kind, &given).map(Some)
    }
}

/// A reference that must be given.
pub fn must_reference(desk: &Desk, field: &str, kind: &str) -> Result<StreamId, Refusal> {
    reference(desk, field, kind)?.ok_or_else(|| missing(desk, field))
}

/// Streams of a kind named in a field.
pub fn references(desk: &Desk, field: &str, kind: &str) -> Result<Vec<StreamId>, Refusal> {
    several(desk, field)
        .iter()
        .map(|given| resolve(desk, &label(desk, field), kind, given))
        .collect()
}

/// Risk points named in a value, by stream id or code.
pub fn points(desk: &Desk, label: &str, value: Option<&Value>) -> Result<Vec<StreamId>, Refusal> {
    split_values(value)
        .iter()
        .map(|given| resolve(desk, label, "risk_point", given))
        .collect()
}

fn resolve(desk: &Desk, label: &str, kind: &str, given: &str) -> Result<StreamId, Refusal> {
    if let Some(id) = StreamId::parse(given).or_else(|| desk.world.by_code(given)) {
        return match desk.state(id) {
            Some(state) if state.kind() == kind => Ok(id),
            _ => Err(Refusal::new(
                "wrong_reference",
                format!("“{label}”：“{given}”不是{}", kind_label(desk, kind)),
            )),
        };
    }
    let live = |id: &StreamId| desk.state(*id).is_some_and(|s| s.counts());
    let found: Vec<StreamId> = desk.world.titled(kind, given).into_iter().filter(live).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Refusal::new(
            "not_found",
            format!("“{label}”：没有名为“{given}”的{}", kind_label(desk, kind)),
        )
        .hint("核对名称，或先建立后再填")),
        several => Err(ambiguous(desk, label, given, several)),
    }
}

fn kind_label(desk: &Desk, kind: &str) -> String {
    desk.world
        .sheets()
        .get(kind)
        .map_or_else(|| kind.to_owned(), |s| s.label.clone())
}

/// Checks and normalises the fields of a record against its sheet; computed fields are refused.
pub fn checked(desk: &Desk, sheet: &Sheet, given: &Fields) -> Result<Fields, Refusal> {
    let mut checked = Fields::new();
    for (id, value) in given {
        let Some(field) = sheet.field(id) else {
            return Err(Refusal::new(
                "unknown_field",
                format!("“{}”没有字段“{id}”", sheet.label),
            ));
        };
        if field.computed {
            return Err(Refusal::new(
                "computed_field",
                format!("“{}”由办理过程产生，不能直接填写", field.label),
            ));
        }
        checked.insert(id.clone(), normalise(desk, sheet, field, value)?);
    }
    Ok(checked)
}

/// Required fields that are still empty, as labels.
pub fn gaps(sheet: &Sheet, fields: &Fields) -> Vec<String> {
    let empty = |f: &&Field| f.required && !f.computed && fields.get(&f.id).is_none_or(Value::is_null);
    sheet.fields.iter().filter(empty).map(|f| f.label.clone()).collect()
}

fn normalise(desk: &Desk, sheet: &Sheet, field: &Field, value: &Value) -> Result<Value, Refusal> {
    let bad = |why: String| Refusal::new("wrong_field", format!("“{}”的“{}”{why}", sheet.label, field.label));
    let given = match value {
        Value::Null => return Ok(Value::Null),
        Value::String(s) if s.trim().is_empty() => return Ok(Value::Null),
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Array(_) | Value::Object(_) => String::new(),
    };
    Ok(match field.kind {
        FieldType::Text | FieldType::Long => {
            if given.chars().count() > field.longest() {
                return Err(bad(format!("超过 {} 字", field.longest())));
            }
            if given.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
                return Err(bad("含有控制字符".into()));
            }
            Value::String(given)
        }
        FieldType::Number => match given.parse::<i64>() {
            Ok(n) if n >= 0 => Value::from(n),
            _ => return Err(bad(format!("应为数字，现为“{given}”"))),
        },
        FieldType::Date => {
            let day = NaiveDate::parse_from_str(&given, "%Y-%m-%d")
                .or_else(|_| day::parse_day(&given, desk.world.today()))
                .map_err(|e| bad(format!("不是日期：{e}")))?;
            Value::String(day.to_string())
        }
        FieldType::Choice => match field
            .choices()
            .into_iter()
            .find(|(id, label)| *id == given || *label == given)
        {
            Some((id, _)) => Value::String(id.to_owned()),
            None => {
                let all: Vec<&str> = field.choices().into_iter().map(|(_, label)| label).collect();
                return Err(bad(format!("没有“{given}”这一选项")).hint(format!("可选：{}", all.join("、"))));
            }
        },
        FieldType::Flag => match given.as_str() {
            "true" | "yes" | "1" | "是" => Value::Bool(true),
            "false" | "no" | "0" | "否" => Value::Bool(false),
            _ => return Err(bad("应为 是 或 否".into())),
        },
        FieldType::Unit | FieldType::Section | FieldType::Post | FieldType::Person | FieldType::Record => {
            let kind = match field.kind {
                FieldType::Unit => "unit",
                FieldType::Section => "section",
                FieldType::Post => "post",
                FieldType::Person => "person",
                _ => &field.register,
            };
            Value::String(resolve(desk, &field.label, kind, &given)?.to_string())
        }
        FieldType::Body => match crate::domain::BodyRef::parse(&given) {
            Some(body) => Value::String(body.to_string()),
            None => return Err(bad(format!("没有“{given}”这一机构"))),
        },
        FieldType::Points => {
            let ids: Result<Vec<Value>, Refusal> = split_values(Some(value))
                .iter()
                .map(|p| resolve(desk, &field.label, "risk_point", p).map(|id| Value::String(id.to_string())))
                .collect();
            Value::Array(ids?)
        }
        FieldType::Lines => match value {
            Value::Array(lines) => Value::Array(lines.clone()),
            _ => Value::Array(vec![Value::String(given)]),
        },
    })
}

/// Text of a record's title, for sentences.
pub fn title(state: &State) -> String {
    let text = ["description", "content", "title", "name", "text"]
        .into_iter()
        .map(|f| state.text(f));
    let found = text.into_iter().find(|t| !t.is_empty()).unwrap_or_default();
    found.chars().take(24).collect()
}
