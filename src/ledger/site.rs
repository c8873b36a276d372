//! Sites: one writer's log each. A file that turns out to be a copy continues under a new site.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use super::chain::{self, Hash, Id, SiteFields};
use super::entropy::Entropy;
use super::mark::{self, Standing};
use super::meta;
use super::paths::OfficePaths;
use crate::domain::fault::{Fault, FaultKind};

/// What a file's entries are worth to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An office's own.
    Office,
    /// Invented, for practice; never admitted elsewhere.
    Rehearsal,
}

impl Class {
    /// The word stored and hashed.
    pub fn id(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Rehearsal => "rehearsal",
        }
    }
}

/// Where a site's log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// The site.
    pub site: Id,
    /// Its last `site_seq`, 0 before the first event.
    pub site_seq: i64,
    /// Hash of its last event, its genesis before the first.
    pub hash: Hash,
}

/// The site that writes in this file.
pub fn current(conn: &Connection) -> Result<Id, Fault> {
    meta::get(conn, meta::SITE)?.ok_or_else(|| {
        Fault::new(FaultKind::Damaged, "台账里没有登记站点").hint("请运行 lianneng verify，再用最近的备份恢复。")
    })
}

/// The class of this file, which all its own sites share.
pub fn class(conn: &Connection) -> Result<Class, Fault> {
    let site = current(conn)?;
    let class: String = conn.query_row("SELECT class FROM site WHERE site = ?1", [&site], |row| row.get(0))?;
    Ok(if class == Class::Rehearsal.id() {
        Class::Rehearsal
    } else {
        Class::Office
    })
}

/// The end of a site's log, in two index look-ups.
pub fn tail(conn: &Connection, site: &Id) -> Result<Tail, Fault> {
    let last = conn
        .prepare_cached("SELECT site_seq, hash FROM event WHERE site = ?1 ORDER BY site_seq DESC LIMIT 1")?
        .query_row([site], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((site_seq, hash)) = last {
        return Ok(Tail {
            site: *site,
            site_seq,
            hash,
        });
    }
    let hash = conn
        .prepare_cached("SELECT genesis FROM site WHERE site = ?1")?
        .query_row([site], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Fault::new(FaultKind::Damaged, "台账里登记的站点不存在").hint("请运行 lianneng verify。"))?;
    Ok(Tail {
        site: *site,
        site_seq: 0,
        hash,
    })
}

/// Opens the first site of a new file.
pub fn found(tx: &Transaction, class: Class, office: &Id, entropy: &mut Entropy) -> Result<Tail, Fault> {
    enter(tx, class.id(), office, None, entropy)
}

/// Opens a new site that continues the current one: streams stay readable and are inherited at the first write.
pub fn succeed(tx: &Transaction, entropy: &mut Entropy) -> Result<Tail, Fault> {
    let before = tail(tx, &current(tx)?)?;
    let (class, office): (String, Vec<u8>) = tx.query_row(
        "SELECT class, office FROM site WHERE site = ?1",
        [&before.site],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    enter(tx, &class, &office, Some(&before), entropy)
}

fn enter(
    tx: &Transaction,
    class: &str,
    office: &[u8],
    before: Option<&Tail>,
    entropy: &mut Entropy,
) -> Result<Tail, Fault> {
    let secret = Zeroizing::new(entropy.bytes::<32>()?);
    let public_key = SigningKey::from_bytes(&secret).verifying_key().to_bytes();
    let fields = SiteFields {
        class,
        office,
        public_key: &public_key,
        predecessor: before.map(|tail| &tail.site[..]),
        predecessor_head: before.map(|tail| &tail.hash[..]),
    };
    let genesis = chain::genesis(&fields);
    let site = chain::site_id(&genesis);
    tx.execute(
        "INSERT INTO site (site, class, office, public_key, predecessor, predecessor_head, genesis)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            &site,
            class,
            office,
            &public_key,
            fields.predecessor,
            fields.predecessor_head,
            &genesis,
        ),
    )?;
    meta::set(tx, meta::SITE, site)?;
    meta::set(tx, meta::SITE_KEY, &secret[..])?;
    Ok(Tail {
        site,
        site_seq: 0,
        hash: genesis,
    })
}

/// Opens a new site when the mark beside the file is missing or ahead: the file is a copy, or an older one was
/// put in its place, and writing on under the same site would number two different events alike.
///
/// True when a new site was opened. The mark is written after the commit, never before.
pub fn settle(conn: &mut Connection, paths: &OfficePaths) -> Result<bool, Fault> {
    if mark::compare(conn, paths)? == Standing::Agrees {
        return Ok(false);
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another window may have settled it while this one waited.
    if mark::compare(&tx, paths)? == Standing::Agrees {
        return Ok(false);
    }
    let tail = succeed(&tx, &mut Entropy::System)?;
    tx.commit()?;
    mark::write(paths, &tail)?;
    Ok(true)
}
