//! Risk point (风险点, §4.1): its state and how events change it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::act::Fields;
use super::event::{Due, Duties, Event, Named};
use super::review::Reviews;
use super::state::{Fact, merge_fields};
use super::vocabulary::{Grade, ReviewCause, vocabulary};

vocabulary! {
    /// Where a point stands in the full chain; the light flow shows fewer (§0.15).
    PointStage {
        Draft = "draft" "草拟",
        Returned = "returned" "退回",
        Submitted = "submitted" "已申报",
        UnitReviewed = "unit_reviewed" "单位审核",
        Appraised = "appraised" "已评议",
        Graded = "graded" "已定级",
        Published = "published" "已公示",
        Monitored = "monitored" "在控",
        Resolved = "resolved" "已化解",
        Discharged = "discharged" "已销号",
        Merged = "merged" "并入",
        Retired = "retired" "职权取消",
        Void = "void" "作废",
    }
}

impl PointStage {
    /// The stage the light flow shows instead.
    pub fn light(self) -> Self {
        match self {
            Self::UnitReviewed | Self::Appraised => Self::Submitted,
            Self::Graded | Self::Published => Self::Monitored,
            Self::Returned => Self::Draft,
            other => other,
        }
    }

    /// The light flow's word for it.
    pub fn light_label(self) -> &'static str {
        match self.light() {
            Self::Submitted => "待定级",
            Self::Resolved => "待销号",
            other => other.label(),
        }
    }

    /// Graded and watched: counts as a point of its colour.
    pub fn watched(self) -> bool {
        matches!(self, Self::Graded | Self::Published | Self::Monitored | Self::Resolved)
    }

    /// Nothing more happens to it.
    pub fn ended(self) -> bool {
        matches!(self, Self::Discharged | Self::Merged | Self::Retired | Self::Void)
    }
}

/// State of one risk point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskPoint {
    /// FX code.
    pub code: String,
    /// Code it had elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_code: Option<String>,
    /// Described fields (`assets/registers/risk_point.toml`).
    pub fields: Fields,
    /// Where it stands.
    pub stage: PointStage,
    /// Grade, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Disposal and monitoring duties of that grade (R054).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duties: Option<Duties>,
    /// Current step's deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How often it was returned (R087).
    #[serde(default)]
    pub returns: u32,
    /// Came in with an existing register (初始导入).
    #[serde(default)]
    pub imported: bool,
    /// Scores, 1–5 each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<(u8, u8)>,
    /// Reviewer, appraisers and signer of the grading, kept apart from later verifiers.
    #[serde(default)]
    pub graders: Vec<Named>,
    /// Publicity: first and last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<(NaiveDate, NaiveDate)>,
    /// Day of grading or import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graded_on: Option<NaiveDate>,
    /// Publicity was withheld, with the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
    /// Objections not yet answered.
    #[serde(default)]
    pub open_objections: u32,
    /// Why it has to be looked at again, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<(ReviewCause, Due)>,
    /// Day it was last looked at as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<NaiveDate>,
    /// Days on which its grade rose (two within twelve months ask for 彻查).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raised_on: Vec<NaiveDate>,
    /// 紧急先行 not yet ratified: the grade it falls back to, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unratified: Option<(Grade, Due)>,
    /// Day it was struck off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharged_on: Option<NaiveDate>,
}

impl RiskPoint {
    /// Struck off, and what it was struck off for has changed since (§4.1): it is looked at again, nothing else.
    pub fn to_be_looked_at_again(&self) -> bool {
        self.stage == PointStage::Discharged && self.review.is_some()
    }

    /// By when it has to be reviewed next (§4.7 review.yearly); none while it is not watched.
    pub fn review_due(&self, reviews: &Reviews) -> Option<NaiveDate> {
        let watched = matches!(
            self.stage,
            PointStage::Graded | PointStage::Published | PointStage::Monitored
        );
        let looked = self.graded_on.max(self.reviewed_on).filter(|_| watched)?;
        reviews.next(self.grade?, looked, self.raised_on.last().copied())
    }

    /// The state at birth; `None` when the event is not a birth of a point.
    pub fn born(event: &Event, happened: NaiveDate) -> Option<Self> {
        let blank = |code: &String, fields: &Fields| Self {
            code: code.clone(),
            original_code: None,
            fields: fields.clone(),
            stage: PointStage::Draft,
            grade: None,
            duties: None,
            due: None,
            returns: 0,
            imported: false,
            scores: None,
            graders: Vec::new(),
            published: None,
            graded_on: None,
            withheld: None,
            open_objections: 0,
            review: None,
            reviewed_on: None,
            raised_on: Vec::new(),
            unratified: None,
            discharged_on: None,
        };
        match event {
            Event::PointDrafted { code, fields } => Some(blank(code, fields)),
            Event::PointImported {
                code,
                original_code,
                fields,
                stage,
                grade,
                duties,
            } => Some(Self {
                original_code: original_code.clone(),
                stage: *stage,
                grade: Some(*grade),
                duties: Some(*duties),
                imported: true,
                graded_on: Some(happened),
                ..blank(code, fields)
            }),
            _ => None,
        }
    }

    /// The state after an event; events of other kinds change nothing.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::Amended { fields } => merge_fields(&mut self.fields, fields),
            Event::PointSubmitted { due } => {
                self.stage = PointStage::Submitted;
                self.due = Some(due.clone());
                self.review = None;
                self.discharged_on = None;
            }
            Event::PointReviewed { reviewer } => {
                self.stage = PointStage::UnitReviewed;
                self.graders = reviewer.iter().cloned().collect();
            }
            Event::PointReturned { .. } => {
                self.stage = PointStage::Returned;
                self.returns += 1;
                self.due = None;
            }
            Event::PointAppraised {
                appraisers,
                likelihood,
                harm,
                ..
            } => {
                self.stage = PointStage::Appraised;
                self.scores = (*likelihood).zip(*harm);
                self.graders.extend(appraisers.iter().cloned());
            }
            Event::PointGraded {
                grade, duties, decided, ..
            } => {
                self.stage = PointStage::Graded;
                self.grade = Some(*grade);
                self.duties = Some(*duties);
                self.graders.extend(decided.signer.clone());
                self.graded_on = Some(fact.happened);
                self.reviewed_on = Some(fact.happened);
                self.due = None;
            }
            Event::PointPublished { from, to, .. } => {
                self.published = Some((*from, *to));
                if self.stage == PointStage::Graded {
                    self.stage = PointStage::Published;
                }
            }
            Event::PublicityWithheld { reason } => {
                self.withheld = Some(reason.clone());
                self.stage = PointStage::Monitored;
            }
            Event::ObjectionRaised { .. } => self.open_objections += 1,
            Event::ObjectionAnswered { .. } => self.open_objections = self.open_objections.saturating_sub(1),
            Event::PublicityEnded {} => self.stage = PointStage::Monitored,
            Event::ReviewOwed { cause, due } => self.review = Some((*cause, due.clone())),
            Event::ReviewConfirmed { .. } => {
                self.review = None;
                self.reviewed_on = Some(fact.happened);
            }
            Event::PointMerged { .. } => {
                self.stage = PointStage::Merged;
                self.due = None;
            }
            Event::PointGradeRaised(change) => {
                self.grade = Some(change.to);
                self.duties = Some(change.duties);
                self.raised_on.push(fact.happened);
                self.unratified = change.ratify_by.clone().map(|due| (change.from, due));
            }
            Event::PointGradeLowered(change) => {
                self.grade = Some(change.to);
                self.duties = Some(change.duties);
            }
            Event::RaiseRatified { .. } => self.unratified = None,
            Event::RaiseLapsed { back_to, duties } => {
                self.grade = Some(*back_to);
                self.duties = Some(*duties);
                self.raised_on.pop();
                self.unratified = None;
            }
            Event::PointResolved { due, .. } => {
                self.stage = PointStage::Resolved;
                self.due = Some(due.clone());
            }
            Event::ResolutionRejected { .. } => {
                self.stage = PointStage::Monitored;
                self.due = None;
            }
            Event::PointDischarged { .. } => {
                self.stage = PointStage::Discharged;
                self.discharged_on = Some(fact.happened);
                self.due = None;
            }
            Event::PointRetired { .. } => {
                self.stage = PointStage::Retired;
                self.due = None;
            }
            Event::Voided { .. } => {
                self.stage = PointStage::Void;
                self.due = None;
            }
            _ => {}
        }
        self
    }
}
