//! The console without a terminal: model, messages, update, effects.

pub mod cells;
