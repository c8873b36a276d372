//! What is known now about an earlier day (`--on`): the lists as they stood then.
//!
//! Temporary tables stand in the place of the list tables, the queue and the deadlines, so that every question a reader
//! answers is answered as of that day. Points, measures and plain records, of which there are many, are chosen by spans
//! and by the day of their birth; matters, of which there are few, are folded up to the day, and so are the points that
//! stood in a queue then. What a page shows is folded in any case. What was taken back never was.

use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::types::Value as Cell;

use super::{Ask, Reader};
use crate::domain::fault::{Fault, Refusal};
use crate::domain::sheet::Figure;
use crate::domain::{State, StreamId};
use crate::ledger::project::apply::StreamRow;
use crate::ledger::project::fold;
use crate::ledger::project::ids::Ids;
use crate::ledger::project::layout::{Source, Table};
use crate::ledger::project::{rows, write};

/// Kinds chosen by their spans: too many to be folded one by one.
pub(super) const SPANNED: [&str; 2] = ["risk_point", "measure"];
/// Stages that count in no figure, as `State::counts` says.
const NOT_COUNTED: &str = "'void', 'merged', 'retired'";

impl Reader {
    /// From now on answers as of the end of this day, by what is known today.
    pub fn look_on(&self, day: NaiveDate) -> Result<(), Ask> {
        if day > self.today() {
            return Err(Refusal::new("future_day", format!("{day} 还没有到"))
                .hint("请写今天以前的日期。")
                .into());
        }
        self.on.set(Some(day));
        self.set_today(day);
        self.forget_past()?;
        Ok(())
    }

    /// The day this reader answers about; none for the present.
    pub fn on(&self) -> Option<NaiveDate> {
        self.on.get()
    }

    /// Drops what was made for the day: the file changed, or the day.
    pub(super) fn forget_past(&self) -> Result<(), Fault> {
        let made = std::mem::take(&mut *self.stands.borrow_mut());
        for (name, what) in made {
            self.conn
                .execute_batch(&format!("DROP {what} IF EXISTS temp.\"{name}\""))?;
        }
        self.past_counts.borrow_mut().clear();
        Ok(())
    }

    /// Makes what a register's questions need stand as of the day, once.
    pub(super) fn stand(&self, kind: &str) -> Result<(), Fault> {
        let Some(day) = self.on.get() else { return Ok(()) };
        let texts = self.texts();
        let Some(table) = texts.layout.table(kind) else {
            return Ok(());
        };
        if self.stands.borrow().contains_key(&table.name) {
            return Ok(());
        }
        self.bare_tables()?;
        let matter = table.columns.iter().any(|column| column.name == "stage") && !SPANNED.contains(&kind);
        let what = if matter { "TABLE" } else { "VIEW" };
        self.stands.borrow_mut().insert(table.name.clone(), what);
        if matter {
            return self.fold_all(table, day);
        }
        let view = if SPANNED.contains(&kind) {
            by_spans(table, day)
        } else {
            by_birth(table, day)
        };
        Ok(self.conn.execute_batch(&view)?)
    }

    /// The queue, the deadlines and what waits for a signature, without rows yet.
    fn bare_tables(&self) -> Result<(), Fault> {
        for name in ["queue", "due", "waiting"] {
            if self.stands.borrow_mut().insert(name.to_owned(), "TABLE").is_none() {
                self.conn.execute_batch(&format!(
                    "CREATE TEMP TABLE \"{name}\" AS SELECT * FROM main.\"{name}\" WHERE FALSE"
                ))?;
            }
        }
        Ok(())
    }

    fn fold_all(&self, table: &Table, day: NaiveDate) -> Result<(), Fault> {
        let texts = self.texts();
        let ddl = table.ddl().replacen("CREATE TABLE", "CREATE TEMP TABLE", 1);
        self.conn.execute_batch(&ddl)?;
        // A span says that it was there; what is void today never was.
        let there: Vec<(i64, StreamId)> = self
            .conn
            .prepare(&format!(
                "SELECT l.id, s.stream FROM main.\"{}\" l JOIN main.stream s ON s.id = l.id
                 WHERE EXISTS (SELECT 1 FROM main.stage_span t WHERE t.id = l.id AND t.from_day <= ?1)",
                table.name
            ))?
            .query_map([day.to_string()], |row| Ok((row.get(0)?, StreamId(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        let ids = Ids::new(&self.conn);
        for (id, stream) in there {
            let Some(state) = fold::state_on(&self.conn, stream, texts.layout.flow, day)? else {
                continue;
            };
            let rows = rows::rows(&state, &texts.layout, &ids)?;
            write::past(&self.conn, id, state.kind(), table, rows)?;
        }
        Ok(())
    }

    /// Fills queue and deadlines with the points for which one ran on the day; a span says which, the fold says for
    /// whom and until when. Measures stand in no queue.
    pub(super) fn stand_waiting(&self, kind: &str) -> Result<(), Fault> {
        let (Some(day), "risk_point") = (self.on.get(), kind) else {
            return Ok(());
        };
        let mark = "waiting points".to_owned();
        if self.stands.borrow().contains_key(&mark) {
            return Ok(());
        }
        let texts = self.texts();
        let Some(table) = texts.layout.table(kind) else {
            return Ok(());
        };
        self.bare_tables()?;
        self.stands.borrow_mut().insert(mark, "TABLE");
        let there: Vec<(i64, StreamId)> = self
            .conn
            .prepare(
                "SELECT o.id, s.stream FROM main.open_span o JOIN main.stream s ON s.id = o.id
                 WHERE o.from_day <= ?1 AND (o.to_day IS NULL OR o.to_day > ?1)",
            )?
            .query_map([day.to_string()], |row| Ok((row.get(0)?, StreamId(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        let ids = Ids::new(&self.conn);
        for (id, stream) in there {
            if let Some(state) = fold::state_on(&self.conn, stream, texts.layout.flow, day)? {
                let rows = rows::Rows {
                    list: None,
                    ..rows::rows(&state, &texts.layout, &ids)?
                };
                write::past(&self.conn, id, kind, table, rows)?;
            }
        }
        Ok(())
    }

    /// The state of a stream as this reader's questions see it; none when it was not there yet.
    pub(super) fn state_then(&self, row: &StreamRow) -> Result<Option<Arc<State>>, Fault> {
        match self.on.get() {
            Some(day) => {
                let state = fold::state_on(&self.conn, row.stream, self.texts().layout.flow, day)?;
                Ok(state.filter(|state| !matches!(state, State::Gone { .. })).map(Arc::new))
            }
            None => crate::ledger::project::apply::state_of(&self.conn, row.id).map(Some),
        }
    }

    /// A count over the tables of the day; what is counted once is remembered.
    pub(super) fn count_then(&self, kind: &str, dimension: &str, value: &str) -> Result<i64, Fault> {
        let key = (kind.to_owned(), dimension.to_owned(), value.to_owned());
        if let Some(known) = self.past_counts.borrow().get(&key) {
            return Ok(*known);
        }
        self.stand(kind)?;
        self.stand_waiting(kind)?;
        let but = self.kept()?.but("id");
        let n: i64 = match dimension {
            "queue" => {
                let (body, rank) = value.split_once(':').unwrap_or((value, ""));
                self.conn
                    .prepare_cached(&format!(
                        "SELECT count(*) FROM queue WHERE body = CAST(?1 AS INTEGER) AND kind = ?2
                         AND rank = CAST(?3 AS INTEGER){but}"
                    ))?
                    .query_row((body, kind, rank), |row| row.get(0))?
            }
            "owner" => self
                .conn
                .prepare_cached(&format!("SELECT count(*) FROM due WHERE kind = ?1 AND owner = ?2{but}"))?
                .query_row((kind, value), |row| row.get(0))?,
            // How many there were needs no grade: half of what would be read.
            _ if SPANNED.contains(&kind) => self.conn.query_row(
                &format!(
                    "SELECT count(*) FROM main.\"list_{kind}\" l CROSS JOIN main.stage_span s ON s.id = l.id AND {}
                     WHERE TRUE{}",
                    in_force("s", self.on.get().unwrap_or_else(|| self.today())),
                    self.kept()?.but("l.id")
                ),
                [],
                |row| row.get(0),
            )?,
            _ => self.conn.query_row(
                &format!("SELECT count(*) FROM \"list_{kind}\" WHERE TRUE{but}"),
                [],
                |row| row.get(0),
            )?,
        };
        self.past_counts.borrow_mut().insert(key, n);
        Ok(n)
    }

    /// How many matters of a body's queue in one rank, `body:rank`, were past their day.
    pub(super) fn late_then(&self, kind: &str, place: &str) -> Result<i64, Fault> {
        self.stand(kind)?;
        self.stand_waiting(kind)?;
        let (body, rank) = place.split_once(':').unwrap_or((place, ""));
        let late = self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM queue WHERE body = CAST(?1 AS INTEGER) AND kind = ?2
                 AND rank = CAST(?3 AS INTEGER) AND due < ?4{}",
                self.kept()?.but("id")
            ))?
            .query_row((body, kind, rank, self.today().to_string()), |row| row.get(0))?;
        Ok(late)
    }

    /// One of the article's figures as of the day.
    pub(super) fn figure_then(&self, table: &Table, figure: &Figure) -> Result<i64, Ask> {
        self.stand(&table.sheet.id)?;
        let only: Vec<(String, String)> = figure.only.iter().map(|(f, v)| (f.clone(), v.clone())).collect();
        let mut values = Vec::new();
        let mut conditions = String::from("TRUE");
        for filter in self.filters(table, &only)? {
            conditions.push_str(&format!(" AND \"{}\" IS ?", filter.column));
            values.push(filter.value);
        }
        if !figure.until.is_empty() {
            conditions.push_str(&format!(" AND (\"{0}\" IS NULL OR \"{0}\" >= ?)", figure.until));
            values.push(Cell::Text(self.today().to_string()));
        }
        if table.columns.iter().any(|column| column.name == "stage") {
            conditions.push_str(&format!(" AND stage NOT IN ({NOT_COUNTED})"));
        }
        let amount = match figure.sum.as_str() {
            "" => "count(*)".to_owned(),
            field => format!("coalesce(sum(\"{field}\"), 0)"),
        };
        let sql = format!(
            "SELECT {amount} FROM \"{}\" WHERE {conditions}{}",
            table.name,
            self.kept()?.but("id")
        );
        let found = self
            .conn
            .prepare(&sql)
            .and_then(|mut statement| statement.query_row(rusqlite::params_from_iter(values), |row| row.get(0)));
        Ok(found.map_err(Fault::from)?)
    }
}

/// Points and measures: grade and stage of the day, deadlines unknown, everything else as it is today.
fn by_spans(table: &Table, day: NaiveDate) -> String {
    let name = &table.name;
    let columns: String = table
        .columns
        .iter()
        .map(|column| match (column.name.as_str(), column.source) {
            ("stage", _) => ", s.stage AS stage".to_owned(),
            ("grade", _) => ", g.grade AS grade".to_owned(),
            (name, Source::Field(_)) if !["due", "review_due"].contains(&name) => {
                format!(", l.\"{name}\" AS \"{name}\"")
            }
            (name, _) => format!(", NULL AS \"{name}\""),
        })
        .collect();
    // Crossed, so that the list leads and its own orders hold.
    format!(
        "CREATE TEMP VIEW \"{name}\" AS SELECT l.id AS id{columns} FROM main.\"{name}\" l
         CROSS JOIN main.stage_span s ON s.id = l.id AND {}
         LEFT JOIN main.grade_span g ON g.id = l.id AND {}",
        in_force("s", day),
        in_force("g", day)
    )
}

fn in_force(span: &str, day: NaiveDate) -> String {
    format!("{span}.from_day <= '{day}' AND ({span}.to_day IS NULL OR {span}.to_day > '{day}')")
}

/// Plain records: those that were there; of appointments, those in force.
fn by_birth(table: &Table, day: NaiveDate) -> String {
    let name = &table.name;
    let columns: String = table
        .columns
        .iter()
        .map(|column| format!(", l.\"{0}\" AS \"{0}\"", column.name))
        .collect();
    let held = if table.sheet.id == "appointment" {
        format!(
            "CROSS JOIN main.seat_span t ON t.id = l.id AND t.from_day <= '{day}' AND (t.to_day IS NULL OR t.to_day >= '{day}')"
        )
    } else {
        format!(
            "CROSS JOIN main.event e ON e.seq = l.id CROSS JOIN main.act a ON a.seq = e.act AND a.happened <= '{day}'"
        )
    };
    format!("CREATE TEMP VIEW \"{name}\" AS SELECT l.id AS id{columns} FROM main.\"{name}\" l {held}")
}
