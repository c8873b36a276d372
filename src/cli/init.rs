//! `init`: a new office, without questions.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::setting::Setting;
use super::{Done, desk, output};
use crate::ledger::entropy::Entropy;
use crate::ledger::files::Sharing;
use crate::ledger::office::Office;
use crate::ledger::open::NewOffice;
use crate::ledger::paths::OfficePaths;
use crate::ledger::site::Class;

/// `init`.
#[derive(Debug, Args)]
#[command(
    about = "建立台账（不提问，供脚本使用）",
    after_help = "建立后机构席位空缺，政策、日历和台账样式按随程序附带的启用。
例：
  lianneng init --data D
  lianneng init --site XY --shared /srv/lianneng     供同组几个人合用
  lianneng init --rehearsal --data 演练"
)]
pub struct Init {
    #[arg(long, help = "演练用：可以用 --now 定时钟，数据不会被其他单位接收")]
    rehearsal: bool,
    #[arg(
        long,
        value_name = "代号",
        help = "编号中的站点代号，2–6 个大写字母或数字（不写为 XY）"
    )]
    site: Option<String>,
    #[arg(long, value_name = "共享文件夹", help = "建在这个文件夹，并供其用户组共用")]
    shared: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Init, setting: &Setting) -> Done {
    let (paths, sharing) = match &args.shared {
        Some(_) if setting.global.data.is_some() => {
            return Err(output::misuse(
                "--shared 与 --data 只能写一个",
                "共享文件夹直接写在 --shared 后面。",
            ));
        }
        Some(folder) => (OfficePaths::new(folder), Sharing::Group),
        None => (setting.folder()?, Sharing::Owner),
    };
    if setting.global.file.is_some() {
        return Err(output::misuse("init 不能用 --file", "请用 --data 指定文件夹。"));
    }
    if setting.now.is_some() && !args.rehearsal {
        return Err(desk::no_clock());
    }
    let class = if args.rehearsal {
        Class::Rehearsal
    } else {
        Class::Office
    };
    let letters = args.site.as_deref().unwrap_or("XY");
    let new = NewOffice {
        class,
        letters,
        sharing,
    };
    let office = Office::init(&paths, &new, setting.clock(), Entropy::System)?;
    let file = paths.ledger();
    if setting.json() {
        let class = class.id();
        output::json(&json!({ "data": paths.folder, "file": file, "class": class, "site": office.letters() }))?;
    } else {
        output::text(file.display().to_string())?;
        output::say(format!("已建立台账，站点代号 {}。", office.letters()));
        output::say("密钥在 office.keys，与台账在同一文件夹：两者缺一不可，请一起备份（lianneng backup）。");
        output::say("下一步：lianneng import 风险点 一览表.xlsx --create-missing，或直接运行 lianneng。");
    }
    Ok(output::code::DONE)
}
