//! Two ways to say no: the rules ([`Refusal`]) and the world ([`Fault`]).

use serde::{Deserialize, Serialize};

/// Why the rules refuse; `kind` is stable and machine-readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable English word, e.g. `wrong_stage`, `missing_field`, `not_found`, `stale`.
    pub kind: String,
    /// One Chinese sentence: what, where, why.
    pub reason: String,
    /// What to do next; empty when nothing can be done.
    pub hint: String,
}

impl Refusal {
    /// A refusal with its stable kind and its Chinese sentence.
    pub fn new(kind: &str, reason: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            reason: reason.into(),
            hint: String::new(),
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)?;
        if !self.hint.is_empty() {
            write!(f, "（{}）", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// What kind of failure the world produced; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Wrong use: exit code 2.
    Usage,
    /// The file is damaged or the log does not verify: exit code 3.
    Damaged,
    /// Busy or locked by another window: exit code 4.
    Busy,
    /// Not signed in or no right: exit code 5.
    Denied,
    /// Disk full, unreadable file and the like: exit code 6.
    World,
}

/// The world failed: a Chinese sentence and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Decides the exit code.
    pub kind: FaultKind,
    /// One Chinese sentence: what failed, where, why.
    pub reason: String,
    /// What to do next; may be empty.
    pub hint: String,
}

impl Fault {
    /// A fault with its kind and its Chinese sentence.
    pub fn new(kind: FaultKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
            hint: String::new(),
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)?;
        if !self.hint.is_empty() {
            write!(f, "（{}）", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// The rules said no, or the world failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The rules said no: exit code 1, nothing written.
    Refused(Refusal),
    /// The world failed: nothing half-done.
    Failed(Fault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(r) => r.fmt(f),
            Self::Failed(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for Stop {}
