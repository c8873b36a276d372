//! `source`: who told it, for the keeper; and what need not be kept any longer.

use chrono::Months;
use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::output::{self, Table, say};
use super::setting::Setting;
use super::{Done, names, receipt};
use crate::domain::fault::Refusal;
use crate::domain::viewer::hidden;
use crate::domain::{Act, BodyRef, Verb};
use crate::ledger::query::Reader;

/// `source`.
#[derive(Debug, Args)]
#[command(
    about = "查看来源人（保管人用，每次查看都记入日志），或清除到期的来源信息",
    after_help = "来源人由受理人员在信息登记或“登记来源”时填写，保存后即密封，列表、查询、导出和日志里都看不到。
在命令行里写来源人会留在终端的命令历史里，宜在控制台填写。
只有受理机关、区纪委监察局和指委会办公室的保管人能看；打开要用台账文件夹里的 office.keys。
办结（或登记后又撤回）满规定月数（政策文件的 source_months）的，用 --expired 列出，加 --erase 清除，清除后不能恢复。
例：
  lianneng do register --source 群众 --unit 区财政局 --content 内容 --source-name 姓名 --source-phone 电话
  lianneng source YJ-XY-2026-0031 --reason 回访
  lianneng source --expired
  lianneng source --expired --erase"
)]
pub struct Source {
    #[arg(
        value_name = "编号",
        help_heading = "参数",
        required_unless_present = "expired",
        conflicts_with = "expired",
        help = "预警事项的编号"
    )]
    code: Option<String>,
    #[arg(
        long,
        value_name = "事由",
        help = "为什么查看，一并记入日志",
        conflicts_with = "expired"
    )]
    reason: Option<String>,
    #[arg(long, help = "列出办结满期、仍存有来源信息的事项")]
    expired: bool,
    #[arg(long, requires = "expired", help = "清除所列事项的来源信息")]
    erase: bool,
}

/// Runs it.
pub fn run(args: &Source, setting: &Setting) -> Done {
    match &args.code {
        Some(code) => read(code, args.reason.as_deref(), setting),
        None => expired(args.erase, setting),
    }
}

fn read(code: &str, reason: Option<&str>, setting: &Setting) -> Done {
    let mut desk = Desk::open(setting)?;
    let stream = desk.ask(|world| names::matter(world, code))?;
    let mut act = Act::new(Verb::ReadSource, vec![stream]);
    if let Some(reason) = reason {
        act = act.with("reason", reason);
    }
    act.capacity = desk.capacity;
    let operator = desk.operator.clone();
    let receipt = desk.office.submit(&operator, &act, None)?;
    if setting.json() {
        let code = receipt.changed.first().map(|touch| &touch.code);
        output::json(&json!({ "code": code, "act_id": receipt.act_id, "sources": receipt.sources }))?;
    } else {
        let mut table = Table::new(["姓名", "代码", "回拨电话"]).whole();
        for source in &receipt.sources {
            table.row([source.name.clone(), source.code.clone(), source.phone.clone()]);
        }
        table.print()?;
        say("本次查看已记入日志。");
    }
    desk.leave();
    Ok(output::code::DONE)
}

fn expired(erase: bool, setting: &Setting) -> Done {
    let mut desk = Desk::open(setting)?;
    let months = desk.office.policy().source_months.value;
    let today = desk.office.today();
    let cutoff = today.checked_sub_months(Months::new(months)).unwrap_or_default();
    let mut found = Reader::beside(&desk.office)?.sources_of_ended(cutoff)?;
    desk.ask(|world| {
        let kept = |stream| {
            world
                .state(stream)
                .is_some_and(|state| hidden(&state, &desk.operator, world))
        };
        found.retain(|(stream, _)| !kept(*stream));
        Ok(())
    })?;
    // What was taken back belongs to no body any more; the two district offices clear it away.
    let district = [BodyRef::Discipline, BodyRef::SteeringOffice];
    let left = match district.iter().any(|body| desk.operator.serves(*body)) {
        true => Reader::beside(&desk.office)?.sources_left_over(cutoff)?,
        false => Vec::new(),
    };
    if erase {
        if found.is_empty() && left.is_empty() {
            return Err(Refusal::new("nothing_changed", format!("没有满 {months} 个月、仍存有来源信息的事项")).into());
        }
        let operator = desk.operator.clone();
        let mut done = match left.is_empty() {
            true => None,
            false => desk.office.sweep_sources(&operator, cutoff)?,
        };
        if !found.is_empty() {
            let mut act = Act::new(Verb::EraseSource, found.into_iter().map(|(stream, _)| stream).collect());
            act.capacity = desk.capacity;
            let mut receipt = desk.office.submit(&operator, &act, None)?;
            receipt.changed.extend(done.into_iter().flat_map(|swept| swept.changed));
            done = Some(receipt);
        }
        let shown = match &done {
            Some(receipt) => receipt::show(receipt, "来源信息已清除", &desk, setting),
            None => Ok(output::code::DONE),
        };
        desk.leave();
        return shown;
    }
    found.extend(left);
    let codes: Vec<String> = found.into_iter().map(|(_, code)| code).collect();
    if setting.json() {
        output::json(&json!({ "months": months, "ended_by": cutoff, "items": codes }))?;
    } else {
        output::text(codes.join("\n"))?;
        say(format!(
            "{cutoff} 以前办结或撤回、仍存有来源信息的 {} 件；加 --erase 清除。",
            codes.len()
        ));
    }
    desk.leave();
    Ok(output::code::DONE)
}
