//! Spreadsheets in and out, from the outside: files made elsewhere, messy ones, hostile ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod grid;
mod hostile;
mod support;
