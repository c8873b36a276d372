//! What only the console asks: what 撤回 and 重做 would do, whose move it is, who is restricted.

use rusqlite::OptionalExtension;

use super::office::Office;
use super::undo;
use crate::domain::StreamId;
use crate::domain::fault::Fault;
use crate::domain::world::Operator;

impl Office {
    /// What 撤回 and 重做 would do next, in words.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_steps_back(&self, operator: &Operator) -> Result<(Option<String>, Option<String>), Fault> {
        let conn = &self.file().conn;
        let name = |act: undo::Done| -> Result<String, Fault> {
            let touched = undo::touched(conn, &act)?;
            let code = match touched.as_slice() {
                [] => None,
                [(stream, ..), ..] => conn
                    .prepare_cached("SELECT code FROM stream WHERE stream = ?1")?
                    .query_row([stream.0], |row| row.get::<_, String>(0))
                    .optional()?,
            };
            let more = if touched.len() > 1 {
                format!(" 等 {} 项", touched.len())
            } else {
                String::new()
            };
            Ok(format!("{} {}{more}", act.label(), code.unwrap_or_default()))
        };
        let today = self.today();
        let back = undo::next_undo(conn, &operator.id, today)?.map(name).transpose()?;
        let forth = undo::next_redo(conn, &operator.id, today)?.map(name).transpose()?;
        Ok((back, forth))
    }

    /// Matters whose next step is the office's own, and those past their day.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ours_and_late(&self) -> Result<(i64, i64), Fault> {
        let conn = &self.file().conn;
        let ours = conn
            .prepare_cached("SELECT count(*) FROM due WHERE owner = 'office'")?
            .query_row([], |row| row.get(0))?;
        let late = conn
            .prepare_cached("SELECT count(*) FROM due WHERE day < ?1")?
            .query_row([self.today().to_string()], |row| row.get(0))?;
        Ok((ours, late))
    }

    /// A number that changes when another connection, of this program or another, changed the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<u64, Fault> {
        let version: i64 = self
            .file()
            .conn
            .query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version.unsigned_abs())
    }

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
}
