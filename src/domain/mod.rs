//! The rules, pure: no SQL, no clock, no terminal, no files.

pub mod day;
pub mod mistake;
