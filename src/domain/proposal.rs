//! Proposal (待批, TQ) and approval sheet (呈批单, CP): an act that waits for a signature (§0.5, §0.25).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::act::Act;
use super::event::{Event, Named};
use super::ids::{BodyRef, StreamId};
use super::state::Fact;
use super::vocabulary::vocabulary;

vocabulary! {
    /// Where a proposal stands.
    ProposalStage { Waiting = "waiting" "待批",  Stayed = "stayed" "已签未办成", Accepted = "accepted" "已办", Rejected = "rejected" "已划去", Closed = "closed" "已终结", }
}

impl ProposalStage {
    /// It still asks for something.
    pub fn open(self) -> bool {
        matches!(self, Self::Waiting | Self::Stayed)
    }
}

/// State of one proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// TQ code.
    pub code: String,
    /// The full act.
    pub act: Act,
    /// Body that decides it.
    pub deciding_body: BodyRef,
    /// Capacity it was proposed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposer: Option<BodyRef>,
    /// The 呈批单 it is listed on; none while another body has yet to take it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<StreamId>,
    /// Rule and cause when no person proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where it stands.
    pub stage: ProposalStage,
    /// Why it stays or was struck out.
    #[serde(default)]
    pub reason: String,
    /// Day it was prepared.
    pub made_on: NaiveDate,
}

impl Proposal {
    /// The state at birth.
    pub fn born(event: &Event, happened: NaiveDate) -> Option<Self> {
        match event {
            Event::ProposalMade {
                code,
                act,
                deciding_body,
                proposer,
                sheet,
                rule,
            } => Some(Self {
                code: code.clone(),
                act: (**act).clone(),
                deciding_body: *deciding_body,
                proposer: *proposer,
                sheet: *sheet,
                rule: rule.clone(),
                stage: ProposalStage::Waiting,
                reason: String::new(),
                made_on: happened,
            }),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        let (stage, reason) = match fact.event {
            Event::ProposalListed { sheet } => {
                self.sheet = Some(*sheet);
                (ProposalStage::Waiting, "")
            }
            Event::ProposalAccepted { .. } => (ProposalStage::Accepted, ""),
            Event::ProposalRejected { reason } => (ProposalStage::Rejected, reason.as_str()),
            Event::ProposalStayed { reason } => (ProposalStage::Stayed, reason.as_str()),
            Event::ProposalClosed { reason } | Event::Voided { reason } => (ProposalStage::Closed, reason.as_str()),
            _ => return self,
        };
        self.stage = stage;
        self.reason = reason.to_owned();
        self
    }
}

/// State of one 呈批单.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalSheet {
    /// CP code.
    pub code: String,
    /// The proposals it lists.
    pub proposals: Vec<StreamId>,
    /// Body whose signature is asked for.
    pub deciding_body: BodyRef,
    /// Holder of the seat asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Named>,
    /// Title for lists.
    pub title: String,
    /// Day of the signature, once it came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<NaiveDate>,
    /// Day it was prepared.
    pub prepared_on: NaiveDate,
    /// Void.
    #[serde(default)]
    pub void: bool,
}

impl ApprovalSheet {
    /// The state at birth.
    pub fn born(event: &Event, happened: NaiveDate) -> Option<Self> {
        match event {
            Event::SheetPrepared {
                code,
                proposals,
                deciding_body,
                asked,
                title,
            } => Some(Self {
                code: code.clone(),
                proposals: proposals.clone(),
                deciding_body: *deciding_body,
                asked: asked.clone(),
                title: title.clone(),
                signed_on: None,
                prepared_on: happened,
                void: false,
            }),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::SheetCountersigned { signed_on, .. } => self.signed_on = Some(*signed_on),
            Event::Voided { .. } => self.void = true,
            _ => {}
        }
        self
    }
}
