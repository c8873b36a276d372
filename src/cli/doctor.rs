//! `doctor`: what may go wrong here, and what to do about it.

use std::path::Path;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::Done;
use super::output::{self, Table};
use super::progress::Progress;
use super::setting::{Place, Setting};
use crate::domain::calendar::{self, Calendar};
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::ledger::access_mode::{Access, free_space};
use crate::ledger::drafts::{Broken, Drafts};
use crate::ledger::open::{OpenFile, open, open_file};
use crate::ledger::paths::{OfficePaths, wal_of};
use crate::ledger::refuse::Form;
use crate::ledger::texts::Texts;
use crate::ledger::verify::{Options, verify};
use crate::ledger::watch::Watch;
use crate::ledger::{about, network, site, sources};

/// `doctor`.
#[derive(Debug, Args)]
#[command(
    about = "检查文件、权限、磁盘、日历、备份和日志，并说明怎么办",
    after_help = "例：
  lianneng doctor
  lianneng doctor --data D --json"
)]
pub struct Doctor {}

/// Less free space than this is worth a word, in MB.
const LOW_DISK: u64 = 1024;
/// A backup older than this many days is worth a word.
const OLD_BACKUP: i64 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Ok,
    Warn,
    Bad,
}

impl Status {
    fn label(self) -> &'static str {
        match self {
            Self::Ok => "正常",
            Self::Warn => "注意",
            Self::Bad => "有误",
        }
    }
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    label: &'static str,
    status: Status,
    finding: String,
    advice: String,
}

/// What was found so far, and the exit code the worst of it asks for.
#[derive(Default)]
struct Report {
    findings: Vec<Finding>,
    code: u8,
}

impl Report {
    fn ok(&mut self, check: &'static str, label: &'static str, finding: impl Into<String>) {
        self.add(check, label, Status::Ok, finding.into(), String::new());
    }

    fn warn(
        &mut self,
        check: &'static str,
        label: &'static str,
        finding: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(check, label, Status::Warn, finding.into(), advice.into());
    }

    fn bad(&mut self, check: &'static str, label: &'static str, fault: Fault) {
        self.code = self.code.max(output::code_of(&Stop::Failed(fault.clone())));
        self.add(check, label, Status::Bad, fault.reason, fault.hint);
    }

    fn add(&mut self, check: &'static str, label: &'static str, status: Status, finding: String, advice: String) {
        self.findings.push(Finding {
            check,
            label,
            status,
            finding,
            advice,
        });
    }
}

/// Runs it.
pub fn run(_args: &Doctor, setting: &Setting) -> Done {
    let mut report = Report::default();
    let place = setting.place()?;
    let path = match &place {
        Place::Folder(paths) => paths.ledger(),
        Place::File(path) => path.clone(),
    };
    match network::refuse(&path) {
        Ok(()) => report.ok("network", "网络盘", "在本机磁盘上"),
        Err(fault) => report.bad("network", "网络盘", fault),
    }
    disk(&path, &mut report);
    let file = look(&place, &path, setting, &mut report);
    if let Place::Folder(paths) = &place
        && path.exists()
    {
        permissions(paths, &mut report);
        backups(paths, setting.today(), &mut report);
    }
    if let Some(file) = &file {
        log(file, &mut report);
        keeper(file, &mut report);
    }
    versions(file.as_ref(), &mut report);
    let texts = match file.as_ref().map(|file| Texts::from_log(&file.conn)) {
        Some(Ok(texts)) => Some(texts),
        Some(Err(fault)) => {
            report.bad("texts", "已启用的政策", fault);
            None
        }
        None => None,
    };
    if let (Place::Folder(paths), Some(texts)) = (&place, &texts) {
        drafts(paths, texts, &mut report);
    }
    let calendar = texts.map(|texts| texts.calendar);
    let shipped = || Calendar::parse(calendar::shipped()).unwrap_or_default();
    days(&calendar.unwrap_or_else(shipped), setting.today(), &mut report);
    show(&report, setting)
}

fn show(report: &Report, setting: &Setting) -> Done {
    if setting.json() {
        output::json(&json!({ "ok": report.code == 0, "checks": report.findings }))?;
        return Ok(report.code);
    }
    let mut table = Table::new(["检查", "结果", "情况"]).whole();
    for finding in &report.findings {
        table.row([finding.label, finding.status.label(), &finding.finding]);
        if !finding.advice.is_empty() {
            table.row(["", "", &format!("→ {}", finding.advice)]);
        }
    }
    table.print()?;
    Ok(report.code)
}

/// Opens the file, which is the best proof that it can be opened.
fn look(place: &Place, path: &Path, setting: &Setting, report: &mut Report) -> Option<OpenFile> {
    if !path.exists() {
        let hint = "请运行 lianneng init 建立台账，或用 --data 指定台账所在的文件夹；先看示例用 lianneng demo。";
        report.warn("file", "台账文件", format!("还没有台账：{}", path.display()), hint);
        return None;
    }
    let opened = match place {
        Place::Folder(paths) => open(paths, &setting.clock()),
        Place::File(path) => open_file(path, &setting.clock()),
    };
    match opened {
        Ok(file) => {
            report.ok("file", "台账文件", described(&file));
            if let Access::ReadOnly(why) = &file.access
                && matches!(place, Place::Folder(_))
            {
                report.warn("access", "读写", why.clone(), "请取得写权限；只查看不受影响。");
            }
            if file.new_site {
                let finding = "文件是从别处复制来的，已另立站点接着记";
                report.warn("site", "站点", finding, "如原文件还在用，请不要两边同时办理。");
            }
            Some(file)
        }
        Err(fault) => {
            report.bad("file", "台账文件", fault);
            None
        }
    }
}

fn described(file: &OpenFile) -> String {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.len()) >> 10;
    let form = if file.form == Form::Plain {
        "明文副本"
    } else {
        "已加密"
    };
    let class = match site::class(&file.conn) {
        Ok(site::Class::Rehearsal) => "，演练",
        _ => "",
    };
    let (own, wal) = (size(&file.path), size(&wal_of(&file.path)));
    format!("{}（{form}{class}，{own} KB，待写回 {wal} KB）", file.path.display())
}

/// The log's chain and seals; pages and tables are `verify`'s business.
fn log(file: &OpenFile, report: &mut Report) {
    let options = Options {
        log_only: true,
        ..Options::default()
    };
    let mut progress = Progress::new("正在校验日志");
    let never = std::sync::atomic::AtomicBool::new(false);
    let mut tell = |done, total| progress.tell(done, total);
    match verify(file, options, &mut Watch::new(&mut tell, &never)) {
        Ok(verdict) if verdict.ok => report.ok("log", "日志", format!("{} 条，完好", verdict.events)),
        Ok(verdict) => {
            let reason = verdict.problems.join("；");
            let hint = "请停止办理，运行 lianneng verify 查看，用能通过校验的备份恢复。";
            report.bad("log", "日志", Fault::new(FaultKind::Damaged, reason).hint(hint));
        }
        Err(fault) => report.bad("log", "日志", fault),
    }
}

/// Whether the keeper's key beside the file opens the sources sealed in it, by fingerprints alone.
fn keeper(file: &OpenFile, report: &mut Report) {
    let found = match sources::keepers(file) {
        Ok(found) => found,
        Err(fault) => return report.bad("keeper", "保管人钥匙", fault),
    };
    let own = match (&found.own, found.others.is_empty()) {
        (Some(own), true) if found.opened > 0 => {
            let finding = format!("钥匙 {own} 能打开全部 {} 份来源信息", found.opened);
            return report.ok("keeper", "保管人钥匙", finding);
        }
        (_, true) => return report.ok("keeper", "保管人钥匙", "还没有密封的来源信息"),
        (None, false) => "这里没有保管人钥匙".to_owned(),
        (Some(own), false) => format!("这里的钥匙 {own} 打不开"),
    };
    let others = found
        .others
        .iter()
        .map(|(key, count)| format!("{count} 份密封给钥匙 {key}"));
    let finding = format!("来源信息有 {}，{own}", others.collect::<Vec<_>>().join("、"));
    if file.office.is_none() {
        let advice = "单独打开的文件不带保管人钥匙，属正常；看来源请用 --data 打开台账所在的文件夹。";
        return report.warn("keeper", "保管人钥匙", finding, advice);
    }
    let advice = "请从登记这些来源时所做的备份里取出 office.keys，核对无误后换回本文件夹（先留存现在这份）；\
                  找不到的，这些来源谁也打不开，其他办理不受影响。";
    report.warn("keeper", "保管人钥匙", finding, advice);
}

fn disk(path: &Path, report: &mut Report) {
    let size = std::fs::metadata(path).map_or(0, |found| found.len());
    let Some(free) = free_space(path) else { return };
    // Backups and upgrades need as much again, twice.
    let needed = (size * 3).max(LOW_DISK << 20);
    let finding = format!("剩余 {} MB", free >> 20);
    if free < needed {
        report.warn(
            "disk",
            "磁盘空间",
            finding,
            format!("请腾出空间：备份和升级约需 {} MB。", needed >> 20),
        );
    } else {
        report.ok("disk", "磁盘空间", finding);
    }
}

#[cfg(unix)]
fn permissions(paths: &OfficePaths, report: &mut Report) {
    use crate::ledger::files::Sharing;
    use std::os::unix::fs::PermissionsExt;
    let open_to = |path: &Path| {
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
        let others = if paths.sharing() == Sharing::Group {
            0o007
        } else {
            0o077
        };
        (mode & others != 0).then(|| format!("{}（{mode:o}）", path.display()))
    };
    let open: Vec<String> = [paths.ledger(), paths.keys(), paths.backups()]
        .iter()
        .filter_map(|path| open_to(path))
        .collect();
    if open.is_empty() {
        report.ok(
            "permissions",
            "文件权限",
            if paths.sharing() == Sharing::Group {
                "本组可用"
            } else {
                "只有本人可用"
            },
        );
    } else {
        let advice = "请收回他人权限：chmod -R go-rwx 该文件夹（共享文件夹用 o-rwx）。";
        report.warn(
            "permissions",
            "文件权限",
            format!("他人可读：{}", open.join("、")),
            advice,
        );
    }
}

#[cfg(not(unix))]
fn permissions(_paths: &OfficePaths, _report: &mut Report) {}

fn versions(file: Option<&OpenFile>, report: &mut Report) {
    let cipher = file
        .map(|file| about::cipher_version(&file.conn))
        .filter(|version| !version.is_empty());
    let cipher = cipher
        .map(|version| format!("，SQLCipher {version}"))
        .unwrap_or_default();
    let own = env!("CARGO_PKG_VERSION");
    report.ok(
        "versions",
        "版本",
        format!("lianneng {own}，SQLite {}{cipher}", about::sqlite_version()),
    );
}

fn days(calendar: &Calendar, today: NaiveDate, report: &mut Report) {
    let year = today.year();
    // The notice for the next year comes in November; before that nobody can have it.
    let wanted = if today.month() >= 11 { year + 1 } else { year };
    match (year..=wanted).find(|year| !calendar.is_confirmed(*year)) {
        None => report.ok("calendar", "工作日历", format!("{wanted} 年放假通知已载入")),
        Some(missing) => report.warn(
            "calendar",
            "工作日历",
            format!("{missing} 年放假通知尚未载入，有关期限标（暂定）"),
            "国务院办公厅发布通知后，把正文粘贴成文本文件，运行 lianneng calendar import 文件。",
        ),
    }
}

/// What the folder's files would change, and what is wrong in them.
fn drafts(paths: &OfficePaths, texts: &Texts, report: &mut Report) {
    let drafts = match Drafts::look(paths, &texts.source) {
        Ok(drafts) => drafts,
        Err(fault) => return report.bad("drafts", "政策文件", fault),
    };
    for line in broken(&drafts) {
        let advice = "改正后运行 lianneng adopt 启用；在此之前按已启用的办理。";
        report.warn("drafts", "政策文件", line, advice);
    }
    let advice = "请运行 lianneng adopt --dry-run 查看，lianneng adopt 启用。";
    match drafts.pending() {
        Some(pending) => report.warn("drafts", "政策文件", pending, advice),
        None if drafts.broken.is_empty() => report.ok("drafts", "政策文件", "与已启用的一致"),
        None => {}
    }
}

/// A line for each file that cannot be adopted, with all its mistakes.
pub fn broken(drafts: &Drafts) -> Vec<String> {
    let one = |broken: &Broken| {
        let mistakes: Vec<String> = broken.mistakes.iter().map(ToString::to_string).collect();
        format!("{} 有误，未启用：{}", broken.file, mistakes.join("；"))
    };
    drafts.broken.iter().map(one).collect()
}

fn backups(paths: &OfficePaths, today: NaiveDate, report: &mut Report) {
    let entries = std::fs::read_dir(paths.backups()).into_iter().flatten().flatten();
    let newest = entries
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "zip"))
        .filter_map(|entry| entry.metadata().ok()?.modified().ok())
        .max();
    let advice = "请运行 lianneng backup -o 路径，把备份存到另一块盘上。";
    match newest.map(|moment| (today - crate::domain::day::china_today(DateTime::<Utc>::from(moment))).num_days()) {
        None => report.warn("backup", "备份", "还没有备份", advice),
        Some(days) if days > OLD_BACKUP => report.warn("backup", "备份", format!("最近的备份在 {days} 天前"), advice),
        Some(days) if days > 0 => report.ok("backup", "备份", format!("最近的备份在 {days} 天前")),
        Some(_) => report.ok("backup", "备份", "今天已备份"),
    }
}
