//! The hash recipe of the log: pure functions over the hashed fields, nothing else.
//!
//! ```text
//! ns(x)     = byte length of x in decimal, ":", x, ","
//!             (text is UTF-8; integers decimal; ids, keys, salts, hashes lower-case hex; NULL is empty)
//! genesis   = SHA-256( ns("lianneng-site-1") ns(class) ns(office) ns(public_key) ns(predecessor) ns(predecessor_head) )
//! site      = first 16 bytes of genesis;  prev of site_seq 1 = genesis
//! act_hash  = SHA-256( ns("lianneng-act-1") ns(act_id) ns(site) ns(first) ns(events) ns(tick) ns(at) ns(today)
//!                      ns(happened) ns(verb) ns(operator) ns(acting_for) ns(policy) ns(because) ns(program) )
//! body_hash = SHA-256( ns("lianneng-body-1") ns(salt) ns(body) )
//! leaf      = SHA-256( ns("lianneng-event-1") ns(act_hash) ns(site) ns(site_seq) ns(stream) ns(stream_seq)
//!                      ns(epoch) ns(parent) ns(kind) ns(version) ns(because) ns(body_hash) )
//! hash      = SHA-256( prev ‖ leaf )
//! policy    = SHA-256( ns("lianneng-policy-1") ns(policy text) ns(calendar text),
//!                      then ns(file name) ns(text) of each register by file name )
//! signature = Ed25519( site key, ns("lianneng-seal-1") ns(site) ns(site_seq) ns(hash) ns(at) )
//! ```
//!
//! `tests/fixtures/chain_vector.json` holds three events with every field and hash; `tests/support/recompute.py`
//! recomputes it, and any `log --json`, with a standard library alone.

use sha2::{Digest, Sha256};

use super::hex;

/// A SHA-256 value, or an Ed25519 public key.
pub type Hash = [u8; 32];
/// The id of an act, a site, a stream or an office.
pub type Id = [u8; 16];

/// The parent of the first event of a stream.
pub const NO_PARENT: Hash = [0; 32];

/// Fields written one after the other as netstrings.
struct Netstrings(Vec<u8>);

impl Netstrings {
    fn new(tag: &str, capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity)).text(tag)
    }

    fn length(&mut self, bytes: usize) {
        self.0.extend_from_slice(bytes.to_string().as_bytes());
        self.0.push(b':');
    }

    fn text(mut self, text: &str) -> Self {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b',');
        self
    }

    fn int(self, value: i64) -> Self {
        self.text(&value.to_string())
    }

    fn hex(mut self, bytes: &[u8]) -> Self {
        self.length(bytes.len() * 2);
        hex::push(&mut self.0, bytes);
        self.0.push(b',');
        self
    }

    fn digest(&self) -> Hash {
        Sha256::digest(&self.0).into()
    }
}

/// What the genesis of a site covers.
#[derive(Debug, Clone, Copy)]
pub struct SiteFields<'a> {
    /// `office` or `rehearsal`.
    pub class: &'a str,
    /// Id of the office.
    pub office: &'a [u8],
    /// Ed25519 public key that checks the site's seals.
    pub public_key: &'a [u8],
    /// Id of the site whose log this one continues.
    pub predecessor: Option<&'a [u8]>,
    /// Hash of the last event taken over from the predecessor (its genesis when it had none).
    pub predecessor_head: Option<&'a [u8]>,
}

/// The first link of a site's chain.
pub fn genesis(site: &SiteFields) -> Hash {
    Netstrings::new("lianneng-site-1", 256)
        .text(site.class)
        .hex(site.office)
        .hex(site.public_key)
        .hex(site.predecessor.unwrap_or_default())
        .hex(site.predecessor_head.unwrap_or_default())
        .digest()
}

/// The id of the site whose first link is `genesis`: its first 16 bytes.
pub fn site_id(genesis: &Hash) -> Id {
    let mut id = [0; 16];
    id.copy_from_slice(&genesis[..16]);
    id
}

/// What an act's hash covers.
#[derive(Debug, Clone, Copy)]
pub struct ActFields<'a> {
    /// UUIDv7, or UUIDv8 for the clock.
    pub act_id: &'a [u8],
    /// Site that wrote it.
    pub site: &'a [u8],
    /// `site_seq` of its first event.
    pub first: i64,
    /// How many events it has.
    pub events: i64,
    /// Lamport time.
    pub tick: i64,
    /// Wall clock as claimed, milliseconds UTC.
    pub at: i64,
    /// China civil date `decide` was given.
    pub today: &'a str,
    /// Office day of the deed.
    pub happened: &'a str,
    /// What was done.
    pub verb: &'a str,
    /// Account id, or `clock`.
    pub operator: &'a str,
    /// Body whose right was used.
    pub acting_for: &'a str,
    /// Hash of the adopted policy, calendar and registers.
    pub policy: &'a [u8],
    /// Act answered or undone.
    pub because: Option<&'a [u8]>,
    /// Program and version.
    pub program: &'a str,
}

/// The hash of an act, which enters each of its events.
pub fn act_hash(act: &ActFields) -> Hash {
    Netstrings::new("lianneng-act-1", 512)
        .hex(act.act_id)
        .hex(act.site)
        .int(act.first)
        .int(act.events)
        .int(act.tick)
        .int(act.at)
        .text(act.today)
        .text(act.happened)
        .text(act.verb)
        .text(act.operator)
        .text(act.acting_for)
        .hex(act.policy)
        .hex(act.because.unwrap_or_default())
        .text(act.program)
        .digest()
}

/// The salted commitment to an event's body; `body` is the text as stored, byte for byte.
pub fn body_hash(salt: &[u8], body: &str) -> Hash {
    Netstrings::new("lianneng-body-1", 96 + body.len())
        .hex(salt)
        .text(body)
        .digest()
}

/// What an event's leaf covers.
#[derive(Debug, Clone, Copy)]
pub struct EventFields<'a> {
    /// Hash of its act.
    pub act_hash: &'a [u8],
    /// Site that wrote it.
    pub site: &'a [u8],
    /// Gap-free number in the site.
    pub site_seq: i64,
    /// Stream it belongs to.
    pub stream: &'a [u8],
    /// Number in the stream.
    pub stream_seq: i64,
    /// Raised at each hand-over of the stream.
    pub epoch: i64,
    /// Hash of the stream's previous event.
    pub parent: &'a [u8],
    /// Kind of event.
    pub kind: &'a str,
    /// Version of the kind.
    pub version: i64,
    /// `site_seq` of the causing event in the same act.
    pub because: Option<i64>,
    /// Commitment to the body.
    pub body_hash: &'a [u8],
}

/// The hash of an event's own fields.
pub fn leaf(event: &EventFields) -> Hash {
    let fields = Netstrings::new("lianneng-event-1", 512)
        .hex(event.act_hash)
        .hex(event.site)
        .int(event.site_seq)
        .hex(event.stream)
        .int(event.stream_seq)
        .int(event.epoch)
        .hex(event.parent)
        .text(event.kind)
        .int(event.version);
    match event.because {
        Some(cause) => fields.int(cause),
        None => fields.text(""),
    }
    .hex(event.body_hash)
    .digest()
}

/// The next link of the chain, over 64 raw bytes.
pub fn link(prev: &Hash, leaf: &Hash) -> Hash {
    Sha256::new().chain_update(prev).chain_update(leaf).finalize().into()
}

/// The hash an act names for what was adopted: policy, calendar, and the registers as (file name, text).
///
/// The order of `registers` does not matter: they are hashed by file name.
pub fn policy_hash(policy: &str, calendar: &str, registers: &[(&str, &str)]) -> Hash {
    let mut sorted = registers.to_vec();
    sorted.sort_unstable();
    let start = Netstrings::new("lianneng-policy-1", policy.len() + calendar.len() + 256)
        .text(policy)
        .text(calendar);
    sorted
        .iter()
        .fold(start, |fields, (name, text)| fields.text(name).text(text))
        .digest()
}

/// The bytes a seal signs.
pub fn seal_message(site: &[u8], site_seq: i64, hash: &[u8], at: i64) -> Vec<u8> {
    Netstrings::new("lianneng-seal-1", 192)
        .hex(site)
        .int(site_seq)
        .hex(hash)
        .int(at)
        .0
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
