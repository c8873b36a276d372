//! What a decision on appeal makes of a measure, and what it forbids to whom since when (§4.4).

use chrono::NaiveDate;

use super::{Admonition, AdmonitionStage, Departed, Eased};
use crate::domain::event::{AppealAnswer, Modified};
use crate::domain::ids::StreamId;
use crate::domain::instrument::Observed;
use crate::domain::vocabulary::{AppealOutcome, RestrictedAct};

impl Admonition {
    /// What it forbids, once it does.
    pub fn forbids(&self) -> &[RestrictedAct] {
        self.effect.as_ref().map_or(&self.restricts, |effect| &effect.acts)
    }

    /// First day of what it forbids; none before.
    pub fn restricted_from(&self) -> Option<NaiveDate> {
        let from = self.effect.as_ref().map(|effect| effect.from).or(self.served_on);
        from.filter(|_| !self.forbids().is_empty())
    }

    /// First day without what it forbids; none = until it is lifted.
    pub fn restricted_to(&self) -> Option<NaiveDate> {
        let to = match &self.effect {
            Some(effect) => Some(effect.to),
            None => self
                .ended_on
                .map(|day| self.at_least.map_or(day, |least| day.max(least))),
        };
        match (to, self.until) {
            (Some(to), Some(until)) => Some(to.min(until)),
            (to, until) => to.or(until),
        }
    }

    /// People it forbids something to, each with the day from which it does not concern him any more.
    pub fn subjects(&self) -> Vec<(StreamId, Option<NaiveDate>)> {
        let left = |person: &StreamId| self.departed.iter().find(|d| d.person == *person).map(|d| d.on);
        let named = self.responsible.iter().filter_map(|n| n.person);
        let now = named.map(|person| (person, left(&person)));
        let struck = self.struck.iter().map(|s| {
            let day = left(&s.person).map_or(s.on, |left| left.min(s.on));
            (s.person, Some(day))
        });
        now.chain(struck).collect()
    }

    pub(super) fn answered(&mut self, answer: &AppealAnswer, day: NaiveDate) {
        self.appeal = None;
        match (answer.outcome, &answer.modified) {
            (AppealOutcome::Upheld, _) => {}
            (AppealOutcome::Revoked, _) => self.end(AdmonitionStage::Revoked, day),
            (AppealOutcome::Modified, Some(modified)) => {
                self.change.clone_from(&answer.change);
                self.modify(modified);
            }
            (AppealOutcome::Modified, None) => {
                self.change.clone_from(&answer.change);
                self.restricts = Vec::new();
                self.effect = None;
                self.at_least = None;
            }
        }
    }

    fn modify(&mut self, modified: &Modified) {
        if let Some(left) = &modified.restricts {
            self.ease(left, modified.from);
        }
        if let Some(until) = modified.until {
            self.until = Some(until);
        }
        if let Some(kind) = modified.kind {
            // Nothing is waited for any more where the effect of the decision was.
            let waits = self.kind.terms().observed == Observed::Effect && kind.terms().observed != Observed::Effect;
            if waits && self.stage == AdmonitionStage::Observing {
                self.stage = AdmonitionStage::Correcting;
            }
            self.kind = kind;
        }
        for named in &modified.struck {
            self.responsible.retain(|n| !n.same_as(named));
            self.struck.extend(named.person.map(|person| Departed {
                person,
                on: modified.from,
                departure: None,
            }));
        }
        if let Some(due) = &modified.due {
            if self.due.as_ref().is_some_and(|d| d.step == due.step) {
                self.due = Some(due.clone());
            }
            self.correct_due = Some(due.clone());
        }
    }

    /// Forbids only `left` from a day on; what it forbade until then stays.
    fn ease(&mut self, left: &[RestrictedAct], on: NaiveDate) {
        if let Some(from) = self.restricted_from() {
            let to = self.restricted_to().map_or(on, |to| to.min(on));
            let over = self.forbids().iter().filter(|act| !left.contains(act));
            let eased: Vec<Eased> = over.map(|act| Eased { act: *act, from, to }).collect();
            self.eased.extend(eased.into_iter().filter(|e| e.from < e.to));
        }
        match &mut self.effect {
            Some(effect) if !left.is_empty() => effect.acts = left.to_vec(),
            _ => {
                self.effect = None;
                self.restricts = left.to_vec();
            }
        }
        if left.is_empty() {
            self.at_least = None;
        }
    }
}
