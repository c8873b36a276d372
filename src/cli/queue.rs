//! `queue`: the warning queue of every body, or one body's queue with its matters.

use clap::Args;
use serde_json::json;

use super::look::Look;
use super::output::Table;
use super::setting::Setting;
use super::{Done, items, output};
use crate::domain::fault::Stop;
use crate::ledger::query::{At, BodyQueue, Item, ListQuery};

/// `queue`.
#[derive(Debug, Args)]
#[command(
    about = "各机构的预警队列；写机构则列出其事项",
    after_help = "例：
  lianneng queue
  lianneng queue 区纪委监察局
  lianneng queue implementation:DW-XY-0012 --json"
)]
pub struct Queue {
    #[arg(
        value_name = "机构",
        help_heading = "参数",
        help = "如 指委会、区财政局推委会、discipline；全区写 全区"
    )]
    body: Option<String>,
}

/// Matters read at once.
const PAGE: usize = 1_000;

/// Runs it.
pub fn run(args: &Queue, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    match &args.body {
        None => all(&look, setting),
        Some(body) => one(&look, body, setting),
    }
}

fn all(look: &Look, setting: &Setting) -> Done {
    let bodies = look.reader.queues()?;
    if setting.json() {
        output::json(&json!({ "bodies": bodies }))?;
        return Ok(output::code::DONE);
    }
    let mut table = Table::new(["机构", "红", "橙", "黄", "待评估", "逾期", "代号"]);
    // A district has dozens of bodies; those with nothing to do are left out of the table, not of the JSON.
    let busy =
        |queue: &&BodyQueue| queue.body == "all" || queue.red + queue.orange + queue.yellow + queue.unassessed > 0;
    for queue in bodies.iter().filter(busy) {
        let count = |number: i64| if number == 0 { String::new() } else { number.to_string() };
        table.row([
            queue.name.clone(),
            count(queue.red),
            count(queue.orange),
            count(queue.yellow),
            count(queue.unassessed),
            count(queue.overdue),
            queue.body.clone(),
        ]);
    }
    table.print()?;
    let idle = bodies.len() - bodies.iter().filter(busy).count();
    if idle > 0 {
        output::say(format!("另有 {idle} 个机构没有在办预警。"));
    }
    Ok(output::code::DONE)
}

fn one(look: &Look, body: &str, setting: &Setting) -> Done {
    let named = match body {
        "all" | "全区" => body.to_owned(),
        // Read by the directory, which knows more ways to write a body than the queue's own key does.
        typed => look.body(typed)?.to_string(),
    };
    let queue = look.reader.queue_counts(&named)?;
    let shown = matters(look, &named)?;
    if setting.json() {
        output::json(&json!({ "bodies": [queue], "items": shown }))?;
        return Ok(output::code::DONE);
    }
    items::of_matters(shown.iter()).print()?;
    output::say(format!(
        "{}：红 {}、橙 {}、黄 {}，待评估 {}，逾期 {}。",
        queue.name, queue.red, queue.orange, queue.yellow, queue.unassessed, queue.overdue
    ));
    Ok(output::code::DONE)
}

fn matters(look: &Look, body: &str) -> Result<Vec<Item>, Stop> {
    let mut query = ListQuery {
        register: "warning".into(),
        filters: vec![("queue".into(), body.to_owned())],
        limit: PAGE,
        ..ListQuery::default()
    };
    let mut shown = Vec::new();
    loop {
        let page = look.reader.list(&query)?;
        shown.extend(page.items);
        match page.keys.last().filter(|_| page.more_after) {
            Some(key) => query.at = At::After(key.clone()),
            None => return Ok(shown),
        }
    }
}
