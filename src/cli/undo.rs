//! `undo` and `redo`: one's own last act of today, back and forth.

use clap::Args;

use super::desk::Desk;
use super::setting::Setting;
use super::{Done, receipt};

/// `undo`.
#[derive(Debug, Args)]
#[command(
    about = "撤回本人今天的最后一次办理",
    after_help = "再次撤回则再往前一次；有编了文号、送达、正式打印或被后续办理所依据的，改用 do revert。
例：
  lianneng undo"
)]
pub struct Undo {}

/// `redo`.
#[derive(Debug, Args)]
#[command(
    about = "重做刚才撤回的办理",
    after_help = "例：
  lianneng redo"
)]
pub struct Redo {}

/// Runs `undo`.
pub fn undo(_args: &Undo, setting: &Setting) -> Done {
    let mut desk = Desk::open(setting)?;
    let done = desk.office.undo(&desk.operator)?;
    let shown = receipt::show(&done, "已撤回", &desk, setting);
    desk.leave();
    shown
}

/// Runs `redo`.
pub fn redo(_args: &Redo, setting: &Setting) -> Done {
    let mut desk = Desk::open(setting)?;
    let done = desk.office.redo(&desk.operator)?;
    let shown = receipt::show(&done, "已重做", &desk, setting);
    desk.leave();
    shown
}
