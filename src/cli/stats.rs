//! `stats`: the article's figures for this office.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::json;

use super::list::{self, Filters};
use super::look::Look;
use super::output::Table;
use super::setting::Setting;
use super::{Done, output};
use crate::domain::fault::Stop;
use crate::domain::sheet::{Figure as Counted, Sheet};
use crate::ledger::query::Figure;

/// `stats`.
#[derive(Debug, Args)]
#[command(
    about = "统计：风险点、措施、职权、流程、信息员、制度、宣传教育等各项数字",
    after_help = "写了 --from、--to 则只数这段时间的（按各台账自己的日期；没有日期的台账照数）。
例：
  lianneng stats
  lianneng stats --from 2026-01-01 --to 2026-06-30 --json"
)]
pub struct Stats {
    #[arg(long, value_name = "日期", allow_hyphen_values = true, help = "从这一天起")]
    from: Option<String>,
    #[arg(long, value_name = "日期", allow_hyphen_values = true, help = "到这一天止")]
    to: Option<String>,
}

/// Runs it.
pub fn run(args: &Stats, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let figures = if args.from.is_none() && args.to.is_none() {
        look.reader.stats()?.figures
    } else {
        within(args, &look, setting)?
    };
    if setting.json() {
        output::json(&json!({ "figures": figures }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["编号", "数字", "项目"]);
    for (id, figure) in &figures {
        table.row([id.clone(), figure.value.to_string(), figure.label.clone()]);
    }
    table.print()?;
    Ok(output::code::DONE)
}

/// Figures of a period: the records are read, since counters know no dates.
fn within(args: &Stats, look: &Look, setting: &Setting) -> Result<BTreeMap<String, Figure>, Stop> {
    let mut figures = BTreeMap::new();
    let texts = look.reader.texts();
    for sheet in texts.sheets.iter() {
        for figure in &sheet.figures {
            let value = count(sheet, figure, args, look, setting)?;
            figures.insert(
                figure.id.clone(),
                Figure {
                    value,
                    label: figure.label.clone(),
                },
            );
        }
    }
    Ok(figures)
}

fn count(sheet: &Sheet, figure: &Counted, args: &Stats, look: &Look, setting: &Setting) -> Result<i64, Stop> {
    let conditions = figure
        .only
        .iter()
        .map(|(field, value)| format!("{field}={value}"))
        .collect();
    let dated = list::own_date(sheet).is_some();
    let period = |day: &Option<String>| day.clone().filter(|_| dated);
    let filters = Filters::of(conditions, period(&args.from), period(&args.to));
    let mut value = 0;
    list::each_page(look, sheet, &filters, setting, usize::MAX, &mut |items| {
        value += items
            .iter()
            .map(|item| match figure.sum.as_str() {
                "" => 1,
                field => item.fields.get(field).and_then(|number| number.as_i64()).unwrap_or(0),
            })
            .sum::<i64>();
    })?;
    Ok(value)
}
