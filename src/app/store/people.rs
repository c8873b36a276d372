//! What is asked about lists of names and about whole units, and what comes back.

use super::{Candidate, Problem, Tint};

/// A question about people or units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleAsk {
    /// Who may be meant by what is typed.
    Offer(String),
    /// Whether these are restricted, for one act or (empty) for any.
    Check {
        /// As typed, or the code of the one that was picked.
        names: Vec<String>,
        /// `promotion`, `transfer`, `commendation`, or empty.
        act: String,
    },
    /// The names in a block that was pasted.
    Block(String),
    /// The names in a file.
    File(String),
    /// Writes the answers out.
    Write {
        /// As in [`PeopleAsk::Check`].
        names: Vec<String>,
        /// As in [`PeopleAsk::Check`].
        act: String,
        /// Where to; empty = the usual place.
        path: String,
    },
    /// Everything about a unit in a period.
    Unit {
        /// The unit.
        stream: String,
        /// Of which days.
        period: Period,
    },
}

/// What came of a [`PeopleAsk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleAnswer {
    /// To [`PeopleAsk::Offer`].
    Offer(Vec<Candidate>),
    /// To [`PeopleAsk::Check`], in the order asked.
    Check(Vec<Verdict>),
    /// To [`PeopleAsk::Block`] and [`PeopleAsk::File`].
    Names(Vec<String>),
    /// To [`PeopleAsk::Write`]: the file.
    Written(String),
    /// To [`PeopleAsk::Unit`].
    Unit(Box<UnitFacts>),
}

/// The answer to a question, or why there is none.
pub type PeopleReply = Result<PeopleAnswer, Problem>;

/// How the answer about one name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 有限制.
    Restricted,
    /// 无限制.
    Free,
    /// Several are called so.
    Several,
    /// 未在名录: no answer at all.
    Unknown,
}

impl Standing {
    /// As it stands in the list.
    pub fn label(self) -> &'static str {
        match self {
            Standing::Restricted => "有限制",
            Standing::Free => "无限制",
            Standing::Several => "请选",
            Standing::Unknown => "未在名录",
        }
    }
}

/// The answer about one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// As asked.
    pub asked: String,
    /// The person or unit; empty unless one is meant.
    pub stream: String,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Unit and post.
    pub place: String,
    /// How it stands.
    pub standing: Standing,
    /// One sentence: by what, since when, until when.
    pub answer: String,
    /// Who may be meant, when several may; the id is the code to ask again by.
    pub choices: Vec<Candidate>,
}

/// Of which days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// 本周.
    Week,
    /// 本月.
    Month,
    /// 本季.
    Quarter,
    /// 本年.
    #[default]
    Year,
    /// 自选: two days as typed.
    Between(String, String),
}

/// Everything about a unit in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFacts {
    /// The unit.
    pub stream: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// First and last day.
    pub days: (String, String),
    /// The thirteen tags (4 + 4 + 5) with how many there are.
    pub tags: Vec<(String, u64)>,
    /// In time order, newest first.
    pub items: Vec<UnitItem>,
}

/// One matter of a unit in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitItem {
    /// The matter.
    pub stream: String,
    /// The last day something happened to it in the period.
    pub day: String,
    /// Its tag, by its place among the thirteen.
    pub tag: usize,
    /// Its register.
    pub kind: String,
    /// Its number.
    pub code: String,
    /// Its grade.
    pub grade: Option<Tint>,
    /// Where it stands.
    pub stage: String,
    /// One line.
    pub title: String,
}
