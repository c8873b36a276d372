//! `unit`: everything about a unit in a period, by the thirteen tags and in time order.

use chrono::{Datelike, Days, NaiveDate};
use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::{Table, misuse};
use super::setting::Setting;
use super::{Done, harmless, output};
use crate::domain::StreamId;
use crate::domain::fault::{Refusal, Stop};
use crate::domain::tag::{self, TAGS};
use crate::ledger::query::UnitItem;

/// `unit`.
#[derive(Debug, Args)]
#[command(
    about = "单位全景：一个单位一段时间内的全部事项，按四会、四步、五项机制计数",
    after_help = "不写日期为本年。
例：
  lianneng unit 区财政局
  lianneng unit 区财政局 --from 2026-07-01 --to 2026-09-30 --json"
)]
pub struct Unit {
    #[arg(value_name = "单位", help_heading = "参数", help = "单位名称或编号")]
    name: String,
    #[arg(
        long,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "从哪一天起（含），如 2026-07-01"
    )]
    from: Option<String>,
    #[arg(
        long,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "到哪一天止（含）；不写为今天"
    )]
    to: Option<String>,
}

/// Runs it.
pub fn run(args: &Unit, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let today = look.reader.today();
    let read = |flag, text: &Option<String>| text.as_deref().map(|day| setting.day(flag, day)).transpose();
    let (from, to) = (read("--from", &args.from)?, read("--to", &args.to)?);
    let (from, to) = (from.unwrap_or(first_of_year(today)), to.unwrap_or(today));
    if from > to {
        return Err(misuse("--from 晚于 --to", "请核对日期。"));
    }
    let unit = meant(&look, args.name.trim())?;
    let item = look.reader.item(unit)?;
    let items = look.reader.unit_items(unit, from, to)?;
    if setting.json() {
        let tags: Vec<_> = counts(&items)
            .into_iter()
            .zip(TAGS)
            .map(|(count, (id, label))| json!({ "tag": id, "label": label, "count": count }))
            .collect();
        let listed: Vec<_> = items
            .iter()
            .map(|one| json!({ "day": one.day, "tag": TAGS[one.tag].0, "item": one.item }))
            .collect();
        output::json(&json!({
            "unit": { "code": item.code, "name": item.title }, "from": from, "to": to, "tags": tags, "items": listed
        }))?;
        return Ok(output::code::DONE);
    }
    show(&look, &items)?;
    output::say(format!("{}：{from} 至 {to}，共 {} 项。", item.title, items.len()));
    Ok(output::code::DONE)
}

/// The unit of this name or code, or the only one that what was typed may stand for.
fn meant(look: &Look, typed: &str) -> Result<StreamId, Stop> {
    let named = look.ask(|world| {
        let is_unit = |unit: &StreamId| world.state(*unit).is_some_and(|s| s.kind() == "unit" && s.counts());
        let coded = world.by_code(&typed.to_ascii_uppercase());
        let named = coded.into_iter().chain(world.titled("unit", typed));
        Ok(named.filter(is_unit).collect::<Vec<_>>())
    })?;
    let near = look.reader.candidates("unit", typed, 9)?;
    match (named.as_slice(), near.as_slice()) {
        ([one], _) => Ok(*one),
        ([], [one]) => Ok(one.stream),
        (_, near) => {
            let all: Vec<String> = near.iter().map(|one| format!("{} {}", one.code, one.name)).collect();
            let reason = if near.is_empty() {
                "没有单位"
            } else {
                "不止一个单位像"
            };
            let hint = if all.is_empty() {
                "请核对名称；单位一览用 lianneng list 单位。".to_owned()
            } else {
                format!("请写全称或编号：{}。", all.join("、"))
            };
            Err(Refusal::new("not_found", format!("{reason}“{typed}”"))
                .hint(hint)
                .into())
        }
    }
}

fn show(look: &Look, items: &[UnitItem]) -> Result<(), Stop> {
    let all = counts(items);
    let mut at = 0;
    for (part, n) in tag::PARTS {
        let told = (at..at + n).map(|tag| format!("{} {}", tag::label(tag), all[tag]));
        output::text(format!("{part}：{}", told.collect::<Vec<_>>().join("  ")))?;
        at += n;
    }
    output::text("")?;
    let texts = look.reader.texts();
    let mut table = Table::new(["日期", "类别", "台账", "编号", "等级", "环节", "事由"]).whole();
    for one in items {
        let sheet = texts.sheets.get(&one.item.kind);
        table.row([
            one.day.to_string(),
            tag::label(one.tag).to_owned(),
            sheet.map(|sheet| sheet.label.clone()).unwrap_or_default(),
            one.item.code.clone(),
            one.item.grade.map(|grade| grade.label().to_owned()).unwrap_or_default(),
            one.item.labels.get("stage").cloned().unwrap_or_default(),
            harmless::one_line(&one.item.title).to_string(),
        ]);
    }
    table.print()
}

/// How many items stand under each tag.
pub fn counts(items: &[UnitItem]) -> Vec<u64> {
    let mut counts = vec![0; TAGS.len()];
    for one in items {
        counts[one.tag] += 1;
    }
    counts
}

/// 1 January.
pub fn first_of_year(today: NaiveDate) -> NaiveDate {
    today.with_ordinal(1).unwrap_or(today)
}

/// The first day of the month, or of the quarter.
pub fn first_of_months(today: NaiveDate, months: u32) -> NaiveDate {
    let month = today.month0() / months * months + 1;
    NaiveDate::from_ymd_opt(today.year(), month, 1).unwrap_or(today)
}

/// Monday.
pub fn first_of_week(today: NaiveDate) -> NaiveDate {
    let back = Days::new(u64::from(today.weekday().num_days_from_monday()));
    today.checked_sub_days(back).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn periods_begin_on_their_first_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-24");
        assert_eq!(first_of_week(today), day("2026-11-23"));
        assert_eq!(first_of_months(today, 1), day("2026-11-01"));
        assert_eq!(first_of_months(today, 3), day("2026-10-01"));
        assert_eq!(first_of_year(today), day("2026-01-01"));
    }
}
