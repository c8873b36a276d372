//! `export`: a register's records as a table that imports again without change.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::list::{self, Filters};
use super::look::Look;
use super::progress::Progress;
use super::setting::Setting;
use super::{Done, output};
use crate::domain::StreamId;
use crate::domain::fault::Stop;
use crate::papers::export;
use crate::papers::grid::Go;

/// `export`.
#[derive(Debug, Args)]
#[command(
    about = "导出一个台账（xlsx、csv、jsonl，按文件结尾）",
    after_help = "带编号和版本；改过再导入即为修改，不改则不变。
例：
  lianneng export 风险点 -o 风险点.xlsx
  lianneng export 预警 --where 等级=红 -o 红色预警.csv"
)]
pub struct Export {
    #[arg(value_name = "台账", help_heading = "参数", help = "如 风险点 或 risk_point")]
    register: String,
    #[command(flatten)]
    filters: Filters,
    #[arg(
        short,
        long,
        value_name = "文件",
        required = true,
        help = "写到哪个文件：.xlsx、.csv 或 .jsonl"
    )]
    output: PathBuf,
}

/// Runs it.
pub fn run(args: &Export, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let sheet = list::sheet_of(&look, &args.register)?;
    let mut streams: Vec<StreamId> = Vec::new();
    list::each_page(&look, &sheet, &args.filters, setting, usize::MAX, &mut |items| {
        streams.extend(items.iter().map(|item| item.stream));
    })?;
    // In the order in which they came, unless another was asked for: an export of the same records is the same file.
    if args.filters.is_unordered() {
        streams.reverse();
    }
    let mut progress = Progress::new("正在导出");
    let total = streams.len() as u64;
    let rows = look.reader.with_world_for_long::<_, Stop>(|world| {
        let told = &mut |done| {
            progress.tell(done as u64, total);
            Go::On
        };
        Ok(export::write(
            &args.output,
            &sheet,
            world,
            &mut streams.into_iter(),
            told,
        )?)
    })?;
    drop(progress);
    if setting.json() {
        output::json(&json!({ "register": sheet.id, "rows": rows, "file": args.output }))?;
    } else {
        output::text(args.output.display().to_string())?;
        output::say(format!("已导出 {} {rows} 条。", sheet.label));
    }
    Ok(output::code::DONE)
}
