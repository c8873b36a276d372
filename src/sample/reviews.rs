//! The rounds of review (§4.7): unit by unit, all points in one act; in a round that is still open some have not begun.

use chrono::{Datelike, Days};

use super::lifecycle::{Roles, import_day};
use super::warnings::Teller;
use crate::domain::{Act, StreamId, Verb};

/// Of so many units one has not begun, and one is half-way.
const IDLE: usize = 6;

/// Confirms what was looked at.
pub fn reviews(teller: &mut Teller, roles: &Roles) {
    let district = teller.district;
    let today = teller.days.today;
    let rounds = teller.days.policy.review.rounds();
    let years = today.year() - 1..=today.year();
    let rounds = years.flat_map(|year| rounds.iter().map(move |(_, round)| (year, *round)));
    for (year, round) in rounds {
        let (opens, due) = (round.opens.of(year), round.due.of(year));
        for unit in 0..district.places.units.len() {
            let later = 9 + u64::try_from(unit * 7 % 36).unwrap_or_default();
            let day = teller.days.workday(opens + Days::new(later));
            if import_day(teller, unit) >= opens || opens + Days::new(later) > today {
                continue;
            }
            let mut points: Vec<StreamId> = (0..district.points.len())
                .filter(|p| district.places.posts[district.points[*p].post].unit == unit)
                .filter(|p| round.grades.contains(&district.points[*p].grade))
                .filter(|p| !roles.fresh.contains_key(p) && !roles.discharged.contains(p))
                .map(|p| district.id("point", p))
                .collect();
            match unit % IDLE {
                1 if due >= today => continue,
                2 if due >= today => points.truncate(points.len() / 2),
                _ => {}
            }
            if !points.is_empty() {
                let text = "对照岗位职权、业务流程逐点核对，风险表现、等级和措施未变";
                let confirm = Act::new(Verb::Confirm, points).with("text", text);
                teller.agenda.act(day, confirm);
            }
        }
    }
}
