//! What the console asks of the office's file, in plain words; `cli` answers it over the ledger.
//!
//! Nothing here knows a rule: which acts are possible, what they ask for and what follows from them comes back
//! as data, so that the console can never offer what would be refused.

mod forms;
mod people;
mod tables;
mod triage;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use forms::{ActRequest, Choice, DecisionSpec, FieldKind, FieldSpec, FormRequest, FormSpec, Outcome};
pub use people::{PeopleAnswer, PeopleAsk, PeopleReply, Period, Standing, UnitFacts, UnitItem, Verdict};
pub use tables::{
    Deed, FileRow, Folder, Format, GridColumn, GridSpec, Plan, Preview, SheetColumn, SheetFault, Source, TableAsk,
    TableTold,
};
pub use triage::{Held, Report, Sitting, TriageAnswer, TriageAsk};

/// Who sits here, what is waiting, what can be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The operator's name.
    pub operator: String,
    /// The body in whose name he acts.
    pub capacity: String,
    /// Today as it is written in the title bar.
    pub today: String,
    /// Matters whose next move is ours.
    pub mine: u64,
    /// Matters past their day.
    pub overdue: u64,
    /// The form to be filled in before anything else (核对日期).
    pub first: Option<String>,
    /// What Ctrl-Z would take back.
    pub undo: Option<String>,
    /// What Ctrl-Y would restore.
    pub redo: Option<String>,
    /// A word about this file (演示, 演练), if it is no real one.
    pub mark: String,
    /// What should not be overlooked: 政策文件已改，尚未启用.
    pub notice: String,
    /// What is left of a paused triage; empty when there is none.
    pub paused: String,
    /// The earlier day that is shown instead of today, in words; empty for today.
    pub past: String,
}

/// The three grades, as the console colours them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tint {
    /// 一级红.
    Red,
    /// 二级橙.
    Orange,
    /// 三级黄.
    Yellow,
}

impl Tint {
    /// The word that stands in the list.
    pub fn label(self) -> &'static str {
        match self {
            Tint::Red => "红",
            Tint::Orange => "橙",
            Tint::Yellow => "黄",
        }
    }
}

/// Counts beside a row of the left part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Red, orange, yellow.
    pub grades: [u64; 3],
    /// Not assessed yet.
    pub unassessed: u64,
    /// Past their day.
    pub overdue: u64,
    /// For rows that count something else.
    pub plain: Option<u64>,
}

/// A row of the left part: a body's queue, a unit of the tree, a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavRow {
    /// Stable name, for unfolding and for keeping the cursor.
    pub id: String,
    /// Steps to the right.
    pub depth: u8,
    /// What is printed.
    pub label: String,
    /// Counts printed after it.
    pub counts: Counts,
    /// What the list shows when the cursor stands here.
    pub filters: Vec<(String, String)>,
    /// Whether something can be unfolded under it.
    pub branch: bool,
    /// The register it shows, where that is another than its pane's.
    pub register: Option<String>,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows before this key, nearest last.
    Before(String),
    /// The rows after this key.
    After(String),
    /// The rows around this stream; when it is not in the list, around where `key` would stand, else the first.
    Around {
        /// The matter.
        stream: String,
        /// Where it stood in this list.
        key: Option<String>,
    },
}

/// What a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Which register.
    pub register: String,
    /// All must hold.
    pub filters: Vec<(String, String)>,
}

/// Which of the standing columns a list has beside its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// 等级.
    pub grade: bool,
    /// 环节.
    pub stage: bool,
    /// 期限.
    pub due: bool,
    /// 轮到.
    pub waiting: bool,
}

impl Columns {
    /// Of a register that only records.
    pub const NONE: Columns = Columns {
        grade: false,
        stage: false,
        due: false,
        waiting: false,
    };
}

impl Default for Columns {
    fn default() -> Self {
        Columns {
            grade: true,
            stage: true,
            due: true,
            waiting: true,
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Titles of the rows' `cells`.
    pub columns: Vec<String>,
    /// The columns beside them.
    pub standing: Columns,
    /// The rows, in the list's order.
    pub rows: Vec<ListRow>,
    /// What the list's title says besides: the first question of who sits here, answered.
    pub headline: String,
    /// How many there are in all, where a counter knows.
    pub total: Option<u64>,
    /// Whether rows come before the first one here.
    pub more_before: bool,
    /// Whether rows come after the last one here.
    pub more_after: bool,
}

/// One row of a list; without a matter it is a heading, whose words are its first cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListRow {
    /// The matter.
    pub stream: String,
    /// Its place in this list's order, for the next page.
    pub key: String,
    /// Its number.
    pub code: String,
    /// Its grade, if it has one.
    pub grade: Option<Tint>,
    /// Who and what: the most important first.
    pub cells: Vec<String>,
    /// Where it stands.
    pub stage: String,
    /// 剩2日, 逾期3日.
    pub due: String,
    /// Whether it is past its day.
    pub overdue: bool,
    /// Whose move it is.
    pub waiting_for: String,
    /// The list it stands for, when it is many matters in one row.
    pub leads_to: Option<Box<ListQuery>>,
}

impl ListRow {
    /// A line between the matters that says what the next ones are.
    pub fn heading(text: String) -> ListRow {
        ListRow {
            cells: vec![text],
            ..ListRow::default()
        }
    }

    /// Whether it is one.
    pub fn is_heading(&self) -> bool {
        self.stream.is_empty()
    }
}

/// Everything about one matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// The matter.
    pub stream: String,
    /// Its number.
    pub code: String,
    /// One line saying what it is.
    pub title: String,
    /// Its grade.
    pub grade: Option<Tint>,
    /// Labels and values.
    pub fields: Vec<(String, String)>,
    /// The steps of its procedure, for the line at the top.
    pub procedure: Vec<(String, Progress)>,
    /// Further lists of lines: measures, restrictions, linked points.
    pub sections: Vec<(String, Vec<String>)>,
    /// What happened, oldest first.
    pub timeline: Vec<Step>,
    /// What can be done with it, and why not.
    pub actions: Vec<ActionState>,
}

/// How far one step of the procedure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Behind us.
    Done,
    /// The present one.
    Now,
    /// To come.
    Ahead,
}

/// One line of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// The day it happened, or is due.
    pub day: String,
    /// Who.
    pub who: String,
    /// What, in two to six characters.
    pub label: String,
    /// The rest.
    pub text: String,
    /// Not happened yet.
    pub pending: bool,
    /// The act behind it, to take it back by.
    pub act: Option<String>,
    /// The matter behind it, where that is another than the one on show.
    pub opens: Option<String>,
}

/// The place an act has on the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// F2 修改.
    Amend,
    /// F4 新建.
    New,
    /// F5 下一步.
    Next,
    /// F6 调级.
    Grade,
    /// F7 转办.
    Hand,
    /// F8 三诫勉.
    Admonish,
    /// Ctrl-R 催办.
    Remind,
    /// The menu only.
    More,
}

/// Something that can be done, or why it cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionState {
    /// The verb, to ask its form by.
    pub verb: String,
    /// Its name.
    pub label: String,
    /// Its key.
    pub slot: Slot,
    /// Why it cannot be done now; `None` when it can.
    pub reason: Option<String>,
}

/// Something that matches what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// Its value.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What tells it from others of the same name.
    pub note: String,
}

/// Something found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// The matter.
    pub stream: String,
    /// Its register.
    pub register: String,
    /// The register's name.
    pub kind: String,
    /// Its number.
    pub code: String,
    /// One line.
    pub label: String,
    /// Its grade.
    pub grade: Option<Tint>,
    /// Where it stands, or whether the person is restricted.
    pub stage: String,
}

/// A no, or a failure: a sentence and what to do about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Why not.
    pub reason: String,
    /// What to do.
    pub hint: String,
    /// The field it is about.
    pub field: Option<String>,
}

/// What the console asks. Called on the worker only; each call is short.
pub trait Store: Send {
    /// One slice of upkeep while nobody is typing; true when there is more to do.
    fn rest(&mut self) -> bool {
        false
    }
    /// What is due when the console is left; the sentence of what failed, if anything did.
    ///
    /// # Errors
    /// The sentence says what failed; no act is undone by it.
    fn leave(&mut self) -> Result<(), String> {
        Ok(())
    }
    /// From now on a reading question ends early, in any refusal, when this is set.
    fn heed(&mut self, _stop: Arc<AtomicBool>) {}
    /// The title bar.
    ///
    /// # Errors
    /// The file cannot be read.
    fn header(&mut self) -> Result<Header, Problem>;
    /// The rows of a pane's left part (`parent` none), or what unfolds under one of them.
    ///
    /// # Errors
    /// The file cannot be read.
    fn nav(&mut self, register: &str, parent: Option<&str>) -> Result<Vec<NavRow>, Problem>;
    /// A page of a list.
    ///
    /// # Errors
    /// The file cannot be read.
    fn page(&mut self, query: &ListQuery, at: &At, limit: usize) -> Result<Page, Problem>;
    /// The streams of a whole list, to mark them; at most `most`, and whether that was all.
    ///
    /// # Errors
    /// The file cannot be read.
    fn streams(&mut self, query: &ListQuery, most: usize) -> Result<(Vec<String>, bool), Problem>;
    /// Everything about one matter.
    ///
    /// # Errors
    /// There is no such matter, or the file cannot be read.
    fn detail(&mut self, stream: &str) -> Result<Detail, Problem>;
    /// What can be done in a register without picking a matter (新建).
    ///
    /// # Errors
    /// The file cannot be read.
    fn actions(&mut self, register: &str) -> Result<Vec<ActionState>, Problem>;
    /// What an act asks for.
    ///
    /// # Errors
    /// The act is not possible.
    fn form(&mut self, request: &FormRequest) -> Result<FormSpec, Problem>;
    /// Does it.
    ///
    /// # Errors
    /// The rules say no, somebody was faster, or the file cannot be written.
    fn submit(&mut self, act: &ActRequest) -> Result<Outcome, Problem>;
    /// What matches the text typed into a field.
    ///
    /// # Errors
    /// The file cannot be read.
    fn candidates(&mut self, of: &str, typed: &str, most: usize) -> Result<Vec<Candidate>, Problem>;
    /// What matches the text typed into find.
    ///
    /// # Errors
    /// The file cannot be read.
    fn find(&mut self, typed: &str, most: usize) -> Result<Vec<Hit>, Problem>;
    /// What is asked about lists of names and whole units.
    ///
    /// # Errors
    /// There is no such file or unit, or it cannot be read or written.
    fn people(&mut self, _ask: &PeopleAsk) -> PeopleReply {
        Err(Problem::default())
    }
    /// A question of 快速分拣.
    ///
    /// # Errors
    /// The rules say no, or the file cannot be read or written.
    fn triage(&mut self, _ask: &TriageAsk) -> Result<TriageAnswer, Problem> {
        Err(Problem::default())
    }
    /// Takes back the last act.
    ///
    /// # Errors
    /// There is none, or something depends on it.
    fn undo(&mut self) -> Result<Outcome, Problem>;
    /// Restores what was taken back last.
    ///
    /// # Errors
    /// There is nothing to restore.
    fn redo(&mut self) -> Result<Outcome, Problem>;
    /// Tables in and out. Long work goes on while other questions are answered; [`TableAsk::Status`] asks how far it is.
    ///
    /// # Errors
    /// The file cannot be read or written, or the rules say no.
    fn table(&mut self, _ask: &TableAsk) -> Result<TableTold, Problem> {
        Err(Problem {
            reason: "这里没有表格可办。".into(),
            ..Problem::default()
        })
    }
    /// A number that changes when another window changed the file.
    ///
    /// # Errors
    /// The file cannot be read.
    fn version(&mut self) -> Result<u64, Problem>;
}
