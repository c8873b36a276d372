//! `rebuild`: every table made again from the log.

use std::sync::atomic::AtomicBool;

use clap::Args;

use super::output::{self, Table};
use super::progress::Progress;
use super::setting::Setting;
use super::{Done, desk};
use crate::ledger::watch::Watch;

/// `rebuild`.
#[derive(Debug, Args)]
#[command(
    about = "由日志重建各表，并说明改动了多少行（正常为 0）",
    after_help = "例：
  lianneng rebuild"
)]
pub struct Rebuild {}

/// Runs it.
pub fn run(_args: &Rebuild, setting: &Setting) -> Done {
    let mut office = desk::open_office(setting)?;
    let mut progress = Progress::new("正在重建");
    let never = AtomicBool::new(false);
    let rebuilt = office.rebuild(&mut Watch::new(&mut |done, all| progress.tell(done, all), &never))?;
    drop(progress);
    if setting.json() {
        output::json(&rebuilt)?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["表", "行数", "改动"]);
    for one in &rebuilt.tables {
        table.row([one.name.clone(), one.rows.to_string(), one.changed.to_string()]);
    }
    table.print()?;
    output::say(if rebuilt.unchanged() {
        "已重建，各表与原来相同。"
    } else {
        "已重建，各表以日志为准；原来与日志不符的行数见“改动”。"
    });
    Ok(output::code::DONE)
}
