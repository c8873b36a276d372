//! What is kept from the viewer (§0.16), and what every list, search and counter is without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::OptionalExtension;

use super::Reader;
use crate::domain::fault::Fault;
use crate::domain::world::Operator;
use crate::domain::{State, StreamId};
use crate::ledger::hidden;
use crate::ledger::project::apply::{StreamRow, state_of, stream_row};
use crate::ledger::project::counter;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::rows;
use crate::ledger::texts::Texts;
use crate::ledger::world::LedgerWorld;

/// The few streams kept from the viewer, and what they count for.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub streams: Arc<BTreeSet<StreamId>>,
    ids: BTreeSet<i64>,
    /// Kind, dimension, value: amount.
    counts: BTreeMap<(String, String, String), i64>,
    /// ` AND id NOT IN (…)`; empty when nothing is kept.
    but: String,
}

impl Kept {
    /// True for the row of a stream kept from the viewer.
    pub fn holds(&self, id: i64) -> bool {
        self.ids.contains(&id)
    }

    /// A further condition on `column` that leaves them out; empty when nothing is kept.
    pub fn but(&self, column: &str) -> String {
        if self.ids.is_empty() {
            return String::new();
        }
        format!(" AND {column} NOT IN ({})", self.but)
    }
}

impl Reader {
    /// What is kept from the viewer now; looked up once until the file changes.
    pub(super) fn kept(&self) -> Result<Arc<Kept>, Fault> {
        if let Some(kept) = self.kept.borrow().as_ref() {
            return Ok(Arc::clone(kept));
        }
        let kept = Arc::new(self.look_up()?);
        self.kept.replace(Some(Arc::clone(&kept)));
        Ok(kept)
    }

    fn look_up(&self) -> Result<Kept, Fault> {
        let texts = self.texts();
        let viewer = self.viewer().in_capacity(self.capacity.get());
        if let Some(kept) = self.kept_by.borrow().as_ref() {
            let mut known = Kept::default();
            self.add_up(&mut known, kept)?;
            return Ok(known);
        }
        if hidden::sees_all(&viewer) {
            return Ok(Kept::default());
        }
        let world = LedgerWorld::looking(&self.conn, &texts, &viewer, &self.letters, self.today());
        let mut kept = Kept::default();
        self.add_up(&mut kept, &Arc::new(hidden::hidden(&world, &viewer)?))?;
        Ok(kept)
    }

    fn add_up(&self, kept: &mut Kept, streams: &Arc<BTreeSet<StreamId>>) -> Result<(), Fault> {
        let texts = self.texts();
        let ids = Ids::new(&self.conn);
        for stream in streams.iter() {
            let Some(id) = ids.of(Some(*stream))? else { continue };
            let state = state_of(&self.conn, id)?;
            kept.ids.insert(id);
            for (dimension, value, amount) in rows::rows(&state, &texts.layout, &ids)?.counts {
                let key = (state.kind().to_owned(), dimension, value);
                *kept.counts.entry(key).or_default() += amount;
            }
        }
        let listed: Vec<String> = kept.ids.iter().map(ToString::to_string).collect();
        kept.but = listed.join(", ");
        kept.streams = Arc::clone(streams);
        Ok(())
    }

    /// A counter without what is kept from the viewer.
    pub(super) fn counter(&self, kind: &str, dimension: &str, value: &str) -> Result<i64, Fault> {
        if self.on().is_some() {
            return self.count_then(kind, dimension, value);
        }
        let all = counter::get(&self.conn, kind, dimension, value)?;
        let kept = self.kept()?;
        if kept.counts.is_empty() {
            return Ok(all);
        }
        let key = (kind.to_owned(), dimension.to_owned(), value.to_owned());
        Ok(all - kept.counts.get(&key).copied().unwrap_or_default())
    }

    /// Sum of the counters `prefix:day` whose day is past, without what is kept from the viewer.
    pub(super) fn counter_before(&self, kind: &str, dimension: &str, prefix: &str) -> Result<i64, Fault> {
        if self.on().is_some() && dimension == "due" {
            return self.late_then(kind, prefix);
        }
        let today = self.today().to_string();
        let all = counter::before(&self.conn, kind, dimension, prefix, &today)?;
        let day = |value: &str| value.strip_prefix(prefix)?.strip_prefix(':').map(str::to_owned);
        let kept = self.kept()?;
        let theirs = kept
            .counts
            .iter()
            .filter(|((k, d, value), _)| k == kind && d == dimension && day(value).is_some_and(|day| day < today));
        Ok(all - theirs.map(|(_, amount)| amount).sum::<i64>())
    }

    /// The row of a stream the viewer may see; for others there is none.
    pub(super) fn row(&self, stream: StreamId) -> Result<Option<StreamRow>, Fault> {
        let kept = self.kept()?;
        Ok(stream_row(&self.conn, stream)?.filter(|row| !kept.holds(row.id)))
    }

    /// The state of a stream the viewer may see.
    pub(super) fn seen_state(&self, stream: StreamId) -> Result<Option<Arc<State>>, Fault> {
        match self.row(stream)? {
            Some(row) => self.state_then(&row),
            None => Ok(None),
        }
    }

    /// The row id with this code, unless it is kept from the viewer.
    pub(super) fn row_with_code(&self, code: &str) -> Result<Option<i64>, Fault> {
        let sql = format!(
            "SELECT id FROM stream WHERE code = ?1 AND code <> ''{} ORDER BY gone, id LIMIT 1",
            self.kept()?.but("id")
        );
        let found = self.conn.prepare_cached(&sql)?.query_row([code], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// The rules' own eyes, without what is kept from the viewer.
    pub(super) fn world<'a>(&'a self, texts: &'a Texts, viewer: &'a Operator) -> Result<LedgerWorld<'a>, Fault> {
        Ok(self.world_now(texts, viewer)?.as_of(self.on()))
    }

    /// As [`Self::world`], with the states of today.
    pub(super) fn world_now<'a>(&'a self, texts: &'a Texts, viewer: &'a Operator) -> Result<LedgerWorld<'a>, Fault> {
        let world = LedgerWorld::looking(&self.conn, texts, viewer, &self.letters, self.today());
        Ok(world.keeping(Arc::clone(&self.kept()?.streams)))
    }
}
