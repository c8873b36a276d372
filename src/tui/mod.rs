//! The console's face: the only room that knows ratatui and crossterm.

pub mod clear;
pub mod glyph;
pub mod shot;
pub mod text;
