//! Appeal (申诉, §4.4): against the decision on a measure, decided in writing by the body above.
//!
//! A small stream of its own, not a state of the measure: it stands in another body's queue with a deadline of its
//! own, while the measure goes on in its queue with its own (execution is not suspended). Of two people who are named,
//! each may appeal, once: an appeal that failed for one must not cost the other his. The measure only remembers that
//! an appeal is open, and what became of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::{Due, Event, Named};
use super::ids::{BodyRef, StreamId};
use super::state::Fact;
use super::vocabulary::{AppealOutcome, vocabulary};

vocabulary! {
    /// Where an appeal stands.
    AppealStage { Filed = "filed" "待复核", Upheld = "upheld" "已维持", Modified = "modified" "已变更", Revoked = "revoked" "已撤销原决定", Void = "void" "作废", }
}

/// State of one appeal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appeal {
    /// SS code.
    pub code: String,
    /// The measure appealed against.
    pub against: StreamId,
    /// Unit it is about.
    pub unit: StreamId,
    /// Who appeals; none = the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appellant: Option<Named>,
    /// Grounds as written.
    pub grounds: String,
    /// Body that decides.
    pub body: BodyRef,
    /// Where it stands.
    pub stage: AppealStage,
    /// Deadline of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Day it came in.
    pub filed_on: NaiveDate,
    /// Who handled it.
    #[serde(default)]
    pub handlers: Vec<Named>,
    /// The written opinion.
    #[serde(default)]
    pub opinion: String,
    /// Day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
}

impl Appeal {
    /// The state at birth.
    pub fn born(event: &Event, happened: NaiveDate) -> Option<Self> {
        match event {
            Event::AppealFiled(filing) => Some(Self {
                code: filing.code.clone(),
                against: filing.against,
                unit: filing.unit,
                appellant: filing.appellant.clone(),
                grounds: filing.grounds.clone(),
                body: filing.body,
                stage: AppealStage::Filed,
                due: Some(filing.due.clone()),
                filed_on: happened,
                handlers: Vec::new(),
                opinion: String::new(),
                decided_on: None,
            }),
            _ => None,
        }
    }

    /// Value of a computed column; none when empty or unknown.
    pub fn value(&self, field: &str) -> Option<Value> {
        let text = |t: &dyn std::fmt::Display| Value::String(t.to_string());
        match field {
            "against" => Some(text(&self.against)),
            "unit" => Some(text(&self.unit)),
            "person" => self.appellant.as_ref().and_then(|n| n.person).map(|p| text(&p)),
            "appellant" => self.appellant.as_ref().map(|n| text(&n.name)),
            "grounds" => Some(text(&self.grounds)),
            "filed_on" => Some(text(&self.filed_on)),
            "decided_on" => self.decided_on.map(|d| text(&d)),
            "handlers" => Some(self.handlers.iter().map(|n| Value::String(n.name.clone())).collect()),
            "opinion" => Some(text(&self.opinion)),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::AppealDecided {
                outcome,
                opinion,
                handlers,
                ..
            } => {
                self.stage = match outcome {
                    AppealOutcome::Upheld => AppealStage::Upheld,
                    AppealOutcome::Modified => AppealStage::Modified,
                    AppealOutcome::Revoked => AppealStage::Revoked,
                };
                self.opinion = opinion.clone();
                self.handlers = handlers.clone();
                self.decided_on = Some(fact.happened);
            }
            Event::Voided { .. } => self.stage = AppealStage::Void,
            _ => return self,
        }
        self.due = None;
        self
    }
}
