//! `calendar`: the day a deadline falls on, and next year's holiday notice.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::desk::{self, Desk};
use super::output::{self, Table, misuse, say};
use super::setting::{Place, Setting};
use super::{Done, adopt};
use crate::domain::calendar::notice::{Beside, Form, read};
use crate::domain::calendar::{self, Calendar, YearNotice};
use crate::domain::day;
use crate::domain::fault::{Fault, FaultKind, Refusal, Stop};
use crate::domain::mistake::Mistake;
use crate::domain::state::Adoption;
use crate::ledger::drafts::Drafts;
use crate::ledger::files;
use crate::ledger::texts::{self, Texts};
use crate::papers::encoding;

/// `calendar`.
#[derive(Debug, Args)]
#[command(
    about = "工作日推算，或导入下一年的放假通知（calendar import 文件）",
    after_help = "推算：起算日不计入。没有台账时用随程序附带的日历；有台账时用其启用的日历。
导入：通知正文粘贴成的文本（txt），或 json（year、days）、csv（日期,类型,名称）、calendar.toml 写法的文件；
文件写 - 为从管道读入。看不懂的句子、星期和天数对不上的逐行列出，一处有错就不导入；
导入后即启用，并逐项列出改期的在计期限。
例：
  lianneng calendar --from 2026-09-24 --workdays 5
  lianneng calendar import 2027放假通知.txt --dry-run
  lianneng calendar import 2027.json --notice \"国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕×号）\""
)]
pub struct Calculate {
    #[arg(
        value_name = "动作",
        help_heading = "参数",
        help = "import 为导入放假通知",
        requires = "notice_file"
    )]
    action: Option<String>,
    #[arg(
        value_name = "通知文件",
        help_heading = "参数",
        help = "放假通知的文件；- 为从管道读入"
    )]
    notice_file: Option<PathBuf>,
    #[arg(
        long,
        value_name = "日期",
        required_unless_present = "action",
        allow_hyphen_values = true,
        help = "起算日（不计入）"
    )]
    from: Option<String>,
    #[arg(long, value_name = "天数", required_unless_present = "action", help = "工作日天数")]
    workdays: Option<u32>,
    #[arg(long, value_name = "名称文号", help = "通知的名称和文号；通知正文里有标题的不必写")]
    notice: Option<String>,
    #[arg(long, value_name = "年份", help = "通知是哪一年的；正文里有的不必写")]
    year: Option<i32>,
    #[arg(long, help = "只看会改什么，不导入")]
    dry_run: bool,
}

/// Runs it.
pub fn run(args: &Calculate, setting: &Setting) -> Done {
    match (&args.action, &args.notice_file, &args.from, args.workdays) {
        (Some(action), Some(file), None, None) if action == "import" => import(args, file, setting),
        (Some(action), ..) if action != "import" => Err(misuse(
            format!("calendar 没有“{action}”"),
            "导入放假通知写 calendar import 文件；推算写 calendar --from 日期 --workdays 天数。",
        )),
        (None, None, Some(from), Some(workdays)) => reckon(from, workdays, setting),
        _ => Err(misuse(
            "导入放假通知和推算工作日不能一起写",
            "用法见 lianneng calendar --help。",
        )),
    }
}

fn reckon(from: &str, workdays: u32, setting: &Setting) -> Done {
    let from = setting.day("--from", from)?;
    let calendar = in_force(setting)?;
    let due = calendar.add_workdays(from, workdays);
    let notice = calendar.notice(due.day);
    if setting.json() {
        output::json(&json!({
            "day": day::show_day(due.day), "provisional": due.provisional, "notice": notice,
        }))?;
        return Ok(output::code::DONE);
    }
    let mark = if due.provisional { "（暂定）" } else { "" };
    output::text(format!("{}{mark}", day::show_day(due.day)))?;
    say(match (calendar.why_provisional(due.day), notice) {
        (Some(why), _) => format!("{}。{why}", day::weekday_cn(due.day)),
        (None, Some(notice)) => format!("{}，依据：{notice}", day::weekday_cn(due.day)),
        (None, None) => day::weekday_cn(due.day).to_owned(),
    });
    Ok(output::code::DONE)
}

/// The calendar an office has adopted; without an office, the one that comes with the program.
fn in_force(setting: &Setting) -> Result<Calendar, Stop> {
    let there = match setting.place()? {
        Place::Folder(paths) => paths.ledger().exists(),
        Place::File(_) => true,
    };
    if there {
        let file = desk::open_place(setting)?;
        let texts = Texts::adopted(&file.conn).or_else(|_| Texts::from_log(&file.conn))?;
        return Ok(texts.calendar);
    }
    let shipped = Calendar::parse(calendar::shipped());
    Ok(shipped.map_err(|_| Fault::new(FaultKind::World, "随程序附带的日历有误").hint("请重新安装程序。"))?)
}

fn import(args: &Calculate, file: &Path, setting: &Setting) -> Done {
    let text = text_of(file)?;
    let mut desk = Desk::open_without_hint(setting)?;
    let Some(paths) = desk.office.file().office.clone() else {
        return Err(misuse("单独打开的文件只能查看", "请用 --data 指定台账所在的文件夹。"));
    };
    let beside = Beside {
        title: args.notice.as_deref(),
        year: args.year,
    };
    let form = Form::of(&file.to_string_lossy(), &text);
    let notices = read(form, &text, beside, desk.office.calendar()).map_err(|found| refused(file, &found))?;
    // The folder's own years and these: the file stays what was adopted from it.
    let own = match std::fs::read_to_string(paths.calendar()) {
        Ok(own) => Calendar::parse(&own).map_err(|found| refused(&paths.calendar(), &found))?,
        Err(_) => Calendar::default(),
    };
    let own = own.with(notices.iter().cloned()).text();
    let source = desk.office.texts().source.clone();
    let drafts = Drafts::with(&paths, &source, Some(Ok(own.clone())))?;
    let texts = Adoption {
        calendar: drafts.texts.calendar,
        ..source
    };
    let mut act = texts::adopt(&texts);
    act.capacity = desk.capacity;
    let (act_id, notes) = if args.dry_run {
        (None, desk.office.preview(&desk.operator, &act)?.notes)
    } else {
        let receipt = desk.office.submit(&desk.operator, &act, None)?;
        // The log has it already; the file only keeps the folder's years together.
        if let Err(fault) = files::replace(&paths.calendar(), own.as_bytes(), paths.sharing()) {
            say(format!(
                "注意：已启用，但 calendar.toml 没有写成：{}。{}",
                fault.reason, fault.hint
            ));
        }
        (Some(receipt.act_id), receipt.notes)
    };
    show(&notices, act_id.as_deref(), &notes, setting)?;
    if let Some(waiting) = adopt::look(&desk)?.pending().filter(|_| !args.dry_run) {
        say(format!("提示：{waiting}（lianneng adopt）。"));
    }
    if !args.dry_run {
        desk.leave();
    }
    Ok(output::code::DONE)
}

fn text_of(file: &Path) -> Result<String, Stop> {
    if file != Path::new("-") {
        return Ok(encoding::whole(file)?);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|_| misuse("管道里的文字读不出来", "请存成 UTF-8 的文本文件再导入。"))?;
    Ok(text)
}

fn refused(file: &Path, mistakes: &[Mistake]) -> Stop {
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    let reason = format!("{} 有误，未导入：\n{}", file.display(), lines.join("\n"));
    Refusal::new("broken_text", reason)
        .hint("请对照通知原文改正后再导入；通知以外的文字可以删去。")
        .into()
}

fn show(notices: &[YearNotice], act_id: Option<&str>, notes: &[String], setting: &Setting) -> Result<(), Stop> {
    if setting.json() {
        let years: Vec<_> = notices
            .iter()
            .map(|notice| {
                let rest = |rest: &calendar::Rest| json!({ "name": rest.name, "from": rest.from, "to": rest.to });
                let rests: Vec<_> = notice.rests.iter().map(rest).collect();
                json!({ "year": notice.year, "notice": notice.title, "rest": rests, "work": notice.works })
            })
            .collect();
        return output::json(&json!({
            "dry_run": act_id.is_none(), "act_id": act_id, "years": years, "notes": notes,
        }));
    }
    let mut table = Table::new(["年份", "节日", "放假", "天数"]);
    for notice in notices {
        for rest in &notice.rests {
            let days = (rest.to - rest.from).num_days() + 1;
            let span = if days == 1 {
                rest.from.to_string()
            } else {
                format!("{} 至 {}", rest.from, rest.to)
            };
            table.row([notice.year.to_string(), rest.name.clone(), span, days.to_string()]);
        }
        for work in &notice.works {
            let day = format!("{work} {}", day::weekday_cn(*work));
            table.row([notice.year.to_string(), "上班".into(), day, String::new()]);
        }
    }
    table.print()?;
    for notice in notices {
        say(format!("依据：{}。", notice.title.as_deref().unwrap_or("没有通知")));
    }
    notes.iter().for_each(say);
    say(if act_id.is_some() {
        "已导入并启用。"
    } else {
        "以上只是预演，没有导入。"
    });
    Ok(())
}
