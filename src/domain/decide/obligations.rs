//! Obligations: opened by `follow`, fulfilled by whoever owes them.

use super::{Desk, args, deadline, records};
use crate::domain::event::{Due, Event};
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::obligation::{Obligation, ObligationRule, ObligationStage};
use crate::domain::state::State;
use crate::domain::verb::Verb;
use crate::domain::vocabulary::Grade;
use crate::domain::world::take_code;

/// Opens an obligation about a matter, unless the same one already stands open.
pub fn open(
    desk: &mut Desk,
    rule: ObligationRule,
    about: StreamId,
    body: BodyRef,
    text: String,
    because: impl Into<Option<usize>>,
) {
    let same = |o: StreamId| matches!(desk.state(o).as_deref(), Some(State::Obligation(x)) if x.rule == rule && x.stage == ObligationStage::Open);
    if desk.referrers("obligation", "origin", about).into_iter().any(same) {
        return;
    }
    let due: Due = deadline::deadline(desk, &format!("obligation.{}", rule.id()), Grade::Yellow, desk.happened);
    let unit = desk.state(about).and_then(|s| s.reference("unit"));
    let code = take_code(desk.world, "YW", true);
    let id = desk.world.fresh_id();
    desk.record_because(
        id,
        Event::ObligationOpened {
            code,
            rule,
            about,
            body,
            unit,
            text,
            due,
        },
        because.into(),
    );
}

/// One step of an obligation.
pub fn step(desk: &mut Desk, id: StreamId, obligation: &Obligation) -> Result<(), Refusal> {
    let event = match desk.act.verb {
        Verb::Fulfil => {
            desk.use_right(obligation.body)?;
            Event::ObligationFulfilled {
                result: args::must_text(desk, "result")?,
            }
        }
        Verb::Void => Event::Voided {
            reason: args::must_text(desk, "reason")?,
        },
        other => return Err(records::not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}
