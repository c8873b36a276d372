//! The deadlines of any stream.

use chrono::NaiveDate;

use super::State;
use crate::domain::event::Due;

impl State {
    /// The deadline that runs now: of the current step; of a watched point, the review or ratification it owes.
    pub fn due(&self) -> Option<&Due> {
        match self {
            Self::RiskPoint(p) if p.stage.ended() && !p.to_be_looked_at_again() => None,
            Self::RiskPoint(p) => {
                let review = p.review.as_ref().map(|(_, due)| due);
                let ratify = p.unratified.as_ref().map(|(_, due)| due);
                let owed = review.into_iter().chain(ratify).min_by_key(|due| due.day);
                p.due.as_ref().or(owed)
            }
            Self::Warning(w) => w.due.as_ref(),
            Self::Admonition(a) => a.due.as_ref(),
            Self::Appeal(a) => a.due.as_ref(),
            Self::Task(t) => t.due.as_ref(),
            Self::Obligation(o) => o.due.as_ref(),
            _ => None,
        }
    }

    /// Every deadline that runs now: the current step's, a review owed, a ratification, a measure's later ones.
    pub fn running(&self) -> Vec<&Due> {
        match self {
            Self::RiskPoint(p) if p.stage.ended() && !p.to_be_looked_at_again() => Vec::new(),
            Self::RiskPoint(p) => {
                let review = p.review.as_ref().map(|(_, due)| due);
                let ratify = p.unratified.as_ref().map(|(_, due)| due);
                p.due.iter().chain(review).chain(ratify).collect()
            }
            Self::Warning(w) if w.stage.live() => {
                let ratify = w.unratified.as_ref().map(|(_, due)| due);
                w.due.iter().chain(ratify).collect()
            }
            Self::Admonition(a) => a.running(),
            other => other.due().into_iter().collect(),
        }
    }

    /// Moves a running deadline of that step and day; nothing when there is none.
    pub(super) fn move_due(&mut self, step: &str, from: NaiveDate, to: NaiveDate, provisional: bool) {
        let due = match self {
            Self::RiskPoint(p) => {
                let review = p.review.as_mut().map(|(_, due)| due);
                let ratify = p.unratified.as_mut().map(|(_, due)| due);
                p.due.iter_mut().chain(review).chain(ratify).collect::<Vec<_>>()
            }
            Self::Warning(w) => {
                let ratify = w.unratified.as_mut().map(|(_, due)| due);
                w.due.iter_mut().chain(ratify).collect()
            }
            Self::Admonition(a) => return a.move_due(step, from, to, provisional),
            Self::Appeal(a) => a.due.iter_mut().collect(),
            Self::Task(t) => t.due.iter_mut().collect(),
            Self::Obligation(o) => o.due.iter_mut().collect(),
            Self::Record(_)
            | Self::Measure(_)
            | Self::Proposal(_)
            | Self::ApprovalSheet(_)
            | Self::Adoption(_)
            | Self::Gone { .. } => Vec::new(),
        };
        if let Some(due) = due.into_iter().find(|due| due.step == step && due.day == from) {
            due.day = to;
            due.provisional = provisional;
        }
    }
}
