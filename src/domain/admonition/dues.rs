//! The deadlines a measure carries: the current step's, and those that come up later in it.

use chrono::NaiveDate;

use super::{Admonition, AdmonitionStage};
use crate::domain::event::Due;

impl Admonition {
    /// The subject has reported and waits for the office, restricted meanwhile (§0.13).
    pub fn awaits_verification(&self) -> bool {
        let waits = matches!(self.stage, AdmonitionStage::ReportFiled | AdmonitionStage::Verified);
        waits && self.effect.is_none() && !self.restricts.is_empty()
    }

    /// Every deadline that runs now, each once: one date often stands for the current step and for the correction.
    pub fn running(&self) -> Vec<&Due> {
        if !self.stage.live() {
            return Vec::new();
        }
        let checked = self.self_checked_on.is_some() || self.planned_on.is_some();
        let later = [
            self.correct_due.as_ref().filter(|_| self.reported_on.is_none()),
            self.self_check_due.as_ref().filter(|_| !checked),
            self.appeal_by.as_ref(),
        ];
        let mut found: Vec<&Due> = self.due.iter().collect();
        for due in later.into_iter().flatten() {
            if !found.iter().any(|d| d.step == due.step && d.day == due.day) {
                found.push(due);
            }
        }
        found
    }

    /// Moves a deadline wherever it is written: half of the period as served counts for an early lift, too.
    pub fn move_due(&mut self, step: &str, from: NaiveDate, to: NaiveDate, provisional: bool) {
        let all = [
            &mut self.due,
            &mut self.correct_due,
            &mut self.period,
            &mut self.self_check_due,
            &mut self.appeal_by,
        ];
        for due in all.into_iter().flatten() {
            if due.step == step && due.day == from {
                due.day = to;
                due.provisional = provisional;
            }
        }
    }
}
