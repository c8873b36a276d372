//! Everything about one unit in a period, whatever its register.

use chrono::NaiveDate;

use super::item::Item;
use super::{Ask, Reader};
use crate::domain::StreamId;
use crate::domain::tag::{self, Tag};

/// One matter of a unit to which something happened in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitItem {
    /// The matter.
    pub item: Item,
    /// The last day something happened to it in the period.
    pub day: NaiveDate,
    /// Where it stands among the thirteen tags.
    pub tag: Tag,
}

impl Reader {
    /// The matters of a unit to which something happened from one day to another, both included; newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unit_items(&self, unit: StreamId, from: NaiveDate, to: NaiveDate) -> Result<Vec<UnitItem>, Ask> {
        self.ask(|| {
            let Some(unit) = self.row(unit)? else {
                return Ok(Vec::new());
            };
            let texts = self.texts();
            let kept = self.kept()?;
            let mut found: Vec<UnitItem> = Vec::new();
            for (kind, table) in &texts.layout.tables {
                let sql = if texts.layout.answers(kind, "unit") {
                    format!("SELECT id FROM main.\"list_{kind}\" WHERE \"unit\" = ?1 AND ?2 = ?2")
                } else {
                    "SELECT id FROM link WHERE target = ?1 AND relation = 'unit' AND kind = ?2".to_owned()
                };
                let ids: Vec<i64> = self
                    .conn
                    .prepare_cached(&sql)?
                    .query_map((unit.id, kind), |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                for id in ids.into_iter().filter(|id| !kept.holds(*id)) {
                    let Some(day) = self.last_between(id, from, to)? else {
                        continue;
                    };
                    let item = self.row_item(table, id, false)?;
                    let tag = tag::of(&table.sheet.tag, item.lead_body.as_deref());
                    found.push(UnitItem { item, day, tag });
                }
            }
            found.sort_by_key(|one| std::cmp::Reverse((one.day, one.item.id)));
            Ok(found)
        })
    }

    /// The matters of a unit that owe one step between two days (`YYYY-MM-DD`, both included); the earliest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn owed(&self, kind: &str, unit: StreamId, step: &str, days: (&str, &str)) -> Result<Vec<Item>, Ask> {
        self.ask(|| {
            let table = self.table(kind)?;
            let Some(unit) = self.row(unit)? else {
                return Ok(Vec::new());
            };
            let sql = format!(
                "SELECT id FROM due WHERE kind = ?1 AND unit = ?2 AND step = ?3 AND day BETWEEN ?4 AND ?5{} ORDER BY day, id",
                self.kept()?.but("+id")
            );
            let ids: Vec<i64> = self
                .conn
                .prepare_cached(&sql)?
                .query_map((&table.sheet.id, unit.id, step, days.0, days.1), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let items = ids.into_iter().map(|id| self.row_item(&table, id, false));
            Ok::<_, Ask>(items.collect::<Result<_, _>>()?)
        })
    }

    /// The last day in a period on which something happened to a stream that is still there.
    fn last_between(&self, id: i64, from: NaiveDate, to: NaiveDate) -> Result<Option<NaiveDate>, Ask> {
        let day: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT max(a.happened) FROM stream s JOIN event e ON e.stream = s.stream JOIN act a ON a.seq = e.act
                 WHERE s.id = ?1 AND s.gone = 0 AND a.happened BETWEEN ?2 AND ?3",
            )?
            .query_row((id, from.to_string(), to.to_string()), |row| row.get(0))?;
        Ok(day.as_deref().map(crate::ledger::project::fold::day).transpose()?)
    }
}
