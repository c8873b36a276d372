//! What an act asks for, how it leaves the form, and what came of it.

/// Asks for a form, or for the same form again after a value changed what it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormRequest {
    /// What is to be done.
    pub verb: String,
    /// To which matters; none for a new one.
    pub targets: Vec<String>,
    /// What is filled in so far.
    pub values: Vec<(String, String)>,
}

/// What an act asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormSpec {
    /// The verb.
    pub verb: String,
    /// The title of the dialog.
    pub title: String,
    /// In whose name this is done (the first line).
    pub capacity: String,
    /// What it concerns, one line each.
    pub about: Vec<String>,
    /// The matters it can be done to, with the version seen.
    pub doable: Vec<(String, u64)>,
    /// The matters it cannot be done to: number and reason.
    pub not_doable: Vec<(String, String)>,
    /// The fields; the day it happened first.
    pub fields: Vec<FieldSpec>,
    /// Fields seldom filled, folded under 更多 at the end.
    pub more: Vec<FieldSpec>,
    /// The ways to decide; none when nothing is decided.
    pub decisions: Vec<DecisionSpec>,
    /// What will follow.
    pub follows: Vec<String>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its name in the act.
    pub id: String,
    /// Its label.
    pub label: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be filled.
    pub required: bool,
    /// What stands in it at first: text, or a choice's id.
    pub default: String,
    /// A word of help.
    pub hint: String,
    /// Whether another value changes what the form asks.
    pub live: bool,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Many lines.
    Long,
    /// A day: `-2`, `昨`, `1121`.
    Day,
    /// One of these, by digit.
    Choice(Vec<Choice>),
    /// Something of the directory (person, post, unit, point …), by name or initials.
    Pick {
        /// What kind, as the store names it.
        of: String,
        /// Whether several may be picked.
        many: bool,
    },
}

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The digit that picks it.
    pub digit: u8,
    /// Its value.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Why it cannot be picked.
    pub reason: Option<String>,
}

/// One way to decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionSpec {
    /// Digit, value, name, reason.
    pub choice: Choice,
    /// What this way asks besides.
    pub fields: Vec<FieldSpec>,
}

/// An act as it leaves the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActRequest {
    /// What.
    pub verb: String,
    /// To which matters, and the version of each that was seen.
    pub targets: Vec<(String, u64)>,
    /// The fields filled in, the decision's among them.
    pub values: Vec<(String, String)>,
    /// How it was decided.
    pub decision: Option<String>,
}

/// What came of an act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// One sentence.
    pub message: String,
    /// Whether it still waits for a signature.
    pub pending: bool,
    /// The matters touched.
    pub changed: Vec<String>,
    /// The matter to show now, if another one was opened.
    pub opened: Option<String>,
}
