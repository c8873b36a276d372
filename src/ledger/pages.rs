//! Persons under a restriction, and find by text: what the reader does not answer yet.

use super::office::Office;
use super::project::gram;
use crate::domain::StreamId;
use crate::domain::fault::Fault;

impl Office {
    /// Persons under a restriction in force today, with the matter it comes from, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn restricted(&self) -> Result<Vec<(StreamId, StreamId)>, Fault> {
        let mut statement = self.file().conn.prepare_cached(
            "SELECT DISTINCT p.stream, m.stream FROM restriction_span r
             JOIN stream p ON p.id = r.person JOIN stream m ON m.id = r.source
             WHERE r.from_day <= ?1 AND (r.to_day IS NULL OR r.to_day > ?1) ORDER BY r.from_day DESC, r.source DESC",
        )?;
        let rows = statement.query_map([self.today().to_string()], |row| {
            Ok((StreamId(row.get(0)?), StreamId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Streams of a register that match what was typed, newest first. Three characters and more are looked up by
    /// their pairs, so what is found has to be compared with the text itself.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn matching(&self, register: &str, typed: &str, most: usize) -> Result<Vec<StreamId>, Fault> {
        let Some(table) = self.texts().layout.table(register) else {
            return Ok(Vec::new());
        };
        let Some(query) = gram::query(&table.sheet.prefix, typed) else {
            return Ok(Vec::new());
        };
        let mut statement = self.file().conn.prepare_cached(
            "SELECT s.stream FROM find f JOIN stream s ON s.id = f.rowid
             WHERE find MATCH ?1 ORDER BY f.rowid DESC LIMIT ?2",
        )?;
        let rows = statement.query_map((query, i64::try_from(most).unwrap_or(i64::MAX)), |row| {
            row.get(0).map(StreamId)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
