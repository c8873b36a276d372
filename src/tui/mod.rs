//! The console's face: the only room that knows ratatui and crossterm.

pub mod clear;
pub mod field;
pub mod glyph;
pub mod input;
pub mod probe;
pub mod shot;
pub mod terminal;
pub mod text;
pub mod theme;
