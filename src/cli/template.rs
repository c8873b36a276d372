//! `template`: a register's blank sheet.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::misuse;
use super::setting::{Place, Setting};
use super::{Done, list, output};
use crate::domain::fault::Stop;
use crate::domain::sheet::{Sheet, Sheets, shipped_registers};
use crate::papers::template;

/// `template`.
#[derive(Debug, Args)]
#[command(
    about = "生成一个台账的空白表（带下拉选项和示例行）",
    after_help = "例：
  lianneng template 风险点 -o 风险点空白表.xlsx"
)]
pub struct Template {
    #[arg(
        value_name = "台账",
        help_heading = "参数",
        help = "如 风险点、预警、任务、任职、单位、人员、职权目录"
    )]
    register: String,
    #[arg(short, long, value_name = "文件", required = true, help = "写到哪个 .xlsx 文件")]
    output: PathBuf,
}

/// Runs it. Without an office the shipped register files are used.
pub fn run(args: &Template, setting: &Setting) -> Done {
    let sheet = sheet(&args.register, setting)?;
    template::write(&args.output, &sheet)?;
    if setting.json() {
        output::json(&json!({ "register": sheet.id, "file": args.output }))?;
    } else {
        output::text(args.output.display().to_string())?;
        output::say(format!(
            "填好后用 lianneng import {} {} 导入。",
            sheet.label,
            args.output.display()
        ));
    }
    Ok(output::code::DONE)
}

fn sheet(name: &str, setting: &Setting) -> Result<Sheet, Stop> {
    let there = match setting.place()? {
        Place::Folder(paths) => paths.ledger().exists(),
        Place::File(_) => true,
    };
    if there {
        return list::sheet_of(&Look::open(setting)?, name);
    }
    let (sheets, _) = Sheets::parse(&shipped_registers());
    sheets.find(name).map(|sheet| (**sheet).clone()).ok_or_else(|| {
        let all: Vec<String> = sheets
            .iter()
            .filter(|sheet| sheet.import)
            .map(|sheet| sheet.label.clone())
            .collect();
        misuse(format!("没有台账“{name}”"), format!("可写：{}。", all.join("、")))
    })
}
