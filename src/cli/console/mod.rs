//! The console over an office's file: what the panes ask, answered by the ledger and the rules.

mod find;
mod lists;
mod nav;
pub mod run;

use crate::app::forms::{self, problem};
use crate::app::show::{self, Deed, Past};
use crate::app::slots;
use crate::app::store::{
    ActRequest, ActionState, At, Candidate, Detail, FormRequest, FormSpec, Header, Hit, ListQuery, NavRow, Outcome,
    Page, Problem, Store,
};
use crate::domain::day::show_day_cn;
use crate::domain::fault::{Fault, Stop};
use crate::domain::telling::Teller;
use crate::domain::world::Operator;
use crate::domain::{BodyRef, Refusal, StreamId, Verb};
use crate::ledger::look::Passed;
use crate::ledger::office::Office;
use crate::ledger::pages::Listed;
use crate::ledger::project::fold::Step;
use crate::ledger::receipt::Receipt;

/// An open office as the console asks it.
pub struct OfficeStore {
    office: Office,
    operator: Operator,
    /// The body picked to act for; `None` = the one whose right an act uses.
    capacity: Option<BodyRef>,
    /// A word about this file (演示, 演练), if it is no real one.
    mark: String,
}

impl OfficeStore {
    /// A store over an open office.
    pub fn new(office: Office, operator: Operator, capacity: Option<BodyRef>, mark: &str) -> OfficeStore {
        OfficeStore {
            office,
            operator,
            capacity,
            mark: mark.to_owned(),
        }
    }

    fn stream(text: &str) -> Result<StreamId, Problem> {
        StreamId::parse(text).ok_or_else(|| problem(&Refusal::new("not_found", "没有这一事项")))
    }

    fn outcome(&self, receipt: &Receipt, did: &str) -> Outcome {
        let codes: Vec<&str> = receipt.changed.iter().map(|touch| touch.code.as_str()).collect();
        let what = match codes.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}"),
            [first, ..] => format!(" {first} 等 {} 项", codes.len()),
        };
        let pending = receipt.effect == "pending";
        let mut message = match &receipt.approval_sheet {
            Some(sheet) if pending => format!("{did}已送签，列入 {sheet}，待回签；等级、期限和限制现在不变。"),
            _ => format!("已办：{did}{what}。"),
        };
        let admonitions: Vec<&str> = receipt
            .proposed
            .iter()
            .filter(|touch| touch.kind == "admonition")
            .map(|touch| touch.code.as_str())
            .collect();
        if !pending && !admonitions.is_empty() {
            message.push_str(&format!("另提出 {}。", admonitions.join("、")));
        }
        message.push_str(&receipt.notes.concat());
        Outcome {
            message,
            pending,
            changed: receipt.changed.iter().map(|touch| touch.stream.to_string()).collect(),
            opened: None,
        }
    }
}

impl Store for OfficeStore {
    fn header(&mut self) -> Result<Header, Problem> {
        let (undo, redo) = self.office.next_steps_back(&self.operator).map_err(failed)?;
        let body = match (self.capacity, self.operator.capacities.as_slice()) {
            (Some(body), _) => Some(body),
            (None, [body]) => Some(*body),
            _ => None,
        };
        let told = |body| self.office.look(&self.operator, |world| Teller::new(world).body(body));
        let capacity = body.map(told).transpose().map_err(failed)?.unwrap_or_default();
        Ok(Header {
            operator: self.operator.name.clone(),
            capacity,
            today: show_day_cn(self.office.today()),
            mine: self.office.ours().map_err(failed)?.unsigned_abs(),
            overdue: self.office.late().map_err(failed)?.unsigned_abs(),
            undo,
            redo,
            mark: self.mark.clone(),
        })
    }

    fn nav(&mut self, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Problem> {
        nav::rows(self, register, parent).map_err(failed)
    }

    fn page(&mut self, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Problem> {
        lists::page(self, query, at, limit).map_err(failed)
    }

    fn streams(&mut self, query: &ListQuery, most: usize) -> Result<(Vec<String>, bool), Problem> {
        let Some(listed) = lists::listed(query) else {
            return Ok((Vec::new(), true));
        };
        let begin = crate::ledger::pages::Begin::Start;
        let keys = self.office.keys(&listed, &begin, most).map_err(failed)?;
        Ok((
            keys.rows.iter().map(|(stream, _)| stream.to_string()).collect(),
            !keys.after,
        ))
    }

    fn detail(&mut self, stream: &str) -> Result<Detail, Problem> {
        let stream = Self::stream(stream)?;
        let past: Vec<Past> = self
            .office
            .history(stream)
            .map_err(failed)?
            .into_iter()
            .map(|p| self.past(p))
            .collect();
        let detail = self
            .office
            .look(&self.operator, |world| show::detail(stream, &past, world))
            .map_err(failed)?;
        detail.ok_or_else(|| problem(&Refusal::new("not_found", "没有这一事项")))
    }

    fn actions(&mut self, register: &str) -> Result<Vec<ActionState>, Problem> {
        Ok(slots::general(register))
    }

    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem> {
        self.office
            .look(&self.operator, |world| forms::form(request, world))
            .map_err(failed)?
    }

    fn submit(&mut self, request: &ActRequest) -> Result<Outcome, Problem> {
        let mut act = self
            .office
            .look(&self.operator, |world| forms::act::act(request, world))
            .map_err(failed)??;
        act.capacity = self.capacity;
        let receipt = self.office.submit(&self.operator, &act, None).map_err(stopped)?;
        let mut outcome = self.outcome(&receipt, act.verb.label());
        if act.targets.is_empty() || act.verb == Verb::Admonish {
            outcome.opened = outcome.changed.first().cloned();
        }
        Ok(outcome)
    }

    fn candidates(&mut self, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Problem> {
        find::candidates(self, of, typed, most).map_err(failed)
    }

    fn find(&mut self, typed: &str, most: usize) -> Result<Vec<Hit>, Problem> {
        find::hits(self, typed, most).map_err(failed)
    }

    fn undo(&mut self) -> Result<Outcome, Problem> {
        let (what, _) = self.office.next_steps_back(&self.operator).map_err(failed)?;
        let receipt = self.office.undo(&self.operator).map_err(stopped)?;
        let what = what.unwrap_or_default();
        Ok(Outcome {
            message: format!("已撤回：{what}。按 Ctrl-Y 恢复。"),
            ..self.outcome(&receipt, "撤回")
        })
    }

    fn redo(&mut self) -> Result<Outcome, Problem> {
        let (_, what) = self.office.next_steps_back(&self.operator).map_err(failed)?;
        let receipt = self.office.redo(&self.operator).map_err(stopped)?;
        let what = what.unwrap_or_default();
        Ok(Outcome {
            message: format!("已恢复：{what}。"),
            ..self.outcome(&receipt, "重做")
        })
    }

    fn version(&mut self) -> Result<u64, Problem> {
        self.office.data_version().map_err(failed)
    }
}

impl OfficeStore {
    fn past(&self, passed: Passed) -> Past {
        let deed = match passed.stored.step {
            Step::Event(event) => Deed::Event(event),
            Step::Reverted(reverted) => {
                let reason = reverted.reason.map(|reason| reason.label().to_owned());
                let words = [reason, reverted.note]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("；");
                Deed::TakenBack(words, reverted.decided)
            }
            Step::Unknown => Deed::Unknown,
        };
        let mine = passed.operator == self.operator.id;
        Past {
            happened: passed.stored.happened,
            operator: if mine {
                self.operator.name.clone()
            } else {
                passed.operator
            },
            number: passed.number,
            deed,
            undone: passed.undone,
        }
    }
}

/// Which list a query means, for the parts of this room.
fn listed_of(query: &ListQuery) -> Option<Listed> {
    lists::listed(query)
}

/// A failure of the world as the console shows it.
fn failed(fault: Fault) -> Problem {
    Problem {
        reason: fault.reason,
        hint: fault.hint,
        field: None,
    }
}

fn stopped(stop: Stop) -> Problem {
    match stop {
        Stop::Refused(refusal) => problem(&refusal),
        Stop::Failed(fault) => failed(fault),
    }
}
