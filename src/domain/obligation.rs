//! Obligation (须办): what must happen because something else happened; listed until done, late when late.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::{Due, Event};
use super::ids::{BodyRef, StreamId};
use super::state::Fact;
use super::vocabulary::vocabulary;

vocabulary! {
    /// Which rule brought an obligation.
    ObligationRule {
        Minutes = "minutes" "补录会议记录",
        Aggregate = "aggregate" "合并分析",
        SourceReply = "source_reply" "向来源反馈",
        ThoroughCheck = "thorough_check" "安排彻查",
        VetoReview = "veto_review" "一票否决审核",
        Personnel = "personnel" "提请组织人事部门研究",
        Recall = "recall" "收回文书、澄清",
        TransferNotice = "transfer_notice" "限制期内调动",
        LateVerification = "late_verification" "督促核验",
        Review = "review" "定期复核",
    }
}

vocabulary! {
    /// Where an obligation stands.
    ObligationStage { Open = "open" "须办", Done = "done" "已办", Void = "void" "作废", }
}

/// State of one obligation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    /// YW code.
    pub code: String,
    /// Which rule brought it.
    pub rule: ObligationRule,
    /// The matter it comes from.
    pub about: StreamId,
    /// Body that owes it.
    pub body: BodyRef,
    /// Unit it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<StreamId>,
    /// What is to be done, in words.
    pub text: String,
    /// Deadline.
    pub due: Option<Due>,
    /// Day it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// Where it stands.
    pub stage: ObligationStage,
    /// What was done, in words.
    #[serde(default)]
    pub result: String,
}

impl Obligation {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        match event {
            Event::ObligationOpened {
                code,
                rule,
                about,
                body,
                unit,
                text,
                due,
            } => Some(Self {
                code: code.clone(),
                rule: *rule,
                about: *about,
                body: *body,
                unit: *unit,
                text: text.clone(),
                due: Some(due.clone()),
                since: Some(due.from),
                stage: ObligationStage::Open,
                result: String::new(),
            }),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        match fact.event {
            Event::ObligationFulfilled { result } => {
                self.stage = ObligationStage::Done;
                self.result = result.clone();
                self.due = None;
            }
            Event::Voided { .. } => {
                self.stage = ObligationStage::Void;
                self.due = None;
            }
            _ => {}
        }
        self
    }
}
