//! The rules, pure: no SQL, no clock, no terminal, no files. Knows no other room.

pub mod act;
pub mod admonition;
pub mod appeal;
pub mod attachment;
pub mod available;
pub mod calendar;
pub mod day;
pub mod decide;
pub mod event;
pub mod fault;
pub mod identity;
pub mod ids;
pub mod initial;
pub mod instrument;
pub mod measure;
pub mod mistake;
pub mod obligation;
pub mod pinyin;
pub mod point;
pub mod policy;
pub mod proposal;
pub mod reading;
pub mod redact;
pub mod restriction;
pub mod review;
pub mod rights;
pub mod sheet;
pub mod source;
pub mod state;
#[cfg(test)]
mod stories;
pub mod tag;
pub mod task;
pub mod telling;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub mod testing;
pub mod verb;
pub mod viewer;
pub mod vocabulary;
pub mod warning;
pub mod width;
pub mod world;

pub use act::{Act, Decision, Fields, ImportRow};
pub use available::{Availability, available, menu, next_step};
pub use decide::{Effect, NewEvent, Outcome, decide};
pub use event::Event;
pub use fault::{Fault, FaultKind, Refusal, Stop};
pub use ids::{BodyRef, StreamId};
pub use state::State;
pub use verb::Verb;
pub use vocabulary::*;
