//! The console without a terminal: model, messages, update, effects.

pub mod cells;
pub mod edit;
pub mod key;
pub mod role;
