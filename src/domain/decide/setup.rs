//! A new office: the adopted texts and the bodies that exist once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Desk, args, records};
use crate::domain::calendar::Calendar;
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::BodyRef;
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheet;

/// Adopts policy, calendar and registers as one event with their full texts.
///
/// Fields: `policy`, `calendar` (texts), `registers` (object: file name → text).
pub fn adopt(desk: &mut Desk) -> Result<(), Refusal> {
    let policy = args::text(desk, "policy");
    let calendar = args::text(desk, "calendar");
    let registers: BTreeMap<String, String> = match desk.act.fields.get("registers") {
        Some(Value::Object(map)) => map
            .iter()
            .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
            .collect(),
        _ => BTreeMap::new(),
    };
    let mut mistakes: Vec<String> = Vec::new();
    if let Err(found) = Policy::parse(&policy) {
        mistakes.extend(found.iter().map(|m| format!("policy.toml {m}")));
    }
    if let Err(found) = Calendar::parse(&calendar) {
        mistakes.extend(found.iter().map(|m| format!("calendar.toml {m}")));
    }
    for (name, text) in &registers {
        if let Err(found) = Sheet::parse(text) {
            mistakes.extend(found.iter().map(|m| format!("{name} {m}")));
        }
    }
    if !mistakes.is_empty() {
        return Err(
            Refusal::new("broken_text", format!("文件有误，未启用：{}", mistakes.join("；"))).hint("改正后再启用"),
        );
    }
    let id = desk.world.fresh_id();
    desk.record(
        id,
        Event::TextsAdopted {
            policy,
            calendar,
            registers,
        },
    );
    Ok(())
}

/// Founds the eight bodies every office has; seats stay vacant.
pub fn found(desk: &mut Desk) -> Result<(), Refusal> {
    if desk.world.body_stream(BodyRef::Steering).is_some() {
        return Err(Refusal::new("already_founded", "机构已经建立"));
    }
    for body in BodyRef::FIXED {
        records::found_body(desk, body, None, None);
    }
    Ok(())
}
