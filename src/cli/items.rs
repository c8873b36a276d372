//! Items as tables: a register's own columns, or the columns every matter has.

use super::output::Table;
use crate::domain::sheet::Sheet;
use crate::domain::{DayKind, Verb};
use crate::ledger::query::Item;

/// A table with the columns a register shows in lists.
pub fn of_register(sheet: &Sheet, items: &[Item]) -> Table {
    let shown: Vec<_> = sheet.fields.iter().filter(|field| field.width > 0).collect();
    let titled = shown.iter().any(|field| field.id == sheet.title);
    let mut heads = vec!["编号"];
    heads.extend(shown.iter().map(|field| field.label.as_str()));
    if !titled {
        heads.push("内容");
    }
    let mut table = Table::new(heads);
    for item in items {
        let mut row = vec![item.code.clone()];
        row.extend(shown.iter().map(|field| match field.id.as_str() {
            "due" => left(item),
            // Stored by its id, since acts travel whole; people read its name.
            "verb" => item.labels.get("verb").map(|verb| verb_label(verb)).unwrap_or_default(),
            id => item.labels.get(id).cloned().unwrap_or_default(),
        }));
        if !titled {
            row.push(item.title.clone());
        }
        table.row(row);
    }
    table
}

/// A table with the columns every matter has: grade, code, about whom, what, where it stands, until when, whose move.
pub fn of_matters<'a>(items: impl Iterator<Item = &'a Item>) -> Table {
    let mut table = Table::new(["等级", "编号", "对象", "事由", "环节", "期限", "轮到"]);
    for item in items {
        table.row(matter(item));
    }
    table
}

/// One row of [`of_matters`].
pub fn matter(item: &Item) -> [String; 7] {
    let grade = item
        .grade
        .map(|grade| format!("[{}]", grade.label()))
        .unwrap_or_default();
    let about: Vec<&str> = [&item.unit, &item.post, &item.person]
        .into_iter()
        .filter_map(|name| name.as_deref())
        .collect();
    let co = if item.role == Some("co") { "（协办）" } else { "" };
    let stage = item.labels.get("stage").cloned().unwrap_or_default();
    [
        grade,
        item.code.clone(),
        about.join("·"),
        item.title.clone(),
        format!("{stage}{co}"),
        left(item),
        waiting(item).to_owned(),
    ]
}

/// `剩2日`, `逾期3日`, `今日到期`; `*` = calendar days; （暂定） where a notice is missing.
pub fn left(item: &Item) -> String {
    let (Some(days), Some(owed)) = (item.days_left, &item.owed) else {
        return item.due.map(|day| day.to_string()).unwrap_or_default();
    };
    let star = if owed.kind == DayKind::Working { "" } else { "*" };
    match days {
        _ if item.overdue => format!("逾期{}日{star}", days.abs().max(1)),
        0 => "今日到期".to_owned(),
        days => format!("剩{days}日{star}{}", if owed.provisional { "（暂定）" } else { "" }),
    }
}

/// Whose move it is.
pub fn waiting(item: &Item) -> &'static str {
    match item.waiting_for {
        Some("signature") => "领导待签",
        Some("subject") => "对方",
        Some("office") => "我方",
        _ => "",
    }
}

/// A verb's name.
pub fn verb_label(id: &str) -> String {
    Verb::find(id).map_or_else(|| id.to_owned(), |verb| verb.label().to_owned())
}
