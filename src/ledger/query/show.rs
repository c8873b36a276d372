//! One matter with its timeline.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::item::Item;
use super::{Ask, Reader};
use crate::domain::attachment::Attached;
use crate::domain::event::Event;
use crate::domain::fault::{Fault, Refusal};
use crate::domain::telling::Teller;
use crate::domain::{BodyRef, StreamId};
use crate::ledger::erase::Ground;
use crate::ledger::hex;
use crate::ledger::office::local_operator;
use crate::ledger::project::apply::stream_row;
use crate::ledger::project::fold::{self, Reverted};
use crate::ledger::read_log::read_stream;
use crate::ledger::rows::LogItem;
use crate::ledger::undo;

/// One matter and what happened to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// The matter with all its fields.
    pub item: Item,
    /// What happened, oldest first.
    pub timeline: Vec<Step>,
}

/// One step of a matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Its number in the matter: what 撤回此步 takes.
    pub step: i64,
    /// The office day it happened.
    pub day: NaiveDate,
    /// When it was recorded, in China's time.
    pub at: String,
    /// Account that recorded it.
    pub operator: String,
    /// Its name.
    pub operator_name: String,
    /// Verb of its act.
    pub verb: String,
    /// In words.
    pub verb_label: String,
    /// Body whose right was used, as JSON calls it; empty if none.
    pub acting_for: String,
    /// Kind of event.
    pub event: String,
    /// Event in two to six characters.
    pub label: String,
    /// Who did or decided it.
    pub who: String,
    /// The rest, in words.
    pub text: String,
    /// The act, as hex.
    pub act_id: String,
    /// Recorded more than the policy's working days after it happened (补录).
    pub late: bool,
    /// Taken back since.
    pub undone: bool,
    /// Files on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attached>,
    /// What happened, for callers that tell it their own way; `None` for a step taken back or not readable.
    #[serde(skip)]
    pub what: Option<Event>,
}

impl Reader {
    /// A matter by code, stream id, or the exact name of something in the directory.
    pub fn show(&self, typed: &str) -> Result<Shown, Ask> {
        let stream = self.resolve(typed)?;
        self.shown(stream)
    }

    /// A matter with its timeline.
    pub fn shown(&self, stream: StreamId) -> Result<Shown, Ask> {
        self.ask(|| {
            let row = self
                .row(stream)?
                .ok_or_else(|| Refusal::new("not_found", "没有这一事项").hint("核对编号；可用“查找”按名称或内容查"))?;
            let state = self.state_then(&row)?.ok_or_else(|| not_then(&row.code))?;
            Ok(Shown {
                item: self.whole(&row, &state)?,
                timeline: self.steps(stream)?,
            })
        })
    }

    /// A matter with all its fields.
    pub fn item(&self, stream: StreamId) -> Result<Item, Ask> {
        self.ask(|| {
            let row = self
                .row(stream)?
                .ok_or_else(|| Refusal::new("not_found", "没有这一事项").hint("核对编号"))?;
            let state = self.state_then(&row)?.ok_or_else(|| not_then(&row.code))?;
            Ok(self.whole(&row, &state)?)
        })
    }

    /// What happened to a stream, oldest first.
    pub fn timeline(&self, stream: StreamId) -> Result<Vec<Step>, Fault> {
        self.ask(|| self.steps(stream))
    }

    fn steps(&self, stream: StreamId) -> Result<Vec<Step>, Fault> {
        let texts = self.texts();
        if self.row(stream)?.is_none() {
            return Ok(Vec::new());
        }
        let viewer = self.viewer();
        let world = self.world(&texts, &viewer)?;
        let teller = Teller::new(&world);
        let items = read_stream(&self.conn, &stream.0)?;
        let standing = standing(&items);
        let mut steps: Vec<Step> = Vec::with_capacity(items.len());
        for item in &items {
            let day = fold::day(&item.act.happened)?;
            let today = fold::day(&item.act.today)?;
            let mut step = Step {
                step: item.event.stream_seq,
                day,
                at: moment(item.act.at),
                operator: item.act.operator.clone(),
                operator_name: self.operator_name(&item.act.operator)?,
                verb: item.act.verb.clone(),
                verb_label: undo::verb_label(&item.act.verb),
                acting_for: self.body_code(&item.act.acting_for)?,
                event: item.event.kind.clone(),
                label: String::new(),
                who: String::new(),
                text: String::new(),
                act_id: hex::encode(&item.act.act_id),
                late: texts.calendar.workdays_between(day, today) > texts.policy.late_entry_workdays,
                undone: !standing.contains(&item.event.seq),
                attachments: Vec::new(),
                what: None,
            };
            match fold::Step::read(&item.event.kind, item.event.version, &item.body) {
                fold::Step::Event(event) => {
                    let told = teller.tell(&event);
                    step.label = told.label;
                    step.who = told.who;
                    step.text = told.text;
                    // That somebody read is not taken back with what he read about.
                    step.undone &= !matches!(*event, Event::SourceRead { .. });
                    step.attachments = event.attachments().to_vec();
                    step.what = Some(*event);
                }
                fold::Step::Reverted(reverted) => {
                    step.verb_label.clone_into(&mut step.label);
                    step.text = tell_reverted(&reverted, &items, &teller);
                    step.undone = false;
                }
                fold::Step::Erased(erased) => {
                    let of = items.iter().find(|i| hex::encode(&i.event.hash) == erased.event);
                    let number = of.map_or(0, |i| i.event.stream_seq);
                    if let Some(last) = steps.last_mut()
                        && last.event == step.event
                        && last.act_id == step.act_id
                    {
                        last.text = format!("{}、{number} 步的内容", last.text.trim_end_matches(" 步的内容"));
                        continue;
                    }
                    let expired = erased.ground == Ground::SourceExpired;
                    step.label = if expired { "清除" } else { "密封" }.into();
                    step.text = format!("{}：第 {number} 步的内容", erased.ground.label());
                }
                fold::Step::Unknown => {
                    step.label = "需升级".into();
                    step.text = "由更新的版本写成，本版不能识读".into();
                }
            }
            steps.push(step);
        }
        world.settle()?;
        if let Some(day) = self.on() {
            steps.retain(|step| step.day <= day);
        }
        Ok(steps)
    }

    fn operator_name(&self, id: &str) -> Result<String, Fault> {
        use rusqlite::OptionalExtension;
        if id == local_operator().id {
            return Ok(local_operator().name);
        }
        if id == "clock" {
            return Ok("到期自动办理".into());
        }
        let by_stream = match StreamId::parse(id) {
            Some(stream) => stream_row(&self.conn, stream)?.map(|row| row.title),
            None => self
                .conn
                .prepare_cached(
                    "SELECT s.title FROM list_account l JOIN stream s ON s.id = l.id WHERE l.login = ?1 LIMIT 1",
                )?
                .query_row([id], |row| row.get(0))
                .optional()?,
        };
        Ok(by_stream.unwrap_or_else(|| id.to_owned()))
    }

    /// A body as JSON calls it, from how it is stored.
    fn body_code(&self, stored: &str) -> Result<String, Fault> {
        let Some(unit) = BodyRef::parse(stored).and_then(BodyRef::unit) else {
            return Ok(stored.to_owned());
        };
        let row = stream_row(&self.conn, unit)?;
        let word = stored.split(':').next().unwrap_or_default();
        Ok(row.map_or_else(|| stored.to_owned(), |row| format!("{word}:{}", row.code)))
    }
}

/// It was not there on the day asked about.
fn not_then(code: &str) -> Refusal {
    Refusal::new("not_found", format!("那一天还没有 {code}")).hint("请写登记以后的日期。")
}

/// The events a stream stands on: its last one, and back from there, over what was taken back.
fn standing(items: &[LogItem]) -> HashSet<i64> {
    let mut found = HashSet::new();
    let mut at = items.len();
    while at > 0 {
        let item = &items[at - 1];
        at -= 1;
        found.insert(item.event.seq);
        if let fold::Step::Reverted(reverted) = fold::Step::read(&item.event.kind, item.event.version, &item.body) {
            let target = reverted.target();
            at = items
                .iter()
                .position(|i| Some(i.event.hash) == target)
                .map_or(0, |place| place + 1);
        }
    }
    found
}

fn tell_reverted(reverted: &Reverted, items: &[LogItem], teller: &Teller) -> String {
    let target = reverted.target();
    let to = items
        .iter()
        .find(|i| Some(i.event.hash) == target)
        .map(|i| i.event.stream_seq);
    let mut parts = vec![to.map_or_else(|| "回到登记之前".to_owned(), |n| format!("回到第 {n} 步"))];
    parts.extend(reverted.reason.map(|r| r.label().to_owned()));
    parts.extend(reverted.decided.as_ref().map(|d| teller.decided(d)));
    parts.extend(reverted.note.clone());
    parts.join("；")
}

/// A moment in China's time, RFC 3339.
fn moment(ms: i64) -> String {
    use chrono::{FixedOffset, TimeZone};
    FixedOffset::east_opt(8 * 3600)
        .and_then(|zone| zone.timestamp_millis_opt(ms).single())
        .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false))
        .unwrap_or_default()
}
