//! The cells of a row → typed values; references resolved once their unit is known.

use serde_json::Value;

use crate::domain::act::Fields;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::ids::StreamId;
use crate::domain::sheet::{Field, FieldType};
use crate::domain::state::State;

use super::check::Checker;
use super::grid::Cell;
use super::resolve::Member;
use super::split;
use super::values::{self, Read};

/// A cell of a row for one field; `column` is `None` when `--set` gave it.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) column: Option<u32>,
    pub(super) cell: Cell,
}

/// The faults of one row: column, what stands there, why.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<(Option<u32>, String, String)>);

impl Faults {
    pub(super) fn add(&mut self, field: &str, given: &Given, reason: impl std::fmt::Display) {
        self.0
            .push((given.column, given.cell.text.clone(), format!("{field}：{reason}")));
    }

    pub(super) fn columns(&self) -> Vec<Option<u32>> {
        self.0.iter().map(|(column, ..)| *column).collect()
    }

    pub(super) fn join(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }
}

fn member(kind: FieldType) -> Member {
    if kind == FieldType::Post {
        Member::Post
    } else {
        Member::Person
    }
}

/// A row's typed values.
pub(super) struct Typed {
    pub(super) fields: Fields,
    pub(super) measures: Vec<String>,
}

impl Checker<'_> {
    /// Types every cell; references are resolved once their unit is known.
    pub(super) fn typed(
        &mut self,
        given: &[Option<Given>],
        current: Option<&State>,
        faults: &mut Faults,
    ) -> Result<Typed, Fault> {
        let mut typed = Typed {
            fields: Fields::new(),
            measures: Vec::new(),
        };
        let mut unit = current.and_then(|s| s.reference("unit"));
        let mut section = current.and_then(|s| s.reference("section"));
        let sheet = self.sheet;
        let rank = |f: &Field| match f.kind {
            FieldType::Unit if f.id == "unit" => 0,
            FieldType::Section => 1,
            FieldType::Post => 2,
            _ => 3,
        };
        let mut order: Vec<usize> = (0..sheet.fields.len()).collect();
        order.sort_by_key(|i| rank(&sheet.fields[*i]));
        // Without its unit nothing can be said of a post or a person; the missing unit is fault enough.
        let has_unit = sheet.fields.iter().any(|f| f.kind == FieldType::Unit && f.id == "unit");
        let mut unit_is_bad = has_unit && unit.is_none();
        for i in order {
            let field = &sheet.fields[i];
            let Some(given) = given[i].as_ref().filter(|g| !g.cell.is_blank()) else {
                continue;
            };
            if field.computed && (!field.importable() || current.is_some()) {
                continue;
            }
            let read = match field.kind {
                FieldType::Unit if field.id == "unit" => {
                    let own_section = sheet.fields.iter().position(|f| f.kind == FieldType::Section);
                    let read =
                        values::text(&given.cell, true).and_then(|t| self.resolver.unit(&t, own_section.is_some()));
                    match read {
                        Ok((id, named)) => {
                            unit = Some(id);
                            unit_is_bad = false;
                            if let (Some(name), Some(at)) = (named, own_section) {
                                match self.resolver.section(id, &name) {
                                    Ok(found) => {
                                        section = Some(found);
                                        typed
                                            .fields
                                            .insert(sheet.fields[at].id.clone(), found.to_string().into());
                                    }
                                    Err(reason) => faults.add(&field.label, given, reason),
                                }
                            }
                            Ok(Value::from(id.to_string()))
                        }
                        Err(reason) => {
                            unit_is_bad = true;
                            Err(reason)
                        }
                    }
                }
                FieldType::Lines => self.lines(field, given).map(|lines| {
                    typed.measures = lines;
                    Value::Null
                }),
                FieldType::Post | FieldType::Person if !has_unit => {
                    let text = values::text(&given.cell, false);
                    text.and_then(|text| self.resolver.anywhere(member(field.kind), &text))
                        .map(|id| id.to_string().into())
                }
                _ => self.value(i, given, unit, section, unit_is_bad),
            };
            match read {
                Ok(Value::Null) => {}
                Ok(value) => {
                    if field.kind == FieldType::Section {
                        section = value.as_str().and_then(StreamId::parse);
                    }
                    typed.fields.insert(field.id.clone(), value);
                }
                Err(reason) if given.column.is_none() => {
                    let text = format!("--set {}={}：{reason}", field.id, given.cell.text);
                    return Err(Fault::new(FaultKind::Usage, text).hint("请改正 --set 的值后重试"));
                }
                Err(reason) => faults.add(&field.label, given, reason),
            }
        }
        self.secondary_tag(given, &mut typed.fields);
        Ok(typed)
    }

    /// Types one cell; `Null` = nothing to say because its unit is not known.
    fn value(
        &mut self,
        i: usize,
        given: &Given,
        unit: Option<StreamId>,
        section: Option<StreamId>,
        unit_is_bad: bool,
    ) -> Read<Value> {
        let field = &self.sheet.fields[i];
        let cell = &given.cell;
        let id = |id: StreamId| Value::from(id.to_string());
        Ok(match field.kind {
            FieldType::Text => values::within(values::text(cell, false)?, field)?.into(),
            FieldType::Long => values::within(values::text(cell, true)?, field)?.into(),
            FieldType::Number => values::number(cell)?.into(),
            FieldType::Date => values::day(cell, self.epoch_1904, self.lookup.today(), field.ahead)?
                .to_string()
                .into(),
            FieldType::Flag => values::flag(cell)?.into(),
            FieldType::Choice => {
                let text = values::text(cell, false)?;
                self.choices
                    .get(&i)
                    .map_or_else(|| Err("没有可选的内容".into()), |c| c.read(&text))?
                    .into()
            }
            FieldType::Unit => id(self.resolver.unit(&values::text(cell, false)?, false)?.0),
            FieldType::Section | FieldType::Post | FieldType::Person => {
                let text = values::text(cell, field.kind == FieldType::Person)?;
                let Some(unit) = unit.filter(|_| !unit_is_bad) else {
                    return Ok(Value::Null);
                };
                id(match field.kind {
                    FieldType::Section => self.resolver.section(unit, &text)?,
                    FieldType::Post => self.resolver.post(unit, section, &text)?,
                    _ => self.resolver.person(unit, &text)?,
                })
            }
            FieldType::Record => id(self
                .resolver
                .record(&field.register, unit, &values::text(cell, false)?)?),
            FieldType::Body => self.resolver.body(&values::text(cell, false)?)?.to_string().into(),
            FieldType::Points => {
                let text = values::text(cell, true)?;
                let codes = text
                    .split(['、', ',', '，', ';', '；', ' ', '\n'])
                    .filter(|code| !code.is_empty());
                let found: Read<Vec<Value>> = codes.map(|code| Ok(id(self.resolver.point(code)?))).collect();
                found?.into()
            }
            FieldType::Lines => return Err("这一列不能从表格导入".into()),
        })
    }

    /// Measures of one cell.
    pub(super) fn lines(&self, field: &Field, given: &Given) -> Read<Vec<String>> {
        split::measures(&values::text(&given.cell, true)?)
            .into_iter()
            .map(|m| values::within(m, field))
            .collect()
    }

    /// 业务流程 and 外部环境 are written where the class belongs: the class they fall under, and the tag.
    fn secondary_tag(&self, given: &[Option<Given>], fields: &mut Fields) {
        let position = |id: &str| self.sheet.fields.iter().position(|f| f.id == id);
        if let (Some(class), Some(tag)) = (position("class"), position("tag"))
            && !fields.contains_key("tag")
            && let Some(given) = &given[class]
            && let Some(Ok(found)) = self.choices.get(&tag).map(|c| c.read(&given.cell.text))
        {
            fields.insert("tag".into(), found.into());
        }
    }
}
