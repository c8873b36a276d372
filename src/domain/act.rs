//! An act: what a person asks for. Acts are data, so that a proposal can carry one whole (§0.25).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::attachment::Attached;
use super::ids::{BodyRef, StreamId};
use super::verb::Verb;
use super::vocabulary::LateReason;

/// Field values by field id. Text is a string, numbers are integers, days `YYYY-MM-DD`, references 32 hex digits,
/// several values an array.
pub type Fields = BTreeMap<String, serde_json::Value>;

/// Who decided, and when (§0.5): the clerk who presses the key records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Decision {
    /// 送签: a 呈批单 is prepared, nothing takes effect.
    Submit,
    /// 已签: signer (left out = holder of the seat the policy asks for) and day (left out = `happened`).
    Signed {
        /// Name or stream id of the signer.
        signer: Option<String>,
        /// Day of the signature.
        on: Option<NaiveDate>,
    },
    /// 已上会: meeting number, day, votes.
    Meeting {
        /// Number of the meeting.
        number: String,
        /// Day of the meeting.
        on: Option<NaiveDate>,
        /// Votes as text, within three working days.
        votes: Option<String>,
    },
    /// 紧急先行: the target body's duty leader; ratified within three working days or it lapses.
    Urgent,
}

/// One row of an import: a new record, or changed fields of a known one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Register the row belongs to.
    pub register: String,
    /// Stream that is amended; `None` = new.
    pub existing: Option<StreamId>,
    /// Identity given beforehand, so that other rows of the same act can refer to it.
    pub id: Option<StreamId>,
    /// 原编号: a code that came from elsewhere.
    pub original_code: Option<String>,
    /// Values by field id.
    pub fields: Fields,
    /// Texts of measures that come with a risk point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
    /// Keep it as a draft.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
}

impl ImportRow {
    /// A new record, everything else left out.
    pub fn new(register: &str, fields: Fields) -> Self {
        Self {
            register: register.to_owned(),
            existing: None,
            id: None,
            original_code: None,
            fields,
            measures: Vec::new(),
            draft: false,
        }
    }
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What is to be done.
    pub verb: Verb,
    /// The matters it is done to; empty for verbs that create.
    pub targets: Vec<StreamId>,
    /// The verb's fields (`Verb::fields`).
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Rows of an import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<ImportRow>,
    /// Who decided; deciding verbs without one mean 送签.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The office day of the deed; `None` = today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<NaiveDate>,
    /// Why it is recorded late (补录).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<LateReason>,
    /// A free remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the paper lies: 卷号/页/柜 (§0.22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// Files that belong to the step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attached>,
    /// The capacity the operator picked (`--as`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<BodyRef>,
    /// For each stream the person saw, its version then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<(StreamId, u64)>,
}

impl Act {
    /// An act on some targets, everything else left out.
    pub fn new(verb: Verb, targets: Vec<StreamId>) -> Self {
        Self {
            verb,
            targets,
            fields: Fields::new(),
            rows: Vec::new(),
            decision: None,
            happened: None,
            late_reason: None,
            note: None,
            paper: None,
            attachments: Vec::new(),
            capacity: None,
            seen: Vec::new(),
        }
    }

    /// Sets one field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<serde_json::Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Records it as signed by the holder of the seat.
    #[must_use]
    pub fn signed(mut self) -> Self {
        self.decision = Some(Decision::Signed { signer: None, on: None });
        self
    }

    /// Sets the office day of the deed.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.happened = Some(day);
        self
    }
}
