//! `verify`: proves that nobody touched the log, or names the first place where somebody did.

use clap::Args;

use super::progress::Progress;
use super::setting::{Place, Setting};
use super::{Done, desk, output};
use crate::domain::fault::{FaultKind, Stop};
use crate::ledger::check_tables::check_tables;
use crate::ledger::hex;
use crate::ledger::verify::{Options, Verdict, explain, verify};
use crate::ledger::watch::Watch;

/// `verify`.
#[derive(Debug, Args)]
#[command(
    about = "校验日志：每条记录的哈希、签名、页面和各表",
    after_help = "文件损坏或日志不符时退出码为 3，并指出第一处。
例：
  lianneng verify
  lianneng verify --log-only
  lianneng verify --head 8c1297025b11…        与抄存在别处的链头比对"
)]
pub struct Verify {
    #[arg(long, help = "只校验日志和封签，不查页面和各表")]
    log_only: bool,
    #[arg(
        long,
        value_name = "链头",
        help = "抄存在别处的链头（64 位十六进制），日志中必须有它"
    )]
    head: Option<String>,
}

/// Runs it.
pub fn run(args: &Verify, setting: &Setting) -> Done {
    let head = args.head.as_deref().map(read_head).transpose()?;
    let verdict = judge(args.log_only, head, setting)?;
    if setting.json() {
        output::json(&verdict)?;
    } else {
        show(&verdict)?;
    }
    Ok(if verdict.ok {
        output::code::DONE
    } else {
        output::code::DAMAGED
    })
}

fn judge(log_only: bool, head: Option<[u8; 32]>, setting: &Setting) -> Result<Verdict, Stop> {
    let mut progress = Progress::new("正在校验");
    let never = std::sync::atomic::AtomicBool::new(false);
    let mut tell = |done, total| progress.tell(done, total);
    let mut watch = Watch::new(&mut tell, &never);
    match desk::open_place(setting) {
        Ok(file) => {
            let mut tables = |_: &_, watch: &mut Watch| check_tables(&file, watch);
            let options = Options {
                log_only,
                head,
                tables: Some(&mut tables),
            };
            Ok(verify(&file, options, &mut watch)?)
        }
        Err(Stop::Failed(fault)) if fault.kind == FaultKind::Damaged => {
            let (path, keys) = match setting.place()? {
                Place::Folder(paths) => (paths.ledger(), paths.keys()),
                Place::File(path) => (path.clone(), path.with_extension("keys")),
            };
            Ok(explain(&path, &keys, fault)?)
        }
        Err(stop) => Err(stop),
    }
}

fn show(verdict: &Verdict) -> Result<(), Stop> {
    if verdict.ok {
        let head = verdict.head.as_deref().unwrap_or("-");
        return output::text(format!("日志完好：{} 条，链头 {head}", verdict.events));
    }
    let place = verdict.first_bad.as_ref().and_then(|bad| bad.seq);
    match place {
        Some(seq) => output::text(format!("第一处有误：第 {seq} 条"))?,
        None => output::text("台账有误")?,
    }
    for problem in &verdict.problems {
        output::text(format!("  {problem}"))?;
    }
    let only_tables = verdict
        .problems
        .iter()
        .all(|problem| problem.contains("表 ") && place.is_none());
    output::say(if only_tables {
        "日志完好，不符的是由日志生成的表：lianneng rebuild 可重建。请查明是谁改的。"
    } else {
        "请停止办理，保留现有文件，用最近一份能通过校验的备份恢复（lianneng restore）。"
    });
    Ok(())
}

fn read_head(text: &str) -> Result<[u8; 32], Stop> {
    hex::decode(&text.to_ascii_lowercase()).ok_or_else(|| {
        output::misuse(
            format!("--head：“{text}”不是链头"),
            "链头是 64 位十六进制数字，见 verify 的结果。",
        )
    })
}
