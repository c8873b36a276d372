//! Which key an act hangs on; what is possible, and why not, the rules say.

use super::forms::waiting;
use super::store::{ActionState, Slot};
use crate::domain::state::State;
use crate::domain::world::World;
use crate::domain::{Availability, StreamId, Verb, menu, next_step};

/// Raising and lowering on one key: which of the two it is, the target grade decides.
pub const ADJUST: &str = "adjust";

/// Before the name of a register: a new entry of it.
pub const CREATE: &str = "create:";

/// What can be done with a matter, in the order of the menu.
pub fn actions(stream: StreamId, world: &dyn World) -> Vec<ActionState> {
    let next = next_step(stream, world);
    let mut actions = Vec::new();
    let mut adjust: Vec<Availability> = Vec::new();
    for (verb, answer) in menu(stream, world) {
        match verb {
            Verb::Escalate | Verb::Deescalate => adjust.push(answer),
            // taken back from the history, step by step
            Verb::Revert => {}
            _ => actions.push(state(verb, slot(verb, next), answer)),
        }
    }
    if !adjust.is_empty() {
        let yes = adjust.contains(&Availability::Yes);
        let answer = if yes { Availability::Yes } else { adjust.swap_remove(0) };
        let adjust = ActionState {
            verb: ADJUST.into(),
            label: "调级".into(),
            ..state(Verb::Escalate, Slot::Grade, answer)
        };
        actions.insert(usize::from(!actions.is_empty()), adjust);
    }
    if matches!(
        world.state(stream).as_deref(),
        Some(State::Warning(_) | State::RiskPoint(_) | State::Task(_))
    ) {
        actions.push(state(Verb::Admonish, Slot::Admonish, Availability::Yes));
    }
    // from a matter its subject and its unit are taken over
    if matches!(
        world.state(stream).as_deref(),
        Some(State::Warning(_) | State::RiskPoint(_) | State::Task(_) | State::Admonition(_))
    ) {
        actions.push(state(Verb::HoldAccountable, Slot::More, Availability::Yes));
    }
    // a paper that is out is the next step, whatever else could be done meanwhile
    for paper in waiting(stream, world) {
        let code = world
            .state(paper)
            .map(|paper| paper.code().to_owned())
            .unwrap_or_default();
        let label = format!("回签 {code}");
        actions.insert(
            0,
            ActionState {
                label,
                ..state(Verb::Countersign, Slot::Next, Availability::Yes)
            },
        );
    }
    // the next step leads, the possible ones come before those that are not
    actions.sort_by_key(|action| (action.slot != Slot::Next, action.reason.is_some()));
    actions
}

/// What can be done in a register without picking a matter.
pub fn general(register: &str) -> Vec<ActionState> {
    let new = |verb: Verb, label: &str| ActionState {
        label: label.to_owned(),
        ..state(verb, Slot::New, Availability::Yes)
    };
    match register {
        "warning" => vec![new(Verb::Register, "信息登记")],
        "risk_point" => vec![new(Verb::Draft, "登记风险点")],
        // F8 and the menu do the same for the matter at hand; these start without
        "admonition" => vec![
            new(Verb::Admonish, "另提诫勉"),
            new(Verb::HoldAccountable, "另提问责处理"),
            ActionState {
                verb: format!("{CREATE}outside_decision"),
                ..new(Verb::Create, "录入外机关处理")
            },
        ],
        _ => Vec::new(),
    }
}

fn state(verb: Verb, slot: Slot, answer: Availability) -> ActionState {
    let reason = match answer {
        Availability::Yes => None,
        Availability::No(reason) => Some(reason),
    };
    ActionState {
        verb: verb.id().into(),
        label: verb.label().into(),
        slot,
        reason,
    }
}

fn slot(verb: Verb, next: Option<Verb>) -> Slot {
    match verb {
        _ if Some(verb) == next => Slot::Next,
        Verb::Amend => Slot::Amend,
        Verb::HandOver => Slot::Hand,
        Verb::Remind => Slot::Remind,
        _ => Slot::More,
    }
}
