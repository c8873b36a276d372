//! `log`: the event log, or one matter's part of it.

use std::ops::ControlFlow;

use chrono::{DateTime, FixedOffset};
use clap::Args;

use super::harmless::{self, Escaped};
use super::look::Look;
use super::setting::Setting;
use super::{Done, output};
use crate::domain::StreamId;
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::ledger::log_json::write_json;
use crate::ledger::project::fold::Step;
use crate::ledger::read_log::{Scope, visit};
use crate::ledger::rows::LogItem;
use crate::ledger::undo;

/// `log`.
#[derive(Debug, Args)]
#[command(
    about = "事件日志；写编号则只列一个事项的",
    after_help = "--json 给出每条记录的全部散列字段，任何人可用标准库重算每个哈希（做法见 ARCHITECTURE.md）。
例：
  lianneng log YJ-XY-2026-0031
  lianneng log --json > 日志.json"
)]
pub struct Log {
    #[arg(value_name = "编号", help_heading = "参数", help = "只列这个事项的")]
    code: Option<String>,
}

/// Runs it.
pub fn run(args: &Log, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let scope = match &args.code {
        None => Scope::All,
        Some(code) => Scope::Stream(look.reader.resolve(code)?.0),
    };
    let kept = look.reader.kept_streams()?;
    let conn = look.reader.conn();
    if setting.json() {
        output::print(|out| Ok(write_json(conn, scope, &kept, &mut Escaped::new(out))?))?;
        return Ok(output::code::DONE);
    }
    output::print(|out| {
        visit::<Stop>(conn, scope, |item| {
            if kept.contains(&StreamId(item.event.stream)) {
                return Ok(ControlFlow::Continue(()));
            }
            let line = look.ask(|world| Ok(line(&item, world)))?;
            writeln!(out, "{line}").map_err(|error| Fault::new(FaultKind::World, format!("日志写不出去：{error}")))?;
            Ok(ControlFlow::Continue(()))
        })
    })?;
    Ok(output::code::DONE)
}

/// `12  2026-11-23 09:00  专班值班员  调高等级  YJ-XY-2026-0031  调高等级 黄 → 橙 …  （发生 2026-11-20）`
fn line(item: &LogItem, world: &dyn World) -> String {
    let act = &item.act;
    let verb = undo::verb_label(&act.verb);
    let code = world
        .state(StreamId(item.event.stream))
        .map(|state| state.code().to_owned())
        .unwrap_or_default();
    let (label, text) = match Step::read(&item.event.kind, item.event.version, &item.body) {
        Step::Event(event) => {
            let told = Teller::new(world).tell(&event);
            (told.label, [told.who, told.text].join(" ").trim().to_owned())
        }
        Step::Reverted(_) => ("撤回".to_owned(), "回到此前的状态".to_owned()),
        Step::Erased(erased) => ("密封".to_owned(), erased.ground.label().to_owned()),
        Step::Unknown => (item.event.kind.clone(), "由更新的版本写成".to_owned()),
    };
    let happened = if act.happened == act.today {
        String::new()
    } else {
        format!("（发生 {}）", act.happened)
    };
    let line = format!(
        "{:>6}  {}  {}  {verb}  {code}  {label} {text}{happened}",
        item.event.seq,
        moment(act.at),
        operator(&act.operator, world),
    );
    harmless::one_line(line.trim_end()).into_owned()
}

fn operator(id: &str, world: &dyn World) -> String {
    let account = StreamId::parse(id).and_then(|account| world.state(account));
    match account {
        Some(state) => state.text("name"),
        None if id == "local" => "本机操作员".to_owned(),
        None => id.to_owned(),
    }
}

fn moment(at: i64) -> String {
    let china = FixedOffset::east_opt(8 * 3_600);
    let moment = DateTime::from_timestamp_millis(at)
        .zip(china)
        .map(|(moment, china)| moment.with_timezone(&china));
    moment
        .map(|moment| moment.format("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
