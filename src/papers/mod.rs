//! Office documents in and out: spreadsheets as offices really keep them, and the tables we give back.
//!
//! ```text
//! file ─► book (xlsx · xls · csv: sheets of raw cells) ─► header (column → field) ─► values (text → typed)
//!      ─► import (rows checked, names resolved, faults listed) ─► one act, submitted by the caller
//! ```
//!
//! Nothing here touches the database: names are resolved through [`lookup::Lookup`].
//! Files come from strangers, so every reader is bounded in memory and answers anything with a sentence.

pub mod book;
pub mod errors;
pub mod export;
pub mod fill;
pub mod grid;
pub mod header;
pub mod import;
pub mod lookup;
pub mod place;
pub mod report;
pub mod resolve;
pub mod sinks;
pub mod split;
pub mod template;
pub mod values;

mod amend;
mod check;
mod choices;
mod csv;
mod duplicates;
mod encoding;
mod layout;
mod names;
mod pool;
mod typing;
mod xls;
mod xlsx;

#[cfg(test)]
mod tests;
