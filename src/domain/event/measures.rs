//! The larger bodies of events about measures and appeals.
//!
//! Some fields have the names of those of `Admonition`, and are not the same: these say what was proposed or served on
//! that day and are frozen with the log; those say what holds now, after everybody was named, handed over or changed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Decided, Due, Named, Weighed};
use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::vocabulary::*;

/// A measure as it was proposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    /// JT, JD, JJ or WZ code.
    pub code: String,
    /// Which measure.
    pub kind: Instrument,
    /// Trigger named.
    pub trigger: AdmonitionTrigger,
    /// Unit it is about.
    pub unit: StreamId,
    /// 责任人 picked; empty = 暂不指定 (§0.17).
    #[serde(default)]
    pub responsible: Vec<Named>,
    /// Matter it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<StreamId>,
    /// Facts as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub facts: String,
    /// Body that proposed it.
    pub proposer: BodyRef,
    /// Who proposed it, where somebody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<Named>,
    /// Body that approves and lifts it.
    pub approver: BodyRef,
    /// What it will forbid once served (none for 提醒 and 督导).
    #[serde(default)]
    pub restricts: Vec<RestrictedAct>,
    /// It is about the unit itself, with the people named or without (A13).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unit_wide: bool,
    /// What was weighed at once.
    #[serde(default, skip_serializing_if = "Weighed::is_empty")]
    pub weighed: Weighed,
    /// Deadline of the statement or approval.
    pub due: Due,
}

/// The service of a measure: its periods begin, and where it restricts until it is lifted, the restriction (A14).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Who signed for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub received_by: String,
    /// Receipt was refused; a witness is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_before: Option<String>,
    /// What is forbidden from that day.
    #[serde(default)]
    pub restricts: Vec<RestrictedAct>,
    /// It forbids until then at least (`national_overlay`, §0.1); first day without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<NaiveDate>,
    /// When the self-check is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_check_due: Option<Due>,
    /// Until when it may be appealed against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_by: Option<Due>,
    /// What is owed first, where that is a step of its own before the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Due>,
    /// When the correction is owed.
    pub due: Due,
}

/// An appeal as it was filed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppealFiling {
    /// SS code.
    pub code: String,
    /// The measure appealed against.
    pub against: StreamId,
    /// Unit it is about.
    pub unit: StreamId,
    /// Who appeals; none = the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appellant: Option<Named>,
    /// Grounds.
    pub grounds: String,
    /// Body above the decider.
    pub body: BodyRef,
    /// Deadline of the decision.
    pub due: Due,
}

/// What an appeal brought for the measure it was filed against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppealAnswer {
    /// The appeal.
    pub appeal: StreamId,
    /// What became of it.
    pub outcome: AppealOutcome,
    /// What the decision says from now on, when it was modified.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
    /// What that makes of the measure. Without it a decision that was modified ends what is forbidden from the
    /// beginning: so it was when nothing else could be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Modified>,
    /// Who decided.
    pub decided: Decided,
}

/// What a decision on appeal changed about a measure; what is left out stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Modified {
    /// The measure it becomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Instrument>,
    /// What it forbids from `from` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricts: Option<Vec<RestrictedAct>>,
    /// People it does not name from `from` on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub struck: Vec<Named>,
    /// First day without what it forbids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// New deadline of the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Since when: the day of the decision, or the first day where it holds from the beginning.
    pub from: NaiveDate,
}

impl Modified {
    /// Nothing is changed by it.
    pub fn says_nothing(&self) -> bool {
        let restriction = self.restricts.is_none() && self.until.is_none();
        self.kind.is_none() && restriction && self.struck.is_empty() && self.due.is_none()
    }
}

/// A change of post during a restriction (§0.18).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Who.
    pub person: StreamId,
    /// Which of the three cases. Not called a reason: those are free texts, and a sealing takes them out.
    pub case: TransferReason,
    /// Number of the superior's order.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// How he left, when he did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure: Option<Departure>,
    /// Matters that restricted him on that day.
    pub sources: Vec<StreamId>,
}
