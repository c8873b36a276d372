//! Acts on measures: the three 诫勉, the ladder, the 诫勉谈话 (§4.4, §4.5).

mod checklist;
mod follow_up;
mod guard;
mod ladder;
mod open;
mod steps;
mod verify;

use super::Desk;
use crate::domain::admonition::Admonition;
use crate::domain::event::{Due, Named};
use crate::domain::identity;
use crate::domain::ids::StreamId;
use crate::domain::policy::Flow;
use crate::domain::state::State;
use crate::domain::vocabulary::Instrument;

pub use follow_up::{after_appeal, after_failure, after_service, after_task};
pub use guard::guard;
pub use open::{Proposal, admonish, hold_accountable, open};
pub use steps::step;

/// Deadline of a step of this kind of measure.
fn due(desk: &Desk, kind: Instrument, step: &str, from: chrono::NaiveDate) -> Due {
    measure_due(desk, &format!("{}.{step}", kind.id()), from)
}

/// Deadline of a step; lengths do not depend on a colour, so any column reads `days`.
fn measure_due(desk: &Desk, step: &str, from: chrono::NaiveDate) -> Due {
    super::deadline::deadline(desk, step, crate::domain::vocabulary::Grade::Yellow, from)
}

fn full(desk: &Desk) -> bool {
    desk.world.policy().flow == Flow::Full
}

/// Measures that came from a matter, in either register.
pub fn from_origin(desk: &Desk, origin: StreamId) -> Vec<(StreamId, Admonition)> {
    referring(desk, "origin", origin)
}

/// Live measures that name a person, by any stream he is known by; with the stream they name him by.
pub fn about(desk: &Desk, person: StreamId) -> Vec<(StreamId, Admonition, StreamId)> {
    let mut found: Vec<(StreamId, Admonition, StreamId)> = Vec::new();
    for known in identity::aliases(person, desk.world) {
        for (id, measure) in referring(desk, "person", known) {
            let left = measure.departed.iter().any(|d| d.person == known);
            if measure.stage.live() && !left {
                found.push((id, measure, known));
            }
        }
    }
    found
}

/// The body that approves and lifts a measure whose only subject went to another unit.
pub fn approver_after_move(desk: &Desk, measure: &Admonition, unit: StreamId) -> crate::domain::BodyRef {
    open::approver(
        desk,
        measure.kind,
        unit,
        &measure.responsible,
        measure.unit_wide,
        measure.approver,
    )
}

/// Measures that point at a stream by a relation, in either register.
fn referring(desk: &Desk, relation: &str, target: StreamId) -> Vec<(StreamId, Admonition)> {
    ["admonition", "accountability"]
        .into_iter()
        .flat_map(|kind| desk.referrers(kind, relation, target))
        .filter_map(|id| match desk.state(id).as_deref() {
            Some(State::Admonition(a)) => Some((id, (**a).clone())),
            _ => None,
        })
        .collect()
}

/// People named in it who must not decide or verify it: whom it is about, and who proposed it (G2).
fn concerned(measure: &Admonition) -> Vec<Named> {
    measure
        .responsible
        .iter()
        .chain(&measure.proposed_by)
        .cloned()
        .collect()
}
