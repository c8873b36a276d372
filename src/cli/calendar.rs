//! `calendar`: the day a deadline falls on.

use clap::Args;
use serde_json::json;

use super::setting::Setting;
use super::{Done, output};
use crate::domain::calendar::{self, Calendar};
use crate::domain::day;
use crate::domain::fault::{Fault, FaultKind};

/// `calendar`.
#[derive(Debug, Args)]
#[command(
    about = "工作日推算：某日之后第 N 个工作日是哪一天",
    after_help = "起算日不计入。没有台账时用随程序附带的日历；有台账时用其启用的日历。
例：
  lianneng calendar --from 2026-09-24 --workdays 5"
)]
pub struct Calculate {
    #[arg(
        long,
        value_name = "日期",
        required = true,
        allow_hyphen_values = true,
        help = "起算日（不计入）"
    )]
    from: String,
    #[arg(long, value_name = "天数", required = true, help = "工作日天数")]
    workdays: u32,
}

/// Runs it.
pub fn run(args: &Calculate, setting: &Setting) -> Done {
    let from = setting.day("--from", &args.from)?;
    let calendar = in_force()?;
    let due = calendar.add_workdays(from, args.workdays);
    let notice = calendar.notice(due.day);
    if setting.json() {
        output::json(&json!({
            "day": day::show_day(due.day), "provisional": due.provisional, "notice": notice,
        }))?;
        return Ok(output::code::DONE);
    }
    let mark = if due.provisional { "（暂定）" } else { "" };
    output::text(format!("{}{mark}", day::show_day(due.day)))?;
    output::say(match (calendar.why_provisional(due.day), notice) {
        (Some(why), _) => format!("{}。{why}", day::weekday_cn(due.day)),
        (None, Some(notice)) => format!("{}，依据：{notice}", day::weekday_cn(due.day)),
        (None, None) => day::weekday_cn(due.day).to_owned(),
    });
    Ok(output::code::DONE)
}

/// The calendar that comes with the program.
fn in_force() -> Result<Calendar, Fault> {
    Calendar::parse(calendar::shipped())
        .map_err(|_| Fault::new(FaultKind::World, "随程序附带的日历有误").hint("请重新安装程序。"))
}
