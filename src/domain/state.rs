//! The state of any stream, and `evolve`: total, clockless, the only way a state comes about.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::Fields;
use super::admonition::Admonition;
use super::appeal::Appeal;
use super::event::{Due, Duties, Event};
use super::ids::StreamId;
use super::measure::Measure;
use super::obligation::Obligation;
use super::point::RiskPoint;
use super::policy::Flow;
use super::proposal::{ApprovalSheet, Proposal};
use super::source;
use super::task::Task;
use super::vocabulary::Grade;
use super::warning::Warning;

/// An event together with the office day of its deed.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'a> {
    /// What happened.
    pub event: &'a Event,
    /// The office day of the deed (`act.happened`).
    pub happened: NaiveDate,
}

/// A record of a register that is data alone, and the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Register it belongs to.
    pub register: String,
    /// Its code.
    pub code: String,
    /// Code it had elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_code: Option<String>,
    /// Values by field id.
    pub fields: Fields,
    /// Declared void.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
}

/// The adopted texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Policy, calendar and registers as adopted.
    pub policy: String,
    /// Calendar text.
    pub calendar: String,
    /// Register texts by file name.
    pub registers: std::collections::BTreeMap<String, String>,
}

/// State of a stream, whichever its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Directory entry or plain register record.
    Record(Record),
    /// Risk point.
    RiskPoint(RiskPoint),
    /// Measure.
    Measure(Measure),
    /// 指委会 task.
    Task(Task),
    /// Warning.
    Warning(Warning),
    /// Admonition or step of the ladder.
    Admonition(Box<Admonition>),
    /// 申诉.
    Appeal(Appeal),
    /// Proposal.
    Proposal(Proposal),
    /// 呈批单.
    ApprovalSheet(ApprovalSheet),
    /// 须办事项.
    Obligation(Obligation),
    /// Adopted texts.
    Adoption(Adoption),
    /// Its birth was taken back; the code stays used.
    Gone {
        /// Kind it had.
        kind: String,
        /// Code it had.
        code: String,
    },
}

/// Writes changed fields over the old ones; null clears.
pub fn merge_fields(fields: &mut Fields, changed: &Fields) {
    for (id, value) in changed {
        if value.is_null() {
            fields.remove(id);
        } else {
            fields.insert(id.clone(), value.clone());
        }
    }
}

/// How a stage of a kind of matter is called; none where the kind has no stages or not this one.
pub fn stage_label(kind: &str, stage: &str, flow: Flow) -> Option<&'static str> {
    use super::admonition::AdmonitionStage as A;
    use super::point::PointStage as P;
    use super::warning::WarningStage as W;
    let light = flow == Flow::Light;
    match kind {
        "risk_point" => P::find(stage).map(|s| if light { s.light_label() } else { s.label() }),
        "warning" => W::find(stage).map(|s| if light { s.light_label() } else { s.label() }),
        "admonition" | "accountability" => A::find(stage).map(|s| if light { s.light_label() } else { s.label() }),
        "appeal" => super::appeal::AppealStage::find(stage).map(super::appeal::AppealStage::label),
        "measure" => super::measure::MeasureStage::find(stage).map(super::measure::MeasureStage::label),
        "task" => super::task::TaskStage::find(stage).map(super::task::TaskStage::label),
        "obligation" => super::obligation::ObligationStage::find(stage).map(super::obligation::ObligationStage::label),
        "proposal" => super::proposal::ProposalStage::find(stage).map(super::proposal::ProposalStage::label),
        "approval_sheet" => match stage {
            "void" => Some("作废"),
            "signed" => Some("已回签"),
            "waiting" => Some("待回签"),
            _ => None,
        },
        _ => None,
    }
}

/// The state after a fact; `None` before the birth. An event that does not fit changes nothing.
pub fn evolve(state: Option<State>, fact: &Fact) -> Option<State> {
    let Some(mut state) = state else { return born(fact) };
    if let Event::DueMoved {
        step,
        from,
        to,
        provisional,
    } = fact.event
    {
        state.move_due(step, *from, *to, *provisional);
        return Some(state);
    }
    Some(match state {
        State::Record(mut record) => {
            match fact.event {
                Event::RecordSaved { fields, .. } | Event::Amended { fields } => {
                    merge_fields(&mut record.fields, fields);
                }
                Event::PersonIdentified { same_as } => {
                    record
                        .fields
                        .insert("same_as".into(), Value::String(same_as.to_string()));
                }
                Event::PersonDistinguished { from } => {
                    let others = record
                        .fields
                        .entry("distinct_from".into())
                        .or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(list) = others {
                        list.push(Value::String(from.to_string()));
                    }
                }
                Event::Voided { .. } => record.void = true,
                _ => {}
            }
            State::Record(record)
        }
        State::RiskPoint(point) => State::RiskPoint(point.evolve(fact)),
        State::Measure(measure) => State::Measure(measure.evolve(fact)),
        State::Task(task) => State::Task(task.evolve(fact)),
        State::Warning(warning) => State::Warning(warning.evolve(fact)),
        State::Admonition(admonition) => State::Admonition(Box::new(admonition.evolve(fact))),
        State::Appeal(appeal) => State::Appeal(appeal.evolve(fact)),
        State::Proposal(proposal) => State::Proposal(proposal.evolve(fact)),
        State::ApprovalSheet(sheet) => State::ApprovalSheet(sheet.evolve(fact)),
        State::Obligation(obligation) => State::Obligation(obligation.evolve(fact)),
        State::Adoption(adoption) => adoption_of(fact.event).unwrap_or(State::Adoption(adoption)),
        gone @ State::Gone { .. } => gone,
    })
}

fn adoption_of(event: &Event) -> Option<State> {
    match event {
        Event::TextsAdopted {
            policy,
            calendar,
            registers,
        } => Some(State::Adoption(Adoption {
            policy: policy.clone(),
            calendar: calendar.clone(),
            registers: registers.clone(),
        })),
        _ => None,
    }
}

fn born(fact: &Fact) -> Option<State> {
    let event = fact.event;
    if let Event::RecordSaved {
        register,
        code,
        original_code,
        fields,
    } = event
    {
        let mut kept = fields.clone();
        kept.retain(|_, v| !v.is_null());
        return Some(State::Record(Record {
            register: register.clone(),
            code: code.clone().unwrap_or_default(),
            original_code: original_code.clone(),
            fields: kept,
            void: false,
        }));
    }
    adoption_of(event)
        .or_else(|| RiskPoint::born(event, fact.happened).map(State::RiskPoint))
        .or_else(|| Obligation::born(event).map(State::Obligation))
        .or_else(|| Measure::born(event).map(State::Measure))
        .or_else(|| Task::born(event).map(State::Task))
        .or_else(|| Warning::born(event).map(State::Warning))
        .or_else(|| Admonition::born(event).map(Box::new).map(State::Admonition))
        .or_else(|| Appeal::born(event, fact.happened).map(State::Appeal))
        .or_else(|| Proposal::born(event, fact.happened).map(State::Proposal))
        .or_else(|| ApprovalSheet::born(event, fact.happened).map(State::ApprovalSheet))
}

static NO_FIELDS: Fields = Fields::new();

impl State {
    /// Kind id: the sheet's id.
    pub fn kind(&self) -> &str {
        match self {
            Self::Record(r) => &r.register,
            Self::RiskPoint(_) => "risk_point",
            Self::Measure(_) => "measure",
            Self::Task(_) => "task",
            Self::Warning(_) => "warning",
            Self::Admonition(a) => a.kind.register(),
            Self::Appeal(_) => "appeal",
            Self::Proposal(_) => "proposal",
            Self::ApprovalSheet(_) => "approval_sheet",
            Self::Obligation(_) => "obligation",
            Self::Adoption(_) => "adoption",
            Self::Gone { kind, .. } => kind,
        }
    }

    /// Its code; empty for the adopted texts.
    pub fn code(&self) -> &str {
        match self {
            Self::Record(r) => &r.code,
            Self::RiskPoint(p) => &p.code,
            Self::Measure(m) => &m.code,
            Self::Task(t) => &t.code,
            Self::Warning(w) => &w.code,
            Self::Admonition(a) => &a.code,
            Self::Appeal(a) => &a.code,
            Self::Proposal(p) => &p.code,
            Self::ApprovalSheet(s) => &s.code,
            Self::Obligation(o) => &o.code,
            Self::Adoption(_) => "",
            Self::Gone { code, .. } => code,
        }
    }

    /// The code it had elsewhere (原编号).
    pub fn original_code(&self) -> Option<&str> {
        match self {
            Self::Record(r) => r.original_code.as_deref(),
            Self::RiskPoint(p) => p.original_code.as_deref(),
            Self::Warning(w) => w.original_code.as_deref(),
            Self::Task(t) => t.original_code.as_deref(),
            _ => None,
        }
    }

    /// Described fields.
    pub fn fields(&self) -> &Fields {
        match self {
            Self::Record(r) => &r.fields,
            Self::RiskPoint(p) => &p.fields,
            Self::Measure(m) => &m.fields,
            Self::Task(t) => &t.fields,
            Self::Warning(w) => &w.fields,
            _ => &NO_FIELDS,
        }
    }

    /// False for void, merged, retired and gone: such streams do not count in figures.
    pub fn counts(&self) -> bool {
        match self {
            Self::Record(r) => !r.void,
            Self::RiskPoint(p) => !matches!(
                p.stage,
                super::point::PointStage::Void | super::point::PointStage::Merged | super::point::PointStage::Retired
            ),
            Self::Measure(m) => m.stage != super::measure::MeasureStage::Void,
            Self::Task(t) => t.stage != super::task::TaskStage::Void,
            Self::Warning(w) => w.stage != super::warning::WarningStage::Void,
            Self::Admonition(a) => a.stage != super::admonition::AdmonitionStage::Void,
            Self::Appeal(a) => a.stage != super::appeal::AppealStage::Void,
            Self::ApprovalSheet(s) => !s.void,
            Self::Obligation(o) => o.stage != super::obligation::ObligationStage::Void,
            Self::Proposal(_) | Self::Adoption(_) => true,
            Self::Gone { .. } => false,
        }
    }

    /// Where a matter stands, in the words of the flow in force (§0.15); empty for what has no stages.
    pub fn stage_label(&self, flow: Flow) -> &'static str {
        match self {
            Self::Record(r) if r.void => "作废",
            Self::Gone { .. } => "已撤回",
            _ => self
                .stage()
                .and_then(|stage| stage_label(self.kind(), stage, flow))
                .unwrap_or_default(),
        }
    }

    /// Stage in the full chain, as id; `None` for kinds without one.
    pub fn stage(&self) -> Option<&'static str> {
        Some(match self {
            Self::RiskPoint(p) => p.stage.id(),
            Self::Measure(m) => m.stage.id(),
            Self::Task(t) => t.stage.id(),
            Self::Warning(w) => w.stage.id(),
            Self::Admonition(a) => a.stage.id(),
            Self::Appeal(a) => a.stage.id(),
            Self::Proposal(p) => p.stage.id(),
            Self::Obligation(o) => o.stage.id(),
            Self::ApprovalSheet(s) if s.void => "void",
            Self::ApprovalSheet(s) => {
                if s.signed_on.is_some() {
                    "signed"
                } else {
                    "waiting"
                }
            }
            _ => return None,
        })
    }

    /// Grade, for points and warnings.
    pub fn grade(&self) -> Option<Grade> {
        match self {
            Self::RiskPoint(p) => p.grade,
            Self::Warning(w) => w.grade,
            _ => None,
        }
    }

    /// The two bodies it stands with.
    pub fn duties(&self) -> Option<Duties> {
        match self {
            Self::RiskPoint(p) => p.duties,
            Self::Warning(w) => Some(w.duties),
            Self::Admonition(a) => Some(a.duties()),
            Self::Appeal(a) => Some(Duties { lead: a.body, co: None }),
            Self::Obligation(o) => Some(Duties { lead: o.body, co: None }),
            Self::Proposal(p) => Some(Duties {
                lead: p.deciding_body,
                co: p.proposer,
            }),
            Self::ApprovalSheet(s) => Some(Duties {
                lead: s.deciding_body,
                co: None,
            }),
            Self::Task(_) => Some(Duties {
                lead: super::ids::BodyRef::SteeringOffice,
                co: None,
            }),
            _ => None,
        }
    }

    /// The deadline that runs now: of the current step; of a watched point, the review or ratification it owes.
    pub fn due(&self) -> Option<&Due> {
        match self {
            Self::RiskPoint(p) if p.stage.ended() => None,
            Self::RiskPoint(p) => {
                let review = p.review.as_ref().map(|(_, due)| due);
                let ratify = p.unratified.as_ref().map(|(_, due)| due);
                let owed = review.into_iter().chain(ratify).min_by_key(|due| due.day);
                p.due.as_ref().or(owed)
            }
            Self::Warning(w) => w.due.as_ref(),
            Self::Admonition(a) => a.due.as_ref(),
            Self::Appeal(a) => a.due.as_ref(),
            Self::Task(t) => t.due.as_ref(),
            Self::Obligation(o) => o.due.as_ref(),
            _ => None,
        }
    }

    /// Every deadline that runs now: the current step's, a review owed, a ratification, a measure's later ones.
    pub fn running(&self) -> Vec<&Due> {
        match self {
            Self::RiskPoint(p) if p.stage.ended() => Vec::new(),
            Self::RiskPoint(p) => {
                let review = p.review.as_ref().map(|(_, due)| due);
                let ratify = p.unratified.as_ref().map(|(_, due)| due);
                p.due.iter().chain(review).chain(ratify).collect()
            }
            Self::Warning(w) if w.stage.live() => {
                let ratify = w.unratified.as_ref().map(|(_, due)| due);
                w.due.iter().chain(ratify).collect()
            }
            Self::Admonition(a) => a.running(),
            other => other.due().into_iter().collect(),
        }
    }

    /// Moves a running deadline of that step and day; nothing when there is none.
    fn move_due(&mut self, step: &str, from: NaiveDate, to: NaiveDate, provisional: bool) {
        let due = match self {
            Self::RiskPoint(p) => {
                let review = p.review.as_mut().map(|(_, due)| due);
                let ratify = p.unratified.as_mut().map(|(_, due)| due);
                p.due.iter_mut().chain(review).chain(ratify).collect::<Vec<_>>()
            }
            Self::Warning(w) => {
                let ratify = w.unratified.as_mut().map(|(_, due)| due);
                w.due.iter_mut().chain(ratify).collect()
            }
            Self::Admonition(a) => return a.move_due(step, from, to, provisional),
            Self::Appeal(a) => a.due.iter_mut().collect(),
            Self::Task(t) => t.due.iter_mut().collect(),
            Self::Obligation(o) => o.due.iter_mut().collect(),
            Self::Record(_)
            | Self::Measure(_)
            | Self::Proposal(_)
            | Self::ApprovalSheet(_)
            | Self::Adoption(_)
            | Self::Gone { .. } => Vec::new(),
        };
        if let Some(due) = due.into_iter().find(|due| due.step == step && due.day == from) {
            due.day = to;
            due.provisional = provisional;
        }
    }

    /// Value of a field or of a computed column; null when empty. References are 32 hex digits.
    pub fn value(&self, field: &str) -> Value {
        let text = |t: &dyn std::fmt::Display| Value::String(t.to_string());
        let computed = match (self, field) {
            (_, "code") => Some(Value::String(self.code().to_owned())),
            (_, "original_code") => self.original_code().map(|c| Value::String(c.to_owned())),
            (_, "stage") if self.stage().is_some() => self.stage().map(|s| Value::String(s.to_owned())),
            (_, "grade") if self.grade().is_some() => self.grade().map(|g| Value::String(g.id().to_owned())),
            (_, "lead_body") => self.duties().map(|d| text(&d.lead)),
            (_, "co_body") => self.duties().and_then(|d| d.co).map(|b| text(&b)),
            (_, "due") if self.due().is_some() => self.due().map(|d| text(&d.day)),
            (Self::Measure(m), "points") => Some(m.points.iter().map(|p| text(p)).collect()),
            (Self::Warning(w), "points") => Some(w.points.iter().map(|p| text(p)).collect()),
            (Self::Warning(w), "urgency") => Some(Value::String(w.urgency.id().to_owned())),
            (Self::Warning(w), "ended_on") => w.ended_on.map(|d| text(&d)),
            (Self::Warning(w), source::SEALED) => w.source_shown().map(|shown| Value::String(shown.to_owned())),
            (Self::Warning(w), "served_on") => w.served_on.map(|d| text(&d)),
            (Self::Admonition(a), _) => a.value(field),
            (Self::Appeal(a), _) => a.value(field),
            (Self::Proposal(p), "verb") => Some(Value::String(p.act.verb.id().to_owned())),
            (Self::Proposal(p), "sheet") => p.sheet.map(|s| text(&s)),
            (Self::Proposal(p), "reason") => Some(Value::String(p.reason.clone())),
            (Self::Proposal(p), "made_on") => Some(text(&p.made_on)),
            (Self::ApprovalSheet(s), "title") => Some(Value::String(s.title.clone())),
            (Self::ApprovalSheet(s), "signed_on") => s.signed_on.map(|d| text(&d)),
            (Self::ApprovalSheet(s), "prepared_on") => Some(text(&s.prepared_on)),
            (Self::Obligation(o), "rule") => Some(Value::String(o.rule.id().to_owned())),
            (Self::Obligation(o), "text") => Some(Value::String(o.text.clone())),
            (Self::Obligation(o), "result") => Some(Value::String(o.result.clone())),
            (Self::Obligation(o), "unit") => o.unit.map(|u| text(&u)),
            (Self::Obligation(o), "about") => Some(text(&o.about)),
            (Self::RiskPoint(p), "needs_review") => Some(Value::Bool(p.review.is_some())),
            (Self::RiskPoint(p), "reviewed_on") => p.reviewed_on.map(|d| text(&d)),
            (Self::RiskPoint(p), "graded_on") => p.graded_on.map(|d| text(&d)),
            (Self::Task(t), "outcome") => t.outcome.map(|o| Value::String(o.id().to_owned())),
            _ => None,
        };
        computed.unwrap_or_else(|| self.fields().get(field).cloned().unwrap_or(Value::Null))
    }

    /// A reference field as a stream id.
    pub fn reference(&self, field: &str) -> Option<StreamId> {
        self.value(field).as_str().and_then(StreamId::parse)
    }

    /// A text field; empty when not given.
    pub fn text(&self, field: &str) -> String {
        self.value(field).as_str().unwrap_or_default().to_owned()
    }

    /// What this stream points at: (relation, target). The ledger keeps these so that they can be asked backwards.
    pub fn links(&self) -> Vec<(&'static str, StreamId)> {
        let mut links = Vec::new();
        let mut one = |relation, target: Option<StreamId>| links.extend(target.map(|t| (relation, t)));
        match self {
            Self::Gone { .. } | Self::Adoption(_) => {}
            Self::Measure(m) => m.points.iter().for_each(|p| one("point", Some(*p))),
            Self::Proposal(p) => {
                one("sheet", p.sheet);
                p.act.targets.iter().for_each(|t| one("target", Some(*t)));
            }
            Self::ApprovalSheet(_) => {}
            _ => {
                for field in ["unit", "section", "post", "person"] {
                    if !(field == "person" && matches!(self, Self::Admonition(_))) {
                        one(
                            match field {
                                "unit" => "unit",
                                "section" => "section",
                                "post" => "post",
                                _ => "person",
                            },
                            self.reference(field),
                        );
                    }
                }
                if let Self::Warning(w) = self {
                    w.points.iter().for_each(|p| one("point", Some(*p)));
                }
                if let Self::Record(r) = self
                    && r.register == "person"
                {
                    one("alias", self.reference("same_as"));
                }
                if let Self::Obligation(o) = self {
                    one("origin", Some(o.about));
                }
                if let Self::Appeal(a) = self {
                    one("target", Some(a.against));
                }
                if let Self::Admonition(a) = self {
                    one("origin", a.origin);
                    a.responsible.iter().for_each(|n| one("person", n.person));
                }
            }
        }
        links
    }
}
