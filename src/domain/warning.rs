//! Warning (预警事项, §4.3): the five systems from report to lift.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::act::Fields;
use super::event::{Due, Duties, Event, Named};
use super::ids::StreamId;
use super::redact::SEALED;
use super::source;
use super::state::{Fact, merge_fields};
use super::vocabulary::{Grade, Urgency, vocabulary};

vocabulary! {
    /// Where a warning stands in the full chain; the light flow shows fewer (§0.15).
    WarningStage {
        Registered = "registered" "待评估",
        Assessed = "assessed" "待发布",
        Released = "released" "待送达",
        Served = "served" "已送达",
        Rectifying = "rectifying" "整改中",
        FeedbackGiven = "feedback_given" "待核验",
        Verified = "verified" "已核验",
        Referring = "referring" "待移送",
        Lifted = "lifted" "已解除",
        NotAccepted = "not_accepted" "不予受理",
        Merged = "merged" "已并件",
        Declined = "declined" "不予预警",
        ClueTransferred = "clue_transferred" "已移送",
        Withdrawn = "withdrawn" "已撤销",
        Void = "void" "作废",
    }
}

impl WarningStage {
    /// The stage the light flow shows instead.
    pub fn light(self) -> Self {
        match self {
            Self::Served => Self::Rectifying,
            Self::Verified => Self::FeedbackGiven,
            other => other,
        }
    }

    /// The light flow's word for it.
    pub fn light_label(self) -> &'static str {
        self.light().label()
    }

    /// The matter stands in a queue.
    pub fn live(self) -> bool {
        matches!(
            self,
            Self::Registered
                | Self::Assessed
                | Self::Released
                | Self::Served
                | Self::Rectifying
                | Self::FeedbackGiven
                | Self::Verified
                | Self::Referring
        )
    }

    /// The subject has begun to correct it: causes and plan are in.
    pub fn rectified(self) -> bool {
        matches!(
            self,
            Self::Rectifying | Self::FeedbackGiven | Self::Verified | Self::Lifted
        )
    }

    /// A warning has been given and is not yet lifted: its points are 预警中.
    pub fn in_force(self) -> bool {
        self.live() && !matches!(self, Self::Registered | Self::Assessed | Self::Referring)
    }
}

/// State of one warning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// YJ code.
    pub code: String,
    /// Code it had elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_code: Option<String>,
    /// Source, received_on, unit, post, person, content…
    pub fields: Fields,
    /// Linked points.
    #[serde(default)]
    pub points: Vec<StreamId>,
    /// Urgency at registration.
    pub urgency: Urgency,
    /// Where it stands.
    pub stage: WarningStage,
    /// Grade, once assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// 主办 and 协办.
    pub duties: Duties,
    /// Current step's deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Analysts of the last assessment.
    #[serde(default)]
    pub analysts: Vec<Named>,
    /// Who released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub releaser: Option<Named>,
    /// Who verified it.
    #[serde(default)]
    pub verifiers: Vec<Named>,
    /// Day of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<NaiveDate>,
    /// The plan is in.
    #[serde(default)]
    pub planned: bool,
    /// Extended once already.
    #[serde(default)]
    pub extended: bool,
    /// How often verification failed.
    #[serde(default)]
    pub failures: u32,
    /// How often it was raised.
    #[serde(default)]
    pub raised: u32,
    /// 紧急先行 not yet ratified: the grade it falls back to, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unratified: Option<(Grade, Due)>,
    /// Feedback day of the current round, for §0.13's "waits for us since".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_on: Option<NaiveDate>,
    /// Day it ended, whichever way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    /// Envelopes with who told it; never in a list, never searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Day on which they were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_erased_on: Option<NaiveDate>,
}

impl Warning {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        match event {
            Event::WarningRegistered {
                code,
                fields,
                points,
                urgency,
                duties,
                due,
                original_code,
            } => Some(Self {
                code: code.clone(),
                original_code: original_code.clone(),
                fields: fields.clone(),
                points: points.clone(),
                urgency: *urgency,
                stage: WarningStage::Registered,
                grade: None,
                duties: *duties,
                due: Some(due.clone()),
                analysts: Vec::new(),
                releaser: None,
                verifiers: Vec::new(),
                served_on: None,
                planned: false,
                extended: false,
                failures: 0,
                raised: 0,
                unratified: None,
                feedback_on: None,
                ended_on: None,
                sources: Vec::new(),
                source_erased_on: None,
            }),
            Event::WarningImported {
                code,
                original_code,
                fields,
                points,
                urgency,
                stage,
                grade,
                duties,
                due,
                served_on,
                ended_on,
            } => Some(Self {
                code: code.clone(),
                original_code: original_code.clone(),
                fields: fields.clone(),
                points: points.clone(),
                urgency: *urgency,
                stage: *stage,
                grade: *grade,
                duties: *duties,
                analysts: Vec::new(),
                releaser: None,
                verifiers: Vec::new(),
                served_on: *served_on,
                planned: stage.rectified(),
                extended: false,
                failures: 0,
                raised: 0,
                unratified: None,
                // When the feedback really came is not known; from the import on it waits for us.
                feedback_on: due
                    .as_ref()
                    .filter(|_| *stage == WarningStage::FeedbackGiven)
                    .map(|due| due.from),
                due: due.clone(),
                ended_on: *ended_on,
                sources: Vec::new(),
                source_erased_on: None,
            }),
            _ => None,
        }
    }

    /// Its content was sealed: only that it was, and where it went, is left (§0.9).
    pub fn sealed(&self) -> bool {
        self.stage == WarningStage::ClueTransferred
            || self.fields.get("content").and_then(serde_json::Value::as_str) == Some(SEALED)
    }

    /// What people read where the source would stand.
    pub fn source_shown(&self) -> Option<&'static str> {
        match (self.sources.is_empty(), self.source_erased_on) {
            (false, _) => Some(source::SHOWN),
            (true, Some(_)) => Some("已清除"),
            (true, None) => None,
        }
    }

    fn end(&mut self, stage: WarningStage, day: NaiveDate) {
        self.stage = stage;
        self.due = None;
        self.ended_on = Some(day);
    }

    fn step(&mut self, stage: WarningStage, due: &Due) {
        self.stage = stage;
        self.due = Some(due.clone());
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::Amended { fields } => merge_fields(&mut self.fields, fields),
            Event::WarningAssessed {
                grade,
                analysts,
                points,
                duties,
                due,
                ..
            } => {
                self.grade = Some(*grade);
                self.analysts = analysts.clone();
                for point in points {
                    if !self.points.contains(point) {
                        self.points.push(*point);
                    }
                }
                self.duties = *duties;
                self.step(WarningStage::Assessed, due);
            }
            Event::ReportRejected { .. } => self.end(WarningStage::NotAccepted, fact.happened),
            Event::WarningMerged { .. } => self.end(WarningStage::Merged, fact.happened),
            Event::WarningDeclined { .. } => self.end(WarningStage::Declined, fact.happened),
            Event::WarningWithdrawn { .. } => self.end(WarningStage::Withdrawn, fact.happened),
            Event::Voided { .. } => self.end(WarningStage::Void, fact.happened),
            Event::WarningReturned { due, .. } => self.step(WarningStage::Registered, due),
            Event::WarningReleased { decided, due, .. } => {
                self.releaser = decided.signer.clone();
                self.step(WarningStage::Released, due);
            }
            Event::WarningServed { due, .. } => {
                self.served_on = Some(fact.happened);
                self.step(WarningStage::Served, due);
            }
            Event::PlanFiled { due, .. } => {
                self.planned = true;
                self.step(WarningStage::Rectifying, due);
            }
            Event::PeriodExtended { due, .. } => {
                self.extended = true;
                self.due = Some(due.clone());
            }
            Event::FeedbackGiven { due, .. } => {
                self.feedback_on = Some(fact.happened);
                self.step(WarningStage::FeedbackGiven, due);
            }
            Event::Verified {
                passed, verifiers, due, ..
            } => {
                self.verifiers = verifiers.clone();
                self.feedback_on = None;
                if *passed {
                    self.step(WarningStage::Verified, due);
                } else {
                    self.failures += 1;
                    self.step(WarningStage::Rectifying, due);
                }
            }
            Event::WarningLifted { .. } => self.end(WarningStage::Lifted, fact.happened),
            Event::WarningReopened { due, .. } => {
                self.ended_on = None;
                self.extended = false;
                self.failures = 0;
                self.step(WarningStage::Rectifying, due);
            }
            Event::WarningGradeRaised(change) | Event::WarningGradeLowered(change) => {
                if matches!(fact.event, Event::WarningGradeRaised(_)) {
                    self.raised += 1;
                }
                self.unratified = change.ratify_by.clone().map(|due| (change.from, due));
                self.grade = Some(change.to);
                self.duties = change.duties;
                self.due = change.due.clone().or(self.due);
            }
            Event::RaiseRatified { .. } => self.unratified = None,
            Event::RaiseLapsed { back_to, duties } => {
                self.grade = Some(*back_to);
                self.duties = *duties;
                self.raised = self.raised.saturating_sub(1);
                self.unratified = None;
            }
            Event::PassedUp { duties, due, .. } => {
                self.duties = *duties;
                self.due = Some(due.clone());
            }
            Event::SourceSealed { source_sealed } if !source_sealed.is_empty() => {
                self.sources.push(source_sealed.clone());
            }
            Event::SourceErased { .. } => {
                self.sources.clear();
                self.source_erased_on = Some(fact.happened);
            }
            Event::ClueReferred { due, .. } => self.step(WarningStage::Referring, due),
            Event::ClueTransferred { .. } => self.end(WarningStage::ClueTransferred, fact.happened),
            Event::HandedOver { unit, duties, .. } => {
                self.fields
                    .insert("unit".into(), serde_json::Value::String(unit.to_string()));
                self.duties = *duties;
            }
            _ => {}
        }
        self
    }
}
