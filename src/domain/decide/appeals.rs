//! Appeals: filed by a person or the unit, decided by the body above, with other handlers (§4.4, §0.2).

use super::modified::modified;
use super::routing::{self, About};
use super::signing::decided;
use super::warnings::keep_apart;
use super::{Desk, args, deadline, records};
use crate::domain::admonition::Admonition;
use crate::domain::appeal::{Appeal, AppealStage};
use crate::domain::event::{AppealAnswer, AppealFiling, Event, Named};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::{AppealOutcome, Grade};
use crate::domain::world::take_code;

/// Takes an appeal against a measure. It goes on all the same: nothing else changes.
pub fn file(desk: &mut Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let appellant = args::person(desk, "appellant")?;
    let grounds = args::must_text(desk, "grounds")?;
    entitled(measure, appellant.as_ref())?;
    if let Some(by) = measure.appeal_by.as_ref().filter(|by| by.day < desk.happened) {
        return Err(Refusal::new(
            "past_due",
            format!("{} 的申诉期限到 {} 为止，已过期", measure.code, by.day),
        )
        .hint("收到日期在期限内的，按收到日期补录"));
    }
    if let Some(earlier) = earlier(desk, id, appellant.as_ref()) {
        return Err(appealed_once(&who(appellant.as_ref()), &earlier));
    }
    let body = above(desk, measure);
    desk.use_right(body)?;
    let appeal = desk.world.fresh_id();
    let event = Event::AppealFiled(AppealFiling {
        code: take_code(desk.world, "SS", true),
        against: id,
        unit: measure.unit,
        appellant,
        grounds,
        body,
        due: deadline::deadline(
            desk,
            &desk.world.policy().appeal_step("decide"),
            Grade::Yellow,
            desk.happened,
        ),
    });
    let index = desk.record(appeal, event);
    desk.record_because(id, Event::AppealLodged { appeal }, Some(index));
    desk.notes.push(format!("{} 申诉期间不停止执行", measure.code));
    Ok(())
}

fn who(appellant: Option<&Named>) -> String {
    appellant.map_or_else(|| "该单位".to_owned(), |n| n.name.clone())
}

/// A person it names, or the unit where it is about the unit.
fn entitled(measure: &Admonition, appellant: Option<&Named>) -> Result<(), Refusal> {
    match appellant {
        Some(person) if !measure.responsible.iter().any(|n| n.same_as(person)) => Err(Refusal::new(
            "not_concerned",
            format!("“{}”不是 {} 的责任人，不能申诉", person.name, measure.code),
        )
        .hint("申诉人须为决定所列责任人；单位申诉的，申诉人留空")),
        None if !measure.unit_wide => Err(Refusal::new(
            "not_concerned",
            format!("{} 不以单位为对象，由本人申诉", measure.code),
        )
        .hint("补填“申诉人”（--appellant …）")),
        _ => Ok(()),
    }
}

/// Refused when everybody who may appeal has done so.
pub fn somebody_left(desk: &Desk, id: StreamId, measure: &Admonition) -> Result<(), Refusal> {
    let unit = measure.unit_wide.then_some(None);
    let entitled = measure.responsible.iter().map(Some).chain(unit);
    let mut told = None;
    for appellant in entitled {
        match earlier(desk, id, appellant) {
            Some(code) => told = Some((who(appellant), code)),
            None => return Ok(()),
        }
    }
    match told {
        Some((who, code)) => Err(appealed_once(&who, &code)),
        None => Err(Refusal::new(
            "not_concerned",
            format!("{} 尚未指定责任人，没有可申诉的人", measure.code),
        )),
    }
}

fn appealed_once(who: &str, earlier: &str) -> Refusal {
    Refusal::new(
        "appealed_once",
        format!("{who} 已就此决定提出申诉（{earlier}），一项决定只能申诉一次"),
    )
}

fn earlier(desk: &Desk, measure: StreamId, appellant: Option<&Named>) -> Option<String> {
    let appeals = desk.referrers("appeal", "target", measure);
    appeals.into_iter().find_map(|id| match desk.state(id).as_deref() {
        Some(State::Appeal(a)) if a.stage != AppealStage::Void => {
            let same = match (&a.appellant, appellant) {
                (Some(theirs), Some(ours)) => theirs.same_as(ours),
                (None, None) => true,
                _ => false,
            };
            same.then(|| a.code.clone())
        }
        _ => None,
    })
}

/// The body above the one that decided, skipping those the people named lead or sit in. 指委会 has none above it.
fn above(desk: &Desk, measure: &Admonition) -> BodyRef {
    let upper = match measure.approved_by.unwrap_or(measure.approver) {
        BodyRef::Implementation(_) | BodyRef::Social(_) => routing::leadership(desk, measure.unit),
        _ => BodyRef::Steering,
    };
    let people = measure.responsible.iter().filter_map(|n| n.person);
    people.fold(upper, |body, person| {
        let about = About {
            unit: measure.unit,
            post: None,
            person: Some(person),
        };
        routing::recuse(desk, body, about)
    })
}

/// One step of an appeal.
pub fn step(desk: &mut Desk, id: StreamId, appeal: &Appeal) -> Result<(), Refusal> {
    match desk.act.verb {
        Verb::DecideAppeal => decide(desk, id, appeal),
        Verb::Remind => {
            let text = args::text(desk, "text");
            desk.record(id, Event::Reminded { text });
            Ok(())
        }
        Verb::Void => {
            desk.use_right(appeal.body)?;
            let reason = args::must_text(desk, "reason")?;
            desk.record(id, Event::Voided { reason });
            Ok(())
        }
        other => Err(records::not_here(other)),
    }
}

fn decide(desk: &mut Desk, id: StreamId, appeal: &Appeal) -> Result<(), Refusal> {
    let state = desk.known(appeal.against)?;
    let State::Admonition(measure) = &*state else {
        return Err(Refusal::new("not_found", "没有对应的原决定"));
    };
    let outcome = args::must_choice(desk, "outcome", AppealOutcome::find)?;
    let opinion = args::must_text(desk, "opinion")?;
    let (change, modified) = match outcome {
        AppealOutcome::Modified => (args::must_text(desk, "change")?, Some(modified(desk, measure)?)),
        _ => (String::new(), None),
    };
    let handlers = args::people(desk, "handlers")?;
    if handlers.is_empty() {
        return Err(Refusal::new("missing_field", "申诉复核须写明承办人").hint("补填“承办人”（--handlers …）"));
    }
    let mut apart = measure.handlers();
    apart.extend(measure.responsible.iter().cloned());
    apart.extend(appeal.appellant.clone());
    keep_apart(&handlers, &apart, "承办人")?;
    if let Some(own) = desk.world.operator().person
        && apart.iter().any(|n| n.person == Some(own))
    {
        return Err(Refusal::new("recused", "您在原决定中具名，申诉复核依回避规定不由您办理").hint("由其他经办人办理"));
    }
    // Who signed the first decision does not sign this one; 指委会 decides its own again by a meeting.
    let decided = decided(desk, appeal.body, &apart).map_err(|refusal| match refusal.kind.as_str() {
        "same_person" => refusal.hint("由未参与原决定的领导签批，或按“已上会”集体决定"),
        _ => refusal,
    })?;
    let index = desk.record(
        id,
        Event::AppealDecided {
            outcome,
            opinion,
            handlers,
            decided: decided.clone(),
        },
    );
    let answered = Event::AppealAnswered(AppealAnswer {
        appeal: id,
        outcome,
        change,
        modified,
        decided,
    });
    desk.record_because(appeal.against, answered, Some(index));
    Ok(())
}
