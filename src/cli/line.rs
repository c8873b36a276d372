//! The command line's grammar: what can be typed, with its Chinese help.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use super::{
    adopt, attachment, backup, calendar, completions, demo, doctor, due, eligible, export, import, init, list, log,
    queue, rebuild, restore, show, source, stats, step, template, undo, unit, verify,
};

/// One line typed in a shell.
#[derive(Debug, Parser)]
#[command(
    name = "lianneng",
    bin_name = "lianneng",
    version,
    about = "廉能台：风险岗位廉能管理「四四五」的台账与办理",
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    after_help = "例：
  lianneng demo                              打开示例区台账，不用任何准备
  lianneng init --data D                     建立本单位的台账
  lianneng import 风险点 一览表.xlsx --create-missing
  lianneng queue 区纪委监察局                 看一个机构的预警队列
  lianneng do escalate YJ-XY-2026-0031 --cause measures_missing --decision signed

退出码：0 已办 · 1 按规则未办 · 2 用法不对 · 3 文件损坏或日志不符 · 4 正忙 · 5 无权 · 6 系统故障（磁盘满、读不出）"
)]
pub struct Line {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What is to be done; nothing = the console.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "通用选项")]
pub struct Global {
    #[arg(
        long,
        global = true,
        value_name = "文件夹",
        help = "台账所在的文件夹（也可用环境变量 LIANNENG_DATA）"
    )]
    /// Folder of the office.
    pub data: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "文件",
        help = "直接打开一个文件（明文副本等），只能查看"
    )]
    /// A file instead of a folder.
    pub file: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "姓名",
        help = "操作员（也可用环境变量 LIANNENG_USER）"
    )]
    /// Operator.
    pub user: Option<String>,
    #[arg(
        long = "as",
        global = true,
        value_name = "机构",
        help = "以哪个机构的名义办理，如 区纪委监察局、implementation:DW-XY-0012"
    )]
    /// Capacity.
    pub capacity: Option<String>,
    #[arg(long, global = true, help = "结果写成一份 JSON")]
    /// JSON instead of tables.
    pub json: bool,
    #[arg(
        long,
        global = true,
        value_name = "时刻",
        help = "把时钟定在某一刻（如 2026-11-23T09:00:00+08:00），只用于示例和演练"
    )]
    /// The clock, RFC 3339.
    pub now: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "那一天的情况，按今日所知（list、show、queue、eligible、stats）"
    )]
    /// What was in force that day, as known now.
    pub on: Option<String>,
    #[arg(
        long,
        global = true,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "那一天本台账当时所知（list、show、eligible、stats）"
    )]
    /// What this file knew that day.
    pub known: Option<String>,
    #[arg(short = 'h', long, global = true, action = ArgAction::Help, help = "显示帮助")]
    /// Help.
    pub help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, help = "显示版本")]
    /// Version.
    pub version: Option<bool>,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)]
pub enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Import(import::Import),
    Template(template::Template),
    Export(export::Export),
    List(list::List),
    Show(show::Show),
    Log(log::Log),
    Queue(queue::Queue),
    Due(due::Due),
    Do(step::Do),
    Undo(undo::Undo),
    Redo(undo::Redo),
    Attachment(attachment::Attachment),
    Source(source::Source),
    Eligible(eligible::Check),
    Unit(unit::Unit),
    Stats(stats::Stats),
    Calendar(calendar::Calculate),
    Adopt(adopt::Adopt),
    Verify(verify::Verify),
    Rebuild(rebuild::Rebuild),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
}
