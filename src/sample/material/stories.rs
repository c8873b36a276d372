//! `stories.toml`: reports, admonitions and tasks, and how far each has come.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{AdmonitionTrigger, Grade, GradeCause, Instrument, ReportSource, TaskKind, Urgency};

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Stories {
    /// Reports.
    pub report: Vec<Report>,
    /// How reports end without a warning.
    pub closing: Closing,
    /// Assessment.
    pub analysis: BTreeMap<String, Vec<String>>,
    /// Causes, plans, progress, feedback, verification.
    pub rectify: BTreeMap<String, Vec<String>>,
    /// Facts per cause of a grade change.
    pub grade_change: BTreeMap<GradeCause, Vec<String>>,
    /// Statements, talks, plans, reports of admonitions.
    pub admonition: BTreeMap<String, Vec<String>>,
    /// Tasks.
    pub task: Vec<TaskPlan>,
    /// 诫勉提醒 and 诫勉督导.
    pub admonish: Vec<AdmonishPlan>,
}

/// One report.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// unit/section/post.
    pub at: String,
    /// Where it comes from.
    pub source: ReportSource,
    /// Urgency.
    pub urgency: Urgency,
    /// Matter in a few words.
    pub title: String,
    /// Grade of the verdict.
    pub grade: Grade,
    /// How far it has come.
    pub fate: Fate,
    /// Working days left for the current step, negative when late; for an ended one, working days since.
    pub left: i64,
    /// Raised once.
    #[serde(default)]
    pub raise: Option<Raise>,
    /// And again.
    #[serde(default)]
    pub twice: Option<Raise>,
    /// How far the 诫勉纠错 that follows has come.
    #[serde(default)]
    pub correction: Option<Course>,
    /// Title of the one it is merged into; unit it is handed over to.
    #[serde(default)]
    pub into: String,
    /// What was reported.
    pub text: String,
}

/// A grade raised.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raise {
    /// Why.
    pub cause: GradeCause,
    /// Working days ago.
    pub ago: i64,
}

/// How far a report has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// 待评估.
    ToAssess,
    /// 待评估, sent back once.
    Returned,
    /// 待发布.
    ToRelease,
    /// 待发布, on a 呈批单.
    WaitingRelease,
    /// 待送达.
    ToServe,
    /// 整改中, no plan yet.
    Served,
    /// 整改中.
    Planned,
    /// 整改中, extended once.
    Extended,
    /// 整改中, on a 呈批单 to be raised.
    WaitingRaise,
    /// 整改中, its 推委会 asks the deciding body to raise it.
    AskedRaise,
    /// 待核验.
    ToVerify,
    /// 整改中 for the second time.
    RectifyAgain,
    /// Verified, not yet lifted.
    ToLift,
    /// Verified, on a 呈批单 to be lifted.
    WaitingLift,
    /// Verified; the sheet came back signed by somebody who may not, and stays.
    StayedLift,
    /// 已解除.
    Lifted,
    /// Lifted, and taken up again.
    Reopened,
    /// 不予受理.
    NotAccepted,
    /// 不予预警.
    NoWarning,
    /// 已并件.
    Merged,
    /// 已撤销.
    Withdrawn,
    /// 待移送.
    Referring,
    /// 已移送.
    Referred,
    /// 待评估, handed over to another unit.
    HandedOver,
    /// 待评估, passed up to 区纪委监察局.
    PassedUp,
    /// 整改中, raised urgently and not yet ratified.
    Urgent,
    /// 整改中, raised urgently and ratified.
    Ratified,
}

/// How far an admonition has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// 待批准.
    Proposed,
    /// 待批准, 责任人 picked.
    Named,
    /// 待批准, statement heard.
    Heard,
    /// 待批准, on a 呈批单.
    Waiting,
    /// 待送达.
    Approved,
    /// 整改中, just served.
    Served,
    /// 整改中.
    Planned,
    /// 整改中, extended once.
    Extended,
    /// 待核验.
    Reported,
    /// 整改中 for the second time.
    Again,
    /// Verified, not yet lifted.
    Verified,
    /// 已解除.
    Lifted,
    /// 未通过.
    Failed,
    /// 不予批准.
    Rejected,
    /// 已撤销.
    Revoked,
}

/// How reports end without a warning.
#[derive(Debug, Deserialize)]
pub struct Closing {
    /// Callers who left their name.
    pub callers: Vec<String>,
    /// 不予受理.
    pub not_accepted: Vec<String>,
    /// 不予预警.
    pub no_warning: Vec<String>,
    /// 并件.
    pub merged: String,
    /// 撤销.
    pub withdrawn: String,
}

/// One 指委会 task.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskPlan {
    /// Kind.
    pub kind: TaskKind,
    /// Title.
    pub title: String,
}

/// One 诫勉提醒 or 诫勉督导.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmonishPlan {
    /// Which.
    pub kind: Instrument,
    /// Trigger.
    pub trigger: AdmonitionTrigger,
    /// unit/section/post of the responsible person.
    pub at: String,
    /// How far it has come.
    pub state: Course,
    /// Working days since it was proposed.
    pub ago: i64,
    /// Facts.
    pub facts: String,
}
