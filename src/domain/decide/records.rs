//! Acts on records that are data alone, and on the directory.

use serde_json::Value;

use super::{Desk, args, transfer};
use crate::domain::act::Fields;
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::identity;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::sheet::Sheet;
use crate::domain::state::{Record, State};
use crate::domain::verb::Verb;
use crate::domain::world::take_code;

/// Kinds whose births have verbs of their own.
const TYPED: &[&str] = &[
    "risk_point",
    "measure",
    "warning",
    "admonition",
    "accountability",
    "appeal",
    "task",
    "proposal",
    "approval_sheet",
];

/// The register is unknown.
pub fn no_register(name: &str) -> Refusal {
    Refusal::new("unknown_register", format!("没有台账“{name}”"))
}

/// The verb does not belong to this kind.
pub fn not_here(verb: Verb) -> Refusal {
    Refusal::new("not_applicable", format!("该事项没有“{}”这一步", verb.label()))
}

/// Creates a record; `register` names its sheet.
pub fn create(desk: &mut Desk) -> Result<(), Refusal> {
    let name = args::text(desk, "register");
    let sheet = desk
        .world
        .sheets()
        .find(&name)
        .cloned()
        .ok_or_else(|| no_register(&name))?;
    if TYPED.contains(&sheet.id.as_str()) {
        return Err(Refusal::new(
            "not_applicable",
            format!("{}有专门的登记步骤，不能直接新建", sheet.label),
        ));
    }
    let mut given = desk.act.fields.clone();
    given.remove("register");
    given.retain(|field, _| !transfer::FIELDS.contains(&field.as_str()));
    let id = desk.world.fresh_id();
    save_new(desk, id, &sheet, &given, None)?;
    Ok(())
}

/// Writes a new record after its checks; returns the event's index.
pub fn save_new(
    desk: &mut Desk,
    id: StreamId,
    sheet: &Sheet,
    given: &Fields,
    original_code: Option<String>,
) -> Result<usize, Refusal> {
    let mut fields = args::checked(desk, sheet, given)?;
    fields.retain(|_, v| !v.is_null());
    if sheet.id == "appointment" {
        appointment(desk, &mut fields)?;
    }
    let gaps = args::gaps(sheet, &fields);
    if !gaps.is_empty() {
        return Err(
            Refusal::new("missing_field", format!("{}缺少：{}", sheet.label, gaps.join("、"))).hint("补填后再保存"),
        );
    }
    if sheet.id == "unit"
        && let Some(Value::String(name)) = fields.get("name")
    {
        unused_unit_name(desk, name)?;
    }
    if sheet.id == "outside_decision" {
        transfer::outside_decision(&fields, None)?;
    }
    let change = transfer::look(desk, &sheet.id, id, None, &fields)?;
    let code = take_code(desk.world, &sheet.prefix, sheet.yearly);
    let index = desk.record(
        id,
        Event::RecordSaved {
            register: sheet.id.clone(),
            code: Some(code),
            original_code,
            fields,
        },
    );
    if let Some(change) = change {
        transfer::carry(desk, &change, index);
    }
    Ok(index)
}

fn unused_unit_name(desk: &Desk, name: &str) -> Result<(), Refusal> {
    let taken = desk
        .world
        .titled("unit", name)
        .into_iter()
        .find(|u| desk.state(*u).is_some_and(|s| s.counts()));
    match taken.and_then(|u| desk.state(u)) {
        Some(state) => Err(Refusal::new(
            "duplicate",
            format!("已有名为“{name}”的单位（{}）", state.code()),
        )),
        None => Ok(()),
    }
}

/// An appointment is a person, a post or a seat, and dates in order; its title is made from them.
fn appointment(desk: &Desk, fields: &mut Fields) -> Result<(), Refusal> {
    let text = |f: &str| fields.get(f).and_then(Value::as_str).unwrap_or_default().to_owned();
    if text("post").is_empty() && text("body").is_empty() {
        return Err(Refusal::new("missing_field", "任职须写明岗位或机构席位"));
    }
    // R009: a chair goes with a post; whoever holds the post holds the seat.
    if text("person").is_empty() && (text("post").is_empty() || text("body").is_empty()) {
        return Err(Refusal::new(
            "missing_field",
            "任职须写明人员；只有随岗位任职的席位可以不写人员",
        ));
    }
    if !text("to").is_empty() && text("to") < text("from") {
        return Err(Refusal::new(
            "wrong_field",
            format!("任职止 {} 早于任职起 {}", text("to"), text("from")),
        ));
    }
    let name_of = |id: &str| {
        StreamId::parse(id)
            .and_then(|i| desk.state(i))
            .map(|s| s.text("name"))
            .unwrap_or_default()
    };
    let seat = match BodyRef::parse(&text("body")) {
        Some(body) => {
            let role = crate::domain::SeatRole::find(&text("role")).map_or("", |r| r.label());
            format!("{}{role}", desk.body_label(body))
        }
        None => name_of(&text("post")),
    };
    let holder = if text("person").is_empty() {
        name_of(&text("post"))
    } else {
        name_of(&text("person"))
    };
    let title = format!("{holder} {seat}");
    fields.insert("title".into(), title.trim().into());
    Ok(())
}

/// Fields of the act that differ from the state, checked; refused when nothing differs.
pub fn changed_fields(desk: &Desk, state: &State) -> Result<Fields, Refusal> {
    let sheet = desk
        .world
        .sheets()
        .get(state.kind())
        .cloned()
        .ok_or_else(|| no_register(state.kind()))?;
    let mut given = desk.act.fields.clone();
    given.retain(|field, _| !transfer::FIELDS.contains(&field.as_str()));
    let mut fields = args::checked(desk, &sheet, &given)?;
    fields.retain(|id, value| state.value(id) != *value);
    if fields.is_empty() {
        return Err(Refusal::new(
            "nothing_changed",
            format!("{} 没有需要改动的内容", state.code()),
        ));
    }
    for (id, value) in &fields {
        let required = sheet.field(id).filter(|f| f.required && value.is_null());
        if let Some(field) = required {
            return Err(Refusal::new("missing_field", format!("“{}”不能为空", field.label)));
        }
    }
    Ok(fields)
}

/// One step of an existing record.
pub fn step(desk: &mut Desk, id: StreamId, record: &Record) -> Result<(), Refusal> {
    let event = match desk.act.verb {
        Verb::Amend => {
            let fields = changed_fields(desk, &State::Record(record.clone()))?;
            return amend(desk, id, record, fields);
        }
        Verb::Identify => Event::PersonIdentified {
            same_as: other_person(desk, id, "same_as")?,
        },
        Verb::Distinguish => Event::PersonDistinguished {
            from: other_person(desk, id, "from")?,
        },
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}

/// The other of two directory entries; refused when they are settled already.
fn other_person(desk: &Desk, id: StreamId, field: &str) -> Result<StreamId, Refusal> {
    let other = args::must_reference(desk, field, "person")?;
    if identity::aliases(id, desk.world).contains(&other) {
        return Err(Refusal::new("nothing_changed", "这两条人员记录已经是同一人"));
    }
    Ok(other)
}

/// Writes changed fields of a record, and what a restricted person's change of post brings about.
pub fn amend(desk: &mut Desk, id: StreamId, record: &Record, fields: Fields) -> Result<(), Refusal> {
    let before = State::Record(record.clone());
    if record.register == "outside_decision" {
        transfer::outside_decision(&fields, Some(&before))?;
    }
    let change = transfer::look(desk, &record.register, id, Some(&before), &fields)?;
    let event = Event::RecordSaved {
        register: record.register.clone(),
        code: None,
        original_code: None,
        fields,
    };
    let index = desk.record(id, event);
    if let Some(change) = change {
        transfer::carry(desk, &change, index);
    }
    Ok(())
}

/// Founds a body; a unit's bodies carry the unit.
pub fn found_body(desk: &mut Desk, body: BodyRef, unit: Option<(StreamId, &str)>, because: Option<usize>) {
    let name = body.label(unit.map_or("", |(_, n)| n));
    let mut fields = Fields::new();
    fields.insert("name".into(), name.into());
    fields.insert("body".into(), body.to_string().into());
    if let Some((unit, _)) = unit {
        fields.insert("unit".into(), unit.to_string().into());
    }
    let code = take_code(desk.world, "HY", false);
    let id = desk.world.fresh_id();
    let event = Event::RecordSaved {
        register: "body".into(),
        code: Some(code),
        original_code: None,
        fields,
    };
    desk.record_because(id, event, because);
}
