//! A post changes while its holder is restricted: recorded, not refused, but never without saying why (§0.18).
//!
//! 1 上级决定调动 keeps the restriction on the person and hands the open matter to the new unit's body; 2 录入更正
//! changes nothing else; 3 离区、退休、死亡 ends what is open against him.

use chrono::NaiveDate;
use serde_json::Value;

use super::{Desk, admonitions, args, obligations, routing};
use crate::domain::act::Fields;
use crate::domain::admonition::Admonition;
use crate::domain::event::{Duties, Event, Transfer};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::obligation::ObligationRule;
use crate::domain::restriction;
use crate::domain::state::State;
use crate::domain::vocabulary::{Departure, RestrictedAct, TransferReason};

/// Fields of the act that say why, none of the record's own.
pub const FIELDS: [&str; 3] = ["transfer_reason", "transfer_document", "departure"];

/// A change of post that has to be accounted for.
pub struct Move {
    person: StreamId,
    reason: TransferReason,
    document: String,
    departure: Option<Departure>,
    unit: Option<StreamId>,
    sources: Vec<StreamId>,
}

/// What a record to be saved changes about a restricted person's post; refused when it does not say why.
///
/// `before` is the record as it stands, none at birth. Returns none when nobody restricted is moved.
pub fn look(
    desk: &Desk,
    register: &str,
    own: StreamId,
    before: Option<&State>,
    fields: &Fields,
) -> Result<Option<Move>, Refusal> {
    let given = |field: &str| fields.get(field).and_then(Value::as_str).and_then(StreamId::parse);
    let stood = |field: &str| before.and_then(|b| b.reference(field));
    let changes = |field: &str| fields.contains_key(field) && given(field) != stood(field);
    let day_of = |field: &str| {
        let text = fields.get(field).and_then(Value::as_str);
        text.and_then(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok())
    };
    let (person, post, from) = match register {
        "person" if before.is_some() && (changes("post") || changes("unit")) => (own, given("post"), desk.happened),
        "appointment" => {
            let Some(person) = given("person").or_else(|| stood("person")) else {
                return Ok(None);
            };
            let post = given("post").or_else(|| stood("post"));
            // A seat in a body is no post; a birth that repeats the post he holds moves nobody.
            let Some(post) = post else { return Ok(None) };
            let holds = desk.state(person).and_then(|p| p.reference("post")) == Some(post);
            let moves = match before {
                None => !holds,
                Some(_) => changes("post") || changes("person") || day_of("to").is_some(),
            };
            if !moves {
                return Ok(None);
            }
            let started = if before.is_none() { day_of("from") } else { day_of("to") };
            (person, Some(post), started.unwrap_or(desk.happened))
        }
        _ => return Ok(None),
    };
    let sources = restricting(desk, person, from);
    if sources.is_empty() {
        return Ok(None);
    }
    let unit = given("unit")
        .or_else(|| post.and_then(|p| desk.state(p)).and_then(|p| p.reference("unit")))
        .filter(|_| register != "appointment" || before.is_none() || changes("post"));
    explained(desk, person, unit, sources).map(Some)
}

/// Matters that restrict somebody on a day.
fn restricting(desk: &Desk, person: StreamId, day: NaiveDate) -> Vec<StreamId> {
    let in_force = restriction::of_person(person, day, desk.world);
    let mut sources: Vec<StreamId> = in_force.into_iter().map(|r| r.source).collect();
    sources.sort();
    sources.dedup();
    sources
}

fn explained(desk: &Desk, person: StreamId, unit: Option<StreamId>, sources: Vec<StreamId>) -> Result<Move, Refusal> {
    let by_digit = |text: &str| {
        let digit = text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        digit.and_then(|n| TransferReason::ALL.get(n).copied())
    };
    let reason = args::choice(desk, "transfer_reason", |text| {
        TransferReason::find(text).or_else(|| by_digit(text))
    })?;
    let Some(reason) = reason else {
        let name = desk.state(person).map(|p| p.text("name")).unwrap_or_default();
        let codes: Vec<String> = sources
            .iter()
            .filter_map(|s| desk.state(*s))
            .map(|s| s.code().to_owned())
            .collect();
        return Err(Refusal::new(
            "restricted",
            format!("{name}正在限制期内（{}），变动岗位须写明情形", codes.join("、")),
        )
        .hint("“限制期内调动情形”填：1 上级决定调动（并填文号） 2 录入更正 3 离区、退休、死亡"));
    };
    let document = args::text(desk, "transfer_document");
    if reason == TransferReason::Ordered && document.is_empty() {
        return Err(Refusal::new("missing_field", "上级决定调动的，须填上级文号")
            .hint("补填“上级文号”（--transfer-document …）"));
    }
    Ok(Move {
        person,
        reason,
        document,
        departure: args::choice(desk, "departure", Departure::find)?.filter(|_| reason == TransferReason::Left),
        unit,
        sources,
    })
}

/// Writes down what the change brings about, after the record itself.
pub fn carry(desk: &mut Desk, change: &Move, because: usize) {
    desk.record_because(change.person, recorded(change), Some(because));
    match change.reason {
        TransferReason::EntryError => {}
        TransferReason::Ordered => {
            for (id, measure, _) in admonitions::about(desk, change.person) {
                if change.sources.contains(&id) {
                    hand_over(desk, change, id, &measure, because);
                }
            }
            tell_the_office(desk, change, because);
            desk.notes.push("限制期内调动：限制事项随人，已告指委会办公室".into());
        }
        TransferReason::Left => {
            for (id, measure, named) in admonitions::about(desk, change.person) {
                let others = measure
                    .responsible
                    .iter()
                    .filter_map(|n| n.person)
                    .any(|p| p != named && !measure.departed.iter().any(|d| d.person == p));
                let event = Event::SubjectDeparted {
                    person: named,
                    departure: change.departure,
                    ends: !others && !measure.unit_wide,
                };
                desk.record_because(id, event, Some(because));
            }
        }
    }
}

/// 指委会办公室 has a line of its own about it, wherever the matter itself stands.
fn tell_the_office(desk: &mut Desk, change: &Move, because: usize) {
    let name = desk.state(change.person).map(|p| p.text("name")).unwrap_or_default();
    let unit = change.unit.and_then(|u| desk.state(u)).map(|u| u.text("name"));
    let to = unit.map(|unit| format!("至{unit}")).unwrap_or_default();
    let text = format!("{name}限制期内调动{to}（{}）：限制事项随人，核对交接", change.document);
    let rule = ObligationRule::TransferNotice;
    obligations::open(desk, rule, change.person, BodyRef::SteeringOffice, text, because);
}

fn recorded(change: &Move) -> Event {
    Event::TransferRecorded(Transfer {
        person: change.person,
        case: change.reason,
        document: change.document.clone(),
        departure: change.departure,
        sources: change.sources.clone(),
    })
}

/// The matter goes with the person: the body that decides for his new unit leads, and the old one's line stays.
/// What is also about the old unit, or about others there, stays there; the new unit's body then only stands by.
fn hand_over(desk: &mut Desk, change: &Move, id: StreamId, measure: &Admonition, because: usize) {
    desk.record_because(id, recorded(change), Some(because));
    let Some(unit) = change.unit.filter(|u| *u != measure.unit) else {
        return;
    };
    let receiving = routing::implementation(desk, unit);
    let shared = measure.unit_wide || measure.responsible.len() > 1;
    let (stays, lead) = if shared {
        (measure.unit, measure.approver)
    } else {
        (unit, admonitions::approver_after_move(desk, measure, unit))
    };
    let co = if lead == measure.approver {
        receiving
    } else {
        measure.approver
    };
    let event = Event::HandedOver {
        unit: stays,
        reason: format!("限制期内调动（{}）", change.document),
        duties: Duties {
            lead,
            co: Some(co).filter(|co| *co != lead),
        },
    };
    desk.record_because(id, event, Some(because));
}

/// What a record of an outside decision must say: what it forbids, and days in order (§0.29).
pub fn outside_decision(fields: &Fields, before: Option<&State>) -> Result<(), Refusal> {
    let value = |field: &str| {
        fields
            .get(field)
            .cloned()
            .or_else(|| before.map(|b| b.value(field)))
            .unwrap_or(Value::Null)
    };
    let forbids = |act: &RestrictedAct| value(act.id()).as_bool() == Some(true);
    if !RestrictedAct::ALL.iter().any(forbids) {
        return Err(Refusal::new("missing_field", "外机关处理没有写明限制事项")
            .hint("“不得提拔”“不得调动”“不得评先评优”至少选一项"));
    }
    let text = |field: &str| value(field).as_str().unwrap_or_default().to_owned();
    if !text("to").is_empty() && text("to") < text("from") {
        return Err(Refusal::new(
            "wrong_field",
            format!("影响期止 {} 早于影响期起 {}", text("to"), text("from")),
        ));
    }
    Ok(())
}
