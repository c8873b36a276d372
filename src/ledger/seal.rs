//! Seals: the site's signature over its head, kept in the file and beside it, so that a cut tail is noticed.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::chain::{self, Hash, Id};
use super::paths::OfficePaths;
use super::site::{self, Tail};
use super::{files, hex, mark, meta};
use crate::domain::fault::{Fault, FaultKind};

/// How many seals of a site `office.seals` holds: the latest, of which the last is what proves the most.
const BESIDE: i64 = 100;

/// A head, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// The site.
    #[serde(with = "hex")]
    pub site: Id,
    /// Place of the head.
    pub site_seq: i64,
    /// The head.
    #[serde(with = "hex")]
    pub hash: Hash,
    /// When, milliseconds UTC as claimed.
    pub at: i64,
    /// Ed25519 signature of `chain::seal_message`.
    #[serde(with = "hex")]
    pub signature: [u8; 64],
}

impl Seal {
    fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            site: row.get(0)?,
            site_seq: row.get(1)?,
            hash: row.get(2)?,
            at: row.get(3)?,
            signature: row.get(4)?,
        })
    }

    /// Whether the signature is that of the site with this public key.
    pub fn is_signed_by(&self, public_key: &Hash) -> bool {
        let message = chain::seal_message(&self.site, self.site_seq, &self.hash, self.at);
        VerifyingKey::from_bytes(public_key).is_ok_and(|key| {
            key.verify_strict(&message, &Signature::from_bytes(&self.signature))
                .is_ok()
        })
    }

    /// Adds the seal to the running digest over the seals of a file's sites.
    pub fn digest(&self, before: &Hash) -> Hash {
        Sha256::new()
            .chain_update(before)
            .chain_update(chain::seal_message(&self.site, self.site_seq, &self.hash, self.at))
            .chain_update(self.signature)
            .finalize()
            .into()
    }

    fn tail(&self) -> Tail {
        Tail {
            site: self.site,
            site_seq: self.site_seq,
            hash: self.hash,
        }
    }
}

const COLUMNS: &str = "site, site_seq, hash, at, signature";

/// All seals, site by site.
pub fn all(conn: &Connection) -> Result<Vec<Seal>, Fault> {
    let mut statement = conn.prepare(&format!("SELECT {COLUMNS} FROM seal ORDER BY site, site_seq"))?;
    let seals = statement.query_map([], Seal::read)?;
    Ok(seals.collect::<Result<_, _>>()?)
}

/// The last seal of the file's current site.
pub fn last(conn: &Connection) -> Result<Option<Seal>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM seal WHERE site = ?1 ORDER BY site_seq DESC LIMIT 1");
    Ok(conn
        .prepare_cached(&sql)?
        .query_row([site::current(conn)?], Seal::read)
        .optional()?)
}

/// Seals the current head, daily, on leaving and before a copy leaves the house, and writes it beside the file.
/// A head that is sealed already is not sealed twice; an empty site has nothing to seal.
pub fn seal(conn: &mut Connection, paths: Option<&OfficePaths>, at: i64) -> Result<Option<Seal>, Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sealed = seal_head(&tx, at)?;
    tx.commit()?;
    if let (Some(seal), Some(paths)) = (&sealed, paths) {
        publish(conn, paths, seal)?;
    }
    Ok(sealed)
}

fn seal_head(tx: &Transaction, at: i64) -> Result<Option<Seal>, Fault> {
    let head = site::tail(tx, &site::current(tx)?)?;
    if head.site_seq == 0 {
        return Ok(None);
    }
    if let Some(seal) = last(tx)?.filter(|seal| seal.site_seq == head.site_seq) {
        return Ok(Some(seal));
    }
    let secret: Zeroizing<[u8; 32]> = meta::get(tx, meta::SITE_KEY)?.map(Zeroizing::new).ok_or_else(|| {
        Fault::new(FaultKind::Damaged, "台账里没有本站点的签名密钥").hint("请运行 lianneng verify，再用备份恢复。")
    })?;
    let message = chain::seal_message(&head.site, head.site_seq, &head.hash, at);
    let signature = SigningKey::from_bytes(&secret).sign(&message).to_bytes();
    let seal = Seal {
        site: head.site,
        site_seq: head.site_seq,
        hash: head.hash,
        at,
        signature,
    };
    tx.execute(
        &format!("INSERT INTO seal ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5)"),
        (seal.site, seal.site_seq, seal.hash, seal.at, seal.signature),
    )?;
    let before = meta::get::<Hash>(tx, meta::SEALS)?.unwrap_or_default();
    meta::set(tx, meta::SEALS, seal.digest(&before))?;
    Ok(Some(seal))
}

/// Writes the mark and the latest seals beside the file; after their commit, never before.
fn publish(conn: &Connection, paths: &OfficePaths, seal: &Seal) -> Result<(), Fault> {
    // Another window may have sealed a later head and been quicker to write it.
    let later = mark::read(paths).is_some_and(|mark| mark.site == seal.site && mark.site_seq > seal.site_seq);
    if !later {
        mark::write(paths, &seal.tail())?;
    }
    write_beside(conn, paths)
}

#[derive(Serialize, Deserialize)]
struct SealsFile {
    format: u32,
    seals: Vec<SealLine>,
}

#[derive(Serialize, Deserialize)]
struct SealLine {
    site: String,
    site_seq: i64,
    hash: String,
    at: i64,
    signature: String,
}

/// Writes the latest seals of every site to `office.seals`. A seal there that this file does not have stays: it
/// proves that the file once was longer.
pub fn write_beside(conn: &Connection, paths: &OfficePaths) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT *, row_number() OVER (PARTITION BY site ORDER BY site_seq DESC) AS place
         FROM seal) WHERE place <= ?1 ORDER BY site, site_seq"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut seals = statement
        .query_map([BESIDE], Seal::read)?
        .collect::<Result<Vec<_>, _>>()?;
    for seal in read_beside(paths).unwrap_or_default() {
        let sql = "SELECT count(*) FROM seal WHERE site = ?1 AND site_seq = ?2 AND hash = ?3";
        let known: i64 = conn.query_row(sql, (seal.site, seal.site_seq, seal.hash), |row| row.get(0))?;
        if known == 0 {
            seals.push(seal);
        }
    }
    let lines = seals.iter().map(|seal| SealLine {
        site: hex::encode(&seal.site),
        site_seq: seal.site_seq,
        hash: hex::encode(&seal.hash),
        at: seal.at,
        signature: hex::encode(&seal.signature),
    });
    let text = serde_json::to_string(&SealsFile {
        format: 1,
        seals: lines.collect(),
    })
    .map_err(|error| Fault::new(FaultKind::World, format!("office.seals 写不成：{error}")))?;
    files::replace(&paths.seals(), text.as_bytes(), paths.sharing())
}

/// The seals kept beside the file; none when there is no such file, an error when it cannot be read as one.
pub fn read_beside(paths: &OfficePaths) -> Result<Vec<Seal>, Fault> {
    let path = paths.seals();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(super::trouble::io("读取", &path, &error)),
    };
    parse(&text).ok_or_else(|| {
        Fault::new(FaultKind::Damaged, "台账旁的封签文件 office.seals 已损坏")
            .hint("把它移走后再次封签会重新生成；移走前请先运行 lianneng verify。")
    })
}

fn parse(text: &str) -> Option<Vec<Seal>> {
    let file: SealsFile = serde_json::from_str(text).ok()?;
    (file.format == 1).then_some(())?;
    let read = |line: &SealLine| {
        Some(Seal {
            site: hex::decode(&line.site)?,
            site_seq: line.site_seq,
            hash: hex::decode(&line.hash)?,
            at: line.at,
            signature: hex::decode(&line.signature)?,
        })
    };
    file.seals.iter().map(read).collect()
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
