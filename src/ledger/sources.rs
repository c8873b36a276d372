//! Who told it (§0.21), between a form and the log: what is typed is sealed before anything is decided; what the keeper
//! asks for is opened in the transaction that logs the reading.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::chain::Id;
use super::entropy::Entropy;
use super::erase;
use super::keeper::{self, KeeperKey};
use super::keys;
use super::open::OpenFile;
use super::project::apply::{state_of, stream_row};
use super::receipt::Receipt;
use super::submit::Desk;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::source::{Source, seal_in};
use crate::domain::{Act, State, StreamId, Verb};

/// The act with its source sealed to the keeper of this office.
pub fn sealed(act: &Act, file: &OpenFile, entropy: &mut Entropy) -> Result<Act, Fault> {
    let mut act = act.clone();
    let keeper = keeper(file)?;
    seal_in(&mut act, |source| keeper.seal(source, entropy))?;
    Ok(act)
}

/// The act as a preview decides it: nothing is drawn, nothing is written.
pub fn foreseen(act: &Act) -> Result<Act, Fault> {
    let mut act = act.clone();
    seal_in(&mut act, |_| Ok::<_, Fault>("{}".into()))?;
    Ok(act)
}

/// The keeper's key of the office a file belongs to.
pub fn keeper(file: &OpenFile) -> Result<KeeperKey, Fault> {
    let Some(paths) = &file.office else {
        return Err(
            Fault::new(FaultKind::Denied, "单独打开的文件没有保管人钥匙").hint("请用 --data 打开台账所在的文件夹。")
        );
    };
    keys::keeper(paths)
}

/// Which keeper's keys the sources in a file are sealed to, by fingerprint, and which key lies beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keepers {
    /// Fingerprint of the key beside the file; none while no source was ever registered here.
    pub own: Option<String>,
    /// How many envelopes it opens.
    pub opened: i64,
    /// How many are sealed to other keys, by fingerprint.
    pub others: Vec<(String, i64)>,
}

/// Compares the keeper's key with the envelopes of matters and waiting proposals by public keys alone: nothing is
/// opened, and no key is made.
pub fn keepers(file: &OpenFile) -> Result<Keepers, Fault> {
    let paths = file.office.as_ref();
    let key = paths
        .map(|paths| keys::read_keeper(&paths.keys()))
        .transpose()?
        .flatten();
    let own = key.map(|key| key.address());
    let mut statement = file.conn.prepare(
        "WITH envelope(text) AS (
           SELECT v.value FROM list_warning l JOIN state t ON t.id = l.id, json_each(t.state, '$.warning.sources') v
           UNION ALL
           SELECT json_extract(t.state, '$.proposal.act.fields.source_sealed') FROM list_proposal l
           JOIN state t ON t.id = l.id WHERE json_extract(t.state, '$.proposal.stage') IN ('waiting', 'stayed'))
         SELECT CASE WHEN json_valid(text) THEN json_extract(text, '$.to') END AS sealed_to, count(*)
         FROM envelope WHERE sealed_to IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
    )?;
    let mut found = Keepers::default();
    for row in statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))? {
        let (to, count) = row?;
        if own.as_ref() == Some(&to) {
            found.opened = count;
        } else {
            found.others.push((keeper::short(&to), count));
        }
    }
    found.own = own.as_deref().map(keeper::short);
    Ok(found)
}

fn of_matter(conn: &Connection, stream: StreamId, keeper: &KeeperKey) -> Result<Vec<Source>, Fault> {
    let Some(row) = stream_row(conn, stream)? else {
        return Ok(Vec::new());
    };
    match &*state_of(conn, row.id)? {
        State::Warning(warning) => warning.sources.iter().map(|sealed| keeper.open(sealed)).collect(),
        _ => Ok(Vec::new()),
    }
}

impl Desk<'_> {
    /// 查看来源: logged, and opened; nothing is logged when it does not open.
    pub fn read_sources(&mut self, act: &Act, act_id: Option<Id>, keeper: &KeeperKey) -> Result<Receipt, Stop> {
        let mut receipt = self.submit(act, act_id)?;
        for target in &act.targets {
            receipt.sources.extend(of_matter(self.tx, *target, keeper)?);
        }
        let told = receipt
            .sources
            .iter()
            .map(|source| format!("来源：{}。", source.told()));
        receipt.notes.extend(told);
        Ok(receipt)
    }
}

/// Envelopes typed on or before a day that no matter holds any more, because the step was taken back: by stream, with
/// its code.
pub fn left_over(conn: &Connection, on: NaiveDate) -> Result<Vec<(StreamId, String)>, Fault> {
    let mut statement = conn.prepare(
        "SELECT DISTINCT e.stream, s.code FROM event e JOIN act a ON a.seq = e.act JOIN event_body b ON b.seq = e.seq
         JOIN stream s ON s.stream = e.stream JOIN state t ON t.id = s.id
         WHERE e.kind = 'source_sealed' AND a.today <= ?1 AND json_extract(b.body, '$.source_sealed') <> ''
         AND coalesce(json_array_length(t.state, '$.warning.sources'), 0) = 0 ORDER BY s.id",
    )?;
    let found = statement.query_map([on.to_string()], |row| Ok((StreamId(row.get(0)?), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

impl Desk<'_> {
    /// Erases envelopes that are left over. None = there is none.
    pub fn sweep_sources(&mut self, on: NaiveDate) -> Result<Option<Receipt>, Stop> {
        self.date_is_sure()?;
        let mut erasures = Vec::new();
        for (stream, _) in left_over(self.tx, on)? {
            erasures.extend(erase::prepare_sources(
                self.entropy,
                &erase::of_stream(self.tx, stream)?,
            )?);
        }
        let Some((act_id, changed)) = self.write_erasures(Verb::EraseSource.id(), erasures)? else {
            return Ok(None);
        };
        let receipt = Receipt::new(self.tx, &self.texts.layout, &act_id, &changed, &|_| false, Vec::new())?;
        Ok(Some(receipt))
    }
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
