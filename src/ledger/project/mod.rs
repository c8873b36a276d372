//! The derived tables: what the log says, arranged for asking.
//!
//! [`rows`] says what one state puts where, [`apply`] writes the difference, [`layout`] makes the tables, [`fold`]
//! reads a stream from the log with its steps taken back. All of it can be dropped and made again.

pub mod apply;
pub mod body_key;
pub mod counter;
pub mod fold;
pub mod gram;
pub mod ids;
pub mod layout;
pub mod relayout;
pub mod rows;
pub mod search;
pub(super) mod write;

pub use apply::{Arrived, ArrivedAct, Changed, Projector, StreamRow};
pub use layout::Layout;
