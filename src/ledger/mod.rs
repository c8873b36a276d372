//! One SQLite file: the log, its projections, and what is asked of them.
//!
//! The log's half: [`open`] finds, refuses, creates; [`append`] is the only writer of events; [`chain`] is the
//! hash recipe; [`site`] and [`mark`] tell a copy from the original.

pub mod access_mode;
pub mod append;
pub mod chain;
pub mod clock;
pub mod connect;
pub mod entropy;
pub mod files;
pub mod hex;
pub mod keys;
pub mod mark;
pub mod meta;
pub mod migrate;
pub mod network;
pub mod open;
pub mod paths;
pub mod refuse;
pub mod site;
#[cfg(test)]
mod test_support;
pub mod trouble;
