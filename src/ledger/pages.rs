//! Pages of lists for the console: which streams come next, by key, never by counting past rows.
//!
//! What a row shows is read from the stream's state, so a page costs its own rows and nothing else.

use rusqlite::{OptionalExtension, ToSql};

use super::office::Office;
use super::project::apply::stream_row;
use super::project::{body_key, counter, gram, rows};
use crate::domain::fault::Fault;
use crate::domain::{BodyRef, State, StreamId};

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// Live matters of a kind in a body's queue (`None` = all bodies), worst and most urgent first.
    Queue(&'static str, Option<BodyRef>),
    /// A register's records, newest first; narrowed to one value of one of its filter fields.
    Register(&'static str, Option<(String, Narrow)>),
}

/// The value a register is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Narrow {
    /// A choice's id.
    Choice(String),
    /// A stream it points at.
    Stream(StreamId),
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// After this key.
    After(String),
    /// Before this key, nearest last.
    Before(String),
}

/// The streams of one page, each with its key, in the list's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Stream and key.
    pub rows: Vec<(StreamId, String)>,
    /// Rows come before the first one.
    pub before: bool,
    /// Rows come after the last one.
    pub after: bool,
}

impl Office {
    /// One page.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn keys(&self, listed: &Listed, begin: &Begin, limit: usize) -> Result<Keys, Fault> {
        let backward = matches!(begin, Begin::End | Begin::Before(_));
        let from = match begin {
            Begin::Start | Begin::End => None,
            Begin::After(key) | Begin::Before(key) => Some(key.as_str()),
        };
        // one more than asked tells whether the list goes on
        let mut rows = match listed {
            Listed::Queue(kind, body) => self.queue_keys(kind, *body, from, backward, limit + 1)?,
            Listed::Register(register, narrow) => {
                self.register_keys(register, narrow.as_ref(), from, backward, limit + 1)?
            }
        };
        let more = rows.len() > limit;
        rows.truncate(limit);
        let mut keys = Keys {
            rows,
            before: !matches!(begin, Begin::Start),
            after: !matches!(begin, Begin::End),
        };
        if backward {
            keys.rows.reverse();
            keys.before = more;
        } else {
            keys.after = more;
        }
        Ok(keys)
    }

    /// The key a stream has in a list, whether it stands there or not; `None` when it is unknown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn key_of(&self, listed: &Listed, stream: StreamId, state: &State) -> Result<Option<String>, Fault> {
        let Some(row) = stream_row(&self.file().conn, stream)? else {
            return Ok(None);
        };
        Ok(Some(match listed {
            Listed::Queue(..) => {
                let due = state
                    .due()
                    .map_or_else(|| rows::NO_DUE.to_owned(), |due| due.day.to_string());
                queue_key(rows::rank(state.grade()), &due, row.id)
            }
            Listed::Register(..) => register_key(row.id),
        }))
    }

    fn queue_keys(
        &self,
        kind: &str,
        body: Option<BodyRef>,
        from: Option<&str>,
        backward: bool,
        limit: usize,
    ) -> Result<Vec<(StreamId, String)>, Fault> {
        let Some(body) = self.body_number(body)? else {
            return Ok(Vec::new());
        };
        let (rank, due, id) = from.and_then(split_queue_key).unwrap_or(if backward {
            (i64::MAX, "~".to_owned(), i64::MAX)
        } else {
            (-1, String::new(), 0)
        });
        let (sign, order) = if backward { ("<", "DESC") } else { (">", "ASC") };
        let sql = format!(
            "SELECT s.stream, q.rank, q.due, q.id FROM queue q JOIN stream s ON s.id = q.id
             WHERE q.body = ?1 AND q.kind = ?2 AND (q.rank, q.due, q.id) {sign} (?3, ?4, ?5)
             ORDER BY q.rank {order}, q.due {order}, q.id {order} LIMIT ?6"
        );
        let mut statement = self.file().conn.prepare_cached(&sql)?;
        let rows = statement.query_map((body, kind, rank, due, id, as_limit(limit)), |row| {
            let due: String = row.get(2)?;
            Ok((StreamId(row.get(0)?), queue_key(row.get(1)?, &due, row.get(3)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn register_keys(
        &self,
        register: &str,
        narrow: Option<&(String, Narrow)>,
        from: Option<&str>,
        backward: bool,
        limit: usize,
    ) -> Result<Vec<(StreamId, String)>, Fault> {
        let Some(table) = self.texts().layout.table(register) else {
            return Ok(Vec::new());
        };
        let id = from
            .and_then(split_register_key)
            .unwrap_or(if backward { 0 } else { i64::MAX });
        // newest first: forward is downward
        let (sign, order) = if backward { (">", "ASC") } else { ("<", "DESC") };
        let limit = as_limit(limit);
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(id), Box::new(limit)];
        let clause = match narrow.filter(|(field, _)| table.filters_by(field)) {
            None => String::new(),
            Some((field, value)) => {
                match value {
                    Narrow::Choice(choice) => values.push(Box::new(choice.clone())),
                    Narrow::Stream(stream) => {
                        let row = stream_row(&self.file().conn, *stream)?;
                        values.push(Box::new(row.map_or(0, |row| row.id)));
                    }
                }
                format!("l.\"{field}\" = ?3 AND ")
            }
        };
        let sql = format!(
            "SELECT s.stream, l.id FROM \"{}\" l JOIN stream s ON s.id = l.id
             WHERE {clause}l.id {sign} ?1 ORDER BY l.id {order} LIMIT ?2",
            table.name
        );
        let mut statement = self.file().conn.prepare_cached(&sql)?;
        let parameters: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
        let rows = statement.query_map(parameters.as_slice(), |row| {
            Ok((StreamId(row.get(0)?), register_key(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many live matters of a kind stand in a body's queue: red, orange, yellow, not yet graded, and late ones.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn queue_counts(&self, kind: &str, body: Option<BodyRef>) -> Result<([i64; 4], i64), Fault> {
        let Some(body) = self.body_number(body)? else {
            return Ok(([0; 4], 0));
        };
        let conn = &self.file().conn;
        let mut counts = [0; 4];
        for (rank, count) in counts.iter_mut().enumerate() {
            *count = counter::get(conn, kind, "queue", &format!("{body}:{rank}"))?;
        }
        // the late ones of each grade lie together at its beginning
        let late = conn
            .prepare_cached(
                "SELECT sum(n) FROM (SELECT count(*) AS n FROM queue
                   WHERE body = ?1 AND kind = ?2 AND rank IN (0, 1, 2, 3) AND due < ?3)",
            )?
            .query_row((body, kind, self.today().to_string()), |row| row.get(0))?;
        Ok((counts, late))
    }

    /// How many records a register has, or has with one value of a filter field.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(&self, register: &str, narrow: Option<&(String, Narrow)>) -> Result<i64, Fault> {
        let conn = &self.file().conn;
        match narrow {
            None => counter::get(conn, register, "all", ""),
            Some((field, Narrow::Choice(choice))) => counter::get(conn, register, field, choice),
            Some((field, Narrow::Stream(stream))) => match stream_row(conn, *stream)? {
                Some(row) => counter::get(conn, register, field, &row.id.to_string()),
                None => Ok(0),
            },
        }
    }

    /// Matters whose next step is the office's own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ours(&self) -> Result<i64, Fault> {
        let conn = &self.file().conn;
        Ok(conn
            .prepare_cached("SELECT count(*) FROM due WHERE owner = 'office'")?
            .query_row([], |row| row.get(0))?)
    }

    /// Deadlines that have passed, of all kinds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn late(&self) -> Result<i64, Fault> {
        let conn = &self.file().conn;
        let today = self.today().to_string();
        Ok(conn
            .prepare_cached("SELECT count(*) FROM due WHERE day < ?1")?
            .query_row([today], |row| row.get(0))?)
    }

    /// Units whose 推委会 has live matters of a kind, by the order of their names.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bodies_with(&self, kind: &str) -> Result<Vec<BodyRef>, Fault> {
        let conn = &self.file().conn;
        let mut statement =
            conn.prepare_cached("SELECT DISTINCT value FROM counter WHERE kind = ?1 AND dimension = 'queue'")?;
        let values: Vec<String> = statement
            .query_map([kind], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut bodies: Vec<(String, BodyRef)> = Vec::new();
        for key in values
            .iter()
            .filter_map(|value| value.split_once(':')?.0.parse::<i64>().ok())
        {
            let (row, social) = match body_key::split(key) {
                Some(body_key::Keyed::Implementation(row)) => (row, false),
                Some(body_key::Keyed::Social(row)) => (row, true),
                _ => continue,
            };
            let found: Option<(StreamId, String)> = conn
                .prepare_cached("SELECT stream, title FROM stream WHERE id = ?1")?
                .query_row([row], |row| Ok((StreamId(row.get(0)?), row.get(1)?)))
                .optional()?;
            if let Some((unit, title)) = found {
                let body = if social {
                    BodyRef::Social(unit)
                } else {
                    BodyRef::Implementation(unit)
                };
                if !bodies.iter().any(|(_, known)| *known == body) {
                    bodies.push((title, body));
                }
            }
        }
        bodies.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(bodies.into_iter().map(|(_, body)| body).collect())
    }

    /// Persons under a restriction in force today, with the matter it comes from, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn restricted(&self) -> Result<Vec<(StreamId, StreamId)>, Fault> {
        let mut statement = self.file().conn.prepare_cached(
            "SELECT DISTINCT p.stream, m.stream FROM restriction_span r
             JOIN stream p ON p.id = r.person JOIN stream m ON m.id = r.source
             WHERE r.from_day <= ?1 AND (r.to_day IS NULL OR r.to_day > ?1) ORDER BY r.from_day DESC, r.source DESC",
        )?;
        let rows = statement.query_map([self.today().to_string()], |row| {
            Ok((StreamId(row.get(0)?), StreamId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Streams of a register that match what was typed, newest first. Three characters and more are looked up by
    /// their pairs, so what is found has to be compared with the text itself.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn matching(&self, register: &str, typed: &str, most: usize) -> Result<Vec<StreamId>, Fault> {
        let Some(table) = self.texts().layout.table(register) else {
            return Ok(Vec::new());
        };
        let Some(query) = gram::query(&table.sheet.prefix, typed) else {
            return Ok(Vec::new());
        };
        let mut statement = self.file().conn.prepare_cached(
            "SELECT s.stream FROM find f JOIN stream s ON s.id = f.rowid
             WHERE find MATCH ?1 ORDER BY f.rowid DESC LIMIT ?2",
        )?;
        let rows = statement.query_map((query, as_limit(most)), |row| row.get(0).map(StreamId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A number that changes when another connection changes the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<u64, Fault> {
        let version: i64 = self
            .file()
            .conn
            .query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version.unsigned_abs())
    }

    fn body_number(&self, body: Option<BodyRef>) -> Result<Option<i64>, Fault> {
        match body {
            None => Ok(Some(body_key::ALL)),
            Some(body) => body_key::key(body, |unit| Ok(stream_row(&self.file().conn, unit)?.map(|row| row.id))),
        }
    }
}

fn as_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn queue_key(rank: i64, due: &str, id: i64) -> String {
    format!("{rank}|{due}|{id:020}")
}

fn split_queue_key(key: &str) -> Option<(i64, String, i64)> {
    let mut parts = key.split('|');
    Some((
        parts.next()?.parse().ok()?,
        parts.next()?.to_owned(),
        parts.next()?.parse().ok()?,
    ))
}

/// Counts down, so that keys stand in the order of the list.
fn register_key(id: i64) -> String {
    format!("{:020}", i64::MAX - id)
}

fn split_register_key(key: &str) -> Option<i64> {
    Some(i64::MAX - key.parse::<i64>().ok()?)
}
