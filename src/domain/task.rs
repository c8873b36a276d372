//! 指委会 task (R012): issued, reported, judged.

use serde::{Deserialize, Serialize};

use super::act::Fields;
use super::event::{Due, Event};
use super::state::{Fact, merge_fields};
use super::vocabulary::{TaskOutcome, vocabulary};

vocabulary! {
    /// Where a task stands.
    TaskStage { Issued = "issued" "办理中", Reported = "reported" "待评价", Closed = "closed" "已办结", Void = "void" "作废", }
}

/// State of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// RW code.
    pub code: String,
    /// Code it had elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_code: Option<String>,
    /// Title, kind, unit, content…
    pub fields: Fields,
    /// Where it stands.
    pub stage: TaskStage,
    /// Current deadline.
    pub due: Option<Due>,
    /// How it was executed, once judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<TaskOutcome>,
    /// How often it was reminded of.
    #[serde(default)]
    pub reminded: u32,
}

impl Task {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        match event {
            Event::TaskIssued {
                code,
                fields,
                due,
                original_code,
            } => Some(Self {
                code: code.clone(),
                original_code: original_code.clone(),
                fields: fields.clone(),
                stage: TaskStage::Issued,
                due: Some(due.clone()),
                outcome: None,
                reminded: 0,
            }),
            Event::TaskImported {
                code,
                original_code,
                fields,
                stage,
                outcome,
                due,
            } => Some(Self {
                code: code.clone(),
                original_code: original_code.clone(),
                fields: fields.clone(),
                stage: *stage,
                due: due.clone(),
                outcome: *outcome,
                reminded: 0,
            }),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::Amended { fields } => merge_fields(&mut self.fields, fields),
            Event::TaskReported { due, .. } => {
                self.stage = TaskStage::Reported;
                self.due = Some(due.clone());
            }
            Event::TaskClosed { outcome, .. } => {
                self.stage = TaskStage::Closed;
                self.outcome = Some(*outcome);
                self.due = None;
            }
            Event::Reminded { .. } => self.reminded += 1,
            Event::Voided { .. } => {
                self.stage = TaskStage::Void;
                self.due = None;
            }
            _ => {}
        }
        self
    }
}
