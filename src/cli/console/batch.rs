//! A row of the landing pane that is many points of a unit, and the list it leads to.

use super::{OfficeStore, lists};
use crate::app::show;
use crate::app::store::{At, ListQuery, ListRow, Page};
use crate::domain::fault::Stop;
use crate::domain::telling::left_words;
use crate::domain::{DayKind, StreamId};
use crate::ledger::query::Batch;

/// The filter that leaves what owes one step; with `unit`, `from` and `to` beside it.
pub const STEP: &str = "owed";

/// `区财政局 审核定级 43 件 剩5日`.
pub fn row(batch: &Batch, key: &str) -> ListRow {
    let filter = |name: &str, value: String| (name.to_owned(), value);
    ListRow {
        stream: batch.unit.to_string(),
        key: key.to_owned(),
        code: format!("{} 件", batch.count),
        cells: vec![batch.name.clone()],
        // the narrowest window shows it too
        stage: batch.step.clone(),
        due: left_words(batch.days_left, DayKind::Working, false),
        overdue: batch.days_left < 0,
        waiting_for: show::waiting_for(batch.owner).to_owned(),
        leads_to: Some(Box::new(ListQuery {
            register: batch.kind.clone(),
            filters: vec![
                filter("unit", batch.unit.to_string()),
                filter(STEP, batch.owed.clone()),
                filter("from", batch.day.to_string()),
                filter("to", batch.last.to_string()),
            ],
        })),
        ..ListRow::default()
    }
}

/// The list it leads to, whole; `None` for any other list.
pub fn page(store: &OfficeStore, query: &ListQuery, at: &At) -> Result<Option<Page>, Stop> {
    let value = |name: &str| {
        let found = query.filters.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let (step, unit) = (value(STEP), StreamId::parse(value("unit")));
    let Some(unit) = unit.filter(|_| !step.is_empty()) else {
        return Ok(None);
    };
    let items = match at {
        At::After(_) | At::Before(_) => Vec::new(),
        _ => store
            .reader()
            .owed(&query.register, unit, step, (value("from"), value("to")))?,
    };
    Ok(Some(Page {
        columns: lists::columns(&query.register),
        total: u64::try_from(items.len()).ok(),
        rows: items.iter().map(|item| lists::row(item, &item.code)).collect(),
        ..Page::default()
    }))
}
