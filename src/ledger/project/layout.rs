//! The list table of each register, made from its sheet: typed columns, references as row ids, one index per filter
//! and order.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::domain::fault::Fault;
use crate::domain::policy::{Flow, Policy};
use crate::domain::review::Reviews;
use crate::domain::sheet::{Field, FieldType, Sheet, Sheets};

/// The fixed derived tables, and after this line their indexes.
const INDEXES: &str = "-- Indexes,";
const FIXED: &str = include_str!("../../../assets/schema/projections.sql");
/// Raised when the projector fills the same tables differently.
const VERSION: u32 = 4;
/// Kinds whose titles are looked up whole; as in the index `stream_title`.
pub const DIRECTORY: &str = "kind IN ('unit', 'section', 'post', 'person', 'body', 'account')";

/// True for kinds whose streams are named in other streams.
pub fn is_directory(kind: &str) -> bool {
    matches!(kind, "unit" | "section" | "post" | "person" | "body" | "account")
}

/// Where a column's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A field of the sheet, by its place.
    Field(usize),
    /// The running deadline's step.
    DueStep,
    /// Its unit of length.
    DueKind,
    /// Who owes it.
    DueOwner,
    /// 暂定.
    DueProvisional,
}

/// One column of a list table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in SQL, without quotes.
    pub name: String,
    /// Where its value comes from.
    pub source: Source,
}

/// One list table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The register.
    pub sheet: Arc<Sheet>,
    /// Name in SQL.
    pub name: String,
    /// Columns after `id`.
    pub columns: Vec<Column>,
    /// Fields that have a column and an index, by place in the sheet.
    pub filters: Vec<usize>,
}

/// What a register asks of the tables of its own: another value means its rows are made anew.
pub type Shape = String;

/// All list tables in force.
#[derive(Debug, Clone)]
pub struct Layout {
    /// By register.
    pub tables: BTreeMap<String, Arc<Table>>,
    /// Which words for stages the lists hold (§0.15).
    pub flow: Flow,
    /// By when points have to be reviewed.
    pub reviews: Reviews,
    /// Changes with everything the tables depend on.
    pub hash: [u8; 32],
}

impl Table {
    fn new(sheet: &Arc<Sheet>) -> Self {
        let places = || sheet.fields.iter().enumerate();
        let mut columns: Vec<Column> = places()
            .filter(|(_, field)| field.column)
            .map(|(place, field)| Column {
                name: column_name(field),
                source: Source::Field(place),
            })
            .collect();
        if sheet.field("due").is_some_and(|f| f.column && f.computed) {
            columns.extend(
                [
                    ("due_step", Source::DueStep),
                    ("due_kind", Source::DueKind),
                    ("due_owner", Source::DueOwner),
                    ("due_provisional", Source::DueProvisional),
                ]
                .map(|(name, source)| Column {
                    name: name.into(),
                    source,
                }),
            );
        }
        Self {
            name: format!("list_{}", sheet.id),
            columns,
            filters: places().filter(|(_, f)| f.column && f.filter).map(|(i, _)| i).collect(),
            sheet: Arc::clone(sheet),
        }
    }

    /// The field a column shows; `None` for the parts of a deadline.
    pub fn field(&self, column: &Column) -> Option<&Field> {
        match column.source {
            Source::Field(place) => self.sheet.fields.get(place),
            _ => None,
        }
    }

    /// True when lists can be narrowed by this field.
    pub fn filters_by(&self, field: &str) -> bool {
        self.filters.iter().any(|i| self.sheet.fields[*i].id == field)
    }

    /// The statement that makes the table.
    pub fn ddl(&self) -> String {
        let mut sql = format!("CREATE TABLE \"{}\" (\n  id INTEGER PRIMARY KEY", self.name);
        for column in &self.columns {
            let kind = match self.field(column).map(|f| f.kind) {
                Some(FieldType::Number | FieldType::Flag | FieldType::Body) => "INTEGER",
                Some(kind) if kind.is_reference() => "INTEGER",
                None if column.source == Source::DueProvisional => "INTEGER",
                _ => "TEXT",
            };
            let _ = write!(sql, ",\n  \"{}\" {kind}", column.name);
        }
        sql.push_str("\n) STRICT;\n");
        sql
    }

    /// The statements that make its indexes.
    pub fn indexes(&self) -> String {
        let mut sql = String::new();
        let mut indexed: Vec<String> = self
            .filters
            .iter()
            .map(|i| column_name(&self.sheet.fields[*i]))
            .collect();
        for order in self.orders() {
            let name = self.sheet.field(&order).map(column_name).unwrap_or(order);
            if !indexed.contains(&name) {
                indexed.push(name);
            }
        }
        for name in indexed {
            let table = &self.name;
            let _ = writeln!(sql, "CREATE INDEX \"{table}_{name}\" ON \"{table}\"(\"{name}\", id);");
        }
        sql
    }

    /// What rows of this register depend on: its columns, and what is searched, counted and titled.
    pub fn shape(&self) -> Shape {
        let sheet = &self.sheet;
        let searched: Vec<&str> = sheet
            .fields
            .iter()
            .filter(|f| f.search)
            .map(|f| f.id.as_str())
            .collect();
        format!(
            "{}{}\n{searched:?}{:?}{}{}",
            self.ddl(),
            self.indexes(),
            sheet.figures,
            sheet.title,
            sheet.prefix
        )
    }

    /// Columns a list can be ordered by: the sheet's own orders, and the deadline where there is one.
    pub fn orders(&self) -> Vec<String> {
        let mut orders: Vec<String> = self.sheet.orders.iter().map(|o| o.column.clone()).collect();
        if self.columns.iter().any(|c| c.source == Source::DueStep) && !orders.iter().any(|o| o == "due") {
            orders.push("due".into());
        }
        orders
    }
}

/// The column of a field; `id` is taken by the row id.
pub fn column_name(field: &Field) -> String {
    if field.id == "id" {
        "id_".into()
    } else {
        field.id.clone()
    }
}

impl Layout {
    /// The tables for these registers.
    pub fn new(sheets: &Sheets, policy: &Policy) -> Self {
        let (flow, reviews) = (policy.flow, policy.review.clone());
        let plain = |sheet: &&Arc<Sheet>| {
            !sheet.id.is_empty()
                && sheet
                    .id
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let tables: BTreeMap<String, Arc<Table>> = sheets
            .iter()
            .filter(plain)
            .map(|sheet| (sheet.id.clone(), Arc::new(Table::new(sheet))))
            .collect();
        let mut hasher = Sha256::new();
        hasher.update(format!("{VERSION}\n{flow:?}\n{reviews:?}\n{FIXED}"));
        tables.values().for_each(|table| hasher.update(table.shape()));
        Self {
            tables,
            flow,
            reviews,
            hash: hasher.finalize().into(),
        }
    }

    /// The list table of a register.
    pub fn table(&self, register: &str) -> Option<&Arc<Table>> {
        self.tables.get(register)
    }

    /// True when `kind`'s list table answers "who points at X by this relation" with an index of its own.
    pub fn answers(&self, kind: &str, relation: &str) -> bool {
        // A measure against people points at several of them, its column holds the first; a risk point's measure
        // has no unit link of its own.
        !matches!(
            (kind, relation),
            ("admonition" | "accountability", "person") | ("measure", _)
        ) && self.table(kind).is_some_and(|table| {
            table.filters_by(relation) && table.sheet.field(relation).is_some_and(|f| f.kind.is_reference())
        })
    }

    /// List tables, and their indexed columns, that point at streams of this kind.
    pub fn pointing_at(&self, kind: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for table in self.tables.values() {
            for field in table.filters.iter().map(|place| &table.sheet.fields[*place]) {
                let points = match field.kind {
                    FieldType::Unit => kind == "unit",
                    FieldType::Section => kind == "section",
                    FieldType::Post => kind == "post",
                    FieldType::Person => kind == "person",
                    FieldType::Record => field.register == kind,
                    _ => false,
                };
                if points {
                    found.push((table.name.clone(), column_name(field)));
                }
            }
        }
        found
    }

    /// Makes the tables with their indexes; they must not exist.
    pub fn create(&self, conn: &Connection) -> Result<(), Fault> {
        self.create_tables(conn)?;
        self.create_indexes(conn)
    }

    /// Makes the tables alone, to be filled before they are indexed.
    pub fn create_tables(&self, conn: &Connection) -> Result<(), Fault> {
        let (tables, _) = FIXED.split_once(INDEXES).unwrap_or((FIXED, ""));
        conn.execute_batch(tables)?;
        for table in self.tables.values() {
            conn.execute_batch(&table.ddl())?;
        }
        conn.execute("INSERT INTO projection (name, hash) VALUES ('layout', ?1)", [self.hash])?;
        Ok(())
    }

    /// Indexes the tables.
    pub fn create_indexes(&self, conn: &Connection) -> Result<(), Fault> {
        let (_, indexes) = FIXED.split_once(INDEXES).unwrap_or_default();
        // The rest of the marker's own line is still a comment.
        conn.execute_batch(&format!("--{indexes}"))?;
        for table in self.tables.values() {
            conn.execute_batch(&table.indexes())?;
        }
        Ok(())
    }

    /// Notes that the tables in the file are these now.
    pub fn note(&self, conn: &Connection) -> Result<(), Fault> {
        conn.execute("UPDATE projection SET hash = ?1 WHERE name = 'layout'", [self.hash])?;
        Ok(())
    }

    /// True when a file has derived tables at all.
    pub fn made(conn: &Connection) -> Result<bool, Fault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'projection')";
        Ok(conn.query_row(sql, [], |row| row.get(0))?)
    }

    /// True when the tables in the file are these.
    pub fn stands(&self, conn: &Connection) -> Result<bool, Fault> {
        if !Self::made(conn)? {
            return Ok(false);
        }
        let hash: Option<[u8; 32]> = conn
            .query_row("SELECT hash FROM projection WHERE name = 'layout'", [], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(hash == Some(self.hash))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::sheet::shipped_registers;

    fn policy(flow: Flow) -> Policy {
        let shipped = Policy::parse(Policy::shipped()).unwrap();
        Policy { flow, ..shipped }
    }

    fn layout() -> Layout {
        Layout::new(&Sheets::parse(&shipped_registers()).0, &policy(Flow::Light))
    }

    #[test]
    fn the_tables_of_all_shipped_registers_can_be_made() {
        let conn = Connection::open_in_memory().unwrap();
        assert!(!layout().stands(&conn).unwrap());
        layout().create(&conn).unwrap();
        assert!(layout().stands(&conn).unwrap());
    }

    #[test]
    fn every_filter_and_order_walks_a_covering_index() {
        let conn = Connection::open_in_memory().unwrap();
        let layout = layout();
        layout.create(&conn).unwrap();
        for table in layout.tables.values() {
            let filters = table.filters.iter().map(|i| column_name(&table.sheet.fields[*i]));
            for column in filters.chain(table.orders()) {
                let sql = format!(
                    "EXPLAIN QUERY PLAN SELECT id FROM \"{}\" WHERE \"{column}\" = 'x' AND id < 9 ORDER BY id DESC",
                    table.name
                );
                let plan: String = conn.query_row(&sql, [], |row| row.get(3)).unwrap();
                assert!(plan.contains("COVERING INDEX"), "{}.{column}: {plan}", table.name);
            }
        }
    }

    #[test]
    fn another_flow_or_search_field_is_another_layout() {
        let (sheets, _) = Sheets::parse(&shipped_registers());
        assert_ne!(layout().hash, Layout::new(&sheets, &policy(Flow::Full)).hash);
        assert_eq!(layout().hash, Layout::new(&sheets, &policy(Flow::Light)).hash);
    }
}
