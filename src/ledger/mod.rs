//! One SQLite file: the log, its projections, and what is asked of them.
