//! Acts on measures (R041): planned, carried out, found effective.

use super::{Desk, args, records};
use crate::domain::act::Fields;
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::StreamId;
use crate::domain::measure::Measure;
use crate::domain::verb::Verb;
use crate::domain::world::take_code;

/// Plans a measure for a point; its unit is the point's.
pub fn plan(desk: &mut Desk, point: StreamId, text: &str, given: Option<&Fields>) -> StreamId {
    let mut fields = Fields::new();
    fields.insert("text".into(), text.into());
    if let Some(unit) = desk.state(point).and_then(|p| p.reference("unit")) {
        fields.insert("unit".into(), unit.to_string().into());
    }
    for (from, to) in [("owner", "owner"), ("due", "by")] {
        if let Some(value) = given.and_then(|g| g.get(from)) {
            fields.insert(to.into(), value.clone());
        }
    }
    let measure = desk.world.fresh_id();
    let code = take_code(desk.world, "CS", true);
    desk.record(
        measure,
        Event::MeasureAdded {
            code,
            fields,
            points: vec![point],
        },
    );
    measure
}

/// One step of an existing measure.
pub fn step(desk: &mut Desk, id: StreamId, measure: &Measure) -> Result<(), Refusal> {
    let event = match desk.act.verb {
        Verb::LinkMeasure => {
            let mut points = args::references(desk, "points", "risk_point")?;
            points.retain(|p| !measure.points.contains(p));
            if points.is_empty() {
                return Err(Refusal::new(
                    "nothing_changed",
                    format!("{} 已关联所填风险点", measure.code),
                ));
            }
            Event::MeasureLinked { points }
        }
        Verb::ImplementMeasure => Event::MeasureImplemented {
            evidence: args::text(desk, "evidence"),
        },
        Verb::RateMeasure => Event::MeasureRated {
            effective: args::must_flag(desk, "effective")?,
            opinion: args::text(desk, "opinion"),
        },
        Verb::Amend => {
            let state = crate::domain::State::Measure(measure.clone());
            Event::Amended {
                fields: records::changed_fields(desk, &state)?,
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
