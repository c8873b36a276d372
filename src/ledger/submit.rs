//! The one door: an act is decided, appended and projected in one transaction, or nothing happens.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rusqlite::Transaction;

use super::append::{self, Appended, NewAct, append_act};
use super::attachments;
use super::chain::Id;
use super::date;
use super::entropy::Entropy;
use super::erase::{self, BodyErased, ERASED, ERASED_VERSION, Erasure};
use super::project::fold::{Reverted, Step};
use super::project::relayout::relayout;
use super::project::{Arrived, ArrivedAct, Changed, Projector};
use super::purge;
use super::rebuild::rebuild_within;
use super::receipt::Receipt;
use super::site;
use super::texts::Texts;
use super::watch::Watch;
use super::world::{Fresh, LedgerWorld};
use crate::domain::decide::Outcome;
use crate::domain::event::VERSION;
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::domain::world::{Operator, World};
use crate::domain::{Act, Event, StreamId, Verb, decide};

/// Everything an act is carried out with, for one transaction.
pub struct Desk<'a> {
    /// The transaction.
    pub tx: &'a Transaction<'a>,
    /// The adopted texts.
    pub texts: &'a Texts,
    /// Letters of this office.
    pub letters: &'a str,
    /// Who asks.
    pub operator: &'a Operator,
    /// Today in China.
    pub today: NaiveDate,
    /// The clock, milliseconds UTC.
    pub now_ms: i64,
    /// Where ids and salts come from.
    pub entropy: &'a mut Entropy,
    /// Program and version.
    pub program: &'a str,
    /// The date was given by hand (`--now`): nobody has to be asked for it.
    pub clock_told: bool,
    /// Content was erased: what is left of it elsewhere is to be cleared away after the commit.
    pub erased: bool,
}

/// What one event of an act will be.
pub enum Written {
    /// Something happened.
    Event(Event),
    /// A stream is taken back.
    Reverted(Reverted),
    /// The content of an earlier event goes.
    Erased(BodyErased),
}

/// What goes into the log as one act.
pub struct Writing<'a> {
    /// Its id.
    pub act_id: Id,
    /// Its verb.
    pub verb: &'a str,
    /// Office day of the deed.
    pub happened: NaiveDate,
    /// Body whose right was used.
    pub acting_for: String,
    /// Act answered or undone.
    pub because: Option<Id>,
    /// Its events: stream, what, index of the cause.
    pub events: Vec<(StreamId, Written, Option<usize>)>,
    /// Contents that go with it; each is announced by an event of its own.
    pub erasures: Vec<Erasure>,
}

impl Desk<'_> {
    /// An act id of this moment.
    pub fn new_act_id(&mut self) -> Result<Id, Fault> {
        self.entropy.uuid7(self.now_ms)
    }

    /// Carries out an act of the domain.
    pub fn submit(&mut self, act: &Act, act_id: Option<Id>) -> Result<Receipt, Stop> {
        if let Some(earlier) = self.earlier(act, act_id)? {
            return Ok(earlier);
        }
        if act.verb != Verb::ConfirmDate {
            self.date_is_sure()?;
        }
        self.decide(act, act_id, decide)
    }

    /// Asks the rules what an act brings about and writes it.
    pub fn decide(
        &mut self,
        act: &Act,
        act_id: Option<Id>,
        rules: impl FnOnce(&Act, &dyn World) -> Result<Outcome, Refusal>,
    ) -> Result<Receipt, Stop> {
        let act_id = match act_id {
            Some(id) => id,
            None => self.new_act_id()?,
        };
        let world = LedgerWorld::new(
            self.tx,
            self.texts,
            self.operator,
            self.letters,
            self.today,
            Fresh::Drawn(RefCell::new(&mut *self.entropy), self.now_ms),
        );
        check_seen(act, &world)?;
        let decided = rules(act, &world);
        world.settle()?;
        let outcome = decided?;
        refuse_frozen(&outcome, &world)?;
        let followed: HashSet<StreamId> = outcome
            .events
            .iter()
            .filter(|e| e.because.is_some())
            .map(|e| e.stream)
            .collect();
        let mut events: Vec<(StreamId, Written, Option<usize>)> = outcome
            .events
            .into_iter()
            .map(|new| (new.stream, Written::Event(new.event), new.because))
            .collect();
        let known: HashMap<StreamId, _> = events
            .iter()
            .filter_map(|(stream, ..)| Some((*stream, world.known(*stream)?)))
            .collect();
        for turned in outcome.turned {
            // The rules asked the world for the plan before they let it through.
            if let Some(plan) = world.planned(turned.proposal) {
                events.extend(plan.events(Some(turned.decided), turned.act.note, Some(turned.because)));
            }
        }
        drop(world);
        attachments::store(self.tx, act)?;
        let writing = Writing {
            act_id,
            verb: act.verb.id(),
            happened: outcome.happened,
            acting_for: outcome.acting_for.map(|b| b.to_string()).unwrap_or_default(),
            because: None,
            events,
            erasures: Vec::new(),
        };
        let policy = policy_hash(self.texts, &writing)?;
        let meta = Meta::of(self.operator, self.today, self.now_ms, self.program, policy);
        let changed = write(self, &meta, writing, &|stream| known.get(&stream).cloned())?.1;
        let followed = |stream| followed.contains(&stream);
        Ok(Receipt::new(
            self.tx,
            &self.texts.layout,
            &act_id,
            &changed,
            &followed,
            outcome.notes,
        )?)
    }

    /// Carries out an adoption: in its transaction the tables become what the new texts ask for.
    pub fn adopt(&mut self, act: &Act, act_id: Option<Id>) -> Result<Receipt, Stop> {
        let receipt = self.submit(act, act_id)?;
        let new = Texts::adopted(self.tx)?;
        let old = &self.texts.layout;
        if new.layout.hash != old.hash {
            if new.layout.flow == old.flow && new.layout.reviews == old.reviews {
                relayout(self.tx, old, &new.layout)?;
            } else {
                rebuild_within(self.tx, &new.layout, self.letters, &mut Watch::nobody())?;
            }
        }
        Ok(receipt)
    }

    /// Writes an act the ledger itself makes (undo, redo, 撤回此步).
    pub fn write(&mut self, writing: Writing) -> Result<(Appended, Vec<Changed>), Fault> {
        let policy = self.texts.hash;
        let meta = Meta::of(self.operator, self.today, self.now_ms, self.program, policy);
        write(self, &meta, writing, &|_| None)
    }

    /// The receipt of the same act, submitted before. Another act under its id is a fault.
    fn earlier(&self, act: &Act, act_id: Option<Id>) -> Result<Option<Receipt>, Fault> {
        let Some(id) = act_id else { return Ok(None) };
        let Some(appended) = append::find_act(self.tx, &id)? else {
            return Ok(None);
        };
        let same: bool = self.tx.query_row(
            "SELECT verb = ?2 AND operator = ?3 FROM act WHERE seq = ?1",
            (appended.act_seq, act.verb.id(), &self.operator.id),
            |row| row.get(0),
        )?;
        let touched = |target: &StreamId| {
            let proposed = appended.events.iter().any(|e| e.stream_seq == 1);
            proposed || appended.events.iter().any(|e| e.stream == target.0)
        };
        if same && act.targets.iter().all(touched) {
            return Receipt::again(self.tx, &self.texts.layout, &id);
        }
        Err(
            Fault::new(FaultKind::World, "同一次办理的编号重复使用，但内容不同，本次未办理")
                .hint("请重新打开该事项，核对是否已经办理，再办一次。"),
        )
    }

    /// Refuses while the machine's date is in doubt (ledger.md §1).
    pub fn date_is_sure(&self) -> Result<(), Stop> {
        match date::doubt(self.tx, self.today, self.clock_told)? {
            Some(doubt) => Err(doubt.into()),
            None => Ok(()),
        }
    }
}

/// Refuses when one of the matters has changed since the person saw it.
pub fn check_seen(act: &Act, world: &LedgerWorld) -> Result<(), Stop> {
    for (stream, seen) in &act.seen {
        if world.version(*stream) != *seen {
            let code = world.row(*stream).map(|row| row.code.clone()).unwrap_or_default();
            return Err(Refusal::new("stale", format!("{code}：本事项已被他人更新"))
                .hint("请刷新后核对，再办理；已填内容不会丢失")
                .into());
        }
    }
    Ok(())
}

fn refuse_frozen(outcome: &Outcome, world: &LedgerWorld) -> Result<(), Stop> {
    let frozen = outcome
        .events
        .iter()
        .filter_map(|e| world.row(e.stream))
        .find(|row| row.frozen);
    match frozen {
        Some(row) => Err(
            Refusal::new("frozen", format!("{} 由更新的版本办理过，需升级才能办理", row.code))
                .hint("请换用新版廉能台")
                .into(),
        ),
        None => Ok(()),
    }
}

/// An act names what was in force; the one that adopts names what it adopts.
fn policy_hash(texts: &Texts, writing: &Writing) -> Result<super::chain::Hash, Fault> {
    let adopted = writing.events.iter().find_map(|(_, written, _)| match written {
        Written::Event(Event::TextsAdopted {
            policy,
            calendar,
            registers,
        }) => {
            let registers: Vec<(&str, &str)> = registers.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            Some(super::chain::policy_hash(policy, calendar, &registers))
        }
        _ => None,
    });
    Ok(adopted.unwrap_or(texts.hash))
}

struct Meta {
    operator: String,
    today: String,
    at: i64,
    program: String,
    policy: super::chain::Hash,
}

impl Meta {
    fn of(operator: &Operator, today: NaiveDate, at: i64, program: &str, policy: super::chain::Hash) -> Self {
        Self {
            operator: operator.id.clone(),
            today: today.to_string(),
            at,
            program: program.to_owned(),
            policy,
        }
    }
}

type Known<'k> = &'k dyn Fn(StreamId) -> Option<std::sync::Arc<crate::domain::State>>;

fn write(desk: &mut Desk, meta: &Meta, mut writing: Writing, known: Known) -> Result<(Appended, Vec<Changed>), Fault> {
    let causes: Vec<(usize, StreamId)> = (writing.events.iter().enumerate())
        .filter(|(_, (_, written, _))| erase::seals(written))
        .map(|(at, (stream, ..))| (at, *stream))
        .collect();
    if !causes.is_empty() {
        erase::add_to(desk.tx, desk.entropy, &mut writing)?;
    }
    let erasures = std::mem::take(&mut writing.erasures);
    for erasure in &erasures {
        let own = causes.iter().find(|(_, stream)| *stream == erasure.stream);
        let cause = own.or(causes.first()).map(|(at, _)| *at);
        let written = Written::Erased(erasure.announced());
        writing.events.push((erasure.stream, written, cause));
    }
    let new_act = NewAct {
        act_id: writing.act_id,
        today: meta.today.clone(),
        happened: writing.happened.to_string(),
        verb: writing.verb.to_owned(),
        operator: meta.operator.clone(),
        acting_for: writing.acting_for,
        policy: meta.policy,
        because: writing.because,
        program: meta.program.clone(),
        at: meta.at,
    };
    let mut stored = Vec::with_capacity(writing.events.len());
    let mut steps = Vec::with_capacity(writing.events.len());
    for (stream, written, because) in writing.events {
        let (kind, version, body, step) = encode(written)?;
        stored.push(append::NewEvent {
            stream: stream.0,
            kind,
            version,
            body,
            because,
        });
        steps.push(step);
    }
    let appended = append_act(desk.tx, desk.entropy, &new_act, &stored)?;
    let files = attachments::of_erasures(desk.tx, &erasures)?;
    erase::replace(desk.tx, &erasures)?;
    attachments::let_go(desk.tx, &files)?;
    if !erasures.is_empty() {
        purge::ask(desk.tx)?;
        desk.erased = true;
    }
    let site = site::current(desk.tx)?;
    let events = appended.events.iter().zip(steps).map(|(event, step)| Arrived {
        seq: event.seq,
        site,
        stream: StreamId(event.stream),
        stream_seq: event.stream_seq,
        epoch: event.epoch,
        hash: event.hash,
        step,
    });
    let act = ArrivedAct {
        happened: writing.happened,
        events: events.collect(),
    };
    let mut projector = Projector::new(desk.tx, &desk.texts.layout, desk.letters);
    let changed = projector.apply(&[act], known)?;
    projector.finish()?;
    Ok((appended, changed))
}

fn encode(written: Written) -> Result<(String, i64, String, Step), Fault> {
    let bug = |error: serde_json::Error| {
        Fault::new(FaultKind::World, format!("程序错误：事件写不出来（{error}）")).hint("请向维护人员报告。")
    };
    Ok(match written {
        Written::Event(event) => {
            let (kind, body) = event.encode().map_err(bug)?;
            (kind, VERSION, body, Step::Event(Box::new(event)))
        }
        Written::Reverted(reverted) => {
            use super::project::fold::{REVERTED, REVERTED_VERSION};
            let body = serde_json::to_string(&reverted).map_err(bug)?;
            (REVERTED.to_owned(), REVERTED_VERSION, body, Step::Reverted(reverted))
        }
        Written::Erased(erased) => {
            let body = serde_json::to_string(&erased).map_err(bug)?;
            (ERASED.to_owned(), ERASED_VERSION, body, Step::Erased(erased))
        }
    })
}
