//! The rules, pure: no SQL, no clock, no terminal, no files.

pub mod calendar;
pub mod day;
pub mod mistake;
