//! Pane 5: every register by the article's 4 + 4 + 5, and its records with the columns of its sheet.

use super::OfficeStore;
use super::nav::count_of;
use crate::app::store::{Counts, ListRow, NavRow};
use crate::domain::fault::Stop;
use crate::domain::sheet::Sheet;
use crate::ledger::query::Item;

/// The article's order of the tags; what has none stands last.
const TAGS: [&str; 13] = [
    "四会", "搜", "清", "定", "能", "教育", "监督", "预警", "防控", "激励", "干部", "公文", "系统",
];

/// The registers, by tag and name, each with how many records it has.
pub fn nav(store: &OfficeStore) -> Result<Vec<NavRow>, Stop> {
    let texts = store.reader().texts();
    let place = |sheet: &Sheet| TAGS.iter().position(|tag| *tag == sheet.tag).unwrap_or(TAGS.len());
    let mut sheets: Vec<_> = texts.sheets.iter().collect();
    sheets.sort_by(|a, b| (place(a), &a.tag, &a.label).cmp(&(place(b), &b.tag, &b.label)));
    sheets
        .into_iter()
        .map(|sheet| {
            Ok(NavRow {
                id: sheet.id.clone(),
                label: format!("{} {}", sheet.tag, sheet.label).trim().to_owned(),
                counts: Counts {
                    plain: Some(count_of(store, &sheet.id, &[])?),
                    ..Counts::default()
                },
                register: Some(sheet.id.clone()),
                ..NavRow::default()
            })
        })
        .collect()
}

/// The titles of a register's columns.
pub fn columns(sheet: &Sheet) -> Vec<String> {
    let shown = sheet.fields.iter().filter(|field| field.column);
    shown.map(|field| field.label.clone()).collect()
}

/// One record.
pub fn row(item: &Item, key: &str, sheet: &Sheet) -> ListRow {
    let cell = |id: &String| item.labels.get(id).cloned().unwrap_or_default().replace('\n', " ");
    let shown = sheet.fields.iter().filter(|field| field.column);
    ListRow {
        stream: item.stream.to_string(),
        key: key.to_owned(),
        code: item.code.clone(),
        cells: shown.map(|field| cell(&field.id)).collect(),
        ..ListRow::default()
    }
}
