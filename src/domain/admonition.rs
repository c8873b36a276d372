//! Admonition: one machine for every measure against a unit or a person (§4.4, §4.5).
//!
//! The three 诫勉, the steps of the ladder and the national 诫勉谈话 are proposed, heard, approved, served, corrected,
//! verified, lifted or failed alike; what differs stands in `instrument.rs`. Both flows write the same events: the
//! full one only dates every step of the checklist, so switching loses nothing (§0.15).

mod appealed;
mod dues;
mod stage;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::{Due, Duties, Effect, Event, Named, Weighed};
use super::ids::{BodyRef, StreamId};
use super::state::Fact;
use super::vocabulary::{AdmonitionTrigger, Departure, Instrument, RestrictedAct};

pub use stage::AdmonitionStage;

/// Somebody who left the district or the service while the measure ran (§0.18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departed {
    /// Who.
    pub person: StreamId,
    /// From when on it does not concern him.
    pub on: NaiveDate,
    /// How, when it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure: Option<Departure>,
}

/// Something it forbade for a while, until an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eased {
    /// What.
    pub act: RestrictedAct,
    /// First day.
    pub from: NaiveDate,
    /// First day without it.
    pub to: NaiveDate,
}

/// State of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Admonition {
    /// JT, JD, JJ or WZ code.
    pub code: String,
    /// Which measure.
    pub kind: Instrument,
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
    /// Who proposed it, where somebody was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<Named>,
    /// Body that approves and lifts it.
    pub approver: BodyRef,
    /// Body that stands by since a hand-over; before, the proposer does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co: Option<BodyRef>,
    /// It is about the unit itself, with the people named or without (A13).
    #[serde(default)]
    pub unit_wide: bool,
    /// Cause, circumstance, attitude (R103, R104).
    #[serde(default)]
    pub weighed: Weighed,
    /// What it forbids once served.
    #[serde(default)]
    pub restricts: Vec<RestrictedAct>,
    /// What it forbids from the decision on, with its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// It forbids until then at least (`national_overlay`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<NaiveDate>,
    /// Where it stands.
    pub stage: AdmonitionStage,
    /// Current step's deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// The correction's deadline as served: half of it must have passed before an early lift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Due>,
    /// The correction's deadline as it runs: extended, or after a failed verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correct_due: Option<Due>,
    /// When the self-check is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_check_due: Option<Due>,
    /// Dated checklist: statement heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_on: Option<NaiveDate>,
    /// Approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<NaiveDate>,
    /// Body that approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<BodyRef>,
    /// Who signed the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Named>,
    /// Service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<NaiveDate>,
    /// Talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talked_on: Option<NaiveDate>,
    /// Who held it and wrote it down.
    #[serde(default)]
    pub talkers: Vec<Named>,
    /// Written self-check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_checked_on: Option<NaiveDate>,
    /// Plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_on: Option<NaiveDate>,
    /// Report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<NaiveDate>,
    /// Supervision visits.
    #[serde(default)]
    pub visits: u32,
    /// Extended once already.
    #[serde(default)]
    pub extended: bool,
    /// How often verification failed.
    #[serde(default)]
    pub failures: u32,
    /// Everybody who verified it.
    #[serde(default)]
    pub verifiers: Vec<Named>,
    /// Until when it may be appealed against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_by: Option<Due>,
    /// The appeal that is open against it (a state beside the others, §4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<StreamId>,
    /// What an appeal changed.
    #[serde(default)]
    pub change: String,
    /// What it forbade until an appeal freed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub eased: Vec<Eased>,
    /// People an appeal struck out, from when on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub struck: Vec<Departed>,
    /// First day without what it forbids, by an appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Day of a transfer during the restriction (限制期内调动, §0.18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_on: Option<NaiveDate>,
    /// People who left.
    #[serde(default)]
    pub departed: Vec<Departed>,
    /// Day it ended: lift, rejection, revocation…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
}

impl Admonition {
    /// The state at birth.
    pub fn born(event: &Event) -> Option<Self> {
        let Event::AdmonitionProposed(p) = event else {
            return None;
        };
        Some(Self {
            code: p.code.clone(),
            kind: p.kind,
            trigger: p.trigger,
            unit: p.unit,
            responsible: p.responsible.clone(),
            origin: p.origin,
            facts: p.facts.clone(),
            proposer: p.proposer,
            proposed_by: p.proposed_by.clone(),
            approver: p.approver,
            co: None,
            unit_wide: p.unit_wide,
            weighed: p.weighed.clone(),
            restricts: p.restricts.clone(),
            effect: None,
            at_least: None,
            stage: AdmonitionStage::Proposed,
            due: Some(p.due.clone()),
            period: None,
            correct_due: None,
            self_check_due: None,
            heard_on: None,
            approved_on: None,
            approved_by: None,
            signer: None,
            served_on: None,
            talked_on: None,
            talkers: Vec::new(),
            self_checked_on: None,
            planned_on: None,
            reported_on: None,
            visits: 0,
            extended: false,
            failures: 0,
            verifiers: Vec::new(),
            appeal_by: None,
            appeal: None,
            change: String::new(),
            eased: Vec::new(),
            struck: Vec::new(),
            until: None,
            moved_on: None,
            departed: Vec::new(),
            ended_on: None,
        })
    }

    /// Everybody who had a hand in it for the office; whoever decides an appeal is none of them.
    pub fn handlers(&self) -> Vec<Named> {
        let decided = self.proposed_by.iter().chain(&self.signer);
        decided.chain(&self.talkers).chain(&self.verifiers).cloned().collect()
    }

    /// The two bodies it stands with.
    pub fn duties(&self) -> Duties {
        Duties {
            lead: self.approver,
            co: Some(self.co.unwrap_or(self.proposer)).filter(|co| *co != self.approver),
        }
    }

    fn end(&mut self, stage: AdmonitionStage, day: NaiveDate) {
        self.stage = stage;
        self.due = None;
        self.ended_on = Some(day);
    }

    fn step(&mut self, stage: AdmonitionStage, due: &Due) {
        self.stage = stage;
        self.due = Some(due.clone());
    }

    fn verified_by(&mut self, verifiers: &[Named]) {
        for verifier in verifiers {
            if !self.verifiers.iter().any(|v| v.same_as(verifier)) {
                self.verifiers.push(verifier.clone());
            }
        }
    }

    /// Value of a computed column; none when empty or unknown.
    pub fn value(&self, field: &str) -> Option<Value> {
        let text = |t: &dyn std::fmt::Display| Value::String(t.to_string());
        let word = |w: &str| Value::String(w.to_owned());
        match field {
            "kind" => Some(word(self.kind.id())),
            "trigger" => Some(word(self.trigger.id())),
            "unit" => Some(text(&self.unit)),
            "unit_wide" => Some(Value::Bool(self.unit_wide)),
            "origin" => self.origin.map(|o| text(&o)),
            "facts" => Some(word(&self.facts)),
            "person" => self.responsible.first().and_then(|n| n.person).map(|p| text(&p)),
            "responsible" => Some(self.responsible.iter().map(|n| Value::String(n.name.clone())).collect()),
            "cause" => self.weighed.cause.map(|c| word(c.id())),
            "circumstance" => self.weighed.circumstance.map(|c| word(c.id())),
            "attitude" => self.weighed.attitude.map(|a| word(a.id())),
            "violation" => self.weighed.violation.map(Value::Bool),
            "reason" => Some(word(&self.weighed.reason)),
            "served_on" => self.served_on.map(|d| text(&d)),
            "ended_on" => self.ended_on.map(|d| text(&d)),
            "effect_to" => {
                let stated = self.until.or(self.effect.as_ref().map(|e| e.to));
                stated.and_then(|to| to.pred_opt()).map(|d| text(&d))
            }
            "moved_on" => self.moved_on.map(|d| text(&d)),
            "appeal" => self.appeal.map(|a| text(&a)),
            _ => None,
        }
    }

    /// The state after an event.
    #[must_use]
    pub fn evolve(mut self, fact: &Fact) -> Self {
        use AdmonitionStage as A;
        let day = fact.happened;
        match fact.event {
            Event::ResponsibleNamed { responsible, .. } => self.responsible = responsible.clone(),
            Event::CaseWeighed(weighed) => self.weighed = self.weighed.with(weighed),
            Event::StatementHeard { due, .. } => {
                self.heard_on = Some(day);
                self.stage = A::Heard;
                self.due = due.clone().or(self.due);
            }
            Event::AdmonitionApproved {
                decided, effect, due, ..
            } => {
                self.approved_on = Some(day);
                self.approved_by = Some(decided.body);
                self.signer = decided.signer.clone();
                self.effect = effect.clone();
                self.step(A::Approved, due);
            }
            Event::AdmonitionRejected { .. } => self.end(A::Rejected, day),
            Event::AdmonitionReplaced { .. } => self.end(A::Replaced, day),
            Event::AdmonitionSucceeded { .. } => self.end(A::Succeeded, day),
            Event::AdmonitionServed(service) => {
                self.served_on = Some(day);
                self.restricts = service.restricts.clone();
                self.at_least = service.at_least;
                self.self_check_due = service.self_check_due.clone();
                self.appeal_by = service.appeal_by.clone();
                self.period = Some(service.due.clone());
                self.correct_due = Some(service.due.clone());
                self.step(A::Served, service.current.as_ref().unwrap_or(&service.due));
            }
            Event::Talked {
                talkers, recorder, due, ..
            } => {
                self.talked_on = Some(day);
                self.talkers = talkers.iter().chain(recorder).cloned().collect();
                if self.stage == A::Served {
                    self.stage = A::Talked;
                }
                self.due = due.clone().or(self.due);
            }
            Event::SelfChecked { due, .. } => {
                self.self_checked_on = Some(day);
                self.due = due.clone().or(self.due);
            }
            Event::PlanFiled { due, .. } => {
                self.planned_on = Some(day);
                self.step(A::Correcting, due);
            }
            Event::SupervisionVisit { .. } => self.visits += 1,
            Event::PeriodExtended { due, .. } => {
                self.extended = true;
                if self.due.as_ref().is_some_and(|d| d.step == due.step) {
                    self.due = Some(due.clone());
                }
                self.correct_due = Some(due.clone());
            }
            Event::FeedbackGiven { due, .. } => {
                self.reported_on = Some(day);
                self.step(A::ReportFiled, due);
            }
            Event::Verified {
                passed, verifiers, due, ..
            } => {
                self.verified_by(verifiers);
                if *passed {
                    self.step(A::Verified, due);
                } else {
                    self.failures += 1;
                    self.reported_on = None;
                    self.correct_due = Some(due.clone());
                    self.step(A::Correcting, due);
                }
            }
            Event::ObservationBegun { due } => self.step(A::Observing, due),
            Event::AdmonitionFailed { verifiers, due, .. } => {
                self.verified_by(verifiers);
                self.failures += 1;
                self.step(A::Failed, due);
            }
            Event::AdmonitionLifted { .. } => self.end(A::Lifted, day),
            Event::AdmonitionRevoked { .. } => self.end(A::Revoked, day),
            Event::AppealLodged { appeal } => self.appeal = Some(*appeal),
            Event::AppealAnswered(answer) => self.answered(answer, day),
            Event::HandedOver { unit, duties, .. } => {
                self.unit = *unit;
                self.approver = duties.lead;
                self.co = duties.co;
            }
            Event::TransferRecorded(_) => self.moved_on = Some(day),
            Event::SubjectDeparted {
                person,
                departure,
                ends,
            } => {
                self.departed.push(Departed {
                    person: *person,
                    on: day,
                    departure: *departure,
                });
                match departure {
                    Some(Departure::MovedOut) if *ends => self.end(A::MovedOut, day),
                    _ if *ends => self.end(A::Closed, day),
                    _ => {}
                }
            }
            Event::Voided { .. } => self.end(A::Void, day),
            _ => {}
        }
        self
    }
}
