//! What will follow: the act as filled in so far is rehearsed as if signed, and its events are told.

use super::act::act;
use super::value;
use crate::app::store::{ActRequest, FormRequest, FormSpec};
use crate::domain::event::Event;
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{Decision, Instrument, Outcome, decide};

/// Sentences shown at most.
const MOST: usize = 6;

/// What a rehearsal says.
#[derive(Default)]
pub struct Follows {
    /// In words, one line each.
    pub sentences: Vec<String>,
    /// In whose name it will be done.
    pub capacity: String,
}

/// Rehearses a form; nothing is said while something that must be filled is missing.
pub fn follows(spec: &FormSpec, request: &FormRequest, world: &dyn World) -> Follows {
    let missing = spec
        .fields
        .iter()
        .any(|f| f.required && f.default.is_empty() && value(request, &f.id).is_empty());
    if missing {
        return Follows::default();
    }
    // what stands in the form at first counts as filled in
    let mut values = request.values.clone();
    for field in spec.fields.iter().filter(|field| !field.default.is_empty()) {
        if !values.iter().any(|(id, _)| *id == field.id) {
            values.push((field.id.clone(), field.default.clone()));
        }
    }
    let asked = ActRequest {
        verb: spec.verb.clone(),
        targets: spec.doable.clone(),
        values,
        decision: None,
    };
    let Ok(mut act) = act(&asked, world) else {
        return Follows::default();
    };
    if !spec.decisions.is_empty() {
        act.decision = Some(Decision::Signed {
            signer: Some("（签批人）".into()),
            on: None,
        });
    }
    match decide(&act, world) {
        Ok(outcome) => {
            let capacity = outcome
                .acting_for
                .map(|body| Teller::new(world).body(body))
                .unwrap_or_default();
            Follows {
                sentences: sentences(&outcome, world),
                capacity,
            }
        }
        Err(refusal) => Follows {
            sentences: vec![format!("现在还不能办：{}", super::problem(&refusal).reason)],
            capacity: String::new(),
        },
    }
}

fn sentences(outcome: &Outcome, world: &dyn World) -> Vec<String> {
    let teller = Teller::new(world);
    let mut sentences = Vec::new();
    for new in &outcome.events {
        let told = teller.tell(&new.event);
        // codes of matters that do not exist yet would be guesses
        let code = world
            .state(new.stream)
            .map(|state| format!("{} ", state.code()))
            .unwrap_or_default();
        let sentence = match &new.event {
            Event::PointGradeRaised(change)
            | Event::PointGradeLowered(change)
            | Event::WarningGradeRaised(change)
            | Event::WarningGradeLowered(change) => {
                let due = change
                    .due
                    .as_ref()
                    .map(|due| format!("，期限 {}", teller.due(due)))
                    .unwrap_or_default();
                let grades = format!("{} → {}", change.from.label(), change.to.label());
                format!("{code}{}：{grades}，{}{due}", told.label, teller.duties(&change.duties))
            }
            Event::AdmonitionProposed(proposed) => {
                let who = teller.people(&proposed.responsible);
                let who = if who.is_empty() {
                    "责任人待定".to_owned()
                } else {
                    format!("责任人 {who}")
                };
                let tail = match proposed.kind {
                    _ if proposed.restricts.is_empty() => "",
                    Instrument::Correction => "；送达后在纠错期间不得提拔、调动、评先",
                    Instrument::FormalAdmonition => "；自决定之日起影响期内不得提拔、评先",
                    _ => "；送达后至解除不得提拔、调动、评先",
                };
                let (kind, body) = (proposed.kind.label(), teller.body(proposed.approver));
                format!("提出{kind}，{who}，报 {body} 批准{tail}")
            }
            _ => {
                let due = world_due(&new.event, &teller);
                format!("{code}{}{due}", told.label)
            }
        };
        sentences.push(sentence);
    }
    let rest = sentences.len().saturating_sub(MOST);
    sentences.truncate(MOST);
    if rest > 0 {
        sentences.push(format!("…… 另 {rest} 项"));
    }
    sentences.extend(outcome.notes.iter().cloned());
    sentences
}

/// The deadline a step sets.
fn world_due(event: &Event, teller: &Teller) -> String {
    let due = match event {
        Event::WarningRegistered { due, .. }
        | Event::WarningAssessed { due, .. }
        | Event::WarningReleased { due, .. }
        | Event::WarningServed { due, .. }
        | Event::FeedbackGiven { due, .. }
        | Event::Verified { due, .. }
        | Event::PeriodExtended { due, .. }
        | Event::WarningReturned { due, .. }
        | Event::WarningReopened { due, .. }
        | Event::PointSubmitted { due }
        | Event::PointResolved { due, .. }
        | Event::AdmonitionApproved { due, .. }
        | Event::TaskIssued { due, .. } => due,
        Event::AdmonitionServed(service) => service.current.as_ref().unwrap_or(&service.due),
        _ => return String::new(),
    };
    format!("，下一步期限 {}", teller.due(due))
}
