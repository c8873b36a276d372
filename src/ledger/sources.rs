//! Who told it (§0.21), between a form and the log: what is typed is sealed before anything is decided; what the keeper
//! asks for is opened in the transaction that logs the reading.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::chain::Id;
use super::entropy::Entropy;
use super::erase;
use super::keeper::KeeperKey;
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
