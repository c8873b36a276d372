//! The state of any stream, and `evolve`: total, clockless, the only way a state comes about.

mod dues;
mod values;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::Fields;
use super::admonition::Admonition;
use super::appeal::Appeal;
use super::event::{Duties, Event};
use super::measure::Measure;
use super::obligation::Obligation;
use super::point::RiskPoint;
use super::policy::Flow;
use super::proposal::{ApprovalSheet, Proposal};
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
}
