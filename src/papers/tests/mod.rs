//! Stories of sheets: what an office sends, what comes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod amending;
mod faults;
mod laws;
mod office;
mod out;
mod registers;
