//! `restore`: an office from a backup; what was in place is kept aside.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::progress::Progress;
use super::setting::Setting;
use super::{Done, output};
use crate::ledger::restore;
use crate::ledger::watch::Watch;

/// `restore`.
#[derive(Debug, Args)]
#[command(
    about = "用备份恢复台账；原有文件移到一旁，不删除",
    after_help = "先校验备份，通过后才动现有文件。恢复后另立站点接着记。
例：
  lianneng restore /media/usb/廉能台备份.zip
  lianneng restore 备份.zip --data 新文件夹"
)]
pub struct Restore {
    #[arg(value_name = "备份文件", help_heading = "参数", help = "lianneng backup 写出的 zip")]
    backup: PathBuf,
}

/// Runs it.
pub fn run(args: &Restore, setting: &Setting) -> Done {
    if setting.global.file.is_some() {
        return Err(output::misuse(
            "restore 不能用 --file",
            "请用 --data 指定恢复到哪个文件夹。",
        ));
    }
    let paths = setting.folder()?;
    let mut progress = Progress::new("正在恢复");
    let never = std::sync::atomic::AtomicBool::new(false);
    let mut tell = |done, all| progress.tell(done, all);
    let restored = restore::restore(
        &args.backup,
        &paths,
        &setting.clock(),
        &mut Watch::new(&mut tell, &never),
    )?;
    drop(progress);
    let file = paths.ledger();
    if setting.json() {
        output::json(&json!({
            "file": file, "events": restored.label.site_seq, "head": restored.label.head, "aside": restored.aside,
        }))?;
        return Ok(output::code::DONE);
    }
    output::text(file.display().to_string())?;
    output::say(format!("已恢复：备份中的日志到第 {} 条。", restored.label.site_seq));
    if let Some(aside) = restored.aside {
        output::say(format!("原有文件移到 {}，确认无误后可自行处理。", aside.display()));
    }
    Ok(output::code::DONE)
}
