//! `attachment`: the files on a matter's steps, written out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::misuse;
use super::setting::Setting;
use super::{Done, output};
use crate::domain::attachment::{Attached, bad_name};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::ledger::files::{self, Sharing};

/// `attachment`.
#[derive(Debug, Args)]
#[command(
    about = "把附件写出到文件夹",
    after_help = "附件用 do 步骤 编号 --attach 文件 附上，存在加密的台账里。写出的是明文，用毕请删除。
例：
  lianneng attachment YJ-XY-2026-0031 -o 附件
  lianneng attachment 9f86d081884c -o 附件"
)]
pub struct Attachment {
    #[arg(
        value_name = "编号",
        help_heading = "参数",
        help = "事项编号，或附件摘要（SHA-256）的前 8 位以上"
    )]
    what: String,
    #[arg(
        short,
        long,
        value_name = "文件夹",
        required = true,
        help = "写到哪个文件夹，没有则建立"
    )]
    output: PathBuf,
}

/// Runs it. Nothing is written unless everything can be, and nothing is overwritten.
pub fn run(args: &Attachment, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let found = look.reader.attachments(&args.what)?;
    let folder = &args.output;
    if folder.exists() && !folder.is_dir() {
        return Err(misuse(format!("{} 不是文件夹", folder.display()), "请写一个文件夹。"));
    }
    let places = places(&found, folder, Taken::Refused)?;
    std::fs::create_dir_all(folder).map_err(|error| {
        Fault::new(
            FaultKind::World,
            format!("建立文件夹 {} 失败：{error}", folder.display()),
        )
        .hint("请换一个位置。")
    })?;
    for (file, place) in found.iter().zip(&places) {
        let bytes = look.reader.attachment_bytes(file)?;
        files::replace(place, &bytes, Sharing::Owner)?;
    }
    if setting.json() {
        let one = |(file, place): (&Attached, &PathBuf)| json!({ "name": file.name, "size": file.size, "sha256": file.sha256, "file": place });
        output::json(&json!({ "files": found.iter().zip(&places).map(one).collect::<Vec<_>>() }))?;
    } else {
        for place in &places {
            output::text(place.display().to_string())?;
        }
        output::say(format!("已写出附件 {} 个，未加密，用毕请删除。", places.len()));
    }
    Ok(output::code::DONE)
}

/// What becomes of a file whose name is taken in the folder already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing is written at all.
    Refused,
    /// It gets a number after its name.
    Numbered,
}

/// Where each goes. A name that would lead out of the folder can only come from a file made elsewhere: refused.
///
/// # Errors
/// A bad name; a name that is taken, where that is refused.
pub fn places(found: &[Attached], folder: &Path, if_taken: Taken) -> Result<Vec<PathBuf>, Stop> {
    let mut taken = HashSet::new();
    let mut places = Vec::with_capacity(found.len());
    for file in found {
        if let Some(why) = bad_name(&file.name) {
            let reason = format!("附件名“{}”{why}，没有写出", file.name.escape_debug());
            return Err(Refusal::new("wrong_attachment", reason)
                .hint("这个名称不是本程序写下的，请先运行 lianneng verify")
                .into());
        }
        let (stem, ending) = match file.name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
            _ => (file.name.as_str(), String::new()),
        };
        let numbered = (2..).map(|n| format!("{stem} ({n}){ending}"));
        let mut names = std::iter::once(file.name.clone()).chain(numbered);
        // Two files of one name go side by side, also where the disk takes capitals for small letters.
        let free = |name: &String| {
            let there = if_taken == Taken::Numbered && folder.join(name).exists();
            !there && taken.insert(name.to_lowercase())
        };
        let Some(name) = names.find(free) else {
            continue;
        };
        let place = folder.join(name);
        if place.exists() {
            return Err(Fault::new(FaultKind::World, format!("{} 已经存在", place.display()))
                .hint("请换一个文件夹，或先把它移走。")
                .into());
        }
        places.push(place);
    }
    Ok(places)
}
