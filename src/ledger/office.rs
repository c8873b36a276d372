//! An office, open: its file, what it has adopted, its clock. Everything that changes anything goes through here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::chain::Id;
use super::clock::Clock;
use super::entropy::Entropy;
use super::open::{self, NewOffice, OpenFile};
use super::paths::OfficePaths;
use super::project::search;
use super::receipt::Receipt;
use super::submit::Desk;
use super::texts::{self, SharedTexts, Texts};
use super::watch::Watch;
use super::world::LedgerWorld;
use super::{erased, meta, purge, rebuild, sources};
use crate::domain::calendar::Calendar;
use crate::domain::day::china_today;
use crate::domain::decide::Outcome;
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::domain::policy::Policy;
use crate::domain::sheet::Sheets;
use crate::domain::source::typed_in;
use crate::domain::state::Adoption;
use crate::domain::world::Operator;
use crate::domain::{Act, Verb, decide};

/// Rows from which an import tells other windows that it is running.
const LONG: usize = 500;
/// Where the note of a long act stands.
const HOLDER: &str = "holder";

/// An open office.
#[derive(Debug)]
pub struct Office {
    file: OpenFile,
    texts: SharedTexts,
    clock: Clock,
    entropy: Entropy,
    letters: String,
    /// Days the office's date is ahead of the machine's: somebody said which day it is (核对日期).
    pub(super) ahead: TimeDelta,
    /// What clearing away after an erasure has to say.
    cleared: Vec<String>,
}

/// The day it is in China at a moment.
pub fn day_of(now_ms: i64) -> NaiveDate {
    china_today(DateTime::from_timestamp_millis(now_ms).unwrap_or_default())
}

/// Program and version, as acts name it.
pub fn program() -> String {
    format!("lianneng {}", env!("CARGO_PKG_VERSION"))
}

/// Who founds an office, and who acts until there are accounts: records for every body.
pub fn local_operator() -> Operator {
    Operator::recorder("local", "本机操作员")
}

impl Office {
    /// Makes a new office: the file, the adoption of the shipped texts, the eight bodies.
    pub fn init(paths: &OfficePaths, new: &NewOffice, clock: Clock, mut entropy: Entropy) -> Result<Self, Stop> {
        let file = open::create(paths, new, &mut entropy, &clock)?;
        Self::over(file, clock, entropy)
    }

    /// Opens the office of a folder. Derived tables made by another version are made again; an office whose
    /// founding was interrupted is founded now.
    pub fn open(paths: &OfficePaths, clock: Clock, entropy: Entropy) -> Result<Self, Stop> {
        let file = open::open(paths, &clock)?;
        Self::over(file, clock, entropy)
    }

    /// An office over an open file that may be written.
    pub fn over(file: OpenFile, clock: Clock, entropy: Entropy) -> Result<Self, Stop> {
        file.access.require_write()?;
        let letters = meta::letters(&file.conn)?;
        let standing = Texts::standing(&file.conn)?;
        let stands = standing.is_some();
        let texts = Arc::new(match standing {
            Some(texts) => texts,
            None => Texts::from_log(&file.conn)?,
        });
        let mut office = Self {
            file,
            texts,
            clock,
            entropy,
            letters,
            ahead: TimeDelta::zero(),
            cleared: Vec::new(),
        };
        if !stands {
            rebuild::rebuild(
                &mut office.file.conn,
                &office.texts.layout,
                &office.letters,
                &mut Watch::nobody(),
            )?;
        }
        office.establish()?;
        office.texts = Arc::new(Texts::adopted(&office.file.conn)?);
        office.seal_again()?;
        Ok(office)
    }

    /// An older copy put in the file's place is sealed again; a clearing that was interrupted goes on.
    fn seal_again(&mut self) -> Result<(), Stop> {
        let list = match &self.file.office {
            Some(paths) => erased::read(paths)?,
            None => erased::List::new(),
        };
        if erased::differs(&self.file.conn, &list)? {
            let again = self.transact(&local_operator(), |desk| {
                desk.not_before_the_log()?;
                desk.seal_again(&list)
            })?;
            if again {
                return Ok(());
            }
            erased::looked_through(&self.file.conn, &list)?;
        }
        if purge::asked(&self.file.conn)? {
            self.clear_away();
        }
        Ok(())
    }

    /// Clears away what an erasure left outside the log. The act stands whatever becomes of this.
    fn clear_away(&mut self) {
        let today = self.today().to_string();
        let done = purge::purge(&mut self.file, &self.texts.layout, &self.clock, &today);
        self.cleared = done.unwrap_or_else(|fault| vec![purge::not_finished(&fault)]);
    }

    /// Adopts the shipped texts and founds the bodies, as far as that has not been done.
    fn establish(&mut self) -> Result<(), Stop> {
        let operator = local_operator();
        let adopted: bool = self.file.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM stream WHERE kind = 'adoption')",
            [],
            |row| row.get(0),
        )?;
        if !adopted {
            self.adopt(&operator, &texts::shipped())?;
        }
        let founded: bool = self
            .file
            .conn
            .query_row("SELECT EXISTS (SELECT 1 FROM list_body)", [], |row| row.get(0))?;
        if !founded {
            self.submit(&operator, &Act::new(Verb::Found, Vec::new()), None)?;
        }
        Ok(())
    }

    /// Carries out an act: decided, appended and projected in one transaction, or refused with nothing written.
    ///
    /// The same `act_id` again returns the earlier outcome. 撤回, 重做 and 撤回此步 are acts too.
    pub fn submit(&mut self, operator: &Operator, act: &Act, act_id: Option<Id>) -> Result<Receipt, Stop> {
        // What time causes is written by the clock alone, and the clock does nothing else.
        if (operator.id == super::time::CLOCK) != (act.verb == Verb::Lapse) {
            return Err(Refusal::new("not_here", format!("“{}”不由{}办理", act.verb.label(), operator.name)).into());
        }
        let sealed;
        let act = if typed_in(act) {
            sealed = sources::sealed(act, &self.file, &mut self.entropy)?;
            &sealed
        } else {
            act
        };
        let keeper = match act.verb {
            Verb::ReadSource => Some(sources::keeper(&self.file)?),
            _ => None,
        };
        let long = act.rows.len() >= LONG || act.verb == Verb::Adopt;
        if long {
            self.note_holder(operator, act)?;
        }
        let mut done = self.transact(operator, |desk| match act.verb {
            Verb::Undo => desk.undo(),
            Verb::Redo => desk.redo(),
            Verb::Revert => desk.revert(act),
            Verb::Adopt => desk.adopt(act, act_id),
            _ if let Some(keeper) = &keeper => desk.read_sources(act, act_id, keeper),
            _ => desk.submit(act, act_id),
        });
        if long {
            self.file.conn.execute("DELETE FROM meta WHERE key = ?1", [HOLDER])?;
        }
        if let Ok(receipt) = &mut done {
            receipt.notes.append(&mut self.cleared);
        }
        if done.is_ok() && act.verb == Verb::Adopt {
            self.texts = Arc::new(Texts::adopted(&self.file.conn)?);
        }
        done
    }

    /// Erases sources that no matter holds any more (see [`Desk::sweep_sources`]).
    pub fn sweep_sources(&mut self, operator: &Operator, on: NaiveDate) -> Result<Option<Receipt>, Stop> {
        let mut done = self.transact(operator, |desk| desk.sweep_sources(on));
        if let Ok(Some(receipt)) = &mut done {
            receipt.notes.append(&mut self.cleared);
        }
        done
    }

    /// Adopts texts: later acts follow them, and the tables are what they ask for.
    pub fn adopt(&mut self, operator: &Operator, texts: &Adoption) -> Result<Receipt, Stop> {
        self.submit(operator, &texts::adopt(texts), None)
    }

    /// 撤回: takes back this operator's last act of today.
    pub fn undo(&mut self, operator: &Operator) -> Result<Receipt, Stop> {
        self.transact(operator, |desk| desk.undo())
    }

    /// 重做: brings back what 撤回 took back last.
    pub fn redo(&mut self, operator: &Operator) -> Result<Receipt, Stop> {
        self.transact(operator, |desk| desk.redo())
    }

    /// 撤回此步 (see [`Desk::revert`]).
    pub fn revert(&mut self, operator: &Operator, act: &Act) -> Result<Receipt, Stop> {
        self.transact(operator, |desk| desk.revert(act))
    }

    /// What an act would bring about, with nothing written and nothing drawn.
    pub fn preview(&mut self, operator: &Operator, act: &Act) -> Result<Outcome, Stop> {
        let today = self.today();
        let act = &sources::foreseen(act)?;
        let tx = self.file.conn.transaction()?;
        let world = LedgerWorld::looking(&tx, &self.texts, operator, &self.letters, today);
        super::submit::check_seen(act, &world)?;
        let decided = decide(act, &world);
        world.settle()?;
        Ok(decided?)
    }

    fn transact<T>(&mut self, operator: &Operator, work: impl FnOnce(&mut Desk) -> Result<T, Stop>) -> Result<T, Stop> {
        let now_ms = self.clock.now_ms();
        let (program, today, clock_told) = (program(), self.day_at(now_ms), self.is_told());
        let conn = &self.file.conn;
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)
            .map_err(|error| busy(conn, error.into()))?;
        if !still_adopted(&tx, &self.texts)? {
            self.texts = Arc::new(Texts::adopted(&tx)?);
        }
        let mut desk = Desk {
            tx: &tx,
            texts: &self.texts,
            letters: &self.letters,
            operator,
            today,
            now_ms,
            entropy: &mut self.entropy,
            program: &program,
            clock_told,
            erased: false,
        };
        let done = work(&mut desk)?;
        let erased = desk.erased;
        tx.commit()?;
        if erased {
            self.clear_away();
        }
        Ok(done)
    }

    fn note_holder(&self, operator: &Operator, act: &Act) -> Result<(), Fault> {
        let since = self.clock.now_ms();
        let rows = match act.rows.len() {
            0 => String::new(),
            rows => format!("{rows} 行，"),
        };
        let (who, what) = (&operator.name, act.verb.label());
        let note = format!("{who}正在{what}（{rows}{} 起）", time_of(since));
        meta::set(&self.file.conn, HOLDER, note)
    }

    /// Makes all derived tables again and says what that changed.
    pub fn rebuild(&mut self, watch: &mut Watch) -> Result<rebuild::Rebuilt, Fault> {
        let texts = Texts::from_log(&self.file.conn)?;
        let rebuilt = rebuild::rebuild(&mut self.file.conn, &texts.layout, &self.letters, watch)?;
        self.texts = Arc::new(Texts::adopted(&self.file.conn)?);
        Ok(rebuilt)
    }

    /// Indexes all texts that wait for it, in short transactions.
    pub fn catch_up(&mut self) -> Result<(), Fault> {
        while search::catch_up(&mut self.file.conn, &self.texts.layout)? {}
        Ok(())
    }

    /// From now on the work on this connection stops soon after `stop` becomes true, and nothing of it is left.
    pub fn stop_when(&mut self, stop: Arc<AtomicBool>) -> Result<(), Fault> {
        // small statements count together, so that a long act is asked often
        const STEPS: i32 = 100;
        let asked = move || stop.load(Ordering::Relaxed);
        Ok(self.file.conn.progress_handler(STEPS, Some(asked))?)
    }

    /// Withdraws the note of a long act that was stopped.
    pub fn withdraw_note(&mut self) -> Result<(), Fault> {
        self.file.conn.progress_handler(0, None::<fn() -> bool>)?;
        self.file.conn.execute("DELETE FROM meta WHERE key = ?1", [HOLDER])?;
        Ok(())
    }

    /// Today in China; as somebody said, where the machine's date was wrong.
    pub fn today(&self) -> NaiveDate {
        self.day_at(self.clock.now_ms())
    }

    /// Today by the machine alone.
    pub fn machine_day(&self) -> NaiveDate {
        day_of(self.clock.now_ms())
    }

    /// The office's day at a moment of the machine's clock.
    pub(super) fn day_at(&self, now_ms: i64) -> NaiveDate {
        let day = day_of(now_ms);
        day.checked_add_signed(self.ahead).unwrap_or(day)
    }

    /// Whether today is the machine's today.
    pub fn goes_by_the_machine(&self) -> bool {
        self.ahead.is_zero()
    }

    /// Whether the date was given by hand.
    pub(super) fn is_told(&self) -> bool {
        self.clock.is_told() || !self.ahead.is_zero()
    }

    /// From now on, for as long as this office is open, it is that day; the machine's clock is left alone.
    pub(super) fn take_day(&mut self, day: NaiveDate) {
        self.ahead = day.signed_duration_since(self.machine_day());
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is in force here.
    pub fn texts(&self) -> &SharedTexts {
        &self.texts
    }

    /// The adopted policy.
    pub fn policy(&self) -> &Policy {
        &self.texts.policy
    }

    /// The adopted calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.texts.calendar
    }

    /// The adopted registers.
    pub fn sheets(&self) -> &Sheets {
        &self.texts.sheets
    }

    /// Letters of this office in its codes.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// The open file, the office given up.
    pub fn into_file(self) -> OpenFile {
        self.file
    }

    /// The open file: backup, verify, seals.
    pub fn file(&self) -> &OpenFile {
        &self.file
    }

    /// The open file, to be worked on.
    pub fn file_mut(&mut self) -> &mut OpenFile {
        &mut self.file
    }
}

fn still_adopted(tx: &Transaction, texts: &Texts) -> Result<bool, Fault> {
    // Before the first adoption the shipped texts stand in.
    Ok(texts.adoption == 0 || texts.current(tx)?)
}

/// Says who holds the file, where that is known.
fn busy(conn: &Connection, fault: Fault) -> Fault {
    if fault.kind != FaultKind::Busy {
        return fault;
    }
    match meta::get::<String>(conn, HOLDER) {
        Ok(Some(holder)) => Fault::new(FaultKind::Busy, format!("另一窗口：{holder}")).hint("请等它完成后再试。"),
        _ => fault,
    }
}

/// The time of day in China.
pub fn time_of(now_ms: i64) -> String {
    use chrono::{FixedOffset, TimeZone};
    const CHINA: i32 = 8 * 3600;
    FixedOffset::east_opt(CHINA)
        .and_then(|zone| zone.timestamp_millis_opt(now_ms).single())
        .map(|at| at.format("%H:%M").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
#[path = "adopt_tests.rs"]
mod adopt_tests;

#[cfg(test)]
#[path = "office_tests.rs"]
mod tests;
