//! `do --list`: what can be done to a matter now, why the rest cannot, and each verb's fields.

use serde_json::json;

use super::asked::{self, Askable};
use super::desk::Desk;
use super::output::{self, Table};
use super::setting::Setting;
use super::{Done, names, step};
use crate::domain::Verb;
use crate::domain::available::{Availability, menu};
use crate::domain::sheet::{FieldType, Sheets, shipped_registers};
use crate::domain::verb::VERBS;

/// Verbs that are asked for elsewhere.
const ELSEWHERE: [Verb; 3] = [Verb::Import, Verb::Adopt, Verb::Found];

/// Lists the verbs of a matter, or, without a code, of the program; one verb's fields when it is named.
pub fn list(verb: Option<&str>, rest: &[String], code: &str, setting: &Setting) -> Done {
    let verb = verb.map(step::find_verb).transpose()?;
    if code.is_empty() {
        return match verb {
            Some(verb) => fields(verb, rest, setting),
            None => all(setting),
        };
    }
    let desk = Desk::open(setting)?;
    let verbs = desk.ask(|world| {
        let stream = names::matter(world, code)?;
        Ok(menu(stream, world))
    })?;
    let shown = verbs
        .into_iter()
        .filter(|(one, _)| verb.is_none_or(|verb| verb == *one));
    let rows: Vec<(Verb, bool, String)> = shown
        .map(|(verb, answer)| match answer {
            Availability::Yes => (verb, true, String::new()),
            Availability::No(reason) => (verb, false, reason),
        })
        .collect();
    if setting.json() {
        let verbs: Vec<_> = rows
            .iter()
            .map(|(verb, available, reason)| {
                json!({ "verb": verb.id(), "label": verb.label(), "available": available, "reason": reason })
            })
            .collect();
        output::json(&json!({ "verbs": verbs }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["步骤", "名称", "可办", "字段 / 不可办的原因"]).whole();
    for (verb, available, reason) in &rows {
        let rest = if *available { fields_of(*verb) } else { reason.clone() };
        table.row([verb.id(), verb.label(), if *available { "可" } else { "否" }, &rest]);
    }
    table.print()?;
    Ok(output::code::DONE)
}

fn all(setting: &Setting) -> Done {
    let specs: Vec<_> = VERBS.iter().filter(|spec| !ELSEWHERE.contains(&spec.verb)).collect();
    if setting.json() {
        let verbs: Vec<_> = specs
            .iter()
            .map(|spec| {
                json!({
                    "verb": spec.verb.id(), "label": spec.verb.label(), "available": true, "reason": "",
                    "deciding": spec.deciding, "kinds": spec.kinds, "fields": fields_json(&asked::of_verb(spec.verb)),
                })
            })
            .collect();
        output::json(&json!({ "verbs": verbs }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["步骤", "名称", "决定", "字段（* 必填）"]).whole();
    for spec in specs {
        let deciding = if spec.deciding { "须" } else { "" };
        table.row([spec.verb.id(), spec.verb.label(), deciding, &fields_of(spec.verb)]);
    }
    table.print()?;
    output::say("每个步骤都可写 --note、--happened、--late-reason；“须”决定的可写 --decision。");
    output::say("一个步骤的字段和选项：lianneng do 步骤 --list。");
    Ok(output::code::DONE)
}

/// One verb's fields with their choices; of `create` those of the register named after it.
fn fields(verb: Verb, rest: &[String], setting: &Setting) -> Done {
    let mut fields = asked::of_verb(verb);
    let (sheets, _) = Sheets::parse(&shipped_registers());
    let register = match verb {
        Verb::Draft => Some("risk_point"),
        Verb::Create | Verb::Amend => rest.first().map(String::as_str),
        _ => None,
    };
    if let Some(name) = register {
        let sheet = sheets.find(name).ok_or_else(|| {
            let all: Vec<String> = sheets
                .iter()
                .map(|sheet| format!("{} {}", sheet.id, sheet.label))
                .collect();
            output::misuse(format!("没有台账“{name}”"), format!("可写：{}。", all.join("、")))
        })?;
        fields.extend(asked::of_sheet(sheet));
    }
    if setting.json() {
        output::json(&json!({
            "verb": verb.id(), "label": verb.label(), "deciding": verb.spec().deciding, "kinds": verb.spec().kinds,
            "fields": fields_json(&fields),
        }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["字段", "名称", "必填", "可填"]).whole();
    for field in &fields {
        let choices: Vec<String> = field
            .choices
            .iter()
            .map(|(id, label)| format!("{id} {label}"))
            .collect();
        let values = match field.kind {
            FieldType::Flag => "是、否".to_owned(),
            FieldType::Date => "日期".to_owned(),
            FieldType::Number => "数字".to_owned(),
            FieldType::Unit | FieldType::Section | FieldType::Post | FieldType::Person | FieldType::Record => {
                "编号或名称".to_owned()
            }
            FieldType::Points => "风险点编号".to_owned(),
            FieldType::Body => "机构".to_owned(),
            _ => choices.join("、"),
        };
        let many = if field.many && field.kind != FieldType::Points {
            "（可写多次）"
        } else {
            ""
        };
        let flag = format!("--{}", field.id.replace('_', "-"));
        table.row([
            flag.as_str(),
            &field.label,
            if field.required { "是" } else { "" },
            &format!("{values}{many}"),
        ]);
    }
    table.print()?;
    if matches!(verb, Verb::Create | Verb::Amend) && register.is_none() {
        output::say(format!("字段随台账而定：lianneng do {} 台账 --list。", verb.id()));
    } else if fields.is_empty() {
        output::say(format!("“{}”没有自己的字段。", verb.label()));
    }
    Ok(output::code::DONE)
}

fn fields_json(fields: &[Askable]) -> Vec<serde_json::Value> {
    let one = |field: &Askable| {
        let choices: Vec<_> = field
            .choices
            .iter()
            .map(|(id, label)| json!({ "id": id, "label": label }))
            .collect();
        json!({
            "field": field.id, "label": field.label, "required": field.required, "many": field.many,
            "choices": choices,
        })
    };
    fields.iter().map(one).collect()
}

fn fields_of(verb: Verb) -> String {
    let own = match verb {
        Verb::Create => return "台账名 和该台账的字段".to_owned(),
        Verb::Amend => return "该台账的字段".to_owned(),
        Verb::Draft => return "风险点的字段".to_owned(),
        other => asked::of_verb(other),
    };
    own.iter().map(one_field).collect::<Vec<_>>().join("  ")
}

fn one_field(field: &Askable) -> String {
    let star = if field.required { "*" } else { "" };
    format!("--{}{star} {}", field.id.replace('_', "-"), field.label)
}
