//! `list`: a register's records.

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::misuse;
use super::setting::Setting;
use super::{Done, items, output};
use crate::domain::fault::{Refusal, Stop};
use crate::domain::sheet::{Field, FieldType, Sheet};
use crate::ledger::query::{At, Item, ListQuery};

/// What narrows a list, also in `export`.
#[derive(Debug, Clone, Default, Args)]
pub struct Filters {
    #[arg(
        long = "where",
        value_name = "字段=值",
        help = "只要某字段为某值的，可写多次，如 等级=红、unit=区财政局"
    )]
    conditions: Vec<String>,
    #[arg(long, value_name = "文字", help = "含有这些字的（汉字、拼音首字母、编号）")]
    find: Option<String>,
    #[arg(
        long,
        value_name = "字段",
        allow_hyphen_values = true,
        help = "按某列排序，前面加 - 为倒序（不写为新的在前）"
    )]
    sort: Option<String>,
    #[arg(
        long,
        value_name = "日期",
        allow_hyphen_values = true,
        help = "从这一天起（收到、发现、施行等日期）"
    )]
    from: Option<String>,
    #[arg(long, value_name = "日期", allow_hyphen_values = true, help = "到这一天止")]
    to: Option<String>,
}

impl Filters {
    /// Conditions (`field=value`) and a period.
    pub fn of(conditions: Vec<String>, from: Option<String>, to: Option<String>) -> Self {
        Self {
            conditions,
            from,
            to,
            ..Self::default()
        }
    }

    /// No order was asked for: newest first.
    pub fn is_unordered(&self) -> bool {
        self.sort.is_none()
    }
}

/// `list`.
#[derive(Debug, Args)]
#[command(
    about = "列出一个台账的记录",
    after_help = "台账写英文名或中文名：unit 单位、person 人员、risk_point 风险点、warning 预警事项、admonition 三诫勉……
例：
  lianneng list 风险点 --where 等级=红 --where 单位=区财政局
  lianneng list 预警 --find 拨付 --sort due
  lianneng list warning --from 2026-11-01 --to 2026-11-30 --json"
)]
pub struct List {
    #[arg(value_name = "台账", help_heading = "参数", help = "如 风险点 或 risk_point")]
    register: String,
    #[command(flatten)]
    filters: Filters,
    #[arg(long, value_name = "条数", help = "最多列多少条（不写为 100，0 为全部）")]
    limit: Option<usize>,
}

/// Most rows without `--limit`: more is for an export.
const USUAL: usize = 100;
/// Rows of one page read.
const PAGE: usize = 1_000;

/// Runs it.
pub fn run(args: &List, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let sheet = sheet_of(&look, &args.register)?;
    let limit = match args.limit {
        None => USUAL,
        Some(0) => usize::MAX,
        Some(most) => most,
    };
    let mut listed: Vec<Item> = Vec::new();
    let total = each_page(&look, &sheet, &args.filters, setting, limit, &mut |items| {
        listed.extend(items)
    })?;
    // All of them were read: that is how many there are.
    let total = total.or_else(|| i64::try_from(listed.len()).ok().filter(|_| limit == usize::MAX));
    if setting.json() {
        output::json(&json!({ "register": sheet.id, "total": total, "items": listed }))?;
        return Ok(output::code::DONE);
    }
    items::of_register(&sheet, &listed).print()?;
    output::say(match total {
        Some(0) => format!("{}没有符合的记录。", sheet.label),
        Some(total) if i64::try_from(listed.len()).is_ok_and(|shown| shown < total) => {
            format!("共 {total} 条，列出前 {} 条；全部列出用 --limit 0。", listed.len())
        }
        Some(total) => format!("共 {total} 条。"),
        None => format!("列出前 {} 条，后面还有很多；全部列出用 --limit 0。", listed.len()),
    });
    Ok(output::code::DONE)
}

/// The register of a name.
pub fn sheet_of(look: &Look, name: &str) -> Result<Sheet, Stop> {
    let texts = look.reader.texts();
    texts.sheets.find(name).map(|sheet| (**sheet).clone()).ok_or_else(|| {
        let all: Vec<String> = texts
            .sheets
            .iter()
            .map(|sheet| format!("{} {}", sheet.id, sheet.label))
            .collect();
        misuse(format!("没有台账“{name}”"), format!("可写：{}。", all.join("、")))
    })
}

/// Hands over the records page by page, at most `limit`; how many there are in all, where that is known.
pub fn each_page(
    look: &Look,
    sheet: &Sheet,
    filters: &Filters,
    setting: &Setting,
    limit: usize,
    take: &mut dyn FnMut(Vec<Item>),
) -> Result<Option<i64>, Stop> {
    let period = period(filters, sheet, setting)?;
    let mut query = ListQuery {
        register: sheet.id.clone(),
        filters: conditions(&filters.conditions)?,
        find: filters.find.clone(),
        order: filters.sort.clone(),
        limit: limit.min(PAGE),
        counted: true,
        ..ListQuery::default()
    };
    let (mut taken, mut total) = (0, None);
    loop {
        let page = look.reader.list(&query)?;
        total = total.or(page.total);
        let last = page.keys.last().cloned();
        let mut kept = page.items;
        if let Some(period) = &period {
            kept.retain(|item| period.holds(item));
        }
        kept.truncate(limit - taken);
        taken += kept.len();
        take(kept);
        match last.filter(|_| page.more_after && taken < limit) {
            Some(key) => query.at = At::After(key),
            // Within a period the records were counted one by one, if all of them were read.
            None if period.is_some() => return Ok((!page.more_after).then(|| i64::try_from(taken).unwrap_or(i64::MAX))),
            None => return Ok(total),
        }
    }
}

fn conditions(given: &[String]) -> Result<Vec<(String, String)>, Stop> {
    let one = |text: &String| match text.split_once(['=', '＝']) {
        Some((field, value)) => Ok((field.trim().to_owned(), value.trim().to_owned())),
        None => Err(misuse(
            format!("--where 应写成 字段=值，现为“{text}”"),
            "如 --where 等级=红。",
        )),
    };
    given.iter().map(one).collect()
}

/// Days between which a record's own date lies.
struct Period {
    field: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Period {
    fn holds(&self, item: &Item) -> bool {
        let day = item
            .fields
            .get(&self.field)
            .and_then(|value| value.as_str())
            .and_then(|text| text.parse().ok());
        day.is_some_and(|day: NaiveDate| self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to))
    }
}

fn period(filters: &Filters, sheet: &Sheet, setting: &Setting) -> Result<Option<Period>, Stop> {
    let read = |flag, text: &Option<String>| text.as_deref().map(|day| setting.day(flag, day)).transpose();
    let (from, to) = (read("--from", &filters.from)?, read("--to", &filters.to)?);
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    if from.is_some() && to.is_some() && from > to {
        return Err(misuse("--from 晚于 --to", "请核对日期。"));
    }
    match own_date(sheet) {
        Some(field) => Ok(Some(Period {
            field: field.id.clone(),
            from,
            to,
        })),
        None => Err(Refusal::new("no_date", format!("{}没有日期可筛", sheet.label))
            .hint("请去掉 --from、--to。")
            .into()),
    }
}

/// The day a record came from: received, found, held, effective. Deadlines lie ahead and say nothing about it.
pub fn own_date(sheet: &Sheet) -> Option<&Field> {
    sheet
        .fields
        .iter()
        .find(|field| field.kind == FieldType::Date && field.column && field.id != "due")
}
