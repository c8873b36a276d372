//! Periodic reviews (§4.1, review.yearly): when a round opens, one 须办 a unit; when its last point was looked at, done.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lapses::Lapse;
use super::{Desk, deadline, routing};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::obligation::{Obligation, ObligationRule, ObligationStage};
use crate::domain::state::State;
use crate::domain::vocabulary::{DueOwner, Grade};
use crate::domain::world::{World, take_code};

/// Rule of the clock that opens a round.
pub const OPENED: &str = "review_opened";

/// The round that opened last, as something time has caused for a unit with points to be reviewed in it.
pub fn opened(unit: StreamId, world: &dyn World) -> Option<Lapse> {
    let round = world.policy().review.latest(world.today())?;
    let told = world.referrers("obligation", "origin", unit).into_iter().any(|o| {
        matches!(world.state(o).as_deref(), Some(State::Obligation(x))
            if x.rule == ObligationRule::Review && x.since == Some(round.opens))
    });
    (!told && world.reviews_owed(unit, round.due) > 0).then_some(Lapse {
        rule: OPENED,
        stream: unit,
        due: round.opens,
    })
}

/// Writes it down: how many points, until when, and who owes it.
pub fn open(desk: &mut Desk, unit: StreamId) -> Result<(), Refusal> {
    let reviews = &desk.world.policy().review;
    let Some(round) = reviews.latest(desk.world.today()) else {
        return Ok(());
    };
    let label = reviews.label(round.step).unwrap_or_default();
    let text = format!("{label} {} 个风险点", desk.world.reviews_owed(unit, round.due));
    let due = deadline::on_day(desk, round.step, round.due, DueOwner::Office);
    let body = routing::duties(desk, Grade::Yellow, routing::About::unit(unit)).lead;
    let id = desk.world.fresh_id();
    desk.record(
        id,
        Event::ObligationOpened {
            code: take_code(desk.world, "YW", true),
            rule: ObligationRule::Review,
            about: unit,
            body,
            unit: Some(unit),
            text,
            due,
        },
    );
    Ok(())
}

/// Points that still have to be reviewed for this 须办; none for any other.
pub fn left(obligation: &Obligation, world: &dyn World) -> usize {
    let review = obligation.rule == ObligationRule::Review;
    let due = obligation.due.as_ref().filter(|_| review);
    due.map_or(0, |due| world.reviews_owed(obligation.about, due.day))
}

/// By when this point has to be reviewed, and in which unit.
fn owed(desk: &Desk, state: &State) -> Option<(StreamId, NaiveDate)> {
    let State::RiskPoint(point) = state else { return None };
    Some((state.reference("unit")?, point.review_due(&desk.world.policy().review)?))
}

/// A unit whose last point of a round was reviewed, struck off or taken elsewhere by this act has done its 须办.
pub fn settle(desk: &mut Desk) {
    let mut moved: BTreeMap<StreamId, Vec<(NaiveDate, bool)>> = BTreeMap::new();
    for stream in desk.order.clone() {
        let Some(now) = desk.state(stream).filter(|s| matches!(**s, State::RiskPoint(_))) else {
            continue;
        };
        let Some(then) = desk.world.state(stream) else { continue };
        let (then, now) = (owed(desk, &then), owed(desk, &now));
        if then == now {
            continue;
        }
        for (state, more) in [(then, false), (now, true)] {
            if let Some((unit, due)) = state {
                moved.entry(unit).or_default().push((due, more));
            }
        }
    }
    for (unit, moved) in moved {
        for stream in desk.referrers("obligation", "origin", unit) {
            let Some(state) = desk.state(stream) else { continue };
            let State::Obligation(one) = &*state else { continue };
            let (ObligationRule::Review, ObligationStage::Open, Some(due)) = (one.rule, one.stage, &one.due) else {
                continue;
            };
            let count = |wanted: bool| {
                moved
                    .iter()
                    .filter(|(day, more)| *day <= due.day && *more == wanted)
                    .count()
            };
            let left = desk.world.reviews_owed(unit, due.day) + count(true);
            if count(false) > 0 && left <= count(false) {
                let because = desk.events.len().checked_sub(1);
                let result = "本轮应复核的风险点已全部复核".to_owned();
                desk.record_because(stream, Event::ObligationFulfilled { result }, because);
            }
        }
    }
}
