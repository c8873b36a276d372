//! Events: what happened, in the field's words and in the past tense. Their JSON is frozen for ever.

mod coding;
mod measures;
mod parts;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::act::Fields;
use super::attachment::Attached;
use super::ids::{BodyRef, StreamId};
use super::vocabulary::*;

pub use coding::VERSION;
pub use measures::{AppealAnswer, AppealFiling, Modified, Proposed, Service, Transfer};
pub use parts::{Decided, Due, Duties, Effect, GradeMove, Named, Weighed};

/// What happened to one stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A record was written or changed; `code` at birth only.
    RecordSaved {
        /// Register.
        register: String,
        /// Code given at birth.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Code it had elsewhere (原编号).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
        /// Changed fields; null clears one.
        fields: Fields,
    },
    /// A record, point or measure was declared void; its code stays used.
    Voided {
        /// Why.
        reason: String,
    },
    /// A remark, or the reason of a late entry (补录, §0.12).
    Noted {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// Why it was recorded late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<LateReason>,
        /// Where the paper lies: 卷号/页/柜 (§0.22).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        paper: String,
        /// Files that belong to the step; their bytes lie outside the log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attached>,
    },
    /// Two directory entries are one person.
    PersonIdentified {
        /// The entry that stays in use.
        same_as: StreamId,
    },
    /// Two directory entries of one name are two people.
    PersonDistinguished {
        /// The other one.
        from: StreamId,
    },
    /// Policy, calendar and registers were adopted; later acts name their hash.
    TextsAdopted {
        /// Full text of the policy.
        policy: String,
        /// Full text of the calendar.
        calendar: String,
        /// Full text of each register by file name.
        registers: std::collections::BTreeMap<String, String>,
    },
    /// A newly adopted calendar moved a running deadline, or settled its day (§0.8). No step of the matter.
    DueMoved {
        /// What is owed, as in [`Due::step`].
        step: String,
        /// The day it ended on before.
        from: NaiveDate,
        /// The day it ends on now.
        to: NaiveDate,
        /// Still 暂定.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        provisional: bool,
    },

    /// A point was drafted.
    PointDrafted {
        /// FX code.
        code: String,
        /// Described fields.
        fields: Fields,
    },
    /// A point came in with an existing register (初始导入, §0.10).
    PointImported {
        /// FX code.
        code: String,
        /// Code it had elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
        /// Described fields.
        fields: Fields,
        /// State the register states.
        stage: super::point::PointStage,
        /// Grade the register states.
        grade: Grade,
        /// Duties of that grade.
        duties: Duties,
    },
    /// Described fields of a point, measure, task… changed; null clears one.
    Amended {
        /// Changed fields.
        fields: Fields,
    },
    /// The point was declared.
    PointSubmitted {
        /// Deadline of the review.
        due: Due,
    },
    /// The unit's body reviewed it.
    PointReviewed {
        /// Reviewer, if named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reviewer: Option<Named>,
    },
    /// It came back: 不细, 不全, 不准.
    PointReturned {
        /// Which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ReturnReason>,
        /// In words.
        reason: String,
    },
    /// The panel appraised it.
    PointAppraised {
        /// Appraisers, if named.
        #[serde(default)]
        appraisers: Vec<Named>,
        /// 1–5; none = 未逐项评分.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        likelihood: Option<u8>,
        /// 1–5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        harm: Option<u8>,
        /// Written opinion.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },
    /// Its grade was decided; it is watched from now on.
    PointGraded {
        /// Grade.
        grade: Grade,
        /// Duties.
        duties: Duties,
        /// Written reason when the matrix suggested another grade.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        deviation: String,
        /// Who decided.
        decided: Decided,
    },
    /// Published for objections; two dates.
    PointPublished {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// Where to object.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        channel: String,
    },
    /// Publicity was withheld (涉密或不宜公开).
    PublicityWithheld {
        /// Why.
        reason: String,
    },
    /// Somebody objected while it was public.
    ObjectionRaised {
        /// In words; the objector is not named.
        text: String,
    },
    /// The objection was answered.
    ObjectionAnswered {
        /// In words.
        text: String,
    },
    /// The publicity period ended without open objection.
    PublicityEnded {},
    /// Duty, process, law or holder changed: the point has to be looked at again (§4.1).
    ReviewOwed {
        /// Why.
        cause: ReviewCause,
        /// Deadline.
        due: Due,
    },
    /// Looked at again and left as it is.
    ReviewConfirmed {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// Merged into another point.
    PointMerged {
        /// The one it goes on in.
        into: StreamId,
    },
    /// The point's grade rose.
    PointGradeRaised(GradeMove),
    /// The point's grade fell.
    PointGradeLowered(GradeMove),
    /// The unit says the risk is resolved (化解).
    PointResolved {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// Deadline of the confirmation.
        due: Due,
    },
    /// Struck off (销号).
    PointDischarged {
        /// Who looked at it on site.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verifier: Option<Named>,
        /// What was found.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        site_note: String,
        /// Who decided.
        decided: Decided,
    },
    /// Discharge was not confirmed; it is watched on.
    ResolutionRejected {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// The power behind it is gone (职权取消).
    PointRetired {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },

    /// A measure was planned for points (N:M, R041).
    MeasureAdded {
        /// CS code.
        code: String,
        /// Text and other fields.
        fields: Fields,
        /// Points it serves.
        points: Vec<StreamId>,
    },
    /// It serves further points.
    MeasureLinked {
        /// Further points.
        points: Vec<StreamId>,
    },
    /// It was carried out.
    MeasureImplemented {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
    },
    /// It was found effective or not.
    MeasureRated {
        /// Works.
        effective: bool,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },

    /// A 指委会 task was issued (R012).
    TaskIssued {
        /// RW code.
        code: String,
        /// Title, kind, unit, content…
        fields: Fields,
        /// Deadline.
        due: Due,
        /// Code it had elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
    },
    /// A task came in with an existing register (初始导入, §0.10).
    TaskImported {
        /// RW code.
        code: String,
        /// Code it had elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
        /// Title, kind, unit, content…
        fields: Fields,
        /// State the register states.
        stage: super::task::TaskStage,
        /// How it was executed, once closed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<TaskOutcome>,
        /// Deadline of the current step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// The unit reported on it.
    TaskReported {
        /// In words.
        result: String,
        /// Deadline of the judgement.
        due: Due,
    },
    /// It was judged and closed.
    TaskClosed {
        /// How it was executed.
        outcome: TaskOutcome,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },

    /// A report was registered (system 1).
    WarningRegistered {
        /// YJ code.
        code: String,
        /// Source, unit, post, person, content…
        fields: Fields,
        /// Linked points.
        #[serde(default)]
        points: Vec<StreamId>,
        /// Urgency chooses the clock until a verdict exists.
        urgency: Urgency,
        /// Where it stands until assessed.
        duties: Duties,
        /// Deadline of the assessment.
        due: Due,
        /// Code it had elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
    },
    /// A warning came in with an existing register (初始导入, §0.10).
    WarningImported {
        /// YJ code.
        code: String,
        /// Code it had elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original_code: Option<String>,
        /// Source, unit, post, person, content…
        fields: Fields,
        /// Linked points.
        #[serde(default)]
        points: Vec<StreamId>,
        /// Urgency.
        urgency: Urgency,
        /// State the register states.
        stage: super::warning::WarningStage,
        /// Grade the register states, from the assessment on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<Grade>,
        /// Where it stands.
        duties: Duties,
        /// Deadline of the current step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
        /// Day of service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        served_on: Option<NaiveDate>,
        /// Day it ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended_on: Option<NaiveDate>,
    },
    /// It was assessed (system 2): an opinion, nothing more.
    WarningAssessed {
        /// Suggested grade.
        grade: Grade,
        /// Analysts, if named.
        #[serde(default)]
        analysts: Vec<Named>,
        /// 1–5; none = 未逐项评分.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credibility: Option<u8>,
        /// 1–5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        likelihood: Option<u8>,
        /// 1–5.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        harm: Option<u8>,
        /// Written conclusion.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// Points it touches.
        #[serde(default)]
        points: Vec<StreamId>,
        /// Duties of the suggested grade.
        duties: Duties,
        /// Deadline of the release.
        due: Due,
    },
    /// Not accepted (不予受理).
    ReportRejected {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// Merged into another (并件).
    WarningMerged {
        /// The one it goes on in.
        into: StreamId,
    },
    /// No warning is given; kept for reference (不予预警).
    WarningDeclined {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// Sent back to be assessed again.
    WarningReturned {
        /// Why.
        reason: String,
        /// Deadline of the new assessment.
        due: Due,
    },
    /// Released (system 3).
    WarningReleased {
        /// What is demanded.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        demand: String,
        /// Who decided.
        decided: Decided,
        /// Deadline of the service.
        due: Due,
    },
    /// Served on the subject (system 4).
    WarningServed {
        /// Who signed for it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        received_by: String,
        /// Receipt was refused; a witness is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused_before: Option<String>,
        /// When the plan is owed.
        plan_due: Due,
        /// When the rectification is owed.
        due: Due,
    },
    /// The subject filed causes and plan.
    PlanFiled {
        /// Cause analysis.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        cause: String,
        /// Plan.
        plan: String,
        /// Deadline that runs from now on.
        due: Due,
    },
    /// A line of progress, a supervision visit.
    ProgressLogged {
        /// In words.
        text: String,
    },
    /// The period was extended, once and before it ended.
    PeriodExtended {
        /// Old deadline.
        from: NaiveDate,
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
        /// New deadline.
        due: Due,
    },
    /// The subject reported its result (system 5).
    FeedbackGiven {
        /// In words.
        result: String,
        /// Evidence.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
        /// Deadline of the verification.
        due: Due,
    },
    /// Somebody else looked at the result.
    Verified {
        /// Found corrected.
        passed: bool,
        /// Verifiers, if named.
        #[serde(default)]
        verifiers: Vec<Named>,
        /// How it was looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        method: Option<InspectionMethod>,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// What runs next: the lift, or a second rectification.
        due: Due,
    },
    /// The warning was lifted.
    WarningLifted {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// Who decided.
        decided: Decided,
    },
    /// The warning was withdrawn (撤销).
    WarningWithdrawn {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// A lifted matter goes on (恢复办理, §0.19); the old end stays in the history.
    WarningReopened {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
        /// Deadline of the rectification.
        due: Due,
    },
    /// It went up to a higher receiving office (上报).
    PassedUp {
        /// Where it stands now.
        duties: Duties,
        /// Why.
        reason: String,
        /// Deadline of the assessment there.
        due: Due,
    },
    /// It amounts to a 问题线索 and is being handed over (待移送, §0.9).
    ClueReferred {
        /// Receiving organ.
        receiver: String,
        /// Who decided.
        decided: Decided,
        /// Deadline of the hand-over.
        due: Due,
    },
    /// Handed over against a receipt; the content is sealed in the same act.
    ClueTransferred {
        /// Receipt number.
        receipt: String,
    },
    /// Who told it, sealed to the keeper (§0.21); an empty envelope is what an erasure leaves.
    SourceSealed {
        /// JSON envelope; opened by the keeper's private key only.
        source_sealed: String,
    },
    /// The keeper read who told it.
    SourceRead {
        /// What for.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The matter ended long enough ago: its envelopes are erased in the same act.
    SourceErased {
        /// Day the matter ended.
        ended_on: NaiveDate,
        /// How many months they were kept.
        months: u32,
    },
    /// An urgent raise was ratified in time.
    RaiseRatified {
        /// Who decided.
        decided: Decided,
    },
    /// An urgent raise was not ratified within three working days and lapsed (§4.2).
    RaiseLapsed {
        /// The move that is taken back.
        back_to: Grade,
        /// Duties of that grade.
        duties: Duties,
    },
    /// The warning's grade rose (§0.26); stage and code stay.
    WarningGradeRaised(GradeMove),
    /// The warning's grade fell.
    WarningGradeLowered(GradeMove),
    /// The matter went to another unit's body.
    HandedOver {
        /// New unit.
        unit: StreamId,
        /// Why.
        reason: String,
        /// New duties.
        duties: Duties,
    },
    /// A reminder went out (催办).
    Reminded {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },

    /// An admonition or a step of the ladder was proposed, by a person or by `follow`.
    AdmonitionProposed(Proposed),
    /// Cause, circumstance and attitude were recorded (R103, R104); what is left out stays as it was.
    CaseWeighed(Weighed),
    /// The responsible leaders were picked.
    ResponsibleNamed {
        /// Who.
        responsible: Vec<Named>,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The statement was heard.
    StatementHeard {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        statement: String,
        /// Deadline of the approval, where that is a step of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// The admonition was approved.
    AdmonitionApproved {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// Who decided.
        decided: Decided,
        /// What is forbidden from the decision on, where it does not wait for the service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effect: Option<Effect>,
        /// Deadline of the service.
        due: Due,
    },
    /// It was not approved.
    AdmonitionRejected {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// A newer proposal took its place (§0.26).
    AdmonitionReplaced {
        /// The newer one.
        by: StreamId,
    },
    /// Served: the period begins, and with a 诫勉纠错 the restriction (A14).
    AdmonitionServed(Service),
    /// The talk was held.
    Talked {
        /// Who talked.
        #[serde(default)]
        talkers: Vec<Named>,
        /// Who wrote it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorder: Option<Named>,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        content: String,
        /// What is owed next, where the talk was a step of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// The written self-check came in (书面检查).
    SelfChecked {
        /// In words.
        text: String,
        /// What is owed next, where the self-check was a step of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Due>,
    },
    /// Somebody went to see how the correction goes (现场督导).
    SupervisionVisit {
        /// Who went.
        #[serde(default)]
        visitors: Vec<Named>,
        /// What was found.
        text: String,
    },
    /// From now on it is only watched, until the deadline.
    ObservationBegun {
        /// Last day of the watch.
        due: Due,
    },
    /// Lifted: the restriction ends on that day.
    AdmonitionLifted {
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// Who decided.
        decided: Decided,
    },
    /// Not corrected after the second chance; what follows is a new matter.
    AdmonitionFailed {
        /// Verifiers, if named.
        #[serde(default)]
        verifiers: Vec<Named>,
        /// In words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
        /// Deadline of what the office does next.
        due: Due,
    },
    /// Revoked: the restriction never was, for today's view (ledger.md §1).
    AdmonitionRevoked {
        /// Why.
        reason: String,
        /// Who decided.
        decided: Decided,
    },
    /// It had failed and forbade nothing; what followed it was served and goes on in its place.
    AdmonitionSucceeded {
        /// What goes on.
        by: StreamId,
    },
    /// A person it names left the district or the service (§0.18); nothing is done to him any more.
    SubjectDeparted {
        /// Who.
        person: StreamId,
        /// How, when it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        departure: Option<Departure>,
        /// Nobody is left whom it concerns: it ends.
        ends: bool,
    },
    /// An appeal against it was filed; it is carried out all the same (§4.4).
    AppealLodged {
        /// The appeal.
        appeal: StreamId,
    },
    /// The appeal was decided. Revoked ends what it forbids from the beginning (ledger.md §1), modified as it says.
    AppealAnswered(AppealAnswer),

    /// A person or a unit appealed (申诉).
    AppealFiled(AppealFiling),
    /// It was decided in writing by the body above.
    AppealDecided {
        /// What became of it.
        outcome: AppealOutcome,
        /// The written opinion.
        opinion: String,
        /// Who handled it: nobody of the first decision.
        handlers: Vec<Named>,
        /// Who decided.
        decided: Decided,
    },

    /// A restricted person's post was changed all the same (§0.18).
    TransferRecorded(Transfer),

    /// Something must be done because something else happened.
    ObligationOpened {
        /// YW code.
        code: String,
        /// Which rule brought it.
        rule: super::obligation::ObligationRule,
        /// The matter it comes from.
        about: StreamId,
        /// Body that owes it.
        body: BodyRef,
        /// Unit it concerns.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<StreamId>,
        /// In words.
        text: String,
        /// Deadline.
        due: Due,
    },
    /// It was done.
    ObligationFulfilled {
        /// What was done.
        result: String,
    },

    /// An act waits for a signature (送签) or for another body (§0.25).
    ProposalMade {
        /// TQ code.
        code: String,
        /// The full act, with the versions seen.
        act: Box<super::act::Act>,
        /// Body that decides it.
        deciding_body: BodyRef,
        /// Capacity it was proposed in.
        proposer: Option<BodyRef>,
        /// The 呈批单 it is listed on; none while another body has yet to take it up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sheet: Option<StreamId>,
        /// Rule and cause when no person proposed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// The deciding body sent it for signature.
    ProposalListed {
        /// The 呈批单.
        sheet: StreamId,
    },
    /// Signed, and done.
    ProposalAccepted {
        /// Day of the signature.
        signed_on: NaiveDate,
    },
    /// Struck out or turned down.
    ProposalRejected {
        /// Why.
        reason: String,
    },
    /// Signed, but the rules now refuse; it stays and says why.
    ProposalStayed {
        /// Why.
        reason: String,
    },
    /// Its matter ended otherwise.
    ProposalClosed {
        /// Why.
        reason: String,
    },
    /// A 呈批单 was prepared.
    SheetPrepared {
        /// CP code.
        code: String,
        /// The proposals it lists, in order.
        proposals: Vec<StreamId>,
        /// Body whose signature is asked for.
        deciding_body: BodyRef,
        /// Holder of the seat asked for, when it is filled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Named>,
        /// Title for lists.
        title: String,
    },
    /// The signed sheet came back.
    SheetCountersigned {
        /// Day of the signature.
        signed_on: NaiveDate,
        /// Who signed.
        signer: Named,
        /// Struck-out proposals.
        #[serde(default)]
        struck: Vec<StreamId>,
    },
}

impl Event {
    /// Files the event names: its own, or those of the act that waits in it.
    pub fn attachments(&self) -> &[Attached] {
        match self {
            Self::Noted { attachments, .. } => attachments,
            Self::ProposalMade { act, .. } => &act.attachments,
            _ => &[],
        }
    }
}
