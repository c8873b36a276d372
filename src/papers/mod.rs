//! Office documents in and out: spreadsheets as offices really keep them, and the tables we give back.
//!
//! ```text
//! file ─► book (xlsx · xls · ods · csv: sheets of raw cells) ─► header (column → field) ─► values (text → typed)
//!      ─► import (rows checked, names resolved, faults listed) ─► one act, submitted by the caller
//! ```
//!
//! Nothing here touches the database: names are resolved through [`import::Lookup`].
//! Files come from strangers, so every reader is bounded in memory and answers anything with a sentence.

pub mod book;
pub mod encoding;
pub mod errors;
pub mod export;
pub mod grid;
pub mod import;
pub mod memory;
pub mod roll;
pub mod survey;
pub mod template;

mod amend;
mod check;
mod choices;
mod csv;
mod duplicates;
mod fill;
mod header;
mod layout;
mod lookup;
mod names;
mod ods;
mod package;
pub mod place;
mod pool;
mod report;
mod resolve;
mod sinks;
mod split;
mod stated;
mod typing;
mod unit_name;
mod values;
mod xls;
mod xlsx;

#[cfg(test)]
mod tests;
