//! One SQLite file: the log, its projections, and what is asked of them.
//!
//! The log's half: [`open`] finds, refuses, creates; [`append`] is the only writer of events; [`chain`] is the
//! hash recipe; [`read_log`] reads and [`verify`] proves; [`seal`], [`mark`] and [`site`] tell a copy from the
//! original; [`backup`], [`restore`] and [`plain`] make copies.

pub mod about;
pub mod access_mode;
pub mod append;
pub mod attachments;
#[cfg(test)]
mod availability_tests;
pub mod backup;
pub mod chain;
pub mod check_tables;
pub mod clock;
pub mod connect;
pub mod date;
pub mod drafts;
pub mod entropy;
pub mod erase;
pub mod erased;
pub mod files;
pub mod hex;
pub mod hidden;
pub mod keeper;
pub mod keys;
pub mod known;
pub mod log_json;
pub mod look;
pub mod maintain;
pub mod mark;
pub mod meta;
pub mod migrate;
pub mod network;
pub mod office;
pub mod open;
pub mod paths;
pub mod plain;
pub mod project;
pub mod purge;
pub mod query;
#[cfg(test)]
mod random_acts;
pub mod read_log;
pub mod rebuild;
pub mod receipt;
pub mod refuse;
pub mod remembered;
pub mod restore;
pub mod revert;
#[cfg(test)]
mod room;
pub mod rows;
pub mod seal;
pub mod session;
pub mod site;
pub mod sources;
pub mod submit;
#[cfg(test)]
mod test_support;
pub mod texts;
pub mod time;
pub mod trouble;
pub mod undo;
pub mod verify;
pub mod watch;
pub mod world;
