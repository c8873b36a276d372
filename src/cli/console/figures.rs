//! Pane 8: the article's figures for this office, the same as `stats` counts.

use super::OfficeStore;
use crate::app::store::{Columns, Detail, ListQuery, ListRow, NavRow, Page};
use crate::domain::fault::Stop;

/// What a row of this pane is called instead of a stream.
const PREFIX: &str = "figure:";

/// The tables and pictures there are.
pub fn nav() -> Vec<NavRow> {
    vec![NavRow {
        id: "article".to_owned(),
        label: "本区数字".to_owned(),
        ..NavRow::default()
    }]
}

/// The figures as rows.
pub fn page(store: &OfficeStore, _query: &ListQuery) -> Result<Page, Stop> {
    let figures = store.reader().stats()?.figures;
    let rows: Vec<ListRow> = figures
        .into_iter()
        .map(|(id, figure)| ListRow {
            stream: format!("{PREFIX}{id}"),
            key: id.clone(),
            code: id,
            cells: vec![figure.label, figure.value.to_string()],
            ..ListRow::default()
        })
        .collect();
    Ok(Page {
        columns: vec!["项目".to_owned(), "数字".to_owned()],
        standing: Columns::NONE,
        total: u64::try_from(rows.len()).ok(),
        rows,
        ..Page::default()
    })
}

/// What stands beside a figure; `None` when the stream is a matter.
pub fn detail(store: &OfficeStore, stream: &str) -> Result<Option<Detail>, Stop> {
    let Some(id) = stream.strip_prefix(PREFIX) else {
        return Ok(None);
    };
    let figures = store.reader().stats()?.figures;
    let figure = figures.get(id);
    Ok(Some(Detail {
        stream: stream.to_owned(),
        code: id.to_owned(),
        title: figure
            .map(|figure| format!("{}：{}", figure.label, figure.value))
            .unwrap_or_default(),
        ..Detail::default()
    }))
}
