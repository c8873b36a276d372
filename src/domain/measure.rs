//! Measure (防范措施): serves one or several points (N:M, R041).

use serde::{Deserialize, Serialize};

use super::act::Fields;
use super::event::Event;
use super::ids::StreamId;
use super::state::{Fact, merge_fields};
use super::vocabulary::vocabulary;

vocabulary! {
    /// Where a measure stands: 计划 · 已落实 · 有效 (§0.15).
    MeasureStage { Planned = "planned" "计划", Implemented = "implemented" "已落实", Effective = "effective" "有效", Ineffective = "ineffective" "无效", Void = "void" "作废", }
}

/// State of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// CS code.
    pub code: String,
    /// Text and other fields.
    pub fields: Fields,
    /// Points it serves.
    pub points: Vec<StreamId>,
    /// Where it stands.
    pub stage: MeasureStage,
}

impl Measure {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        match event {
            Event::MeasureAdded { code, fields, points } => Some(Self {
                code: code.clone(),
                fields: fields.clone(),
                points: points.clone(),
                stage: MeasureStage::Planned,
            }),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::Amended { fields } => merge_fields(&mut self.fields, fields),
            Event::MeasureLinked { points } => {
                for point in points {
                    if !self.points.contains(point) {
                        self.points.push(*point);
                    }
                }
            }
            Event::MeasureImplemented { .. } => self.stage = MeasureStage::Implemented,
            Event::MeasureRated { effective: true, .. } => self.stage = MeasureStage::Effective,
            Event::MeasureRated { effective: false, .. } => self.stage = MeasureStage::Ineffective,
            Event::Voided { .. } => self.stage = MeasureStage::Void,
            _ => {}
        }
        self
    }
}
