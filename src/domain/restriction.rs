//! Restrictions (R092, §0.29): derived from the state of any matter, never stored as facts of their own.
//!
//! Four sources: 诫勉纠错 and 责令改正 from service to lift, the national 诫勉谈话 for six months from the decision,
//! and decisions of other organs entered with their end. A matter that was revoked, also on appeal, never restricted
//! anybody as seen from today; what was known then is asked by replay (ledger.md §2).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::admonition::{Admonition, AdmonitionStage};
use super::identity;
use super::ids::StreamId;
use super::policy::Policy;
use super::state::State;
use super::vocabulary::{Instrument, RestrictedAct};
use super::world::{Restriction, World};

/// Something a person or unit may not do for a while, by one matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RestrictionSpan {
    /// The person, or the unit (评先评优 only, A13).
    pub subject: StreamId,
    /// What is forbidden.
    pub act: RestrictedAct,
    /// First day.
    pub from: NaiveDate,
    /// First day without it; none = until it is lifted.
    pub to: Option<NaiveDate>,
}

/// What is forbidden on a day, over all sources together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// What is forbidden.
    pub act: RestrictedAct,
    /// Since when without a gap.
    pub from: NaiveDate,
    /// First day without it as far as is known; none = until it is lifted. The latest end wins.
    pub until: Option<NaiveDate>,
}

/// The last day of a period whose first free day is known: people read 至…止 as a day that still counts.
pub fn last_day(free: NaiveDate) -> NaiveDate {
    free.pred_opt().unwrap_or(free)
}

/// What `national_overlay` (§0.1) adds to a 诫勉纠错 here, for every place that shows restrictions.
pub fn overlay_note(policy: &Policy) -> String {
    let rules = policy.rules(Instrument::Correction);
    let months = rules.overlay_months.value;
    if policy.national_overlay && months > 0 {
        format!("已启用国家规定并用（national_overlay）：诫勉纠错自送达之日起至少限制 {months} 个月。")
    } else {
        "诫勉纠错的限制到解除之日为止；国家规定的六个月影响期未并用（national_overlay 未启用，可由本区启用）。"
            .to_owned()
    }
}

/// What one subject may not do on a day. `spans` are that subject's, from whatever sources.
pub fn in_force(spans: &[RestrictionSpan], day: NaiveDate) -> Vec<InForce> {
    let mut found = Vec::new();
    for act in RestrictedAct::ALL {
        let mut of_act: Vec<&RestrictionSpan> = spans.iter().filter(|s| s.act == *act).collect();
        of_act.sort_by_key(|s| s.from);
        let mut joined: Option<InForce> = None;
        for span in of_act {
            // Spans that overlap or meet are one period; with a gap before the day, the earlier ones are over.
            joined = match joined {
                Some(so_far) if so_far.until.is_none_or(|until| span.from <= until) => Some(InForce {
                    until: so_far.until.zip(span.to).map(|(a, b)| a.max(b)),
                    ..so_far
                }),
                Some(so_far) if span.from > day => Some(so_far),
                _ => Some(InForce {
                    act: *act,
                    from: span.from,
                    until: span.to,
                }),
            };
        }
        found.extend(joined.filter(|p| p.from <= day && p.until.is_none_or(|until| day < until)));
    }
    found
}

/// What restricts a person on a day, by all streams he is known by; a unit has only its own.
pub fn of_person(person: StreamId, day: NaiveDate, world: &dyn World) -> Vec<Restriction> {
    let known = identity::aliases(person, world).into_iter();
    known
        .flat_map(|alias| world.restrictions(alias, day))
        .filter(|r| r.from <= day && r.to.is_none_or(|to| day < to))
        .collect()
}

impl State {
    /// What this matter forbids to whom, past and present. Each subject and act stands in it once.
    pub fn restrictions(&self) -> Vec<RestrictionSpan> {
        let spans = match self {
            Self::Admonition(a) => of_measure(a),
            Self::Record(r) if r.register == "outside_decision" && !r.void => of_outside_decision(self),
            _ => Vec::new(),
        };
        let unique: BTreeSet<RestrictionSpan> = spans
            .into_iter()
            .filter(|s| s.to.is_none_or(|to| s.from < to))
            .collect();
        unique.into_iter().collect()
    }
}

fn of_measure(measure: &Admonition) -> Vec<RestrictionSpan> {
    // Revoked or void: it never was, for today's view.
    if matches!(measure.stage, AdmonitionStage::Revoked | AdmonitionStage::Void) {
        return Vec::new();
    }
    let until = measure.restricted_to();
    let running = measure.restricted_from().into_iter().flat_map(|from| {
        let acts = measure.forbids().iter();
        acts.map(move |act| (*act, from, until))
    });
    let eased = measure.eased.iter().map(|e| (e.act, e.from, Some(e.to)));
    let mut spans = Vec::new();
    for (act, from, to) in running.chain(eased) {
        for (person, left) in measure.subjects() {
            let to = match (to, left) {
                (Some(to), Some(left)) => Some(to.min(left)),
                (to, left) => to.or(left),
            };
            spans.push(RestrictionSpan {
                subject: person,
                act,
                from,
                to,
            });
        }
        if measure.unit_wide && act == RestrictedAct::Commendation {
            spans.push(RestrictionSpan {
                subject: measure.unit,
                act,
                from,
                to,
            });
        }
    }
    spans
}

/// Day fields are the first and the last day, as the paper states them.
fn of_outside_decision(state: &State) -> Vec<RestrictionSpan> {
    let day = |field: &str| NaiveDate::parse_from_str(&state.text(field), "%Y-%m-%d").ok();
    let (Some(subject), Some(from)) = (state.reference("person"), day("from")) else {
        return Vec::new();
    };
    let to = day("to").and_then(|last| last.succ_opt());
    let forbidden = |act: &&RestrictedAct| state.value(act.id()).as_bool() == Some(true);
    RestrictedAct::ALL
        .iter()
        .filter(forbidden)
        .map(|act| RestrictionSpan {
            subject,
            act: *act,
            from,
            to,
        })
        .collect()
}
