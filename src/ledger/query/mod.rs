//! What is asked of the ledger: lists, one matter, queues, deadlines, figures. Reads only, on a connection of its own.

mod eligible;
mod filter;
mod find;
mod item;
mod list;
mod names;
mod order;
mod queue;
mod show;
mod stats;

use std::cell::{Cell, RefCell};

use chrono::NaiveDate;
use rusqlite::Connection;

use super::meta;
use super::office::{Office, day_of};
use super::open::OpenFile;
use super::texts::{SharedTexts, Texts};
use super::world::LedgerWorld;
use crate::domain::fault::{Fault, FaultKind, Refusal};
use crate::domain::world::Operator;
use crate::domain::{State, StreamId};
pub use eligible::{Eligible, Found, Restricted};
pub use find::Candidate;
pub use item::{Item, Owed, Reference};
pub use list::{At, ListQuery, Page};
pub use names::{Name, Names};
pub use queue::{BodyQueue, DueItem};
pub use show::{Shown, Step};
pub use stats::{Figure, Figures};

/// Reads an office's file. Each question is answered from one state of the file, in one short transaction.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    texts: RefCell<SharedTexts>,
    letters: String,
    today: Cell<NaiveDate>,
    names: Names,
    seen: Cell<i64>,
    /// A plain copy carries no search index.
    indexed: bool,
}

impl Reader {
    /// A reader beside an open office, on a connection of its own.
    pub fn beside(office: &Office) -> Result<Self, Fault> {
        let conn = office.file().another()?;
        Self::over(
            conn,
            office.texts().clone(),
            office.letters().to_owned(),
            office.today(),
        )
    }

    /// A reader of a file that is only looked at: a plain copy, a read-only folder.
    pub fn of(file: OpenFile, now_ms: i64) -> Result<Self, Fault> {
        let letters = meta::letters(&file.conn)?;
        let texts = Texts::from_log(&file.conn)?;
        if !texts.layout.stands(&file.conn)? {
            return Err(
                Fault::new(FaultKind::World, "本文件的查询表由另一版本生成，此处只能查看，不能重建")
                    .hint("请用生成它的版本查看，或在可写的文件夹里打开一次。"),
            );
        }
        let texts = Texts::adopted(&file.conn)?;
        Self::over(file.conn, texts.into(), letters, day_of(now_ms))
    }

    fn over(conn: Connection, texts: SharedTexts, letters: String, today: NaiveDate) -> Result<Self, Fault> {
        let indexed = conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'find')",
            [],
            |row| row.get(0),
        )?;
        Ok(Self {
            indexed,
            conn,
            texts: RefCell::new(texts),
            letters,
            today: Cell::new(today),
            names: Names::default(),
            seen: Cell::new(-1),
        })
    }

    /// Sets the day from which lateness is reckoned.
    pub fn set_today(&self, today: NaiveDate) {
        self.today.set(today);
    }

    /// The day from which lateness is reckoned.
    pub fn today(&self) -> NaiveDate {
        self.today.get()
    }

    /// A number that changes when anybody changed the file.
    pub fn data_version(&self) -> Result<i64, Fault> {
        Ok(self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?)
    }

    /// The texts in force in the file now, whoever adopted them.
    pub fn texts_in_force(&self) -> Result<SharedTexts, Fault> {
        self.ask(|| Ok(self.texts()))
    }

    /// The adopted texts, as of the last question.
    pub fn texts(&self) -> SharedTexts {
        self.texts.borrow().clone()
    }

    /// The connection, for the log.
    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Letters of this office in its codes.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// Answers a question from one state of the file.
    fn ask<T, E: From<Fault>>(&self, question: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let tx = self.conn.unchecked_transaction().map_err(Fault::from)?;
        self.refresh()?;
        let answer = question();
        // Nothing was written; ending it this way or that is the same.
        tx.commit().map_err(Fault::from)?;
        answer
    }

    /// Forgets what another window may have changed.
    fn refresh(&self) -> Result<(), Fault> {
        let version = self.data_version()?;
        if self.seen.replace(version) == version {
            return Ok(());
        }
        self.names.forget();
        if !self.texts().current(&self.conn)? {
            self.texts.replace(Texts::adopted(&self.conn)?.into());
        }
        Ok(())
    }

    /// Asks through the rules' own eyes: what is possible, how it is told.
    pub fn with_world<T>(
        &self,
        operator: &Operator,
        question: impl FnOnce(&LedgerWorld) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.ask(|| {
            let texts = self.texts();
            let world = LedgerWorld::looking(&self.conn, &texts, operator, &self.letters, self.today());
            let answer = question(&world)?;
            world.settle()?;
            Ok(answer)
        })
    }

    /// The stream a person means by a code, a 32-digit stream id, or the exact name of something in the directory.
    pub fn resolve(&self, typed: &str) -> Result<StreamId, Ask> {
        self.ask(|| {
            let typed = typed.trim();
            let by_code: Option<StreamId> = self.one(
                "SELECT stream FROM stream WHERE code = ?1 AND code <> '' ORDER BY gone, id LIMIT 1",
                typed,
            )?;
            if let Some(stream) = by_code.or_else(|| StreamId::parse(typed)) {
                return Ok(stream);
            }
            Err(Refusal::new("not_found", format!("没有编号为“{typed}”的事项"))
                .hint("核对编号；可用“查找”按名称或内容查")
                .into())
        })
    }

    fn one(&self, sql: &str, text: &str) -> Result<Option<StreamId>, Fault> {
        use rusqlite::OptionalExtension;
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([text], |row| row.get(0).map(StreamId))
            .optional()?)
    }

    /// State of a stream; `None` when it is unknown.
    pub fn state(&self, stream: StreamId) -> Result<Option<std::sync::Arc<State>>, Fault> {
        self.ask(|| {
            use super::project::apply::{state_of, stream_row};
            match stream_row(&self.conn, stream)? {
                Some(row) => state_of(&self.conn, row.id).map(Some),
                None => Ok(None),
            }
        })
    }
}

/// Why a question was not answered: asked wrongly, or the file failed.
pub type Ask = crate::domain::fault::Stop;

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
