//! The rows of the log as they are stored, and as `log --json` writes them: ids and hashes in lower-case hex.

use std::sync::Arc;

use rusqlite::Row;
use serde::Serialize;

use super::chain::{self, ActFields, EventFields, Hash, Id};
use super::hex;

/// An act as it is stored. Ids and hashes are written as lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActRow {
    /// Local number.
    pub seq: i64,
    /// UUIDv7, or v8 for the clock.
    #[serde(with = "hex")]
    pub act_id: Id,
    /// Site that wrote it.
    #[serde(with = "hex")]
    pub site: Id,
    /// `site_seq` of its first event.
    pub first: i64,
    /// How many events it has.
    pub events: i64,
    /// Lamport time.
    pub tick: i64,
    /// Wall clock as claimed, milliseconds UTC.
    pub at: i64,
    /// China civil date `decide` was given.
    pub today: String,
    /// Office day of the deed.
    pub happened: String,
    /// What was done.
    pub verb: String,
    /// Account id, or `clock`.
    pub operator: String,
    /// Body whose right was used.
    pub acting_for: String,
    /// Hash of the adopted policy, calendar and registers.
    #[serde(with = "hex")]
    pub policy: Hash,
    /// Act answered or undone.
    #[serde(serialize_with = "hex::serialize_option")]
    pub because: Option<Id>,
    /// Program and version.
    pub program: String,
    /// Its hash.
    #[serde(with = "hex")]
    pub act_hash: Hash,
}

/// An event as it is stored, without its act and body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventRow {
    /// Local number.
    pub seq: i64,
    /// Local number of its act.
    #[serde(skip)]
    pub act: i64,
    /// Site that wrote it.
    #[serde(with = "hex")]
    pub site: Id,
    /// Gap-free number in the site.
    pub site_seq: i64,
    /// Stream it belongs to.
    #[serde(with = "hex")]
    pub stream: Id,
    /// Number in the stream.
    pub stream_seq: i64,
    /// Raised at each hand-over.
    pub epoch: i64,
    /// Hash of the stream's previous event, zeros at birth.
    #[serde(with = "hex")]
    pub parent: Hash,
    /// Kind of event.
    pub kind: String,
    /// Version of the kind.
    pub version: i64,
    /// `site_seq` of the causing event in the same act.
    pub because: Option<i64>,
    /// Commitment to the body.
    #[serde(with = "hex")]
    pub body_hash: Hash,
    /// Hash of the site's previous event, its genesis at first.
    #[serde(with = "hex")]
    pub prev: Hash,
    /// Its hash.
    #[serde(with = "hex")]
    pub hash: Hash,
}

/// One item of the log: everything that is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogItem {
    /// The event itself.
    #[serde(flatten)]
    pub event: EventRow,
    /// Salt of the commitment.
    #[serde(with = "hex")]
    pub salt: [u8; 16],
    /// The body, byte for byte as stored.
    pub body: String,
    /// Its act, shared by the act's events.
    pub act: Arc<ActRow>,
}

/// Columns of [`ActRow::read`], in its order.
pub const ACT_COLUMNS: &str = "seq, act_id, site, first, events, tick, at, today, happened, verb, operator, acting_for,
     policy, because, program, act_hash";

/// Columns of [`EventRow::read`], in its order, of the table `event` or an alias `e`.
pub const EVENT_COLUMNS: &str = "e.seq, e.act, e.site, e.site_seq, e.stream, e.stream_seq, e.epoch, e.parent, e.kind,
     e.version, e.because, e.body_hash, e.prev, e.hash";

impl ActRow {
    /// Reads a row of [`ACT_COLUMNS`].
    pub fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            act_id: row.get(1)?,
            site: row.get(2)?,
            first: row.get(3)?,
            events: row.get(4)?,
            tick: row.get(5)?,
            at: row.get(6)?,
            today: row.get(7)?,
            happened: row.get(8)?,
            verb: row.get(9)?,
            operator: row.get(10)?,
            acting_for: row.get(11)?,
            policy: row.get(12)?,
            because: row.get(13)?,
            program: row.get(14)?,
            act_hash: row.get(15)?,
        })
    }

    /// The hash recomputed from the fields.
    pub fn hash(&self) -> Hash {
        chain::act_hash(&ActFields {
            act_id: &self.act_id,
            site: &self.site,
            first: self.first,
            events: self.events,
            tick: self.tick,
            at: self.at,
            today: &self.today,
            happened: &self.happened,
            verb: &self.verb,
            operator: &self.operator,
            acting_for: &self.acting_for,
            policy: &self.policy,
            because: self.because.as_ref().map(|id| &id[..]),
            program: &self.program,
        })
    }
}

impl EventRow {
    /// Reads a row of [`EVENT_COLUMNS`].
    pub fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            act: row.get(1)?,
            site: row.get(2)?,
            site_seq: row.get(3)?,
            stream: row.get(4)?,
            stream_seq: row.get(5)?,
            epoch: row.get(6)?,
            parent: row.get(7)?,
            kind: row.get(8)?,
            version: row.get(9)?,
            because: row.get(10)?,
            body_hash: row.get(11)?,
            prev: row.get(12)?,
            hash: row.get(13)?,
        })
    }

    /// The leaf recomputed from the fields.
    pub fn leaf(&self, act_hash: &Hash) -> Hash {
        chain::leaf(&EventFields {
            act_hash,
            site: &self.site,
            site_seq: self.site_seq,
            stream: &self.stream,
            stream_seq: self.stream_seq,
            epoch: self.epoch,
            parent: &self.parent,
            kind: &self.kind,
            version: self.version,
            because: self.because,
            body_hash: &self.body_hash,
        })
    }
}

/// A site as `log --json` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteRow {
    /// First 16 bytes of its genesis.
    #[serde(with = "hex")]
    pub site: Vec<u8>,
    /// `office` or `rehearsal`.
    pub class: String,
    /// Id of the office.
    #[serde(with = "hex")]
    pub office: Vec<u8>,
    /// Key that checks its seals.
    #[serde(with = "hex")]
    pub public_key: Vec<u8>,
    /// Site it continues.
    #[serde(serialize_with = "hex::serialize_option")]
    pub predecessor: Option<Vec<u8>>,
    /// Head it continues from.
    #[serde(serialize_with = "hex::serialize_option")]
    pub predecessor_head: Option<Vec<u8>>,
    /// Its first link.
    #[serde(with = "hex")]
    pub genesis: Vec<u8>,
    /// Who vouches for it.
    pub certificate: Option<String>,
}

/// Columns of [`SiteRow::read`], in its order.
pub const SITE_COLUMNS: &str = "site, class, office, public_key, predecessor, predecessor_head, genesis, certificate";

impl SiteRow {
    /// Reads a row of [`SITE_COLUMNS`].
    pub fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            site: row.get(0)?,
            class: row.get(1)?,
            office: row.get(2)?,
            public_key: row.get(3)?,
            predecessor: row.get(4)?,
            predecessor_head: row.get(5)?,
            genesis: row.get(6)?,
            certificate: row.get(7)?,
        })
    }
}
