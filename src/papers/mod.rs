//! Office documents in and out: spreadsheets as offices really keep them, and the tables we give back.
//!
//! ```text
//! file ─► grid (xlsx · xls · csv: sheets of raw cells) ─► header (column → field) ─► values (text → typed)
//!      ─► import (rows checked, names resolved, faults listed) ─► one act, submitted by the caller
//! ```
//!
//! Nothing here touches the database: names are resolved through [`import::Lookup`].
//! Files come from strangers, so every reader is bounded in memory and answers anything with a sentence.

pub mod grid;

mod csv;
mod encoding;
mod pool;
mod xls;
mod xlsx;
