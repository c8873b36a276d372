//! 快速分拣: what it asks of the office's file, and what comes back.

use serde::{Deserialize, Serialize};

use super::{Candidate, Choice, Outcome};

/// A question of the triage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriageAsk {
    /// The reports that wait, and where it was left.
    Open,
    /// One report.
    Report(String),
    /// Takes the last act back, which must be the verdict on this report.
    Back(String),
    /// Keeps where it stands; `running` says whether the clock goes on.
    Keep {
        /// Where it stands.
        sitting: Sitting,
        /// False when it is paused.
        running: bool,
    },
    /// Hands in what somebody has to sign.
    Send(Sitting),
    /// Units by what was typed, to hand a report over to.
    Units(String),
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriageAnswer {
    /// To [`TriageAsk::Open`]: the reports, the most urgent first.
    Opened(Vec<String>, Box<Sitting>),
    /// To [`TriageAsk::Report`].
    Report(Box<Report>),
    /// To [`TriageAsk::Back`].
    Back(Outcome),
    /// To [`TriageAsk::Keep`]: the seconds it took so far.
    Kept(u64),
    /// To [`TriageAsk::Send`]: one sentence a paper, and what is left over.
    Sent(Vec<String>, Box<Sitting>),
    /// To [`TriageAsk::Units`]: the text as asked.
    Units(String, Vec<Candidate>),
}

/// Where a triage stands; kept in the file, so that it survives an interruption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// 评估人 甲 and 乙.
    #[serde(default)]
    pub analysts: Vec<String>,
    /// Whether there is one to go on with.
    #[serde(default)]
    pub open: bool,
    /// Reports with a verdict, by its digit.
    #[serde(default)]
    pub counts: [u32; 9],
    /// Assessed in this sitting: to be released.
    #[serde(default)]
    pub assessed: Vec<String>,
    /// Verdicts that somebody has to sign.
    #[serde(default)]
    pub held: Vec<Held>,
    /// Put off, each until its day (`YYYY-MM-DD`).
    #[serde(default)]
    pub parked: Vec<(String, String)>,
    /// How long it took so far.
    #[serde(default)]
    pub seconds: u64,
}

/// A verdict that takes effect with a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The report.
    pub stream: String,
    /// The version that was seen.
    pub version: u64,
    /// The verb.
    pub verb: String,
    /// Its field and what stands in it.
    pub field: (String, String),
}

/// One report as it is laid before the two who judge it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The matter.
    pub stream: String,
    /// The version shown.
    pub version: u64,
    /// Its number.
    pub code: String,
    /// 特急, 紧急, 普通.
    pub urgency: String,
    /// 剩2日.
    pub due: String,
    /// Labels and values.
    pub fields: Vec<(String, String)>,
    /// What was reported.
    pub content: String,
    /// Live matters of the same post (of the unit, when no post is named), as lines.
    pub live: Vec<String>,
    /// Other reports of 90 days about the same unit, as lines.
    pub similar: Vec<String>,
    /// Restrictions of the unit and the person, as lines.
    pub restrictions: Vec<String>,
    /// What it may be merged into, numbered.
    pub merge: Vec<Choice>,
    /// Where it may be sent up to, numbered.
    pub upward: Vec<Choice>,
    /// Until when it may be put off, numbered.
    pub until: Vec<Choice>,
    /// Who receives clues.
    pub receiver: String,
    /// Verbs the rules do not allow here, with the reason.
    pub refused: Vec<(String, String)>,
}
