//! `show`: one matter with its timeline.

use clap::Args;

use super::look::Look;
use super::output::Table;
use super::setting::Setting;
use super::{Done, harmless, items, list, output};
use crate::domain::fault::Stop;
use crate::ledger::query::{Item, Shown};

/// `show`.
#[derive(Debug, Args)]
#[command(
    about = "看一个事项：内容和历程",
    after_help = "例：
  lianneng show YJ-XY-2026-0031"
)]
pub struct Show {
    #[arg(
        value_name = "编号",
        help_heading = "参数",
        help = "事项编号；单位、岗位、人员也可写名称"
    )]
    code: String,
}

/// Runs it.
pub fn run(args: &Show, setting: &Setting) -> Done {
    let look = Look::open(setting)?;
    let shown = look.reader.show(&args.code)?;
    if setting.json() {
        output::json(&shown)?;
        return Ok(output::code::DONE);
    }
    facts(&look, &shown.item)?;
    timeline(&shown)?;
    Ok(output::code::DONE)
}

fn facts(look: &Look, item: &Item) -> Result<(), Stop> {
    let sheet = list::sheet_of(look, &item.kind)?;
    let mut lines = vec![format!("{}  {}", item.code, harmless::one_line(&item.title))];
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            // Long texts keep their lines, set in under the label.
            lines.push(format!("  {label}：{}", harmless::lines(value).replace('\n', "\n    ")));
        }
    };
    for field in sheet.fields.iter().filter(|field| field.id != "due") {
        let label = item.labels.get(&field.id).map(String::as_str).unwrap_or_default();
        if field.id == "verb" {
            line(&field.label, &items::verb_label(label));
        } else {
            line(&field.label, label);
        }
    }
    if !sheet.fields.iter().any(|field| field.id == "stage") {
        line("状态", item.labels.get("stage").map(String::as_str).unwrap_or_default());
    }
    if let (Some(day), Some(owed)) = (item.due, &item.owed) {
        let texts = look.reader.texts();
        let step = texts.policy.step_label(&owed.step).unwrap_or(owed.step.as_str());
        line("期限", &format!("{day} {step}（{}）", items::left(item)));
    }
    line("轮到", items::waiting(item));
    line("版本", &item.version.to_string());
    output::text(lines.join("\n"))
}

fn timeline(shown: &Shown) -> Result<(), Stop> {
    output::text("")?;
    let mut table = Table::new(["步骤", "日期", "办理", "情况", "记录"]).whole();
    for step in &shown.timeline {
        let undone = if step.undone { "（已撤回）" } else { "" };
        let late = if step.late { "（补录）" } else { "" };
        let told = [step.who.as_str(), step.text.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty());
        table.row([
            step.step.to_string(),
            step.day.to_string(),
            format!("{}{undone}", step.label),
            told.collect::<Vec<_>>().join(" "),
            format!("{} {}{late}", short(&step.at), step.operator_name),
        ]);
    }
    table.print()
}

/// `2026-11-23T09:00:00+08:00` to the minute.
fn short(moment: &str) -> String {
    moment.get(..16).unwrap_or(moment).replace('T', " ")
}
