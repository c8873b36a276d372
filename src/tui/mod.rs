//! The console's face: the only room that knows ratatui and crossterm.

mod bar;
pub mod burst;
mod card;
pub mod clear;
mod dialog_form;
mod dialog_list;
pub mod field;
pub mod glyph;
pub mod input;
mod pages;
mod parts;
pub mod probe;
mod roll;
pub mod run;
pub mod screen;
pub mod shot;
mod tables;
pub mod terminal;
pub mod text;
pub mod theme;
mod triage;
mod unit_view;
pub mod view;
#[cfg(windows)]
mod windows;
