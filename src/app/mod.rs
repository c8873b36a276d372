//! The console without a terminal: model, messages, update, effects.

pub mod actions;
pub mod cells;
pub mod detail;
pub mod edit;
pub mod find;
pub mod form;
pub mod form_keys;
pub mod forms;
pub mod key;
pub mod layout;
pub mod list;
pub mod menu;
pub mod model;
pub mod msg;
pub mod nav;
pub use on_key::menu_height as on_key_menu_height;
mod on_key;
mod on_pane;
mod on_reply;
pub mod pane;
pub mod role;
pub mod show;
pub mod slots;
pub mod store;
pub mod update;
pub mod worker;
