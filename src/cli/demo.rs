//! `demo`: the sample district, then the console.

use std::fs;
use std::path::Path;

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::progress::Progress;
use super::setting::{Setting, default_folder};
use super::{Done, console, output};
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::ledger::access_mode::require_space;
use crate::ledger::files;
use crate::ledger::open::open;
use crate::ledger::paths::{OfficePaths, shm_of, wal_of};
use crate::ledger::site::{self, Class};
use crate::sample::demo::make;
use crate::sample::{NOTE, Order};

/// `demo`.
#[derive(Debug, Args)]
#[command(
    about = "打开示例区台账（没有就先建立），不用任何准备",
    after_help = "示例区的单位、人员和事项均为虚构。写了 --data 就建在那个文件夹（可以是空文件夹），
不写则建在默认文件夹下的 demo/。已有示例则接着用；正式台账所在的文件夹一律不动。
例：
  lianneng demo
  lianneng demo --no-console --data D
  lianneng demo --fresh --seed 7 --now 2026-11-23T09:00:00+08:00 --data D"
)]
pub struct Demo {
    #[arg(long, help = "丢掉原来的示例，重新建立")]
    fresh: bool,
    #[arg(
        long,
        value_name = "种子",
        default_value_t = 1,
        help = "种子和 --now 相同，日志逐字节相同（不写为 1）"
    )]
    seed: u64,
    #[arg(
        long,
        value_name = "倍数",
        default_value_t = 1,
        help = "风险点和措施建多少倍（590 约为一百万个风险点）"
    )]
    scale: usize,
    #[arg(long, help = "只建立，不打开控制台")]
    no_console: bool,
}

/// The unfinished sample: a demo that was broken off is never taken for a whole one.
const BUILDING: &str = "building";

/// Runs it.
pub fn run(args: &Demo, setting: &Setting) -> Done {
    if setting.global.file.is_some() {
        return Err(output::misuse("demo 不能用 --file", "请用 --data 指定文件夹。"));
    }
    if args.scale == 0 {
        return Err(output::misuse("--scale 至少为 1", ""));
    }
    if !args.no_console {
        // Before the building, not after it.
        console::run::require_terminal()?;
    }
    match setting.given_folder() {
        Some(folder) => run_in(&OfficePaths::new(folder), args, setting),
        None => usual_place(args, setting),
    }
}

/// The sample as without any flag, in its usual place.
pub fn usual(setting: &Setting) -> Done {
    let args = Demo {
        fresh: false,
        seed: 1,
        scale: 1,
        no_console: false,
    };
    usual_place(&args, setting)
}

fn usual_place(args: &Demo, setting: &Setting) -> Done {
    let paths = OfficePaths::new(default_folder()?.join("demo"));
    if !args.no_console {
        output::say(format!("示例台账在 {}。", paths.folder.display()));
    }
    run_in(&paths, args, setting)
}

fn run_in(paths: &OfficePaths, args: &Demo, setting: &Setting) -> Done {
    let there = there(paths, setting)?;
    if !there || args.fresh {
        build(paths, args, setting)?;
    }
    let built = !there || args.fresh;
    if args.no_console {
        return tell(paths, args, built, setting);
    }
    let mut global = setting.global.clone();
    global.data = Some(paths.folder.clone());
    console::run::console(Desk::open(&Setting { global, ..*setting })?)
}

fn tell(paths: &OfficePaths, args: &Demo, built: bool, setting: &Setting) -> Done {
    if setting.json() {
        output::json(&json!({
            "data": paths.folder, "file": paths.ledger(), "class": Class::Rehearsal.id(), "built": built,
            "seed": args.seed, "scale": args.scale,
        }))?;
    } else {
        output::text(paths.folder.display().to_string())?;
        output::say(if built {
            "示例台账已建立。"
        } else {
            "示例台账已经在，重建用 --fresh。"
        });
        output::say(format!("{NOTE}。"));
    }
    Ok(output::code::DONE)
}

/// Whether a sample is there already. Anything else in the folder is left alone and refused.
fn there(paths: &OfficePaths, setting: &Setting) -> Result<bool, Stop> {
    let place = paths.folder.display();
    if paths.ledger().exists() {
        return match site::class(&open(paths, &setting.clock())?.conn)? {
            Class::Rehearsal => Ok(true),
            Class::Office => Err(
                Refusal::new("office_file", format!("{place} 里是正式台账，demo 不动它"))
                    .hint("请用 --data 另指定一个空文件夹，或不写 --data。")
                    .into(),
            ),
        };
    }
    let empty = fs::read_dir(&paths.folder).map_or(true, |mut entries| entries.next().is_none());
    if empty || paths.folder.join(BUILDING).exists() {
        return Ok(false);
    }
    Err(
        Refusal::new("not_empty", format!("{place} 不是空文件夹，也没有示例台账"))
            .hint("请用 --data 另指定一个空文件夹。")
            .into(),
    )
}

fn build(paths: &OfficePaths, args: &Demo, setting: &Setting) -> Result<(), Stop> {
    /// About what one district takes.
    const BYTES: u64 = 16 << 20;
    let order = Order {
        now_ms: setting.clock().now_ms(),
        seed: args.seed,
        scale: args.scale,
    };
    let building = OfficePaths::new(paths.folder.join(BUILDING));
    require_space(&paths.folder, BYTES.saturating_mul(args.scale as u64))?;
    discard(&building.folder)?;
    files::make_folder(&paths.folder, paths.sharing())?;
    let mut progress = Progress::new("正在建立示例台账");
    let made = make(&building, order, &mut |done, all| {
        progress.tell(done as u64, all as u64)
    });
    drop(progress);
    let mut office = made?;
    office.catch_up()?;
    // Closed before it is moved: its write-ahead log is then part of the file.
    drop(office);
    put_in_place(&building, paths)
}

/// Moves a whole sample into its folder, the ledger last: it is what says that the rest is there.
fn put_in_place(from: &OfficePaths, to: &OfficePaths) -> Result<(), Stop> {
    let old = [
        to.ledger(),
        wal_of(&to.ledger()),
        shm_of(&to.ledger()),
        to.keys(),
        to.mark(),
        to.seals(),
    ];
    for path in old.iter().filter(|path| path.exists()) {
        fs::remove_file(path).map_err(|error| trouble("删除", path, &error))?;
    }
    let moves = [
        (from.keys(), to.keys()),
        (from.mark(), to.mark()),
        (from.seals(), to.seals()),
        (wal_of(&from.ledger()), wal_of(&to.ledger())),
        (from.ledger(), to.ledger()),
    ];
    for (one, other) in moves.iter().filter(|(one, _)| one.exists()) {
        files::rename(one, other)?;
    }
    discard(&from.folder)
}

fn discard(folder: &Path) -> Result<(), Stop> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| trouble("清理", folder, &error))?;
    }
    Ok(())
}

fn trouble(doing: &str, path: &Path, error: &std::io::Error) -> Stop {
    Fault::new(FaultKind::World, format!("{doing} {} 失败：{error}", path.display()))
        .hint("请检查权限和磁盘。")
        .into()
}
