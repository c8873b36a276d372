//! What the console shows at a glance: whose move it is, who is restricted.

use super::Reader;
use crate::domain::fault::Fault;
use crate::domain::{DueOwner, StreamId};
use crate::ledger::project::body_key;
use crate::ledger::project::rows::RANKS;

impl Reader {
    /// Matters whose next step is the office's own, and those past their day.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ours_and_late(&self) -> Result<(i64, i64), Fault> {
        self.ask(|| {
            let (mut ours, mut late) = (0, 0);
            for kind in self.texts().layout.tables.keys() {
                ours += self.counter(kind, "owner", DueOwner::Office.id())?;
                for rank in 0..RANKS {
                    late += self.late(kind, body_key::ALL, rank)?;
                }
            }
            Ok((ours, late))
        })
    }

    /// Persons under a restriction in force today, with the matter it comes from, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn restricted(&self) -> Result<Vec<(StreamId, StreamId)>, Fault> {
        self.ask(|| {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT DISTINCT p.stream, m.stream FROM restriction_span r
                 JOIN stream p ON p.id = r.person JOIN stream m ON m.id = r.source
                 WHERE r.from_day <= ?1 AND (r.to_day IS NULL OR r.to_day > ?1){}
                 ORDER BY r.from_day DESC, r.source DESC",
                self.kept()?.but("r.source")
            ))?;
            let rows = statement.query_map([self.today().to_string()], |row| {
                Ok((StreamId(row.get(0)?), StreamId(row.get(1)?)))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
