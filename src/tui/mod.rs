//! The console's face: the only room that knows ratatui and crossterm.
