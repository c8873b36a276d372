//! 廉能台 (lianneng): the case-management console of the 风险岗位廉能管理「四四五」模式.
//!
//! An act (what a person asks) enters through one door, [`ledger`]'s `submit`; [`domain`] decides, purely;
//! events (what happened) are appended to a hash-chained log and projected onto tables in one transaction.
//! [`sample`] draws an invented district and sends it through the same door.
//! See `ARCHITECTURE.md` for the map.

pub mod app;
pub mod cli;
pub mod domain;
pub mod ledger;
pub mod papers;
pub mod sample;
pub mod tui;
