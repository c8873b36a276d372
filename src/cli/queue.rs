//! `queue`: what waits at every body, or one body's queue with its matters of all kinds.

use clap::Args;
use serde_json::{Value, json};

use super::look::Look;
use super::output::Table;
use super::setting::Setting;
use super::{Done, items, output};
use crate::domain::fault::{Fault, FaultKind, Stop};
use crate::ledger::query::{At, BodyQueue, Item, ListQuery, Waiting};

/// `queue`.
#[derive(Debug, Args)]
#[command(
    about = "各机构的队列：预警红橙黄和其他待办；写机构则列出其事项",
    after_help = "例：
  lianneng queue
  lianneng queue 区纪委监察局
  lianneng queue 全区 --limit 0
  lianneng queue implementation:DW-XY-0012 --json"
)]
pub struct Queue {
    #[arg(
        value_name = "机构",
        help_heading = "参数",
        help = "如 指委会、区财政局推委会、discipline；全区写 全区"
    )]
    body: Option<String>,
    #[arg(long, value_name = "条数", help = "每一类最多列多少条（不写为 1000，0 为全部）")]
    limit: Option<usize>,
}

/// Matters of one kind listed unless asked otherwise; also how many are read at once.
const PAGE: usize = 1_000;

/// Runs it.
pub fn run(args: &Queue, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let most = match args.limit {
        None => PAGE,
        Some(0) => usize::MAX,
        Some(most) => most,
    };
    match &args.body {
        None => all(&look, setting),
        Some(body) => one(&look, body, most, setting),
    }
}

/// A body's numbers in JSON: those of its warnings, and under `kinds` everything that waits there.
fn numbers(queue: &BodyQueue, waiting: &[Waiting]) -> Result<Value, Stop> {
    let mut numbers = serde_json::to_value(queue).map_err(|error| Fault::new(FaultKind::World, error.to_string()))?;
    if let Value::Object(keys) = &mut numbers {
        keys.insert("kinds".into(), json!(waiting));
    }
    Ok(numbers)
}

fn all(look: &Look, setting: &Setting) -> Done {
    let bodies = look.reader.queues()?;
    let waiting: Vec<Vec<Waiting>> = bodies
        .iter()
        .map(|queue| look.reader.waiting(&queue.body))
        .collect::<Result<_, _>>()?;
    let both = || bodies.iter().zip(&waiting);
    if setting.json() {
        let bodies: Vec<Value> = both()
            .map(|(queue, waiting)| numbers(queue, waiting))
            .collect::<Result<_, _>>()?;
        output::json(&json!({ "bodies": bodies }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new([
        "机构",
        "红",
        "橙",
        "黄",
        "待评估",
        "逾期",
        "其他待办",
        "其他逾期",
        "代号",
    ]);
    // A district has dozens of bodies; those with nothing to do are left out of the table, not of the JSON.
    let mut idle = 0;
    for (queue, waiting) in both() {
        if waiting.is_empty() && queue.body != "all" {
            idle += 1;
            continue;
        }
        let others = || waiting.iter().filter(|kind| kind.kind != "warning");
        let count = |number: i64| if number == 0 { String::new() } else { number.to_string() };
        table.row([
            queue.name.clone(),
            count(queue.red),
            count(queue.orange),
            count(queue.yellow),
            count(queue.unassessed),
            count(queue.overdue),
            count(others().map(|kind| kind.waiting).sum()),
            count(others().map(|kind| kind.overdue).sum()),
            queue.body.clone(),
        ]);
    }
    table.print()?;
    if idle > 0 {
        output::say(format!("另有 {idle} 个机构没有待办事项。"));
    }
    Ok(output::code::DONE)
}

fn one(look: &Look, body: &str, most: usize, setting: &Setting) -> Done {
    let named = match body {
        "all" | "全区" => body.to_owned(),
        // Read by the directory, which knows more ways to write a body than the queue's own key does.
        typed => look.body(typed)?.to_string(),
    };
    let queue = look.reader.queue_counts(&named)?;
    let waiting = look.reader.waiting(&named)?;
    let mut shown = Vec::new();
    for kind in &waiting {
        shown.push((kind, matters(look, &kind.kind, &named, most)?));
    }
    if setting.json() {
        let items: Vec<&Item> = shown.iter().flat_map(|(_, items)| items).collect();
        output::json(&json!({ "bodies": [numbers(&queue, &waiting)?], "items": items }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["类别", "等级", "编号", "对象", "事由", "环节", "期限", "轮到"]);
    for (kind, items) in &shown {
        for item in items {
            let [grade, code, about, title, stage, left, turn] = items::matter(item);
            table.row([kind.label.clone(), grade, code, about, title, stage, left, turn]);
        }
    }
    table.print()?;
    output::say(format!(
        "{}预警：红 {}、橙 {}、黄 {}，待评估 {}，逾期 {}。",
        queue.name, queue.red, queue.orange, queue.yellow, queue.unassessed, queue.overdue
    ));
    let others: Vec<String> = waiting.iter().filter(|kind| kind.kind != "warning").map(told).collect();
    if !others.is_empty() {
        output::say(format!("其他待办：{}。", others.join("、")));
    }
    for (kind, items) in &shown {
        let rest = kind.waiting - i64::try_from(items.len()).unwrap_or(i64::MAX);
        if rest > 0 {
            output::say(format!("{}另有 {rest} 件没有列出；加 --limit 0 列出全部。", kind.label));
        }
    }
    Ok(output::code::DONE)
}

fn told(kind: &Waiting) -> String {
    match kind.overdue {
        0 => format!("{} {}", kind.label, kind.waiting),
        late => format!("{} {}（逾期 {late}）", kind.label, kind.waiting),
    }
}

fn matters(look: &Look, kind: &str, body: &str, most: usize) -> Result<Vec<Item>, Stop> {
    let mut query = ListQuery {
        register: kind.to_owned(),
        filters: vec![("queue".into(), body.to_owned())],
        limit: PAGE.min(most),
        ..ListQuery::default()
    };
    let mut shown = Vec::new();
    loop {
        let page = look.reader.list(&query)?;
        shown.extend(page.items);
        match page.keys.last().filter(|_| page.more_after && shown.len() < most) {
            Some(key) => query.at = At::After(key.clone()),
            None => {
                shown.truncate(most);
                return Ok(shown);
            }
        }
    }
}
