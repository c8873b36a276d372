//! Looking without writing: the rules' world over one snapshot, and a stream's history as people read it.

use rusqlite::OptionalExtension;

use super::chain::NO_PARENT;
use super::office::Office;
use super::project::fold::{self, Step, Stored};
use super::undo;
use super::world::LedgerWorld;
use crate::domain::StreamId;
use crate::domain::fault::Fault;
use crate::domain::world::Operator;

/// One step of a stream's history.
#[derive(Debug, Clone)]
pub struct Passed {
    /// Its number in the history, from 1, as 撤回此步 takes it.
    pub number: usize,
    /// The step.
    pub stored: Stored,
    /// The account that recorded it.
    pub operator: String,
    /// Taken back since.
    pub undone: bool,
}

impl Office {
    /// Asks the rules' questions of one snapshot; nothing is written and no number is taken.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn look<T>(&self, operator: &Operator, work: impl FnOnce(&LedgerWorld) -> T) -> Result<T, Fault> {
        let tx = self.file().conn.unchecked_transaction()?;
        let world = LedgerWorld::looking(&tx, self.texts(), operator, self.letters(), self.today());
        let answer = work(&world);
        world.settle()?;
        Ok(answer)
    }

    /// A stream's steps, oldest first; undo and redo themselves are left out, what they took back is marked.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, stream: StreamId) -> Result<Vec<Passed>, Fault> {
        let conn = &self.file().conn;
        let all = fold::read(conn, stream, i64::MAX)?;
        let live = live(&all);
        let mut passed = Vec::new();
        for (at, stored) in all.into_iter().enumerate() {
            if matches!(stored.step, Step::Reverted(_)) && fold::is_transparent(&stored.verb) {
                continue;
            }
            let operator = conn
                .prepare_cached("SELECT operator FROM act WHERE seq = ?1")?
                .query_row([stored.act], |row| row.get(0))
                .optional()?
                .unwrap_or_default();
            let undone = !live.contains(&at);
            passed.push(Passed {
                number: at + 1,
                stored,
                operator,
                undone,
            });
        }
        Ok(passed)
    }

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
}

/// The places, in a stream's history, of the steps that still count.
fn live(all: &[Stored]) -> Vec<usize> {
    let mut paths: Vec<Vec<usize>> = Vec::with_capacity(all.len());
    for (at, stored) in all.iter().enumerate() {
        let mut path = match &stored.step {
            Step::Reverted(reverted) => {
                let target = reverted.target().unwrap_or(NO_PARENT);
                let earlier = all[..at].iter().position(|s| s.hash == target);
                earlier.map(|earlier| paths[earlier].clone()).unwrap_or_default()
            }
            Step::Event(_) | Step::Unknown => paths.last().cloned().unwrap_or_default(),
        };
        if !(matches!(stored.step, Step::Reverted(_)) && fold::is_transparent(&stored.verb)) {
            path.push(at);
        }
        paths.push(path);
    }
    paths.pop().unwrap_or_default()
}
