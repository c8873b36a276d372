//! `backup`: an encrypted copy with its keys and seals, or a plain copy for inspectors.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::progress::Progress;
use super::setting::Setting;
use super::{Done, desk, output};
use crate::domain::day;
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::ledger::open::OpenFile;
use crate::ledger::watch::Watch;
use crate::ledger::{backup, plain};

/// `backup`.
#[derive(Debug, Args)]
#[command(
    about = "备份（加密，含密钥和封签）；--plain 另出一份明文副本",
    after_help = "备份存在别的盘上才算备份。明文副本未加密，供检查组和其他工具查看，任何命令可用 --file 打开它。
例：
  lianneng backup -o /media/usb/廉能台备份.zip
  lianneng backup --plain -o 副本.db"
)]
pub struct Backup {
    #[arg(
        short,
        long,
        value_name = "文件",
        help = "写到哪里（不写为台账文件夹的 backups/ 里）"
    )]
    output: Option<PathBuf>,
    #[arg(long, help = "出一份未加密的副本，会再问两次")]
    plain: bool,
}

/// Runs it.
pub fn run(args: &Backup, setting: &Setting) -> Done {
    let mut file = desk::open_place(setting)?;
    let at = setting.clock().now_ms();
    let mut progress = Progress::new(if args.plain {
        "正在导出明文副本"
    } else {
        "正在备份"
    });
    let never = std::sync::atomic::AtomicBool::new(false);
    let to = match &args.output {
        Some(to) => to.clone(),
        None => beside(&file, args.plain, setting, at)?,
    };
    if args.plain {
        confirm_twice(&to)?;
        free(&to)?;
        plain::plain_copy(
            &mut file,
            &to,
            at,
            &mut Watch::new(&mut |done, all| progress.tell(done, all), &never),
        )?;
        drop(progress);
        if setting.json() {
            output::json(&json!({ "file": to, "plain": true }))?;
        } else {
            output::text(to.display().to_string())?;
            output::say("已导出明文副本：未加密，用毕请删除，不得上网、不得随意转发。");
        }
        return Ok(output::code::DONE);
    }
    let label = backup::backup(
        &mut file,
        &to,
        at,
        &mut Watch::new(&mut |done, all| progress.tell(done, all), &never),
    )?;
    drop(progress);
    if setting.json() {
        output::json(&json!({
            "file": to, "plain": false, "events": label.site_seq, "site": label.site, "head": label.head,
        }))?;
    } else {
        output::text(to.display().to_string())?;
        output::say(format!("已备份：日志 {} 条，链头 {}。", label.site_seq, label.head));
        output::say("备份里有密钥：谁拿到它谁就能打开台账，请妥善保管。");
    }
    Ok(output::code::DONE)
}

fn beside(file: &OpenFile, plain: bool, setting: &Setting, at: i64) -> Result<PathBuf, Stop> {
    let Some(paths) = &file.office else {
        return Err(output::misuse("缺少 -o", "请写明备份写到哪里。"));
    };
    if plain {
        return Err(output::misuse("--plain 缺少 -o", "请写明明文副本写到哪里。"));
    }
    crate::ledger::files::make_folder(&paths.backups(), paths.sharing())?;
    let today = day::show_day(setting.today());
    Ok(paths.backups().join(format!("backup-{today}-{at}.zip")))
}

/// A plain copy never replaces another file: what was there may be the only copy of something.
fn free(to: &Path) -> Result<(), Fault> {
    if to.exists() {
        return Err(
            Fault::new(FaultKind::World, format!("{} 已经存在", to.display())).hint("请换一个名称，或先把它移走。")
        );
    }
    Ok(())
}

/// On a terminal the person is asked twice; a script has said it with the flag.
fn confirm_twice(to: &Path) -> Result<(), Stop> {
    if !io::stdin().is_terminal() {
        output::say("注意：正在导出未加密的副本。");
        return Ok(());
    }
    let place = to.display();
    for question in [
        format!("将在 {place} 写一份未加密的副本，任何人拿到都能看到全部内容。确定吗？（输入 是）"),
        "请再确认一次：副本由你负责保管和销毁。（输入 是）".to_owned(),
    ] {
        write!(io::stderr().lock(), "{question} ").ok();
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok();
        if !matches!(answer.trim(), "是" | "y" | "yes") {
            return Err(Refusal::new("not_confirmed", "没有确认，未导出").into());
        }
    }
    Ok(())
}
