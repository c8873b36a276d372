//! Matters whose sources are still kept.

use chrono::NaiveDate;

use super::Reader;
use crate::domain::StreamId;
use crate::domain::fault::Fault;
use crate::ledger::sources;

impl Reader {
    /// Matters that ended on or before a day and still hold sources: stream and code, oldest first.
    pub fn sources_of_ended(&self, on: NaiveDate) -> Result<Vec<(StreamId, String)>, Fault> {
        self.ask(|| {
            let mut statement = self.conn.prepare(&format!(
                "SELECT s.stream, s.code FROM stream s JOIN state t ON t.id = s.id
                 WHERE s.kind = 'warning' AND s.gone = 0 AND json_array_length(t.state, '$.warning.sources') > 0
                 AND json_extract(t.state, '$.warning.ended_on') <= ?1{}
                 ORDER BY json_extract(t.state, '$.warning.ended_on'), s.id",
                self.kept()?.but("s.id")
            ))?;
            let found = statement.query_map([on.to_string()], |row| Ok((StreamId(row.get(0)?), row.get(1)?)))?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// As [`sources::left_over`].
    pub fn sources_left_over(&self, on: NaiveDate) -> Result<Vec<(StreamId, String)>, Fault> {
        self.ask(|| sources::left_over(&self.conn, on))
    }
}
