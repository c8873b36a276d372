//! `due`: running deadlines, the late ones first.

use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::Table;
use super::setting::Setting;
use super::{Done, items, output};

/// `due`.
#[derive(Debug, Args)]
#[command(
    about = "期限：逾期的在前",
    after_help = "例：
  lianneng due
  lianneng due --within 5          逾期的和五个工作日内到期的"
)]
pub struct Due {
    #[arg(long, value_name = "天数", help = "只列多少个工作日内到期的（逾期的总是列出）")]
    within: Option<u32>,
    #[arg(long, value_name = "条数", help = "最多列多少条（不写为 1000，0 为全部）")]
    limit: Option<usize>,
}

const USUAL: usize = 1_000;

/// Runs it.
pub fn run(args: &Due, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let limit = match args.limit {
        None => USUAL,
        Some(0) => usize::MAX >> 1,
        Some(most) => most,
    };
    let found = look.reader.due(args.within, limit)?;
    if setting.json() {
        output::json(&json!({ "items": found }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["期限", "日期", "应办", "等级", "编号", "对象", "事由", "轮到"]);
    for one in &found {
        let [grade, code, about, title, _, left, waiting] = items::matter(&one.item);
        let day = one.item.due.map(|day| day.to_string()).unwrap_or_default();
        table.row([left, day, one.step.clone(), grade, code, about, title, waiting]);
    }
    table.print()?;
    let late = found.iter().filter(|one| one.item.overdue).count();
    output::say(format!("{} 件，其中逾期 {late} 件。", found.len()));
    Ok(output::code::DONE)
}
