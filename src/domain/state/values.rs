//! The values of any stream by the id of a field or a computed column, and what it points at.

use serde_json::Value;

use super::State;
use crate::domain::ids::StreamId;
use crate::domain::source;

impl State {
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
