//! What was typed after `do`, as an act: codes to streams, `field=value` by the verb's table or the register's.

use serde_json::Value;

use super::names;
use super::output::misuse;
use crate::domain::act::Fields;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::sheet::{FieldType, Sheet};
use crate::domain::world::World;
use crate::domain::{Act, Verb};

/// A field that may be given.
#[derive(Debug, Clone)]
pub struct Askable {
    /// Id in `--field`.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What it holds.
    pub kind: FieldType,
    /// Refused without it.
    pub required: bool,
    /// Several values may be given.
    pub many: bool,
    /// Closed list: id and label.
    pub choices: Vec<(String, String)>,
}

/// The act that `codes` and `given` (`field=value` each) describe.
pub fn act(verb: Verb, codes: &[String], given: &[String], world: &dyn World) -> Result<Act, Stop> {
    let mut codes = codes.to_vec();
    let mut given = given.to_vec();
    if verb == Verb::Create && !codes.is_empty() {
        given.push(format!("register={}", codes.remove(0)));
    }
    let creates = verb.spec().kinds.is_empty();
    if creates && !codes.is_empty() {
        return Err(misuse(
            format!("“{}”不写编号，多写了“{}”", verb.label(), codes.join("、")),
            usage_of(verb),
        ));
    }
    if !creates && codes.is_empty() {
        return Err(
            Refusal::new("missing_target", format!("“{}”没有指明事项", verb.label()))
                .hint("请在步骤后面写事项编号。")
                .into(),
        );
    }
    let mut act = Act::new(verb, Vec::new());
    for code in &codes {
        let stream = names::matter(world, code)?;
        if !act.targets.contains(&stream) {
            act.seen.push((stream, world.version(stream)));
            act.targets.push(stream);
        }
    }
    let askable = askable(&act, &given, world)?;
    act.fields = fields(verb, &askable, &given, world)?;
    Ok(act)
}

fn usage_of(verb: Verb) -> String {
    format!("字段见 lianneng do {} --list。", verb.id())
}

/// The fields of an act: the verb's, or its register's.
fn askable(act: &Act, given: &[String], world: &dyn World) -> Result<Vec<Askable>, Stop> {
    let sheet = match act.verb {
        Verb::Create => {
            let named = given
                .iter()
                .find_map(|one| one.strip_prefix("register=").or(one.strip_prefix("台账=")));
            let Some(name) = named else {
                return Err(misuse(
                    "“新建”没有写台账",
                    "如 lianneng do create 单位 --name 区财政局。",
                ));
            };
            Some(register(world, name)?)
        }
        Verb::Amend => {
            let kind = act
                .targets
                .first()
                .and_then(|target| world.state(*target))
                .map(|state| state.kind().to_owned());
            kind.map(|kind| register(world, &kind)).transpose()?
        }
        other => of_verb_register(other, world),
    };
    let mut all = of_verb(act.verb);
    if act.verb == Verb::Create {
        all.push(plain("register", "台账"));
    }
    if let Some(sheet) = sheet {
        all.extend(of_sheet(&sheet));
    }
    Ok(all)
}

fn register(world: &dyn World, name: &str) -> Result<Sheet, Stop> {
    world.sheets().find(name).map(|sheet| (**sheet).clone()).ok_or_else(|| {
        let all: Vec<String> = world
            .sheets()
            .iter()
            .map(|sheet| format!("{} {}", sheet.id, sheet.label))
            .collect();
        misuse(format!("没有台账“{name}”"), format!("可写：{}。", all.join("、")))
    })
}

/// The register whose fields a creating verb takes.
fn of_verb_register(verb: Verb, world: &dyn World) -> Option<Sheet> {
    (verb == Verb::Draft)
        .then(|| world.sheets().get("risk_point").map(|sheet| (**sheet).clone()))
        .flatten()
}

/// The verb's own fields.
pub fn of_verb(verb: Verb) -> Vec<Askable> {
    let owned = |choices: Vec<(&'static str, &'static str)>| {
        choices
            .into_iter()
            .map(|(id, label)| (id.to_owned(), label.to_owned()))
            .collect()
    };
    let fields = verb.spec().fields.iter();
    fields
        .map(|field| Askable {
            id: field.id.to_owned(),
            label: field.label.to_owned(),
            kind: field.kind,
            required: field.required,
            many: field.many,
            choices: crate::domain::sheet::choices_of(field.vocabulary)
                .map(owned)
                .unwrap_or_default(),
        })
        .collect()
}

/// A register's fields that people fill in.
pub fn of_sheet(sheet: &Sheet) -> Vec<Askable> {
    let fields = sheet.fields.iter().filter(|field| !field.computed);
    fields
        .map(|field| Askable {
            id: field.id.clone(),
            label: field.label.clone(),
            kind: field.kind,
            required: field.required,
            many: matches!(field.kind, FieldType::Lines | FieldType::Points),
            choices: field
                .choices()
                .into_iter()
                .map(|(id, label)| (id.to_owned(), label.to_owned()))
                .collect(),
        })
        .collect()
}

fn plain(id: &str, label: &str) -> Askable {
    Askable {
        id: id.to_owned(),
        label: label.to_owned(),
        kind: FieldType::Text,
        required: true,
        many: false,
        choices: Vec::new(),
    }
}

fn fields(verb: Verb, askable: &[Askable], given: &[String], world: &dyn World) -> Result<Fields, Stop> {
    let mut fields = Fields::new();
    for one in given {
        let Some((name, value)) = one.split_once('=') else {
            return Err(misuse(format!("--field 应写成 字段=值，现为“{one}”"), usage_of(verb)));
        };
        let Some(field) = find(askable, name) else {
            return Err(misuse(
                format!("“{}”没有字段“--{name}”", verb.label()),
                format!("可写：{}。", listed(askable)),
            ));
        };
        let value = match field.kind {
            // Bodies are stored by stream; people type codes and names.
            FieldType::Body => Value::String(names::body(world, value)?.to_string()),
            _ => Value::String(value.to_owned()),
        };
        match fields.get_mut(&field.id) {
            None if field.many => drop(fields.insert(field.id.clone(), Value::Array(vec![value]))),
            None => drop(fields.insert(field.id.clone(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(_) => {
                return Err(misuse(
                    format!("“--{name}”写了两次"),
                    format!("“{}”只能有一个值。", field.label),
                ));
            }
        }
    }
    Ok(fields)
}

/// A field by its id (`received-by`, `received_by`) or its Chinese name, with or without what stands in brackets.
fn find<'a>(askable: &'a [Askable], name: &str) -> Option<&'a Askable> {
    let id = name.trim().replace('-', "_");
    let short = |label: &'a str| label.split('（').next().unwrap_or(label);
    askable.iter().find(|field| field.id == id).or_else(|| {
        askable
            .iter()
            .find(|field| field.label == name || short(&field.label) == name)
    })
}

fn listed(askable: &[Askable]) -> String {
    let all: Vec<String> = askable
        .iter()
        .map(|field| format!("--{} {}", field.id.replace('_', "-"), field.label))
        .collect();
    if all.is_empty() {
        "（没有字段）".to_owned()
    } else {
        all.join("、")
    }
}
