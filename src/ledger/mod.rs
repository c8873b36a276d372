//! One SQLite file: the log, its projections, and what is asked of them.

pub mod chain;
pub mod clock;
pub mod entropy;
pub mod hex;
