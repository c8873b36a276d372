//! `import`: a spreadsheet as one act, or the list of everything that is wrong with it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::desk::Desk;
use super::output::{Table, misuse};
use super::progress::Progress;
use super::setting::Setting;
use super::{Done, importing, output};
use crate::domain::fault::Stop;
use crate::domain::sheet::Sheet;
use crate::papers::book::Book;
use crate::papers::errors;
use crate::papers::grid::Go;
use crate::papers::import::{Checked, ImportReport, Options};

/// `import`.
#[derive(Debug, Args)]
#[command(
    about = "从表格导入（xlsx、xls、ods、csv），一次办理，可一次撤回",
    after_help = "表头用中文名或英文名都可，次序不限。一处有错就全部不导，所有错处一次列出；
要先导没有错的行用 --accept-good，风险点也可用 --draft 把有错的行留作草稿。
例：
  lianneng import 风险点 一览表.xlsx --create-missing --dry-run
  lianneng import 风险点 一览表.xlsx --create-missing --errors 退回.xlsx
  lianneng import 人员 名册.csv --map 现任职务=post --set rank=科级"
)]
pub struct Import {
    #[arg(
        value_name = "台账",
        help_heading = "参数",
        help = "如 风险点、预警、任务、任职、单位、岗位、人员、职权目录"
    )]
    register: String,
    #[arg(value_name = "文件", help_heading = "参数", help = "要导入的表格")]
    table: PathBuf,
    #[arg(long, help = "只检查，不导入")]
    dry_run: bool,
    #[arg(long, value_name = "工作表", help = "工作表的名称或序号（不写为第一张有内容的）")]
    sheet: Option<String>,
    #[arg(
        long = "map",
        value_name = "列=字段",
        help = "把一列（表头或列号 A、B…）对到字段，可写多次；= 后写 - 为不要这一列"
    )]
    maps: Vec<String>,
    #[arg(
        long = "set",
        value_name = "字段=值",
        help = "给没有列的字段和空格填一个值，可写多次"
    )]
    sets: Vec<String>,
    #[arg(long, help = "有错的行留作草稿（只用于风险点）")]
    draft: bool,
    #[arg(long, help = "没有的单位、岗位、人员随之建立，标待补充")]
    create_missing: bool,
    #[arg(long, help = "先导没有错的行")]
    accept_good: bool,
    #[arg(long, value_name = "退回文件", help = "把错处写进一份 xlsx，供退回原单位")]
    errors: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Import, setting: &Setting) -> Done {
    let options = Options {
        sheet: args.sheet.clone(),
        map: pairs("--map", &args.maps)?,
        set: pairs("--set", &args.sets)?,
        draft: args.draft,
        create_missing: args.create_missing,
        accept_good: args.accept_good,
    };
    let mut desk = Desk::open(setting)?;
    let sheet = desk.office.sheets().find(&args.register).cloned().ok_or_else(|| {
        let sheets = desk.office.sheets().iter().filter(|sheet| sheet.import);
        let all: Vec<String> = sheets.map(|sheet| format!("{} {}", sheet.id, sheet.label)).collect();
        misuse(
            format!("没有台账“{}”", args.register),
            format!("可写：{}。", all.join("、")),
        )
    })?;
    let checked = check(&desk, &args.table, &sheet, &options)?;
    let report = checked.report.clone();
    if let Some(out) = args.errors.as_deref().filter(|_| report.refused()) {
        errors::write(&args.table, args.sheet.as_deref(), &report, out)?;
    }
    if !args.dry_run && !checked.rows.is_empty() {
        let receipt = importing::take(&mut desk.office, &desk.operator, desk.capacity, checked)?;
        show(&report, args, &sheet, Some(&receipt.act_id), setting)?;
        desk.leave();
    } else {
        show(&report, args, &sheet, None, setting)?;
    }
    Ok(if report.refused() {
        output::code::REFUSED
    } else {
        output::code::DONE
    })
}

fn pairs(flag: &str, given: &[String]) -> Result<Vec<(String, String)>, Stop> {
    let one = |text: &String| match text.split_once(['=', '＝']) {
        Some((left, right)) => Ok((left.trim().to_owned(), right.trim().to_owned())),
        None => Err(misuse(
            format!(
                "{flag} 应写成 {}，现为“{text}”",
                if flag == "--map" { "列=字段" } else { "字段=值" }
            ),
            "",
        )),
    };
    given.iter().map(one).collect()
}

fn check(desk: &Desk, table: &Path, sheet: &Sheet, options: &Options) -> Result<Checked, Stop> {
    let mut progress = Progress::new("正在检查（行）");
    let told = &mut |rows| {
        progress.tell(rows as u64, 0);
        Go::On
    };
    let mut book = Book::open(table)?;
    importing::check(&desk.office, &desk.operator, &mut book, sheet, options, told)
}

/// Most faults printed as a table; the rest goes into `--errors` or `--json`.
const SHOWN: usize = 200;

fn show(report: &ImportReport, args: &Import, sheet: &Sheet, act: Option<&str>, setting: &Setting) -> Result<(), Stop> {
    if setting.json() {
        let mut document = serde_json::to_value(report).unwrap_or_default();
        if let Value::Object(keys) = &mut document {
            keys.insert("dry_run".into(), args.dry_run.into());
            keys.insert("act_id".into(), act.into());
        }
        return output::json(&document);
    }
    let mut faults = Table::new(["工作表", "行", "列", "内容", "原因"]).whole();
    for fault in report.errors.iter().take(SHOWN) {
        faults.row([
            &fault.sheet,
            &fault.row.to_string(),
            &fault.column,
            &fault.value,
            &fault.reason,
        ]);
    }
    faults.print()?;
    if report.errors.len() > SHOWN {
        output::say(format!(
            "另有 {} 处错误，全部列出用 --errors 退回.xlsx 或 --json。",
            report.errors.len() - SHOWN
        ));
    }
    for double in &report.duplicates {
        let code = if double.code.is_empty() {
            String::new()
        } else {
            format!("（{}）", double.code)
        };
        output::say(format!(
            "重复，未导：{} 第 {} 行：{}{code}",
            double.sheet, double.row, double.reason
        ));
    }
    for unknown in &report.unknown_columns {
        let near = sheet.field(&unknown.nearest).map_or_else(String::new, |field| {
            format!("；如是“{}”，加 --map '{}={}'", field.label, unknown.header, field.id)
        });
        output::say(format!("不认识的列，未导：{}{near}", unknown.header));
    }
    let counts = importing::counts(report, &sheet.label);
    let ImportReport {
        imported,
        amended,
        drafts,
        ..
    } = report;
    output::say(match act {
        Some(_) => format!("已导入。{counts}。可用 lianneng undo 整体撤回。"),
        None if report.refused() && *imported + *amended + *drafts == 0 => {
            format!(
                "未导入：{} 处有错，一行都没有导。改正后再导，或用 --accept-good 先导其余各行。",
                report.errors.len()
            )
        }
        None if args.dry_run => format!("只是检查，没有导入。{counts}。"),
        None => format!("没有需要导入的。{counts}。"),
    });
    if let Some(out) = args.errors.as_deref().filter(|_| report.refused()) {
        output::say(format!("错处已写进 {}。", out.display()));
    }
    Ok(())
}
