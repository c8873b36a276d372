//! What can happen to the console, and what it asks in turn: both are data.

use super::key::Key;
use super::store::{
    ActRequest, ActionState, At, Candidate, Detail, FormRequest, FormSpec, Header, Hit, ListQuery, NavRow, Outcome,
    Page, PeopleAsk, PeopleReply, Problem, TriageAnswer, TriageAsk,
};

/// What the mouse did, at a column and a row from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The wheel, one notch.
    Wheel {
        /// Down, else up.
        down: bool,
        /// Where.
        at: (u16, u16),
    },
    /// The left button.
    Click {
        /// Where.
        at: (u16, u16),
    },
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// A block was pasted.
    Paste(String),
    /// The mouse, where it is switched on.
    Mouse(Mouse),
    /// The window has this size now (columns, rows).
    Resize(u16, u16),
    /// The worker answered.
    Reply(Reply),
    /// Another window changed the file.
    Changed,
    /// The worker is gone; the sentence says why.
    Broken(String),
    /// The process is asked to end.
    Terminate,
}

/// Something to be done outside the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the worker.
    Ask(Request),
    /// Put text on the clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// Which list of which pane a page belongs to, and which asking of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The pane.
    pub pane: usize,
    /// The list in it.
    pub list: usize,
    /// Counts up whenever the list shows something else; older answers are dropped.
    pub turn: u64,
}

/// A question to the worker. Those the keyboard waits for answer with [`Reply`] even when they fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The title bar.
    Header,
    /// The left part of a pane, or what unfolds under a row.
    Nav {
        /// The pane.
        pane: usize,
        /// Its register.
        register: String,
        /// Under which row.
        parent: Option<String>,
    },
    /// A page.
    Page {
        /// Whose.
        ticket: Ticket,
        /// Of what.
        query: ListQuery,
        /// From where.
        at: At,
        /// How many rows.
        limit: usize,
    },
    /// What is under way for a list is no longer wanted; has no answer.
    Drop(Ticket),
    /// All streams of a list.
    Streams {
        /// Whose.
        ticket: Ticket,
        /// Of what.
        query: ListQuery,
        /// At most.
        most: usize,
    },
    /// One matter.
    Detail(String),
    /// One matter that the cursor may come to next; nobody waits for it.
    Ahead(String),
    /// What can be done without a matter.
    Actions(String),
    /// A form.
    Form(FormRequest),
    /// An act.
    Submit(ActRequest),
    /// What matches in a field.
    Candidates {
        /// Of what kind.
        of: String,
        /// What was typed.
        typed: String,
    },
    /// What matches in find.
    Find(String),
    /// About people and units.
    People(PeopleAsk),
    /// A question of 快速分拣.
    Triage(TriageAsk),
    /// Take back.
    Undo,
    /// Restore.
    Redo,
    /// Something about tables.
    Table(super::store::TableAsk),
}

/// The worker's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To [`Request::Header`].
    Header(Result<Box<Header>, Problem>),
    /// To [`Request::Nav`]: pane and parent as asked.
    Nav(usize, Option<String>, Result<Vec<NavRow>, Problem>),
    /// To [`Request::Page`].
    Page(Ticket, At, Result<Page, Problem>),
    /// To [`Request::Streams`].
    Streams(Ticket, Result<(Vec<String>, bool), Problem>),
    /// To [`Request::Detail`]: the stream as asked.
    Detail(String, Result<Box<Detail>, Problem>),
    /// To [`Request::Ahead`]: the stream as asked.
    Ahead(String, Result<Box<Detail>, Problem>),
    /// To [`Request::Actions`]: the register as asked.
    Actions(String, Result<Vec<ActionState>, Problem>),
    /// To [`Request::Form`].
    Form(Result<Box<FormSpec>, Problem>),
    /// To [`Request::Submit`].
    Submit(Result<Outcome, Problem>),
    /// To [`Request::Candidates`]: the text as asked.
    Candidates(String, Result<Vec<Candidate>, Problem>),
    /// To [`Request::Find`]: the text as asked.
    Find(String, Result<Vec<Hit>, Problem>),
    /// To [`Request::People`]: as asked.
    People(PeopleAsk, PeopleReply),
    /// To [`Request::Triage`].
    Triage(Result<TriageAnswer, Problem>),
    /// To [`Request::Undo`].
    Undo(Result<Outcome, Problem>),
    /// To [`Request::Redo`].
    Redo(Result<Outcome, Problem>),
    /// To [`Request::Table`].
    Table(Result<super::store::TableTold, Problem>),
}
