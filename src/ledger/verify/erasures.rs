//! Erased contents as the walk meets them: a body that is not what its event commits to must be announced further on,
//! once, with its hash.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Connection;

use super::Bad;
use crate::domain::fault::Fault;
use crate::ledger::chain::{Hash, Id};
use crate::ledger::erase::BodyErased;
use crate::ledger::rows::EventRow;
use crate::ledger::{erased, hex};

/// Said of a body that is not what its event commits to.
pub const CHANGED: &str = "事件的内容被改动：哈希不符";

struct Replaced {
    seq: i64,
    site: Id,
    site_seq: i64,
    stream: Id,
    body_hash: Hash,
}

/// What was replaced and not yet announced, and what should have been replaced.
#[derive(Default)]
pub struct Erasures {
    replaced: BTreeMap<Hash, Replaced>,
    listed: HashSet<Hash>,
    back: Vec<(i64, Id, i64)>,
}

impl Erasures {
    /// `listed`: events that the list beside the file says are erased.
    pub fn new(listed: HashSet<Hash>) -> Self {
        Self {
            listed,
            ..Self::default()
        }
    }

    /// An event was met; `replaced` is the hash of a body that is not the committed one.
    pub fn met(&mut self, seq: i64, event: &EventRow, replaced: Option<Hash>) {
        match replaced {
            Some(body_hash) => {
                let replaced = Replaced {
                    seq,
                    site: event.site,
                    site_seq: event.site_seq,
                    stream: event.stream,
                    body_hash,
                };
                self.replaced.insert(event.hash, replaced);
            }
            None if self.listed.contains(&event.hash) => self.back.push((seq, event.site, event.site_seq)),
            None => {}
        }
    }

    /// An announcement was met; what is wrong with it.
    pub fn announced(&mut self, event: &EventRow, body: &str) -> Result<(), &'static str> {
        let announced: BodyErased = serde_json::from_str(body).map_err(|_| "密封的宣告不能识读")?;
        let target: Option<Hash> = hex::decode(&announced.event);
        let replaced = target.and_then(|target| self.replaced.remove(&target));
        match replaced {
            None => Err("宣告已密封的内容仍在，或不在此前的日志里"),
            Some(found) if found.stream != event.stream => Err("密封的宣告不在同一事项里"),
            Some(found) if hex::encode(&found.body_hash) != announced.new_hash => Err("密封后的内容与所宣告的不符"),
            Some(_) => Ok(()),
        }
    }

    /// After the last event: whatever was replaced without a word was tampered with. When the walk stopped early, the
    /// rest of the log is asked without being proved.
    pub fn end(&mut self, conn: &Connection, whole: bool, found: &mut Vec<Bad>) -> Result<(), Fault> {
        let mut bad = |(seq, site, site_seq): (i64, Id, i64), reason: &str| {
            found.push(Bad {
                seq: Some(seq),
                site: Some(site),
                site_seq: Some(site_seq),
                reason: reason.into(),
            });
        };
        if whole {
            for place in std::mem::take(&mut self.back) {
                bad(place, "密封清单（office.erased）记有此条，但原内容又在台账里");
            }
        }
        if self.replaced.is_empty() {
            return Ok(());
        }
        let later = if whole {
            erased::List::new()
        } else {
            erased::announced(conn)?
        };
        for (hash, replaced) in std::mem::take(&mut self.replaced) {
            if !later.contains_key(&hex::encode(&hash)) {
                bad((replaced.seq, replaced.site, replaced.site_seq), CHANGED);
            }
        }
        Ok(())
    }
}
