//! What is asked of the ledger: lists, one matter, queues, deadlines, figures. Reads only, on a connection of its own.

mod attachments;
mod eligible;
mod filter;
mod find;
mod hits;
mod item;
mod kept;
mod landing;
mod list;
mod names;
mod order;
mod overview;
mod past;
mod queue;
mod row_item;
mod show;
mod sources;
mod stats;
mod unit;
mod walk;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;
use rusqlite::Connection;

use super::known::Place;
use super::meta;
use super::office::{Office, day_of, local_operator};
use super::open::OpenFile;
use super::texts::{SharedTexts, Texts};
use super::world::LedgerWorld;
use crate::domain::fault::{Fault, FaultKind, Refusal};
use crate::domain::world::Operator;
use crate::domain::{BodyRef, State, StreamId};
pub use eligible::{Barred, Eligible, Found, Restricted};
pub use find::Candidate;
pub use item::{Item, Owed, Reference};
pub use landing::{Batch, Block, LandingRow, Section};
pub use list::{At, ListQuery, Page};
pub use names::{Name, Names};
pub use queue::{BodyQueue, DueItem, Waiting};
pub use show::{Shown, Step};
pub use stats::{Figure, Figures};
pub use unit::UnitItem;

/// Steps of SQLite's machine between two looks whether a question is still wanted: about a tenth of a millisecond.
const STEPS: i32 = 2_000;

/// Reads an office's file for a viewer. Each question is answered from one state of the file, in one short transaction,
/// and as if what is kept from the viewer (§0.16) were not there.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    texts: RefCell<SharedTexts>,
    letters: String,
    today: Cell<NaiveDate>,
    names: Names,
    seen: Cell<i64>,
    viewer: RefCell<Arc<Operator>>,
    capacity: Cell<Option<BodyRef>>,
    kept: RefCell<Option<Arc<kept::Kept>>>,
    /// What is kept by what is known today, for a reader of what was known earlier.
    kept_by: RefCell<Option<Arc<BTreeSet<StreamId>>>>,
    /// The day it answers about.
    on: Cell<Option<NaiveDate>>,
    /// Temporary tables and views made for that day.
    stands: RefCell<BTreeMap<String, &'static str>>,
    past_counts: RefCell<BTreeMap<(String, String, String), i64>>,
    /// Where the tables of an earlier day lie; let go after the connection.
    _place: Option<Place>,
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
        let texts = Texts::standing(&file.conn)?.ok_or_else(|| {
            Fault::new(FaultKind::World, "本文件的查询表由另一版本生成，此处只能查看，不能重建")
                .hint("请用生成它的版本查看，或在可写的文件夹里打开一次。")
        })?;
        Self::over(file.conn, texts.into(), letters, day_of(now_ms))
    }

    /// A reader of tables made for an earlier day.
    pub(super) fn of_past(
        conn: Connection,
        texts: Texts,
        letters: String,
        day: NaiveDate,
        place: Place,
    ) -> Result<Self, Fault> {
        Ok(Self {
            _place: Some(place),
            ..Self::over(conn, texts.into(), letters, day)?
        })
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
            viewer: RefCell::new(Arc::new(local_operator())),
            capacity: Cell::new(None),
            kept: RefCell::default(),
            kept_by: RefCell::default(),
            on: Cell::new(None),
            stands: RefCell::default(),
            past_counts: RefCell::default(),
            _place: None,
        })
    }

    /// From now on answers this operator, who acts for one body or all of his; a reader that was told nobody answers
    /// who sees all.
    pub fn view_as(&self, viewer: &Operator, capacity: Option<BodyRef>) {
        self.viewer.replace(Arc::new(viewer.clone()));
        self.capacity.set(capacity);
        self.kept.replace(None);
    }

    /// As [`Self::view_as`] for a reader of what was known earlier: what is kept from the viewer is what a reader of
    /// today keeps from him.
    pub fn view_like(&self, today: &Self) -> Result<(), Fault> {
        self.view_as(&today.viewer(), today.capacity.get());
        self.kept_by.replace(Some(today.kept_streams()?));
        Ok(())
    }

    /// Who is answered.
    pub fn viewer(&self) -> Arc<Operator> {
        Arc::clone(&self.viewer.borrow())
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

    /// From now on a question ends with a failure when this is set while it is answered.
    ///
    /// # Errors
    /// When the file does not take it.
    pub fn heed(&mut self, stop: Arc<AtomicBool>) -> Result<(), Fault> {
        Ok(self
            .conn
            .progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed)))?)
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
        if self.seen.get() == version {
            return Ok(());
        }
        self.names.forget();
        self.kept.replace(None);
        self.forget_past()?;
        if !self.texts().current(&self.conn)? {
            self.texts.replace(Texts::adopted(&self.conn)?.into());
        }
        // only now: what was broken off halfway is looked at again
        self.seen.set(version);
        Ok(())
    }

    /// Asks through the rules' own eyes: what is possible, how it is told.
    pub fn with_world<T>(&self, question: impl FnOnce(&LedgerWorld) -> Result<T, Fault>) -> Result<T, Fault> {
        self.ask(|| {
            let (texts, viewer) = (self.texts(), self.viewer());
            let world = self.world(&texts, &viewer)?;
            let answer = question(&world)?;
            world.settle()?;
            Ok(answer)
        })
    }

    /// As [`Self::with_world`], outside a transaction: a long one would keep the log from being written back.
    pub fn with_world_for_long<T, E: From<Fault>>(
        &self,
        question: impl FnOnce(&LedgerWorld) -> Result<T, E>,
    ) -> Result<T, E> {
        self.refresh()?;
        let (texts, viewer) = (self.texts(), self.viewer());
        let world = self.world(&texts, &viewer)?;
        let answer = question(&world)?;
        world.settle()?;
        Ok(answer)
    }

    /// The stream a person means by a code, a 32-digit stream id, or the exact name of something in the directory.
    pub fn resolve(&self, typed: &str) -> Result<StreamId, Ask> {
        self.ask(|| {
            let typed = typed.trim();
            let by_code = match self.row_with_code(typed)? {
                Some(id) => Some(self.stream_by_id(id)?.stream),
                None => StreamId::parse(typed).filter(|stream| matches!(self.row(*stream), Ok(Some(_)))),
            };
            by_code.ok_or_else(|| {
                Refusal::new("not_found", format!("没有编号为“{typed}”的事项"))
                    .hint("核对编号；可用“查找”按名称或内容查")
                    .into()
            })
        })
    }

    /// State of a stream; `None` when it is unknown.
    pub fn state(&self, stream: StreamId) -> Result<Option<Arc<State>>, Fault> {
        self.ask(|| self.seen_state(stream))
    }

    /// The streams kept from the viewer: for what goes through the log and not through this reader.
    pub fn kept_streams(&self) -> Result<Arc<BTreeSet<StreamId>>, Fault> {
        self.ask(|| Ok(Arc::clone(&self.kept()?.streams)))
    }
}

/// Why a question was not answered: asked wrongly, or the file failed.
pub type Ask = crate::domain::fault::Stop;

#[cfg(test)]
mod restricted_tests;
#[cfg(test)]
#[path = "tests.rs"]
mod tests;
