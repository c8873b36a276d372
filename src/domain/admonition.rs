//! Admonition (三诫勉, §4.4): proposed, heard, approved, served, corrected, verified, lifted or failed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::{Due, Event, Named};
use super::ids::{BodyRef, StreamId};
use super::state::Fact;
use super::vocabulary::{AdmonitionKind, AdmonitionTrigger, RestrictedAct, vocabulary};

vocabulary! {
    /// Where an admonition stands in the full chain; the light flow shows fewer (§0.15).
    AdmonitionStage {
        Proposed = "proposed" "待批准",
        Heard = "heard" "已听取说明",
        Approved = "approved" "待送达",
        Served = "served" "已送达",
        Correcting = "correcting" "整改中",
        ReportFiled = "report_filed" "待核验",
        Verified = "verified" "已核验",
        Lifted = "lifted" "已解除",
        Failed = "failed" "未通过",
        Rejected = "rejected" "不予批准",
        Replaced = "replaced" "已替换",
        Revoked = "revoked" "已撤销",
        Void = "void" "作废",
    }
}

impl AdmonitionStage {
    /// The stage the light flow shows instead.
    pub fn light(self) -> Self {
        match self {
            Self::Heard => Self::Proposed,
            Self::Served => Self::Correcting,
            Self::Verified => Self::ReportFiled,
            other => other,
        }
    }

    /// The light flow's word for it.
    pub fn light_label(self) -> &'static str {
        self.light().label()
    }

    /// Somebody still has to do something.
    pub fn live(self) -> bool {
        !matches!(
            self,
            Self::Lifted | Self::Rejected | Self::Replaced | Self::Revoked | Self::Void
        )
    }

    /// Served and not ended: restrictions hold (R092). A failed one holds on until something follows it.
    pub fn in_force(self) -> bool {
        matches!(
            self,
            Self::Served | Self::Correcting | Self::ReportFiled | Self::Verified | Self::Failed
        )
    }
}

/// State of one admonition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Admonition {
    /// JT, JD or JJ code.
    pub code: String,
    /// Which of the three.
    pub kind: AdmonitionKind,
    /// Trigger named.
    pub trigger: AdmonitionTrigger,
    /// Unit it is about.
    pub unit: StreamId,
    /// 责任人; empty = not yet picked (§0.17).
    #[serde(default)]
    pub responsible: Vec<Named>,
    /// Matter it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<StreamId>,
    /// Facts as written.
    #[serde(default)]
    pub facts: String,
    /// Body that proposed it.
    pub proposer: BodyRef,
    /// Body that approves and lifts it.
    pub approver: BodyRef,
    /// What it forbids once served.
    #[serde(default)]
    pub restricts: Vec<RestrictedAct>,
    /// Where it stands.
    pub stage: AdmonitionStage,
    /// Current step's deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Dated checklist: statement heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_on: Option<NaiveDate>,
    /// Approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<NaiveDate>,
    /// Who signed the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Named>,
    /// Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<NaiveDate>,
    /// Talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talked_on: Option<NaiveDate>,
    /// Self-check and plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_on: Option<NaiveDate>,
    /// Report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<NaiveDate>,
    /// Supervision visits and progress lines.
    #[serde(default)]
    pub visits: u32,
    /// Extended once already.
    #[serde(default)]
    pub extended: bool,
    /// How often verification failed.
    #[serde(default)]
    pub failures: u32,
    /// Who verified it.
    #[serde(default)]
    pub verifiers: Vec<Named>,
    /// Day it ended: lift, rejection, revocation…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
}

impl Admonition {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        match event {
            Event::AdmonitionProposed {
                code,
                kind,
                trigger,
                unit,
                responsible,
                origin,
                facts,
                proposer,
                approver,
                restricts,
                due,
            } => Some(Self {
                code: code.clone(),
                kind: *kind,
                trigger: *trigger,
                unit: *unit,
                responsible: responsible.clone(),
                origin: *origin,
                facts: facts.clone(),
                proposer: *proposer,
                approver: *approver,
                restricts: restricts.clone(),
                stage: AdmonitionStage::Proposed,
                due: Some(due.clone()),
                heard_on: None,
                approved_on: None,
                signer: None,
                served_on: None,
                talked_on: None,
                planned_on: None,
                reported_on: None,
                visits: 0,
                extended: false,
                failures: 0,
                verifiers: Vec::new(),
                ended_on: None,
            }),
            _ => None,
        }
    }

    fn end(&mut self, stage: AdmonitionStage, day: NaiveDate) {
        self.stage = stage;
        self.due = None;
        self.ended_on = Some(day);
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        let day = fact.happened;
        match fact.event {
            Event::ResponsibleNamed { responsible, .. } => self.responsible = responsible.clone(),
            Event::StatementHeard { .. } => {
                self.heard_on = Some(day);
                self.stage = AdmonitionStage::Heard;
            }
            Event::AdmonitionApproved { decided, due, .. } => {
                self.approved_on = Some(day);
                self.signer = decided.signer.clone();
                self.stage = AdmonitionStage::Approved;
                self.due = Some(due.clone());
            }
            Event::AdmonitionRejected { .. } => self.end(AdmonitionStage::Rejected, day),
            Event::AdmonitionReplaced { .. } => self.end(AdmonitionStage::Replaced, day),
            Event::AdmonitionServed { restricts, due, .. } => {
                self.served_on = Some(day);
                self.restricts = restricts.clone();
                self.stage = AdmonitionStage::Served;
                self.due = Some(due.clone());
            }
            Event::Talked { .. } => self.talked_on = Some(day),
            Event::PlanFiled { due, .. } => {
                self.planned_on = Some(day);
                self.stage = AdmonitionStage::Correcting;
                self.due = Some(due.clone());
            }
            Event::ProgressLogged { .. } => self.visits += 1,
            Event::PeriodExtended { due, .. } => {
                self.extended = true;
                self.due = Some(due.clone());
            }
            Event::FeedbackGiven { due, .. } => {
                self.reported_on = Some(day);
                self.stage = AdmonitionStage::ReportFiled;
                self.due = Some(due.clone());
            }
            Event::Verified {
                passed, verifiers, due, ..
            } => {
                self.verifiers = verifiers.clone();
                self.due = Some(due.clone());
                if *passed {
                    self.stage = AdmonitionStage::Verified;
                } else {
                    self.failures += 1;
                    self.reported_on = None;
                    self.stage = AdmonitionStage::Correcting;
                }
            }
            Event::AdmonitionFailed { verifiers, due, .. } => {
                self.verifiers = verifiers.clone();
                self.failures += 1;
                self.stage = AdmonitionStage::Failed;
                self.due = Some(due.clone());
            }
            Event::AdmonitionLifted { .. } => self.end(AdmonitionStage::Lifted, day),
            Event::AdmonitionRevoked { .. } => self.end(AdmonitionStage::Revoked, day),
            Event::Voided { .. } => self.end(AdmonitionStage::Void, day),
            _ => {}
        }
        self
    }
}
