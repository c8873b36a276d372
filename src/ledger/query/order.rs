//! Orders of a list, and the keys by which its pages are found.

use rusqlite::types::Value as Cell;

use crate::domain::fault::Refusal;
use crate::ledger::project::layout::{Table, column_name};

/// Place of a row in an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    /// What the order goes by.
    pub value: Cell,
    /// Row id.
    pub id: i64,
}

impl Key {
    /// As handed out.
    pub fn write(&self) -> String {
        match &self.value {
            Cell::Integer(n) => format!("{}|i{n}", self.id),
            Cell::Text(t) => format!("{}|t{t}", self.id),
            _ => format!("{}|", self.id),
        }
    }

    /// As handed back.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::new("wrong_key", format!("翻页位置“{text}”不能识读")).hint("请从第一页开始");
        let (id, value) = text.split_once('|').ok_or_else(wrong)?;
        let id = id.parse().map_err(|_| wrong())?;
        let value = match value.chars().next() {
            None => Cell::Null,
            Some('i') => Cell::Integer(value[1..].parse().map_err(|_| wrong())?),
            Some('t') => Cell::Text(value[1..].to_owned()),
            Some(_) => return Err(wrong()),
        };
        Ok(Self { value, id })
    }
}

/// Which way a list is walked from a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    Down,
    Up,
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// Column; `None` = the row id.
    pub column: Option<String>,
    /// Greatest first.
    pub descending: bool,
}

/// Where a walk begins in the part of the rows that have a value, or in the part that have none; `None` when the walk
/// does not come through that part.
pub(super) fn part_of<'k>(from: Option<&'k Key>, order: &Order, walk: Walk, empty: bool) -> Option<Option<&'k Key>> {
    let Some(key) = from else { return Some(None) };
    if order.column.is_none() {
        return Some(Some(key));
    }
    let in_empty = key.value == Cell::Null;
    match (in_empty == empty, in_empty, walk) {
        (true, ..) => Some(Some(key)),
        (false, false, Walk::Down) | (false, true, Walk::Up) => Some(None),
        _ => None,
    }
}

pub(super) fn sort(keys: &mut [Key], order: &Order) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    keys.sort_by(|a, b| {
        let value = match (&a.value, &b.value) {
            (Cell::Null, Cell::Null) => Equal,
            // Rows without a value come last in either order.
            (Cell::Null, _) => return Greater,
            (_, Cell::Null) => return Less,
            (Cell::Integer(a), Cell::Integer(b)) => a.cmp(b),
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            _ => Equal,
        };
        let both = value.then(a.id.cmp(&b.id));
        if order.descending { both.reverse() } else { both }
    });
}

/// The order asked for by name; newest first without one.
pub(super) fn order(table: &Table, asked: Option<&str>) -> Result<Order, Refusal> {
    let newest = Order {
        column: None,
        descending: true,
    };
    let Some(asked) = asked.filter(|a| !a.is_empty() && *a != "newest") else {
        return Ok(newest);
    };
    let (name, flipped) = match asked.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (asked, false),
    };
    if name == "oldest" || name == "code" {
        return Ok(Order {
            column: None,
            descending: flipped,
        });
    }
    let offered = table.sheet.orders.iter().find(|o| o.id == name || o.label == name);
    let column = offered.map_or(name, |o| o.column.as_str());
    let descending = offered.is_some_and(|o| o.descending) != flipped;
    match table.sheet.field(column).filter(|f| f.column) {
        Some(field) if table.orders().iter().any(|c| c == column) || field.filter => Ok(Order {
            column: Some(column_name(field)),
            descending,
        }),
        _ => {
            let mut all = vec!["newest 最新在前".to_owned(), "oldest 最早在前".to_owned()];
            all.extend(table.orders().iter().map(|c| {
                let label = table.sheet.field(c).map_or("", |f| f.label.as_str());
                format!("{c} 按{label}")
            }));
            Err(
                Refusal::new("unknown_order", format!("{}不能按“{name}”排序", table.sheet.label))
                    .hint(format!("可用：{}", all.join("、"))),
            )
        }
    }
}
