//! What only the console asks: what 撤回 and 重做 would do.

use rusqlite::OptionalExtension;

use super::office::Office;
use super::undo;
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
}
