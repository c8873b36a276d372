//! Erasing without breaking the chain (`ledger.md` §3): the chain covers salted commitments, so salt and body of an
//! event may be replaced by a redacted body once a `body_erased` event has announced the new hash.
//!
//! Where a report's content can stand, and what becomes of it when the report goes out as a clue (§0.9):
//!
//! | place | |
//! |---|---|
//! | events of the report, and of reports merged into it | redacted |
//! | proposals about it, also taken-back ones (their acts carry what was typed) | redacted |
//! | other events of the acts that wrote to it (a linked point's raise), other streams that name it (admonitions, obligations, 呈批单), and streams that name those | redacted where they repeat the content |
//! | the sealing act's own remarks | redacted where they repeat it |
//! | state, list rows, titles, spans | follow from the redacted events, on the projector's one path |
//! | search index | [`super::purge`] merges its segments, so that nothing of the old text is left in them |
//! | drafts and sessions that repeat it | deleted |
//! | write-ahead log, backups in the folder, files set aside by a restore | [`super::purge`] |
//! | files on the erased events | deleted, unless another event names the same bytes |
//! | act rows, links, codes, due dates, import mappings | hold no content |

mod find;

pub use find::{STORED, of_stream, raw};

use rusqlite::Transaction;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use super::chain::{self, Hash};
use super::entropy::Entropy;
use super::hex;
use super::project::fold::{REVERTED, Reverted, Step};
use super::submit::{Writing, Written};
use crate::domain::StreamId;
use crate::domain::event::{Event, VERSION};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::redact::{Quotes, redact};
use crate::domain::vocabulary::vocabulary;

/// Kind of the event that announces an erasure.
pub const ERASED: &str = "body_erased";
/// Version it is written with.
pub const ERASED_VERSION: i64 = 1;
/// Verb of the act that erases again what an older copy brought back.
pub const RESEAL: &str = "reseal";

vocabulary! {
    /// Why content was erased.
    Ground { ClueTransferred = "clue_transferred" "移送线索", SourceExpired = "source_expired" "来源信息到期", }
}

/// Body of a `body_erased` event: the announced event's body is no longer what its `body_hash` commits to, but what
/// `new_hash` is the hash of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyErased {
    /// Hash of the event whose body goes, as hex.
    pub event: String,
    /// `body_hash` of what stands there instead, as hex.
    pub new_hash: String,
    /// Why.
    pub ground: Ground,
}

/// One body to be replaced.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Local number of the event.
    pub seq: i64,
    /// Its stream.
    pub stream: StreamId,
    /// Its hash.
    pub hash: Hash,
    salt: [u8; 16],
    body: String,
    new_hash: Hash,
    ground: Ground,
}

impl Erasure {
    fn of(stored: &Stored, body: String, ground: Ground, entropy: &mut Entropy) -> Result<Self, Fault> {
        let salt = entropy.bytes::<16>()?;
        Ok(Self {
            seq: stored.seq,
            stream: stored.stream,
            hash: stored.hash,
            new_hash: chain::body_hash(&salt, &body),
            salt,
            body,
            ground,
        })
    }

    /// The event that announces it.
    pub fn announced(&self) -> BodyErased {
        BodyErased {
            event: hex::encode(&self.hash),
            new_hash: hex::encode(&self.new_hash),
            ground: self.ground,
        }
    }
}

/// An event as it stands in the log.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Local number.
    pub seq: i64,
    /// Local number of its act.
    pub act: i64,
    /// Its stream.
    pub stream: StreamId,
    /// Its hash.
    pub hash: Hash,
    /// What it says.
    pub step: Step,
}

/// True when this event seals what its stream holds.
pub fn seals(written: &Written) -> bool {
    matches!(
        written,
        Written::Event(Event::ClueTransferred { .. } | Event::SourceErased { .. })
    )
}

/// Adds to an act what its sealing takes out, in the order of the log; nothing for almost every act. Remarks of the
/// act itself that repeat the content are redacted in place.
pub fn add_to(tx: &Transaction, entropy: &mut Entropy, writing: &mut Writing) -> Result<(), Fault> {
    let mut reports: Vec<StreamId> = Vec::new();
    for (stream, written, _) in &writing.events {
        match written {
            Written::Event(Event::ClueTransferred { .. }) => reports.push(*stream),
            Written::Event(Event::SourceErased { .. }) => {
                let envelopes = find::of_stream(tx, *stream)?;
                writing.erasures.extend(prepare_sources(entropy, &envelopes)?);
            }
            _ => {}
        }
    }
    if reports.is_empty() {
        return Ok(());
    }
    let found = find::about(tx, &reports)?;
    let quotes = quotes_of(&found.whole)?;
    for (stream, written, _) in &mut writing.events {
        if let Written::Event(event) = written
            && found.streams.contains(stream)
            && !matches!(event, Event::ClueReferred { .. } | Event::ClueTransferred { .. })
            && quotes.repeated_by(event).map_err(bug)?
            && let Some(without) = redact(event, &quotes).map_err(bug)?
        {
            *event = without;
        }
    }
    forget_drafts(tx, &quotes)?;
    let mut erasures = prepare(entropy, &found.whole, &quotes, Ground::ClueTransferred, false)?;
    erasures.extend(prepare(entropy, &found.near, &quotes, Ground::ClueTransferred, true)?);
    erasures.sort_by_key(|erasure| erasure.seq);
    writing.erasures.extend(erasures);
    Ok(())
}

/// The texts that events hold.
pub fn quotes_of(stored: &[Stored]) -> Result<Quotes, Fault> {
    let events = stored.iter().filter_map(|stored| match &stored.step {
        Step::Event(event) => Some(&**event),
        _ => None,
    });
    Quotes::of(events).map_err(bug)
}

/// New bodies for these events; with `quoting` only for those that repeat the content.
pub fn prepare(
    entropy: &mut Entropy,
    stored: &[Stored],
    quotes: &Quotes,
    ground: Ground,
    quoting: bool,
) -> Result<Vec<Erasure>, Fault> {
    let mut erasures = Vec::new();
    for one in stored {
        let Some(body) = redacted(one, quotes, quoting)? else {
            continue;
        };
        erasures.push(Erasure::of(one, body, ground, entropy)?);
    }
    Ok(erasures)
}

/// New bodies for the envelopes among these events.
pub fn prepare_sources(entropy: &mut Entropy, stored: &[Stored]) -> Result<Vec<Erasure>, Fault> {
    let mut erasures = Vec::new();
    for one in stored {
        if let Step::Event(event) = &one.step
            && matches!(&**event, Event::SourceSealed { source_sealed } if !source_sealed.is_empty())
        {
            let source_sealed = String::new();
            let (_, body) = Event::SourceSealed { source_sealed }.encode().map_err(bug)?;
            erasures.push(Erasure::of(one, body, Ground::SourceExpired, entropy)?);
        }
    }
    Ok(erasures)
}

/// The body without its content; `None` when there is none in it.
fn redacted(stored: &Stored, quotes: &Quotes, quoting: bool) -> Result<Option<String>, Fault> {
    match &stored.step {
        Step::Event(event) => {
            if quoting && !quotes.repeated_by(event).map_err(bug)? {
                return Ok(None);
            }
            let without = redact(event, quotes).map_err(bug)?;
            without.map(|event| Ok(event.encode().map_err(bug)?.1)).transpose()
        }
        Step::Reverted(reverted) => {
            let note = reverted.note.as_deref().unwrap_or_default();
            if note.is_empty() || (quoting && !quotes.repeated_in(note)) {
                return Ok(None);
            }
            let without = Reverted {
                note: None,
                ..reverted.clone()
            };
            serde_json::to_string(&without).map(Some).map_err(bug)
        }
        Step::Erased(_) | Step::Unknown => Ok(None),
    }
}

/// True when a body could be what an erasure leaves: nothing in it would be taken out.
pub fn holds_nothing(kind: &str, version: i64, body: &str) -> bool {
    match kind {
        REVERTED => serde_json::from_str::<Reverted>(body).is_ok_and(|reverted| reverted.note.is_none()),
        _ if version != VERSION => false,
        _ => Event::decode(kind, version, body).is_ok_and(|event| match event {
            Event::SourceSealed { source_sealed } => source_sealed.is_empty(),
            event => redact(&event, &Quotes::default()).is_ok_and(|without| without.is_none()),
        }),
    }
}

/// Replaces the bodies. The announcements must be in the log: a trigger asks for each.
pub fn replace(tx: &Transaction, erasures: &[Erasure]) -> Result<(), Fault> {
    let mut statement = tx.prepare_cached("UPDATE event_body SET salt = ?2, body = ?3 WHERE seq = ?1")?;
    for erasure in erasures {
        statement.execute((erasure.seq, erasure.salt, &erasure.body))?;
    }
    Ok(())
}

/// Unfinished forms and places left off that repeat the content.
fn forget_drafts(tx: &Transaction, quotes: &Quotes) -> Result<(), Fault> {
    for (table, column) in [("draft", "body"), ("session", "value")] {
        let key = if table == "draft" {
            "id"
        } else {
            "operator || char(0) || key"
        };
        let mut statement = tx.prepare(&format!("SELECT {key}, {column} FROM {table}"))?;
        let held = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let held: Vec<(Value, String)> = held.collect::<Result<_, _>>()?;
        for (place, text) in held {
            if quotes.repeated_in(&text) {
                tx.execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), [place])?;
            }
        }
    }
    Ok(())
}

fn bug(error: serde_json::Error) -> Fault {
    Fault::new(FaultKind::World, format!("程序错误：内容密封不了（{error}）")).hint("请向维护人员报告。")
}

#[cfg(test)]
#[path = "erase_tests.rs"]
mod tests;
