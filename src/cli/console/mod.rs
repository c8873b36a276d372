//! The console over an office's file: what the panes ask, answered by the ledger and the rules.

mod batch;
mod figures;
mod files;
mod find;
mod lists;
mod nav;
mod past;
mod people;
mod people_ask;
mod records;
pub mod run;
pub mod tables;
mod triage;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;

use crate::app::forms::{self, problem};
use crate::app::show::{self, Past};
use crate::app::slots;
use crate::app::store::{
    ActRequest, ActionState, At, Candidate, Detail, FormRequest, FormSpec, Header, Hit, ListQuery, NavRow, Outcome,
    Page, PeopleAsk, PeopleReply, Problem, Store, TableAsk, TableTold, TriageAnswer, TriageAsk,
};
use crate::domain::day::{parse_day, show_day_cn};
use crate::domain::event::Event;
use crate::domain::fault::{Fault, Stop};
use crate::domain::telling::Teller;
use crate::domain::world::Operator;
use crate::domain::{Act, BodyRef, Refusal, StreamId, Verb};
use crate::ledger::drafts::Pending;
use crate::ledger::office::Office;
use crate::ledger::query::{Reader, Step};
use crate::ledger::receipt::Receipt;
use crate::ledger::world::LedgerWorld;

/// An open office as the console asks it.
pub struct OfficeStore {
    office: Office,
    /// A connection of its own, for everything that is only looked at.
    reader: Reader,
    operator: Operator,
    /// The body picked to act for; `None` = the one whose right an act uses.
    capacity: Option<BodyRef>,
    /// A word about this file (演示, 演练), if it is no real one.
    mark: String,
    /// What waits to be adopted.
    pending: Pending,
    /// The earlier day looked at.
    then: Option<past::Then>,
    /// Since when the triage under way runs.
    triaging: Option<std::time::Instant>,
    /// The log being replayed up to one.
    replay: Option<past::Replay>,
    /// Tables in and out.
    pub tables: tables::Tables,
}

impl OfficeStore {
    /// A store over an open office.
    ///
    /// # Errors
    /// When the file cannot be opened a second time.
    pub fn new(office: Office, operator: Operator, capacity: Option<BodyRef>, mark: &str) -> Result<Self, Fault> {
        let reader = Reader::beside(&office)?;
        reader.view_as(&operator, capacity);
        Ok(OfficeStore {
            office,
            reader,
            operator,
            capacity,
            mark: mark.to_owned(),
            pending: Pending::default(),
            then: None,
            triaging: None,
            replay: None,
            tables: tables::Tables::default(),
        })
    }

    /// Asks through the rules' own eyes.
    fn look<T>(&self, question: impl FnOnce(&LedgerWorld) -> T) -> Result<T, Problem> {
        self.reader().with_world(|world| Ok(question(world))).map_err(failed)
    }

    /// Who answers: of today, or of the earlier day looked at.
    fn reader(&self) -> &Reader {
        self.then.as_ref().map_or(&self.reader, past::Then::reader)
    }

    /// The one body in whose name he acts, if it is one.
    fn body(&self) -> Option<BodyRef> {
        match (self.capacity, self.operator.capacities.as_slice()) {
            (Some(body), _) => Some(body),
            (None, [body]) => Some(*body),
            _ => None,
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
            .filter(|touch| matches!(touch.kind.as_str(), "admonition" | "accountability"))
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
    fn heed(&mut self, stop: Arc<AtomicBool>) {
        // without it a long question only takes its time
        self.reader.heed(stop).ok();
    }

    fn rest(&mut self) -> bool {
        // A failure here is met again, and told, by the next act.
        self.office.maintain().unwrap_or(false)
    }

    fn leave(&mut self) -> Result<(), String> {
        self.office.leave(true).map_err(|fault| fault.to_string())
    }

    fn header(&mut self) -> Result<Header, Problem> {
        self.take_replayed()?;
        // A console left open sees the next day begin; once a day this is more than one look.
        self.office.let_time_pass().map_err(stopped)?;
        let (undo, redo) = match self.then {
            Some(_) => (None, None),
            None => self.office.next_steps_back(&self.operator).map_err(failed)?,
        };
        self.reader.set_today(self.office.today());
        let (ours, late) = self.reader.ours_and_late().map_err(failed)?;
        let texts = self.reader.texts_in_force().map_err(failed)?;
        let waits = match &self.office.file().office {
            Some(paths) => self.pending.look(paths, &texts.source).map_err(failed)?,
            None => None,
        };
        let doubt = self.office.date_doubt().map_err(failed)?;
        let notice = match (&doubt, waits) {
            (Some(doubt), _) => format!("{}。", doubt.reason),
            (None, _) if !self.office.goes_by_the_machine() => format!(
                "今天按所填的 {}，本机日期是 {}；退出前请改正本机日期和时区。",
                self.office.today(),
                self.office.machine_day()
            ),
            (None, waits) => waits.map_or_else(String::new, |waits| format!("{waits}（lianneng adopt）。")),
        };
        let told = |body| self.look(|world| Teller::new(world).body(body));
        let capacity = self.body().map(told).transpose()?.unwrap_or_default();
        Ok(Header {
            operator: self.operator.name.clone(),
            capacity,
            today: show_day_cn(self.office.today()),
            mine: ours.unsigned_abs(),
            overdue: late.unsigned_abs(),
            first: doubt.map(|_| Verb::ConfirmDate.id().to_owned()),
            undo,
            redo,
            mark: self.mark.clone(),
            notice,
            paused: triage::paused(self)?,
            past: self.banner(),
        })
    }

    fn nav(&mut self, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Problem> {
        nav::rows(self, register, parent).map_err(stopped)
    }

    fn page(&mut self, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Problem> {
        lists::page(self, query, at, limit).map_err(stopped)
    }

    fn streams(&mut self, query: &ListQuery, most: usize) -> Result<(Vec<String>, bool), Problem> {
        if matches!(query.register.as_str(), "restriction" | "today") {
            return Ok((Vec::new(), true));
        }
        if lists::is_made(query) {
            let page = lists::page(self, query, &At::Start, most).map_err(stopped)?;
            return Ok((page.rows.into_iter().map(|row| row.stream).collect(), true));
        }
        let asked = lists::asked(query, &At::Start, most);
        let (streams, all) = self.reader().streams(&asked, most).map_err(stopped)?;
        Ok((streams.iter().map(StreamId::to_string).collect(), all))
    }

    fn detail(&mut self, stream: &str) -> Result<Detail, Problem> {
        if let Some(detail) = figures::detail(self, stream).map_err(stopped)? {
            return Ok(detail);
        }
        let stream = Self::stream(stream)?;
        let steps = self.reader().timeline(stream).map_err(failed)?;
        let files = self.reader().attachments_of(stream).map_err(failed)?.len();
        let past: Vec<Past> = with_paper(steps).into_iter().filter_map(past).collect();
        let detail = match people::detail(self, stream).map_err(failed)? {
            Some(detail) => Some(detail),
            None => self.look(|world| show::detail(stream, &past, world))?,
        };
        let mut detail = detail.ok_or_else(|| problem(&Refusal::new("not_found", "没有这一事项")))?;
        if self.then.is_some() {
            detail.actions.clear();
        } else {
            detail.actions.extend(files::action(files));
        }
        Ok(detail)
    }

    fn actions(&mut self, register: &str) -> Result<Vec<ActionState>, Problem> {
        Ok(slots::general(register))
    }

    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem> {
        match request.verb.as_str() {
            past::PAST => Ok(past::form()),
            triage::TRIAGE if self.then.is_none() => triage::form(self),
            _ if self.then.is_some() => Err(past::read_only()),
            files::WRITE_OUT => files::form(self, request),
            _ => self.look(|world| forms::form(request, world))?,
        }
    }

    fn submit(&mut self, request: &ActRequest) -> Result<Outcome, Problem> {
        match request.verb.as_str() {
            past::PAST => return self.look_back(request),
            triage::TRIAGE if self.then.is_none() => return triage::begin(self, request),
            past::PRESENT => return Ok(self.back_to_today()),
            _ if self.then.is_some() => return Err(past::read_only()),
            files::WRITE_OUT => return files::write_out(self, request),
            _ => {}
        }
        let mut act = self.look(|world| forms::act::act(request, world))??;
        act.attachments = files::attached(request)?;
        act.capacity = self.capacity;
        let receipt = match said_day(&act, self.office.today())? {
            Some(day) => self.office.confirm_day(&self.operator, &act, day),
            None => self.office.submit(&self.operator, &act, None),
        };
        let receipt = receipt.map_err(|stop| Problem {
            field: (act.verb == Verb::ConfirmDate).then(|| "day".to_owned()),
            ..stopped(stop)
        })?;
        let mut outcome = self.outcome(&receipt, act.verb.label());
        if act.targets.is_empty() || matches!(act.verb, Verb::Admonish | Verb::HoldAccountable) {
            outcome.opened = outcome.changed.first().cloned();
        }
        Ok(outcome)
    }

    fn candidates(&mut self, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Problem> {
        find::candidates(self, of, typed, most).map_err(stopped)
    }

    fn find(&mut self, typed: &str, most: usize) -> Result<Vec<Hit>, Problem> {
        find::hits(self, typed, most).map_err(stopped)
    }

    fn people(&mut self, asked: &PeopleAsk) -> PeopleReply {
        people_ask::answer(self, asked).map_err(stopped)
    }

    fn triage(&mut self, ask: &TriageAsk) -> Result<TriageAnswer, Problem> {
        triage::answer(self, ask)
    }

    fn undo(&mut self) -> Result<Outcome, Problem> {
        if self.then.is_some() {
            return Err(past::read_only());
        }
        let (what, _) = self.office.next_steps_back(&self.operator).map_err(failed)?;
        let receipt = self.office.undo(&self.operator).map_err(stopped)?;
        let what = what.unwrap_or_default();
        Ok(Outcome {
            message: format!("已撤回：{what}。按 Ctrl-Y 恢复。"),
            ..self.outcome(&receipt, "撤回")
        })
    }

    fn redo(&mut self) -> Result<Outcome, Problem> {
        if self.then.is_some() {
            return Err(past::read_only());
        }
        let (_, what) = self.office.next_steps_back(&self.operator).map_err(failed)?;
        let receipt = self.office.redo(&self.operator).map_err(stopped)?;
        let what = what.unwrap_or_default();
        Ok(Outcome {
            message: format!("已恢复：{what}。"),
            ..self.outcome(&receipt, "重做")
        })
    }

    fn table(&mut self, ask: &TableAsk) -> Result<TableTold, Problem> {
        tables::told(self, ask)
    }

    fn version(&mut self) -> Result<u64, Problem> {
        let version = self.office.data_version().map_err(failed)?;
        // A replay moves on, and its end changes what is shown.
        let replayed = self.replay.as_ref().map_or(0, |replay| replay.percent() + 1);
        Ok(version.wrapping_mul(1_000).wrapping_add(replayed))
    }
}

/// The day a 核对日期 says it is; `None` for other acts.
fn said_day(act: &Act, today: NaiveDate) -> Result<Option<NaiveDate>, Problem> {
    let said = act.fields.get("day").and_then(|day| day.as_str());
    let Some(said) = said.filter(|_| act.verb == Verb::ConfirmDate) else {
        return Ok(None);
    };
    parse_day(said, today).map(Some).map_err(|reason| Problem {
        reason,
        field: Some("day".into()),
        ..Problem::default()
    })
}

/// Paper and files stand in an event beside the step they came with: told in the step's own row, as 〔附2〕.
fn with_paper(steps: Vec<Step>) -> Vec<Step> {
    let mut rows: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps {
        let carries = matches!(&step.what, Some(Event::Noted { text, late_reason: None, paper, attachments })
            if text.is_empty() && !(paper.is_empty() && attachments.is_empty()));
        match rows.last_mut() {
            Some(own) if carries && own.act_id == step.act_id && own.undone == step.undone => {
                let joint = if own.text.is_empty() { "" } else { "；" };
                own.text.push_str(&format!("{joint}{}", step.text));
            }
            _ => rows.push(step),
        }
    }
    rows
}

/// A step as the console shows it; undo and redo leave none of their own, what they took back is marked.
fn past(step: Step) -> Option<Past> {
    if matches!(step.verb.as_str(), "undo" | "redo") {
        return None;
    }
    Some(Past {
        happened: step.day,
        who: if step.who.is_empty() {
            step.operator_name
        } else {
            step.who
        },
        label: step.label,
        text: step.text,
        number: step.step,
        event: step.what,
        undone: step.undone,
        late: step.late,
    })
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
