//! Publicity of a point: two dates, objections, or withheld with a reason (§4.1, R073, A23).

use super::signing::decided;
use super::{Desk, args, records};
use crate::domain::event::Event;
use crate::domain::fault::Refusal;
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::point::RiskPoint;
use crate::domain::verb::Verb;

/// One step of publicity.
pub fn step(desk: &mut Desk, id: StreamId, point: &RiskPoint) -> Result<(), Refusal> {
    let lead = point.duties.map_or(BodyRef::SteeringOffice, |d| d.lead);
    let event = match desk.act.verb {
        Verb::Publish => publish(desk, point, lead)?,
        Verb::Withhold => {
            let reason = args::must_text(desk, "reason")?;
            decided(desk, BodyRef::SteeringOffice, &[])?;
            Event::PublicityWithheld { reason }
        }
        Verb::Object => {
            let text = args::must_text(desk, "text")?;
            Event::ObjectionRaised { text }
        }
        Verb::AnswerObjection => {
            desk.use_right(lead)?;
            Event::ObjectionAnswered {
                text: args::must_text(desk, "text")?,
            }
        }
        other => return Err(records::not_here(other)),
    };
    desk.record(id, event);
    Ok(())
}

fn publish(desk: &Desk, point: &RiskPoint, lead: BodyRef) -> Result<Event, Refusal> {
    let (from, to) = (args::must_date(desk, "from")?, args::must_date(desk, "to")?);
    if to < from {
        return Err(Refusal::new("wrong_field", format!("公示止 {to} 早于公示起 {from}")));
    }
    let least = desk.world.policy().publicity_workdays;
    if desk.world.calendar().workdays_between(from, to) < i64::from(least.value) {
        return Err(
            Refusal::new("publicity_too_short", format!("公示期不足 {} 个工作日", least.value)).hint("延后“公示止”"),
        );
    }
    // A23: posts, powers and measures are published, never names.
    let text = |f: &str| {
        point
            .fields
            .get(f)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let public = format!("{}{}{}", text("description"), text("consequence"), text("power"));
    if let Some(name) = named_in(desk, point, &public) {
        return Err(
            Refusal::new("not_deidentified", format!("{} 的公示内容含有人名“{name}”", point.code))
                .hint("先“修改”，去掉姓名，改写岗位"),
        );
    }
    let channel = args::text(desk, "channel");
    if desk.world.policy().flow == crate::domain::policy::Flow::Full && channel.is_empty() {
        return Err(Refusal::new("missing_field", "“公示”缺少“异议渠道”").hint("补填“异议渠道”（--channel …）"));
    }
    desk.use_right(lead)?;
    Ok(Event::PointPublished { from, to, channel })
}

/// A name of the unit's own people that stands in the text.
fn named_in(desk: &Desk, point: &RiskPoint, text: &str) -> Option<String> {
    let unit = point
        .fields
        .get("unit")
        .and_then(serde_json::Value::as_str)
        .and_then(StreamId::parse)?;
    desk.referrers("person", "unit", unit)
        .into_iter()
        .filter_map(|p| desk.state(p))
        .map(|p| p.text("name"))
        .find(|name| name.chars().count() > 1 && text.contains(name.as_str()))
}
