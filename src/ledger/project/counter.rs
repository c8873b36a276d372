//! Counters gathered in memory while an act is projected and written once.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::domain::fault::Fault;

/// Changes of counters: kind, dimension, value.
#[derive(Debug, Default)]
pub struct Counters {
    changes: BTreeMap<(String, String, String), i64>,
}

impl Counters {
    /// Adds what a stream counts for now and takes away what it counted for.
    pub fn difference(&mut self, kind: &str, old: &[(String, String, i64)], new: &[(String, String, i64)]) {
        if old == new {
            return;
        }
        let signed = old.iter().map(|c| (c, -1)).chain(new.iter().map(|c| (c, 1)));
        for ((dimension, value, amount), sign) in signed {
            let key = (kind.to_owned(), dimension.clone(), value.clone());
            *self.changes.entry(key).or_default() += sign * amount;
        }
    }

    /// Writes the changes; a counter that comes to nothing has no row, as after a rebuild.
    pub fn flush(&mut self, conn: &Connection) -> Result<(), Fault> {
        let mut add = conn.prepare_cached(
            "INSERT INTO counter (kind, dimension, value, n) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, dimension, value) DO UPDATE SET n = n + excluded.n",
        )?;
        let mut clear =
            conn.prepare_cached("DELETE FROM counter WHERE kind = ?1 AND dimension = ?2 AND value = ?3 AND n = 0")?;
        for ((kind, dimension, value), change) in std::mem::take(&mut self.changes) {
            if change != 0 {
                add.execute((&kind, &dimension, &value, change))?;
            }
            if change < 0 {
                clear.execute((&kind, &dimension, &value))?;
            }
        }
        Ok(())
    }
}

/// Value of one counter.
pub fn get(conn: &Connection, kind: &str, dimension: &str, value: &str) -> Result<i64, Fault> {
    use rusqlite::OptionalExtension;
    let found = conn
        .prepare_cached("SELECT n FROM counter WHERE kind = ?1 AND dimension = ?2 AND value = ?3")?
        .query_row((kind, dimension, value), |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Sum of the counters `prefix:day` whose day is before `today`.
pub fn before(conn: &Connection, kind: &str, dimension: &str, prefix: &str, today: &str) -> Result<i64, Fault> {
    let found = conn
        .prepare_cached(
            "SELECT coalesce(sum(n), 0) FROM counter
             WHERE kind = ?1 AND dimension = ?2 AND value > ?3 || ':' AND value < ?3 || ':' || ?4",
        )?
        .query_row((kind, dimension, prefix, today), |row| row.get(0))?;
    Ok(found)
}
