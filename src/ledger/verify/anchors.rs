//! What must be found on the log: sites in one line of succession, and heads that were sealed, marked or kept
//! elsewhere.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::Bad;
use crate::domain::fault::{Fault, FaultKind};
use crate::ledger::chain::{self, Hash, Id, SiteFields};
use crate::ledger::paths::OfficePaths;
use crate::ledger::rows::SiteRow;
use crate::ledger::seal::{self, Seal};
use crate::ledger::{erased, hex, mark, meta, read_log};

/// A head that must lie on the log.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The hash that must stand there.
    pub hash: Hash,
    /// Who says so, in Chinese.
    pub source: &'static str,
}

/// A site, as the walk needs it.
#[derive(Debug, Clone)]
pub struct KnownSite {
    /// First link of its chain.
    pub genesis: Hash,
    /// Where its predecessor must end.
    pub continues: Option<(Id, Hash)>,
}

/// Everything the walk compares the log with.
#[derive(Debug, Default)]
pub struct Anchors {
    /// The sites.
    pub sites: HashMap<Id, KnownSite>,
    /// The site that writes here.
    pub current: Option<Id>,
    /// Heads by site and place; place 0 is the genesis.
    pub heads: HashMap<(Id, i64), Vec<Anchor>>,
    /// A head kept elsewhere, wherever it lies.
    pub kept: Option<Hash>,
    /// Events whose content must be gone.
    pub erased: HashSet<Hash>,
}

/// Reads and checks sites, seals, mark and the facts about this file. Before the log is read, so that everything
/// named here is in the part of the log that is walked.
pub fn collect(
    conn: &Connection,
    office: Option<&OfficePaths>,
    kept: Option<Hash>,
    found: &mut Vec<Bad>,
) -> Result<Anchors, Fault> {
    let mut anchors = Anchors {
        kept,
        current: meta::get(conn, meta::SITE).ok().flatten(),
        ..Anchors::default()
    };
    if let Some(mark) = office.and_then(mark::read) {
        anchors.add(mark.site, mark.site_seq, mark.hash, "office.mark");
    }
    let beside = match office.map(seal::read_beside) {
        Some(Err(fault)) => {
            found.push(Bad::general(fault.reason));
            Vec::new()
        }
        Some(Ok(seals)) => seals,
        None => Vec::new(),
    };
    match office.map(erased::read) {
        Some(Err(fault)) => found.push(Bad::general(fault.reason)),
        Some(Ok(list)) => anchors.erased = list.keys().filter_map(|hash| hex::decode(hash)).collect(),
        None => {}
    }
    let seals = readable(seal::all(conn), "封签", found)?;
    let rows = readable(read_log::read_sites(conn), "站点", found)?;
    let mut public_keys = HashMap::new();
    for row in &rows {
        if let Some(reason) = wrong_with(row) {
            let site = Id::try_from(&row.site[..]).ok();
            found.push(Bad {
                seq: None,
                site,
                site_seq: Some(0),
                reason,
            });
        }
        // Walked as it stands, so that the first event that disagrees is found too.
        if let Some((id, public_key, site)) = as_known(row) {
            public_keys.insert(id, public_key);
            anchors.sites.insert(id, site);
        }
    }
    let line = anchors.line_of_succession(rows.len(), found);
    for (seal, source) in seals
        .iter()
        .map(|seal| (seal, "封签"))
        .chain(beside.iter().map(|seal| (seal, "office.seals")))
    {
        match public_keys.get(&seal.site) {
            Some(key) if seal.is_signed_by(key) => anchors.add(seal.site, seal.site_seq, seal.hash, source),
            Some(_) => found.push(bad_seal(seal, source, "签名不对")),
            None => found.push(bad_seal(seal, source, "站点不在台账里")),
        }
    }
    check_digest(conn, &line, &seals, found)?;
    Ok(anchors)
}

impl Anchors {
    fn add(&mut self, site: Id, site_seq: i64, hash: Hash, source: &'static str) {
        self.heads
            .entry((site, site_seq))
            .or_default()
            .push(Anchor { hash, source });
    }

    /// The sites from the oldest to the one that writes here; a site beside that line is wrong.
    fn line_of_succession(&self, sites: usize, found: &mut Vec<Bad>) -> Vec<Id> {
        let mut line = Vec::new();
        let mut next = self.current;
        while let Some(id) = next.filter(|id| !line.contains(id)) {
            let Some(site) = self.sites.get(&id) else { break };
            line.push(id);
            next = site.continues.map(|(predecessor, _)| predecessor);
        }
        line.reverse();
        if line.len() != sites || next.is_some() {
            found.push(Bad::general(
                "站点登记不成一条承继线：有站点缺失、多余或当前站点登记不对",
            ));
        }
        line
    }
}

fn bad_seal(seal: &Seal, source: &str, why: &str) -> Bad {
    Bad {
        seq: None,
        site: Some(seal.site),
        site_seq: Some(seal.site_seq),
        reason: format!("{source}不对：第 {} 条处的封签{why}", seal.site_seq),
    }
}

/// A row that is no site or seal at all is a finding; a disk that fails is a fault.
fn readable<T>(read: Result<Vec<T>, Fault>, what: &str, found: &mut Vec<Bad>) -> Result<Vec<T>, Fault> {
    match read {
        Err(fault) if fault.kind == FaultKind::Damaged => {
            found.push(Bad::general(format!("{what}的登记读不出来：{}", fault.reason)));
            Ok(Vec::new())
        }
        other => other,
    }
}

fn wrong_with(row: &SiteRow) -> Option<String> {
    let name = hex::encode(&row.site);
    let genesis = chain::genesis(&SiteFields {
        class: &row.class,
        office: &row.office,
        public_key: &row.public_key,
        predecessor: row.predecessor.as_deref(),
        predecessor_head: row.predecessor_head.as_deref(),
    });
    if row.genesis != genesis || row.site != chain::site_id(&genesis) {
        return Some(format!("站点 {name} 的登记与其起始哈希不符"));
    }
    if row.certificate.is_some() {
        return Some(format!("站点 {name} 带有本版本不认识的证书"));
    }
    as_known(row).is_none().then(|| format!("站点 {name} 的登记长度不对"))
}

fn as_known(row: &SiteRow) -> Option<(Id, Hash, KnownSite)> {
    let continues = match (&row.predecessor, &row.predecessor_head) {
        (None, None) => None,
        (Some(predecessor), Some(head)) => {
            Some((Id::try_from(&predecessor[..]).ok()?, Hash::try_from(&head[..]).ok()?))
        }
        _ => return None,
    };
    let genesis = Hash::try_from(&row.genesis[..]).ok()?;
    let public_key = Hash::try_from(&row.public_key[..]).ok()?;
    Some((
        Id::try_from(&row.site[..]).ok()?,
        public_key,
        KnownSite { genesis, continues },
    ))
}

/// The running digest finds a seal that was taken out between others.
fn check_digest(conn: &Connection, line: &[Id], seals: &[Seal], found: &mut Vec<Bad>) -> Result<(), Fault> {
    let own = line
        .iter()
        .flat_map(|site| seals.iter().filter(move |seal| seal.site == *site));
    let digest = own.fold(Hash::default(), |before, seal| seal.digest(&before));
    let stored = match meta::get::<Hash>(conn, meta::SEALS) {
        Ok(stored) => stored.unwrap_or_default(),
        Err(fault) if fault.kind == FaultKind::Damaged => [0xff; 32],
        Err(fault) => return Err(fault),
    };
    if digest != stored {
        found.push(Bad::general("封签有缺失或增加：与封签总摘要不符"));
    }
    Ok(())
}
