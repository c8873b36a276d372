//! 三诫勉 by F8: which kind and which trigger, those that do not fit named with the rules' own reason.

use super::fields::of_verb;
use super::value;
use crate::app::store::{FieldKind, FieldSpec, FormRequest};
use crate::domain::world::World;
use crate::domain::{Act, AdmonitionTrigger, Instrument, Refusal, StreamId, Verb, decide};

/// The fields, with what the rules say about each choice.
pub fn fields(request: &FormRequest, origin: Option<StreamId>, world: &dyn World) -> Vec<FieldSpec> {
    let mut fields = of_verb(Verb::Admonish, origin, world);
    let picked = Instrument::find(value(request, "kind"));
    for field in &mut fields {
        let FieldKind::Choice(choices) = &mut field.kind else {
            continue;
        };
        for choice in choices {
            choice.reason = match (field.id.as_str(), picked) {
                ("kind", _) => Instrument::find(&choice.id).and_then(|kind| kind_reason(kind, origin, world)),
                ("trigger", Some(kind)) => {
                    let trigger = AdmonitionTrigger::find(&choice.id);
                    trigger
                        .and_then(|trigger| refused(kind, trigger, origin, world))
                        .map(|refusal| refusal.reason)
                }
                _ => None,
            };
        }
        // the kind decides which triggers there are
        field.live = field.id == "kind";
    }
    fields
}

/// Why a kind cannot be proposed whatever the trigger.
fn kind_reason(kind: Instrument, origin: Option<StreamId>, world: &dyn World) -> Option<String> {
    let answers: Option<Vec<Refusal>> = AdmonitionTrigger::ALL
        .iter()
        .map(|trigger| refused(kind, *trigger, origin, world))
        .collect();
    // when all are refused, the last one is not about a single trigger
    answers
        .and_then(|all| all.into_iter().next_back())
        .map(|refusal| refusal.reason)
}

/// What the rules say against this pair, nothing else being looked at.
fn refused(
    kind: Instrument,
    trigger: AdmonitionTrigger,
    origin: Option<StreamId>,
    world: &dyn World,
) -> Option<Refusal> {
    let act = Act::new(Verb::Admonish, origin.into_iter().collect())
        .with("kind", kind.id())
        .with("trigger", trigger.id());
    let refusal = decide(&act, world).err()?;
    matches!(refusal.kind.as_str(), "only_by_raising" | "wrong_trigger").then_some(refusal)
}
