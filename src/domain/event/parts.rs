//! What several events share: names, decisions, deadlines, duties, grade moves, weights.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{BodyRef, StreamId};
use crate::domain::vocabulary::*;

/// A person named in a step: known to the directory, or by name only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The directory's stream, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<StreamId>,
    /// The name as written.
    pub name: String,
}

impl Named {
    /// The same person, as far as is known: by stream when both have one, else by name.
    pub fn same_as(&self, other: &Self) -> bool {
        match (self.person, other.person) {
            (Some(a), Some(b)) => a == b,
            _ => self.name == other.name,
        }
    }
}

/// Who decided, as recorded (§0.5): never the clerk who pressed the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// `signed`, `meeting` or `account` (the operator is a leader himself).
    pub how: String,
    /// Body whose right was used.
    pub body: BodyRef,
    /// The signer; none for a meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Named>,
    /// Day of the signature or meeting.
    pub on: NaiveDate,
    /// Number of the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<String>,
    /// Votes of the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub votes: Option<String>,
}

/// A deadline as it was computed then: results, so that reading needs no policy and no calendar (ledger.md §1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Policy key of the step that is owed, e.g. `warning.assess`.
    pub step: String,
    /// Last day.
    pub day: NaiveDate,
    /// First day counted from (the day itself is not counted).
    pub from: NaiveDate,
    /// Length in units of `kind`.
    pub length: u32,
    /// Working or calendar days.
    pub kind: DayKind,
    /// Who owes it (§0.13).
    pub owner: DueOwner,
    /// 暂定: a year's notice was not loaded (§0.8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
    /// Somebody named the day; a newly adopted calendar does not move it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named: bool,
}

/// The bodies that carry a matter's two duties (R054).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duties {
    /// 主办: disposes and monitors.
    pub lead: BodyRef,
    /// 协办.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co: Option<BodyRef>,
}

/// A restriction that runs from a decision, its end known at once (诫勉谈话, §2.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Day of the decision.
    pub from: NaiveDate,
    /// First day without it.
    pub to: NaiveDate,
    /// What is forbidden meanwhile.
    pub acts: Vec<RestrictedAct>,
}

/// What the rules of the ladder weigh before a decision (R103, R104).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weighed {
    /// Why the risk came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<RiskCause>,
    /// Weight of the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circumstance: Option<Circumstance>,
    /// How the subject faces them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attitude: Option<Attitude>,
    /// 轻微违法违纪 (R108).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub violation: Option<bool>,
    /// Why a lighter or heavier step is taken, or why it starts here (R111, A25).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Weighed {
    /// Nothing was recorded yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// With what was recorded later over it.
    #[must_use]
    pub fn with(&self, later: &Self) -> Self {
        Self {
            cause: later.cause.or(self.cause),
            circumstance: later.circumstance.or(self.circumstance),
            attitude: later.attitude.or(self.attitude),
            violation: later.violation.or(self.violation),
            reason: if later.reason.is_empty() {
                self.reason.clone()
            } else {
                later.reason.clone()
            },
        }
    }
}

/// A grade change, of a point or of a warning (§4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeMove {
    /// Before.
    pub from: Grade,
    /// After.
    pub to: Grade,
    /// Why.
    pub cause: GradeCause,
    /// Facts as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub facts: String,
    /// New duties.
    pub duties: Duties,
    /// New deadline of the current step; none when none runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// 紧急先行: it lapses unless ratified by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratify_by: Option<Due>,
    /// Who decided.
    pub decided: Decided,
}
